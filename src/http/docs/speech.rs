//! In which language a page speaks that is made of the document.

use crate::http::docs::vietnamese;
use crate::model::issue::{Language, Text};
use std::borrow::Cow;

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speech(pub Language);

impl Speech {
    /// One of two texts.
    pub fn of(self, vi: &'static str, en: &'static str) -> &'static str {
        Text { vi, en }.in_language(self.0)
    }
    /// A text of the document.
    pub fn text<'t>(self, english: &'t str) -> Cow<'t, str> {
        match self.0 {
            Language::Vietnamese => vietnamese::text(english).into(),
            Language::English => Cow::Borrowed(english),
        }
    }
    /// What texts of such a format are; `format` where the language has no other word.
    pub fn format(self, format: String) -> String {
        match (self.0, format.as_str()) {
            (Language::Vietnamese, "date") => "ngày".to_owned(),
            (Language::Vietnamese, "date-time") => "thời điểm".to_owned(),
            (Language::Vietnamese, "date-or-date-time") => "ngày hoặc thời điểm".to_owned(),
            (Language::Vietnamese, "binary") => "tệp".to_owned(),
            (Language::Vietnamese, "uri" | "uri-reference") => "đường dẫn".to_owned(),
            (Language::Vietnamese, "uuid") => "UUID".to_owned(),
            _ => format,
        }
    }
}
