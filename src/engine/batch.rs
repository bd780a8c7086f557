//! A record on its way in, and what became of it.

use super::state::State;
use super::table::Table;
use crate::access::Area;
use crate::model::issue::{Issue, Severity};
use crate::model::lists::Lists;
use crate::model::value::{Row, Value};
use chrono::{DateTime, NaiveDate, Utc};
use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;
use uuid::Uuid;

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
}

impl Incoming {
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

/// What a missing parent leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMissing {
    /// The record is kept aside.
    Park,
    /// The record is rejected.
    Reject,
}

/// On whose behalf a batch is written.
pub struct Writer<'a> {
    /// The client.
    pub client: Uuid,
    /// The submission, or the request of a single record.
    pub submission: Uuid,
    /// Its area.
    pub scope: &'a Area,
    /// The moment of the change, microseconds.
    pub now: DateTime<Utc>,
    /// Day of receipt.
    pub received: NaiveDate,
    /// The instant of receipt, by which reporting periods are open or closed.
    pub received_at: DateTime<Utc>,
    /// Code lists, units, parameters.
    pub lists: &'a Lists,
    /// For missing parents.
    pub on_missing: OnMissing,
    /// Where the state is left that is asked for on the way of a few records; `None`: nobody wants to know.
    pub learned: Option<&'a Cell<Option<State>>>,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Stored for the first time.
    Created,
    /// A new version.
    Updated,
    /// Equal to what is stored; or a delete of nothing.
    Unchanged,
    /// Deleted.
    Deleted,
    /// Not kept.
    Rejected,
    /// A parent is not there: to be parked.
    Missing,
    /// The condition does not hold.
    PreconditionFailed,
}

/// Version and origin of a stored record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// 1, 2, …
    pub version: i64,
    /// When it was written.
    pub changed_at: DateTime<Utc>,
    /// By which submission or request.
    pub submission: Uuid,
    /// By which client.
    pub client: Uuid,
}

/// A parent that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Absent {
    /// Its resource.
    pub resource: &'static str,
    /// Its key, parts joined by `/`.
    pub key: String,
}

/// The outcome of one record.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What became of it.
    pub action: Action,
    /// Every issue, those of the gate included.
    pub issues: Vec<Issue>,
    /// For [`Action::Missing`] and [`Action::Rejected`]: which parents are not there.
    pub missing: Vec<Absent>,
    /// The stored version now, where there is one.
    pub meta: Option<Meta>,
    /// Errors came from other records (context), so that a later try in the same submission may do better.
    pub contextual: bool,
}

impl Outcome {
    /// An outcome without more to say.
    pub fn of(action: Action, issues: Vec<Issue>) -> Self {
        Self { action, issues, missing: Vec::new(), meta: None, contextual: false }
    }
}
