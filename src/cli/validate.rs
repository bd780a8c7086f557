//! `validate`: the gateway's own rules over files, without a gateway and without a database.

use std::{
    fs::File,
    io::{Read, stdin, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::cli::file_fault::cannot_be_read;
use crate::cli::reference;
use crate::cli::report::{Format, Output, csv, labels};
use crate::cli::sheet_arguments::SheetArguments;
use crate::config::Config;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::http::api::submission_report::{IssueGroup, ReportedIssue};
use crate::intake::sheet::around::context::{NoFacts, SheetContext};
use crate::intake::sheet::layouts::layout::{Layout, layouts};
use crate::intake::sheet::records::plan::called;
use crate::intake::sniff;
use crate::intake::sniff::Content;
use crate::model;
use crate::model::issue::Reader;
use crate::model::lists::Lists;
use crate::model::messages::message;
use crate::model::moment::{day_of, now};
use crate::model::spec::Spec;
use crate::model::wording::BodyForm;
use crate::store::reference::lists_of;
use crate::submission::offline::{Checked, Files, check};
use crate::submission::sheets::{SheetTerms, Sheets};

/// Groups in the report, as the gateway gives them.
const GROUPS: usize = 100;
/// Records would be rejected.
const REJECTED: u8 = 1;
/// A file cannot be read, or the arguments make no sense.
const UNREADABLE: u8 = 2;

/// Files to check, and how.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Exit status: 0 no record would be rejected (there may be warnings); 1 some would; 2 a file cannot be read."
)]
pub struct ValidateArguments {
    /// Files of records: NDJSON, a JSON array, CSV, XLSX or XLS, also compressed with gzip or Zstandard; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Code lists and administrative units to judge by, as `reference load` takes them; may be repeated
    #[arg(long, env = "REFERENCE_FILES", value_name = "FILE", value_delimiter = ',')]
    reference: Vec<PathBuf>,
    /// The resource of the rows in CSV files and workbooks, where it shall not be known by names and headings
    #[arg(long, env = "RESOURCE", value_name = "NAME", value_parser = resource())]
    resource: Option<&'static Spec>,
    /// A layout of sheets that the gateway knows beside its own, as JSON (docs/sheets.md); may be repeated
    #[arg(long = "layout", env = "LAYOUT_FILES", value_name = "FILE", value_delimiter = ',')]
    layouts: Vec<PathBuf>,
    #[command(flatten)]
    of_sheets: SheetArguments,
    #[command(flatten)]
    output: Output,
}

/// The names of the resources, each of which stands for its resource.
fn resource() -> impl TypedValueParser<Value = &'static Spec> {
    let names = PossibleValuesParser::new(model::all().iter().map(|spec| spec.name));
    names.try_map(|name| model::find(&name).ok_or("there is no such resource"))
}

/// Checks the files together: a record may name one of another file.
pub(super) fn validate(config: &Config, arguments: &ValidateArguments) -> Result<ExitCode> {
    Ok(run(config, arguments).unwrap_or_else(|error| {
        let words = arguments.output.labels();
        eprintln!("{}: {}", words.of(labels::ERROR), error.message.in_form(words.0, BodyForm::Sheet));
        ExitCode::from(UNREADABLE)
    }))
}

