//! Sheets on their way in: rows become records at the door, and from there on a sheet is a submission like any other.

use super::notes;
use super::places::Places;
use super::split::Piece;
use super::spool::{Body, Encoding, Parts, Spool, Wire, decompressed, too_large};
use super::{Work, submission};
use crate::engine::sheet::cell::Reader;
use crate::engine::sheet::convert::{Converter, Record, skipped};
use crate::engine::sheet::delimited::Delimited;
use crate::engine::sheet::heading::Names;
use crate::engine::sheet::plan::{Part, plan};
use crate::engine::sheet::row::Fault;
use crate::engine::sheet::workbook::Workbook;
use crate::error::{self, Error, Result};
use crate::model;
use crate::model::issue::{Issue, Severity};
use crate::model::lists::Lists;
use crate::model::rules::catalogue as rule;
use crate::model::spec::Spec;
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tempfile::SpooledTempFile;
use uuid::Uuid;

/// A workbook up to this size waits in memory for its end, a longer one in a file without a name.
const IN_MEMORY: usize = 8 << 20;

/// Reads a sheet to its end: how many records it holds, and whether it was broken off.
pub(super) fn take_in<I: Parts>(
    spool: Spool,
    work: &Work,
    id: Uuid,
    body: Body,
    encoding: Encoding,
    wire: &mut Wire<I>,
) -> Result<(u64, bool)> {
    let mut connection = work.pool.get()?;
    let (lists, client) = (work.lists(&mut connection)?, submission::find(&mut connection, id)?.map(|found| found.client));
    drop(connection);
    let mut intake = Intake { spool, work, lists, client, places: Places::new(id), bytes: Vec::new(), failed: None };
    // The libraries below read what strangers made; a fault of theirs is the file's, not the gateway's.
    let taken = catch_unwind(AssertUnwindSafe(|| match body {
        Body::Workbook(only) => intake.workbook(only, encoding, wire),
        Body::Csv(spec) => intake.delimited(spec, encoding, wire),
        Body::Records(_) => Ok(false),
    }));
    let broken = taken.unwrap_or_else(|_| Err(intake.unreadable(&Fault::Unreadable("tệp không đọc được", "the file cannot be read"))))?;
    if let Some(error) = intake.failed {
        return Err(error);
    }
    intake.places.flush(&work.pool)?;
    intake.spool.hand_over();
    Ok((intake.spool.records, broken))
}

struct Intake<'w> {
    spool: Spool,
    work: &'w Work,
    lists: Arc<Lists>,
    client: Option<Uuid>,
    places: Places,
    bytes: Vec<u8>,
    /// Why places could not be stored.
    failed: Option<Error>,
}

