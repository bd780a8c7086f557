//! The writes that are tried together, in one transaction.

use crate::change::block::Author;
use crate::error;
use crate::error::{Error, Result};
use crate::intake::gate::Gate;
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::batch::{Disposition, OnMissing, Outcome, WriteContext};
use crate::merge::locks::{granted, holding_schools};
use crate::merge::retry::{Retry, apply, is_held, may_be_mended, retry_on_deadlock};
use crate::merge::write_status::WriteStatus;
use crate::model::lists::Lists;
use crate::model::messages::message;
use crate::model::moment::{day_of, now};
use crate::model::value::Row;
use crate::store::PooledConnection;
use crate::store::table::Table;
use crate::submission::group_commit::job::{Job, Write, Written, refuse};
use crate::submission::group_commit::line::HeldSchools;
use crate::submission::prepare::beyond_limits;
use crate::submission::{Work, parked, record_metrics, release};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// How long a school is waited for that somebody else holds. Bulk pushes let go of it after each step.
const PATIENCE: Duration = Duration::from_millis(250);
/// How long a round of several schools waits: as long as another round takes, which may write the same schools.
const ROUND: Duration = Duration::from_millis(10);

/// For whom a round waits.
#[derive(Clone, Copy)]
pub(crate) enum Wait<'w> {
    /// For nobody: writes of schools that are held are given back, also those of schools that others wait for already.
    ForNobody(&'w HeldSchools),
    /// For schools: all at once as long as a round takes, then one after the other.
    ForSchools,
}

/// A write that is to be tried again, and its school, which somebody else holds.
pub(crate) type DeferredJob = (Job, Option<String>);

/// Writes jobs of distinct keys in one transaction. Gives back those whose school somebody else holds, to be tried
/// again, and the connection if it is sound.
pub(crate) fn commit_together(
    work: &Work,
    kept: Option<PooledConnection>,
    jobs: Vec<Job>,
    wait: Wait,
) -> (Vec<DeferredJob>, Option<PooledConnection>) {
    let mut connection = match kept.map_or_else(|| work.pools.write.get(), Ok) {
        Ok(connection) => connection,
        Err(error) => {
            refuse(jobs.into_iter(), &error);
            return (Vec::new(), None);
        }
    };
    let lists = work.known_lists();
    let mut round =
        Round { work, wait, connection: &mut connection, lists, received_at: now(), sound: true, held: Vec::new() };
    round.begin(jobs);
    let Round { sound, held, .. } = round;
    (held, sound.then_some(connection))
}

/// The writes that are tried together.
struct Round<'r> {
    work: &'r Work,
    wait: Wait<'r>,
    connection: &'r mut PgConnection,
    /// What is judged by, with its version.
    lists: (i64, Arc<Lists>),
    received_at: DateTime<Utc>,
    /// The connection may be used again.
    sound: bool,
    /// To be tried again.
    held: Vec<DeferredJob>,
}

