//! DT: dates that cannot be.

use crate::model::rules::catalogue as rule;
use crate::model::rules::{Candidate, IssueSink};
use chrono::NaiveDate;

/// DT-003: nobody is born after the day of receipt.
pub fn birth_date(candidate: &Candidate, at: impl Into<usize>, birth_date: Option<NaiveDate>, sink: &mut IssueSink) {
    if let Some(date) = birth_date.filter(|date| *date > candidate.received) {
        sink.raise(&rule::DT_003, at).with("value", date);
    }
}
