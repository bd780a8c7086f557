//! A school that is taken in by another: its end, the exits, the moves and the new enrollments come in one submission, in
//! any order; what it has still to say comes afterwards, and nothing new.

use crate::common::Gateway;
use crate::common::records::{counts, example, issues, path, shuffled, upsert, with};
use serde_json::{Value, json};

const OLD: &str = "31000503";
const NEW: &str = "31000502";
const THIRD: &str = "31000504";
const PUPIL: &str = "3100011001";
const STAYING: &str = "3100015502";
const TEACHER: &str = "3100015501";

fn school(code: &str, changes: Value) -> Value {
    let own = json!({ "schoolCode": code, "name": format!("Trường THCS số {code}"), "validFrom": null });
    upsert("schools", &with(&with(&example("schools"), own), changes))
}
fn merged() -> Value {
    school(OLD, json!({ "status": "merged", "successorCode": NEW }))
}
fn class(school: &str, changes: Value) -> Value {
    let bare = json!({ "schoolCode": school, "campusCode": null, "homeroomStaffCode": null });
    upsert("classes", &with(&with(&example("classes"), bare), changes))
}
fn student(school: &str, code: &str) -> Value {
    let own = json!({ "schoolCode": school, "studentCode": code, "citizenId": null, "contacts": null, "fullName": format!("Ngô Bảo {}", if code == PUPIL { "Anh" } else { "Hà" }) });
    upsert("students", &with(&example("students"), own))
}
fn enrollment(school: &str, code: &str, changes: Value) -> Value {
    let own = json!({ "schoolCode": school, "studentCode": code });
    upsert("enrollments", &with(&with(&example("enrollments"), own), changes))
}
fn left(code: &str) -> Value {
    enrollment(OLD, code, json!({ "exitDate": "2026-01-12", "exitType": "transfer-out", "toSchoolCode": NEW }))
}
fn arrived(school: &str, code: &str) -> Value {
    let arrival = json!({ "entryDate": "2026-01-12", "entryType": "transfer-in", "fromSchoolCode": OLD });
    enrollment(school, code, arrival)
}
fn teacher(school: &str, status: &str) -> Value {
    let own = json!({ "schoolCode": school, "staffCode": TEACHER, "citizenId": null, "status": status, "fullName": "Phan Thị Đào" });
    upsert("staff", &with(&example("staff"), own))
}
fn result(school: &str, code: &str) -> Value {
    let own = json!({ "schoolCode": school, "studentCode": code, "staffCode": null });
    upsert("subject-results", &with(&example("subject-results"), own))
}

/// Two schools of one kind at work, the first of which is going to be taken in by the second.
fn before() -> Vec<Value> {
    let mut records = vec![teacher(OLD, "1")];
    for code in [OLD, NEW, THIRD] {
        records.extend([school(code, json!({})), class(code, json!({}))]);
    }
    for code in [PUPIL, STAYING] {
        records.extend([student(OLD, code), enrollment(OLD, code, json!({}))]);
    }
    records
}

struct Schools {
    gateway: Gateway,
    token: String,
}

impl Schools {
    async fn open() -> Self {
        let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
        let schools = Self { token: gateway.software_of_all().await, gateway };
        schools.accepted("", &before()).await;
        schools
    }
    /// Neither an error nor anything left waiting.
    async fn accepted(&self, query: &str, records: &[Value]) -> Value {
        let (status, report) = self.gateway.submit(query, &self.token, records).await;
        assert!(status == 200 && report["result"] == "accepted", "{query}: {report:#}");
        assert_eq!(report["counts"]["parked"], 0, "{query}: {report:#}");
        report
    }
    async fn put(&self, record: &Value) -> (u16, Vec<String>) {
        let (resource, data) = (record["resource"].as_str().unwrap(), &record["data"]);
        let (status, body) = self.gateway.put(&path(resource, data), &self.token, data).await;
        let codes = body["issues"].as_array().into_iter().flatten();
        (status, codes.filter(|issue| issue["severity"] == "error").map(|issue| issue["code"].to_string()).collect())
    }
}

#[actix_web::test]
async fn a_merger_comes_in_one_submission_in_any_order() {
    let all = [
        merged(),
        left(PUPIL),
        student(NEW, PUPIL),
        arrived(NEW, PUPIL),
        teacher(NEW, "1"),
        left(STAYING),
        student(NEW, STAYING),
        arrived(NEW, STAYING),
        result(OLD, STAYING),
    ];
    let mut schools = Schools::open().await;
    for (seed, query) in [(1, ""), (2, "?atomicity=all"), (3, ""), (4, "?atomicity=all")] {
        let records = shuffled(&all, seed);
        let (_, dry) = schools.gateway.submit("?mode=validate", &schools.token, &records).await;
        let report = schools.accepted(query, &records).await;
        assert_eq!(counts(&dry), counts(&report), "seed {seed}");
        assert_eq!(dry["issues"], report["issues"], "seed {seed}");
        schools = Schools::open().await;
    }
}

