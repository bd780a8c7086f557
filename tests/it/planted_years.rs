//! Whole school years of pupils, with defects that only show beside other records of the pupil: each is told at its
//! record, whatever order the records come in and however many chunks of a body they fill.

use crate::common::Gateway;
use crate::common::records::{counts, example, pupil, shuffled, small_school, upsert, with};
use serde_json::{Value, json};

const PERIODS: [&str; 3] = ["CK1", "CK2", "CN"];
/// Subjects of grade 6 with their regular marks a term.
const SCORED: [(&str, usize); 8] =
    [("NGUVAN", 4), ("TOAN", 4), ("NN1", 4), ("GDCD", 2), ("LSDL", 4), ("KHTN", 4), ("CONGNGHE", 2), ("TINHOC", 2)];
const COMMENTED: [&str; 4] = ["GDTC", "NGHETHUAT", "HDTNHN", "GDDP"];
/// Subjects of grade 5, and whether they are tested.
const PRIMARY: [(&str, bool); 11] = [
    ("TIENGVIET", true),
    ("TOAN", true),
    ("NN1", true),
    ("LSDL", true),
    ("KHOAHOC", true),
    ("THCN", true),
    ("DAODUC", false),
    ("GDTC", false),
    ("NTAN", false),
    ("NTMT", false),
    ("HDTN", false),
];
/// What a pupil's records hold in common.
fn of(number: usize, more: Value) -> Value {
    with(
        &json!({ "schoolCode": "31000501", "schoolYear": "2025-2026", "studentCode": pupil(number), "classCode": "6A1" }),
        more,
    )
}

fn person(number: usize, school: &str) -> Value {
    let own = json!({ "studentCode": pupil(number), "schoolCode": school, "citizenId": format!("031214{:06}", 300_000 + number) });
    upsert("students", &with(&example("students"), own))
}

/// A year in which every average is 8.0: level T, conduct T, HSG. `comment` makes the records long.
fn year(number: usize, comment: &str) -> Vec<Value> {
    let mut records = vec![
        person(number, "31000501"),
        upsert("enrollments", &with(&example("enrollments"), json!({ "studentCode": pupil(number) }))),
    ];
    for period in PERIODS {
        for (subject, count) in SCORED {
            let mut result =
                of(number, json!({ "period": period, "subjectCode": subject, "average": 8, "comment": comment }));
            if period != "CN" {
                result = with(&result, json!({ "regularMarks": vec![8; count], "midtermMark": 8, "finalMark": 8 }));
            }
            records.push(upsert("subject-results", &result));
        }
        for subject in COMMENTED {
            records.push(upsert(
                "subject-results",
                &of(number, json!({ "period": period, "subjectCode": subject, "level": "Đ", "comment": comment })),
            ));
        }
        let levels = json!({ "period": period, "learningLevel": "T", "conductLevel": "T", "excusedAbsences": 4, "unexcusedAbsences": 0 });
        let mut record = of(number, levels);
        if period == "CN" {
            record = with(&record, json!({ "award": "HSG", "promoted": true }));
        }
        records.push(upsert("academic-records", &record));
    }
    records
}

/// A year of grade 5: everything T, every test at the year's end an 8.
fn primary_year(number: usize) -> Vec<Value> {
    let own = json!({ "schoolCode": "31000401", "classCode": "5A" });
    let enrollment = with(&example("enrollments"), with(&own, json!({ "studentCode": pupil(number) })));
    let mut records = vec![person(number, "31000401"), upsert("enrollments", &enrollment)];
    for period in ["CK1", "CK2", "CN"] {
        for (subject, tested) in PRIMARY {
            let result = of(number, with(&own, json!({ "period": period, "subjectCode": subject, "level": "T" })));
            let test = json!({ "testMark": if tested && period != "CN" { json!(8) } else { Value::Null } });
            records.push(upsert("subject-results", &with(&result, test)));
        }
        records.push(upsert("academic-records", &of(number, with(&own, json!({ "period": period })))));
    }
    let levels = json!({ "patriotism": "T", "kindness": "T", "diligence": "T", "honesty": "T", "responsibility": "T" });
    let skills = [
        "autonomy",
        "communication",
        "problemSolving",
        "language",
        "calculation",
        "science",
        "aesthetics",
        "physical",
        "technology",
        "informatics",
    ];
    let skills: serde_json::Map<String, Value> = skills.iter().map(|name| ((*name).to_owned(), json!("T"))).collect();
    change(&mut records, "academic-records", "CK2", "", json!({ "qualities": levels, "competencies": skills }));
    change(&mut records, "academic-records", "CN", "", json!({ "yearResult": "HTT", "promoted": true }));
    records
}

