//! `keys`: the keys that sign tokens. They are changed by themselves; this is for an operator who wants it now.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use crate::access::audit::Actor;
use crate::access::keys;
use crate::cli::run::with_database;
use crate::config::Config;
use crate::error::Result;
use crate::store::Mode;

/// What to do with the keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a new signing key; tokens signed with the one before stay valid until they expire
    Rotate,
}

/// Runs the command; prints the id of the new key.
///
/// # Errors
/// What the database says.
pub fn keys(config: Config, command: KeysCommand) -> Result<ExitCode> {
    let KeysCommand::Rotate = command;
    with_database(config, Mode::Beside, |_, pools| {
        println!("{}", json!({ "keyId": keys::rotate(&mut *pools.write.get()?, &Actor::default())? }));
        Ok(ExitCode::SUCCESS)
    })
}
