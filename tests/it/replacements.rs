//! `?replace=`: a submission that is a school's whole set of a resource. What it lacks goes, all or nothing, and not by
//! accident.

use crate::common::records::{
    SCHOOL, counts, deletion, example, lines, number, ordered, path, pupil, random, small_school, upsert, with,
};
use crate::common::{Gateway, TestDatabase, answer};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const YEAR: &str = "2025-2026";
/// Records of each resource but the school itself: a tenth of them are two.
const SET: usize = 20;

fn staff_code(number: usize) -> String {
    format!("31002{number:05}")
}

/// The `number`th record of a resource; 0 is the example.
fn variant(resource: &str, number: usize) -> Value {
    let data = example(resource);
    if number == 0 {
        return data;
    }
    let campus = || format!("C{number:02}");
    let changes = match resource {
        "campuses" => json!({ "campusCode": campus(), "name": format!("Điểm trường {number}"), "main": false }),
        "staff" => json!({ "staffCode": staff_code(number), "citizenId": null, "email": null }),
        "classes" => json!({ "classCode": format!("6T{number:02}"), "name": format!("6T{number:02}") }),
        "students" => json!({ "studentCode": pupil(number), "citizenId": null }),
        "teaching-assignments" => json!({ "staffCode": staff_code(number) }),
        "facility-returns" => json!({ "campusCode": campus() }),
        "diplomas" => json!({ "diplomaNumber": format!("B {number:06}"), "registerNumber": format!("S{number}") }),
        "enrollments" | "subject-results" | "academic-records" => json!({ "studentCode": pupil(number) }),
        other => panic!("no variants of {other}"),
    };
    with(&data, changes)
}

fn set(resource: &str, lacking: &[usize]) -> Vec<Value> {
    (0..SET)
        .filter(|number| !lacking.contains(number))
        .map(|number| upsert(resource, &variant(resource, number)))
        .collect()
}

/// Resources of which a school has many records, leaves first.
fn many() -> Vec<&'static str> {
    ordered().rev().map(|spec| spec.name).filter(|name| *name != "schools").collect()
}

fn query(resource: &str, more: &str) -> String {
    let has_year = school_gateway::model::find(resource).unwrap().position("school_year").is_some();
    format!(
        "?replace={resource}&schoolCode={SCHOOL}{}{more}",
        if has_year { format!("&schoolYear={YEAR}") } else { String::new() }
    )
}

async fn full_school() -> (Gateway, String) {
    let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
    let token = gateway.software_of_all().await;
    let records: Vec<Value> = std::iter::once(upsert("schools", &example("schools")))
        .chain(many().into_iter().flat_map(|name| set(name, &[])))
        .collect();
    let report = gateway.submit("", &token, &records).await.1;
    assert_eq!((&report["counts"]["rejected"], &report["counts"]["parked"]), (&json!(0), &json!(0)), "{report:#}");
    assert!(report["counts"].get("removed").is_none(), "only a replacement removes");
    (gateway, token)
}

fn stored(gateway: &Gateway, resource: &str) -> usize {
    let table = school_gateway::model::find(resource).unwrap().table;
    gateway.database().value(&format!("SELECT count(*) FROM {table}")).parse().unwrap()
}

fn codes(report: &Value) -> Vec<&str> {
    report["issues"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|issue| issue["severity"] == "error")
        .map(|issue| issue["code"].as_str().unwrap())
        .collect()
}

/// Refused with these errors, and nothing kept.
fn refused((status, report): (u16, Value), errors: &[&str], received: usize) -> Value {
    assert_eq!((status, codes(&report)), (422, errors.to_vec()), "{report:#}");
    assert_eq!(counts(&report).split(", warnings").next().unwrap(), format!("rejected {received}"));
    assert_eq!((&report["result"], &report["counts"]["removed"]), (&json!("rejected"), &json!(0)));
    report
}

fn accepted((status, report): (u16, Value), removed: usize) -> Value {
    assert_eq!(
        (status, &report["result"], &report["counts"]["removed"]),
        (200, &json!("accepted"), &json!(removed)),
        "{report:#}"
    );
    counts(&report);
    report
}

