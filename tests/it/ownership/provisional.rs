//! Provisional codes belong to the school that made them: two schools may give one to different people, also in one
//! submission, and what gave way to an official code is told only to those whom it concerns.

use super::*;
use crate::common::Folder;
use crate::common::offline::validated;
use crate::common::records::lines;

const CODE: &str = "TAM-0007";

/// A pupil whom both schools have under one code, with an enrollment and a result.
fn of(school: &str, changes: Value) -> Vec<Value> {
    let class = if school == OTHER { "6B1" } else { "6A1" };
    let own = json!({ "schoolCode": school, "studentCode": CODE, "citizenId": null, "contacts": null,
        "fullName": format!("Lâm Khánh {}", if school == OTHER { "Vy" } else { "Chi" }) });
    let placed = json!({ "schoolCode": school, "studentCode": CODE, "classCode": class });
    vec![
        upsert("students", &with(&with(&pupil(), own), changes)),
        upsert("enrollments", &with(&example("enrollments"), placed.clone())),
        upsert("subject-results", &with(&example("subject-results"), with(&placed, json!({ "staffCode": null })))),
    ]
}

/// The errors and what waits: `index code pointer`.
fn told(report: &Value) -> Vec<String> {
    issues(report).into_iter().filter(|issue| !issue.contains("ST-008") && !issue.contains("ID-0")).collect()
}

#[tokio::test]
async fn two_schools_may_use_one_code_in_one_submission() {
    let two = Two::open().await;
    let both = two.gateway.software_of_all().await;
    let send = async |query: &str, records: &[Value]| two.gateway.submit(query, &both, records).await;
    let records = [of(OTHER, json!({})), of(SCHOOL, json!({}))].concat();
    let refused =
        ["3 ST-011 /studentCode".to_owned(), "4 PT-015 /studentCode".to_owned(), "5 MK-017 /classCode".to_owned()];
    for query in ["?mode=validate", ""] {
        let (status, report) = send(query, &records).await;
        assert_eq!((status, told(&report)), (200, refused.to_vec()), "{query}: {report:#}");
        assert!(counts(&report).starts_with("created 3, parked 1, rejected 2"), "{query}: {report:#}");
    }
    let stored = two.gateway.get(&format!("/v1/students/{CODE}"), &both).await.1;
    assert_eq!(stored["fullName"], "Lâm Khánh Vy", "whoever comes first has the code");
    let results = two.gateway.get(&format!("/v1/subject-results?studentCode={CODE}"), &both).await.1;
    let schools: Vec<&Value> = results["items"].as_array().unwrap().iter().map(|item| &item["schoolCode"]).collect();
    assert_eq!(schools, [OTHER], "no mark of the one becomes one of the other");
    // Night after night, in whatever order: what the school says that has the code is heard, twice only once.
    let again = [of(SCHOOL, json!({})), of(OTHER, json!({ "canSwim": false })), of(OTHER, json!({ "canSwim": true }))];
    let again: Vec<Value> = again.iter().map(|records| records[0].clone()).collect();
    let (_, report) = send("", &again).await;
    assert_eq!(told(&report), ["0 ST-011 /studentCode", "1 PT-010 "], "{report:#}");
    assert!(counts(&report).starts_with("unchanged 2, rejected 1"), "{report:#}");
    let (_, report) = send("?atomicity=all", &records).await;
    assert_eq!(report["counts"]["rejected"], 6, "{report:#}");
}

#[tokio::test]
async fn a_deletion_among_them_is_about_whoever_has_the_code() {
    let two = Two::open().await;
    let both = two.gateway.software_of_all().await;
    let student = |school: &str| of(school, json!({}))[0].clone();
    let records = [student(SCHOOL), student(OTHER), deletion("students", &student(OTHER)["data"])];
    let (_, report) = two.gateway.submit("", &both, &records).await;
    assert_eq!(
        (counts(&report), told(&report)),
        ("unchanged 3, warnings 2".to_owned(), vec!["0 PT-010 ".to_owned(), "1 PT-010 ".into()]),
        "{report:#}"
    );
    // Many of both schools, in several chunks: each is told once, and the first of each school's stands.
    let many: Vec<Value> = (0..6_000).map(|at| student(if at % 2 == 0 { OTHER } else { SCHOOL })).collect();
    let (_, report) = two.gateway.submit("", &both, &many).await;
    assert_eq!(
        (&report["counts"]["created"], &report["counts"]["rejected"], &report["counts"]["unchanged"]),
        (&json!(1), &json!(1), &json!(5_998)),
        "{}",
        report["counts"]
    );
}

#[tokio::test]
async fn files_are_checked_alike() {
    let schools = [upsert("schools", &school()), upsert("schools", &example("schools")), upsert("classes", &class())];
    let records = [&schools[..], &of(OTHER, json!({}))[..1], &of(SCHOOL, json!({}))[..1]].concat();
    let (_, report) = validated(&Folder::new(), lines(&records).as_bytes());
    assert_eq!(told(&report), ["4 ST-011 /studentCode"], "{report:#}");
}

#[tokio::test]
async fn a_code_that_gave_way_is_told_to_those_concerned_only() {
    let two = Two::open().await;
    let provisional = of(OTHER, json!({}))[0]["data"].clone();
    assert_eq!(two.gateway.put(&path("students", &provisional), &two.other, &provisional).await.0, 201);
    let official = "3100029009";
    let request = two.gateway.request("POST", &format!("/v1/students/{CODE}/identify"), &two.other);
    assert_eq!(answer(request.json(&json!({ "studentCode": official }))).await.0, 200);
    let namesake = with(&provisional, json!({ "schoolCode": SCHOOL, "fullName": "Bùi Đức Anh" }));
    let send = async |token: &str, data: &Value| two.gateway.submit("", token, &[upsert("students", data)]).await.1;
    let of_rule = |report: &Value| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let told = report["issues"].as_array().unwrap().iter().filter(|issue| issue["code"] == "ID-024");
        told.map(|issue| (text(&issue["severity"]), text(&issue["message"]))).collect()
    };
    let refused = send(&two.own, &namesake).await;
    let told = of_rule(&refused);
    assert!(told.len() == 1 && told[0].0 == "error" && !refused.to_string().contains(official), "{refused:#}");
    let taken = send(&two.other, &with(&provisional, json!({ "canSwim": false }))).await;
    let told = of_rule(&taken);
    assert!(told.len() == 1 && told[0].0 == "info" && told[0].1.contains(official), "{taken:#}");
    // Whoever reads the report later is told as much as the record may be seen by them.
    let own = two.gateway.get(refused["links"]["self"].as_str().unwrap(), &two.own).await.1;
    let staff = two.gateway.token_for("sector-staff", &["--school", SCHOOL]).await;
    let area = two.gateway.get(refused["links"]["self"].as_str().unwrap(), &staff).await.1;
    let all = two.gateway.token_for("sector-staff", &["--all-schools"]).await;
    let whole = two.gateway.get(refused["links"]["self"].as_str().unwrap(), &all).await.1;
    let knows = [own, area, whole].map(|report| (of_rule(&report).len(), report.to_string().contains(official)));
    assert_eq!(knows, [(1, false), (1, false), (1, true)]);
}
