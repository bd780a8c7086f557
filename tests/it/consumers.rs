//! Readers of the change log: each reads every block once and in order, whatever is open and whoever dies; and no school
//! that was written to stays unjudged.

use crate::common::records::{example, small_school, upsert, with};
use crate::common::{Gateway, TestDatabase};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use school_gateway::change::log::Block;
use school_gateway::jobs::consumers::{Consumer, step};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Writes down which blocks it is given, in the order in which it is.
fn note(connection: &mut PgConnection, blocks: &[Block]) -> diesel::QueryResult<()> {
    for block in blocks {
        sql_query(format!("INSERT INTO seen (id) VALUES ({})", block.position.id)).execute(connection)?;
    }
    Ok(())
}

static READER: Consumer = Consumer { name: "reader", take: note, then: |_, _| Ok(()) };

/// A transaction of a writer: takes its number first, stays open for a while, and then leaves two blocks, or none.
fn write(connection: &mut PgConnection, first: i64, open_for: Duration) {
    let block = |id: i64| {
        format!(
            "INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256) VALUES ({id}, clock_timestamp(), '31000501', 5, '\\x00', '\\x00')"
        )
    };
    connection.batch_execute(&format!("BEGIN; {}", block(first))).unwrap();
    std::thread::sleep(open_for);
    let end = if first % 70 == 0 { "ROLLBACK" } else { "COMMIT" };
    connection.batch_execute(&format!("{}; {end}", block(first + 1))).unwrap();
}

#[test]
fn each_block_is_read_once_and_in_order() {
    const WRITERS: i64 = 6;
    const EACH: i64 = 25;
    const MOST: i64 = 2_500;
    let database = TestDatabase::new();
    database.execute("CREATE TABLE seen (n bigint GENERATED ALWAYS AS IDENTITY, id bigint NOT NULL)");
    let (done, steps, killed) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let reader = |number: usize| {
            let connect = || {
                let mut connection = PgConnection::establish(&database.url).unwrap();
                connection.batch_execute("SET application_name = 'reader'").unwrap();
                connection
            };
            let (mut connection, mut round) = (connect(), 0);
            while !done.load(Ordering::Relaxed) {
                round += 1;
                match step(&mut connection, &READER) {
                    Ok(0) => std::thread::sleep(Duration::from_millis(5)),
                    Ok(_) => drop(steps.fetch_add(1, Ordering::Relaxed)),
                    // Its gateway is gone; another comes up in its place.
                    Err(_) => {
                        killed.fetch_add(1, Ordering::Relaxed);
                        connection = connect();
                    }
                }
                // The others are killed now and then, wherever they are.
                if number == 0 && round % 8 == 7 {
                    let pid =
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
                         AND application_name = 'reader' AND pid <> pg_backend_pid() LIMIT 1";
                    let _ = sql_query(pid).execute(&mut connection);
                }
            }
        };
        for number in 0..3 {
            scope.spawn(move || reader(number));
        }
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (database, steps) = (&database, &steps);
                scope.spawn(move || {
                    let mut connection = database.connect();
                    // Until they were read in several steps: transactions of other tests hold the readers up.
                    let goes_on = |round: &i64| *round < EACH || (steps.load(Ordering::Relaxed) < 3 && *round < MOST);
                    for round in (0..).take_while(goes_on) {
                        // Some stay open long, and all of them overlap.
                        let pause = Duration::from_millis(if (writer + round) % 9 == 0 { 120 } else { 4 });
                        write(&mut connection, (writer * MOST + round) * 10, pause);
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        let start = Instant::now();
        let seen = "SELECT count(DISTINCT id) FROM seen";
        let all = "SELECT count(*) FROM change_blocks";
        while database.value(seen) != database.value(all) && start.elapsed().as_secs() < 120 {
            std::thread::sleep(Duration::from_millis(50));
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(steps.load(Ordering::Relaxed) > 1 && killed.load(Ordering::Relaxed) > 0, "{steps:?} {killed:?}");
    let expected = database.column("SELECT id FROM change_blocks ORDER BY xid, id");
    assert!(expected.len() > 200);
    // A number of the table is taken also by what is rolled back; the order stays.
    assert_eq!(database.column("SELECT id FROM seen ORDER BY n"), expected);
}

#[tokio::test]
async fn nothing_stays_unjudged_when_a_gateway_dies() {
    let database = Arc::new(TestDatabase::new());
    let mut gateways: Vec<Gateway> = (0..3).map(|_| Gateway::on(database.clone(), &[])).collect();
    let token = gateways[0].software_of_all().await;
    gateways[0].submit("", &token, &small_school()).await;
    // Classes without teaching assignments: one finding each.
    let class = |number: usize| {
        with(&example("classes"), json!({ "classCode": format!("6B{number}"), "name": format!("6B{number}") }))
    };
    let mut holding = database.connect();
    for round in 0..4 {
        // A writer whose transaction stays open meanwhile.
        holding.batch_execute("BEGIN; UPDATE findings_rounds SET marked_on = marked_on").unwrap();
        let classes: Vec<Value> = (0..3).map(|number| upsert("classes", &class(round * 10 + number))).collect();
        let through = &gateways[round % gateways.len()];
        let report = through.submit("", &token, &classes).await.1;
        assert_eq!(report["counts"]["created"], 3, "{report}");
        if round == 1 {
            gateways.remove(0).kill();
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        holding.batch_execute("COMMIT").unwrap();
    }
    database.judged().await;
    let found = "SELECT count(DISTINCT key->>'classCode') FROM findings WHERE code = 'CL-005' AND closed_at IS NULL AND key->>'classCode' LIKE '6B%'";
    assert_eq!(database.value(found), "12");
    // The metric says that nothing is behind.
    let positions = "SELECT count(*) FROM change_consumers c WHERE (xid, id) < (SELECT xid, id FROM change_blocks ORDER BY xid DESC, id DESC LIMIT 1)";
    assert_eq!(database.value(positions), "0");
}
