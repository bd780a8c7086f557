//! Records that wait for a parent: kept aside, applied by themselves when it comes, rejected when it does not come in
//! time.

use crate::change::block::Author;
use crate::clock;
use crate::error::Result;
use crate::intake::gate::{Gate, RowOrigin};
use crate::intake::named_members::KnownMembers;
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::batch::{Absent, Disposition, OnMissing, WriteContext};
use crate::merge::locks::lock_granted;
use crate::merge::retry::{Retry, apply};
use crate::model::issue::Severity;
use crate::model::lists::Lists;
use crate::model::record_key;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table;
use crate::store::table::Table;
use crate::submission::issue_store;
use crate::submission::issue_store::{IssueBuffer, IssueSubject};
use crate::submission::release;
use crate::submission::release::Discarded;
use crate::submission::{Work, record_metrics, row};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use std::collections::HashMap;
use uuid::Uuid;

/// Ready records taken in one transaction.
const BATCH: i64 = 1_000;

/// Where records to be kept aside come from.
pub struct Origin {
    /// Their submission.
    pub submission: Uuid,
    /// Its client.
    pub client: Uuid,
    /// Their table.
    pub table: &'static Table,
}

/// A record to be kept aside.
pub struct Parking<'a> {
    /// The record.
    pub record: &'a Incoming,
    /// Its `data` as sent.
    pub data: &'a str,
    /// What it waits for.
    pub missing: &'a [Absent],
    /// Since when it waits.
    pub parked_at: DateTime<Utc>,
    /// When it is given up.
    pub expires_at: DateTime<Utc>,
}

/// The key as `parked_records` keeps it.
pub(crate) fn key_text(table: &Table, record: &Incoming) -> String {
    record_key::shown(&record.key(table).unwrap_or_default())
}

/// Keeps records aside.
pub fn park(connection: &mut PgConnection, origin: &Origin, parkings: &[Parking]) -> QueryResult<()> {
    if parkings.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO parked_records (submission_id, client_id, resource, index, key, data, parked_at, expires_at, level, school_code, members) \
         SELECT $1, $2, $3, i, k, d, p::timestamptz, e::timestamptz, l, s, m \
         FROM unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::text[]) r(i, k, d, p, e, l, s, m) \
         ON CONFLICT DO NOTHING";
    let each = |text: &dyn Fn(&Parking) -> String| {
        Argument::Texts(parkings.iter().map(|parking| text(parking).into()).collect())
    };
    let arguments = vec![
        Argument::Uuid(origin.submission),
        Argument::Uuid(origin.client),
        Argument::Text(origin.table.spec.name.into()),
        Argument::Integers(parkings.iter().map(|parking| parking.record.index as i64).collect()),
        each(&|parking| key_text(origin.table, parking.record)),
        Argument::Texts(parkings.iter().map(|parking| parking.data.into()).collect()),
        each(&|parking| parking.parked_at.to_rfc3339()),
        each(&|parking| parking.expires_at.to_rfc3339()),
        Argument::Integers(parkings.iter().map(|parking| origin.table.level_of(&parking.record.row) as i64).collect()),
        Argument::MaybeTexts(
            parkings.iter().map(|parking| Some(parking.record.school(origin.table)?.into())).collect(),
        ),
        Argument::MaybeTexts(
            parkings.iter().map(|parking| Some(parking.record.partial.as_ref()?.members.text().into())).collect(),
        ),
    ];
    Statement::with(sql, arguments).run(connection)?;
    let sql = "INSERT INTO parked_waits (submission_id, index, resource, key) SELECT $1, i, r, k FROM unnest($2::bigint[], $3::text[], $4::text[]) w(i, r, k) \
         ON CONFLICT DO NOTHING";
    let waits = || {
        parkings.iter().flat_map(|parking| parking.missing.iter().map(|absent| (parking.record.index as i64, absent)))
    };
    let arguments = vec![
        Argument::Uuid(origin.submission),
        Argument::Integers(waits().map(|(index, _)| index).collect()),
        Argument::Texts(waits().map(|(_, absent)| absent.resource.into()).collect()),
        Argument::Texts(waits().map(|(_, absent)| absent.key.as_str().into()).collect()),
    ];
    Statement::with(sql, arguments).run(connection).map(|_| ())
}

