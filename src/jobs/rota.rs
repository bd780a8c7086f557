//! The threads in which all tenants' jobs take turns: what is due longest goes first, so that a tenant with much to do gets
//! a turn, then waits for those of the others. A thread for each job of each tenant would cost memory for every province
//! that rests.

use crate::error::{Error, Result};
use crate::jobs::supervisor::RunningJob;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The threads and what they do. Cheap to clone.
#[derive(Clone)]
pub struct Rota(Arc<Shared>);

struct Shared {
    tasks: Mutex<Tasks>,
    changed: Condvar,
}

#[derive(Default)]
struct Tasks {
    /// Those that rest, by when they are due.
    resting: BTreeMap<(Instant, u64), RunningJob>,
    count: u64,
    /// Turns being taken, by tenant.
    at_work: BTreeMap<Arc<str>, usize>,
}

impl Rota {
    /// With so many threads.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn start(threads: usize) -> Result<Self> {
        let shared = Arc::new(Shared { tasks: Mutex::default(), changed: Condvar::new() });
        for number in 0..threads {
            let shared = shared.clone();
            let thread = std::thread::Builder::new().name(format!("turns-{number}"));
            thread.spawn(move || shared.take_turns()).map_err(Error::internal)?;
        }
        Ok(Self(shared))
    }

    /// Gives this job turns, the first at once.
    pub(super) fn add(&self, job: RunningJob) {
        self.0.rest(&mut self.0.lock(), job, Instant::now());
    }

    /// There is work for this tenant: its jobs that are well take a turn now.
    pub(super) fn call(&self, tenant: &str) {
        let mut tasks = self.0.lock();
        let now = Instant::now();
        let is_called = |job: &RunningJob| **job.tenant() == *tenant && job.may_be_called();
        let places: Vec<_> = tasks.resting.iter().filter(|(_, job)| is_called(job)).map(|(place, _)| *place).collect();
        let called: Vec<_> = places.iter().filter_map(|place| tasks.resting.remove(place)).collect();
        called.into_iter().for_each(|job| self.0.rest(&mut tasks, job, now));
    }

    /// Gives the jobs of this tenant no more turns, and waits so long at most for those that take one; `false`: one does
    /// still.
    pub(super) fn remove(&self, tenant: &str, patience: Duration) -> bool {
        let mut tasks = self.0.lock();
        tasks.resting.retain(|_, job| **job.tenant() != *tenant);
        let is_busy = |tasks: &mut Tasks| tasks.at_work.contains_key(tenant);
        let waited = self.0.changed.wait_timeout_while(tasks, patience, is_busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

impl Shared {
    fn take_turns(&self) {
        loop {
            let mut job = self.next();
            let pause = job.take_turn();
            let mut tasks = self.lock();
            if let Some(at_work) = tasks.at_work.get_mut(job.tenant()) {
                *at_work -= 1;
                if *at_work == 0 {
                    tasks.at_work.remove(job.tenant());
                }
            }
            match pause {
                // Who calls counts first, then takes the lock that is held here: no call is missed in between.
                Some(_) if job.is_called() => self.rest(&mut tasks, job, Instant::now()),
                Some(pause) => self.rest(&mut tasks, job, Instant::now() + pause),
                None => self.changed.notify_all(),
            }
        }
    }

    /// The job that is due longest.
    fn next(&self) -> RunningJob {
        let mut tasks = self.lock();
        loop {
            let now = Instant::now();
            let wait = match tasks.resting.first_key_value() {
                Some(((due, _), _)) if *due <= now => {
                    if let Some((_, job)) = tasks.resting.pop_first() {
                        *tasks.at_work.entry(job.tenant().clone()).or_default() += 1;
                        return job;
                    }
                    Duration::ZERO
                }
                Some(((due, _), _)) => *due - now,
                None => Duration::from_secs(3600),
            };
            tasks = self.changed.wait_timeout(tasks, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn rest(&self, tasks: &mut Tasks, job: RunningJob, due: Instant) {
        tasks.count += 1;
        let place = (due, tasks.count);
        tasks.resting.insert(place, job);
        self.changed.notify_all();
    }

    /// Each change is one call, whoever died holding it.
    fn lock(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
