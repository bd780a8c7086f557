//! Submissions from outside: forms of a body, order, atomicity, idempotency, reports.

use crate::common::records::{
    SCHOOL, counts, deletion, example, issues, lines, pupil, pupils, roomy_school, shuffled, small_school, upsert, with,
};
use crate::common::{Gateway, answer};
use serde_json::{Value, json};
use std::io::Write;

async fn push(
    gateway: &Gateway,
    query: &str,
    token: &str,
    headers: &[(&'static str, &str)],
    body: Vec<u8>,
) -> (u16, Value) {
    let mut request = gateway.request("POST", &format!("/v1/submissions{query}"), token).body(body);
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        request = request.header("content-type", "application/x-ndjson");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answer(request).await
}

fn stored(gateway: &Gateway, table: &str) -> String {
    gateway.database().value(&format!("SELECT count(*) FROM {table}"))
}

#[tokio::test]
async fn every_form_of_a_body_gives_the_same_report() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let mut records = shuffled(&[small_school(), pupils(40)].concat(), 2);
    records.push(upsert("students", &with(&example("students"), json!({ "studentCode": "31", "fullNam": "x" }))));
    let (plain, array) = (lines(&records).into_bytes(), serde_json::to_vec_pretty(&records).unwrap());
    let wrapped = serde_json::to_vec(&json!({ "records": records })).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&plain).unwrap();
    let crlf = String::from_utf8(plain.clone()).unwrap().replace('\n', "\r\n\r\n");
    let (json_type, lines_type) =
        (("content-type", "application/json"), ("content-type", "application/x-ndjson; charset=utf-8"));
    type Headers = Vec<(&'static str, &'static str)>;
    let bodies: Vec<(Vec<u8>, Headers)> = vec![
        (plain.clone(), vec![lines_type]),
        ([b"\xEF\xBB\xBF", crlf.as_bytes()].concat(), vec![lines_type]),
        (plain[..plain.len() - 1].to_vec(), vec![lines_type]),
        (array.clone(), vec![json_type]),
        (wrapped, vec![json_type]),
        (gzip.finish().unwrap(), vec![lines_type, ("content-encoding", "gzip")]),
        (zstd::encode_all(&*plain, 3).unwrap(), vec![lines_type, ("content-encoding", "zstd")]),
        (zstd::encode_all(&*array, 3).unwrap(), vec![json_type, ("content-encoding", "zstd")]),
    ];
    for (body, headers) in bodies {
        let (status, report) = push(&gateway, "?mode=validate", &token, &headers, body.clone()).await;
        assert_eq!((status, counts(&report)), (200, "created 131, rejected 1".into()), "{headers:?}");
        assert_eq!((&report["result"], &report["status"]), (&json!("partial"), &json!("completed")), "{headers:?}");
        assert_eq!(issues(&report), ["131 PT-004 /fullNam", "131 ID-020 /studentCode"], "{headers:?}");
        assert_eq!(report["bytes"], body.len(), "{headers:?}");
        assert_eq!(report["sha256"].as_str().unwrap().len(), 64);
    }
    assert_eq!((stored(&gateway, "students"), stored(&gateway, "parked_records")), ("0".into(), "0".into()));
}

#[tokio::test]
async fn of_a_key_sent_twice_the_last_stands() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let note = |note: &str| upsert("students", &with(&example("students"), json!({ "note": note })));
    let mut records = vec![note("một"), note("hai")];
    records.extend(roomy_school().into_iter().filter(|record| record["resource"] != "students"));
    records.extend(pupils(1_700));
    records.push(note("ba"));
    let (status, report) = gateway.submit("", &token, &records).await;
    assert_eq!((status, counts(&report)), (200, "created 5111, unchanged 2, warnings 2".into()));
    assert_eq!(issues(&report), ["0 PT-010 ", "1 PT-010 "]);
    assert_eq!(
        gateway.database().value("SELECT note || version FROM students WHERE student_code = '3100012345'"),
        "ba1"
    );

    let class = upsert("classes", &with(&example("classes"), json!({ "classCode": "6A9" })));
    let delete = deletion("classes", &class["data"]);
    for (records, expected, left) in [
        ([&class, &delete], "unchanged 2, warnings 1", "0"),
        ([&delete, &class], "created 1, unchanged 1, warnings 1", "1"),
        ([&class, &delete], "unchanged 1, deleted 1, warnings 1", "0"),
    ] {
        let report = gateway.submit("", &token, &records.map(Clone::clone)).await.1;
        assert_eq!(counts(&report), expected);
        assert_eq!(stored(&gateway, "classes WHERE class_code = '6A9'"), left);
    }
}

#[tokio::test]
async fn all_or_nothing() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let good = shuffled(&[small_school(), pupils(30)].concat(), 4);
    let mut bad = good.clone();
    bad.insert(50, upsert("classes", &with(&example("classes"), json!({ "classCode": "6A7", "grade": "66" }))));
    let (status, report) = gateway.submit("?atomicity=all", &token, &bad).await;
    assert_eq!((status, counts(&report), &report["result"]), (422, "rejected 102".into(), &json!("rejected")));
    assert!(issues(&report).contains(&"50 PT-014 /grade".into()), "{:?}", issues(&report));
    for table in ["schools", "students", "history", "parked_records", "submission_deferred"] {
        assert_eq!(stored(&gateway, table), "0", "{table}");
    }
    let (status, report) = gateway.submit("?atomicity=all", &token, &good).await;
    assert_eq!((status, counts(&report)), (200, "created 101".into()), "{report}");
    assert_eq!(counts(&gateway.submit("?atomicity=all", &token, &good).await.1), "unchanged 101");
    let deletes: Vec<Value> =
        good.iter().map(|record| deletion(record["resource"].as_str().unwrap(), &record["data"])).collect();
    assert_eq!(counts(&gateway.submit("?atomicity=all", &token, &deletes).await.1), "deleted 101");
}

