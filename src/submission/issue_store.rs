//! The issues of a submission as stored: code and values, so that each reader gets them in his language.

use crate::model::issue::{Issue, Language, Reader, Rule, Severity, of_school};
use crate::model::rules::catalogue;
use crate::model::rules::catalogue::PT_010;
use crate::model::value::Row;
use crate::model::wording::{BodyForm, IssuePlace, Wording, fill};
use crate::store::pg::copy::{CopyFormat, copy};
use crate::store::pg::statement::{Argument, Cells, Statement};
use crate::store::table::Table;
use diesel::prelude::*;
use std::fmt::Write as _;
use uuid::Uuid;

/// The least place among equal pointers: there stand the issues of a submission as a whole.
const OF_ALL: i64 = i32::MIN as i64;

/// Issues waiting to be written, in COPY's text format.
#[derive(Default)]
pub struct IssueBuffer {
    text: String,
}

/// The record an issue belongs to.
pub struct IssueSubject<'a> {
    /// IssuePosition in the submission.
    pub index: u64,
    /// Its resource.
    pub resource: Option<&'a str>,
    /// Its key.
    pub key: Option<&'a serde_json::Value>,
    /// Its school.
    pub school: Option<&'a str>,
}

impl IssueBuffer {
    /// Adds the issues of one record.
    pub fn add(&mut self, submission: Uuid, subject: &IssueSubject, issues: &[Issue]) {
        self.add_from(0, submission, subject, issues);
    }
    /// Adds the `number`th issue of the submission as a whole: those come first of all and are no fault of the record
    /// whose index they bear.
    pub fn add_of_all(&mut self, number: usize, submission: Uuid, subject: &IssueSubject, issue: &Issue) {
        self.add_from(OF_ALL + number as i64, submission, subject, std::slice::from_ref(issue));
    }
    fn add_from(&mut self, first: i64, submission: Uuid, subject: &IssueSubject, issues: &[Issue]) {
        for (ordinal, issue) in (first..).zip(issues) {
            let values: serde_json::Map<String, serde_json::Value> =
                issue.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
            let _ = write!(self.text, "{submission}\t{}\t{}\t", subject.index, issue.severity as u8);
            escaped(&mut self.text, Some(&issue.pointer));
            let _ = write!(self.text, "{ordinal}\t");
            escaped(&mut self.text, subject.resource);
            escaped(&mut self.text, subject.key.map(|key| key.to_string()).as_deref());
            let _ = write!(self.text, "{}\t", issue.rule.code);
            escaped(&mut self.text, Some(&serde_json::Value::Object(values).to_string()));
            escaped(&mut self.text, issue.cause.as_deref());
            escaped(&mut self.text, subject.school);
            self.text.pop();
            self.text.push('\n');
        }
    }
    /// Writes what was added.
    pub fn flush(&mut self, connection: &mut PgConnection) -> QueryResult<()> {
        if self.text.is_empty() {
            return Ok(());
        }
        let target = "submission_issues (submission_id, index, severity, pointer, ordinal, resource, key, code, \"values\", cause, school_code)";
        copy(connection, target, CopyFormat::Text, self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }
}

pub(crate) fn escaped(out: &mut String, text: Option<&str>) {
    match text {
        None => out.push_str("\\N"),
        Some(text) => {
            for letter in text.chars() {
                match letter {
                    '\\' => out.push_str("\\\\"),
                    '\t' => out.push_str("\\t"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '\0' => out.push('\u{fffd}'),
                    other => out.push(other),
                }
            }
        }
    }
    out.push('\t');
}

/// A record's key as the report shows it: the parts that can be read.
pub fn key_json(table: &Table, row: &Row) -> Option<serde_json::Value> {
    let part = |place: &usize| {
        Some((
            table.spec.fields[*place].json.to_owned(),
            crate::intake::record::part(&row.values[*place])?.into_owned().into(),
        ))
    };
    let parts: serde_json::Map<String, serde_json::Value> = table.key.iter().filter_map(part).collect();
    (!parts.is_empty()).then_some(serde_json::Value::Object(parts))
}

/// An issue read back.
#[derive(Debug)]
pub struct StoredIssue {
    /// IssuePosition in the submission.
    pub index: i64,
    /// Its resource.
    pub resource: Option<String>,
    /// Its key.
    pub key: Option<serde_json::Value>,
    /// JSON pointer relative to `data`.
    pub pointer: String,
    /// The rule.
    pub rule: &'static Rule,
    /// Severity.
    pub severity: Severity,
    /// IssuePosition among the issues of the same pointer.
    pub ordinal: i64,
    /// Where it stands in the sheet that the record came from.
    pub spot: Option<SheetPosition>,
    pub(super) values: Vec<(String, String)>,
}

/// A place in a sheet, as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetPosition {
    /// Name of the sheet; none for CSV.
    pub sheet: Option<String>,
    /// Number of the row.
    pub row: i64,
    /// Letters of the column, if the issue is about one.
    pub column: Option<String>,
    /// What stands above the column.
    pub heading: Option<String>,
}

impl StoredIssue {
    /// Is nothing wrong, but the record waits for another?
    pub fn waits(&self) -> bool {
        self.severity == Severity::Info && self.rule.code == catalogue::PT_015.code
    }
    /// What is said of a whole sheet says itself where that is.
    pub(crate) fn own_spot(&self) -> Option<SheetPosition> {
        let value = |name: &str| self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let says_it = self.rule.code.starts_with("SH-") || self.rule.code == catalogue::PT_004.code;
        let row = value("row").filter(|_| says_it)?.parse().ok()?;
        Some(SheetPosition {
            sheet: value("sheet").filter(|name| !name.is_empty()),
            row,
            column: value("column"),
            heading: value("heading"),
        })
    }
    /// Of an issue that is not stored.
    pub fn of(
        index: i64,
        ordinal: i64,
        resource: Option<&str>,
        key: Option<&serde_json::Value>,
        issue: &Issue,
    ) -> Self {
        Self {
            index,
            resource: resource.map(str::to_owned),
            key: key.cloned(),
            pointer: issue.pointer.clone(),
            rule: issue.rule,
            severity: issue.severity,
            ordinal,
            spot: None,
            // Nobody reads it but the one whose file it is.
            values: issue.values.iter().map(|(name, value)| ((*name).to_owned(), plain(value).to_owned())).collect(),
        }
    }
    /// The message.
    pub fn message(&self, reader: Reader) -> String {
        self.worded(&self.rule.message, reader)
    }
    /// What to do.
    pub fn hint(&self, reader: Reader) -> String {
        self.worded(&self.rule.hint, reader)
    }
    /// The key, as a person reads it: “Mã trường 31000301, mã lớp 6A2”.
    pub fn key_in_words(&self, language: Language) -> String {
        self.subject().key_in_words(language).unwrap_or_default()
    }
    fn subject(&self) -> IssuePlace<'_> {
        let (resource, key) = (self.resource.as_deref(), self.key.as_ref());
        IssuePlace { resource, pointer: &self.pointer, key, ..IssuePlace::default() }
    }
    /// What stands in a sheet is mended by a person, whoever asks.
    fn worded(&self, wording: &Wording, reader: Reader) -> String {
        let place = self.subject();
        let Some(spot) = &self.spot else { return fill(wording, &self.values, reader, &place) };
        let place = IssuePlace {
            sheet: spot.sheet.as_deref(),
            row: Some(spot.row),
            column: spot.column.as_deref(),
            heading: spot.heading.as_deref(),
            ..place
        };
        fill(wording, &self.values, reader.of_form(BodyForm::Sheet), &place)
    }
    /// Of a key that stands again later (PT-010): the place of the record that stands.
    pub(super) fn repeated_at(&self) -> Option<i64> {
        let last = self.values.iter().find(|(name, _)| name == "last").filter(|_| self.rule.code == PT_010.code);
        last.and_then(|(_, index)| index.parse().ok())
    }
    /// In which row that is.
    pub(super) fn stands_again_in(&mut self, row: i64) {
        self.values.push(("last_row".to_owned(), row.to_string()));
    }
    /// Its place in the order of the report, for the next page.
    pub fn place(&self) -> IssuePosition {
        IssuePosition {
            index: self.index,
            severity: self.severity as i64,
            pointer: self.pointer.clone(),
            ordinal: self.ordinal,
        }
    }
}

