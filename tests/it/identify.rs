//! The official code takes the place of a provisional one: every record follows, history is kept, both codes answer.

use crate::common::records::{SCHOOL, counts, deletion, example, number, path, small_school, upsert, with};
use crate::common::{Gateway, answer};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;

const OTHER: &str = "31000502";
const OLD: &str = "TAM-001";
const NEW: &str = "3100777777";
const TABLES: [&str; 5] = ["students", "enrollments", "subject_results", "academic_records", "diplomas"];

/// The pupil's records under a code: a life at two schools.
fn pupil(code: &str) -> Vec<Value> {
    let coded = |resource: &str, changes: Value| {
        upsert(resource, &with(&with(&example(resource), changes), json!({ "studentCode": code })))
    };
    let past = |more: Value| with(&json!({ "schoolCode": OTHER, "classCode": "6B1" }), more);
    vec![
        coded(
            "students",
            json!({ "citizenId": if code == OLD || code == NEW { json!("031214000555") } else { Value::Null } }),
        ),
        coded("enrollments", json!({ "entryDate": "2026-01-12", "entryType": "transfer-in", "fromSchoolCode": OTHER })),
        coded(
            "enrollments",
            past(json!({ "exitDate": "2026-01-09", "exitType": "transfer-out", "toSchoolCode": SCHOOL })),
        ),
        coded("subject-results", json!({ "period": "CK2" })),
        coded("subject-results", past(json!({ "staffCode": null }))),
        coded("academic-records", json!({ "period": "CK2" })),
        coded("academic-records", past(json!({}))),
        coded("diplomas", json!({ "diplomaNumber": "THCS-A0777777" })),
    ]
}

fn other_school() -> Vec<Value> {
    let class = json!({ "schoolCode": OTHER, "classCode": "6B1", "name": "6B1", "campusCode": null, "homeroomStaffCode": null });
    let school = json!({ "schoolCode": OTHER, "name": "Trường THCS Khác" });
    vec![upsert("schools", &with(&example("schools"), school)), upsert("classes", &with(&example("classes"), class))]
}

/// Both schools, and the pupil under his provisional code.
async fn with_pupil() -> (Gateway, String) {
    let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
    let token = gateway.software_of_all().await;
    let report = gateway.submit("", &token, &[small_school(), other_school(), pupil(OLD)].concat()).await.1;
    assert_eq!(counts(&report).split(", warnings").next().unwrap(), "created 21", "{report:#}");
    (gateway, token)
}

fn identify(gateway: &Gateway, token: &str, old: &str, new: &str) -> reqwest::RequestBuilder {
    gateway
        .request("POST", &format!("/v1/students/{old}/identify"), token)
        .header("accept-language", "en")
        .json(&json!({ "studentCode": new }))
}

fn named(gateway: &Gateway, code: &str) -> Vec<String> {
    let count =
        |table: &&str| gateway.database().value(&format!("SELECT count(*) FROM {table} WHERE student_code = '{code}'"));
    TABLES.iter().map(count).collect()
}

