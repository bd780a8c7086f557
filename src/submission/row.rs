//! The row of a submission: how it is claimed, read and closed.

use crate::clock;
use crate::merge::batch::OnMissing;
use crate::store::managed::managed_by_any_of;
use crate::store::pg::statement::{Argument, Cells, Statement};
use crate::submission::counts::Tally;
pub use crate::submission::options::{Replacement, SubmissionOptions};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Where the work on a submission may stand, as readers are told.
pub const STATUSES: &[&str] = &["queued", "processing", "completed", "failed"];
/// What may come of it.
pub const RESULTS: &[&str] = &["accepted", "partial", "rejected"];

/// A submission as stored.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Its id, UUID version 7.
    pub id: Uuid,
    /// Who sent it.
    pub client: Uuid,
    /// `receiving`, `queued`, `processing`, `completed`, `failed`.
    pub status: String,
    /// `accepted`, `partial`, `rejected`.
    pub result: Option<String>,
    /// What was asked.
    pub options: SubmissionOptions,
    /// Parameters and form of the request, and of a body that has come the hash of what was compressed.
    pub fingerprint: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When the work was done.
    pub completed_at: Option<DateTime<Utc>>,
    /// Length of the body as sent.
    pub bytes: i64,
    /// SHA-256 of the body as sent, hexadecimal.
    pub sha256: Option<String>,
    /// Records in it.
    pub records: i64,
    /// The body ended before it was whole.
    pub cut: bool,
    /// The counts so far.
    pub tally: Tally,
    /// The counts as they were last read or saved; others may have changed them since (see [`progress`]).
    pub saved: Tally,
    /// The body is no longer stored.
    pub purged: bool,
    /// Times that it was begun.
    pub runs: i64,
}

const COLUMNS: &str = "s.id, s.client_id, s.status, s.result, s.mode = 'validate', s.atomicity = 'all', s.on_missing = 'park', s.respond_async, \
     s.idempotency_key, s.fingerprint, s.received_at, s.completed_at, s.bytes, s.sha256, s.records, s.cut, s.counts::text, s.purged, s.replacement::text, \
     s.runs::bigint, s.given::text";

fn read(cells: &Cells) -> Option<Submission> {
    let text = |at| cells.text(at).map(str::to_owned);
    let tally: Tally = serde_json::from_str(cells.text(16)?).unwrap_or_default();
    Some(Submission {
        id: cells.uuid(0)?,
        client: cells.uuid(1)?,
        status: text(2)?,
        result: text(3),
        options: SubmissionOptions {
            validate: cells.boolean(4)?,
            all: cells.boolean(5)?,
            on_missing: if cells.boolean(6)? { OnMissing::Park } else { OnMissing::Reject },
            respond_async: cells.boolean(7)?,
            idempotency_key: text(8),
            replacement: cells.text(18).and_then(|json| serde_json::from_str(json).ok()),
            given: cells.text(20).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default(),
        },
        fingerprint: text(9)?,
        received_at: cells.instant(10)?,
        completed_at: cells.instant(11),
        bytes: cells.integer(12)?,
        sha256: text(13),
        records: cells.integer(14)?,
        cut: cells.boolean(15)?,
        saved: tally.clone(),
        tally,
        purged: cells.boolean(17)?,
        runs: cells.integer(19)?,
    })
}

/// The submission with this id.
pub fn find(connection: &mut PgConnection, id: Uuid) -> QueryResult<Option<Submission>> {
    let sql = format!("SELECT {COLUMNS} FROM submissions s WHERE s.id = $1");
    Ok(Statement::with(&sql, vec![Argument::Uuid(id)]).first_row(connection)?.as_ref().and_then(read))
}

/// Those of these ids that there are.
pub fn find_all(connection: &mut PgConnection, ids: &BTreeSet<Uuid>) -> QueryResult<Vec<Submission>> {
    let sql = format!("SELECT {COLUMNS} FROM submissions s WHERE s.id = ANY($1::uuid[])");
    let ids = ids.iter().map(|id| id.to_string().into()).collect();
    let mut found = Vec::new();
    Statement::with(&sql, vec![Argument::Texts(ids)]).each(connection, |cells| {
        found.extend(read(&cells));
        Ok(())
    })?;
    Ok(found)
}