fn primary_school() -> Vec<Value> {
    let school = json!({ "schoolCode": "31000401", "level": "1", "name": "Trường Tiểu học Hoa Phượng" });
    let class = json!({ "schoolCode": "31000401", "classCode": "5A", "grade": "05", "campusCode": null, "homeroomStaffCode": null });
    vec![upsert("schools", &with(&example("schools"), school)), upsert("classes", &with(&example("classes"), class))]
}

/// Is it the record of this period (and subject)?
fn is(record: &Value, resource: &str, period: &str, subject: &str) -> bool {
    let data = &record["data"];
    record["resource"] == resource && data["period"] == period && (subject.is_empty() || data["subjectCode"] == subject)
}

fn change(records: &mut [Value], resource: &str, period: &str, subject: &str, changes: Value) {
    let record =
        records.iter_mut().find(|record| is(record, resource, period, subject)).expect("the record to be changed");
    record["data"] = with(&record["data"], changes);
}

/// What is to be told: pupil, resource, period, code, pointer, severity.
type Told = (String, String, String, String, String, String);

fn told(number: usize, resource: &str, period: &str, code: &str, pointer: &str, severity: &str) -> Told {
    (pupil(number), resource.into(), period.into(), code.into(), pointer.into(), severity.into())
}

/// Defects of the year's record of a pupil: number, changes, what is told.
const YEARS: [(usize, &str, &str, &str); 6] = [
    (3, r#"{"learningLevel":"K","award":null}"#, "MK-011", "/learningLevel"),
    (4, r#"{"award":"HSXS"}"#, "MK-012", "/award"),
    (5, r#"{"promoted":false}"#, "MK-013", "/promoted"),
    (6, r#"{"conductLevel":"K","award":null}"#, "MK-020", "/conductLevel"),
    (7, r#"{"excusedAbsences":40,"unexcusedAbsences":7}"#, "MK-013", "/promoted"),
    (8, r#"{"learningLevel":"K","conductLevel":"K","award":"HSG"}"#, "MK-011", "/learningLevel"),
];

/// The pupil of whom only the absences speak against promotion, which schools count by the session or by the day.
const ABSENT: usize = 7;

/// The years of some pupils, with their defects and without.
fn planted(comment: &str) -> (Vec<Value>, Vec<Told>) {
    let mut records = [small_school(), primary_school(), year(0, comment), primary_year(90)].concat();
    let mut expected = Vec::new();
    let mut wrong_average = year(1, comment);
    change(&mut wrong_average, "subject-results", "CN", "TOAN", json!({ "average": 8.1 }));
    expected.push(told(1, "subject-results", "CN", "MK-008", "/average", "error"));
    let mut without_first = year(2, comment);
    without_first.retain(|record| !is(record, "subject-results", "CK1", "TOAN"));
    expected.extend(["CK2", "CN"].map(|period| told(2, "subject-results", period, "MK-014", "/period", "warning")));
    let mut primary = primary_year(91);
    change(&mut primary, "academic-records", "CN", "", json!({ "yearResult": "HTXS" }));
    expected.push(told(91, "academic-records", "CN", "PR-006", "/yearResult", "error"));
    records.extend([wrong_average, without_first, primary].concat());
    for (number, changes, code, pointer) in YEARS {
        let mut own = year(number, comment);
        change(&mut own, "academic-records", "CN", "", serde_json::from_str(changes).unwrap());
        let severity = if number == ABSENT { "warning" } else { "error" };
        expected.push(told(number, "academic-records", "CN", code, pointer, severity));
        records.extend(own);
    }
    // The last pupil's levels are both wrong.
    expected.push(told(8, "academic-records", "CN", "MK-020", "/conductLevel", "error"));
    expected.sort();
    (records, expected)
}

/// Errors and warnings that are told of the records of pupils, and how many chunks the body filled.
async fn pushed(records: &[Value]) -> (Vec<Told>, usize) {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let (_, report) = gateway.submit("", &token, records).await;
    counts(&report);
    assert_eq!(report["counts"]["parked"], 0, "{}", report["counts"]);
    let path = format!("{}?limit=1000", report["links"]["issues"].as_str().unwrap());
    let issues = gateway.get(&path, &token).await.1["items"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for told in issues.iter().flat_map(|issue| [&issue["message"], &issue["hint"]]) {
        assert!(!told.as_str().unwrap().contains(['…', '{', '@']), "a placeholder is not filled: {told}");
    }
    let mut found: Vec<Told> = issues
        .iter()
        .map(|issue| {
            let key = &issue["key"];
            (
                text(&key["studentCode"]),
                text(&issue["resource"]),
                text(&key["period"]),
                text(&issue["code"]),
                text(&issue["pointer"]),
                text(&issue["severity"]),
            )
        })
        .collect();
    found.sort();
    (found, gateway.database().value("SELECT count(*) FROM submission_chunks").parse().unwrap())
}

#[tokio::test]
async fn every_defect_of_a_year_is_told_at_its_record() {
    let (records, expected) = planted("Chăm học.");
    assert_eq!(pushed(&records).await, (expected, 1));
}

#[tokio::test]
async fn in_one_chunk_the_order_does_not_matter() {
    let (records, expected) = planted("");
    let reversed: Vec<Value> = records.iter().rev().cloned().collect();
    assert_eq!(pushed(&reversed).await, (expected.clone(), 1));
    assert_eq!(pushed(&shuffled(&records, 7)).await, (expected, 1));
}

#[tokio::test]
async fn in_several_chunks_the_order_does_not_matter() {
    // Letters of three bytes: some fifteen hundred a record.
    let long = "ổ".repeat(490);
    let (mut records, expected) = planted(&long);
    // More pupils, so that the body is cut in several places.
    (20..70).for_each(|number| records.extend(year(number, &long)));
    let reversed: Vec<Value> = records.iter().rev().cloned().collect();
    let (found, chunks) = pushed(&reversed).await;
    assert!(chunks >= 2, "{chunks} chunk");
    assert_eq!(found, expected);
    assert_eq!(pushed(&shuffled(&records, 11)).await.0, expected);
}

#[tokio::test]
async fn a_year_is_judged_by_what_is_stored_and_singly_too() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let (mut terms, years): (Vec<Value>, Vec<Value>) =
        year(0, "").into_iter().partition(|record| record["data"]["period"] != "CN");
    terms.splice(0..0, small_school());
    assert_eq!(gateway.submit("", &token, &terms).await.1["result"], "accepted");
    for (resource, changes, code) in [
        ("subject-results", json!({ "average": 7.9 }), "MK-008"),
        ("academic-records", json!({ "conductLevel": "K", "award": null }), "MK-020"),
    ] {
        let record = years.iter().find(|record| record["resource"] == resource).unwrap();
        let put = async |data: &Value| gateway.put(&crate::common::records::path(resource, data), &token, data).await;
        let (status, problem) = put(&with(&record["data"], changes)).await;
        assert_eq!((status, &problem["issues"][0]["code"]), (422, &json!(code)), "{problem}");
        assert_eq!(put(&record["data"]).await.0, 201);
    }
}

#[tokio::test]
async fn parked_years_are_judged_after_their_terms() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let mut records = year(0, "");
    change(&mut records, "subject-results", "CN", "TOAN", json!({ "average": 8.1 }));
    change(&mut records, "academic-records", "CN", "", json!({ "conductLevel": "K", "award": null }));
    records.reverse();
    let (_, report) = gateway.submit("", &token, &records).await;
    assert_eq!(report["counts"]["parked"], records.len(), "{}", report["counts"]);
    gateway.submit("", &token, &small_school()).await;
    let path = report["links"]["self"].as_str().unwrap();
    let settled =
        gateway.report_when(&token, path, "the last parked record", |report| report["counts"]["parked"] == 0).await;
    let mut codes: Vec<&str> =
        settled["issues"].as_array().unwrap().iter().map(|issue| issue["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["MK-008", "MK-020"], "{settled}");
}

#[tokio::test]
async fn a_school_without_toilets_is_told_of() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let mut records = small_school();
    let facility = records.iter_mut().find(|record| record["resource"] == "facility-returns").unwrap();
    facility["data"] = with(&facility["data"], json!({ "studentToilets": 0 }));
    records.reverse();
    let report = gateway.submit("", &token, &records).await.1;
    assert_eq!(
        crate::common::records::issues(&report),
        [format!(
            "{} {} /studentToilets",
            records.iter().position(|record| record["resource"] == "facility-returns").unwrap(),
            "FA-004"
        )]
    );
}

/// The year of a ninth grade of 2023-2024 by the subjects of the programme of 2006: every average is 8.0.
fn old_year(learning: &str, award: &str) -> Vec<Value> {
    let year = json!({ "schoolYear": "2023-2024", "classCode": "9A" });
    let born = json!({ "studentCode": pupil(70), "birthDate": "2009-05-20", "citizenId": "031209000070" });
    let enrollment =
        json!({ "schoolYear": "2023-2024", "classCode": "9A", "studentCode": pupil(70), "entryDate": "2023-09-05" });
    let mut records = vec![
        upsert("classes", &with(&with(&example("classes"), year.clone()), json!({ "grade": "09" }))),
        upsert("students", &with(&example("students"), born)),
        upsert("enrollments", &with(&example("enrollments"), enrollment)),
    ];
    for subject in ["NGUVAN", "TOAN", "VATLI", "HOAHOC", "SINHHOC", "LICHSU", "DIALI", "NN1", "GDCD", "CONGNGHE"] {
        let result = with(&of(70, year.clone()), json!({ "period": "CN", "subjectCode": subject, "average": 8 }));
        records.push(upsert("subject-results", &result));
    }
    records.push(upsert(
        "subject-results",
        &with(&of(70, year.clone()), json!({ "period": "CN", "subjectCode": "GDTC", "level": "Đ" })),
    ));
    let end = json!({ "period": "CN", "learningLevel": learning, "conductLevel": "T", "award": award, "promoted": true, "excusedAbsences": 0, "unexcusedAbsences": 1 });
    records.push(upsert("academic-records", &with(&of(70, year), end)));
    records
}

#[tokio::test]
async fn a_ninth_grade_of_2023_is_judged_by_the_older_circular() {
    let mut errors = Vec::new();
    for (learning, award) in [("G", "HSG"), ("K", "HSTT"), ("T", "HSG"), ("G", "HSXS")] {
        let (found, _) = pushed(&[small_school(), old_year(learning, award)].concat()).await;
        errors
            .push(found.into_iter().filter(|told| told.5 == "error").map(|told| (told.3, told.4)).collect::<Vec<_>>());
    }
    let one = |code: &str, pointer: &str| vec![(code.to_owned(), pointer.to_owned())];
    assert_eq!(
        errors,
        [vec![], one("MK-011", "/learningLevel"), one("PT-014", "/learningLevel"), one("PT-014", "/award")]
    );
}
