//! `push`: files to a running gateway, each as one submission, with retries. The key of a submission follows from what
//! is sent, so that the same command after a cut, a crash or a power loss goes on where it stood: nothing is taken
//! twice.

mod follow;
mod gateway;
mod key;
mod parcel;
mod patience;
mod summary;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use tokio::runtime::Runtime;

use crate::cli::file_fault::cannot_be_read;
use crate::cli::push::gateway::{Credentials, GatewayClient};
use crate::cli::push::parcel::Parcel;
use crate::cli::push::summary::Summary;
use crate::cli::report::{Labels, Output, labels};
use crate::cli::sheet_arguments::SheetArguments;
use crate::config::{Config, Secret};
use crate::error::{Error, Result};
use crate::model::messages::{Message, message};

/// Records were rejected.
const REJECTED: u8 = 1;
/// The arguments make no sense, or a file cannot be read.
const USAGE: u8 = 2;
/// The gateway cannot be reached, or refuses.
const GATEWAY: u8 = 3;
/// Ctrl-C, as shells tell it.
const INTERRUPTED: u8 = 130;

/// Why there is no report.
pub enum PushFailure {
    /// What was asked makes no sense.
    Usage(Message),
    /// The gateway cannot be reached, or refuses.
    Gateway(Message),
}

/// What goes well, or does not.
pub type PushResult<T> = Result<T, PushFailure>;

/// What becomes of the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// What is right is kept
    Commit,
    /// Everything is checked, nothing kept
    Validate,
}

/// Whether records stand for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Atomicity {
    /// Each record stands for itself
    Record,
    /// One rejected record, and nothing of the file is kept
    All,
}

/// What becomes of a record that names one which is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnMissing {
    /// It waits, and is applied when the other comes
    Park,
    /// It is rejected
    Reject,
}

