//! Which submission is worked on next: clients come in turns, and one client never has all workers. A submission is held
//! by an advisory lock of its worker's session: when the worker dies, the lock dies with it, and another goes on.

use crate::access::occupancy::Occupancy;
use crate::error::Result;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::attempts;
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Bodies up to this many bytes have a worker of their own, so that they need not wait behind large ones.
const SMALL: i64 = 8 << 20;

/// Of each client the oldest that are open, the oldest of all clients first: there are never more workers on one database
/// than would find work among these.
const OPEN: &str = "SELECT id, client_id, bytes <= $1 FROM (\
        SELECT id, client_id, bytes, received_at, row_number() OVER (PARTITION BY client_id ORDER BY received_at) AS place \
        FROM submissions WHERE status IN ('queued', 'processing') AND (bytes <= $2 OR $3)) open \
    WHERE place <= 16 ORDER BY place, received_at LIMIT 256";

/// Who is served and who was.
pub(super) struct ClientTurns {
    /// Submissions of one client and size that this gateway works on at the same time.
    of_one_client: usize,
    state: Mutex<Served>,
}

#[derive(Default)]
struct Served {
    running: Occupancy<(Uuid, bool)>,
    /// When each client had its last turn.
    last: HashMap<Uuid, u64>,
    turn: u64,
}

/// An open submission.
struct Open {
    id: Uuid,
    client: Uuid,
    small: bool,
}

/// A submission that this worker holds; to be released by the same session.
pub(super) struct Claimed<'t> {
    pub(super) id: Uuid,
    /// The number of this attempt, which is counted.
    pub(super) attempt: i64,
    turns: &'t ClientTurns,
    size: (Uuid, bool),
}

impl ClientTurns {
    /// For so many workers.
    pub(super) fn new(workers: usize) -> Self {
        Self { of_one_client: workers.saturating_sub(1).max(1), state: Mutex::default() }
    }

    /// The next submission that nobody works on.
    pub(super) fn claim(&self, connection: &mut PgConnection, only_small: bool) -> Result<Option<Claimed<'_>>> {
        for Open { id, client, small } in self.in_turn(open(connection, only_small)?) {
            if !self.begin(client, small) {
                continue;
            }
            let mut claimed = Claimed { id, attempt: 0, turns: self, size: (client, small) };
            if let Some(attempt) = begin(connection, id)? {
                self.state().had_a_turn(client);
                claimed.attempt = attempt;
                return Ok(Some(claimed));
            }
        }
        Ok(None)
    }

    /// First the oldest of each client, beginning with who was served longest ago.
    fn in_turn(&self, open: Vec<Open>) -> Vec<Open> {
        let state = self.state();
        let (mut places, mut keyed) = (HashMap::new(), Vec::new());
        for one in open {
            let place = places.entry(one.client).and_modify(|place| *place += 1).or_insert(0);
            keyed.push(((*place, state.last.get(&one.client).copied().unwrap_or_default()), one));
        }
        keyed.sort_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(_, one)| one).collect()
    }

    /// `false`: it has as many at work as it may.
    fn begin(&self, client: Uuid, small: bool) -> bool {
        let mut state = self.state();
        let may = state.running.of(&(client, small)) < self.of_one_client;
        if may {
            state.running.enter((client, small));
        }
        may
    }

    /// Numbers are sound whoever died holding them.
    fn state(&self) -> MutexGuard<'_, Served> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Served {
    fn had_a_turn(&mut self, client: Uuid) {
        self.turn += 1;
        self.last.insert(client, self.turn);
    }
}

impl Claimed<'_> {
    /// Lets go of it.
    pub(super) fn release(self, connection: &mut PgConnection) -> QueryResult<()> {
        unlock(connection, self.id)
    }
}

impl Drop for Claimed<'_> {
    fn drop(&mut self) {
        self.turns.state().running.leave(&self.size);
    }
}

fn open(connection: &mut PgConnection, only_small: bool) -> QueryResult<Vec<Open>> {
    let arguments = vec![Argument::Integer(SMALL), Argument::Integer(SMALL), Argument::Boolean(!only_small)];
    let mut found = Vec::new();
    Statement::with(OPEN, arguments).each(connection, |cells| {
        if let (Some(id), Some(client), Some(small)) = (cells.uuid(0), cells.uuid(1), cells.boolean(2)) {
            found.push(Open { id, client, small });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Takes hold of the submission and counts the attempt, unless somebody else has it or it is done.
fn begin(connection: &mut PgConnection, id: Uuid) -> QueryResult<Option<i64>> {
    let sql = "SELECT pg_try_advisory_lock(hashtextextended($1, 11))";
    let taken = Statement::with(sql, vec![Argument::Text(id.to_string().into())]).first_row(connection)?;
    if taken.and_then(|cells| cells.boolean(0)) != Some(true) {
        return Ok(None);
    }
    let attempt = attempts::begin(connection, id)?;
    if attempt.is_none() {
        unlock(connection, id)?;
    }
    Ok(attempt)
}

fn unlock(connection: &mut PgConnection, id: Uuid) -> QueryResult<()> {
    let sql = "SELECT pg_advisory_unlock(hashtextextended($1, 11))";
    Statement::with(sql, vec![Argument::Text(id.to_string().into())]).first_row(connection).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_come_in_turns() {
        let turns = ClientTurns::new(2);
        let (greedy, modest) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let open = |id: u128, client| Open { id: Uuid::from_u128(id), client, small: true };
        let list = || vec![open(10, greedy), open(11, greedy), open(12, greedy), open(20, modest)];
        let order = || turns.in_turn(list()).iter().map(|one| one.id.as_u128()).collect::<Vec<_>>();
        assert_eq!(order(), [10, 20, 11, 12]);
        turns.state().had_a_turn(greedy);
        assert_eq!(order(), [20, 10, 11, 12], "who was served waits for the other");
    }

    #[test]
    fn one_client_never_has_all_workers() {
        let (turns, client) = (ClientTurns::new(3), Uuid::from_u128(1));
        assert!(turns.begin(client, true) && turns.begin(client, true) && !turns.begin(client, true));
        assert!(turns.begin(client, false), "a large one does not wait for small ones");
        drop(Claimed { id: Uuid::nil(), attempt: 1, turns: &turns, size: (client, true) });
        assert!(turns.begin(client, true));
    }
}
