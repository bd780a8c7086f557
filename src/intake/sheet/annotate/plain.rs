//! A table that came in another form as a workbook: the same cells in the same places, texts as texts, so that their
//! zeros stay.

use super::AnnotateFault;
use crate::error::Error;
use crate::intake::sheet::file::format::{DateFormat, DayOrder, NumberFormat};
use crate::intake::sheet::file::row::{Cell, Rows, SheetFault, SheetRow};
use crate::model::excerpt::clip_to_cell;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::Path;

/// Rows and columns that a sheet has at most, and characters of its name.
const ROWS: u64 = 1_048_576;
const COLUMNS: u32 = 16_384;
const LONGEST_NAME: usize = 31;

impl From<XlsxError> for AnnotateFault {
    fn from(error: XlsxError) -> Self {
        Self::Target(Error::internal(format!("workbook: {error}")))
    }
}

/// A workbook in the making, whose rows wait in a folder.
pub struct PlainBook {
    workbook: Workbook,
    text: Format,
}

impl PlainBook {
    /// Without sheets.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn new(folder: &Path) -> Result<Self, AnnotateFault> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        Ok(Self { workbook, text: Format::new().set_num_format("@") })
    }

    /// Adds a sheet of these rows.
    ///
    /// # Errors
    /// They cannot be read to their end.
    pub fn sheet(&mut self, name: &str, rows: &mut dyn Rows) -> Result<(), AnnotateFault> {
        let mut sheet = self.workbook.new_worksheet_with_constant_memory()?;
        sheet.set_name(
            name.chars().filter(|letter| !"[]:*?/\\'".contains(*letter)).take(LONGEST_NAME).collect::<String>(),
        )?;
        let mut row = SheetRow::default();
        while rows.next(&mut row)? {
            let Some(at) = row.number.checked_sub(1).filter(|at| *at < ROWS).and_then(|at| u32::try_from(at).ok())
            else {
                return Err(SheetFault::TooLarge.into());
            };
            if let Some(raw) = &row.raw {
                sheet.write_string_with_format(at, 0, clip_to_cell(&String::from_utf8_lossy(raw)), &self.text)?;
            }
            for (column, cell) in row.cells().filter(|(column, _)| *column < COLUMNS) {
                self.cell(&mut sheet, (at, column as u16), cell)?;
            }
        }
        self.workbook.push_worksheet(sheet);
        Ok(())
    }

    fn cell(&self, sheet: &mut Worksheet, (row, column): (u32, u16), cell: Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty | Cell::Uncomputed | Cell::Lost => return Ok(()),
            Cell::Text(text) | Cell::Error(text) => {
                sheet.write_string_with_format(row, column, clip_to_cell(text), &self.text)
            }
            Cell::Number(number, NumberFormat::General) => sheet.write_number(row, column, number),
            Cell::Number(number, format) => {
                sheet.write_number_with_format(row, column, number, &Format::new().set_num_format(code(format)))
            }
            Cell::Date(day, format) => {
                sheet.write_number_with_format(row, column, day, &Format::new().set_num_format(code_of_day(format)))
            }
            Cell::Boolean(truth) => sheet.write_boolean(row, column, truth),
        }
        .map(|_| ())
    }

    /// The whole workbook, in a file without a name.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn into_file(mut self, folder: &Path) -> Result<File, AnnotateFault> {
        let mut file = tempfile::tempfile_in(folder)?;
        let mut buffered = BufWriter::new(&file);
        self.workbook.save_to_writer(&mut buffered)?;
        buffered.flush()?;
        drop(buffered);
        file.rewind()?;
        Ok(file)
    }
}

/// The code of a format: a number is shown as it was.
fn code(format: NumberFormat) -> String {
    match format {
        NumberFormat::General => "General".to_owned(),
        NumberFormat::Padded(width) => "0".repeat(usize::from(width)),
        NumberFormat::Fixed(places) => format!("0.{}", "0".repeat(usize::from(places))),
        NumberFormat::Percent => "0%".to_owned(),
        NumberFormat::Time => "h:mm".to_owned(),
        NumberFormat::Worded(format) => format.code(),
    }
}

/// The code of a format of days.
fn code_of_day(format: DateFormat) -> &'static str {
    match (format.order, format.year) {
        (DayOrder::DayFirst, true) => "dd/mm/yyyy",
        (DayOrder::DayFirst, false) => "dd/mm",
        (DayOrder::MonthFirst, true) => "mm/dd/yyyy",
        (DayOrder::MonthFirst, false) => "mm/dd",
        (DayOrder::Open, true) => "yyyy-mm-dd",
        (DayOrder::Open, false) => "d-mmm",
    }
}
