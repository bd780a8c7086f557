//! `tenant`: the provinces that one installation serves. Works beside running gateways, which notice within half a second,
//! and alone.

use std::process::ExitCode;

use clap::Subcommand;
use diesel::PgConnection;
use serde_json::json;

use crate::cli::run::with_database;
use crate::config::Config;
use crate::error::Result;
use crate::store::Mode;
use crate::store::tenants::{self, Tenant, TenantState};

/// What to do with tenants.
#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Make a tenant: a schema of its own, without clients
    Create {
        /// A small letter, then small letters, digits and _, such as hai_phong
        name: String,
    },
    /// List the tenants, one JSON object a line
    List,
    /// Serve a tenant no longer; everything of it is kept
    Suspend {
        /// Its name
        name: String,
    },
    /// Serve a tenant again
    Resume {
        /// Its name
        name: String,
    },
    /// Remove a tenant that is suspended, with everything in it, for good
    Drop {
        /// Its name
        name: String,
    },
}

/// Runs the command; prints one JSON object a line.
///
/// # Errors
/// What is wrong with the name, and what the database says.
pub fn tenant(config: Config, command: TenantCommand) -> Result<ExitCode> {
    with_database(config, Mode::Beside, move |_, pools| {
        run(&command, &mut *pools.work.get()?)?;
        Ok(ExitCode::SUCCESS)
    })
}

fn run(command: &TenantCommand, connection: &mut PgConnection) -> Result<()> {
    match command {
        TenantCommand::Create { name } => print(&tenants::create(connection, name)?),
        TenantCommand::List => tenants::list(connection)?.iter().for_each(print),
        TenantCommand::Suspend { name } => print(&tenants::set_state(connection, name, TenantState::Suspended)?),
        TenantCommand::Resume { name } => print(&tenants::set_state(connection, name, TenantState::Active)?),
        TenantCommand::Drop { name } => {
            tenants::drop(connection, name)?;
            println!("{}", json!({ "name": name, "state": "dropped" }));
        }
    }
    Ok(())
}

fn print(tenant: &Tenant) {
    let Tenant { name, schema, state, created_at } = tenant;
    println!("{}", json!({ "name": **name, "schema": **schema, "state": state.as_str(), "createdAt": created_at }));
}