#[actix_web::test]
async fn the_successor_may_be_told_before_anybody_left() {
    let schools = Schools::open().await;
    schools.accepted("", &[merged()]).await;
    schools.accepted("", &[arrived(NEW, PUPIL), student(NEW, PUPIL), teacher(NEW, "1")]).await;
    schools.accepted("", &[left(PUPIL)]).await;
    let (status, report) = schools.gateway.submit("", &schools.token, &[arrived(NEW, STAYING)]).await;
    assert!(status == 200 && report["result"] == "accepted", "the record of the student may follow: {report:#}");
}

#[actix_web::test]
async fn what_an_ended_school_has_still_to_say_is_heard_and_nothing_new() {
    let schools = Schools::open().await;
    schools.accepted("", &[merged()]).await;
    for record in [left(PUPIL), result(OLD, STAYING), teacher(OLD, "3")] {
        let (status, errors) = schools.put(&record).await;
        assert!([200, 201].contains(&status), "{record} {errors:?}");
    }
    let new_class = class(OLD, json!({ "classCode": "6A9", "name": "6A9" }));
    let new_pupil = student(OLD, "3100017777");
    let comes_back = enrollment(OLD, STAYING, json!({ "orderInClass": 9 }));
    for record in [new_class, new_pupil, comes_back, teacher(OLD, "1")] {
        assert_eq!(schools.put(&record).await, (422, vec!["\"SC-006\"".to_owned()]), "{record}");
    }
    let resent = school(OLD, json!({ "status": "merged", "successorCode": NEW, "phone": "02203855124" }));
    let again = [resent, class(OLD, json!({ "classCode": "6A9", "name": "6A9" }))];
    let (_, report) = schools.gateway.submit("", &schools.token, &again).await;
    assert_eq!(issues(&report), ["1 SC-006 /schoolCode"], "its end is not new: {report:#}");
}

#[actix_web::test]
async fn only_the_successor_takes_over_what_was_left_open() {
    let schools = Schools::open().await;
    schools.accepted("", &[merged()]).await;
    let third = schools.gateway.software(THIRD).await;
    let (_, report) = schools.gateway.submit("", &third, &[student(THIRD, PUPIL), teacher(THIRD, "1")]).await;
    let refused = ["0 ID-025 /studentCode", "1 ID-025 /staffCode"];
    let errors = report["issues"].as_array().unwrap().iter().filter(|issue| issue["severity"] == "error").count();
    assert_eq!(errors, 2, "{report:#}");
    assert!(refused.iter().all(|one| issues(&report).contains(&(*one).to_owned())), "{report:#}");
    // The successor is taken in itself: whoever took its place has everybody of both.
    schools.accepted("", &[school(NEW, json!({ "status": "merged", "successorCode": THIRD }))]).await;
    let (_, report) = schools.gateway.submit("", &third, &[student(THIRD, PUPIL), teacher(THIRD, "1")]).await;
    assert_eq!(report["result"], "accepted", "{report:#}");
}

#[actix_web::test]
async fn an_ended_school_may_come_with_its_past_at_the_first_load() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let past = |record: Value| {
        let mut record = record;
        record["data"]["schoolYear"] = json!("2023-2024");
        record
    };
    let stay = json!({ "entryDate": "2023-09-05", "exitDate": "2024-05-31", "exitType": "completed" });
    let records = [
        merged(),
        school(NEW, json!({})),
        student(OLD, PUPIL),
        past(class(OLD, json!({}))),
        past(enrollment(OLD, PUPIL, stay)),
        past(result(OLD, PUPIL)),
        teacher(OLD, "6"),
    ];
    for query in ["?mode=validate", "?atomicity=all"] {
        let (_, report) = gateway.submit(query, &token, &shuffled(&records, 7)).await;
        assert_eq!(report["result"], "accepted", "{query}: {report:#}");
    }
    let goes_on = class(THIRD, json!({ "schoolYear": "2026-2027" }));
    let closed = school(THIRD, json!({ "status": "closed" }));
    let (_, report) = gateway.submit("", &token, &[closed, goes_on]).await;
    assert_eq!(issues(&report), ["1 SC-006 /schoolCode"], "{report:#}");
}

