//! Parents and lookups of a batch: every distinct one is read once, set-wise, and parents are locked against deletion.

use super::batch::{Absent, Incoming, parts};
use super::stored::{arrays, fill};
use super::table::{self, Table};
use crate::model::rules::{Context, Parent};
use crate::model::spec::{Lookup, Reference};
use crate::model::value::{Row, Value};
use crate::store::statement::Statement;
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

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

/// Places of the named fields of a resource.
pub fn places(table: &Table, names: &[&str]) -> Vec<usize> {
    names.iter().filter_map(|name| table.spec.position(name)).collect()
}

impl<'r> Surroundings<'r> {
    /// Reads what the records need.
    pub fn read(connection: &mut PgConnection, table: &'static Table, records: &[&'r Incoming]) -> QueryResult<Self> {
        let mut surroundings = Self { table, parents: Vec::new(), lookups: Vec::new(), aside: HashMap::new() };
        for (reference, sql) in table.spec.references.iter().zip(&table.parents) {
            surroundings.parents.push(parents(connection, table, reference, sql, records)?);
        }
        for (lookup, sql) in table.spec.lookups.iter().zip(&table.lookups) {
            surroundings.lookups.push(found(connection, table, lookup, sql, records)?);
        }
        Ok(surroundings)
    }

    /// The part of it that one record sees.
    pub fn context<'a>(&'a self, record: &'r Incoming, stored: Option<&'a Row>) -> Context<'a> {
        let spec = self.table.spec;
        let parent = |(reference, known): (&Reference, &'a HashMap<Key<'r>, Option<Row>>)| {
            let Some(key) = reference_key(self.table, reference, record) else { return Parent::NotGiven };
            known.get(&key).and_then(Option::as_ref).map_or(Parent::Missing, Parent::Found)
        };
        let lookup = |(lookup, known): (&Lookup, &'a HashMap<Key<'r>, Vec<Row>>)| {
            parts(&record.row, &places(self.table, lookup.fields)).and_then(|key| known.get(&key)).map_or(&[][..], Vec::as_slice)
        };
        Context {
            spec,
            stored,
            parents: spec.references.iter().zip(&self.parents).map(parent).collect(),
            found: spec.lookups.iter().zip(&self.lookups).map(lookup).collect(),
        }
    }

    /// The parents that a record names and that are not there; those of its own resource are told apart, for they may stand in the batch.
    pub fn missing(&self, record: &'r Incoming) -> Vec<(&'static Reference, Absent)> {
        let spec = self.table.spec;
        let absent = |(reference, known): (&'static Reference, &HashMap<Key<'r>, Option<Row>>)| {
            let key = reference_key(self.table, reference, record)?;
            let is_there = known.get(&key).is_some_and(Option::is_some);
            (!is_there).then(|| (reference, Absent { resource: reference.to, key: key.join("/") }))
        };
        spec.references.iter().zip(&self.parents).filter_map(absent).collect()
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
        for (lookup, known) in self.table.spec.lookups.iter().zip(&mut self.lookups) {
            if lookup.from == self.table.spec.name
                && let Some(key) = parts(&record.row, &places(self.table, lookup.on))
            {
                known.entry(key).or_default().push(record.row.clone());
            }
        }
    }

    /// The record does not see itself while it is judged.
    pub fn hide(&mut self, record: &'r Incoming) {
        for (lookup, known) in self.table.spec.lookups.iter().zip(&mut self.lookups) {
            if lookup.from == self.table.spec.name
                && let Some(rows) = parts(&record.row, &places(self.table, lookup.on)).and_then(|key| known.get_mut(&key))
            {
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

/// The key of the parent that a record names, unless it names none.
pub fn reference_key<'r>(table: &Table, reference: &Reference, record: &'r Incoming) -> Option<Key<'r>> {
    parts(&record.row, &places(table, reference.fields))
}

fn distinct<'r>(table: &Table, fields: &[&str], records: &[&'r Incoming]) -> Vec<Key<'r>> {
    let places = places(table, fields);
    let keys: BTreeMap<Key<'r>, ()> = records.iter().filter_map(|record| parts(&record.row, &places)).map(|key| (key, ())).collect();
    keys.into_keys().collect()
}

fn parents<'r>(
    connection: &mut PgConnection,
    table: &Table,
    reference: &Reference,
    sql: &str,
    records: &[&'r Incoming],
) -> QueryResult<HashMap<Key<'r>, Option<Row>>> {
    let keys = distinct(table, reference.fields, records);
    let (Some(parent), false) = (table::find(reference.to), keys.is_empty()) else { return Ok(HashMap::new()) };
    let fetched = places(parent, reference.fetch);
    let mut found: Vec<Option<Row>> = keys.iter().map(|_| None).collect();
    Statement::with(sql, arrays(&keys, reference.fields.len())).each(connection, |cells| {
        let at = cells.integer(0).unwrap_or_default() as usize - 1;
        let mut row = Row::empty(parent.spec.fields.len());
        fill(&mut row, parent, &fetched, &cells, 1);
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
    table: &Table,
    lookup: &Lookup,
    sql: &str,
    records: &[&'r Incoming],
) -> QueryResult<HashMap<Key<'r>, Vec<Row>>> {
    let keys = distinct(table, lookup.fields, records);
    let (Some(from), false) = (table::find(lookup.from), keys.is_empty()) else { return Ok(HashMap::new()) };
    let mut columns = from.key.clone();
    columns.extend(places(from, lookup.fetch));
    let on = places(from, lookup.on);
    let mut rows: Vec<Vec<Row>> = keys.iter().map(|_| Vec::new()).collect();
    Statement::with(sql, arrays(&keys, lookup.fields.len())).each(connection, |cells| {
        let at = cells.integer(0).unwrap_or_default() as usize - 1;
        let mut row = Row::empty(from.spec.fields.len());
        for (place, part) in on.iter().zip(&keys[at]) {
            row.values[*place] = Value::Text(part.as_ref().into());
        }
        fill(&mut row, from, &columns, &cells, 1);
        rows[at].push(row);
        Ok(())
    })?;
    Ok(keys.into_iter().zip(rows).collect())
}
