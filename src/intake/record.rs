//! A record on its way in: read and checked by itself.

use crate::intake::named_members::NamedMembers;
use crate::model::issue::{Issue, Severity};
use crate::model::value::{Row, Value};
use crate::panics::trap;
use crate::store::table::Table;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

/// What a record asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum RecordOperation {
    /// Create or replace.
    #[default]
    Upsert,
    /// Delete by key.
    Delete,
}

/// Conditions on the stored version (RFC 9110, section 13.1); those that are there must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Precondition {
    /// `If-Match`: one of these is stored.
    pub matches: Option<Versions>,
    /// `If-None-Match`: none of these is stored.
    pub matches_none: Option<Versions>,
}

/// Versions that a condition names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions {
    /// Whatever is stored.
    Any,
    /// These.
    These(Vec<i64>),
}

impl Versions {
    /// Is the stored version among them?
    pub fn name(&self, stored: Option<i64>) -> bool {
        match self {
            Self::Any => stored.is_some(),
            Self::These(versions) => stored.is_some_and(|stored| versions.contains(&stored)),
        }
    }
}

impl Precondition {
    /// Does it hold, this version being stored?
    pub fn holds(&self, stored: Option<i64>) -> bool {
        self.matches.as_ref().is_none_or(|versions| versions.name(stored))
            && !self.matches_none.as_ref().is_some_and(|versions| versions.name(stored))
    }
}

/// A record that went through the gate: read and checked by itself.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Place in the submission, from 0.
    pub index: u64,
    /// Upsert or delete.
    pub operation: RecordOperation,
    /// The values.
    pub row: Row,
    /// Hash over key and content.
    pub hash: (i64, i64),
    /// What the record alone showed.
    pub issues: Vec<Issue>,
    /// Condition, for single records.
    pub precondition: Option<Box<Precondition>>,
    /// The name that its sheet has beside the code of the person whom it is about.
    pub name_beside: Option<Box<str>>,
    /// The request that brought it, where it came alone.
    pub request: Option<Arc<str>>,
    /// Its sheet has columns for some of its members only.
    pub partial: Option<Box<PartialRecord>>,
}

/// What is known of a record whose sheet has columns for some members only, until it is completed by what is stored.
#[derive(Debug, Clone)]
pub struct PartialRecord {
    /// Those members.
    pub members: Arc<NamedMembers>,
    /// The values as sent, once it was completed.
    pub sent: Option<Row>,
    /// What reading it showed.
    pub read: Vec<Issue>,
    /// What was said of its cells.
    pub notes: Box<[u8]>,
}

impl Incoming {
    /// For tests: panics here where the environment of a debug build says so of one of its values.
    pub fn trap(&self, place: &str) {
        trap(place, |marker| self.row.values.iter().any(|value| matches!(value, Value::Text(text) if text == marker)));
    }
    /// Does what was asked of the stored version hold, this one being stored?
    pub fn may_replace(&self, stored: Option<i64>) -> bool {
        self.precondition.as_ref().is_none_or(|precondition| precondition.holds(stored))
    }

    /// Has the record alone shown an error?
    pub fn has_error(&self) -> bool {
        has_error(&self.issues)
    }
    /// The key's parts, or `None` if one is absent or faulty.
    pub fn key(&self, table: &Table) -> Option<Vec<Cow<'_, str>>> {
        parts(&self.row, &table.key)
    }
    /// The owning school.
    pub fn school(&self, table: &Table) -> Option<&str> {
        self.row.text(table.owner)
    }
}

/// The order of two rows by these fields.
pub fn compare(a: &Row, b: &Row, places: &[usize]) -> Ordering {
    let one = |place: &usize| match (&a.values[*place], &b.values[*place]) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (a, b) => (*a == Value::Null).cmp(&(*b == Value::Null)),
    };
    places.iter().map(one).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Is there an error among these?
pub fn has_error(issues: &[Issue]) -> bool {
    issues.iter().any(|issue| issue.severity == Severity::Error)
}

/// The texts of some fields, or `None` if one is absent.
pub fn parts<'r>(row: &'r Row, places: &[usize]) -> Option<Vec<Cow<'r, str>>> {
    places.iter().map(|place| part(row.values.get(*place)?)).collect()
}

/// A key's part as text.
pub fn part(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Text(text) => Some(Cow::Borrowed(text.as_str())),
        Value::Date(date) => Some(Cow::Owned(date.to_string())),
        Value::Integer(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}
