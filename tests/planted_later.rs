//! Defects that show only beside what was stored before: planted into a school that has been there for a while, in a province whose units are known,
//! with a rule parameter that an administrator loaded, on a database that refuses a record.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::plants::{Plant, told};
use common::records::{counts, example, pupil, small_school, upsert, with};
use common::{Gateway, answer};
use serde_json::{Value, json};

const OTHER: &str = "31000502";
const PRIMARY: &str = "31000401";
const REFUSED: &str = "Nguyễn Thị Khó Nhận";

fn changed(resource: &str, changes: Value) -> Value {
    upsert(resource, &with(&example(resource), changes))
}

fn plant(record: Value, code: &'static str, pointer: &'static str, severity: &'static str) -> Plant {
    Plant { beside: Vec::new(), record, expected: (code, pointer, severity) }
}

/// A pupil without a number of his own to spoil.
fn student(number: usize, changes: Value) -> Value {
    changed("students", with(&json!({ "studentCode": pupil(number), "citizenId": format!("031214{:06}", 300_000 + number) }), changes))
}

fn enrollment(number: usize, changes: Value) -> Value {
    changed("enrollments", with(&json!({ "studentCode": pupil(number) }), changes))
}

/// What has been there before: a second school and a primary one with a class each, pupils, and a teacher of the first school.
fn before() -> Vec<Value> {
    let school = |code: &str, level: &str| changed("schools", json!({ "schoolCode": code, "name": code, "level": level }));
    let class = |code: &str, class: &str, grade: &str| {
        let own = json!({ "schoolCode": code, "classCode": class, "grade": grade });
        let none = json!({ "campusCode": null, "homeroomStaffCode": null });
        upsert("classes", &with(&with(&example("classes"), own), none))
    };
    let mut records = vec![school(OTHER, "2"), school(PRIMARY, "1"), class(OTHER, "6B", "06"), class(PRIMARY, "3A", "03")];
    records.push(changed("classes", json!({ "classCode": "6A2" })));
    records.push(changed("staff", json!({ "staffCode": "3100000801", "citizenId": null })));
    for number in 0..4 {
        records.extend([student(number, json!({})), enrollment(number, json!({}))]);
    }
    let born = json!({ "schoolCode": PRIMARY, "birthDate": "2017-04-12", "citizenId": "031217000009" });
    records.push(upsert("students", &with(&student(9, json!({}))["data"], born)));
    records.push(enrollment(9, json!({ "schoolCode": PRIMARY, "classCode": "3A" })));
    records.extend(term_results(3));
    records
}

/// Results of a term in every subject of grade 6, all of them worth a T.
fn term_results(number: usize) -> Vec<Value> {
    let scored = ["NGUVAN", "TOAN", "NN1", "GDCD", "LSDL", "KHTN", "CONGNGHE", "TINHOC"];
    let marks = json!({ "regularMarks": [8, 8], "midtermMark": 8, "finalMark": 8, "average": 8, "staffCode": null });
    let none = json!({ "regularMarks": null, "midtermMark": null, "finalMark": null, "average": null, "staffCode": null, "level": "Đ" });
    let result = |subject: &str, values: &Value| {
        let own = json!({ "studentCode": pupil(number), "subjectCode": subject });
        upsert("subject-results", &with(&with(&example("subject-results"), own), values.clone()))
    };
    let commented = ["GDTC", "NGHETHUAT", "HDTNHN", "GDDP"];
    scored.iter().map(|subject| result(subject, &marks)).chain(commented.iter().map(|subject| result(subject, &none))).collect()
}

/// A primary pupil's result.
fn primary_result(changes: Value) -> Value {
    let own = json!({
        "schoolCode": PRIMARY, "classCode": "3A", "studentCode": pupil(9), "regularMarks": null, "midtermMark": null, "finalMark": null,
        "average": null, "staffCode": null, "level": "T"
    });
    upsert("subject-results", &with(&with(&example("subject-results"), own), changes))
}

/// A primary pupil's record of the year's end that lacks one competency.
fn incomplete_record() -> Value {
    let own = json!({
        "schoolCode": PRIMARY, "classCode": "3A", "studentCode": pupil(9), "period": "CK2", "learningLevel": null, "conductLevel": null,
        "qualities": { "patriotism": "T", "kindness": "T", "diligence": "Đ", "honesty": "T", "responsibility": "T" },
        "competencies": {
            "autonomy": "T", "communication": "T", "problemSolving": "Đ", "language": "T", "calculation": "T",
            "science": "T", "aesthetics": "T", "technology": "T", "informatics": "T"
        }
    });
    changed("academic-records", own)
}

