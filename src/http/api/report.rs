//! A submission's report and its parts, as the API shows them.

use crate::error::{Error, NOT_FOUND, Result};
use crate::jobs::watchers::Event;
use crate::model::issue::Reader;
use crate::submission::disclosure::Viewer;
use crate::submission::issue_groups;
use crate::submission::issue_groups::Group;
use crate::submission::issue_store;
use crate::submission::issue_store::StoredIssue;
use crate::submission::row;
use crate::submission::row::Submission;
use diesel::PgConnection;
use serde_json::{Value, json};
use uuid::Uuid;

/// Issues shown in the report itself.
const SHOWN: i64 = 100;
/// Issues or findings read at once while streaming.
pub(crate) const PAGE: i64 = 500;

/// The whole report.
///
/// # Errors
/// A 404 when it is gone meanwhile, and those of the database.
pub fn of(connection: &mut PgConnection, id: Uuid, viewer: &Viewer) -> Result<Value> {
    let Some(submission) = row::find(connection, id)? else {
        return Err(Error::new(NOT_FOUND, "There is no such submission."));
    };
    let (mut report, reader) = (summary(&submission), viewer.reader);
    let issues = issue_store::read(connection, id, viewer, None, SHOWN)?;
    report["issues"] = issues.iter().map(|entry| issue(entry, reader)).collect();
    let groups = issue_groups::of(connection, &submission, viewer)?;
    report["issueGroups"] = groups.iter().map(|found| group(found, reader)).collect();
    Ok(report)
}

/// The report without issues, as lists show it.
pub fn summary(submission: &Submission) -> Value {
    let link = |tail: &str| format!("/v1/submissions/{}{tail}", submission.id);
    let done = submission.completed_at.is_some();
    let status = if submission.status == "receiving" { "queued" } else { &submission.status };
    let mut summary = json!({
        "id": submission.id, "status": status, "result": submission.result,
        "mode": if submission.options.validate { "validate" } else { "commit" },
        "atomicity": if submission.options.all { "all" } else { "record" },
        "clientId": submission.client, "receivedAt": submission.received_at, "completedAt": submission.completed_at,
        "bytes": submission.bytes, "sha256": submission.sha256,
        "progress": {"processed": submission.tally.total.decided(), "total": (done || submission.records > 0).then_some(submission.records)},
        "counts": submission.tally.total, "byResource": submission.tally.by_resource,
        "links": {"self": link(""), "issues": link("/issues"), "rejected": link("/rejected"), "receipt": link("/receipt")},
    });
    if let Some(replacement) = &submission.options.replacement {
        summary["replacement"] = json!(replacement);
    }
    summary
}

/// One issue.
pub fn issue(entry: &StoredIssue, reader: Reader) -> Value {
    let mut issue = json!({"index": entry.index, "resource": entry.resource, "key": entry.key, "pointer": entry.pointer, "code": entry.rule.code,
        "severity": entry.severity, "message": entry.message(reader), "hint": entry.hint(reader)});
    place(&mut issue, entry);
    issue
}

/// Where it stands in its sheet, if it came from one.
fn place(found: &mut Value, entry: &StoredIssue) {
    let Some(spot) = &entry.spot else { return };
    found["row"] = spot.row.into();
    for (name, value) in [("sheet", &spot.sheet), ("column", &spot.column), ("heading", &spot.heading)] {
        if let Some(value) = value {
            found[name] = value.as_str().into();
        }
    }
}

/// Issues of one cause.
pub fn group(group: &Group, reader: Reader) -> Value {
    let first = &group.first;
    let mut group = json!({"code": first.rule.code, "resource": first.resource, "severity": first.severity, "count": group.count,
        "firstIndex": first.index, "pointer": first.pointer, "message": first.message(reader), "hint": first.hint(reader)});
    place(&mut group, first);
    group
}

/// Progress as it is told to who watches.
pub fn event(submission: &Submission) -> Event {
    let last = submission.completed_at.is_some();
    let name = if last { "done" } else { "progress" };
    Event { text: format!("event: {name}\ndata: {}\n\n", summary(submission)).into(), last }
}
