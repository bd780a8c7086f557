//! Sheets on their way in: rows become records at the entry, and from there on a sheet is a submission like any other.

use crate::error;
use crate::error::{Error, Result};
use crate::intake::json::split::Piece;
use crate::intake::notes;
use crate::intake::sheet::around::context::SheetContext;
use crate::intake::sheet::cells::cell::CellReader;
use crate::intake::sheet::cells::day_order::{self, JudgedColumn, RowsInOrder};
use crate::intake::sheet::file::delimited::Delimited;
use crate::intake::sheet::file::row::{Rows, SheetFault, SheetRow};
use crate::intake::sheet::file::source::{self, WorkbookForm, WorkbookSource};
use crate::intake::sheet::headings::columns::Columns;
use crate::intake::sheet::layouts::near::{NearSheet, quoted};
use crate::intake::sheet::records::convert::{Converter, SheetRecord};
use crate::intake::sheet::records::of_sheet::{lacking, skipped};
use crate::intake::sheet::records::plan::{SheetPlan, plan};
use crate::intake::sheet::records::reading::{Found, Vocabulary};
use crate::model;
use crate::model::field::Field;
use crate::model::issue::{Issue, Severity};
use crate::model::lists::{Crosswalks, Lists};
use crate::model::messages::{Message, message};
use crate::model::rules::catalogue as rule;
use crate::model::spec::Spec;
use crate::submission::body_reader::too_large;
use crate::submission::sheet_file::{again, whole};
use chrono::NaiveDate;
use std::cell::Cell;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::rc::Rc;
use tempfile::SpooledTempFile;

/// What takes the records of sheets, and where they stood.
pub trait RecordSink {
    /// A sheet begins, with the columns of each record that a row makes; without any it is one that cannot be read.
    fn sheet(&mut self, name: &str, parts: &[Columns]);
    /// The next record, or what should be one, its row, and which of the row's records it is.
    fn piece(&mut self, row: u64, part: usize, piece: Piece);
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
    /// What is known of the sheets from outside them.
    pub context: SheetContext<'l>,
}

/// Reads a sheet to its end, and says whether it was broken off.
///
/// # Errors
/// It is no such sheet, holds no record, or more than is taken.
pub fn read(sheets: Sheets, source: &mut dyn Read, terms: &SheetTerms, sink: &mut dyn RecordSink) -> Result<bool> {
    guarded(terms, sink, |intake| {
        let (file, is_cut) = whole(source, &terms.scratch, terms.largest_body)?;
        intake.read(sheets, file, is_cut)
    })
}

/// As [`read`], of a file that has come as far as it will.
///
/// # Errors
/// As of [`read`].
pub fn read_file(
    sheets: Sheets,
    file: SpooledTempFile,
    is_cut: bool,
    terms: &SheetTerms,
    sink: &mut dyn RecordSink,
) -> Result<bool> {
    guarded(terms, sink, |intake| intake.read(sheets, file, is_cut))
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

struct Intake<'i> {
    terms: &'i SheetTerms<'i>,
    sink: &'i mut dyn RecordSink,
    bytes: Vec<u8>,
    /// What the records may still come to: few texts may be many, repeated.
    left: Rc<Cell<u64>>,
}

impl<'i> Intake<'i> {
    fn read(&mut self, sheets: Sheets, mut file: SpooledTempFile, is_cut: bool) -> Result<bool> {
        match sheets {
            Sheets::Csv(spec) => self.delimited(spec, true, file, is_cut),
            Sheets::PerhapsCsv(spec) => self.delimited(Some(spec), false, file, is_cut),
            // A part of a workbook is none.
            Sheets::Workbook(_) if is_cut => Ok(true),
            Sheets::Workbook(only) => {
                match WorkbookForm::of_file(&mut file).map_err(|fault| self.unreadable(&fault))? {
                    WorkbookForm::Text => self.delimited(only, true, file, false),
                    _ => self.workbook(only, file),
                }
            }
        }
    }

