//! What is said of records is told to those only who may know: no sensitive value to whoever may not see such, nothing of
//! another school's people, by any way out and in either language.

use crate::common::records::{SCHOOL, example, small_school, upsert, with};
use crate::common::{Gateway, answer, ways_out::told};
use serde_json::{Value, json};

const OTHER: &str = "31000502";

fn school(code: &str) -> Value {
    let changes = json!({ "schoolCode": code, "name": "Trường THCS Khác" });
    with(&example("schools"), changes)
}

/// A pupil of whom every sensitive member is faulty, or says something that is not to be known.
fn pupil(code: &str, of: &str) -> Value {
    let changes = json!({ "studentCode": code, "schoolCode": of, "citizenId": "031999777666", "religion": "R77",
        "bloodGroup": "ZZZZZZZZZZ", "healthInsuranceNumber": "HS4310098765432109999", "policyGroups": ["PG88"],
        "poorHousehold": "very-poor", "disability": true, "disabilityDegree": "DD9", "feeReduction": "quarter", "heightCm": 98765,
        "weightKg": "abc", "eyeDisease": "maybe", "contacts": [{ "relationship": "mother", "fullName": "Lê Thị Hoa", "citizenId": "0311860" }] });
    with(&example("students"), changes)
}

/// Values, and members at which there is something to be said.
const SENSITIVE: [&str; 22] = [
    "031999",
    "777666",
    "R77",
    "ZZZZ",
    "HS4310",
    "PG88",
    "very-poor",
    "DD9",
    "quarter",
    "98765",
    "maybe",
    "0311860",
    "\"/disability",
    "/religion",
    "/policyGroups",
    "/poorHousehold",
    "/feeReduction",
    "/eyeDisease",
    "/heightCm",
    "ST-002",
    "/weightKg",
    "031***",
];

#[tokio::test]
async fn sensitive_values_are_told_to_holders_of_the_right_alone() {
    let gateway = Gateway::start();
    let software = gateway.software(SCHOOL).await;
    assert_eq!(gateway.submit("", &software, &small_school()).await.0, 200);
    let (_, report) = gateway.submit("", &software, &[upsert("students", &pupil("3100028001", SCHOOL))]).await;
    let id = report["id"].as_str().unwrap();
    let staff = async |more: &[&str]| {
        let token = gateway.token_for("sector-staff", &[&["--school", SCHOOL], more].concat()).await;
        told(&gateway, &token, id, 1).await
    };
    let (blind, sighted) = (staff(&[]).await, staff(&["--scope", "sensitive.read"]).await);
    assert!(blind.contains("3100028001") && blind.contains("/citizenId"), "what is no secret is told: {blind}");
    let told: Vec<&str> = SENSITIVE.into_iter().filter(|secret| blind.contains(secret)).collect();
    assert!(told.is_empty(), "{told:?} in {blind}");
    for known in ["ST-002", "R77", "/policyGroups", "very-poor"] {
        assert!(sighted.contains(known), "{known} is told to those who may know: {sighted}");
    }
}

#[tokio::test]
async fn of_several_schools_one_is_told_of_his_own() {
    let gateway = Gateway::start();
    let software = gateway.token_for("school-software", &["--school", SCHOOL, "--school", OTHER]).await;
    assert_eq!(
        gateway.submit("", &software, &[small_school(), vec![upsert("schools", &school(OTHER))]].concat()).await.0,
        200
    );
    let waiting = |code: &str, of: &str, class: &str| {
        let changes = json!({ "schoolCode": of, "studentCode": code, "classCode": class });
        upsert("enrollments", &with(&example("enrollments"), changes))
    };
    let broken =
        |code: &str, of: &str| upsert("students", &with(&pupil(code, of), json!({ "fullName": "Trần 7 Văn" })));
    let records = [
        broken("3100027001", SCHOOL),
        waiting("3100027002", SCHOOL, "6Y1"),
        broken("3100028001", OTHER),
        waiting("3100028002", OTHER, "6Z1"),
        json!({ "resource": "pupils", "data": { "studentCode": "3100028003", "schoolCode": OTHER } }),
    ];
    let (_, report) = gateway.submit("", &software, &records).await;
    let id = report["id"].as_str().unwrap();
    let staff = async |area: &[&str]| {
        let arguments = [area, &["--scope", "sensitive.read"]].concat();
        gateway.token_for("sector-staff", &arguments).await
    };
    let sees = async |area: &[&str]| {
        let all = told(&gateway, &staff(area).await, id, 1).await;
        ["3100027001", "3100027002", "3100028001", "3100028002", "6Y1", "6Z1", "PT-007"]
            .map(|secret| all.contains(secret))
    };
    assert_eq!(sees(&["--school", SCHOOL]).await, [true, true, false, false, true, false, false]);
    assert_eq!(sees(&["--school", OTHER]).await, [false, false, true, true, false, true, false]);
    assert_eq!(sees(&["--school", OTHER, "--school", SCHOOL]).await, [true; 7]);
    let commune = example("schools")["communeCode"].as_str().unwrap().to_owned();
    assert_eq!(sees(&["--commune", &commune]).await, [true; 7]);
    assert!(told(&gateway, &software, id, 1).await.contains("3100028001"), "the sender knows what was sent");
    // A school out of sight is in no submission.
    let own = staff(&["--school", SCHOOL]).await;
    let list = async |school: &str| {
        gateway.get(&format!("/v1/submissions?schoolCode={school}"), &own).await.1["items"].as_array().unwrap().len()
    };
    assert_eq!((list(SCHOOL).await > 0, list(OTHER).await), (true, 0));
    // Totals are of the submission as a whole; who sees less of it is told so.
    let beyond = async |area: &[&str]| {
        let token = staff(area).await;
        let report = gateway.get(&format!("/v1/submissions/{id}"), &token).await.1;
        let (_, list) = gateway.get("/v1/submissions", &token).await;
        let listed = list["items"].as_array().unwrap().iter().find(|item| item["id"] == report["id"]).unwrap();
        assert_eq!(report["countsBeyondArea"], listed["countsBeyondArea"], "{report:#}");
        report["countsBeyondArea"].clone()
    };
    assert_eq!(beyond(&["--school", SCHOOL]).await, json!(true));
    assert_eq!(beyond(&["--school", OTHER, "--school", SCHOOL]).await, Value::Null);
    assert_eq!(beyond(&["--commune", &commune]).await, Value::Null);
}

