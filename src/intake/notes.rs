//! What was said of the cells of a row when its record was made: it follows the record in its chunk, and joins what the
//! gate says.

use crate::model::issue::{Issue, Severity, TOLD};
use crate::model::rules::{bounded, catalogue};
use serde::{Deserialize, Serialize};

/// An issue as it stands in a chunk.
#[derive(Serialize, Deserialize)]
struct Note {
    code: String,
    severity: Severity,
    pointer: String,
    values: Vec<(String, String)>,
}

/// The names of values that the reading of sheets fills.
const NAMES: [&str; 24] = [
    "value",
    "date",
    "number",
    "restored",
    "sheet",
    "row",
    "column",
    "heading",
    "range",
    "count",
    "member",
    "nearest",
    "resource",
    "typed",
    "meant",
    "time",
    "least",
    "most",
    "padded",
    "candidates",
    "found",
    "expected",
    "outcome",
    TOLD,
];

/// Stands in the place of a column before the name that the sheet has beside a person's code.
pub const NAME: u32 = u32::MAX;

/// Appends them as one line of JSON, what stood beside the record as a second, and the members for which the sheet has
/// columns as a third; nothing where there is nothing.
pub fn push(out: &mut Vec<u8>, issues: &[Issue], beside: &[(u32, String)], members: &str) {
    if !issues.is_empty() {
        push_issues(out, issues);
    }
    if !beside.is_empty() || !members.is_empty() {
        out.push(b'\n');
    }
    if !beside.is_empty() {
        out.extend(serde_json::to_vec(beside).unwrap_or_default());
    }
    if !members.is_empty() {
        out.push(b'\n');
        out.extend_from_slice(members.as_bytes());
    }
}

/// A line of notes, from 0; empty: there is none.
fn line(text: &[u8], number: usize) -> &[u8] {
    text.split(|byte| *byte == b'\n').nth(number).unwrap_or_default()
}

fn push_issues(out: &mut Vec<u8>, issues: &[Issue]) {
    let note = |issue: &Issue| Note {
        code: issue.rule.code.to_owned(),
        severity: issue.severity,
        pointer: issue.pointer.clone(),
        values: issue.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
    };
    let notes: Vec<Note> = issues.iter().map(note).collect();
    out.extend(serde_json::to_vec(&notes).unwrap_or_default());
}

/// What stood beside the record, by column.
pub fn beside(text: &[u8]) -> Vec<(u32, String)> {
    let line = line(text, 1);
    if line.is_empty() { Vec::new() } else { serde_json::from_slice(line).unwrap_or_default() }
}

/// The members for which the sheet of the record has columns; empty: all.
pub fn members(text: &[u8]) -> &str {
    std::str::from_utf8(line(text, 2)).unwrap_or_default()
}

/// The name that the sheet has beside the code of the person whom the record is about.
pub fn name(text: &[u8]) -> Option<Box<str>> {
    beside(text).into_iter().find(|(column, _)| *column == NAME).map(|(_, name)| name.into_boxed_str())
}

/// Reads the issues back.
pub fn read(text: &[u8]) -> Vec<Issue> {
    let line = line(text, 0);
    if line.is_empty() {
        return Vec::new();
    }
    let notes: Vec<Note> = serde_json::from_slice(line).unwrap_or_default();
    let issue = |note: Note| {
        let mut issue = Issue::new(catalogue::find(&note.code)?, note.pointer);
        issue.severity(note.severity);
        let named = |name: &str| NAMES.iter().find(|known| **known == name).copied();
        issue.values = note.values.into_iter().filter_map(|(name, value)| Some((named(&name)?, value))).collect();
        Some(issue)
    };
    notes.into_iter().filter_map(issue).collect()
}

/// Those that speak of the whole sheet.
pub fn of_sheet(text: &[u8]) -> impl Iterator<Item = Issue> {
    read(text).into_iter().filter(|issue| issue.values.iter().any(|(name, _)| *name == "sheet"))
}

/// Adds them to what the gate says of the record. Where the cell itself is at fault, the gate saw only what was put in
/// its place.
pub fn join(issues: &mut Vec<Issue>, text: &[u8]) {
    let mut notes = read(text);
    notes.iter_mut().for_each(|note| refuse_padded(note, issues));
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let faulty: Vec<String> =
        notes.iter().filter(|note| note.severity == Severity::Error).map(|note| note.pointer.clone()).collect();
    issues.retain(|issue| issue.pointer.is_empty() || !faulty.iter().any(|pointer| within(&issue.pointer, pointer)));
    issues.extend(notes);
    *issues = bounded(std::mem::take(issues));
}

/// A citizen number that was given its zero back, and then breaks a rule, is one that was mistyped: it is not known which
/// digit it lacks.
fn refuse_padded(note: &mut Issue, issues: &[Issue]) {
    let broken = [catalogue::ID_002.code, catalogue::ID_003.code, catalogue::ID_004.code];
    let breaks = |issue: &Issue| {
        issue.severity == Severity::Error && issue.pointer == note.pointer && broken.contains(&issue.rule.code)
    };
    if note.rule.code == catalogue::ID_008.code && issues.iter().any(breaks) {
        note.severity(Severity::Error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalogue::{PT_004, PT_013, SH_001, SH_002};

    #[test]
    fn notes_come_back_as_they_were() {
        let mut issue = Issue::new(&SH_002, "/schoolCode");
        issue.with("value", "1000501").with_sensitive("restored", "01000501");
        let mut bytes = Vec::new();
        push(&mut bytes, &[issue.clone()], &[(2, "An".into())], "average");
        assert_eq!((beside(&bytes), members(&bytes)), (vec![(2, "An".to_owned())], "average"));
        let read = read(&bytes);
        assert_eq!((read.len(), read[0].rule.code, &read[0].values), (1, "SH-002", &issue.values));
    }

    #[test]
    fn a_faulty_cell_is_said_once() {
        let mut bytes = Vec::new();
        push(&mut bytes, &[Issue::new(&SH_001, "/name")], &[], "");
        let mut issues = vec![Issue::new(&PT_013, "/name"), Issue::new(&PT_004, "/nameOther")];
        join(&mut issues, &bytes);
        assert_eq!(issues.iter().map(|issue| issue.rule.code).collect::<Vec<_>>(), ["PT-004", "SH-001"]);
    }
}
