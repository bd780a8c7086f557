//! Single writes that wait for a thread: a line for each client, in turns, and the schools that are held meanwhile.

use crate::access::turns::Turns;
use crate::submission::group_commit::busy;
use crate::submission::group_commit::job::{Job, refuse};
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Writes that share a transaction at most.
const SHARE: usize = 128;
/// Writes of each client that share one where several clients wait: a round of many takes longer for each.
const SHARE_OF_ONE: usize = 8;

/// The writes that wait for one thread.
pub(crate) struct WriteQueue {
    state: Mutex<State>,
    came: Condvar,
    most: usize,
}

#[derive(Default)]
struct State {
    jobs: Turns<Job>,
    closed: bool,
}

impl WriteQueue {
    /// For so many writes at most; one client may have half of the places.
    pub(crate) fn new(most: usize) -> Self {
        Self { state: Mutex::default(), came: Condvar::new(), most }
    }

    /// Puts a write in line; where there is no place it is answered 503.
    pub(crate) fn push(&self, job: Job) {
        let (mut state, client) = (lock(&self.state), job.write.client);
        let is_full = state.jobs.len() >= self.most || state.jobs.waiting(client) >= self.most.div_ceil(2);
        if is_full || state.closed {
            return refuse(std::iter::once(job), &busy());
        }
        state.jobs.push(client, job);
        self.came.notify_one();
    }

    /// Takes what may share a round with `jobs`.
    pub(crate) fn take(&self, jobs: &mut Vec<Job>) {
        let mut state = lock(&self.state);
        let share = if state.jobs.clients() > 1 { state.jobs.clients() * SHARE_OF_ONE } else { SHARE };
        while jobs.len() < share.min(SHARE) {
            let Some((_, job)) = state.jobs.pop(|_| true) else { return };
            jobs.push(job);
        }
    }

    /// Waits for a write; `false`: none will come.
    pub(crate) fn wait(&self) -> bool {
        let waiting = |state: &mut State| state.jobs.is_empty() && !state.closed;
        let state = self.came.wait_while(lock(&self.state), waiting).unwrap_or_else(PoisonError::into_inner);
        !state.jobs.is_empty()
    }

    /// Waits for a write until then; `false`: none came.
    pub(crate) fn wait_until(&self, until: Instant) -> bool {
        let left = until.saturating_duration_since(Instant::now());
        let waiting = |state: &mut State| state.jobs.is_empty() && !state.closed;
        let waited = self.came.wait_timeout_while(lock(&self.state), left, waiting);
        !waited.unwrap_or_else(PoisonError::into_inner).0.jobs.is_empty() && left > Duration::ZERO
    }

    /// Takes no more; what is in line is still written.
    pub(crate) fn close(&self) {
        lock(&self.state).closed = true;
        self.came.notify_all();
    }
}

/// Schools that somebody else holds, with the writes that wait for them.
#[derive(Clone, Default)]
pub(crate) struct HeldSchools(Arc<Mutex<HashMap<String, usize>>>);

impl HeldSchools {
    /// Does a write wait for this school?
    pub(crate) fn contains(&self, school: &str) -> bool {
        lock(&self.0).contains_key(school)
    }
    /// One more write waits, until what is returned is dropped.
    pub(crate) fn note(&self, school: String) -> HeldSchool {
        *lock(&self.0).entry(school.clone()).or_default() += 1;
        HeldSchool { schools: self.clone(), school }
    }
}

/// A write waits for a school.
pub(crate) struct HeldSchool {
    schools: HeldSchools,
    school: String,
}

impl Drop for HeldSchool {
    fn drop(&mut self) {
        let mut schools = lock(&self.schools.0);
        if let Some(count) = schools.get_mut(&self.school) {
            *count -= 1;
            if *count == 0 {
                schools.remove(&self.school);
            }
        }
    }
}

/// Each change is one call, whoever died holding it.
fn lock<T>(guarded: &Mutex<T>) -> MutexGuard<'_, T> {
    guarded.lock().unwrap_or_else(PoisonError::into_inner)
}
