//! `mode=validate`: the report is that of the run that follows, nothing is written but the report, and nobody waits.

use crate::common::records::{
    SCHOOL, counts, deletion, example, lines, ordered, path, pupil, pupils, random, shuffled, small_school, upsert,
    with,
};
use crate::common::{Gateway, answer, program};
use serde_json::{Value, json};

const OTHER: &str = "31000502";
const NDJSON: &str = "application/x-ndjson";

async fn gateway() -> (Gateway, String) {
    let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
    let token = gateway.token(&gateway.client("school-software", &["--all-schools"])).await;
    (gateway, token)
}

/// Of every table that a run may write to: what tells of any change.
fn fingerprint(gateway: &Gateway) -> Vec<String> {
    let of_table = |table: &str| {
        format!(
            "SELECT count(*) || ' ' || coalesce(sum(version), 0) || ' ' || coalesce(bit_xor(hash_low), 0) FROM {table}"
        )
    };
    let mut queries: Vec<String> = ordered().map(|spec| of_table(spec.table)).collect();
    let others = ["history", "change_blocks", "parked_records", "parked_waits", "submission_deferred", "takeovers"];
    queries.extend(others.map(|table| format!("SELECT count(*) FROM {table}")));
    queries.push("SELECT last_value FROM change_block".to_owned());
    queries.iter().map(|query| gateway.database().value(query)).collect()
}

/// What a report says of the records, all its issues among it.
async fn told(gateway: &Gateway, token: &str, (status, report): &(u16, Value)) -> (u16, Value, Vec<String>) {
    counts(report);
    let path = format!("/v1/submissions/{}/issues", report["id"].as_str().unwrap());
    let issues = gateway.request("GET", &path, token).header("accept", NDJSON).send().await.unwrap();
    let issues = issues.text().await.unwrap().lines().map(str::to_owned).collect();
    let members = ["status", "result", "counts", "byResource"];
    (*status, members.iter().map(|name| ((*name).to_owned(), report[*name].clone())).collect(), issues)
}

/// A dry run writes nothing and says what the run says that follows, which is returned.
async fn agree(gateway: &Gateway, token: &str, query: &str, kind: &str, body: String) -> Value {
    let send = |mode: &str| {
        let path = format!("/v1/submissions?mode={mode}{query}");
        answer(gateway.request("POST", &path, token).header("content-type", kind).body(body.clone()))
    };
    let before = fingerprint(gateway);
    let dry = send("validate").await;
    assert_eq!(fingerprint(gateway), before, "a dry run writes nothing: {query}");
    let run = send("commit").await;
    let (said, done) = (told(gateway, token, &dry).await, told(gateway, token, &run).await);
    let first = said.2.iter().zip(&done.2).find(|(said, done)| said != done);
    assert_eq!(first, None, "{query}: an issue differs");
    assert_eq!((said.0, said.2.len()), (done.0, done.2.len()), "{query}");
    for (name, member) in said.1.as_object().unwrap() {
        assert_eq!(*member, done.1[name], "{query}: {name}");
    }
    run.1
}

async fn records_agree(gateway: &Gateway, token: &str, query: &str, records: &[Value]) -> Value {
    agree(gateway, token, query, NDJSON, lines(records)).await
}

/// Two schools with some pupils each.
fn sample() -> Vec<Value> {
    const PUPILS: usize = 25;
    let output = program().args(["sample", "--schools", "2", "--seed", "5"]).output().unwrap().stdout;
    let records: Vec<Value> = output
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    let mut pupils: Vec<(String, String)> = Vec::new();
    for record in records.iter().filter(|record| record["resource"] == "students") {
        let text = |name: &str| record["data"][name].as_str().unwrap().to_owned();
        let school = text("schoolCode");
        if pupils.iter().filter(|(other, _)| *other == school).count() < PUPILS {
            pupils.push((school, text("studentCode")));
        }
    }
    let is_kept = |record: &Value| match record["data"]["studentCode"].as_str() {
        Some(code) => pupils.iter().any(|(_, kept)| kept == code),
        None => true,
    };
    records.into_iter().filter(is_kept).collect()
}

