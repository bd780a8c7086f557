//! What a submission's parked records wait for, as its report shows it.

use crate::store::pg::statement::{Argument, Cells, Statement};
use crate::submission::disclosure::Viewer;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// A record that waits for others.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ParkedRecord)]
pub struct Waiting {
    /// Place in the submission.
    pub index: i64,
    /// Its resource.
    pub resource: String,
    /// Its key, parts joined by `/`.
    pub key: String,
    /// When it was parked.
    pub parked_at: DateTime<Utc>,
    /// When it is given up.
    pub expires_at: DateTime<Utc>,
    /// What it waits for.
    pub waits_for: Vec<MissingRecord>,
}

/// A record that is not there yet.
#[derive(Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct MissingRecord {
    /// Its resource.
    pub resource: String,
    /// Its key, parts joined by `/`.
    pub key: String,
}

/// Parked records of a submission that the viewer sees after an index, at most `limit`.
pub fn list(
    connection: &mut PgConnection,
    id: Uuid,
    viewer: &Viewer,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<Waiting>> {
    let statement = Statement::new(
        "SELECT i.index, i.resource, i.key, i.parked_at, i.expires_at, \
         (SELECT json_agg(json_build_object('resource', w.resource, 'key', w.key) ORDER BY w.resource)::text \
         FROM parked_waits w WHERE w.submission_id = i.submission_id AND w.index = i.index) \
         FROM parked_records i WHERE i.submission_id = ",
    );
    let statement = statement.bind(Argument::Uuid(id)).sql(" AND i.index > ").bind(Argument::Integer(after));
    let statement = viewer.push_records(statement).sql(" ORDER BY i.index LIMIT ").bind(Argument::Integer(limit));
    let mut found = Vec::new();
    statement.each(connection, |cells| {
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
    })?;
    Ok(found)
}
