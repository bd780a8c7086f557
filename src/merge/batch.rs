//! On whose behalf a batch is written, and what became of its records.

use crate::access::Area;
use crate::change::block::Author;
use crate::merge::endings::Endings;
use crate::merge::write_status::WriteStatus;
use crate::model::issue::{Issue, Severity};
use crate::model::lists::Lists;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use std::cell::Cell;
use std::fmt::Write as _;
use uuid::Uuid;

/// What a missing parent leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMissing {
    /// The record is kept aside.
    Park,
    /// The record is rejected.
    Reject,
}

/// On whose behalf a batch is written.
pub struct WriteContext<'a> {
    /// Who changes something: the client, the submission.
    pub author: Author,
    /// The area of the client.
    pub scope: &'a Area,
    /// Day of receipt.
    pub received: NaiveDate,
    /// The instant of receipt, by which reporting periods are open or closed.
    pub received_at: DateTime<Utc>,
    /// Code lists, units, parameters.
    pub lists: &'a Lists,
    /// The schools that end with the records of the submission; `None`: each record stands for itself.
    pub endings: Option<&'a Endings>,
    /// For missing parents.
    pub on_missing: OnMissing,
    /// Where the state is left that is asked for on the way of a few records; `None`: nobody wants to know.
    pub status_seen: Option<&'a Cell<Option<WriteStatus>>>,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
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
    /// When it was written, by the clock of the database.
    pub changed_at: DateTime<Utc>,
    /// By which submission; `None`: by a single write.
    pub submission: Option<Uuid>,
    /// By which client.
    pub client: Uuid,
}

impl Meta {
    /// Appends what follows the version in `meta`: `,"changedAt":…}`.
    pub fn push_origin(&self, out: &mut String) {
        let changed_at = self.changed_at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let submission = self.submission.map_or("null".to_owned(), |id| format!("\"{id}\""));
        let client = self.client;
        let _ =
            write!(out, ",\"changedAt\":\"{changed_at}\",\"submissionId\":{submission},\"clientId\":\"{client}\"}}");
    }
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
    pub action: Disposition,
    /// Every issue, those of the gate included.
    pub issues: Vec<Issue>,
    /// For [`Disposition::Missing`] and [`Disposition::Rejected`]: which parents are not there.
    pub missing: Vec<Absent>,
    /// The stored version now, where there is one.
    pub meta: Option<Meta>,
    /// Errors came from other records (context), so that a later try in the same submission may do better.
    pub contextual: bool,
}

impl Outcome {
    /// Did a rule panic at the record (PT-022)?
    pub fn is_failure(&self) -> bool {
        self.issues.iter().any(Issue::is_failure)
    }
    /// How many of its issues are warnings.
    pub fn warnings(&self) -> i64 {
        self.issues.iter().filter(|issue| issue.severity == Severity::Warning).count() as i64
    }
    /// An outcome without more to say.
    pub fn of(action: Disposition, issues: Vec<Issue>) -> Self {
        Self { action, issues, missing: Vec::new(), meta: None, contextual: false }
    }
}
