//! The threads that take submissions, the one that keeps house and the one that judges whole schools. A submission is
//! held by an advisory lock of its worker's session: when the worker dies, the lock dies with it, and another goes on.

use crate::checks;
use crate::error::{Error, Result};
use crate::jobs::housekeeping;
use crate::jobs::watchers::Watchers;
use crate::metrics;
use crate::store::PooledConnection;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::{Work, lease, parked, run};
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use uuid::Uuid;

/// Without a call, the queue is looked at this often: another gateway may have filled it.
const LOOK: Duration = Duration::from_millis(500);
/// Bodies up to this many bytes have a worker of their own, so that they need not wait behind large ones.
const SMALL: i64 = 8 << 20;
/// Times that a submission is begun before it is given up.
const ATTEMPTS: i64 = 8;

/// The queue of this gateway.
pub struct Queue {
    work: Arc<Work>,
    calls: Mutex<u64>,
    called: Condvar,
    waiting: Mutex<HashMap<Uuid, Vec<oneshot::Sender<()>>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Queue {
    /// Starts the workers.
    pub fn start(work: Arc<Work>) -> Arc<Self> {
        let queue = Arc::new(Self {
            work,
            calls: Mutex::new(0),
            called: Condvar::new(),
            waiting: Mutex::default(),
            threads: Mutex::default(),
        });
        let workers = queue.work.config.job_workers;
        for number in 0..workers {
            let own = queue.clone();
            let only_small = workers > 1 && number == 0;
            queue.spawn(&format!("submissions-{number}"), move || own.take_submissions(only_small));
        }
        let own = queue.clone();
        queue.spawn("housekeeping", move || own.keep_house());
        let own = queue.clone();
        queue.spawn("findings", move || own.judge_schools());
        let work = queue.work.clone();
        queue.spawn("leases", move || work.leases.serve(&work));
        queue
    }

    /// Tells those who watch submissions, as long as the workers work.
    pub fn watch(&self, watchers: Arc<Watchers>) {
        let work = self.work.clone();
        self.spawn("watchers", move || watchers.serve(&work));
    }

    fn spawn(&self, name: &str, body: impl FnOnce() + Send + 'static) {
        match std::thread::Builder::new().name(name.to_owned()).spawn(body) {
            Ok(thread) => lock(&self.threads).push(thread),
            Err(error) => tracing::error!(%error, name, "a thread could not be started"),
        }
    }

    /// There is work.
    pub fn call(&self) {
        *lock(&self.calls) += 1;
        self.called.notify_all();
    }

    /// Resolves when the submission has its report.
    pub fn when_done(&self, id: Uuid) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        lock(&self.waiting).entry(id).or_default().push(sender);
        receiver
    }

