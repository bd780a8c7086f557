//! How much of one kind of work runs at the same time: in all, and of each client. Who must wait does so without a thread, and clients come in turns.

use crate::access::occupancy::Occupancy;
use crate::access::turns::Turns;
use crate::error::{Error, Result, UNAVAILABLE};
use crate::metrics;
use crate::model::messages::message;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use uuid::Uuid;

/// How many run and wait.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// At the same time.
    pub running: usize,
    /// At the same time of one client; fewer than all, so that something is left for others.
    pub of_one_client: usize,
    /// In line; one more is refused. One client may have half of the places.
    pub waiting: usize,
    /// How long somebody stands in line.
    pub patience: Duration,
}

/// A bulkhead. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Bulkhead {
    bounds: Bounds,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    running: Occupancy<Uuid>,
    line: Turns<oneshot::Sender<()>>,
}

impl State {
    fn may(&self, client: Uuid, bounds: Bounds) -> bool {
        self.running.all() < bounds.running && self.running.of(&client) < bounds.of_one_client
    }
    /// Lets in whom there is room for.
    fn admit(&mut self, bounds: Bounds) {
        while self.running.all() < bounds.running {
            let running = &self.running;
            let free = |client| running.of(&client) < bounds.of_one_client;
            let Some((client, turn)) = self.line.pop(free) else { return };
            metrics::waiting(-1);
            // An `Err`: he is gone.
            if turn.send(()).is_ok() {
                self.running.enter(client);
            }
        }
    }
}

impl Bulkhead {
    /// With these bounds, each at least one.
    pub fn new(bounds: Bounds) -> Self {
        let bounds = Bounds { running: bounds.running.max(1), of_one_client: bounds.of_one_client.max(1), ..bounds };
        Self { bounds, state: Arc::default() }
    }

    /// Leave to run, which ends with what is returned.
    ///
    /// # Errors
    /// A 503 when too many wait already, or the wait is too long.
    pub async fn enter(&self, client: Uuid) -> Result<Permit> {
        let Some(turn) = self.step_in_line(client)? else { return Ok(self.permit(client)) };
        let mut place = PlaceInLine { bulkhead: self, client, turn: Some(turn) };
        let wait = async { if let Some(turn) = &mut place.turn { turn.await.is_ok() } else { false } };
        match tokio::time::timeout(self.bounds.patience, wait).await {
            Ok(true) => {
                place.turn = None;
                Ok(self.permit(client))
            }
            _ => Err(busy("waited-too-long")),
        }
    }

    /// Leave to run if there is room at this moment.
    ///
    /// # Errors
    /// A 503 when there is none.
    pub fn try_enter(&self, client: Uuid) -> Result<Permit> {
        let mut state = self.lock();
        if !state.may(client, self.bounds) {
            return Err(busy("running"));
        }
        state.running.enter(client);
        drop(state);
        Ok(self.permit(client))
    }

    /// `None`: there is room, and it is taken.
    fn step_in_line(&self, client: Uuid) -> Result<Option<oneshot::Receiver<()>>> {
        let mut state = self.lock();
        if state.may(client, self.bounds) {
            state.running.enter(client);
            return Ok(None);
        }
        if state.line.len() >= self.bounds.waiting || state.line.waiting(client) >= self.bounds.waiting.div_ceil(2) {
            return Err(busy("waiting"));
        }
        let (turn, told) = oneshot::channel();
        state.line.push(client, turn);
        metrics::waiting(1);
        Ok(Some(told))
    }

    fn permit(&self, client: Uuid) -> Permit {
        Permit { bulkhead: self.clone(), client }
    }

    fn leave(&self, client: Uuid) {
        let mut state = self.lock();
        state.running.leave(&client);
        state.admit(self.bounds);
    }

    /// Each change is one call, whoever died holding it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn busy(reason: &str) -> Error {
    metrics::refused(reason);
    Error::new(UNAVAILABLE, message("database-queue-full-later")).retry_after(2)
}