/// Changes the counts of other submissions under a lock of their rows, in sorted order. Their issues may have changed
/// as well: the groups are counted anew.
pub fn recount(
    connection: &mut PgConnection,
    changes: HashMap<Uuid, Vec<(String, Disposition, i64)>>,
) -> QueryResult<()> {
    let mut changes: Vec<_> = changes.into_iter().collect();
    changes.sort_by_key(|(id, _)| *id);
    for (id, list) in changes {
        let Some(mut tally) = row::locked_counts(connection, id)? else { continue };
        for (resource, action, warnings) in list {
            tally.resolve(&resource, action, warnings);
        }
        let sql = "UPDATE submissions SET issue_groups = NULL, counts = $1::jsonb, result = CASE WHEN result IS NULL THEN NULL ELSE $2 END WHERE id = $3";
        let arguments = vec![
            Argument::Text(row::counts_json(&tally).into()),
            Argument::Text(tally.result().into()),
            Argument::Uuid(id),
        ];
        Statement::with(sql, arguments).run(connection)?;
    }
    Ok(())
}

/// Counts discarded records as unchanged in their submissions.
pub fn count_discarded(connection: &mut PgConnection, discarded: Vec<Discarded>) -> QueryResult<()> {
    let mut changes: HashMap<Uuid, Vec<(String, Disposition, i64)>> = HashMap::new();
    for record in discarded {
        changes.entry(record.submission).or_default().push((record.resource, Disposition::Unchanged, 0));
    }
    recount(connection, changes)
}

struct Ready {
    submission: Uuid,
    client: Uuid,
    index: u64,
    table: &'static Table,
    data: String,
    parked_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// When its submission came.
    received_at: DateTime<Utc>,
    level: i64,
    /// The members for which its sheet has columns; empty: all.
    members: String,
}

/// Applies every record whose parent has come, and those that these set free, until none is ready.
pub fn replay(work: &Work, connection: &mut PgConnection) -> Result<()> {
    loop {
        let taken = connection.transaction::<_, crate::error::Error, _>(|connection| {
            let ready = take_ready(connection)?;
            let count = ready.len();
            replay_taken(work, connection, ready)?;
            Ok(count)
        })?;
        if taken == 0 {
            return Ok(());
        }
    }
}

fn take_ready(connection: &mut PgConnection) -> QueryResult<Vec<Ready>> {
    let sql = "DELETE FROM parked_records WHERE (submission_id, index) IN (SELECT submission_id, index FROM parked_records WHERE ready \
         ORDER BY level, parked_at, submission_id, index LIMIT $1 FOR UPDATE SKIP LOCKED) \
         RETURNING submission_id, client_id, index, resource, data, parked_at, expires_at, level::bigint, \
         (SELECT s.received_at FROM submissions s WHERE s.id = parked_records.submission_id), members";
    let mut ready = Vec::new();
    Statement::with(sql, vec![Argument::Integer(BATCH)]).each(connection, |cells| {
        let read = |cells: &crate::store::pg::statement::Cells| {
            Some(Ready {
                submission: cells.uuid(0)?,
                client: cells.uuid(1)?,
                index: cells.integer(2)? as u64,
                table: table::find(cells.text(3)?)?,
                data: cells.text(4)?.to_owned(),
                parked_at: cells.instant(5)?,
                expires_at: cells.instant(6)?,
                level: cells.integer(7)?,
                received_at: cells.instant(8).or(cells.instant(5))?,
                members: cells.text(9).unwrap_or_default().to_owned(),
            })
        };
        ready.extend(read(&cells));
        Ok(())
    })?;
    ready.sort_by_key(|record| (record.level, record.table.number, record.submission, record.index));
    Ok(ready)
}

fn replay_taken(work: &Work, connection: &mut PgConnection, ready: Vec<Ready>) -> Result<()> {
    let lists = work.lists(connection)?;
    let same_group = |a: &Ready, b: &Ready| (a.table.number, a.submission) == (b.table.number, b.submission);
    for group in ready.chunk_by(same_group) {
        replay_group(work, connection, group, &lists)?;
    }
    Ok(())
}