impl Round<'_> {
    fn begin(&mut self, jobs: Vec<Job>) {
        let gate = Gate {
            lists: &self.lists.1,
            received: day_of(self.received_at),
            crosswalks: None,
            largest_record: self.work.config.max_record_bytes,
        };
        let (mut admitted, mut refused) = (Vec::new(), Vec::new());
        for job in jobs {
            match admit(gate, &job.write) {
                Ok(record) => admitted.push((job, record)),
                Err(error) => refused.push((job, error)),
            }
        }
        // What is written is held against the lists in force by the transaction; a refusal must be so here, for
        // crosswalks are part of it.
        if !refused.is_empty() && self.renew().is_ok_and(|is_new| is_new) {
            let admitted = admitted.into_iter().map(|(job, _)| job);
            return self.begin(admitted.chain(refused.into_iter().map(|(job, _)| job)).collect());
        }
        refused.into_iter().for_each(|(job, error)| drop(job.reply.send(Err(error))));
        match self.wait {
            Wait::ForNobody(schools) => {
                let (held, free) = admitted.into_iter().partition(|(job, record): &(Job, Incoming)| {
                    record.school(job.write.table).is_some_and(|school| schools.contains(school))
                });
                self.give_back(held);
                self.write(free);
            }
            // Mostly nobody holds them any more: then they share one transaction, as those do for which nobody waits.
            Wait::ForSchools => self.write(admitted),
        }
    }

    fn give_back(&mut self, jobs: Vec<(Job, Incoming)>) {
        let school = |(job, record): &(Job, Incoming)| record.school(job.write.table).map(str::to_owned);
        let held = jobs.into_iter().map(|job| (school(&job), job));
        self.held.extend(held.map(|(school, (job, _))| (job, school)));
    }

    /// Looks for lists in force that are not the known ones: are there any?
    fn renew(&mut self) -> Result<bool> {
        self.work.lists(self.connection)?;
        let known = std::mem::replace(&mut self.lists, self.work.known_lists());
        Ok(known.0 != self.lists.0)
    }

    fn write(&mut self, admitted: Vec<(Job, Incoming)>) {
        if admitted.is_empty() {
            return;
        }
        let (received_at, lists) = (self.received_at, (self.lists.0, self.lists.1.as_ref()));
        let schools = match granted_to(self.connection, &admitted) {
            Ok(schools) => schools,
            Err(error) => {
                self.sound = false;
                return refuse(admitted.into_iter().map(|(job, _)| job), &error.into());
            }
        };
        let patience = if matches!(self.wait, Wait::ForSchools) && schools.len() < 2 { PATIENCE } else { ROUND };
        let mut attempt = |retry| {
            retry_on_deadlock(|| {
                let schools = schools.iter().map(String::as_str);
                holding_schools(self.connection, schools, patience, |connection| {
                    admitted.iter().for_each(|(_, record)| record.trap("single-writes"));
                    write(connection, &admitted, received_at, lists, retry)
                })
            })
        };
        let outcomes = match attempt(Retry::Bold) {
            Err(error) if may_be_mended(&error) => attempt(Retry::Careful),
            outcomes => outcomes,
        };
        match outcomes {
            Ok(outcomes) => {
                for ((job, _), (row, outcome)) in admitted.into_iter().zip(outcomes) {
                    if outcome.is_failure() {
                        tracing::error!(request_id = %job.write.request, "a rule failed at a record");
                    }
                    record_metrics(Some(job.write.table), std::iter::once(&outcome));
                    let _ = job.reply.send(Ok(Written { row, outcome }));
                }
            }
            // Nothing else rolls back by itself.
            Err(diesel::result::Error::RollbackTransaction) => {
                self.anew(admitted.into_iter().map(|(job, _)| job).collect())
            }
            Err(error) if is_held(&error) => self.apart(admitted, &error.into()),
            Err(error) => {
                self.sound = false;
                refuse(admitted.into_iter().map(|(job, _)| job), &error.into());
            }
        }
    }

    /// Other code lists, crosswalks or reporting periods are in force than the jobs were admitted by.
    fn anew(&mut self, jobs: Vec<Job>) {
        match self.renew() {
            Ok(_) => self.begin(jobs),
            Err(error) => {
                self.sound = false;
                refuse(jobs.into_iter(), &error);
            }
        }
    }

    /// A school that somebody else holds must not hold up the others: each is tried by itself, and what is held is given
    /// back.
    fn apart(&mut self, admitted: Vec<(Job, Incoming)>, error: &Error) {
        let schools = by_school(admitted);
        if schools.len() > 1 {
            return schools.into_iter().for_each(|jobs| self.write(jobs));
        }
        let patience = self.work.config.pool_wait();
        let (late, held): (Vec<_>, Vec<_>) =
            schools.into_iter().flatten().partition(|(job, _)| job.since.elapsed() >= patience);
        refuse(late.into_iter().map(|(job, _)| job), error);
        self.give_back(held);
    }
}

/// The jobs of each school, in the order of the schools.
fn by_school(jobs: Vec<(Job, Incoming)>) -> Vec<Vec<(Job, Incoming)>> {
    let mut schools: BTreeMap<Option<String>, Vec<(Job, Incoming)>> = BTreeMap::new();
    for (job, record) in jobs {
        let school = record.school(job.write.table).map(str::to_owned);
        schools.entry(school).or_default().push((job, record));
    }
    schools.into_values().collect()
}

/// The schools of the writes, of each those that its client may write.
fn granted_to(connection: &mut PgConnection, admitted: &[(Job, Incoming)]) -> QueryResult<HashSet<String>> {
    let mut clients: Vec<&Write> = admitted.iter().map(|(job, _)| &job.write).collect();
    clients.sort_by_key(|write| write.client);
    clients.dedup_by_key(|write| write.client);
    let mut schools = HashSet::new();
    for one in clients {
        let own = admitted.iter().filter(|(job, _)| job.write.client == one.client);
        schools.extend(granted(connection, own.map(|(job, record)| (job.write.table, record)), &one.scope)?);
    }
    Ok(schools)
}

