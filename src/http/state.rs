//! What every handler can reach, and the way to the database: a pool and a bulkhead for each kind of work.

use crate::access::Access;
use crate::access::bulkhead::{Bounds, Bulkhead, Permit};
use crate::access::snapshot::AccessSettings;
use crate::access::watch::Waker;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::http::api::report;
use crate::http::export::Exports;
use crate::http::permits::StreamPermits;
use crate::http::refusals::Refusals;
use crate::jobs;
use crate::jobs::activity::Activity;
use crate::jobs::queue::Queue;
use crate::jobs::rota::Rota;
use crate::jobs::supervisor::{OnDemand, Supervisor};
use crate::jobs::watchers::Watchers;
use crate::metrics;
use crate::store::pools::EXHAUSTED;
use crate::store::tenants::Tenant;
use crate::store::turnstile::Turnstile;
use crate::store::{Pool, Pools};
use crate::submission::Work;
use crate::submission::group_commit::GroupCommit;
use actix_web::web;
use chrono::TimeDelta;
use diesel::PgConnection;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use uuid::Uuid;

/// Who asks without a token: all of them are one client.
pub const ANYBODY: Uuid = Uuid::nil();

/// Bodies in zstd that are read at the same time: their windows take 8 MiB each.
const DECODERS: usize = 16;
/// Who may watch submissions at the same time.
const WATCHERS: usize = 512;

/// Threads in which the jobs of all tenants take turns: as many as one tenant has such jobs.
const TURNS: usize = 3;

/// What the tenants of a gateway share, because it is bounded over all of them: memory, processors.
pub struct Shared {
    /// Places to work at for submissions.
    pub workers: Arc<Turnstile>,
    rota: Rota,
    uploads: StreamPermits,
    decoders: StreamPermits,
    watching: StreamPermits,
    hashing: Bulkhead,
}

impl Shared {
    /// Of a gateway with these settings.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn new(config: &Config) -> Result<Self> {
        let permits = |what, all, each| StreamPermits::new(what, all, each, config.pool_wait());
        Ok(Self {
            workers: Turnstile::new(config.job_workers),
            rota: Rota::start(TURNS)?,
            uploads: permits("uploads", config.uploads, config.uploads_per_client),
            decoders: permits("decoders", DECODERS, DECODERS / 2),
            watching: permits("watchers", WATCHERS, WATCHERS / 8),
            hashing: bulkhead(config, cores().div_ceil(2), 1),
        })
    }
}

/// What every handler can reach. One a tenant, shared by all workers.
pub struct State {
    /// Whose it is.
    pub tenant: Tenant,
    /// Whether anything was asked of it lately.
    pub activity: Activity,
    /// The settings.
    pub config: Arc<Config>,
    /// The database. Handlers go through [`State::read`], [`State::search`] and [`State::write`], which bound how many
    /// wait, and take clients in turns.
    pub pools: Pools,
    /// Who comes in.
    pub access: Arc<Access>,
    /// The address clients know: `public_url`, or where the server listens.
    pub address: String,
    /// What runs by itself.
    pub work: Arc<Work>,
    /// Keeps what runs by itself running.
    pub supervisor: Supervisor,
    /// What begins to run when it is needed.
    pub on_demand: OnDemand,
    /// Submissions on their way.
    pub queue: Arc<Queue>,
    /// Single writes.
    pub singles: GroupCommit,
    /// Results that are sent as streams.
    pub exports: Exports,
    /// Bodies on their way in.
    pub uploads: StreamPermits,
    /// Bodies in zstd on their way in: each has a window in memory.
    pub decoders: StreamPermits,
    /// Who watches submissions.
    pub watchers: Arc<Watchers>,
    /// Their places.
    pub watching: StreamPermits,
    /// Refusals of this second.
    pub refusals: Refusals,
    bulkheads: Bulkheads,
}

/// How much of each kind of work runs at the same time.
struct Bulkheads {
    /// As many as there are connections to read with.
    read: Bulkhead,
    /// Lists and searches among them: they cost the database's processors, not its connections.
    search: Bulkhead,
    /// As many as there are connections to write with, single records and submissions apart.
    write: Bulkhead,
    /// Secrets that are hashed slowly.
    hashing: Bulkhead,
}