/// A value without the mark of the school that has it.
fn plain(value: &str) -> &str {
    of_school(value).map_or(value, |(_, told, _)| told)
}

/// A place in the order of the report.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IssuePosition {
    /// Record.
    pub index: i64,
    /// 0 error, 1 warning, 2 info.
    pub severity: i64,
    /// Member.
    pub pointer: String,
    /// Among equals.
    pub ordinal: i64,
}

/// As a condition of SQL: the issue is told of its own record.
pub(crate) const IS_TOLD: &str = "(\"values\" ->> 'told') IS NULL";

pub(crate) const COLUMNS: &str =
    "index, severity::bigint, pointer, ordinal, resource, key::text, code, \"values\"::text";

pub(crate) fn entry(cells: &Cells) -> Option<StoredIssue> {
    let values: std::collections::BTreeMap<String, String> = serde_json::from_str(cells.text(7)?).ok()?;
    Some(StoredIssue {
        index: cells.integer(0)?,
        severity: match cells.integer(1)? {
            0 => Severity::Error,
            1 => Severity::Warning,
            _ => Severity::Info,
        },
        pointer: cells.text(2)?.to_owned(),
        ordinal: cells.integer(3)?,
        resource: cells.text(4).map(str::to_owned),
        key: cells.text(5).and_then(|key| serde_json::from_str(key).ok()),
        rule: catalogue::find(cells.text(6)?)?,
        spot: None,
        values: values.into_iter().collect(),
    })
}

/// Indexes of the records with an error, after one, at most `limit`.
pub fn rejected(connection: &mut PgConnection, submission: Uuid, after: i64, limit: i64) -> QueryResult<Vec<u64>> {
    let sql = "SELECT DISTINCT index FROM submission_issues WHERE submission_id = $1 AND severity = 0 AND ordinal >= 0 AND index > $2 \
         ORDER BY index LIMIT $3";
    let mut found = Vec::new();
    let arguments = vec![Argument::Uuid(submission), Argument::Integer(after), Argument::Integer(limit)];
    Statement::with(sql, arguments).each(connection, |cells| {
        found.extend(cells.integer(0).map(|index| index as u64));
        Ok(())
    })?;
    Ok(found)
}
