//! What keeps the clients and keys in memory as they are in the database.

use crate::access::snapshot::Access;
use crate::error::Result;
use crate::store::{Pool, PooledConnection};
use diesel::prelude::*;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// How often a change by another process is looked for.
const EVERY: Duration = Duration::from_millis(250);
/// Looked for at once, because somebody asks with what is not known yet, no more often than this.
const AT_MOST_EVERY: Duration = Duration::from_millis(10);
/// How often keys are looked after and memories swept.
const UPKEEP: Duration = Duration::from_secs(60);

/// Looks for changes. It keeps one connection of the pool: with all others busy, a revocation must still be seen.
pub struct Watch {
    access: Weak<Access>,
    pool: Pool,
    connection: Option<PooledConnection>,
    woken: Receiver<()>,
    /// When keys were last looked after.
    kept: Instant,
}

impl Watch {
    /// Of what was just read by this connection; it looks at once when it is `woken`.
    pub(super) fn new(access: &Arc<Access>, pool: &Pool, connection: PooledConnection, woken: Receiver<()>) -> Self {
        let (access, pool) = (Arc::downgrade(access), pool.clone());
        Self { access, pool, connection: Some(connection), woken, kept: Instant::now() }
    }

    /// Looks once, then waits until it is time for the next look or somebody asks for one; `false`: there is nobody left
    /// to look for.
    pub fn turn(&mut self) -> bool {
        let Some(access) = self.access.upgrade() else { return false };
        let connection = self.connection.take().or_else(|| self.pool.get_within(Duration::from_secs(1)).ok());
        let upkeep = self.kept.elapsed() > UPKEEP;
        if upkeep {
            self.kept = Instant::now();
        }
        self.connection = connection.and_then(|mut open| match look(&access, &mut open, upkeep) {
            Ok(()) => Some(open),
            Err(_) => {
                tracing::warn!("clients and keys cannot be read; trying again");
                None
            }
        });
        drop(access);
        std::thread::sleep(AT_MOST_EVERY);
        self.woken.recv_timeout(EVERY) != Err(RecvTimeoutError::Disconnected)
    }
}

fn look(access: &Access, connection: &mut PgConnection, upkeep: bool) -> Result<()> {
    if upkeep {
        access.upkeep(connection)?;
    }
    access.refresh(connection)
}
