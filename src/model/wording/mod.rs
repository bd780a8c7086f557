//! How a text of a rule, or of a [message](crate::model::messages), is put into words. A text is a template; between its braces stands a value of the issue, and how
//! it is written:
//!
//! | in a template | is |
//! |---|---|
//! | `{value}` | the value as it is; `@name` is a [`phrase`](crate::model::rules::phrases), itself a template; `@or:a|b` is “a or b” |
//! | `{advice?}` | the same, and nothing where there is no such value |
//! | `{count:n}` | a number, or a formula of numbers: decimal mark and thousands as the language writes them |
//! | `{limit:size}` | bytes, as people say them: 100 MB |
//! | `{count?record is:records are}` | one word or the other, for 1 and for all else |
//! | `{member:member}` | the name of a member; to a person with a sheet its heading, else its title |
//! | `{/birthDate}` | the same of a member that the template itself names |
//! | `{resource:resource}`, `{list:list}` | the name of a resource (or of several, after commas) or code list; to a person what it is called |
//! | `{{`, `}}` | a brace |
//! | `{key:key}` | the key of a record of the resource `{resource}`; to a person “lớp 6A2 năm học 2025-2026” |
//! | `{subject:subjects}` | a code of that list; to a person its Vietnamese name, which is what cells hold |
//!
//! Days are written as the language writes them wherever they stand. A place in the sheet (`{row}`, `{column}`,
//! `{heading}`, `{sheet}`; `{in_sheet}` is “ of the sheet …”, nothing where it has no name) and the record's key in words (`{key_words}`) need not be among the values: the issue knows
//! them.

mod names; // what resources, members and codes are called
mod notation; // how days and numbers are written
mod telling;
mod template;

pub use names::{title, value_in_words};
pub use notation::{day, number};
pub use telling::{fill, written};
pub use template::{Notation, TemplatePiece, outline, pieces, placeholder};

use crate::model::issue::{Language, Text};
use serde_json::Value;
use std::borrow::Cow;

/// For whom something is worded: for the one who mends what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BodyForm {
    /// A program, which sent JSON: it is told of members, pointers and types.
    #[default]
    Program,
    /// A person with a sheet, who is told of headings, cells and words.
    Sheet,
}

/// A text of a rule, in both languages: for programs, and for people with a sheet where that is said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording {
    /// For a program; for people as well, unless they have their own.
    pub program: Text,
    /// For a person with a sheet.
    pub sheet: Option<Text>,
}

impl Wording {
    /// One text for both.
    pub const fn of(vi: &'static str, en: &'static str) -> Self {
        Self { program: Text { vi, en }, sheet: None }
    }
    /// With another for people with a sheet.
    pub const fn in_sheets(self, vi: &'static str, en: &'static str) -> Self {
        Self { sheet: Some(Text { vi, en }), ..self }
    }
    /// The text for this form.
    pub fn in_form(&self, form: BodyForm) -> Text {
        match form {
            BodyForm::Program => self.program,
            BodyForm::Sheet => self.sheet.unwrap_or(self.program),
        }
    }
}

/// What is told stands here.
#[derive(Debug, Clone, Copy, Default)]
pub struct IssuePlace<'a> {
    /// The resource of the record.
    pub resource: Option<&'a str>,
    /// JSON pointer of the member, relative to `data`.
    pub pointer: &'a str,
    /// Of a sheet: its name.
    pub sheet: Option<&'a str>,
    /// Of a sheet: the row.
    pub row: Option<i64>,
    /// Of a sheet: the letters of the column.
    pub column: Option<&'a str>,
    /// Of a sheet: what stands above the column.
    pub heading: Option<&'a str>,
    /// The record's key.
    pub key: Option<&'a Value>,
}

impl IssuePlace<'_> {
    fn part(&self, name: &str, language: Language) -> Option<Cow<'_, str>> {
        match name {
            "key_words" => self.key_in_words(language).map(Cow::Owned),
            "sheet" => self.sheet.map(Cow::Borrowed),
            "row" => self.row.map(|row| Cow::Owned(row.to_string())),
            "column" => self.column.map(Cow::Borrowed),
            "heading" => self.heading.map(Cow::Borrowed),
            _ => None,
        }
    }
    /// Each member of the key by its title: “Mã trường 31000301, mã lớp 6A2”.
    pub fn key_in_words(&self, language: Language) -> Option<String> {
        let (spec, key) = (crate::model::find(self.resource?)?, self.key?);
        let own = spec.fields.iter().filter_map(|field| Some((field, key.get(field.json)?.as_str()?)));
        let own = own.filter(|(field, _)| spec.key.contains(&field.name));
        let words: Vec<String> =
            own.map(|(field, value)| format!("{} {}", names::lowered(field.title()), day(value, language))).collect();
        let mut letters = words.join(", ").chars().collect::<Vec<char>>().into_iter();
        let first = letters.next()?;
        Some(first.to_uppercase().chain(letters).collect())
    }
}

#[cfg(test)]
mod tests;
