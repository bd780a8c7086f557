//! A single write on its way, and its answer.

use crate::access::Area;
use crate::engine::batch::{Operation, Outcome, Precondition};
use crate::engine::table::Table;
use crate::error::{Error, Result};
use crate::model::value::Row;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::oneshot;
use uuid::Uuid;

/// A write of one record.
pub struct Write {
    /// Its table.
    pub table: &'static Table,
    /// Upsert or delete.
    pub operation: Operation,
    /// The key in the path.
    pub key: Vec<String>,
    /// The body: the record's `data`.
    pub data: String,
    /// Condition on the stored version.
    pub precondition: Precondition,
    /// Who writes.
    pub client: Uuid,
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
pub(super) struct Job {
    pub(super) write: Write,
    pub(super) since: Instant,
    pub(super) reply: oneshot::Sender<Result<Written>>,
}

/// The same answer for all.
pub(super) fn refuse(jobs: impl Iterator<Item = Job>, error: &Error) {
    jobs.for_each(|job| drop(job.reply.send(Err(error.clone()))));
}