/// The submission that holds this idempotency key.
pub fn by_key(connection: &mut PgConnection, client: Uuid, key: &str) -> QueryResult<Option<Submission>> {
    let sql = format!("SELECT {COLUMNS} FROM submissions s WHERE s.client_id = $1 AND s.idempotency_key = $2");
    Ok(Statement::with(&sql, vec![Argument::Uuid(client), Argument::Text(key.into())])
        .first_row(connection)?
        .as_ref()
        .and_then(read))
}

/// Which submissions a list shows.
#[derive(Debug, Default, Clone)]
pub struct SubmissionFilter {
    /// Of this client only.
    pub client: Option<Uuid>,
    /// That touch this school.
    pub school: Option<String>,
    /// In this state.
    pub status: Option<String>,
    /// With this result.
    pub result: Option<String>,
    /// Received at or after.
    pub from: Option<DateTime<Utc>>,
    /// Received at or before.
    pub to: Option<DateTime<Utc>>,
    /// Only such as touch a school or commune of these; `None`: all.
    pub area: Option<(Vec<String>, Vec<String>)>,
    /// Older than this one.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

/// Newest first.
pub fn list(connection: &mut PgConnection, wanted: &SubmissionFilter) -> QueryResult<Vec<Submission>> {
    let mut sql = Statement::new(format!("SELECT {COLUMNS} FROM submissions s WHERE true"));
    if let Some(client) = wanted.client {
        sql = sql.sql(" AND s.client_id = ").bind(Argument::Uuid(client));
    }
    // What is still received counts as queued, as its report says it.
    if wanted.status.as_deref() == Some("queued") {
        sql = sql.sql(" AND s.status IN ('queued', 'receiving')");
    } else if let Some(status) = &wanted.status {
        sql = sql.sql(" AND s.status = ").bind(Argument::Text(status.into()));
    }
    if let Some(result) = &wanted.result {
        sql = sql.sql(" AND s.result = ").bind(Argument::Text(result.into()));
    }
    if let Some(from) = wanted.from {
        sql = sql.sql(" AND s.received_at >= ").bind(Argument::Instant(from));
    }
    if let Some(to) = wanted.to {
        sql = sql.sql(" AND s.received_at <= ").bind(Argument::Instant(to));
    }
    match (&wanted.area, &wanted.school) {
        // A school out of sight is in no submission.
        (Some(area), school) => sql = in_area(sql, area, school.as_deref()),
        (None, Some(school)) => {
            sql = sql.sql(" AND EXISTS (SELECT 1 FROM submission_schools x WHERE x.submission_id = s.id");
            sql = sql.sql(" AND x.school_code = ").bind(Argument::Text(school.into())).sql(")");
        }
        (None, None) => {}
    }
    if let Some((at, id)) = wanted.after {
        sql = sql
            .sql(" AND (s.received_at, s.id) < (")
            .bind(Argument::Instant(at))
            .sql(", ")
            .bind(Argument::Uuid(id))
            .sql(")");
    }
    let mut found = Vec::new();
    sql.sql(" ORDER BY s.received_at DESC, s.id DESC LIMIT ").bind(Argument::Integer(wanted.limit)).each(
        connection,
        |cells| {
            found.extend(read(&cells));
            Ok(())
        },
    )?;
    Ok(found)
}

/// Adds that the submission brought records of a school of the area; of this one, if one is named.
fn in_area<'a>(
    sql: Statement<'a>,
    (schools, communes): &'a (Vec<String>, Vec<String>),
    school: Option<&'a str>,
) -> Statement<'a> {
    let texts = |list: &'a [String]| Argument::Texts(list.iter().map(|code| code.as_str().into()).collect());
    let mut sql = sql.sql(
        " AND EXISTS (SELECT 1 FROM submission_schools x LEFT JOIN schools y ON y.school_code = x.school_code \
         WHERE x.submission_id = s.id",
    );
    if let Some(school) = school {
        sql = sql.sql(" AND x.school_code = ").bind(Argument::Text(school.into()));
    }
    sql.sql(" AND (x.school_code = ANY(")
        .bind(texts(schools))
        .sql("::text[]) OR ")
        .sql(&managed_by_any_of("y"))
        .bind(texts(communes))
        .sql("::text[])))")
}

