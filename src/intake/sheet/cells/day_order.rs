//! In which order a column of dates has day and month: judged by all of its cells, for one alone often fits both.

use crate::intake::sheet::file::date;
use crate::intake::sheet::file::format::{DateFormat, DayOrder};
use crate::intake::sheet::file::row::{Cell, Rows, SheetFault, SheetRow};
use crate::intake::sheet::headings::columns::Columns;
use chrono::{Datelike, NaiveDate};
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
    /// Texts that begin with a day, each once, and the first of them.
    day_first_dates: HashSet<(u32, u32)>,
    day_first_example: String,
    /// Cells that are days, not texts.
    days: DayTally,
}

/// What the cells of a column show that are days.
#[derive(Debug, Default)]
struct DayTally {
    /// Such days whose day and month may have been exchanged, each once, and the first of them.
    exchangeable: HashSet<NaiveDate>,
    first: Option<NaiveDate>,
    /// There are others.
    has_others: bool,
    /// Formats in which the day stands first, and in which neither does.
    day_first: bool,
    open: bool,
}

/// A column of dates that is not read as it stands, or was looked at with doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedColumn {
    /// Its place, from 0.
    pub column: u32,
    /// A date in it that cannot be read otherwise.
    pub example: String,
    /// In what it differs.
    pub order: ColumnOrder,
}

/// In what a column of dates differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnOrder {
    /// Its texts have the month before the day.
    MonthFirst,
    /// Its days were typed in the order of its texts by a computer that expects the other one, which took those for days
    /// that fit it and left the rest as texts: day and month of the former are exchanged.
    Exchanged {
        /// One of them, as it shows.
        shown: NaiveDate,
        /// They are enough to be sure.
        is_certain: bool,
    },
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
            (13..=31, 1..=12) => {
                if self.day_first == 0 {
                    text.clone_into(&mut self.day_first_example);
                }
                self.day_first += 1;
                self.day_first_dates.insert((first, second));
            }
            (1..=12, 1..=12) => {
                self.either += 1;
                self.either_dates.insert((first, second));
            }
            _ => (),
        }
    }

    fn add_day(&mut self, serial: f64, format: DateFormat) {
        let Some(date) = date::of_date_cell(serial).map(|read| read.date) else { return };
        let days = &mut self.days;
        if date.day() > 12 {
            days.has_others = true;
        } else if date.day() != date.month() {
            days.first.get_or_insert(date);
            days.exchangeable.insert(date);
        }
        days.day_first |= format.order == DayOrder::DayFirst;
        days.open |= format.order == DayOrder::Open;
    }

    /// Texts that all begin with what the other order takes for no month, beside days that all fit it: what a computer of
    /// the other order makes of a column. It takes more of them to be sure where their format shows the order typed.
    fn exchanged(&self) -> Option<JudgedColumn> {
        let (texts, example) = match (self.day_first_dates.len(), self.month_first_dates.len()) {
            (0, texts) => (texts, &self.example),
            (texts, 0) => (texts, &self.day_first_example),
            _ => return None,
        };
        let (days, shown) = (self.days.exchangeable.len(), self.days.first?);
        if texts == 0 || self.either > 0 || self.days.has_others || days < 2 {
            return None;
        }
        let (enough_days, enough_texts) = match (self.days.day_first, self.days.open) {
            (true, _) => (5, 3),
            (false, true) => (3, 2),
            (false, false) => (2, 1),
        };
        let is_certain = days >= enough_days && texts >= enough_texts;
        let order = ColumnOrder::Exchanged { shown, is_certain };
        Some(JudgedColumn { column: self.column, example: example.clone(), order })
    }

    fn judged(self) -> Vec<JudgedColumn> {
        let month_first = self.is_month_first().then(|| JudgedColumn {
            column: self.column,
            example: self.example.clone(),
            order: ColumnOrder::MonthFirst,
        });
        month_first.into_iter().chain(self.exchanged()).collect()
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

/// The columns of dates in another order, by all rows below the headings.
///
/// # Errors
/// The file cannot be read further.
pub fn judge(rows: &mut dyn Rows, parts: &[Columns]) -> Result<Vec<JudgedColumn>, SheetFault> {
    let places: BTreeSet<u32> = parts.iter().flat_map(Columns::date_columns).collect();
    let last_heading = parts.first().map_or(0, |columns| columns.last_heading);
    let mut tallies: Vec<DayOrderTally> =
        places.into_iter().map(|column| DayOrderTally { column, ..DayOrderTally::default() }).collect();
    let mut row = SheetRow::default();
    while rows.next(&mut row)? {
        for tally in tallies.iter_mut().filter(|_| row.number > last_heading) {
            match row.cell(tally.column) {
                Cell::Text(text) => tally.add(text.trim()),
                Cell::Date(serial, format) => tally.add_day(serial, format),
                _ => (),
            }
        }
    }
    Ok(tallies.into_iter().flat_map(DayOrderTally::judged).collect())
}

/// Rows whose dates are written anew where their column has another order: the year first.
pub struct RowsInOrder<'r> {
    rows: &'r mut dyn Rows,
    columns: &'r [JudgedColumn],
    below: u64,
}

