//! Parents and lookups of a batch: every distinct one is read once, set-wise, from the database, where parents are
//! locked against deletion, or from memory.

use crate::intake::record::{Incoming, parts};
use crate::merge::replaced::replaced_schools;
use crate::merge::source::{Answer, Ask, KeyParts, RowSource, What};
use crate::merge::stored::Stored;
use crate::merge::wanted::LookupResult;
use crate::merge::write_status::WriteStatus;
use crate::model::spec::{Lookup, ParentTest};
use crate::model::value::{Row, Value};
use crate::panics::contained;
use crate::store::table;
use crate::store::table::{Join, Table};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// A reference, lookup or count of the batch's resource, by its place among them.
#[derive(Clone, Copy)]
enum Slot {
    Parent(usize),
    Lookup(usize),
    Count(usize),
    Own,
    WriteStatus,
}

/// Which parents are locked against deletion, beside those that the lock of their school keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locks {
    /// None.
    Nothing,
    /// Those that the records' keys do not name. That is enough where something is stored of each record: a parent that
    /// its key names cannot be deleted before the record is (PT-011), and then the record cannot be replaced either.
    Unkept,
    /// All.
    All,
}

impl Locks {
    fn hold(self, parent: &Join) -> bool {
        self == Self::All || self == Self::Unkept && !parent.is_kept
    }
}

/// What the rules of a batch may look at.
pub struct Related<'r> {
    pub(super) table: &'static Table,
    pub(super) records: Vec<&'r Incoming>,
    /// In the order of the references; `None` where the parent is not there.
    pub(super) parents: Vec<LookupResult<'r, Option<Row>>>,
    /// In the order of the lookups.
    pub(super) lookups: Vec<LookupResult<'r, Vec<Row>>>,
    /// In the order of the counts.
    pub(super) counts: Vec<LookupResult<'r, i64>>,
    /// Stored versions that versions of the batch stand for: lookup, its key, row; by the record's key.
    aside: HashMap<Vec<Value>, Vec<(usize, KeyParts<'r>, Row)>>,
    /// The stored versions of the records themselves.
    own: LookupResult<'r, Option<Stored>>,
    /// What the writer wants to know besides.
    state: Option<WriteStatus>,
    /// Schools of what lookups found that ended, and whose place another took.
    pub(super) replaced: HashSet<String>,
    /// Of each reference a parent of whom nothing is known.
    pub(super) nameless: Vec<Row>,
    /// Which of the records are looked at.
    open: Vec<bool>,
    /// Which parents are locked.
    locks: Locks,
}