#[tokio::test]
async fn what_a_set_lacks_goes_whatever_the_resource() {
    let (gateway, token) = full_school().await;
    for resource in many() {
        let replace = async |more: &str, lacking: &[usize]| {
            gateway.submit(&query(resource, more), &token, &set(resource, lacking)).await
        };
        let whole = accepted(replace("", &[]).await, 0);
        assert_eq!((&whole["counts"]["unchanged"], &whole["atomicity"]), (&json!(SET), &json!("all")), "{resource}");
        assert_eq!(whole["replacement"]["resource"], resource);
        // Three of twenty are too many, two are not.
        let report = refused(replace("", &[16, 17, 18]).await, &["RC-003"], SET - 3);
        let issue = &report["issues"][0];
        assert!(issue["message"].as_str().unwrap().contains(" 3 trong 20 "), "{issue}");
        assert!(issue["hint"].as_str().unwrap().contains("confirmRemovals=3"), "{issue}");
        assert_eq!(issue["key"]["schoolCode"], SCHOOL);
        refused(replace("&mode=validate", &[16, 17, 18]).await, &["RC-003"], SET - 3);
        let rehearsal = accepted(replace("&mode=validate", &[17, 18]).await, 2);
        assert_eq!(stored(&gateway, resource), SET, "{resource}: a dry run removes nothing");
        let report = accepted(replace("", &[17, 18]).await, 2);
        assert_eq!((&report["counts"], &report["byResource"]), (&rehearsal["counts"], &rehearsal["byResource"]));
        assert_eq!(report["byResource"][resource]["removed"], 2);
        assert_eq!(stored(&gateway, resource), SET - 2);
        // Two of eighteen are more than a tenth; a number given is to be the right one, also where none is needed.
        for more in ["", "&confirmRemovals=1", "&confirmRemovals=3"] {
            refused(replace(more, &[15, 16, 17, 18]).await, &["RC-003"], SET - 4);
        }
        refused(replace("&confirmRemovals=2", &[16, 17, 18]).await, &["RC-003"], SET - 3);
        accepted(replace("&confirmRemovals=2", &[15, 16, 17, 18]).await, 2);
        assert_eq!(stored(&gateway, resource), SET - 4);
        let path = path(resource, &variant(resource, 15));
        assert_eq!(gateway.get(&path, &token).await.0, 404);
        let tombstones = format!(
            "SELECT operation || ' ' || version FROM history WHERE resource = {} ORDER BY key, version",
            number(resource)
        );
        assert_eq!(gateway.database().column(&tombstones), ["update 1", "delete 2"].repeat(4), "{resource}");
        // What went comes back as a new version.
        assert_eq!(gateway.put(&path, &token, &variant(resource, 15)).await.1["meta"]["version"], 3, "{resource}");
        assert_eq!(gateway.delete(&path, &token).await.0, 204);
    }
    let blocks = "SELECT count(*) FROM history h WHERE NOT EXISTS (SELECT 1 FROM change_blocks b
             WHERE b.id = coalesce(h.to_block, h.from_block) AND b.resource = h.resource AND b.school_code = h.school_code)";
    assert_eq!(gateway.database().value(blocks), "0", "every removal stands in a block");
    let school = [upsert("schools", &example("schools"))];
    accepted(gateway.submit(&format!("?replace=schools&schoolCode={SCHOOL}"), &token, &school).await, 0);
}

