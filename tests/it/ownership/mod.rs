//! A record that its school has not let go cannot be taken by another, and what another school has is not told.

mod provisional;
mod ways;

use crate::common::records::{SCHOOL, counts, deletion, example, issues, path, small_school, upsert, with};
use crate::common::{Gateway, answer};
use serde_json::{Value, json};

const OTHER: &str = "31000502";
const PUPIL: &str = "3100029001";
const TEACHER: &str = "3100009001";
const DIPLOMA: &str = "THCS-B0000001";
const NUMBER: &str = "031214000777";

fn school() -> Value {
    with(&example("schools"), json!({ "schoolCode": OTHER, "name": "Trường THCS Khác" }))
}
fn pupil() -> Value {
    let changes = json!({ "schoolCode": OTHER, "studentCode": PUPIL, "citizenId": NUMBER, "fullName": "Hoàng Gia Bách", "contacts": null });
    with(&example("students"), changes)
}
fn teacher() -> Value {
    let changes = json!({ "schoolCode": OTHER, "staffCode": TEACHER, "citizenId": "031188000999", "fullName": "Đặng Thu Thảo",
        "email": "thuthao@example.edu.vn" });
    with(&example("staff"), changes)
}
fn diploma() -> Value {
    let changes = json!({ "schoolCode": OTHER, "diplomaNumber": DIPLOMA, "citizenId": null, "studentCode": null, "fullName": "Hoàng Gia Bách" });
    with(&example("diplomas"), changes)
}
fn class() -> Value {
    let changes = json!({ "schoolCode": OTHER, "classCode": "6B1", "name": "6B1", "campusCode": null, "homeroomStaffCode": null });
    with(&example("classes"), changes)
}
fn enrolled(changes: Value) -> Value {
    with(
        &example("enrollments"),
        with(&json!({ "schoolCode": OTHER, "studentCode": PUPIL, "classCode": "6B1" }), changes),
    )
}

/// The small school, and another one with a pupil, a teacher and a diploma; each with its software.
struct Two {
    gateway: Gateway,
    own: String,
    other: String,
}

impl Two {
    async fn open() -> Self {
        let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
        let software = async |school: &str| gateway.software(school).await;
        let (own, other) = (software(SCHOOL).await, software(OTHER).await);
        let records = [
            ("schools", school()),
            ("classes", class()),
            ("staff", teacher()),
            ("students", pupil()),
            ("diplomas", diploma()),
        ];
        let records: Vec<Value> = records.iter().map(|(resource, data)| upsert(resource, data)).collect();
        for (token, records) in [(&own, small_school()), (&other, records)] {
            let (status, report) = gateway.submit("", token, &records).await;
            assert!(status == 200 && counts(&report).starts_with("created"), "{report:#}");
        }
        Self { gateway, own, other }
    }
    /// The stored record, as its school reads it.
    async fn stored(&self, resource: &str, data: &Value) -> Value {
        self.gateway.get(&path(resource, data), &self.other).await.1
    }
    /// The own school sends this, by PUT and in bulk, as a commit, a dry run and all or nothing: each time this one rule keeps it out.
    async fn refused(&self, resource: &str, data: &Value, code: &str, pointer: &str) {
        let (status, problem) = self.gateway.put(&path(resource, data), &self.own, data).await;
        let told = |issues: &Value| -> Vec<String> {
            let errors = issues.as_array().unwrap().iter().filter(|issue| issue["severity"] == "error");
            errors
                .map(|issue| format!("{} {}", issue["code"].as_str().unwrap(), issue["pointer"].as_str().unwrap()))
                .collect()
        };
        assert_eq!(
            (status, told(&problem["issues"])),
            (422, vec![format!("{code} {pointer}")]),
            "{resource}: {problem:#}"
        );
        for query in ["", "?mode=validate", "?atomicity=all"] {
            let (status, report) = self.gateway.submit(query, &self.own, &[upsert(resource, data)]).await;
            assert_eq!(
                (status, told(&report["issues"])),
                (422, vec![format!("{code} {pointer}")]),
                "{resource} {query}: {report:#}"
            );
        }
    }
    /// Findings that stand open for the other school's software, of one code.
    async fn findings(&self, code: &str) -> Vec<Value> {
        self.gateway.database().judged().await;
        let (_, page) = self.gateway.get(&format!("/v1/findings?code={code}"), &self.other).await;
        page["items"].as_array().unwrap_or_else(|| panic!("{page}")).clone()
    }
}

