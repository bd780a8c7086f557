//! A dry run: batches are held against what is stored, the records accepted so far laid over it, in one transaction that
//! only reads. It locks nothing that a writer waits for, and writes nothing.

mod answers; // what rules look at, with the records laid over it
mod referrers; // who refers to a record, with the records laid over it
mod removals; // what a set lacks that stands for all records of a school

use crate::change::block::ChangeIdBlock;
use crate::intake::record::{Incoming, part, parts};
use crate::merge::batch::{Meta, WriteContext};
use crate::merge::delete::Going;
use crate::merge::memory::Memory;
use crate::merge::stored;
use crate::merge::stored::{GroupState, Stored};
use crate::merge::target::{KeySlice, KnownSchool, MergeTarget, Referrers, SCHOOL, SCHOOL_KEY, TakenPerson};
use crate::merge::write::Accepted;
use crate::model::spec::{Reference, Spec};
use crate::model::value::Row;
use crate::store::table::{Table, tables};
use chrono::DateTime;
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

pub use removals::Removals;

/// Two halves of a hash of 128 bits: by it keys are told apart.
type Hash = [u64; 2];

/// A record was deleted.
const DELETED: u32 = u32::MAX;

/// The records that a dry run accepted so far, by resource. A record takes some 200 bytes.
#[derive(Clone)]
pub struct Overlay {
    rows: Memory,
    /// By the table's number.
    laid: Vec<Laid>,
}

/// What was accepted of one resource.
#[derive(Clone, Default)]
struct Laid {
    /// The number of the row that stands under a key now, or [`DELETED`].
    keys: HashMap<Hash, u32>,
    /// Hash over key and content of each row, by its number.
    hashes: Vec<(i64, i64)>,
    /// The groups, as digests have them, of which something was changed.
    groups: HashSet<u64>,
}

/// What is known of a record that was laid over the stored ones.
enum State {
    Deleted,
    Row(u32),
}

impl Default for Overlay {
    fn default() -> Self {
        Self { rows: Memory::of_versions(), laid: tables().iter().map(|_| Laid::default()).collect() }
    }
}

impl Overlay {
    /// How many bytes it takes, roughly.
    pub fn bytes(&self) -> usize {
        // Of a map's entries an eighth at least are empty.
        let laid = |laid: &Laid| laid.keys.capacity() * 8 / 7 * 25 + laid.hashes.capacity() * 16;
        self.rows.bytes() + self.laid.iter().map(laid).sum::<usize>()
    }

    /// Was anything of the resource accepted?
    fn touches(&self, table: &Table) -> bool {
        !self.laid[table.number].keys.is_empty()
    }

    fn state(&self, table: &Table, key: &KeySlice) -> Option<State> {
        match *self.laid[table.number].keys.get(&hash(key))? {
            DELETED => Some(State::Deleted),
            number => Some(State::Row(number)),
        }
    }

    /// Was the record of this row, of which the key is known, accepted, so that what is stored of it counts no more?
    fn covers(&self, table: &Table, row: &Row) -> bool {
        parts(row, &table.key).is_some_and(|key| self.state(table, &key).is_some())
    }

    /// The version that stands for the stored one; `None`: that counts still.
    fn version(&self, table: &Table, key: &KeySlice) -> Option<Option<Stored>> {
        let number = match self.state(table, key)? {
            State::Deleted => return Some(None),
            State::Row(number) => number,
        };
        let hash = self.laid[table.number].hashes.get(number as usize).copied().unwrap_or_default();
        Some(Some(Stored { hash, meta: meta(1, None), place: String::new(), row: self.rows.row(table, number) }))
    }

    fn keep(&mut self, table: &Table, record: &Incoming) {
        let Some(key) = record.key(table) else { return };
        let Some(number) = self.rows.keep(table, &record.row) else { return };
        self.laid[table.number].hashes.push(record.hash);
        self.lay(table, &key, number);
    }

    fn lay(&mut self, table: &Table, key: &KeySlice, number: u32) {
        let laid = &mut self.laid[table.number];
        if let Some(former) = laid.keys.insert(hash(key), number).filter(|former| *former != DELETED) {
            self.rows.forget(table, former);
        }
        laid.groups.extend(group(table, key));
    }
}

/// A dry run at work: a snapshot of the database, and what is laid over it.
pub struct DryRun<'d> {
    /// In a transaction that reads one snapshot.
    pub database: &'d mut PgConnection,
    /// The records accepted so far.
    pub overlay: &'d mut Overlay,
}