#[tokio::test]
async fn a_set_holds_only_its_own() {
    let (gateway, token) = full_school().await;
    let other =
        upsert("schools", &with(&example("schools"), json!({ "schoolCode": "31000502", "name": "Trường THCS Khác" })));
    assert_eq!(gateway.submit("", &token, &[other]).await.0, 200);
    for resource in many() {
        let before = stored(&gateway, resource);
        let foreign = with(&variant(resource, 1), json!({ "schoolCode": "31000502" }));
        let mut strangers =
            vec![(upsert(resource, &foreign), "/schoolCode"), (deletion(resource, &variant(resource, 1)), "")];
        strangers.push((
            upsert(
                if resource == "campuses" { "staff" } else { "campuses" },
                &variant(if resource == "campuses" { "staff" } else { "campuses" }, 1),
            ),
            "",
        ));
        if foreign.get("schoolYear").is_some() {
            strangers.push((
                upsert(resource, &with(&variant(resource, 1), json!({ "schoolYear": "2024-2025" }))),
                "/schoolYear",
            ));
        }
        for (stranger, pointer) in strangers {
            let body = [set(resource, &[1]), vec![stranger]].concat();
            let (status, report) = gateway.submit(&query(resource, "&confirmRemovals=1"), &token, &body).await;
            // Dates of another year are reported as well.
            let found: Vec<&str> = codes(&report).into_iter().filter(|code| *code != "DT-010").collect();
            assert_eq!(
                (status, found, &report["counts"]["rejected"]),
                (422, vec!["RC-005", "RC-004"], &json!(SET)),
                "{report:#}"
            );
            let issue = report["issues"].as_array().unwrap().iter().find(|issue| issue["code"] == "RC-004").unwrap();
            assert_eq!((&issue["index"], &issue["pointer"]), (&json!(SET - 1), &json!(pointer)), "{resource}");
            assert_eq!(stored(&gateway, resource), before);
        }
        // A broken line may be any record: nothing is known to be missing.
        let body = [set(resource, &[1]), vec![json!("no record")]].concat();
        let report = refused(
            gateway.submit(&query(resource, "&confirmRemovals=1"), &token, &body).await,
            &["RC-005", "PT-006"],
            SET,
        );
        let rejected = report["links"]["rejected"].as_str().unwrap();
        let text = gateway.request("GET", rejected, &token).send().await.unwrap().text().await.unwrap();
        assert_eq!(text.trim(), "\"no record\"", "the issue of the whole is no fault of the record at its index");
        assert_eq!(stored(&gateway, resource), before);
    }
    // A broken record of a known key is no missing one: its stored version stays.
    let broken = upsert("students", &with(&variant("students", 1), json!({ "birthDate": "2014-02-31" })));
    refused(
        gateway.submit(&query("students", ""), &token, &[set("students", &[1]), vec![broken]].concat()).await,
        &["RC-005", "DT-001"],
        SET,
    );
    assert_eq!(stored(&gateway, "students"), SET);
    assert_eq!(gateway.database().value("SELECT count(*) FROM history"), "0");
}

#[tokio::test]
async fn records_that_others_refer_to_hold_the_set_back() {
    let (gateway, token) = full_school().await;
    let report = refused(
        gateway.submit(&query("students", ""), &token, &set("students", &[3, 4])).await,
        &["PT-011"; 6],
        SET - 2,
    );
    let issues = report["issues"].as_array().unwrap().iter().filter(|issue| issue["code"] == "PT-011");
    let named: std::collections::BTreeSet<&str> =
        issues.map(|issue| issue["key"]["studentCode"].as_str().unwrap()).collect();
    assert_eq!(named.into_iter().collect::<Vec<_>>(), [pupil(3), pupil(4)]);
    assert_eq!(stored(&gateway, "students"), SET);
    // Both reasons at once, and English.
    let body = lines(&set("classes", &[0, 1, 2]));
    let request = gateway
        .request("POST", &format!("/v1/submissions{}", query("classes", "")), &token)
        .header("accept-language", "en");
    let (_, report) = answer(request.header("content-type", "application/x-ndjson").body(body)).await;
    let found = codes(&report);
    assert!(found[0] == "RC-003" && found[1..].iter().all(|code| *code == "PT-011") && found.len() > 2, "{report:#}");
    assert!(report["issues"][0]["message"].as_str().unwrap().contains("would remove 3 of the 20"), "{report:#}");
}

#[tokio::test]
async fn only_whole_questions_are_answered() {
    let (gateway, token) = full_school().await;
    let english = async |query: &str| {
        let request =
            gateway.request("POST", &format!("/v1/submissions{query}"), &token).header("accept-language", "en");
        answer(request.header("content-type", "application/x-ndjson").body(format!("{}\n", set("students", &[])[0])))
            .await
    };
    for (query, expected) in [
        ("?replace=pupils&schoolCode=31000501", "no resource “pupils”"),
        ("?replace=students", "needs “schoolCode”"),
        ("?replace=students&schoolCode=3100050", "eight digits"),
        ("?replace=students&schoolCode=31000501&schoolYear=2025-2026", "leave “schoolYear” out"),
        ("?replace=classes&schoolCode=31000501", "takes “schoolYear”"),
        ("?replace=classes&schoolCode=31000501&schoolYear=2025", "takes “schoolYear”"),
        ("?replace=students&schoolCode=31000501&confirmRemovals=-1", "“confirmRemovals” is the number"),
        ("?replace=students&schoolCode=31000501&atomicity=record", "all or nothing"),
        ("?schoolCode=31000501", "goes with “replace” only"),
        ("?confirmRemovals=1", "goes with “replace” only"),
        ("?replace=students&schoolCode=31000501&classCode=6A1", "classCode"),
    ] {
        let (status, problem) = english(query).await;
        assert!(status == 400 && problem["detail"].as_str().unwrap().contains(expected), "{query}: {problem}");
    }
    let (status, problem) = gateway.submit("?replace=classes&schoolCode=31000501", &token, &set("students", &[])).await;
    assert!(status == 400 && problem["detail"].as_str().unwrap().contains("cần “schoolYear”"), "{problem}");
    // A school out of sight: its records are refused one by one, and none goes.
    let stranger = gateway.software("31000502").await;
    let report = gateway.submit(&query("students", "&confirmRemovals=1"), &stranger, &set("students", &[1])).await;
    assert!(report.0 == 422 && codes(&report.1)[1..].iter().all(|code| *code == "PT-016"), "{}", report.1);
    assert_eq!(stored(&gateway, "students"), SET);
}

