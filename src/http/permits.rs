//! Places for what goes on for as long as a client likes: so many in all, and fewer for each client, the fewer the more
//! are taken, so that some who open many leave room for the others.

use crate::access::occupancy::Occupancy;
use crate::error::{Error, RATE_LIMITED, Result, UNAVAILABLE};
use crate::metrics;
use crate::model::messages::message;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

/// The places for one kind of use. Clones are the same ones.
#[derive(Debug, Clone)]
pub struct StreamPermits {
    /// A fixed word for the metrics.
    what: &'static str,
    all: usize,
    /// Of one client at most.
    each: usize,
    taken: Arc<Mutex<Occupancy<Uuid>>>,
    /// Told when a place is given back.
    returned: Arc<Notify>,
    /// How long a request waits for a place.
    patience: Duration,
}

/// A place, held until it is dropped.
#[derive(Debug)]
pub struct StreamPermit {
    permits: StreamPermits,
    client: Uuid,
}

impl StreamPermits {
    /// `all` places, `each` of them for one client at most.
    pub fn new(what: &'static str, all: usize, each: usize, patience: Duration) -> Self {
        Self { what, all, each, taken: Arc::default(), returned: Arc::default(), patience }
    }

    /// Waits for a place. A client may hold no more than are left free, which keeps places for those that hold few
    /// (dynamic thresholds: A. K. Choudhury, E. L. Hahne, IEEE/ACM Transactions on Networking 6(2), 1998).
    ///
    /// # Errors
    /// A 429 while the client holds as many as it may, a 503 while all are taken.
    pub async fn enter(&self, client: Uuid) -> Result<StreamPermit> {
        let until = Instant::now() + self.patience;
        loop {
            let mut returned = std::pin::pin!(self.returned.notified());
            // Before the look, so that nothing returned after it is missed.
            returned.as_mut().enable();
            let refusal = match self.try_enter(client) {
                Ok(permit) => return Ok(permit),
                Err(refusal) => refusal,
            };
            if timeout_at(until, returned).await.is_err() {
                metrics::refused(self.what);
                return Err(refusal);
            }
        }
    }

    fn try_enter(&self, client: Uuid) -> Result<StreamPermit> {
        let mut taken = self.lock();
        let (free, own) = (self.all.saturating_sub(taken.all()), taken.of(&client));
        if free == 0 && own == 0 {
            return Err(of_all());
        }
        if own >= self.each.min(free) {
            return Err(of_client(own));
        }
        taken.enter(client);
        Ok(StreamPermit { permits: self.clone(), client })
    }

    /// Each change is one call, whoever died holding it.
    fn lock(&self) -> MutexGuard<'_, Occupancy<Uuid>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        self.permits.lock().leave(&self.client);
        self.permits.returned.notify_waiters();
    }
}

fn of_client(own: usize) -> Error {
    let detail = message("long-requests-of-client").with("own", own);
    Error::new(RATE_LIMITED, detail).retry_after(5)
}

fn of_all() -> Error {
    let detail = message("long-requests-of-all");
    Error::new(UNAVAILABLE, detail).retry_after(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn hold(permits: &StreamPermits, client: u128) -> Vec<StreamPermit> {
        let mut held = Vec::new();
        while let Ok(permit) = permits.enter(Uuid::from_u128(client)).await {
            held.push(permit);
        }
        held
    }

    #[tokio::test]
    async fn one_client_leaves_room_for_others() {
        let permits = StreamPermits::new("test", 3, 2, Duration::ZERO);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let held = [permits.enter(one).await.unwrap(), permits.enter(one).await.unwrap()];
        assert_eq!(permits.enter(one).await.unwrap_err().kind, RATE_LIMITED);
        let last = permits.enter(other).await.unwrap();
        assert_eq!(permits.enter(Uuid::from_u128(3)).await.unwrap_err().kind, UNAVAILABLE);
        drop(held);
        assert!(permits.enter(other).await.is_ok() && permits.enter(one).await.is_ok());
        drop(last);
        assert!(permits.lock().is_empty(), "nothing is left behind");
    }

    #[tokio::test]
    async fn many_that_take_all_they_can_leave_a_place_for_who_has_none() {
        let permits = StreamPermits::new("test", 128, 32, Duration::ZERO);
        let mut held = Vec::new();
        for client in 1..=6 {
            held.push(hold(&permits, client).await);
        }
        let counts: Vec<usize> = held.iter().map(Vec::len).collect();
        assert_eq!(counts, [32, 32, 32, 16, 8, 4]);
        assert!(permits.enter(Uuid::from_u128(7)).await.is_ok());
    }

    #[tokio::test]
    async fn who_waits_gets_the_place_that_is_left() {
        let permits = StreamPermits::new("test", 1, 1, Duration::from_secs(60));
        let client = Uuid::from_u128(1);
        let held = permits.enter(client).await.unwrap();
        let (waited, ()) = tokio::join!(permits.enter(client), async {
            tokio::task::yield_now().await;
            drop(held);
        });
        assert!(waited.is_ok());
    }
}
