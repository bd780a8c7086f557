//! The change log: what every way of writing leaves there, and that new versions need no new entries in the indexes.

use crate::common::records::{SCHOOL, example, number, ordered, path, pupil, pupils, small_school, upsert, with};
use crate::common::{Gateway, TestDatabase, eventually};
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types};
use school_gateway::change::keys::{Change, ChangeOperation, open};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[derive(QueryableByName)]
struct Block {
    #[diesel(sql_type = sql_types::BigInt)]
    id: i64,
    #[diesel(sql_type = sql_types::BigInt)]
    at: i64,
    #[diesel(sql_type = sql_types::Text)]
    school_code: String,
    #[diesel(sql_type = sql_types::SmallInt)]
    resource: i16,
    /// Client, actor, request and submission, as the canonical form has them.
    #[diesel(sql_type = sql_types::Text)]
    origin: String,
    #[diesel(sql_type = sql_types::Binary)]
    keys: Vec<u8>,
    #[diesel(sql_type = sql_types::Binary)]
    sha256: Vec<u8>,
}

impl Block {
    fn changes(&self) -> Vec<Change> {
        open(&self.keys).unwrap()
    }
    /// The members that say who did it: client, actor, request, submission.
    fn author(&self) -> Vec<&str> {
        self.origin.split('\n').collect()
    }
}

/// The blocks of a database in the order of readers.
fn blocks(database: &TestDatabase) -> Vec<Block> {
    let sql = "SELECT id, (extract(epoch FROM at) * 1000000)::bigint AS at, school_code, resource, keys, sha256, \
         coalesce(client_id::text, '') || E'\\n' || coalesce(actor, '') || E'\\n' || coalesce(request_id, '') || E'\\n' \
         || coalesce(submission_id::text, '') AS origin FROM change_blocks ORDER BY xid, id";
    sql_query(sql).load(&mut database.connect()).unwrap()
}

/// SHA-256 of the canonical form, with the hashes of the records as they are stored now.
fn canonical(database: &TestDatabase, block: &Block) -> Vec<u8> {
    let spec = ordered().find(|spec| spec.number == block.resource).unwrap();
    let Block { id, at, school_code, resource, origin, .. } = block;
    let mut text = format!("change-block/1\n{id}\n{at}\n{school_code}\n{resource}\n{origin}\n");
    for change in block.changes() {
        let letter = match change.operation {
            ChangeOperation::Create => 'c',
            ChangeOperation::Update => 'u',
            ChangeOperation::Delete => 'd',
            ChangeOperation::Rekey => 'r',
        };
        let former = change.former.map(|former| format!("\u{1e}{}", former.join("\u{1f}"))).unwrap_or_default();
        text += &format!("{letter}{}\u{1f}{}{former}", change.version, change.key.join("\u{1f}"));
        if change.operation != ChangeOperation::Delete {
            let names = spec.key.iter().map(|name| format!("t.\"{name}\"::text")).collect::<Vec<_>>();
            let hash = database.value(&format!(
                "SELECT lpad(to_hex(hash_high), 16, '0') || lpad(to_hex(hash_low), 16, '0') FROM {} t WHERE ({}) = ('{}')",
                spec.table,
                names.join(", "),
                change.key.join("', '")
            ));
            text += &format!("\t{hash}");
        }
        text.push('\n');
    }
    Sha256::digest(text).to_vec()
}

#[tokio::test]
async fn every_way_of_writing_leaves_its_block() {
    let gateway = Gateway::start();
    let database = gateway.database();
    let client = gateway.client("school-software", &["--all-schools"]);
    let token = gateway.token(&client).await;
    let report = gateway.submit("", &token, &small_school()).await.1;
    let first = blocks(database);
    // One of each resource, with one record each, and all of them by the submission.
    let mut numbers: Vec<i16> = first.iter().map(|block| block.resource).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=11).collect::<Vec<i16>>());
    for block in &first {
        assert_eq!(block.author(), [client.client_id.as_str(), "", "", report["id"].as_str().unwrap()]);
        let changes = block.changes();
        assert_eq!((changes.len(), changes[0].operation, changes[0].version), (1, ChangeOperation::Create, 1));
        assert_eq!((block.school_code.as_str(), &block.sha256), (SCHOOL, &canonical(database, block)));
    }
    // A single write has a request, and no submission; what is equal leaves nothing.
    let student = with(&example("students"), json!({ "note": "Mới" }));
    for round in 0..2 {
        let request = gateway.request("PUT", &path("students", &student), &token).header("x-request-id", "doi-ghi-chu");
        let answer: Value = request.json(&student).send().await.unwrap().json().await.unwrap();
        assert_eq!((&answer["meta"]["submissionId"], &answer["meta"]["version"]), (&Value::Null, &json!(2)), "{round}");
        let read = gateway.get(&path("students", &student), &token).await.1;
        assert_eq!(read["meta"], answer["meta"]);
    }
    let all = blocks(database);
    let put = &all[first.len()..];
    assert_eq!((put.len(), put[0].resource), (1, number("students")));
    assert_eq!(put[0].author()[1..], ["", "doi-ghi-chu", ""]);
    assert_eq!((put[0].changes()[0].operation, put[0].changes()[0].version), (ChangeOperation::Update, 2));
    assert_eq!(put[0].sha256, canonical(database, &put[0]));
    // The row and its former version name their blocks.
    let row = "SELECT block || ' ' || (SELECT from_block || ' ' || to_block || ' ' || school_code FROM history WHERE resource = 5) FROM students";
    let origin = first.iter().find(|block| block.resource == 5).unwrap().id;
    assert_eq!(database.value(row), format!("{} {origin} {} {SCHOOL}", put[0].id, put[0].id));
    let diploma = example("diplomas");
    assert_eq!(gateway.delete(&path("diplomas", &diploma), &token).await.0, 204);
    let last = blocks(database).pop().unwrap();
    assert_eq!(
        (last.resource, last.changes()[0].operation, last.changes()[0].version),
        (11, ChangeOperation::Delete, 2)
    );
    assert_eq!(last.sha256, canonical(database, &last));
    // What comes back goes on after its deletion.
    assert_eq!(gateway.put(&path("diplomas", &diploma), &token, &diploma).await.1["meta"]["version"], 3);
    let times: Vec<i64> = blocks(database).iter().map(|block| block.at).collect();
    assert!(times.is_sorted(), "{times:?}");
}

