//! A body that was checked (`mode=validate`), sent for good: the same records, without sending them again.

use crate::clock;
use crate::error::{CONFLICT, Error, NOT_FOUND, Result};
use crate::model::messages::message;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::row::{Submission, by_key};
use diesel::prelude::*;
use uuid::Uuid;

/// What of a body lies beside its row, each with its columns: records, the file, where they stood in its sheets.
const PARTS: &[(&str, &str)] = &[
    ("submission_chunks", "number, first_index, records, parts, hashes, data"),
    ("submission_files", "number, data"),
    ("submission_sheets", "sheet, name, resource"),
    ("submission_columns", "sheet, pointer, place, letters, heading, line"),
    ("submission_rows", "first_index, sheet, first_row"),
    ("console_uploads", "file_name, fields"),
];

/// May it be sent for good as it was checked?
pub fn is_ready(checked: &Submission) -> bool {
    let is_whole = checked.status == "completed" && !checked.cut && !checked.purged;
    checked.options.validate && checked.options.replacement.is_none() && is_whole
}

/// Queues the records of a dry run to be kept, once however often it is asked for: the submission that does it.
///
/// # Errors
/// A 409 for what was no dry run, or is not done; a 404 when its body is no longer kept.
pub fn send(connection: &mut PgConnection, checked: &Submission) -> Result<Uuid> {
    if !is_ready(checked) {
        return Err(Error::new(CONFLICT, message("not-a-finished-check")));
    }
    let key = format!("checked {}", checked.id);
    connection.transaction(|connection| {
        let id = Uuid::now_v7();
        if !open(connection, id, checked, &key)? {
            let sent = by_key(connection, checked.client, &key)?;
            return sent.map(|sent| sent.id).ok_or_else(|| Error::new(CONFLICT, message("not-a-finished-check")));
        }
        for (table, columns) in PARTS {
            let sql = format!(
                "INSERT INTO {table} (submission_id, {columns}) SELECT $1, {columns} FROM {table} WHERE submission_id = $2"
            );
            Statement::with(&sql, vec![Argument::Uuid(id), Argument::Uuid(checked.id)]).run(connection)?;
        }
        // Old bodies are removed in steps: of one that is being removed nothing is sent.
        if records(connection, id)? != checked.records {
            return Err(Error::new(NOT_FOUND, message("records-no-longer-kept")));
        }
        Ok(id)
    })
}

/// `false`: it was sent before.
fn open(connection: &mut PgConnection, id: Uuid, checked: &Submission, key: &str) -> QueryResult<bool> {
    let sql = "INSERT INTO submissions (id, client_id, status, mode, atomicity, on_missing, respond_async, idempotency_key, \
         fingerprint, received_at, bytes, sha256, records) SELECT $1, client_id, 'queued', 'commit', atomicity, on_missing, \
         true, $2, 'commit' || substr(fingerprint, length('validate') + 1), $3, bytes, sha256, records FROM submissions \
         WHERE id = $4 AND NOT purged ON CONFLICT (client_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING";
    let arguments = vec![
        Argument::Uuid(id),
        Argument::Text(key.into()),
        Argument::Instant(clock::now()),
        Argument::Uuid(checked.id),
    ];
    Statement::with(sql, arguments).run(connection).map(|count| count == 1)
}

fn records(connection: &mut PgConnection, id: Uuid) -> QueryResult<i64> {
    let sql = "SELECT coalesce(sum(records), 0)::bigint FROM submission_chunks WHERE submission_id = $1";
    let found = Statement::with(sql, vec![Argument::Uuid(id)]).first_row(connection)?;
    Ok(found.and_then(|cells| cells.integer(0)).unwrap_or_default())
}
