//! The statement that writes blocks of the change log, alone or as an arm of another; and whose numbers of transactions order
//! them.

use super::engine::ask_coordinator;
use diesel::prelude::*;

/// Arguments of [`ORIGIN`] and [`insertion`]: instant, submission, client, actor, [transaction](transaction); one array
/// for ids, schools, requests, keys and sums.
pub const ARGUMENTS: usize = 10;

/// Who writes, and when: a name for the first arguments.
pub const ORIGIN: &str = "p AS (SELECT $1::timestamptz AS at, $2::uuid AS submission, $3::uuid AS client, \
     $4::text AS actor, $5::text::xid8 AS xid)";

/// The number that the coordinator of a distributed database gives this transaction, which is the same wherever its
/// statements are passed on to; `None` where the statement that writes finds it by itself.
///
/// # Errors
/// Those of the database.
pub fn transaction(connection: &mut PgConnection) -> QueryResult<Option<String>> {
    // Without something of its own to keep, a coordinator could give the number once more after a crash.
    let sql = "SELECT pg_current_xact_id()::text, pg_logical_emit_message(true, 'school-gateway', '')";
    Ok(ask_coordinator(connection, sql)?.and_then(|cells| cells.text(0).map(str::to_owned)))
}

/// The oldest transaction that was still open at some moment before now, by the coordinator of a distributed database;
/// `None` where the statement that reads finds it by itself.
///
/// # Errors
/// Those of the database.
pub fn oldest_open(connection: &mut PgConnection) -> QueryResult<Option<String>> {
    let sql = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text";
    Ok(ask_coordinator(connection, sql)?.and_then(|cells| cells.text(0).map(str::to_owned)))
}

/// Inserts the blocks that the other arguments hold.
pub fn insertion(resource: i16) -> String {
    format!(
        "INSERT INTO change_blocks (id, xid, at, school_code, resource, client_id, actor, request_id, submission_id, keys, sha256) \
         SELECT x.id, coalesce(p.xid, pg_current_xact_id()), p.at, x.school, {resource}, p.client, p.actor, x.request, p.submission, x.keys, x.sum \
         FROM p, unnest($6::bigint[], $7::text[], $8::text[], $9::bytea[], $10::bytea[]) x(id, school, request, keys, sum)"
    )
}