impl Bulkheads {
    fn new(config: &Config, pools: &Pools, shared: &Shared) -> Self {
        let bulkhead = |running: usize, of_one_client: usize| bulkhead(config, running, of_one_client);
        let (cores, hashing) = (cores(), shared.hashing.clone());
        let read = pools.read.size() as usize;
        let write = (pools.write.size() as usize).saturating_sub(2 * config.single_writers);
        Self {
            read: bulkhead(read, read * 3 / 4),
            search: bulkhead((2 * cores).min(read * 3 / 4), cores.div_ceil(2)),
            write: bulkhead(write, write / 2),
            hashing,
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn bulkhead(config: &Config, running: usize, of_one_client: usize) -> Bulkhead {
    let (waiting, patience) = (config.max_waiting_requests, config.pool_wait());
    Bulkhead::new(Bounds { running, of_one_client, waiting, patience })
}

impl State {
    /// A tenant's state, of a server that listens at `listening`.
    ///
    /// # Errors
    /// Those of the database.
    pub fn new(
        tenant: &Tenant,
        config: Arc<Config>,
        pools: Pools,
        listening: SocketAddr,
        shared: &Shared,
        waker: Waker,
    ) -> Result<Self> {
        let address = config.public_url.clone().unwrap_or_else(|| format!("http://{listening}"));
        let address = address.trim_end_matches('/').to_owned();
        let access = Access::open(&pools.work, settings(tenant, &config, address.clone()), waker)?;
        let areas = access.clone();
        let work =
            Work::new(tenant.name.clone(), pools.clone(), config.clone(), Box::new(move |client| areas.area(client)));
        let (work, activity) = (Arc::new(work), Activity::default());
        // Lists are asked by what is known, so something must be.
        work.lists(&mut *pools.read.get()?)?;
        let (singles, writers) = GroupCommit::new(&work);
        let supervisor = Supervisor::new(tenant.name.clone(), activity.clone(), shared.rota.clone());
        let queue = jobs::start(&supervisor, &work, shared.workers.clone())?;
        let watchers = watchers(&config);
        let on_demand = jobs::on_demand(&supervisor, &work, writers, watchers.clone());
        Ok(Self {
            tenant: tenant.clone(),
            activity,
            bulkheads: Bulkheads::new(&config, &pools, shared),
            exports: Exports::new(&config, pools.export.size() as usize),
            uploads: shared.uploads.clone(),
            decoders: shared.decoders.clone(),
            watching: shared.watching.clone(),
            refusals: Refusals::default(),
            config,
            pools,
            access,
            address,
            work,
            supervisor,
            on_demand,
            queue,
            singles,
            watchers,
        })
    }

    /// Has everything that runs by itself end with its step, and waits for it so long at most. What is held up in a
    /// statement is rolled back by the database when the process is gone, and done again after the next start.
    pub fn stop(&self, patience: Duration) {
        self.tell_to_stop();
        if !self.supervisor.stop(patience) {
            tracing::warn!("a submission is still at work; it goes on after the next start");
        }
    }

    /// Has everything that runs by itself end with its step.
    pub fn tell_to_stop(&self) {
        self.work.stop();
        self.singles.stop();
    }

    /// Reads for a client, in a thread where that may block; again when the connection turns out to be dead. `what` is a
    /// fixed word for the metrics.
    ///
    /// # Errors
    /// Those of `read`; a 503 when too many requests wait already, or the wait is too long.
    pub async fn read<T, F>(&self, client: Uuid, what: &'static str, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut PgConnection) -> Result<T> + Send + 'static,
    {
        let permit = self.bulkheads.read.enter(client).await?;
        let pool = self.pools.read.clone();
        blocking(permit, move || timed(what, || pool.read(read))).await
    }

    /// As [`State::read`], for what keeps the database busy: a list, a search.
    ///
    /// # Errors
    /// As there.
    pub async fn search<T, F>(&self, client: Uuid, what: &'static str, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut PgConnection) -> Result<T> + Send + 'static,
    {
        let _permit = self.bulkheads.search.enter(client).await?;
        self.read(client, what, read).await
    }

    /// Writes for a client, once.
    ///
    /// # Errors
    /// Those of `write`; a 503 when too many requests wait already, or the wait is too long.
    pub async fn write<T, F>(&self, client: Uuid, what: &'static str, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection) -> Result<T> + Send + 'static,
    {
        let permit = self.bulkheads.write.enter(client).await?;
        let pool = self.pools.write.clone();
        blocking(permit, move || timed(what, || write(&mut *pool.get()?))).await
    }

    /// As [`State::read`], once, for who is on a thread that may block already.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn read_here<T>(
        &self,
        runtime: &Handle,
        client: Uuid,
        what: &'static str,
        read: impl FnOnce(&mut PgConnection) -> Result<T>,
    ) -> Result<T> {
        let _permit = runtime.block_on(self.bulkheads.read.enter(client))?;
        timed(what, || read(&mut *self.pools.read.get()?))
    }

    /// Reads one snapshot for as long as its client takes, on a thread that may block. Who calls holds one of as many places
    /// as there are connections for that.
    ///
    /// # Errors
    /// Those of `read`.
    pub(crate) fn snapshot_here<T>(&self, read: impl FnOnce(&mut PgConnection) -> Result<T>) -> Result<T> {
        timed("export", || read(&mut *self.pools.export.get()?))
    }

    /// Leave to hash a secret for a client id; it ends with what is returned.
    ///
    /// # Errors
    /// A 503 when too many wait already, or the wait is too long.
    pub(crate) async fn admit_hashing(&self, client: Uuid) -> Result<Permit> {
        self.bulkheads.hashing.enter(client).await
    }

    /// The first pool that has lent nothing for too long.
    pub(crate) fn exhausted(&self) -> Option<&Pool> {
        self.pools.all().into_iter().find(|pool| pool.exhausted_for() >= EXHAUSTED)
    }
}

/// Runs `work` where it may block. The permit goes with it: a client that went away must not make room before it ends.
async fn blocking<T: Send + 'static>(permit: Permit, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let held = move || {
        let _permit = permit;
        work()
    };
    web::block(held).await.map_err(Error::internal)?
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let outcome = work();
    metrics::database_seconds(what, start.elapsed());
    outcome
}

fn watchers(config: &Config) -> Arc<Watchers> {
    let (stall, longest) = (Duration::from_secs(config.stall_seconds), Duration::from_secs(config.export_seconds));
    Arc::new(Watchers::new(Box::new(report::event), stall, longest))
}

pub(super) fn settings(tenant: &Tenant, config: &Config, issuer: String) -> AccessSettings {
    AccessSettings {
        tenant: tenant.name.clone(),
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
