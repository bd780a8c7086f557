//! Faults of form, planted one by one into a sound record: each is told by its own code at its own place, and by no
//! other error.

use crate::common::{Folder, Gateway, answer, offline};
use school_gateway::model::{find, schema};
use serde_json::{Value, json};

/// The example of a resource with one member changed.
fn changed(resource: &str, pointer: &str, value: Value) -> Vec<u8> {
    let mut data = schema::example(find(resource).unwrap());
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    match data.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[member.parse::<usize>().unwrap()] = value,
        object => object[member] = value,
    }
    json!({ "resource": resource, "data": data }).to_string().into_bytes()
}

/// The example of a resource with its text changed.
fn spoilt(resource: &str, from: &str, to: &[u8]) -> Vec<u8> {
    let text = json!({ "resource": resource, "data": schema::example(find(resource).unwrap()) }).to_string();
    let (before, after) = text.split_once(from).unwrap_or_else(|| panic!("{resource} has no {from}"));
    [before.as_bytes(), to, after.as_bytes()].concat()
}

/// A line, the code that it must be given, and where.
fn planted() -> Vec<(Vec<u8>, &'static str, &'static str)> {
    let nested = (0..20).fold(json!(1), |inner, _| json!([inner]));
    vec![
        (b"{\"resource\":\"students\",\"data\":{".to_vec(), "PT-006", ""),
        (b"[1, 2]".to_vec(), "PT-006", ""),
        (br#"{"resource":"pupils","data":{}}"#.to_vec(), "PT-007", ""),
        (br#"{"resource":"students","operation":"merge","data":{}}"#.to_vec(), "PT-007", ""),
        (changed("students", "/note", json!("x".repeat(300 * 1024))), "PT-008", ""),
        (changed("students", "/note", nested), "PT-008", ""),
        (spoilt("students", "\"sex\":", b"\"sex\":\"male\",\"sex\":"), "PT-009", "/sex"),
        (changed("students", "/birthDay", json!("2014-05-20")), "PT-004", "/birthDay"),
        (changed("students", "/canSwim", json!("yes")), "PT-013", "/canSwim"),
        (changed("students", "/note", json!("x".repeat(501))), "PT-017", "/note"),
        (changed("classes", "/sessionsPerWeek", json!(99)), "PT-018", "/sessionsPerWeek"),
        (spoilt("classes", "\"sessionsPerWeek\":10", b"\"sessionsPerWeek\":1e400"), "PT-018", "/sessionsPerWeek"),
        (spoilt("classes", "\"sessionsPerWeek\":10", b"\"sessionsPerWeek\":-1e16"), "PT-018", "/sessionsPerWeek"),
        (spoilt("schools", "\"latitude\":20.940556", b"\"latitude\":1e300"), "PT-018", "/latitude"),
        (spoilt("subject-results", "\"finalMark\":8.5", b"\"finalMark\":1e400"), "MK-001", "/finalMark"),
        (spoilt("students", "\"canSwim\":true", b"\"canSwim\":1e400"), "PT-013", "/canSwim"),
        (changed("students", "/birthDate", json!("20/05/2014")), "DT-001", "/birthDate"),
        (changed("students", "/fullName", json!("Tra\u{302}\u{300}n Minh Kho\u{302}i")), "TX-001", "/fullName"),
        (changed("students", "/fullName", json!("Trần  Minh Khôi")), "TX-006", "/fullName"),
        (spoilt("subject-results", "tính toán", b"t\xednh to\xe1n"), "TX-002", ""),
        (changed("subject-results", "/finalMark", json!(85)), "MK-001", "/finalMark"),
        (changed("subject-results", "/finalMark", json!(8.25)), "MK-002", "/finalMark"),
        (changed("subject-results", "/testMark", json!(7.5)), "PR-001", "/testMark"),
        (changed("academic-records", "/qualities", json!({ "diligence": "X" })), "PR-003", "/qualities/diligence"),
        (changed("facility-returns", "/studentComputers", json!(-1)), "FA-001", "/studentComputers"),
    ]
}

#[tokio::test]
async fn each_fault_of_form_is_told_by_its_own_code_at_its_own_place() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    for (line, code, pointer) in planted() {
        let shown = String::from_utf8_lossy(&line[..line.len().min(200)]).into_owned();
        let request = gateway
            .request("POST", "/v1/submissions?mode=validate", &token)
            .header("content-type", "application/x-ndjson");
        let (_, report) = answer(request.body(line)).await;
        assert_eq!(report["counts"]["received"], 1, "{code}: {report}");
        let issues = report["issues"].as_array().unwrap_or_else(|| panic!("{code}: {report}"));
        let told = |issue: &&Value| issue["code"] == code && (pointer.is_empty() || issue["pointer"] == pointer);
        assert!(issues.iter().any(|issue| told(&issue)), "{code} at {pointer} is not told: {issues:?} of {shown}");
        let others: Vec<_> =
            issues.iter().filter(|issue| issue["severity"] == "error" && issue["code"] != code).collect();
        assert!(others.is_empty(), "beside {code}: {others:?} of {shown}");
    }
}

#[tokio::test]
async fn a_key_twice_and_a_school_of_others_are_told() {
    let gateway = Gateway::start();
    let token = gateway.software("31000501").await;
    let school = schema::example(find("schools").unwrap());
    let mut other = school.clone();
    other["schoolCode"] = json!("31000502");
    let records = [&school, &school, &other].map(|data| json!({ "resource": "schools", "data": data }));
    let (_, report) = gateway.submit("", &token, &records).await;
    let told: Vec<(&Value, &Value)> = report["issues"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|issue| issue["severity"] != "info")
        .map(|issue| (&issue["index"], &issue["code"]))
        .collect();
    assert_eq!(told, [(&json!(2), &json!("PT-016")), (&json!(0), &json!("PT-010"))], "{report}");
    assert_eq!(
        (&report["counts"]["created"], &report["counts"]["unchanged"], &report["counts"]["rejected"]),
        (&json!(1), &json!(1), &json!(1))
    );
}

#[tokio::test]
async fn without_a_gateway_the_same_is_told() {
    let (gateway, folder) = (Gateway::start(), Folder::new());
    let token = gateway.software_of_all().await;
    let body = planted().into_iter().flat_map(|(line, ..)| [line, b"\n".to_vec()].concat()).collect::<Vec<u8>>();
    let request =
        gateway.request("POST", "/v1/submissions?mode=validate", &token).header("content-type", "application/x-ndjson");
    let (_, report) = answer(request.body(body.clone())).await;
    let (status, offline) = offline::validated(&folder, &body);
    assert_eq!(status, Some(1), "{offline}");
    offline::assert_same(&offline, &gateway, &token, &report).await;
}
