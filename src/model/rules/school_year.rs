//! DT-010: what happens in a school year happens between its bounds.

use crate::model::issue::Severity;
use crate::model::rules::catalogue as rule;
use crate::model::rules::{Candidate, IssueSink, RuleContext};
use crate::model::schools::School;
use chrono::NaiveDate;

/// Levels at which children come and go all the year.
const PRESCHOOL: [&str; 3] = ["4", "5", "45"];

/// Judges dates, each with its place, by the bounds of the record's school year (rule parameters; by default 1 June to
/// 31 August). A preschool is only asked about them; of which level the school is, must be known.
pub fn holds(
    candidate: &Candidate,
    context: &RuleContext,
    year: Option<&str>,
    dates: &[(usize, Option<NaiveDate>)],
    sink: &mut IssueSink,
) {
    let Some(level) = context.parent("school").and_then(|school| School(school).level()) else { return };
    let severity = if PRESCHOOL.contains(&level) { Severity::Warning } else { Severity::Error };
    let Some((year, (first, last))) = year.and_then(|year| Some((year, candidate.lists.school_year_bounds(year)?)))
    else {
        return;
    };
    for (at, date) in dates {
        if let Some(date) = date.filter(|date| *date < first || *date > last) {
            sink.raise(&rule::DT_010, *at)
                .severity(severity)
                .with("value", date)
                .with("year", year)
                .with("first", first)
                .with("last", last);
        }
    }
}
