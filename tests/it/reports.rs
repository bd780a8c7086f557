//! Reports: issues in pages and streams, rejected records to mend, the list of submissions and who sees them.

use crate::common::Gateway;
use crate::common::records::{SCHOOL, counts, example, pupils, small_school, upsert, with};
use calamine::{Data, DataType, Reader, Xlsx};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use std::io::Cursor;

/// A clean school with every tenth pupil's birth date spoilt.
fn spoilt() -> Vec<Value> {
    let spoil = |(at, record): (usize, Value)| match record["resource"] == "students" && at % 30 == 0 {
        true => upsert("students", &with(&record["data"], json!({ "birthDate": "20/05/2014", "sex": "m" }))),
        false => record,
    };
    [pupils(300).into_iter().enumerate().map(spoil).collect(), small_school()].concat()
}

async fn text(gateway: &Gateway, path: &str, accept: &str, token: &str) -> String {
    gateway.request("GET", path, token).header("accept", accept).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn issues_come_in_pages_and_streams_and_the_rejected_are_mended() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let report = gateway.submit("", &token, &spoilt()).await.1;
    assert_eq!(counts(&report), "created 821, parked 60, rejected 30");
    let path = report["links"]["issues"].as_str().unwrap();
    let (mut paged, mut next) = (Vec::new(), Some(format!("{path}?limit=7")));
    while let Some(page) = next {
        let (status, page) = gateway.get(&page, &token).await;
        assert_eq!(status, 200, "{page}");
        paged.extend(page["items"].as_array().unwrap().clone());
        next = page["nextCursor"].as_str().map(|cursor| format!("{path}?limit=7&cursor={cursor}"));
    }
    let severity = |issue: &Value| ["error", "warning", "info"].iter().position(|known| issue["severity"] == *known);
    let order =
        |issue: &Value| (severity(issue), issue["index"].as_u64(), issue["pointer"].as_str().unwrap().to_owned());
    assert!(paged.is_sorted_by_key(order), "errors first, then by record");
    assert_eq!(report["issues"], json!(paged[..100]));
    assert!(report["issueGroups"].as_array().unwrap().is_sorted_by_key(severity), "{}", report["issueGroups"]);
    let errors = paged.iter().filter(|issue| issue["severity"] == "error").count();
    assert_eq!((errors, paged.len()), (60, 120), "two faults a spoilt record, and what waits for it");
    let streamed: Vec<Value> = text(&gateway, path, "application/x-ndjson", &token)
        .await
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(streamed, paged);
    assert_eq!(text(&gateway, path, "text/csv", &token).await.lines().count(), 121);
    let filtered =
        async |query: &str| gateway.get(&format!("{path}?limit=1000&{query}"), &token).await.1["items"].clone();
    let of = |member: &str, value: &str| {
        json!(paged.iter().filter(|issue| issue[member] == *value).collect::<Vec<&Value>>())
    };
    assert_eq!(filtered("severity=error").await, of("severity", "error"));
    assert_eq!(filtered("code=PT-015&severity=info").await, of("code", "PT-015"));
    assert_eq!(filtered("resource=enrollments").await, of("resource", "enrollments"));
    assert_eq!(filtered("resource=schools").await, json!([]));
    let path_of_errors = format!("{path}?severity=error");
    assert_eq!(text(&gateway, &path_of_errors, "text/csv", &token).await.lines().count(), 61);
    for bad in ["?limit=0", "?limit=1001", "?cursor=x", "?page=2", "?severity=bad", "?code=XX-1", "?resource=pupils"] {
        assert_eq!(gateway.get(&format!("{path}{bad}"), &token).await.0, 400, "{bad}");
    }
    let english = gateway.request("GET", path, &token).header("accept-language", "en");
    assert_ne!(crate::common::answer(english).await.1["items"][0]["message"], paged[0]["message"]);

    let rejected = text(&gateway, report["links"]["rejected"].as_str().unwrap(), "*/*", &token).await;
    let mend = |line: &str| {
        let record: Value = serde_json::from_str(line).unwrap();
        upsert("students", &with(&record["data"], json!({ "birthDate": "2014-05-20", "sex": "male" })))
    };
    let mended: Vec<Value> = rejected.lines().map(mend).collect();
    assert_eq!(counts(&gateway.submit("", &token, &mended).await.1), "created 30");
    gateway.counted(&token, &report, "created 881, rejected 30").await;
}

