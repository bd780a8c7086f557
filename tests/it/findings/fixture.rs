//! A school without findings, and the way to see what opens and closes.

use crate::common::records::{SCHOOL, example, small_school, upsert, with};
use crate::common::{Gateway, TestDatabase};
use serde_json::{Value, json};
use std::sync::Arc;

/// The teacher of the examples, and a principal.
pub const TEACHER: &str = "3100000123";
pub const PRINCIPAL: &str = "3100000900";
/// Another school.
pub const OTHER: &str = "31000502";

/// A gateway with the small school in it, results aside, and nothing found.
pub struct Office {
    pub gateway: Gateway,
    /// Software of both schools.
    pub software: String,
    /// Staff of the whole area.
    pub staff: String,
}

impl Office {
    pub async fn open() -> Self {
        Self::on(Arc::new(TestDatabase::new())).await
    }

    pub async fn on(database: Arc<TestDatabase>) -> Self {
        let gateway = Gateway::on(database, &["--rate-limit", "100000", "--rate-burst", "100000"]);
        let software = gateway.token_for("school-software", &["--school", SCHOOL, "--school", OTHER]).await;
        let staff = gateway.token_for("sector-staff", &["--all-schools"]).await;
        let office = Self { gateway, software, staff };
        office.send(&clean_school()).await;
        assert_eq!(office.found().await, [""; 0], "the small school has findings");
        office
    }

    /// Sends records, all of which must be taken.
    pub async fn send(&self, records: &[Value]) {
        let (status, report) = self.gateway.submit("", &self.software, records).await;
        let sound = status == 200 && report["counts"]["rejected"] == 0 && report["counts"]["parked"] == 0;
        assert!(sound, "{status} {:#}", report["issues"]);
    }

    /// What stands open when all is judged: code, class or person, pointer; sorted.
    pub async fn found(&self) -> Vec<String> {
        self.gateway.database().judged().await;
        let mut lines: Vec<String> = self.items("").await.iter().map(line).collect();
        lines.sort();
        lines
    }

    /// The first page of the list for staff.
    pub async fn items(&self, query: &str) -> Vec<Value> {
        let (status, page) = self.gateway.get(&format!("/v1/findings{query}"), &self.staff).await;
        assert_eq!(status, 200, "{page}");
        page["items"].as_array().unwrap().clone()
    }

    /// Breaks the data, sees exactly what opens, mends them, and sees that all closes.
    pub async fn goes(&self, breaking: &[Value], opens: &[&str], mending: &[Value]) {
        self.send(breaking).await;
        assert_eq!(self.found().await, opens);
        self.send(mending).await;
        assert_eq!(self.found().await, [""; 0], "mended: {opens:?}");
    }
}

/// `CL-004 6A1`, `ST-007 3100000001 /entryType`, with the subject and period where there is one.
pub fn line(item: &Value) -> String {
    let key = &item["key"];
    let names = ["classCode", "subjectCode", "period", "studentCode", "staffCode"];
    let mut parts = vec![item["code"].as_str().unwrap().to_owned()];
    parts.extend(names.iter().filter_map(|name| key[*name].as_str().map(str::to_owned)));
    parts.extend(item["pointer"].as_str().filter(|pointer| !pointer.is_empty()).map(str::to_owned));
    parts.join(" ")
}

/// The small school with a principal, without results.
pub fn clean_school() -> Vec<Value> {
    let results = ["subject-results", "academic-records"];
    let mut records: Vec<Value> =
        small_school().into_iter().filter(|record| !results.contains(&record["resource"].as_str().unwrap())).collect();
    records.push(upsert("staff", &principal()));
    // Of the pupil of the examples no results are expected.
    let pupil = records.iter_mut().find(|record| record["resource"] == "students").unwrap();
    pupil["data"]["exemptFromAssessment"] = json!(true);
    records
}

pub fn principal() -> Value {
    let changes = json!({ "staffCode": PRINCIPAL, "citizenId": null, "group": "1", "position": "01", "email": "hieutruong@example.edu.vn",
        "fullName": "Trần Thị Minh Nguyệt", "homeroomTeacher": false });
    with(&example("staff"), changes)
}

/// A class of the small school's grade, led by the principal.
pub fn class(code: &str) -> Value {
    with(&example("classes"), json!({ "classCode": code, "name": code, "homeroomStaffCode": PRINCIPAL }))
}

/// The code of the pupil of this number.
pub fn code(number: usize) -> String {
    format!("31002{number:05}")
}

/// So many pupils in a class, of whom nothing is remarkable.
pub fn pupils(class: &str, numbers: std::ops::Range<usize>) -> Vec<Value> {
    numbers
        .flat_map(|number| [upsert("students", &pupil(number)), upsert("enrollments", &enrolled(class, number))])
        .collect()
}

/// Alike in all but the code and the birth date.
pub fn pupil(number: usize) -> Value {
    let birth_date = format!("2014-{:02}-{:02}", 1 + number / 28 % 12, 1 + number % 28);
    let own = json!({ "studentCode": code(number), "citizenId": null, "contacts": null, "birthDate": birth_date });
    with(&example("students"), own)
}

pub fn enrolled(class: &str, number: usize) -> Value {
    with(
        &example("enrollments"),
        json!({ "studentCode": code(number), "classCode": class, "orderInClass": number + 1 }),
    )
}
