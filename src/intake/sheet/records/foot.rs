//! Rows of a sheet that are no records: sums and signatures below the table, headings that come again.

use crate::intake::sheet::file::row::{Cell, SheetRow};
use crate::intake::sheet::headings::columns::Columns;
use crate::intake::sheet::headings::heading::key;
use crate::intake::sheet::records::convert::shown;

/// Cells of a row that repeats headings, at least.
const REPEATED: usize = 4;
/// With what a row begins that sums the table up, and with what one of names and signatures.
const SUMS: [&str; 7] = ["tong", "tong cong", "tong so", "tong hop", "cong", "trung binh", "total"];
const SIGNATURES: [&str; 22] = [
    "nguoi lap",
    "nguoi nhap",
    "nguoi ghi",
    "nguoi kiem tra",
    "nguoi duyet",
    "hieu truong",
    "pho hieu truong",
    "thu truong",
    "giao vien",
    "gvcn",
    "gvbm",
    "to truong",
    "ki ten",
    "ki",
    "ki va ghi ro ho ten",
    "xac nhan",
    "duyet",
    "ngay",
    "ghi chu",
    "luu y",
    "danh sach nay",
    "an dinh danh sach",
];
/// Cells that a row of names and signatures has at most.
const SIGNED: usize = 4;

/// Does the row sum the table up, or sign it?
pub(crate) fn begins_foot(row: &SheetRow) -> bool {
    let Some((_, Cell::Text(text))) = row.cells().next() else { return false };
    let text = key(text);
    let begins = |word: &str| text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    // Hải Phòng, ngày 5 tháng 9 năm 2025
    let is_dated = text.contains("ngay ") && text.contains(" thang ");
    SUMS.into_iter().any(begins) || (row.cells().count() <= SIGNED && (is_dated || SIGNATURES.into_iter().any(begins)))
}

/// May the row be one of names and signatures?
pub(crate) fn is_signed(row: &SheetRow) -> bool {
    row.cells().count() <= SIGNED
}

/// Is the row one that numbers the columns, or the headings once more, as at the top of a page?
pub(crate) fn repeats_headings(row: &SheetRow, parts: &[Columns]) -> bool {
    let Some((column, first)) = row.cells().next() else { return false };
    let Some(first) = shown(first) else { return false };
    // What records begin with tells most of them at once.
    let may_repeat = number(&first).is_some() || is_heading(column, &first, parts);
    may_repeat && row.cells().count() >= REPEATED && (counts_up(row) || are_headings(row, parts))
}

fn number(text: &str) -> Option<u32> {
    text.trim_matches(['(', ')']).parse().ok()
}

fn counts_up(row: &SheetRow) -> bool {
    let mut before = None;
    row.cells().all(|(_, cell)| {
        let this = shown(cell).and_then(|text| number(&text));
        let follows = this.is_some() && before.is_none_or(|before: u32| this == before.checked_add(1));
        before = this;
        follows
    })
}

fn are_headings(row: &SheetRow, parts: &[Columns]) -> bool {
    let (mut headings, mut all) = (0, 0);
    for (column, cell) in row.cells() {
        all += 1;
        headings += usize::from(matches!(cell, Cell::Text(text) if is_heading(column, text, parts)));
        // Most cells of a record are none: there is no use in going on.
        if all == REPEATED && headings == 0 {
            return false;
        }
    }
    headings * 3 > all * 2
}

fn is_heading(column: u32, text: &str, parts: &[Columns]) -> bool {
    let text = key(text);
    parts.iter().any(|columns| {
        let beside = columns.beside.iter().find(|(known, _)| *known == column).map(|(_, heading)| heading.clone());
        let heading = key(&beside.unwrap_or_else(|| columns.heading(column)));
        heading == text || heading.strip_prefix(&text).is_some_and(|rest| rest.starts_with(' '))
    })
}
