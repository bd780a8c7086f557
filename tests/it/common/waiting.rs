//! Waiting for what comes by itself. Nothing in the tests measures time: what must come is waited for, long enough for a busy machine.

use school_gateway::merge::locks::{SPACE, lock_of};
use std::{
    fmt::Display,
    time::{Duration, Instant},
};

use diesel::{PgConnection, connection::SimpleConnection};
use reqwest::RequestBuilder;
use serde_json::Value;

use super::{Gateway, TestDatabase, answer, records::counts};

/// Schools that are to be judged again, and blocks of the change log from which more may be found.
const UNJUDGED: &str = "SELECT (SELECT count(*) FROM recheck_queue) + (SELECT count(*) FROM change_blocks b, \
     change_consumers c WHERE c.name = 'recheck' AND (b.xid, b.id) > (c.xid, c.id))";

/// What has not come by then never comes, on however busy a machine.
pub const NEVER: Duration = Duration::from_secs(180);
/// In which a request is answered, whatever others do; by itself it takes milliseconds.
pub const SERVED: Duration = Duration::from_secs(5);
/// Between two looks.
pub const PAUSE: Duration = Duration::from_millis(25);

/// Looks again and again until there is what is looked for; an `Err` says what was seen instead, and fails the test when it stays.
pub async fn eventually<T, E: Display>(what: &str, look: impl AsyncFnMut() -> Result<T, E>) -> T {
    within(NEVER, what, look).await
}

/// The same for what is promised within a time. The limit is a multiple of the promise, for machines that do more than this test.
pub async fn within<T, E: Display>(limit: Duration, what: &str, mut look: impl AsyncFnMut() -> Result<T, E>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        match look().await {
            Ok(found) => return found,
            Err(seen) => assert!(Instant::now() < deadline, "{what} does not come; last seen: {seen}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The answer to a request that nobody else may hold up: there is none that comes later than [`SERVED`].
pub async fn served(request: RequestBuilder) -> (u16, Value) {
    let start = Instant::now();
    let answer = answer(request.timeout(SERVED)).await;
    println!("served after {} ms", start.elapsed().as_millis());
    answer
}

/// `Err` with what was seen unless it is so.
pub fn so(is_so: bool, seen: impl Display) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(seen.to_string()) }
}

impl TestDatabase {
    /// Waits until a query of one value gives this one.
    pub async fn becomes(&self, query: &str, expected: &str) {
        eventually(&format!("“{expected}” of {query}"), async || {
            let seen = self.value(query);
            so(seen == expected, &seen)
        })
        .await;
    }

    /// Waits until so many of the database's connections wait for a lock.
    pub async fn waiters(&self, count: usize) {
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        self.becomes(waiting, &count.to_string()).await;
    }

    /// Keeps everybody else from a table, as a long transaction would, until the connection is dropped.
    pub fn hold_table(&self, table: &str) -> PgConnection {
        let mut holder = self.connect();
        holder.batch_execute(&format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).unwrap();
        holder
    }

    /// Keeps all who write to a school waiting, as a long submission would, until the connection is dropped.
    pub fn hold_school(&self, school: &str) -> PgConnection {
        let mut holder = self.connect();
        let lock = lock_of(school);
        holder.batch_execute(&format!("BEGIN; SELECT pg_advisory_xact_lock({SPACE}, {lock})")).unwrap();
        holder
    }

    /// How many schools, and blocks of the change log, that wait to be judged.
    pub fn unjudged(&self) -> String {
        self.value(UNJUDGED)
    }

    /// Waits until every school that was written to has been judged.
    pub async fn judged(&self) {
        self.becomes(UNJUDGED, "0").await;
    }
}

impl Gateway {
    /// Waits until the report at the path, which the token sees, is as wished.
    pub async fn report_when(&self, token: &str, path: &str, what: &str, wish: impl Fn(&Value) -> bool) -> Value {
        eventually(what, async || {
            let (status, report) = self.get(path, token).await;
            if status == 200 {
                counts(&report);
            }
            if status == 200 && wish(&report) { Ok(report) } else { Err(format!("{status} {report}")) }
        })
        .await
    }

    /// The report of a submission at the path once the work is done.
    pub async fn finished(&self, token: &str, path: &str) -> Value {
        self.report_when(token, path, "the end of the submission", |report| report["completedAt"].is_string()).await
    }

    /// The report of a submission once it counts so (`created 2, parked 1`).
    pub async fn counted(&self, token: &str, report: &Value, expected: &str) -> Value {
        let path = report["links"]["self"].as_str().unwrap();
        self.report_when(token, path, &format!("“{expected}”"), |report| counts(report) == expected).await
    }
}
