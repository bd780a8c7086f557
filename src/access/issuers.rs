//! The addresses under which the gateways on this database give tokens. Each takes the tokens of all: clients reach them
//! by one name or by several.

use crate::access::audit;
use crate::clock;
use crate::error::Result;
use crate::store::schema::token_issuers;
use chrono::TimeDelta;
use diesel::prelude::*;
use std::collections::HashSet;

/// How long after a gateway last served under it an address is forgotten; no token lives as long.
const KEPT: TimeDelta = TimeDelta::days(7);
/// How often it is noted that a gateway serves.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);

/// All of them.
///
/// # Errors
/// Those of the database.
pub fn known(connection: &mut PgConnection) -> Result<HashSet<String>> {
    let found: Vec<String> = token_issuers::table.select(token_issuers::issuer).load(connection)?;
    Ok(found.into_iter().collect())
}

/// Says that a gateway serves under this address, and forgets those that none has served under for long.
///
/// # Errors
/// Those of the database.
pub fn register(connection: &mut PgConnection, issuer: &str) -> Result<()> {
    let row = token_issuers::issuer.eq(issuer);
    let is_new = diesel::insert_into(token_issuers::table).values(row).on_conflict_do_nothing().execute(connection)?;
    if is_new > 0 {
        audit::raise_version(connection)?;
    }
    let now = clock::now();
    let long_ago = token_issuers::seen_at.lt(now - NOTED_EVERY);
    diesel::update(token_issuers::table.find(issuer).filter(long_ago))
        .set(token_issuers::seen_at.eq(now))
        .execute(connection)?;
    let forgotten = token_issuers::seen_at.lt(now - KEPT);
    diesel::delete(token_issuers::table.filter(forgotten)).execute(connection)?;
    Ok(())
}
