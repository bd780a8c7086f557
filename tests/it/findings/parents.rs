//! Records that were right when they came, and are so no more since one that they rest on was changed.

use super::fixture::{OTHER, Office, code, enrolled, pupil, pupils};
use crate::common::records::{deletion, example, upsert, with};
use serde_json::{Value, json};

fn marks(number: usize, changes: Value) -> Value {
    let eight = json!({ "studentCode": code(number), "regularMarks": [8, 8, 8, 8], "midtermMark": 8, "finalMark": 8, "average": 8 });
    upsert("subject-results", &with(&with(&example("subject-results"), eight), changes))
}
fn year(number: usize, average: f64) -> Value {
    marks(
        number,
        json!({ "period": "CN", "regularMarks": null, "midtermMark": null, "finalMark": null, "average": average }),
    )
}
fn nines() -> Value {
    json!({ "regularMarks": [9, 9, 9, 9], "midtermMark": 9, "finalMark": 9, "average": 9 })
}

/// A school with a pupil in 6A1 who has the marks of a year.
async fn graded() -> Office {
    let office = Office::open().await;
    office.send(&pupils("6A1", 0..1)).await;
    office.send(&[deletion("enrollments", &example("enrollments"))]).await;
    office.send(&[marks(0, json!({})), marks(0, json!({ "period": "CK2" })), year(0, 8.0)]).await;
    assert_eq!(office.found().await, [""; 0]);
    office
}

#[tokio::test]
async fn a_term_that_is_corrected_leaves_its_year_behind() {
    let office = graded().await;
    let told = format!("MK-008 TOAN CN {} /average", code(0));
    office.goes(&[marks(0, nines())], &[&told], &[year(0, 8.3)]).await;
    let again = with(&year(0, 7.0)["data"], json!({ "reassessedMark": 7.0 }));
    office.send(&[upsert("subject-results", &again)]).await;
    assert_eq!(office.found().await, [""; 0], "the summer's mark may stand for the year");
}

#[tokio::test]
async fn a_birth_date_that_cannot_be_is_found_and_its_pupil_may_leave() {
    let office = graded().await;
    let born = |date: &str| upsert("students", &with(&pupil(0), json!({ "birthDate": date, "citizenId": null })));
    let told = format!("AG-001 {} /classCode", code(0));
    office.goes(&[born("2020-03-03")], &[&told], &[born("2014-03-03")]).await;
    let left = json!({ "exitDate": "2026-01-12", "exitType": "transfer-out" });
    office.send(&[born("2020-03-03")]).await;
    assert!(office.found().await.contains(&told));
    office.send(&[upsert("enrollments", &with(&enrolled("6A1", 0), left))]).await;
    assert!(!office.found().await.contains(&told), "who has left is not looked at");
}

#[tokio::test]
async fn a_class_of_another_grade_is_found_in_its_pupils_and_results() {
    let office = graded().await;
    let strand = json!({ "subjectCode": "MITHUAT", "regularMarks": null, "midtermMark": null, "finalMark": null, "average": null, "level": "Đ" });
    office.send(&[marks(0, strand), marks(0, json!({ "subjectCode": "KHTN" }))]).await;
    let school = with(&example("schools"), json!({ "level": "23" }));
    office.send(&[upsert("schools", &school)]).await;
    let grade = |grade: &str| upsert("classes", &with(&example("classes"), json!({ "grade": grade })));
    let younger = format!("AG-001 {} /classCode", code(0));
    office.goes(&[grade("09")], &[&younger], &[grade("06")]).await;
    let untaught = "MK-010 6A1 KHTN /subjectCode";
    office.goes(&[grade("10")], &[&younger, "CL-010 6A1 /electiveSubjects", untaught], &[grade("06")]).await;
}

#[tokio::test]
async fn an_enrollment_that_moves_leaves_its_results_behind() {
    let office = graded().await;
    office.send(&[upsert("classes", &super::fixture::class("6A2"))]).await;
    office.send(&pupils("6A2", 5..6)).await;
    let told = format!("MK-017 6A1 {} /classCode", code(0));
    let elsewhere = upsert("enrollments", &with(&enrolled("6A1", 0), json!({ "classCode": "6A2" })));
    office.send(&pupils("6A1", 6..7)).await;
    office.send(&[elsewhere]).await;
    assert!(office.found().await.contains(&told), "{:?}", office.found().await);
    office.send(&[upsert("enrollments", &enrolled("6A1", 0))]).await;
    assert!(!office.found().await.contains(&told));
}