#[tokio::test]
async fn a_replacement_is_repeated_under_its_key_and_puts_parked_records_aside() {
    let (gateway, token) = full_school().await;
    let waiting = upsert("enrollments", &with(&example("enrollments"), json!({ "studentCode": pupil(99) })));
    let elsewhere = upsert(
        "enrollments",
        &with(
            &example("enrollments"),
            json!({ "studentCode": pupil(98), "schoolYear": "2024-2025", "entryDate": "2024-09-05" }),
        ),
    );
    let parked = gateway.submit("", &token, &[waiting, elsewhere]).await.1;
    assert_eq!(parked["counts"]["parked"], 2);
    let body = lines(&set("enrollments", &[5]));
    let send = async |query: &str| {
        let request = gateway
            .request("POST", &format!("/v1/submissions{query}"), &token)
            .header("content-type", "application/x-ndjson");
        request.header("idempotency-key", "the same").body(body.clone()).send().await.unwrap()
    };
    // Results of the pupil do not refer to the enrollment: it may go.
    let first = send(&query("enrollments", "")).await;
    let replayed = send(&query("enrollments", "")).await;
    assert!(
        first.headers().get("idempotency-replayed").is_none() && replayed.headers()["idempotency-replayed"] == "true"
    );
    let reports: (Value, Value) = (first.json().await.unwrap(), replayed.json().await.unwrap());
    assert_eq!(reports.0, reports.1);
    assert_eq!(reports.0["counts"]["removed"], 1);
    for other in [query("enrollments", "&confirmRemovals=1"), "?atomicity=all".to_owned()] {
        let answer = send(&other).await;
        assert_eq!(
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap()["code"].clone()),
            (422, json!("idempotency-key-reused"))
        );
    }
    assert_eq!(
        gateway.database().column("SELECT key FROM parked_records"),
        [format!("{SCHOOL}/2024-2025/{}/2024-09-05", pupil(98))]
    );
    let report = gateway.get(parked["links"]["self"].as_str().unwrap(), &token).await.1;
    assert_eq!(counts(&report).split(", warnings").next().unwrap(), "unchanged 1, parked 1");
}

#[tokio::test]
async fn the_set_is_whole_also_when_it_is_large_and_sent_in_the_background() {
    let (gateway, token) = full_school().await;
    let pupils = |range: std::ops::Range<usize>| -> Vec<Value> {
        range
            .map(|number| upsert("students", &with(&variant("students", 1), json!({ "studentCode": pupil(number) }))))
            .collect()
    };
    // Two chunks, and more removals than one block of change ids holds.
    let large = [set("students", &[]), pupils(100..11_000)].concat();
    accepted(gateway.submit(&query("students", ""), &token, &large).await, 0);
    let body = lines(&[set("students", &[]), pupils(100..300)].concat());
    let request =
        gateway.request("POST", &format!("/v1/submissions{}", query("students", "&confirmRemovals=10700")), &token);
    let response = request
        .header("content-type", "application/x-ndjson")
        .header("prefer", "respond-async")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 202);
    let link = response.headers()["location"].to_str().unwrap().to_owned();
    accepted((200, gateway.finished(&token, &link).await), 10_700);
    assert_eq!(stored(&gateway, "students"), SET + 200);
    let ids = "SELECT count(DISTINCT from_block) || ' ' || count(*) FROM history WHERE operation = 'delete'";
    assert_eq!(gateway.database().value(ids), "3 10700");
}

