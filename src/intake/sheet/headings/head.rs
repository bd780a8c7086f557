//! The headings of a sheet: one row, or several in which the upper ones stand over columns of the lower.

use crate::intake::sheet::around::locate::HEAD;
use crate::intake::sheet::file::row::SheetRow;
use crate::intake::sheet::headings::heading::key;
use crate::intake::sheet::records::convert::shown;

/// Rows of headings at most.
const TIERS: usize = 4;
/// Characters of a heading; what is longer is none.
const LONGEST: usize = 160;

/// A column with the headings over it, from the top.
#[derive(Debug, Clone)]
pub struct HeadColumn {
    /// Its place, from 0.
    pub column: u32,
    /// The headings as they stand.
    pub texts: Vec<String>,
    /// The same as keys.
    pub keys: Vec<String>,
    /// The number of the row of the lowest.
    pub row: u64,
    /// The uppermost stands over other columns too.
    pub spans: bool,
}

impl HeadColumn {
    /// The headings for people.
    pub fn heading(&self) -> String {
        self.texts.join(" ")
    }
}

/// Rows that may be the headings of a sheet.
#[derive(Debug, Clone)]
pub struct Head {
    /// The first of them, as a place among the rows looked at.
    pub first: usize,
    /// How many there are.
    pub tiers: usize,
    /// Number of the last.
    pub last_row: u64,
    /// The columns under them.
    pub columns: Vec<HeadColumn>,
}

/// All that may be the headings; a row that has none of the words known begins none.
pub fn heads(rows: &[SheetRow], is_known: &dyn Fn(&str) -> bool) -> Vec<Head> {
    let mut heads = Vec::new();
    for first in 0..rows.len().min(HEAD) {
        let known = rows[first].cells().filter_map(|(_, cell)| shown(cell)).filter(|text| is_known(&key(text))).count();
        if known == 0 || (known < 2 && rows[first].cells().count() > 4) {
            continue;
        }
        for tiers in 1..=TIERS.min(rows.len() - first) {
            let block = &rows[first..first + tiers];
            let is_adjacent = block.windows(2).all(|pair| pair[1].number == pair[0].number + 1);
            if !is_adjacent {
                break;
            }
            heads.extend(head(block, first));
        }
    }
    heads
}

/// One cell of the rows of headings.
struct HeadCell {
    column: u32,
    text: String,
    key: String,
}

fn head(block: &[SheetRow], first: usize) -> Option<Head> {
    let tiers: Vec<Vec<HeadCell>> = block.iter().map(cells_of).collect::<Option<_>>()?;
    let mut places: Vec<u32> = tiers.iter().flatten().map(|cell| cell.column).collect();
    places.sort_unstable();
    places.dedup();
    let mut columns: Vec<HeadColumn> = places.iter().map(|place| column(&tiers, block, *place)).collect();
    for at in 0..columns.len() {
        let top = columns[at].texts.first().cloned();
        columns[at].spans = columns[at].texts.len() > 1
            && columns.iter().enumerate().any(|(other, column)| {
                other.abs_diff(at) == 1 && column.texts.len() > 1 && column.texts.first() == top.as_ref()
            });
    }
    Some(Head { first, tiers: block.len(), last_row: block.last()?.number, columns })
}

fn cells_of(row: &SheetRow) -> Option<Vec<HeadCell>> {
    let mut cells = Vec::new();
    for (column, cell) in row.cells() {
        let text = shown(cell).unwrap_or_default();
        if text.chars().count() > LONGEST {
            return None;
        }
        let key = key(&text);
        if !key.is_empty() {
            cells.push(HeadCell { column, text, key });
        }
    }
    Some(cells)
}

/// The headings over a column: its own, and above its lowest those that stand over columns to its left up to here.
fn column(tiers: &[Vec<HeadCell>], block: &[SheetRow], place: u32) -> HeadColumn {
    let own = |tier: &Vec<HeadCell>| tier.iter().any(|cell| cell.column == place);
    let lowest = tiers.iter().rposition(own).unwrap_or_default();
    let mut column = HeadColumn {
        column: place,
        texts: Vec::new(),
        keys: Vec::new(),
        row: block.get(lowest).map_or(0, |row| row.number),
        spans: false,
    };
    // A lower heading stands within the upper one.
    let mut from = 0;
    for tier in &tiers[..=lowest] {
        let over = tier.iter().rfind(|cell| cell.column <= place).filter(|cell| cell.column >= from);
        if let Some(cell) = over {
            from = cell.column;
            column.texts.push(one_line(&cell.text));
            column.keys.push(cell.key.clone());
        }
    }
    column
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::sheet::file::row::Cell;

    fn rows(texts: &[&[&str]]) -> Vec<SheetRow> {
        let row = |(number, cells): (u64, &&[&str])| {
            let mut row = SheetRow::default();
            row.begin(number);
            (0..).zip(cells.iter()).for_each(|(column, text)| row.push(column, Cell::Text(text)));
            row
        };
        (1..).zip(texts).map(row).collect()
    }

    #[test]
    fn an_upper_heading_stands_over_the_columns_that_have_one_of_their_own_below() {
        let rows = rows(&[
            &["STT", "Môn học", "", "", "Năng lực", "", "Ghi chú"],
            &["", "Toán", "", "Đạo đức", "Chung", ""],
            &["", "Mức", "Điểm", "Mức", "a", "b"],
        ]);
        let heads = heads(&rows, &|_| true);
        let head = heads.iter().find(|head| head.first == 0 && head.tiers == 3).unwrap();
        let shown: Vec<String> = head.columns.iter().map(HeadColumn::heading).collect();
        assert_eq!(
            shown,
            [
                "STT",
                "Môn học Toán Mức",
                "Môn học Toán Điểm",
                "Môn học Đạo đức Mức",
                "Năng lực Chung a",
                "Năng lực Chung b",
                "Ghi chú"
            ]
        );
    }
}
