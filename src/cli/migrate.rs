//! `migrate`: brings the schema up to date and exits.

use std::process::ExitCode;

use crate::cli::run::with_database;
use crate::config::Config;
use crate::error::Result;
use crate::store::Mode;

/// Opening the database migrates it, so there is nothing left to do but to say so.
pub(super) fn migrate(config: Config) -> Result<ExitCode> {
    with_database(config, Mode::Migrate, |_, _| {
        println!("The database schema is up to date.");
        Ok(ExitCode::SUCCESS)
    })
}