/// The record of a write, read and checked by itself.
fn admit(gate: Gate, write: &Write) -> Result<Incoming> {
    if let Some(issue) = beyond_limits(&write.data, gate.largest_record) {
        let detail = message("record-not-kept");
        return Err(Error::new(error::INVALID, detail).issues(vec![issue]));
    }
    // A path speaks the sector's codes, as it names what is stored; a body speaks the client's.
    let crosswalks =
        if write.operation == RecordOperation::Upsert { gate.lists.crosswalks(write.client) } else { None };
    let gate = Gate { crosswalks, ..gate };
    let mut record = gate
        .admit(write.table, 0, write.operation, &write.data, &mut Vec::new())
        .map_err(|_| Error::new(error::BAD_REQUEST, message("record-not-json")))?;
    record.precondition = write.precondition.clone();
    record.request = Some(write.request.clone());
    match record.key(write.table) {
        Some(key) if key.iter().map(AsRef::as_ref).ne(write.key.iter().map(String::as_str)) => {
            let names: Vec<&str> = write.table.key.iter().map(|place| write.table.spec.fields[*place].json).collect();
            let detail = message("key-differs-from-path").with("members", names.join(", "));
            Err(Error::new(error::BAD_REQUEST, detail))
        }
        _ => Ok(record),
    }
}

/// Groups of one table, operation and client, parents first; rows and outcomes in the order of the records.
/// [`RollbackTransaction`](diesel::result::Error::RollbackTransaction): lists of another version are in force than the
/// records were admitted by.
fn write(
    connection: &mut PgConnection,
    records: &[(Job, Incoming)],
    received_at: DateTime<Utc>,
    (version, lists): (i64, &Lists),
    retry: Retry,
) -> QueryResult<Vec<(Row, Outcome)>> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    let group = |at: &usize| {
        let write = &records[*at].0.write;
        (write.table.level, write.table.number, write.operation == RecordOperation::Delete, write.client)
    };
    order.sort_by_key(group);
    let (mut groups, mut any_parked) = (Vec::new(), false);
    for places in order.chunk_by(|a, b| group(a) == group(b)) {
        let first = &records[places[0]].0.write;
        let mut batch: Vec<Incoming> = places.iter().map(|at| records[*at].1.clone()).collect();
        let status_seen = Cell::new(None);
        let writer = WriteContext {
            author: Author { client: first.client, ..Author::default() },
            scope: &first.scope,
            received: day_of(received_at),
            received_at,
            lists,
            endings: None,
            on_missing: OnMissing::Reject,
            status_seen: Some(&status_seen),
        };
        let found = apply(connection, first.table, first.operation, &mut batch, &writer, retry)?;
        // Something may have been parked for want of what was created, since that was looked for.
        let any_created = found.iter().any(|outcome| outcome.action == Disposition::Created);
        let state = match status_seen.get().filter(|_| !any_created) {
            Some(state) => state,
            None => WriteStatus::now(connection)?,
        };
        if state.lists_version != version {
            return Err(diesel::result::Error::RollbackTransaction);
        }
        any_parked |= state.any_parked;
        groups.push(Group { table: first.table, operation: first.operation, places, batch, outcomes: found });
    }
    for group in groups.iter().filter(|group| any_parked && group.operation == RecordOperation::Upsert) {
        let accepted = release::kept(&group.batch, &group.outcomes);
        let client = records[group.places[0]].0.write.client;
        let discarded = release::discard_known(connection, group.table, &accepted, client)?;
        parked::count_discarded(connection, discarded)?;
    }
    let mut answers: Vec<(Row, Outcome)> =
        records.iter().map(|_| (Row::default(), Outcome::of(Disposition::Rejected, Vec::new()))).collect();
    for group in groups {
        for (at, (record, outcome)) in group.places.iter().zip(group.batch.into_iter().zip(group.outcomes)) {
            answers[*at] = (record.row, outcome);
        }
    }
    Ok(answers)
}

/// Writes of one table, operation and client.
struct Group<'p> {
    table: &'static Table,
    operation: RecordOperation,
    /// Their places in the round.
    places: &'p [usize],
    /// As they were written.
    batch: Vec<Incoming>,
    outcomes: Vec<Outcome>,
}
