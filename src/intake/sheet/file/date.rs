//! Dates as sheets hold them: serial numbers, and texts that begin with the day.

use crate::model::moment;
use chrono::{Days, NaiveDate, NaiveTime};

/// Days from the beginning of the calendar of 1900 to that of 1904, which workbooks of old Macintoshes have.
pub const DAYS_TO_1904: f64 = 1_462.0;

/// Seconds of a day, and how many of them are close to midnight.
const DAY: u32 = 86_400;
const CLOSE: u32 = 600;

/// First and last serial number that a date of school life can be: 1 January 1910 and 31 December 2099.
const PLAUSIBLE: std::ops::RangeInclusive<i64> = 3_654..=73_050;

/// The day of a serial number. The calendar of spreadsheets has a 29 February 1900 that never was.
pub fn of_serial(serial: f64) -> Option<NaiveDate> {
    let days = serial.floor() as i64;
    let first = NaiveDate::from_ymd_opt(1899, 12, if days < 60 { 31 } else { 30 })?;
    let days = u64::try_from(days).ok().filter(|days| (1..=2_958_465).contains(days) && *days != 60)?;
    first.checked_add_days(Days::new(days))
}

/// A day as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRead {
    /// The day.
    pub date: NaiveDate,
    /// The time of day beside it, unless it is the beginning or the end of one.
    pub time: Option<NaiveTime>,
}

impl DayRead {
    /// Programs that shift times from one zone to another miss midnight by seconds or minutes: what is that close to it
    /// is the day that was meant.
    fn of(date: NaiveDate, seconds: u32) -> Option<Self> {
        if seconds >= DAY - CLOSE {
            return Some(Self { date: date.succ_opt()?, time: None });
        }
        let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).filter(|_| seconds > CLOSE);
        Some(Self { date, time })
    }
}

