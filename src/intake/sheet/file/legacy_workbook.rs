//! `.xls` (BIFF8) → rows, one after the other; of the workbook only its shared texts are in memory, and while a sheet
//! is read, where its cells stand.

use crate::intake::sheet::file::biff::{Records, kind, rk};
use crate::intake::sheet::file::compound::Compound;
use crate::intake::sheet::file::date::DAYS_TO_1904;
use crate::intake::sheet::file::format::{self, CellFormat};
use crate::intake::sheet::file::legacy_outline::{COLUMNS, Outline};
use crate::intake::sheet::file::package::{DAMAGED, LOCKED, MANY, Sheet, Texts};
use crate::intake::sheet::file::row::{Cell, Rows, SheetFault, SheetRow};
use crate::intake::sheet::file::source::{WorkbookRows, WorkbookSource};
use crate::intake::sheet::file::workbook::LARGEST_ROW;
use crate::model::messages::message;
use std::collections::HashMap;
use std::io::{Read, Seek};
use std::rc::Rc;

/// What the first record says of the format.
const BIFF8: u16 = 0x0600;

/// A workbook of the years before 2007.
pub struct LegacyWorkbook<S> {
    records: Records<S>,
    sheets: Vec<Sheet>,
    /// Where they begin, and what a first look at them showed.
    begins: Vec<u64>,
    seen: HashMap<usize, Rc<Outline>>,
    texts: Texts,
    formats: Vec<CellFormat>,
    from_1904: bool,
    /// Bytes that may be looked at to find out where cells stand.
    looks: u64,
}

/// The formats that a workbook spells out, and the numbers of those that its styles have.
#[derive(Default)]
struct Styles {
    codes: HashMap<u16, CellFormat>,
    numbers: Vec<u16>,
}

impl Styles {
    fn formats(&self) -> Vec<CellFormat> {
        let format = |id: &u16| self.codes.get(id).copied().unwrap_or_else(|| format::built_in((*id).into()));
        self.numbers.iter().map(format).collect()
    }
}

impl<S: Read + Seek> LegacyWorkbook<S> {
    /// Opens it; of its records at most `limit` bytes are read in all.
    ///
    /// # Errors
    /// It is no workbook of this format, has a password, or holds too much.
    pub fn open(source: S, limit: u64) -> Result<Self, SheetFault> {
        let file = Compound::open(source)?;
        if file.has("EncryptedPackage") {
            return Err(LOCKED);
        }
        let is_older = file.has("Book");
        let too_old = SheetFault::Unreadable(message("workbook-too-old"));
        let stream = match file.stream("Workbook")? {
            Some(stream) => stream,
            None if is_older => return Err(too_old),
            None => return Err(DAMAGED),
        };
        let mut records = Records::new(stream, limit);
        match (records.next()?, records.short(0)) {
            (Some(kind::BEGIN), BIFF8) => (),
            (Some(kind::BEGIN), _) => return Err(too_old),
            _ => return Err(DAMAGED),
        }
        let looks = 2 * records.length();
        let mut book = Self {
            records,
            sheets: Vec::new(),
            begins: Vec::new(),
            seen: HashMap::new(),
            texts: Texts::default(),
            formats: Vec::new(),
            from_1904: false,
            looks,
        };
        book.globals()?;
        Ok(book)
    }

    /// What holds for all sheets stands before them.
    fn globals(&mut self) -> Result<(), SheetFault> {
        let mut styles = Styles::default();
        loop {
            match self.records.next()?.ok_or(DAMAGED)? {
                kind::EOF => break,
                kind::PASSWORD => return Err(LOCKED),
                kind::CALENDAR => self.from_1904 = self.records.short(0) == 1,
                kind::FORMAT => {
                    let (id, mut code) = (self.records.short(0), String::new());
                    // One that is damaged leaves its cells general.
                    if self.records.continued(2).text(&mut code, 2).is_ok() && styles.codes.len() < MANY {
                        styles.codes.insert(id, format::of_code(&code));
                    }
                }
                kind::STYLE if styles.numbers.len() < MANY => styles.numbers.push(self.records.short(2)),
                kind::SHEET if self.sheets.len() < MANY => self.sheet()?,
                kind::TEXTS => self.texts()?,
                _ => (),
            }
        }
        self.formats = styles.formats();
        Ok(())
    }

