//! Single writes: those that wait share a batch and a commit (4–6 times the rate of a transaction each), and each gets
//! its own answer.

mod batch; // the writes that are tried together
mod job; // a single write on its way

pub use job::{Write, Written};

use crate::error;
use crate::error::{Error, Result};
use crate::store::PooledConnection;
use crate::submission::Work;
use batch::together;
use job::Job;
use std::collections::HashSet;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Writes that share a transaction at most.
const SHARE: usize = 128;
/// How long the writes of a round wait for as many as the last ones had: who got its answer mostly writes again at
/// once, and a larger round costs each of its writes less.
const LINGER: Duration = Duration::from_micros(500);

/// Takes single writes. Each writing thread has a queue of its own: the writes of a school wait in one, so that two
/// batches do not wait for each other's schools.
pub struct GroupCommit {
    queues: Mutex<Vec<SyncSender<Job>>>,
}

impl GroupCommit {
    /// The queues, and those who write what waits in them: each is to be given turns in a thread of its own.
    pub fn new(work: &Arc<Work>) -> (Self, Vec<SingleWriter>) {
        let queue = |_| {
            let (sender, receiver) = sync_channel(work.config.max_waiting_requests);
            (sender, SingleWriter { work: work.clone(), receiver, held: Vec::new(), kept: None, expected: 0 })
        };
        let (queues, writers) = (0..work.config.single_writers).map(queue).unzip();
        (Self { queues: Mutex::new(queues) }, writers)
    }

    /// Writes one record. 503 when too many wait.
    pub async fn write(&self, write: Write) -> Result<Written> {
        let (reply, answer) = oneshot::channel();
        let busy = || {
            Error::new(error::UNAVAILABLE, "Too many requests wait for the database; send the request again.")
                .retry_after(1)
        };
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

/// Writes what waits in one of the queues.
pub struct SingleWriter {
    work: Arc<Work>,
    receiver: Receiver<Job>,
    /// Writes into schools that somebody else holds, to be tried again.
    held: Vec<Job>,
    /// The connection, as long as there is work.
    kept: Option<PooledConnection>,
    /// As many as the last rounds had.
    expected: usize,
}

impl SingleWriter {
    /// Waits for writes and writes those that wait. `false`: no more will come.
    pub fn turn(&mut self) -> bool {
        let held = std::mem::take(&mut self.held);
        let Some(jobs) = gather(&self.receiver, held, &mut self.kept, self.expected) else { return false };
        let mut keys = HashSet::new();
        // One smaller round does not tell that fewer write.
        self.expected = jobs.len().max(self.expected.saturating_sub(1));
        let (now, later): (Vec<Job>, Vec<Job>) =
            jobs.into_iter().partition(|job| keys.insert((job.write.table.number, job.write.key.clone())));
        self.held = later;
        let (held, kept) = together(&self.work, self.kept.take(), now);
        self.kept = kept;
        self.held.splice(0..0, held);
        true
    }
}

/// The jobs held, and those that wait, as many as are `expected`; `None` when no more will come. The connection is kept
/// only while there is work.
fn gather(
    receiver: &Receiver<Job>,
    mut jobs: Vec<Job>,
    kept: &mut Option<PooledConnection>,
    expected: usize,
) -> Option<Vec<Job>> {
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
