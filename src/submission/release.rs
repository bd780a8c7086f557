//! What accepted writes mean for the parked records.

use crate::intake::record::Incoming;
use crate::merge::batch::{Disposition, Outcome};
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::Table;
use crate::submission::parked::key_text;
use diesel::prelude::*;
use uuid::Uuid;

/// A parked record that a later write of the same key put aside.
pub struct Discarded {
    /// Its submission.
    pub submission: Uuid,
    /// Its resource.
    pub resource: String,
}

/// Those of a batch of upserts that are stored now as they were sent.
pub fn kept<'r>(batch: &'r [Incoming], outcomes: &[Outcome]) -> Vec<(&'r Incoming, Disposition)> {
    let all = batch.iter().zip(outcomes).map(|(record, outcome)| (record, outcome.action));
    all.filter(|(_, action)| matches!(action, Disposition::Created | Disposition::Updated | Disposition::Unchanged))
        .collect()
}

/// What accepted writes mean for the parked.
#[derive(Default)]
pub struct Echo {
    /// Those of the same keys, which are discarded.
    pub discarded: Vec<Discarded>,
    /// How many waited for a record that is there now.
    pub ready: usize,
}

/// Discards parked records of the same keys, and marks as ready those that wait for what was created.
pub fn on_accepted(
    connection: &mut PgConnection,
    table: &Table,
    accepted: &[(&Incoming, Disposition)],
) -> QueryResult<Echo> {
    if accepted.is_empty() || !any(connection)? { Ok(Echo::default()) } else { echo(connection, table, accepted) }
}

/// Is anything parked at all?
fn any(connection: &mut PgConnection) -> QueryResult<bool> {
    Ok(Statement::new("SELECT 1 FROM parked_records LIMIT 1").first_row(connection)?.is_some())
}

/// The same where something is known to be parked.
pub fn echo(connection: &mut PgConnection, table: &Table, accepted: &[(&Incoming, Disposition)]) -> QueryResult<Echo> {
    let mut discarded = Vec::new();
    if accepted.is_empty() {
        return Ok(Echo::default());
    }
    let keys = |only_created: bool| {
        let wanted = accepted.iter().filter(|(_, action)| !only_created || *action == Disposition::Created);
        Argument::Texts(wanted.map(|(record, _)| key_text(table, record).into()).collect())
    };
    let sql = "DELETE FROM parked_records WHERE resource = $1 AND key = ANY($2::text[]) RETURNING submission_id, index";
    let resource = || Argument::Text(table.spec.name.into());
    Statement::with(sql, vec![resource(), keys(false)]).each(connection, |cells| {
        discarded
            .extend(cells.uuid(0).map(|submission| Discarded { submission, resource: table.spec.name.to_owned() }));
        Ok(())
    })?;
    let sql = "UPDATE parked_records p SET ready = true FROM parked_waits w WHERE w.resource = $1 AND w.key = ANY($2::text[]) \
         AND p.submission_id = w.submission_id AND p.index = w.index AND NOT p.ready";
    let ready = Statement::with(sql, vec![resource(), keys(true)]).run(connection)?;
    Ok(Echo { discarded, ready })
}
