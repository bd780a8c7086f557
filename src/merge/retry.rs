//! One batch into the database: inside a savepoint, again when somebody else was quicker, and by halves when a row is
//! refused.

use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::batch::{Disposition, Outcome, WriteContext};
use crate::merge::target::MergeTarget;
use crate::merge::{alias, delete, partial, upsert};
use crate::metrics;
use crate::model::issue::Issue;
use crate::model::rules::catalogue as rule;
use crate::store::pg::failure;
use crate::store::pg::failure::Failure;
use crate::store::table::Table;
use diesel::prelude::*;
use diesel::result::Error as Database;
use std::time::Instant;

/// Times that a batch is tried before it is halved.
pub(crate) const TRIES: usize = 4;

/// What an error costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The whole transaction: for a first attempt that hardly ever fails, without the way to the database and back that
    /// a savepoint takes twice.
    Bold,
    /// The batch alone, which is tried again, and by halves when a row is refused.
    Careful,
}

/// Applies records of one resource and one operation; keys are distinct. Inside a transaction of the caller's, or
/// alone. Codes that gave way to others are changed in the records.
pub fn apply(
    connection: &mut PgConnection,
    table: &'static Table,
    operation: RecordOperation,
    records: &mut [Incoming],
    writer: &WriteContext,
    retry: Retry,
) -> QueryResult<Vec<Outcome>> {
    let start = Instant::now();
    let outcomes = match retry {
        Retry::Bold => once(connection, table, operation, records, writer),
        Retry::Careful => try_apply(connection, table, operation, records, writer),
    };
    metrics::database_seconds("merge", start.elapsed());
    outcomes
}

/// Applies them without another try, to whatever target.
pub fn once(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    operation: RecordOperation,
    records: &mut [Incoming],
    writer: &WriteContext,
) -> QueryResult<Vec<Outcome>> {
    let translated = alias::translate(target, table, records, writer.scope)?;
    let outcomes = match translated.passes.is_empty() {
        true => distinct(target, table, operation, records, writer)?,
        false => one_after_the_other(target, table, operation, records, writer, &translated.passes)?,
    };
    match alias::gave_way(target.database(), &translated.provisional)? {
        // What was taken for absent may stand under its new code.
        true => Err(Database::NotFound),
        false => Ok(outcomes),
    }
}

fn distinct(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    operation: RecordOperation,
    records: &mut [Incoming],
    writer: &WriteContext,
) -> QueryResult<Vec<Outcome>> {
    match operation {
        RecordOperation::Upsert => {
            partial::complete(target, table, records, writer)?;
            upsert::merge(target, table, records, writer)
        }
        RecordOperation::Delete => delete::delete(target, table, records, writer),
    }
}

/// Records of one key, which were sent under two codes, in the order sent: the last stands.
fn one_after_the_other(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    operation: RecordOperation,
    records: &[Incoming],
    writer: &WriteContext,
    passes: &[Vec<usize>],
) -> QueryResult<Vec<Outcome>> {
    let mut outcomes: Vec<Outcome> = records.iter().map(|_| Outcome::of(Disposition::Rejected, Vec::new())).collect();
    for places in passes {
        let mut round: Vec<Incoming> = places.iter().map(|at| records[*at].clone()).collect();
        for (at, outcome) in places.iter().zip(distinct(target, table, operation, &mut round, writer)?) {
            outcomes[*at] = outcome;
        }
    }
    Ok(outcomes)
}

fn try_apply(
    connection: &mut PgConnection,
    table: &'static Table,
    operation: RecordOperation,
    records: &mut [Incoming],
    writer: &WriteContext,
) -> QueryResult<Vec<Outcome>> {
    let mut tries = 0;
    loop {
        let result = connection.transaction(|connection| once(connection, table, operation, records, writer));
        match result {
            Err(error) if is_race(&error) && tries < TRIES => tries += 1,
            Err(error) if is_refusal(&error) => return isolate(connection, table, operation, records, writer, &error),
            other => return other,
        }
    }
}

fn isolate(
    connection: &mut PgConnection,
    table: &'static Table,
    operation: RecordOperation,
    records: &mut [Incoming],
    writer: &WriteContext,
    error: &Database,
) -> QueryResult<Vec<Outcome>> {
    if let [record] = records {
        return Ok(vec![refused(record, error)]);
    }
    let (first, second) = records.split_at_mut(records.len() / 2);
    let mut outcomes = try_apply(connection, table, operation, first, writer)?;
    outcomes.extend(try_apply(connection, table, operation, second, writer)?);
    Ok(outcomes)
}

/// A record that the rules let through and the database does not take.
fn refused(record: &Incoming, error: &Database) -> Outcome {
    let mut issue = Issue::new(&rule::PT_020, "");
    if let Database::DatabaseError(_, information) = error {
        let constraint = information.constraint_name().or(information.column_name()).unwrap_or_default().to_owned();
        tracing::warn!(state = failure::state(information.as_ref()), constraint, "the database refused a record");
        issue.with("constraint", if constraint.is_empty() { "@none".into() } else { constraint });
    }
    let mut issues = record.issues.clone();
    issues.push(issue);
    Outcome { contextual: true, ..Outcome::of(Disposition::Rejected, issues) }
}

/// May a careful attempt do better than a bold one?
pub fn may_be_mended(error: &Database) -> bool {
    is_race(error) || is_refusal(error)
}

/// Another transaction was quicker: the batch may succeed when run again.
pub(crate) fn is_race(error: &Database) -> bool {
    matches!(error, Database::NotFound) || Failure::of(error) == Some(Failure::Taken)
}

/// It lost to another transaction: only beginning anew from the start of its own helps, for what it holds is held from
/// before.
pub fn is_lost_to_another(error: &Database) -> bool {
    Failure::of(error) == Some(Failure::LostToAnother)
}

/// Somebody else held a lock for longer than `lock_timeout`.
pub fn is_held(error: &Database) -> bool {
    Failure::of(error) == Some(Failure::Held)
}

/// Runs a whole transaction, again when it lost to another one.
pub fn retry_on_deadlock<T>(mut transaction: impl FnMut() -> QueryResult<T>) -> QueryResult<T> {
    let mut tries = 0;
    loop {
        match transaction() {
            Err(error) if is_lost_to_another(&error) && tries < TRIES => tries += 1,
            other => return other,
        }
    }
}

/// The database is well, it is the rows that it does not take.
fn is_refusal(error: &Database) -> bool {
    matches!(error, Database::NotFound) || matches!(Failure::of(error), Some(Failure::Row | Failure::Taken))
}
