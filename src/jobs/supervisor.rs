//! Keeps what runs by itself running. A job is a turn that is taken again and again; one that fails or panics is taken again after a pause that grows, and a
//! job that keeps failing shows in the metrics and in readiness.

use crate::error::{Error, Result};
use crate::jobs::activity::Activity;
use crate::jobs::rota::Rota;
use crate::metrics;
use crate::panics::contained;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The first pause after a failure; it doubles with each further one.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause after an error: most come from a database that is away, and end with it.
const LONGEST_AFTER_ERROR: Duration = Duration::from_secs(4);
/// The longest pause after a panic.
const LONGEST_AFTER_PANIC: Duration = Duration::from_secs(32);
/// A job that failed so often in a row keeps failing.
const KEEPS_FAILING: u32 = 3;

/// What a job does after a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The next turn at once.
    Now,
    /// The next turn after this time, or as soon as there is a call.
    After(Duration),
    /// Nothing: there will be no more work.
    Nothing,
}

/// The jobs of a tenant. Cheap to clone.
#[derive(Clone)]
pub struct Supervisor(Arc<Shared>);

struct Shared {
    tenant: Arc<str>,
    activity: Activity,
    rota: Rota,
    stopping: AtomicBool,
    calls: Mutex<u64>,
    called: Condvar,
    jobs: Mutex<Vec<Arc<Job>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// Jobs that begin when they are first needed: a tenant that rests has no threads for them.
pub struct OnDemand {
    supervisor: Supervisor,
    begun: AtomicBool,
    waiting: Mutex<Vec<(String, Turn)>>,
}

/// One turn of a job.
pub type Turn = Box<dyn FnMut() -> Result<Next> + Send>;

impl OnDemand {
    /// These jobs, by name.
    pub fn new(supervisor: &Supervisor, jobs: Vec<(String, Turn)>) -> Self {
        Self { supervisor: supervisor.clone(), begun: AtomicBool::new(false), waiting: Mutex::new(jobs) }
    }

    /// Has them begin, if they have not.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn begin(&self) -> Result<()> {
        if self.begun.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut waiting = lock(&self.waiting);
        while let Some((name, turn)) = waiting.pop() {
            self.supervisor.keep(&name, turn)?;
        }
        self.begun.store(true, Ordering::Release);
        Ok(())
    }
}

/// A job and how it does.
struct Job {
    tenant: Arc<str>,
    name: String,
    /// Failures since its last good turn.
    failures: AtomicU32,
}

impl Supervisor {
    /// Of this tenant, of which this is asked, with threads that all tenants share.
    pub fn new(tenant: Arc<str>, activity: Activity, rota: Rota) -> Self {
        let (stopping, calls, called) = (AtomicBool::new(false), Mutex::default(), Condvar::new());
        Self(Arc::new(Shared {
            tenant,
            activity,
            rota,
            stopping,
            calls,
            called,
            jobs: Mutex::default(),
            threads: Mutex::default(),
        }))
    }

    /// Takes turns of `turn` in a thread of this name until the gateway stops: for what may wait within a turn.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn keep(&self, name: &str, turn: impl FnMut() -> Result<Next> + Send + 'static) -> Result<()> {
        let (mut job, shared) = (self.running(name, turn), self.0.clone());
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            while let Some(pause) = job.take_turn() {
                shared.rest(job.calls, pause, job.may_be_called());
            }
        });
        lock(&self.0.threads).push(thread.map_err(Error::internal)?);
        Ok(())
    }

    /// Takes turns of `turn` in the threads of all tenants until the gateway stops: for what looks for work and does some
    /// of it.
    pub fn keep_turns(&self, name: &str, turn: impl FnMut() -> Result<Next> + Send + 'static) {
        self.0.rota.add(self.running(name, turn));
    }

    fn running(&self, name: &str, turn: impl FnMut() -> Result<Next> + Send + 'static) -> RunningJob {
        let job = Arc::new(Job { tenant: self.0.tenant.clone(), name: name.to_owned(), failures: AtomicU32::new(0) });
        metrics::job_failures_in_a_row(&self.0.tenant, name, 0);
        lock(&self.0.jobs).push(job.clone());
        RunningJob { shared: self.0.clone(), job, turn: Box::new(turn), calls: 0 }
    }

    /// There is work: whoever rests takes its next turn.
    pub fn call(&self) {
        self.0.call();
    }

    /// Jobs that keep failing.
    pub fn failing(&self) -> Vec<String> {
        let keeps_failing = |job: &&Arc<Job>| job.failures.load(Ordering::Relaxed) >= KEEPS_FAILING;
        lock(&self.0.jobs).iter().filter(keeps_failing).map(|job| job.name.clone()).collect()
    }

    /// Has every job end with its turn, and waits for them so long at most; `false`: one is still at work.
    pub fn stop(&self, patience: Duration) -> bool {
        self.0.stopping.store(true, Ordering::Relaxed);
        self.call();
        let (threads, deadline) = (std::mem::take(&mut *lock(&self.0.threads)), Instant::now() + patience);
        while threads.iter().any(|thread| !thread.is_finished()) {
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.0.rota.remove(&self.0.tenant, deadline.saturating_duration_since(Instant::now()))
    }
}

