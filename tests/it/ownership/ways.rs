//! The ways round a single write and a plain submission: replacements, records that waited, official codes.

use super::*;

/// The other school has a pupil, a teacher or a diploma; by this query and these records the own school tries to have
/// them as its own.
async fn replaced(two: &Two, resource: &str, own: &[Value], taken: &Value, code: &str) {
    let before = two.stored(resource, taken).await;
    let set: Vec<Value> = own.iter().chain([&with(taken, json!({ "schoolCode": SCHOOL }))]).cloned().collect();
    let records: Vec<Value> = set.iter().map(|data| upsert(resource, data)).collect();
    for mode in ["", "&mode=validate"] {
        let query = format!("?replace={resource}&schoolCode={SCHOOL}&confirmRemovals=0{mode}");
        let (status, report) = two.gateway.submit(&query, &two.own, &records).await;
        let told = report["issues"].to_string();
        assert!(status == 422 && told.contains(code) && told.contains("RC-005"), "{resource}{mode}: {report:#}");
        assert!(!told.contains(OTHER), "{resource}{mode} names the other school: {report:#}");
    }
    // The other school's whole set: out of sight, whatever is in it.
    let query = format!("?replace={resource}&schoolCode={OTHER}&confirmRemovals=1");
    let (status, report) = two.gateway.submit(&query, &two.own, &[upsert(resource, taken)]).await;
    assert!([404, 422].contains(&status) && report["counts"]["removed"] != 1, "{resource}: {report:#}");
    assert_eq!(two.stored(resource, taken).await, before, "{resource} stands untouched");
}

#[tokio::test]
async fn a_replacement_takes_and_removes_nothing_of_another_school() {
    let two = Two::open().await;
    replaced(&two, "students", &[example("students")], &with(&pupil(), json!({ "citizenId": null })), "ID-025").await;
    replaced(&two, "staff", &[example("staff")], &teacher(), "SF-001").await;
    replaced(&two, "diplomas", &[example("diplomas")], &diploma(), "DP-004").await;
    // The own set, which lacks all that the other school has, leaves that alone.
    for (resource, foreign) in [("students", pupil()), ("staff", teacher()), ("diplomas", diploma())] {
        let query = format!("?replace={resource}&schoolCode={SCHOOL}");
        let (status, report) = two.gateway.submit(&query, &two.own, &[upsert(resource, &example(resource))]).await;
        assert!(status == 200 && report["counts"]["removed"] == 0, "{resource}: {report:#}");
        assert_eq!(two.stored(resource, &foreign).await["meta"]["version"], 1, "{resource}");
    }
}

#[tokio::test]
async fn what_waited_does_not_take_what_another_school_has_by_then() {
    let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
    let software = async |school: &str| gateway.token_for("school-software", &["--school", school]).await;
    let (own, other) = (software(SCHOOL).await, software(OTHER).await);
    // Two wait for their school, which is not there yet; then the other school has them.
    let claimed = |data: Value| with(&data, json!({ "schoolCode": SCHOOL, "citizenId": null }));
    let waiting = [upsert("students", &claimed(pupil())), upsert("diplomas", &claimed(diploma()))];
    let (_, first) = gateway.submit("", &own, &waiting).await;
    assert!(counts(&first).starts_with("parked 2"), "{first:#}");
    let theirs = [("schools", school()), ("classes", class()), ("students", pupil()), ("diplomas", diploma())];
    let theirs: Vec<Value> = theirs.iter().map(|(resource, data)| upsert(resource, data)).collect();
    assert_eq!(gateway.submit("", &other, &theirs).await.0, 200);
    let still = gateway.get(first["links"]["self"].as_str().unwrap(), &own).await.1;
    assert!(counts(&still).starts_with("parked 2"), "what another school writes discards nothing: {still:#}");
    assert_eq!(gateway.submit("", &own, &small_school()).await.0, 200);
    let own_report = first["links"]["self"].as_str().unwrap();
    let is_judged = |report: &Value| counts(report).starts_with("rejected 2");
    let after = gateway.report_when(&own, own_report, "the judging of what waited", is_judged).await;
    let told: Vec<&str> =
        after["issues"].as_array().unwrap().iter().map(|issue| issue["code"].as_str().unwrap()).collect();
    assert!(told.contains(&"ID-025") && told.contains(&"DP-004"), "{after:#}");
    assert!(!after["issues"].to_string().contains(OTHER), "{after:#}");
    for (resource, data) in [("students", pupil()), ("diplomas", diploma())] {
        let stored = gateway.get(&path(resource, &data), &other).await.1;
        assert_eq!((&stored["schoolCode"], &stored["meta"]["version"]), (&json!(OTHER), &json!(1)), "{resource}");
    }
    // An enrollment that waits for a pupil goes on waiting when he comes to another school.
    let newcomer = with(&pupil(), json!({ "studentCode": "3100029077", "citizenId": null }));
    let enrollment = with(&example("enrollments"), json!({ "studentCode": "3100029077" }));
    let (_, waits) = gateway.submit("", &own, &[upsert("enrollments", &enrollment)]).await;
    assert_eq!(counts(&waits), "parked 1", "{waits:#}");
    assert_eq!(gateway.put(&path("students", &newcomer), &other, &newcomer).await.0, 201);
    gateway.database().becomes("SELECT count(*) FROM parked_records WHERE ready", "0").await;
    let now = gateway.get(waits["links"]["self"].as_str().unwrap(), &own).await.1;
    assert_eq!((counts(&now), &now["issues"]), ("parked 1".to_owned(), &waits["issues"]), "{now:#}");
    assert_eq!(gateway.get(&path("enrollments", &enrollment), &own).await.0, 404);
}

