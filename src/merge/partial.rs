//! Records of sheets that have columns for some members only: the other members keep what is stored, and the whole is
//! what the rules judge.

use crate::intake::gate::Gate;
use crate::intake::record::Incoming;
use crate::merge::batch::WriteContext;
use crate::merge::locks::schools_in_scope;
use crate::merge::stored::GroupState;
use crate::merge::target::{KeySlice, MergeTarget};
use crate::model::value::Row;
use crate::store::table::Table;
use diesel::QueryResult;

/// Completes those records that are partial by what is stored of them, before they are held against it. Only what is
/// stored of the record's own school counts, and only where the sender may write it: of others' he is told nothing.
///
/// # Errors
/// Those of the database.
pub fn complete(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    records: &mut [Incoming],
    writer: &WriteContext,
) -> QueryResult<()> {
    if records.iter().all(|record| record.partial.is_none()) {
        return Ok(());
    }
    // Of what is new nothing is stored.
    let states = target.group_states(table, records)?;
    let may_be_stored = |at: &usize| states[*at] != GroupState::New && records[*at].partial.is_some();
    let (places, keys): (Vec<usize>, Vec<_>) =
        (0..records.len()).filter(may_be_stored).filter_map(|at| Some((at, own(records[at].key(table)?)))).unzip();
    if places.is_empty() {
        return Ok(());
    }
    let seen = schools_in_scope(target, table, places.iter().map(|at| &records[*at]), writer.scope)?;
    let keys: Vec<&KeySlice> = keys.iter().map(Vec::as_slice).collect();
    let stored = target.whole_rows(table, &keys)?;
    let gate = Gate { lists: writer.lists, received: writer.received, crosswalks: None, largest_record: u64::MAX };
    let mut scratch = Vec::new();
    for (at, stored) in places.into_iter().zip(stored) {
        let record = &mut records[at];
        let is_own = |row: &Row| {
            let school = record.school(table);
            school.is_some_and(|school| seen.as_ref().is_none_or(|seen| seen.contains(school)))
                && row.text(table.owner) == school
        };
        let stored = stored.filter(is_own);
        gate.complete(table, record, stored.as_ref(), &mut scratch);
    }
    Ok(())
}

/// A key that outlives the record it was read from.
fn own<'k>(key: Vec<std::borrow::Cow<str>>) -> Vec<std::borrow::Cow<'k, str>> {
    key.into_iter().map(|part| part.into_owned().into()).collect()
}