#[tokio::test]
async fn submissions_are_listed_for_those_who_may_see_them() {
    let gateway = Gateway::start();
    let own = gateway.client("school-software", &["--school", SCHOOL]);
    let (token, stranger) = (gateway.token(&own).await, gateway.software(SCHOOL).await);
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(gateway.submit("", &token, &small_school()).await.1["id"].clone());
    }
    ids.reverse();
    let commune = example("schools")["communeCode"].as_str().unwrap().to_owned();
    let staff = |arguments: Vec<String>| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        gateway.client("sector-staff", &arguments)
    };
    let here = gateway.token(&staff(vec!["--commune".into(), commune])).await;
    let there = gateway.token(&staff(vec!["--school".into(), "31000599".into()])).await;
    let all = gateway.token(&staff(vec!["--all-schools".into()])).await;
    let list = |query: String, token: String| {
        let gateway = &gateway;
        async move {
            let (status, page) = gateway.get(&format!("/v1/submissions{query}"), &token).await;
            assert_eq!(status, 200, "{query} {page}");
            page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<Value>>()
        }
    };
    for (token, expected) in [(&token, &ids[..]), (&here, &ids), (&all, &ids), (&there, &[]), (&stranger, &[])] {
        assert_eq!(list(String::new(), token.clone()).await, expected);
        let status = gateway.get(&format!("/v1/submissions/{}", ids[0].as_str().unwrap()), token).await.0;
        assert_eq!(status, if expected.is_empty() { 404 } else { 200 });
    }
    let received =
        gateway.get(&format!("/v1/submissions/{}", ids[2].as_str().unwrap()), &token).await.1["receivedAt"].clone();
    let received = received.as_str().unwrap().to_owned();
    for (query, expected) in [
        (format!("?schoolCode={SCHOOL}"), 5),
        ("?schoolCode=31000599".into(), 0),
        (format!("?clientId={}", own.client_id), 5),
        ("?status=completed".into(), 5),
        ("?status=failed".into(), 0),
        (format!("?receivedAt[gte]={received}"), 3),
        (format!("?receivedAt[lte]={received}"), 3),
        ("?result=accepted".into(), 5),
        ("?result=rejected".into(), 0),
        (format!("?receivedAt[gte]={}", &received[..10]), 5),
        ("?receivedAt[lte]=2025-01-01".into(), 0),
        ("?limit=2".into(), 2),
    ] {
        assert_eq!(list(query.clone(), all.clone()).await.len(), expected, "{query}");
    }
    let item = gateway.get("/v1/submissions?limit=1", &here).await.1["items"][0].clone();
    assert_eq!((&item["clientName"], &item["schools"]), (&json!("Test"), &json!([SCHOOL])), "{item}");
    for bad in [
        "?status=done",
        "?result=good",
        "?limit=0",
        "?cursor=x",
        "?school=1",
        "?receivedAt[gte]=yesterday",
        "?clientId=7",
    ] {
        assert_eq!(gateway.get(&format!("/v1/submissions{bad}"), &all).await.0, 400, "{bad}");
    }
    let (mut found, mut next) = (Vec::new(), Some(String::new()));
    while let Some(cursor) = next {
        let page = gateway.get(&format!("/v1/submissions?limit=2{cursor}"), &all).await.1;
        found.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
        next = page["nextCursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
    }
    assert_eq!(found, ids);
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The sheets of a workbook: name and rows.
fn sheets(bytes: &[u8]) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    book.worksheets().into_iter().map(|(name, range)| (name, range.rows().map(<[Data]>::to_vec).collect())).collect()
}

#[tokio::test]
async fn issues_come_as_a_workbook_for_the_office() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let student =
        |number: usize, changes: Value| upsert("students", &with(&pupils(number + 1)[3 * number]["data"], changes));
    let hostile = [
        student(0, json!({ "sex": "=HYPERLINK(1)" })),
        student(1, json!({ "sex": "+1" })),
        student(2, json!({ "birthDate": "=1" })),
    ];
    let report = gateway.submit("", &token, &[small_school(), hostile.to_vec()].concat()).await.1;
    let path = report["links"]["issues"].as_str().unwrap();
    let csv = text(&gateway, path, "text/csv", &token).await;
    let csv: Vec<csv::StringRecord> =
        csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes()).records().map(Result::unwrap).collect();
    assert!(csv.len() >= 3);
    for (language, name, heading) in [("vi", "Lỗi và cảnh báo", "Nội dung"), ("en", "Issues", "Message")] {
        let request = gateway.request("GET", path, &token).header("accept", XLSX).header("accept-language", language);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], XLSX);
        assert!(answer.headers()["content-disposition"].to_str().unwrap().ends_with(".xlsx\""));
        let sheets = sheets(&answer.bytes().await.unwrap());
        let [(found, rows)] = sheets.as_slice() else { panic!("{} sheets", sheets.len()) };
        assert_eq!(
            (found.as_str(), rows[0][6].as_string().as_deref(), rows.len()),
            (name, Some(heading), csv.len() + 1)
        );
        for (row, line) in rows[1..].iter().zip(&csv) {
            assert_eq!(row[0].as_i64(), line[0].parse().ok(), "the place is a number");
            assert!(
                row[1..].iter().all(|cell| matches!(cell, Data::String(_) | Data::Empty)),
                "{row:?}: texts, no formulas"
            );
            let told: Vec<String> = row[1..6].iter().map(|cell| cell.as_string().unwrap_or_default()).collect();
            assert_eq!(told, line.iter().skip(1).take(5).map(|cell| cell.trim_start_matches('\'')).collect::<Vec<_>>());
        }
    }
}

