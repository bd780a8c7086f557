//! `validate`: the gateway's own rules over files, without a gateway and without a database.

use std::{
    fs::File,
    io::{Read, stdin, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{
    reference,
    report::{Format, Output, csv},
};
use crate::{
    config::Config,
    error::{BAD_REQUEST, Error, Result},
    http::report,
    model::{issue::Reader, lists::Lists},
    store::reference::lists_of,
    work::{
        day_of, now,
        offline::{Checked, Files, check},
        sniff::{self, Content},
    },
};

/// Groups in the report, as the gateway gives them.
const GROUPS: usize = 100;
/// Records would be rejected.
const REJECTED: u8 = 1;
/// A file cannot be read, or the arguments make no sense.
const UNREADABLE: u8 = 2;

/// Files to check, and how.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Exit status: 0 no record would be rejected (there may be warnings); 1 some would; 2 a file cannot be read.")]
pub struct ValidateArguments {
    /// Files of records: NDJSON or a JSON array, also packed with gzip or Zstandard; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Code lists and administrative units to judge by, as `reference load` takes them; may be repeated
    #[arg(long, env = "REFERENCE_FILES", value_name = "FILE", value_delimiter = ',')]
    reference: Vec<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// Checks the files together: a record may name one of another file.
pub(super) fn validate(config: &Config, arguments: &ValidateArguments) -> Result<ExitCode> {
    Ok(run(config, arguments).unwrap_or_else(|error| {
        eprintln!("error: {}", error.detail);
        ExitCode::from(UNREADABLE)
    }))
}

fn run(config: &Config, arguments: &ValidateArguments) -> Result<ExitCode> {
    let lists = lists(&arguments.reference)?;
    let mut files = Files::new(config.max_record_bytes as usize);
    arguments.files.iter().try_for_each(|path| take_in(&mut files, path))?;
    files.close()?;
    let bar = bar(files.list().iter().map(|file| file.records).sum());
    let checked = check(&files, &lists, day_of(now()), arguments.output.shown(), &|done| bar.set_position(done))?;
    bar.finish_and_clear();
    tell(&files, &checked, &arguments.output)?;
    Ok(match (files.list().iter().any(|file| file.cut), checked.tally.total.rejected) {
        (true, _) => ExitCode::from(UNREADABLE),
        (false, 0) => ExitCode::SUCCESS,
        (false, _) => ExitCode::from(REJECTED),
    })
}

fn lists(files: &[PathBuf]) -> Result<Lists> {
    let files: Vec<_> = files.iter().map(|path| reference::file(path)).collect::<Result<_>>()?;
    lists_of(&files)
}

fn take_in(files: &mut Files, path: &Path) -> Result<()> {
    let name = path.display().to_string();
    let cannot = |error: std::io::Error| Error::new(BAD_REQUEST, format!("{name} cannot be read: {error}."));
    let reader: Box<dyn Read> = if name == "-" { Box::new(stdin()) } else { Box::new(File::open(path).map_err(cannot)?) };
    let mut opened = sniff::peek(reader).and_then(sniff::unpacked).map_err(cannot)?;
    let not_yet = || {
        Error::new(
            BAD_REQUEST,
            format!("{name} is a table, not NDJSON or JSON; `push` sends it, and `push --mode validate` has it checked."),
        )
    };
    let form = Content::of(&name, &opened.head).form().ok_or_else(not_yet)?;
    files.take_in(&name, form, &mut opened.reader)
}

/// On standard error; nothing where that is no terminal.
fn bar(records: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(records).with_style(style)
}

fn tell(files: &Files, checked: &Checked, output: &Output) -> Result<()> {
    let reader = Reader { language: output.language.into(), sensitive: true };
    if output.format == Format::Csv {
        let mut lines = csv::Issues::begin(stdout().lock()).map_err(Error::internal)?;
        for entry in checked.issues.shown() {
            lines.write(&placed(files, report::issue(entry, reader), "index")).map_err(Error::internal)?;
        }
        return lines.end().map_err(Error::internal);
    }
    output.print(&whole(files, checked, reader));
    Ok(())
}

/// The report, as the gateway's `mode=validate` gives it, and what only this check has to say.
fn whole(files: &Files, checked: &Checked, reader: Reader) -> Value {
    let tally = &checked.tally;
    let issues: Vec<Value> = checked.issues.shown().map(|entry| placed(files, report::issue(entry, reader), "index")).collect();
    let groups = checked.issues.groups();
    let groups: Vec<Value> = groups.iter().take(GROUPS).map(|group| placed(files, report::group(group, reader), "firstIndex")).collect();
    json!({
        "status": if files.list().iter().any(|file| file.cut) { "failed" } else { "completed" }, "result": tally.result(),
        "mode": "validate", "atomicity": "record", "files": files.list(), "counts": tally.total, "byResource": tally.by_resource,
        "issues": issues, "issueGroups": groups, "unjudged": checked.unjudged,
    })
}

/// The place among the records of all files becomes file, place in it, and line.
fn placed(files: &Files, mut found: Value, member: &str) -> Value {
    if let Some(position) = found[member].as_u64().and_then(|index| files.position(index)) {
        found["file"] = json!(position.file.name);
        found["line"] = json!(position.line);
        found[member] = json!(position.index);
    }
    found
}
