//! Records that wait for a parent.

use crate::common::records::{SCHOOL, counts, example, issues, path, pupils, small_school, upsert, with};
use crate::common::{Gateway, TestDatabase};
use serde_json::{Value, json};
use std::sync::Arc;

fn number(gateway: &Gateway, table: &str) -> String {
    gateway.database().value(&format!("SELECT count(*) FROM {table}"))
}

#[tokio::test]
async fn they_are_applied_by_a_later_submission_and_their_own_report_says_so() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let (status, first) = gateway.submit("", &token, &small_school()[1..]).await;
    assert_eq!((status, counts(&first), &first["result"]), (200, "parked 10".into(), &json!("accepted")));
    let page = gateway.get(&format!("{}?limit=3", parked_path(&first)), &token).await.1;
    assert_eq!((page["items"].as_array().unwrap().len(), page["items"][0]["index"].as_i64()), (3, Some(0)));
    assert_eq!(page["items"][0]["waitsFor"], json!([{ "resource": "schools", "key": SCHOOL }]));
    let next = format!("{}?cursor={}", parked_path(&first), page["nextCursor"].as_str().unwrap());
    assert_eq!(gateway.get(&next, &token).await.1["items"].as_array().unwrap().len(), 7);

    let second = gateway.submit("", &token, &small_school()[..1]).await.1;
    assert_eq!(counts(&second), "created 1");
    let after = gateway.counted(&token, &first, "created 10").await;
    assert_eq!((&after["result"], issues(&after)), (&json!("accepted"), vec![]));
    assert_eq!((number(&gateway, "parked_records"), number(&gateway, "parked_waits")), ("0".into(), "0".into()));
    assert_eq!(counts(&gateway.submit("", &token, &small_school()).await.1), "unchanged 11");
}

#[tokio::test]
async fn they_are_applied_after_a_single_write() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let records = [small_school()[1..].to_vec(), pupils(300)].concat();
    let first = gateway.submit("", &token, &records).await.1;
    assert_eq!(counts(&first), "parked 910");
    let school = example("schools");
    assert_eq!(gateway.put(&path("schools", &school), &token, &school).await.0, 201);
    gateway.counted(&token, &first, "created 910").await;
    for table in ["staff", "students", "subject_results", "enrollments"] {
        assert_eq!(number(&gateway, &format!("{table} WHERE version <> 1")), "0", "{table}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_when_the_parent_has_come() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let bad = upsert("enrollments", &with(&example("enrollments"), json!({ "studentCode": "3100012399" })));
    let first = gateway.submit("", &token, &[small_school(), vec![bad.clone()]].concat()).await.1;
    assert_eq!(counts(&first), "created 11, parked 1");
    let infant = with(
        &example("students"),
        json!({ "studentCode": "3100012399", "birthDate": "2020-05-20", "citizenId": "031220000123" }),
    );
    assert_eq!(counts(&gateway.submit("", &token, &[upsert("students", &infant)]).await.1), "created 1");
    let after = gateway.counted(&token, &first, "created 11, rejected 1").await;
    assert_eq!((&after["result"], issues(&after)), (&json!("partial"), vec!["11 AG-001 /classCode".into()]));
    let rejected = gateway.request("GET", after["links"]["rejected"].as_str().unwrap(), &token).send().await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&rejected.text().await.unwrap()).unwrap(), bad);
}

#[tokio::test]
async fn a_later_write_of_the_same_key_discards_them() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    gateway.submit("", &token, &small_school()).await;
    let result = |staff: Value| with(&example("subject-results"), json!({ "staffCode": staff, "comment": "Mới" }));
    for single in [false, true] {
        let first = gateway.submit("", &token, &[upsert("subject-results", &result(json!("3100000999")))]).await.1;
        assert_eq!(counts(&first), "parked 1");
        let later = if single { result(json!(null)) } else { result(json!("3100000123")) };
        if single {
            assert_eq!(gateway.put(&path("subject-results", &later), &token, &later).await.0, 200);
        } else {
            assert_eq!(counts(&gateway.submit("", &token, &[upsert("subject-results", &later)]).await.1), "updated 1");
        }
        gateway.counted(&token, &first, "unchanged 1").await;
        assert_eq!(number(&gateway, "parked_records"), "0");
    }
}

