//! What is removed in time: bodies, rejected records and issues hold children's data. And what a gateway that died
//! leaves behind.

use crate::checks;
use crate::error::Result;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::{Work, parked};
use diesel::prelude::*;
use uuid::Uuid;

/// Removes what is past its time.
pub fn clean(work: &Work, connection: &mut PgConnection) -> Result<()> {
    parked::expire(connection)?;
    purge(connection, i64::from(work.config.retention_days))?;
    checks::read::purge(connection, i64::from(work.config.retention_days))?;
    Ok(())
}

/// Bodies, issues and, when nothing refers to them any more, the idempotency keys of old submissions.
fn purge(connection: &mut PgConnection, days: i64) -> QueryResult<()> {
    let old = "completed_at < now() - make_interval(days => $1::bigint::integer)";
    for table in
        ["submission_chunks", "submission_issues", "submission_rows", "submission_columns", "submission_sheets"]
    {
        let sql = format!(
            "DELETE FROM {table} WHERE submission_id IN (SELECT id FROM submissions WHERE {old} AND NOT purged)"
        );
        Statement::with(&sql, vec![Argument::Integer(days)]).run(connection)?;
    }
    let sql = format!(
        "UPDATE submissions SET purged = true, idempotency_key = NULL, issue_groups = NULL WHERE {old} AND NOT purged"
    );
    Statement::with(&sql, vec![Argument::Integer(days)]).run(connection).map(|_| ())
}

/// Shows other gateways on the database, as long as this connection is open, that this one lives.
pub fn show_life(work: &Work, connection: &mut PgConnection) -> QueryResult<()> {
    let sql = "SELECT pg_advisory_lock_shared(hashtextextended($1, 13))";
    Statement::with(sql, vec![Argument::Text(work.gateway.to_string().into())]).first_row(connection).map(|_| ())
}

/// Bodies whose gateway died while it received them: their complete records stand, and their idempotency keys are free
/// again.
pub fn abandoned(work: &Work, connection: &mut PgConnection) -> QueryResult<()> {
    let sql = "SELECT DISTINCT gateway FROM submissions WHERE status = 'receiving' AND gateway <> $1 AND received_at < now() - interval '3 seconds'";
    let mut gateways = Vec::new();
    Statement::with(sql, vec![Argument::Uuid(work.gateway)]).each(connection, |cells| {
        gateways.extend(cells.uuid(0));
        Ok(())
    })?;
    for gateway in gateways {
        connection.transaction(|connection| take_over(connection, gateway))?;
    }
    Ok(())
}

fn take_over(connection: &mut PgConnection, gateway: Uuid) -> QueryResult<()> {
    let sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 13))";
    let is_gone = Statement::with(sql, vec![Argument::Text(gateway.to_string().into())]).first_row(connection)?;
    if is_gone.and_then(|cells| cells.boolean(0)) != Some(true) {
        return Ok(());
    }
    let sql = "UPDATE submissions s SET status = 'queued', cut = true, idempotency_key = NULL, \
         records = (SELECT coalesce(sum(c.records), 0) FROM submission_chunks c WHERE c.submission_id = s.id) \
         WHERE status = 'receiving' AND gateway = $1";
    Statement::with(sql, vec![Argument::Uuid(gateway)]).run(connection).map(|_| ())
}
