//! Connections to the database: a pool for each kind of work, so that none takes what another needs.

use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use diesel::r2d2::{self, ConnectionManager, CustomizeConnection, Error as ConnectionError, R2D2Connection};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::config::Config;
use crate::error::{Error, INTERNAL, Result};

type Manager = ConnectionManager<PgConnection>;

/// A pool whose connections have all been lent for so long lends no more: the gateway is not ready.
pub const EXHAUSTED: Duration = Duration::from_secs(10);

/// The pools of a gateway. Clones share them.
#[derive(Debug, Clone)]
pub struct Pools {
    /// For answers that write nothing; their statements are given up soon.
    pub read: Pool,
    /// For writes that somebody waits for.
    pub write: Pool,
    /// For whole results of one snapshot: a slow reader holds its connection for long.
    pub export: Pool,
    /// For what runs by itself, and for bodies on their way in.
    pub work: Pool,
}

/// How many connections each pool has at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// For reading.
    pub read: u32,
    /// For writing.
    pub write: u32,
    /// For whole results.
    pub export: u32,
    /// For what runs by itself.
    pub work: u32,
}

impl Sizes {
    /// Requests have the configured number, and each thread that writes single records two more (one that writes, and one
    /// that waits for schools that are held). A submission at work holds up to four (two steps, each with the next chunk on
    /// its way); the checks, the housekeeping and the watch over clients and keys have one each, bodies on their way in two.
    pub fn of(config: &Config) -> Self {
        let quarter = (config.pool_size / 4).max(1);
        Self {
            read: config.pool_size / 2,
            write: quarter + 2 * config.single_writers as u32,
            export: quarter,
            work: 4 * config.job_workers as u32 + 6,
        }
    }
    /// Of all pools together.
    pub fn total(self) -> u32 {
        self.read + self.write + self.export + self.work
    }
}

impl Pools {
    /// Opens the pools on `url`: connections are made when they are needed, but for one that shows that they can be.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub fn open(config: &Config, url: &str) -> Result<Self> {
        let (sizes, slow) = (Sizes::of(config), config.statement_timeout_seconds);
        let pool = |name, size, timeout| Pool::open(name, size, timeout, config.pool_wait(), url);
        let pools = Self {
            read: pool("read", sizes.read, config.read_timeout_seconds)?,
            write: pool("write", sizes.write, slow)?,
            export: pool("export", sizes.export, slow)?,
            work: pool("work", sizes.work, slow)?,
        };
        pools.write.get().map_err(|_| out_of_reach()).map(drop)?;
        Ok(pools)
    }

    /// Each of them.
    pub fn all(&self) -> [&Pool; 4] {
        [&self.read, &self.write, &self.export, &self.work]
    }
}

/// Connections for one kind of work.
#[derive(Debug, Clone)]
pub struct Pool {
    name: &'static str,
    inner: r2d2::Pool<Manager>,
    wait: Duration,
    lent: Arc<Mutex<Lent>>,
}

/// How many connections are out, and since when all of them.
#[derive(Debug, Default)]
struct Lent {
    count: u32,
    all_since: Option<Instant>,
}

impl Pool {
    fn open(name: &'static str, size: u32, timeout_seconds: u64, wait: Duration, url: &str) -> Result<Self> {
        let inner = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            .connection_timeout(wait)
            // A dead connection shows itself when it is used, and is thrown away then: asking each time costs a way to the database.
            .test_on_check_out(false)
            .connection_customizer(Box::new(Session { timeout_seconds }))
            .build(Manager::new(url))
            .map_err(|_| out_of_reach())?;
        Ok(Self { name, inner, wait, lent: Arc::default() })
    }