    fn sheet(&mut self) -> Result<(), SheetFault> {
        let begin = u64::from(self.records.long(0));
        let [hidden, form] = self.records.short(4).to_le_bytes();
        let mut name = String::new();
        self.records.continued(6).text(&mut name, 1)?;
        // Charts and macros have no rows.
        if form == 0 && !self.begins.contains(&begin) {
            self.sheets.push(Sheet { name, hidden: hidden & 3 != 0, path: String::new() });
            self.begins.push(begin);
        }
        Ok(())
    }

    /// The texts that cells share. Those that the file lacks are found lacking where a cell refers to them.
    fn texts(&mut self) -> Result<(), SheetFault> {
        let count = self.records.long(4);
        let mut data = self.records.continued(8);
        for _ in 0..count {
            match data.text(self.texts.text_mut(), 2) {
                Ok(()) => self.texts.end()?,
                Err(SheetFault::TooLarge) => return Err(SheetFault::TooLarge),
                Err(SheetFault::Unreadable(_)) => break,
            }
        }
        Ok(())
    }

    /// Looks through a sheet once: where its cells stand, which need not be in order, and what stands after them.
    fn outline(&mut self, sheet: usize) -> Result<Rc<Outline>, SheetFault> {
        if let Some(outline) = self.seen.get(&sheet) {
            return Ok(outline.clone());
        }
        let before = self.records.left;
        self.records.left = self.looks;
        self.records.position = *self.begins.get(sheet).ok_or(DAMAGED)?;
        let mut outline = Outline::default();
        let looked = outline.look(&mut self.records);
        self.looks = std::mem::replace(&mut self.records.left, before);
        looked?;
        let outline = Rc::new(outline);
        self.seen.insert(sheet, outline.clone());
        Ok(outline)
    }
}

impl<S: Read + Seek> WorkbookSource for LegacyWorkbook<S> {
    fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }
    fn is_from_1904(&self) -> bool {
        self.from_1904
    }
    fn rows(&mut self, sheet: usize) -> Result<Box<dyn WorkbookRows + '_>, SheetFault> {
        let outline = self.outline(sheet)?;
        Ok(Box::new(LegacyRows {
            records: &mut self.records,
            texts: &self.texts,
            formats: &self.formats,
            from_1904: self.from_1904,
            outline,
            next: 0,
            text: String::new(),
        }))
    }
    fn left(&self) -> u64 {
        self.records.left
    }
    fn set_left(&mut self, bytes: u64) {
        self.records.left = bytes;
    }
}

/// The rows of a sheet.
struct LegacyRows<'w, S> {
    records: &'w mut Records<S>,
    texts: &'w Texts,
    formats: &'w [CellFormat],
    from_1904: bool,
    outline: Rc<Outline>,
    /// The next record of cells.
    next: usize,
    text: String,
}

impl<S: Read + Seek> WorkbookRows for LegacyRows<'_, S> {
    fn hidden_columns(&self) -> &[(u32, u32)] {
        &self.outline.hidden_columns
    }
    fn merged(&self) -> &[String] {
        &self.outline.merged
    }
}

