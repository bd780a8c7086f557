//! Places for what goes on for as long as a client likes: so many in all, and fewer for each client, so that one that
//! opens many leaves room for the others.

use crate::error::{Error, RATE_LIMITED, Result, UNAVAILABLE};
use crate::metrics;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

/// Clients after which those that hold nothing are forgotten.
const MANY: usize = 256;

/// The places for one kind of use.
pub struct Permits {
    /// A fixed word for the metrics.
    what: &'static str,
    all: Arc<Semaphore>,
    each: usize,
    clients: Mutex<HashMap<Uuid, Weak<Semaphore>>>,
    /// How long a request waits for a place.
    patience: Duration,
}

/// A place, held until it is dropped.
#[derive(Debug)]
pub struct Permit {
    _all: OwnedSemaphorePermit,
    _own: OwnedSemaphorePermit,
}

impl Permits {
    /// `all` places, `each` of them for one client at most.
    pub fn new(what: &'static str, all: usize, each: usize, patience: Duration) -> Self {
        Self { what, all: Arc::new(Semaphore::new(all)), each, clients: Mutex::default(), patience }
    }

    /// Waits for a place of the client's, then for one of all. Who waits for the first keeps no other client waiting.
    ///
    /// # Errors
    /// A 429 while the client holds as many as it may, a 503 while all are taken.
    pub async fn enter(&self, client: Uuid) -> Result<Permit> {
        let until = Instant::now() + self.patience;
        let own = timeout_at(until, self.of(client).acquire_owned()).await.map_err(|_| self.of_client())?;
        let all = timeout_at(until, self.all.clone().acquire_owned()).await.map_err(|_| self.of_all())?;
        Ok(Permit { _own: own.map_err(Error::internal)?, _all: all.map_err(Error::internal)? })
    }

    fn of(&self, client: Uuid) -> Arc<Semaphore> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = clients.get(&client).and_then(Weak::upgrade) {
            return own;
        }
        if clients.len() >= MANY {
            clients.retain(|_, own| own.strong_count() > 0);
        }
        let own = Arc::new(Semaphore::new(self.each));
        clients.insert(client, Arc::downgrade(&own));
        own
    }

    fn of_client(&self) -> Error {
        metrics::refused(self.what);
        let detail = format!(
            "This client has {} long requests of this kind under way, as many as it may; end one of them, or wait.",
            self.each
        );
        Error::new(RATE_LIMITED, detail).retry_after(5)
    }

    fn of_all(&self) -> Error {
        metrics::refused(self.what);
        let detail =
            "As many long requests of this kind are under way as the gateway takes; send this one again later.";
        Error::new(UNAVAILABLE, detail).retry_after(5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_client_leaves_room_for_others() {
        let permits = Permits::new("test", 3, 2, Duration::ZERO);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let held = [permits.enter(one).await.unwrap(), permits.enter(one).await.unwrap()];
        assert_eq!(permits.enter(one).await.unwrap_err().kind, RATE_LIMITED);
        let last = permits.enter(other).await.unwrap();
        assert_eq!(permits.enter(other).await.unwrap_err().kind, UNAVAILABLE);
        drop(held);
        assert!(permits.enter(other).await.is_ok() && permits.enter(one).await.is_ok());
        drop(last);
    }

    #[tokio::test]
    async fn who_waits_gets_the_place_that_is_left() {
        let permits = Permits::new("test", 1, 1, Duration::from_secs(60));
        let client = Uuid::from_u128(1);
        let held = permits.enter(client).await.unwrap();
        let (waited, ()) = tokio::join!(permits.enter(client), async {
            tokio::task::yield_now().await;
            drop(held);
        });
        assert!(waited.is_ok());
    }
}
