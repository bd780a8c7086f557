//! `demo`: the gateway at work. It starts as `serve` does on a private database, plays a school's software and the
//! sector's staff over HTTP, and goes on serving.

mod client;
mod expect;
mod prepare;
mod reading;
mod show;
mod writing;

use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener},
    process::ExitCode,
};

use actix_web::rt::System;
use clap::Args;
use tokio::sync::oneshot;

use crate::access::ClientKind;
use crate::cli::demo::client::{DemoClient, IssuedCredentials};
use crate::cli::demo::prepare::PreparedSchool;
use crate::cli::demo::show::say;
use crate::cli::run::{Shutdown, off_thread};
use crate::cli::serve::{ReadyGateway, bind};
use crate::config::Config;
use crate::error::Result;
use crate::store::Pools;

/// What to show.
#[derive(Debug, Clone, Args)]
pub struct DemoArguments {
    /// How many sample schools, of some 9,000 records each
    #[arg(long, env = "SCHOOLS", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=1_000), value_name = "N")]
    schools: u64,
    /// End after the round trip instead of going on serving; the exit status says whether all went as it should
    #[arg(long, env = "ONCE")]
    once: bool,
}

/// Requests a second: nobody shall wait for the limit in a demonstration.
const RATE: u32 = 1_000;

/// Serves and shows.
pub(super) fn demo(config: Config, arguments: DemoArguments) -> Result<ExitCode> {
    System::new().block_on(async {
        let shutdown = Shutdown::listen()?;
        let config = of_demonstration(config);
        say("Starting a private PostgreSQL and the gateway …");
        let gateway = ReadyGateway::open(&config, bind_somewhere(&config)?).await?;
        let (url, pools) = (gateway.url.clone(), gateway.pools.clone());
        let (finish, finished) = oneshot::channel::<()>();
        let until = async {
            tokio::select! {
                () = shutdown.clone().received() => (),
                // The sender is dropped, not used, when the demonstration is to go on.
                Ok(()) = finished => (),
            }
        };
        let show = async {
            let outcome = tokio::select! {
                outcome = round_trip(&url, pools, &arguments) => outcome,
                () = shutdown.clone().received() => interrupted(arguments.once),
            };
            if outcome.is_err() || arguments.once {
                let _ = finish.send(());
            }
            outcome
        };
        let (served, shown) = tokio::join!(gateway.run(until), show);
        served.and(shown).map(|()| ExitCode::SUCCESS)
    })
}

/// Told to stop in its midst: nobody who asked for the whole round trip shall take it for done.
fn interrupted(once: bool) -> Result<()> {
    if once { Err(client::failed("Stopped before the round trip was complete.")) } else { Ok(()) }
}

/// The same settings, with log lines that would disturb left out.
pub(super) fn quiet(config: &Config) -> Config {
    let log_level = if config.log_level == "info" { "warn".to_owned() } else { config.log_level.clone() };
    Config { log_level, ..config.clone() }
}

/// The settings of a demonstration: always on the private database, so that no sample lands among real records.
fn of_demonstration(config: Config) -> Config {
    if config.database_url.is_some() || config.database_url_file.is_some() {
        say("The demonstration leaves DATABASE_URL alone and uses a private database.");
    }
    let (rate_limit, rate_burst) = (config.rate_limit.max(RATE), config.rate_burst.max(RATE));
    Config { database_url: None, database_url_file: None, rate_limit, rate_burst, ..config }
}

/// Listens where it is told to, or, if that place is taken, at any free port.
fn bind_somewhere(config: &Config) -> Result<TcpListener> {
    match TcpListener::bind(config.listen) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            say(format!("{} is taken: a free port is used instead.", config.listen));
            bind(&Config { listen: SocketAddr::new(config.listen.ip(), 0), ..config.clone() })
        }
        Ok(listener) => Ok(listener),
        // The error is told as `serve` tells it.
        Err(_) => bind(config),
    }
}

/// The whole demonstration.
async fn round_trip(url: &str, pools: Pools, arguments: &DemoArguments) -> Result<()> {
    show::step("Invented schools");
    let schools = arguments.schools;
    let prepared = off_thread(move || prepare::schools(schools)).await?;
    show::schools(&prepared);
    let clients = Clients::make(pools, &prepared).await?;
    let software = DemoClient::with_token(url, &clients.software).await?;
    writing::push(&software, &prepared).await?;
    writing::push_again(&software, &prepared).await?;
    writing::push_fault(&software, &prepared[0]).await?;
    let staff = DemoClient::with_token(url, &clients.staff).await?;
    reading::read(&staff, &prepared).await?;
    show::next_steps(url, &clients, &prepared[0], arguments.once);
    Ok(())
}

/// The clients of the demonstration.
pub(super) struct Clients {
    /// A vendor's software, for exactly the sample schools.
    pub software: IssuedCredentials,
    /// Staff of the sector, for all schools; sensitive fields are masked.
    pub staff: IssuedCredentials,
    /// Whoever makes clients.
    pub admin: IssuedCredentials,
}

impl Clients {
    async fn make(pools: Pools, prepared: &[PreparedSchool]) -> Result<Self> {
        let codes = prepared.iter().map(|school| school.code.clone()).collect();
        off_thread(move || {
            let connection = &mut *pools.write.get()?;
            Ok(Self {
                software: client::make(connection, "Demo: school software", ClientKind::SchoolSoftware, Some(codes))?,
                staff: client::make(connection, "Demo: sector staff", ClientKind::SectorStaff, None)?,
                admin: client::make(connection, "Demo: administrator", ClientKind::Admin, None)?,
            })
        })
        .await
    }
}
