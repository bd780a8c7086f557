//! A workbook given back to who sent it: his own file, part by part as it came, with the faulty cells coloured, a note at
//! each, and a first sheet that lists what is to be mended.

mod contents; // the sheets, relations and types of the package
mod list; // the first sheet
mod markup; // XML with changes at single places
mod notes; // the notes of a sheet
mod outgoing; // the package on its way out
pub mod plain; // rows of another form → a workbook
mod sheet; // a sheet, passed on row by row
mod styles; // formats of cells, with a fill

pub use self::list::{LISTED, MendingTotals, ToMend, is_list};

use self::list::MendingList;
use self::markup::is_strict;
use self::notes::Notes;
use self::outgoing::Outgoing;
use self::sheet::MarkedCell;
use self::styles::Styles;
use crate::error::Error;
use crate::intake::sheet::file::delimited::head;
use crate::intake::sheet::file::package::{Package, Sheet};
use crate::intake::sheet::file::row::{SheetFault, letters};
use crate::intake::sheet::file::source::{self, is_hidden};
use crate::intake::sheet::file::workbook::column_of;
use crate::model::issue::{Language, Severity};
use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

/// Cells that are coloured.
const MARKED: usize = 1_000_000;
/// Texts of notes: with more of them spreadsheets take minutes to open the file.
const NOTED: usize = 10_000;

/// Why a workbook cannot be given back.
#[derive(Debug)]
pub enum AnnotateFault {
    /// The sender's file: it is damaged where it is not read, or hostile.
    Source(SheetFault),
    /// A fault of the service.
    Target(Error),
}

impl From<SheetFault> for AnnotateFault {
    fn from(fault: SheetFault) -> Self {
        Self::Source(fault)
    }
}
impl From<std::io::Error> for AnnotateFault {
    fn from(error: std::io::Error) -> Self {
        Self::Target(Error::internal(error))
    }
}
impl From<zip::result::ZipError> for AnnotateFault {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Target(Error::internal(error))
    }
}
impl From<Error> for AnnotateFault {
    fn from(error: Error) -> Self {
        Self::Target(error)
    }
}

/// A sheet of the sender's.
struct OwnSheet {
    name: String,
    path: String,
    /// It is the list of a workbook that came back before.
    is_list: bool,
    /// The first column in sight, from 0: there stands what is said of a whole row.
    first: u32,
}

/// What is said of a place.
struct Mark {
    sheet: u32,
    cell: MarkedCell,
    note: Option<Box<str>>,
}

/// A workbook that is being annotated.
pub struct Annotation {
    package: Package<File>,
    /// Path of the workbook's part.
    main: String,
    length: u64,
    sheets: Vec<OwnSheet>,
    styles: Styles,
    styles_path: Option<String>,
    list: MendingList,
    marks: Vec<Mark>,
    noted: usize,
    totals: MendingTotals,
    language: Language,
    strict: bool,
}

