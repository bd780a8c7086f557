//! Records that other records of the same submission may yet help: deferred, and tried again until nothing moves.

use crate::error::{Error, Result};
use crate::intake::chunk;
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::batch::Disposition;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table;
use crate::store::table::Table;
use crate::submission::chunk_store;
use crate::submission::issue_store::IssueBuffer;
use crate::submission::parked;
use crate::submission::parked::{Origin, Parking};
use crate::submission::prepare;
use crate::submission::prepare::Step;
use crate::submission::record_metrics;
use crate::submission::run::{Run, is_open};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

impl Run<'_> {
    /// Tries what was deferred again, until a round moves nothing; then that is its outcome.
    pub(crate) fn retry_deferred(
        &mut self,
        connection: &mut PgConnection,
        mut side: Option<&mut PgConnection>,
    ) -> Result<()> {
        while self.deferred > 0 {
            let last = !self.writes;
            self.writes = false;
            let records = self.all_deferred(connection)?;
            let is_same = |a: &DeferredRecord, b: &DeferredRecord| a.place() == b.place();
            for part in records.chunk_by(is_same).flat_map(|group| group.chunks(chunk::RECORDS)) {
                self.retry(connection, side.as_deref_mut(), part, last)?;
            }
            if last {
                break;
            }
        }
        Ok(())
    }

    fn retry(
        &mut self,
        connection: &mut PgConnection,
        side: Option<&mut PgConnection>,
        part: &[DeferredRecord],
        last: bool,
    ) -> Result<()> {
        let Some(DeferredRecord { table, operation, .. }) = part.first().copied() else { return Ok(()) };
        let (mut batch, sent) = self.read_again(connection, table, operation, part)?;
        let before = (self.submission.clone(), self.deferred);
        let result = connection.transaction::<_, Error, _>(|connection| {
            self.lock(connection, batch.iter().map(|record| (table, record)))?;
            let outcomes = self.apply(connection, table, operation, &mut batch)?;
            let (mut pages, mut done, mut waiting) = (IssueBuffer::default(), Vec::new(), Vec::new());
            let (parked_at, expires_at) = (crate::model::moment::now(), self.work.parked_until());
            for (record, outcome) in batch.iter().zip(&outcomes) {
                if is_open(outcome) && !last {
                    continue;
                }
                if outcome.action == Disposition::Missing && !self.tentative {
                    let data = sent.get(&record.index).map_or("", String::as_str);
                    waiting.push(Parking { record, data, missing: &outcome.missing, parked_at, expires_at });
                }
                self.decided(table, record, outcome, &mut pages);
                done.push(record.index as i64);
            }
            parked::park(
                connection,
                &Origin { submission: self.submission.id, client: self.submission.client, table },
                &waiting,
            )?;
            record_metrics(Some(table), outcomes.iter().filter(|outcome| last || !is_open(outcome)));
            self.deferred -= done.len() as u64;
            self.settle_deferred(connection, done)?;
            self.accepted(connection, table, operation, &batch, &outcomes)?;
            self.write_down(connection, side, &mut pages, None)
        });
        if result.is_err() {
            self.rolled_back(before);
        }
        result
    }

    /// The records of these places, read and checked again, and their `data` as sent. One chunk is open at a time: they
    /// may stand in many.
    fn read_again(
        &self,
        connection: &mut PgConnection,
        table: &'static Table,
        operation: RecordOperation,
        part: &[DeferredRecord],
    ) -> Result<(Vec<Incoming>, HashMap<u64, String>)> {
        let (mut batch, mut sent) = (Vec::new(), HashMap::new());
        for same_chunk in part.chunk_by(|a, b| a.chunk == b.chunk) {
            let Some(at) = self.places.iter().position(|place| place.number == same_chunk[0].chunk) else { continue };
            let chunk = chunk_store::load(connection, self.submission.id, &self.places[at])?;
            let only: Vec<u64> = same_chunk.iter().map(|one| one.index).collect();
            let step = Step { chunk: at, part: Some((operation, table.level)) };
            let hashes = self.hashes.get(at).map_or(&[][..], Vec::as_slice);
            let prepared = prepare::prepare(&chunk, hashes, step, &self.repeated, self.gate(), Some(&only))?;
            batch.extend(
                prepared
                    .batches
                    .into_iter()
                    .filter(|(found, _)| found.number == table.number)
                    .flat_map(|(_, records)| records),
            );
            let wanted = chunk.frames().filter(|frame| only.binary_search(&frame.index).is_ok());
            sent.extend(wanted.map(|frame| (frame.index, frame.data().to_owned())));
        }
        Ok((batch, sent))
    }
}

