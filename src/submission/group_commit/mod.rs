//! Single writes: those that wait share a batch and a commit (4–6 times the rate of a transaction each), and each gets
//! its own answer.

mod batch; // the writes that are tried together
mod job; // a single write on its way
mod line; // the writes that wait for a thread

pub use job::{Write, Written};

use crate::error;
use crate::error::{Error, Result};
use crate::model::messages::message;
use crate::store::PooledConnection;
use crate::submission::Work;
use batch::{DeferredJob, Wait, commit_together};
use job::Job;
use line::{HeldSchools, WriteQueue};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long the writes of a round wait for as many as the last ones had: who got its answer mostly writes again at
/// once, and a larger round costs each of its writes less.
const LINGER: Duration = Duration::from_micros(500);
/// The first pause of a writer that could write nothing, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(250));

/// Takes single writes. Those whose keys begin alike, which is mostly with the school, wait in one line, so that two
/// batches seldom wait for each other's schools. Each line has two writers: one that waits for no school, and one that takes over the writes whose school
/// somebody else holds, so that those hold up no others.
pub struct GroupCommit {
    lines: Vec<Arc<WriteQueue>>,
}

impl GroupCommit {
    /// The lines, and those who write what waits in them: each is to be given turns in a thread of its own.
    pub fn new(work: &Arc<Work>) -> (Self, Vec<SingleWriter>) {
        let (mut lines, mut writers) = (Vec::new(), Vec::new());
        for _ in 0..work.config.single_writers {
            let new = || Arc::new(WriteQueue::new(work.config.max_waiting_requests));
            let (quick, patient, schools) = (new(), new(), HeldSchools::default());
            writers.push(SingleWriter::new(work, &quick, Some(&patient), &schools));
            writers.push(SingleWriter::new(work, &patient, None, &schools));
            lines.push(quick);
        }
        (Self { lines }, writers)
    }

    /// Writes one record. 503 when too many wait.
    pub async fn write(&self, write: Write) -> Result<Written> {
        let (reply, answer) = oneshot::channel();
        let line = self.line_of(&write).ok_or_else(busy)?;
        line.push(Job { write, since: Instant::now(), reply, held: None });
        answer.await.map_err(|_| busy())?
    }

    /// By the first part of the key, which most resources have the school in.
    fn line_of(&self, write: &Write) -> Option<&WriteQueue> {
        let hash = xxhash_rust::xxh3::xxh3_64(write.key.first()?.as_bytes()) as usize;
        self.lines.get(hash.checked_rem(self.lines.len())?).map(AsRef::as_ref)
    }

    /// Takes no more.
    pub fn stop(&self) {
        self.lines.iter().for_each(|line| line.close());
    }
}

fn busy() -> Error {
    Error::new(error::UNAVAILABLE, message("database-queue-full")).retry_after(1)
}

/// Writes what waits in one of the lines.
pub struct SingleWriter {
    work: Arc<Work>,
    line: Arc<WriteQueue>,
    /// Where the writes of held schools go; none: this one waits for them.
    deferred_writes: Option<Arc<WriteQueue>>,
    /// The schools that are held.
    schools: HeldSchools,
    /// Writes that are next: of keys that stood twice in the last round, or of schools that are held.
    next: Vec<Job>,
    /// The connection, as long as there is work.
    kept: Option<PooledConnection>,
    /// As many as the last rounds had.
    expected: usize,
    /// How long it pauses when the next round writes nothing either.
    pause: Duration,
}

impl SingleWriter {
    fn new(work: &Arc<Work>, line: &Arc<WriteQueue>, aside: Option<&Arc<WriteQueue>>, schools: &HeldSchools) -> Self {
        Self {
            work: work.clone(),
            line: line.clone(),
            deferred_writes: aside.cloned(),
            schools: schools.clone(),
            next: Vec::new(),
            kept: None,
            expected: 0,
            pause: PAUSES.0,
        }
    }

    /// Waits for writes and writes those that wait. `false`: no more will come.
    pub fn turn(&mut self) -> bool {
        let Some(jobs) = self.gather() else {
            self.deferred_writes.iter().for_each(|aside| aside.close());
            return false;
        };
        let mut keys = HashSet::new();
        // One smaller round does not tell that fewer write.
        self.expected = jobs.len().max(self.expected.saturating_sub(1));
        let (now, later): (Vec<Job>, Vec<Job>) =
            jobs.into_iter().partition(|job| keys.insert((job.write.table.number, job.write.key.clone())));
        self.next = later;
        let wait = if self.deferred_writes.is_some() { Wait::ForNobody(&self.schools) } else { Wait::ForSchools };
        let tried = now.len();
        let (held, kept) = commit_together(&self.work, self.kept.take(), now, wait);
        self.kept = kept;
        self.pace(held.len() == tried);
        self.defer(held);
        true
    }

    /// What is held may be refused without any wait: whoever would try it again at once would do nothing else.
    fn pace(&mut self, is_all_held: bool) {
        if self.deferred_writes.is_some() || !is_all_held {
            self.pause = PAUSES.0;
            return;
        }
        std::thread::sleep(self.pause);
        self.pause = (self.pause * 2).min(PAUSES.1);
    }

    /// Writes whose school is held go to the writer that waits for it; there they are tried again.
    fn defer(&mut self, held: Vec<DeferredJob>) {
        let Some(aside) = &self.deferred_writes else {
            self.next.splice(0..0, held.into_iter().map(|(job, _)| job));
            return;
        };
        for (mut job, school) in held {
            job.held = school.map(|school| self.schools.note(school));
            aside.push(job);
        }
    }

    /// The jobs left over, and those that wait, as many as are expected; `None` when no more will come. The connection is
    /// kept only while there is work.
    fn gather(&mut self) -> Option<Vec<Job>> {
        let mut jobs = std::mem::take(&mut self.next);
        self.line.take(&mut jobs);
        if jobs.is_empty() {
            self.kept = None;
            if !self.line.wait() {
                return None;
            }
            self.line.take(&mut jobs);
        }
        let until = Instant::now() + LINGER;
        while jobs.len() < self.expected && self.line.wait_until(until) {
            let before = jobs.len();
            self.line.take(&mut jobs);
            if jobs.len() == before {
                break;
            }
        }
        Some(jobs)
    }
}
