//! A first look at a sheet of an `.xls` file: where its cells stand, which need not be in order, and what stands after
//! them.

use crate::intake::sheet::file::biff::{Records, kind};
use crate::intake::sheet::file::package::DAMAGED;
use crate::intake::sheet::file::row::{SheetFault, letters};
use crate::intake::sheet::file::workbook::MERGED;
use std::collections::HashSet;
use std::io::{Read, Seek};

/// Columns that a sheet can have.
pub(super) const COLUMNS: u16 = 256;
/// What the first record says of a worksheet.
const WORKSHEET: u16 = 0x0010;

/// What a first look at a sheet shows.
#[derive(Default)]
pub(super) struct Outline {
    /// First and last, from 0.
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// From 0.
    pub(super) hidden_rows: HashSet<u16>,
    /// `B5:B9`.
    pub(super) merged: Vec<String>,
    /// Rows and places of the records that hold cells, by row.
    pub(super) cells: Vec<(u16, u32)>,
}

impl Outline {
    /// Looks through the records of a sheet, from its first one on.
    pub(super) fn look<S: Read + Seek>(&mut self, records: &mut Records<S>) -> Result<(), SheetFault> {
        if records.next()? != Some(kind::BEGIN) || records.short(2) != WORKSHEET {
            return Err(DAMAGED);
        }
        // What is drawn on a sheet has records of its own between a beginning and an end.
        let mut depth = 0;
        loop {
            let place = records.position as u32;
            match records.next()?.ok_or(DAMAGED)? {
                kind::BEGIN => depth += 1,
                kind::EOF if depth == 0 => break,
                kind::EOF => depth -= 1,
                _ if depth > 0 => (),
                kind::COLUMNS if records.short(8) & 1 != 0 && self.hidden_columns.len() < usize::from(COLUMNS) => {
                    self.hidden_columns.push((records.short(0).into(), records.short(2).into()));
                }
                kind::ROW if records.short(12) & 0x20 != 0 => drop(self.hidden_rows.insert(records.short(0))),
                kind::MERGED => self.merge(records),
                kind::FORMULA
                | kind::RK_NUMBERS
                | kind::RICH_LABEL
                | kind::SHARED_LABEL
                | kind::NUMBER
                | kind::LABEL
                | kind::TRUTH_OR_ERROR
                | kind::RK_NUMBER => self.cells.push((records.short(0), place)),
                _ => (),
            }
        }
        self.cells.sort_by_key(|(row, _)| *row);
        Ok(())
    }

    fn merge<S: Read + Seek>(&mut self, records: &Records<S>) {
        for at in (0..usize::from(records.short(0))).map(|at| 2 + 8 * at) {
            let [first, last, left, right] = [0, 2, 4, 6].map(|offset| u32::from(records.short(at + offset)));
            if self.merged.len() < MERGED && records.data.len() >= at + 8 {
                self.merged.push(format!("{}{}:{}{}", letters(left), first + 1, letters(right), last + 1));
            }
        }
    }
}
