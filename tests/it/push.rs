//! `push`: files to a running gateway, over networks that fail, and again after what sent them was killed.

use crate::common::proxy::{Fate, Proxy};
use crate::common::records::{SCHOOL, counts, example, lines, pupils, small_school, upsert, with};
use crate::common::vietnamese::foreign;
use crate::common::{Client, Folder, Gateway, TestDatabase, program};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// Pupils of a large file, each with three records.
const PUPILS: usize = 2_000;

fn push(url: &str, client: &Client, arguments: &[&str], files: &[&Path]) -> Command {
    let mut command = program();
    command.arg("push").args(files).args(["--url", url]).args(arguments);
    command.env("REPORT_LANGUAGE", "en");
    command.env("CLIENT_ID", &client.client_id).env("CLIENT_SECRET", &client.client_secret);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Tells in Vietnamese alone what stands in the way.
fn assert_vietnamese(output: &Output, status: i32) {
    let said = text(&output.stderr);
    let strange =
        foreign(&said, &["SCHOOL", "GATEWAY", "CLIENT", "ID", "SECRET", "FILE", "CSV", "JSON", "commit", "validate"]);
    assert!(said.contains("lỗi: ") && strange.is_empty(), "{strange:?}: {said}");
    assert_eq!(output.status.code(), Some(status), "{said}");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The report of a push that ended as expected.
fn report(output: &Output, status: i32) -> Value {
    assert_eq!(output.status.code(), Some(status), "{}{}", text(&output.stdout), text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stdout)))
}

fn large() -> Vec<Value> {
    [small_school(), pupils(PUPILS)].concat()
}

/// Every record once: first versions only, and nothing left over.
fn assert_once(database: &TestDatabase) {
    for table in ["students", "enrollments", "subject_results"] {
        let rows =
            database.value(&format!("SELECT count(*) || ' ' || min(version) || ' ' || max(version) FROM {table}"));
        assert_eq!(rows, format!("{} 1 1", PUPILS + 1), "{table}");
    }
    assert_eq!(database.value("SELECT count(*) FROM history"), "0");
    assert_eq!(database.value("SELECT count(*) FROM submissions WHERE completed_at IS NULL"), "0");
}

#[test]
fn a_file_is_sent_once_however_often_it_is_pushed() {
    let (gateway, folder) = (Gateway::start(), Folder::new());
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let path = folder.file("a.ndjson", lines(&small_school()));
    let first = report(&push(&gateway.url, &client, &["--format", "json"], &[&path]).output().unwrap(), 0);
    assert_eq!(counts(&first), format!("created {}", small_school().len()));
    let again = push(&gateway.url, &client, &["--format", "json"], &[&path]).output().unwrap();
    assert_eq!(report(&again, 0)["id"], first["id"]);
    assert!(text(&again.stderr).contains("sent before"), "{}", text(&again.stderr));
    let anew = report(&push(&gateway.url, &client, &["--format", "json", "--again"], &[&path]).output().unwrap(), 0);
    assert_eq!(counts(&anew), format!("unchanged {}", small_school().len()));
    let dry = report(
        &push(&gateway.url, &client, &["--format", "json", "--mode", "validate", "--no-compress"], &[&path])
            .output()
            .unwrap(),
        0,
    );
    assert_eq!((&dry["mode"], &dry["bytes"]), (&json!("validate"), &json!(lines(&small_school()).len())));
    assert!(first["bytes"].as_u64() < dry["bytes"].as_u64(), "it is compressed unless told otherwise");
    assert_eq!(gateway.database().value("SELECT count(*) FROM submissions"), "3");
    let stored = push(&gateway.url, &client, &["--async", "--again"], &[&path]).output().unwrap();
    assert!(stored.status.success() && text(&stored.stdout).contains("stored as"), "{}", text(&stored.stdout));
}

