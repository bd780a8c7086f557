//! A gateway that is killed loses nothing, does nothing twice, and leaves nothing half done.

use crate::common::records::{SCHOOL, counts, lines, pupils, random, roomy_school, shuffled};
use crate::common::{Gateway, TestDatabase, answer, eventually};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// Pupils of a push, each with three records.
const PUPILS: usize = 3_500;

async fn push(
    gateway: &Gateway,
    token: &str,
    headers: &[(&'static str, &str)],
    body: String,
) -> reqwest::Result<reqwest::Response> {
    let mut request =
        gateway.request("POST", "/v1/submissions", token).header("content-type", "application/x-ndjson").body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await
}

/// Every record once: first versions only, nothing in history, nothing left over.
fn assert_once(database: &TestDatabase) {
    for table in ["students", "enrollments", "subject_results"] {
        let rows =
            database.value(&format!("SELECT count(*) || ' ' || min(version) || ' ' || max(version) FROM {table}"));
        assert_eq!(rows, format!("{} 1 1", PUPILS + 1), "{table}");
    }
    for table in ["history", "parked_records", "submission_deferred"] {
        assert_eq!(database.value(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
}

#[tokio::test]
async fn an_asynchronous_push_survives_any_number_of_kills() {
    let mut seed = 0x5EED_2026;
    for round in 0..2 {
        let database = Arc::new(TestDatabase::new());
        let mut gateway = Gateway::on(database.clone(), &[]);
        let client = gateway.client("school-software", &["--school", SCHOOL]);
        let token = gateway.token(&client).await;
        let records = shuffled(&[roomy_school(), pupils(PUPILS)].concat(), random(&mut seed));
        let response = push(&gateway, &token, &[("prefer", "respond-async")], lines(&records)).await.unwrap();
        assert_eq!(response.status(), 202);
        let path = response.headers()["location"].to_str().unwrap().to_owned();
        let mut kills = 0;
        while kills < 6 {
            let pause = Duration::from_millis(50 + random(&mut seed) % 1_500);
            tokio::time::sleep(pause).await;
            let done = database.value("SELECT count(*) FROM submissions WHERE completed_at IS NOT NULL");
            gateway.kill();
            kills += 1;
            gateway = Gateway::on(database.clone(), &[]);
            if done == "1" {
                break;
            }
        }
        println!("round {round}: {kills} kills");
        let report = gateway.finished(&gateway.token(&client).await, &path).await;
        assert_eq!((counts(&report), &report["status"]), (format!("created {}", records.len()), &json!("completed")));
        assert_once(&database);
    }
}

/// Moments of a push, as the database shows them.
const MOMENTS: [&str; 4] = [
    "SELECT count(*) FROM submissions",
    "SELECT count(*) FROM submissions WHERE status <> 'receiving'",
    "SELECT least(count(*), 1) FROM students",
    "SELECT least(count(*), 1) FROM enrollments",
];

#[tokio::test]
async fn a_push_that_the_kill_cut_is_repeated_under_its_key() {
    for moment in MOMENTS {
        let database = Arc::new(TestDatabase::new());
        let mut gateway = Gateway::on(database.clone(), &[]);
        let client = gateway.client("school-software", &["--school", SCHOOL]);
        let token = gateway.token(&client).await;
        let records = [roomy_school(), pupils(PUPILS)].concat();
        let key = [("idempotency-key", "the same")];
        tokio::select! {
            answer = push(&gateway, &token, &key, lines(&records)) => panic!("the answer came before the kill: {answer:?}"),
            () = database.becomes(moment, "1") => {}
        }
        gateway.kill();
        // As if the lease had run out already.
        database.execute("UPDATE submissions SET leased_until = now() WHERE status = 'receiving'");
        gateway = Gateway::on(database.clone(), &[]);
        let token = gateway.token(&client).await;
        let last = eventually("an answer to the same key", async || {
            let request =
                gateway.request("POST", "/v1/submissions", &token).header("content-type", "application/x-ndjson");
            let last = answer(request.header(key[0].0, key[0].1).body(lines(&records))).await;
            if last.0 == 409 { Err(last.1) } else { Ok(last) }
        })
        .await;
        assert_eq!(last.0, 200, "{moment}: {}", last.1);
        counts(&last.1);
        // What was received before the kill may have been worked off as a cut body of its own.
        let kept = ["created", "unchanged"].map(|outcome| last.1["counts"][outcome].as_i64().unwrap());
        assert_eq!(kept.iter().sum::<i64>(), records.len() as i64, "{moment}: {}", last.1["counts"]);
        assert_once(&database);
        assert_eq!(database.value("SELECT count(*) FROM submissions WHERE completed_at IS NULL"), "0");
    }
}
