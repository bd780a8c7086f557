//! What is removed in time: bodies, rejected records and issues hold children's data.

use crate::checks;
use crate::clock;
use crate::error::Result;
use crate::jobs::queue::depth;
use crate::jobs::supervisor::Next;
use crate::metrics;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::{Work, lease, parked};
use diesel::prelude::*;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often it is looked for bodies that were left behind, and for parked records that became ready.
const EVERY: Duration = Duration::from_secs(2);
/// How often parked records are swept.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// How often it is looked for what is past its time.
const CLEAN_EVERY: Duration = Duration::from_secs(600);

/// Bodies whose upload died, parked records, expiry, retention.
pub struct Housekeeping {
    work: Arc<Work>,
    swept: Instant,
    cleaned: Option<Instant>,
}

impl Housekeeping {
    /// Of this gateway.
    pub fn new(work: Arc<Work>) -> Self {
        Self { work, swept: Instant::now(), cleaned: None }
    }

    /// Does what is to be done now.
    ///
    /// # Errors
    /// Those of the database.
    pub fn turn(&mut self) -> Result<Next> {
        let mut connection = self.work.pool.get()?;
        lease::end_abandoned(&mut connection)?;
        if self.swept.elapsed() > SWEEP_EVERY {
            self.swept = Instant::now();
            parked::expire(&mut connection)?;
            parked::sweep(&mut connection)?;
        }
        if self.cleaned.is_none_or(|at| at.elapsed() > CLEAN_EVERY) {
            clean(&self.work, &mut connection)?;
            self.cleaned = Some(Instant::now());
        }
        metrics::queue_depth(depth(&mut connection)?);
        parked::replay(&self.work, &mut connection)?;
        Ok(Next::After(EVERY))
    }
}

/// Removes what is past its time.
pub fn clean(work: &Work, connection: &mut PgConnection) -> Result<()> {
    parked::expire(connection)?;
    purge(connection, i64::from(work.config.retention_days))?;
    checks::read::purge(connection, i64::from(work.config.retention_days))?;
    Ok(())
}

/// Bodies, issues and, when nothing refers to them any more, the idempotency keys of old submissions.
fn purge(connection: &mut PgConnection, days: i64) -> QueryResult<()> {
    let old = "completed_at < $1::timestamptz - make_interval(days => $2::bigint::integer)";
    for table in
        ["submission_chunks", "submission_issues", "submission_rows", "submission_columns", "submission_sheets"]
    {
        let sql = format!(
            "DELETE FROM {table} WHERE submission_id IN (SELECT id FROM submissions WHERE {old} AND NOT purged)"
        );
        Statement::with(&sql, vec![Argument::Instant(clock::now()), Argument::Integer(days)]).run(connection)?;
    }
    let sql = format!(
        "UPDATE submissions SET purged = true, idempotency_key = NULL, issue_groups = NULL WHERE {old} AND NOT purged"
    );
    Statement::with(&sql, vec![Argument::Instant(clock::now()), Argument::Integer(days)]).run(connection).map(|_| ())
}