#[tokio::test]
async fn a_diploma_stays_with_the_school_that_issued_it() {
    let two = Two::open().await;
    let before = two.stored("diplomas", &diploma()).await;
    let taken = with(&diploma(), json!({ "schoolCode": SCHOOL, "fullName": "Kẻ Mạo Danh" }));
    two.refused("diplomas", &taken, "DP-004", "/diplomaNumber").await;
    assert_eq!(two.stored("diplomas", &diploma()).await, before);
    // The issuing school goes on correcting it.
    let corrected = with(&diploma(), json!({ "ranking": "Khá" }));
    assert_eq!(two.gateway.put(&path("diplomas", &corrected), &two.other, &corrected).await.0, 200);
}

#[tokio::test]
async fn a_pupil_is_not_taken_without_what_proves_it() {
    let two = Two::open().await;
    let before = two.stored("students", &pupil()).await;
    let moved = |changes: Value| with(&with(&pupil(), json!({ "schoolCode": SCHOOL })), changes);
    for changes in [
        json!({ "citizenId": null }),
        json!({ "citizenId": "031214000778" }),
        json!({ "citizenId": "031213000777", "birthDate": "2013-05-20" }),
    ] {
        two.refused("students", &moved(changes), "ID-025", "/studentCode").await;
    }
    assert_eq!(two.stored("students", &pupil()).await, before);
    assert_eq!(two.findings("ST-012").await, [] as [Value; 0]);
    // Who is enrolled there stays there, whoever knows his number.
    let enrollment = enrolled(json!({}));
    assert_eq!(two.gateway.put(&path("enrollments", &enrollment), &two.other, &enrollment).await.0, 201);
    two.refused("students", &moved(json!({})), "ST-005", "/schoolCode").await;
    // An exit that is none from the school lets nobody go.
    let ended = |how: &str| enrolled(json!({ "exitDate": "2026-05-28", "exitType": how }));
    assert_eq!(two.gateway.put(&path("enrollments", &enrollment), &two.other, &ended("completed")).await.0, 200);
    two.refused("students", &moved(json!({ "citizenId": null })), "ID-025", "/studentCode").await;
    assert_eq!(two.gateway.put(&path("enrollments", &enrollment), &two.other, &ended("transfer-out")).await.0, 200);
    let (status, taken) =
        two.gateway.put(&path("students", &pupil()), &two.own, &moved(json!({ "citizenId": null }))).await;
    assert_eq!((status, &taken["schoolCode"]), (200, &json!(SCHOOL)), "{taken:#}");
    // It is told to the old school, which reads no more of him.
    let told = two.findings("ST-012").await;
    assert!(told.len() == 1 && told[0]["message"].as_str().unwrap().contains(SCHOOL), "{told:#?}");
    assert_eq!(told[0]["key"], json!({ "studentCode": PUPIL }));
    assert_eq!(two.gateway.get(&path("students", &pupil()), &two.other).await.0, 404);
    // He comes back: nothing is left to be told.
    assert_eq!(
        two.gateway
            .put(&path("students", &pupil()), &two.other, &moved(json!({ "schoolCode": OTHER, "citizenId": null })))
            .await
            .0,
        422
    );
}

#[tokio::test]
async fn number_and_birth_date_prove_who_a_pupil_is() {
    let two = Two::open().await;
    let moved = with(&pupil(), json!({ "schoolCode": SCHOOL }));
    let (status, report) = two.gateway.submit("?mode=validate", &two.own, &[upsert("students", &moved)]).await;
    assert_eq!((status, counts(&report)), (200, "updated 1, warnings 1".to_owned()), "{report:#}");
    assert_eq!(two.findings("ST-012").await, [] as [Value; 0], "a dry run takes nobody");
    let (status, report) = two.gateway.submit("", &two.own, &[upsert("students", &moved)]).await;
    assert_eq!((status, counts(&report)), (200, "updated 1, warnings 1".to_owned()), "{report:#}");
    assert_eq!(two.findings("ST-012").await.len(), 1);
    // The old school takes him back, with the same proof; the matter is closed.
    assert_eq!(two.gateway.put(&path("students", &pupil()), &two.other, &pupil()).await.0, 200);
    assert_eq!(two.findings("ST-012").await, [] as [Value; 0]);
}

