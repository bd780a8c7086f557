//! The readers of the change log: each reads every block once, in order, and its work is in the transaction that moves
//! its position, so that a gateway which dies in between leaves neither a gap nor a second time. Of several gateways one
//! at a time drives a consumer.

use crate::change::log::{self, Block};
use crate::checks::queue as recheck;
use crate::error::Result;
use crate::metrics;
use crate::submission::{Work, parked, release};
use diesel::prelude::*;
use std::time::{Duration, Instant};

/// Blocks that are read in one transaction.
const BATCH: i64 = 500;
/// A consumer that failed rests so long, then twice as long each time …
const REST: Duration = Duration::from_millis(250);
/// … and so long at most.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// A reader of the change log.
pub struct Consumer {
    /// By which name its position is kept.
    pub name: &'static str,
    /// Works off blocks, in the transaction that moves the position.
    pub take: fn(&mut PgConnection, &[Block]) -> QueryResult<()>,
    /// What follows when that stands.
    pub then: fn(&Work, &mut PgConnection) -> Result<()>,
}

/// All consumers.
static CONSUMERS: [Consumer; 2] = [
    Consumer { name: recheck::CONSUMER, take: recheck::take, then: |_, _| Ok(()) },
    Consumer { name: release::CONSUMER, take: release::take, then: parked::replay },
];

/// Works off the next blocks that a consumer has not read; how many. 0 also if another gateway drives it.
///
/// # Errors
/// Those of the database and of the consumer: its position is as before.
pub fn step(connection: &mut PgConnection, consumer: &Consumer) -> QueryResult<usize> {
    connection.transaction(|connection| {
        let Some(position) = log::hold(connection, consumer.name)? else { return Ok(0) };
        let blocks = log::after(connection, position, BATCH)?;
        let Some(last) = blocks.last() else { return Ok(0) };
        (consumer.take)(connection, &blocks)?;
        log::move_to(connection, consumer.name, last.position)?;
        Ok(blocks.len())
    })
}

/// How a consumer fares on this gateway.
#[derive(Default, Clone, Copy)]
struct State {
    failures: u32,
    rests_until: Option<Instant>,
}

impl State {
    fn rests(&self) -> bool {
        self.rests_until.is_some_and(|until| until > Instant::now())
    }
    fn failed(&mut self) {
        let rest = REST.saturating_mul(1 << self.failures.min(10)).min(LONGEST_REST);
        *self = Self { failures: self.failures + 1, rests_until: Some(Instant::now() + rest) };
    }
}

/// Drives all consumers on this gateway.
#[derive(Default)]
pub struct Runner {
    states: [State; CONSUMERS.len()],
}

impl Runner {
    /// One step of each that has something to read. `true`: there may be more.
    ///
    /// # Errors
    /// When it cannot be seen what there is to read. A consumer that fails does not hold up the others.
    pub fn turn(&mut self, work: &Work, connection: &mut PgConnection) -> Result<bool> {
        let names: Vec<&str> = CONSUMERS.iter().map(|consumer| consumer.name).collect();
        let mut more = false;
        for ((lag, consumer), state) in log::lags(connection, &names)?.into_iter().zip(&CONSUMERS).zip(&mut self.states)
        {
            metrics::consumer_lag(work.tenant(), consumer.name, lag.seconds);
            if !lag.is_readable || state.rests() {
                continue;
            }
            match step(connection, consumer) {
                Ok(0) => *state = State::default(),
                Ok(_) => {
                    *state = State::default();
                    more = true;
                    (consumer.then)(work, connection)?;
                }
                Err(error) => {
                    tracing::warn!(%error, consumer = consumer.name, "a consumer of the change log failed; it is tried again");
                    state.failed();
                }
            }
        }
        Ok(more)
    }
}
