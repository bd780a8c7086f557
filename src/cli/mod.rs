//! The command line: what the program can be told to do.

mod client;
mod demo;
mod file_fault;
mod keys;
mod logs;
mod migrate;
mod reference;
mod openapi;
mod push;
mod report;
mod run;
mod sample;
mod serve;
mod settings;
mod tenant;
mod sheet_arguments;
mod usage;
mod validate;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::Config;
use crate::error::Result;
use crate::panics;

pub use crate::cli::run::with_database;

/// An open gateway to the education sector database: takes the records of schools, validates, stores and serves them.
#[derive(Debug, Parser)]
#[command(name = "school-gateway", version, max_term_width = 120)]
struct CommandLine {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

/// One variant a command, one file a variant.
#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the schema up to date, then serve until told to stop
    Serve,
    /// Bring the schema up to date and exit
    Migrate,
    /// Make, list, suspend and drop tenants: provinces that this installation serves
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Make, list, revoke clients and give them other secrets
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Change the keys that sign tokens
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Load code lists and administrative units
    #[command(subcommand)]
    Reference(reference::ReferenceCommand),
    /// Check files of records by the gateway's rules, without a gateway
    Validate(validate::ValidateArguments),
    /// Send files of records to a gateway, and tell what became of them
    Push(push::PushArguments),
    /// Show the gateway at work with invented schools, on a private database, and go on serving
    Demo(demo::DemoArguments),
    /// Write invented schools that keep every rule to standard output, as NDJSON
    Sample(sample::SampleArguments),
    /// Print the OpenAPI document of the API
    Openapi,
}

/// Runs the program as its arguments and environment say.
pub fn main() -> ExitCode {
    let matches = definition().try_get_matches().unwrap_or_else(|error| usage::end(&error));
    let CommandLine { config, command } = match CommandLine::from_arg_matches(&matches) {
        Ok(line) => line,
        Err(error) => usage::end(&error),
    };
    logs::start(&match command {
        Command::Demo(_) => demo::quiet(&config),
        // They say all that there is to say themselves.
        Command::Validate(_) | Command::Push(_) => logs::silent(&config),
        _ => config.clone(),
    });
    panics::tell_by_place();
    match run::without_foreign_settings(&config).and_then(|()| dispatch(config, command)) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {}", error.detail());
            ExitCode::FAILURE
        }
    }
}

fn dispatch(config: Config, command: Command) -> Result<ExitCode> {
    match command {
        Command::Serve => serve::serve(config),
        Command::Migrate => migrate::migrate(config),
        Command::Tenant(command) => tenant::tenant(config, command),
        Command::Client(command) => client::client(config, command),
        Command::Keys(command) => keys::keys(config, command),
        Command::Reference(command) => reference::reference(config, command),
        Command::Validate(arguments) => validate::validate(&config, &arguments),
        Command::Push(arguments) => push::push(&config, arguments),
        Command::Demo(arguments) => demo::demo(config, arguments),
        Command::Sample(arguments) => sample::write(&arguments),
        Command::Openapi => openapi::openapi(),
    }
}

/// The definition of the command line, for help texts and their tests.
pub fn definition() -> clap::Command {
    settings::arranged(CommandLine::command())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        definition().debug_assert();
    }

    #[test]
    fn settings_may_follow_the_command() {
        for words in [
            "serve --listen 127.0.0.1:0 --max-body-bytes 3MiB",
            "--listen 127.0.0.1:0 client --max-body-bytes 3MiB list",
            "client list --listen 127.0.0.1:0 --max-body-bytes 3MiB",
        ] {
            let words = std::iter::once("school-gateway").chain(words.split(' '));
            let matches = definition().try_get_matches_from(words).unwrap();
            let line = CommandLine::from_arg_matches(&matches).unwrap();
            assert_eq!(line.config.listen.port(), 0);
            assert_eq!(line.config.max_body_bytes, 3 << 20);
        }
    }

    #[test]
    fn flags_of_validate_and_push_have_environment_variables() {
        let definition = definition();
        let commands =
            definition.get_subcommands().filter(|command| ["validate", "push"].contains(&command.get_name()));
        let flags = commands.flat_map(clap::Command::get_arguments).filter(|argument| argument.get_long().is_some());
        for flag in flags.filter(|flag| flag.get_id() != "help") {
            assert!(flag.get_env().is_some(), "{}", flag.get_id());
        }
    }

    #[test]
    fn every_setting_has_an_environment_variable() {
        for argument in
            definition().get_arguments().filter(|argument| !["help", "version"].contains(&argument.get_id().as_str()))
        {
            let variable = argument.get_env().map(|name| name.to_string_lossy().into_owned());
            let expected =
                argument.get_long().map(|flag| format!("SCHOOL_GATEWAY_{}", flag.to_uppercase().replace('-', "_")));
            assert_eq!(variable, expected, "of {}", argument.get_id());
        }
    }
}