impl MergeTarget for DryRun<'_> {
    fn database(&mut self) -> &mut PgConnection {
        self.database
    }

    fn versions(&mut self, table: &'static Table, keys: &[&KeySlice]) -> QueryResult<Vec<Option<Stored>>> {
        let stored = stored::fetch(self.database, table, keys)?;
        let with = |(key, stored): (&&KeySlice, Option<Stored>)| self.overlay.version(table, key).unwrap_or(stored);
        Ok(keys.iter().zip(stored).map(with).collect())
    }

    fn whole_rows(&mut self, table: &'static Table, keys: &[&KeySlice]) -> QueryResult<Vec<Option<Row>>> {
        let stored = stored::whole_rows(self.database, table, keys)?;
        let is_gone = |key: &KeySlice| matches!(self.overlay.state(table, key), Some(State::Deleted));
        Ok(keys.iter().zip(stored).map(|(key, row)| row.filter(|_| !is_gone(key))).collect())
    }

    fn held_versions(
        &mut self,
        table: &'static Table,
        _: &HashSet<String>,
        keys: &[&KeySlice],
    ) -> QueryResult<Vec<Option<Stored>>> {
        self.versions(table, keys)
    }

    fn group_states(&mut self, table: &'static Table, records: &[Incoming]) -> QueryResult<Vec<GroupState>> {
        let mut states = stored::standings(self.database, table, records)?;
        let groups = &self.overlay.laid[table.number].groups;
        let is_changed = |record: &Incoming| group_of(table, record).is_some_and(|group| groups.contains(&group));
        if !groups.is_empty() {
            let changed = states.iter_mut().zip(records).filter(|(_, record)| is_changed(record));
            changed.for_each(|(state, _)| *state = GroupState::Open);
        }
        Ok(states)
    }

    fn schools(&mut self, codes: &BTreeSet<&str>) -> QueryResult<HashMap<String, KnownSchool>> {
        let mut known = self.database.schools(codes)?;
        let Some(table) = tables().iter().find(|table| table.spec.key == [SCHOOL_KEY]) else { return Ok(known) };
        for code in codes {
            match self.overlay.state(table, &[Cow::Borrowed(*code)]) {
                Some(State::Row(number)) => {
                    let row = self.overlay.rows.row(table, number);
                    let text = |name| table.spec.position(name).and_then(|place| row.text(place)).map(str::to_owned);
                    known.insert((*code).to_owned(), KnownSchool::of(SCHOOL.map(text)));
                }
                Some(State::Deleted) => drop(known.remove(*code)),
                None => {}
            }
        }
        Ok(known)
    }

    fn count_referrers(
        &mut self,
        table: &'static Table,
        referrer: (&'static Spec, &'static Reference),
        going: &[&KeySlice],
        known: Option<&BTreeSet<String>>,
        each: &mut dyn FnMut(Referrers),
    ) -> QueryResult<()> {
        self.laid_referrers(table, referrer, going, known, each)
    }

    fn store(
        &mut self,
        table: &'static Table,
        accepted: &[Accepted],
        _: &[TakenPerson],
        writer: &WriteContext,
        _: Option<ChangeIdBlock>,
    ) -> QueryResult<Vec<Meta>> {
        let keep = |one: &Accepted| {
            self.overlay.keep(table, one.record);
            meta(one.former.as_ref().map_or(1, |former| former.version + 1), Some(writer))
        };
        Ok(accepted.iter().map(keep).collect())
    }

    fn remove(&mut self, table: &'static Table, going: &[Going], _: &WriteContext) -> QueryResult<()> {
        going.iter().for_each(|one| self.overlay.lay(table, &one.key, DELETED));
        Ok(())
    }
}

/// Of a version that is never stored: nobody is told more of it than that it is one.
fn meta(version: i64, writer: Option<&WriteContext>) -> Meta {
    let author = writer.map(|writer| &writer.author);
    Meta {
        version,
        changed_at: writer.map_or(DateTime::default(), |writer| writer.received_at),
        submission: author.and_then(|author| author.submission),
        client: author.map(|author| author.client).unwrap_or_default(),
    }
}

fn hash(key: &KeySlice) -> Hash {
    let mut hash = xxhash_rust::xxh3::Xxh3Default::new();
    for part in key {
        hash.update(part.as_bytes());
        hash.update(&[0x1f]);
    }
    let hash = hash.digest128();
    [(hash >> 64) as u64, hash as u64]
}

/// The group of a digest that the key belongs to; `None`: the resource has none.
fn group(table: &Table, key: &KeySlice) -> Option<u64> {
    (table.spec.digest > 0).then(|| hash(key.get(..table.spec.digest).unwrap_or(key))[0])
}

fn group_of(table: &Table, record: &Incoming) -> Option<u64> {
    let leading = table.key.get(..table.spec.digest).filter(|leading| !leading.is_empty())?;
    let key: Option<Vec<Cow<str>>> = leading.iter().map(|place| part(&record.row.values[*place])).collect();
    group(table, &key?)
}
