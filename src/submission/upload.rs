//! The file that a person sent: what it was called and what was said beside it. It goes with the body.

use crate::store::pg::statement::{Argument, Statement};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A file as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upload {
    /// Its name, without folders.
    pub file_name: String,
    /// What was said beside it, by the names of the parameters of a submission.
    pub fields: BTreeMap<String, String>,
}

/// Keeps it beside its submission.
///
/// # Errors
/// Those of the database.
pub fn keep(connection: &mut PgConnection, submission: Uuid, upload: &Upload) -> QueryResult<()> {
    let sql = "INSERT INTO console_uploads (submission_id, file_name, fields) SELECT id, $1, $2::jsonb FROM submissions \
         WHERE id = $3 ON CONFLICT DO NOTHING";
    let fields = serde_json::to_string(&upload.fields).unwrap_or_else(|_| "{}".into());
    let arguments = vec![
        Argument::Text(upload.file_name.as_str().into()),
        Argument::Text(fields.into()),
        Argument::Uuid(submission),
    ];
    Statement::with(sql, arguments).run(connection).map(|_| ())
}

/// The files of these submissions; those of programs have none.
///
/// # Errors
/// Those of the database.
pub fn of(
    connection: &mut PgConnection,
    submissions: impl Iterator<Item = Uuid>,
) -> QueryResult<HashMap<Uuid, Upload>> {
    let sql =
        "SELECT submission_id, file_name, fields::text FROM console_uploads WHERE submission_id = ANY($1::uuid[])";
    let mut found = HashMap::new();
    let ids = submissions.map(|id| id.to_string().into()).collect();
    Statement::with(sql, vec![Argument::Texts(ids)]).each(connection, |cells| {
        let fields = cells.text(2).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        let upload = Upload { file_name: cells.text(1).unwrap_or_default().to_owned(), fields };
        found.extend(cells.uuid(0).map(|id| (id, upload)));
        Ok(())
    })?;
    Ok(found)
}
