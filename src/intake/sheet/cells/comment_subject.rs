//! Levels in columns of marks: grade books have Đ and CĐ there, of subjects that are assessed by comments.

use crate::intake::sheet::cells::cell::CellReader;
use crate::intake::sheet::file::row::{Cell, SheetRow};
use crate::intake::sheet::headings::columns::{Columns, ValueSource};
use crate::intake::sheet::headings::heading::key;
use crate::intake::sheet::headings::words::words;
use crate::intake::sheet::records::record;
use crate::model::field::Field;
use crate::model::lists::Reading;
use crate::model::spec::CommentSubjects;
use crate::store::codec::json_string;

/// What a row of such a subject says.
pub struct CommentLevel {
    subjects: &'static CommentSubjects,
    /// The API's name of the member for the level.
    name: &'static str,
    /// The level in its own column.
    own: Option<&'static str>,
    /// The level in the column of the average, where the own column is empty.
    level: Option<&'static str>,
}

impl CommentLevel {
    /// What the row says, if it has levels in columns of marks and its subject is one of comments.
    pub(crate) fn of(row: &SheetRow, columns: &Columns, reader: &mut CellReader) -> Option<Self> {
        let subjects = columns.spec.comment_subjects.as_ref()?;
        let has_levels =
            row.cells().any(|(_, cell)| matches!(cell, Cell::Text(text) if level(subjects, text).is_some()));
        if !has_levels || !is_commented(row, columns, subjects, reader) {
            return None;
        }
        let name = columns.spec.fields[columns.spec.position(subjects.level)?].json;
        match value(row, columns, subjects.level, reader) {
            None => Some(Self { subjects, name, own: None, level: None }),
            Some(own) => Some(Self { subjects, name, own: Some(level(subjects, &own)?), level: None }),
        }
    }

    /// The member that the row adds to its record, and its value.
    pub(crate) fn level(&self) -> Option<(&'static str, &'static str)> {
        self.level.map(|level| (self.name, level))
    }

    /// Takes the text of a member, if it is a level where a mark is meant.
    pub(crate) fn take(&mut self, text: &str, field: &Field) -> bool {
        if field.name == self.subjects.average {
            let Some(level) = level(self.subjects, text).filter(|level| self.own.is_none_or(|own| own == *level))
            else {
                return false;
            };
            self.level = if self.own.is_none() { Some(level) } else { None };
            return true;
        }
        let is_level = |text: &str| level(self.subjects, text).is_some();
        let mut parts = text.split([' ', ';', ',']).filter(|part| !part.is_empty());
        self.subjects.marks.contains(&field.name) && (is_level(text) || parts.all(is_level))
    }

    /// The cells that hold levels, by column: no member has them as they stand.
    pub(crate) fn cells(&self, row: &SheetRow, columns: &Columns) -> Vec<(u32, String)> {
        let cell = |source: &ValueSource| match source {
            ValueSource::Column(column) => match row.cell(*column) {
                Cell::Text(text) if level(self.subjects, text).is_some() => Some((*column, text.trim().to_owned())),
                _ => None,
            },
            ValueSource::Line { .. } | ValueSource::Said(_) | ValueSource::Drawn(_) => None,
        };
        columns.filled.iter().filter_map(|filled| cell(&filled.source)).collect()
    }
}

/// What a cell of a mark says in its place: that the student is exempt, or the level of a subject of primary school.
pub struct Instead {
    subjects: &'static CommentSubjects,
    level_name: &'static str,
    exempt_name: Option<&'static str>,
    is_exempt: bool,
    level: Option<&'static str>,
}

impl Instead {
    /// Of records that have such members.
    pub(crate) fn of(columns: &Columns) -> Option<Self> {
        let spec = columns.spec;
        let subjects = spec.comment_subjects.as_ref()?;
        let json = |name: &str| spec.position(name).map(|at| spec.fields[at].json);
        let exempt_name = json("exempt").filter(|_| columns.member("exempt").is_none());
        Some(Self { subjects, level_name: json(subjects.level)?, exempt_name, is_exempt: false, level: None })
    }

    /// Takes the text of a member, if it says such a thing.
    pub(crate) fn take(&mut self, text: &str, field: &Field, school_level: Option<char>) -> bool {
        let is_average = field.name == self.subjects.average;
        let is_mark = is_average || self.subjects.marks.contains(&field.name) || field.json == "testMark";
        if !is_mark && field.name != self.subjects.level {
            return false;
        }
        if self.exempt_name.is_some() && words().is_exempt(text) {
            self.is_exempt = true;
            return true;
        }
        let level =
            PRIMARY.into_iter().find(|level| *level == text || words().value(self.level_name, text) == Some(level));
        if is_average && school_level == Some('1') && level.is_some() {
            self.level = level;
            return true;
        }
        false
    }

    /// Adds what was taken to the record.
    pub(crate) fn write(&self, out: &mut String) {
        if let Some(level) = self.level {
            record::add(out, self.level_name, |out| json_string(out, level));
        }
        if let Some(name) = self.exempt_name.filter(|_| self.is_exempt) {
            record::add(out, name, |out| out.push_str("true"));
        }
    }
}

/// Members that cells of marks may say in their place: whoever has those columns has these.
pub(crate) fn beside_marks(columns: &Columns) -> impl Iterator<Item = &'static str> {
    let spec = columns.spec;
    let said = |subjects: &CommentSubjects| {
        let has = |name: &str| columns.member(name).is_some();
        let is_marked = has("test_mark") || has(subjects.level) || subjects.marks.iter().any(|name| has(name));
        let level = has(subjects.average).then_some(subjects.level);
        let exempt = (is_marked || has(subjects.average)).then_some("exempt");
        [level, exempt].into_iter().flatten().filter_map(|name| Some(spec.fields[spec.position(name)?].json))
    };
    spec.comment_subjects.as_ref().into_iter().flat_map(said)
}

/// The levels of a subject in primary school (Circular 27/2020/TT-BGDĐT, article 7).
const PRIMARY: [&str; 3] = ["T", "H", "C"];

fn level(subjects: &'static CommentSubjects, text: &str) -> Option<&'static str> {
    let text = text.trim();
    // Of a single letter its stroke is all that tells it from others: D is no Đ.
    let is_text =
        |word: &str| word.to_uppercase() == text.to_uppercase() || (word.chars().count() > 2 && key(word) == key(text));
    subjects.labels.iter().find(|(_, word)| is_text(word)).map(|(level, _)| *level)
}

fn is_commented(row: &SheetRow, columns: &Columns, subjects: &CommentSubjects, reader: &mut CellReader) -> bool {
    let Some(subject) = value(row, columns, subjects.subject, reader) else { return false };
    let list =
        columns.spec.position(subjects.subject).and_then(|at| columns.spec.fields[at].code_list()).unwrap_or_default();
    match reader.crosswalks.map_or(Reading::AsSent, |crosswalks| crosswalks.read(list, &subject, reader.received)) {
        Reading::AsSent => reader.lists.is_commented(&subject),
        Reading::Code(code) => reader.lists.is_commented(code),
        Reading::Unmapped => false,
    }
}

/// The text of a member as the record will have it; what is to be said of the cell is said when the record is made.
fn value(row: &SheetRow, columns: &Columns, member: &str, reader: &mut CellReader) -> Option<String> {
    let (mut json, said) = (String::new(), reader.issues.len());
    let is_there = record::node(&mut json, row, columns.member(member)?, reader);
    reader.issues.truncate(said);
    if is_there { serde_json::from_str(&json).ok() } else { None }
}
