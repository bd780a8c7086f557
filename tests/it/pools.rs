//! Connections to the database: each kind of work has its own, none costs a way of its own, and a dead one is not noticed outside.

use crate::common::records::{SCHOOL, example, lines, path, small_school, with};
use crate::common::{Gateway, SERVED, TestDatabase, eventually, served, so};
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use serde_json::json;
use std::time::Duration;

const UNLIMITED: [&str; 4] = ["--rate-limit", "100000", "--rate-burst", "100000"];

/// Nobody reads or writes students until it is dropped.
fn hold_students(database: &TestDatabase) -> PgConnection {
    let mut blocker = database.connect();
    blocker.batch_execute("BEGIN; LOCK TABLE students IN ACCESS EXCLUSIVE MODE").unwrap();
    blocker
}

/// Transactions that ended in the database so far; sessions report theirs once a second at most.
async fn transactions(gateway: &Gateway) -> i64 {
    tokio::time::sleep(Duration::from_millis(2500)).await;
    gateway
        .database()
        .value("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
        .parse()
        .unwrap()
}

#[tokio::test]
async fn a_read_is_one_transaction() {
    const READS: i64 = 600;
    let gateway = Gateway::start_with(&UNLIMITED);
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    let (school, list) = (path("schools", &example("schools")), format!("/v1/campuses?schoolCode={SCHOOL}"));
    for path in [&school, &list] {
        gateway.get(path, &token).await;
        let before = transactions(&gateway).await;
        let idle = transactions(&gateway).await - before;
        let before = transactions(&gateway).await;
        for _ in 0..READS {
            assert_eq!(gateway.get(path, &token).await.0, 200);
        }
        let more = transactions(&gateway).await - before;
        // What the gateway asks by itself goes on meanwhile, and longer than in the pause.
        assert!(
            more < READS + READS / 2 + 3 * idle,
            "{more} transactions for {READS} reads of {path}, {idle} while nothing is asked"
        );
    }
}

#[tokio::test]
async fn dead_connections_are_not_noticed_by_readers() {
    let gateway = Gateway::start_with(&UNLIMITED);
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    let school = path("schools", &example("schools"));
    for round in 0..5 {
        // Several connections are open before they die.
        futures_util::future::join_all((0..8).map(|_| gateway.get(&school, &token))).await;
        gateway
            .database()
            .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        let answers = futures_util::future::join_all((0..8).map(|_| gateway.get(&school, &token))).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.0).collect();
        assert_eq!(statuses, [200; 8], "round {round}");
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let data = with(&example("campuses"), json!({ "address": "Nhà mới" }));
    assert_eq!(gateway.put(&path("campuses", &data), &token, &data).await.0, 200, "nor by writers, once it is known");
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_given_up() {
    let gateway = Gateway::start_with(&["--read-timeout-seconds", "1"]);
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    let _blocker = hold_students(gateway.database());
    let response = gateway.request("GET", "/v1/students", &token).timeout(SERVED).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers().contains_key("retry-after")), (503, true));
}

#[tokio::test]
async fn reads_that_hang_hold_up_no_writes_and_writes_no_reads() {
    let gateway = Gateway::start_with(&["--pool-size", "4", "--read-timeout-seconds", "60"]);
    let tokens = [gateway.software_of_all().await, gateway.software_of_all().await, gateway.software_of_all().await];
    gateway.submit("", &tokens[0], &small_school()).await;
    let blocker = hold_students(gateway.database());
    let hanging: Vec<_> = (0..8)
        .map(|number| {
            let request = gateway.request("GET", "/v1/students", &tokens[number % 2]);
            tokio::spawn(async move { request.send().await.map(|response| response.status().as_u16()) })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let data = with(&example("campuses"), json!({ "address": "Nhà mới" }));
    let put = gateway.request("PUT", &path("campuses", &data), &tokens[2]).json(&data);
    assert_eq!(served(put).await.0, 200);
    let push = gateway.request("POST", "/v1/submissions", &tokens[2]).header("content-type", "application/x-ndjson");
    let (status, report) = served(push.body(lines(&small_school()[..2]))).await;
    assert_eq!((status, &report["status"]), (200, &json!("completed")), "{report}");
    let student = example("students");
    let writes: Vec<_> = (0..4)
        .map(|number| {
            let data = with(&student, json!({ "note": format!("{number}") }));
            let request = gateway.request("PUT", &path("students", &data), &tokens[0]).json(&data);
            tokio::spawn(async move { request.send().await.map(|response| response.status().as_u16()) })
        })
        .collect();
    hanging.iter().for_each(tokio::task::JoinHandle::abort);
    drop(blocker);
    let blocker = hold_students(gateway.database());
    assert_eq!(served(gateway.request("GET", &path("campuses", &data), &tokens[2])).await.0, 200);
    drop(blocker);
    for write in writes {
        write.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_pool_that_lends_nothing_more_makes_the_gateway_unready() {
    let gateway =
        Gateway::start_with(&["--pool-size", "4", "--read-timeout-seconds", "60", "--pool-wait-seconds", "60"]);
    let tokens = [gateway.software_of_all().await, gateway.software_of_all().await];
    gateway.submit("", &tokens[0], &small_school()).await;
    let ready = async || gateway.get("/health/ready", "").await.0;
    assert_eq!(ready().await, 200);
    let blocker = hold_students(gateway.database());
    let hanging: Vec<_> = (0..8)
        .map(|number| {
            let request = gateway.request("GET", &path("students", &example("students")), &tokens[number % 2]);
            tokio::spawn(async move { request.send().await.map(|response| response.status().as_u16()) })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(ready().await, 200, "for a while it may have much to do");
    eventually("that it says it is not ready", async || {
        let status = ready().await;
        so(status == 503, status)
    })
    .await;
    drop(blocker);
    for request in hanging {
        assert_eq!(request.await.unwrap().unwrap(), 200);
    }
    assert_eq!(ready().await, 200);
}