impl<S: Read + Seek> Rows for LegacyRows<'_, S> {
    fn next(&mut self, row: &mut SheetRow) -> Result<bool, SheetFault> {
        while let Some((number, _)) = self.outline.cells.get(self.next).copied() {
            row.begin(u64::from(number) + 1);
            row.hidden = self.outline.hidden_rows.contains(&number);
            while let Some((_, place)) = self.outline.cells.get(self.next).copied().filter(|(row, _)| *row == number) {
                self.next += 1;
                self.records.position = place.into();
                let kind = self.records.next()?.ok_or(DAMAGED)?;
                self.cells(kind, row)?;
            }
            if !row.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl<S: Read + Seek> LegacyRows<'_, S> {
    /// Reads the cell or cells of the record at hand.
    fn cells(&mut self, kind: u16, row: &mut SheetRow) -> Result<(), SheetFault> {
        let column = self.records.short(2);
        if column >= COLUMNS || row.too_long {
            return Ok(());
        }
        let format = |style: u16| self.formats.get(usize::from(style)).copied().unwrap_or_default();
        let (style, column) = (format(self.records.short(4)), u32::from(column));
        match kind {
            kind::SHARED_LABEL => {
                let text = self.texts.get(self.records.long(6) as usize);
                self.records.charge(text.map_or(0, str::len))?;
                row.push(column, text.map_or(Cell::Lost, Cell::Text));
            }
            kind::LABEL | kind::RICH_LABEL => {
                let cell = self.text(6)?;
                row.push(column, cell);
            }
            kind::NUMBER => row.push(column, number(self.records.double(6), style, self.from_1904)),
            kind::RK_NUMBER => row.push(column, number(rk(self.records.long(6)), style, self.from_1904)),
            kind::RK_NUMBERS => {
                // Six bytes a cell, and two for the last column.
                for (column, at) in (column..).zip((4..self.records.data.len().saturating_sub(7)).step_by(6)) {
                    let cell = number(rk(self.records.long(at + 2)), format(self.records.short(at)), self.from_1904);
                    row.push(column, cell);
                }
            }
            kind::TRUTH_OR_ERROR => {
                let [value, is_error] = self.records.short(6).to_le_bytes();
                row.push(column, if is_error == 0 { Cell::Boolean(value != 0) } else { Cell::Error(error(value)) });
            }
            kind::FORMULA => {
                let cell = self.result(style)?;
                row.push(column, cell);
            }
            _ => (),
        }
        if row.size() > LARGEST_ROW {
            row.give_up();
        }
        Ok(())
    }

    /// A text in the record at hand.
    fn text(&mut self, at: usize) -> Result<Cell<'_>, SheetFault> {
        self.text.clear();
        match self.records.continued(at).text(&mut self.text, 2) {
            Ok(()) => Ok(Cell::Text(&self.text)),
            Err(SheetFault::TooLarge) => Err(SheetFault::TooLarge),
            Err(SheetFault::Unreadable(_)) => Ok(Cell::Lost),
        }
    }

    /// The result of the formula at hand, as it was when the file was saved.
    fn result(&mut self, style: CellFormat) -> Result<Cell<'_>, SheetFault> {
        let [form, value] = [self.records.short(6), self.records.short(8)].map(|short| short.to_le_bytes()[0]);
        let (is_number, computes_on_load) = (self.records.short(12) != 0xFFFF, self.records.short(14) & 2 != 0);
        let result = self.records.double(6);
        Ok(match form {
            // Programs that cannot compute write a zero and leave it to the next that opens the file.
            _ if is_number && result == 0.0 && computes_on_load => Cell::Uncomputed,
            _ if is_number => number(result, style, self.from_1904),
            0 => return self.result_text(),
            1 => Cell::Boolean(value != 0),
            2 => Cell::Error(error(value)),
            _ => Cell::Empty,
        })
    }

    /// A result that is a text stands in a record of its own, after those of the formula.
    fn result_text(&mut self) -> Result<Cell<'_>, SheetFault> {
        loop {
            match self.records.peek()? {
                Some((kind::RESULT_TEXT, _)) => {
                    self.records.next()?;
                    return self.text(0);
                }
                Some((kind::CONTINUE | kind::ARRAY | kind::TABLE | kind::SHARED_FORMULA, _)) => {
                    self.records.next()?;
                }
                _ => return Ok(Cell::Lost),
            }
        }
    }
}

fn number(number: f64, format: CellFormat, from_1904: bool) -> Cell<'static> {
    match format {
        _ if !number.is_finite() => Cell::Lost,
        CellFormat::Date(_) if from_1904 => Cell::of_number(number + DAYS_TO_1904, format),
        _ => Cell::of_number(number, format),
    }
}

fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}
