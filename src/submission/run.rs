//! One submission from its first step to its report. Every step commits with its counts, so that a run cut short goes
//! on where it stood.
//!
//! Order never matters within a submission: parents' resources come first, and what other records of the submission may
//! yet help is deferred and tried again until nothing moves.

use crate::access::Area;
use crate::change::block::Author;
use crate::error::{Error, Result};
use crate::intake::gate::Gate;
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::batch::{Disposition, OnMissing, Outcome, WriteContext};
use crate::merge::endings::Endings;
use crate::merge::retry::{Retry, apply};
use crate::model::lists::Lists;
use crate::store::PooledConnection;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::Table;
use crate::submission::chunk_store;
use crate::submission::dry_run::DryRunMemory;
use crate::submission::issue_store;
use crate::submission::issue_store::{IssueBuffer, IssueSubject};
use crate::submission::parked;
use crate::submission::prepare::{ChunkRef, Decided, Step};
use crate::submission::release;
use crate::submission::repeated::Repeated;
use crate::submission::replacement::Replacing;
use crate::submission::retries::{DeferredRecord, count_deferred};
use crate::submission::row;
use crate::submission::row::Submission;
use crate::submission::schools::Schools;
use crate::submission::{Work, record_metrics};
use diesel::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// A submission being worked on.
#[derive(Clone)]
pub(crate) struct Run<'w> {
    pub(crate) work: &'w Work,
    pub(crate) submission: Submission,
    pub(crate) lists: Arc<Lists>,
    pub(crate) scope: Area,
    pub(crate) places: Arc<Vec<ChunkRef>>,
    pub(crate) hashes: Arc<Vec<Vec<u8>>>,
    pub(crate) repeated: Arc<Repeated>,
    pub(crate) schools: Schools,
    /// Records deferred, this run's and earlier ones'.
    pub(crate) deferred: u64,
    /// Something was written since one was deferred, so that trying it again may help.
    pub(crate) writes: bool,
    /// The step at work wrote records.
    pub(crate) wrote: bool,
    /// Nothing may stay: issues go through a connection of their own.
    pub(crate) tentative: bool,
    /// What a dry run keeps in memory.
    pub(crate) laid: Option<Box<DryRunMemory>>,
    /// The set that the submission replaces.
    pub(crate) replacing: Option<Replacing>,
    /// Schools that end with the submission's records.
    pub(crate) endings: Endings,
}

/// Works a submission off, from the step where it stands to its report.
pub fn run(work: &Work, connection: &mut PgConnection, id: Uuid) -> Result<()> {
    let Some(submission) = row::find(connection, id)?.filter(|found| found.completed_at.is_none()) else {
        return Ok(());
    };
    let tentative = submission.options.validate || submission.options.all;
    let (places, hashes) = chunk_store::chunk_refs(connection, id)?;
    let repeated = Repeated::find(&hashes, |at| chunk_store::load(connection, id, &places[at]))?;
    let scope = work.scope(submission.client);
    let lists = work.lists(connection)?;
    let hashes = Arc::new(if repeated.is_empty() { Vec::new() } else { hashes });
    let (places, repeated) = (Arc::new(places), Arc::new(repeated));
    let mut run = Run {
        work,
        submission,
        lists,
        scope,
        places,
        hashes,
        repeated,
        schools: Schools::default(),
        deferred: 0,
        writes: false,
        wrote: false,
        tentative,
        laid: None,
        replacing: None,
        endings: Endings::default(),
    };
    match (run.submission.options.validate, tentative) {
        (true, _) => run.dry_run(connection),
        (false, true) => run.at_once(connection),
        (false, false) => run.stepwise(connection),
    }
}

