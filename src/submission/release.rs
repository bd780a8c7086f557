//! What accepted writes mean for the parked records.

use crate::change::keys::{Change, ChangeOperation};
use crate::change::log::Block;
use crate::intake::record::Incoming;
use crate::merge::batch::{Disposition, Outcome};
use crate::model::record_key;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::{Table, by_number};
use crate::submission::parked::key_text;
use diesel::prelude::*;
use std::borrow::Cow;
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

/// Under which name parked records read the change log.
pub const CONSUMER: &str = "parked";

/// Discards parked records of the same keys as accepted ones: those that were discarded. A write that changed nothing
/// does so too, which no block tells; and none of them may be applied over what was accepted. What another school's
/// client has parked under the key is its own business: it is judged when its parent comes.
pub fn discard(
    connection: &mut PgConnection,
    table: &Table,
    accepted: &[(&Incoming, Disposition)],
    client: Uuid,
) -> QueryResult<Vec<Discarded>> {
    if accepted.is_empty() || !any(connection)? {
        return Ok(Vec::new());
    }
    discard_known(connection, table, accepted, client)
}

/// Is anything parked at all?
fn any(connection: &mut PgConnection) -> QueryResult<bool> {
    Ok(Statement::new("SELECT 1 FROM parked_records LIMIT 1").first_row(connection)?.is_some())
}

/// The same where something is known to be parked.
pub fn discard_known(
    connection: &mut PgConnection,
    table: &Table,
    accepted: &[(&Incoming, Disposition)],
    client: Uuid,
) -> QueryResult<Vec<Discarded>> {
    let mut discarded = Vec::new();
    if accepted.is_empty() {
        return Ok(discarded);
    }
    let keys = Argument::Texts(accepted.iter().map(|(record, _)| key_text(table, record).into()).collect());
    let schools = accepted.iter().map(|(record, _)| Some(record.school(table)?.into())).collect();
    let sql = "DELETE FROM parked_records p USING unnest($1::text[], $2::text[]) a(key, school) \
         WHERE p.resource = $3 AND p.key = a.key \
         AND (p.client_id = $4 OR p.school_code IS NULL OR p.school_code = a.school) RETURNING p.submission_id";
    let arguments =
        vec![keys, Argument::MaybeTexts(schools), Argument::Text(table.spec.name.into()), Argument::Uuid(client)];
    Statement::with(sql, arguments).each(connection, |cells| {
        discarded
            .extend(cells.uuid(0).map(|submission| Discarded { submission, resource: table.spec.name.to_owned() }));
        Ok(())
    })?;
    Ok(discarded)
}

/// Marks as ready those parked records that wait for what came new with these blocks.
///
/// # Errors
/// Those of the database; a block that another version of the program wrote and this one cannot read.
pub fn take(connection: &mut PgConnection, blocks: &[Block]) -> QueryResult<()> {
    if !any(connection)? {
        return Ok(());
    }
    let sql = "UPDATE parked_records p SET ready = true FROM parked_waits w WHERE w.resource = $1 AND w.key = ANY($2::text[]) \
         AND p.submission_id = w.submission_id AND p.index = w.index AND NOT p.ready";
    for block in blocks {
        let Some(table) = by_number(block.resource) else { continue };
        let changes = block.changes().map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
        let is_new = |change: &&Change| matches!(change.operation, ChangeOperation::Create | ChangeOperation::Rekey);
        let keys: Vec<Cow<str>> =
            changes.iter().filter(is_new).map(|change| record_key::shown(&change.key).into()).collect();
        if !keys.is_empty() {
            let arguments = vec![Argument::Text(table.spec.name.into()), Argument::Texts(keys)];
            Statement::with(sql, arguments).run(connection)?;
        }
    }
    Ok(())
}
