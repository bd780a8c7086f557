//! Values of parameters that have a form of their own; what is none is told in words of the gateway.

use serde::Deserialize;
use uuid::Uuid;

/// The code of a school: eight digits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SchoolCode(pub String);

impl TryFrom<String> for SchoolCode {
    type Error = &'static str;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        let is_code = code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then_some(Self(code)).ok_or("the eight digits of a school's code are expected")
    }
}

/// An id that the gateway gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Id(pub Uuid);

impl TryFrom<String> for Id {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Uuid::try_parse(&text).map(Self).map_err(|_| "an id (UUID) is expected")
    }
}

/// A day: `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Day(pub chrono::NaiveDate);

impl TryFrom<String> for Day {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        crate::model::moment::date(&text).map(Self).ok_or("a date such as 2025-09-05 is expected")
    }
}

/// A school year: `2025-2026`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SchoolYear(pub String);

impl TryFrom<String> for SchoolYear {
    type Error = &'static str;
    fn try_from(year: String) -> Result<Self, Self::Error> {
        let is_year = crate::model::moment::school_year(&year);
        is_year.then_some(Self(year)).ok_or("a school year such as 2025-2026 is expected")
    }
}
