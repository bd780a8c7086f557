//! Single writes: those that wait share a batch and a commit (4–6 times the rate of a transaction each), and each gets its own answer.

use super::apply::{Care, again, apply, is_held, may_be_mended};
use super::findings::due::Due;
use super::{Work, parked, record_metrics};
use crate::access::Area;
use crate::engine::batch::{Action, Incoming, OnMissing, Operation, Outcome, Precondition, Writer};
use crate::engine::gate::Gate;
use crate::engine::scope::lock_schools_within;
use crate::engine::table::Table;
use crate::error::{self, Error, Result};
use crate::model::lists::Lists;
use crate::model::value::Row;
use crate::store::PooledConnection;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use uuid::Uuid;

/// Writes that share a transaction at most.
const SHARE: usize = 128;
/// How long the writes of a round wait for as many as the last one had: who got its answer mostly writes again at once, and a larger round costs each of its writes less.
const LINGER: Duration = Duration::from_micros(300);
/// How long a round waits for a school that somebody else holds. Bulk pushes let go of it after each step.
const PATIENCE: Duration = Duration::from_millis(250);

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

struct Job {
    write: Write,
    since: Instant,
    reply: oneshot::Sender<Result<Written>>,
}

/// Takes single writes. Each writing thread has a queue of its own: the writes of a school wait in one, so that two batches do not wait for each other's schools.
pub struct Singles {
    queues: Mutex<Vec<SyncSender<Job>>>,
}

impl Singles {
    /// Starts the threads; `wake` is called when parked records became ready.
    pub fn start(work: Arc<Work>, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let queue = |number: usize| {
            let (sender, receiver) = sync_channel(work.config.max_waiting_requests);
            let (work, wake) = (work.clone(), wake.clone());
            let thread = std::thread::Builder::new().name(format!("single-writes-{number}"));
            if let Err(error) = thread.spawn(move || serve(&work, &receiver, wake.as_ref())) {
                tracing::error!(%error, "a thread could not be started");
            }
            sender
        };
        Self { queues: Mutex::new((0..work.config.single_writers).map(queue).collect()) }
    }

    /// Writes one record. 503 when too many wait.
    pub async fn write(&self, write: Write) -> Result<Written> {
        let (reply, answer) = oneshot::channel();
        let busy = || Error::new(error::UNAVAILABLE, "Too many requests wait for the database; send the request again.").retry_after(1);
        let sender = self.queue_of(&write).ok_or_else(busy)?;
        match sender.try_send(Job { write, since: Instant::now(), reply }) {
            Ok(()) => answer.await.map_err(|_| busy())?,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(busy()),
        }
    }

    /// By the first part of the key, which most resources have the school in.
    fn queue_of(&self, write: &Write) -> Option<SyncSender<Job>> {
        let queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = xxhash_rust::xxh3::xxh3_64(write.key.first()?.as_bytes()) as usize;
        queues.get(hash.checked_rem(queues.len())?).cloned()
    }

