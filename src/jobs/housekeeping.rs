//! What is removed in time: bodies, rejected records and issues hold children's data. In steps, each a transaction of its
//! own, on one gateway at a time.

use crate::access::sessions;
use crate::checks;
use crate::clock;
use crate::error::Result;
use crate::jobs::queue::depth;
use crate::jobs::supervisor::Next;
use crate::metrics;
use crate::store::partitions::{CHANGE_BLOCKS, HISTORY};
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::{Work, lease, parked};
use chrono::{DateTime, TimeDelta, Utc};
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
        let mut connection = self.work.pools.work.get()?;
        lease::end_abandoned(&mut connection)?;
        if self.swept.elapsed() > SWEEP_EVERY {
            self.swept = Instant::now();
            expire(&mut connection)?;
            parked::sweep(&mut connection)?;
        }
        if self.cleaned.is_none_or(|at| at.elapsed() > CLEAN_EVERY) {
            clean(&self.work, &mut connection)?;
            self.cleaned = Some(Instant::now());
        }
        metrics::queue_depth(self.work.tenant(), depth(&mut connection)?);
        parked::replay(&self.work, &mut connection)?;
        Ok(Next::After(EVERY))
    }
}

/// Rows that one step removes.
const STEP: i64 = 5_000;
/// What one gateway at a time does.
const TURN: &str = "hashtextextended(current_schema() || ' housekeeping', 23)";

/// Removes what is past its time, and makes room for the months to come; nothing if another gateway is at it.
pub fn clean(work: &Work, connection: &mut PgConnection) -> Result<()> {
    let lock = Statement::new(format!("SELECT pg_try_advisory_lock({TURN})"));
    if lock.first_row(connection)?.and_then(|cells| cells.boolean(0)) != Some(true) {
        return Ok(());
    }
    let cleaned = clean_alone(work, connection);
    Statement::new(format!("SELECT pg_advisory_unlock({TURN})")).first_row(connection)?;
    cleaned
}

fn clean_alone(work: &Work, connection: &mut PgConnection) -> Result<()> {
    let (now, config) = (clock::now(), &work.config);
    if let Err(error) = months(connection, now, i64::from(config.change_log_days)) {
        tracing::warn!(%error, "months were not made or dropped, for somebody reads; it is tried again");
    }
    let limit = now - TimeDelta::days(i64::from(config.retention_days));
    expire(connection)?;
    purge(connection, limit)?;
    in_steps(connection, checks::read::PURGE, limit)?;
    in_steps(connection, sessions::PURGE, now - sessions::LONGEST)?;
    Ok(())
}

/// Parts of the tables that are kept by months.
fn months(connection: &mut PgConnection, now: DateTime<Utc>, days: i64) -> QueryResult<()> {
    CHANGE_BLOCKS.ensure(connection, now)?;
    HISTORY.ensure(connection, now)?;
    CHANGE_BLOCKS.drop_older(connection, now, days).map(|_| ())
}

/// Bodies, issues and, when nothing refers to them any more, the idempotency keys of old submissions.
fn purge(connection: &mut PgConnection, limit: DateTime<Utc>) -> QueryResult<()> {
    let old = "s.completed_at < $1 AND NOT s.purged";
    for table in [
        "submission_chunks",
        "submission_files",
        "submission_issues",
        "submission_rows",
        "submission_columns",
        "submission_sheets",
        "console_uploads",
    ] {
        let sql = format!(
            "DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT t.ctid FROM submissions s \
             JOIN {table} t ON t.submission_id = s.id WHERE {old} LIMIT $2))"
        );
        in_steps(connection, &sql, limit)?;
    }
    let sql = format!(
        "UPDATE submissions SET purged = true, idempotency_key = NULL, issue_groups = NULL \
         WHERE id = ANY(ARRAY(SELECT s.id FROM submissions s WHERE {old} LIMIT $2))"
    );
    in_steps(connection, &sql, limit)
}

/// Repeats a statement until it finds less than a step; its arguments are the instant up to which it removes, and the
/// size of a step.
fn in_steps(connection: &mut PgConnection, sql: &str, limit: DateTime<Utc>) -> QueryResult<()> {
    loop {
        let arguments = vec![Argument::Instant(limit), Argument::Integer(STEP)];
        if (Statement::with(sql, arguments).run(connection)? as i64) < STEP {
            return Ok(());
        }
    }
}

/// Rejects parked records whose parent did not come in time.
pub fn expire(connection: &mut PgConnection) -> QueryResult<()> {
    while parked::expire(connection, STEP)? as i64 == STEP {}
    Ok(())
}