    fn delimited(
        &mut self,
        spec: Option<&'static Spec>,
        certain: bool,
        mut file: SpooledTempFile,
        is_cut: bool,
    ) -> Result<bool> {
        let terms = self.terms;
        let mut rows = Delimited::new(again(&mut file, is_cut)?, terms.largest_record);
        let certainly = spec.filter(|_| certain);
        let vocabulary = self.vocabulary(certainly);
        let reading = match rows.locate(&vocabulary, spec) {
            Found::Records(reading) => reading,
            _ if rows.is_cut() => return Ok(true),
            Found::Near(near) => return Err(Error::new(error::BAD_REQUEST, nearly("", &near))),
            Found::Nothing => return Err(no_headings(certainly, rows.looks_utf8())),
        };
        let (delimiter, parts) = (rows.delimiter(), &reading.parts);
        let mut judged = Vec::new();
        if parts.iter().any(|columns| !columns.date_columns().is_empty()) {
            let mut rows = Delimited::of(again(&mut file, is_cut)?, terms.largest_record, delimiter);
            judged = day_order::judge(&mut rows, parts).unwrap_or_default();
        }
        let mut rows = Delimited::of(again(&mut file, is_cut)?, terms.largest_record, delimiter);
        self.sink.sheet("", parts);
        let mut converter = Converter::new("", parts, Vec::new());
        self.convert(&mut converter, &mut rows, &judged, &mut self.reader(reading.level))
            .map_err(|fault| self.unreadable(&fault))?;
        converter.finish(&[], &mut |record| self.take(&record));
        match (self.sink.records(), rows.is_cut()) {
            (0, false) => Err(Error::new(error::BAD_REQUEST, message("sheet-without-records"))),
            (_, is_cut) => Ok(is_cut),
        }
    }

    /// Passes the records of rows on.
    fn convert(
        &mut self,
        converter: &mut Converter,
        rows: &mut dyn Rows,
        judged: &[JudgedColumn],
        reader: &mut CellReader,
    ) -> std::result::Result<(), SheetFault> {
        converter.judged_columns(judged);
        let mut rows = Counted { rows, left: self.left.clone() };
        let mut rows = RowsInOrder::new(&mut rows, judged, converter.last_heading());
        converter.run(&mut rows, reader, &mut |record| self.take(&record))
    }

