//! Which days belong to a school year and to its periods.

use crate::model::lists::Lists;
use chrono::{Datelike, NaiveDate};

/// The month with which a school year begins.
const NEW_YEAR: u32 = 8;

impl Lists {
    /// First and last day on which something of a school year may happen.
    pub fn school_year_bounds(&self, school_year: &str) -> Option<(NaiveDate, NaiveDate)> {
        let begins: i32 = school_year.get(..4)?.parse().ok()?;
        let day = |name, year| {
            let (month, day) = self.month_and_day(name, school_year)?;
            NaiveDate::from_ymd_opt(year, month, day)
        };
        Some((day("school-year.first-day", begins)?, day("school-year.last-day", begins + 1)?))
    }
    /// May the period of results (or `CN`, the year) be over by this day? Schools end their terms on days of their own:
    /// this is before the first of them.
    pub fn may_be_over(&self, period: &str, school_year: &str, day: NaiveDate) -> bool {
        self.day_in_year(&format!("result-period.{period}.results-from"), school_year).is_some_and(|first| day >= first)
    }
    /// Is the term (`1`, `2`) over by this day wherever it is taught? The school year is when its second term is.
    pub fn is_over(&self, term: &str, school_year: &str, day: NaiveDate) -> bool {
        self.day_in_year(&format!("term-{term}.last-day"), school_year).is_some_and(|last| day > last)
    }
    /// First and last day of a period of results, where there is such a bound: terms begin and end on days that each
    /// province sets, and the bounds lie outside all of them.
    pub fn period_bounds(&self, period: &str, school_year: &str) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let day = |end: &str| self.day_in_year(&format!("result-period.{period}.{end}"), school_year);
        (day("first-day"), day("last-day"))
    }
    /// The day of a school year that a parameter such as 1130 names.
    fn day_in_year(&self, name: &str, school_year: &str) -> Option<NaiveDate> {
        let begins: i32 = school_year.get(..4)?.parse().ok()?;
        let (month, day) = self.month_and_day(name, school_year)?;
        NaiveDate::from_ymd_opt(begins + i32::from(month < NEW_YEAR), month, day)
    }
    /// A parameter such as 1130: 30 November.
    fn month_and_day(&self, name: &str, school_year: &str) -> Option<(u32, u32)> {
        let figure = u32::try_from(self.parameter(name, school_year)?).ok()?;
        Some((figure / 100, figure % 100))
    }
    /// The school year in which a day falls, which changes on 1 August: `2025-2026`.
    pub fn school_year_of(day: NaiveDate) -> String {
        let begins = if day.month() >= NEW_YEAR { day.year() } else { day.year() - 1 };
        format!("{begins}-{}", begins + 1)
    }
}
