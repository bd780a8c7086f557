//! Months come before they are needed and go when their time is over; what is past its time goes in steps, on one
//! gateway at a time.

use crate::common::{Gateway, TestDatabase};
use chrono::{DateTime, TimeDelta, Utc};
use school_gateway::store::partitions::{CHANGE_BLOCKS, HISTORY};

const PARTS: &str = "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'change_blocks'::regclass ORDER BY 1";

fn block(id: u32, at: DateTime<Utc>) -> String {
    format!(
        "INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
         VALUES ({id}, '{}', '31000501', 5, '\\x00', '\\x00')",
        at.to_rfc3339()
    )
}

#[test]
fn months_come_and_go() {
    let database = TestDatabase::new();
    let (mut connection, now) = (database.connect(), Utc::now());
    assert_eq!(CHANGE_BLOCKS.ensure(&mut connection, now).unwrap(), 2, "the next months");
    assert_eq!(CHANGE_BLOCKS.ensure(&mut connection, now).unwrap(), 0, "they are there");
    assert_eq!(HISTORY.ensure(&mut connection, now).unwrap(), 2);
    // Nobody kept house for two years: what came in meanwhile is not lost, and goes where it belongs.
    let later = now + TimeDelta::days(730);
    for (id, at) in [(1, now), (2, later), (3, later - TimeDelta::days(300))] {
        database.execute(&block(id, at));
    }
    assert_eq!(database.value("SELECT count(*) FROM change_blocks_default"), "2");
    assert!(CHANGE_BLOCKS.ensure(&mut connection, later).unwrap() >= 23);
    assert_eq!(database.value("SELECT count(*) FROM change_blocks_default"), "0");
    assert_eq!(database.column("SELECT id FROM change_blocks ORDER BY id"), ["1", "2", "3"]);
    let all = database.column(PARTS).len();
    assert_eq!(CHANGE_BLOCKS.drop_older(&mut connection, later, 10_000).unwrap(), 0);
    let dropped = CHANGE_BLOCKS.drop_older(&mut connection, later, 400).unwrap();
    assert!((10..=12).contains(&dropped), "{dropped}");
    assert_eq!(database.column(PARTS).len(), all - dropped);
    assert_eq!(database.column("SELECT id FROM change_blocks ORDER BY id"), ["2", "3"]);
}

#[test]
fn a_reader_does_not_hold_up_writers_when_a_month_is_added() {
    use diesel::connection::SimpleConnection;
    let database = TestDatabase::new();
    let mut reader = database.connect();
    reader.batch_execute("BEGIN; SELECT count(*) FROM change_blocks").unwrap();
    let mut connection = database.connect();
    assert!(CHANGE_BLOCKS.ensure(&mut connection, Utc::now()).is_err(), "it gives up, to try again at the next turn");
    database.execute(&block(1, Utc::now()));
    reader.batch_execute("COMMIT").unwrap();
    assert_eq!(CHANGE_BLOCKS.ensure(&mut connection, Utc::now()).unwrap(), 2);
}

#[tokio::test]
async fn what_is_past_its_time_goes_in_steps() {
    let database = std::sync::Arc::new(TestDatabase::new());
    database.execute(
        "INSERT INTO submissions (id, client_id, status, mode, atomicity, on_missing, respond_async, fingerprint, received_at, completed_at)
         SELECT gen_random_uuid(), gen_random_uuid(), 'completed', 'commit', 'record', 'park', false, '', now() - d, now() - d
         FROM unnest(ARRAY[interval '40 days', interval '1 day']) d",
    );
    let issues = database.execute(
        "INSERT INTO submission_issues (submission_id, index, severity, pointer, ordinal, code, \"values\")
         SELECT s.id, n, 0, '', 0, 'PT-006', '{}' FROM submissions s, generate_series(1, 12000) n",
    );
    database.execute("INSERT INTO submission_files (submission_id, number, data) SELECT id, 0, '' FROM submissions");
    let _gateway = Gateway::on(database.clone(), &[]);
    database.becomes("SELECT count(*) FROM submissions WHERE purged", "1").await;
    assert_eq!(database.value("SELECT count(*) FROM submission_files"), "1");
    assert_eq!(database.value("SELECT count(*) FROM submission_issues"), (issues / 2).to_string());
    // The gateway made the months to come, too.
    assert_eq!(database.column(PARTS).len(), 4);
}
