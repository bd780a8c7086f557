//! Bodies on their way in: the gateway that receives one renews its lease while it does. A lease that has run out, for
//! its gateway died or could not reach the database, lets whoever comes next end the body.

use crate::error::Result;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::Work;
use diesel::prelude::*;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long a body is held without a sign of its gateway, by the clock of the database.
pub const LEASE: &str = "interval '15 seconds'";
/// How often the leases are renewed.
const RENEW: Duration = Duration::from_secs(4);
/// Bodies ended at once.
const MANY: i64 = 100;

/// The bodies that this gateway receives.
#[derive(Debug, Default)]
pub struct Leases {
    held: Mutex<BTreeSet<Uuid>>,
    /// When they were last renewed.
    renewed: Mutex<Option<Instant>>,
}

/// One of them, until it is dropped.
#[derive(Debug)]
pub struct HeldLease {
    leases: Arc<Leases>,
    id: Uuid,
}

impl Leases {
    /// The lease of this body is renewed as long as the answer lives.
    pub fn hold(self: &Arc<Self>, id: Uuid) -> HeldLease {
        self.lock().insert(id);
        HeldLease { leases: self.clone(), id }
    }

    /// Renews the leases, if it is time; how long until the next time.
    ///
    /// # Errors
    /// Those of the database.
    pub fn turn(&self, work: &Work) -> Result<Duration> {
        let mut renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        let early = renewed.map_or(Duration::ZERO, |at| RENEW.saturating_sub(at.elapsed()));
        if !early.is_zero() {
            return Ok(early);
        }
        self.renew(work)?;
        *renewed = Some(Instant::now());
        Ok(RENEW)
    }

    fn renew(&self, work: &Work) -> Result<()> {
        let held: Vec<_> = self.lock().iter().map(|id| id.to_string().into()).collect();
        if held.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "UPDATE submissions SET leased_until = now() + {LEASE} WHERE id = ANY($1::uuid[]) AND status = 'receiving'"
        );
        Statement::with(&sql, vec![Argument::Texts(held)]).run(&mut *work.pools.work.get()?)?;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<Uuid>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for HeldLease {
    fn drop(&mut self) {
        self.leases.lock().remove(&self.id);
    }
}

/// Ends the bodies whose leases have run out: their complete records stand, and their idempotency keys are free.
pub fn end_abandoned(connection: &mut PgConnection) -> QueryResult<()> {
    end(connection, None)
}

/// Ends this body if its lease has run out.
pub fn end_if_abandoned(connection: &mut PgConnection, id: Uuid) -> QueryResult<()> {
    end(connection, Some(id))
}

fn end(connection: &mut PgConnection, only: Option<Uuid>) -> QueryResult<()> {
    connection.transaction(|connection| {
        // A chunk that is being stored holds the row: what is counted below is all there will ever be.
        let sql = Statement::new(
            "SELECT id FROM submissions WHERE status = 'receiving' AND coalesce(leased_until, received_at) < now()",
        );
        let sql = match only {
            Some(id) => sql.sql(" AND id = ").bind(Argument::Uuid(id)),
            None => sql,
        };
        let sql = sql.sql(" ORDER BY id LIMIT ").bind(Argument::Integer(MANY)).sql(" FOR NO KEY UPDATE SKIP LOCKED");
        let mut abandoned = Vec::new();
        sql.each(connection, |cells| {
            abandoned.extend(cells.uuid(0).map(|id| id.to_string().into()));
            Ok(())
        })?;
        if abandoned.is_empty() {
            return Ok(());
        }
        let sql = "UPDATE submissions s SET status = 'queued', cut = true, idempotency_key = NULL, records = \
             (SELECT coalesce(sum(c.records), 0) FROM submission_chunks c WHERE c.submission_id = s.id) \
             WHERE id = ANY($1::uuid[])";
        Statement::with(sql, vec![Argument::Texts(abandoned)]).run(connection).map(|_| ())
    })
}