#[tokio::test]
async fn the_code_of_another_schools_pupil_is_told_to_whoever_sees_both() {
    let gateway = Gateway::start();
    let all = gateway.software_of_all().await;
    let other = json!({ "schoolCode": OTHER, "studentCode": "3100028001", "citizenId": "031214000777", "fullName": "Hoàng Gia Bách" });
    let stored = [upsert("schools", &school(OTHER)), upsert("students", &with(&example("students"), other))];
    assert_eq!(gateway.submit("", &all, &[small_school(), stored.to_vec()].concat()).await.0, 200);
    let software = gateway.software(SCHOOL).await;
    let same = json!({ "studentCode": "3100027001", "citizenId": "031214000777", "fullName": "Phạm Quốc Huy" });
    let (_, report) = gateway.submit("", &software, &[upsert("students", &with(&example("students"), same))]).await;
    assert!(report.to_string().contains("ID-005") && !report.to_string().contains("3100028001"), "{report:#}");
    let id = report["id"].as_str().unwrap();
    let sees = async |kind: &str, area: &[&str]| {
        let token = gateway.token_for(kind, area).await;
        told(&gateway, &token, id, 1).await.contains("3100028001")
    };
    assert!(!sees("sector-staff", &["--school", SCHOOL, "--scope", "sensitive.read"]).await);
    assert!(sees("sector-staff", &["--all-schools", "--scope", "sensitive.read"]).await);
    assert!(!told(&gateway, &software, id, 1).await.contains("3100028001"));
}

#[tokio::test]
async fn of_a_likely_duplicate_elsewhere_no_code_is_told_and_nothing_decided() {
    let gateway = Gateway::start();
    let software = gateway.software_of_all().await;
    let twin = |code: &str, of: &str| {
        let changes = json!({ "schoolCode": of, "studentCode": code, "citizenId": null, "fullName": "Vũ Bảo Châu", "birthDate": "2014-04-04" });
        upsert("students", &with(&example("students"), changes))
    };
    let records = [
        small_school(),
        vec![upsert("schools", &school(OTHER)), twin("3100027001", SCHOOL), twin("3100028001", OTHER)],
    ]
    .concat();
    assert_eq!(gateway.submit("", &software, &records).await.0, 200);
    while gateway.database().value("SELECT count(*) FROM findings WHERE code = 'ID-022'") != "2" {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let looks = async |area: &[&str]| {
        let token = gateway.token_for("sector-staff", area).await;
        let mut all = String::new();
        for accept in ["application/json", "application/x-ndjson", "text/csv"] {
            let request = gateway.request("GET", "/v1/findings?code=ID-022", &token).header("accept", accept);
            all += &request.send().await.unwrap().text().await.unwrap();
        }
        let (_, page) = gateway.get("/v1/findings?code=ID-022", &token).await;
        let path = format!("/v1/findings/{}/decision", page["items"][0]["id"].as_str().unwrap());
        let decided = answer(
            gateway.request("PUT", &path, &token).json(&json!({ "decision": "distinct", "note": "Hai em khác nhau." })),
        )
        .await;
        (
            ["3100027001", "3100028001", OTHER].map(|secret| all.contains(secret)),
            decided.0,
            decided.1["decision"]["note"].clone(),
        )
    };
    assert_eq!(looks(&["--school", SCHOOL]).await, ([true, false, false], 403, Value::Null));
    let (told, decided, note) = looks(&["--school", SCHOOL, "--school", OTHER]).await;
    assert_eq!((told, decided, note), ([true; 3], 200, json!("Hai em khác nhau.")));
    // Who sees one side is told of the decision, and not why.
    let token = gateway.token_for("sector-staff", &["--school", SCHOOL]).await;
    let (_, page) = gateway.get("/v1/findings?code=ID-022&status=closed", &token).await;
    let decision = &page["items"][0]["decision"];
    assert_eq!((&decision["decision"], &decision["note"]), (&json!("distinct"), &Value::Null), "{page:#}");
}
