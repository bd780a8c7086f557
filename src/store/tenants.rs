//! Tenants: the provinces that one installation serves. Each has a schema of its own with everything in it, its clients
//! and keys too; the schema `platform` knows which there are, and nothing else.

use crate::config::DEFAULT_TENANT;
use crate::error::{BAD_REQUEST, CONFLICT, Error, NOT_FOUND, Result};
use crate::store::migrations;
use crate::store::pg::statement::{Argument, Statement};
use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::sync::Arc;

/// Where the tables of the default tenant stand, as they did before there were others.
pub const DEFAULT_SCHEMA: &str = "public";
/// How the schemas of the others begin.
const SCHEMA_PREFIX: &str = "t_";
/// Longest name.
const LONGEST: usize = 40;

table! {
    /// The tenants of this database.
    platform.tenants (name) {
        name -> Text,
        schema_name -> Text,
        state -> Text,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
    }
}

/// What a tenant is at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantState {
    /// It is served.
    Active,
    /// It is kept, but nobody comes in and nothing is worked on.
    Suspended,
}

impl TenantState {
    /// As it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// As commands, tokens and metrics name it: a letter, then letters, digits and `_`.
    pub name: Arc<str>,
    /// The schema that holds everything of it.
    pub schema: Arc<str>,
    /// What it is at present.
    pub state: TenantState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

type Row = (String, String, String, DateTime<Utc>);

impl From<Row> for Tenant {
    fn from((name, schema, state, created_at): Row) -> Self {
        let state = if state == TenantState::Active.as_str() { TenantState::Active } else { TenantState::Suspended };
        Self { name: name.into(), schema: schema.into(), state, created_at }
    }
}

/// All of them, the default first, then by name.
///
/// # Errors
/// Those of the database.
pub fn list(connection: &mut PgConnection) -> QueryResult<Vec<Tenant>> {
    let columns = (tenants::name, tenants::schema_name, tenants::state, tenants::created_at);
    let rows: Vec<Row> =
        tenants::table.select(columns).order((tenants::name.ne(DEFAULT_TENANT), tenants::name)).load(connection)?;
    Ok(rows.into_iter().map(Tenant::from).collect())
}

/// The one with this name.
///
/// # Errors
/// A 404 that lists those there are, and those of the database.
pub fn find(connection: &mut PgConnection, name: &str) -> Result<Tenant> {
    let all = list(connection)?;
    let names: Vec<&str> = all.iter().map(|tenant| &*tenant.name).collect();
    let unknown = || {
        let sentence = format!("There is no tenant “{}”: there are {}.", name.escape_debug(), names.join(", "));
        Error::for_operator(NOT_FOUND, sentence)
    };
    all.iter().find(|tenant| &*tenant.name == name).cloned().ok_or_else(unknown)
}

/// Makes a tenant: its schema, with every table of it.
///
/// # Errors
/// A name that cannot be one, or that is taken; those of the database, after which nothing of it is left.
pub fn create(connection: &mut PgConnection, name: &str) -> Result<Tenant> {
    let schema = schema_of(name)?;
    migrations::locked(connection, |connection| {
        let taken = list(connection)?.iter().any(|tenant| &*tenant.name == name);
        if taken || has_schema(connection, &schema)? {
            let sentence = format!("There is a tenant “{name}” already, or a schema {schema}: choose another name.");
            return Err(Error::for_operator(CONFLICT, sentence));
        }
        connection.batch_execute(&format!("CREATE SCHEMA {schema}"))?;
        let made = migrations::tenant(connection, &schema).and_then(|_| {
            let row = (tenants::name.eq(name), tenants::schema_name.eq(&schema));
            diesel::insert_into(tenants::table).values(row).execute(connection)?;
            find(connection, name)
        });
        if made.is_err() {
            connection.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE"))?;
        }
        made
    })
}

/// Has a tenant served, or not: running gateways notice within half a second.
///
/// # Errors
/// A 404; for the default tenant a conflict; those of the database.
pub fn set_state(connection: &mut PgConnection, name: &str, state: TenantState) -> Result<Tenant> {
    find(connection, name)?;
    not_the_default(name)?;
    diesel::update(tenants::table.find(name).filter(tenants::state.ne(state.as_str())))
        .set((tenants::state.eq(state.as_str()), tenants::changed_at.eq(diesel::dsl::now)))
        .execute(connection)?;
    find(connection, name)
}

/// Removes a tenant that is suspended, with everything in it.
///
/// # Errors
/// A 404; a conflict when it is served still, or is the default; those of the database.
pub fn drop(connection: &mut PgConnection, name: &str) -> Result<()> {
    migrations::locked(connection, |connection| {
        let tenant = find(connection, name)?;
        not_the_default(name)?;
        if tenant.state != TenantState::Suspended {
            let sentence =
                format!("The tenant “{name}” is served: suspend it first, so that nothing is at work in it.");
            return Err(Error::for_operator(CONFLICT, sentence));
        }
        connection.transaction::<_, Error, _>(|connection| {
            diesel::delete(tenants::table.find(name)).execute(connection)?;
            Ok(connection.batch_execute(&format!("DROP SCHEMA {} CASCADE", tenant.schema))?)
        })
    })
}

fn not_the_default(name: &str) -> Result<()> {
    if name != DEFAULT_TENANT {
        return Ok(());
    }
    let sentence =
        format!("The tenant “{DEFAULT_TENANT}” belongs to the installation: it is neither suspended nor dropped.");
    Err(Error::for_operator(CONFLICT, sentence))
}

/// What a schema is called is safe in a statement: lower-case letters, digits and `_`.
fn schema_of(name: &str) -> Result<String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    if begins && name.len() <= LONGEST && name.bytes().all(is_plain) {
        return Ok(format!("{SCHEMA_PREFIX}{name}"));
    }
    let sentence = format!(
        "“{}” cannot name a tenant: use a small letter, then small letters, digits and _, up to {LONGEST}, such as hai_phong.",
        name.escape_debug()
    );
    Err(Error::for_operator(BAD_REQUEST, sentence))
}

fn has_schema(connection: &mut PgConnection, schema: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    Ok(Statement::with(sql, vec![Argument::Text(schema.into())]).first_row(connection)?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_as_schemas() {
        assert_eq!(schema_of("hai_phong").unwrap(), "t_hai_phong");
        for bad in ["", "Hai", "1a", "_a", "a-b", "a b", "a;b", "a\"b", "hải", &"a".repeat(41)] {
            assert!(schema_of(bad).is_err(), "{bad}");
        }
    }
}