fn codes(report: &Value, severity: &str) -> Vec<String> {
    let issues = report["issues"].as_array().unwrap_or_else(|| panic!("{report:#}")).iter();
    issues
        .filter(|issue| issue["severity"] == severity)
        .map(|issue| issue["code"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn every_record_of_the_pupil_follows() {
    let (gateway, token) = with_pupil().await;
    // The school that manages the record asks, and the other school's records follow too.
    let own = gateway.software(SCHOOL).await;
    let response = identify(&gateway, &own, OLD, NEW).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.headers()["content-location"].to_str().unwrap()),
        (200, "/v1/students/3100777777")
    );
    assert_eq!(response.headers()["etag"], "\"1\"");
    let record: Value = response.json().await.unwrap();
    assert_eq!(
        (&record["studentCode"], &record["schoolCode"], &record["meta"]["version"]),
        (&json!(NEW), &json!(SCHOOL), &json!(1))
    );
    assert_eq!(
        (named(&gateway, OLD), named(&gateway, NEW)),
        (["0"; 5].map(String::from).to_vec(), ["1", "2", "2", "2", "1"].map(String::from).to_vec())
    );
    // What was stored under the old keys stands in history: the last version of each and its deletion; the diploma's
    // key is its own.
    let history = "SELECT resource || ' ' || operation || ' ' || version || ' ' || count(*) FROM history GROUP BY resource, operation, version ORDER BY resource, operation";
    let expected: Vec<String> = ["students", "enrollments", "subject-results", "academic-records", "diplomas"]
        .iter()
        .flat_map(|resource| match (*resource, number(resource)) {
            ("diplomas", number) => vec![format!("{number} update 1 1")],
            (other, number) => ["delete 2", "update 1"]
                .map(|what| format!("{number} {what} {}", if other == "students" { 1 } else { 2 }))
                .to_vec(),
        })
        .collect();
    assert_eq!(gateway.database().column(history), expected);
    assert_eq!(
        gateway
            .database()
            .value(&format!("SELECT body->>'student_code' FROM history WHERE key = '{OLD}' AND operation = 'update'")),
        OLD
    );
    // A reader of changes meets the new before the old goes, parents before children.
    let changes: Vec<String> = TABLES
        .iter()
        .map(|table| format!("SELECT block, '{table} new' what FROM {table} WHERE student_code = '{NEW}'"))
        .chain(["SELECT from_block, (ARRAY['students', 'enrollments', '', 'subject_results', 'academic_records'])[resource - 4] || ' gone' \
             FROM history WHERE operation = 'delete'"
            .to_owned()])
        .collect();
    let order =
        gateway.database().column(&format!("SELECT what FROM ({}) x ORDER BY block", changes.join(" UNION ALL ")));
    let first = |what: &str| order.iter().position(|found| found == what).unwrap();
    let last = |what: &str| order.iter().rposition(|found| found == what).unwrap();
    assert_eq!((first("students new"), last("students gone"), order.len()), (0, order.len() - 1, 15), "{order:?}");
    assert!(last("diplomas new") < first("academic_records gone").min(first("enrollments gone")), "{order:?}");
    // Hashes are over the new keys: the same records under the official code are unchanged, and under the old one too.
    let again = gateway.submit("", &token, &pupil(NEW)).await.1;
    assert_eq!(counts(&again).split(", warnings").next().unwrap(), "unchanged 8", "{again:#}");
    let old = gateway.submit("?atomicity=all", &token, &pupil(OLD)).await.1;
    assert_eq!(counts(&old).split(", warnings").next().unwrap(), "unchanged 8", "{old:#}");
    assert_eq!(codes(&old, "info"), ["ID-024"; 8].to_vec(), "{old:#}");
    let issue = old["issues"].as_array().unwrap().iter().find(|issue| issue["code"] == "ID-024").unwrap();
    assert!(issue["key"]["studentCode"] == NEW && issue["message"].as_str().unwrap().contains("TAM-001"), "{issue:#}");
    // Asking twice is no fault.
    let repeated = answer(identify(&gateway, &own, OLD, NEW)).await;
    assert_eq!((repeated.0, &repeated.1["meta"]), (200, &record["meta"]));
}

#[tokio::test]
async fn both_codes_answer() {
    let (gateway, token) = with_pupil().await;
    assert_eq!(identify(&gateway, &token, OLD, NEW).send().await.unwrap().status(), 200);
    for record in pupil(OLD) {
        let (resource, data) = (record["resource"].as_str().unwrap(), &record["data"]);
        let official = with(data, json!({ "studentCode": NEW }));
        let read = gateway.request("GET", &path(resource, data), &token).send().await.unwrap();
        let location = read.headers().get("content-location").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(read.status(), 200, "{resource}");
        let read: Value = read.json().await.unwrap();
        assert_eq!(read["studentCode"], NEW);
        let expected = (resource != "diplomas").then(|| path(resource, &official).replace("%2D", "-"));
        assert_eq!(location, expected, "a diploma's key is its own");
        assert_eq!(read, gateway.get(&path(resource, &official), &token).await.1);
        if resource == "diplomas" {
            continue;
        }
        // Lists and whole results.
        let list = |code: &str| format!("/v1/{resource}?studentCode={code}&count=true");
        assert_eq!(gateway.get(&list(OLD), &token).await, gateway.get(&list(NEW), &token).await, "{resource}");
        let (status, some) =
            gateway.get(&format!("/v1/{resource}?studentCode[in]=3100012345,{OLD}&count=true&limit=1"), &token).await;
        assert!(status == 200 && some["total"].as_u64().unwrap() >= 2, "{some}");
        let whole = gateway
            .request("GET", &format!("/v1/{resource}?studentCode={OLD}"), &token)
            .header("accept", "application/x-ndjson");
        assert!(whole.send().await.unwrap().text().await.unwrap().contains(NEW), "{resource}");
    }
    // One record, under the old code.
    let data = with(&pupil(OLD)[0]["data"], json!({ "note": "mới" }));
    let put = gateway.request("PUT", &path("students", &data), &token).json(&data).send().await.unwrap();
    assert_eq!(
        (put.status().as_u16(), put.headers()["content-location"].to_str().unwrap()),
        (200, "/v1/students/3100777777")
    );
    let put: Value = put.json().await.unwrap();
    assert_eq!((&put["studentCode"], &put["note"], &put["meta"]["version"]), (&json!(NEW), &json!("mới"), &json!(2)));
    // New records that still name the old code: a reference, a key, a delete.
    let result = with(&pupil(OLD)[3]["data"], json!({ "subjectCode": "NGUVAN", "staffCode": null }));
    assert_eq!(gateway.put(&path("subject-results", &result), &token, &result).await.1["studentCode"], NEW);
    let report = gateway.submit("", &token, &[deletion("subject-results", &result)]).await.1;
    assert_eq!((counts(&report).as_str(), codes(&report, "info")), ("deleted 1", vec!["ID-024".to_owned()]));
    assert_eq!(gateway.delete(&path("academic-records", &pupil(OLD)[5]["data"]), &token).await.0, 204);
    assert_eq!(named(&gateway, OLD), ["0"; 5]);
    assert_eq!(gateway.delete(&path("students", &data), &token).await.0, 409, "the pupil's records refer to him");
}

#[tokio::test]
async fn an_old_code_is_not_taken_for_another_person() {
    let (gateway, token) = with_pupil().await;
    assert_eq!(identify(&gateway, &token, OLD, NEW).send().await.unwrap().status(), 200);
    // Another school counts its own provisional codes: that may be another pupil.
    let stranger = with(
        &pupil(OLD)[0]["data"],
        json!({ "schoolCode": OTHER, "fullName": "Hoàng Văn Bách", "birthDate": "2014-01-01", "citizenId": null }),
    );
    let report = gateway.submit("", &token, &[upsert("students", &stranger)]).await;
    assert_eq!((report.0, codes(&report.1, "error")), (422, vec!["ID-024".to_owned()]), "{}", report.1);
    assert_eq!(gateway.put(&path("students", &stranger), &token, &stranger).await.0, 422);
    assert_eq!(
        gateway.get(&format!("/v1/students/{NEW}"), &token).await.1["fullName"],
        pupil(OLD)[0]["data"]["fullName"]
    );
    // Both codes at once: the last that was sent stands.
    let noted = |code: &str, note: &str| upsert("students", &with(&pupil(code)[0]["data"], json!({ "note": note })));
    for (first, last) in [(OLD, NEW), (NEW, OLD)] {
        let both = [
            vec![noted(first, "trước")],
            pupil(first)[1..7].to_vec(),
            vec![noted(last, "sau")],
            pupil(last)[1..7].to_vec(),
        ]
        .concat();
        let report = gateway.submit("", &token, &both).await.1;
        assert_eq!(counts(&report).split(", warnings").next().unwrap(), "updated 2, unchanged 12", "{report:#}");
        assert_eq!(gateway.get(&format!("/v1/students/{NEW}"), &token).await.1["note"], "sau");
    }
    assert_eq!(named(&gateway, OLD), ["0"; 5]);
}

#[tokio::test]
async fn what_stands_against_it_is_said() {
    let (gateway, _) = with_pupil().await;
    let (own, other) = (gateway.software(SCHOOL).await, gateway.software(OTHER).await);
    let staff = gateway.token_for("sector-staff", &["--all-schools"]).await;
    for (token, old, new, status, words) in [
        (&own, "TAM-404", NEW, 404, "no such record"),
        (&other, OLD, NEW, 404, "no such record"),
        (&staff, OLD, NEW, 403, "may not write records"),
        (&own, "3100012345", NEW, 409, "is an official code"),
        (&own, OLD, "3100012345", 409, "delete the records of “TAM-001”"),
        (&own, OLD, "310077777", 422, "ID-020"),
        (&own, OLD, "TAM-002", 422, "ID-023"),
    ] {
        let (found, problem) = answer(identify(&gateway, token, old, new)).await;
        assert!(found == status && problem.to_string().contains(words), "{old} {new}: {found} {problem}");
    }
    let unknown = gateway
        .request("POST", &format!("/v1/students/{OLD}/identify"), &own)
        .json(&json!({ "studentCode": NEW, "citizenId": "1" }));
    assert_eq!(answer(unknown).await.0, 400);
    assert_eq!(
        gateway.request("GET", &format!("/v1/students/{OLD}/identify"), &own).send().await.unwrap().status(),
        405
    );
    assert_eq!(named(&gateway, OLD), ["1", "2", "2", "2", "1"]);
    assert_eq!(identify(&gateway, &own, OLD, NEW).send().await.unwrap().status(), 200);
    let (found, problem) = answer(identify(&gateway, &own, OLD, "3100888888")).await;
    assert!(found == 409 && problem["detail"].as_str().unwrap().contains("gave way to “3100777777”"), "{problem}");
    assert_eq!(
        answer(identify(&gateway, &other, OLD, "3100888888")).await.0,
        404,
        "what is out of sight is not spoken of"
    );
}

#[tokio::test]
async fn parked_records_follow() {
    let (gateway, token) = with_pupil().await;
    // One waits for the official code, one names the old one and waits for a class.
    let waiting = with(&pupil(NEW)[3]["data"], json!({ "subjectCode": "NGUVAN", "staffCode": null }));
    let last_year = json!({ "schoolYear": "2024-2025", "classCode": "5Z1", "entryDate": "2024-09-05", "entryType": "new", "exitDate": "2025-05-31",
        "exitType": "completed", "fromSchoolCode": null });
    let classless = with(&pupil(OLD)[1]["data"], last_year);
    let parked =
        gateway.submit("", &token, &[upsert("subject-results", &waiting), upsert("enrollments", &classless)]).await.1;
    assert_eq!(parked["counts"]["parked"], 2, "{parked:#}");
    assert_eq!(identify(&gateway, &token, OLD, NEW).send().await.unwrap().status(), 200);
    let link = parked["links"]["self"].as_str().unwrap();
    let until = async |expected: &str| {
        gateway.report_when(&token, link, expected, |report| counts(report).starts_with(expected)).await;
    };
    until("created 1, parked 1").await;
    assert_eq!(gateway.get(&path("subject-results", &waiting), &token).await.0, 200);
    assert_eq!(
        gateway.database().column("SELECT key FROM parked_records"),
        [format!("{SCHOOL}/2024-2025/{NEW}/2024-09-05")]
    );
    let class = with(&example("classes"), json!({ "schoolYear": "2024-2025", "classCode": "5Z1", "name": "5Z1" }));
    assert_eq!(gateway.submit("", &token, &[upsert("classes", &class)]).await.1["counts"]["created"], 1);
    until("created 2").await;
    assert_eq!(gateway.get(&path("enrollments", &classless), &token).await.1["studentCode"], NEW);
    assert_eq!(named(&gateway, OLD), ["0"; 5]);
}

#[tokio::test]
async fn a_code_that_gives_way_while_it_is_looked_up_is_looked_up_again() {
    let (gateway, token) = with_pupil().await;
    let life = pupil("TAM-200");
    assert_eq!(gateway.submit("", &token, &life[..2]).await.1["counts"]["created"], 2);
    // Somebody holds the classes: the push has asked for the code already when it comes to a stand, and the pupil is
    // not there any more when it goes on.
    let held = gateway.database().hold_table("classes");
    let place = path("enrollments", &life[2]["data"]);
    let push = gateway.put(&place, &token, &life[2]["data"]);
    let meanwhile = async {
        gateway.database().waiters(1).await;
        let asked = answer(identify(&gateway, &token, "TAM-200", "3100720000")).await;
        drop(held);
        asked
    };
    let (put, asked) = tokio::join!(push, meanwhile);
    assert_eq!(asked.0, 200, "{}", asked.1);
    assert_eq!((put.0, &put.1["studentCode"]), (201, &json!("3100720000")), "{:#}", put.1);
    assert_eq!(named(&gateway, "3100720000"), ["1", "2", "0", "0", "0"]);
}

#[tokio::test]
async fn pushes_of_the_same_pupil_lose_nothing_meanwhile() {
    let (gateway, token) = with_pupil().await;
    for round in 0..12 {
        let (old, new) = (format!("TAM-1{round:02}"), format!("31007000{round:02}"));
        // At first the pupil has records at one school only: the other one begins to name him meanwhile, which no lock
        // of the first school keeps it from.
        let life = pupil(&old);
        let (records, elsewhere) =
            ([0, 1, 3, 5].map(|at| life[at].clone()).to_vec(), [2, 4, 6].map(|at| life[at].clone()).to_vec());
        assert_eq!(gateway.submit("", &token, &records).await.1["counts"]["rejected"], 0);
        let push = |number: usize| {
            let change = |record: &Value| match record["resource"].as_str().unwrap() {
                "students" => upsert("students", &with(&record["data"], json!({ "note": format!("{number}") }))),
                "enrollments" => record.clone(),
                resource => upsert(resource, &with(&record["data"], json!({ "comment": format!("Lần {number}.") }))),
            };
            let records: Vec<Value> = records.iter().map(change).collect();
            let (gateway, token) = (&gateway, &token);
            async move {
                gateway.submit(if number.is_multiple_of(2) { "?atomicity=all" } else { "" }, token, &records).await.1
            }
        };
        let single = |number: usize| {
            let data = with(
                &records[number % 2 * 2]["data"],
                if number.is_multiple_of(2) { json!({ "note": "đơn" }) } else { json!({ "comment": "Đơn." }) },
            );
            let (gateway, token, resource) =
                (&gateway, &token, records[number % 2 * 2]["resource"].as_str().unwrap().to_owned());
            async move { gateway.put(&path(&resource, &data), token, &data).await }
        };
        let asked = async {
            tokio::time::sleep(Duration::from_millis(round * 15)).await;
            answer(identify(&gateway, &token, &old, &new)).await
        };
        let stranger = |number: usize| {
            let (gateway, token, elsewhere) = (&gateway, &token, &elsewhere);
            async move {
                tokio::time::sleep(Duration::from_millis(number as u64 * 12)).await;
                gateway.submit(if number.is_multiple_of(2) { "?atomicity=all" } else { "" }, token, elsewhere).await.1
            }
        };
        let (reports, strangers, singles, asked) = tokio::join!(
            join_all((0..4).map(push)),
            join_all((0..4).map(stranger)),
            join_all((0..8).map(single)),
            asked
        );
        assert_eq!(asked.0, 200, "{}", asked.1);
        for report in reports.into_iter().chain(strangers) {
            let (rejected, parked) = (&report["counts"]["rejected"], &report["counts"]["parked"]);
            assert_eq!(
                (&report["status"], rejected, parked),
                (&json!("completed"), &json!(0), &json!(0)),
                "round {round}: {report:#}"
            );
        }
        assert!(singles.iter().all(|(status, _)| *status == 200), "round {round}: {singles:?}");
        assert_eq!(
            (named(&gateway, &old), named(&gateway, &new)),
            (vec!["0".to_owned(); 5], ["1", "2", "2", "2", "0"].map(String::from).to_vec())
        );
    }
    let log = gateway.log();
    assert!(
        !log.contains("deadlock") && !log.contains("refused a record") && !log.contains("could not be worked"),
        "{log}"
    );
    let gaps = "SELECT count(*) FROM (SELECT resource, key, version, row_number() OVER (PARTITION BY resource, key ORDER BY version) n FROM history) x WHERE n <> version";
    assert_eq!(gateway.database().value(gaps), "0", "no version is lost or stands twice");
}
