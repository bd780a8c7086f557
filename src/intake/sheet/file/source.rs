//! Workbooks, whatever their form: told by how they begin, for their names and media types say little.

use crate::intake::sheet::file::compound;
use crate::intake::sheet::file::legacy_workbook::LegacyWorkbook;
use crate::intake::sheet::file::package::{DAMAGED, Sheet};
use crate::intake::sheet::file::row::{Rows, SheetFault};
use crate::intake::sheet::file::workbook::Workbook;
use crate::model::messages::message;
use std::io::{Read, Seek};

/// Bytes by which a file is told.
const HEAD: u64 = 512;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkbookForm {
    /// A ZIP: `.xlsx`.
    Package,
    /// A compound file: `.xls`, or a workbook with a password.
    Compound,
    /// An older `.xls`, which has no container.
    OldExcel,
    /// A web page or other XML under the name of a workbook.
    Markup,
    /// Text, perhaps delimited.
    Text,
    /// Something else.
    Other,
}

impl WorkbookForm {
    /// By the first bytes.
    pub fn of(head: &[u8]) -> Self {
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        match head {
            _ if head.starts_with(b"PK") => Self::Package,
            _ if head.starts_with(&compound::MAGIC) => Self::Compound,
            [0x09, 0x00 | 0x02 | 0x04 | 0x08, ..] if head.get(3) == Some(&0) => Self::OldExcel,
            _ if text.starts_with(b"<") => Self::Markup,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Self::Text,
            _ if head.contains(&0) || head.is_empty() => Self::Other,
            _ => Self::Text,
        }
    }

    /// As [`WorkbookForm::of`], of a file, which is left at its beginning.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of_file(file: &mut (impl Read + Seek)) -> Result<Self, SheetFault> {
        let mut head = Vec::new();
        let read = file.rewind().and_then(|()| file.by_ref().take(HEAD).read_to_end(&mut head));
        read.and_then(|_| file.rewind()).map_err(|_| DAMAGED)?;
        Ok(Self::of(&head))
    }
}

/// Is the column among these, first and last of each?
pub fn is_hidden(hidden: &[(u32, u32)], column: u32) -> bool {
    hidden.iter().any(|(first, last)| (*first..=*last).contains(&column))
}

/// The rows of one sheet of a workbook.
pub trait WorkbookRows: Rows {
    /// Hidden columns, first and last, from 0.
    fn hidden_columns(&self) -> &[(u32, u32)];
    /// Merged ranges, known after the last row: `B5:B9`.
    fn merged(&self) -> &[String];
}

/// A workbook whose sheets are read one after the other.
pub trait WorkbookSource {
    /// Its sheets in their order.
    fn sheets(&self) -> &[Sheet];
    /// Are its days counted from 1904, not from 1900? Serial numbers in cells that are not formatted as dates are of that
    /// calendar then.
    fn is_from_1904(&self) -> bool;
    /// The rows of a sheet.
    ///
    /// # Errors
    /// The sheet is not there or damaged.
    fn rows(&mut self, sheet: usize) -> Result<Box<dyn WorkbookRows + '_>, SheetFault>;
    /// Bytes that may still be read of it.
    fn left(&self) -> u64;
    /// Gives back what was read to look ahead.
    fn set_left(&mut self, bytes: u64);
}

/// Opens a workbook; of its parts at most `limit` bytes are read in all.
///
/// # Errors
/// It is no workbook, has a password, or holds too much.
pub fn open<S: Read + Seek + 'static>(mut file: S, limit: u64) -> Result<Box<dyn WorkbookSource>, SheetFault> {
    match WorkbookForm::of_file(&mut file)? {
        WorkbookForm::Compound => Ok(Box::new(LegacyWorkbook::open(file, limit)?)),
        WorkbookForm::OldExcel => Err(SheetFault::Unreadable(message("workbook-too-old"))),
        WorkbookForm::Markup => Err(SheetFault::Unreadable(message("workbook-is-markup"))),
        WorkbookForm::Package | WorkbookForm::Text | WorkbookForm::Other => Ok(Box::new(Workbook::open(file, limit)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_how_they_begin() {
        let cases: [(&[u8], WorkbookForm); 11] = [
            (b"PK\x03\x04", WorkbookForm::Package),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", WorkbookForm::Compound),
            (b"\x09\x08\x10\x00\x00\x06\x05\x00", WorkbookForm::OldExcel),
            (b"\x09\x00\x04\x00\x02\x00\x10\x00", WorkbookForm::OldExcel),
            (b"\xEF\xBB\xBF \n<html><table>", WorkbookForm::Markup),
            (b"<?xml version=\"1.0\"?><Workbook>", WorkbookForm::Markup),
            ("Mã trường\tTên".as_bytes(), WorkbookForm::Text),
            (b"\tMa lop\n", WorkbookForm::Text),
            (b"\xFF\xFEM\x00", WorkbookForm::Text),
            (b"\x00\x01", WorkbookForm::Other),
            (b"", WorkbookForm::Other),
        ];
        for (head, form) in cases {
            assert_eq!(WorkbookForm::of(head), form, "{}", String::from_utf8_lossy(head));
        }
    }
}