#[actix_web::test]
async fn another_gateway_and_a_replacement_know_of_the_end() {
    let schools = Schools::open().await;
    let second = Gateway::on(schools.gateway.database.clone().unwrap(), &[]);
    schools.accepted("", &[merged()]).await;
    for record in [left(PUPIL), student(NEW, PUPIL), arrived(NEW, PUPIL)] {
        let (resource, data) = (record["resource"].as_str().unwrap(), &record["data"]);
        let (status, body) = second.put(&path(resource, data), &schools.token, data).await;
        assert!([200, 201].contains(&status), "{body}");
    }
    let whole = format!("?replace=enrollments&schoolCode={OLD}&schoolYear=2025-2026");
    for query in [format!("{whole}&mode=validate"), whole] {
        let (_, report) = second.submit(&query, &schools.token, &[left(PUPIL), left(STAYING)]).await;
        assert_eq!(report["result"], "accepted", "{query}: {report:#}");
    }
}

#[actix_web::test]
async fn writes_that_share_a_transaction_know_of_the_end() {
    let schools = Schools::open().await;
    let codes: Vec<String> = (0..30).map(|number| format!("31000180{number:02}")).collect();
    for code in &codes {
        schools.accepted("", &[student(OLD, code), enrollment(OLD, code, json!({}))]).await;
    }
    schools.accepted("", &[merged()]).await;
    let all: Vec<Value> = codes.iter().flat_map(|code| [left(code), student(NEW, code), arrived(NEW, code)]).collect();
    let answers = futures_util::future::join_all(all.iter().map(|record| schools.put(record))).await;
    let wrong: Vec<_> = answers.iter().filter(|(status, _)| ![200, 201].contains(status)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The year's class, its pupil's stay, marks and teacher at the old school.
fn book(year: &str, grade: &str) -> Vec<Value> {
    let code = format!("{grade}A");
    let of = |record: Value, changes: Value| {
        let placed = with(&json!({ "schoolYear": year, "classCode": code }), changes);
        upsert(record["resource"].as_str().unwrap(), &with(&record["data"], placed))
    };
    let begins: i32 = year[..4].parse().unwrap();
    let (entry, exit) = (format!("{begins}-09-05"), format!("{}-05-31", begins + 1));
    let stay = json!({ "entryDate": entry, "exitDate": exit, "exitType": "completed" });
    let bare = json!({ "period": "CN", "regularMarks": null, "midtermMark": null, "finalMark": null });
    let lesson = json!({ "schoolCode": OLD, "staffCode": TEACHER, "from": null, "to": null });
    let mut records = vec![
        of(class(OLD, json!({ "grade": grade, "name": code })), json!({ "homeroomStaffCode": TEACHER })),
        of(enrollment(OLD, PUPIL, json!({})), stay),
        of(result(OLD, PUPIL), bare),
        of(upsert("teaching-assignments", &with(&example("teaching-assignments"), lesson)), json!({ "term": "1" })),
    ];
    records.extend(["CK1", "CK2"].map(|period| of(result(OLD, PUPIL), json!({ "period": period }))));
    records
}

#[actix_web::test]
async fn the_books_of_a_school_that_ended_years_ago_may_come_today() {
    let end = json!({ "status": "merged", "successorCode": NEW, "validFrom": "2025-07-01" });
    let books = [book("2023-2024", "06"), book("2024-2025", "07")].concat();
    let today = [school(NEW, json!({})), student(NEW, PUPIL), teacher(NEW, "1")];
    // The school is known as ended from the first, comes with its books, or was at work here before.
    let ways: [Vec<Vec<Value>>; 3] = [
        vec![[&today[..], &[school(OLD, end.clone())], &books].concat()],
        vec![today.to_vec(), vec![school(OLD, end.clone())], books.clone()],
        vec![
            vec![school(OLD, json!({})), school(NEW, json!({})), student(OLD, PUPIL), teacher(OLD, "1")],
            vec![school(OLD, end)],
            books,
            today[1..].to_vec(),
        ],
    ];
    for steps in ways {
        let gateway = Gateway::start();
        let schools = Schools { token: gateway.software_of_all().await, gateway };
        for records in steps {
            let report = schools.accepted("", &shuffled(&records, 5)).await;
            let told = issues(&report);
            let spoken = ["AS-001", "CL-011", "SC-006"].iter().any(|code| told.iter().any(|one| one.contains(code)));
            assert!(!spoken, "the successor has the staff of the school: {report:#}");
        }
        let newer = class(OLD, json!({ "classCode": "8A" }));
        assert_eq!(schools.put(&newer).await, (422, vec!["\"SC-006\"".to_owned()]), "a year after its end");
    }
}
