//! The schema, brought up to date by the program itself.

use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::error::{Error, INTERNAL, Result};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Only one program migrates a database at a time; the number is arbitrary, but fixed for ever.
const MIGRATION_LOCK: i64 = 7_245_100_220_211;

/// Runs the migrations that the database lacks, one gateway at a time. Returns their names.
pub fn run(connection: &mut PgConnection) -> Result<Vec<String>> {
    sql_query(format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).execute(connection)?;
    let outcome = connection
        .run_pending_migrations(MIGRATIONS)
        .map(|versions| versions.iter().map(ToString::to_string).collect());
    let message = outcome.map_err(|error| format!("The database schema could not be brought up to date: {error}"));
    // The lock goes with the session at the latest, so a failure here must not hide the outcome.
    let _ = sql_query(format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).execute(connection);
    message.map_err(|message| Error::for_operator(INTERNAL, message))
}

/// Does the database have every migration of this program?
pub fn is_current(connection: &mut PgConnection) -> Result<bool> {
    connection.has_pending_migration(MIGRATIONS).map(|pending| !pending).map_err(Error::internal)
}

/// Takes back every migration, newest first; for tests.
pub fn revert_all(connection: &mut PgConnection) -> Result<()> {
    connection
        .revert_all_migrations(MIGRATIONS)
        .map(drop)
        .map_err(|error| Error::for_operator(INTERNAL, error.to_string()))
}

/// Opens one connection outside the pools.
pub fn connect(url: &str) -> Result<PgConnection> {
    PgConnection::establish(url).map_err(|error| Error::for_operator(INTERNAL, unreachable_because(&error.to_string())))
}

/// One sentence. Of a URL that it cannot read, the driver quotes parts, and a password may be among them.
fn unreachable_because(reason: &str) -> String {
    match reason.lines().next() {
        Some(line) if line.starts_with("connection to server") => format!("The database cannot be reached: {line}."),
        Some(line) if line.starts_with("could not translate host name") => {
            "The database cannot be reached: its host name is not known.".to_owned()
        }
        _ => "The database cannot be reached: its URL must look like postgresql://user:password@host:5432/database."
            .to_owned(),
    }
}
