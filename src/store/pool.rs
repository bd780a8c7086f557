//! Connections to the database, kept open and alike.

use diesel::{
    PgConnection,
    connection::SimpleConnection,
    r2d2::{ConnectionManager, CustomizeConnection, Error as ConnectionError},
};

use crate::config::Config;
use crate::error::{Error, INTERNAL, Result};

/// The connections that all requests share.
pub type Pool = diesel::r2d2::Pool<ConnectionManager<PgConnection>>;
/// One connection lent by the [`Pool`].
pub type PooledConnection = diesel::r2d2::PooledConnection<ConnectionManager<PgConnection>>;

/// Settings of every session, sent once when it opens.
#[derive(Debug)]
struct Session {
    statement_timeout_seconds: u64,
}

impl CustomizeConnection<PgConnection, ConnectionError> for Session {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), ConnectionError> {
        // Compiling queries at run time, or planning a kept statement anew for each list of keys, costs more than these
        // queries take. What an inner loop found is hardly ever asked for twice: batches and checks name each key once.
        // A kept plan that was made while a table was small would read the whole of it for each key when it has grown.
        let settings = format!(
            "SET application_name = 'school-gateway'; SET timezone = 'UTC'; SET client_min_messages = warning; SET jit = off; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_memoize = off; \
             SET statement_timeout = '{}s'; SET idle_in_transaction_session_timeout = '15min'",
            self.statement_timeout_seconds
        );
        connection.batch_execute(&settings).map_err(ConnectionError::QueryError)
    }
}

/// Opens the pool on `url`: a few connections at once, the others when they are needed.
pub fn build(config: &Config, url: &str) -> Result<Pool> {
    Pool::builder()
        .max_size(config.pool_size)
        .min_idle(Some(config.pool_size.min(2)))
        .connection_timeout(config.pool_wait())
        // A connection that the server has closed is not noticed otherwise, and would fail for ever.
        .test_on_check_out(true)
        .connection_customizer(Box::new(Session { statement_timeout_seconds: config.statement_timeout_seconds }))
        .build(ConnectionManager::new(url))
        .map_err(|_| {
            Error::new(INTERNAL, "The database cannot be reached: check that it runs and that DATABASE_URL is right.")
        })
}
