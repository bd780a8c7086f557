//! Parents and lookups of a batch: every distinct one is read once, set-wise, and parents are locked against deletion.

use super::batch::{Absent, Incoming, parts};
use super::stored::{arrays, fill};
use super::table::{self, Join, Table};
use crate::model::rules::{Context, Parent};
use crate::model::spec::{Lookup, Reference};
use crate::model::value::{Row, Value};
use crate::store::statement::Statement;
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

type Key<'r> = Vec<Cow<'r, str>>;

/// What the rules of a batch may look at.
pub struct Surroundings<'r> {
    table: &'static Table,
    /// A reference: key → parent, `None` where it is not there.
    parents: Vec<HashMap<Key<'r>, Option<Row>>>,
    /// A lookup: key → rows found.
    lookups: Vec<HashMap<Key<'r>, Vec<Row>>>,
    /// Stored versions that versions of the batch stand for: lookup, its key, row; by the record's key.
    aside: HashMap<Vec<Value>, Vec<(usize, Key<'r>, Row)>>,
}

impl<'r> Surroundings<'r> {
    /// Reads what the records need.
    pub fn read(connection: &mut PgConnection, table: &'static Table, records: &[&'r Incoming]) -> QueryResult<Self> {
        let mut surroundings = Self { table, parents: Vec::new(), lookups: Vec::new(), aside: HashMap::new() };
        for (reference, join) in table.spec.references.iter().zip(&table.parents) {
            surroundings.parents.push(parents(connection, reference, join, records)?);
        }
        for (lookup, join) in table.spec.lookups.iter().zip(&table.lookups) {
            let concerned: Vec<&'r Incoming> = records.iter().copied().filter(|record| surroundings.concerns(lookup, record)).collect();
            surroundings.lookups.push(found(connection, lookup, join, &concerned)?);
        }
        Ok(surroundings)
    }

    /// Is the lookup made for the record? Some are made only where a reference is missing.
    fn concerns(&self, lookup: &Lookup, record: &'r Incoming) -> bool {
        let Some(name) = lookup.missing else { return true };
        let position = self.table.spec.references.iter().position(|reference| reference.name == name);
        let Some((join, known)) = position.and_then(|at| Some((self.table.parents.get(at)?, self.parents.get(at)?))) else { return false };
        parts(&record.row, &join.fields).is_some_and(|key| known.get(&key).is_none_or(Option::is_none))
    }

    /// The part of it that one record sees.
    pub fn context<'a>(&'a self, record: &'r Incoming, stored: Option<&'a Row>) -> Context<'a> {
        let spec = self.table.spec;
        let parent = |(join, known): (&Join, &'a HashMap<Key<'r>, Option<Row>>)| {
            let Some(key) = parts(&record.row, &join.fields) else { return Parent::NotGiven };
            known.get(&key).and_then(Option::as_ref).map_or(Parent::Missing, Parent::Found)
        };
        let lookup = |(join, known): (&Join, &'a HashMap<Key<'r>, Vec<Row>>)| {
            parts(&record.row, &join.fields).and_then(|key| known.get(&key)).map_or(&[][..], Vec::as_slice)
        };
        Context {
            spec,
            stored,
            parents: self.table.parents.iter().zip(&self.parents).map(parent).collect(),
            found: self.table.lookups.iter().zip(&self.lookups).map(lookup).collect(),
        }
    }

    /// The parents that a record names and that are not there; those of its own resource are told apart, for they may stand in the batch.
    pub fn missing(&self, record: &'r Incoming) -> Vec<(&'static Reference, Absent)> {
        let absent = |((reference, join), known): ((&'static Reference, &Join), &HashMap<Key<'r>, Option<Row>>)| {
            let key = parts(&record.row, &join.fields)?;
            let is_there = known.get(&key).is_some_and(Option::is_some);
            (!is_there).then(|| (reference, Absent { resource: reference.to, key: key.join("/") }))
        };
        self.table.spec.references.iter().zip(&self.table.parents).zip(&self.parents).filter_map(absent).collect()
    }

    /// Lets the batch's own versions stand for the stored ones, whatever order they come in; `replacing` holds the records that something is stored of.
    pub fn lay_over(&mut self, replacing: &[&'r Incoming]) {
        if !self.looks_at_itself() {
            return;
        }
        let keys: HashSet<Vec<&Value>> = replacing.iter().map(|record| key_values(self.table, &record.row)).collect();
        for (number, (lookup, known)) in self.table.spec.lookups.iter().zip(&mut self.lookups).enumerate() {
            if lookup.from != self.table.spec.name {
                continue;
            }
            for (key, rows) in known.iter_mut() {
                let (mine, others) = std::mem::take(rows).into_iter().partition(|row| keys.contains(&key_values(self.table, row)));
                *rows = others;
                let mine: Vec<Row> = mine;
                for row in mine {
                    let owned = key_values(self.table, &row).into_iter().cloned().collect();
                    self.aside.entry(owned).or_default().push((number, key.clone(), row));
                }
            }
        }
        for record in replacing.iter().filter(|record| !record.has_error()) {
            self.show(record);
        }
    }

    /// The record's own version stands for all others to see.
    pub fn show(&mut self, record: &'r Incoming) {
        let lookups = self.table.spec.lookups.iter().zip(&self.table.lookups).zip(&mut self.lookups);
        for ((_, join), known) in lookups.filter(|((lookup, _), _)| lookup.from == self.table.spec.name) {
            if let Some(key) = parts(&record.row, &join.on) {
                known.entry(key).or_default().push(record.row.clone());
            }
        }
    }

    /// The record does not see itself while it is judged.
    pub fn hide(&mut self, record: &'r Incoming) {
        let lookups = self.table.spec.lookups.iter().zip(&self.table.lookups).zip(&mut self.lookups);
        for ((_, join), known) in lookups.filter(|((lookup, _), _)| lookup.from == self.table.spec.name) {
            if let Some(rows) = parts(&record.row, &join.on).and_then(|key| known.get_mut(&key)) {
                rows.retain(|row| key_values(self.table, row) != key_values(self.table, &record.row));
            }
        }
    }

    /// The record was refused: what is stored of it holds on.
    pub fn restore(&mut self, record: &'r Incoming) {
        let owned: Vec<Value> = key_values(self.table, &record.row).into_iter().cloned().collect();
        for (number, key, row) in self.aside.remove(&owned).unwrap_or_default() {
            self.lookups[number].entry(key).or_default().push(row);
        }
    }

    /// Do lookups look into the batch's own resource?
    pub fn looks_at_itself(&self) -> bool {
        self.table.spec.lookups.iter().any(|lookup| lookup.from == self.table.spec.name)
    }
}

fn key_values<'v>(table: &Table, row: &'v Row) -> Vec<&'v Value> {
    table.key.iter().map(|place| &row.values[*place]).collect()
}

