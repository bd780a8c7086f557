//! Progress as Server-Sent Events: many watchers cost one look, a watcher is never left without a sign of life, and what is over ends.

use crate::common::records::{SCHOOL, small_school};
use crate::common::{Gateway, SERVED, eventually, so};
use futures_util::future::join_all;
use std::time::Duration;
use tokio::time::timeout;

/// Longer than between two signs of life.
const PATIENCE: Duration = Duration::from_secs(30);

/// A submission that is never done, of this client.
fn endless(gateway: &Gateway, client: &str) -> String {
    let id = gateway.database().value("SELECT gen_random_uuid()");
    gateway.database().execute(&format!(
        "INSERT INTO submissions (id, client_id, status, mode, atomicity, on_missing, respond_async, fingerprint, received_at, leased_until) \
         VALUES ('{id}', '{client}', 'receiving', 'commit', 'record', 'park', false, '', now(), now() + interval '1 hour')"
    ));
    id
}

/// What comes until the stream says so, or ends.
async fn heard(response: &mut reqwest::Response, until: impl Fn(&str) -> bool) -> (String, bool) {
    let mut text = String::new();
    while !until(&text) {
        match timeout(PATIENCE, response.chunk()).await {
            Ok(Ok(Some(part))) => text.push_str(&String::from_utf8_lossy(&part)),
            Ok(Ok(None) | Err(_)) => return (text, true),
            Err(_) => panic!("nothing more comes after {text:?}"),
        }
    }
    (text, false)
}

#[tokio::test]
async fn watchers_hear_progress_then_signs_of_life_and_end_with_their_client() {
    let gateway = Gateway::start();
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let token = gateway.token(&client).await;
    let path = format!("/v1/submissions/{}/events", endless(&gateway, &client.client_id));
    let mut watched = gateway.request("GET", &path, &token).send().await.unwrap();
    assert_eq!(watched.headers()["content-type"], "text/event-stream");
    let (told, _) = heard(&mut watched, |text| text.contains("event: progress")).await;
    assert!(told.starts_with("event: progress\ndata: {"), "{told}");
    let (life, ended) = heard(&mut watched, |text| text.contains(": keep-alive")).await;
    assert!(!ended && life.contains(": keep-alive\n\n"), "{life:?}");
    gateway.run(&["client", "revoke", &client.client_id]);
    let ended = timeout(SERVED, heard(&mut watched, |_| false)).await;
    assert!(ended.is_ok(), "a client that lost its access hears no more");
}

#[tokio::test]
async fn what_is_still_received_is_among_the_queued() {
    let gateway = Gateway::start();
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let token = gateway.token(&client).await;
    let id = endless(&gateway, &client.client_id);
    let (_, page) = gateway.get("/v1/submissions?status=queued", &token).await;
    assert_eq!((&page["items"][0]["id"], &page["items"][0]["status"]), (&id.into(), &"queued".into()), "{page}");
    assert_eq!(gateway.get("/v1/submissions?status=receiving", &token).await.0, 400);
}

#[tokio::test]
async fn many_watchers_cost_no_connections() {
    let gateway = Gateway::start_with(&["--rate-limit", "10000", "--rate-burst", "10000"]);
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let token = gateway.token(&client).await;
    let id = endless(&gateway, &client.client_id);
    let path = format!("/v1/submissions/{id}/events");
    let watch = async || {
        let mut watched = gateway.request("GET", &path, &token).send().await.unwrap();
        assert_eq!(watched.status(), 200);
        heard(&mut watched, |text| text.contains("event: progress")).await;
        watched
    };
    let mut watchers = join_all((0..60).map(|_| watch())).await;
    // One look a turn for all of them, four turns a second.
    let before: i64 = transactions(&gateway);
    tokio::time::sleep(Duration::from_secs(4)).await;
    let spent = transactions(&gateway) - before;
    assert!(spent < 60 * 4 * 2, "{spent} transactions in four seconds");
    gateway.database().execute(&format!(
        "UPDATE submissions SET status = 'completed', result = 'accepted', completed_at = now() WHERE id = '{id}'"
    ));
    for watched in &mut watchers {
        let (told, ended) = heard(watched, |_| false).await;
        assert!(ended && told.contains("event: done"), "{told}");
    }
    assert_eq!(gateway.submit("", &token, &small_school()).await.0, 200);
}

/// Transactions of the database so far.
fn transactions(gateway: &Gateway) -> i64 {
    gateway.database().execute("SELECT pg_stat_force_next_flush()");
    let counted = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()";
    gateway.database().value(counted).parse().unwrap()
}

#[tokio::test]
async fn a_client_may_watch_so_many_at_once() {
    let gateway = Gateway::start_with(&["--rate-limit", "10000", "--rate-burst", "10000", "--pool-wait-seconds", "1"]);
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let token = gateway.token(&client).await;
    let path = format!("/v1/submissions/{}/events", endless(&gateway, &client.client_id));
    let mut statuses = Vec::new();
    let mut watchers = Vec::new();
    for _ in 0..70 {
        let watched = gateway.request("GET", &path, &token).send().await.unwrap();
        statuses.push(watched.status().as_u16());
        watchers.push(watched);
        if statuses.last() == Some(&429) {
            break;
        }
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 64, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
    // Who goes away makes room.
    watchers.clear();
    eventually("room", async || {
        let status = gateway.request("GET", &path, &token).send().await.unwrap().status();
        so(status == 200, status)
    })
    .await;
}