#[tokio::test]
async fn an_official_code_of_another_school_is_taken_and_no_more_is_told() {
    let two = Two::open().await;
    let provisional = |school: &str, code: &str| {
        let changes =
            json!({ "schoolCode": school, "studentCode": code, "citizenId": null, "fullName": "Lâm Khánh Vy" });
        with(&pupil(), changes)
    };
    let (mine, theirs) = (provisional(SCHOOL, "TAM-001"), provisional(OTHER, "TAM-002"));
    assert_eq!(two.gateway.put(&path("students", &mine), &two.own, &mine).await.0, 201);
    assert_eq!(two.gateway.put(&path("students", &theirs), &two.other, &theirs).await.0, 201);
    let identify = async |token: &str, old: &str, new: &str, language: &str| {
        let request = two.gateway.request("POST", &format!("/v1/students/{old}/identify"), token);
        let (status, mut problem) =
            answer(request.header("accept-language", language.to_owned()).json(&json!({ "studentCode": new }))).await;
        for member in ["requestId", "instance"] {
            problem.as_object_mut().map(|problem| problem.remove(member));
        }
        (status, problem)
    };
    for language in ["vi", "en"] {
        // His own record cannot be given the other school's code, and is not told whose it is or how to get at it.
        let (status, problem) = identify(&two.own, "TAM-001", PUPIL, language).await;
        let text = problem.to_string();
        assert!(status == 409 && text.contains(PUPIL), "{problem:#}");
        let secrets = [OTHER, "Hoàng Gia Bách", NUMBER, "delete", "xóa"];
        let told: Vec<&str> = secrets.into_iter().filter(|secret| text.contains(secret)).collect();
        assert!(told.is_empty(), "{told:?} in {problem:#}");
        // Whose both are learns how to mend it.
        let (status, problem) = identify(&two.other, "TAM-002", PUPIL, language).await;
        let (delete, text) = (if language == "en" { "delete" } else { "xóa" }, problem.to_string());
        assert!(status == 409 && text.contains(delete), "{problem:#}");
        // The other school's record is as one that is not there, before and after it got its code.
        for new in [PUPIL, "3100029088"] {
            let there = identify(&two.own, "TAM-002", new, language).await;
            assert_eq!(there, identify(&two.own, "TAM-404", new, language).await);
        }
    }
    assert_eq!(identify(&two.other, "TAM-002", "3100029088", "en").await.0, 200);
    for new in ["3100029088", "3100029089"] {
        assert_eq!(identify(&two.own, "TAM-002", new, "en").await, identify(&two.own, "TAM-404", new, "en").await);
    }
    assert_eq!(two.stored("students", &pupil()).await["meta"]["version"], 1);
    assert_eq!(two.gateway.get(&path("students", &mine), &two.own).await.1["studentCode"], "TAM-001");
}
