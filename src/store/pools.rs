//! Connections to the database: a pool for each kind of work, so that none takes what another needs. All tenants share
//! them: a connection that last served the same tenant is taken first, for its schema is set and its statements are
//! prepared; else one is opened, and where there may be no more, the one that rested longest changes its schema.

use crate::config::{Config, Secret};
use crate::error::{Error, INTERNAL, Result, UNAVAILABLE};
use crate::model::messages::message;
use crate::store::engine::Engine;
use crate::store::migrations::enter_schema;
use crate::store::pg::statement::Statement;
use crate::store::session;
use crate::store::turnstile::{SharedPlace, Turnstile};
use diesel::connection::SimpleConnection;
use diesel::r2d2::R2D2Connection;
use diesel::{Connection, ConnectionResult, PgConnection};
use scopeguard::{ScopeGuard, guard};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A pool whose connections have all been lent for so long lends no more: the gateway is not ready.
pub const EXHAUSTED: Duration = Duration::from_secs(10);

/// A connection that rested so long is closed …
const LONGEST_REST: Duration = Duration::from_secs(600);
/// … and one that is so old, for the memory of its server process grows.
const LONGEST_LIFE: Duration = Duration::from_secs(1800);
/// A database that cannot be reached is tried again after this.
const TRIED_AGAIN: Duration = Duration::from_millis(100);

/// The pools of a gateway, as one tenant has them. Clones share them.
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
    /// Opens the pools on `url`, for the tenant with this schema: connections are made when they are needed, but for one
    /// that shows that they can be.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub fn open(config: &Config, url: &str, schema: &str) -> Result<Self> {
        let (sizes, slow) = (Sizes::of(config), config.statement_timeout_seconds);
        let schema: Arc<str> = schema.into();
        let pool = |name, size, timeout_seconds| Pool {
            schema: schema.clone(),
            shelf: Arc::new(Shelf {
                name,
                size,
                places: Turnstile::new(size as usize),
                rested: Mutex::default(),
                wait: config.pool_wait(),
                url: Secret::new(url),
                timeout_seconds,
            }),
        };
        let pools = Self {
            read: pool("read", sizes.read, config.read_timeout_seconds),
            write: pool("write", sizes.write, slow),
            export: pool("export", sizes.export, slow),
            work: pool("work", sizes.work, slow),
        };
        pools.write.get().map_err(|_| out_of_reach()).map(drop)?;
        Ok(pools)
    }

    /// The same connections, for the tenant with this schema.
    pub fn of(&self, schema: &str) -> Self {
        let schema: Arc<str> = schema.into();
        let of = |pool: &Pool| Pool { schema: schema.clone(), shelf: pool.shelf.clone() };
        Self { read: of(&self.read), write: of(&self.write), export: of(&self.export), work: of(&self.work) }
    }

    /// From now on there are several tenants, or one.
    pub fn share(&self, shared: bool) {
        self.all().into_iter().for_each(|pool| pool.shelf.places.share(shared));
    }

    /// The schema of the tenant that has them.
    pub fn schema(&self) -> &Arc<str> {
        &self.work.schema
    }

    /// Each of them.
    pub fn all(&self) -> [&Pool; 4] {
        [&self.read, &self.write, &self.export, &self.work]
    }
}

/// Connections for one kind of work, as one tenant has them.
#[derive(Debug, Clone)]
pub struct Pool {
    schema: Arc<str>,
    shelf: Arc<Shelf>,
}

/// What all tenants share of a pool.
#[derive(Debug)]
struct Shelf {
    name: &'static str,
    size: u32,
    /// One for each connection that is lent.
    places: Arc<Turnstile>,
    /// Those that are not, the longest rested first.
    rested: Mutex<Vec<Open>>,
    wait: Duration,
    url: Secret,
    timeout_seconds: u64,
}

/// A connection, with what is known of it.
struct Open {
    connection: PgConnection,
    schema: Arc<str>,
    opened: Instant,
    /// When it was last known to be sound.
    sound: Instant,
    /// Since when it rests.
    rests: Instant,
}

impl std::fmt::Debug for Open {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a connection to {}", self.schema)
    }
}