#[tokio::test]
async fn of_several_the_newest_stands() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let campus = |address: &str| upsert("campuses", &with(&example("campuses"), json!({ "address": address })));
    let mut reports = Vec::new();
    for address in ["Một", "Hai", "Ba"] {
        reports.push(gateway.submit("", &token, &[campus(address)]).await.1);
    }
    gateway.submit("", &token, &small_school()[..1]).await;
    for report in &reports {
        let path = report["links"]["self"].as_str().unwrap();
        let now =
            gateway.report_when(&token, path, "the last parked record", |report| report["counts"]["parked"] == 0).await;
        assert_eq!(now["counts"]["rejected"], 0, "{now}");
    }
    assert_eq!(gateway.database().column("SELECT address FROM campuses"), ["Ba"]);
}

#[tokio::test]
async fn trying_again_does_not_prolong_their_time_and_they_expire() {
    let database = Arc::new(TestDatabase::new());
    let mut gateway = Gateway::on(database.clone(), &[]);
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let token = gateway.token(&client).await;
    let first = gateway.submit("", &token, &small_school()[1..3]).await.1;
    assert_eq!(counts(&first), "parked 2");
    let days = database.column("SELECT (expires_at - parked_at)::interval(0)::text FROM parked_records");
    assert_eq!(days, ["30 days", "30 days"]);
    database.execute("UPDATE parked_records SET ready = true, expires_at = '2099-10-01', parked_at = '2026-09-01'");
    database.becomes("SELECT count(*) FROM parked_records WHERE NOT ready", "2").await;
    let dates = database
        .column("SELECT DISTINCT parked_at::date::text || ' ' || expires_at::date::text || ready FROM parked_records");
    assert_eq!(dates, ["2026-09-01 2099-10-01false"]);
    gateway.kill();
    // Not before: housekeeping would take them away in the middle.
    database.execute("UPDATE parked_records SET expires_at = '2026-10-01'");
    let gateway = Gateway::on(database, &[]);
    let token = gateway.token(&client).await;
    let after = gateway.counted(&token, &first, "rejected 2").await;
    assert_eq!((&after["result"], &after["issues"][0]["severity"]), (&json!("rejected"), &json!("error")), "{after}");
    assert_eq!(number(&gateway, "parked_records"), "0");
    let rejected = gateway.request("GET", after["links"]["rejected"].as_str().unwrap(), &token).send().await.unwrap();
    assert_eq!(rejected.text().await.unwrap().lines().count(), 2);
}

#[tokio::test]
async fn a_thousand_results_of_an_unknown_pupil_are_one_group() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let codes: Vec<String> = (501..521).map(|number| format!("31000{number}")).collect();
    let (mut parents, mut results) = (Vec::new(), Vec::new());
    for code in &codes {
        let own = json!({ "schoolCode": code, "campusCode": null, "homeroomStaffCode": null, "name": format!("Trường THCS {code}") });
        parents.push(upsert("schools", &with(&example("schools"), json!({ "schoolCode": code, "name": own["name"] }))));
        parents.push(upsert("classes", &with(&example("classes"), with(&own, json!({ "name": "6A1" })))));
        for period in ["GK1", "CK1", "GK2", "CK2", "CN"] {
            for subject in ["NGUVAN", "TOAN", "NN1", "GDCD", "LSDL", "KHTN", "TINHOC", "CONGNGHE", "TIENGDTTS", "NN2"] {
                results.push(
                    json!({ "resource": "subject-results", "data": { "schoolCode": code, "schoolYear": "2025-2026", "period": period,
                    "studentCode": "3100099999", "subjectCode": subject, "classCode": "6A1", "exempt": true } }),
                );
            }
        }
    }
    let report = gateway.submit("", &token, &parents).await.1;
    assert_eq!(counts(&report), "created 40", "{report}");
    for (query, outcome) in [("?onMissingReference=reject", "rejected"), ("?mode=validate", "parked"), ("", "parked")] {
        let report = gateway.submit(query, &token, &results).await.1;
        assert_eq!(counts(&report), format!("{outcome} 1000"), "{query}");
        let groups = report["issueGroups"].as_array().unwrap();
        assert_eq!(
            (groups.len(), &groups[0]["code"], &groups[0]["count"]),
            (1, &json!("PT-015"), &json!(1000)),
            "{query} {groups:?}"
        );
        assert_eq!((issues(&report).len(), &groups[0]["firstIndex"]), (100, &json!(0)));
    }
}

fn parked_path(report: &Value) -> String {
    format!("{}/parked", report["links"]["self"].as_str().unwrap())
}
