//! Every resource through its whole life, in bulk and singly.

use crate::common::records::{
    SCHOOL, counts, deletion, example, issues, ordered, path, shuffled, small_school, upsert, with,
};
use crate::common::{Gateway, answer};
use school_gateway::model::spec::Spec;
use serde_json::{Value, json};

/// A member that may change without breaking a rule, and its new value.
const CHANGES: &[(&str, &str, &str)] = &[
    ("schools", "address", "Số 2 đường Lê Lợi"),
    ("campuses", "address", "Số 2 đường Lê Lợi"),
    ("staff", "major", "Toán ứng dụng"),
    ("classes", "name", "6A1 mới"),
    ("students", "note", "Đã nộp đủ hồ sơ"),
    ("enrollments", "decisionNumber", "12/QĐ"),
    ("teaching-assignments", "to", "2026-01-17"),
    ("subject-results", "comment", "Cần cố gắng hơn"),
    ("academic-records", "comment", "Cần cố gắng hơn"),
    ("facility-returns", "waterSource", ""),
    ("diplomas", "ranking", "Khá"),
];

/// The example, changed. (A facility return has no free text: its library grew.)
fn changed(spec: &Spec) -> Value {
    let (_, member, value) = CHANGES.iter().find(|(resource, _, _)| *resource == spec.name).unwrap();
    match spec.name {
        "facility-returns" => with(&example(spec.name), json!({ "libraryTitles": 4321 })),
        name => with(&example(name), json!({ *member: value })),
    }
}

/// A decimal comes back with its places: 0 as 0.0.
fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), one, other) {
        (Some(number), ..) => other.as_f64() == Some(number),
        (_, Value::Array(ones), Value::Array(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(a, b)| same(a, b))
        }
        (_, Value::Object(ones), Value::Object(others)) => {
            ones.len() == others.len()
                && ones.iter().all(|(name, one)| others.get(name).is_some_and(|other| same(one, other)))
        }
        _ => one == other,
    }
}

fn versions(gateway: &Gateway) -> Vec<String> {
    let version = |spec: &Spec| gateway.database().value(&format!("SELECT max(version) FROM \"{}\"", spec.table));
    ordered().map(version).collect()
}

fn stored(gateway: &Gateway) -> usize {
    ordered()
        .map(|spec| {
            gateway.database().value(&format!("SELECT count(*) FROM \"{}\"", spec.table)).parse::<usize>().unwrap()
        })
        .sum()
}

#[tokio::test]
async fn every_resource_through_its_life() {
    let gateway = Gateway::start();
    let (token, database) = (gateway.software(SCHOOL).await, gateway.database());
    let school = small_school();
    let all = school.len();
    let created = gateway.submit("", &token, &school).await;
    assert_eq!((created.0, counts(&created.1)), (200, format!("created {all}")), "{}", created.1);
    for _ in 0..2 {
        let again = gateway.submit("", &token, &school).await.1;
        assert_eq!(
            (counts(&again), database.value("SELECT count(*) FROM history")),
            (format!("unchanged {all}"), "0".into())
        );
    }
    assert_eq!(versions(&gateway), vec!["1"; all]);

    let changes: Vec<Value> = ordered().map(|spec| upsert(spec.name, &changed(spec))).collect();
    assert_eq!(counts(&gateway.submit("", &token, &changes).await.1), format!("updated {all}"));
    assert_eq!(versions(&gateway), vec!["2"; all]);
    for spec in ordered() {
        let old = format!(
            "SELECT operation || version || (valid_from < valid_to) || body::text FROM history WHERE resource = {}",
            spec.number
        );
        let old = database.column(&old);
        assert_eq!(old.len(), 1, "{}", spec.name);
        assert!(old[0].starts_with("update1true") && !old[0].contains("mới"), "{}: {}", spec.name, old[0]);
    }

    let deletes: Vec<Value> = ordered().map(|spec| deletion(spec.name, &example(spec.name))).collect();
    assert_eq!(counts(&gateway.submit("", &token, &shuffled(&deletes, 7)).await.1), format!("deleted {all}"));
    assert_eq!(stored(&gateway), 0);
    for spec in ordered() {
        let rows = format!(
            "SELECT operation || version || (body IS NULL) FROM history WHERE resource = {} ORDER BY version",
            spec.number
        );
        assert_eq!(database.column(&rows), ["update1false", "update2false", "delete3true"], "{}", spec.name);
        assert_eq!(gateway.delete(&path(spec.name, &example(spec.name)), &token).await.0, 404, "{}", spec.name);
    }
    assert_eq!(counts(&gateway.submit("", &token, &deletes).await.1), format!("unchanged {all}"));

    assert_eq!(counts(&gateway.submit("", &token, &shuffled(&school, 3)).await.1), format!("created {all}"));
    assert_eq!(versions(&gateway), vec!["4"; all], "an ETag never names two states");
}

/// How many blocks of the change log tell of this resource in the school.
fn blocks(gateway: &Gateway, spec: &Spec) -> usize {
    let sql =
        format!("SELECT count(*) FROM change_blocks WHERE school_code = '{SCHOOL}' AND resource = {}", spec.number);
    gateway.database().value(&sql).parse().unwrap()
}

