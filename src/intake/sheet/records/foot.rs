//! Rows of a sheet that are no records: sums and signatures below the table, headings that come again.

use crate::intake::sheet::file::row::{Cell, SheetRow};
use crate::intake::sheet::headings::columns::Columns;
use crate::intake::sheet::headings::heading::key;
use crate::intake::sheet::records::convert::shown;

/// Cells of a row that repeats headings, at least.
const REPEATED: usize = 4;
/// With what a row begins that sums the table up, and with what one of names and signatures.
const SUMS: [&str; 5] = ["tong", "cong", "trung binh", "total", "sum"];
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

/// With what a row begins that counts a list or signs it, beyond doubt: no one is called so.
const CERTAIN: [&str; 26] = [
    "nguoi lap",
    "nguoi nhap",
    "nguoi ghi",
    "nguoi kiem tra",
    "nguoi duyet",
    "hieu truong",
    "pho hieu truong",
    "thu truong",
    "giao vien chu nhiem",
    "giao vien bo mon",
    "giao vien giang day",
    "gvcn",
    "gvbm",
    "to truong chuyen mon",
    "ki ten",
    "ki ghi ro",
    "ki va ghi ro",
    "xac nhan cua",
    "danh sach nay",
    "danh sach gom",
    "danh sach co",
    "an dinh danh sach",
    "si so",
    "so hoc sinh",
    "so hs",
    "trong do",
];
/// The first words of sums as they are written: `Tống` and `Công` are names of families.
const SUM_WORDS: [&str; 7] = ["tổng", "tong", "cộng", "cong", "trung", "total", "sum"];

/// Is the row none of the table's, whatever follows it: a sum, a count, a day, a signature? `key` are the columns of
/// codes, in none of which a code stands.
pub(crate) fn is_foot(row: &SheetRow, key: &[u32]) -> bool {
    let is_few = row.cells().count() <= SIGNED;
    let Some((_, Cell::Text(first))) = row.cells().next() else { return false };
    let has_no_code = |column: &u32| match row.cell(*column) {
        Cell::Empty => true,
        Cell::Text(text) => sums_up(text) || ends_list(text),
        _ => false,
    };
    !key.is_empty() && key.iter().all(has_no_code) && (sums_up(first) || (is_few && ends_list(first)))
}

/// `Tổng số HS: 5`.
fn sums_up(text: &str) -> bool {
    let written = text.trim().to_lowercase();
    let word = written.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    SUM_WORDS.contains(&word) && begins_with(&key(text), &SUMS)
}

/// `Hải Phòng, ngày 5 tháng 9 năm 2025`, `Người lập biểu`.
fn ends_list(text: &str) -> bool {
    let text = key(text);
    is_dated(&text) || begins_with(&text, &CERTAIN)
}

fn begins_with(key: &str, words: &[&str]) -> bool {
    let begins = |word: &&str| key.strip_prefix(*word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    words.iter().any(begins)
}

fn is_dated(key: &str) -> bool {
    key.contains("ngay ") && key.contains(" thang ")
}

/// May the row sum the table up, or sign it?
pub(crate) fn begins_foot(row: &SheetRow) -> bool {
    let Some((_, Cell::Text(text))) = row.cells().next() else { return false };
    let text = key(text);
    let is_signed = || is_dated(&text) || begins_with(&text, &SIGNATURES);
    begins_with(&text, &SUMS) || (row.cells().count() <= SIGNED && is_signed())
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
