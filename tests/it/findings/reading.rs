//! `/v1/findings`: who sees what, filters, pages, whole results, languages.

use super::fixture::{OTHER, Office, class};
use crate::common::answer;
use crate::common::records::{SCHOOL, example, upsert, with};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Five empty classes.
async fn five() -> Office {
    let office = Office::open().await;
    let classes: Vec<Value> = ["6A2", "6A3", "6A4", "6A5", "6A6"]
        .into_iter()
        .map(|code| upsert("classes", &with(&class(code), json!({ "homeroomStaffCode": null }))))
        .collect();
    office.send(&classes[..2]).await;
    office.gateway.database().judged().await;
    office.send(&classes[2..]).await;
    office.gateway.database().judged().await;
    office
}

#[tokio::test]
async fn lists_are_filtered_and_read_page_by_page() {
    let office = five().await;
    let (status, page) = office.gateway.get("/v1/findings?limit=3&count=true&code=CL-005", &office.staff).await;
    assert_eq!((status, &page["total"], page["items"].as_array().unwrap().len()), (200, &json!(5), 3), "{page}");
    let mut seen: Vec<Value> = page["items"].as_array().unwrap().clone();
    // What opens meanwhile does not disturb the pages.
    office.send(&[upsert("classes", &with(&class("6A7"), json!({ "homeroomStaffCode": null })))]).await;
    office.gateway.database().judged().await;
    let response =
        office.gateway.request("GET", "/v1/findings?limit=3&code=CL-005", &office.staff).send().await.unwrap();
    assert!(
        response.headers()["link"].to_str().unwrap().contains("/v1/findings?limit=3&code=CL%2D005&cursor="),
        "{:?}",
        response.headers()
    );
    let next = format!("/v1/findings?limit=3&code=CL-005&cursor={}", page["nextCursor"].as_str().unwrap());
    let (_, second) = office.gateway.get(&next, &office.staff).await;
    seen.extend(second["items"].as_array().unwrap().iter().cloned());
    let ids: BTreeSet<&str> = seen.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!((seen.len(), ids.len(), &second["nextCursor"]), (5, 5, &Value::Null));
    let opened: Vec<&str> = seen.iter().map(|item| item["openedAt"].as_str().unwrap()).collect();
    assert!(opened.is_sorted_by(|newer, older| newer >= older), "{opened:?}");

    let count = async |query: &str| office.items(query).await.len();
    assert_eq!(
        (count("").await, count("?code=CL-006").await, count("?resource=classes&severity=warning").await),
        (12, 6, 12)
    );
    assert_eq!(
        (count("?resource=students").await, count("?severity=error").await, count("?status=closed").await),
        (0, 0, 0)
    );
    assert_eq!((count(&format!("?schoolCode={SCHOOL}")).await, count(&format!("?schoolCode={OTHER}")).await), (12, 0));
    let since = second["items"].as_array().unwrap().first().unwrap()["openedAt"].as_str().unwrap().replace('+', "%2B");
    assert_eq!((count(&format!("?since={since}")).await, count("?since=2100-01-01T00:00:00Z").await), (12, 0));
    for bad in [
        "?code=ID-004",
        "?resource=pupils",
        "?schoolCode=0",
        "?severity=bad",
        "?status=ajar",
        "?since=yesterday",
        "?limit=0",
        "?cursor=x",
        "?shool=1",
    ] {
        let (status, problem) = office.gateway.get(&format!("/v1/findings{bad}"), &office.staff).await;
        assert_eq!((status, &problem["code"]), (400, &json!("bad-request")), "{bad}: {problem}");
    }
}

/// Every code that a whole-school check has.
const CODES: [&str; 23] = [
    "AG-001", "AS-003", "AS-005", "CL-003", "CL-004", "CL-005", "CL-006", "CL-008", "CL-010", "ID-022", "MK-008",
    "MK-010", "MK-016", "MK-017", "MK-018", "MK-021", "MK-022", "SF-004", "SF-007", "SF-012", "ST-005", "ST-007",
    "ST-012",
];

