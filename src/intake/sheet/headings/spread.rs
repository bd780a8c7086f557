//! A heading that stands over several columns without headings of their own.

use crate::intake::sheet::headings::columns::element_of;
use crate::intake::sheet::headings::heading::{Names, Target};
use crate::intake::sheet::records::parts::PartColumn;

/// Columns that a heading stands over at most.
const WIDEST: u32 = 12;

/// One that names a list and stands over several columns (the others are empty) heads its elements.
pub(crate) fn spread(columns: Vec<PartColumn>, names: &Names) -> Vec<PartColumn> {
    let nexts: Vec<u32> =
        columns.iter().skip(1).map(|column| column.column).chain(columns.last().map(|last| last.column + 1)).collect();
    let mut spread = Vec::with_capacity(columns.len());
    for (column, next) in columns.into_iter().zip(nexts) {
        let width = next.saturating_sub(column.column);
        let element = match &column.meaning.target {
            Target::Member(leaf, _) => element_of(names, *leaf).filter(|_| width > 1 && width <= WIDEST),
            _ => None,
        };
        let Some(leaf) = element else {
            spread.push(column);
            continue;
        };
        for (place, number) in (column.column..next).zip(1..) {
            let mut meaning = column.meaning.clone();
            meaning.heading = format!("{} {number}", column.meaning.heading);
            meaning.target = Target::Member(leaf, number.to_string());
            spread.push(PartColumn { column: place, row: column.row, meaning });
        }
    }
    spread
}