    fn workbook(&mut self, only: Option<&'static Spec>, file: SpooledTempFile) -> Result<bool> {
        let mut workbook = source::open(file, self.terms.largest_body).map_err(|fault| self.unreadable(&fault))?;
        let vocabulary = self.vocabulary(only);
        let plans = plan(&mut *workbook, &vocabulary).map_err(|fault| self.unreadable(&fault))?;
        let is_read = plans.iter().any(|plan| matches!(plan, SheetPlan::Records { .. }));
        let sheets = workbook.sheets().to_vec();
        let name = |at: usize| sheets.get(at).map(|sheet| sheet.name.as_str()).unwrap_or_default();
        let mut said: Vec<Issue> = Vec::new();
        for plan in &plans {
            match plan {
                SheetPlan::Other(at) => said.push(skipped(name(*at), Severity::Info)),
                SheetPlan::Headless(at) => self.refuse(name(*at), skipped(name(*at), Severity::Error)),
                SheetPlan::Near(at, near) if is_read => self.refuse(name(*at), lacking(name(*at), near)),
                SheetPlan::Near(at, near) => {
                    return Err(Error::new(error::BAD_REQUEST, nearly(name(*at), near)));
                }
                SheetPlan::Records { .. } => (),
            }
        }
        for plan in &plans {
            let SheetPlan::Records { sheet, reading } = plan else { continue };
            let mut reader = self.reader(reading.level);
            reader.from_1904 = workbook.is_from_1904();
            self.sink.sheet(name(*sheet), &reading.parts);
            let converter = Converter::new(name(*sheet), &reading.parts, std::mem::take(&mut said));
            match self.sheet(&mut *workbook, *sheet, &reading.parts, converter, &mut reader) {
                Ok(rest) => said = rest,
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

    /// A sheet of which nothing is read: a piece that says why.
    fn refuse(&mut self, sheet: &str, issue: Issue) {
        self.sink.sheet(sheet, &[]);
        self.take(&SheetRecord {
            row: 1,
            part: 0,
            bytes: b"",
            issues: &[issue],
            too_long: false,
            beside: &[],
            members: "",
        });
    }

    fn vocabulary(&self, only: Option<&'static Spec>) -> Vocabulary<'i> {
        Vocabulary::new(self.terms.lists, self.terms.context, only)
    }

    /// Passes the records of a sheet on: what nobody said yet.
    fn sheet(
        &mut self,
        workbook: &mut dyn WorkbookSource,
        sheet: usize,
        parts: &[Columns],
        mut converter: Converter,
        reader: &mut CellReader,
    ) -> std::result::Result<Vec<Issue>, SheetFault> {
        let mut judged = Vec::new();
        if parts.iter().any(|columns| !columns.date_columns().is_empty()) {
            let left = workbook.left();
            // What cannot be read now cannot be read then.
            judged = day_order::judge(&mut *workbook.rows(sheet)?, parts).unwrap_or_default();
            workbook.set_left(left);
        }
        let mut rows = workbook.rows(sheet)?;
        converter.hidden_columns(rows.hidden_columns());
        self.convert(&mut converter, &mut *rows, &judged, reader)?;
        Ok(converter.finish(rows.merged(), &mut |record| self.take(&record)))
    }

    /// Passes a record on.
    fn take(&mut self, record: &SheetRecord) {
        let left = self.left.get().saturating_sub(record.bytes.len() as u64);
        self.left.set(if self.sink.wants_more() { left } else { 0 });
        if record.too_long || record.bytes.len() > self.terms.largest_record {
            return self.sink.piece(record.row, record.part, Piece::TooLong);
        }
        self.bytes.clear();
        self.bytes.extend_from_slice(record.bytes);
        self.bytes.push(b'\n');
        notes::push(&mut self.bytes, record.issues, record.beside, record.members);
        self.sink.piece(record.row, record.part, Piece::Noted(&self.bytes));
    }

    fn reader(&self, level: Option<char>) -> CellReader<'i> {
        let mut reader = CellReader::new(self.terms.lists, self.terms.today);
        (reader.context, reader.level) = (Some(self.terms.context), level);
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
struct Counted<'r> {
    rows: &'r mut dyn Rows,
    left: Rc<Cell<u64>>,
}

impl Rows for Counted<'_> {
    fn next(&mut self, row: &mut SheetRow) -> Result<bool, SheetFault> {
        if self.left.get() == 0 { Err(SheetFault::TooLarge) } else { self.rows.next(row) }
    }
}

/// The headings that every record of the resource needs, beside each the name of its member or not.
fn needed(spec: &Spec, with_names: bool) -> String {
    let fields = spec.fields.iter().filter(|field| field.required);
    let called = |field: &Field| match with_names {
        true => format!("{} ({})", field.title(), field.json),
        false => format!("“{}”", field.title()),
    };
    fields.map(called).collect::<Vec<_>>().join(", ")
}

fn no_headings(spec: Option<&'static Spec>, is_text: bool) -> Error {
    if !is_text {
        let mut issue = Issue::new(&rule::TX_002, "");
        issue.with("at", "1");
        let detail = message("csv-not-utf8");
        return Error::new(error::BAD_REQUEST, detail).issues(vec![issue]);
    }
    let Some(spec) = spec else { return Error::new(error::BAD_REQUEST, no_sheet(None)) };
    let (named, titles) = (needed(spec, true), needed(spec, false));
    let detail = message("headings-not-found").with("resource", spec.name).with("needed", named).with("titles", titles);
    Error::new(error::BAD_REQUEST, detail)
}

fn no_sheet(only: Option<&'static Spec>) -> Message {
    let names = only.map_or_else(
        || model::all().iter().map(|spec| spec.name).collect::<Vec<_>>().join(", "),
        |spec| spec.name.to_owned(),
    );
    message("headings-of-no-resource").with("known", names)
}

/// A sheet that nearly is of a layout: what of it is known, what not, and what lacks.
fn nearly(sheet: &str, near: &NearSheet) -> Message {
    let list = |texts: &[String]| match texts {
        [] => message("none-of-them"),
        texts => message("as-they-stand").with("texts", quoted(texts)),
    };
    let place = if sheet.is_empty() { message("the-table") } else { message("the-sheet").with("sheet", sheet) };
    let title = message("layout-titled").with("vi", &near.title.0).with("en", &near.title.1);
    message("sheet-nearly-fits")
        .with("place", place)
        .with("layout", title)
        .with("lacking", list(&near.lacking))
        .with("known", list(&near.known))
        .with("unknown", list(&near.unknown))
}
