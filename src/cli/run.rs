//! What all commands share that use the database: it is opened and migrated before, and stopped after, whatever happens
//! in between.

use std::{
    env,
    os::unix::process::CommandExt,
    process::{Command, ExitCode},
    sync::Arc,
};

use actix_web::rt::System;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::spawn_blocking,
};

use crate::config::Config;
use crate::error::{Error, INTERNAL, Result};
use crate::store::{Database, Mode, Pools, migrations, session, tenants};

/// Becomes ready when the program is told to stop (SIGTERM, SIGINT). Clones become ready together.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Starts listening for the signals; from now on they no longer end the process by themselves.
    pub fn listen() -> Result<Self> {
        let (sender, receiver) = watch::channel(false);
        let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::internal)?;
        actix_web::rt::spawn(async move {
            either(&mut terminate, &mut interrupt).await;
            sender.send_replace(true);
            // The sender lives on: a dropped one would look like a signal to nobody, but costs nothing to keep.
            sender.closed().await;
        });
        Ok(Self(receiver))
    }

    /// Waits for the signal.
    pub async fn received(mut self) {
        let _ = self.0.wait_for(|told| *told).await;
    }

    /// Has it been told already?
    pub fn is_received(&self) -> bool {
        *self.0.borrow()
    }
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => (),
        _ = interrupt.recv() => (),
    }
}

/// A database that is open, with its schemas as far as they could be brought up to date.
pub(super) struct OpenDatabase {
    /// The database.
    pub database: Database,
    /// Connections to it, of the tenant that the settings name.
    pub pools: Pools,
    /// Tenants whose schema is not up to date, and why.
    pub failed: Vec<(String, String)>,
}

impl OpenDatabase {
    /// # Errors
    /// What is wrong with the first of these tenants that failed.
    pub fn needs(&self, is_needed: impl Fn(&str) -> bool) -> Result<()> {
        match self.failed.iter().find(|(tenant, _)| is_needed(tenant)) {
            None => Ok(()),
            Some((tenant, why)) => Err(Error::for_operator(INTERNAL, format!("Tenant “{tenant}”: {why}"))),
        }
    }
}

/// Opens the database and its pools and brings the schema up to date, on a thread where waiting is allowed.
pub(super) async fn open(config: Arc<Config>, mode: Mode) -> Result<OpenDatabase> {
    off_thread(move || {
        let database = Database::open(&config, mode)?;
        let mut connection = migrations::connect(database.url())?;
        if !database.is_own() {
            // Before anything is written: between them may stand a pooler.
            session::are_apart(&mut connection, &mut migrations::connect(database.url())?)?;
        }
        let migrated = migrations::run(&mut connection)?;
        for (tenant, names) in &migrated.ran {
            tracing::info!(tenant, count = names.len(), "a schema was brought up to date");
        }
        let tenant = tenants::find(&mut connection, &config.tenant)?;
        let pools = Pools::open(&config, database.url(), &tenant.schema)?;
        Ok(OpenDatabase { database, pools, failed: migrated.failed })
    })
    .await
}

/// A private database is none of those that the caller's `PG…` variables are meant for: the program begins anew without
/// them, for the database's library reads them wherever it connects to.
pub(super) fn without_foreign_settings(config: &Config) -> Result<()> {
    let foreign: Vec<_> =
        env::vars_os().map(|(name, _)| name).filter(|name| name.as_encoded_bytes().starts_with(b"PG")).collect();
    if foreign.is_empty() || !matches!(config.external_database(), Ok(None)) {
        return Ok(());
    }
    let mut command = Command::new(env::current_exe().map_err(Error::internal)?);
    command.args(env::args_os().skip(1));
    for name in foreign {
        command.env_remove(name);
    }
    Err(Error::internal(command.exec()))
}

/// Runs `work` where it may block.
pub(super) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(Error::internal)?
}

/// Runs a short command on the database: beside a running `serve`, or alone. Told to stop, it leaves the work and stops
/// what it started.
pub fn with_database(
    config: Config,
    mode: Mode,
    work: impl FnOnce(Arc<Config>, Pools) -> Result<ExitCode> + Send + 'static,
) -> Result<ExitCode> {
    System::new().block_on(async move {
        let shutdown = Shutdown::listen()?;
        let config = Arc::new(config);
        let open = open(config.clone(), mode).await?;
        // Each command does its part for as many tenants as it can; one alone needs its own.
        open.needs(|tenant| mode == Mode::Migrate || tenant == config.tenant)?;
        let OpenDatabase { database, pools, .. } = open;
        let outcome = tokio::select! {
            outcome = off_thread(move || work(config, pools)) => outcome,
            () = shutdown.received() => Ok(ExitCode::from(130)),
        };
        drop(database);
        outcome
    })
}
