//! What became of the files: the reports, the issues as CSV, the rejected records.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{Stdout, Write, stdout},
    path::Path,
};

use reqwest::{Response, header::CONTENT_TYPE};
use serde_json::{Value, json};

use crate::cli::file_fault::cannot_be_written;
use crate::cli::push::follow::Done;
use crate::cli::push::gateway::GatewayClient;
use crate::cli::push::parcel::Parcel;
use crate::cli::push::patience::cut;
use crate::cli::push::{PushArguments, PushFailure, PushResult, REJECTED};
use crate::cli::report::{Format, Lines, Output, csv};
use crate::intake::sniff::Content;
use crate::model::messages::{Message, message};

/// Issues of one file whose lines are looked up.
const LOOKED_UP: usize = 100_000;

/// What is told of all files.
pub struct Summary<'a> {
    output: &'a Output,
    only_stored: bool,
    largest_record: usize,
    issues: Option<csv::IssueWriter<Stdout>>,
    rejected: Option<(String, File)>,
    annotated: Option<(String, File)>,
    any_rejected: bool,
}

impl<'a> Summary<'a> {
    /// Before anything is sent: a file that cannot be written is said at once.
    pub fn begin(arguments: &'a PushArguments, largest_record: usize) -> PushResult<Self> {
        let (rejected, annotated) = (created(arguments.rejected.as_deref())?, created(arguments.annotated.as_deref())?);
        let csv = arguments.output.format == Format::Csv && !arguments.respond_async;
        let issues = csv.then(|| csv::IssueWriter::begin(stdout())).transpose().map_err(unwritable)?;
        let (output, only_stored) = (&arguments.output, arguments.respond_async);
        Ok(Self { output, only_stored, largest_record, issues, rejected, annotated, any_rejected: false })
    }

    /// Tells what became of one file.
    pub async fn report(&mut self, gateway: &GatewayClient, parcel: &Parcel, done: Done) -> PushResult<()> {
        let Done { mut report, replayed } = done;
        let id = report["id"].as_str().unwrap_or_default().to_owned();
        report["file"] = json!(parcel.name);
        if self.only_stored {
            self.stored(&report, &parcel.name, &id);
            return Ok(());
        }
        if replayed {
            self.was_there(&report, parcel);
        }
        let rejected = report["counts"]["rejected"].as_u64().unwrap_or_default();
        self.any_rejected |= rejected > 0;
        let mut issues =
            if self.issues.is_some() { all_issues(gateway, &id, self.output.shown()).await? } else { Vec::new() };
        self.mark(parcel, &mut report, &mut issues);
        if let Some(lines) = &mut self.issues {
            issues.iter().try_for_each(|issue| lines.write(issue)).map_err(unwritable)?;
        }
        if self.output.format == Format::Table {
            println!("{} → {}/v1/submissions/{id}", parcel.name, gateway.url);
        }
        self.output.print(&report);
        if let (true, Some(file)) = (rejected > 0, &mut self.rejected) {
            let path = format!("/v1/submissions/{id}/rejected");
            save(gateway.lines(message("push-fetching-rejected"), &path).await?, file).await?;
        }
        if let Some(file) = &mut self.annotated {
            let (what, path) = (message("push-fetching-workbook"), format!("/v1/submissions/{id}"));
            let response = gateway.streamed(what, &path, Content::Workbook.media_type()).await?;
            if !is_workbook(&response) {
                return Err(PushFailure::Gateway(message("push-file-not-kept")));
            }
            save(response, file).await?;
        }
        Ok(())
    }

    fn in_words(&self, sentence: &Message) -> String {
        sentence.in_language(self.output.labels().0)
    }

    fn stored(&self, report: &Value, name: &str, id: &str) {
        match self.output.format {
            Format::Json => println!("{report}"),
            _ => println!("{}", self.in_words(&message("push-stored").with("file", name).with("id", id))),
        }
    }

    /// Nobody shall take an old report for a new one.
    fn was_there(&self, report: &Value, parcel: &Parcel) {
        let at = report["receivedAt"].as_str().unwrap_or_default();
        eprintln!("{}", self.in_words(&message("push-sent-before").with("file", &parcel.name).with("at", at)));
    }

    /// File and line, beside the place of the record.
    fn mark(&self, parcel: &Parcel, report: &mut Value, issues: &mut [Value]) {
        let lists = |report: &Value| {
            let of = |list: &str, member: &str| -> Vec<u64> {
                report[list].as_array().into_iter().flatten().filter_map(|found| found[member].as_u64()).collect()
            };
            [of("issues", "index"), of("issueGroups", "firstIndex")].concat()
        };
        let listed = issues.iter().filter_map(|issue| issue["index"].as_u64()).take(LOOKED_UP);
        let wanted: BTreeSet<u64> = lists(report).into_iter().chain(listed).collect();
        let lines =
            parcel.path.as_deref().map(|path| Lines::of(path, self.largest_record, &wanted)).unwrap_or_default();
        for (list, member) in [("issues", "index"), ("issueGroups", "firstIndex")] {
            report[list].as_array_mut().into_iter().flatten().for_each(|found| lines.mark(found, member, &parcel.name));
        }
        issues.iter_mut().for_each(|issue| lines.mark(issue, "index", &parcel.name));
    }

    /// All files are done: the exit status.
    pub fn end(self) -> PushResult<u8> {
        if let Some(lines) = self.issues {
            lines.end().map_err(unwritable)?;
        }
        Ok(if self.any_rejected { REJECTED } else { 0 })
    }
}

/// A file that will be written, with its name.
fn created(path: Option<&Path>) -> PushResult<Option<(String, File)>> {
    let Some(path) = path else { return Ok(None) };
    let name = path.display().to_string();
    match File::create(path) {
        Ok(file) => Ok(Some((name, file))),
        Err(error) => Err(PushFailure::Usage(cannot_be_written(&name, &error))),
    }
}

/// Writes an answer to a file as it comes.
async fn save(mut response: Response, (name, file): &mut (String, File)) -> PushResult<()> {
    while let Some(part) = response.chunk().await.map_err(|error| cut(&error))? {
        file.write_all(&part).map_err(|error| PushFailure::Usage(cannot_be_written(name, &error)))?;
    }
    Ok(())
}

fn is_workbook(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == Content::Workbook.media_type())
}

fn unwritable(error: std::io::Error) -> PushFailure {
    PushFailure::Usage(cannot_be_written("-", &error))
}

/// The issues of a submission, one a line, as many as are wanted.
async fn all_issues(gateway: &GatewayClient, id: &str, wanted: usize) -> PushResult<Vec<Value>> {
    read_lines(gateway.lines(message("push-fetching-issues"), &format!("/v1/submissions/{id}/issues")).await?, wanted)
        .await
}

async fn read_lines(mut response: Response, wanted: usize) -> PushResult<Vec<Value>> {
    let (mut pending, mut found) = (Vec::new(), Vec::new());
    while let Some(part) = response.chunk().await.map_err(|error| cut(&error))? {
        pending.extend_from_slice(&part);
        let Some(end) = memchr::memrchr(b'\n', &pending) else { continue };
        let rest = pending.split_off(end + 1);
        let lines = std::mem::replace(&mut pending, rest);
        found.extend(lines.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()));
        if found.len() >= wanted {
            break;
        }
    }
    found.truncate(wanted);
    Ok(found)
}