#[tokio::test]
async fn a_receipt_is_verified_with_the_published_keys_also_when_they_are_retired() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let report = gateway.submit("", &token, &small_school()).await.1;
    assert_eq!(
        report["links"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["issues", "receipt", "rejected", "self"]
    );
    let path = report["links"]["receipt"].as_str().unwrap();
    let answer = gateway.request("GET", path, &token).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "application/jose")
    );
    let receipt = answer.text().await.unwrap();

    let stated = verified(&gateway, &receipt).await;
    for name in [
        "id",
        "clientId",
        "receivedAt",
        "completedAt",
        "bytes",
        "sha256",
        "mode",
        "atomicity",
        "status",
        "result",
        "counts",
        "byResource",
    ] {
        assert!(
            !stated[name].is_null() && stated[name] == report[name],
            "{name}: {} is not {}",
            stated[name],
            report[name]
        );
    }
    assert_eq!(stated["iss"], json!(gateway.url));
    assert_eq!(gateway.get(path, &receipt).await.0, 401, "a receipt is no access token");
    assert_eq!(gateway.get(path, &gateway.software(SCHOOL).await).await.0, 404, "another client's");

    gateway.run(&["keys", "rotate"]);
    gateway
        .database()
        .execute("UPDATE signing_keys SET retired_at = now() - interval '2 days' WHERE retired_at IS NOT NULL");
    gateway.run(&["keys", "rotate"]);
    let database = gateway.database.clone().unwrap();
    drop(gateway);
    let gateway = Gateway::on(database, &[]);
    assert_eq!(verified(&gateway, &receipt).await, stated);
    assert_eq!(gateway.database().value("SELECT count(*) FROM signing_keys WHERE private_key IS NULL"), "1");
}

async fn verified(gateway: &Gateway, receipt: &str) -> Value {
    let keys: JwkSet = serde_json::from_value(gateway.get("/.well-known/jwks.json", "").await.1).unwrap();
    let header = decode_header(receipt).unwrap();
    assert_eq!(header.typ.as_deref(), Some("submission-receipt+jwt"));
    let key = DecodingKey::from_jwk(keys.find(header.kid.as_deref().unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_aud) = (false, false);
    let tampered = receipt.replacen(receipt.split('.').nth(1).unwrap(), "eyJzdGF0dXMiOiJjb21wbGV0ZWQifQ", 1);
    assert!(decode::<Value>(&tampered, &key, &validation).is_err());
    decode::<Value>(receipt, &key, &validation).unwrap().claims
}

#[tokio::test]
async fn there_is_no_receipt_while_the_work_is_not_done() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let report = gateway.submit("", &token, &small_school()).await.1;
    let id = report["id"].as_str().unwrap();
    gateway.database().execute(&format!(
        "UPDATE submissions SET status = 'receiving', completed_at = NULL, leased_until = now() + interval '1 hour' WHERE id = '{id}'"
    ));
    let answer = gateway.request("GET", report["links"]["receipt"].as_str().unwrap(), &token).send().await.unwrap();
    assert_eq!(answer.status(), 409);
    assert!(answer.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn groups_are_kept_and_counted_anew_when_parked_records_find_their_outcome() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let report = gateway.submit("", &token, &[pupils(3), small_school()].concat().split_off(1)).await.1;
    assert_eq!(counts(&report), "created 17, parked 2");
    let groups = |report: &Value| -> Vec<(String, i64)> {
        let groups = report["issueGroups"].as_array().unwrap().iter();
        groups.map(|group| (group["code"].as_str().unwrap().to_owned(), group["count"].as_i64().unwrap())).collect()
    };
    assert_eq!(groups(&report), [("PT-015".to_owned(), 1), ("PT-015".to_owned(), 1)]);
    assert_eq!(gateway.database().value("SELECT jsonb_array_length(issue_groups) FROM submissions"), "2");
    gateway.submit("", &token, &pupils(1)[..1]).await;
    assert_eq!(groups(&gateway.counted(&token, &report, "created 19").await), []);
}
