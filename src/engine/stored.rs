//! What the database holds of a batch: digests of whole groups first, then the versions of what differs.

use super::batch::{Incoming, Meta};
use super::codec;
use super::table::Table;
use crate::model::value::{Row, Value};
use crate::store::statement::{Argument, Cells, Statement};
use diesel::prelude::*;
use std::borrow::Cow;

/// Below this many records a digest asks more than it saves.
const DIGEST_FROM: usize = 64;

/// A stored version.
#[derive(Debug)]
pub struct Stored {
    /// Hash over key and content.
    pub hash: (i64, i64),
    /// Version and origin.
    pub meta: Meta,
    /// Key, owner and `Spec::stored`; else empty.
    pub row: Row,
}

/// Marks the records that stand in groups whose digest equals the stored one: nothing of them has changed. The records are sorted by key.
pub fn equal_groups(connection: &mut PgConnection, table: &Table, records: &[Incoming]) -> QueryResult<Vec<bool>> {
    let mut equal = vec![false; records.len()];
    if table.spec.digest == 0 || records.len() < DIGEST_FROM {
        return Ok(equal);
    }
    let places = &table.key[..table.spec.digest];
    let groups: Vec<Group> = groups(records, places);
    let keys: Vec<Vec<Cow<str>>> = groups.iter().filter_map(|group| super::batch::parts(&records[group.from].row, places)).collect();
    Statement::with(&table.digest, arrays(&keys, places.len())).each(connection, |cells| {
        let group = &groups[cells.integer(0).unwrap_or_default() as usize - 1];
        let found = (cells.integer(1).unwrap_or_default(), cells.integer(2).unwrap_or_default(), cells.integer(3).unwrap_or_default());
        if found == group.digest {
            equal[group.from..group.to].fill(true);
        }
        Ok(())
    })?;
    Ok(equal)
}

/// Records of one group, side by side, without a fault.
struct Group {
    from: usize,
    to: usize,
    /// The two halves of the hashes, and how many.
    digest: (i64, i64, i64),
}

fn groups(records: &[Incoming], places: &[usize]) -> Vec<Group> {
    let (mut groups, mut from) = (Vec::new(), 0);
    for run in records.chunk_by(|a, b| super::batch::compare(&a.row, &b.row, places).is_eq()) {
        let to = from + run.len();
        let digest = run.iter().fold((0, 0, 0), |sum, record| (sum.0 ^ record.hash.0, sum.1 ^ record.hash.1, sum.2 + 1));
        let whole = places.iter().all(|place| run[0].row.values[*place] != Value::Null);
        if whole && !run.iter().any(Incoming::has_error) {
            groups.push(Group { from, to, digest });
        }
        from = to;
    }
    groups
}

/// Turns rows of keys into one text array a part.
pub fn arrays<'a, K: AsRef<[Cow<'a, str>]>>(keys: &[K], parts: usize) -> Vec<Argument<'a>> {
    (0..parts).map(|part| Argument::Texts(keys.iter().map(|key| key.as_ref()[part].clone()).collect())).collect()
}

/// The stored versions of `keys`, in their order; `None` where nothing is stored.
pub fn fetch(connection: &mut PgConnection, table: &Table, keys: &[&[Cow<'_, str>]]) -> QueryResult<Vec<Option<Stored>>> {
    let mut found: Vec<Option<Stored>> = keys.iter().map(|_| None).collect();
    if keys.is_empty() {
        return Ok(found);
    }
    Statement::with(&table.fetch, arrays(keys, table.key.len())).each(connection, |cells| {
        let at = cells.integer(0).unwrap_or_default() as usize - 1;
        found[at] = stored(table, &cells);
        Ok(())
    })?;
    Ok(found)
}

fn stored(table: &Table, cells: &Cells) -> Option<Stored> {
    let meta = Meta { version: cells.integer(3)?, changed_at: cells.instant(4)?, submission: cells.uuid(5)?, client: cells.uuid(6)? };
    let mut row = Row::empty(table.spec.fields.len());
    fill(&mut row, table, &table.stored, cells, 7);
    Some(Stored { hash: (cells.integer(1)?, cells.integer(2)?), meta, row })
}

/// Puts the cells from `first` on into the row's places.
pub fn fill(row: &mut Row, table: &Table, places: &[usize], cells: &Cells, first: usize) {
    for (offset, place) in places.iter().enumerate() {
        let value = cells.get(first + offset).and_then(|bytes| codec::from_sql(bytes, &table.spec.fields[*place].kind));
        row.values[*place] = value.unwrap_or(Value::Null);
    }
}
