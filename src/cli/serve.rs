//! `serve`: the database, the schema, the HTTP server, and an orderly end.

use std::{net::TcpListener, process::ExitCode, sync::Arc};

use actix_web::rt::System;

use super::run::{Shutdown, off_thread, open};
use crate::{
    config::Config,
    error::{Error, INTERNAL, Result},
    http,
    store::Mode,
};

/// Serves until told to stop.
pub(super) fn serve(config: Config) -> Result<ExitCode> {
    System::new().block_on(async {
        let shutdown = Shutdown::listen()?;
        let listener = bind(&config)?;
        let url = format!("http://{}", listener.local_addr().map_err(Error::internal)?);
        let public_url = config.public_url.clone().or_else(|| Some(url.clone()));
        let config = Arc::new(Config { public_url, ..config });
        let (database, pool) = open(config.clone(), Mode::Serve).await?;
        if !shutdown.is_told() {
            tracing::info!(url, private_database = database.is_own(), "ready");
            println!("School Gateway listens on {url}");
            http::run(config, pool, listener, shutdown.told()).await?;
        }
        tracing::info!("stopping");
        off_thread(move || {
            drop(database);
            Ok(ExitCode::SUCCESS)
        })
        .await
    })
}

fn bind(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(config.listen).map_err(|error| {
        Error::new(INTERNAL, format!("Nothing can be served on {}: {error}. Choose another with --listen.", config.listen))
    })
}