    /// Takes no more.
    pub fn stop(&self) {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn serve(work: &Work, receiver: &Receiver<Job>, wake: &(dyn Fn() + Send + Sync)) {
    let (mut held, mut kept, mut expected) = (Vec::new(), None, 0);
    while let Some(jobs) = gather(receiver, std::mem::take(&mut held), &mut kept, expected) {
        let mut keys = HashSet::new();
        expected = jobs.len();
        let (now, later): (Vec<Job>, Vec<Job>) =
            jobs.into_iter().partition(|job| keys.insert((job.write.table.number, job.write.key.clone())));
        (held, kept) = together(work, kept, now, wake);
        held.extend(later);
    }
}

/// The jobs held, and those that wait, as many as are `expected`; `None` when no more will come. The connection is kept only while there is work.
fn gather(receiver: &Receiver<Job>, mut jobs: Vec<Job>, kept: &mut Option<PooledConnection>, expected: usize) -> Option<Vec<Job>> {
    jobs.extend(receiver.try_iter().take(SHARE.saturating_sub(jobs.len())));
    if jobs.is_empty() {
        *kept = None;
        jobs.push(receiver.recv().ok()?);
        jobs.extend(receiver.try_iter().take(SHARE - 1));
    }
    let until = Instant::now() + LINGER;
    while jobs.len() < expected.min(SHARE) {
        match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(job) => jobs.push(job),
            Err(_) => break,
        }
        jobs.extend(receiver.try_iter().take(SHARE.saturating_sub(jobs.len())));
    }
    Some(jobs)
}

/// Writes jobs of distinct keys in one transaction. Gives back those whose school somebody else holds, to be tried again, and the connection if it is sound.
fn together(
    work: &Work,
    kept: Option<PooledConnection>,
    jobs: Vec<Job>,
    wake: &(dyn Fn() + Send + Sync),
) -> (Vec<Job>, Option<PooledConnection>) {
    let result = kept.map_or_else(|| work.pool.get().map_err(Error::from), Ok).and_then(|mut connection| {
        let lists = work.lists(&mut connection)?;
        Ok((connection, lists))
    });
    let (mut connection, lists) = match result {
        Ok(found) => found,
        Err(error) => {
            jobs.into_iter().for_each(|job| drop(job.reply.send(Err(error.clone()))));
            return (Vec::new(), None);
        }
    };
    let received_at = super::now();
    let gate = Gate { lists: &lists, received: super::day_of(received_at), crosswalks: None };
    let mut admitted = Vec::new();
    for job in jobs {
        match admit(gate, &job.write) {
            Ok(record) => admitted.push((job, record)),
            Err(error) => drop(job.reply.send(Err(error))),
        }
    }
    let mut round = Round { work, connection: &mut connection, lists: &lists, received_at, freed: false, sound: true, held: Vec::new() };
    round.write(admitted);
    let Round { freed, sound, held, .. } = round;
    if freed {
        wake();
    }
    (held, sound.then_some(connection))
}

/// The writes that are tried together.
struct Round<'r> {
    work: &'r Work,
    connection: &'r mut PgConnection,
    lists: &'r Lists,
    received_at: DateTime<Utc>,
    /// Parked records became ready.
    freed: bool,
    /// The connection may be used again.
    sound: bool,
    /// To be tried again.
    held: Vec<Job>,
}

impl Round<'_> {
    fn write(&mut self, admitted: Vec<(Job, Incoming)>) {
        if admitted.is_empty() {
            return;
        }
        let (received_at, lists) = (self.received_at, self.lists);
        let mut attempt = |care| again(|| self.connection.transaction(|connection| write(connection, &admitted, received_at, lists, care)));
        let outcomes = match attempt(Care::Bold) {
            Err(error) if may_be_mended(&error) => attempt(Care::Careful),
            outcomes => outcomes,
        };
        match outcomes {
            Ok((outcomes, freed)) => {
                self.freed |= freed;
                for ((job, _), (row, outcome)) in admitted.into_iter().zip(outcomes) {
                    record_metrics(Some(job.write.table), std::iter::once(&outcome));
                    let _ = job.reply.send(Ok(Written { row, outcome }));
                }
            }
            Err(error) if is_held(&error) => self.apart(admitted, error.into()),
            Err(error) => {
                self.sound = false;
                let error = Error::from(error);
                admitted.into_iter().for_each(|(job, _)| drop(job.reply.send(Err(error.clone()))));
            }
        }
    }

    /// A school that a large submission holds must not hold up the others: each is tried by itself, and what is held waits for the next round.
    fn apart(&mut self, admitted: Vec<(Job, Incoming)>, error: Error) {
        let mut schools: BTreeMap<Option<String>, Vec<(Job, Incoming)>> = BTreeMap::new();
        for (job, record) in admitted {
            let school = record.school(job.write.table).map(str::to_owned);
            schools.entry(school).or_default().push((job, record));
        }
        if schools.len() > 1 {
            return schools.into_values().for_each(|jobs| self.write(jobs));
        }
        for (job, _) in schools.into_values().flatten() {
            if job.since.elapsed() < self.work.config.pool_wait() {
                self.held.push(job);
            } else {
                let _ = job.reply.send(Err(error.clone()));
            }
        }
    }
}

