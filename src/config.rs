//! Every setting once: its flag, its environment variable, its default and what it means.

mod values; // how the values of settings are read

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use self::values::{at_least_one, bytes, log_level, public_url};
use crate::error::{Error, INTERNAL, Result};

/// The tenant that is there from the beginning, and that commands are about when they name none.
pub const DEFAULT_TENANT: &str = "default";

/// A text that must never reach a log: `Debug` and `Display` show stars.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from view.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Text on a terminal, else JSON.
    Auto,
    /// One JSON object a line.
    Json,
    /// Lines for people.
    Text,
}

/// The settings. Flags may stand before or after the command; a flag goes before its environment variable.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// Address and port to serve on; port 0 takes any free one
    #[arg(long, env = "LISTEN", global = true, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// PostgreSQL to use, as `postgresql://user:password@host/database`; without one a private PostgreSQL is started
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true, value_name = "URL")]
    pub database_url: Option<Secret>,
    /// File whose first line is the database URL, for secrets given by file
    #[arg(long, env = "DATABASE_URL_FILE", global = true, value_name = "FILE")]
    pub database_url_file: Option<PathBuf>,
    /// Where the private PostgreSQL keeps its data
    #[arg(long, env = "DATA_DIR", global = true, default_value = "./.school-gateway", value_name = "FOLDER")]
    pub data_dir: PathBuf,
    /// Address and port of `/metrics`, apart from the API; without it there are none
    #[arg(long, env = "METRICS_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<SocketAddr>,
    /// The gateway's address as clients see it, also the issuer of its tokens; default: `http://` and the listening
    /// address
    #[arg(long, env = "PUBLIC_URL", global = true, value_name = "URL", value_parser = public_url)]
    pub public_url: Option<String>,
    /// The tenant that `client`, `keys` and `reference` are about; `tenant list` shows them
    #[arg(long, env = "TENANT", global = true, default_value = DEFAULT_TENANT, value_name = "NAME")]
    pub tenant: String,
    /// How log lines look
    #[arg(long, env = "LOG_FORMAT", global = true, value_enum, default_value = "auto", value_name = "FORMAT")]
    pub log_format: LogFormat,
    /// What is logged: `error`, `warn`, `info`, `debug`, or directives as `school_gateway=debug,info`
    #[arg(long, env = "LOG_LEVEL", global = true, default_value = "info", value_name = "LEVEL", value_parser = log_level)]
    pub log_level: String,

    /// Database connections for requests: half of them to read, a quarter to write, a quarter for whole results; what runs
    /// by itself has its own beside them
    #[arg(long, env = "POOL_SIZE", global = true, default_value_t = 16, value_parser = clap::value_parser!(u32).range(4..=1000), hide_short_help = true, help_heading = "Limits")]
    pub pool_size: u32,
    /// Seconds that a request waits for a database connection, or for a school that a submission holds, before it is
    /// answered 503
    #[arg(
        long,
        env = "POOL_WAIT_SECONDS",
        global = true,
        default_value_t = 5,
        hide_short_help = true,
        help_heading = "Limits"
    )]
    pub pool_wait_seconds: u64,
    /// Seconds after which the database gives up a statement of a request that only reads
    #[arg(
        long,
        env = "READ_TIMEOUT_SECONDS",
        global = true,
        default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=3600),
        hide_short_help = true,
        help_heading = "Limits"
    )]
    pub read_timeout_seconds: u64,
    /// Seconds after which the database gives up any other statement
    #[arg(
        long,
        env = "STATEMENT_TIMEOUT_SECONDS",
        global = true,
        default_value_t = 300,
        hide_short_help = true,
        help_heading = "Limits"
    )]
    pub statement_timeout_seconds: u64,
    /// Requests that may wait for the database; one more is answered 503
    #[arg(
        long,
        env = "MAX_WAITING_REQUESTS",
        global = true,
        default_value_t = 256,
        hide_short_help = true,
        help_heading = "Limits"
    )]
    pub max_waiting_requests: usize,
    /// Threads that take requests
    #[arg(long, env = "HTTP_WORKERS", global = true, default_value_t = 2, value_parser = at_least_one, hide_short_help = true, help_heading = "Limits")]
    pub http_workers: usize,
    /// Submissions worked on at the same time
    #[arg(long, env = "JOB_WORKERS", global = true, default_value_t = 2, value_parser = at_least_one, hide_short_help = true, help_heading = "Limits")]
    pub job_workers: usize,
    /// Times that a submission is begun without getting on, before it is given up
    #[arg(
        long,
        env = "SUBMISSION_ATTEMPTS",
        global = true,
        default_value_t = 10,
        value_parser = clap::value_parser!(u32).range(1..=100),
        hide_short_help = true,
        help_heading = "Limits"
    )]
    pub submission_attempts: u32,
    /// Threads that write single records; the writes of one school wait for one of them
    #[arg(long, env = "SINGLE_WRITERS", global = true, default_value_t = 2, value_parser = at_least_one, hide_short_help = true, help_heading = "Limits")]
    pub single_writers: usize,
    /// Largest body after decompression: bytes, or with KiB, MiB, GiB
    #[arg(long, env = "MAX_BODY_BYTES", global = true, default_value = "2GiB", value_parser = bytes, hide_short_help = true, help_heading = "Limits")]
    pub max_body_bytes: u64,
    /// Memory that what a dry run accepted may take, some 200 bytes a record: bytes, or with KiB, MiB, GiB
    #[arg(long, env = "DRY_RUN_BYTES", global = true, default_value = "512MiB", value_parser = bytes, hide_short_help = true, help_heading = "Limits")]
    pub dry_run_bytes: u64,
    /// Largest single record: bytes, or with KiB, MiB
    #[arg(long, env = "MAX_RECORD_BYTES", global = true, default_value = "256KiB", value_parser = bytes, hide_short_help = true, help_heading = "Limits")]
    pub max_record_bytes: u64,
    /// Seconds that a request may take; a submission is answered 202 when its work takes longer
    #[arg(
        long,
        env = "REQUEST_TIMEOUT_SECONDS",
        global = true,
        default_value_t = 600,
        hide_short_help = true,
        help_heading = "Limits"
    )]
    pub request_timeout_seconds: u64,
    /// Seconds without a byte after which the body of a submission counts as cut
    #[arg(long, env = "BODY_IDLE_SECONDS", global = true, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600), hide_short_help = true, help_heading = "Limits")]
    pub body_idle_seconds: u64,
    /// Bodies of submissions that are received at the same time
    #[arg(long, env = "UPLOADS", global = true, default_value_t = 128, value_parser = at_least_one, hide_short_help = true, help_heading = "Limits")]
    pub uploads: usize,
    /// Bodies of submissions that are received from one client at the same time, and no more than are left free
    #[arg(long, env = "UPLOADS_PER_CLIENT", global = true, default_value_t = 32, value_parser = at_least_one, hide_short_help = true, help_heading = "Limits")]
    pub uploads_per_client: usize,
    /// Results that are sent as streams at the same time
    #[arg(long, env = "EXPORTS", global = true, default_value_t = 64, value_parser = at_least_one, hide_short_help = true, help_heading = "Limits")]
    pub exports: usize,
    /// Results that are sent as streams to one client at the same time, and no more than are left free
    #[arg(long, env = "EXPORTS_PER_CLIENT", global = true, default_value_t = 16, value_parser = at_least_one, hide_short_help = true, help_heading = "Limits")]
    pub exports_per_client: usize,
    /// Seconds that sending a result as a stream, or watching a submission, may take in all
    #[arg(long, env = "EXPORT_SECONDS", global = true, default_value_t = 3600, value_parser = clap::value_parser!(u64).range(1..), hide_short_help = true, help_heading = "Limits")]
    pub export_seconds: u64,
    /// Seconds that a client may leave a part of a result unread, and over which the least rate is judged
    #[arg(long, env = "STALL_SECONDS", global = true, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600), hide_short_help = true, help_heading = "Limits")]
    pub stall_seconds: u64,
    /// Bytes a second that a body or a result must move at least: bytes, or with KiB
    #[arg(long, env = "LEAST_RATE", global = true, default_value = "256", value_parser = bytes, hide_short_help = true, help_heading = "Limits")]
    pub least_rate: u64,
    /// Seconds that running requests are given to finish when the gateway is told to stop
    #[arg(
        long,
        env = "SHUTDOWN_SECONDS",
        global = true,
        default_value_t = 30,
        hide_short_help = true,
        help_heading = "Limits"
    )]
    pub shutdown_seconds: u64,
    /// Requests a second that each client may make, lastingly
    #[arg(long, env = "RATE_LIMIT", global = true, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..), hide_short_help = true, help_heading = "Limits")]
    pub rate_limit: u32,
    /// Requests that each client may make at once
    #[arg(long, env = "RATE_BURST", global = true, default_value_t = 400, value_parser = clap::value_parser!(u32).range(1..), hide_short_help = true, help_heading = "Limits")]
    pub rate_burst: u32,
    /// Seconds that an access token lives
    #[arg(long, env = "TOKEN_LIFETIME_SECONDS", global = true, default_value_t = 3600, value_parser = clap::value_parser!(u64).range(1..=86_400), hide_short_help = true, help_heading = "Limits")]
    pub token_lifetime_seconds: u64,
    /// Minutes after which a person who signed in at /console and asked for no page is signed out
    #[arg(long, env = "CONSOLE_IDLE_MINUTES", global = true, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600), hide_short_help = true, help_heading = "Limits")]
    pub console_idle_minutes: u32,
    /// Days that a key signs tokens before a new one takes its place
    #[arg(long, env = "KEY_ROTATION_DAYS", global = true, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650), hide_short_help = true, help_heading = "Limits")]
    pub key_rotation_days: u32,
    /// Days that stored bodies and rejected records are kept
    #[arg(
        long,
        env = "RETENTION_DAYS",
        global = true,
        default_value_t = 30,
        hide_short_help = true,
        help_heading = "Limits"
    )]
    pub retention_days: u32,
    /// Days that a record waits for its missing parent before it is rejected
    #[arg(
        long,
        env = "PARKED_DAYS",
        global = true,
        default_value_t = 30,
        hide_short_help = true,
        help_heading = "Limits"
    )]
    pub parked_days: u32,
    /// Days that the change log is kept: who reads it must not fall further behind
    #[arg(
        long,
        env = "CHANGE_LOG_DAYS",
        global = true,
        default_value_t = 400,
        value_parser = clap::value_parser!(u32).range(1..=36_500),
        hide_short_help = true,
        help_heading = "Limits"
    )]
    pub change_log_days: u32,
}

