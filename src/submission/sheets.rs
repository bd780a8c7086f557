//! Sheets on their way in: rows become records at the entry, and from there on a sheet is a submission like any other.

use crate::error;
use crate::error::{Error, Result};
use crate::intake::json::split::Piece;
use crate::intake::notes;
use crate::intake::sheet::cell::CellReader;
use crate::intake::sheet::columns::Columns;
use crate::intake::sheet::convert::{Converter, SheetRecord, skipped};
use crate::intake::sheet::delimited::Delimited;
use crate::intake::sheet::heading::Names;
use crate::intake::sheet::plan::{SheetPlan, plan};
use crate::intake::sheet::row::{Rows, SheetFault, SheetRow};
use crate::intake::sheet::workbook::Workbook;
use crate::model;
use crate::model::issue::{Issue, Severity};
use crate::model::lists::{Crosswalks, Lists};
use crate::model::messages::{Message, message};
use crate::model::rules::catalogue as rule;
use crate::model::spec::Spec;
use crate::submission::body_reader::too_large;
use chrono::NaiveDate;
use std::cell::Cell;
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use tempfile::SpooledTempFile;

/// A workbook up to this size waits in memory for its end, a longer one in a file without a name.
const IN_MEMORY: usize = 1 << 20;

/// What takes the records of sheets, and where they stood.
pub trait RecordSink {
    /// A sheet begins; without columns it is one that cannot be read.
    fn sheet(&mut self, name: &str, columns: Option<&Columns>);
    /// The next record, or what should be one, and its row.
    fn piece(&mut self, row: u64, piece: Piece);
    /// How many came of this body.
    fn records(&self) -> u64;
    /// Is there still use for them?
    fn wants_more(&self) -> bool {
        true
    }
}

