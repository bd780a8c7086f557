//! The forms of single values: dates, school years, and how a faulty one is shown.

use super::parse::Step;
use crate::model::field::Kind;
use crate::model::value::Value;
use chrono::NaiveDate;
use compact_str::CompactString;
use std::fmt::Write as _;

/// Enough of a foreign value to recognise it.
pub(super) fn clip(text: &str) -> String {
    let mut clipped: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if text.chars().count() > 40 {
        clipped.push('…');
    }
    clipped
}

/// A member's name as a JSON pointer writes it.
pub(super) fn escaped(member: &str) -> String {
    member.replace('~', "~0").replace('/', "~1")
}

/// The JSON pointer of a path.
pub(super) fn pointer_of(path: &[Step]) -> String {
    let mut pointer = String::new();
    for step in path {
        let _ = match step {
            Step::Member(name) => write!(pointer, "/{name}"),
            Step::Index(index) => write!(pointer, "/{index}"),
            Step::Code(code) => write!(pointer, "/{}", escaped(code)),
        };
    }
    pointer
}

/// An empty text is none.
pub(super) fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(CompactString::new(text)) }
}

/// The phrase for what a kind wants.
pub(super) fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { .. } | Kind::Code { .. } | Kind::Choice { .. } => "@text",
        Kind::Date => "@date",
        Kind::SchoolYear => "@school-year",
        Kind::Integer { .. } => "@whole-number",
        Kind::Decimal { .. } => "@number",
        Kind::Boolean => "@boolean",
        Kind::List(_) => "@array",
        Kind::Object(_) | Kind::Counts { .. } => "@object",
    }
}

/// `YYYY-MM-DD` to the letter; anything else is ambiguous.
pub fn date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    NaiveDate::from_ymd_opt(number(0..4)? as i32, number(5..7)?, number(8..10)?)
}

/// `YYYY-YYYY`, consecutive.
pub fn school_year(text: &str) -> bool {
    let Some((first, second)) = text.split_once('-') else { return false };
    let year = |part: &str| (part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten();
    matches!((year(first), year(second)), (Some(first), Some(second)) if second == first + 1)
}
