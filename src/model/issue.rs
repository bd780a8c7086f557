//! A fault of a record, and the rule it breaks: the same object in a problem document, a submission's report and on the
//! command line.

use crate::model::wording::{BodyForm, IssuePlace, Wording, fill};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a broken rule does to the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Hash, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The record is rejected.
    Error,
    /// The record is kept, the issue reported.
    Warning,
    /// A repair that was made, or a state to know of.
    Info,
}

impl Severity {
    /// `error`, `warning`, `info`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
    /// What people call it.
    pub const fn title(self) -> Text {
        match self {
            Severity::Error => Text { vi: "Lỗi", en: "Error" },
            Severity::Warning => Text { vi: "Cảnh báo", en: "Warning" },
            Severity::Info => Text { vi: "Lưu ý", en: "Note" },
        }
    }
}

/// The languages of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Vietnamese, the default.
    #[default]
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// Its tag, as headers and pages have it (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }
    /// What it calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Vietnamese => "Tiếng Việt",
            Self::English => "English",
        }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// Vietnamese.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// The text in a language.
    pub fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::Vietnamese => self.vi,
            Language::English => self.en,
        }
    }
}

/// One rule of the catalogue. Codes are stable for ever.
#[derive(Debug)]
pub struct Rule {
    /// E.g. `ID-004`.
    pub code: &'static str,
    /// What breaking it does, unless an issue says otherwise.
    pub severity: Severity,
    /// Names of the resources it judges; empty: all.
    pub resources: &'static [&'static str],
    /// JSON names of the members it looks at; empty: any.
    pub fields: &'static [&'static str],
    /// What is wrong, with the value and what was expected.
    pub message: Wording,
    /// What to do.
    pub hint: Wording,
    /// Where it comes from: circular and article, or this service. In English; [`source_in`](Rule::source_in) says it
    /// in Vietnamese.
    pub source: &'static str,
    /// First school year it holds for; empty: always.
    pub since: &'static str,
    /// What it looks at beside the record and the code lists: names of resources, `administrative-units`, or `stored`
    /// for the stored version of the record. Without them it is not judged.
    pub needs: &'static [&'static str],
}

/// One fault of one record.
#[derive(Debug, Clone)]
pub struct Issue {
    /// The rule broken.
    pub rule: &'static Rule,
    /// May differ from the rule's own.
    pub severity: Severity,
    /// JSON pointer relative to the record's `data`; empty: the record.
    pub pointer: String,
    /// Values for the placeholders; sensitive ones already masked. A value that begins with `@` names a
    /// [`phrase`](crate::model::rules::phrases).
    pub values: Vec<(&'static str, String)>,
    /// `resource:key` of the missing or guilty record behind the issue: the same cause groups together.
    pub cause: Option<String>,
}

/// The value of an issue that another record says already: it counts for its record, and is not told once more.
pub const TOLD: &str = "told";

impl Issue {
    /// An issue of `rule` at `pointer`.
    pub fn new(rule: &'static Rule, pointer: impl Into<String>) -> Self {
        Self { rule, severity: rule.severity, pointer: pointer.into(), values: Vec::new(), cause: None }
    }
    /// Is it one of the gateway (PT-022), not of the data?
    pub fn is_failure(&self) -> bool {
        self.rule.code == super::rules::catalogue::PT_022.code
    }
    /// The value of a placeholder.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
    /// Fills a placeholder; `@name` names a phrase in both languages.
    pub fn with(&mut self, name: &'static str, value: impl ToString) -> &mut Self {
        let mut value = value.to_string();
        clip(&mut value);
        self.values.push((name, value));
        self
    }
    /// Fills a placeholder with a sensitive value: whoever may not see such is shown its first three characters, of six
    /// or fewer none.
    pub fn with_sensitive(&mut self, name: &'static str, value: impl std::fmt::Display) -> &mut Self {
        let mut value = format!("{VEILED}{value}");
        clip(&mut value);
        self.values.push((name, value));
        self
    }
    /// Fills a placeholder with what a school has: whoever is not concerned with that school reads that it is not shown.
    pub fn with_of_school(&mut self, name: &'static str, school: &str, value: impl std::fmt::Display) -> &mut Self {
        self.values.push((name, format!("{OF_SCHOOL}{school}{OF_SCHOOL}{value}{OF_SCHOOL}@not-shown")));
        self
    }
    /// Changes the severity.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }
    /// Names the cause.
    pub fn caused_by(&mut self, cause: impl Into<String>) -> &mut Self {
        self.cause = Some(cause.into());
        self
    }
    /// The message in a language, for the program that sent the record.
    pub fn message(&self, language: Language) -> String {
        self.worded(&self.rule.message, language)
    }
    /// What to do, in a language, for the program that sent the record.
    pub fn hint(&self, language: Language) -> String {
        self.worded(&self.rule.hint, language)
    }
    fn worded(&self, wording: &Wording, language: Language) -> String {
        let place = IssuePlace { pointer: &self.pointer, ..IssuePlace::default() };
        fill(wording, &self.values, Reader::new(language, true), &place)
    }
    /// As it stands in a problem document: `{"pointer","code","severity","message","hint"}`. A report adds the record's
    /// `index`, `resource` and `key`.
    pub fn json(&self, language: Language) -> serde_json::Value {
        serde_json::json!({
            "pointer": self.pointer, "code": self.rule.code, "severity": self.severity,
            "message": self.message(language), "hint": self.hint(language),
        })
    }
}

/// Characters of a value that are told: enough to recognise it, or to name the values of a short list.
const LONGEST_VALUE: usize = 300;

/// Cuts what is longer than is told.
fn clip(value: &mut String) {
    if value.len() > LONGEST_VALUE
        && let Some((end, _)) = value.char_indices().nth(LONGEST_VALUE)
    {
        value.truncate(end);
        value.push('…');
    }
}

/// Stands before a sensitive value; no text that passes the gate begins so.
pub(super) const VEILED: char = '\u{E000}';

/// Stands before a value that a school has: its code, the value, and the phrase for whoever is not concerned with that
/// school, each after such a mark.
pub const OF_SCHOOL: char = '\u{E001}';

/// A value that a school has: the school, the value, and what is read in its place.
pub fn of_school(value: &str) -> Option<(&str, &str, &str)> {
    let mut parts = value.strip_prefix(OF_SCHOOL)?.splitn(3, OF_SCHOOL);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(school), Some(told), Some(phrase)) => Some((school, told, phrase)),
        // What cannot be read is not told.
        _ => Some(("", "", "@not-shown")),
    }
}

/// Who reads a message.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// In which language.
    pub language: Language,
    /// May sensitive values be shown?
    pub sensitive: bool,
    /// In which form what he mends was sent. An issue that knows its place in a sheet is told for a person in any case.
    pub form: BodyForm,
}

impl Reader {
    /// A program's, unless the issue or the caller says otherwise.
    pub fn new(language: Language, sensitive: bool) -> Self {
        Self { language, sensitive, form: BodyForm::Program }
    }
    /// The same reader of what was sent in another form.
    pub fn of_form(self, form: BodyForm) -> Self {
        Self { form, ..self }
    }
}