/// A sheet, and what its rows are.
#[derive(Debug, Clone, Copy)]
pub enum Sheets {
    /// Delimited text of this resource; where none is said, of the one that the headings fit best.
    Csv(Option<&'static Spec>),
    /// Delimited text of this resource if its headings are there, else of the one that they fit best.
    PerhapsCsv(&'static Spec),
    /// A workbook; with a resource, all its sheets hold that one.
    Workbook(Option<&'static Spec>),
}

/// What sheets are read by.
pub struct SheetTerms<'l> {
    /// The code lists.
    pub lists: &'l Lists,
    /// What the sender's own codes mean.
    pub crosswalks: Option<&'l Crosswalks>,
    /// The day.
    pub today: NaiveDate,
    /// Bytes of a sheet at most.
    pub largest_body: u64,
    /// Bytes of a record at most.
    pub largest_record: usize,
    /// Where a long workbook waits.
    pub scratch: PathBuf,
}

/// Reads a sheet to its end, and says whether it was broken off.
///
/// # Errors
/// It is no such sheet, holds no record, or more than is taken.
pub fn read(sheets: Sheets, source: &mut dyn Read, terms: &SheetTerms, sink: &mut dyn RecordSink) -> Result<bool> {
    guarded(terms, sink, |intake| match sheets {
        Sheets::Csv(spec) => intake.delimited(spec, true, source),
        Sheets::PerhapsCsv(spec) => intake.delimited(Some(spec), false, source),
        Sheets::Workbook(only) => match intake.file(source)? {
            Some(file) => intake.workbook(only, file),
            None => Ok(true),
        },
    })
}

/// As [`read`], of a workbook that has come whole.
///
/// # Errors
/// As of [`read`].
pub fn read_workbook(
    only: Option<&'static Spec>,
    file: SpooledTempFile,
    terms: &SheetTerms,
    sink: &mut dyn RecordSink,
) -> Result<bool> {
    guarded(terms, sink, |intake| intake.workbook(only, file))
}

/// The libraries below read what strangers made; a fault of theirs is the file's, not the gateway's.
fn guarded<'i>(
    terms: &'i SheetTerms<'i>,
    sink: &'i mut dyn RecordSink,
    read: impl FnOnce(&mut Intake<'i>) -> Result<bool>,
) -> Result<bool> {
    let mut intake = Intake { terms, sink, bytes: Vec::new(), left: Rc::new(Cell::new(terms.largest_body)) };
    let taken = catch_unwind(AssertUnwindSafe(|| read(&mut intake)));
    taken.unwrap_or_else(|_| Err(intake.unreadable(&SheetFault::Unreadable(message("file-unreadable")))))
}

/// Where a body waits for its end: in memory while it is short, then in a file without a name.
pub fn waiting_file(scratch: &Path) -> SpooledTempFile {
    tempfile::spooled_tempfile_in(IN_MEMORY, scratch)
}

struct Intake<'i> {
    terms: &'i SheetTerms<'i>,
    sink: &'i mut dyn RecordSink,
    bytes: Vec<u8>,
    /// What the records may still come to: few texts may be many, repeated.
    left: Rc<Cell<u64>>,
}

impl<'i> Intake<'i> {
    fn delimited(&mut self, spec: Option<&'static Spec>, certain: bool, source: &mut dyn Read) -> Result<bool> {
        let terms = self.terms;
        let mut spent = false;
        let source = Bounded { inner: source, left: terms.largest_body, spent: &mut spent };
        let mut rows = Delimited::new(source, terms.largest_record);
        let said = spec.and_then(|spec| rows.locate(&[Names::of(spec)], terms.lists));
        let spec = spec.filter(|_| certain);
        let all = || model::all().iter().map(|spec| Names::of(spec)).collect::<Vec<_>>();
        let Some(columns) = said.or_else(|| if spec.is_none() { rows.locate(&all(), terms.lists) } else { None })
        else {
            let (is_text, cut) = (rows.looks_utf8(), rows.is_cut());
            drop(rows);
            return match (spent, cut) {
                (true, _) => Err(too_large(terms.largest_body)),
                (_, true) => Ok(true),
                _ => Err(no_headings(spec, is_text)),
            };
        };
        self.sink.sheet("", Some(&columns));
        let mut converter = Converter::new("", &columns, Vec::new());
        let mut counted = Counted { rows: &mut rows, left: self.left.clone() };
        let done = converter.run(&mut counted, &mut self.reader(), &mut |record| self.take(&record));
        let cut = rows.is_cut();
        drop(rows);
        if spent {
            return Err(too_large(terms.largest_body));
        }
        done.map_err(|fault| self.unreadable(&fault))?;
        converter.finish(&[], &mut |record| self.take(&record));
        match (self.sink.records(), cut) {
            (0, false) => Err(Error::new(error::BAD_REQUEST, message("sheet-without-records"))),
            _ => Ok(cut),
        }
    }

    fn workbook(&mut self, only: Option<&'static Spec>, file: SpooledTempFile) -> Result<bool> {
        let mut workbook = Workbook::open(file, self.terms.largest_body).map_err(|fault| self.unreadable(&fault))?;
        let parts = plan(&mut workbook, only, self.terms.lists).map_err(|fault| self.unreadable(&fault))?;
        let sheets = workbook.sheets.clone();
        let name = |at: usize| sheets.get(at).map(|sheet| sheet.name.as_str()).unwrap_or_default();
        let mut said: Vec<Issue> = Vec::new();
        for part in &parts {
            match part {
                SheetPlan::Other(at) => said.push(skipped(name(*at), Severity::Info)),
                SheetPlan::Headless(at) => {
                    self.sink.sheet(name(*at), None);
                    self.take(&SheetRecord {
                        row: 1,
                        bytes: b"",
                        issues: &[skipped(name(*at), Severity::Error)],
                        too_long: false,
                        beside: &[],
                    });
                }
                SheetPlan::Records { .. } => (),
            }
        }
        let mut reader = self.reader();
        for part in &parts {
            let SheetPlan::Records { sheet, columns } = part else { continue };
            self.sink.sheet(name(*sheet), Some(columns));
            let mut converter = Converter::new(name(*sheet), columns, std::mem::take(&mut said));
            let read = workbook.rows(*sheet).and_then(|mut rows| {
                converter.hidden_columns(&rows.hidden_columns);
                let mut counted = Counted { rows: &mut rows, left: self.left.clone() };
                converter.run(&mut counted, &mut reader, &mut |record| self.take(&record)).map(|()| rows.merged)
            });
            match read {
                Ok(merged) => said = converter.finish(&merged, &mut |record| self.take(&record)),
                Err(SheetFault::TooLarge) => return Err(self.unreadable(&SheetFault::TooLarge)),
                // What came before stands, as of every body that breaks off.
                Err(_) if self.sink.records() > 0 => return Ok(true),
                Err(fault) => return Err(self.unreadable(&fault)),
            }
        }
        if self.sink.records() == 0 {
            return Err(Error::new(error::BAD_REQUEST, no_sheet(only)));
        }
        Ok(false)
    }