#[tokio::test]
async fn staff_are_not_taken_by_claiming_a_secondment() {
    let two = Two::open().await;
    let moved = |changes: Value| with(&with(&teacher(), json!({ "schoolCode": SCHOOL })), changes);
    two.refused("staff", &moved(json!({ "secondedToSchoolCode": OTHER })), "SF-001", "/schoolCode").await;
    let (_, problem) = two.gateway.put(&path("staff", &teacher()), &two.own, &moved(json!({}))).await;
    assert!(!problem.to_string().contains(OTHER), "the other school is not named: {problem:#}");
    // Let go, retired and without a number: only a state that says that he left lets him go.
    let state = async |status: &str| {
        let put = two
            .gateway
            .put(&path("staff", &teacher()), &two.other, &with(&teacher(), json!({ "status": status })))
            .await;
        assert_eq!(put.0, 200, "{put:?}");
    };
    state("6").await;
    two.refused("staff", &moved(json!({ "citizenId": null })), "ID-025", "/staffCode").await;
    state("3").await;
    assert_eq!(
        two.gateway.put(&path("staff", &teacher()), &two.own, &moved(json!({ "citizenId": null }))).await.0,
        200
    );
    let told = two.findings("SF-012").await;
    assert!(told.len() == 1 && told[0]["message"].as_str().unwrap().contains(SCHOOL), "{told:#?}");
}

#[tokio::test]
async fn a_provisional_code_belongs_to_the_school_that_made_it() {
    let two = Two::open().await;
    let provisional =
        with(&pupil(), json!({ "studentCode": "TAM-001", "citizenId": null, "fullName": "Lâm Khánh Vy" }));
    assert_eq!(two.gateway.put(&path("students", &provisional), &two.other, &provisional).await.0, 201);
    let namesake =
        with(&provisional, json!({ "schoolCode": SCHOOL, "fullName": "Bùi Đức Anh", "birthDate": "2014-01-05" }));
    two.refused("students", &namesake, "ST-011", "/studentCode").await;
    // What names that code at the own school means none of the other school's pupils: it waits, as it would for nobody.
    let waits = async |code: &str| {
        let enrollment = with(&example("enrollments"), json!({ "studentCode": code }));
        let (_, report) = two.gateway.submit("", &two.own, &[upsert("enrollments", &enrollment)]).await;
        let (status, problem) = two.gateway.put(&path("enrollments", &enrollment), &two.own, &enrollment).await;
        (counts(&report), issues(&report), status, problem["issues"].to_string().replace(code, "TAM-…"))
    };
    let enrollment = with(&enrolled(json!({})), json!({ "studentCode": "TAM-001" }));
    assert_eq!(two.gateway.put(&path("enrollments", &enrollment), &two.other, &enrollment).await.0, 201);
    assert_eq!(waits("TAM-001").await, waits("TAM-404").await);
    // Nor once it gave way to an official one.
    let identified = two
        .gateway
        .request("POST", "/v1/students/TAM-001/identify", &two.other)
        .json(&json!({ "studentCode": "3100029009" }));
    assert_eq!(answer(identified).await.0, 200);
    assert_eq!(waits("TAM-001").await, waits("TAM-404").await);
    for (method, code) in [("PUT", 422), ("DELETE", 404)] {
        let (status, told) =
            answer(two.gateway.request(method, "/v1/students/TAM-001", &two.own).json(&namesake)).await;
        assert!(status == code && !told.to_string().contains("3100029009"), "{told:#}");
    }
    let (_, report) = two
        .gateway
        .submit(
            "",
            &two.own,
            &[deletion("students", &namesake), upsert("students", &with(&namesake, json!({ "note": "x" })))],
        )
        .await;
    assert!(!report.to_string().contains("3100029009"), "{report:#}");
    assert_eq!(two.stored("students", &json!({ "studentCode": "3100029009" })).await["fullName"], "Lâm Khánh Vy");
}

/// What differs between two answers beside the names of what was asked for: nothing, if one cannot be told from the other.
async fn told(
    gateway: &Gateway,
    token: &str,
    method: &str,
    path: &str,
    more: &[(&str, &str)],
    body: Option<&Value>,
    name: &str,
) -> String {
    let mut request = gateway.request(method, path, token);
    for (header, value) in more {
        request = request.header(*header, *value);
    }
    let request = if let Some(body) = body { request.json(body) } else { request };
    let response = request.send().await.unwrap();
    let (status, tag) = (response.status().as_u16(), response.headers().get("etag").cloned());
    let mut answer: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default();
    for member in ["requestId", "instance"] {
        answer.as_object_mut().map(|answer| answer.remove(member));
    }
    format!("{status} {tag:?} {answer}").replace(name, "…")
}