#[tokio::test]
async fn a_kill_in_the_middle_leaves_all_or_nothing() {
    let mut seed = 0x5EED_0777;
    let pupils = |count: usize, note: &str| -> Vec<Value> {
        (0..count)
            .map(|number| {
                upsert(
                    "students",
                    &with(
                        &example("students"),
                        json!({ "studentCode": pupil(number), "citizenId": null, "note": note }),
                    ),
                )
            })
            .collect()
    };
    for round in 0..2 {
        let database = Arc::new(TestDatabase::new());
        let mut gateway = Gateway::on(database.clone(), &[]);
        let client = gateway.client("school-software", &["--school", SCHOOL]);
        let token = gateway.token(&client).await;
        assert_eq!(
            gateway.submit("", &token, &[small_school()[..1].to_vec(), pupils(6_000, "cũ")].concat()).await.1["counts"]
                ["rejected"],
            0
        );
        let body = lines(&pupils(4_000, "mới"));
        let request =
            gateway.request("POST", &format!("/v1/submissions{}", query("students", "&confirmRemovals=2000")), &token);
        let request =
            request.header("content-type", "application/x-ndjson").header("prefer", "respond-async").body(body);
        let link = request.send().await.unwrap().headers()["location"].to_str().unwrap().to_owned();
        let state = || {
            database.value(
                "SELECT string_agg(note || ' ' || n, ', ' ORDER BY note) FROM (SELECT note, count(*) n FROM students GROUP BY note) x",
            )
        };
        let mut kills = 0;
        while kills < 5 {
            tokio::time::sleep(Duration::from_millis(100 + random(&mut seed) % 1_200)).await;
            gateway.kill();
            kills += 1;
            let found = state();
            assert!(found == "cũ 6000" || found == "mới 4000", "round {round}: {found}");
            gateway = Gateway::on(database.clone(), &[]);
            if found.starts_with("mới") {
                break;
            }
        }
        let token = gateway.token(&client).await;
        let report = gateway.finished(&token, &link).await;
        println!("round {round}: {kills} kills");
        assert_eq!(
            (counts(&report).split(", warnings").next().unwrap(), &report["counts"]["removed"]),
            ("updated 4000", &json!(2000))
        );
        assert_eq!(state(), "mới 4000");
        let history = "SELECT string_agg(operation || ' ' || n, ', ' ORDER BY operation) FROM (SELECT operation, count(*) n FROM history GROUP BY operation) x";
        assert_eq!(database.value(history), "delete 2000, update 6000");
    }
}

#[tokio::test]
async fn single_writes_come_before_or_after_a_replacement() {
    let (gateway, token) = full_school().await;
    gateway.submit(&query("diplomas", ""), &token, &set("diplomas", &[])).await;
    let bulk = |lacking: Vec<usize>| {
        let (gateway, token) = (&gateway, &token);
        async move { gateway.submit(&query("diplomas", ""), token, &set("diplomas", &lacking)).await }
    };
    let single = |number: usize| {
        let data = variant("diplomas", 18 + number % 8);
        let (gateway, token) = (&gateway, &token);
        async move {
            match number.is_multiple_of(5) {
                true => gateway.delete(&path("diplomas", &data), token).await.0,
                false => {
                    gateway
                        .put(
                            &path("diplomas", &with(&data, json!({ "ranking": format!("{number}") }))),
                            token,
                            &with(&data, json!({ "ranking": format!("{number}") })),
                        )
                        .await
                        .0
                }
            }
        }
    };
    let (reports, statuses) = tokio::join!(
        join_all((0..12).map(|round| bulk(if round % 2 == 0 { vec![18] } else { vec![] }))),
        join_all((0..120).map(single))
    );
    for (status, report) in reports {
        // Many singles may have come at once: then their removal wants a word.
        let asks = status == 422 && codes(&report) == ["RC-003"];
        assert!(report["status"] == "completed" && (status == 200 || asks), "{report:#}");
        counts(&report);
    }
    assert!(statuses.iter().all(|status| [200, 201, 204, 404].contains(status)), "{statuses:?}");
    let last = bulk(vec![]).await;
    let removed = last.1["counts"]["removed"].as_u64().unwrap_or_default() as usize;
    if last.0 == 200 {
        assert_eq!(stored(&gateway, "diplomas"), SET, "{removed}");
    }
    let gaps = "SELECT count(*) FROM (SELECT key, version, row_number() OVER (PARTITION BY key ORDER BY version) n FROM history WHERE resource = 11) x WHERE n <> version";
    assert_eq!(gateway.database().value(gaps), "0", "no version is lost or stands twice");
}