    /// `read`, `write`, `export` or `work`.
    pub fn name(&self) -> &'static str {
        self.name
    }
    /// Connections at most.
    pub fn size(&self) -> u32 {
        self.inner.max_size()
    }
    /// Connections lent, and connections that wait to be.
    pub fn used_and_idle(&self) -> (u32, u32) {
        let state = self.inner.state();
        (state.connections - state.idle_connections, state.idle_connections)
    }

    /// A connection; waits for one as long as is configured.
    ///
    /// # Errors
    /// A 503 when there is none.
    pub fn get(&self) -> Result<PooledConnection> {
        self.get_within(self.wait)
    }
    /// A connection; waits for one no longer than this.
    ///
    /// # Errors
    /// A 503 when there is none.
    pub fn get_within(&self, wait: Duration) -> Result<PooledConnection> {
        // Each that is dead goes, so that at last a fresh one comes.
        loop {
            if let Some(sound) = self.lend(self.inner.get_timeout(wait)?) {
                return Ok(sound);
            }
        }
    }
    /// A connection that nobody else needs at this moment.
    pub fn try_get(&self) -> Option<PooledConnection> {
        self.inner.try_get().and_then(|connection| self.lend(connection))
    }

    /// Reads with a connection; when that turns out to be dead, once more with a fresh one.
    ///
    /// # Errors
    /// Those of `read`, and a 503 when there is no connection.
    pub fn read<T>(&self, mut read: impl FnMut(&mut PgConnection) -> Result<T>) -> Result<T> {
        let mut connection = self.get()?;
        match read(&mut connection) {
            Err(_) if connection.is_doubted() && connection.ping().is_err() => {
                drop(connection);
                read(&mut *self.get()?)
            }
            outcome => outcome,
        }
    }

    /// How long all connections have been lent without one coming back.
    pub fn exhausted_for(&self) -> Duration {
        lock(&self.lent).all_since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Counts it as lent. One that was last known to be sound before another was found dead is asked first; `None`: it does not answer.
    fn lend(&self, mut connection: r2d2::PooledConnection<Manager>) -> Option<PooledConnection> {
        if is_doubted(&connection) {
            connection.ping().ok()?;
            r2d2::PooledConnection::extensions_mut(&mut connection).insert(Sound(Instant::now()));
        }
        let mut lent = lock(&self.lent);
        lent.count += 1;
        lent.all_since = (lent.count >= self.size()).then(Instant::now);
        drop(lent);
        Some(PooledConnection { connection, lent: self.lent.clone() })
    }
}

fn out_of_reach() -> Error {
    Error::for_operator(INTERNAL, "The database cannot be reached: check that it runs and that DATABASE_URL is right.")
}

/// When the connection was last known to be sound.
struct Sound(Instant);

/// When a connection was last found dead, in any pool: with it others may have died, as when the server was restarted.
static FOUND_DEAD: Mutex<Option<Instant>> = Mutex::new(None);

/// A connection was found dead.
pub fn note_dead_connection() {
    *lock(&FOUND_DEAD) = Some(Instant::now());
}

fn is_doubted(connection: &r2d2::PooledConnection<Manager>) -> bool {
    let sound = r2d2::PooledConnection::extensions(connection).get::<Sound>().map(|sound| sound.0);
    lock(&FOUND_DEAD).is_some_and(|dead| sound.is_none_or(|sound| sound < dead))
}

/// One connection lent by a [`Pool`].
pub struct PooledConnection {
    connection: r2d2::PooledConnection<Manager>,
    lent: Arc<Mutex<Lent>>,
}

impl Deref for PooledConnection {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}
impl DerefMut for PooledConnection {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
impl PooledConnection {
    /// Was another connection found dead since this one was last known to be sound?
    fn is_doubted(&self) -> bool {
        is_doubted(&self.connection)
    }
}
impl Drop for PooledConnection {
    fn drop(&mut self) {
        let mut lent = lock(&self.lent);
        lent.count -= 1;
        lent.all_since = None;
    }
}

/// Numbers and instants are sound whoever died holding them.
fn lock<T>(numbers: &Mutex<T>) -> MutexGuard<'_, T> {
    numbers.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Settings of every session, sent once when it opens.
#[derive(Debug)]
struct Session {
    timeout_seconds: u64,
}

impl CustomizeConnection<PgConnection, ConnectionError> for Session {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), ConnectionError> {
        // Compiling queries at run time, or planning a kept statement anew for each list of keys, costs more than these queries take.
        // What an inner loop found is hardly ever asked for twice: batches and checks name each key once.
        // A kept plan that was made while a table was small would read the whole of it for each key when it has grown.
        let settings = format!(
            "SET application_name = 'school-gateway'; SET timezone = 'UTC'; SET client_min_messages = warning; SET jit = off; \
             SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_memoize = off; \
             SET statement_timeout = '{}s'; SET idle_in_transaction_session_timeout = '15min'",
            self.timeout_seconds
        );
        connection.batch_execute(&settings).map_err(ConnectionError::QueryError)
    }
}
