//! What is removed in time: bodies, rejected records and issues hold children's data.

use crate::checks;
use crate::error::Result;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::{Work, parked};
use diesel::prelude::*;

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
