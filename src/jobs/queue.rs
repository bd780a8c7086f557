//! The threads that take submissions. Each attempt is counted before it runs, so that a submission at which gateways die is
//! given up by whichever takes it next.

use crate::error::{Error, Result, UNAVAILABLE};
use crate::jobs::claim::{Claimed, ClientTurns};
use crate::jobs::supervisor::{Next, Supervisor};
use crate::metrics;
use crate::panics::contained;
use crate::store::PooledConnection;
use crate::store::pg::statement::Statement;
use crate::store::turnstile::Turnstile;
use crate::submission::{Work, attempts, run};
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use uuid::Uuid;

/// Without a call, the queue is looked at this often: another gateway may have filled it.
const LOOK: Duration = Duration::from_millis(500);
/// A submission that could not be worked is tried again no sooner.
const PAUSE: Duration = Duration::from_secs(1);

/// The queue of this gateway.
pub struct Queue {
    work: Arc<Work>,
    supervisor: Supervisor,
    /// Places to work at, which all tenants share.
    workers: Arc<Turnstile>,
    turns: ClientTurns,
    waiting: Mutex<HashMap<Uuid, Vec<oneshot::Sender<()>>>>,
    /// Submissions with an attempt that does not count, but that could not be written down: the database was away.
    owed: Mutex<Vec<Uuid>>,
}

impl Queue {
    /// Starts the workers.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn start(work: Arc<Work>, supervisor: &Supervisor, workers: Arc<Turnstile>) -> Result<Arc<Self>> {
        let (waiting, owed) = (Mutex::default(), Mutex::default());
        let turns = ClientTurns::new(work.config.job_workers);
        let queue = Arc::new(Self { work, supervisor: supervisor.clone(), workers, turns, waiting, owed });
        let count = queue.work.config.job_workers;
        for number in 0..count {
            let (own, only_small) = (queue.clone(), count > 1 && number == 0);
            supervisor.keep(&format!("submissions-{number}"), move || own.take_one(only_small))?;
        }
        Ok(queue)
    }

    /// There is work.
    pub fn call(&self) {
        self.supervisor.call();
    }

    /// Resolves when the submission has its report.
    pub fn when_done(&self, id: Uuid) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        lock(&self.waiting).entry(id).or_default().push(sender);
        receiver
    }

    fn tell(&self, id: Uuid) {
        for waiting in lock(&self.waiting).remove(&id).unwrap_or_default() {
            let _ = waiting.send(());
        }
    }

    fn take_one(&self, only_small: bool) -> Result<Next> {
        if !self.has_work()? {
            return Ok(Next::After(LOOK));
        }
        let Some(_place) = self.workers.enter(self.work.pools.schema(), LOOK) else { return Ok(Next::Now) };
        let mut connection = self.work.pools.work.get()?;
        let Some(claimed) = self.turns.claim(&mut connection, only_small)? else { return Ok(Next::After(LOOK)) };
        let (id, attempt) = (claimed.id, claimed.attempt);
        let _span = tracing::info_span!("submission", %id).entered();
        if attempt > i64::from(self.work.config.submission_attempts) {
            tracing::error!("a submission is given up after {} attempts", attempt - 1);
            attempts::give_up(&mut connection, id, attempt - 1)?;
            claimed.release(&mut connection)?;
            self.tell(id);
            return Ok(Next::Now);
        }
        match contained(|| run::run(&self.work, &mut connection, id)) {
            Some(Ok(())) => self.done(&mut connection, claimed),
            Some(Err(error)) => self.failed(&mut connection, claimed, error),
            None => {
                metrics::job_failed(self.work.tenant(), "submission", "panic");
                // A transaction that was open makes the pool drop the connection; the lock must not outlive it either way.
                let _ = claimed.release(&mut connection);
                Ok(Next::Now)
            }
        }
    }

    fn done(&self, connection: &mut PooledConnection, claimed: Claimed) -> Result<Next> {
        let id = claimed.id;
        let released = claimed.release(connection);
        self.tell(id);
        released?;
        Ok(Next::Now)
    }

    /// Who waits for a place to work at must hold no connection meanwhile: those at work need them.
    fn has_work(&self) -> Result<bool> {
        let mut connection = self.work.pools.work.get()?;
        self.pay(&mut connection)?;
        Ok(depth(&mut connection)? > 0)
    }

    /// An attempt that ended for want of the database, or because the gateway stops, does not count.
    fn failed(&self, connection: &mut PooledConnection, claimed: Claimed, error: Error) -> Result<Next> {
        let (stopping, away) = (self.work.stopping(), error.kind == UNAVAILABLE);
        if (stopping || away) && attempts::give_back(connection, claimed.id).is_err() {
            lock(&self.owed).push(claimed.id);
        }
        let _ = claimed.release(connection);
        match (stopping, away) {
            (true, _) => Ok(Next::Now),
            (false, true) => Err(error),
            (false, false) => {
                metrics::job_failed(self.work.tenant(), "submission", "error");
                tracing::error!(error = error.kind.code, "a submission could not be worked");
                Ok(Next::After(PAUSE))
            }
        }
    }

    /// Gives back the attempts that do not count, once the database is there again.
    fn pay(&self, connection: &mut PgConnection) -> Result<()> {
        while let Some(id) = lock(&self.owed).pop() {
            if let Err(error) = attempts::give_back(connection, id) {
                lock(&self.owed).push(id);
                return Err(error.into());
            }
        }
        Ok(())
    }
}

/// A lock whose holder panicked still guards sound data: each change to it is one call.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Submissions that wait or are worked on.
pub fn depth(connection: &mut PgConnection) -> QueryResult<i64> {
    let sql = "SELECT count(*) FROM submissions WHERE status IN ('queued', 'processing')";
    Ok(Statement::new(sql).first_row(connection)?.and_then(|cells| cells.integer(0)).unwrap_or_default())
}
