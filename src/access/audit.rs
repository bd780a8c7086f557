//! The log of what administrators did. It names clients, keys, lists, reporting periods and schools, never people.

use crate::error::Result;
use crate::store::reference;
use crate::store::schema::{access_version, audit_log};
use diesel::prelude::*;
use uuid::Uuid;

/// Who does it: an admin client in a request, or the operator on the command line.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The client; none: the operator.
    pub client: Option<Uuid>,
    /// The request.
    pub request_id: Option<String>,
}

/// Writes down an action and raises the version of access, so that every running gateway reads it again. Belongs into
/// the transaction of the change: the row of the version is locked until it ends, so versions become visible in the
/// order of the changes.
///
/// # Errors
/// Those of the database.
pub fn record(connection: &mut PgConnection, actor: &Actor, action: &str, target: &str) -> Result<()> {
    raise_version(connection)?;
    diesel::insert_into(audit_log::table)
        .values((
            audit_log::client_id.eq(actor.client),
            audit_log::action.eq(action),
            audit_log::target.eq(target),
            audit_log::request_id.eq(actor.request_id.as_deref()),
        ))
        .execute(connection)?;
    Ok(())
}

/// Lets every running gateway read clients and keys again.
pub(super) fn raise_version(connection: &mut PgConnection) -> Result<()> {
    diesel::update(access_version::table)
        .set(access_version::version.eq(access_version::version + 1))
        .execute(connection)?;
    Ok(())
}

/// Rises with every change of clients, keys and reference data: communes of a grant go by the units of the day.
pub(super) fn version(connection: &mut PgConnection) -> Result<i64> {
    let changes = access_version::table.select(access_version::version).first::<i64>(connection)?;
    Ok(changes + reference::version(connection)?)
}
