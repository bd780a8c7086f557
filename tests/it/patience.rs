//! Long bodies, long work and the gateway's end: nothing is cut that still moves, nothing that was taken is lost.

use crate::common::records::{example, with};
use crate::common::{Gateway, TestDatabase, answer, eventually, so};
use futures_util::{StreamExt, future::join_all, stream};
use school_gateway::model::{find, schema};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const SCHOOL: &str = "31000501";

fn school() -> Value {
    json!({ "resource": "schools", "data": schema::example(find("schools").unwrap()) })
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

/// The first half of the record, and then nothing more for as long as anybody waits.
fn half() -> reqwest::Body {
    let text = format!("{}\n", school());
    let first = text[..text.len() / 3].to_owned();
    reqwest::Body::wrap_stream(stream::once(async { Ok::<_, std::io::Error>(first) }).chain(stream::pending()))
}

/// The report once the work is done.
async fn done(gateway: &Gateway, token: &str, id: &str) -> Value {
    gateway.finished(token, &format!("/v1/submissions/{id}")).await
}

#[tokio::test]
async fn a_body_may_take_longer_than_a_request() {
    let gateway = Gateway::start_with(&["--request-timeout-seconds", "1", "--body-idle-seconds", "2"]);
    let token = gateway.software(SCHOOL).await;
    let (status, report) = answer(push(&gateway, &token, in_pieces(5, Duration::from_millis(500)))).await;
    assert_eq!((status, &report["counts"]["created"]), (200, &json!(1)), "{report}");
}

#[tokio::test]
async fn a_body_that_goes_quiet_counts_as_cut() {
    let gateway = Gateway::start_with(&["--body-idle-seconds", "1"]);
    let token = gateway.software(SCHOOL).await;
    answer(push(&gateway, &token, half())).await;
    let (_, list) = gateway.get("/v1/submissions", &token).await;
    let id = list["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{list}")).to_owned();
    assert_eq!(done(&gateway, &token, &id).await["status"], "failed");
}

#[tokio::test]
async fn work_that_takes_too_long_to_wait_for_is_answered_202() {
    let gateway = Gateway::start_with(&["--request-timeout-seconds", "1"]);
    let token = gateway.software(SCHOOL).await;
    let blocker = gateway.database().hold_table("schools");
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
    let token = gateway.software(SCHOOL).await;
    let blocker = database.hold_table("schools");
    let request = push(&gateway, &token, format!("{}\n", school()).into()).header("prefer", "respond-async");
    let (status, report) = answer(request).await;
    assert_eq!(status, 202, "{report}");
    database.waiters(1).await;
    assert_eq!(gateway.terminate().code(), Some(0), "{}", gateway.log());
    drop(blocker);
    let again = Gateway::on(database, &[]);
    let token = again.software(SCHOOL).await;
    let staff = again.token_for("sector-staff", &["--all-schools"]).await;
    let report = done(&again, &staff, report["id"].as_str().unwrap()).await;
    assert_eq!((&report["status"], &report["counts"]["created"]), (&json!("completed"), &json!(1)), "{report}");
    assert_eq!(again.get(&format!("/v1/schools/{SCHOOL}"), &token).await.0, 200);
}

#[tokio::test]
async fn the_queue_and_the_time_of_merges_are_measured() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let gateway = Gateway::start_with(&["--metrics-listen", &free]);
    let token = gateway.software(SCHOOL).await;
    let scrape =
        || async { gateway.http.get(format!("http://{free}/metrics")).send().await.unwrap().text().await.unwrap() };
    let blocker = gateway.database().hold_table("schools");
    let request = push(&gateway, &token, format!("{}\n", school()).into()).header("prefer", "respond-async");
    let id = answer(request).await.1["id"].as_str().unwrap().to_owned();
    eventually("the queue's depth", async || {
        let metrics = scrape().await;
        so(metrics.contains("school_gateway_queue_depth{tenant=\"default\"} 1\n"), metrics)
    })
    .await;
    drop(blocker);
    done(&gateway, &token, &id).await;
    assert!(scrape().await.contains("school_gateway_database_seconds_count{what=\"merge\"} 1\n"));
}

async fn put_school(gateway: &Gateway, token: &str, code: &str) -> (u16, Option<String>) {
    let data = with(&example("schools"), json!({ "schoolCode": code, "name": code }));
    let answer = gateway.request("PUT", &format!("/v1/schools/{code}"), token).json(&data).send().await.unwrap();
    let retry_after = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), retry_after)
}

#[tokio::test]
async fn a_school_that_a_long_submission_holds_is_busy_and_the_others_are_not() {
    let gateway = Gateway::start_with(&["--pool-wait-seconds", "170"]);
    let token = gateway.software_of_all().await;
    let holder = gateway.database().hold_school(SCHOOL);
    let let_go = async {
        gateway.database().waiters(1).await;
        let others: Vec<String> = (0..10).map(|number| format!("3100059{number}")).collect();
        let others = join_all(others.iter().map(|code| put_school(&gateway, &token, code))).await;
        assert!(others.iter().all(|(status, _)| *status == 201), "served while the school is held: {others:?}");
        drop(holder);
    };
    let (held, also_held, ()) =
        tokio::join!(put_school(&gateway, &token, SCHOOL), put_school(&gateway, &token, SCHOOL), let_go);
    let mut statuses = [held.0, also_held.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201], "who waits gets his turn when the school is let go");
}

#[tokio::test]
async fn who_waits_for_a_held_school_is_told_to_come_again() {
    let gateway = Gateway::start_with(&["--pool-wait-seconds", "2"]);
    let token = gateway.software_of_all().await;
    let holder = gateway.database().hold_school(SCHOOL);
    let held = tokio::join!(put_school(&gateway, &token, SCHOOL), put_school(&gateway, &token, SCHOOL));
    drop(holder);
    let busy = (503, Some("5".to_owned()));
    assert_eq!(held, (busy.clone(), busy));
}
