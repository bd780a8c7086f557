//! What the database holds of a batch: digests of whole groups first, then the versions of what differs.

use crate::intake::record::Incoming;
use crate::merge::batch::Meta;
use crate::model::record_key::SEPARATOR;
use crate::model::value::{Row, Value};
use crate::store::pg::binary;
use crate::store::pg::statement::{Argument, Cells, Statement};
use crate::store::table;
use crate::store::table::Table;
use crate::store::table::history;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;

/// Below this many records a digest asks more than it saves.
pub(crate) const DIGEST_FROM: usize = 64;
/// From this many groups of one school, year and period on, all between the first and the last are read in one go,
/// which takes 0.7 of the time of finding each (`docs/performance.md`).
const RANGE_FROM: usize = 64;

/// A stored version.
#[derive(Debug)]
pub struct Stored {
    /// Hash over key and content.
    pub hash: (i64, i64),
    /// Version and origin.
    pub meta: Meta,
    /// Where it lies (`ctid`).
    pub place: String,
    /// Key, owner and `Spec::stored`; else empty.
    pub row: Row,
}

/// What the digest of a record's group tells of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupState {
    /// The whole group is stored just so: nothing of it has changed.
    Equal,
    /// Nothing of the group is stored: the record is new.
    New,
    /// To be compared one by one.
    Open,
}

/// Compares digests of whole groups with those stored.
pub fn standings(connection: &mut PgConnection, table: &Table, records: &[Incoming]) -> QueryResult<Vec<GroupState>> {
    let mut standings = vec![GroupState::Open; records.len()];
    if table.digest.is_empty() || records.len() < DIGEST_FROM {
        return Ok(standings);
    }
    let places = &table.key[..table.spec.digest];
    let (groups, group_of) = groups(records, places);
    let keys: Vec<Vec<Cow<str>>> =
        groups.iter().filter_map(|group| crate::intake::record::parts(&records[group.first].row, places)).collect();
    let (mut told, mut order) = (vec![GroupState::New; groups.len()], (0..groups.len()).collect::<Vec<_>>());
    order.sort_unstable_by_key(|group| &keys[*group]);
    let last = places.len() - 1;
    let of_prefix = order.chunk_by(|a, b| keys[*a][..last] == keys[*b][..last]);
    let ranges: Vec<&[usize]> =
        of_prefix.flat_map(|groups| groups.chunks(if groups.len() < RANGE_FROM { 1 } else { groups.len() })).collect();
    let column = |end: fn(&[usize]) -> usize, part: usize| {
        Argument::Texts(ranges.iter().map(|range| keys[end(range)][part].clone()).collect())
    };
    let (first_of, last_of) = (|range: &[usize]| range[0], |range: &[usize]| range[range.len() - 1]);
    let arguments = (0..=last).map(|part| column(first_of, part)).chain([column(last_of, last)]).collect();
    Statement::with(&table.digest, arguments).each(connection, |cells| {
        let range = ranges[cells.integer(0).unwrap_or_default() as usize - 1];
        let part = cells.text(1).unwrap_or_default();
        // Others stand between those that were sent.
        if let Ok(at) = range.binary_search_by(|group| keys[*group][last].as_ref().cmp(part)) {
            let group = &groups[range[at]];
            let found = (
                cells.integer(2).unwrap_or_default(),
                cells.integer(3).unwrap_or_default(),
                cells.integer(4).unwrap_or_default(),
            );
            told[range[at]] = if found == group.digest && !group.faulty { GroupState::Equal } else { GroupState::Open };
        }
        Ok(())
    })?;
    for (standing, group) in standings.iter_mut().zip(group_of) {
        *standing = group.map_or(GroupState::Open, |group| told[group as usize]);
    }
    Ok(standings)
}

/// Records that share the leading fields of their keys.
struct Group {
    /// One of them.
    first: usize,
    /// The two halves of the hashes, and how many.
    digest: (i64, i64, i64),
    /// One of them has an error.
    faulty: bool,
}

/// The groups, and each record's. Told apart by a hash: two groups taken for one would only be compared one by one.
fn groups(records: &[Incoming], places: &[usize]) -> (Vec<Group>, Vec<Option<u32>>) {
    let (mut groups, mut numbers): (Vec<Group>, HashMap<u64, u32>) =
        (Vec::new(), HashMap::with_capacity(records.len() / 8));
    // Records of one group mostly come one after the other.
    let mut previous = None;
    let mut number_of = |(at, record): (usize, &Incoming)| {
        let mut hash = xxhash_rust::xxh3::Xxh3Default::new();
        for place in places {
            hash.update(crate::intake::record::part(&record.row.values[*place])?.as_bytes());
            hash.update(&[SEPARATOR as u8]);
        }
        let hash = hash.digest();
        let number = match previous {
            Some((known, number)) if known == hash => number,
            _ => *numbers.entry(hash).or_insert_with(|| {
                groups.push(Group { first: at, digest: (0, 0, 0), faulty: false });
                groups.len() as u32 - 1
            }),
        };
        previous = Some((hash, number));
        let group = &mut groups[number as usize];
        group.digest = (group.digest.0 ^ record.hash.0, group.digest.1 ^ record.hash.1, group.digest.2 + 1);
        group.faulty |= record.has_error();
        Some(number)
    };
    let group_of = records.iter().enumerate().map(&mut number_of).collect();
    (groups, group_of)
}

