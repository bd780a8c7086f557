//! What is removed in time: bodies, rejected records and issues hold children's data.

use super::{Work, parked};
use crate::error::Result;
use crate::store::statement::{Argument, Statement};
use diesel::prelude::*;

/// Removes what is past its time, and frees bodies whose gateway died while receiving them.
pub fn clean(work: &Work, connection: &mut PgConnection, first: bool) -> Result<()> {
    abandoned(work, connection, first)?;
    parked::expire(connection)?;
    purge(connection, i64::from(work.config.retention_days))?;
    Ok(())
}

/// Bodies, issues and, when nothing refers to them any more, the idempotency keys of old submissions.
fn purge(connection: &mut PgConnection, days: i64) -> QueryResult<()> {
    let old = "completed_at < now() - make_interval(days => $1::bigint::integer)";
    for table in ["submission_chunks", "submission_issues"] {
        let sql = format!("DELETE FROM {table} WHERE submission_id IN (SELECT id FROM submissions WHERE {old} AND NOT purged)");
        Statement::with(&sql, vec![Argument::Integer(days)]).run(connection)?;
    }
    let sql = format!("UPDATE submissions SET purged = true, idempotency_key = NULL WHERE {old} AND NOT purged");
    Statement::with(&sql, vec![Argument::Integer(days)]).run(connection).map(|_| ())
}

/// The complete records of a body that was cut stand. On a private database nobody else can be receiving when this gateway starts.
fn abandoned(work: &Work, connection: &mut PgConnection, first: bool) -> Result<()> {
    let private = work.config.external_database()?.is_none();
    let seconds = if first && private { 0 } else { work.config.request_timeout_seconds as i64 + 60 };
    let sql = "UPDATE submissions s SET status = 'queued', cut = true, idempotency_key = NULL, \
         records = (SELECT coalesce(sum(c.records), 0) FROM submission_chunks c WHERE c.submission_id = s.id) \
         WHERE status = 'receiving' AND received_at < now() - make_interval(secs => $1::bigint)";
    Statement::with(sql, vec![Argument::Integer(seconds)]).run(connection)?;
    Ok(())
}
