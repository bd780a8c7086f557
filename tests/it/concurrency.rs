//! Many at once: no lost update, no orphan, no deadlock that anybody sees, and a clear answer when too many wait.

use crate::common::records::{
    SCHOOL, counts, deletion, example, path, pupil, pupils, shuffled, small_school, upsert, with,
};
use crate::common::{Gateway, answer, eventually, so};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn value(gateway: &Gateway, query: &str) -> String {
    gateway.database().value(query)
}

#[tokio::test]
async fn conditional_writes_lose_no_update() {
    let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    let (campus, path) = (example("campuses"), path("campuses", &example("campuses")));
    let writer = |number: usize| {
        let (gateway, token, campus, path) = (&gateway, &token, &campus, &path);
        async move {
            let (mut version, mut done) = (1, 0);
            while done < 5 {
                let data = with(campus, json!({ "address": format!("Nhà {number}-{done}") }));
                let request =
                    gateway.request("PUT", path, token).header("If-Match", format!("\"{version}\"")).json(&data);
                match answer(request).await {
                    (200, body) => {
                        version = body["meta"]["version"].as_i64().unwrap();
                        done += 1;
                    }
                    (412, problem) => {
                        let detail = problem["detail"].as_str().unwrap();
                        version = detail.split('"').nth(1).unwrap().parse().unwrap();
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
    };
    join_all((0..8).map(writer)).await;
    assert_eq!(value(&gateway, "SELECT version FROM campuses"), "41");
    assert_eq!(value(&gateway, "SELECT count(*) || ' ' || count(DISTINCT body->>'address') FROM history"), "40 40");
}

#[tokio::test]
async fn many_writers_of_the_same_records_agree() {
    let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
    let token = gateway.software_of_all().await;
    let records = [small_school(), pupils(60)].concat();
    gateway.submit("", &token, &small_school()[..1]).await;
    let bulk = |seed: u64| {
        let records = shuffled(&records, seed);
        let (gateway, token) = (&gateway, &token);
        async move { gateway.submit(if seed.is_multiple_of(3) { "?atomicity=all" } else { "" }, token, &records).await }
    };
    let single = |number: usize| {
        let data = with(
            &example("students"),
            json!({ "studentCode": pupil(number % 20), "citizenId": format!("031214{:06}", 100_000 + number % 20), "note": format!("{number}") }),
        );
        let (gateway, token) = (&gateway, &token);
        async move { gateway.put(&path("students", &data), token, &data).await }
    };
    let (reports, answers) = tokio::join!(join_all((0..8).map(bulk)), join_all((0..100).map(single)));
    for (status, report) in reports {
        assert_eq!(
            (status, &report["status"], &report["counts"]["rejected"], &report["counts"]["parked"]),
            (200, &json!("completed"), &json!(0), &json!(0)),
            "{report}"
        );
        assert!(counts(&report).len() > 5);
    }
    for (status, answer) in answers {
        assert!(status == 200 || status == 201, "{status} {answer}");
    }
    let rows = "SELECT (SELECT count(*) FROM students) || ' ' || (SELECT count(*) FROM enrollments) || ' ' || (SELECT count(*) FROM subject_results)";
    assert_eq!(value(&gateway, rows), "61 61 61");
    let gaps = "SELECT count(*) FROM students s WHERE version <> 1 + (SELECT count(*) FROM history h WHERE h.resource = 5 AND h.key = s.student_code)";
    assert_eq!(value(&gateway, gaps), "0", "every version before the last stands in history");
}

#[tokio::test]
async fn schools_locked_in_any_order_do_not_block_each_other() {
    let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
    let token = gateway.software_of_all().await;
    let school = |number: usize| {
        let own = json!({ "schoolCode": format!("310005{number:02}"), "name": format!("Trường THCS {number}"), "campusCode": null, "homeroomStaffCode": null });
        let people = json!({ "schoolCode": own["schoolCode"], "citizenId": null });
        vec![
            upsert(
                "schools",
                &with(&example("schools"), json!({ "schoolCode": own["schoolCode"], "name": own["name"] })),
            ),
            upsert("campuses", &with(&example("campuses"), json!({ "schoolCode": own["schoolCode"] }))),
            upsert("classes", &with(&example("classes"), with(&own, json!({ "name": "6A1" })))),
            upsert(
                "students",
                &with(
                    &with(&example("students"), people.clone()),
                    json!({ "studentCode": format!("31000500{number:02}") }),
                ),
            ),
            upsert(
                "staff",
                &with(&with(&example("staff"), people), json!({ "staffCode": format!("31000600{number:02}") })),
            ),
        ]
    };
    let schools: Vec<Value> = (1..=12).flat_map(school).collect();
    let push = |round: u64| {
        let note = |record: &Value| match record["resource"].as_str().unwrap() {
            "students" => upsert("students", &with(&record["data"], json!({ "note": format!("{round}") }))),
            "campuses" => upsert("campuses", &with(&record["data"], json!({ "address": format!("{round}") }))),
            _ => record.clone(),
        };
        let changed: Vec<Value> = shuffled(&schools, round).iter().map(note).collect();
        let (gateway, token) = (&gateway, &token);
        async move { gateway.submit(if round.is_multiple_of(2) { "?atomicity=all" } else { "" }, token, &changed).await.1 }
    };
    for report in join_all((0..10).map(push)).await {
        assert_eq!(
            (&report["status"], &report["counts"]["rejected"], &report["counts"]["received"]),
            (&json!("completed"), &json!(0), &json!(60)),
            "{report}"
        );
        counts(&report);
    }
    assert_eq!(value(&gateway, "SELECT count(*) FROM students"), "12");
}

#[tokio::test]
async fn a_parent_that_goes_while_children_come_leaves_no_orphan() {
    let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    let student =
        |number: usize| with(&example("students"), json!({ "studentCode": pupil(number), "citizenId": null }));
    for round in 0..15 {
        let class = with(&example("classes"), json!({ "classCode": "6B1" }));
        gateway.submit("", &token, &[upsert("classes", &class), upsert("students", &student(round))]).await;
        let child = with(&example("enrollments"), json!({ "studentCode": pupil(round), "classCode": "6B1" }));
        let (class_path, student_path, child_path) =
            (path("classes", &class), path("students", &student(round)), path("enrollments", &child));
        let removals = [deletion("students", &student(round))];
        let (put, delete, removal, ()) = tokio::join!(
            gateway.put(&child_path, &token, &child),
            gateway.delete(&class_path, &token),
            gateway.submit("", &token, &removals),
            async { drop(gateway.get(&student_path, &token).await) }
        );
        assert!([201, 422].contains(&put.0) && [204, 409].contains(&delete.0), "{put:?} {delete:?}");
        counts(&removal.1);
        let orphans = "SELECT count(*) FROM enrollments e WHERE NOT EXISTS (SELECT 1 FROM students s WHERE s.student_code = e.student_code) \
             OR NOT EXISTS (SELECT 1 FROM classes c WHERE c.class_code = e.class_code AND c.school_code = e.school_code AND c.school_year = e.school_year)";
        assert_eq!(value(&gateway, orphans), "0", "round {round}");
        let gone = [deletion("enrollments", &child), deletion("classes", &class)];
        assert_eq!(gateway.submit("", &token, &gone).await.1["counts"]["rejected"], 0);
    }
}

#[tokio::test]
async fn when_too_many_wait_the_next_is_told_to_come_again() {
    let gateway =
        Gateway::start_with(&["--max-waiting-requests", "4", "--rate-limit", "100000", "--rate-burst", "100000"]);
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    // A transaction that holds the school keeps all writers waiting.
    let holder = gateway.database().hold_school(SCHOOL);
    let answered = std::cell::Cell::new(0);
    let writes = (0..600).map(|number| {
        let data = with(&example("students"), json!({ "note": format!("{number}") }));
        let (answered, request) = (&answered, gateway.request("PUT", &path("students", &data), &token).json(&data));
        async move {
            let response = request.send().await.unwrap();
            answered.set(answered.get() + 1);
            (response.status().as_u16(), response.headers().get("retry-after").is_some())
        }
    });
    let waker = async {
        eventually("the first answer", async || so(answered.get() > 0, "nobody is refused")).await;
        drop(holder);
    };
    let (answers, ()) = tokio::join!(join_all(writes), waker);
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(status, _)| *status == 200);
    assert!(!taken.is_empty() && !refused.is_empty(), "{} taken, {} refused", taken.len(), refused.len());
    assert!(refused.iter().all(|answer| *answer == (503, true)), "{refused:?}");
}
