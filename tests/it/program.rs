//! The program from outside: how it starts, says what is wrong, and ends.

use std::{fs, sync::Arc};

use crate::common::{Folder, Gateway, TestDatabase, program};

#[actix_web::test]
async fn it_starts_answers_and_ends_in_good_order() {
    let mut gateway = Gateway::start();
    assert_eq!(gateway.request("GET", "/health/live", "").send().await.unwrap().status(), 200);
    assert_eq!(gateway.request("GET", "/health/ready", "").send().await.unwrap().status(), 200);
    assert_eq!(gateway.terminate().code(), Some(0), "{}", gateway.log());
}

#[actix_web::test]
async fn a_client_made_on_the_command_line_gets_a_token() {
    let gateway = Gateway::start();
    let client = gateway.client("admin", &[]);
    let token = gateway.token(&client).await;
    assert_eq!(gateway.get("/v1/clients", &token).await.0, 200);
    assert_eq!(gateway.get("/v1/clients", "").await.0, 401);
    assert!(
        !gateway.log().contains(&client.client_secret) && !gateway.log().contains(&token),
        "a secret is in the log"
    );
}

#[test]
fn gateways_that_start_at_once_share_a_new_database() {
    let database = Arc::new(TestDatabase::empty());
    let mut gateways = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| Gateway::on(database.clone(), &[]))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(gateways.iter_mut().all(|gateway| gateway.terminate().success()));
}

#[test]
fn the_database_url_may_come_from_a_file() {
    let (folder, database) = (Folder::new(), TestDatabase::empty());
    let secret = folder.folder().join("database_url");
    fs::write(&secret, format!("{}\n", database.url)).unwrap();
    let output = program().arg("migrate").env("DATABASE_URL_FILE", &secret).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(database.value("SELECT count(*) FROM history"), "0");
}

#[test]
fn a_database_out_of_reach_is_one_sentence_without_its_password() {
    for url in [
        "postgresql://gateway:hidden-word@127.0.0.1:1/gateway",
        "gateway:hidden-word@db/gateway",
        "postgresql://a:hidden-word%ZZ@b/c",
    ] {
        let output = program().args(["migrate", "--database-url", url]).output().unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(words.contains("database cannot be reached") && !words.contains("hidden-word"), "{words}");
        assert_eq!(words.trim().lines().count(), 1, "{words}");
    }
}

#[test]
fn a_port_in_use_is_said_before_anything_is_started() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let data_dir = folder.folder().join("data");
    let address = taken.local_addr().unwrap().to_string();
    let output = program().args(["serve", "--listen", &address, "--data-dir"]).arg(&data_dir).output().unwrap();
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("--listen"));
    assert!(!data_dir.exists());
}

#[test]
fn help_names_every_setting_with_its_variable() {
    let output = program().args(["serve", "--help"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for variable in ["LISTEN", "DATABASE_URL", "DATA_DIR", "MAX_BODY_BYTES", "RETENTION_DAYS"] {
        assert!(text.contains(&format!("[env: SCHOOL_GATEWAY_{variable}")), "{variable} is not in:\n{text}");
    }
}

#[test]
fn variables_have_a_prefix_and_their_old_names_are_still_read() {
    let refused = |old: &str, new: &str| {
        let mut command = program();
        command.arg("migrate").env("DATABASE_URL", old);
        if !new.is_empty() {
            command.env("SCHOOL_GATEWAY_DATABASE_URL", new);
        }
        !command.output().unwrap().status.success()
    };
    let (database, nowhere) = (TestDatabase::empty(), "postgresql://gateway@127.0.0.1:1/gateway");
    assert!(!refused(&database.url, "") && refused(nowhere, ""), "the old name alone");
    assert!(!refused(nowhere, &database.url), "the new name goes before");
}
