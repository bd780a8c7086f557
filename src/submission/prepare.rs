//! Chunks → batches ahead of the database: while one is written, the next are read and checked on other threads.

use crate::error::Result;
use crate::intake::chunk;
use crate::intake::chunk::{Chunk, Frame};
use crate::intake::envelope::{Broken, envelope, too_deep};
use crate::intake::gate::{Gate, RowOrigin};
use crate::intake::named_members::KnownMembers;
use crate::intake::notes;
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::batch::{Disposition, Outcome};
use crate::model::issue::{Issue, Severity};
use crate::model::record_key;
use crate::model::rules::catalogue as rule;
use crate::store::table::Table;
use crate::submission::chunk_store;
use crate::submission::repeated::Repeated;
use crate::submission::{Work, issue_store};
use std::collections::HashMap;
use uuid::Uuid;

/// One step of a submission's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The chunk.
    pub chunk: usize,
    /// What is taken of it: `None` for pieces that are no records.
    pub part: Option<(RecordOperation, usize)>,
}

impl Step {
    /// Its bit in what a chunk holds, and in what is done of it.
    pub fn bit(self) -> u64 {
        self.part.map_or(chunk::broken_part(), |(operation, level)| chunk::part(operation, level))
    }
}

/// Where a chunk stands and what is in it.
#[derive(Debug, Clone, Copy)]
pub struct ChunkRef {
    /// Number in the submission.
    pub number: i64,
    /// ChunkRef of its first record.
    pub first_index: u64,
    /// Bits of what is in it.
    pub parts: u64,
    /// Bits of what is done.
    pub done: u64,
}

/// The steps in order: what is no record, deletes from the leaves up, upserts from the roots down. With `anew` also
/// those that are done.
pub fn steps(places: &[ChunkRef], anew: bool) -> Vec<Step> {
    let levels = crate::store::table::tables().iter().map(Table::last_level).max().unwrap_or(0);
    let deletes = (0..=levels).rev().map(|level| Some((RecordOperation::Delete, level)));
    let parts =
        std::iter::once(None).chain(deletes).chain((0..=levels).map(|level| Some((RecordOperation::Upsert, level))));
    let of_part = |part: Option<(RecordOperation, usize)>| {
        let steps = (0..places.len()).map(move |chunk| Step { chunk, part });
        steps.filter(|step| {
            let place = &places[step.chunk];
            (if anew { place.parts } else { place.parts & !place.done }) & step.bit() != 0
        })
    };
    parts.flat_map(of_part).collect()
}

/// A record whose outcome needs no database.
pub struct Decided {
    /// ChunkRef in the submission.
    pub index: u64,
    /// Its resource; `None`: not a record.
    pub table: Option<&'static Table>,
    /// Its key, where it can be read.
    pub key: Option<serde_json::Value>,
    /// Its school, where it can be read.
    pub school: Option<String>,
    /// The outcome.
    pub outcome: Outcome,
}

/// What a step brings to the database.
#[derive(Default)]
pub struct PreparedStep {
    /// Records by resource.
    pub batches: Vec<(&'static Table, Vec<Incoming>)>,
    /// Broken and superseded ones.
    pub decided: Vec<Decided>,
}

impl PreparedStep {
    /// For tests: panics, or ends the process, where the environment of a debug build says so.
    pub(crate) fn trap(&self) {
        for record in self.batches.iter().flat_map(|(_, batch)| batch) {
            record.trap("step");
            record.trap("step-abort");
        }
    }
}

/// Reads and checks what a step takes of its chunk; with `only`, no other records.
pub fn prepare(
    chunk: &Chunk,
    hashes: &[u8],
    step: Step,
    repeated: &Repeated,
    gate: Gate,
    only: Option<&[u64]>,
) -> Result<PreparedStep> {
    let (mut prepared, mut scratch) = (PreparedStep::default(), Vec::with_capacity(512));
    let mut known = KnownMembers::default();
    for frame in chunk.frames() {
        if only.is_some_and(|only| only.binary_search(&frame.index).is_err()) {
            continue;
        }
        match (step.part, frame.table) {
            (None, None) => prepared.decided.push(broken(&frame, gate.largest_record)),
            (Some((operation, level)), Some(table))
                if (only.is_some() || frame.level == level) && frame.operation == operation =>
            {
                let at = (frame.index - chunk.first_index) as usize * 8;
                let hash = hashes.get(at..at + 8).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap_or_default()));
                let last = hash.and_then(|hash| repeated.later(hash, frame.index));
                let members = known.of(notes::members(frame.notes), table.spec);
                let origin = RowOrigin { notes: frame.notes, members };
                let admitted = gate.admit_row(table, frame.index, operation, frame.data(), origin, &mut scratch);
                admit(&mut prepared, &frame, table, last, admitted);
            }
            _ => {}
        }
    }
    if gate.crosswalks.is_some() {
        supersede_same(&mut prepared);
    }
    Ok(prepared)
}

/// Different codes of a client may mean the same: that records have one key shows only when they are translated. The
/// last of them stands.
fn supersede_same(prepared: &mut PreparedStep) {
    let coded = |table: &Table| table.key.iter().any(|place| table.spec.fields[*place].code_list().is_some());
    for (table, records) in prepared.batches.iter_mut().filter(|(table, _)| coded(table)) {
        let key = |record: &Incoming| record.key(table).map(|key| record_key::joined(&key));
        let last: HashMap<String, u64> =
            records.iter().filter_map(|record| Some((key(record)?, record.index))).collect();
        let later = |record: &Incoming| {
            key(record).and_then(|key| last.get(&key).copied()).filter(|last| *last != record.index)
        };
        for record in std::mem::take(records) {
            match later(&record) {
                Some(last) => prepared.decided.push(superseded(record, table, last)),
                None => records.push(record),
            }
        }
    }
}