/// The records as a careless client might send them: some changed, some with faults, some twice, some to be deleted, some
/// left out, in any order.
fn careless(records: &[Value], seed: u64) -> Vec<Value> {
    let (mut state, mut sent) = (seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, Vec::new());
    for record in records {
        let resource = record["resource"].as_str().unwrap();
        let alike: Vec<&Value> = records.iter().filter(|other| other["resource"] == resource).collect();
        let other = alike[random(&mut state) as usize % alike.len()];
        let members: Vec<&String> = other["data"].as_object().unwrap().keys().collect();
        let member = members[random(&mut state) as usize % members.len()];
        let changed = |value: Value| upsert(resource, &with(&record["data"], json!({ member.as_str(): value })));
        match random(&mut state) % 100 {
            0..55 => sent.push(record.clone()),
            // Another's value: a class, a teacher, a date, a citizen's number, also of the key.
            55..75 => sent.push(changed(other["data"][member].clone())),
            75..79 => sent.push(changed(Value::Null)),
            79..83 => sent.push(changed(json!("không rõ"))),
            83..90 => sent.push(deletion(resource, &record["data"])),
            90..94 => sent.extend([changed(other["data"][member].clone()), record.clone()]),
            _ => {}
        }
    }
    shuffled(&sent, seed)
}

async fn careless_records_agree(seed: u64) {
    let (gateway, token) = gateway().await;
    let records = sample();
    let mut state = seed * 7 + 3;
    let roots = ["schools", "campuses", "classes", "staff"].map(Value::from);
    let is_stored = |record: &&Value| random(&mut state) % 10 < 7 || roots.contains(&record["resource"]);
    let stored: Vec<Value> = records.iter().filter(is_stored).cloned().collect();
    let report = gateway.submit("?onMissingReference=reject", &token, &stored).await.1;
    assert!(report["counts"]["created"].as_i64() > Some(300), "{}", counts(&report));
    for (round, query) in ["", "&onMissingReference=reject", "&atomicity=all", ""].iter().enumerate() {
        let report = records_agree(&gateway, &token, query, &careless(&records, seed * 10 + round as u64)).await;
        assert!(!report["issues"].as_array().unwrap().is_empty(), "{}", counts(&report));
        // What waits is applied by itself when its parent comes, also in the middle of the run.
        gateway.database().execute("DELETE FROM parked_records");
    }
    // What stands by now, once more as it should be.
    let report = records_agree(&gateway, &token, "", &shuffled(&records, seed)).await;
    assert!(report["counts"]["updated"].as_i64() > Some(0), "{}", counts(&report));
}

#[tokio::test]
async fn careless_records_are_judged_as_in_the_run() {
    careless_records_agree(1).await;
}

#[tokio::test]
async fn other_careless_records_are_judged_as_in_the_run() {
    careless_records_agree(2).await;
    careless_records_agree(3).await;
}

#[tokio::test]
async fn what_comes_with_a_submission_counts_as_there_and_what_goes_as_gone() {
    let (gateway, token) = gateway().await;
    let all = shuffled(&[small_school(), pupils(150)].concat(), 4);
    records_agree(&gateway, &token, "&atomicity=all", &all).await;
    records_agree(&gateway, &token, "", &all).await;
    // A class may go whose pupils move to another one that comes with them, a school with all it has.
    let moved: Vec<Value> = all
        .iter()
        .filter(|record| record["resource"] == "enrollments")
        .map(|record| upsert("enrollments", &with(&record["data"], json!({ "classCode": "6M" }))))
        .collect();
    let class = with(&example("classes"), json!({ "classCode": "6M", "name": "6M" }));
    let gone = deletion("classes", &example("classes"));
    let records = [vec![gone], moved, vec![upsert("classes", &class)]].concat();
    records_agree(&gateway, &token, "", &records).await;
    let deletions: Vec<Value> =
        all.iter().map(|record| deletion(record["resource"].as_str().unwrap(), &record["data"])).collect();
    let some: Vec<Value> = deletions.iter().filter(|record| record["resource"] != "subject-results").cloned().collect();
    let report = records_agree(&gateway, &token, "", &shuffled(&some, 9)).await;
    assert_ne!(report["counts"]["rejected"], 0, "results hold their pupils");
    records_agree(&gateway, &token, "", &shuffled(&[deletions, vec![deletion("classes", &class)]].concat(), 8)).await;
}

/// By whom a new school may be sent, and its records with it.
#[tokio::test]
async fn a_school_that_comes_with_its_records_is_the_senders() {
    let (gateway, _) = gateway().await;
    let commune = example("schools")["communeCode"].as_str().unwrap().to_owned();
    let token = gateway.token(&gateway.client("school-software", &["--commune", &commune])).await;
    let strange = with(&example("schools"), json!({ "schoolCode": OTHER, "communeCode": "99999" }));
    let campus = with(&example("campuses"), json!({ "schoolCode": OTHER }));
    let records = [small_school(), vec![upsert("schools", &strange), upsert("campuses", &campus)]].concat();
    records_agree(&gateway, &token, "", &records).await;
    // Away from the commune, with a record that comes after.
    let moved = upsert("schools", &with(&example("schools"), json!({ "communeCode": "99999" })));
    let campus = upsert("campuses", &with(&example("campuses"), json!({ "address": "Nhà mới" })));
    records_agree(&gateway, &token, "", &[moved, campus]).await;
}