impl Annotation {
    /// Of this workbook; of its parts at most `limit` bytes are read. What waits, waits in `folder`.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(mut source: File, limit: u64, language: Language, folder: &Path) -> Result<Self, AnnotateFault> {
        let sheets = survey(source.try_clone()?, limit)?;
        let length = source.seek(std::io::SeekFrom::End(0))?;
        let mut package = Package::open(source, limit)?;
        let contents = package.contents()?;
        let main = package.text(&contents.main)?.ok_or(crate::intake::sheet::file::package::DAMAGED)?;
        let namespace = styles::namespace(&main)?;
        let styles_path = Some(contents.path("/styles").to_owned()).filter(|path| !path.is_empty());
        let text = styles_path.as_deref().map(|path| package.text(path)).transpose()?.flatten();
        let mut styles = Styles::of(text, &namespace)?;
        let list = MendingList::new(language, folder, &mut styles)?;
        let strict = is_strict(&namespace);
        let (marks, totals) = (Vec::new(), MendingTotals::default());
        let main = contents.main;
        Ok(Self { package, main, length, sheets, styles, styles_path, list, marks, noted: 0, totals, language, strict })
    }

    /// Adds a fault: to the list, and at its cell, or at the first cell in sight of its row. The worst come first.
    ///
    /// # Errors
    /// The file that waits cannot be written.
    pub fn add(&mut self, entry: &ToMend, column: Option<&str>) -> Result<(), AnnotateFault> {
        match entry.severity {
            Severity::Error => self.totals.errors += 1,
            Severity::Warning => self.totals.warnings += 1,
            Severity::Info if entry.waits => self.totals.waiting += 1,
            Severity::Info => {
                self.totals.infos += 1;
                return Ok(());
            }
        }
        let at = self
            .sheets
            .iter()
            .position(|sheet| sheet.name == entry.sheet || self.sheets.len() == 1 && entry.sheet.is_empty());
        let Some((at, row)) = at.zip(entry.row) else { return self.list.add(entry, None) };
        let column = column.and_then(column_of).unwrap_or(self.sheets[at].first);
        let cell = format!("{}{row}", letters(column));
        self.list.add(&ToMend { sheet: &self.sheets[at].name, ..*entry }, Some(&cell))?;
        if self.marks.len() < MARKED && !entry.waits {
            let note = (self.noted < NOTED).then(|| format!("{}\n→ {}", entry.wrong, entry.remedy).into_boxed_str());
            self.noted += usize::from(note.is_some());
            let cell = MarkedCell { row, column, severity: entry.severity };
            self.marks.push(Mark { sheet: at as u32, cell, note });
        }
        Ok(())
    }

    /// Writes the workbook, and gives it back from its beginning.
    ///
    /// # Errors
    /// The sender's file is damaged where it was not read before; the new one cannot be written.
    pub fn finish(mut self, folder: &Path) -> Result<File, AnnotateFault> {
        self.marks.sort_by_key(|mark| (mark.sheet, mark.cell));
        let returned = self.sheets.iter().any(|sheet| sheet.is_list);
        let paths = self.sheets.iter().map(|sheet| sheet.path.as_str());
        let mut out = Outgoing::begin(&mut self.package, self.length, paths, folder, self.strict)?;
        let mut parts = Vec::new();
        for (at, sheet) in self.sheets.iter().enumerate().filter(|(_, sheet)| !sheet.is_list) {
            let (cells, notes) = of_sheet(&self.marks, at as u32);
            if returned || !cells.is_empty() {
                parts.push(out.prepare(&sheet.path, cells, notes)?);
            }
        }
        let gone = self.sheets.iter().filter(|sheet| sheet.is_list);
        let gone: Vec<_> = gone.map(|sheet| (sheet.name.clone(), sheet.path.clone())).collect();
        let name = list::name(self.language);
        let (list, styles) = out.contents(&self.main, name, &gone, self.styles_path.as_deref(), &parts)?;
        out.part(&list, |zip| self.list.write(zip, self.totals, self.strict))?;
        for part in parts {
            out.sheet(part, &mut self.styles, returned)?;
        }
        let text = self.styles.into_text()?;
        out.part(&styles, |zip| Ok(zip.write_all(text.as_bytes())?))?;
        out.finish()
    }
}

/// The cells of a sheet that are marked, each once, as badly as the worst that is said of it; and what is noted there.
fn of_sheet(marks: &[Mark], sheet: u32) -> (Vec<MarkedCell>, Notes) {
    let from = marks.partition_point(|mark| mark.sheet < sheet);
    let (mut cells, mut notes): (Vec<MarkedCell>, Notes) = Default::default();
    for mark in marks[from..].iter().take_while(|mark| mark.sheet == sheet) {
        let place = (mark.cell.row, mark.cell.column);
        if cells.last().is_none_or(|last| (last.row, last.column) != place) {
            cells.push(mark.cell);
        }
        if let Some(note) = &mark.note {
            let text = notes.entry(place).or_default();
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(note);
        }
    }
    (cells, notes)
}

/// Looks at the beginning of every sheet.
fn survey(source: File, limit: u64) -> Result<Vec<OwnSheet>, SheetFault> {
    let mut workbook = source::open(source, limit)?;
    let mut sheets = Vec::new();
    for (at, Sheet { name, path, .. }) in workbook.sheets().to_vec().into_iter().enumerate() {
        let mut rows = workbook.rows(at)?;
        let first = (0..1_000).find(|column| !is_hidden(rows.hidden_columns(), *column)).unwrap_or(0);
        let is_list = is_list(&name, &head(&mut *rows)?);
        sheets.push(OwnSheet { name, path, is_list, first });
    }
    Ok(sheets)
}
