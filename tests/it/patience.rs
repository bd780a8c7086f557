//! Long bodies, long work and the gateway's end: nothing is cut that still moves, nothing that was taken is lost.

use crate::common::records::{example, with};
use crate::common::{Gateway, TestDatabase, answer, signal};
use diesel::connection::SimpleConnection;
use futures_util::stream;
use school_gateway::model::{find, schema};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

const SCHOOL: &str = "31000501";
const REPORT_LIMIT: Duration = Duration::from_secs(30);

fn school() -> Value {
    json!({ "resource": "schools", "data": schema::example(find("schools").unwrap()) })
}

async fn software(gateway: &Gateway) -> String {
    gateway.token(&gateway.client("school-software", &["--school", SCHOOL])).await
}

/// The record in so many pieces, with a pause before each.
fn in_pieces(pieces: usize, pause: Duration) -> reqwest::Body {
    let text = format!("{}\n", school());
    let characters: Vec<char> = text.chars().collect();
    let parts: Vec<String> =
        characters.chunks(characters.len().div_ceil(pieces)).map(|part| part.iter().collect()).collect();
    reqwest::Body::wrap_stream(stream::unfold(parts.into_iter(), move |mut parts| async move {
        let part = parts.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, std::io::Error>(part), parts))
    }))
}

fn push(gateway: &Gateway, token: &str, body: reqwest::Body) -> reqwest::RequestBuilder {
    gateway.request("POST", "/v1/submissions", token).header("content-type", "application/x-ndjson").body(body)
}

