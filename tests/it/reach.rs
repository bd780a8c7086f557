//! How far a write reaches: whose records, what else refers to them, people who move.

use crate::common::Gateway;
use crate::common::records::{
    SCHOOL, counts, deletion, example, issues, ordered, path, roomy_school, shuffled, small_school, upsert, with,
};
use serde_json::{Value, json};

const OTHER: &str = "31000502";

async fn token(gateway: &Gateway, arguments: &[&str]) -> String {
    gateway.token_for("school-software", arguments).await
}

fn count(gateway: &Gateway, table: &str) -> String {
    gateway.database().value(&format!("SELECT count(*) FROM {table}"))
}

#[tokio::test]
async fn a_school_that_is_not_granted_is_out_of_reach() {
    let gateway = Gateway::start();
    let stranger = token(&gateway, &["--school", OTHER]).await;
    let school = small_school();
    for stored in [false, true] {
        let (status, report) = gateway.submit("", &stranger, &school).await;
        assert_eq!((status, counts(&report)), (422, "rejected 11".into()), "stored: {stored}");
        let expected: Vec<String> = (0..11).map(|index| format!("{index} PT-016 /schoolCode")).collect();
        assert_eq!(issues(&report), expected, "stored: {stored}");
        let deletes: Vec<Value> = ordered().map(|spec| deletion(spec.name, &example(spec.name))).collect();
        let refused = counts(&gateway.submit("", &stranger, &deletes).await.1);
        // The key of a person or a diploma names no school: whether one is there, a stranger does not learn.
        assert_eq!(refused, "unchanged 3, rejected 8", "stored: {stored}");
        for spec in ordered() {
            let (path, data) = (path(spec.name, &example(spec.name)), example(spec.name));
            assert_eq!(gateway.put(&path, &stranger, &data).await.0, 404, "{path}");
            assert_eq!(gateway.delete(&path, &stranger).await.0, 404, "{path}");
        }
        let owner = token(&gateway, &["--school", SCHOOL]).await;
        let report = gateway.submit("", &owner, &school).await.1;
        assert_eq!(counts(&report), if stored { "unchanged 11" } else { "created 11" });
    }
}

#[tokio::test]
async fn records_equal_to_the_stored_ones_are_out_of_reach_too() {
    let gateway = Gateway::start();
    let owner = token(&gateway, &["--school", SCHOOL]).await;
    let result = example("subject-results");
    let students: Vec<Value> = (0..30)
        .flat_map(|number| {
            let code = json!({ "studentCode": format!("31000200{number:02}"), "citizenId": null });
            ["GK1", "CK1", "CN"].map(|period| {
                with(
                    &with(&result, code.clone()),
                    json!({ "period": period, "average": null, "regularMarks": null, "midtermMark": null, "finalMark": null }),
                )
            })
        })
        .map(|data| upsert("subject-results", &data))
        .collect();
    let mut all = small_school();
    for number in 0..30 {
        let code = json!({ "studentCode": format!("31000200{number:02}"), "citizenId": null });
        all.push(upsert("students", &with(&example("students"), code.clone())));
        all.push(upsert("enrollments", &with(&example("enrollments"), json!({ "studentCode": code["studentCode"] }))));
    }
    let report = gateway.submit("", &owner, &[all, students.clone()].concat()).await.1;
    assert!(counts(&report).starts_with("created 161"), "{report}");
    let stranger = token(&gateway, &["--school", OTHER]).await;
    assert_eq!(counts(&gateway.submit("", &owner, &students).await.1), "unchanged 90");
    assert_eq!(counts(&gateway.submit("", &stranger, &students).await.1), "rejected 90");
}

#[tokio::test]
async fn a_commune_is_granted_by_the_stored_one_and_a_new_school_by_the_one_sent() {
    let gateway = Gateway::start();
    let school = example("schools");
    let (here, there) = (school["communeCode"].as_str().unwrap(), "10525");
    let local = token(&gateway, &["--commune", here]).await;
    let distant = token(&gateway, &["--commune", there]).await;
    assert_eq!(counts(&gateway.submit("", &distant, &small_school()).await.1), "rejected 11");
    let first = gateway.submit("", &local, &shuffled(&small_school(), 11)).await.1;
    assert_eq!(counts(&first), "created 11", "the school came with the records: {first}");
    let moved = with(&school, json!({ "communeCode": there }));
    assert_eq!(gateway.put(&path("schools", &moved), &distant, &moved).await.0, 404, "judged by the stored commune");
    assert_eq!(gateway.put(&path("schools", &moved), &local, &moved).await.0, 200);
    assert_eq!(gateway.put(&path("schools", &moved), &local, &moved).await.0, 404, "the school has left");
    let student = with(&example("students"), json!({ "note": "x" }));
    assert_eq!(gateway.put(&path("students", &student), &local, &student).await.0, 404);
    assert_eq!(gateway.put(&path("students", &student), &distant, &student).await.0, 200);
}

