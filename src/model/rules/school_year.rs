//! DT-010: what happens in a school year happens between its bounds.

use crate::model::rules::catalogue as rule;
use crate::model::rules::{Candidate, IssueSink};
use chrono::NaiveDate;

/// Judges dates, each with its place, by the bounds of the record's school year (rule parameters; by default 1 June to
/// 31 August).
pub fn holds(candidate: &Candidate, year: Option<&str>, dates: &[(usize, Option<NaiveDate>)], sink: &mut IssueSink) {
    let Some((year, (first, last))) = year.and_then(|year| Some((year, candidate.lists.school_year_bounds(year)?)))
    else {
        return;
    };
    for (at, date) in dates {
        if let Some(date) = date.filter(|date| *date < first || *date > last) {
            sink.raise(&rule::DT_010, *at)
                .with("value", date)
                .with("year", year)
                .with("first", first)
                .with("last", last);
        }
    }
}
