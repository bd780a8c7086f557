//! A row of a sheet as it was read: cells by column, empty ones left out.

use crate::intake::sheet::file::format::{CellFormat, DateFormat, NumberFormat};
use crate::model::messages::Message;
use std::ops::Range;

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing, or spaces only.
    Empty,
    /// Text.
    Text(&'a str),
    /// A number, and how it is shown.
    Number(f64, NumberFormat),
    /// A day of the spreadsheet's calendar that begins in 1900, in a cell formatted as a date, and how it is shown.
    Date(f64, DateFormat),
    /// Truth.
    Boolean(bool),
    /// `#N/A`, `#REF!` and the like.
    Error(&'a str),
    /// A formula without its result.
    Uncomputed,
    /// A text that the file refers to and does not hold.
    Lost,
}

impl Cell<'_> {
    /// The cell that holds this number in such a format.
    pub fn of_number(number: f64, format: CellFormat) -> Self {
        match format {
            CellFormat::Number(format) => Self::Number(number, format),
            CellFormat::Date(format) => Self::Date(number, format),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Stored {
    Text(Range<usize>),
    Number(f64, NumberFormat),
    Date(f64, DateFormat),
    Boolean(bool),
    Error(Range<usize>),
    Uncomputed,
    Lost,
}

/// One row; its memory serves the next.
#[derive(Debug, Clone, Default)]
pub struct SheetRow {
    /// Its number, as a spreadsheet shows it.
    pub number: u64,
    /// Is it hidden?
    pub hidden: bool,
    /// The row as sent, when it is not UTF-8: then there are no cells.
    pub raw: Option<Vec<u8>>,
    /// It is longer than a record may be: then there are no cells.
    pub too_long: bool,
    text: String,
    cells: Vec<(u32, Stored)>,
}

impl SheetRow {
    /// Makes it an empty row of this number.
    pub fn begin(&mut self, number: u64) {
        self.number = number;
        (self.hidden, self.too_long, self.raw) = (false, false, None);
        self.text.clear();
        self.cells.clear();
    }
    /// Adds a cell; the columns of a row ascend, as they do in files that keep their form.
    pub fn push(&mut self, column: u32, cell: Cell) {
        let stored = match cell {
            Cell::Empty => return,
            Cell::Text(text) if text.trim().is_empty() => return,
            Cell::Text(text) => Stored::Text(self.keep(text)),
            Cell::Error(text) => Stored::Error(self.keep(text)),
            Cell::Number(number, format) => Stored::Number(number, format),
            Cell::Date(day, format) => Stored::Date(day, format),
            Cell::Boolean(truth) => Stored::Boolean(truth),
            Cell::Uncomputed => Stored::Uncomputed,
            Cell::Lost => Stored::Lost,
        };
        match self.cells.last() {
            Some((last, _)) if *last >= column => {
                if let Err(at) = self.cells.binary_search_by_key(&column, |(known, _)| *known) {
                    self.cells.insert(at, (column, stored));
                }
            }
            _ => self.cells.push((column, stored)),
        }
    }
    /// Writes a text over the cell of a column.
    pub fn replace(&mut self, column: u32, text: &str) {
        let text = self.keep(text);
        if let Ok(at) = self.cells.binary_search_by_key(&column, |(known, _)| *known) {
            self.cells[at].1 = Stored::Text(text);
        }
    }
    /// Keeps nothing of a row that is too long.
    pub fn give_up(&mut self) {
        self.too_long = true;
        self.text = String::new();
        self.cells.clear();
    }
    /// Line breaks are those of one kind, whatever program wrote them.
    fn keep(&mut self, text: &str) -> Range<usize> {
        let from = self.text.len();
        match text.contains('\r') {
            true => self.text.push_str(&text.replace("\r\n", "\n").replace('\r', "\n")),
            false => self.text.push_str(text),
        }
        from..self.text.len()
    }
    /// The cell of a column, from 0.
    pub fn cell(&self, column: u32) -> Cell<'_> {
        let found = self.cells.binary_search_by_key(&column, |(known, _)| *known);
        found.ok().and_then(|at| self.cells.get(at)).map_or(Cell::Empty, |(_, stored)| self.read(stored))
    }
    /// The cells that hold something, from left to right.
    pub fn cells(&self) -> impl Iterator<Item = (u32, Cell<'_>)> {
        self.cells.iter().map(|(column, stored)| (*column, self.read(stored)))
    }
    /// The column after the last that holds something.
    pub fn width(&self) -> u32 {
        self.cells.last().map_or(0, |(column, _)| column + 1)
    }
    /// Does it hold nothing at all?
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.raw.is_none() && !self.too_long
    }
    /// Bytes of its texts.
    pub fn size(&self) -> usize {
        self.text.len()
    }
    fn read(&self, stored: &Stored) -> Cell<'_> {
        let text = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        match stored {
            Stored::Text(range) => Cell::Text(text(range)),
            Stored::Error(range) => Cell::Error(text(range)),
            Stored::Number(number, format) => Cell::Number(*number, *format),
            Stored::Date(day, format) => Cell::Date(*day, *format),
            Stored::Boolean(truth) => Cell::Boolean(*truth),
            Stored::Uncomputed => Cell::Uncomputed,
            Stored::Lost => Cell::Lost,
        }
    }
}

/// The letters by which spreadsheets call a column: 0 is A, 27 is AB.
pub fn letters(column: u32) -> String {
    let (mut rest, mut letters) = (column + 1, Vec::new());
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Where rows come from.
pub trait Rows {
    /// Reads the next row that holds something; `false`: there is none.
    ///
    /// # Errors
    /// The file cannot be read further.
    fn next(&mut self, row: &mut SheetRow) -> Result<bool, SheetFault>;
}

/// Why a file cannot be read as a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetFault {
    /// It is not what it says it is, or damaged: what is wrong, as a part of a sentence.
    Unreadable(Message),
    /// It holds more than the gateway takes.
    TooLarge,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_their_letters() {
        assert_eq!([0, 25, 26, 27, 701, 702, 16_383].map(letters), ["A", "Z", "AA", "AB", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn cells_are_found_whatever_their_order() {
        let mut row = SheetRow::default();
        row.begin(3);
        for (column, text) in [(4, "e"), (1, "b"), (7, " "), (4, "twice")] {
            row.push(column, Cell::Text(text));
        }
        assert_eq!(
            (row.cell(1), row.cell(4), row.cell(7), row.width()),
            (Cell::Text("b"), Cell::Text("e"), Cell::Empty, 5)
        );
    }
}