#[test]
fn rejected_records_are_told_by_line_and_saved_to_be_mended() {
    let (gateway, folder) = (Gateway::start(), Folder::new());
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let pupil = with(
        &example("students"),
        json!({ "studentCode": "3100000009", "citizenId": null, "birthDate": "2014-02-30" }),
    );
    let wrong = upsert("students", &pupil).to_string();
    let clean = folder.file("clean.json", json!(small_school()).to_string());
    let mixed = folder.file("mixed.ndjson", format!("\n{}\n{wrong}\n", upsert("schools", &example("schools"))));
    let saved = folder.folder().join("rejected.ndjson");
    let options = ["--rejected", saved.to_str().unwrap(), "--format"];
    let output = push(&gateway.url, &client, &[&options[..], &["csv"]].concat(), &[&clean, &mixed]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(std::fs::read_to_string(&saved).unwrap(), format!("{wrong}\n"));
    let csv = text(&output.stdout);
    assert!(csv.lines().any(|line| line.contains("mixed.ndjson,3,1,students,") && line.contains("DT-001")), "{csv}");
    let table = text(&push(&gateway.url, &client, &[], &[&mixed]).output().unwrap().stdout);
    assert!(table.contains("DT-001") && table.contains("line 3") && table.contains("rejected"), "{table}");
    let reports = push(&gateway.url, &client, &["--format", "json"], &[&clean, &mixed]).output().unwrap();
    let reports: Vec<Value> = text(&reports.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (reports.len(), &reports[1]["result"], &reports[1]["issues"][0]["line"]),
        (2, &json!("partial"), &json!(3))
    );
}

#[test]
fn a_sheet_comes_back_with_what_is_to_be_mended() {
    let (gateway, folder) = (Gateway::start(), Folder::new());
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let class = format!("Mã trường;Năm học;Mã lớp;Tên lớp;Khối\n{SCHOOL};2025-2026;6A8;6A8;bảy\n");
    let (table, records) = (folder.file("classes.csv", class), folder.file("a.ndjson", lines(&small_school())));
    let saved = folder.folder().join("mend.xlsx");
    let options = ["--resource", "classes", "--annotated", saved.to_str().unwrap(), "--format", "json"];
    let output = push(&gateway.url, &client, &options, &[&table]).output().unwrap();
    assert_eq!(report(&output, 1)["counts"]["rejected"], 1);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&saved).unwrap();
    assert_eq!(calamine::Reader::sheet_names(&book), ["To mend", "Classes"]);
    let list = calamine::Reader::worksheet_range(&mut book, "To mend").unwrap();
    assert_eq!(list.get_value((5, 0)).unwrap().to_string(), "E2");
    for files in [&[&*table, &*table][..], &[&*records]] {
        let output = push(&gateway.url, &client, &options, files).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("--annotated gives one workbook"), "{}", text(&output.stderr));
    }
}

#[test]
fn what_stands_in_the_way_is_one_clear_sentence() {
    let (gateway, folder) = (Gateway::start(), Folder::new());
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let staff = gateway.client("sector-staff", &["--all-schools"]);
    let stranger = Client { client_secret: "not-the-secret".into(), ..client.clone() };
    let path = folder.file("a.ndjson", lines(&small_school()));
    let table = folder.file("marks.csv", "studentCode,average\n1,2\n");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = format!("http://{closed}");
    let elsewhere =
        Proxy::to(&gateway.url, Duration::ZERO, &[Fate::Answer("404 Not Found"), Fate::Answer("404 Not Found")]);
    let missing = Path::new("/nonexistent/a.ndjson");
    let cases: [(&str, &Client, &Path, i32, &str); 7] = [
        (&gateway.url, &stranger, &path, 3, "does not know this client id and secret"),
        (&gateway.url, &staff, &path, 3, "may not do that"),
        (&nowhere, &client, &path, 3, "cannot be reached"),
        (&elsewhere.url, &client, &path, 3, "Is that the gateway's address?"),
        ("gateway.example", &client, &path, 2, "no address of a gateway"),
        (&gateway.url, &client, missing, 2, "/nonexistent/a.ndjson"),
        (&gateway.url, &client, &table, 2, "--resource"),
    ];
    for (url, client, path, status, words) in cases {
        let output = push(url, client, &["--retries", "1", "--language", "vi"], &[path]).output().unwrap();
        assert_vietnamese(&output, status);
        let output = push(url, client, &["--retries", "1"], &[path]).output().unwrap();
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(status) && said.contains(words), "{words}: {:?} {said}", output.status);
        assert!(
            !said.contains(&client.client_secret) && said.lines().count() <= 2 && output.stdout.is_empty(),
            "{said}"
        );
    }
    let output = push(&gateway.url, &client, &[], &[&path]).env_remove("CLIENT_SECRET").output().unwrap();
    assert!(
        output.status.code() == Some(2) && text(&output.stderr).contains("CLIENT_SECRET"),
        "{}",
        text(&output.stderr)
    );
    let secret = folder.file("secret", format!("{}\n", client.client_secret));
    let options = ["--client-secret-file", secret.to_str().unwrap()];
    let output = push(&gateway.url, &client, &options, &[&path]).env_remove("CLIENT_SECRET").output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_command_line_that_makes_no_sense_is_told_in_the_reader_s_language() {
    let cases: [(&str, &[&str]); 7] = [
        ("push", &[]),
        ("push", &["a.xlsx", "--bogus"]),
        ("push", &["a.xlsx", "--mode", "maybe"]),
        ("push", &["a.xlsx", "--retries", "many"]),
        ("push", &["a.xlsx", "--url"]),
        ("push", &["a.xlsx", "--async", "--wait"]),
        ("validate", &["a.csv", "--resource", "pupils"]),
    ];
    for (command, arguments) in cases {
        let run = |language: &[&str]| program().arg(command).args(arguments).args(language).output().unwrap();
        assert_vietnamese(&run(&[]), 2);
        let english = text(&run(&["--language=en"]).stderr);
        assert!(english.starts_with("error: ") && !english.contains("lỗi"), "{english}");
    }
    let help = program().args(["push", "--help"]).output().unwrap();
    assert!(help.status.success() && text(&help.stdout).contains("Exit status: 0"));
}

