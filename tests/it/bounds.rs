//! A record costs what its length is worth, whatever stands in it: the first hundred faults are told, the rest counted.

use crate::common::records::{SCHOOL, counts, example, small_school, upsert, with};
use crate::common::{Gateway, answer, served};
use serde_json::{Value, json};

/// Just below the limit of a record.
const LONG: usize = 240_000;

/// So many pieces, each with a number, that they are about as long as a record may be.
fn filled(piece: impl Fn(usize) -> String) -> String {
    let (mut text, mut number) = (String::new(), 0);
    while text.len() < LONG {
        text.push_str(if number > 0 { "," } else { "" });
        text.push_str(&piece(number));
        number += 1;
    }
    text
}

/// A record's `data` with further members, as text.
fn body(resource: &str, without: &str, members: &str) -> String {
    let data = with(&example(resource), json!({ without: null })).to_string();
    format!("{},{members}}}", &data[..data.len() - 1])
}

/// Bodies with more faults than are told: the resource, and what they are.
fn faulty() -> Vec<(&'static str, String)> {
    let list = |piece: &dyn Fn(usize) -> String| format!("\"policyGroups\":[{}]", filled(piece));
    vec![
        ("students", body("students", "policyGroups", &filled(|number| format!("\"fulName{number}\":1")))),
        ("students", body("students", "policyGroups", &filled(|_| "\"fullName\":\"x\"".into()))),
        ("students", body("students", "policyGroups", &list(&|_| "\"x\"".into()))),
        ("students", body("students", "policyGroups", &list(&|number| format!("\"con thương binh {number}\"")))),
        ("students", body("students", "policyGroups", &list(&|_| format!("\"{}\"", "hộ nghèo ".repeat(30))))),
        (
            "students",
            body("students", "contacts", &format!("\"contacts\":[{}]", filled(|_| "{\"fulName\":\"=1\"}".into()))),
        ),
        (
            "facility-returns",
            body(
                "facility-returns",
                "rooms",
                &format!("\"rooms\":[{}]", filled(|number| format!("{{\"type\":\"x{number}\"}}"))),
            ),
        ),
        (
            "facility-returns",
            body(
                "facility-returns",
                "minimumEquipmentSets",
                &format!("\"minimumEquipmentSets\":{{{}}}", filled(|number| format!("\"x{number}\":1"))),
            ),
        ),
        (
            "subject-results",
            body("subject-results", "regularMarks", &format!("\"regularMarks\":[{}]", filled(|_| "85".into()))),
        ),
    ]
}

#[tokio::test]
async fn the_first_hundred_faults_of_a_record_are_told_and_the_rest_counted() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    assert_eq!(gateway.submit("", &token, &small_school()).await.0, 200);
    for (resource, body) in faulty() {
        let path = crate::common::records::path(resource, &example(resource));
        let put = gateway.request("PUT", &path, &token).header("content-type", "application/json").body(body.clone());
        let (status, problem) = served(put).await;
        let issues = problem["issues"].as_array().unwrap_or_else(|| panic!("{status} {problem}"));
        let further: Vec<&Value> = issues.iter().filter(|issue| issue["code"] == "PT-023").collect();
        assert_eq!((status, issues.len(), further.len()), (422, 101, 1), "{resource} {}", &body[..300]);
        assert!(problem.to_string().len() < 150_000, "the answer is long: {} bytes", problem.to_string().len());
        // The same in bulk.
        let line = format!("{{\"resource\":\"{resource}\",\"data\":{body}}}\n");
        let request = gateway.request("POST", "/v1/submissions?mode=validate", &token);
        let (status, report) = answer(request.header("content-type", "application/x-ndjson").body(line)).await;
        counts(&report);
        assert_eq!((status, &report["issues"][0]["code"]), (422, &json!("PT-023")), "{:#}", report["issues"][0]);
    }
}

#[tokio::test]
async fn a_delete_looks_at_its_key_alone_however_much_stands_beside_it() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let pupil = with(&example("students"), json!({ "studentCode": "3100040799", "citizenId": null }));
    assert_eq!(gateway.submit("", &token, &[small_school(), vec![upsert("students", &pupil)]].concat()).await.0, 200);
    let members = filled(|number| format!("\"x{number}\":1"));
    let line = format!(
        "{{\"resource\":\"students\",\"operation\":\"delete\",\"data\":{{{members},\"studentCode\":\"3100040799\"}}}}\n"
    );
    let request = gateway.request("POST", "/v1/submissions", &token).header("content-type", "application/x-ndjson");
    let (status, report) = answer(request.body(line)).await;
    assert_eq!((status, counts(&report)), (200, "deleted 1".to_owned()), "{report:#}");
}

#[tokio::test]
async fn a_single_record_is_bounded_as_one_in_bulk() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let put = async |members: &str| {
        let body = body("students", "note", members);
        answer(
            gateway
                .request("PUT", "/v1/students/3100040001", &token)
                .header("content-type", "application/json")
                .body(body),
        )
        .await
    };
    for members in
        [format!("\"note\":\"{}\"", "a".repeat(256 * 1024)), format!("\"note\":{}1{}", "[".repeat(20), "]".repeat(20))]
    {
        let (status, problem) = put(&members).await;
        let codes: Vec<&Value> = problem["issues"].as_array().unwrap().iter().map(|issue| &issue["code"]).collect();
        assert_eq!((status, codes), (422, vec![&json!("PT-008")]), "{problem}");
    }
}

#[tokio::test]
async fn the_limit_that_is_told_is_the_one_in_force() {
    let gateway = Gateway::start_with(&["--max-record-bytes", "64KiB"]);
    let token = gateway.software(SCHOOL).await;
    let student = with(&example("students"), json!({ "studentCode": "3100040001", "note": "a".repeat(65 * 1024) }));
    let (_, report) = gateway.submit("", &token, &[upsert("students", &student)]).await;
    let request = gateway.request("PUT", "/v1/students/3100040001", &token).json(&student);
    let (_, problem) = answer(request).await;
    for issue in [&report["issueGroups"][0], &problem["issues"][0]] {
        assert_eq!(issue["code"], "PT-008", "{report:#} {problem:#}");
        assert!(issue["message"].as_str().unwrap().contains("64 KiB"), "{issue}");
    }
}

/// One key written in two ways used to come to the database twice, which cost a hundred times as much.
#[tokio::test]
async fn a_key_written_in_two_ways_is_one_key() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    assert_eq!(gateway.submit("", &token, &small_school()).await.0, 200);
    let campus =
        |code: String| upsert("campuses", &with(&example("campuses"), json!({ "campusCode": code, "main": false })));
    let twins =
        (0..300).flat_map(|number| [campus(format!("Đồi {number}")), campus(format!("Đo\u{302}\u{300}i  {number}"))]);
    let records: Vec<Value> = twins.collect();
    let (status, report) = gateway.submit("", &token, &records).await;
    assert_eq!(status, 200, "{report:#}");
    let total = &report["counts"];
    assert_eq!((&total["created"], &total["unchanged"]), (&json!(300), &json!(300)), "{total}");
}