#[tokio::test]
async fn a_code_that_takes_the_place_of_another_is_told_as_such() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let mut records = small_school();
    let student = with(&example("students"), json!({ "studentCode": "TAM-1", "citizenId": null }));
    records.push(upsert("students", &student));
    gateway.submit("", &token, &records).await;
    let before = blocks(gateway.database()).len();
    let identify = gateway.request("POST", "/v1/students/TAM-1/identify", &token);
    let answer = identify.json(&json!({ "studentCode": "3100999999" })).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let new = blocks(gateway.database()).split_off(before);
    let told: Vec<(ChangeOperation, Vec<String>, Option<Vec<String>>)> =
        new.iter().flat_map(Block::changes).map(|change| (change.operation, change.key, change.former)).collect();
    let key = |code: &str| vec![code.to_owned()];
    assert_eq!(
        told,
        [
            (ChangeOperation::Rekey, key("3100999999"), Some(key("TAM-1"))),
            (ChangeOperation::Delete, key("TAM-1"), None)
        ]
    );
    assert!(new[0].id < new[1].id && new.iter().all(|block| !block.author()[2].is_empty()));
    assert_eq!(new[0].sha256, canonical(gateway.database(), &new[0]));
}

/// Versions of a record follow each other without a gap, also where the clock of the database was set back.
#[tokio::test]
async fn intervals_follow_each_other() {
    let gateway = Gateway::start();
    let database = gateway.database();
    let token = gateway.software_of_all().await;
    gateway.submit("", &token, &small_school()).await;
    database.execute("UPDATE staff SET changed_at = now() + interval '1 hour'");
    let staff = example("staff");
    for round in 0..3 {
        let staff = with(&staff, json!({ "phone": format!("09012345{round:02}") }));
        assert_eq!(gateway.put(&path("staff", &staff), &token, &staff).await.0, 200);
    }
    let faults = "SELECT count(*) FROM history h WHERE NOT (valid_from < valid_to) OR valid_to <> coalesce(
         (SELECT n.valid_from FROM history n WHERE n.resource = h.resource AND n.key = h.key AND n.version = h.version + 1),
         (SELECT s.changed_at FROM staff s WHERE s.staff_code = h.key))";
    assert_eq!(database.value("SELECT count(*) FROM history WHERE resource = 3"), "3");
    assert_eq!(database.value(faults), "0");
}

/// Half of each page is free: a new version lies beside the old one, and no index has to learn of it.
#[tokio::test]
async fn new_versions_touch_no_index() {
    const PUPILS: usize = 1_500;
    let gateway = Gateway::start();
    let database = gateway.database();
    let token = gateway.software_of_all().await;
    let result = |pupil: usize, changes: Value| {
        upsert(
            "subject-results",
            &with(&with(&example("subject-results"), json!({ "studentCode": self::pupil(pupil) })), changes),
        )
    };
    let mut records = small_school();
    records.extend(pupils(PUPILS));
    let report = gateway.submit("", &token, &records).await.1;
    assert_eq!(report["counts"]["rejected"], 0, "{report}");
    let changed: Vec<Value> = (0..PUPILS).map(|pupil| result(pupil, json!({ "comment": "Tiến bộ rõ" }))).collect();
    let report = gateway.submit("", &token, &changed).await.1;
    assert_eq!(report["counts"]["updated"], PUPILS, "{report}");
    // The sessions report what they did by and by.
    let share = "SELECT CASE WHEN n_tup_upd >= 1500 THEN 100 * n_tup_hot_upd / n_tup_upd END FROM pg_stat_user_tables WHERE relname = 'subject_results'";
    let share = eventually("the statistics", async || database.value(share).parse::<i64>()).await;
    assert!(share >= 70, "{share} of a hundred");
}