#[tokio::test]
async fn an_asynchronous_answer_comes_at_once_and_is_followed_up() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let body = lines(&[small_school(), pupils(600)].concat()).into_bytes();
    let request = gateway.request("POST", "/v1/submissions", &token).header("content-type", "application/x-ndjson");
    let response = request.header("prefer", "respond-async").body(body).send().await.unwrap();
    assert_eq!(response.status(), 202);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let first: Value = response.json().await.unwrap();
    assert_eq!(location, format!("/v1/submissions/{}", first["id"].as_str().unwrap()));
    assert!(["queued", "processing", "completed"].contains(&first["status"].as_str().unwrap()));
    let events = gateway.request("GET", &format!("{location}/events"), &token).send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let events = events.text().await.unwrap();
    let last = events.trim_end().rsplit("\n\n").next().unwrap();
    let data: Value =
        serde_json::from_str(last.strip_prefix("event: done\ndata: ").unwrap_or_else(|| panic!("{last}"))).unwrap();
    assert_eq!(counts(&data), "created 1811");
    let report = gateway.finished(&token, &format!("/v1/submissions/{}", first["id"].as_str().unwrap())).await;
    assert_eq!(
        (counts(&report), &report["progress"]),
        ("created 1811".into(), &json!({"processed": 1811, "total": 1811}))
    );
}

#[tokio::test]
async fn an_idempotency_key_gives_the_first_answer_again() {
    let database = std::sync::Arc::new(crate::common::TestDatabase::new());
    let mut gateway = Gateway::on(database.clone(), &[]);
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let token = gateway.token(&client).await;
    let key = [("idempotency-key", "5f0c9a52-1f0e-4d5b-8a5e-0d4f6f5a9b10")];
    let school = lines(&small_school()).into_bytes();
    let first = push(&gateway, "", &token, &key, school.clone()).await;
    assert_eq!(counts(&first.1), "created 11");
    for again in 0..2 {
        let request =
            gateway.request("POST", "/v1/submissions", &gateway.token(&client).await).header(key[0].0, key[0].1);
        let response =
            request.header("content-type", "application/x-ndjson").body(school.clone()).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["idempotency-replayed"]),
            (200, &"true".parse().unwrap())
        );
        assert_eq!(response.json::<Value>().await.unwrap(), first.1, "{again}");
        gateway.kill();
        gateway = Gateway::on(database.clone(), &[]);
    }
    let token = gateway.token(&client).await;
    let (status, problem) = push(&gateway, "", &token, &key, lines(&small_school()[1..]).into_bytes()).await;
    assert_eq!((status, &problem["status"]), (422, &json!(422)), "another body: {problem}");
    assert_eq!(push(&gateway, "?mode=validate", &token, &key, school.clone()).await.0, 422, "other parameters");
    let other = gateway.software(SCHOOL).await;
    assert_eq!(counts(&push(&gateway, "", &other, &key, school).await.1), "unchanged 11", "another client's key");
    assert_eq!(push(&gateway, "", &token, &[("idempotency-key", "")], vec![]).await.0, 400);
}

#[tokio::test]
async fn a_key_in_use_is_refused() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let key = [("idempotency-key", "slow"), ("prefer", "respond-async")];
    let body = lines(&[roomy_school(), pupils(1_500)].concat()).into_bytes();
    let (status, report) = push(&gateway, "", &token, &key, body.clone()).await;
    assert_eq!(status, 202);
    let request = gateway.request("POST", "/v1/submissions", &token).header(key[0].0, key[0].1);
    let response = request.header("content-type", "application/x-ndjson").body(body.clone()).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers().contains_key("retry-after")), (409, true));
    let report = gateway.finished(&token, &format!("/v1/submissions/{}", report["id"].as_str().unwrap())).await;
    assert_eq!(counts(&report), "created 4511");
    assert_eq!(push(&gateway, "", &token, &key, body).await.0, 202, "as it was answered first");
}

#[tokio::test]
async fn two_gateways_share_the_work_and_the_waiting() {
    let gateway = Gateway::start();
    let other = Gateway::on(gateway.database.clone().unwrap(), &[]);
    let token = gateway.software(SCHOOL).await;
    assert_eq!(counts(&gateway.submit("", &token, &small_school()).await.1), "created 11");
    let push = |at: usize| {
        let records = pupils(20 * (at + 1));
        let (gateway, token) = (if at.is_multiple_of(2) { &gateway } else { &other }, token.clone());
        async move { gateway.submit("", &token, &records).await.1 }
    };
    let reports = futures_util::future::join_all((0..12).map(push)).await;
    for (at, report) in reports.iter().enumerate() {
        counts(report);
        assert_eq!(
            (&report["status"], &report["counts"]["received"], &report["counts"]["rejected"]),
            (&json!("completed"), &json!(60 * (at + 1)), &json!(0))
        );
    }
    assert_eq!(stored(&gateway, &format!("students WHERE student_code <= '{}' AND version = 1", pupil(99_999))), "241");
}