impl<'r> RowsInOrder<'r> {
    /// In these columns, below the headings.
    pub fn new(rows: &'r mut dyn Rows, columns: &'r [JudgedColumn], last_heading: u64) -> Self {
        Self { rows, columns, below: last_heading }
    }
}

impl Rows for RowsInOrder<'_> {
    fn next(&mut self, row: &mut SheetRow) -> Result<bool, SheetFault> {
        let more = self.rows.next(row)?;
        let is_below = more && row.number > self.below;
        for JudgedColumn { column, order, .. } in self.columns.iter().filter(|_| is_below) {
            let anew = match (row.cell(*column), order) {
                (Cell::Text(text), ColumnOrder::MonthFirst) => date::month_first_anew(text.trim()),
                (Cell::Date(serial, _), ColumnOrder::Exchanged { is_certain: true, .. }) => exchanged(serial),
                _ => None,
            };
            if let Some(anew) = anew {
                row.replace(*column, &anew);
            }
        }
        Ok(more)
    }
}

/// The day of a cell with day and month in each other's place, the year first.
fn exchanged(serial: f64) -> Option<String> {
    let date = date::of_date_cell(serial)?.date;
    NaiveDate::from_ymd_opt(date.year(), date.day(), date.month()).map(|date| date.to_string())
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

    fn exchanged_of(days: &[(i32, u32, u32)], order: DayOrder, texts: &[&str]) -> Option<bool> {
        let mut tally = DayOrderTally::default();
        texts.iter().for_each(|text| tally.add(text));
        for (year, month, day) in days {
            let serial = date::to_serial(&format!("{year}-{month:02}-{day:02}")).unwrap();
            tally.add_day(serial, DateFormat { order, year: true });
        }
        tally.exchanged().map(|found| matches!(found.order, ColumnOrder::Exchanged { is_certain: true, .. }))
    }

    #[test]
    fn days_beside_texts_that_fit_no_month_were_exchanged() {
        let days = [(2014, 4, 3), (2014, 9, 5), (2014, 11, 2), (2014, 1, 8), (2014, 12, 7)];
        let texts = ["25/04/2014", "13/9/2014", "30/12/2013"];
        let judge = |days, order, texts| exchanged_of(days, order, texts);
        assert_eq!(judge(&days, DayOrder::Open, &texts), Some(true));
        assert_eq!(judge(&days, DayOrder::DayFirst, &texts), Some(true));
        assert_eq!(judge(&days[..2], DayOrder::MonthFirst, &texts[..1]), Some(true));
        assert_eq!(judge(&days[..2], DayOrder::Open, &texts), Some(false), "few days");
        assert_eq!(judge(&days[..4], DayOrder::DayFirst, &texts), Some(false), "shown in the order typed");
        assert_eq!(judge(&days, DayOrder::Open, &["4/25/2014", "9/13/2014"]), Some(true), "the other way round");
        for texts in [&["25/04/2014", "3/4/2014"][..], &["25/04/2014", "4/25/2014"], &["2014-04-25"], &[]] {
            assert_eq!(judge(&days, DayOrder::Open, texts), None, "{texts:?}");
        }
        assert_eq!(judge(&[(2014, 4, 3), (2014, 4, 25), (2014, 9, 5)], DayOrder::Open, &texts), None, "a day is one");
        assert_eq!(judge(&[(2025, 9, 5); 40], DayOrder::Open, &texts), None, "one day for all");
    }
}