#[tokio::test]
async fn what_another_school_has_is_as_what_is_not_there() {
    let two = Two::open().await;
    let records = [
        ("students", pupil(), "studentCode", "3100029404"),
        ("staff", teacher(), "staffCode", "3100009404"),
        ("diplomas", diploma(), "diplomaNumber", "THCS-B0000404"),
        ("classes", class(), "classCode", "6B4"),
    ];
    for (resource, data, name, absent) in records {
        let missing = with(&data, json!({ name: absent }));
        let (there, nowhere) = (data[name].as_str().unwrap(), absent);
        let claimed = |data: &Value| with(data, json!({ "schoolCode": SCHOOL }));
        for tag in ["\"1\"", "\"7\"", "*"] {
            let ask = async |data: &Value, code: &str| {
                let body = if resource == "classes" { data.clone() } else { claimed(data) };
                told(&two.gateway, &two.own, "PUT", &path(resource, data), &[("if-match", tag)], Some(&body), code)
                    .await
            };
            assert_eq!(ask(&data, there).await, ask(&missing, nowhere).await, "{resource} PUT If-Match {tag}");
            let ask = async |data: &Value, code: &str| {
                told(&two.gateway, &two.own, "DELETE", &path(resource, data), &[("if-match", tag)], None, code).await
            };
            assert_eq!(ask(&data, there).await, ask(&missing, nowhere).await, "{resource} DELETE If-Match {tag}");
        }
        for method in ["DELETE", "GET"] {
            let ask = async |data: &Value, code: &str| {
                told(&two.gateway, &two.own, method, &path(resource, data), &[], None, code).await
            };
            assert_eq!(ask(&data, there).await, ask(&missing, nowhere).await, "{resource} {method}");
        }
        let bulk = async |data: &Value, code: &str| {
            let (status, report) = two.gateway.submit("", &two.own, &[deletion(resource, data)]).await;
            format!("{status} {} {}", counts(&report), report["issues"]).replace(code, "…")
        };
        assert_eq!(bulk(&data, there).await, bulk(&missing, nowhere).await, "{resource}");
        assert_eq!(two.stored(resource, &data).await["meta"]["version"], 1, "{resource} stands untouched");
    }
}

#[tokio::test]
async fn a_commune_does_not_tell_of_schools_outside_it() {
    let two = Two::open().await;
    two.gateway.database().execute(&format!("UPDATE schools SET commune_code = '10999' WHERE school_code = '{OTHER}'"));
    let commune = example("schools")["communeCode"].as_str().unwrap().to_owned();
    let token = two.gateway.token_for("school-software", &["--commune", &commune]).await;
    let bulk = async |data: &Value, code: &str| {
        let (status, report) = two.gateway.submit("", &token, &[deletion("classes", data)]).await;
        format!("{status} {} {}", counts(&report), report["issues"]).replace(code, "…")
    };
    assert_eq!(bulk(&class(), "6B1").await, bulk(&with(&class(), json!({ "classCode": "6B4" })), "6B4").await);
}

#[tokio::test]
async fn a_taken_number_says_only_that_it_is_taken() {
    let two = Two::open().await;
    let known = with(&pupil(), json!({ "schoolCode": SCHOOL, "studentCode": "3100029002" }));
    let stranger = with(&known, json!({ "fullName": "Phạm Quốc Huy" }));
    for data in [known, stranger] {
        let (status, problem) = two.gateway.put(&path("students", &data), &two.own, &data).await;
        let told: Vec<&str> = problem["issues"]
            .as_array()
            .unwrap()
            .iter()
            .map(|issue| issue["code"].as_str().unwrap())
            .filter(|code| *code != "ST-008")
            .collect();
        assert_eq!((status, told), (422, vec!["ID-005"]), "{problem:#}");
        assert!(!problem.to_string().contains(PUPIL), "{problem:#}");
    }
    // Whose records both are is told which.
    let both = two.gateway.token_for("school-software", &["--school", SCHOOL, "--school", OTHER]).await;
    let known = with(&pupil(), json!({ "schoolCode": SCHOOL, "studentCode": "3100029002" }));
    let (_, problem) = two.gateway.put(&path("students", &known), &both, &known).await;
    assert!(problem.to_string().contains(PUPIL) && problem.to_string().contains("ID-021"), "{problem:#}");
}
