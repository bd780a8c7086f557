//! `serve`: the database, the schema, the HTTP server, and an orderly end.

use std::{future::Future, net::TcpListener, process::ExitCode, sync::Arc};

use actix_web::rt::System;

use crate::cli::run::{OpenDatabase, Shutdown, off_thread, open};
use crate::config::{Config, DEFAULT_TENANT};
use crate::error::{Error, INTERNAL, Result};
use crate::http;
use crate::store::{Database, Mode, Pools};

/// Serves until told to stop.
pub(super) fn serve(config: Config) -> Result<ExitCode> {
    System::new().block_on(async {
        let shutdown = Shutdown::listen()?;
        let gateway = ReadyGateway::open(&config, bind(&config)?).await?;
        if shutdown.is_received() {
            gateway.close().await?;
        } else {
            gateway.run(shutdown.received()).await?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// A gateway that is ready to serve: its database is open and its schema current.
pub(super) struct ReadyGateway {
    /// The address under which it will be reached.
    pub url: String,
    /// Connections to its database.
    pub pools: Pools,
    config: Arc<Config>,
    database: Database,
    listener: TcpListener,
}

impl ReadyGateway {
    /// Opens the database for a server on `listener`.
    pub async fn open(config: &Config, listener: TcpListener) -> Result<Self> {
        let url = format!("http://{}", listener.local_addr().map_err(Error::internal)?);
        let public_url = config.public_url.clone().or_else(|| Some(url.clone()));
        // All tenants are served; those of the default come without a name.
        let config = Arc::new(Config { public_url, tenant: DEFAULT_TENANT.to_owned(), ..config.clone() });
        let open = open(config.clone(), Mode::Serve).await?;
        open.needs(|tenant| tenant == DEFAULT_TENANT)?;
        for (tenant, why) in &open.failed {
            tracing::error!(tenant, why, "a tenant is not served: its schema could not be brought up to date");
        }
        let OpenDatabase { database, pools, .. } = open;
        Ok(Self { url, pools, config, database, listener })
    }

    /// Serves until `shutdown` ends, then closes the database.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<()> {
        tracing::info!(url = self.url, private_database = self.database.is_own(), "ready");
        println!("School Gateway listens on {}", self.url);
        let served = http::run(self.config, self.pools, self.listener, shutdown).await;
        tracing::info!("stopping");
        close(self.database).await.and(served)
    }

    /// Closes the database without having served.
    pub async fn close(self) -> Result<()> {
        drop(self.pools);
        close(self.database).await
    }
}

/// Closing stops a private database, which takes a moment.
async fn close(database: Database) -> Result<()> {
    off_thread(move || {
        drop(database);
        Ok(())
    })
    .await
}

/// The place to serve on.
pub(super) fn bind(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(config.listen).map_err(|error| {
        Error::for_operator(
            INTERNAL,
            format!("Nothing can be served on {}: {error}. Choose another with --listen.", config.listen),
        )
    })
}
