//! Databases for tests, cloned from a template that has every migration. All stand in one PostgreSQL, which no test may
//! stop, freeze or set otherwise: who does that starts one of its own.

use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};

use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use school_gateway::store::migrations;
use school_gateway::store::private::{Server, ServerSettings};

use super::Watchdog;

/// The PostgreSQL of all tests; it does not wait for the disk.
pub struct Cluster {
    server: Server,
    watchdog: Watchdog,
}

static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| {
    let watchdog = Watchdog::new();
    let server =
        Server::start(&watchdog.folder().join("postgres"), &ServerSettings { connections: 1_000, durable: false })
            .unwrap();
    let cluster = Cluster { server, watchdog };
    cluster.execute("CREATE DATABASE template_gateway");
    migrations::run(&mut PgConnection::establish(&cluster.url("template_gateway")).unwrap()).unwrap();
    cluster
});

impl Cluster {
    fn url(&self, database: &str) -> String {
        self.server.address().url(database).reveal().to_owned()
    }
    fn execute(&self, statement: &str) {
        let mut connection = PgConnection::establish(&self.url("postgres")).unwrap();
        sql_query(statement).execute(&mut connection).unwrap();
    }
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
        Self::made("TEMPLATE template_gateway")
    }

    /// Without any.
    pub fn empty() -> Self {
        Self::made("")
    }

    fn made(options: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        CLUSTER.execute(&format!("CREATE DATABASE {name} {options}"));
        Self { url: CLUSTER.url(&name), name }
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
        // The whole cluster goes at the end; a failure here is no matter.
        if let Ok(mut connection) = PgConnection::establish(&CLUSTER.url("postgres")) {
            let _ = sql_query(format!("DROP DATABASE {} WITH (FORCE)", self.name)).execute(&mut connection);
        }
    }
}
