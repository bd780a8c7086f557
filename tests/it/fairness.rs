//! What one client does takes little from another: clients come in turns, what is held holds up nobody else, and refusals cost next to nothing.

use crate::common::records::{SCHOOL, example, path, pupils, small_school, with};
use crate::common::{Client, Gateway, SERVED, answer};
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::time::timeout;

const OTHER: &str = "31000502";
const FORM: &str = "application/x-www-form-urlencoded";

/// Another school with a campus.
fn other_school() -> Vec<Value> {
    let school = with(
        &example("schools"),
        json!({ "schoolCode": OTHER, "name": "Trường THCS Phượng Vĩ", "email": null, "website": null }),
    );
    let campus = with(&example("campuses"), json!({ "schoolCode": OTHER }));
    vec![json!({ "resource": "schools", "data": school }), json!({ "resource": "campuses", "data": campus })]
}

#[tokio::test]
async fn writes_into_a_school_that_is_held_hold_up_no_other_school() {
    let gateway = Gateway::start_with(&["--single-writers", "1", "--pool-wait-seconds", "30"]);
    let (greedy, modest) = (gateway.software(SCHOOL).await, gateway.software(OTHER).await);
    gateway.submit("", &greedy, &small_school()).await;
    assert_eq!(gateway.submit("", &modest, &other_school()).await.1["counts"]["rejected"], 0);
    let mut holder = gateway.database().hold_school(SCHOOL);
    let held: Vec<_> = (0..60)
        .map(|number| {
            let data = with(&example("campuses"), json!({ "address": format!("{number}") }));
            let request = gateway.request("PUT", &path("campuses", &data), &greedy).json(&data);
            tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    // Behind the writes that are held it would be a quarter of a second each at least.
    let writes = async {
        for number in 0..40 {
            let data = with(&example("campuses"), json!({ "schoolCode": OTHER, "address": format!("{number}") }));
            let (status, answer) = gateway.put(&path("campuses", &data), &modest, &data).await;
            assert_eq!(status, 200, "{answer}");
        }
    };
    assert!(timeout(SERVED, writes).await.is_ok(), "one client's writes wait for another's");
    holder.batch_execute("COMMIT").unwrap();
    for write in held {
        assert_eq!(write.await.unwrap(), 200, "what waited is written when the school is free");
    }
}

#[tokio::test]
async fn pushes_of_two_clients_come_in_turns() {
    let gateway = Gateway::start();
    let (greedy, modest) = (gateway.software(SCHOOL).await, gateway.software(OTHER).await);
    gateway.submit("", &greedy, &small_school()).await;
    let body: String = pupils(300).iter().map(|record| format!("{record}\n")).collect();
    let mut reports = Vec::new();
    for _ in 0..24 {
        let request = gateway
            .request("POST", "/v1/submissions?mode=validate", &greedy)
            .header("content-type", "application/x-ndjson");
        reports.push(answer(request.header("prefer", "respond-async").body(body.clone())).await.1);
    }
    let (status, report) = gateway.submit("", &modest, &other_school()).await;
    assert_eq!((status, &report["status"]), (200, &json!("completed")), "{report}");
    let half = format!("/v1/submissions/{}", reports[reports.len() / 2]["id"].as_str().unwrap());
    let half = gateway.get(&half, &greedy).await.1;
    assert!(half["completedAt"].is_null(), "the one push came after half of another client");
}

async fn ask(gateway: &Gateway, client: &Client, secret: &str) -> reqwest::Response {
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", client.client_id);
    gateway.request("POST", "/oauth/token", "").header("content-type", FORM).body(form).send().await.unwrap()
}

/// Wrong secrets for this client, many at a time, until it is aborted.
fn guess(gateway: &Gateway, client: &Client) -> Vec<tokio::task::JoinHandle<()>> {
    let (url, id, http) = (format!("{}/oauth/token", gateway.url), client.client_id.clone(), gateway.http.clone());
    let task = |number: usize| {
        let (url, id, http) = (url.clone(), id.clone(), http.clone());
        tokio::spawn(async move {
            for attempt in 0.. {
                let form = format!("grant_type=client_credentials&client_id={id}&client_secret=sgs_{number}_{attempt}");
                let _ = http.post(&url).header("content-type", FORM).body(form).send().await;
            }
        })
    };
    (0..24).map(task).collect()
}

#[tokio::test]
async fn who_guesses_secrets_locks_nobody_out() {
    let database = Arc::new(crate::common::TestDatabase::new());
    let first = Gateway::on(database.clone(), &[]);
    let client = first.client("consumer", &[]);
    assert_eq!(ask(&first, &client, &client.client_secret).await.status(), 200);
    drop(first);
    // After a restart nothing is remembered in memory, and the guessing begins before the client asks.
    let gateway = Gateway::on(database, &[]);
    let guesses = guess(&gateway, &client);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(ask(&gateway, &client, "sgs_wrong").await.status(), 429, "guessing is slowed down");
    for _ in 0..20 {
        let answer = timeout(SERVED, ask(&gateway, &client, &client.client_secret)).await.expect("an answer in time");
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    }
    let other = gateway.client("consumer", &[]);
    assert_eq!(
        ask(&gateway, &other, &other.client_secret).await.status(),
        200,
        "a client that comes for the first time"
    );
    guesses.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_secret_from_before_fast_digests_is_proven_once() {
    let gateway = Gateway::start();
    let client = gateway.client("consumer", &[]);
    gateway.database().execute("UPDATE clients SET secret_digest = NULL");
    gateway.database().execute("UPDATE access_version SET version = version + 1");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(ask(&gateway, &client, "sgs_wrong").await.status(), 401);
    assert_eq!(ask(&gateway, &client, &client.client_secret).await.status(), 200);
    gateway.database().becomes("SELECT count(secret_digest) FROM clients", "1").await;
    assert_eq!(ask(&gateway, &client, &client.client_secret).await.status(), 200);
}

#[tokio::test]
async fn who_floods_with_bad_tokens_is_answered_slowly_and_nobody_else() {
    const FLOOD: Duration = Duration::from_secs(4);
    let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
    let token = gateway.software(SCHOOL).await;
    let (start, refused) = (Instant::now(), AtomicUsize::new(0));
    let flood = async || {
        while start.elapsed() < FLOOD {
            assert_eq!(gateway.get("/v1/schools", "nonsense").await.0, 401);
            refused.fetch_add(1, Ordering::Relaxed);
        }
    };
    let quiet = async {
        let mut served = 0;
        while start.elapsed() < FLOOD {
            assert_eq!(gateway.get("/v1/schools", &token).await.0, 200);
            served += 1;
        }
        served
    };
    let (_, served) = tokio::join!(futures_util::future::join_all((0..8).map(|_| flood())), quiet);
    // Fifty a second at once, and of the eight connections four a second each.
    let refused = refused.load(Ordering::Relaxed);
    assert!(refused < 500, "{refused} bad tokens were answered, as fast as they came");
    assert!(served > 20, "{served} good ones");
}
