//! A dry run (`mode=validate`): the steps of a submission in one transaction that reads one snapshot. What it accepts is
//! laid over the snapshot in memory; only the report is written, beside it.

use crate::error::{Error, ProblemKind, Result};
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::batch::Outcome;
use crate::merge::dry_run::{DryRun, Overlay, Removals};
use crate::merge::retry;
use crate::merge::target::MergeTarget;
use crate::store::table::Table;
use crate::submission::attempts;
use crate::submission::retries::DeferredRecord;
use crate::submission::run::Run;
use diesel::prelude::*;

/// What a dry run keeps in memory.
#[derive(Clone, Default)]
pub(crate) struct DryRunMemory {
    pub(crate) overlay: Overlay,
    /// Of a set that stands for all records of a school: what it lacks.
    pub(crate) removals: Removals,
    /// Records that others of the submission may yet help.
    pub(crate) deferred: Vec<DeferredRecord>,
}

impl Run<'_> {
    /// Judges everything and keeps nothing.
    pub(crate) fn dry_run(&mut self, connection: &mut PgConnection) -> Result<()> {
        let mut side = self.begin_anew()?;
        self.laid = Some(Box::default());
        let judged = connection.build_transaction().read_only().repeatable_read().run(|connection| {
            self.begin_replacement(connection)?;
            self.steps(connection, Some(&mut side))?;
            self.retry_deferred(connection, Some(&mut side))?;
            self.end_replacement(connection, &mut side)
        });
        self.laid = None;
        match judged {
            Ok(()) => self.close_unkept(&mut side),
            Err(error) if error.kind == TOO_LARGE => {
                attempts::end_too_large(&mut side, self.submission.id, self.work.config.dry_run_bytes)
            }
            Err(error) => Err(error),
        }
    }

    /// What is laid over the snapshot is held in memory, of which there is an end.
    pub(crate) fn keep_within_memory(&self) -> Result<()> {
        match &self.laid {
            Some(laid) if laid.overlay.bytes() as u64 > self.work.config.dry_run_bytes => {
                Err(Error::for_operator(TOO_LARGE, "a dry run is too large"))
            }
            _ => Ok(()),
        }
    }

    /// Does `work` on what batches are held against: the database, or the dry run.
    pub(crate) fn on_target<T>(
        &mut self,
        connection: &mut PgConnection,
        work: impl FnOnce(&Self, &mut dyn MergeTarget) -> QueryResult<T>,
    ) -> QueryResult<T> {
        let Some(mut laid) = self.laid.take() else { return work(self, connection) };
        let done = work(self, &mut DryRun { database: connection, overlay: &mut laid.overlay });
        self.laid = Some(laid);
        done
    }

    /// Holds a batch of a dry run against the snapshot and what is laid over it.
    pub(crate) fn apply_dry(
        &mut self,
        connection: &mut PgConnection,
        table: &'static Table,
        operation: RecordOperation,
        batch: &mut [Incoming],
    ) -> QueryResult<Vec<Outcome>> {
        self.on_target(connection, |run, target| retry::once(target, table, operation, batch, &run.writer()))
    }
}

/// The kind of the error that carries the end out of the transaction; never shown.
const TOO_LARGE: ProblemKind = ProblemKind { code: "dry-run-too-large", status: 0, title: "", title_vi: "" };