impl Intake<'_> {
    fn delimited<I: Parts>(&mut self, spec: &'static Spec, encoding: Encoding, wire: &mut Wire<I>) -> Result<bool> {
        let limit = self.work.config.max_body_bytes;
        let mut spent = false;
        let source = Bounded { inner: decompressed(encoding, wire)?, left: limit, spent: &mut spent };
        let mut rows = Delimited::new(source, self.work.config.max_record_bytes as usize);
        let (lists, names) = (self.lists.clone(), Names::of(spec));
        let Some(columns) = rows.locate(&names, &lists) else {
            let (is_text, cut) = (rows.looks_utf8(), rows.is_cut());
            drop(rows);
            return match (spent, cut) {
                (true, _) => Err(too_large(limit)),
                (_, true) => Ok(true),
                _ => Err(no_headings(spec, is_text)),
            };
        };
        self.places.sheet("", Some(&columns), spec.name);
        let mut converter = Converter::new("", &columns, Vec::new());
        let mut reader = self.reader(&lists);
        let done = converter.run(&mut rows, &mut reader, &mut |record| self.take(&record));
        let cut = rows.is_cut();
        drop(rows);
        if spent {
            return Err(too_large(limit));
        }
        done.map_err(|fault| self.unreadable(&fault))?;
        converter.finish(&[], &mut |record| self.take(&record));
        match (self.spool.records, cut) {
            (0, false) => Err(Error::new(error::BAD_REQUEST, "There is no record under the headings.")),
            _ => Ok(cut),
        }
    }

    fn workbook<I: Parts>(&mut self, only: Option<&'static Spec>, encoding: Encoding, wire: &mut Wire<I>) -> Result<bool> {
        let limit = self.work.config.max_body_bytes;
        let Some(file) = self.file(encoding, wire)? else { return Ok(true) };
        let lists = self.lists.clone();
        let mut workbook = Workbook::open(file, limit).map_err(|fault| self.unreadable(&fault))?;
        let parts = plan(&mut workbook, only, &lists).map_err(|fault| self.unreadable(&fault))?;
        let sheets = workbook.sheets.clone();
        let name = |at: usize| sheets.get(at).map(|sheet| sheet.name.as_str()).unwrap_or_default();
        let mut said: Vec<Issue> = Vec::new();
        for part in &parts {
            match part {
                Part::Other(at) => said.push(skipped(name(*at), Severity::Info)),
                Part::Headless(at) => {
                    self.places.sheet(name(*at), None, "");
                    self.take(&Record { row: 1, bytes: b"", issues: &[skipped(name(*at), Severity::Error)], too_long: false, beside: &[] });
                }
                Part::Records { .. } => (),
            }
        }
        let mut reader = self.reader(&lists);
        for part in &parts {
            let Part::Records { sheet, columns } = part else { continue };
            self.places.sheet(name(*sheet), Some(columns), columns.spec.name);
            let mut converter = Converter::new(name(*sheet), columns, std::mem::take(&mut said));
            let read = workbook.rows(*sheet).and_then(|mut rows| {
                converter.hidden_columns(&rows.hidden_columns);
                converter.run(&mut rows, &mut reader, &mut |record| self.take(&record)).map(|()| rows.merged)
            });
            match read {
                Ok(merged) => said = converter.finish(&merged, &mut |record| self.take(&record)),
                Err(Fault::TooLarge) => return Err(self.unreadable(&Fault::TooLarge)),
                // What came before stands, as of every body that breaks off.
                Err(_) if self.spool.records > 0 => return Ok(true),
                Err(fault) => return Err(self.unreadable(&fault)),
            }
        }
        if self.spool.records == 0 {
            return Err(Error::new(error::BAD_REQUEST, no_sheet(only)));
        }
        Ok(false)
    }

    /// The whole body, where it can be read in any order; nothing when it was cut.
    fn file<I: Parts>(&self, encoding: Encoding, wire: &mut Wire<I>) -> Result<Option<SpooledTempFile>> {
        let limit = self.work.config.max_body_bytes;
        let mut file = tempfile::spooled_tempfile_in(IN_MEMORY, self.work.config.scratch());
        let mut spent = false;
        let mut source = Bounded { inner: decompressed(encoding, wire)?, left: limit, spent: &mut spent };
        let mut part = vec![0; 1 << 16];
        loop {
            match source.read(&mut part) {
                Ok(0) => return Ok(Some(file)),
                Ok(length) => file.write_all(&part[..length]).map_err(Error::internal)?,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => (),
                Err(_) => break,
            }
        }
        drop(source);
        match (spent, wire.cut) {
            (true, _) => Err(too_large(limit)),
            (_, true) => Ok(None),
            _ => Err(Error::new(error::BAD_REQUEST, "The body is not compressed as “Content-Encoding” says.")),
        }
    }

    /// Passes a record on.
    fn take(&mut self, record: &Record) {
        self.places.row(self.spool.records, record.row);
        if self.places.is_full()
            && let Err(error) = self.places.flush(&self.work.pool)
        {
            self.failed = Some(error);
        }
        let limit = self.work.config.max_record_bytes as usize;
        if record.too_long || record.bytes.len() > limit {
            return self.spool.push(Piece::TooLong);
        }
        self.bytes.clear();
        self.bytes.extend_from_slice(record.bytes);
        self.bytes.push(b'\n');
        notes::push(&mut self.bytes, record.issues, record.beside);
        self.spool.push(Piece::Noted(&self.bytes));
    }

    fn reader<'l>(&self, lists: &'l Lists) -> Reader<'l> {
        let mut reader = Reader::new(lists, self.work.today());
        reader.crosswalks = self.client.and_then(|client| lists.crosswalks(client));
        reader
    }

    fn unreadable(&self, fault: &Fault) -> Error {
        match fault {
            Fault::TooLarge => too_large(self.work.config.max_body_bytes),
            Fault::Unreadable(vi, en) => Error::new(error::BAD_REQUEST, format!("The sheet cannot be read: {en} ({vi}).")),
        }
    }
}

/// Stops at the limit and says so.
struct Bounded<'s, R> {
    inner: R,
    left: u64,
    spent: &'s mut bool,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(out)?;
        match self.left.checked_sub(length as u64) {
            Some(left) => self.left = left,
            None => {
                *self.spent = true;
                return Err(std::io::Error::other("more than is taken"));
            }
        }
        Ok(length)
    }
}

/// The headings that every record of the resource needs.
fn needed(spec: &Spec) -> String {
    let fields = spec.fields.iter().filter(|field| field.required);
    fields.map(|field| format!("{} ({})", field.title(), field.json)).collect::<Vec<_>>().join(", ")
}

fn no_headings(spec: &'static Spec, is_text: bool) -> Error {
    if !is_text {
        let mut issue = Issue::new(&rule::TX_002, "");
        issue.with("at", "1");
        let detail = "The CSV is not UTF-8; save it as “CSV UTF-8”.";
        return Error::new(error::BAD_REQUEST, detail).issues(vec![issue]);
    }
    let (name, needed) = (spec.name, needed(spec));
    let detail = format!(
        "No row of headings of {name} was found among the first 20; these columns are needed: {needed}. Template: /v1/templates/{name}.xlsx."
    );
    Error::new(error::BAD_REQUEST, detail)
}

fn no_sheet(only: Option<&'static Spec>) -> String {
    let names = only.map_or_else(|| model::all().iter().map(|spec| spec.name).collect::<Vec<_>>().join(", "), |spec| spec.name.to_owned());
    format!("No sheet holds records under the headings of a resource ({names}). Templates: /v1/templates/{{resource}}.xlsx.")
}
