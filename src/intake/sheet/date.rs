//! Dates as sheets hold them: serial numbers, and texts that begin with the day.

use crate::model::moment;
use chrono::{Days, NaiveDate};

/// First and last serial number that a date of school life can be: 1 January 1910 and 31 December 2099.
const PLAUSIBLE: std::ops::RangeInclusive<i64> = 3_654..=73_050;

/// The day of a serial number. The calendar of spreadsheets has a 29 February 1900 that never was.
pub fn of_serial(serial: f64) -> Option<NaiveDate> {
    let days = serial.floor() as i64;
    let first = NaiveDate::from_ymd_opt(1899, 12, if days < 60 { 31 } else { 30 })?;
    let days = u64::try_from(days).ok().filter(|days| (1..=2_958_465).contains(days) && *days != 60)?;
    first.checked_add_days(Days::new(days))
}

/// The day of a number that stands where a date should: a year (2012) or a date without marks (20120905) is none.
pub fn of_plausible_serial(serial: f64) -> Option<NaiveDate> {
    (serial.is_finite() && PLAUSIBLE.contains(&(serial.floor() as i64))).then(|| of_serial(serial)).flatten()
}

/// `2012-09-05`, `5/9/2012`, `05.09.2012`, `5-9-2012`, with or without a time of day: the day stands first, as it does
/// in Vietnam.
pub fn of_text(text: &str) -> Option<NaiveDate> {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    if let Some(date) = moment::date(day) {
        return Some(date);
    }
    let mut parts = day.split(['/', '-', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let number =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    if parts.next().is_some() || second.len() > 2 {
        return None;
    }
    match (first.len(), third.len()) {
        (1..=2, 4) => NaiveDate::from_ymd_opt(number(third)? as i32, number(second)?, number(first)?),
        (4, 1..=2) => NaiveDate::from_ymd_opt(number(first)? as i32, number(second)?, number(third)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_days() {
        let day = |serial| of_serial(serial).map(|date| date.to_string());
        assert_eq!(day(1.0).as_deref(), Some("1900-01-01"));
        assert_eq!(day(59.0).as_deref(), Some("1900-02-28"));
        assert_eq!(day(60.0), None);
        assert_eq!(day(61.0).as_deref(), Some("1900-03-01"));
        assert_eq!(day(41_157.75).as_deref(), Some("2012-09-05"));
        assert_eq!((day(-5.0), day(f64::NAN), day(1e18)), (None, None, None));
        assert_eq!((of_plausible_serial(2012.0), of_plausible_serial(20_120_905.0)), (None, None));
        assert!(of_plausible_serial(41_157.0).is_some());
    }

    #[test]
    fn texts_begin_with_the_day() {
        for text in [
            "2012-09-05",
            "5/9/2012",
            "05/09/2012",
            "05.09.2012",
            "5-9-2012",
            "2012/9/5",
            "05/09/2012 00:00:00",
            "2012-09-05T00:00:00",
        ] {
            assert_eq!(of_text(text).map(|date| date.to_string()).as_deref(), Some("2012-09-05"), "{text}");
        }
        for text in ["09/25/2012", "5/9/12", "2012", "31/02/2012", "5/9/2012/1", "ngày 5", "1/1/99999", ""] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }
}