/// Is the submission in the area, by a school or commune that it touches?
pub fn touches(connection: &mut PgConnection, id: Uuid, area: &(Vec<String>, Vec<String>)) -> QueryResult<bool> {
    let sql = in_area(Statement::new("SELECT 1 FROM submissions s WHERE s.id = ").bind(Argument::Uuid(id)), area, None);
    Ok(sql.first_row(connection)?.is_some())
}

/// Saves how far the work has come; part of the transaction of the records. The work moves on, so the attempts count
/// anew.
pub fn progress(connection: &mut PgConnection, submission: &mut Submission) -> QueryResult<()> {
    take_over(connection, submission)?;
    save(connection, submission, ", attempts = 0")
}

/// Shows how far a run has come that may still be rolled back, beside its transaction.
pub fn show(connection: &mut PgConnection, submission: &Submission) -> QueryResult<()> {
    save(connection, submission, "")
}

fn save(connection: &mut PgConnection, submission: &Submission, more: &str) -> QueryResult<()> {
    let sql = format!("UPDATE submissions SET status = 'processing', counts = $1::jsonb{more} WHERE id = $2");
    let arguments = vec![Argument::Text(counts_json(&submission.tally).into()), Argument::Uuid(submission.id)];
    Statement::with(&sql, arguments).run(connection).map(|_| ())
}

/// Parked records of a submission may find their outcome, and be counted in its row, while it is still worked on.
fn take_over(connection: &mut PgConnection, submission: &mut Submission) -> QueryResult<()> {
    if let Some(stored) = locked_counts(connection, submission.id)? {
        submission.tally = submission.tally.rebased(&submission.saved, stored);
        submission.saved = submission.tally.clone();
    }
    Ok(())
}

/// The counts of a submission, whose row is locked until the transaction ends.
pub fn locked_counts(connection: &mut PgConnection, id: Uuid) -> QueryResult<Option<Tally>> {
    // Not FOR UPDATE: that would wait for every transaction that writes an issue of the submission.
    let sql = "SELECT counts::text FROM submissions WHERE id = $1 FOR NO KEY UPDATE";
    let found = Statement::with(sql, vec![Argument::Uuid(id)]).first_row(connection)?;
    Ok(found.map(|cells| cells.text(0).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()))
}

/// Closes a submission whose steps were committed one by one.
pub fn close(connection: &mut PgConnection, submission: &mut Submission, status: &str) -> QueryResult<()> {
    connection.transaction(|connection| {
        take_over(connection, submission)?;
        close_with(connection, submission, status)
    })
}

/// Closes a submission with the counts at hand.
pub fn close_with(connection: &mut PgConnection, submission: &mut Submission, status: &str) -> QueryResult<()> {
    submission.status = status.into();
    submission.result = Some(submission.tally.result().into());
    submission.completed_at = Some(clock::now());
    let sql = "UPDATE submissions SET status = $1, result = $2, completed_at = $3, counts = $4::jsonb WHERE id = $5";
    let arguments = vec![
        Argument::Text(status.into()),
        Argument::Text(submission.tally.result().into()),
        Argument::Instant(submission.completed_at.unwrap_or_else(clock::now)),
        Argument::Text(counts_json(&submission.tally).into()),
        Argument::Uuid(submission.id),
    ];
    Statement::with(sql, arguments).run(connection).map(|_| ())
}

/// The counts as stored.
pub fn counts_json(tally: &Tally) -> String {
    serde_json::to_string(tally).unwrap_or_else(|_| "{}".into())
}