fn plants() -> Vec<Plant> {
    let other_school = json!({ "schoolCode": OTHER, "classCode": "6B", "entryDate": "2025-10-06" });
    let overlapping = json!({ "classCode": "6A2", "entryDate": "2025-10-06", "exitDate": "2026-01-10", "exitType": "class-change" });
    let school = |code: &str, commune: &str| {
        changed("schools", json!({ "schoolCode": code, "name": code, "provinceCode": "97", "communeCode": commune }))
    };
    vec![
        plant(
            changed("staff", json!({ "staffCode": "3100000801", "citizenId": null, "schoolCode": OTHER })),
            "SF-001",
            "/schoolCode",
            "error",
        ),
        plant(enrollment(0, other_school), "ST-005", "/studentCode", "error"),
        plant(student(1, json!({ "schoolCode": OTHER })), "ST-005", "/schoolCode", "error"),
        plant(enrollment(2, overlapping), "ST-006", "/entryDate", "error"),
        plant(changed("academic-records", json!({ "studentCode": pupil(3), "learningLevel": "K" })), "MK-011", "/learningLevel", "error"),
        plant(primary_result(json!({ "level": "K" })), "PR-002", "/level", "error"),
        plant(primary_result(json!({ "period": "GK1", "testMark": 9 })), "PR-004", "/testMark", "error"),
        plant(primary_result(json!({ "period": "CK2", "testMark": 5 })), "PR-005", "/level", "warning"),
        plant(incomplete_record(), "PR-007", "/competencies/physical", "warning"),
        plant(school("31000511", "97999"), "AD-001", "/communeCode", "error"),
        plant(school("31000512", "97002"), "AD-002", "/communeCode", "warning"),
        plant(school("31000513", "98001"), "AD-003", "/communeCode", "error"),
        plant(changed("facility-returns", json!({ "projectors": 51 })), "FA-001", "/projectors", "error"),
        plant(changed("staff", json!({ "staffCode": "3100000802", "citizenId": null, "fullName": REFUSED })), "PT-020", "", "error"),
    ]
}

/// Two invented provinces: of the communes of the first, one has gone into the other. And a rule parameter, lower than the program's.
const REFERENCE: &[(&str, &str)] = &[
    (
        "provinces-from-2025-07-01.csv",
        "code,name,type,valid_from,communes,merged_from\n97,Tỉnh Thử Một,tỉnh,2025-07-01,1,97\n98,Tỉnh Thử Hai,tỉnh,2025-07-01,1,98\n",
    ),
    (
        "units.csv",
        "code,name,level,parent,valid_from,valid_to,successor_codes\n97,Tỉnh Thử Một,province,VN,2025-07-01,,\n98,Tỉnh Thử Hai,province,VN,2025-07-01,,\n\
         97001,Xã Một,commune,97,2025-07-01,,\n97002,Xã Hai,commune,97,2025-07-01,2025-08-15,97001\n98001,Xã Ba,commune,98,2025-07-01,,\n",
    ),
    ("rule-parameters.csv", "code,value,unit,since,until,name_vi,name_en\nfacility.pieces.at-most,50,pieces,,,Số thiết bị,Pieces\n"),
];

#[tokio::test]
async fn each_defect_beside_what_was_stored_before_is_told_and_nothing_else_is_rejected() {
    let gateway = Gateway::start();
    let admin = gateway.token(&gateway.client("admin", &[])).await;
    for (name, text) in REFERENCE {
        let request = gateway.request("POST", &format!("/v1/reference?file={name}"), &admin).header("content-type", "text/csv").body(*text);
        let (status, loaded) = answer(request).await;
        assert_eq!(status, 200, "{name}: {loaded}");
    }
    gateway.database().execute(&format!("ALTER TABLE staff ADD CONSTRAINT refused_by_the_test CHECK (full_name <> '{REFUSED}')"));
    let token = gateway.token(&gateway.client("school-software", &["--all-schools"])).await;
    let stored = gateway.submit("", &token, &[small_school(), before()].concat()).await.1;
    assert_eq!(stored["counts"]["created"], stored["counts"]["received"], "{}: {}", counts(&stored), stored["issues"]);
    told(&gateway, &token, Vec::new(), plants()).await;
}