    /// The whole body, where it can be read in any order; nothing when it was cut.
    fn file(&self, source: &mut dyn Read) -> Result<Option<SpooledTempFile>> {
        let limit = self.terms.largest_body;
        let mut file = waiting_file(&self.terms.scratch);
        let mut spent = false;
        let mut source = Bounded { inner: source, left: limit, spent: &mut spent };
        let mut part = vec![0; 1 << 16];
        loop {
            match source.read(&mut part) {
                Ok(0) => return Ok(Some(file)),
                Ok(length) => file.write_all(&part[..length]).map_err(Error::internal)?,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => (),
                Err(_) => break,
            }
        }
        if spent { Err(too_large(limit)) } else { Ok(None) }
    }

    /// Passes a record on.
    fn take(&mut self, record: &SheetRecord) {
        let left = self.left.get().saturating_sub(record.bytes.len() as u64);
        self.left.set(if self.sink.wants_more() { left } else { 0 });
        if record.too_long || record.bytes.len() > self.terms.largest_record {
            return self.sink.piece(record.row, Piece::TooLong);
        }
        self.bytes.clear();
        self.bytes.extend_from_slice(record.bytes);
        self.bytes.push(b'\n');
        notes::push(&mut self.bytes, record.issues, record.beside);
        self.sink.piece(record.row, Piece::Noted(&self.bytes));
    }

    fn reader(&self) -> CellReader<'i> {
        let mut reader = CellReader::new(self.terms.lists, self.terms.today);
        reader.crosswalks = self.terms.crosswalks;
        reader
    }

    fn unreadable(&self, fault: &SheetFault) -> Error {
        match fault {
            SheetFault::TooLarge => too_large(self.terms.largest_body),
            SheetFault::Unreadable(why) => {
                Error::new(error::BAD_REQUEST, message("sheet-unreadable").with("why", why.clone()))
            }
        }
    }
}

/// Rows until their records come to more than is taken.
struct Counted<'r, R> {
    rows: &'r mut R,
    left: Rc<Cell<u64>>,
}

impl<R: Rows> Rows for Counted<'_, R> {
    fn next(&mut self, row: &mut SheetRow) -> Result<bool, SheetFault> {
        if self.left.get() == 0 { Err(SheetFault::TooLarge) } else { self.rows.next(row) }
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

fn no_headings(spec: Option<&'static Spec>, is_text: bool) -> Error {
    if !is_text {
        let mut issue = Issue::new(&rule::TX_002, "");
        issue.with("at", "1");
        let detail = message("csv-not-utf8");
        return Error::new(error::BAD_REQUEST, detail).issues(vec![issue]);
    }
    let Some(spec) = spec else { return Error::new(error::BAD_REQUEST, no_sheet(None)) };
    let (name, needed) = (spec.name, needed(spec));
    let detail = message("headings-not-found").with("resource", name).with("needed", needed);
    Error::new(error::BAD_REQUEST, detail)
}

fn no_sheet(only: Option<&'static Spec>) -> Message {
    let names = only.map_or_else(
        || model::all().iter().map(|spec| spec.name).collect::<Vec<_>>().join(", "),
        |spec| spec.name.to_owned(),
    );
    message("headings-of-no-resource").with("known", names)
}
