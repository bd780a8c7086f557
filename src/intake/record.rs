//! A record on its way in: read and checked by itself.

use crate::model::issue::{Issue, Severity};
use crate::model::value::{Row, Value};
use crate::panics::trap;
use crate::store::table::Table;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

/// What a record asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Operation {
    /// Create or replace.
    #[default]
    Upsert,
    /// Delete by key.
    Delete,
}

/// A condition on the stored version: `If-Match`, `If-None-Match: *`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precondition {
    /// None.
    #[default]
    None,
    /// The stored version is this.
    Version(i64),
    /// Something is stored.
    Present,
    /// Nothing is stored.
    Absent,
}

/// A record that went through the gate: read and checked by itself.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Place in the submission, from 0.
    pub index: u64,
    /// Upsert or delete.
    pub operation: Operation,
    /// The values.
    pub row: Row,
    /// Hash over key and content.
    pub hash: (i64, i64),
    /// What the record alone showed.
    pub issues: Vec<Issue>,
    /// Condition, for single records.
    pub precondition: Precondition,
    /// The request that brought it, where it came alone.
    pub request: Option<Arc<str>>,
}

impl Incoming {
    /// For tests: panics here where the environment of a debug build says so of one of its values.
    pub fn trap(&self, place: &str) {
        trap(place, |marker| self.row.values.iter().any(|value| matches!(value, Value::Text(text) if text == marker)));
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