/// The report once the work is done.
async fn done(gateway: &Gateway, token: &str, id: &str) -> Value {
    let start = Instant::now();
    loop {
        let (status, report) = gateway.get(&format!("/v1/submissions/{id}"), token).await;
        if status == 200 && !report["completedAt"].is_null() {
            return report;
        }
        assert!(start.elapsed() < REPORT_LIMIT, "{status}: {report}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Holds up whoever writes schools, until it is dropped.
fn hold_up(database: &TestDatabase) -> diesel::PgConnection {
    let mut blocker = database.connect();
    blocker.batch_execute("BEGIN; LOCK TABLE schools IN ACCESS EXCLUSIVE MODE").unwrap();
    blocker
}

#[tokio::test]
async fn a_body_may_take_longer_than_a_request() {
    let gateway = Gateway::start_with(&["--request-timeout-seconds", "1", "--body-idle-seconds", "2"]);
    let token = software(&gateway).await;
    let start = Instant::now();
    let (status, report) = answer(push(&gateway, &token, in_pieces(5, Duration::from_millis(500)))).await;
    assert!(start.elapsed() > Duration::from_secs(2));
    assert_eq!((status, &report["counts"]["created"]), (200, &json!(1)), "{report}");
}

#[tokio::test]
async fn a_body_that_goes_quiet_counts_as_cut() {
    let gateway = Gateway::start_with(&["--body-idle-seconds", "1"]);
    let token = software(&gateway).await;
    let start = Instant::now();
    let (_, report) = answer(push(&gateway, &token, in_pieces(2, Duration::from_secs(20)))).await;
    assert!(start.elapsed() < Duration::from_secs(10), "{report}");
    let (_, list) = gateway.get("/v1/submissions", &token).await;
    let id = list["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{list}")).to_owned();
    assert_eq!(done(&gateway, &token, &id).await["status"], "failed");
}

#[tokio::test]
async fn work_that_takes_too_long_to_wait_for_is_answered_202() {
    let gateway = Gateway::start_with(&["--request-timeout-seconds", "1"]);
    let token = software(&gateway).await;
    let blocker = hold_up(gateway.database());
    let response = push(&gateway, &token, format!("{}\n", school()).into()).send().await.unwrap();
    assert_eq!(response.status(), 202);
    let place = response.headers()["location"].to_str().unwrap().to_owned();
    let report: Value = response.json().await.unwrap();
    let id = report["id"].as_str().unwrap();
    assert_eq!((place, &report["counts"]["received"]), (format!("/v1/submissions/{id}"), &json!(0)), "{report}");
    drop(blocker);
    assert_eq!(done(&gateway, &token, id).await["counts"]["created"], 1);
}

#[tokio::test]
async fn told_to_stop_in_the_middle_of_work_it_ends_in_time_and_goes_on_later() {
    let database = Arc::new(TestDatabase::new());
    let mut gateway = Gateway::on(database.clone(), &["--shutdown-seconds", "2"]);
    let token = software(&gateway).await;
    let blocker = hold_up(&database);
    let request = push(&gateway, &token, format!("{}\n", school()).into()).header("prefer", "respond-async");
    let (status, report) = answer(request).await;
    assert_eq!(status, 202, "{report}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let start = Instant::now();
    signal("TERM", gateway.pid());
    assert_eq!(gateway.wait().code(), Some(0), "{}", gateway.log());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    drop(blocker);
    let again = Gateway::on(database, &[]);
    let token = software(&again).await;
    let staff = again.token(&again.client("sector-staff", &["--all-schools"])).await;
    let report = done(&again, &staff, report["id"].as_str().unwrap()).await;
    assert_eq!((&report["status"], &report["counts"]["created"]), (&json!("completed"), &json!(1)), "{report}");
    assert_eq!(again.get(&format!("/v1/schools/{SCHOOL}"), &token).await.0, 200);
}

#[tokio::test]
async fn the_queue_and_the_time_of_merges_are_measured() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let gateway = Gateway::start_with(&["--metrics-listen", &free]);
    let token = software(&gateway).await;
    let scrape =
        || async { gateway.http.get(format!("http://{free}/metrics")).send().await.unwrap().text().await.unwrap() };
    let blocker = hold_up(gateway.database());
    let request = push(&gateway, &token, format!("{}\n", school()).into()).header("prefer", "respond-async");
    let id = answer(request).await.1["id"].as_str().unwrap().to_owned();
    let start = Instant::now();
    while !scrape().await.contains("school_gateway_queue_depth 1\n") {
        assert!(start.elapsed() < REPORT_LIMIT, "the queue's depth is told within seconds");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    drop(blocker);
    done(&gateway, &token, &id).await;
    assert!(scrape().await.contains("school_gateway_database_seconds_count{what=\"merge\"} 1\n"));
}

#[tokio::test]
async fn a_school_that_a_long_submission_holds_is_busy_and_the_others_are_not() {
    let gateway = Gateway::start_with(&["--pool-wait-seconds", "2"]);
    let token = gateway.token(&gateway.client("school-software", &["--all-schools"])).await;
    let data = |code: &str| with(&example("schools"), json!({ "schoolCode": code, "name": code }));
    let put = async |code: &str| {
        let start = Instant::now();
        let request = gateway.request("PUT", &format!("/v1/schools/{code}"), &token).json(&data(code)).send();
        let answer = request.await.unwrap();
        let retry_after =
            answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        (answer.status().as_u16(), retry_after, start.elapsed())
    };
    let mut holder = gateway.database().connect();
    holder.batch_execute(&format!("SELECT pg_advisory_lock(hashtextextended('{SCHOOL}', 7))")).unwrap();
    let others = async {
        let mut slowest = Duration::ZERO;
        for number in 0..10 {
            let (status, _, elapsed) = put(&format!("3100059{number}")).await;
            assert_eq!(status, 201);
            slowest = slowest.max(elapsed);
        }
        slowest
    };
    let (held, also_held, slowest) = tokio::join!(put(SCHOOL), put(SCHOOL), others);
    for (status, retry_after, elapsed) in [held, also_held] {
        assert_eq!((status, retry_after), (503, Some(5)), "after {elapsed:?}");
        assert!(elapsed > Duration::from_secs(2));
    }
    assert!(slowest < Duration::from_millis(1_900), "another school waited for {slowest:?}");
    let (later, ()) = tokio::join!(put(SCHOOL), async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        drop(holder);
    });
    assert_eq!(later.0, 201, "who waits gets his turn when the school is let go");
}