#[tokio::test]
async fn every_resource_singly() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    for spec in ordered() {
        let (data, change) = (example(spec.name), changed(spec));
        let path = path(spec.name, &data);
        let put = |body: &Value, header: &'static str, value: &'static str| {
            let request = gateway.request("PUT", &path, &token).json(body);
            if header.is_empty() { request } else { request.header(header, value) }
        };
        let first = put(&data, "If-None-Match", "*").send().await.unwrap();
        assert_eq!(
            (first.status().as_u16(), &first.headers()["etag"].to_str().unwrap()),
            (201, &"\"1\""),
            "{}",
            spec.name
        );
        let body: Value = first.json().await.unwrap();
        assert_eq!(body["meta"]["version"], 1);
        for (name, value) in data.as_object().unwrap() {
            assert!(same(&body[name], value), "{} {name}: {} for {value}", spec.name, body[name]);
        }
        let (status, body) = answer(put(&data, "", "")).await;
        assert_eq!((status, &body["meta"]["version"]), (200, &json!(1)), "{}", spec.name);
        assert_eq!(answer(put(&change, "If-None-Match", "*")).await.0, 412);
        assert_eq!(answer(put(&change, "If-Match", "\"7\"")).await.0, 412);
        assert_eq!(answer(put(&change, "If-Match", "seven")).await.0, 400);
        let before = blocks(&gateway, spec);
        let (status, body) = answer(put(&change, "If-Match", "\"1\"")).await;
        assert_eq!((status, &body["meta"]["version"]), (200, &json!(2)), "{} {body}", spec.name);
        assert_eq!(blocks(&gateway, spec), before + 1, "{}", spec.name);
        assert_eq!(answer(put(&data, "If-Match", "*")).await.1["meta"]["version"], 3);
    }
    for spec in ordered().rev() {
        let path = path(spec.name, &example(spec.name));
        let delete = |tag: &'static str| gateway.request("DELETE", &path, &token).header("If-Match", tag);
        assert_eq!(answer(delete("\"2\"")).await.0, 412, "{}", spec.name);
        assert_eq!(answer(delete("\"3\"")).await.0, 204, "{}", spec.name);
        assert_eq!(answer(delete("*")).await.0, 412, "{}", spec.name);
    }
}

#[tokio::test]
async fn the_key_in_the_path_is_the_key_in_the_body() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    gateway.submit("", &token, &small_school()).await;
    let class = with(&example("classes"), json!({ "classCode": "6/1" }));
    let (status, body) = gateway.put(&format!("/v1/classes/{SCHOOL}/2025-2026/6%2F1"), &token, &class).await;
    assert_eq!((status, &body["classCode"]), (201, &json!("6/1")));
    let (status, body) = gateway.put(&format!("/v1/classes/{SCHOOL}/2025-2026/6%2F2"), &token, &class).await;
    assert_eq!((status, &body["code"]), (400, &json!("bad-request")), "{body}");
    for (path, expected) in
        [("/v1/classes/6%2F1", 404), ("/v1/nothing/1", 404), ("/v1/classes/a/b/c/d", 404), ("/v1/classes/a/%FF/c", 400)]
    {
        assert_eq!(gateway.put(path, &token, &class).await.0, expected, "{path}");
    }
    assert_eq!(gateway.delete(&format!("/v1/classes/{SCHOOL}/2025-2026/6%2F1"), &token).await.0, 204);
    let everywhere = gateway.software_of_all().await;
    for school in ["3'1", "3\\1", "3\\'; DROP TABLE classes; --", "3\u{0}1", "E'"] {
        let class = with(&class, json!({ "schoolCode": school }));
        let school = percent_encoding::utf8_percent_encode(school, percent_encoding::NON_ALPHANUMERIC);
        let (status, problem) =
            gateway.put(&format!("/v1/classes/{school}/2025-2026/6%2F1"), &everywhere, &class).await;
        assert!(status == 400 || status == 422, "{school} {status} {problem}");
    }
    for body in ["", "[]", "7", "{", "\u{feff}", "{\"schoolCode\":\"31000501\"} x"] {
        let request = gateway.request("PUT", &path("schools", &example("schools")), &token);
        let (status, problem) = answer(request.header("content-type", "application/json").body(body)).await;
        assert!(status == 400 || status == 422, "{body:?} {status} {problem}");
    }
}

#[tokio::test]
async fn a_missing_parent_parks_rejects_or_refuses() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    for spec in ordered().filter(|spec| spec.name != "schools") {
        let record = [upsert(spec.name, &example(spec.name))];
        let (status, report) = gateway.submit("?onMissingReference=reject", &token, &record).await;
        assert_eq!((status, counts(&report)), (422, "rejected 1".into()), "{}", spec.name);
        let named = issues(&report);
        assert!(
            named.contains(&"0 PT-015 /schoolCode".into()) && named.iter().all(|issue| issue.contains("PT-015")),
            "{named:?}"
        );
        let (status, problem) = gateway.put(&path(spec.name, &example(spec.name)), &token, &record[0]["data"]).await;
        assert_eq!((status, &problem["issues"][0]["code"]), (422, &json!("PT-015")), "{problem}");
        let (status, report) = gateway.submit("?atomicity=all", &token, &record).await;
        assert_eq!((status, counts(&report)), (422, "rejected 1".into()), "{}", spec.name);
        let (status, report) = gateway.submit("", &token, &record).await;
        assert_eq!(
            (status, counts(&report), &report["issues"][0]["severity"]),
            (200, "parked 1".into(), &json!("info")),
            "{}",
            spec.name
        );
    }
    assert_eq!(stored(&gateway), 0);
}

#[tokio::test]
async fn a_dry_run_leaves_nothing() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let (status, report) = gateway.submit("?mode=validate", &token, &shuffled(&small_school(), 5)).await;
    assert_eq!((status, counts(&report)), (200, "created 11".into()), "{report}");
    let orphan = [upsert("students", &with(&example("students"), json!({ "schoolCode": SCHOOL })))];
    assert_eq!(counts(&gateway.submit("?mode=validate", &token, &orphan).await.1), "parked 1");
    assert_eq!(stored(&gateway), 0);
    for table in ["history", "parked_records", "parked_waits", "submission_deferred"] {
        assert_eq!(gateway.database().value(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
}
