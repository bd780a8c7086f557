//! Lives that schools really have and that rules made for the usual ones are quick to refuse: each is taken without an
//! error, and nothing of it is left waiting.

use crate::common::Gateway;
use crate::common::records::{example, issues, small_school, upsert, with};
use serde_json::{Value, json};

const PUPIL: &str = "3100018001";

/// A gateway with the small school of the examples, and a client for all schools.
async fn opened() -> (Gateway, String) {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    assert_eq!(gateway.submit("", &token, &small_school()).await.1["result"], "accepted");
    (gateway, token)
}

/// Sends a life, in a dry run first.
async fn taken((gateway, token): &(Gateway, String), records: &[Value]) -> Value {
    let mut told = Value::Null;
    for query in ["?mode=validate", ""] {
        let (status, report) = gateway.submit(query, token, records).await;
        let errors: Vec<&Value> =
            report["issues"].as_array().unwrap().iter().filter(|one| one["severity"] == "error").collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert_eq!(
            (status, &report["result"], &report["counts"]["parked"]),
            (200, &json!("accepted"), &json!(0)),
            "{report:#}"
        );
        told = report;
    }
    told
}

fn school(code: &str, level: &str, kind: &str) -> Value {
    let own = json!({ "schoolCode": code, "name": format!("Trường số {code}"), "level": level, "schoolType": kind });
    upsert("schools", &with(&example("schools"), own))
}
fn class(changes: Value) -> Value {
    let bare = json!({ "campusCode": null, "homeroomStaffCode": null });
    upsert("classes", &with(&with(&example("classes"), bare), changes))
}
fn student(changes: Value) -> Value {
    let own = json!({ "studentCode": PUPIL, "citizenId": null, "fullName": "Lò Thị Mây", "contacts": null });
    upsert("students", &with(&with(&example("students"), own), changes))
}
fn enrolled(changes: Value) -> Value {
    upsert("enrollments", &with(&with(&example("enrollments"), json!({ "studentCode": PUPIL })), changes))
}
/// A result without any mark, changed.
fn result(changes: Value) -> Value {
    let bare = json!({ "studentCode": PUPIL, "regularMarks": null, "midtermMark": null, "finalMark": null, "average": null,
        "staffCode": null });
    upsert("subject-results", &with(&with(&example("subject-results"), bare), changes))
}
fn record(changes: Value) -> Value {
    let bare = json!({ "studentCode": PUPIL, "learningLevel": null, "conductLevel": null });
    upsert("academic-records", &with(&with(&example("academic-records"), bare), changes))
}
fn teacher(code: &str, changes: Value) -> Value {
    let own = json!({ "staffCode": code, "citizenId": null, "fullName": "Vàng Thị Lan", "email": null });
    upsert("staff", &with(&with(&example("staff"), own), changes))
}
fn assigned(changes: Value) -> Value {
    let bare = json!({ "from": null, "to": null });
    upsert("teaching-assignments", &with(&with(&example("teaching-assignments"), bare), changes))
}

#[actix_web::test]
async fn pupils_of_other_countries_and_gifted_ones() {
    let ground = opened().await;
    taken(&ground, &[student(json!({ "nationality": "KR", "fullName": "Kim Min Ji" })), enrolled(json!({}))]).await;
    for (year, warned) in [(2015, false), (2016, true)] {
        let born = student(json!({ "birthDate": format!("{year}-06-01") }));
        let report = taken(&ground, &[born, enrolled(json!({ "orderInClass": year - 2000 }))]).await;
        let told = issues(&report).contains(&"1 AG-001 /classCode".to_owned());
        assert_eq!(told, warned, "one year young is usual, a second one worth a word: {report:#}");
    }
}

#[actix_web::test]
async fn a_pupil_who_comes_and_goes() {
    let ground = opened().await;
    let other = school("31000502", "2", "07");
    let stays = [
        json!({ "entryDate": "2025-09-05", "exitDate": "2025-10-01", "exitType": "class-change" }),
        json!({ "classCode": "6A2", "entryDate": "2025-10-01", "entryType": "class-change", "exitDate": "2025-12-01", "exitType": "transfer-out", "toSchoolCode": "31000502" }),
        json!({ "schoolCode": "31000502", "entryDate": "2025-12-03", "entryType": "transfer-in", "exitDate": "2026-02-02", "exitType": "transfer-out" }),
        json!({ "entryDate": "2026-02-04", "entryType": "transfer-in" }),
    ];
    let mut records = vec![
        other,
        class(json!({ "schoolCode": "31000502" })),
        class(json!({ "classCode": "6A2", "name": "6A2" })),
        student(json!({})),
    ];
    records.extend(stays.map(enrolled));
    records.push(result(json!({ "average": 7.5 })));
    records.push(result(
        json!({ "period": "CK2", "regularMarks": [8, 8, 8, 8, 9], "midtermMark": 8, "finalMark": 8, "average": 8.1 }),
    ));
    taken(&ground, &records).await;
}

