//! Workbooks for spreadsheets (XLSX), written row by row: each row goes to a file without a name before the next one
//! comes, so that memory stays the same whatever their number. The file is gone with the program's hold on it, however
//! that ends.

use crate::error::{Error, Result};
use crate::model::excerpt::clip_to_cell;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::Path;

pub use crate::intake::sniff::WORKBOOK as MEDIA_TYPE;

/// Rows that a sheet can hold, its heading included.
const LONGEST_SHEET: u32 = 1_048_576;
/// Characters of a sheet's name.
const LONGEST_NAME: usize = 31;
/// Bytes written at once.
const PART: usize = 64 * 1024;

/// A column: its heading, and how many characters wide it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What stands above it.
    pub heading: String,
    /// Its width.
    pub width: f64,
}

impl Column {
    /// A column.
    pub fn new(heading: impl Into<String>, width: f64) -> Self {
        Self { heading: heading.into(), width }
    }
}

/// What stands in a cell. A text is always a text: it is never run as a formula, nor read as a number or a date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WorkbookCell<'a> {
    /// Nothing.
    Empty,
    /// A text.
    Text(&'a str),
    /// A number.
    Number(f64),
}

/// A workbook in the making.
pub struct Book {
    workbook: Workbook,
    formats: Formats,
    open: Option<Sheet>,
    longest_sheet: u32,
}

struct Formats {
    heading: Format,
    text: Format,
    /// Also when somebody edits the cell, it stays a text.
    quoted: Format,
}

struct Sheet {
    sheet: Worksheet,
    name: String,
    columns: Vec<Column>,
    next: u32,
    /// 1 for the first of the name; it goes on in another one when it is full.
    part: u32,
}

impl Book {
    /// A workbook without sheets, whose rows wait in `folder`.
    ///
    /// # Errors
    /// A fault of the service when the folder cannot be written.
    pub fn new(folder: &Path) -> Result<Self> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder).map_err(fault)?;
        let text = Format::new().set_num_format("@");
        let formats = Formats { heading: Format::new().set_bold(), quoted: text.clone().set_quote_prefix(), text };
        Ok(Self { workbook, formats, open: None, longest_sheet: LONGEST_SHEET })
    }

    /// Begins the next sheet: a bold heading that stays in sight, each column with its filter.
    ///
    /// # Errors
    /// A fault of the service.
    pub fn sheet(&mut self, name: &str, columns: Vec<Column>) -> Result<()> {
        self.close()?;
        self.begin(name.to_owned(), columns, 1)
    }

    /// Adds a row to the sheet begun last; a full sheet goes on in a further one of the same name and number.
    ///
    /// # Errors
    /// A fault of the service, also when no sheet was begun.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = WorkbookCell<'c>>) -> Result<()> {
        let begun = |open: &mut Option<Sheet>| open.take().ok_or_else(|| Error::internal("a row needs a sheet"));
        let mut open = begun(&mut self.open)?;
        if open.next == self.longest_sheet {
            let (name, columns, part) = (open.name.clone(), open.columns.clone(), open.part + 1);
            self.open = Some(open);
            self.close()?;
            self.begin(name, columns, part)?;
            open = begun(&mut self.open)?;
        }
        let formats = &self.formats;
        for (column, cell) in (0_u16..).zip(cells) {
            let (sheet, row) = (&mut open.sheet, open.next);
            match cell {
                WorkbookCell::Empty => Ok(sheet),
                WorkbookCell::Number(number) => sheet.write_number(row, column, number),
                WorkbookCell::Text(text) => {
                    sheet.write_string_with_format(row, column, clip_to_cell(text), formats.of(text))
                }
            }
            .map_err(fault)?;
        }
        open.next += 1;
        self.open = Some(open);
        Ok(())
    }

    /// The whole workbook, in a file without a name that is read from its beginning.
    ///
    /// # Errors
    /// A fault of the service when the folder cannot be written.
    pub fn into_file(mut self, folder: &Path) -> Result<File> {
        self.close()?;
        let mut file = tempfile::tempfile_in(folder).map_err(Error::internal)?;
        let mut buffered = BufWriter::with_capacity(PART, &file);
        self.workbook.save_to_writer(&mut buffered).map_err(fault)?;
        buffered.flush().map_err(Error::internal)?;
        drop(buffered);
        file.rewind().map_err(Error::internal)?;
        Ok(file)
    }

    fn begin(&mut self, name: String, columns: Vec<Column>, part: u32) -> Result<()> {
        let mut sheet = self.workbook.new_worksheet_with_constant_memory().map_err(fault)?;
        sheet.set_name(sheet_name(&name, part)).map_err(fault)?;
        sheet.set_freeze_panes(1, 0).map_err(fault)?;
        for (at, column) in (0_u16..).zip(&columns) {
            sheet.set_column_width(at, column.width).map_err(fault)?;
            sheet
                .write_string_with_format(0, at, clip_to_cell(&column.heading), &self.formats.heading)
                .map_err(fault)?;
        }
        self.open = Some(Sheet { sheet, name, columns, next: 1, part });
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        let Some(Sheet { mut sheet, columns, next, .. }) = self.open.take() else { return Ok(()) };
        if let Some(last) = columns.len().checked_sub(1).and_then(|last| u16::try_from(last).ok()) {
            sheet.autofilter(0, 0, next - 1, last).map_err(fault)?;
        }
        self.workbook.push_worksheet(sheet);
        Ok(())
    }
}

impl Formats {
    fn of(&self, text: &str) -> &Format {
        if text.starts_with(['=', '+', '-', '@']) { &self.quoted } else { &self.text }
    }
}

/// The name of a part of a sheet, without what a sheet's name may not hold.
fn sheet_name(name: &str, part: u32) -> String {
    let tail = if part == 1 { String::new() } else { format!(" ({part})") };
    let allowed = name.chars().filter(|letter| !"[]:*?/\\'".contains(*letter));
    allowed.take(LONGEST_NAME - tail.len()).chain(tail.chars()).collect()
}

fn fault(error: XlsxError) -> Error {
    Error::internal(format!("workbook: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn written(book: Book) -> Vec<u8> {
        let mut bytes = Vec::new();
        book.into_file(&std::env::temp_dir()).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_full_sheet_goes_on_in_a_further_one() {
        let mut book = Book::new(&std::env::temp_dir()).unwrap();
        book.longest_sheet = 3;
        book.sheet("Issues", vec![Column::new("Record", 10.0)]).unwrap();
        for number in 0..5 {
            book.row([WorkbookCell::Number(f64::from(number))]).unwrap();
        }
        assert_eq!((book.open.as_ref().unwrap().part, book.open.as_ref().unwrap().next), (3, 2));
        assert!(written(book).starts_with(b"PK"));
    }

    #[test]
    fn names_of_sheets_are_such_as_a_spreadsheet_takes() {
        assert_eq!(sheet_name("a/b[c]", 1), "abc");
        assert_eq!(sheet_name(&"đ".repeat(40), 12).chars().count(), LONGEST_NAME);
    }
}