/// Turns rows of keys into one text array a part.
pub fn arrays<'a, K: AsRef<[Cow<'a, str>]>>(keys: &[K], parts: usize) -> Vec<Argument<'a>> {
    (0..parts).map(|part| Argument::Texts(keys.iter().map(|key| key.as_ref()[part].clone()).collect())).collect()
}

/// The stored versions of `keys`, in their order; `None` where nothing is stored.
pub fn fetch<'a, K: AsRef<[Cow<'a, str>]>>(
    connection: &mut PgConnection,
    table: &Table,
    keys: &[K],
) -> QueryResult<Vec<Option<Stored>>> {
    let mut found: Vec<Option<Stored>> = keys.iter().map(|_| None).collect();
    if keys.is_empty() {
        return Ok(found);
    }
    Statement::with(&table.fetch, arrays(keys, table.key.len())).each(connection, |cells| {
        let at = cells.integer(0).unwrap_or_default() as usize - 1;
        found[at] = stored(table, &cells, 1);
        Ok(())
    })?;
    Ok(found)
}

/// All members that are stored under `keys`, in their order; `None` where nothing is stored.
pub fn whole_rows<'a, K: AsRef<[Cow<'a, str>]>>(
    connection: &mut PgConnection,
    table: &Table,
    keys: &[K],
) -> QueryResult<Vec<Option<Row>>> {
    let mut found: Vec<Option<Row>> = keys.iter().map(|_| None).collect();
    let all: Vec<usize> = (0..table.spec.fields.len()).collect();
    Statement::with(&table.whole, arrays(keys, table.key.len())).each(connection, |cells| {
        let mut row = Row::empty(all.len());
        fill(&mut row, table, &all, &cells, 1);
        found[cells.integer(0).unwrap_or_default() as usize - 1] = Some(row);
        Ok(())
    })?;
    Ok(found)
}

/// The stored version in the cells from `first` on, in the order of [`Table::fetch`].
pub(crate) fn stored(table: &Table, cells: &Cells, first: usize) -> Option<Stored> {
    let integer = |at: usize| cells.integer(first + at);
    let meta = Meta {
        version: integer(2)?,
        changed_at: cells.instant(first + 4)?,
        submission: cells.uuid(first + 5),
        client: cells.uuid(first + 6)?,
    };
    let mut row = Row::empty(table.spec.fields.len());
    fill(&mut row, table, &table.stored, cells, first + 7);
    Some(Stored { hash: (integer(0)?, integer(1)?), meta, place: cells.tuple(first + 3)?, row })
}

/// Puts the cells from `first` on into the row's places.
pub fn fill(row: &mut Row, table: &Table, places: &[usize], cells: &Cells, first: usize) {
    for (offset, place) in places.iter().enumerate() {
        let value =
            cells.get(first + offset).and_then(|bytes| binary::from_sql(bytes, &table.spec.fields[*place].kind));
        row.values[*place] = value.unwrap_or(Value::Null);
    }
}

/// What a version comes after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Predecessor {
    /// Its number.
    pub(crate) version: i64,
    /// When it was written, or the record deleted.
    pub(crate) at: DateTime<Utc>,
}

/// The deletion of what stood under the keys of these new records, with its version and its instant: an ETag never names
/// two states. Keys are sent only if a record of the resource was ever deleted.
pub(crate) fn predecessors(
    connection: &mut PgConnection,
    table: &Table,
    records: &[&Incoming],
) -> QueryResult<Vec<Option<Predecessor>>> {
    let mut found = vec![None; records.len()];
    let number = table.spec.number;
    let any = format!("SELECT 1 FROM history WHERE resource = {number} AND operation = 'delete' LIMIT 1");
    if records.is_empty() || Statement::new(any).first_row(connection)?.is_none() {
        return Ok(found);
    }
    let keys: Vec<Vec<Cow<str>>> = records.iter().map(|record| record.key(table).unwrap_or_default()).collect();
    let parts = table.key.len();
    let sql = format!(
        "SELECT g.o, h.version, h.valid_from FROM {} CROSS JOIN LATERAL (SELECT version, valid_from FROM history h \
         WHERE h.resource = {number} AND h.key = {} AND h.operation = 'delete' ORDER BY version DESC LIMIT 1) h",
        table::keys("g", 1, parts),
        history::joined(&table::parts(parts).iter().map(|part| format!("g.{part}")).collect::<Vec<_>>())
    );
    Statement::with(&sql, arrays(&keys, parts)).each(connection, |cells| {
        let at = cells.integer(0).unwrap_or_default() as usize - 1;
        found[at] = cells.integer(1).zip(cells.instant(2)).map(|(version, at)| Predecessor { version, at });
        Ok(())
    })?;
    Ok(found)
}