fn distinct<'r>(join: &Join, records: &[&'r Incoming]) -> Vec<Key<'r>> {
    let keys: BTreeSet<Key<'r>> = records.iter().filter_map(|record| parts(&record.row, &join.fields)).collect();
    keys.into_iter().collect()
}

fn parents<'r>(
    connection: &mut PgConnection,
    reference: &Reference,
    join: &Join,
    records: &[&'r Incoming],
) -> QueryResult<HashMap<Key<'r>, Option<Row>>> {
    let keys = distinct(join, records);
    let (Some(parent), false) = (table::find(reference.to), keys.is_empty()) else { return Ok(HashMap::new()) };
    let mut found: Vec<Option<Row>> = keys.iter().map(|_| None).collect();
    Statement::with(&join.sql, arrays(&keys, join.fields.len())).each(connection, |cells| {
        let at = cells.integer(0).unwrap_or_default() as usize - 1;
        let mut row = Row::empty(parent.spec.fields.len());
        fill(&mut row, parent, &join.columns, &cells, 1);
        for (place, part) in parent.key.iter().zip(&keys[at]) {
            row.values[*place] = Value::Text(part.as_ref().into());
        }
        found[at] = Some(row);
        Ok(())
    })?;
    Ok(keys.into_iter().zip(found).collect())
}

fn found<'r>(
    connection: &mut PgConnection,
    lookup: &Lookup,
    join: &Join,
    records: &[&'r Incoming],
) -> QueryResult<HashMap<Key<'r>, Vec<Row>>> {
    let keys = distinct(join, records);
    let (Some(from), false) = (table::find(lookup.from), keys.is_empty()) else { return Ok(HashMap::new()) };
    let mut rows: Vec<Vec<Row>> = keys.iter().map(|_| Vec::new()).collect();
    Statement::with(&join.sql, arrays(&keys, join.fields.len())).each(connection, |cells| {
        let at = cells.integer(0).unwrap_or_default() as usize - 1;
        let mut row = Row::empty(from.spec.fields.len());
        for (place, part) in join.on.iter().zip(&keys[at]) {
            row.values[*place] = Value::Text(part.as_ref().into());
        }
        fill(&mut row, from, &join.columns, &cells, 1);
        rows[at].push(row);
        Ok(())
    })?;
    Ok(keys.into_iter().zip(rows).collect())
}
