//! A submission's report, read and streamed.

use crate::error::{Error, NOT_FOUND, Result};
use crate::http::api::submission_report::{SubmissionReport, SubmissionSummary};
use crate::jobs::watchers::Event;
use crate::model::messages::message;
use crate::submission::disclosure::Viewer;
use crate::submission::issue_groups;
use crate::submission::issue_query::{self, IssueFilter};
use crate::submission::row;
use crate::submission::row::Submission;
use diesel::PgConnection;
use serde::Serialize;
use uuid::Uuid;

/// Issues shown in the report itself.
const SHOWN: i64 = 100;
/// Issues or findings read at once while streaming.
pub(crate) const PAGE: i64 = 500;

/// The whole report.
///
/// # Errors
/// A 404 when it is gone meanwhile, and those of the database.
pub fn of(connection: &mut PgConnection, id: Uuid, viewer: &Viewer) -> Result<SubmissionReport> {
    let Some(submission) = row::find(connection, id)? else {
        return Err(Error::new(NOT_FOUND, message("submission-unknown")));
    };
    let issues = issue_query::read(connection, id, viewer, &IssueFilter::default(), None, SHOWN)?;
    let groups = issue_groups::of(connection, &submission, viewer)?;
    let beyond = viewer.beyond(connection, std::iter::once(id))?;
    let summary = SubmissionSummary::of(&submission).seen_beside(&beyond);
    Ok(SubmissionReport::of(summary, &issues, &groups, viewer.reader))
}

/// A value as a line of NDJSON.
pub fn ndjson_line(value: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line
}

/// Progress as it is told to who watches.
pub fn event(submission: &Submission) -> Event {
    let last = submission.completed_at.is_some();
    let name = if last { "done" } else { "progress" };
    let summary = serde_json::to_string(&SubmissionSummary::of(submission)).unwrap_or_default();
    Event { text: format!("event: {name}\ndata: {summary}\n\n").into(), last }
}