impl Config {
    /// The defaults, with what the environment says.
    pub fn from_environment() -> Result<Self> {
        use clap::{Args, Command, FromArgMatches};
        let settings = Self::augment_args(Command::new("settings"));
        let matches = settings.try_get_matches_from(["settings"]).map_err(setting_fault)?;
        Self::from_arg_matches(&matches).map_err(setting_fault)
    }

    /// The URL of the database given by flag, variable or file; `None`: a private one is wanted.
    pub fn external_database(&self) -> Result<Option<Secret>> {
        let given = match (&self.database_url, &self.database_url_file) {
            (Some(url), _) => Some(url.clone()),
            (None, Some(file)) => Some(first_line(file)?),
            (None, None) => None,
        };
        Ok(given.filter(|url| !url.reveal().trim().is_empty()))
    }

    /// Where files without a name may lie for a while: beside the data where those are the gateway's own, else the
    /// system's folder (`TMPDIR`).
    pub fn scratch(&self) -> PathBuf {
        if self.data_dir.is_dir() { self.data_dir.clone() } else { std::env::temp_dir() }
    }

    /// How long a request waits for a connection.
    pub fn pool_wait(&self) -> Duration {
        Duration::from_secs(self.pool_wait_seconds)
    }
}

fn setting_fault(error: clap::Error) -> Error {
    Error::for_operator(INTERNAL, error.to_string())
}

fn first_line(file: &std::path::Path) -> Result<Secret> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Error::for_operator(
            INTERNAL,
            format!("DATABASE_URL_FILE names {}, which cannot be read: {error}.", file.display()),
        )
    })?;
    Ok(Secret::new(text.lines().next().unwrap_or_default().trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_password_is_not_printed() {
        let mut config = Config::from_environment().unwrap();
        config.database_url = Some(Secret::new("postgresql://gateway:hidden-word@db/gateway"));
        assert!(!format!("{config:?}").contains("hidden-word"));
        assert_eq!(
            config.external_database().unwrap().unwrap().reveal(),
            "postgresql://gateway:hidden-word@db/gateway"
        );
    }

    #[test]
    fn a_missing_secret_file_is_named() {
        let mut config = Config::from_environment().unwrap();
        config.database_url = None;
        config.database_url_file = Some("/nonexistent/secret".into());
        assert!(config.external_database().unwrap_err().detail().contains("/nonexistent/secret"));
    }
}