fn replay_group(work: &Work, connection: &mut PgConnection, group: &[Ready], lists: &Lists) -> Result<()> {
    let Some(first) = group.first() else { return Ok(()) };
    // By the day on which they came: they are the same records as then.
    let gate = Gate {
        lists,
        received: crate::model::moment::day_of(first.received_at),
        crosswalks: lists.crosswalks(first.client),
        largest_record: work.config.max_record_bytes,
    };
    let (table, scope) = (first.table, work.scope(first.client));
    let mut records = admitted(&gate, table, group);
    let writer = WriteContext {
        author: Author { client: first.client, submission: Some(first.submission), ..Author::default() },
        scope: &scope,
        received: gate.received,
        received_at: first.received_at,
        lists,
        endings: None,
        on_missing: OnMissing::Park,
        status_seen: None,
    };
    lock_granted(connection, records.iter().map(|record| (table, record)), &scope)?;
    let outcomes = apply(connection, table, RecordOperation::Upsert, &mut records, &writer, Retry::Careful)?;
    let accepted = release::kept(&records, &outcomes);
    let discarded = release::discard(connection, table, &accepted, first.client)?;
    count_discarded(connection, discarded)?;
    let (mut changes, mut pages, mut waiting) = (Vec::new(), IssueBuffer::default(), Vec::new());
    for (record, outcome) in records.iter().zip(&outcomes) {
        if outcome.action == Disposition::Missing {
            // It goes on waiting as before: its time is not prolonged.
            let ready = group.iter().find(|ready| ready.index == record.index);
            waiting.extend(ready.map(|ready| Parking {
                record,
                data: &ready.data,
                missing: &outcome.missing,
                parked_at: ready.parked_at,
                expires_at: ready.expires_at,
            }));
            continue;
        }
        let said = forget_waiting(connection, first.submission, record.index)?;
        pages.add(
            first.submission,
            &IssueSubject {
                index: record.index,
                resource: Some(table.spec.name),
                key: issue_store::key_json(table, &record.row).as_ref(),
                school: record.school(table),
            },
            &outcome.issues,
        );
        changes.push((table.spec.name.to_owned(), outcome.action, outcome.warnings() - said));
        record_metrics(Some(table), std::iter::once(outcome));
    }
    park(connection, &Origin { submission: first.submission, client: first.client, table }, &waiting)?;
    pages.flush(connection)?;
    recount(connection, HashMap::from([(first.submission, changes)]))?;
    Ok(())
}

fn admitted(gate: &Gate, table: &'static Table, group: &[Ready]) -> Vec<Incoming> {
    let (mut scratch, mut known) = (Vec::new(), KnownMembers::default());
    let mut admit = |ready: &Ready| {
        let origin = RowOrigin { notes: &[], members: known.of(&ready.members, table.spec) };
        gate.admit_row(table, ready.index, RecordOperation::Upsert, &ready.data, origin, &mut scratch).ok()
    };
    group.iter().filter_map(&mut admit).collect()
}

/// The report no longer says that the record waits; what is said of it is written anew. How many warnings that were.
fn forget_waiting(connection: &mut PgConnection, submission: Uuid, index: u64) -> QueryResult<i64> {
    let sql = "WITH gone AS (DELETE FROM submission_issues WHERE submission_id = $1 AND index = $2 RETURNING severity) \
         SELECT count(*) FROM gone WHERE severity = $3::bigint";
    let arguments =
        vec![Argument::Uuid(submission), Argument::Integer(index as i64), Argument::Integer(Severity::Warning as i64)];
    let found = Statement::with(sql, arguments).first_row(connection)?;
    Ok(found.and_then(|cells| cells.integer(0)).unwrap_or_default())
}

/// A parent may have come while its child was being parked: those that waited longest are tried again.
pub fn sweep(connection: &mut PgConnection) -> QueryResult<()> {
    let sql = "UPDATE parked_records SET ready = true, tried_at = now() WHERE (submission_id, index) IN \
         (SELECT submission_id, index FROM parked_records WHERE NOT ready AND tried_at < now() - interval '1 minute' ORDER BY tried_at LIMIT 500 FOR UPDATE SKIP LOCKED)";
    Statement::new(sql).run(connection).map(|_| ())
}

/// Rejects records whose parent did not come in time, `most` at once: what they waited for becomes an error of their
/// report. How many they were.
pub fn expire(connection: &mut PgConnection, most: i64) -> QueryResult<usize> {
    connection.transaction(|connection| {
        let mut expired = Vec::new();
        let sql = "DELETE FROM parked_records WHERE (submission_id, index) IN (SELECT submission_id, index \
             FROM parked_records WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED) \
             RETURNING submission_id, index, resource";
        Statement::with(sql, vec![Argument::Instant(clock::now()), Argument::Integer(most)]).each(connection, |cells| {
            if let (Some(id), Some(index), Some(resource)) = (cells.uuid(0), cells.integer(1), cells.text(2)) {
                expired.push((id, index, resource.to_owned()));
            }
            Ok(())
        })?;
        let count = expired.len();
        let mut changes: HashMap<Uuid, Vec<(String, Disposition, i64)>> = HashMap::new();
        for (id, index, resource) in expired {
            let sql = "UPDATE submission_issues SET severity = $1::bigint WHERE submission_id = $2 AND index = $3 AND code = 'PT-015'";
            let arguments = vec![Argument::Integer(Severity::Error as i64), Argument::Uuid(id), Argument::Integer(index)];
            Statement::with(sql, arguments).run(connection)?;
            changes.entry(id).or_default().push((resource, Disposition::Rejected, 0));
        }
        recount(connection, changes)?;
        Ok(count)
    })
}

/// When a record parked now is given up.
pub fn until(days: u32) -> DateTime<Utc> {
    clock::now() + TimeDelta::days(i64::from(days))
}