/// A job between two turns.
pub(super) struct RunningJob {
    shared: Arc<Shared>,
    job: Arc<Job>,
    turn: Turn,
    /// Calls before its last turn.
    calls: u64,
}

impl RunningJob {
    pub(super) fn tenant(&self) -> &Arc<str> {
        &self.job.tenant
    }
    /// One that failed keeps to its pause.
    pub(super) fn may_be_called(&self) -> bool {
        self.job.failures.load(Ordering::Relaxed) == 0
    }

    /// Is there a call that its last turn may have missed?
    pub(super) fn is_called(&self) -> bool {
        self.may_be_called() && *lock(&self.shared.calls) != self.calls
    }

    /// How long until the next turn; `None`: there is none.
    pub(super) fn take_turn(&mut self) -> Option<Duration> {
        let (shared, job) = (&self.shared, &self.job);
        if shared.stopping() {
            return None;
        }
        self.calls = *lock(&shared.calls);
        let taken = contained(&mut *self.turn);
        let pause = match taken {
            Some(Ok(next)) => {
                job.went_well();
                match next {
                    Next::Now => Duration::ZERO,
                    Next::After(pause) => shared.activity.rest(pause),
                    Next::Nothing => return None,
                }
            }
            // What is left undone by a gateway on its way out is no failure.
            _ if shared.stopping() => return None,
            Some(Err(error)) => {
                tracing::warn!(job = job.name, %error, "a job failed; it is tried again");
                job.failed("error", LONGEST_AFTER_ERROR)
            }
            None => {
                tracing::error!(job = job.name, "a job panicked; it is begun again");
                job.failed("panic", LONGEST_AFTER_PANIC)
            }
        };
        (!shared.stopping()).then_some(pause)
    }
}

impl Shared {
    /// Rests, unless there was a call since the turn began; a job that failed keeps to its pause.
    fn rest(&self, calls: u64, pause: Duration, may_be_called: bool) {
        let resting = |now: &mut u64| !self.stopping() && (!may_be_called || *now == calls);
        let _ = self.called.wait_timeout_while(lock(&self.calls), pause, resting);
    }

    fn call(&self) {
        *lock(&self.calls) += 1;
        self.called.notify_all();
        self.rota.call(&self.tenant);
    }

    fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

impl Job {
    fn went_well(&self) {
        if self.failures.swap(0, Ordering::Relaxed) > 0 {
            metrics::job_failures_in_a_row(&self.tenant, &self.name, 0);
            tracing::info!(job = self.name, "a job is well again");
        }
    }

    /// Counts a failure: how long to pause.
    fn failed(&self, how: &str, longest: Duration) -> Duration {
        let before = self.failures.fetch_add(1, Ordering::Relaxed);
        metrics::job_failed(&self.tenant, &self.name, how);
        metrics::job_failures_in_a_row(&self.tenant, &self.name, before.saturating_add(1).into());
        PAUSE.saturating_mul(1 << before.min(16)).min(longest)
    }
}

/// A lock whose holder panicked still guards sound data: each change to it is one call.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, channel};

    /// A supervisor with one job that panics `bad` times, then tells of each turn.
    fn one_job(bad: u32, in_turns: bool) -> (Supervisor, Receiver<u32>) {
        let rota = Rota::start(2).unwrap();
        let (supervisor, (sender, receiver)) =
            (Supervisor::new("default".into(), Activity::default(), rota), channel());
        let mut turns = 0;
        let turn = move || {
            turns += 1;
            assert!(turns > bad, "on purpose");
            sender.send(turns).map_err(Error::internal)?;
            Ok(Next::After(Duration::from_secs(3600)))
        };
        if in_turns {
            supervisor.keep_turns("test", turn)
        } else {
            supervisor.keep("test", turn).unwrap()
        }
        (supervisor, receiver)
    }

    #[test]
    fn a_job_that_panics_is_begun_again_and_shows_while_it_fails() {
        for in_turns in [false, true] {
            panics_and_is_begun_again(in_turns);
        }
    }

    fn panics_and_is_begun_again(in_turns: bool) {
        let (supervisor, turns) = one_job(KEEPS_FAILING, in_turns);
        let deadline = Instant::now() + Duration::from_secs(60);
        while supervisor.failing().is_empty() {
            assert!(Instant::now() < deadline, "it never showed");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(supervisor.failing(), ["test"]);
        assert_eq!(turns.recv_timeout(Duration::from_secs(60)), Ok(KEEPS_FAILING + 1));
        assert!(supervisor.stop(Duration::from_secs(10)));
        assert!(supervisor.failing().is_empty());
    }

    #[test]
    fn a_call_ends_a_rest_and_a_stop_ends_the_job() {
        for in_turns in [false, true] {
            let (supervisor, turns) = one_job(0, in_turns);
            assert_eq!(turns.recv_timeout(Duration::from_secs(10)), Ok(1));
            supervisor.call();
            assert_eq!(turns.recv_timeout(Duration::from_secs(10)), Ok(2));
            assert!(supervisor.stop(Duration::from_secs(10)));
            assert!(turns.recv().is_err());
        }
    }

    #[test]
    fn pauses_grow_up_to_a_bound() {
        let job = Job { tenant: "default".into(), name: "test".into(), failures: AtomicU32::new(0) };
        let pauses: Vec<u64> = (0..7).map(|_| job.failed("panic", LONGEST_AFTER_PANIC).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 32]);
    }
}