#[actix_web::test]
async fn what_a_pupil_brings_along_is_an_average_alone() {
    let ground = opened().await;
    let came = enrolled(json!({ "entryDate": "2026-02-10", "entryType": "transfer-in" }));
    let report = taken(&ground, &[student(json!({})), came, result(json!({ "average": 7.5 }))]).await;
    assert!(issues(&report).contains(&"2 MK-006 /average".to_owned()), "a warning: {report:#}");
}

#[actix_web::test]
async fn past_years_come_first() {
    let ground = opened().await;
    let gone = "3100019001";
    let mut records = vec![
        student(json!({ "birthDate": "2009-03-03" })),
        teacher(gone, json!({ "status": "8" })),
        teacher("3100019002", json!({ "schoolCode": "31000502", "fullName": "Hoàng Văn Bách" })),
        school("31000502", "2", "07"),
    ];
    for (year, grade, code) in [("2021-2022", "07", "7A"), ("2022-2023", "08", "8A"), ("2023-2024", "09", "9A")] {
        let of = |more: Value| with(&json!({ "schoolYear": year, "classCode": code }), more);
        let begins: i32 = year[..4].parse().unwrap();
        records.push(class(with(&of(json!({ "name": code, "grade": grade })), json!({ "homeroomStaffCode": gone }))));
        records.push(enrolled(of(json!({ "entryDate": format!("{begins}-09-05"), "exitDate": format!("{}-05-31", begins + 1), "exitType": "completed" }))));
        for teacher in [gone, "3100019002"] {
            records.push(assigned(of(
                json!({ "staffCode": teacher, "term": "2", "role": "main", "subjectCode": "TOAN" }),
            )));
        }
        let marks = json!({ "regularMarks": [8, 8, 8, 8], "midtermMark": 8, "finalMark": 8, "average": 8 });
        records.extend(["CK1", "CK2"].map(|period| result(of(with(&marks, json!({ "period": period }))))));
        records.push(result(of(json!({ "period": "CN", "average": 8 }))));
        records.push(result(of(json!({ "period": "CN", "subjectCode": "GDTC", "level": "Đ" }))));
        let (learning, conduct) =
            if grade == "07" && year == "2021-2022" || grade == "09" { ("G", "T") } else { ("T", "T") };
        let (learning, conduct) = if grade == "08" { ("G", "K") } else { (learning, conduct) };
        records.push(record(of(
            json!({ "period": "CN", "learningLevel": learning, "conductLevel": conduct, "promoted": true }),
        )));
    }
    let report = taken(&ground, &records).await;
    let told = issues(&report);
    let doubted = told.iter().filter(|issue| issue.contains("AS-001")).count();
    assert_eq!(doubted, 3, "only of him who was never known here: {told:?}");
    assert!(!told.iter().any(|issue| issue.contains("CL-011")), "{told:?}");
}

#[actix_web::test]
async fn teachers_who_left_or_were_lent_to_several_schools() {
    let ground = opened().await;
    let (lent, left) = ("3100019003", "3100019004");
    let schools = ["31000502", "31000503"];
    let mut records =
        vec![teacher(lent, json!({ "status": "7", "secondedToSchoolCode": schools[0] })), teacher(left, json!({}))];
    records.extend(schools.map(|code| school(code, "2", "07")));
    records.extend(schools.map(|code| class(json!({ "schoolCode": code }))));
    taken(&ground, &records).await;
    // He goes to the next school in the course of the year, she leaves in the course of a term.
    taken(&ground, &[teacher(lent, json!({ "status": "7", "secondedToSchoolCode": schools[1] }))]).await;
    let of = |code: &str, member: &str| json!({ "schoolCode": code, "staffCode": member });
    let report = taken(
        &ground,
        &[
            assigned(of(schools[0], lent)),
            assigned(with(&of(schools[1], lent), json!({ "term": "2" }))),
            teacher(left, json!({ "status": "8" })),
            assigned(with(&of("31000501", left), json!({ "subjectCode": "KHTN", "to": "2025-10-20" }))),
        ],
    )
    .await;
    assert!(!issues(&report).iter().any(|issue| issue.contains("AS-001")), "he was there: {report:#}");
    let this_year = json!({ "schoolYear": "2026-2027" });
    let running = [
        class(with(&json!({ "schoolCode": schools[0] }), this_year.clone())),
        assigned(with(&with(&of(schools[0], lent), json!({ "term": "2" })), this_year)),
    ];
    let (_, report) = ground.0.submit("", &ground.1, &running).await;
    assert!(
        issues(&report).contains(&"1 AS-001 /staffCode".to_owned()),
        "what is to come is judged by today: {report:#}"
    );
}