#[tokio::test]
async fn a_pupil_without_any_mark_of_a_term_is_told_beside_the_others() {
    let office = graded().await;
    office.send(&pupils("6A1", 1..8)).await;
    let graded: Vec<Value> = (1..7).map(|number| marks(number, nines())).collect();
    office.send(&graded).await;
    let told = [format!("MK-022 CK1 {}", code(7))];
    assert_eq!(
        office.found().await.iter().filter(|line| line.starts_with("MK-022 CK1")).collect::<Vec<_>>(),
        [&told[0]]
    );
    let exempt = upsert("students", &with(&pupil(7), json!({ "exemptFromAssessment": true })));
    office.send(&[exempt]).await;
    assert!(
        !office.found().await.iter().any(|line| line.starts_with("MK-022 CK1")),
        "who is assessed otherwise has none"
    );
}

#[tokio::test]
async fn two_records_of_one_name_and_birth_date_are_told_within_a_school() {
    let office = graded().await;
    office.send(&pupils("6A1", 3..4)).await;
    let named = |mother: Value| {
        let contacts = mother.as_str().map(|name| json!([{ "relationship": "mother", "fullName": name }]));
        let alike =
            json!({ "fullName": pupil(3)["fullName"], "birthDate": pupil(3)["birthDate"], "contacts": contacts });
        upsert("students", &with(&pupil(0), alike))
    };
    let told = format!("ID-022 {} /fullName", code(3));
    let own = upsert(
        "students",
        &with(&pupil(3), json!({ "contacts": [{ "relationship": "mother", "fullName": "Lê Thị Hoa" }] })),
    );
    office.send(&[own]).await;
    office.goes(&[named(Value::Null)], &[&told], &[named(json!("Trần Thị Mai"))]).await;
    office.goes(&[named(json!("LÊ THỊ HOA"))], &[&told], &[named(json!("Trần Thị Mai"))]).await;
    let verified = |number: usize, citizen: &str| {
        let alike = json!({ "fullName": pupil(3)["fullName"], "birthDate": pupil(3)["birthDate"], "citizenId": citizen, "citizenIdState": "verified" });
        upsert("students", &with(&pupil(number), alike))
    };
    office.send(&[verified(0, "031214000771"), verified(3, "031214000772")]).await;
    assert_eq!(office.found().await, [""; 0], "two confirmed numbers are two pupils");
}

#[tokio::test]
async fn electives_that_neither_the_class_nor_its_pupils_say_are_a_finding() {
    let office = Office::open().await;
    let of = |data: &Value, changes: Value| with(&with(data, json!({ "schoolCode": OTHER })), changes);
    let four = json!(["VATLI", "HOAHOC", "SINHHOC", "TINHOC"]);
    let class = |electives: Value| {
        let own =
            json!({ "classCode": "10A", "name": "10A", "grade": "10", "campusCode": null, "homeroomStaffCode": null });
        upsert("classes", &with(&of(&example("classes"), own), json!({ "electiveSubjects": electives })))
    };
    let place = |number: usize, electives: Value| {
        let own = json!({ "classCode": "10A", "electiveSubjects": electives });
        upsert("enrollments", &of(&enrolled("6A1", number), own))
    };
    let mut records = vec![upsert("schools", &of(&example("schools"), json!({ "name": "Trường THPT", "level": "3" })))];
    records.push(class(Value::Null));
    records.extend((60..62).map(|at| upsert("students", &of(&pupil(at), json!({ "birthDate": "2010-03-03" })))));
    records.push(place(60, four.clone()));
    let found = async || -> Vec<String> {
        office.found().await.into_iter().filter(|line| line.starts_with("CL-010")).collect()
    };
    // The class is silent as long as all in it say what they take.
    let (_, report) = office.gateway.submit("", &office.software, &records).await;
    assert!(report["counts"]["rejected"] == 0 && !report["issues"].to_string().contains("CL-010"), "{report:#}");
    assert_eq!(found().await, [""; 0]);
    office.send(&[place(61, Value::Null)]).await;
    assert_eq!(found().await, ["CL-010 10A /electiveSubjects"]);
    office.send(&[class(four)]).await;
    assert_eq!(found().await, [""; 0]);
}