#[tokio::test]
async fn what_others_refer_to_stays() {
    let gateway = Gateway::start();
    let token = token(&gateway, &["--school", SCHOOL]).await;
    gateway.submit("", &token, &small_school()).await;
    for spec in ordered() {
        let (data, path) = (example(spec.name), path(spec.name, &example(spec.name)));
        let referred = ordered().any(|other| {
            let data = example(other.name);
            let given = |field: &&str| !data[other.fields[other.position(field).unwrap()].json].is_null();
            other.references.iter().any(|reference| reference.to == spec.name && reference.fields.iter().all(given))
        });
        if !referred {
            continue;
        }
        let (status, report) = gateway.submit("", &token, &[deletion(spec.name, &data)]).await;
        assert_eq!((status, counts(&report)), (422, "rejected 1".into()), "{}", spec.name);
        assert!(issues(&report).iter().all(|issue| issue == "0 PT-011 "), "{}: {:?}", spec.name, issues(&report));
        let (status, problem) = gateway.delete(&path, &token).await;
        assert_eq!((status, &problem["issues"][0]["code"]), (409, &json!("PT-011")), "{}", spec.name);
    }
    assert_eq!(count(&gateway, "history"), "0");
}

#[tokio::test]
async fn records_that_refer_to_each_other_come_and_go_together() {
    let gateway = Gateway::start();
    let token = token(&gateway, &["--school", SCHOOL]).await;
    let class = |code: &str, with_code: &str| {
        with(&example("classes"), json!({ "classCode": code, "combinedWithClassCode": with_code }))
    };
    let ring = [class("6A2", "6A3"), class("6A3", "6A4"), class("6A4", "6A2"), class("6A5", "6A5")];
    let mut school = roomy_school();
    school.extend(ring.iter().map(|data| upsert("classes", data)));
    for seed in 0..3 {
        let created = gateway.submit("", &token, &shuffled(&school, seed)).await.1;
        assert_eq!(counts(&created), "created 15", "{created}");
        let keep = gateway.submit("", &token, &[deletion("classes", &ring[0])]).await.1;
        assert_eq!(counts(&keep), "rejected 1");
        let deletes: Vec<Value> =
            school.iter().map(|record| deletion(record["resource"].as_str().unwrap(), &record["data"])).collect();
        let deleted = gateway.submit("", &token, &shuffled(&deletes, seed)).await.1;
        assert_eq!(counts(&deleted), "deleted 15", "{deleted}");
    }
    for query in ["", "?atomicity=all"] {
        let lost = [upsert("classes", &class("6B1", "6B2")), upsert("classes", &class("6B2", "6B9"))];
        let school: Vec<Value> = small_school().into_iter().chain(lost).collect();
        let report = gateway.submit(query, &token, &school).await.1;
        assert_eq!(counts(&report), if query.is_empty() { "created 11, parked 2" } else { "rejected 13" }, "{report}");
    }
}

#[tokio::test]
async fn people_move_when_nothing_holds_them() {
    let gateway = Gateway::start();
    let old = token(&gateway, &["--school", SCHOOL]).await;
    let new = token(&gateway, &["--school", OTHER]).await;
    gateway.submit("", &old, &small_school()).await;
    let other = with(&example("schools"), json!({ "schoolCode": OTHER, "name": "Trường THCS Thứ Hai" }));
    assert_eq!(gateway.put(&path("schools", &other), &new, &other).await.0, 201);
    let student = with(&example("students"), json!({ "schoolCode": OTHER }));
    let teacher = with(&example("staff"), json!({ "schoolCode": OTHER }));
    let both = [upsert("students", &student), upsert("staff", &teacher)];
    let held = gateway.submit("", &new, &both).await.1;
    assert_eq!(counts(&held), "rejected 2", "{held}");
    assert_eq!(
        (held["issues"][0]["code"].as_str(), held["issues"][1]["code"].as_str()),
        (Some("ST-005"), Some("SF-001"))
    );
    assert_eq!(counts(&gateway.submit("", &old, &both).await.1), "rejected 2", "only the new school may take them");

    let exit = with(&example("enrollments"), json!({ "exitDate": "2026-01-16", "exitType": "transfer-out" }));
    let left = with(&example("staff"), json!({ "status": "3" }));
    let report = gateway.submit("", &old, &[upsert("enrollments", &exit), upsert("staff", &left)]).await.1;
    assert_eq!(counts(&report), "updated 2", "{report}");
    let moved = gateway.submit("", &new, &both).await.1;
    assert_eq!(counts(&moved), "updated 2", "{moved}");
    assert_eq!(gateway.delete(&path("students", &student), &old).await.0, 404, "it is another school's now");
    assert_eq!(
        gateway.put(&path("students", &student), &old, &example("students")).await.0,
        200,
        "nothing holds the pupil there"
    );
}
