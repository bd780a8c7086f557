//! What every handler can reach, and the way to the database.

use crate::access::Access;
use crate::access::snapshot::Settings;
use crate::config::Config;
use crate::error::{Error, Result, UNAVAILABLE};
use crate::http::api::report;
use crate::http::export::Exports;
use crate::http::permits::Permits;
use crate::jobs;
use crate::jobs::queue::Queue;
use crate::jobs::supervisor::Supervisor;
use crate::jobs::watchers::Watchers;
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
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections that requests leave to others, beside one for each job: one to [`Access`], one to readiness, one to the
/// housekeeping, one to the whole-school checks. What is watched and leased takes one for a moment.
const RESERVED: usize = 4;

/// Bodies in zstd that are read at the same time: their windows take 8 MiB each.
const DECODERS: usize = 16;
/// Who may watch submissions at the same time.
const WATCHERS: usize = 512;

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
    /// Keeps what runs by itself running.
    pub supervisor: Supervisor,
    /// Submissions on their way.
    pub queue: Arc<Queue>,
    /// Single writes.
    pub singles: GroupCommit,
    /// As many as there are connections for requests.
    connections: Arc<Semaphore>,
    /// Results that are sent as streams.
    pub exports: Exports,
    /// Bodies on their way in.
    pub uploads: Permits,
    /// Bodies in zstd on their way in: each has a window in memory.
    pub decoders: Permits,
    /// Who watches submissions.
    pub watchers: Arc<Watchers>,
    /// Their places.
    pub watching: Permits,
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
        let (access, watch) = Access::open(&pool, settings(&config, address.clone()))?;
        let areas = access.clone();
        let work = Arc::new(Work::new(pool.clone(), config.clone(), Box::new(move |client| areas.area(client))));
        let (singles, writers) = GroupCommit::new(&work);
        let supervisor = Supervisor::default();
        let queue = jobs::start(&supervisor, &work, watch, writers)?;
        let connections = (pool.max_size() as usize).saturating_sub(RESERVED + config.job_workers).max(1);
        let exports = Exports::new(&config, (connections / 3).max(1));
        let connections = Arc::new(Semaphore::new(connections));
        let watchers = watchers(&config);
        jobs::watch(&supervisor, &work, watchers.clone())?;
        let hashing = Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from));
        Ok(Self {
            pool,
            access,
            address,
            work,
            supervisor,
            queue,
            singles,
            connections,
            exports,
            uploads: Permits::new("uploads", config.uploads, config.uploads_per_client, config.pool_wait()),
            decoders: Permits::new("decoders", DECODERS, DECODERS / 2, config.pool_wait()),
            watching: Permits::new("watchers", WATCHERS, WATCHERS / 8, config.pool_wait()),
            watchers,
            config,
            waiting: AtomicUsize::new(0),
            hashing,
        })
    }

    /// Has everything that runs by itself end with its step, and waits for it so long at most. What is held up in a
    /// statement is rolled back by the database when the process is gone, and done again after the next start.
    pub fn stop(&self, patience: Duration) {
        self.work.stop();
        self.singles.stop();
        if !self.supervisor.stop(patience) {
            tracing::warn!("a submission is still at work; it goes on after the next start");
        }
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
        web::block(move || timed(&pool, what, work)).await.map_err(Error::internal)?
    }

    /// As [`State::database`], for who is on a thread that may block already.
    ///
    /// # Errors
    /// As of [`State::database`].
    pub(crate) fn database_here<T>(
        &self,
        runtime: &Handle,
        what: &'static str,
        work: impl FnOnce(&mut PgConnection) -> Result<T>,
    ) -> Result<T> {
        let _permit = runtime.block_on(self.admit())?;
        timed(&self.pool, what, work)
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

/// Runs `work` on a connection, and measures it.
fn timed<T>(pool: &Pool, what: &'static str, work: impl FnOnce(&mut PgConnection) -> Result<T>) -> Result<T> {
    let mut connection = pool.get()?;
    let start = Instant::now();
    let outcome = work(&mut connection);
    metrics::database_seconds(what, start.elapsed());
    outcome
}

fn watchers(config: &Config) -> Arc<Watchers> {
    let (stall, longest) = (Duration::from_secs(config.stall_seconds), Duration::from_secs(config.export_seconds));
    Arc::new(Watchers::new(Box::new(report::event), stall, longest))
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
