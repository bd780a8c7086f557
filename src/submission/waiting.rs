//! What a submission's parked records wait for, as its report shows it.

use crate::store::pg::statement::{Argument, Cells, Statement};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// What waits in a submission, and for what.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// Place in the submission.
    pub index: i64,
    /// Its resource.
    pub resource: String,
    /// Its key, parts joined by `/`.
    pub key: String,
    /// When it was set aside.
    pub parked_at: DateTime<Utc>,
    /// When it is given up.
    pub expires_at: DateTime<Utc>,
    /// The records it waits for.
    pub waits_for: Vec<serde_json::Value>,
}

/// Parked records of a submission after an index, at most `limit`.
pub fn list(connection: &mut PgConnection, id: Uuid, after: i64, limit: i64) -> QueryResult<Vec<Waiting>> {
    let sql = "SELECT p.index, p.resource, p.key, p.parked_at, p.expires_at, \
         (SELECT json_agg(json_build_object('resource', w.resource, 'key', w.key) ORDER BY w.resource)::text FROM parked_waits w WHERE w.submission_id = p.submission_id AND w.index = p.index) \
         FROM parked_records p WHERE p.submission_id = $1 AND p.index > $2 ORDER BY p.index LIMIT $3";
    let mut found = Vec::new();
    Statement::with(sql, vec![Argument::Uuid(id), Argument::Integer(after), Argument::Integer(limit)]).each(
        connection,
        |cells| {
            let read = |cells: &Cells| {
                Some(Waiting {
                    index: cells.integer(0)?,
                    resource: cells.text(1)?.to_owned(),
                    key: cells.text(2)?.to_owned(),
                    parked_at: cells.instant(3)?,
                    expires_at: cells.instant(4)?,
                    waits_for: cells.text(5).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default(),
                })
            };
            found.extend(read(&cells));
            Ok(())
        },
    )?;
    Ok(found)
}
