//! What the database cannot do now is answered 503 or tried again, whatever language it says so in; it is never the record's fault.

use crate::common::records::{SCHOOL, counts, example, path, pupils, small_school, with};
use crate::common::{Gateway, TestDatabase, answer, eventually, so};
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

/// From now on the database fails with this SQLSTATE, in German, so many times, where campuses or students are written.
fn fail(database: &TestDatabase, state: &str, times: u32) {
    let sql = format!(
        "CREATE SEQUENCE IF NOT EXISTS failures; ALTER SEQUENCE failures RESTART;
         CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
             IF nextval('failures') <= {times} THEN RAISE EXCEPTION 'Verklemmung entdeckt' USING ERRCODE = '{state}'; END IF;
             RETURN NULL;
         END $$;
         CREATE OR REPLACE TRIGGER fail AFTER INSERT OR UPDATE ON campuses FOR EACH STATEMENT EXECUTE FUNCTION fail();
         CREATE OR REPLACE TRIGGER fail AFTER INSERT OR UPDATE ON students FOR EACH STATEMENT EXECUTE FUNCTION fail();"
    );
    database.connect().batch_execute(&sql).unwrap();
}

fn recover(database: &TestDatabase) {
    database.connect().batch_execute("DROP TRIGGER fail ON campuses; DROP TRIGGER fail ON students").unwrap();
}

/// How often a statement was tried since [`fail`].
fn tries(database: &TestDatabase) -> u32 {
    database.value("SELECT last_value FROM failures").parse().unwrap()
}

#[tokio::test]
async fn a_single_write_is_to_be_sent_again() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    let data = with(&example("campuses"), json!({ "address": "Nhà mới" }));
    for state in ["53100", "53200", "58030", "25006", "55P03", "57014", "40P01"] {
        // More often than a quick machine tries within the time that a write waits.
        fail(gateway.database(), state, 1_000_000);
        let response = gateway.request("PUT", &path("campuses", &data), &token).json(&data).send().await.unwrap();
        assert!(response.headers().contains_key("retry-after"), "{state}");
        let (status, problem) = (response.status().as_u16(), response.json::<Value>().await.unwrap());
        assert_eq!((status, &problem["code"]), (503, &json!("unavailable")), "{state}: {problem}");
        recover(gateway.database());
    }
    assert_eq!(gateway.put(&path("campuses", &data), &token, &data).await.0, 200);
}

/// What refuses a lock without any wait is not asked again and again without any pause.
#[tokio::test]
async fn a_write_whose_lock_is_refused_at_once_is_tried_again_in_pauses() {
    let gateway = Gateway::start_with(&["--pool-wait-seconds", "3"]);
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    let data = with(&example("campuses"), json!({ "address": "Nhà mới" }));
    fail(gateway.database(), "55P03", 1_000_000);
    assert_eq!(gateway.put(&path("campuses", &data), &token, &data).await.0, 503);
    // With pauses of 10, 20, 40 … 250 ms it is some 17; without any it was hundreds.
    let tries = tries(gateway.database());
    assert!((5..60).contains(&tries), "{tries}");
}

#[tokio::test]
async fn a_row_that_is_refused_is_still_the_records_fault() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    let data = with(&example("campuses"), json!({ "address": "Nhà mới" }));
    for state in ["23514", "22003", "P0001"] {
        fail(gateway.database(), state, 1000);
        let (status, problem) = gateway.put(&path("campuses", &data), &token, &data).await;
        assert_eq!((status, &problem["issues"][0]["code"]), (422, &json!("PT-020")), "{state}: {problem}");
        recover(gateway.database());
    }
}

#[tokio::test]
async fn records_of_a_submission_wait_until_the_database_can_take_them() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    fail(gateway.database(), "53100", 1_000_000);
    let body: String = pupils(50).iter().map(|record| format!("{record}\n")).collect();
    let request = gateway.request("POST", "/v1/submissions", &token).header("content-type", "application/x-ndjson");
    let (status, report) = answer(request.header("prefer", "respond-async").body(body)).await;
    assert_eq!(status, 202, "{report}");
    // More often than a submission that fails by itself is begun.
    eventually("another try", async || so(tries(gateway.database()) > 12, tries(gateway.database()))).await;
    let path = format!("/v1/submissions/{}", report["id"].as_str().unwrap());
    let report = gateway.get(&path, &token).await.1;
    assert!(report["completedAt"].is_null() && report["counts"]["rejected"] == 0, "{report}");
    recover(gateway.database());
    let report = gateway.finished(&token, &path).await;
    assert_eq!((counts(&report), &report["status"]), ("created 150".to_owned(), &json!("completed")), "{report}");
}

#[tokio::test]
async fn a_deadlock_does_not_halve_a_batch() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    fail(gateway.database(), "40P01", 3);
    let students: Vec<Value> = pupils(200).into_iter().filter(|record| record["resource"] == "students").collect();
    let (status, report) = gateway.submit("", &token, &students).await;
    assert_eq!((status, counts(&report)), (200, "created 200".to_owned()), "{report}");
    assert_eq!(tries(gateway.database()), 4, "the whole batch again each time, and no part of it");
}

/// The server's own words in German; where the system has no German, this cannot be tried.
#[tokio::test]
async fn a_school_that_is_held_is_told_in_any_language() {
    let gateway = Gateway::start();
    let database = gateway.database();
    let name = database.value("SELECT current_database()");
    let german = format!("ALTER DATABASE {name} SET lc_messages = 'de_DE.UTF-8'");
    if database.connect().batch_execute(&german).is_err() {
        println!("skipped: the system has no locale de_DE.UTF-8");
        return;
    }
    let gateway = Gateway::on(gateway.database.clone().unwrap(), &["--pool-wait-seconds", "2"]);
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    let holder = database.hold_school(SCHOOL);
    let data = with(&example("campuses"), json!({ "address": "Nhà mới" }));
    let (status, problem) = gateway.put(&path("campuses", &data), &token, &data).await;
    assert_eq!((status, &problem["code"]), (503, &json!("unavailable")), "{problem}");
    drop(holder);
    assert_eq!(gateway.put(&path("campuses", &data), &token, &data).await.0, 200);
}
