//! The check without a database: the gate and the rules of the gateway over files, parents and lookups being found
//! among the records of the files.
//!
//! It goes the way of a submission (`run.rs`): chunks, steps from the roots down, what other records may yet help set
//! aside and tried again. So it says what a gateway would say that holds nothing yet, but for records that are in none
//! of the files: those count as there, and the rules that look at them are not judged.

mod claims;
mod files;
mod issues;
mod unjudged;

pub use files::{Files, SourceFile, SourcePosition};
pub use issues::{FoundIssues, ShownIssue};
pub use unjudged::{STORED, UNITS, Unjudged, UnjudgedReason};

use crate::access::Area;
use crate::change::block::Author;
use crate::error::{Error, Result};
use crate::intake::gate::Gate;
use crate::intake::record::{Incoming, RecordOperation, compare};
use crate::merge::batch::{Disposition, OnMissing, Outcome, WriteContext};
use crate::merge::endings::Endings;
use crate::merge::memory::Memory;
use crate::merge::upsert::judge_new;
use crate::model::lists::Lists;
use crate::model::rules::catalogue as rule;
use crate::store::table::Table;
use crate::submission::counts::Tally;
use crate::submission::issue_store;
use crate::submission::prepare;
use crate::submission::prepare::{Decided, PreparedStep, Step};
use crate::submission::repeated::Repeated;
use chrono::NaiveDate;
use claims::Claims;
use std::sync::mpsc::sync_channel;
use unjudged::Lacking;

/// Threads that read and check ahead of the one that judges.
const PREPARING: usize = 2;

/// What came of the check.
pub struct Checked {
    /// The counts: `created` is what nothing speaks against, `parked` what names records that were not found.
    pub tally: Tally,
    /// The issues.
    pub issues: FoundIssues,
    /// What could not be judged.
    pub unjudged: Vec<Unjudged>,
}

/// Checks everything that was taken in. `shown`: issues kept to be shown one by one.
///
/// # Errors
/// None that a file can cause.
pub fn check(
    files: &Files,
    lists: &Lists,
    received: NaiveDate,
    shown: usize,
    progress: &dyn Fn(u64),
) -> Result<Checked> {
    let gate = Gate { lists, received, crosswalks: None, largest_record: files.largest_record as u64 };
    let mut check = Check {
        files,
        gate,
        area: Area::everything(),
        memory: Memory::default(),
        tally: Tally::default(),
        issues: FoundIssues::showing(shown),
        lacking: Lacking::default(),
        aside: Vec::new(),
        writes: false,
        endings: Endings::default(),
        claims: Claims::default(),
    };
    check.steps(progress)?;
    check.retry_deferred()?;
    check.issues.find_places(files);
    let unjudged = check.lacking.summary(&check.tally, lists);
    Ok(Checked { tally: check.tally, issues: check.issues, unjudged })
}

/// Which outcomes stand that other records may yet change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settle {
    Nothing,
    Waiting,
    All,
}

impl Settle {
    fn settles(self, action: Disposition) -> bool {
        match self {
            Self::Nothing => false,
            Self::Waiting => action == Disposition::Missing,
            Self::All => true,
        }
    }
}

/// A check under way.
struct Check<'c> {
    files: &'c Files,
    gate: Gate<'c>,
    area: Area,
    memory: Memory,
    tally: Tally,
    issues: FoundIssues,
    lacking: Lacking,
    /// Records that others may yet help, by the step they came from.
    aside: Vec<(Step, Vec<u64>)>,
    /// Something was kept since a record was deferred.
    writes: bool,
    /// Schools that end with the records of the files.
    endings: Endings,
    /// Whose the provisional codes of the files are.
    claims: Claims,
}

