//! The issues of a submission by cause. Counting them reads every issue, so the groups of a finished submission are
//! kept in its row, and counted anew only when parked records have changed its issues.

use crate::store::pg::statement::{Argument, Statement};
use crate::submission::disclosure::Viewer;
use crate::submission::issue_store::{COLUMNS, IS_TOLD, IssuePosition, StoredIssue, entry};
use crate::submission::row::Submission;
use crate::submission::source_map;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Groups that are kept and shown.
const SHOWN: i64 = 100;
/// While the work runs, the groups are those of so many issues: the report is asked for again and again.
const BEFOREHAND: i64 = 10_000;

/// Issues of one cause, together.
#[derive(Debug)]
pub struct Group {
    /// How many.
    pub count: i64,
    /// The first of them.
    pub first: StoredIssue,
}

/// A group as kept: how many, and where the first stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept(i64, IssuePosition);

/// Errors first, then the largest groups: same code, severity, resource, and cause or member.
pub fn of(connection: &mut PgConnection, submission: &Submission, viewer: &Viewer) -> QueryResult<Vec<Group>> {
    let kept = match submission.completed_at {
        None => count(connection, submission.id, viewer, Some(BEFOREHAND))?,
        // Of one who sees a part they are counted anew: they are kept as they are for those who see all.
        Some(_) if !viewer.sees_all() => count(connection, submission.id, viewer, None)?,
        Some(_) => match stored(connection, submission.id, "")? {
            Some(kept) => kept,
            None => keep(connection, submission.id, viewer)?,
        },
    };
    named(connection, submission.id, viewer, kept)
}

fn stored(connection: &mut PgConnection, id: Uuid, lock: &str) -> QueryResult<Option<Vec<Kept>>> {
    let sql = format!("SELECT issue_groups::text FROM submissions WHERE id = $1{lock}");
    let found = Statement::with(&sql, vec![Argument::Uuid(id)]).first_row(connection)?;
    Ok(found.and_then(|cells| serde_json::from_str(cells.text(0)?).ok()))
}

/// Who changes issues afterwards locks the row and forgets the groups in the same transaction; under the lock none of
/// that is missed.
fn keep(connection: &mut PgConnection, id: Uuid, viewer: &Viewer) -> QueryResult<Vec<Kept>> {
    connection.transaction(|connection| {
        if let Some(kept) = stored(connection, id, " FOR NO KEY UPDATE")? {
            return Ok(kept);
        }
        let kept = count(connection, id, viewer, None)?;
        let json = serde_json::to_string(&kept).unwrap_or_else(|_| "[]".into());
        let sql = "UPDATE submissions SET issue_groups = $1::jsonb WHERE id = $2";
        Statement::with(sql, vec![Argument::Text(json.into()), Argument::Uuid(id)]).run(connection)?;
        Ok(kept)
    })
}

/// Counts the groups of what the viewer sees, among the first `limit` issues only when there is one.
fn count(connection: &mut PgConnection, id: Uuid, viewer: &Viewer, limit: Option<i64>) -> QueryResult<Vec<Kept>> {
    let first =
        limit.map(|limit| format!(" ORDER BY severity, index, pointer, ordinal LIMIT {limit}")).unwrap_or_default();
    let statement = Statement::new(format!(
        "WITH groups AS (SELECT submission_id, code, resource, severity, coalesce(cause, pointer) AS subject, \
         count(*) AS n, min(index) AS index FROM (SELECT * FROM submission_issues i WHERE {IS_TOLD} \
         AND submission_id = "
    ));
    let statement = viewer.push_issues(statement.bind(Argument::Uuid(id)));
    let statement = statement
        .sql(&format!("{first}) issues GROUP BY 1, 2, 3, 4, 5 ORDER BY severity, n DESC, index LIMIT {SHOWN}) "));
    let statement = viewer.push_issues(statement.sql(&format!(
        "SELECT n, g.index, f.severity::bigint, f.pointer, f.ordinal FROM groups g CROSS JOIN LATERAL ( \
         SELECT * FROM submission_issues i WHERE {IS_TOLD} AND i.submission_id = g.submission_id \
         AND i.index = g.index AND i.severity = g.severity AND i.code = g.code \
         AND i.resource IS NOT DISTINCT FROM g.resource AND coalesce(i.cause, i.pointer) = g.subject"
    )));
    let statement = statement.sql(" ORDER BY pointer, ordinal LIMIT 1) f ORDER BY g.severity, n DESC, g.index");
    let mut kept = Vec::new();
    statement.each(connection, |cells| {
        let read = || {
            let place = IssuePosition {
                index: cells.integer(1)?,
                severity: cells.integer(2)?,
                pointer: cells.text(3)?.to_owned(),
                ordinal: cells.integer(4)?,
            };
            Some(Kept(cells.integer(0)?, place))
        };
        kept.extend(read());
        Ok(())
    })?;
    Ok(kept)
}

/// The groups with the first issue of each; one whose issue is no longer kept is left out.
fn named(connection: &mut PgConnection, id: Uuid, viewer: &Viewer, kept: Vec<Kept>) -> QueryResult<Vec<Group>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM submission_issues JOIN unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) WITH ORDINALITY w(i, s, p, o, at) \
         ON index = i AND severity = s AND pointer = p AND ordinal = o WHERE submission_id = $5 ORDER BY at"
    );
    let integers = |part: fn(&Kept) -> i64| Argument::Integers(kept.iter().map(part).collect());
    let arguments = vec![
        integers(|kept| kept.1.index),
        integers(|kept| kept.1.severity),
        Argument::Texts(kept.iter().map(|kept| kept.1.pointer.as_str().into()).collect()),
        integers(|kept| kept.1.ordinal),
        Argument::Uuid(id),
    ];
    let mut firsts = Vec::new();
    Statement::with(&sql, arguments).each(connection, |cells| {
        firsts.extend(entry(&cells));
        Ok(())
    })?;
    viewer.disclose(connection, &mut firsts)?;
    source_map::find(connection, id, &mut firsts)?;
    let count = |first: &StoredIssue| kept.iter().find(|kept| kept.1 == first.place()).map(|kept| kept.0);
    let mut groups: Vec<Group> =
        firsts.into_iter().filter_map(|first| Some(Group { count: count(&first)?, first })).collect();
    // Those that were kept by an earlier release have the largest first.
    groups.sort_by_key(|group| group.first.severity);
    Ok(groups)
}
