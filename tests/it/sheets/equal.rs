//! The same data as NDJSON, CSV and XLSX give the same stored rows, for every resource.

use super::fixture::{School, XLSX, csv, table, workbook};
use crate::common::records::{counts, example, ordered, path, small_school};
use serde_json::Value;

/// Without what says when and by whom; 8 and 8.0 are one number.
fn content(record: &Value) -> Value {
    match record {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(items) => items.iter().map(content).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "meta")
            .map(|(name, value)| (name.clone(), content(value)))
            .collect(),
        other => other.clone(),
    }
}

/// Sends the small school as NDJSON: what is stored already is equal to the last byte of its hash.
async fn nothing_changes(school: &School) {
    let (status, report) = school.gateway.submit("", &school.token, &small_school()).await;
    let all = ordered().count();
    assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(all as u64)), "{report}");
    for spec in ordered() {
        let record = school.read(&path(spec.name, &example(spec.name))).await;
        assert_eq!(content(&record), content(&example(spec.name)), "{}", spec.name);
    }
}

#[actix_web::test]
async fn a_workbook_of_all_resources_stores_what_ndjson_stores() {
    let school = School::empty().await;
    let sheets: Vec<_> = ordered().map(|spec| (spec.name, table(&[example(spec.name)]))).collect();
    // Children's sheets first: order never matters.
    let body = workbook(&sheets.into_iter().rev().collect::<Vec<_>>());
    let (status, report) = school.send("", XLSX, body).await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(report["counts"]["created"].as_u64(), Some(ordered().count() as u64), "{report}");
    assert_eq!(report["issues"].as_array().map(Vec::len), Some(0), "{report}");
    nothing_changes(&school).await;
}

#[actix_web::test]
async fn a_csv_of_each_resource_stores_what_ndjson_stores() {
    let school = School::empty().await;
    for (spec, delimiter) in ordered().zip([b',', b';', b'\t'].into_iter().cycle()) {
        let (status, report) = school.send_csv(spec.name, csv(&table(&[example(spec.name)]), delimiter)).await;
        assert_eq!((status, counts(&report).contains("created 1")), (200, true), "{}: {report}", spec.name);
        assert_eq!(report["issues"].as_array().map(Vec::len), Some(0), "{}: {report}", spec.name);
    }
    nothing_changes(&school).await;
}

#[actix_web::test]
async fn what_a_list_gives_as_csv_is_taken_back() {
    let school = School::filled().await;
    for spec in ordered() {
        let request =
            school.gateway.request("GET", &format!("/v1/{}", spec.name), &school.token).header("accept", "text/csv");
        let exported = request.send().await.unwrap().bytes().await.unwrap();
        let (status, report) = school.send_csv(spec.name, exported).await;
        assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(1)), "{}: {report}", spec.name);
    }
}

#[actix_web::test]
async fn sheets_are_submissions_like_others() {
    let school = School::filled().await;
    let result = example("subject-results");
    let wrong = crate::common::records::with(&result, serde_json::json!({ "average": 1.0, "periodX": null }));
    let other = crate::common::records::with(&result, serde_json::json!({ "studentCode": "3100099999" }));
    let sheet = vec![("subject-results", table(&[wrong, other]))];
    let body = workbook(&sheet);
    let send = |query: &'static str, key: &'static str| {
        let request = school
            .gateway
            .request("POST", &format!("/v1/submissions{query}"), &school.token)
            .header("content-type", XLSX);
        crate::common::answer(request.header("idempotency-key", key).body(body.clone()))
    };
    let (status, dry) = send("?mode=validate", "one").await;
    assert_eq!(
        (status, dry["counts"]["rejected"].as_u64(), dry["counts"]["parked"].as_u64()),
        (200, Some(1), Some(1)),
        "{dry}"
    );
    let (_, again) = send("?mode=validate", "one").await;
    assert_eq!(again["id"], dry["id"], "the key gives the first answer again");
    let (status, all) = send("?atomicity=all", "two").await;
    assert_eq!((status, all["result"].as_str()), (422, Some("rejected")), "{all}");
    let (_, report) = send("", "three").await;
    assert_eq!(
        (report["counts"]["rejected"].as_u64(), report["counts"]["parked"].as_u64()),
        (Some(1), Some(1)),
        "{report}"
    );
    let rejected = school.gateway.request("GET", report["links"]["rejected"].as_str().unwrap(), &school.token);
    let rejected: Value = serde_json::from_slice(&rejected.send().await.unwrap().bytes().await.unwrap()).unwrap();
    assert_eq!(
        (rejected["resource"].as_str(), &rejected["data"]["average"]),
        (Some("subject-results"), &serde_json::json!(1)),
        "{rejected}"
    );
}