    /// Tells the workers to end at their next step, and waits for them so long at most. `false`: one is held up in a
    /// statement; the database rolls it back when the process is gone, and the step is done again after the next start.
    pub fn stop(&self, patience: Duration) -> bool {
        self.work.stop();
        self.call();
        let (threads, deadline) = (std::mem::take(&mut *lock(&self.threads)), Instant::now() + patience);
        while threads.iter().any(|thread| !thread.is_finished()) {
            if Instant::now() >= deadline {
                tracing::warn!("a submission is still at work; it goes on after the next start");
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        true
    }

    fn rest(&self, for_long: Duration) {
        let calls = lock(&self.calls);
        let before = *calls;
        let _ = self.called.wait_timeout_while(calls, for_long, |calls| *calls == before && !self.work.stopping());
    }

    fn take_submissions(&self, only_small: bool) {
        while !self.work.stopping() {
            let worked = self
                .work
                .pool
                .get()
                .map_err(Error::from)
                .and_then(|mut connection| self.take_one(&mut connection, only_small));
            match worked {
                Ok(true) => {}
                Ok(false) => self.rest(LOOK),
                Err(error) => {
                    tracing::warn!(%error, "the queue could not be worked");
                    self.rest(Duration::from_secs(1));
                }
            }
        }
    }

    fn take_one(&self, connection: &mut PooledConnection, only_small: bool) -> Result<bool> {
        let Some(id) = claim(connection, only_small)? else { return Ok(false) };
        let result = run::run(&self.work, connection, id);
        if result.is_ok()
            && let Err(error) = parked::replay(&self.work, connection)
        {
            // The submission itself is done; what has become ready is tried again by the housekeeping.
            tracing::warn!(%error, "parked records could not be tried");
        }
        let finished = result.is_ok() || self.give_up(connection, id, &result)?;
        release(connection, id)?;
        if finished {
            self.tell(id);
        }
        match result {
            Err(error) if !finished && !self.work.stopping() => Err(error),
            _ => Ok(true),
        }
    }

    /// After many attempts a submission is closed as failed, with what is done of it; `true`: it is.
    fn give_up(&self, connection: &mut PgConnection, id: Uuid, result: &Result<()>) -> Result<bool> {
        if self.work.stopping() {
            return Ok(false);
        }
        tracing::error!(%id, error = ?result.as_ref().err().map(|error| error.kind.code), "a submission could not be worked");
        let sql = "UPDATE submissions SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts::bigint";
        let attempts =
            Statement::with(sql, vec![Argument::Uuid(id)]).first_row(connection)?.and_then(|cells| cells.integer(0));
        if attempts.unwrap_or_default() < ATTEMPTS {
            return Ok(false);
        }
        if let Some(mut submission) = crate::submission::row::find(connection, id)? {
            let missing = submission.records - submission.tally.total.decided();
            submission.tally.total.received += missing;
            submission.tally.total.rejected += missing;
            crate::submission::row::close(connection, &mut submission, "failed")?;
        }
        Ok(true)
    }

    fn tell(&self, id: Uuid) {
        for waiting in lock(&self.waiting).remove(&id).unwrap_or_default() {
            let _ = waiting.send(());
        }
    }

    /// Whole-school checks of the schools that are due.
    fn judge_schools(&self) {
        let mut counted = None::<Instant>;
        while !self.work.stopping() {
            let result = self.work.pool.get().map_err(Error::from).and_then(|mut connection| {
                if counted.is_none_or(|at| at.elapsed() > Duration::from_secs(30)) {
                    checks::count(&mut connection)?;
                    counted = Some(Instant::now());
                }
                checks::turn(&self.work.reference, &mut connection)
            });
            match result {
                Ok(true) => {}
                Ok(false) => self.rest(Duration::from_secs(1)),
                Err(error) => {
                    tracing::warn!(%error, "schools could not be judged");
                    self.rest(Duration::from_secs(5));
                }
            }
        }
    }

    /// Bodies whose upload died, parked records, expiry, retention.
    fn keep_house(&self) {
        let (mut swept, mut cleaned) = (Instant::now(), None::<Instant>);
        while !self.work.stopping() {
            let result = self.work.pool.get().map_err(Error::from).and_then(|mut connection| {
                lease::end_abandoned(&mut connection)?;
                if swept.elapsed() > Duration::from_secs(60) {
                    swept = Instant::now();
                    parked::expire(&mut connection)?;
                    parked::sweep(&mut connection)?;
                }
                if cleaned.is_none_or(|at| at.elapsed() > Duration::from_secs(600)) {
                    housekeeping::clean(&self.work, &mut connection)?;
                    cleaned = Some(Instant::now());
                }
                metrics::queue_depth(depth(&mut connection)?);
                parked::replay(&self.work, &mut connection)
            });
            if let Err(error) = result {
                tracing::warn!(%error, "housekeeping failed");
            }
            self.rest(Duration::from_secs(2));
        }
    }
}

/// A lock whose holder died still guards sound data: each change to it is one call.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The oldest submission that nobody works on.
fn claim(connection: &mut PgConnection, only_small: bool) -> QueryResult<Option<Uuid>> {
    let sql = "SELECT id FROM submissions WHERE status IN ('queued', 'processing') AND (bytes <= $1 OR $2) ORDER BY received_at LIMIT 32";
    let mut open = Vec::new();
    Statement::with(sql, vec![Argument::Integer(SMALL), Argument::Boolean(!only_small)]).each(connection, |cells| {
        open.extend(cells.uuid(0));
        Ok(())
    })?;
    for id in open {
        let sql = "SELECT pg_try_advisory_lock(hashtextextended($1, 11))";
        let taken = Statement::with(sql, vec![Argument::Text(id.to_string().into())]).first_row(connection)?;
        if taken.and_then(|cells| cells.boolean(0)) != Some(true) {
            continue;
        }
        let sql = "SELECT status IN ('queued', 'processing') FROM submissions WHERE id = $1";
        let open = Statement::with(sql, vec![Argument::Uuid(id)]).first_row(connection)?;
        if open.and_then(|cells| cells.boolean(0)) == Some(true) {
            return Ok(Some(id));
        }
        release(connection, id)?;
    }
    Ok(None)
}

fn release(connection: &mut PgConnection, id: Uuid) -> QueryResult<()> {
    let sql = "SELECT pg_advisory_unlock(hashtextextended($1, 11))";
    Statement::with(sql, vec![Argument::Text(id.to_string().into())]).first_row(connection).map(|_| ())
}

/// Submissions that wait or are worked on.
pub fn depth(connection: &mut PgConnection) -> QueryResult<i64> {
    let sql = "SELECT count(*) FROM submissions WHERE status IN ('queued', 'processing')";
    Ok(Statement::new(sql).first_row(connection)?.and_then(|cells| cells.integer(0)).unwrap_or_default())
}
