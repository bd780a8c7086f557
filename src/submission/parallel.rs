//! The first pass over a submission: its steps on two connections, one from the front and one from the back, so that two
//! batches are written at the same time. They meet at one school at most; the lock of the schools then makes one wait
//! for the other.

use crate::error::{Error, Result, UNAVAILABLE};
use crate::intake::gate::Gate;
use crate::intake::record::RecordOperation;
use crate::model::messages::message;
use crate::submission::issue_store::IssueBuffer;
use crate::submission::prepare;
use crate::submission::prepare::{PreparedStep, Step};
use crate::submission::retries::count_deferred;
use crate::submission::run::Run;
use diesel::prelude::*;
use std::collections::VecDeque;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use tracing::Span;

/// The steps of one part that nobody has taken yet.
struct Open(Mutex<VecDeque<Step>>);

/// From which end a lane takes its steps.
#[derive(Clone, Copy)]
enum End {
    Front,
    Back,
}

impl Open {
    fn take(&self, end: End) -> Option<Step> {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match end {
            End::Front => steps.pop_front(),
            End::Back => steps.pop_back(),
        }
    }
    /// A lane failed: what is open is left for the next attempt.
    fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Run<'_> {
    /// Every step that is not done yet, part after part. What may not stay runs in one transaction and so in one lane.
    pub(crate) fn steps(&mut self, connection: &mut PgConnection, mut side: Option<&mut PgConnection>) -> Result<()> {
        let steps = prepare::steps(&self.places, side.is_some());
        // Two codes of a client may mean one key, of which the last in the order sent stands; a provisional code that
        // several schools sent is the first one's.
        let in_order =
            side.is_some() || self.repeated.is_shared() || self.lists.crosswalks(self.submission.client).is_some();
        for part in steps.chunk_by(|a, b| a.part == b.part) {
            let open = Open(Mutex::new(part.iter().copied().collect()));
            // After an attempt that failed one lane goes from step to step: so it gets up to the one that fails, and no
            // other lane's progress hides that it gets no further.
            let alone = part.len() <= 1 || in_order || self.submission.runs > 1;
            let second = if alone { None } else { self.work.pools.work.try_get() };
            match second {
                Some(mut second) => self.two_lanes(connection, &mut second, &open)?,
                None => self.lane(connection, side.as_deref_mut(), &open, End::Front)?,
            }
        }
        Ok(())
    }

    fn two_lanes(&mut self, connection: &mut PgConnection, second: &mut PgConnection, open: &Open) -> Result<()> {
        let (mut twin, span) = (self.clone(), Span::current());
        let (front, back) = std::thread::scope(|threads| {
            let back = threads.spawn(|| span.in_scope(|| twin.lane(second, None, open, End::Back)));
            let front = self.lane(connection, None, open, End::Front);
            (front, back.join())
        });
        front?;
        back.map_err(|_| Error::internal("a lane ended early"))??;
        self.schools.join(twin.schools);
        self.deferred = count_deferred(connection, self.submission.id)?;
        // One connection does not know what the other wrote after a record was deferred.
        self.writes |= self.deferred > 0;
        Ok(())
    }

    /// Commits step after step; another thread reads and checks the next one meanwhile.
    fn lane(
        &mut self,
        connection: &mut PgConnection,
        mut side: Option<&mut PgConnection>,
        open: &Open,
        end: End,
    ) -> Result<()> {
        let (work, id, places, hashes) = (self.work, self.submission.id, self.places.clone(), self.hashes.clone());
        let (lists, received, repeated) = (self.lists.clone(), self.gate().received, self.repeated.clone());
        let client = self.submission.client;
        let result = std::thread::scope(|threads| {
            // Handed over from hand to hand: a batch of 5,000 records takes some 20 MB.
            let (sender, receiver) = sync_channel::<(Step, Result<PreparedStep>)>(0);
            let span = Span::current();
            threads.spawn(move || {
                let _span = span.entered();
                let largest_record = work.config.max_record_bytes;
                let gate = Gate { lists: &lists, received, crosswalks: lists.crosswalks(client), largest_record };
                while let Some(step) = open.take(end) {
                    let prepared = prepare::prepare_step(work, id, &places, step, &hashes, &repeated, gate);
                    if sender.send((step, prepared)).is_err() {
                        return;
                    }
                }
            });
            receiver.into_iter().try_for_each(|(step, prepared)| {
                self.commit_step(connection, side.as_deref_mut(), step, prepared?)?;
                match self.work.stopping() {
                    true => Err(Error::new(UNAVAILABLE, message("gateway-stopping"))),
                    false => Ok(()),
                }
            })
        });
        if result.is_err() {
            open.close();
        }
        result
    }

    fn commit_step(
        &mut self,
        connection: &mut PgConnection,
        side: Option<&mut PgConnection>,
        step: Step,
        mut prepared: PreparedStep,
    ) -> Result<()> {
        self.keep_to_the_set(&mut prepared, step);
        self.wrote = false;
        let before = (self.submission.clone(), self.deferred);
        let result = connection.transaction::<_, Error, _>(|connection| {
            let mut buffer = IssueBuffer::default();
            let records =
                prepared.batches.iter().flat_map(|(table, batch)| batch.iter().map(|record| (*table, record)));
            self.lock(connection, records)?;
            prepared.trap();
            self.count_decided(prepared.decided, &mut buffer);
            let operation = step.part.map_or(RecordOperation::Upsert, |(operation, _)| operation);
            for (table, batch) in &mut prepared.batches {
                self.batch(connection, table, operation, batch, self.places[step.chunk].number, &mut buffer)?;
            }
            self.write_down(connection, side, &mut buffer, Some(step))
        });
        if result.is_err() {
            self.rolled_back(before);
        }
        result
    }
}