impl<'r> Related<'r> {
    /// Reads what those of the records need that are `open`. Lookups that are made only where a reference is missing
    /// wait until that is known.
    pub fn read(
        source: &mut dyn RowSource,
        table: &'static Table,
        records: &[&'r Incoming],
        open: Vec<bool>,
        locks: Locks,
    ) -> QueryResult<Self> {
        let mut related = Self::of(table, records, open);
        related.locks = locks;
        related.fill(source, Vec::new())?;
        Ok(related)
    }

    /// Reads what all records need, what is stored of them and the [`WriteStatus`], on one way, which for a few records
    /// is most of the time that either takes. Locks nothing yet.
    pub fn read_with_stored(
        source: &mut dyn RowSource,
        table: &'static Table,
        records: &[&'r Incoming],
    ) -> QueryResult<(Self, Vec<Option<Stored>>)> {
        let mut related = Self::of(table, records, vec![true; records.len()]);
        related.own = LookupResult::collect(&table.own, records, |_| true);
        related.fill(source, vec![Slot::Own, Slot::WriteStatus])?;
        let LookupResult { mut values, of, .. } = std::mem::replace(&mut related.own, LookupResult::none());
        let stored = of.into_iter().map(|number| values.get_mut(number? as usize)?.take()).collect();
        Ok((related, stored))
    }

    /// What the writer wants to know besides, where it was asked for.
    pub fn state(&self) -> Option<WriteStatus> {
        self.state
    }

    /// Of the records that are still `open`, reads the parents that are to be locked again, and locks them.
    pub fn lock(&mut self, source: &mut dyn RowSource, open: Vec<bool>, locks: Locks) -> QueryResult<()> {
        (self.open, self.locks) = (open, locks);
        let mut slots = Vec::new();
        for (at, (join, found)) in self.table.parents.iter().zip(&mut self.parents).enumerate() {
            if join.locking.is_some() && locks.hold(join) {
                *found = LookupResult::collect(join, &self.records, |place| self.open[place]);
                slots.extend((!found.values.is_empty()).then_some(Slot::Parent(at)));
            }
        }
        if slots.is_empty() {
            return Ok(());
        }
        self.ask(source, slots)?;
        self.look_up(source, true, Vec::new())
    }

    fn of(table: &'static Table, records: &[&'r Incoming], open: Vec<bool>) -> Self {
        let found = |join| LookupResult::collect(join, records, |place| open[place]);
        Self {
            table,
            records: records.to_vec(),
            parents: table.parents.iter().map(found).collect(),
            lookups: table.lookups.iter().map(|_| LookupResult::none()).collect(),
            counts: table.counts.iter().map(|join| LookupResult::collect(join, records, |place| open[place])).collect(),
            aside: HashMap::new(),
            own: LookupResult::none(),
            nameless: table.spec.references.iter().map(|reference| Row::empty(fields_of(reference.to))).collect(),
            state: None,
            replaced: HashSet::new(),
            open,
            locks: Locks::Nothing,
        }
    }

    /// Asks for everything, and for these slots with it.
    fn fill(&mut self, source: &mut dyn RowSource, mut slots: Vec<Slot>) -> QueryResult<()> {
        slots.extend((0..self.parents.len()).map(Slot::Parent).chain((0..self.counts.len()).map(Slot::Count)));
        self.look_up(source, false, slots)?;
        self.look_up(source, true, Vec::new())?;
        self.replaced = replaced_schools(self, source)?;
        Ok(())
    }

    /// Asks for the lookups that are made anyway, or those that are made where a reference is missing (`late`), and for
    /// these slots with them.
    fn look_up(&mut self, source: &mut dyn RowSource, late: bool, mut slots: Vec<Slot>) -> QueryResult<()> {
        for (at, (lookup, join)) in self.table.spec.lookups.iter().zip(&self.table.lookups).enumerate() {
            if lookup.rests_on_parents() == late {
                self.lookups[at] = LookupResult::collect(join, &self.records, |place| {
                    self.open[place] && self.concerns(lookup, place)
                });
                slots.push(Slot::Lookup(at));
            }
        }
        self.ask(source, slots)
    }

    /// Fills the slots with what the source answers.
    fn ask(&mut self, source: &mut dyn RowSource, slots: Vec<Slot>) -> QueryResult<()> {
        let asks: Vec<(Slot, Ask)> = slots.into_iter().filter_map(|slot| Some((slot, self.question(slot)?))).collect();
        let (slots, asks): (Vec<Slot>, Vec<Ask>) =
            asks.into_iter().filter(|(_, ask)| !ask.keys.is_empty() || matches!(ask.what, What::WriteStatus)).unzip();
        let mut answers = Vec::new();
        source.answer(&asks, &mut |at, key, answer| answers.push((slots[at], key, answer)))?;
        for (slot, key, answer) in answers {
            match (slot, answer) {
                (Slot::Parent(at), Answer::Row(row)) => self.parents[at].values[key] = Some(row),
                (Slot::Lookup(at), Answer::Row(row)) => self.lookups[at].values[key].push(row),
                (Slot::Count(at), Answer::Number(number)) => self.counts[at].values[key] = number,
                (Slot::Own, Answer::Stored(stored)) => self.own.values[key] = Some(stored),
                (Slot::WriteStatus, Answer::WriteStatus(state)) => self.state = Some(state),
                _ => {}
            }
        }
        Ok(())
    }

    /// What a slot asks for.
    fn question(&self, slot: Slot) -> Option<Ask<'_, 'r>> {
        let (table, spec) = (self.table, self.table.spec);
        let (from, join, what, keys) = match slot {
            Slot::Parent(at) => {
                let known = &table::find(spec.references[at].to)?.key;
                (
                    spec.references[at].to,
                    &table.parents[at],
                    What::Rows { known, only: &[], any: false },
                    self.parents[at].keys(),
                )
            }
            Slot::Lookup(at) => {
                let (lookup, join) = (&spec.lookups[at], &table.lookups[at]);
                (
                    lookup.from,
                    join,
                    match lookup.versions {
                        true => What::Versions { known: &join.on },
                        false => What::Rows { known: &join.on, only: lookup.only, any: lookup.any },
                    },
                    self.lookups[at].keys(),
                )
            }
            Slot::Count(at) => {
                (spec.counts[at].from, &table.counts[at], What::Number(&spec.counts[at]), self.counts[at].keys())
            }
            Slot::Own => (spec.name, &table.own, What::Stored, self.own.keys()),
            Slot::WriteStatus => (spec.name, &table.own, What::WriteStatus, Vec::new()),
        };
        let lock = self.locks.hold(join);
        Some(Ask { from: table::find(from)?, join, what, keys, lock })
    }

    /// Is the lookup made for the record? Some are made only where a reference is missing, or where the record itself
    /// asks for it.
    fn concerns(&self, lookup: &Lookup, place: usize) -> bool {
        // One that panics is told of when the record is judged.
        let is_needed = |needed: fn(&Row) -> bool| contained(|| needed(&self.records[place].row)).unwrap_or(true);
        if lookup.needed.is_some_and(|needed| !is_needed(needed)) {
            return false;
        }
        let parent = |name: &str| {
            let position = self.table.spec.references.iter().position(|reference| reference.name == name)?;
            self.parents.get(position)?.at(place)
        };
        let is_beside = |(name, needs): (&str, ParentTest)| {
            let found = parent(name).and_then(Option::as_ref);
            found.is_some_and(|found| contained(|| needs(&self.records[place].row, found)).unwrap_or(true))
        };
        lookup.missing.is_none_or(|name| matches!(parent(name), Some(None))) && lookup.beside.is_none_or(is_beside)
    }

    /// Lets the batch's own versions stand for the stored ones, whatever order they come in; `replacing` holds the
    /// records that something is stored of.
    pub fn lay_over(&mut self, replacing: &[&'r Incoming]) {
        if !self.looks_at_itself() {
            return;
        }
        let keys: HashSet<Vec<&Value>> = replacing.iter().map(|record| key_values(self.table, &record.row)).collect();
        for (number, (lookup, found)) in self.table.spec.lookups.iter().zip(&mut self.lookups).enumerate() {
            if lookup.from != self.table.spec.name {
                continue;
            }
            for (key, at) in &found.numbers {
                let rows = &mut found.values[*at as usize];
                let (mine, others): (Vec<Row>, Vec<Row>) =
                    std::mem::take(rows).into_iter().partition(|row| keys.contains(&key_values(self.table, row)));
                *rows = others;
                for row in mine {
                    self.aside.entry(owned_key(self.table, &row)).or_default().push((number, key.clone(), row));
                }
            }
        }
        for record in replacing.iter().filter(|record| !record.has_error()) {
            self.show(record);
        }
    }

    /// What was found under the keys by which others would find this record.
    fn seen_with<'s>(&'s mut self, record: &'r Incoming) -> impl Iterator<Item = &'s mut Vec<Row>> {
        let own = self.table.spec.name;
        let lookups = self.table.spec.lookups.iter().zip(&self.table.lookups).zip(&mut self.lookups);
        let lookups = lookups.filter(move |((lookup, _), found)| {
            lookup.from == own && !found.numbers.is_empty() && is_looked_at(lookup, record)
        });
        lookups.filter_map(|((_, join), found)| found.under(&parts(&record.row, &join.on)?))
    }

    /// The record's own version stands for all others to see.
    pub fn show(&mut self, record: &'r Incoming) {
        self.seen_with(record).for_each(|rows| rows.push(record.row.clone()));
    }

    /// The record does not see itself while it is judged.
    pub fn hide(&mut self, record: &'r Incoming) {
        // Rows that a lookup finds share the beginnings of their keys: the ends tell them apart.
        let key = &self.table.key;
        let is_itself = |row: &Row| key.iter().rev().all(|place| row.values[*place] == record.row.values[*place]);
        self.seen_with(record).for_each(|rows| rows.retain(|row| !is_itself(row)));
    }

    /// The record was refused: what is stored of it holds on.
    pub fn restore(&mut self, record: &'r Incoming) {
        for (number, key, row) in self.aside.remove(&owned_key(self.table, &record.row)).unwrap_or_default() {
            if let Some(rows) = self.lookups[number].under(&key) {
                rows.push(row);
            }
        }
    }

    /// Do lookups look into the batch's own resource?
    pub fn looks_at_itself(&self) -> bool {
        let lookups = self.table.spec.lookups.iter().zip(&self.lookups);
        lookups.filter(|(lookup, _)| lookup.from == self.table.spec.name).any(|(_, found)| !found.numbers.is_empty())
    }
}

/// How many members a record of the resource has.
fn fields_of(resource: &str) -> usize {
    crate::model::find(resource).map_or(0, |spec| spec.fields.len())
}

/// Does the record, one of the own resource, hold the values to which the lookup is confined?
fn is_looked_at(lookup: &Lookup, record: &Incoming) -> bool {
    let spec = crate::model::find(lookup.from);
    let holds = |column: &str, values: &[&str]| {
        let text = spec.and_then(|spec| record.row.text(spec.position(column)?));
        text.is_some_and(|text| values.contains(&text))
    };
    lookup.only.iter().all(|(column, values)| holds(column, values))
}

fn key_values<'v>(table: &Table, row: &'v Row) -> Vec<&'v Value> {
    table.key.iter().map(|place| &row.values[*place]).collect()
}

fn owned_key(table: &Table, row: &Row) -> Vec<Value> {
    key_values(table, row).into_iter().cloned().collect()
}