/// A record that is tried again at the end of its submission.
#[derive(Clone, Copy)]
pub(crate) struct DeferredRecord {
    pub(crate) table: &'static Table,
    pub(crate) operation: RecordOperation,
    /// Its step.
    pub(crate) level: i64,
    /// Its place in the submission.
    pub(crate) index: u64,
    /// The chunk that it stands in.
    pub(crate) chunk: i64,
}

impl DeferredRecord {
    /// When it is tried: upserts from the roots down, then deletes from the leaves up.
    fn place(&self) -> (RecordOperation, i64, usize) {
        match self.operation {
            RecordOperation::Upsert => (self.operation, self.level, self.table.number),
            RecordOperation::Delete => (self.operation, -self.level, self.table.number),
        }
    }
}

impl Run<'_> {
    /// Defers records.
    pub(crate) fn defer(&mut self, connection: &mut PgConnection, records: Vec<DeferredRecord>) -> QueryResult<()> {
        match &mut self.laid {
            Some(laid) => laid.deferred.extend(records),
            None => defer(connection, self.submission.id, &records)?,
        }
        Ok(())
    }

    /// Takes up those of these places: they have their outcome.
    fn settle_deferred(&mut self, connection: &mut PgConnection, done: Vec<i64>) -> QueryResult<()> {
        match &mut self.laid {
            Some(laid) => {
                let done: HashSet<u64> = done.into_iter().map(|index| index as u64).collect();
                laid.deferred.retain(|one| !done.contains(&one.index));
                Ok(())
            }
            None => undefer(connection, self.submission.id, done),
        }
    }

    /// What was deferred, in the order in which it is tried.
    fn all_deferred(&self, connection: &mut PgConnection) -> QueryResult<Vec<DeferredRecord>> {
        let mut records = match &self.laid {
            Some(laid) => laid.deferred.clone(),
            None => deferred(connection, self.submission.id)?,
        };
        records.sort_by_key(|one| (one.place(), one.index));
        Ok(records)
    }
}

fn defer(connection: &mut PgConnection, id: Uuid, records: &[DeferredRecord]) -> QueryResult<()> {
    if records.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO submission_deferred (submission_id, chunk, resource, operation, index, level) \
         SELECT $1, c, r, o, i, l FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[]) d(c, r, o, i, l)";
    let integers = |number: fn(&DeferredRecord) -> i64| Argument::Integers(records.iter().map(number).collect());
    let texts = |text: fn(&DeferredRecord) -> &'static str| {
        Argument::Texts(records.iter().map(|one| text(one).into()).collect())
    };
    let arguments = vec![
        Argument::Uuid(id),
        integers(|one| one.chunk),
        texts(|one| one.table.spec.name),
        texts(|one| if one.operation == RecordOperation::Delete { "delete" } else { "upsert" }),
        integers(|one| one.index as i64),
        integers(|one| one.level),
    ];
    Statement::with(sql, arguments).run(connection).map(|_| ())
}

fn undefer(connection: &mut PgConnection, id: Uuid, indexes: Vec<i64>) -> QueryResult<()> {
    let sql = "DELETE FROM submission_deferred WHERE submission_id = $1 AND index = ANY($2::bigint[])";
    Statement::with(sql, vec![Argument::Uuid(id), Argument::Integers(indexes)]).run(connection).map(|_| ())
}

/// How many are deferred.
pub(crate) fn count_deferred(connection: &mut PgConnection, id: Uuid) -> QueryResult<u64> {
    let found =
        Statement::with("SELECT count(*) FROM submission_deferred WHERE submission_id = $1", vec![Argument::Uuid(id)])
            .first_row(connection)?;
    Ok(found.and_then(|cells| cells.integer(0)).unwrap_or_default() as u64)
}

fn deferred(connection: &mut PgConnection, id: Uuid) -> QueryResult<Vec<DeferredRecord>> {
    let mut records = Vec::new();
    let sql = "SELECT resource, operation, index, chunk::bigint, level::bigint FROM submission_deferred WHERE submission_id = $1";
    Statement::with(sql, vec![Argument::Uuid(id)]).each(connection, |cells| {
        let operation = if cells.text(1) == Some("delete") { RecordOperation::Delete } else { RecordOperation::Upsert };
        let place = cells.integer(2).zip(cells.integer(3));
        if let (Some(table), Some((index, chunk))) = (cells.text(0).and_then(table::find), place) {
            let level = cells.integer(4).unwrap_or_default();
            records.push(DeferredRecord { table, operation, level, index: index as u64, chunk });
        }
        Ok(())
    })?;
    Ok(records)
}
