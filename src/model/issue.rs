//! A fault of a record, and the rule it breaks: the same object in a problem document, a submission's report and on the
//! command line.

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
}

/// A text in both languages; `{name}` stands for a value of the issue.
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
    pub message: Text,
    /// What to do.
    pub hint: Text,
    /// Where it comes from: circular and article, or this service.
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
    /// The message in a language, for the one who sent the record.
    pub fn message(&self, language: Language) -> String {
        fill(self.rule.message.in_language(language), &self.values, Reader { language, sensitive: true })
    }
    /// What to do, in a language, for the one who sent the record.
    pub fn hint(&self, language: Language) -> String {
        fill(self.rule.hint.in_language(language), &self.values, Reader { language, sensitive: true })
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
const VEILED: char = '\u{E000}';

/// Stands before a value that a school has: its code, the value, and the phrase for whoever is not concerned with that school, each after such a mark.
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
}

/// Puts the values in the place of `{name}`.
pub fn fill<N: AsRef<str>>(template: &str, values: &[(N, String)], reader: Reader) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        let Some(length) = rest[open..].find('}') else { break };
        let name = &rest[open + 1..open + length];
        if let Some((_, value)) = values.iter().find(|(known, _)| known.as_ref() == name) {
            push_value(&mut text, value, reader);
        } else {
            text.push('…');
        }
        rest = &rest[open + length + 1..];
    }
    text.push_str(rest);
    text
}
/// A sensitive value, a phrase, or the value itself.
fn push_value(text: &mut String, value: &str, reader: Reader) {
    if let Some(veiled) = value.strip_prefix(VEILED) {
        match reader.sensitive {
            true => text.push_str(veiled),
            // Of a short one, such as a code, the beginning would be the whole.
            false => {
                text.extend(veiled.chars().take(if veiled.chars().count() > 6 { 3 } else { 0 }).chain("***".chars()))
            }
        }
        return;
    }
    // Who may see it was asked before: what is still marked is for nobody.
    let value = of_school(value).map_or(value, |(_, _, phrase)| phrase);
    match value.strip_prefix('@').and_then(crate::model::rules::phrases::phrase) {
        Some(phrase) => text.push_str(phrase.in_language(reader.language)),
        None => text.push_str(value),
    }
}
