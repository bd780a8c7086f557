//! How often a submission was begun. An attempt is counted in the database before it runs: also one that takes the whole
//! process with it is one, on whichever gateway.

use crate::error::{Error, Result};
use crate::model::issue::Issue;
use crate::model::rules::catalogue as rule;
use crate::store::engine::Engine;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::issue_store::{IssueBuffer, IssueSubject};
use crate::submission::row;
use diesel::prelude::*;
use uuid::Uuid;

/// Counts an attempt: the how manyth it is since the submission last moved on; `None`: it is open no more. Whether the
/// disk has it does not matter, only that it outlives this process, so nobody waits for the disk.
pub fn begin(connection: &mut PgConnection, id: Uuid) -> QueryResult<Option<i64>> {
    let sql = format!(
        "UPDATE submissions SET attempts = attempts + 1, runs = runs + 1 WHERE id = $1 \
         AND status IN ('queued', 'processing') AND {} RETURNING attempts::bigint",
        Engine::of(connection)?.in_haste()
    );
    Ok(Statement::with(&sql, vec![Argument::Uuid(id)]).first_row(connection)?.and_then(|cells| cells.integer(0)))
}

/// The attempt ended for want of something else: it does not count.
pub fn give_back(connection: &mut PgConnection, id: Uuid) -> QueryResult<()> {
    let sql = "UPDATE submissions SET attempts = greatest(attempts - 1, 0) WHERE id = $1 AND completed_at IS NULL";
    Statement::with(sql, vec![Argument::Uuid(id)]).run(connection).map(|_| ())
}

/// Closes a submission that was begun so often in vain: what is done of it stays, the rest is rejected, and its report
/// says so (PT-024).
///
/// # Errors
/// Those of the database.
pub fn give_up(connection: &mut PgConnection, id: Uuid, attempts: i64) -> Result<()> {
    let mut issue = Issue::new(&rule::PT_024, "");
    issue.with("attempts", attempts);
    close_failed(connection, id, issue)
}

/// Closes a dry run of more records than may be held in memory (PT-025).
///
/// # Errors
/// Those of the database.
pub(crate) fn end_too_large(connection: &mut PgConnection, id: Uuid, largest: u64) -> Result<()> {
    let mut issue = Issue::new(&rule::PT_025, "");
    issue.with("limit", format!("{} MiB", largest >> 20));
    close_failed(connection, id, issue)
}

/// Closes it with this issue first of all; what was not judged counts as rejected.
fn close_failed(connection: &mut PgConnection, id: Uuid, mut issue: Issue) -> Result<()> {
    connection.transaction::<_, Error, _>(|connection| {
        let Some(mut submission) = row::find(connection, id)? else { return Ok(()) };
        let its = || vec![Argument::Uuid(id)];
        let is_unkept = submission.options.validate || submission.options.all;
        if is_unkept {
            // Nothing of it was kept, so nothing stands that was said of it.
            Statement::with("DELETE FROM submission_issues WHERE submission_id = $1", its()).run(connection)?;
            submission.tally = Default::default();
        }
        Statement::with("DELETE FROM submission_deferred WHERE submission_id = $1", its()).run(connection)?;
        let unjudged = submission.records - submission.tally.total.decided();
        submission.tally.total.received += unjudged;
        submission.tally.total.rejected += unjudged;
        issue.with("records", unjudged);
        let mut issues = IssueBuffer::default();
        issues.add_of_all(0, id, &IssueSubject { index: 0, resource: None, key: None, school: None }, &issue);
        issues.flush(connection)?;
        match is_unkept {
            true => row::close_with(connection, &mut submission, "failed")?,
            false => row::close(connection, &mut submission, "failed")?,
        }
        Ok(())
    })
}
