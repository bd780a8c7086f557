//! In which order a column of dates has day and month: judged by all of its cells, for one alone often fits both.

use crate::intake::sheet::file::date;
use crate::intake::sheet::file::row::{Cell, Rows, SheetFault, SheetRow};
use crate::intake::sheet::headings::columns::Columns;
use std::collections::{BTreeSet, HashSet};

/// What the texts of a column show.
#[derive(Debug, Default)]
pub struct DayOrderTally {
    column: u32,
    /// Cells whose second number can be no month, and such dates, each once.
    month_first: usize,
    month_first_dates: HashSet<(u32, u32)>,
    /// Cells whose first number can be no month.
    day_first: usize,
    /// Cells that fit both, and such dates, each once.
    either: usize,
    either_dates: HashSet<(u32, u32)>,
    /// The first of the cells whose month stands first.
    example: String,
}

/// A column whose month stands before the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthFirstColumn {
    /// Its place, from 0.
    pub column: u32,
    /// A date in it that cannot be read otherwise.
    pub example: String,
}

impl DayOrderTally {
    fn add(&mut self, text: &str) {
        let Some((first, second)) = date::day_and_month(text) else { return };
        match (first, second) {
            (1..=12, 13..=31) => {
                if self.month_first == 0 {
                    text.clone_into(&mut self.example);
                }
                self.month_first += 1;
                self.month_first_dates.insert((first, second));
            }
            (13..=31, 1..=12) => self.day_first += 1,
            (1..=12, 1..=12) => {
                self.either += 1;
                self.either_dates.insert((first, second));
            }
            _ => (),
        }
    }

    /// Plainly month-first: no cell says otherwise, and those that say so are no slips of the key. One or two dates show
    /// no order, and neither does one among many that are alike.
    fn is_month_first(&self) -> bool {
        let cells = self.month_first + self.either;
        let (dates, all_dates) = (self.month_first_dates.len(), self.month_first_dates.len() + self.either_dates.len());
        self.day_first == 0
            && self.month_first > 0
            && cells > 2
            && (4 * self.month_first >= cells || (dates > 1 && 2 * dates >= all_dates))
    }
}

/// The columns of dates whose month stands first, by all rows below the headings.
///
/// # Errors
/// The file cannot be read further.
pub fn month_first(rows: &mut dyn Rows, parts: &[Columns]) -> Result<Vec<MonthFirstColumn>, SheetFault> {
    let places: BTreeSet<u32> = parts.iter().flat_map(Columns::date_columns).collect();
    let last_heading = parts.first().map_or(0, |columns| columns.last_heading);
    let mut tallies: Vec<DayOrderTally> =
        places.into_iter().map(|column| DayOrderTally { column, ..DayOrderTally::default() }).collect();
    let mut row = SheetRow::default();
    while rows.next(&mut row)? {
        for tally in tallies.iter_mut().filter(|_| row.number > last_heading) {
            if let Cell::Text(text) = row.cell(tally.column) {
                tally.add(text.trim());
            }
        }
    }
    let found = tallies.into_iter().filter(DayOrderTally::is_month_first);
    Ok(found.map(|tally| MonthFirstColumn { column: tally.column, example: tally.example }).collect())
}

/// Rows in whose columns of dates the month stands first: such dates are written anew, the year first.
pub struct MonthFirstRows<'r> {
    rows: &'r mut dyn Rows,
    columns: &'r [MonthFirstColumn],
    below: u64,
}

impl<'r> MonthFirstRows<'r> {
    /// In these columns, below the headings.
    pub fn new(rows: &'r mut dyn Rows, columns: &'r [MonthFirstColumn], last_heading: u64) -> Self {
        Self { rows, columns, below: last_heading }
    }
}

impl Rows for MonthFirstRows<'_> {
    fn next(&mut self, row: &mut SheetRow) -> Result<bool, SheetFault> {
        let more = self.rows.next(row)?;
        let is_below = more && row.number > self.below;
        for MonthFirstColumn { column, .. } in self.columns.iter().filter(|_| is_below) {
            let Cell::Text(text) = row.cell(*column) else { continue };
            if let Some(anew) = date::month_first_anew(text.trim()) {
                row.replace(*column, &anew);
            }
        }
        Ok(more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_month_first(texts: &[&str]) -> bool {
        let mut tally = DayOrderTally::default();
        texts.iter().for_each(|text| tally.add(text));
        tally.is_month_first()
    }

    #[test]
    fn a_column_is_month_first_where_nothing_speaks_against_it() {
        assert!(is_month_first(&["9/5/2014", "9/25/2014", "12/30/2013", "2/11/2014"]));
        assert!(is_month_first(&["09-25-2014", "9/5/2014 0:00", "9.6.2014"]));
        assert!(!is_month_first(&["25/9/2014", "9/25/2014", "12/30/2013"]), "one day stands first");
        assert!(!is_month_first(&["9/5/2014", "2/11/2014"]), "it may be either");
        assert!(!is_month_first(&["9/25/2014", "5/9/2014"]), "two dates");
        assert!(!is_month_first(&["", "2014-09-25", "ngày 5"]));
        let mut year = vec!["05/09/2025"; 40];
        year.push("05/13/2025");
        assert!(!is_month_first(&year), "a slip of the key");
        year.extend(["09/15/2025", "10/20/2025"]);
        assert!(is_month_first(&year), "most dates of the column");
    }
}