impl Check<'_> {
    fn steps(&mut self, progress: &dyn Fn(u64)) -> Result<()> {
        let (files, gate) = (self.files, self.gate);
        let steps = prepare::steps(&files.chunk_refs(), true);
        let repeated = Repeated::find(files.hashes(), |at| files.chunk(at))?;
        std::thread::scope(|threads| {
            let mut receivers = Vec::new();
            for lane in 0..PREPARING {
                // Handed over from hand to hand: a batch of 5,000 records takes some 20 MB.
                let (sender, receiver) = sync_channel(0);
                receivers.push(receiver);
                let (steps, repeated) = (&steps, &repeated);
                threads.spawn(move || {
                    for step in steps.iter().skip(lane).step_by(PREPARING) {
                        let hashes = files.hashes().get(step.chunk).map_or(&[][..], Vec::as_slice);
                        let prepared = files
                            .chunk(step.chunk)
                            .and_then(|chunk| prepare::prepare(&chunk, hashes, *step, repeated, gate, None));
                        if sender.send(prepared).is_err() {
                            return;
                        }
                    }
                });
            }
            for (number, step) in steps.iter().enumerate() {
                let prepared = receivers[number % PREPARING]
                    .recv()
                    .map_err(|_| Error::internal("a preparing thread ended early"))??;
                self.step(*step, prepared, Settle::Nothing)?;
                progress(self.tally.total.decided() as u64);
            }
            Ok(())
        })
    }

    /// Tries what was deferred again. When nothing moves any more, what waits for records that are in none of the
    /// files counts as there, so that whatever names it is judged all the same; when that moves nothing either, the
    /// outcomes stand.
    fn retry_deferred(&mut self) -> Result<()> {
        let mut settle = Settle::Nothing;
        while !self.aside.is_empty() {
            settle = match (std::mem::take(&mut self.writes), settle) {
                (true, _) => Settle::Nothing,
                (false, Settle::Nothing) => Settle::Waiting,
                (false, _) => Settle::All,
            };
            for (step, only) in std::mem::take(&mut self.aside) {
                let chunk = self.files.chunk(step.chunk)?;
                let prepared = prepare::prepare(&chunk, &[], step, &Repeated::default(), self.gate, Some(&only))?;
                self.step(step, prepared, settle)?;
            }
        }
        Ok(())
    }

    fn step(&mut self, step: Step, prepared: PreparedStep, settle: Settle) -> Result<()> {
        prepared.decided.into_iter().for_each(|settled| self.count_decided(settled));
        for (table, mut batch) in prepared.batches {
            batch.sort_by(|a, b| compare(&a.row, &b.row, &table.key));
            let outcomes = match step.part {
                Some((RecordOperation::Delete, _)) => batch.iter().map(|record| deleted(table, record)).collect(),
                _ => self.judged(table, &batch)?,
            };
            let mut aside = Vec::new();
            for (record, outcome) in batch.iter().zip(outcomes) {
                let outcome = self.claims.hold(table, record, outcome);
                if outcome.contextual && !settle.settles(outcome.action) {
                    aside.push(record.index);
                } else {
                    self.decided(table, record, outcome);
                }
            }
            if !aside.is_empty() {
                aside.sort_unstable();
                self.aside.push((step, aside));
            }
        }
        Ok(())
    }

    fn judged(&mut self, table: &'static Table, batch: &[Incoming]) -> Result<Vec<Outcome>> {
        let writer = WriteContext {
            author: Author::default(),
            scope: &self.area,
            received: self.gate.received,
            received_at: crate::model::moment::now(),
            lists: self.gate.lists,
            endings: Some(&self.endings),
            on_missing: OnMissing::Park,
            status_seen: None,
        };
        judge_new(&mut self.memory, table, batch, &writer).map_err(Error::internal)
    }

    fn decided(&mut self, table: &'static Table, record: &Incoming, mut outcome: Outcome) {
        match outcome.action {
            Disposition::Created | Disposition::Missing => {
                self.memory.keep(table, &record.row);
                self.writes = true;
            }
            Disposition::Rejected => self.lacking.refuse(table, record),
            _ => {}
        }
        self.lacking.record(table, &outcome.missing);
        // Said once for all of them, in what could not be judged.
        outcome.issues.retain(|issue| issue.rule.code != rule::PT_015.code);
        let key = if outcome.issues.is_empty() { None } else { issue_store::key_json(table, &record.row) };
        self.count(Some(table), record.index, key, &outcome);
    }

    /// What is no record, and what stands again later. The place that an issue names is one among the records of all
    /// files; it is told as one of the file.
    fn count_decided(&mut self, mut decided: Decided) {
        for issue in decided.outcome.issues.iter_mut().filter(|issue| issue.rule.code == rule::PT_010.code) {
            let last = issue.value("last").and_then(|last| self.files.position(last.parse().ok()?));
            if let Some(last) = last {
                issue.with("last_row", last.line);
            }
            for (_, value) in issue.values.iter_mut().filter(|(name, _)| *name == "last") {
                let own = self.files.position(decided.index).map(|position| position.file.first);
                let last = value.parse().ok().and_then(|index| self.files.position(index));
                if let Some(last) = last {
                    let elsewhere =
                        if own == Some(last.file.first) { String::new() } else { format!(" ({})", last.file.name) };
                    *value = format!("{}{elsewhere}", last.index);
                }
            }
        }
        self.count(decided.table, decided.index, decided.key, &decided.outcome);
    }

    fn count(&mut self, table: Option<&'static Table>, index: u64, key: Option<serde_json::Value>, outcome: &Outcome) {
        let resource = table.map(|table| table.spec.name);
        self.tally.record(resource, outcome.action, outcome.warnings());
        self.issues.add(index, resource, key.as_ref(), &outcome.issues);
    }
}

/// Where nothing is stored, there is nothing to delete; only the key can be at fault.
fn deleted(table: &Table, record: &Incoming) -> Outcome {
    let action =
        if record.has_error() || record.key(table).is_none() { Disposition::Rejected } else { Disposition::Unchanged };
    Outcome::of(action, record.issues.clone())
}
