//! Texts of the pages, in both languages where they are used; numbers and days as people write them.

use crate::model::issue::Language;
use crate::model::moment::local;
use chrono::{DateTime, Utc};

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    /// The text of the page's language.
    pub fn of<'t>(self, vi: &'t str, en: &'t str) -> &'t str {
        match self.0 {
            Language::Vietnamese => vi,
            Language::English => en,
        }
    }
    /// `vi` or `en`.
    pub fn tag(self) -> &'static str {
        self.0.tag()
    }
    /// `1.200` or `1,200`.
    pub fn number(self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut text = String::from(if number < 0 { "−" } else { "" });
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push_str(self.of(".", ","));
            }
            text.push(digit);
        }
        text
    }
    /// Minute of an instant in Vietnam, as `27/11/2026 15:04`.
    pub fn moment(self, instant: DateTime<Utc>) -> String {
        local(instant).format("%d/%m/%Y %H:%M").to_string()
    }
    /// Such a count of records: `1 record`, `1,200 records`.
    pub fn records(self, count: i64) -> String {
        let noun = self.of("bản ghi", if count == 1 { "record" } else { "records" });
        format!("{} {noun}", self.number(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_days_are_written_as_people_do() {
        let (vi, en) = (Words(Language::Vietnamese), Words(Language::English));
        for (number, expected) in [(0, "0"), (999, "999"), (1_200, "1.200"), (-12_345_678, "−12.345.678")] {
            assert_eq!(vi.number(number), expected);
        }
        assert_eq!((en.records(1).as_str(), en.records(1_200).as_str()), ("1 record", "1,200 records"));
        let evening: DateTime<Utc> = "2026-11-27T18:30:00Z".parse().unwrap();
        assert_eq!(vi.moment(evening), "28/11/2026 01:30");
    }
}
