//! Which issues of a submission are read, and in which order.

use crate::model::issue::Severity;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::disclosure::Viewer;
use crate::submission::issue_store::{COLUMNS, IS_TOLD, IssuePosition, StoredIssue, entry};
use crate::submission::source_map;
use diesel::prelude::*;
use uuid::Uuid;

/// Which issues are read.
#[derive(Debug, Clone, Default)]
pub struct IssueFilter {
    /// Of this severity.
    pub severity: Option<Severity>,
    /// Of this rule.
    pub code: Option<String>,
    /// Of records of this resource.
    pub resource: Option<String>,
}

/// In which order: errors first, of the same severity by record.
const ORDER: &str = "severity, index, pointer, ordinal";

impl IssueFilter {
    fn push<'a>(&'a self, mut statement: Statement<'a>) -> Statement<'a> {
        if let Some(severity) = self.severity {
            statement = statement.sql(" AND severity = ").bind(Argument::Integer(severity as i64));
        }
        for (column, value) in [("code", &self.code), ("resource", &self.resource)] {
            if let Some(value) = value {
                statement = statement.sql(&format!(" AND {column} = ")).bind(Argument::Text(value.into()));
            }
        }
        statement
    }
}

/// Issues that the viewer sees, errors first; after a place, at most `limit`.
///
/// # Errors
/// Those of the database.
pub fn read(
    connection: &mut PgConnection,
    submission: Uuid,
    viewer: &Viewer,
    wanted: &IssueFilter,
    after: Option<&IssuePosition>,
    limit: i64,
) -> QueryResult<Vec<StoredIssue>> {
    let statement =
        Statement::new(format!("SELECT {COLUMNS} FROM submission_issues i WHERE {IS_TOLD} AND submission_id = "));
    let statement = viewer.push_issues(statement.bind(Argument::Uuid(submission)));
    let mut statement = wanted.push(statement);
    if let Some(place) = after {
        statement = statement
            .sql(&format!(" AND ({ORDER}) > ("))
            .bind(Argument::Integer(place.severity))
            .sql(", ")
            .bind(Argument::Integer(place.index))
            .sql(", ")
            .bind(Argument::Text(place.pointer.clone().into()))
            .sql(", ")
            .bind(Argument::Integer(place.ordinal))
            .sql(")");
    }
    let mut entries = Vec::new();
    let statement = statement.sql(&format!(" ORDER BY {ORDER} LIMIT ")).bind(Argument::Integer(limit));
    statement.each(connection, |cells| {
        entries.extend(entry(&cells));
        Ok(())
    })?;
    viewer.disclose(connection, &mut entries)?;
    source_map::find(connection, submission, &mut entries)?;
    Ok(entries)
}
