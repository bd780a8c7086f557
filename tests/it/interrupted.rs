//! The database goes away while a body is on its way: what came of it is ended, and its idempotency key is free again.

use crate::common::records::{SCHOOL, counts, pupils, roomy_school};
use crate::common::{Folder, Gateway, answer, signal, skipped_on_given_database, within};
use futures_util::stream;
use school_gateway::store::private::{Server, ServerSettings};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// In which the key gets through after the database's return.
const FREE_AGAIN: Duration = Duration::from_secs(60);
/// The first part of the body is stored when the second comes.
const BETWEEN: Duration = Duration::from_secs(3);

fn body() -> String {
    [roomy_school(), pupils(3_000)].concat().iter().map(|record| format!("{record}\n")).collect()
}

/// A body in two parts, `pause` apart.
fn in_two(pause: Duration) -> reqwest::Body {
    let (body, half) = (body(), body().len() / 2);
    let parts = [body[..half].to_owned(), body[half..].to_owned()];
    reqwest::Body::wrap_stream(stream::unfold(parts.into_iter().enumerate(), move |mut parts| async move {
        let (at, part) = parts.next()?;
        if at > 0 {
            tokio::time::sleep(pause).await;
        }
        Some((Ok::<_, std::io::Error>(part), parts))
    }))
}

fn push(gateway: &Gateway, token: &str, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
    let request = gateway.request("POST", "/v1/submissions", token).header("content-type", "application/x-ndjson");
    request.header("idempotency-key", "the same").body(body)
}

/// Sends the body under its key until it gets through.
async fn gets_through(gateway: &Gateway, token: &str) -> Value {
    within(FREE_AGAIN, "the key", async || match answer(push(gateway, token, body())).await {
        (200, report) => Ok(report),
        (status @ (409 | 429 | 503), problem) => Err(format!("{status} {problem}")),
        (status, problem) => panic!("{status} {problem}"),
    })
    .await
}

/// Every process of the PostgreSQL in the folder.
fn postgres(folder: &Path) -> Vec<u32> {
    let folder = folder.canonicalize().unwrap();
    let processes = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    processes.filter(|pid| std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == folder)).collect()
}

/// A gateway on a PostgreSQL of the test's own.
struct Own {
    folder: Folder,
    server: Option<Server>,
    gateway: Gateway,
    token: String,
}

const SETTINGS: ServerSettings = ServerSettings { connections: 60, durable: false };

impl Own {
    async fn start(arguments: &[&str]) -> Self {
        let folder = Folder::new();
        let data = folder.folder().join("postgres");
        let server = Server::start(&data, &SETTINGS).unwrap();
        let url = server.address().gateway().reveal().to_owned();
        let gateway = Gateway::at(&url, folder.folder(), arguments);
        let create = [
            "client",
            "create",
            "--name",
            "Test",
            "--kind",
            "school-software",
            "--school",
            SCHOOL,
            "--database-url",
            &url,
        ];
        let output = crate::common::program().args(create).output().unwrap();
        let token = gateway.token(&serde_json::from_slice(&output.stdout).unwrap()).await;
        Self { folder, server: Some(server), gateway, token }
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.folder().join("postgres")
    }
}

#[tokio::test]
async fn a_key_is_free_again_when_the_database_was_killed_in_mid_upload() {
    if skipped_on_given_database() {
        return;
    }
    let mut own = Own::start(&[]).await;
    let pushed = tokio::join!(answer(push(&own.gateway, &own.token, in_two(BETWEEN))), async {
        tokio::time::sleep(BETWEEN / 2).await;
        postgres(&own.data()).into_iter().for_each(|pid| signal("KILL", pid));
    });
    assert_eq!(pushed.0.0, 503, "{:?}", pushed.0.1);
    drop(own.server.take());
    own.server = Some(Server::start(&own.data(), &SETTINGS).unwrap());
    let report = gets_through(&own.gateway, &own.token).await;
    let kept = ["created", "unchanged"].map(|outcome| report["counts"][outcome].as_i64().unwrap());
    assert_eq!(kept.iter().sum::<i64>(), report["counts"]["received"].as_i64().unwrap(), "{}", counts(&report));
}

#[tokio::test]
async fn a_key_is_free_again_when_the_database_was_frozen_in_mid_upload() {
    if skipped_on_given_database() {
        return;
    }
    let own = Own::start(&["--statement-timeout-seconds", "10"]).await;
    let data = own.data();
    let pushed = tokio::join!(answer(push(&own.gateway, &own.token, in_two(BETWEEN))), async {
        tokio::time::sleep(BETWEEN / 2).await;
        let frozen = postgres(&data);
        frozen.iter().for_each(|pid| signal("STOP", *pid));
        tokio::time::sleep(Duration::from_secs(20)).await;
        frozen.iter().for_each(|pid| signal("CONT", *pid));
    });
    assert!(matches!(pushed.0.0, 200 | 503), "{:?}", pushed.0);
    let report = gets_through(&own.gateway, &own.token).await;
    let kept = ["created", "unchanged"].map(|outcome| report["counts"][outcome].as_i64().unwrap());
    assert_eq!(kept.iter().sum::<i64>(), report["counts"]["received"].as_i64().unwrap(), "{}", counts(&report));
}

#[tokio::test]
async fn a_body_whose_upload_died_is_ended_by_whoever_comes_next() {
    if skipped_on_given_database() {
        return;
    }
    let gateway = Gateway::start();
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let token = gateway.token(&client).await;
    // As a gateway leaves it that lost its database in the middle, and lives on.
    gateway.database().execute(&format!(
        "INSERT INTO submissions (id, client_id, status, mode, atomicity, on_missing, respond_async, idempotency_key, fingerprint, received_at, leased_until) \
         VALUES (gen_random_uuid(), '{}', 'receiving', 'commit', 'record', 'park', false, 'the same', '', now() - interval '1 minute', now() - interval '1 second')",
        client.client_id
    ));
    let report = gets_through(&gateway, &token).await;
    assert_eq!(report["status"], "completed", "{report}");
}