#[tokio::test]
async fn findings_can_be_asked_for_by_every_code() {
    let office = Office::open().await;
    let mut known: Vec<&str> = school_gateway::checks::check::checks().map(|check| check.rule.code).collect();
    known.sort_unstable();
    assert_eq!(known, CODES);
    for code in CODES {
        assert_eq!(office.items(&format!("?code={code}&status=all")).await.len(), 0, "{code}");
    }
}

#[tokio::test]
async fn a_single_finding_speaks_the_language_asked_for() {
    let office = five().await;
    let item = office.items("?code=CL-005").await.remove(0);
    let path = format!("/v1/findings/{}", item["id"].as_str().unwrap());
    assert_eq!(office.gateway.get(&path, &office.staff).await, (200, item.clone()));
    let (_, english) =
        answer(office.gateway.request("GET", &path, &office.staff).header("accept-language", "en")).await;
    assert!(
        english["message"].as_str().unwrap().contains("has no students")
            && item["message"].as_str().unwrap().contains("không có"),
        "{english}"
    );
    let whole = async |accept: &str| {
        let request = office.gateway.request("GET", "/v1/findings?code=CL-005", &office.staff).header("accept", accept);
        request.send().await.unwrap().text().await.unwrap()
    };
    let lines = whole("application/x-ndjson").await;
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((lines.lines().count(), first), (5, item));
    let csv = whole("text/csv").await;
    assert!(whole("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet").await.starts_with("PK"));
    assert!(csv.starts_with("\u{feff}id,schoolCode,code") && csv.lines().count() == 6, "{csv}");
}

#[tokio::test]
async fn everyone_sees_what_is_his_to_see() {
    let office = five().await;
    let gateway = &office.gateway;
    let path = format!("/v1/findings/{}", office.items("").await[0]["id"].as_str().unwrap());
    let commune = example("schools")["communeCode"].as_str().unwrap().to_owned();
    for (kind, arguments, expected) in [
        ("school-software", vec!["--school", SCHOOL], 10),
        ("school-software", vec!["--school", OTHER], 0),
        ("sector-staff", vec!["--commune", &commune], 10),
        ("sector-staff", vec!["--commune", "00001"], 0),
        ("sector-staff", vec!["--school", SCHOOL], 10),
    ] {
        let token = gateway.token_for(kind, &arguments).await;
        let (status, page) = gateway.get("/v1/findings?count=true", &token).await;
        assert_eq!((status, &page["total"]), (200, &json!(expected)), "{kind} {arguments:?}");
        assert_eq!(page["items"].as_array().unwrap().len(), expected);
        assert_eq!(gateway.get(&path, &token).await.0, if expected == 0 { 404 } else { 200 }, "{kind} {arguments:?}");
    }
    for kind in ["consumer", "public-service", "admin"] {
        let arguments: &[&str] = if kind == "consumer" { &["--all-schools"] } else { &[] };
        let token = gateway.token_for(kind, arguments).await;
        assert_eq!(
            (gateway.get("/v1/findings", &token).await.0, gateway.get(&path, &token).await.0),
            (403, 403),
            "{kind}"
        );
    }
    assert_eq!(
        (gateway.get("/v1/findings", "").await.0, gateway.get("/v1/findings/none", &office.staff).await.0),
        (401, 404)
    );
    let decision = format!("{path}/decision");
    let (status, problem) = gateway.put(&decision, &office.staff, &json!({ "decision": "distinct" })).await;
    assert_eq!(status, 400, "{problem}");
    let elsewhere = gateway.token_for("sector-staff", &["--school", OTHER]).await;
    assert_eq!(gateway.put(&decision, &elsewhere, &json!({ "decision": "distinct" })).await.0, 404);
}