fn run(config: &Config, arguments: &ValidateArguments) -> Result<ExitCode> {
    let lists = lists(&arguments.reference)?;
    let layouts: Vec<Layout> = arguments.layouts.iter().map(|path| layout(path)).collect::<Result<_>>()?;
    let today = day_of(now());
    let mut files = Files::new(config.max_record_bytes as usize);
    for path in &arguments.files {
        let given = arguments.of_sheets.given(path);
        let terms = SheetTerms {
            lists: &lists,
            crosswalks: None,
            today,
            largest_body: config.max_body_bytes,
            largest_record: config.max_record_bytes as usize,
            scratch: config.scratch(),
            context: SheetContext { given: &given, school: None, facts: &NoFacts, layouts: &layouts },
        };
        take_in(&mut files, path, arguments.resource, &terms)?;
    }
    files.close()?;
    let bar = bar(files.list().iter().map(|file| file.records).sum());
    let checked = check(&files, &lists, today, arguments.output.shown(), &|done| bar.set_position(done))?;
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

fn take_in(files: &mut Files, path: &Path, resource: Option<&'static Spec>, terms: &SheetTerms) -> Result<()> {
    let name = path.display().to_string();
    let cannot = |error: std::io::Error| Error::new(BAD_REQUEST, cannot_be_read(&name, &error));
    let reader: Box<dyn Read> =
        if name == "-" { Box::new(stdin()) } else { Box::new(File::open(path).map_err(cannot)?) };
    let mut opened = sniff::peek(reader).and_then(sniff::decompressed).map_err(cannot)?;
    // Text of which the resource is said is a table, whatever its file is called.
    let content = Content::of(if resource.is_some() { "rows.csv" } else { &name }, &opened.head);
    let sheets = match (content.form(), content) {
        (Some(form), _) => return files.take_in(&name, form, &mut opened.reader),
        (None, Content::Workbook | Content::LegacyWorkbook) => Sheets::Workbook(resource),
        // As a sheet may be called after its resource, so may a file.
        (None, _) => match path.file_stem().and_then(|stem| called(stem.to_str()?)) {
            Some(spec) if resource.is_none() => Sheets::PerhapsCsv(spec),
            _ => Sheets::Csv(resource),
        },
    };
    files.take_in_sheets(&name, sheets, &mut opened.reader, terms)
}

/// A layout as an administrator would add it, whose name none of the program's has.
fn layout(path: &Path) -> Result<Layout> {
    let name = path.display().to_string();
    let text = std::fs::read(path).map_err(|error| Error::new(BAD_REQUEST, cannot_be_read(&name, &error)))?;
    let fault = match serde_json::from_slice::<Layout>(&text) {
        Err(error) => message("layout-file").with("line", error.line()).with("column", error.column()),
        Ok(layout) if layouts().iter().any(|known| known.name == layout.name) => {
            message("layout-of-the-program").with("name", layout.name)
        }
        Ok(layout) => match layout.fault() {
            Some(fault) => fault,
            None => return Ok(layout),
        },
    };
    Err(Error::new(BAD_REQUEST, message("fault-of-file").with("file", name).with("fault", fault)))
}

/// On standard error; nothing where that is no terminal.
fn bar(records: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(records).with_style(style)
}

fn tell(files: &Files, checked: &Checked, output: &Output) -> Result<()> {
    let reader = Reader::new(output.language.into(), true);
    if output.format == Format::Csv {
        let mut lines = csv::IssueWriter::begin(stdout().lock()).map_err(Error::internal)?;
        for entry in checked.issues.shown() {
            lines.write(&placed(files, json!(ReportedIssue::of(entry, reader)), "index")).map_err(Error::internal)?;
        }
        return lines.end().map_err(Error::internal);
    }
    output.print(&full_report(files, checked, reader));
    Ok(())
}

/// The report, as the gateway's `mode=validate` gives it, and what only this check has to say.
fn full_report(files: &Files, checked: &Checked, reader: Reader) -> Value {
    let tally = &checked.tally;
    let issues: Vec<Value> =
        checked.issues.shown().map(|entry| placed(files, json!(ReportedIssue::of(entry, reader)), "index")).collect();
    let groups = checked.issues.groups();
    let groups: Vec<Value> = groups
        .iter()
        .take(GROUPS)
        .map(|group| placed(files, json!(IssueGroup::of(group, reader)), "firstIndex"))
        .collect();
    json!({
        "status": if files.list().iter().any(|file| file.cut) { "failed" } else { "completed" }, "result": tally.result(),
        "mode": "validate", "atomicity": "record", "files": files.list(), "counts": tally.total, "byResource": tally.by_resource,
        "issues": issues, "issueGroups": groups, "unjudged": checked.unjudged,
    })
}

/// The place among the records of all files becomes file, place in it, and line, where that is none of a sheet.
fn placed(files: &Files, mut found: Value, member: &str) -> Value {
    if let Some(position) = found[member].as_u64().and_then(|index| files.position(index)) {
        found["file"] = json!(position.file.name);
        found[member] = json!(position.index);
        if found["row"].is_null() {
            found["line"] = json!(position.line);
        }
    }
    found
}
