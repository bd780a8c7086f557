//! What the database is: PostgreSQL by itself, or a coordinator of Citus, which passes a statement on, whole, to the node
//! that holds the schema which it names.
//!
//! A coordinator runs by itself what names no table: there alone are sequences, advisory locks and the numbers of
//! transactions that all gateways share (`docs/decisions/0130-a-distributed-postgresql.md`).

use super::pg::statement::{Argument, Cells, Statement};
use diesel::prelude::*;
use std::sync::OnceLock;

/// What the database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// PostgreSQL by itself.
    Single,
    /// A coordinator with nodes.
    Distributed,
}

/// Of the one database that a program works on.
static ENGINE: OnceLock<Engine> = OnceLock::new();

impl Engine {
    /// What the program's database is: asked on this connection, the first time.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(connection: &mut PgConnection) -> QueryResult<Self> {
        if let Some(known) = ENGINE.get() {
            return Ok(*known);
        }
        let found = Self::look(connection)?;
        Ok(*ENGINE.get_or_init(|| found))
    }

    fn look(connection: &mut PgConnection) -> QueryResult<Self> {
        let found = Statement::new("SELECT 1 FROM pg_extension WHERE extname = 'citus'").first_row(connection)?;
        Ok(if found.is_some() { Self::Distributed } else { Self::Single })
    }

    /// A condition that holds, and by which a statement that is a transaction of its own does not wait for the disk. Nodes
    /// wait all the same: what changes a setting is not passed on.
    pub fn in_haste(self) -> &'static str {
        match self {
            Self::Single => "set_config('synchronous_commit', 'off', true) IS NOT NULL",
            Self::Distributed => "true",
        }
    }

    /// Settings of a session that differ.
    pub fn session(self) -> &'static str {
        match self {
            // Planning a kept statement anew for each list of keys costs more than these queries take.
            Self::Single => "SET plan_cache_mode = force_generic_plan",
            // A coordinator has to know the values to pass a statement on, and a node the limits that hold for a transaction.
            Self::Distributed => "SET plan_cache_mode = force_custom_plan; SET citus.propagate_set_commands = 'local'",
        }
    }
}

/// The answer to a question that names no table, on a coordinator; `None` where the database is PostgreSQL by itself, whose
/// statements answer it on their way.
///
/// # Errors
/// Those of the database.
pub fn ask_coordinator(connection: &mut PgConnection, sql: &'static str) -> QueryResult<Option<Cells>> {
    match Engine::of(connection)? {
        Engine::Single => Ok(None),
        Engine::Distributed => Statement::new(sql).first_row(connection),
    }
}

/// Gives a schema with its tables to one of the nodes, where there are any; one that has been given away stays where it is,
/// and `public` on the coordinator, which gives it to nobody.
///
/// # Errors
/// Those of the database.
pub fn give_away(connection: &mut PgConnection, schema: &str) -> QueryResult<()> {
    if Engine::of(connection)? == Engine::Single {
        return Ok(());
    }
    let sql = "SELECT citus_schema_distribute(n.oid::regnamespace) FROM pg_namespace n WHERE n.nspname = $1 \
         AND n.nspname <> 'public' AND NOT EXISTS (SELECT 1 FROM pg_dist_schema d WHERE d.schemaid = n.oid)";
    Statement::with(sql, vec![Argument::Text(schema.into())]).each(connection, |_| Ok(()))
}
