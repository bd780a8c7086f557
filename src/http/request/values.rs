//! Values of parameters and members that have a form of their own; what is none is told in words of the gateway.

use crate::error::{BAD_REQUEST, Error, MemberFault, Result};
use crate::http::openapi::members;
use crate::model;
use crate::model::excerpt::clip;
use crate::model::issue::Severity;
use crate::model::messages::{Expected, Message, message};
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// The code of a school: eight digits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SchoolCode(pub String);

impl TryFrom<String> for SchoolCode {
    type Error = Expected;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        let is_code = code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then_some(Self(code)).ok_or(Expected(message("school-code-expected")))
    }
}

impl PartialSchema for SchoolCode {
    fn schema() -> RefOr<Schema> {
        members::school_code().into()
    }
}
impl ToSchema for SchoolCode {}

/// The code of a commune, in a body, whose schema says its form.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct CommuneCode(pub String);

impl PartialSchema for CommuneCode {
    fn schema() -> RefOr<Schema> {
        members::commune_code().into()
    }
}
impl ToSchema for CommuneCode {}

/// The name of a resource, in a body, whose schema names all.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct ResourceName(pub String);

impl PartialSchema for ResourceName {
    fn schema() -> RefOr<Schema> {
        members::resource_name().into()
    }
}
impl ToSchema for ResourceName {}

/// Words for people: one to so many characters once the space around them is gone, none of them a control character.
pub fn check_words(member: &str, text: &str, most: usize, faults: &mut Vec<MemberFault>) {
    let text = text.trim();
    if !(1..=most).contains(&text.chars().count()) || text.chars().any(char::is_control) {
        let detail = message("text-length").with("member", member).with("most", most);
        faults.push(MemberFault::new(format!("/{member}"), detail));
    }
}

/// An id that the gateway gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Id(pub Uuid);

impl TryFrom<String> for Id {
    type Error = Expected;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Uuid::try_parse(&text).map(Self).map_err(|_| Expected(message("id-expected")))
    }
}

/// A day: `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Day(pub chrono::NaiveDate);

impl TryFrom<String> for Day {
    type Error = Expected;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        crate::model::moment::date(&text).map(Self).ok_or(Expected(message("date-expected")))
    }
}

/// A school year: `2025-2026`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SchoolYear(pub String);

impl TryFrom<String> for SchoolYear {
    type Error = Expected;
    fn try_from(year: String) -> Result<Self, Self::Error> {
        let is_year = crate::model::moment::school_year(&year);
        is_year.then_some(Self(year)).ok_or(Expected(message("school-year-expected")))
    }
}

/// A 400 for a word that a parameter does not take.
pub fn word_not_expected(name: &str, value: &str, expected: Message) -> Error {
    let detail = message("word-not-expected").with("name", name).with("expected", expected).with("value", clip(value));
    Error::new(BAD_REQUEST, detail)
}

/// `resource` of a filter.
///
/// # Errors
/// A 400 for a resource that there is not.
pub fn known_resource(name: Option<&str>) -> Result<Option<String>> {
    match name.filter(|name| model::find(name).is_none()) {
        Some(unknown) => Err(word_not_expected("resource", unknown, message("name-of-a-resource"))),
        None => Ok(name.map(str::to_owned)),
    }
}

/// `severity` of a filter.
///
/// # Errors
/// A 400 for a word that is none.
pub fn severity_named(word: &str) -> Result<Severity> {
    let known = [Severity::Error, Severity::Warning, Severity::Info].into_iter().find(|one| one.as_str() == word);
    known.ok_or_else(|| word_not_expected("severity", word, message("severities")))
}
