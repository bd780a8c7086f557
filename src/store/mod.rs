//! The database: where it is, the connections to it and its schema.

pub mod change_log; // the statement that writes blocks of the change log
pub mod codec; // a value as JSON, SQL text and hash
pub mod engine; // PostgreSQL by itself, or a coordinator of a distributed one
pub mod lock;
pub mod managed; // which schools a commune manages
pub mod migrations;
pub mod outbound;
pub mod partitions; // tables kept in a part for each month
pub mod pg;
pub mod pools;
pub mod private;
pub mod reference;
pub mod schema;
pub mod session; // what is set when a connection opens
pub mod table; // a resource's generated SQL
pub mod tenants; // the provinces that one installation serves
pub mod turnstile; // places that tenants share

use std::{
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::config::{Config, Secret};
use crate::error::{Error, INTERNAL, Result};
use crate::store::lock::{Lock, Use};
use crate::store::private::{Server, ServerSettings, SocketAddress};

pub use crate::store::pools::{Pool, PooledConnection, Pools, Sizes};

/// How a program uses the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It serves: a private PostgreSQL is its own until it ends.
    Serve,
    /// It brings the schema up to date, and makes a private database where there is none.
    Migrate,
    /// A command that works beside a running `serve`, or alone on what is there; it makes no database.
    Beside,
}

/// The database in use. Dropping it stops what was started for it.
#[derive(Debug)]
pub struct Database {
    url: Secret,
    keeper: Keeper,
}

/// What keeps the database within reach. The order of members is the order of dropping: PostgreSQL stops before the
/// lock is let go.
#[derive(Debug)]
enum Keeper {
    /// Others run it.
    External,
    /// A running `serve` owns it.
    Neighbour { _address: SocketAddress },
    /// This program started it.
    Own { _server: Server, _lock: Lock },
}

/// PostgreSQL's own processes, and those of people looking at the database, beside the pools.
const SPARE_CONNECTIONS: u32 = 60;
const LOCK_LIMIT: Duration = Duration::from_secs(90);

impl Database {
    /// Finds the database that the settings name, starting a private one when they name none.
    pub fn open(config: &Config, mode: Mode) -> Result<Self> {
        match config.external_database()? {
            Some(url) => Ok(Self { url, keeper: Keeper::External }),
            None => Self::open_private(config, mode),
        }
    }

    /// The connection string, for the pools and for single connections.
    pub fn url(&self) -> &str {
        self.url.reveal()
    }

    /// Does this program run the database itself?
    pub fn is_own(&self) -> bool {
        matches!(self.keeper, Keeper::Own { .. })
    }

    fn open_private(config: &Config, mode: Mode) -> Result<Self> {
        if mode == Mode::Beside && !config.data_dir.exists() {
            return Err(no_database(config));
        }
        private::closed_folder(&config.data_dir)?;
        let folder = config.data_dir.join("postgres");
        let purpose = if mode == Mode::Serve { Use::Serve } else { Use::Command };
        let deadline = Instant::now() + LOCK_LIMIT;
        loop {
            match lock::take(&config.data_dir, purpose)? {
                Ok(_) if mode == Mode::Beside && !private::is_made(&folder) => return Err(no_database(config)),
                Ok(lock) => return Self::start(config, &folder, lock),
                Err(Use::Serve) if mode == Mode::Serve => return Err(in_use(&config.data_dir)),
                Err(Use::Serve) => {
                    if let Some(database) = Self::beside(&folder) {
                        return Ok(database);
                    }
                }
                Err(Use::Command) => {}
            }
            if Instant::now() > deadline {
                return Err(in_use(&config.data_dir));
            }
            sleep(Duration::from_millis(50));
        }
    }

    fn start(config: &Config, folder: &Path, lock: Lock) -> Result<Self> {
        let settings = ServerSettings { connections: Sizes::of(config).total() + SPARE_CONNECTIONS, durable: true };
        let server = Server::start(folder, &settings)?;
        Ok(Self { url: server.address().gateway(), keeper: Keeper::Own { _server: server, _lock: lock } })
    }

    /// The neighbour's database, once it is made; its schema may still be on its way, which migrating waits for.
    fn beside(folder: &Path) -> Option<Self> {
        let address = SocketAddress::of(folder).ok().filter(SocketAddress::has_database)?;
        Some(Self { url: address.gateway(), keeper: Keeper::Neighbour { _address: address } })
    }
}

fn no_database(config: &Config) -> Error {
    let folder = config.data_dir.display();
    let sentence = format!(
        "There is no gateway's database in {folder}: run this in the folder where “serve” runs, or say where it is with \
         --data-dir or --database-url. “serve” and “migrate” make a new one."
    );
    Error::for_operator(INTERNAL, sentence)
}

fn in_use(data_dir: &Path) -> Error {
    let sentence = format!(
        "Another gateway uses the data folder {}: stop it, or choose another folder with --data-dir.",
        data_dir.display()
    );
    Error::for_operator(INTERNAL, sentence)
}
