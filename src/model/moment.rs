//! Days in Vietnam (UTC+7) and instants: what people set as a day, programs as an instant.

use crate::model::messages::{Expected, message};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// Local time is so many seconds ahead of UTC; there is no summer time.
const AHEAD: i32 = 7 * 3600;

/// An instant as clocks in Vietnam show it.
pub fn local(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    FixedOffset::east_opt(AHEAD).map_or_else(|| instant.fixed_offset(), |zone| instant.with_timezone(&zone))
}

pub use crate::clock::now;

/// The day of an instant in Vietnam.
pub fn day_of(instant: DateTime<Utc>) -> NaiveDate {
    local(instant).date_naive()
}

/// The instant at which a day begins in Vietnam.
fn midnight(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(NaiveTime::MIN) - TimeDelta::seconds(AHEAD.into())).and_utc()
}

/// `YYYY-MM-DD` to the letter, from the year 1 on; anything else is ambiguous.
pub fn date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    NaiveDate::from_ymd_opt(number(0..4)? as i32, number(5..7)?, number(8..10)?).filter(|date| date.year() > 0)
}

/// Day and month of a text that is written as a date, `13/14/2014` or `2014-14-13`, but is no day of the calendar;
/// `None`: it is, or is not written so.
pub fn day_and_month(text: &str) -> Option<(u32, u32)> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).map(str::trim).collect();
    let number = |part: &str| (part.len() <= 4 && !part.is_empty()).then(|| part.parse::<u32>().ok()).flatten();
    let (year, month, day) = match parts[..] {
        [year, month, day] if year.len() == 4 => (number(year)?, number(month)?, number(day)?),
        [day, month, year] if year.len() == 4 => (number(year)?, number(month)?, number(day)?),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year as i32, month, day).is_none().then_some((day, month))
}

/// `YYYY-YYYY`, consecutive.
pub fn school_year(text: &str) -> bool {
    let Some((first, second)) = text.split_once('-') else { return false };
    let year = |part: &str| {
        (part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten()
    };
    matches!((year(first), year(second)), (Some(first), Some(second)) if second == first + 1)
}

/// Reads a member that is `null` or a [`date`].
///
/// # Errors
/// Anything else.
pub fn optional_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let read = |text: String| date(&text).ok_or_else(|| serde::de::Error::custom(Expected(message("date-expected"))));
    Option::<String>::deserialize(deserializer)?.map(read).transpose()
}

/// Can the database keep this instant, and people write it with four digits of the year?
pub fn is_storable(instant: DateTime<Utc>) -> bool {
    (1..=9999).contains(&instant.year())
}

/// A day in Vietnam, or an instant (RFC 3339), as it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Moment {
    /// The whole day.
    Day(NaiveDate),
    /// The instant.
    Instant(DateTime<Utc>),
}

impl Moment {
    /// The `format` of its schema.
    pub const FORMAT: &str = "date-or-date-time";
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::Custom(Self::FORMAT.to_owned());
        let about = "A day in Vietnam, `YYYY-MM-DD`, or an instant (RFC 3339).";
        let text = ObjectBuilder::new().schema_type(Type::String).format(Some(format)).description(Some(about));
        RefOr::T(text.into())
    }
}

impl ToSchema for Moment {}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl TryFrom<String> for Moment {
    type Error = Expected;
    fn try_from(text: String) -> Result<Self, Expected> {
        let day = date(&text).map(Self::Day);
        let read = || DateTime::parse_from_rfc3339(&text).ok().map(|instant| instant.to_utc().trunc_subsecs(6));
        let moment = day.or_else(|| read().filter(|instant| is_storable(*instant)).map(Self::Instant));
        moment.ok_or(Expected(message("day-or-instant-expected")))
    }
}

impl Moment {
    /// As a beginning: the first moment of the day.
    pub fn begin(self) -> DateTime<Utc> {
        match self {
            Self::Day(day) => midnight(day),
            Self::Instant(instant) => instant,
        }
    }
    /// As an end: the first moment after the day.
    pub fn end(self) -> DateTime<Utc> {
        match self {
            Self::Day(day) => midnight(day.succ_opt().unwrap_or(day)),
            Self::Instant(instant) => instant,
        }
    }
    /// As a bound that belongs to it: the last moment of the day.
    pub fn last(self) -> DateTime<Utc> {
        match self {
            Self::Day(_) => self.end() - TimeDelta::microseconds(1),
            Self::Instant(instant) => instant,
        }
    }
    /// What begins at this instant begins on this day, if it is a day's first moment.
    pub fn beginning(at: DateTime<Utc>) -> Self {
        if midnight(day_of(at)) == at { Self::Day(day_of(at)) } else { Self::Instant(at) }
    }
    /// What ends at this instant, ends on the day before, if it is a day's first moment.
    pub fn ending(at: DateTime<Utc>) -> Self {
        match Self::beginning(at) {
            Self::Day(day) => Self::Day(day.pred_opt().unwrap_or(day)),
            instant @ Self::Instant(_) => instant,
        }
    }
    /// As the API shows it.
    pub fn text(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Instant(instant) => instant.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        }
    }
    /// As a message tells it: the local time.
    pub fn local_text(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Instant(instant) => local(instant).format("%Y-%m-%d %H:%M").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Result<Moment, Expected> {
        text.to_owned().try_into()
    }

    #[test]
    fn a_day_lasts_from_midnight_to_midnight_in_vietnam() {
        let day = moment("2026-01-15").unwrap();
        assert_eq!(day.begin().to_rfc3339(), "2026-01-14T17:00:00+00:00");
        assert_eq!(day.end().to_rfc3339(), "2026-01-15T17:00:00+00:00");
        assert_eq!((Moment::beginning(day.begin()), Moment::ending(day.end())), (day, day));
        assert_eq!(day_of(day.begin()).to_string(), "2026-01-15");
        assert_eq!(day.last().to_rfc3339(), "2026-01-15T16:59:59.999999+00:00");
    }
    #[test]
    fn an_instant_is_shown_as_it_was_meant() {
        let instant = moment("2026-01-15T17:30:00+07:00").unwrap();
        assert_eq!(
            (instant.text().as_str(), instant.local_text().as_str()),
            ("2026-01-15T10:30:00Z", "2026-01-15 17:30")
        );
        assert_eq!(instant.begin(), instant.end());
        let midnight = moment("2026-01-15T17:00:00Z").unwrap();
        assert_eq!(Moment::ending(midnight.end()).text(), "2026-01-15", "the same end, told as its last day");
    }
    #[test]
    fn anything_else_is_refused() {
        for wrong in [
            "",
            "2026-1-5",
            "15/01/2026",
            "2026-02-30",
            "2026-01-15T17:00",
            "+12026-01-15",
            "tomorrow",
            "0000-01-01",
            "-5000-01-01T00:00:00Z",
            "+262142-12-31T23:59:59Z",
            "２０２６-01-15",
        ] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
