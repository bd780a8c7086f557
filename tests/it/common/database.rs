//! Databases for tests, cloned from a template that has every migration. All stand in one PostgreSQL, which no test may
//! stop, freeze or set otherwise: who does that starts one of its own.
//!
//! With `SCHOOL_GATEWAY_TEST_DATABASE_URL` they stand in a given server instead, and every migration runs in each.

use std::process::{Command, Stdio};
use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};

use diesel::{Connection, PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use school_gateway::store::migrations;
use school_gateway::store::private::{Server, ServerSettings};

use super::Watchdog;

/// The server whose databases the tests use instead of one of their own: the URL of one that may make others.
const GIVEN: &str = "SCHOOL_GATEWAY_TEST_DATABASE_URL";
/// A command for the shell that is run with `create URL` for every new database and with `drop URL` before it goes, such
/// as one that makes it the coordinator of a distributed one.
const SETUP: &str = "SCHOOL_GATEWAY_TEST_DATABASE_SETUP";
/// The database from which others are cloned.
const TEMPLATE: &str = "template_gateway";

/// The PostgreSQL of all tests: their own, which does not wait for the disk, or a given one.
pub struct Cluster {
    /// None: it is given.
    server: Option<Server>,
    watchdog: Watchdog,
}

static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| {
    let watchdog = Watchdog::new();
    if given().is_some() {
        return Cluster { server: None, watchdog };
    }
    let settings = ServerSettings { connections: 1_000, durable: false };
    let server = Server::start(&watchdog.folder().join("postgres"), &settings).unwrap();
    let cluster = Cluster { server: Some(server), watchdog };
    cluster.execute(&format!("CREATE DATABASE {TEMPLATE}"));
    migrations::run(&mut PgConnection::establish(&cluster.url(TEMPLATE)).unwrap()).unwrap();
    cluster
});

/// The URL that the variable says.
fn given() -> Option<String> {
    std::env::var(GIVEN).ok().filter(|url| !url.is_empty())
}

/// `true`, and a line that says so: the tests are given a database, and this one starts, stops or kills a PostgreSQL of
/// its own.
pub fn skipped_on_given_database() -> bool {
    let is_given = given().is_some();
    if is_given {
        println!("skipped: {GIVEN} is set, and this test is about a PostgreSQL that it starts and stops itself");
    }
    is_given
}

impl Cluster {
    /// Of the database of this name.
    fn url(&self, database: &str) -> String {
        match &self.server {
            Some(server) => server.address().url(database).reveal().to_owned(),
            None => with_database(&given().unwrap(), database),
        }
    }
    /// In the database from which others are made.
    fn try_execute(&self, statement: &str) -> QueryResult<usize> {
        let url = given().unwrap_or_else(|| self.url("postgres"));
        let connection = PgConnection::establish(&url);
        sql_query(statement).execute(&mut connection.map_err(|_| diesel::result::Error::NotFound)?)
    }
    fn execute(&self, statement: &str) {
        self.try_execute(statement).unwrap();
    }
}

/// The same URL with another database.
fn with_database(url: &str, database: &str) -> String {
    match reqwest::Url::parse(url) {
        Ok(mut parsed) if parsed.scheme().starts_with("postgres") => {
            parsed.set_path(database);
            parsed.into()
        }
        // Keywords and values, of which the last one holds.
        _ => format!("{url} dbname={database}"),
    }
}

/// Runs the command of [`SETUP`], if there is one; whether it did its work.
fn set_up(action: &str, url: &str) -> bool {
    let Some(command) = std::env::var(SETUP).ok().filter(|command| !command.is_empty()) else { return true };
    let script = format!("{command} \"$@\"");
    let status = Command::new("/bin/sh").args(["-c", &script, "sh", action, url]).stdout(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// A database of one test's own, dropped with it.
pub struct TestDatabase {
    name: String,
    /// Its connection string.
    pub url: String,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    answer: String,
}

impl TestDatabase {
    /// With every migration.
    pub fn new() -> Self {
        if CLUSTER.server.is_some() {
            return Self::made(&format!("TEMPLATE {TEMPLATE}"));
        }
        // Not every database can be cloned.
        let database = Self::made("");
        migrations::run(&mut database.connect()).unwrap();
        database
    }

    /// Without any.
    pub fn empty() -> Self {
        Self::made("")
    }

    fn made(options: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        CLUSTER.execute(&format!("CREATE DATABASE {name} {options}"));
        let database = Self { url: CLUSTER.url(&name), name };
        assert!(set_up("create", &database.url), "{SETUP} failed for {}", database.name);
        database
    }

    /// One connection.
    pub fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url).unwrap()
    }

    /// Runs a statement and returns how many rows it touched.
    pub fn execute(&self, statement: &str) -> usize {
        sql_query(statement).execute(&mut self.connect()).unwrap()
    }

    /// Runs a query of one column; its values as text, in order.
    pub fn column(&self, query: &str) -> Vec<String> {
        let wrapped = format!("SELECT coalesce(value::text, '') AS answer FROM ({query}) AS query(value)");
        sql_query(wrapped).load::<Answer>(&mut self.connect()).unwrap().into_iter().map(|row| row.answer).collect()
    }

    /// Runs a query of one value.
    pub fn value(&self, query: &str) -> String {
        self.column(query).pop().unwrap_or_default()
    }

    /// The watchdog of the cluster, for processes that use it.
    pub fn watchdog(&self) -> &'static Watchdog {
        &CLUSTER.watchdog
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // Of a cluster of the tests' own all goes at the end; a failure here is no matter.
        set_up("drop", &self.url);
        let _ = CLUSTER.try_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}
