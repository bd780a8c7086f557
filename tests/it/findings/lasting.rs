//! What outlives a kill, several gateways, the night, and the time of keeping.

use super::fixture::{Office, class, code, enrolled, pupils};
use crate::common::records::{SCHOOL, deletion, example, upsert, with};
use crate::common::{Gateway, TestDatabase, answer};
use serde_json::json;
use std::sync::Arc;

const PROVISIONAL: &str = "TAM-001";

#[tokio::test]
async fn a_due_school_is_judged_after_a_kill() {
    let database = Arc::new(TestDatabase::new());
    let mut office = Office::on(database.clone()).await;
    office.send(&[upsert("classes", &class("6A2"))]).await;
    office.gateway.kill();
    assert_eq!(database.value("SELECT count(*) FROM findings"), "0", "too late to show anything");
    assert_ne!(database.unjudged(), "0");
    office.gateway = Gateway::on(database, &[]);
    office.staff = office.gateway.token_for("sector-staff", &["--all-schools"]).await;
    assert_eq!(office.found().await, ["CL-005 6A2"]);
}

#[tokio::test]
async fn two_gateways_judge_side_by_side() {
    let database = Arc::new(TestDatabase::new());
    let office = Office::on(database.clone()).await;
    let beside = Gateway::on(database.clone(), &[]);
    let assignment = example("teaching-assignments");
    for round in 0..4 {
        let wish = if round % 2 == 0 { "teaching" } else { "resting" };
        let records = if round % 2 == 0 {
            vec![
                upsert("classes", &class("6A2")),
                upsert("teaching-assignments", &with(&assignment, json!({ "staffCode": "3100000900" }))),
            ]
        } else {
            vec![
                deletion("classes", &class("6A2")),
                deletion("teaching-assignments", &with(&assignment, json!({ "staffCode": "3100000900" }))),
            ]
        };
        office.send(&records).await;
        let expected: &[&str] = if round % 2 == 0 { &["AS-003 6A1 TOAN 3100000900 /role", "CL-005 6A2"] } else { &[] };
        assert_eq!(office.found().await, expected, "{wish}");
    }
    assert_eq!(database.value("SELECT count(*) FROM findings"), "4", "each opened once a round");
    for gateway in [&office.gateway, &beside] {
        assert!(!gateway.log().contains("could not be judged"), "{}", gateway.log());
    }
}

#[tokio::test]
async fn single_writes_and_the_night_are_judged_too() {
    let office = Office::open().await;
    let path = "/v1/classes/31000501/2025-2026/6A2";
    assert_eq!(office.gateway.put(path, &office.software, &class("6A2")).await.0, 201);
    assert_eq!(office.found().await, ["CL-005 6A2"]);
    assert_eq!(office.gateway.delete(path, &office.software).await.0, 204);
    assert_eq!(office.found().await, [""; 0]);
    // A dry run leaves no trace, and a record sent again is no reason to look.
    office.gateway.submit("?mode=validate", &office.software, &[upsert("classes", &class("6A2"))]).await;
    office.gateway.submit("", &office.software, &[upsert("classes", &example("classes"))]).await;
    assert_eq!(office.gateway.database().unjudged(), "0");
    // What no write has touched, the night finds.
    let database = office.gateway.database();
    database.execute("UPDATE classes SET homeroom_staff_code = NULL");
    database.execute("UPDATE findings_rounds SET marked_on = '2020-01-01'");
    database.becomes("SELECT count(*) FROM findings_rounds WHERE marked_on > '2020-01-01'", "1").await;
    assert_eq!(office.found().await, ["CL-006 6A1 /homeroomStaffCode"]);
}

#[tokio::test]
async fn a_parked_record_and_a_move_to_another_school_are_seen() {
    let office = Office::open().await;
    office.send(&[upsert("classes", &class("6A2"))]).await;
    assert_eq!(office.found().await, ["CL-005 6A2"]);
    let waiting = upsert("enrollments", &enrolled("6A2", 0));
    let (_, report) = office.gateway.submit("", &office.software, &[waiting]).await;
    assert_eq!(report["counts"]["parked"], 1, "{report}");
    office.send(&pupils("6A2", 0..1)[..1]).await;
    assert_eq!(office.found().await, [""; 0]);
    // Staff who move leave their school with one principal less.
    let school = with(&example("schools"), json!({ "schoolCode": "31000502", "name": "Trường THCS Hoa Cúc" }));
    let principal = super::fixture::principal();
    let moved = with(&principal, json!({ "schoolCode": "31000502" }));
    office
        .send(&[
            upsert("schools", &school),
            upsert("classes", &with(&class("6A2"), json!({ "homeroomStaffCode": null }))),
        ])
        .await;
    office.send(&[upsert("staff", &with(&principal, json!({ "status": "3" })))]).await;
    assert_eq!(office.found().await, ["CL-006 6A2 /homeroomStaffCode", "SF-004"]);
    office.send(&[upsert("staff", &with(&principal, json!({ "staffCode": "3100000903", "email": null })))]).await;
    office.send(&[upsert("classes", &with(&class("6A2"), json!({ "homeroomStaffCode": "3100000903" })))]).await;
    assert_eq!(office.found().await, [""; 0]);
    office.send(&[upsert("staff", &moved)]).await;
    assert_eq!(office.found().await, [""; 0]);
    assert_eq!(code(0), "3100200000");
}

#[tokio::test]
async fn what_a_set_lacks_and_a_new_code_are_seen() {
    let office = Office::open().await;
    office.send(&[upsert("classes", &class("6A2"))]).await;
    assert_eq!(office.found().await, ["CL-005 6A2"]);
    let query = format!("?replace=classes&schoolCode={SCHOOL}&schoolYear=2025-2026&confirmRemovals=1");
    let (status, report) =
        office.gateway.submit(&query, &office.software, &[upsert("classes", &example("classes"))]).await;
    assert_eq!((status, &report["counts"]["removed"]), (200, &json!(1)), "{report}");
    assert_eq!(office.found().await, [""; 0]);
    let provisional = with(&example("students"), json!({ "studentCode": PROVISIONAL, "citizenId": null }));
    office.send(&[upsert("students", &provisional)]).await;
    let before = office.found().await;
    assert!(before.iter().any(|line| line.contains(PROVISIONAL)), "{before:?}");
    let path = format!("/v1/students/{PROVISIONAL}/identify");
    let request = office.gateway.request("POST", &path, &office.software).json(&json!({ "studentCode": "3100777777" }));
    assert_eq!(answer(request).await.0, 200);
    let mut after: Vec<String> = before.iter().map(|line| line.replace(PROVISIONAL, "3100777777")).collect();
    after.sort();
    assert_eq!(office.found().await, after);
}

#[tokio::test]
async fn what_was_mended_is_kept_for_the_retention_time_only() {
    let database = Arc::new(TestDatabase::new());
    let office = Office::on(database.clone()).await;
    office.goes(&[upsert("classes", &class("6A2"))], &["CL-005 6A2"], &[deletion("classes", &class("6A2"))]).await;
    office.send(&[upsert("classes", &class("6A3"))]).await;
    assert_eq!(office.found().await, ["CL-005 6A3"]);
    database.execute(
        "UPDATE findings SET changed_at = now() - interval '31 days', closed_at = closed_at - interval '31 days'",
    );
    // A gateway that starts cleans at once.
    let _beside = Gateway::on(database.clone(), &[]);
    database.becomes("SELECT count(*) FROM findings", "1").await;
    assert_eq!(database.value("SELECT string_agg(key ->> 'classCode', ' ') FROM findings"), "6A3");
}
