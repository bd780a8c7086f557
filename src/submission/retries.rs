//! Records that other records of the same submission may yet help: deferred, and tried again until nothing moves.

use crate::error::{Error, Result};
use crate::intake::chunk;
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::batch::Disposition;
use crate::merge::locks::lock_granted;
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
use std::collections::HashMap;
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
            for group in deferred(connection, self.submission.id)? {
                for part in group.records.chunks(chunk::RECORDS) {
                    self.retry(connection, side.as_deref_mut(), group.table, group.operation, part, last)?;
                }
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
        table: &'static Table,
        operation: RecordOperation,
        part: &[(u64, i64)],
        last: bool,
    ) -> Result<()> {
        let (mut batch, sent) = self.read_again(connection, table, operation, part)?;
        let before = (self.submission.clone(), self.deferred);
        let result = connection.transaction::<_, Error, _>(|connection| {
            lock_granted(connection, batch.iter().map(|record| (table, record)), &self.scope)?;
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
            undefer(connection, self.submission.id, done)?;
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
        part: &[(u64, i64)],
    ) -> Result<(Vec<Incoming>, HashMap<u64, String>)> {
        let (mut batch, mut sent) = (Vec::new(), HashMap::new());
        for same_chunk in part.chunk_by(|a, b| a.1 == b.1) {
            let Some(at) = self.places.iter().position(|place| place.number == same_chunk[0].1) else { continue };
            let chunk = chunk_store::load(connection, self.submission.id, &self.places[at])?;
            let only: Vec<u64> = same_chunk.iter().map(|(index, _)| *index).collect();
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

/// Sets records aside, each with its step, until the end of the submission.
pub(crate) fn defer(
    connection: &mut PgConnection,
    id: Uuid,
    table: &Table,
    operation: RecordOperation,
    chunk: i64,
    aside: Vec<(i64, i64)>,
) -> QueryResult<()> {
    if aside.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO submission_deferred (submission_id, chunk, resource, operation, index, level) \
         SELECT $1, $2::bigint, $3, $4, i, l FROM unnest($5::bigint[], $6::bigint[]) d(i, l)";
    let word = if operation == RecordOperation::Delete { "delete" } else { "upsert" };
    let (indexes, levels) = aside.into_iter().unzip();
    let arguments = vec![
        Argument::Uuid(id),
        Argument::Integer(chunk),
        Argument::Text(table.spec.name.into()),
        Argument::Text(word.into()),
        Argument::Integers(indexes),
        Argument::Integers(levels),
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

struct Deferred {
    table: &'static Table,
    level: i64,
    operation: RecordOperation,
    /// Place in the submission, and chunk.
    records: Vec<(u64, i64)>,
}

/// What was deferred: upserts from the roots down, then deletes from the leaves up.
fn deferred(connection: &mut PgConnection, id: Uuid) -> QueryResult<Vec<Deferred>> {
    let mut groups: Vec<Deferred> = Vec::new();
    let sql = "SELECT resource, operation, index, chunk::bigint, level::bigint FROM submission_deferred WHERE submission_id = $1 ORDER BY resource, operation, level, index";
    Statement::with(sql, vec![Argument::Uuid(id)]).each(connection, |cells| {
        let operation = if cells.text(1) == Some("delete") { RecordOperation::Delete } else { RecordOperation::Upsert };
        if let (Some(table), Some(index), Some(chunk)) =
            (cells.text(0).and_then(table::find), cells.integer(2), cells.integer(3))
        {
            let level = cells.integer(4).unwrap_or_default();
            let same = |group: &&mut Deferred| {
                (group.table.number, group.operation, group.level) == (table.number, operation, level)
            };
            match groups.last_mut().filter(same) {
                Some(group) => group.records.push((index as u64, chunk)),
                None => groups.push(Deferred { table, level, operation, records: vec![(index as u64, chunk)] }),
            }
        }
        Ok(())
    })?;
    groups.sort_by_key(|group| match group.operation {
        RecordOperation::Upsert => (0, group.level, group.table.number),
        RecordOperation::Delete => (1, -group.level, group.table.number),
    });
    Ok(groups)
}