#[actix_web::test]
async fn continuing_education_and_upper_secondary_school() {
    let ground = opened().await;
    let centre = "31000901";
    let grown_up = [
        school(centre, "6", "15"),
        class(json!({ "schoolCode": centre, "classCode": "10X", "name": "10X", "grade": "10" })),
        student(json!({ "schoolCode": centre, "birthDate": "1990-04-04" })),
        enrolled(json!({ "schoolCode": centre, "classCode": "10X" })),
    ];
    taken(&ground, &grown_up).await;
    let (upper, code) = ("31000701", "3100018002");
    let six = json!(["VATLI", "HOAHOC", "SINHHOC", "TINHOC", "DIALI", "GDKTPL"]);
    let marks = json!({ "regularMarks": [8, 8], "midtermMark": 8, "finalMark": 8, "average": 8, "exempt": true });
    let of = json!({ "schoolCode": upper, "studentCode": code, "classCode": "10A" });
    let silent = |code: &str, pupil: &str| {
        let own = json!({ "schoolCode": upper, "studentCode": pupil, "classCode": code });
        let member = student(
            json!({ "schoolCode": upper, "studentCode": pupil, "birthDate": "2010-05-05", "fullName": "Hà Gia Linh" }),
        );
        let class = class(json!({ "schoolCode": upper, "classCode": code, "name": code, "grade": "10" }));
        [class, member, enrolled(with(&own, json!({ "electiveSubjects": ["DIALI", "GDKTPL", "VATLI", "HOAHOC"] })))]
    };
    let mut records = vec![school(upper, "3", "07")];
    records.extend(silent("10B", "3100018004"));
    let report = taken(&ground, &records).await;
    assert!(!issues(&report).iter().any(|issue| issue.contains("CL-010")), "the pupils say it: {report:#}");
    let clusters = [
        school(upper, "3", "07"),
        class(
            json!({ "schoolCode": upper, "classCode": "10A", "name": "10A", "grade": "10", "electiveSubjects": six }),
        ),
        student(
            json!({ "schoolCode": upper, "studentCode": code, "birthDate": "2010-04-04", "fullName": "Hà Gia Bảo" }),
        ),
        enrolled(with(&of, json!({ "electiveSubjects": ["VATLI", "HOAHOC", "SINHHOC", "TINHOC"] }))),
        result(with(&with(&of, marks), json!({ "subjectCode": "GDQPAN" }))),
        result(with(
            &of,
            json!({ "subjectCode": "VATLI", "regularMarks": [8, 8, 8, 9, 9], "midtermMark": 8, "finalMark": 8, "average": 8.2 }),
        )),
    ];
    taken(&ground, &clusters).await;
}

#[actix_web::test]
async fn languages_of_minorities_strands_and_exemptions() {
    let ground = opened().await;
    let primary = "31000401";
    let of = json!({ "schoolCode": primary, "studentCode": "3100018003", "classCode": "4A" });
    let mut records = vec![
        student(json!({ "disability": true, "disabilityType": "01", "exemptFromAssessment": true })),
        enrolled(json!({})),
        result(
            json!({ "subjectCode": "TIENGDTTS", "regularMarks": [8, 8, 8, 8], "midtermMark": 8, "finalMark": 8, "average": 8 }),
        ),
        result(json!({ "subjectCode": "GDTC", "exempt": true })),
        record(
            json!({ "period": "CN", "learningLevel": "K", "conductLevel": "T", "promoted": true, "excusedAbsences": 60 }),
        ),
        school(primary, "1", "07"),
        class(json!({ "schoolCode": primary, "classCode": "4A", "name": "4A", "grade": "04" })),
        student(
            json!({ "schoolCode": primary, "studentCode": "3100018003", "birthDate": "2016-04-04", "fullName": "Giàng A Páo" }),
        ),
        enrolled(of.clone()),
    ];
    records.extend(["AMNHAC", "MITHUAT"].map(|strand| result(json!({ "subjectCode": strand, "level": "Đ" }))));
    records.extend(["TIENGDTTS", "TINHOC", "CONGNGHE", "TOAN"].map(|subject| {
        result(with(&of, json!({ "subjectCode": subject, "period": "CK1", "level": "T", "testMark": 9 })))
    }));
    taken(&ground, &records).await;
}

#[actix_web::test]
async fn a_summer_and_days_of_absence() {
    let ground = opened().await;
    let of_year = |more: Value| with(&json!({ "period": "CN" }), more);
    let term = |period: &str| {
        result(
            json!({ "period": period, "regularMarks": [3, 3, 3, 3], "midtermMark": 3, "finalMark": 3, "average": 3 }),
        )
    };
    let records = [
        student(json!({})),
        enrolled(json!({})),
        term("CK1"),
        term("CK2"),
        result(of_year(json!({ "average": 5.5, "reassessedMark": 5.5 }))),
        record(of_year(
            json!({ "learningLevel": "Đ", "conductLevel": "K", "promoted": true, "excusedAbsences": 50, "unexcusedAbsences": 0 }),
        )),
    ];
    let report = taken(&ground, &records).await;
    assert!(issues(&report).contains(&"5 MK-013 /promoted".to_owned()), "a warning: {report:#}");
}