/// Leave to run, until it is dropped.
#[derive(Debug)]
pub struct Permit {
    bulkhead: Bulkhead,
    client: Uuid,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.bulkhead.leave(self.client);
    }
}

/// A place in line; it is given up when it is dropped, also because the client went away.
struct PlaceInLine<'b> {
    bulkhead: &'b Bulkhead,
    client: Uuid,
    turn: Option<oneshot::Receiver<()>>,
}

impl Drop for PlaceInLine<'_> {
    fn drop(&mut self) {
        let Some(mut turn) = self.turn.take() else { return };
        turn.close();
        if turn.try_recv().is_ok() {
            // His turn came in the very moment in which he left.
            return self.bulkhead.leave(self.client);
        }
        drop(turn);
        let mut state = self.bulkhead.lock();
        let before = state.line.len();
        state.line.retain(self.client, |turn| !turn.is_closed());
        metrics::waiting(state.line.len() as i64 - before as i64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREEDY: Uuid = Uuid::from_u128(1);
    const MODEST: Uuid = Uuid::from_u128(2);

    fn bulkhead(running: usize, of_one_client: usize, waiting: usize, patience: u64) -> Bulkhead {
        Bulkhead::new(Bounds { running, of_one_client, waiting, patience: Duration::from_millis(patience) })
    }

    #[actix_web::test]
    async fn one_client_leaves_room_for_others() {
        let bulkhead = bulkhead(3, 2, 10, 10);
        let held = [bulkhead.enter(GREEDY).await.unwrap(), bulkhead.enter(GREEDY).await.unwrap()];
        let refusal = bulkhead.enter(GREEDY).await.unwrap_err();
        assert_eq!((refusal.kind, refusal.retry_after), (UNAVAILABLE, Some(2)));
        let modest = bulkhead.enter(MODEST).await.unwrap();
        assert!(bulkhead.try_enter(Uuid::from_u128(3)).is_err());
        drop((held, modest));
        let state = bulkhead.lock();
        assert!(state.running.is_empty() && state.line.is_empty(), "nothing is left behind");
    }

    #[actix_web::test]
    async fn clients_come_in_turns() {
        let bulkhead = bulkhead(1, 1, 100, 5_000);
        let running = bulkhead.enter(GREEDY).await.unwrap();
        let order = Arc::new(Mutex::new(Vec::new()));
        let queue = |client: Uuid| {
            let (bulkhead, order) = (bulkhead.clone(), order.clone());
            actix_web::rt::spawn(async move {
                let _permit = bulkhead.enter(client).await.unwrap();
                order.lock().unwrap().push(client);
            })
        };
        let mut tasks: Vec<_> = (0..20).map(|_| queue(GREEDY)).collect();
        tokio::task::yield_now().await;
        tasks.push(queue(MODEST));
        tokio::task::yield_now().await;
        drop(running);
        futures_util::future::join_all(tasks).await;
        let place = order.lock().unwrap().iter().position(|client| *client == MODEST).unwrap();
        assert!(place <= 1, "he waited for {place} others");
    }

    #[actix_web::test]
    async fn one_client_does_not_fill_the_line() {
        let bulkhead = bulkhead(1, 1, 4, 5_000);
        let _running = bulkhead.enter(GREEDY).await.unwrap();
        let wait = |client: Uuid| {
            let bulkhead = bulkhead.clone();
            actix_web::rt::spawn(async move { bulkhead.enter(client).await.map(drop) })
        };
        let waiting: Vec<_> = (0..2).map(|_| wait(GREEDY)).collect();
        tokio::task::yield_now().await;
        assert!(bulkhead.enter(GREEDY).await.is_err(), "half of the line is his");
        let modest = wait(MODEST);
        tokio::task::yield_now().await;
        assert_eq!(bulkhead.lock().line.len(), 3);
        waiting.iter().for_each(|task| task.abort());
        modest.abort();
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(bulkhead.lock().line.len(), 0, "who goes away leaves the line");
    }
}
