//! How settings are given: each variable has a prefix, its name without it goes on being accepted, and the help of a
//! command shows the settings that it uses.

use clap::{Arg, Command};
use std::env::var_os;
use std::ffi::{OsStr, OsString};

/// What every variable begins with.
const PREFIX: &str = "SCHOOL_GATEWAY_";

const LOGGING: &[&str] = &["log_format", "log_level"];
const DATABASE: &[&str] = &["database_url", "database_url_file", "data_dir"];
/// Of the limits of a server, those by which files are checked too.
const CHECKING: &[&str] = &["max_body_bytes", "max_record_bytes", "data_dir"];
const SENDING: &[&str] = &["max_record_bytes"];

/// The settings that a command uses; `None`: all of them.
fn used(command: &str) -> Option<Vec<&'static str>> {
    match command {
        "serve" | "demo" => None,
        "migrate" | "client" | "keys" | "reference" => Some([LOGGING, DATABASE].concat()),
        "validate" => Some(CHECKING.to_vec()),
        "push" => Some(SENDING.to_vec()),
        _ => Some(Vec::new()),
    }
}

/// The command line with its variables prefixed, each command's help with its own settings only.
pub(super) fn arranged(command: Command) -> Command {
    let command = prefixed(command);
    let settings: Vec<Arg> = command.get_arguments().filter(|argument| argument.is_global_set()).cloned().collect();
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.iter().fold(command, |command, name| match used(name) {
        None => command,
        Some(used) => {
            let foreign = settings.iter().filter(|setting| !used.contains(&setting.get_id().as_str()));
            let hidden: Vec<Arg> = foreign.map(|setting| setting.clone().hide(true)).collect();
            command.mut_subcommand(name, |sub| hide(sub, &hidden))
        }
    })
}

/// An argument that a command has already is not given to it again as one of all commands.
fn hide(command: Command, hidden: &[Arg]) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = command.args(hidden.iter().cloned());
    names.iter().fold(command, |command, name| command.mut_subcommand(name, |sub| hide(sub, hidden)))
}

/// `LISTEN` becomes `SCHOOL_GATEWAY_LISTEN`; where only the old name is set, that one is read.
pub(super) fn prefixed(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = command.mut_args(|argument| {
        let Some(old) = argument.get_env().map(ToOwned::to_owned) else { return argument };
        let new = prefixed_name(&old);
        let only_old = var_os(&new).is_none() && var_os(&old).is_some();
        argument.env(if only_old { old } else { new })
    });
    names.iter().fold(command, |command, name| command.mut_subcommand(name, prefixed))
}

/// `GATEWAY_URL` has half of the prefix already.
fn prefixed_name(old: &OsStr) -> OsString {
    let mut name = OsString::from(PREFIX);
    name.push(old.to_str().and_then(|old| old.strip_prefix("GATEWAY_")).map_or(old, OsStr::new));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(path: &[&str]) -> String {
        let mut command = crate::cli::definition();
        command.build();
        let found = path.iter().fold(&mut command, |command, name| command.find_subcommand_mut(name).unwrap());
        found.render_long_help().to_string()
    }

    #[test]
    fn the_help_of_a_command_shows_what_it_uses() {
        assert!(help(&["serve"]).contains("--rate-limit") && help(&["serve"]).contains("--database-url"));
        assert!(help(&["client", "create"]).contains("--database-url"));
        for (path, flag) in [
            (&["client", "create"][..], "--rate-limit"),
            (&["client", "create"], "--listen"),
            (&["push"], "--database-url"),
            (&["sample"], "--log-level"),
            (&["openapi"], "--data-dir"),
            (&["validate"], "--pool-size"),
        ] {
            assert!(!help(path).contains(flag), "{path:?} shows {flag}");
        }
    }

    #[test]
    fn every_name_that_is_told_of_is_a_setting() {
        let known: Vec<String> =
            crate::cli::definition().get_arguments().map(|argument| argument.get_id().to_string()).collect();
        for name in [LOGGING, DATABASE, CHECKING, SENDING].concat() {
            assert!(known.contains(&name.to_owned()), "{name}");
        }
    }
}