impl Pool {
    /// `read`, `write`, `export` or `work`.
    pub fn name(&self) -> &'static str {
        self.shelf.name
    }
    /// Connections at most.
    pub fn size(&self) -> u32 {
        self.shelf.size
    }
    /// Connections lent, and connections that wait to be.
    pub fn used_and_idle(&self) -> (u32, u32) {
        (self.shelf.places.taken() as u32, lock(&self.shelf.rested).len() as u32)
    }
    /// How long all connections have been lent without one coming back.
    pub fn exhausted_for(&self) -> Duration {
        self.shelf.places.full_for()
    }

    /// A connection; waits for one as long as is configured.
    ///
    /// # Errors
    /// A 503 when there is none.
    pub fn get(&self) -> Result<PooledConnection> {
        self.get_within(self.shelf.wait)
    }
    /// A connection; waits for one no longer than this.
    ///
    /// # Errors
    /// A 503 when there is none.
    pub fn get_within(&self, wait: Duration) -> Result<PooledConnection> {
        let until = Instant::now() + wait;
        let place = self.shelf.places.enter(&self.schema, wait).ok_or_else(busy)?;
        loop {
            match self.shelf.lend(&self.schema) {
                Ok(open) => return Ok(self.lent(open, place)),
                Err(_) if Instant::now() + TRIED_AGAIN < until => std::thread::sleep(TRIED_AGAIN),
                Err(_) => return Err(busy()),
            }
        }
    }
    /// A connection that nobody else needs at this moment.
    pub fn try_get(&self) -> Option<PooledConnection> {
        let place = self.shelf.places.try_enter(&self.schema)?;
        self.shelf.lend(&self.schema).ok().map(|open| self.lent(open, place))
    }

    fn lent(&self, open: Open, place: SharedPlace) -> PooledConnection {
        let shelf = self.shelf.clone();
        let give_back: GiveBack = Box::new(move |open| {
            shelf.give_back(open);
            drop(place);
        });
        PooledConnection(guard(open, give_back))
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
}

impl Shelf {
    /// One that is sound, for this schema. Who asks has a place.
    fn lend(&self, schema: &Arc<str>) -> ConnectionResult<Open> {
        while let Some(mut open) = self.take(schema) {
            // One that was last known to be sound before another was found dead is asked first.
            if open.is_doubted() {
                if open.connection.ping().is_err() || open.stands_by() {
                    continue;
                }
                open.sound = Instant::now();
            }
            if open.schema == *schema || open.enter(schema).is_ok() {
                return Ok(open);
            }
        }
        self.open(schema)
    }

    /// One that last served this schema; where no more may be opened, the one that rested longest.
    fn take(&self, schema: &Arc<str>) -> Option<Open> {
        let mut rested = lock(&self.rested);
        rested.retain(|open| open.rests.elapsed() < LONGEST_REST);
        if let Some(own) = rested.iter().rposition(|open| open.schema == *schema) {
            return Some(rested.remove(own));
        }
        let is_full = self.places.taken() + rested.len() > self.size as usize;
        (is_full && !rested.is_empty()).then(|| rested.remove(0))
    }

    fn open(&self, schema: &Arc<str>) -> ConnectionResult<Open> {
        let mut connection = PgConnection::establish(self.url.reveal())?;
        let set = |connection: &mut PgConnection| {
            let settings = session::settings(Engine::of(connection)?, self.timeout_seconds, schema);
            connection.batch_execute(&settings)
        };
        set(&mut connection).map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
        let now = Instant::now();
        Ok(Open { connection, schema: schema.clone(), opened: now, sound: now, rests: now })
    }

    fn give_back(&self, mut open: Open) {
        if std::thread::panicking() || open.connection.is_broken() || open.opened.elapsed() > LONGEST_LIFE {
            return;
        }
        open.rests = Instant::now();
        lock(&self.rested).push(open);
    }
}

impl Open {
    /// Serves this schema from now on. What is prepared stays so: the server plans it anew for the tables of the schema.
    fn enter(&mut self, schema: &Arc<str>) -> diesel::QueryResult<()> {
        self.connection.batch_execute(&enter_schema(schema))?;
        self.schema = schema.clone();
        Ok(())
    }
    /// Has another server taken the place of this one, which takes no writes any more?
    fn stands_by(&mut self) -> bool {
        let found = Statement::new("SELECT pg_is_in_recovery()").first_row(&mut self.connection);
        !matches!(found, Ok(Some(cells)) if cells.boolean(0) == Some(false))
    }
    fn is_doubted(&self) -> bool {
        lock(&FOUND_DEAD).is_some_and(|dead| self.sound < dead)
    }
}

fn busy() -> Error {
    Error::new(UNAVAILABLE, message("database-busy")).retry_after(2)
}

fn out_of_reach() -> Error {
    Error::for_operator(INTERNAL, "The database cannot be reached: check that it runs and that DATABASE_URL is right.")
}

/// When a connection was last found dead, or of a server that takes no writes, in any pool: with it others may be so too.
static FOUND_DEAD: Mutex<Option<Instant>> = Mutex::new(None);

/// A connection was found dead, or of a server that takes no writes.
pub fn note_dead_connection() {
    *lock(&FOUND_DEAD) = Some(Instant::now());
}

/// One connection lent by a [`Pool`], which gets it back when this is dropped.
pub struct PooledConnection(ScopeGuard<Open, GiveBack>);

type GiveBack = Box<dyn FnOnce(Open) + Send>;

impl Deref for PooledConnection {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.0.connection
    }
}
impl DerefMut for PooledConnection {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.0.connection
    }
}
impl PooledConnection {
    /// Was another connection found dead since this one was last known to be sound?
    fn is_doubted(&self) -> bool {
        self.0.is_doubted()
    }
}

/// Numbers and instants are sound whoever died holding them.
fn lock<T>(numbers: &Mutex<T>) -> MutexGuard<'_, T> {
    numbers.lock().unwrap_or_else(PoisonError::into_inner)
}
