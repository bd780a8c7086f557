//! What every handler can reach, and the way to the database.

use crate::access::Access;
use crate::access::snapshot::Settings;
use crate::config::Config;
use crate::error::{Error, Result, UNAVAILABLE};
use crate::jobs::queue::Queue;
use crate::metrics;
use crate::store::pool::Pool;
use crate::submission::Work;
use crate::submission::group_commit::GroupCommit;
use actix_web::web;
use chrono::TimeDelta;
use diesel::PgConnection;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections that requests leave to others, beside one for each job: one to [`Access`], one to readiness, one to the
/// housekeeping, one to the whole-school checks.
const RESERVED: usize = 4;

/// What every handler can reach. One a process, shared by all workers.
pub struct State {
    /// The settings.
    pub config: Arc<Config>,
    /// The database. Handlers go through [`State::database`], which bounds how many wait.
    pub pool: Pool,
    /// Who comes in.
    pub access: Arc<Access>,
    /// The address clients know: `public_url`, or where the server listens.
    pub address: String,
    /// What runs by itself.
    pub work: Arc<Work>,
    /// Submissions on their way.
    pub queue: Arc<Queue>,
    /// Single writes.
    pub singles: GroupCommit,
    /// As many as there are connections for requests.
    connections: Arc<Semaphore>,
    /// Whole results may take half of those: a slow reader holds its connection for long.
    exports: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// As many secrets as are hashed at the same time.
    pub(crate) hashing: Semaphore,
}

impl State {
    /// The state of a server that listens at `listening`.
    ///
    /// # Errors
    /// Those of the database.
    pub fn new(config: Arc<Config>, pool: Pool, listening: SocketAddr) -> Result<Self> {
        let address = config.public_url.clone().unwrap_or_else(|| format!("http://{listening}"));
        let address = address.trim_end_matches('/').to_owned();
        let access = Access::start(&pool, settings(&config, address.clone()))?;
        let areas = access.clone();
        let work = Arc::new(Work::new(pool.clone(), config.clone(), Box::new(move |client| areas.area(client))));
        let queue = Queue::start(work.clone());
        let wake = queue.clone();
        let singles = GroupCommit::start(work.clone(), Arc::new(move || wake.call()));
        let connections = (pool.max_size() as usize).saturating_sub(RESERVED + config.job_workers).max(1);
        let exports = Arc::new(Semaphore::new((connections / 2).max(1)));
        let connections = Arc::new(Semaphore::new(connections));
        let hashing = Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from));
        Ok(Self {
            config,
            pool,
            access,
            address,
            work,
            queue,
            singles,
            connections,
            exports,
            waiting: AtomicUsize::new(0),
            hashing,
        })
    }

    /// Runs `work` on a connection, in a thread where it may block. `what` is a fixed word for the metrics.
    ///
    /// # Errors
    /// Those of the work; a 503 when the configured number of requests waits already, or the wait is too long.
    pub async fn database<T, F>(&self, what: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection) -> Result<T> + Send + 'static,
    {
        let _permit = self.admit().await?;
        let pool = self.pool.clone();
        let timed = move || {
            let mut connection = pool.get()?;
            let start = Instant::now();
            let outcome = work(&mut connection);
            metrics::database_seconds(what, start.elapsed());
            outcome
        };
        web::block(timed).await.map_err(Error::internal)?
    }

    /// Leave to hold a connection for as long as a client takes to read a whole result; it ends with what is returned.
    ///
    /// # Errors
    /// A 503 when too many are read at once, and those of [`State::database`].
    pub(crate) async fn admit_export(&self) -> Result<[OwnedSemaphorePermit; 2]> {
        let export = self.exports.clone().try_acquire_owned().map_err(|_| busy("exports"))?;
        Ok([export, self.admit().await?])
    }

    /// Waits for its turn without holding a thread.
    async fn admit(&self) -> Result<OwnedSemaphorePermit> {
        if let Ok(permit) = self.connections.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let _waiting = Waiting::enter(&self.waiting, self.config.max_waiting_requests)?;
        match tokio::time::timeout(self.config.pool_wait(), self.connections.clone().acquire_owned()).await {
            Ok(permit) => permit.map_err(Error::internal),
            Err(_) => Err(busy("waited-too-long")),
        }
    }
}

fn settings(config: &Config, issuer: String) -> Settings {
    Settings {
        issuer,
        token_lifetime: seconds(config.token_lifetime_seconds),
        key_rotation: TimeDelta::days(config.key_rotation_days.into()),
        rate: config.rate_limit,
        burst: config.rate_burst,
    }
}

fn seconds(seconds: u64) -> TimeDelta {
    TimeDelta::from_std(Duration::from_secs(seconds)).unwrap_or(TimeDelta::hours(1))
}

fn busy(reason: &str) -> Error {
    metrics::refused(reason);
    Error::new(UNAVAILABLE, "Too many requests wait for the database; send this one again a little later.")
        .retry_after(2)
}

/// A request that waits; it stops waiting when it is dropped, also because its client went away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize, most: usize) -> Result<Self> {
        let entered =
            count.fetch_update(Ordering::AcqRel, Ordering::Acquire, |waiting| (waiting < most).then_some(waiting + 1));
        entered.map_err(|_| busy("waiting"))?;
        metrics::waiting(1);
        Ok(Self(count))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
        metrics::waiting(-1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_more_than_may_wait_is_refused() {
        let count = AtomicUsize::new(0);
        let first = Waiting::enter(&count, 2).unwrap();
        let _second = Waiting::enter(&count, 2).unwrap();
        let refusal = Waiting::enter(&count, 2).err().unwrap();
        assert_eq!((refusal.kind, refusal.retry_after), (UNAVAILABLE, Some(2)));
        drop(first);
        assert!(Waiting::enter(&count, 2).is_ok());
    }
}