#[test]
fn a_network_that_fails_again_and_again_does_not_keep_a_file_from_arriving_once() {
    let (gateway, folder) = (Gateway::start(), Folder::new());
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let path = folder.file("a.ndjson", lines(&large()));
    let fates = [
        Fate::Answer("503 Service Unavailable\r\nRetry-After: 1"),
        Fate::Cut(300_000),
        Fate::Answer("429 Too Many Requests\r\nRetry-After: 1"),
        Fate::Cut(900_000),
        // The token's time has come.
        Fate::Answer("401 Unauthorized"),
        // It arrives whole, but the answer does not.
        Fate::Deaf(1_500),
        Fate::Cut(1),
    ];
    let proxy = Proxy::to(&gateway.url, Duration::ZERO, &fates);
    let output = push(&proxy.url, &client, &["--format", "json", "--no-compress"], &[&path]).output().unwrap();
    let report = report(&output, 0);
    let kept: i64 = ["created", "unchanged"].iter().map(|name| report["counts"][*name].as_i64().unwrap()).sum();
    assert_eq!(
        (kept, report["status"].as_str().unwrap(), proxy.left()),
        (large().len() as i64, "completed", 0),
        "{}",
        text(&output.stderr)
    );
    assert_once(gateway.database());
    assert!(text(&output.stderr).contains("trying again"), "{}", text(&output.stderr));
}

#[tokio::test]
async fn the_same_command_goes_on_after_both_sides_were_killed() {
    for (moment, pause) in [("receiving", 30), ("processing", 0)] {
        let (database, folder) = (Arc::new(TestDatabase::new()), Folder::new());
        let mut gateway = Gateway::on(database.clone(), &[]);
        let client = gateway.client("school-software", &["--school", SCHOOL]);
        let path = folder.file("a.ndjson", lines(&large()));
        let proxy = Proxy::to(&gateway.url, Duration::from_millis(pause), &[]);
        let options = ["--format", "json", "--no-compress"];
        let mut sender = push(&proxy.url, &client, &options, &[&path]).spawn().unwrap();
        database.becomes("SELECT status FROM submissions", moment).await;
        sender.kill().unwrap();
        sender.wait().unwrap();
        gateway.kill();
        gateway = Gateway::on(database.clone(), &[]);
        proxy.moved(&gateway.url);
        let output = push(&proxy.url, &client, &options, &[&path]).output().unwrap();
        let first = report(&output, 0);
        let kept: i64 = ["created", "unchanged"].iter().map(|name| first["counts"][*name].as_i64().unwrap()).sum();
        assert_eq!(kept, large().len() as i64, "{moment}: {first}");
        assert_once(&database);
        let submissions = database.value("SELECT count(*) FROM submissions");
        let again = report(&push(&proxy.url, &client, &options, &[&path]).output().unwrap(), 0);
        assert_eq!(
            (&again["id"], database.value("SELECT count(*) FROM submissions")),
            (&first["id"], submissions),
            "{moment}"
        );
    }
}

#[tokio::test]
async fn a_gateway_that_restarts_in_the_midst_is_waited_for() {
    let (database, folder) = (Arc::new(TestDatabase::new()), Folder::new());
    let mut gateway = Gateway::on(database.clone(), &["--token-lifetime-seconds", "2"]);
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let path = folder.file("a.ndjson", lines(&large()));
    let proxy = Proxy::to(&gateway.url, Duration::from_millis(10), &[]);
    let sender = push(&proxy.url, &client, &["--format", "json", "--no-compress"], &[&path]).spawn().unwrap();
    database.becomes("SELECT status FROM submissions", "processing").await;
    gateway.kill();
    std::thread::sleep(Duration::from_secs(2));
    gateway = Gateway::on(database.clone(), &["--token-lifetime-seconds", "2"]);
    proxy.moved(&gateway.url);
    let output = sender.wait_with_output().unwrap();
    assert_eq!(report(&output, 0)["counts"]["created"], large().len());
    assert_once(&database);
}

#[tokio::test]
async fn ctrl_c_says_how_to_go_on() {
    let (gateway, folder) = (Gateway::start(), Folder::new());
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let path = folder.file("a.ndjson", lines(&large()));
    let proxy = Proxy::to(&gateway.url, Duration::from_millis(100), &[]);
    let sender = push(&proxy.url, &client, &["--no-compress"], &[&path]).spawn().unwrap();
    gateway.database().becomes("SELECT status FROM submissions", "receiving").await;
    crate::common::signal("INT", sender.id());
    let output = sender.wait_with_output().unwrap();
    assert!(
        output.status.code() == Some(130) && text(&output.stderr).contains("the same command again"),
        "{}",
        text(&output.stderr)
    );
}