#[tokio::test]
async fn a_whole_set_is_judged_as_in_the_run() {
    let (gateway, token) = gateway().await;
    let all = [small_school(), pupils(60)].concat();
    assert_eq!(gateway.submit("", &token, &all).await.0, 200);
    let of = |resource: &str| -> Vec<Value> {
        all.iter().filter(|record| record["resource"] == resource).cloned().collect()
    };
    let query = |resource: &str, more: &str| format!("&replace={resource}&schoolCode={SCHOOL}{more}");
    let year = "&schoolYear=2025-2026";
    let report = records_agree(&gateway, &token, &query("subject-results", year), &of("subject-results")[20..]).await;
    assert_eq!(report["result"], "rejected", "too many removals");
    let confirmed = format!("{year}&confirmRemovals=20");
    let (status, _) = {
        let path = format!("/v1/submissions?mode=validate{}", query("subject-results", &confirmed));
        answer(
            gateway
                .request("POST", &path, &token)
                .header("content-type", NDJSON)
                .body(lines(&of("subject-results")[20..])),
        )
        .await
    };
    assert_eq!(status, 200);
    records_agree(&gateway, &token, &query("students", "&confirmRemovals=3"), &of("students")[3..]).await;
    let changed: Vec<Value> = of("subject-results")[20..]
        .iter()
        .map(|record| upsert("subject-results", &with(&record["data"], json!({ "comment": "Cẩn thận." }))))
        .collect();
    let report = records_agree(&gateway, &token, &query("subject-results", &confirmed), &changed).await;
    assert_eq!(report["counts"]["removed"], 20, "{report:#}");
}

#[tokio::test]
async fn codes_that_gave_way_are_followed_as_in_the_run() {
    let (gateway, token) = gateway().await;
    let coded = |resource: &str, code: &str, more: Value| {
        upsert(resource, &with(&with(&example(resource), json!({ "studentCode": code })), more))
    };
    let person = |code: &str, more: Value| coded("students", code, with(&json!({ "citizenId": null }), more));
    let records =
        [small_school(), vec![person("TAM-001", json!({})), coded("enrollments", "TAM-001", json!({}))]].concat();
    assert_eq!(gateway.submit("", &token, &records).await.1["counts"]["rejected"], 0);
    let identify = gateway.request("POST", "/v1/students/TAM-001/identify", &token);
    assert_eq!(answer(identify.json(&json!({ "studentCode": "3100777777" }))).await.0, 200);
    let mut records: Vec<Value> = pupils(80);
    records.extend([
        person("3100777777", json!({ "note": "Mã mới" })),
        person("TAM-001", json!({ "note": "Mã cũ" })),
        coded("enrollments", "TAM-001", json!({ "note": "Mã cũ" })),
        coded("subject-results", "TAM-001", json!({})),
        person("TAM-002", json!({})),
    ]);
    records_agree(&gateway, &token, "", &records).await;
    let stranger = gateway.token(&gateway.client("school-software", &["--school", OTHER])).await;
    let theirs = vec![
        person("TAM-001", json!({ "schoolCode": OTHER })),
        person(&pupil(3), json!({ "schoolCode": OTHER })),
        deletion("students", &json!({ "studentCode": pupil(4) })),
    ];
    records_agree(&gateway, &stranger, "", &theirs).await;
}

#[tokio::test]
async fn other_media_are_judged_as_in_the_run() {
    let (gateway, token) = gateway().await;
    assert_eq!(gateway.submit("", &token, &small_school()).await.0, 200);
    let array = json!({ "records": pupils(5) }).to_string();
    agree(&gateway, &token, "", "application/json", array).await;
    let sheet = "schoolCode,campusCode,name,address,main\n31000501,C7,Điểm trường 7,Nhà 7,false\n31000599,C8,Điểm 8,,false\n31000501,C9,,,x\n";
    agree(&gateway, &token, "&resource=campuses", "text/csv", sheet.to_owned()).await;
    let broken = format!("{}{{\"resource\":\"students\",\n", lines(&pupils(3)));
    agree(&gateway, &token, "", NDJSON, broken).await;
}

