//! A single write on its way, and its answer.

use crate::access::Area;
use crate::error::{Error, Result};
use crate::intake::record::{Precondition, RecordOperation};
use crate::merge::batch::Outcome;
use crate::model::value::Row;
use crate::store::table::Table;
use crate::submission::group_commit::line::HeldSchool;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::oneshot;
use uuid::Uuid;

/// A write of one record.
pub struct Write {
    /// Its table.
    pub table: &'static Table,
    /// Upsert or delete.
    pub operation: RecordOperation,
    /// The key in the path.
    pub key: Vec<String>,
    /// The body: the record's `data`.
    pub data: String,
    /// Condition on the stored version.
    pub precondition: Option<Box<Precondition>>,
    /// Who writes.
    pub client: Uuid,
    /// The request that it came with.
    pub request: Arc<str>,
    /// What he may write.
    pub scope: Arc<Area>,
}

/// A write's answer.
pub struct Written {
    /// The values, normalised.
    pub row: Row,
    /// What became of it.
    pub outcome: Outcome,
}

/// A write and the way to its answer.
pub(crate) struct Job {
    pub(crate) write: Write,
    pub(crate) since: Instant,
    /// It waits for a school that somebody else holds.
    pub(crate) held: Option<HeldSchool>,
    pub(crate) reply: oneshot::Sender<Result<Written>>,
}

/// The same answer for all.
pub(crate) fn refuse(jobs: impl Iterator<Item = Job>, error: &Error) {
    jobs.for_each(|job| drop(job.reply.send(Err(error.clone()))));
}