fn admit(
    prepared: &mut PreparedStep,
    frame: &Frame,
    table: &'static Table,
    last: Option<u64>,
    admitted: std::result::Result<Incoming, String>,
) {
    match admitted {
        Err(problem) => {
            let mut issue = Issue::new(&rule::PT_006, "");
            issue.with("problem", problem);
            let outcome = Outcome::of(Disposition::Rejected, vec![issue]);
            prepared.decided.push(Decided { index: frame.index, table: Some(table), key: None, school: None, outcome });
        }
        Ok(record) => match last {
            Some(last) => {
                let mut decided = superseded(record, table, last);
                decided.outcome.issues.extend(notes::of_sheet(frame.notes));
                prepared.decided.push(decided);
            }
            None => batch_of(&mut prepared.batches, table).push(record),
        },
    }
}

fn batch_of<'b>(batches: &'b mut Vec<(&'static Table, Vec<Incoming>)>, table: &'static Table) -> &'b mut Vec<Incoming> {
    let at = batches.iter().position(|(known, _)| known.number == table.number).unwrap_or_else(|| {
        batches.push((table, Vec::new()));
        batches.len() - 1
    });
    &mut batches[at].1
}

fn superseded(record: Incoming, table: &'static Table, last: u64) -> Decided {
    let mut issue = Issue::new(&rule::PT_010, "");
    issue.with("last", last);
    let key = issue_store::key_json(table, &record.row);
    let school = record.school(table).map(str::to_owned);
    let outcome = Outcome::of(Disposition::Unchanged, vec![issue]);
    Decided { index: record.index, table: Some(table), key, school, outcome }
}

/// Says what is wrong with a piece that is no record.
fn broken(frame: &Frame, largest: u64) -> Decided {
    // A sheet that could not be read is a piece without bytes, and what was said of it.
    let said = notes::read(frame.notes);
    if frame.bytes.is_empty() && said.iter().any(|issue| issue.severity == Severity::Error) {
        return Decided {
            index: frame.index,
            table: None,
            key: None,
            school: None,
            outcome: Outcome::of(Disposition::Rejected, said),
        };
    }
    let fault = if frame.too_long {
        Broken::TooLong
    } else {
        envelope(frame.bytes).err().unwrap_or(Broken::NotRecord("JSON".into()))
    };
    Decided {
        index: frame.index,
        table: None,
        key: None,
        school: None,
        outcome: Outcome::of(
            Disposition::Rejected,
            std::iter::once(broken_issue(&fault, largest)).chain(said).collect(),
        ),
    }
}

fn broken_issue(fault: &Broken, largest: u64) -> Issue {
    let resources = || crate::model::all().iter().map(|spec| spec.name).collect::<Vec<_>>().join(", ");
    match fault {
        Broken::TooLong => {
            filled(&rule::PT_008, &[("found", "@longer-than-allowed".into()), ("limit", bytes(largest))])
        }
        Broken::TooDeep => filled(
            &rule::PT_008,
            &[("found", "@deeper-than-allowed".into()), ("limit", crate::intake::envelope::DEPTH.to_string())],
        ),
        Broken::NotUtf8(at) => filled(&rule::TX_002, &[("at", at.to_string())]),
        Broken::NotRecord(problem) => filled(&rule::PT_006, &[("problem", problem.clone())]),
        Broken::Unknown("operation", value) => filled(
            &rule::PT_007,
            &[("what", "@operation".into()), ("value", value.clone()), ("expected", "upsert, delete".into())],
        ),
        Broken::Unknown(_, value) => {
            filled(&rule::PT_007, &[("what", "@resource".into()), ("value", value.clone()), ("expected", resources())])
        }
        Broken::Member(name) => {
            let nearest = crate::intake::json::field_names::nearest(name, crate::intake::envelope::MEMBERS.into_iter())
                .unwrap_or("@none-alike");
            filled(
                &rule::PT_004,
                &[("member", name.clone()), ("resource", "@record".into()), ("nearest", nearest.into())],
            )
        }
        Broken::Twice(name) => filled(&rule::PT_009, &[("member", (*name).into())]),
    }
}

/// `256 KiB`, or so many bytes.
fn bytes(number: u64) -> String {
    if number.is_multiple_of(1024) { format!("{} KiB", number / 1024) } else { format!("{number} byte") }
}

/// PT-008: what keeps the data of a single record from being read at all; `longest`: in bytes.
pub(crate) fn beyond_limits(data: &str, longest: u64) -> Option<Issue> {
    if data.len() as u64 > longest {
        return Some(broken_issue(&Broken::TooLong, longest));
    }
    too_deep(data.as_bytes()).then(|| broken_issue(&Broken::TooDeep, longest))
}

fn filled(rule: &'static crate::model::issue::Rule, values: &[(&'static str, String)]) -> Issue {
    let mut issue = Issue::new(rule, "");
    for (name, value) in values {
        issue.with(name, value);
    }
    issue
}

/// Loads a step's chunk, reads and checks what the step takes of it.
pub(crate) fn prepare_step(
    work: &Work,
    id: Uuid,
    places: &[ChunkRef],
    step: Step,
    hashes: &[Vec<u8>],
    repeated: &Repeated,
    gate: Gate,
) -> Result<PreparedStep> {
    let chunk = chunk_store::load(&mut *work.pools.work.get()?, id, &places[step.chunk])?;
    prepare(&chunk, hashes.get(step.chunk).map_or(&[][..], Vec::as_slice), step, repeated, gate, None)
}