/// Writers of the same school and record do not wait for a dry run that has got as far as the pupils, and it holds no lock
/// that anybody waits for.
#[tokio::test]
async fn a_dry_run_keeps_nobody_waiting() {
    let (gateway, token) = gateway().await;
    let (school, campus) = (example("schools"), with(&example("campuses"), json!({ "address": "Nhà mới" })));
    assert_eq!(gateway.submit("", &token, &small_school()).await.0, 200);
    let held = gateway.database().hold_table("enrollments");
    let changed = upsert("campuses", &with(&campus, json!({ "address": "Nhà cũ" })));
    let records =
        [vec![changed, upsert("schools", &with(&school, json!({ "name": "Trường Khác" })))], pupils(80)].concat();
    let request = gateway.request("POST", "/v1/submissions?mode=validate", &token).header("content-type", NDJSON);
    let request = request.body(lines(&records));
    let dry = tokio::spawn(async move { answer(request).await });
    gateway.database().waiters(1).await;
    let of_dry_run = "FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE a.datname = current_database() AND a.wait_event_type = 'Lock'";
    let strong = format!(
        "SELECT coalesce(string_agg(DISTINCT l.locktype || ' ' || l.mode, ', '), '') {of_dry_run} AND l.granted \
         AND NOT (l.locktype = 'relation' AND l.mode = 'AccessShareLock') AND l.locktype <> 'virtualxid'"
    );
    // Its own claim on the submission.
    assert_eq!(gateway.database().value(&strong), "advisory ExclusiveLock");
    let schools = format!("SELECT count(*) {of_dry_run} AND l.locktype = 'advisory' AND l.objsubid = 2");
    assert_eq!(gateway.database().value(&schools), "0", "no school");
    assert_eq!(
        gateway.database().value(&format!("SELECT count(a.backend_xid) {of_dry_run}")),
        "0",
        "it writes nothing"
    );
    for (resource, data) in [("campuses", &campus), ("schools", &with(&school, json!({ "name": "Trường Mới" })))] {
        let (status, stored) = gateway.put(&path(resource, data), &token, data).await;
        assert_eq!((status, &stored["meta"]["version"]), (200, &json!(2)), "{stored}");
    }
    drop(held);
    let (status, report) = dry.await.unwrap();
    assert_eq!((status, counts(&report)), (200, "created 240, updated 2".to_owned()), "{report:#}");
    let (_, stored) = gateway.get(&path("campuses", &campus), &token).await;
    assert_eq!(stored["address"], "Nhà mới");
}

/// What was accepted is held in memory, of which there is an end.
#[tokio::test]
async fn a_dry_run_beyond_its_memory_is_ended_and_says_so() {
    let gateway = Gateway::start_with(&["--dry-run-bytes", "64KiB"]);
    let token = gateway.token(&gateway.client("school-software", &["--all-schools"])).await;
    assert_eq!(gateway.submit("?mode=validate", &token, &small_school()).await.1["counts"]["created"], 11);
    let (_, report) = gateway.submit("?mode=validate", &token, &[small_school(), pupils(400)].concat()).await;
    assert_eq!((&report["status"], &report["result"]), (&json!("failed"), &json!("rejected")), "{report:#}");
    assert_eq!((counts(&report), &report["issues"][0]["code"]), ("rejected 1211".to_owned(), &json!("PT-025")));
    assert_eq!(gateway.submit("", &token, &[small_school(), pupils(400)].concat()).await.1["counts"]["created"], 1211);
}

/// What a killed dry run leaves is a submission that the next gateway works on.
#[tokio::test]
async fn a_killed_dry_run_leaves_nothing_and_is_done_again() {
    let (mut gateway, token) = gateway().await;
    assert_eq!(gateway.submit("", &token, &small_school()).await.0, 200);
    let before = fingerprint(&gateway);
    let held = gateway.database().hold_table("enrollments");
    let request = gateway.request("POST", "/v1/submissions?mode=validate", &token).header("content-type", NDJSON);
    let (status, report) = answer(request.header("prefer", "respond-async").body(lines(&pupils(100)))).await;
    assert_eq!(status, 202, "{report}");
    gateway.database().waiters(1).await;
    gateway.kill();
    drop(held);
    assert_eq!(fingerprint(&gateway), before);
    let next = Gateway::on(gateway.database.clone().unwrap(), &[]);
    let report = next.finished(&token, &format!("/v1/submissions/{}", report["id"].as_str().unwrap())).await;
    assert_eq!(counts(&report), "created 300");
    assert_eq!(fingerprint(&next), before);
}