impl Run<'_> {
    /// Each step for itself: what is right stays, whatever else happens.
    fn stepwise(&mut self, connection: &mut PgConnection) -> Result<()> {
        self.deferred = count_deferred(connection, self.submission.id)?;
        self.writes = self.deferred > 0;
        if self.places.iter().any(|place| place.done != 0) {
            self.endings = Endings::stored(connection, self.submission.id)?;
        }
        self.steps(connection, None)?;
        self.retry_deferred(connection, None)?;
        let status = self.final_status();
        row::close(connection, &mut self.submission, status)?;
        Ok(())
    }

    /// Everything in one transaction, which one rejected record rolls back.
    fn at_once(&mut self, connection: &mut PgConnection) -> Result<()> {
        let mut side = self.begin_anew()?;
        let result = connection.transaction::<_, Error, _>(|connection| {
            match self.submission.options.replacement {
                Some(_) => self.begin_replacement(connection)?,
                None => self.lock_all(connection)?,
            }
            self.steps(connection, Some(&mut side))?;
            self.retry_deferred(connection, Some(&mut side))?;
            self.end_replacement(connection, &mut side)?;
            if self.is_refused() {
                return Err(Error::for_operator(ROLLED_BACK, "nothing is kept"));
            }
            self.schools.save(connection, self.submission.id)?;
            let status = self.final_status();
            row::close_with(connection, &mut self.submission, status)?;
            Ok(())
        });
        match result {
            Err(error) if error.kind == ROLLED_BACK => self.close_unkept(&mut side),
            result => result,
        }
    }

    /// An earlier attempt may have left issues; with a connection for those of this one.
    pub(crate) fn begin_anew(&mut self) -> Result<PooledConnection> {
        let mut side = self.work.pools.work.get()?;
        let clean = "DELETE FROM submission_issues WHERE submission_id = $1";
        Statement::with(clean, vec![Argument::Uuid(self.submission.id)]).run(&mut side)?;
        self.submission.tally = Default::default();
        Ok(side)
    }

    /// Closes a submission of which nothing is kept but the report.
    pub(crate) fn close_unkept(&mut self, side: &mut PgConnection) -> Result<()> {
        if self.submission.options.all && self.is_refused() {
            self.submission.tally.reject_all();
        }
        self.schools.save(side, self.submission.id)?;
        let status = self.final_status();
        Ok(row::close_with(side, &mut self.submission, status)?)
    }

    fn final_status(&self) -> &'static str {
        if self.submission.cut { "failed" } else { "completed" }
    }

    pub(crate) fn gate(&self) -> Gate<'_> {
        Gate {
            lists: &self.lists,
            received: crate::model::moment::day_of(self.submission.received_at),
            crosswalks: self.lists.crosswalks(self.submission.client),
            largest_record: self.work.config.max_record_bytes,
        }
    }

    /// Issues, schools and progress: with the records, or beside them when those will not stay.
    pub(crate) fn write_down(
        &mut self,
        connection: &mut PgConnection,
        side: Option<&mut PgConnection>,
        buffer: &mut IssueBuffer,
        step: Option<Step>,
    ) -> Result<()> {
        self.keep_within_memory()?;
        match side {
            Some(side) => {
                buffer.flush(side)?;
                row::show(side, &self.submission)?;
            }
            None => {
                buffer.flush(connection)?;
                self.schools.save(connection, self.submission.id)?;
                if let Some(step) = step {
                    chunk_store::done(connection, self.submission.id, &self.places[step.chunk], step, self.wrote)?;
                }
                row::progress(connection, &mut self.submission)?;
            }
        }
        Ok(())
    }

    /// The transaction of a step did not stand: nothing of it was counted or written down.
    pub(crate) fn rolled_back(&mut self, (submission, deferred): (Submission, u64)) {
        (self.submission, self.deferred) = (submission, deferred);
        self.schools.rolled_back();
    }

    pub(crate) fn count_decided(&mut self, decided: Vec<Decided>, buffer: &mut IssueBuffer) {
        for record in decided {
            let resource = record.table.map(|table| table.spec.name);
            buffer.add(
                self.submission.id,
                &IssueSubject {
                    index: record.index,
                    resource,
                    key: record.key.as_ref(),
                    school: record.school.as_deref(),
                },
                &record.outcome.issues,
            );
            self.count(record.table, &record.outcome);
            record_metrics(record.table, std::iter::once(&record.outcome));
        }
    }

    fn count(&mut self, table: Option<&'static Table>, outcome: &Outcome) {
        self.submission.tally.record(table.map(|table| table.spec.name), outcome.action, outcome.warnings());
    }

    pub(crate) fn apply(
        &mut self,
        connection: &mut PgConnection,
        table: &'static Table,
        operation: RecordOperation,
        batch: &mut [Incoming],
    ) -> QueryResult<Vec<Outcome>> {
        match self.laid {
            Some(_) => self.apply_dry(connection, table, operation, batch),
            None => apply(connection, table, operation, batch, &self.writer(), Retry::Careful),
        }
    }

    /// On whose behalf it writes.
    pub(crate) fn writer(&self) -> WriteContext<'_> {
        let options = &self.submission.options;
        WriteContext {
            author: Author {
                client: self.submission.client,
                submission: Some(self.submission.id),
                ..Author::default()
            },
            scope: &self.scope,
            received: self.gate().received,
            received_at: self.submission.received_at,
            lists: &self.lists,
            endings: Some(&self.endings),
            on_missing: if options.all { OnMissing::Reject } else { options.on_missing },
            status_seen: None,
        }
    }

    /// A batch of the first pass: what others of the submission may yet help is deferred.
    pub(crate) fn batch(
        &mut self,
        connection: &mut PgConnection,
        table: &'static Table,
        operation: RecordOperation,
        batch: &mut [Incoming],
        chunk: i64,
        buffer: &mut IssueBuffer,
    ) -> Result<()> {
        let outcomes = self.apply(connection, table, operation, batch)?;
        let mut deferred = Vec::new();
        for (record, outcome) in batch.iter().zip(&outcomes) {
            if is_open(outcome) {
                let level = table.level_of(&record.row) as i64;
                deferred.push(DeferredRecord { table, operation, level, index: record.index, chunk });
            } else {
                self.decided(table, record, outcome, buffer);
            }
        }
        record_metrics(Some(table), outcomes.iter().filter(|outcome| !is_open(outcome)));
        self.deferred += deferred.len() as u64;
        self.defer(connection, deferred)?;
        self.accepted(connection, table, operation, batch, &outcomes)
    }

    pub(crate) fn decided(
        &mut self,
        table: &'static Table,
        record: &Incoming,
        outcome: &Outcome,
        buffer: &mut IssueBuffer,
    ) {
        if !outcome.issues.is_empty() {
            let key = issue_store::key_json(table, &record.row);
            buffer.add(
                self.submission.id,
                &IssueSubject {
                    index: record.index,
                    resource: Some(table.spec.name),
                    key: key.as_ref(),
                    school: record.school(table),
                },
                &outcome.issues,
            );
        }
        if outcome.is_failure() {
            tracing::error!(submission = %self.submission.id, index = record.index, "a rule failed at a record");
        }
        self.count(Some(table), outcome);
        let granted = !outcome.issues.iter().any(|issue| issue.rule.code == "PT-016");
        if let Some(school) = record.school(table).filter(|_| granted) {
            self.schools.note(school);
        }
    }

    /// What the accepted mean for records deferred and for parked ones.
    pub(crate) fn accepted(
        &mut self,
        connection: &mut PgConnection,
        table: &'static Table,
        operation: RecordOperation,
        batch: &[Incoming],
        outcomes: &[Outcome],
    ) -> Result<()> {
        let written = |outcome: &Outcome| {
            matches!(outcome.action, Disposition::Created | Disposition::Updated | Disposition::Deleted)
        };
        let wrote = outcomes.iter().any(written);
        self.wrote |= wrote;
        self.writes |= self.deferred > 0 && wrote;
        if operation == RecordOperation::Upsert {
            let kept = release::kept(batch, outcomes);
            self.note(connection, table, &kept)?;
            if self.laid.is_some() {
                return Ok(());
            }
            let discarded = release::discard(connection, table, &kept, self.submission.client)?;
            let (own, others): (Vec<_>, Vec<_>) =
                discarded.into_iter().partition(|record| record.submission == self.submission.id);
            for record in own {
                self.submission.tally.resolve(&record.resource, Disposition::Unchanged, 0);
            }
            parked::count_discarded(connection, others)?;
        }
        Ok(())
    }
}

/// May other records of the submission yet help it?
pub(crate) fn is_open(outcome: &Outcome) -> bool {
    outcome.contextual && matches!(outcome.action, Disposition::Rejected | Disposition::Missing)
}

/// The kind of the error that carries a rollback out of a transaction; never shown.
const ROLLED_BACK: crate::error::ProblemKind =
    crate::error::ProblemKind { code: "rolled-back", status: 0, title: "", title_vi: "" };
