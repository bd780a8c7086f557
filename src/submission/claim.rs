//! A submission from the claim of its idempotency key until its body is stored.

use crate::clock;
use crate::error::{self, Error, Result};
use crate::merge::batch::OnMissing;
use crate::model::messages::message;
use crate::store::pg::failure::Failure;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::lease;
use crate::submission::options::SubmissionOptions;
use crate::submission::receive::Received;
use crate::submission::row::{Submission, by_key};
use diesel::prelude::*;
use uuid::Uuid;

/// What a request with an idempotency key meets.
pub enum Claim {
    /// The key is this request's: go on.
    Fresh,
    /// The key was used: compare the body.
    Used(Box<Submission>),
}

/// Opens a submission that is about to be received, and claims its idempotency key. A key that a body holds whose upload
/// died is free with it.
pub fn open(
    connection: &mut PgConnection,
    id: Uuid,
    client: Uuid,
    options: &SubmissionOptions,
    form: &str,
) -> Result<Claim> {
    if insert(connection, id, client, options, form)? {
        return Ok(Claim::Fresh);
    }
    match by_key(connection, client, options.idempotency_key.as_deref().unwrap_or_default())? {
        Some(used) if used.completed_at.is_some() => return Ok(Claim::Used(Box::new(used))),
        Some(used) if used.status == "receiving" => lease::end_if_abandoned(connection, used.id)?,
        Some(_) => return Err(still_running()),
        None => (),
    }
    if insert(connection, id, client, options, form)? { Ok(Claim::Fresh) } else { Err(still_running()) }
}

/// `false`: the key is taken.
fn insert(
    connection: &mut PgConnection,
    id: Uuid,
    client: Uuid,
    asked: &SubmissionOptions,
    form: &str,
) -> Result<bool> {
    let sql = format!(
        "INSERT INTO submissions (id, client_id, status, mode, atomicity, on_missing, respond_async, idempotency_key, \
         fingerprint, received_at, replacement, given, leased_until) VALUES ($1, $2, 'receiving', $3, $4, $5, $6, \
         nullif($7, ''), $8, $9, nullif($10, '')::jsonb, nullif($11, '')::jsonb, now() + {})",
        lease::LEASE
    );
    let arguments = vec![
        Argument::Uuid(id),
        Argument::Uuid(client),
        Argument::Text(if asked.validate { "validate" } else { "commit" }.into()),
        Argument::Text(if asked.all { "all" } else { "record" }.into()),
        Argument::Text(if asked.on_missing == OnMissing::Park { "park" } else { "reject" }.into()),
        Argument::Boolean(asked.respond_async),
        Argument::Text(asked.idempotency_key.clone().unwrap_or_default().into()),
        Argument::Text(asked.fingerprint(form).into()),
        Argument::Instant(clock::now()),
        Argument::Text(asked.replacement_json().into()),
        Argument::Text(asked.given_json().into()),
    ];
    match Statement::with(&sql, arguments).run(connection) {
        Ok(_) => Ok(true),
        Err(error) if Failure::of(&error) == Some(Failure::Taken) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

fn still_running() -> Error {
    let detail = message("idempotency-key-running");
    Error::new(error::CONFLICT, detail).retry_after(5)
}

/// The body is durable: the work may begin. A cut body lets its idempotency key go, so that it can be sent again.
/// `false`: the submission was taken for abandoned meanwhile.
pub fn received(connection: &mut PgConnection, id: Uuid, received: &Received) -> QueryResult<bool> {
    let Received { bytes, sha256, decoded_sha256, records, cut } = received;
    let sql = "UPDATE submissions SET status = 'queued', bytes = $1, sha256 = $2, records = $3, cut = $4, \
         fingerprint = fingerprint || '|' || $5, \
         idempotency_key = CASE WHEN cut THEN NULL ELSE idempotency_key END WHERE id = $6 AND status = 'receiving'";
    let sql = sql.replace("WHEN cut", if *cut { "WHEN true" } else { "WHEN false" });
    let arguments = vec![
        Argument::Integer(*bytes as i64),
        Argument::Text(sha256.into()),
        Argument::Integer(*records as i64),
        Argument::Boolean(*cut),
        Argument::Text(decoded_sha256.into()),
        Argument::Uuid(id),
    ];
    Statement::with(&sql, arguments).run(connection).map(|count| count == 1)
}

/// The request was no submission: nothing of it stays.
pub fn forget(connection: &mut PgConnection, id: Uuid) -> QueryResult<()> {
    Statement::with("DELETE FROM submissions WHERE id = $1", vec![Argument::Uuid(id)]).run(connection).map(|_| ())
}
