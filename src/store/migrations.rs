//! The schemas, brought up to date by the program itself: that of the platform, then each tenant's.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::error::{Error, INTERNAL, Result};
use crate::store::engine;
use crate::store::tenants::{self, DEFAULT_SCHEMA};

/// What a tenant's schema holds.
const TENANT: EmbeddedMigrations = embed_migrations!("migrations/tenant");
/// What all of them share.
const PLATFORM: EmbeddedMigrations = embed_migrations!("migrations/platform");

/// The schema that says which tenants there are.
const PLATFORM_SCHEMA: &str = "platform";

/// Only one program migrates a database at a time; the number is arbitrary, but fixed for ever.
const MIGRATION_LOCK: i64 = 7_245_100_220_211;

/// What became of the schemas.
#[derive(Debug, Default)]
pub struct Migrated {
    /// Migrations that ran, by tenant.
    pub ran: Vec<(String, Vec<String>)>,
    /// Tenants whose schema could not be brought up to date, and why: they stand where their last migration left them.
    pub failed: Vec<(String, String)>,
}

/// Runs the migrations that the platform and each tenant lack, one gateway at a time. Each is a transaction of its own,
/// so that what is cut short goes on where it stood; a tenant that fails holds up no other.
///
/// # Errors
/// That of the platform's schema.
pub fn run(connection: &mut PgConnection) -> Result<Migrated> {
    locked(connection, |connection| {
        connection.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS {PLATFORM_SCHEMA}"))?;
        within(connection, PLATFORM_SCHEMA, PLATFORM)?;
        let mut migrated = Migrated::default();
        for tenant in tenants::list(connection)? {
            let name = tenant.name.to_string();
            match self::tenant(connection, &tenant.schema) {
                Ok(ran) if ran.is_empty() => {}
                Ok(ran) => migrated.ran.push((name, ran)),
                Err(error) => migrated.failed.push((name, error.detail().to_string())),
            }
        }
        Ok(migrated)
    })
}

/// Runs the migrations that this tenant's schema lacks. Returns their names. Where there are nodes, the schema is then
/// given to one of them: tables are made where the coordinator runs everything by itself, so that a fresh schema takes any
/// migration, and one that was given away those that are plain enough.
///
/// # Errors
/// Those of the migrations.
pub(super) fn tenant(connection: &mut PgConnection, schema: &str) -> Result<Vec<String>> {
    let ran = within(connection, schema, TENANT)?;
    engine::give_away(connection, schema)?;
    Ok(ran)
}

/// Does the schema that this connection is in have every migration of this program?
///
/// # Errors
/// Those of the database.
pub fn is_current(connection: &mut PgConnection) -> Result<bool> {
    connection.has_pending_migration(TENANT).map(|pending| !pending).map_err(Error::internal)
}

/// Takes back every migration of the default tenant, newest first; for tests.
///
/// # Errors
/// Those of the migrations.
pub fn revert_all(connection: &mut PgConnection) -> Result<()> {
    connection.revert_all_migrations(TENANT).map(drop).map_err(|error| Error::for_operator(INTERNAL, error.to_string()))
}

/// Does what only one program at a time may do to the schemas of this database.
///
/// # Errors
/// Those of `work`.
pub(super) fn locked<T>(connection: &mut PgConnection, work: impl FnOnce(&mut PgConnection) -> Result<T>) -> Result<T> {
    sql_query(format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).execute(connection)?;
    let outcome = work(connection);
    // The lock goes with the session at the latest, so a failure here must not hide the outcome.
    let _ = sql_query(format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).execute(connection);
    outcome
}

/// The statement after which names without a schema are meant in this one, and in no other: what one tenant lacks must
/// never be found at another's.
pub fn enter_schema(schema: &str) -> String {
    format!("SET search_path TO \"{}\"", schema.replace('"', "\"\""))
}

fn within(connection: &mut PgConnection, schema: &str, migrations: EmbeddedMigrations) -> Result<Vec<String>> {
    connection.batch_execute(&enter_schema(schema))?;
    let outcome = connection.run_pending_migrations(migrations);
    let outcome = outcome.map(|versions| versions.iter().map(ToString::to_string).collect());
    let message = outcome.map_err(|error| format!("The database schema could not be brought up to date: {error}"));
    // A connection outside the pools is the default tenant's.
    connection.batch_execute(&enter_schema(DEFAULT_SCHEMA))?;
    message.map_err(|message| Error::for_operator(INTERNAL, message))
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
