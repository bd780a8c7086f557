//! What the database holds of a batch: digests of whole groups first, then the versions of what differs.

use super::batch::{Incoming, Meta};
use super::codec;
use super::table::Table;
use crate::model::value::{Row, Value};
use crate::store::statement::{Argument, Cells, Statement};
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;

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

/// Marks the records that stand in groups whose digest equals the stored one: nothing of them has changed.
pub fn equal_groups(connection: &mut PgConnection, table: &Table, records: &[Incoming]) -> QueryResult<Vec<bool>> {
    let mut equal = vec![false; records.len()];
    if table.spec.digest == 0 || records.len() < DIGEST_FROM {
        return Ok(equal);
    }
    let places = &table.key[..table.spec.digest];
    let mut groups: HashMap<Vec<Cow<str>>, (i64, i64, i64)> = HashMap::with_capacity(records.len() / 8);
    let mut member_of = Vec::with_capacity(records.len());
    for record in records {
        let key = if record.has_error() { None } else { super::batch::parts(&record.row, places) };
        if let Some(key) = &key {
            let digest = groups.entry(key.clone()).or_default();
            *digest = (digest.0 ^ record.hash.0, digest.1 ^ record.hash.1, digest.2 + 1);
        }
        member_of.push(key);
    }
    let order: Vec<&Vec<Cow<str>>> = groups.keys().collect();
    let mut same: Vec<bool> = vec![false; order.len()];
    Statement::with(&table.digest, arrays(&order, places.len())).each(connection, |cells| {
        let group = cells.integer(0).unwrap_or_default() as usize - 1;
        let found = (cells.integer(1).unwrap_or_default(), cells.integer(2).unwrap_or_default(), cells.integer(3).unwrap_or_default());
        same[group] = groups.get(order[group]) == Some(&found);
        Ok(())
    })?;
    let same: std::collections::HashSet<&Vec<Cow<str>>> = order.iter().zip(&same).filter(|(_, same)| **same).map(|(key, _)| *key).collect();
    for (at, key) in member_of.iter().enumerate() {
        equal[at] = key.as_ref().is_some_and(|key| same.contains(key));
    }
    Ok(equal)
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
