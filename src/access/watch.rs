//! What keeps the clients and keys in memory as they are in the database, those of all tenants: one look tells which
//! tenants there are and whose clients, keys or lists changed.

use crate::access::snapshot::Access;
use crate::error::Result;
use crate::store::pg::statement::Statement;
use crate::store::tenants::{self, Tenant};
use crate::store::{Pool, PooledConnection};
use diesel::prelude::*;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often a change by another process is looked for.
const EVERY: Duration = Duration::from_millis(250);
/// Looked for at once, because somebody asks with what is not known yet, no more often than this.
const AT_MOST_EVERY: Duration = Duration::from_millis(10);
/// How often keys are looked after and memories swept.
const UPKEEP: Duration = Duration::from_secs(60);

/// Has the look be taken now.
#[derive(Debug, Clone)]
pub struct Waker(SyncSender<()>);

impl Waker {
    /// Somebody asks with what is not known yet.
    pub fn wake(&self) {
        // A full channel: it is being looked already, and will be once more.
        let _ = self.0.try_send(());
    }
}

/// Those who are kept as they are in the database. Cheap to clone.
#[derive(Clone, Default)]
pub struct Watched(Arc<Mutex<Vec<WatchedTenant>>>);

#[derive(Clone)]
struct WatchedTenant {
    schema: Arc<str>,
    access: Arc<Access>,
    /// The tenant's, to read what changed.
    pool: Pool,
}

impl Watched {
    /// Keeps this tenant's as well.
    pub fn add(&self, tenant: &Tenant, access: &Arc<Access>, pool: &Pool) {
        let (schema, access, pool) = (tenant.schema.clone(), access.clone(), pool.clone());
        let mut all = self.lock();
        all.retain(|watched| watched.schema != schema);
        all.push(WatchedTenant { schema, access, pool });
    }
    /// Keeps none but theirs: what others know soon lets nobody in.
    pub fn keep(&self, tenants: &[Tenant]) {
        self.lock().retain(|watched| tenants.iter().any(|tenant| tenant.schema == watched.schema));
    }
    fn lock(&self) -> MutexGuard<'_, Vec<WatchedTenant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is done when tenants come, go, or are suspended: it is told those there are now.
pub type OnTenants = Box<dyn FnMut(&[Tenant]) + Send>;

/// Looks for changes. It keeps one connection of the pool: with all others busy, a revocation must still be seen.
pub struct Watch {
    watched: Watched,
    pool: Pool,
    connection: Option<PooledConnection>,
    woken: Receiver<()>,
    /// When keys were last looked after.
    kept: Instant,
    /// The tenants of the last look.
    known: Vec<Tenant>,
    changed: OnTenants,
}

impl Watch {
    /// Of those `watched`, by connections of this pool, when all tenants there are were `known`; and what wakes it.
    pub fn new(watched: Watched, pool: Pool, known: Vec<Tenant>, changed: OnTenants, woken: Receiver<()>) -> Self {
        Self { watched, pool, connection: None, woken, kept: Instant::now(), known, changed }
    }

    /// What wakes a watch, and what it is woken by.
    pub fn waker() -> (Waker, Receiver<()>) {
        let (wake, woken) = sync_channel(1);
        (Waker(wake), woken)
    }

    /// Looks once, then waits until it is time for the next look or somebody asks for one; `false`: there is nobody left
    /// to look for.
    pub fn turn(&mut self) -> bool {
        let connection = self.connection.take().or_else(|| self.pool.get_within(Duration::from_secs(1)).ok());
        self.connection = connection.and_then(|mut open| match self.look(&mut open) {
            Ok(()) => Some(open),
            Err(_) => {
                tracing::warn!("clients and keys cannot be read; trying again");
                None
            }
        });
        std::thread::sleep(AT_MOST_EVERY);
        self.woken.recv_timeout(EVERY) != Err(RecvTimeoutError::Disconnected)
    }

    fn look(&mut self, connection: &mut PgConnection) -> Result<()> {
        let tenants = tenants::list(connection)?;
        if tenants != self.known {
            (self.changed)(&tenants);
            self.known = tenants;
        }
        let upkeep = self.kept.elapsed() > UPKEEP;
        if upkeep {
            self.kept = Instant::now();
        }
        let watched = self.watched.lock().clone();
        // In one look as a rule; a tenant whose tables cannot be read holds up no other.
        if learn(connection, &watched, upkeep).is_err() && watched.len() > 1 {
            for one in &watched {
                if learn(connection, std::slice::from_ref(one), upkeep).is_err() {
                    tracing::warn!(schema = &*one.schema, "clients and keys of a tenant cannot be read; trying again");
                }
            }
        }
        Ok(())
    }
}

fn learn(connection: &mut PgConnection, watched: &[WatchedTenant], upkeep: bool) -> Result<()> {
    let asked_at = Instant::now();
    for (one, version) in watched.iter().zip(versions(connection, watched)?) {
        one.learn(version, upkeep)?;
    }
    // Not before: who asks for a client that nobody knows waits for one tenant's word, which must be that of all.
    watched.iter().for_each(|one| one.access.confirm(asked_at));
    Ok(())
}

impl WatchedTenant {
    fn learn(&self, version: i64, upkeep: bool) -> Result<()> {
        if upkeep {
            self.access.upkeep(&mut *self.pool.get()?)?;
        }
        if upkeep || self.access.is_behind(version) {
            self.access.read_again(&mut *self.pool.get()?)?;
        }
        Ok(())
    }
}

/// How often what a tenant's access rests on was changed, in the order of those `watched`.
fn versions(connection: &mut PgConnection, watched: &[WatchedTenant]) -> Result<Vec<i64>> {
    let of_one = |one: &WatchedTenant| {
        let schema = &one.schema;
        format!(
            "(SELECT version FROM {schema}.access_version) + (SELECT version::bigint FROM {schema}.reference_version)"
        )
    };
    let all: Vec<String> = watched.iter().map(of_one).collect();
    let found = Statement::new(format!("SELECT {}", all.join(", "))).first_row(connection)?.unwrap_or_default();
    Ok((0..watched.len()).filter_map(|place| found.integer(place)).collect())
}