/// The serial number of a day, and of a time beside it, in letters.
pub fn to_serial(text: &str) -> Option<f64> {
    let (day, seconds) = day_and_time(text.trim())?;
    let days = moment::date(day)?.signed_duration_since(NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    // Before March 1900 the calendar of spreadsheets goes another way.
    (days > 60).then(|| days as f64 + f64::from(seconds) / f64::from(DAY))
}

/// The day of a cell that shows one.
pub fn of_date_cell(serial: f64) -> Option<DayRead> {
    DayRead::of(of_serial(serial)?, seconds_of(serial))
}

/// The day of a number that stands where a date should: a year (2012) or a date without marks (20120905) is none.
pub fn of_plausible_serial(serial: f64) -> Option<DayRead> {
    (serial.is_finite() && PLAUSIBLE.contains(&(serial.floor() as i64))).then(|| of_date_cell(serial)).flatten()
}

/// The time of day of a serial number: `07:30`.
pub fn time_of_serial(serial: f64) -> String {
    let minutes = (f64::from(seconds_of(serial)) / 60.0).round() as u32;
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

fn seconds_of(serial: f64) -> u32 {
    ((serial - serial.floor()) * f64::from(DAY)).round() as u32
}

/// `2012-09-05`, `5/9/2012`, `05.09.2012`, `5-9-2012`, with or without a time of day: the day stands first, as it does
/// in Vietnam. With a time zone it is an instant, whose day depends on who reads it: none.
pub fn of_text(text: &str) -> Option<DayRead> {
    let (day, seconds) = day_and_time(text)?;
    let in_parts = || match parts(day)? {
        ([first, second, third], (1..=2, 4)) => NaiveDate::from_ymd_opt(third as i32, second, first),
        ([first, second, third], (4, 1..=2)) => NaiveDate::from_ymd_opt(first as i32, second, third),
        _ => None,
    };
    DayRead::of(moment::date(day).or_else(in_parts)?, seconds)
}

/// The first two numbers of a text such as `9/25/2014`, of which one may be the day and the other the month.
pub fn day_and_month(text: &str) -> Option<(u32, u32)> {
    match parts(day_and_time(text)?.0)? {
        ([first, second, _], (1..=2, 4)) => Some((first, second)),
        _ => None,
    }
}

/// A text such as `9/25/2014`, whose month stands first as it does in the United States, with the year first; what
/// stands behind it stays.
pub fn month_first_anew(text: &str) -> Option<String> {
    let (day, rest) = text.split_at(text.find([' ', 'T']).unwrap_or(text.len()));
    let ([month, day, year], (1..=2, 4)) = parts(day)? else { return None };
    Some(format!("{}{rest}", NaiveDate::from_ymd_opt(year as i32, month, day)?))
}

/// Three numbers between strokes, points or dashes, and how many digits the first and the last have.
fn parts(day: &str) -> Option<([u32; 3], (usize, usize))> {
    let mut parts = day.split(['/', '-', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let number =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    if parts.next().is_some() || second.len() > 2 || first.len() > 4 || third.len() > 4 {
        return None;
    }
    Some(([number(first)?, number(second)?, number(third)?], (first.len(), third.len())))
}

/// The text of the day, and the seconds that are gone of it.
fn day_and_time(text: &str) -> Option<(&str, u32)> {
    match text.split_once([' ', 'T']) {
        None => Some((text, 0)),
        Some((day, time)) => Some((day, seconds_of_day(time.trim())?)),
    }
}

/// `17:00`, `17:00:00.000`, `5:00:00 PM`, `5:00:00 CH`: the seconds since midnight.
fn seconds_of_day(time: &str) -> Option<u32> {
    let (clock, half) = time.split_once(' ').unwrap_or((time, ""));
    let mut numbers = clock.split(':').map(|part| part.split('.').next().unwrap_or_default().parse::<u32>());
    let (hours, minutes) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let seconds = numbers.next().unwrap_or(Ok(0)).ok()?;
    let is_clock = clock.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
    let hours = match half.trim().to_uppercase().as_str() {
        "" => hours,
        "AM" | "SA" => hours % 12,
        "PM" | "CH" => hours % 12 + 12,
        _ => return None,
    };
    let is_time = is_clock && numbers.next().is_none() && hours < 24 && minutes < 60 && seconds < 60;
    is_time.then_some(hours * 3_600 + minutes * 60 + seconds)
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
        assert_eq!((of_plausible_serial(2_012.0), of_plausible_serial(20_120_905.0)), (None, None));
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
            let read = of_text(text).map(|read| (read.date.to_string(), read.time));
            assert_eq!(read, Some(("2012-09-05".to_owned(), None)), "{text}");
        }
        for text in ["09/25/2012", "5/9/12", "2012", "31/02/2012", "5/9/2012/1", "ngày 5", "1/1/99999", ""] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_close_to_midnight_is_none_and_another_is_told() {
        let read =
            |text: &str| of_text(text).map(|read| (read.date.to_string(), read.time.map(|time| time.to_string())));
        for (text, date, time) in [
            ("2014-09-04 23:59:17", "2014-09-05", None),
            ("4/9/2014 11:53:30 PM", "2014-09-05", None),
            ("5/9/2014 0:10", "2014-09-05", None),
            ("5/9/2014 12:00:00 SA", "2014-09-05", None),
            ("2014-09-04T17:00:00.000", "2014-09-04", Some("17:00:00")),
            ("4/9/2014 5:00 CH", "2014-09-04", Some("17:00:00")),
            ("31/12/2014 23:50", "2015-01-01", None),
        ] {
            assert_eq!(read(text), Some((date.to_owned(), time.map(str::to_owned))), "{text}");
        }
        for text in [
            "2014-09-04T17:00:00.000Z",
            "2014-09-05T00:00:00+07:00",
            "2014-09-04 17:00:00Z",
            "5/9/2014 25:00",
            "5/9/2014 nhé",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        let cell = |serial| of_date_cell(serial).map(|read| (read.date.to_string(), read.time.is_some()));
        assert_eq!(cell(41_886.999_502_314_81), Some(("2014-09-05".to_owned(), false)));
        assert_eq!(cell(41_887.000_497_685_19), Some(("2014-09-05".to_owned(), false)));
        assert_eq!(cell(41_886.708_333_333_34), Some(("2014-09-04".to_owned(), true)));
        assert_eq!(time_of_serial(0.3125), "07:30");
    }
}