fn word(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// Files to send, where to, and how.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Exit status: 0 all records accepted (or stored to be worked on, with --async); 1 some rejected; 2 wrong arguments or an \
    unreadable file; 3 the gateway cannot be reached or refuses; 130 stopped by Ctrl-C.\n\
    The same command again goes on where it stood: nothing is taken twice. Give the secret by environment or file, for others can read arguments."
)]
pub struct PushArguments {
    /// Files of records: NDJSON, JSON, CSV, XLSX or XLS, also compressed with gzip or Zstandard; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The gateway's address
    #[arg(long, env = "GATEWAY_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    url: String,
    /// The client's id
    #[arg(long, env = "CLIENT_ID", value_name = "ID")]
    client_id: Option<String>,
    /// The client's secret; better given by its variable or by file
    #[arg(long, env = "CLIENT_SECRET", hide_env_values = true, value_name = "SECRET")]
    client_secret: Option<Secret>,
    /// File whose first line is the client's secret
    #[arg(long, env = "CLIENT_SECRET_FILE", value_name = "FILE", conflicts_with = "client_secret")]
    client_secret_file: Option<PathBuf>,
    /// What becomes of the records
    #[arg(long, env = "SUBMISSION_MODE", value_enum, default_value = "commit")]
    mode: Mode,
    /// Whether records stand for themselves
    #[arg(long, env = "ATOMICITY", value_enum, default_value = "record")]
    atomicity: Atomicity,
    /// What becomes of a record that names one which is not there
    #[arg(long, env = "ON_MISSING_REFERENCE", value_enum, default_value = "park")]
    on_missing_reference: OnMissing,
    /// The resource of a CSV file's rows
    #[arg(long, env = "RESOURCE", value_name = "NAME")]
    resource: Option<String>,
    #[command(flatten)]
    of_sheets: SheetArguments,
    /// End when the files are stored safely, without waiting for the report
    #[arg(long = "async", env = "PUSH_ASYNC", conflicts_with = "wait")]
    respond_async: bool,
    /// Wait for the report; so it is unless told otherwise
    #[arg(long, env = "PUSH_WAIT")]
    wait: bool,
    /// Send as new what was sent before, instead of asking what became of it
    #[arg(long, env = "PUSH_AGAIN")]
    again: bool,
    /// Send as it is, without compressing
    #[arg(long, env = "NO_COMPRESS")]
    no_compress: bool,
    /// Compress with Zstandard what is not compressed; so it is unless told otherwise
    #[arg(long, env = "COMPRESS", conflicts_with = "no_compress")]
    compress: bool,
    /// How often something is tried again before giving up
    #[arg(long, env = "RETRIES", default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    retries: u32,
    /// Save the rejected records here, one a line, ready to be mended and sent again
    #[arg(long, env = "REJECTED_FILE", value_name = "FILE", conflicts_with = "respond_async")]
    rejected: Option<PathBuf>,
    /// Save the sheet that is sent here as a workbook (XLSX), with what is to be mended coloured, noted and listed in it; of one file
    #[arg(long, env = "ANNOTATED_FILE", value_name = "FILE", conflicts_with = "respond_async")]
    annotated: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// Sends the files one after the other.
pub(super) fn push(config: &Config, arguments: PushArguments) -> Result<ExitCode> {
    let runtime = Runtime::new().map_err(Error::internal)?;
    let (largest_record, words) = (config.max_record_bytes as usize, arguments.output.labels());
    let outcome = runtime.block_on(async {
        tokio::select! {
            outcome = send(&arguments, largest_record) => outcome,
            _ = tokio::signal::ctrl_c() => {
                eprintln!("\n{}", message("push-stopped").in_language(words.0));
                Ok(INTERRUPTED)
            }
        }
    });
    // A thread may still wait for the next part of a file or a pipe: it is not waited for.
    runtime.shutdown_background();
    Ok(ExitCode::from(match outcome {
        Ok(status) => status,
        Err(PushFailure::Usage(sentence)) => complain(&sentence, words, USAGE),
        Err(PushFailure::Gateway(sentence)) => complain(&sentence, words, GATEWAY),
    }))
}

fn complain(sentence: &Message, words: Labels, status: u8) -> u8 {
    eprintln!("{}: {}", words.of(labels::ERROR), sentence.in_language(words.0));
    status
}

async fn send(arguments: &PushArguments, largest_record: usize) -> PushResult<u8> {
    let gateway = GatewayClient::new(arguments.url.trim_end_matches('/'), credentials(arguments)?, arguments)?;
    let mut summary = Summary::begin(arguments, largest_record)?;
    let mut parcels = Vec::new();
    for path in &arguments.files {
        // Before anything is sent: a file that cannot be read shall not be found after an hour's sending.
        parcels.push(Parcel::of(path, !arguments.no_compress)?);
        if arguments.resource.is_none()
            && parcels.last().is_some_and(|parcel| parcel.content == crate::intake::sniff::Content::Csv)
        {
            return Err(PushFailure::Usage(message("push-csv-of-what").with("file", path.display())));
        }
    }
    if arguments.annotated.is_some() && !matches!(&parcels[..], [sheet] if sheet.content.form().is_none()) {
        return Err(PushFailure::Usage(message("push-annotated-one")));
    }
    for parcel in &parcels {
        let done = gateway.submit(parcel, arguments).await?;
        summary.report(&gateway, parcel, done).await?;
    }
    summary.end()
}

fn credentials(arguments: &PushArguments) -> PushResult<Credentials> {
    let id = arguments.client_id.clone().filter(|id| !id.trim().is_empty());
    let lacking = |what: Message| PushFailure::Usage(message("push-who-sends").with("what", what));
    let id = id.ok_or_else(|| lacking(message("push-id-lacks")))?;
    let secret = match (&arguments.client_secret, &arguments.client_secret_file) {
        (Some(secret), _) => secret.clone(),
        (None, Some(file)) => {
            let cannot = |error| PushFailure::Usage(cannot_be_read(&file.display().to_string(), &error));
            Secret::new(std::fs::read_to_string(file).map_err(cannot)?.lines().next().unwrap_or_default().trim())
        }
        (None, None) => return Err(lacking(message("push-secret-lacks"))),
    };
    if secret.reveal().is_empty() { Err(lacking(message("push-secret-empty"))) } else { Ok(Credentials { id, secret }) }
}
