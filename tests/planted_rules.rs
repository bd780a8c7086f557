//! Defects of the sector's rules, planted into a clean school that is pushed in one piece, in any order: each is told at its record, under its code and
//! pointer, and nothing else is rejected.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::plants::{Plant, told};
use common::records::{example, pupil, small_school, upsert, with};
use common::{Folder, Gateway, offline};
use school_gateway::model::rules::catalogue;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A clean pupil of the small school's class, with changes.
fn student(number: usize, changes: Value) -> Value {
    let own = json!({ "studentCode": pupil(number), "citizenId": format!("031214{:06}", 200_000 + number) });
    upsert("students", &with(&with(&example("students"), own), changes))
}

fn of_pupil(resource: &str, number: usize, changes: Value) -> Value {
    upsert(resource, &with(&with(&example(resource), json!({ "studentCode": pupil(number) })), changes))
}

const STUDENTS: &[(&str, &str, &str, &str)] = &[
    (r#"{"citizenId":"12345"}"#, "ID-001", "/citizenId", "error"),
    (r#"{"citizenId":"099214000789"}"#, "ID-002", "/citizenId", "error"),
    (r#"{"citizenId":"031314000789"}"#, "ID-003", "/citizenId", "error"),
    (r#"{"citizenId":"031213000789"}"#, "ID-004", "/citizenId", "error"),
    (r#"{"citizenId":"031214000789"}"#, "ID-021", "/studentCode", "error"),
    (r#"{"citizenId":"031214000789","fullName":"Trần Minh Khôi"}"#, "ID-005", "/citizenId", "error"),
    (r#"{"citizenId":null}"#, "ID-006", "/citizenId", "warning"),
    (r#"{"citizenId":"31214000788"}"#, "ID-008", "/citizenId", "error"),
    (
        r#"{"citizenId":"031214000555","contacts":[{"relationship":"mother","fullName":"Lê Thị Hoa","citizenId":"031214000555"}]}"#,
        "ID-010",
        "/contacts/0/citizenId",
        "error",
    ),
    (r#"{"studentCode":"12345"}"#, "ID-020", "/studentCode", "error"),
    (r#"{"studentCode":"TAM-000001"}"#, "ID-023", "/studentCode", "info"),
    (r#"{"phone":"0111234567"}"#, "PH-001", "/phone", "warning"),
    (r#"{"disability":true}"#, "ST-002", "/disabilityType", "error"),
    (r#"{"contacts":null}"#, "ST-008", "/contacts", "warning"),
    (r#"{"birthDate":"2030-01-01","citizenId":null}"#, "DT-003", "/birthDate", "error"),
    (r#"{"birthDate":"2014-02-30"}"#, "DT-001", "/birthDate", "error"),
    (r#"{"fullName":"NGUYỄN VĂN AN"}"#, "TX-004", "/fullName", "warning"),
    (r#"{"fullName":"Nguyễn Văn 4n"}"#, "TX-005", "/fullName", "error"),
    (r#"{"fullName":"An"}"#, "TX-007", "/fullName", "warning"),
    (r#"{"fullName":"=Nguyễn Văn An"}"#, "TX-010", "/fullName", "error"),
    (r#"{"fullName":"NguyÔn V¨n An"}"#, "TX-003", "/fullName", "warning"),
    (r#"{"note":"=1+1"}"#, "TX-010", "/note", "warning"),
    (r#"{"note":"a\u0007b"}"#, "TX-008", "/note", "error"),
    (r#"{"sex":null}"#, "PT-012", "/sex", "error"),
    (r#"{"ethnicity":"99"}"#, "PT-014", "/ethnicity", "error"),
];

const ENROLLMENTS: &[(&str, &str, &str, &str)] = &[
    (r#"{"entryDate":"2025-01-05"}"#, "DT-010", "/entryDate", "error"),
    (r#"{"exitDate":"2025-09-01","exitType":"transfer-out"}"#, "DT-012", "/exitDate", "error"),
    (r#"{"exitDate":"2026-01-10"}"#, "ST-003", "/exitType", "error"),
    (r#"{"exitDate":"2026-01-10","exitType":"dropout"}"#, "ST-004", "/dropoutReason", "error"),
    (r#"{"classCode":"OLD"}"#, "ST-010", "/classCode", "error"),
];

const RESULTS: &[(&str, &str, &str, &str)] = &[
    (r#"{"finalMark":11}"#, "MK-001", "/finalMark", "error"),
    (r#"{"finalMark":8.25}"#, "MK-002", "/finalMark", "error"),
    (r#"{"regularMarks":[8,8,8,8,8],"midtermMark":8,"finalMark":8,"average":8}"#, "MK-005", "/regularMarks", "error"),
    (r#"{"midtermMark":null}"#, "MK-006", "/average", "error"),
    (r#"{"average":9.9}"#, "MK-007", "/average", "error"),
    (r#"{"subjectCode":"TIENGVIET"}"#, "MK-010", "/subjectCode", "error"),
    (r#"{"level":"Đ"}"#, "MK-009", "/level", "error"),
    (r#"{"classCode":"6A2"}"#, "MK-017", "/classCode", "error"),
    (r#"{"exempt":true}"#, "MK-019", "/exempt", "error"),
];

/// Defects of records that no pupil stands behind: resource, changes to its example, what is to be said.
const OTHERS: &[(&str, &str, &str, &str, &str)] = &[
    ("schools", r#"{"schoolCode":"3100058","name":"A B"}"#, "SC-001", "/schoolCode", "error"),
    ("schools", r#"{"schoolCode":"99000581","name":"A B C"}"#, "SC-002", "/schoolCode", "warning"),
    ("schools", r#"{"schoolCode":"31000482","name":"A B C D"}"#, "SC-004", "/schoolCode", "warning"),
    ("schools", r#"{"schoolCode":"31000589"}"#, "SC-007", "/name", "warning"),
    ("campuses", r#"{"schoolCode":"31000599","campusCode":"C9"}"#, "SC-006", "/schoolCode", "error"),
    ("classes", r#"{"classCode":"1A","grade":"01"}"#, "CL-002", "/grade", "error"),
    ("classes", r#"{"classCode":"6X","homeroomStaffCode":"3100000777"}"#, "CL-011", "/homeroomStaffCode", "error"),
    (
        "classes",
        r#"{"schoolCode":"31000701","classCode":"10A","grade":"10","campusCode":null,"homeroomStaffCode":null}"#,
        "CL-010",
        "/electiveSubjects",
        "error",
    ),
    ("staff", r#"{"staffCode":"3100000801","citizenId":null,"birthDate":"2012-01-01"}"#, "SF-010", "/birthDate", "error"),
    ("staff", r#"{"staffCode":"3100000802","citizenId":null,"birthDate":"1950-01-01"}"#, "SF-011", "/birthDate", "warning"),
    ("staff", r#"{"staffCode":"3100000803","citizenId":null,"rank":"V.07.03.29"}"#, "SF-003", "/rank", "warning"),
    ("staff", r#"{"staffCode":"3100000804","citizenId":null,"qualification":"17"}"#, "SF-002", "/qualification", "warning"),
    ("staff", r#"{"staffCode":"3100000805","citizenId":null,"weeklyPeriods":29}"#, "SF-006", "/weeklyPeriods", "warning"),
    ("teaching-assignments", r#"{"staffCode":"3100000777"}"#, "AS-001", "/staffCode", "error"),
    ("teaching-assignments", r#"{"subjectCode":"TIENGVIET"}"#, "AS-004", "/subjectCode", "error"),
    ("teaching-assignments", r#"{"term":"2","from":"2024-09-05"}"#, "DT-010", "/from", "error"),
    ("facility-returns", r#"{"campusCode":"C2","studentComputers":-1}"#, "FA-001", "/studentComputers", "error"),
    (
        "facility-returns",
        r#"{"campusCode":"C5","rooms":[{"type":"PH","condition":"1","count":3,"areaM2":150}]}"#,
        "FA-003",
        "/rooms",
        "warning",
    ),
    ("facility-returns", r#"{"schoolYear":"2026-2027","studentComputers":60}"#, "FA-005", "/studentComputers", "warning"),
    (
        "facility-returns",
        r#"{"campusCode":"C3","rooms":[{"type":"PH","condition":"1","count":0,"areaM2":50}]}"#,
        "FA-006",
        "/rooms/0/areaM2",
        "error",
    ),
    (
        "facility-returns",
        r#"{"campusCode":"C4","rooms":[{"type":"PH","condition":"1","count":1,"areaM2":50},{"type":"PH","condition":"1","count":2,"areaM2":90}]}"#,
        "FA-007",
        "/rooms/1",
        "error",
    ),
    ("diplomas", r#"{"diplomaNumber":"A1","graduationYear":2020,"issuedOn":"2020-08-20"}"#, "DP-001", "/graduationYear", "error"),
    ("diplomas", r#"{"diplomaNumber":"A2","status":"reissued"}"#, "DP-002", "/replacesDiplomaNumber", "error"),
    ("diplomas", r#"{"diplomaNumber":"A3","issuedOn":"2024-08-20"}"#, "DP-003", "/issuedOn", "error"),
];

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn plants() -> Vec<Plant> {
    let mut number = 0;
    let mut next = || {
        number += 1;
        number
    };
    let mut plants = Vec::new();
    for (changes, code, pointer, severity) in STUDENTS {
        plants.push(Plant { beside: vec![], record: student(next(), parsed(changes)), expected: (code, pointer, severity) });
    }
    for (changes, code, pointer, severity) in ENROLLMENTS {
        let number = next();
        let record = of_pupil("enrollments", number, parsed(changes));
        plants.push(Plant { beside: vec![student(number, json!({}))], record, expected: (code, pointer, severity) });
    }
    for (birth, code, severity) in [("2018-05-20", "AG-001", "error"), ("2009-05-20", "AG-002", "warning")] {
        let number = next();
        let beside = vec![student(number, json!({ "birthDate": birth, "citizenId": null }))];
        plants.push(Plant { beside, record: of_pupil("enrollments", number, json!({})), expected: (code, "/classCode", severity) });
    }
    for (changes, code, pointer, severity) in RESULTS {
        let number = next();
        let beside = vec![student(number, json!({})), of_pupil("enrollments", number, json!({}))];
        plants.push(Plant { beside, record: of_pupil("subject-results", number, parsed(changes)), expected: (code, pointer, severity) });
    }
    for (resource, changes, code, pointer, severity) in OTHERS {
        plants.push(Plant {
            beside: vec![],
            record: upsert(resource, &with(&example(resource), parsed(changes))),
            expected: (code, pointer, severity),
        });
    }
    plants
}

/// What the planted records stand beside: a closed school, an upper secondary one, a class of another year, a teacher who has left, a second campus and class.
fn ground() -> Vec<Value> {
    let school = |code: &str, changes: Value| {
        upsert("schools", &with(&with(&example("schools"), json!({ "schoolCode": code, "name": code })), changes))
    };
    let campus = |code: &str| upsert("campuses", &with(&example("campuses"), json!({ "campusCode": code, "main": false })));
    vec![
        school("31000599", json!({ "status": "closed" })),
        school("31000701", json!({ "level": "3" })),
        upsert("classes", &with(&example("classes"), json!({ "schoolYear": "2024-2025", "classCode": "OLD" }))),
        upsert("classes", &with(&example("classes"), json!({ "classCode": "6A2" }))),
        upsert("classes", &with(&example("classes"), json!({ "classCode": "6A5", "campusCode": "C5" }))),
        campus("C2"),
        campus("C3"),
        campus("C4"),
        campus("C5"),
        upsert("staff", &with(&example("staff"), json!({ "staffCode": "3100000777", "citizenId": null, "status": "8" }))),
    ]
}

#[tokio::test]
async fn each_planted_defect_is_told_and_nothing_else_is_rejected() {
    let gateway = Gateway::start();
    let token = gateway.token(&gateway.client("school-software", &["--all-schools"])).await;
    told(&gateway, &token, [small_school(), ground()].concat(), plants()).await;
}

/// What the plants and the ground they stand in are sent as.
fn planted_records() -> Vec<Value> {
    let of_plant = |plant: Plant| [plant.beside, vec![plant.record]].concat();
    [small_school(), ground()].concat().into_iter().chain(plants().into_iter().flat_map(of_plant)).collect()
}

/// The report of `validate` over these records.
fn validated(folder: &Folder, records: &[Value]) -> Value {
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    let (status, report) = offline::validated(folder, lines.as_bytes());
    assert_eq!(status, Some(1), "{report}");
    report
}

#[tokio::test]
async fn without_a_gateway_the_same_is_told() {
    let (gateway, folder) = (Gateway::start(), Folder::new());
    let token = gateway.token(&gateway.client("school-software", &["--all-schools"])).await;
    let records = planted_records();
    let report = gateway.submit("?mode=validate", &token, &records).await.1;
    let offline = validated(&folder, &records);
    offline::assert_same(&offline, &gateway, &token, &report).await;
}

#[test]
fn a_rule_says_what_it_needs_beside_the_record() {
    let (folder, records) = (Folder::new(), planted_records());
    let told = |records: &[Value]| -> BTreeSet<(String, String, String)> {
        let issues = validated(&folder, records)["issues"].clone();
        let of = |issue: &Value| {
            let record = records[issue["index"].as_u64().unwrap() as usize].to_string();
            (record, issue["code"].as_str().unwrap().to_owned(), issue["pointer"].as_str().unwrap().to_owned())
        };
        issues.as_array().unwrap().iter().map(of).collect()
    };
    let all = told(&records);
    for spec in common::records::ordered() {
        let left: Vec<Value> = records.iter().filter(|record| record["resource"] != spec.name).cloned().collect();
        let without = told(&left);
        let texts: BTreeSet<String> = left.iter().map(Value::to_string).collect();
        let of_left = |(record, ..): &&(String, String, String)| texts.contains(record);
        for (record, code, pointer) in all.difference(&without).filter(of_left) {
            let rule = catalogue::find(code).unwrap();
            // A record that waits is not looked at by those that came before it: what it refers to is needed, too.
            let is_named = rule.needs.iter().any(|needs| *needs == spec.name || rests_on(needs, spec.name));
            assert!(is_named, "{code} at {pointer} is not told without {}, which it does not name: {record}", spec.name);
        }
        let news: Vec<_> = without.difference(&all).collect();
        assert!(news.is_empty(), "only without {}: {news:?}", spec.name);
    }
}

/// Does a resource refer to another, at once or through others?
fn rests_on(resource: &str, other: &str) -> bool {
    let references = school_gateway::model::find(resource).map_or(&[][..], |spec| spec.references);
    references.iter().any(|reference| reference.to == other || reference.to != resource && rests_on(reference.to, other))
}