fn admit(gate: Gate, write: &Write) -> Result<Incoming> {
    // A path speaks the sector's codes, as it names what is stored; a body speaks the client's.
    let crosswalks = if write.operation == Operation::Upsert { gate.lists.crosswalks(write.client) } else { None };
    let gate = Gate { crosswalks, ..gate };
    let mut record = gate
        .admit(write.table, 0, write.operation, &write.data, &mut Vec::new())
        .map_err(|_| Error::new(error::BAD_REQUEST, "The body is not JSON; send the record's data as one JSON object."))?;
    record.precondition = write.precondition;
    match record.key(write.table) {
        Some(key) if key.iter().map(AsRef::as_ref).ne(write.key.iter().map(String::as_str)) => {
            let names: Vec<&str> = write.table.key.iter().map(|place| write.table.spec.fields[*place].json).collect();
            let detail = format!("The key in the path is not the key in the body ({}); make them the same.", names.join(", "));
            Err(Error::new(error::BAD_REQUEST, detail))
        }
        _ => Ok(record),
    }
}

/// Groups of one table, operation and client, parents first; rows and outcomes in the order of the records, and whether parked records became ready.
fn write(
    connection: &mut PgConnection,
    records: &[(Job, Incoming)],
    received_at: DateTime<Utc>,
    lists: &Lists,
    care: Care,
) -> QueryResult<(Vec<(Row, Outcome)>, bool)> {
    lock_schools_within(connection, records.iter().filter_map(|(job, record)| record.school(job.write.table)), PATIENCE)?;
    let mut order: Vec<usize> = (0..records.len()).collect();
    let group = |at: &usize| {
        let write = &records[*at].0.write;
        (write.table.level, write.table.number, write.operation == Operation::Delete, write.client)
    };
    order.sort_by_key(group);
    let mut outcomes: Vec<Option<(Row, Outcome)>> = vec![None; records.len()];
    let (mut freed, mut due) = (0, Due::default());
    for places in order.chunk_by(|a, b| group(a) == group(b)) {
        let first = &records[places[0]].0.write;
        let mut batch: Vec<Incoming> = places.iter().map(|at| records[*at].1.clone()).collect();
        let writer = Writer {
            client: first.client,
            submission: Uuid::now_v7(),
            scope: &first.scope,
            now: super::now(),
            received: super::day_of(received_at),
            received_at,
            lists,
            on_missing: OnMissing::Reject,
        };
        let found = apply(connection, first.table, first.operation, &mut batch, &writer, care)?;
        due.note(connection, first.table, batch.iter().zip(&found))?;
        if first.operation == Operation::Upsert {
            let is_kept = |outcome: &Outcome| matches!(outcome.action, Action::Created | Action::Updated | Action::Unchanged);
            let kept: Vec<(&Incoming, Action)> = batch.iter().zip(&found).filter(|(_, o)| is_kept(o)).map(|(r, o)| (r, o.action)).collect();
            let echo = parked::on_accepted(connection, first.table, &kept)?;
            parked::count_discarded(connection, echo.discarded)?;
            freed += echo.ready;
        }
        for (at, (record, outcome)) in places.iter().zip(batch.into_iter().zip(found)) {
            outcomes[*at] = Some((record.row, outcome));
        }
    }
    due.write(connection)?;
    let none = || (Row::default(), Outcome::of(Action::Rejected, Vec::new()));
    let outcomes = outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(none)).collect();
    Ok((outcomes, freed > 0))
}
