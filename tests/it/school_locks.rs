//! Schools that a submission may not write, or only looks at, keep nobody waiting, and any number of them fits into
//! PostgreSQL's table of locks. One that is all or nothing has all its locks before its first record.

use crate::common::records::{SCHOOL, deletion, example, lines, path, small_school, upsert, with};
use crate::common::{Gateway, TestDatabase, answer};
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use school_gateway::merge::locks::{SPACE, lock_of};
use serde_json::{Value, json};
use std::time::Duration;

/// Holds the lock of the school, and all its records against any other lock, until the connection is dropped.
fn held(database: &TestDatabase) -> PgConnection {
    let mut connection = database.connect();
    let lock = lock_of(SCHOOL);
    let rows = "SELECT 1 FROM schools FOR UPDATE; SELECT 1 FROM campuses FOR UPDATE; SELECT 1 FROM students FOR UPDATE";
    connection.batch_execute(&format!("BEGIN; SELECT pg_advisory_xact_lock({SPACE}, {lock}); {rows}")).unwrap();
    connection
}

/// Whoever may not write a school is refused at once, though somebody else holds it: nothing of it is locked first.
#[tokio::test]
async fn a_school_out_of_sight_is_refused_before_it_is_locked() {
    let gateway = Gateway::start_with(&["--pool-wait-seconds", "60"]);
    let owner = gateway.token(&gateway.client("school-software", &["--school", SCHOOL])).await;
    assert_eq!(gateway.submit("", &owner, &small_school()).await.0, 200);
    let stranger = gateway.token(&gateway.client("school-software", &["--school", "31000599"])).await;
    // The school says that it stands in the stranger's commune; what counts is where it is stored.
    let neighbour = gateway.token(&gateway.client("school-software", &["--commune", "99999"])).await;
    let moved = upsert("schools", &with(&example("schools"), json!({ "communeCode": "99999" })));
    let _held = held(gateway.database());
    let campus = with(&example("campuses"), json!({ "name": "Điểm trường khác" }));
    // A pupil of another school is none that can be deleted.
    let cases = [
        (&stranger, upsert("campuses", &campus), "rejected"),
        (&stranger, deletion("students", &example("students")), "accepted"),
        (&neighbour, moved.clone(), "rejected"),
    ];
    for query in ["?mode=validate", "", "?atomicity=all"] {
        for (token, record, result) in &cases {
            let records = std::slice::from_ref(record);
            let answer = tokio::time::timeout(Duration::from_secs(30), gateway.submit(query, token, records));
            let (_, report) = answer.await.unwrap_or_else(|_| panic!("“{query}” waits for a school out of sight"));
            assert_eq!(report["result"], **result, "{query} {report:#}");
        }
    }
    for (token, path, data) in
        [(&stranger, path("campuses", &campus), &campus), (&neighbour, path("schools", &moved["data"]), &moved["data"])]
    {
        let put = gateway.put(&path, token, data);
        let (status, problem) = tokio::time::timeout(Duration::from_secs(30), put).await.expect("a PUT waits");
        assert_eq!(status, 404, "{problem}");
    }
}

/// Who is all or nothing waits for a school with none of the later ones in his hands, whatever his records come to first.
#[tokio::test]
async fn an_atomic_submission_takes_its_schools_in_order_before_its_first_record() {
    let gateway = Gateway::start_with(&["--pool-wait-seconds", "60"]);
    let token = gateway.token(&gateway.client("school-software", &["--all-schools"])).await;
    let (one, other) = ("31000501", "31000502");
    let (first, second) = if lock_of(one) < lock_of(other) { (one, other) } else { (other, one) };
    let named = |school: &str, name: &str| {
        with(&example("schools"), json!({ "schoolCode": school, "name": name, "email": null, "website": null }))
    };
    let schools = [upsert("schools", &named(first, "Trường Phượng")), upsert("schools", &named(second, "Trường Bàng"))];
    assert_eq!(gateway.submit("", &token, &schools).await.0, 200);
    let campus = with(&example("campuses"), json!({ "schoolCode": first }));
    let records = [upsert("schools", &named(second, "Trường Bàng Mới")), upsert("campuses", &campus)];
    let holder = gateway.database().hold_school(first);
    let waiting = gateway.request("POST", "/v1/submissions?atomicity=all", &token);
    let waiting = waiting.header("content-type", "application/x-ndjson").body(lines(&records));
    let waiting = tokio::spawn(async move { answer(waiting).await });
    gateway.database().waiters(1).await;
    let data = named(second, "Trường Bàng Cũ");
    let path = path("schools", &data);
    let put = tokio::time::timeout(Duration::from_secs(30), gateway.put(&path, &token, &data));
    assert_eq!(put.await.expect("a PUT waits for who waits himself").0, 200);
    drop(holder);
    assert_eq!(waiting.await.unwrap().0, 200);
}

/// As many as a province has, many times over, in one transaction.
#[tokio::test]
async fn a_submission_of_very_many_schools_leaves_locks_for_others() {
    let gateway = Gateway::start();
    let token = gateway.token(&gateway.client("school-software", &["--all-schools"])).await;
    let school = |number: usize| {
        let code = format!("31{:03}4{:02}", number / 100, number % 100);
        json!({ "schoolCode": code, "name": format!("Trường {number}"), "email": null, "website": null })
    };
    let mut records: Vec<Value> =
        (0..5_000).map(|number| upsert("schools", &with(&example("schools"), school(number)))).collect();
    records.push(upsert("campuses", &with(&example("campuses"), json!({ "schoolCode": school(0)["schoolCode"] }))));
    let holder = gateway.database().hold_table("campuses");
    let waiting = gateway.request("POST", "/v1/submissions?atomicity=all", &token);
    let waiting = waiting.header("content-type", "application/x-ndjson").body(lines(&records));
    let waiting = tokio::spawn(async move { answer(waiting).await });
    gateway.database().waiters(1).await;
    let held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2";
    let held: usize = gateway.database().value(held).parse().unwrap();
    assert!((500..=1_024).contains(&held), "{held} locks");
    drop(holder);
    let (status, report) = waiting.await.unwrap();
    assert_eq!((status, &report["counts"]["created"]), (200, &json!(5_001)), "{}", report["issues"]);
}
