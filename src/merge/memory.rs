//! Rows in memory, in the place of the database: of every resource only the columns that the rules of others look at,
//! packed, and found by what references and lookups find them by. A row takes its values (a subject result some 60
//! bytes) and 16 to 40 bytes for each way to find it.

use crate::intake::record::part;
use crate::merge::compact::{pack, unpack};
use crate::merge::source::{Answer, Ask, KeyParts, Only, RowSource, What};
use crate::model::spec::{Count, Spec};
use crate::model::value::{Row, Value};
use crate::store::table::{Join, Table, tables};
use diesel::QueryResult;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The rows of every resource.
pub struct Memory {
    /// By the table's number.
    kept: Vec<Kept>,
}

/// The rows of one resource.
struct Kept {
    /// Places of the columns that others look at; empty: nobody asks.
    columns: Vec<usize>,
    /// Values of all rows, one after the other.
    bytes: Vec<u8>,
    /// Where each row begins in `bytes`.
    starts: Vec<u64>,
    /// One for each set of columns by which rows are looked for.
    ways: Vec<Way>,
}

/// A way to find rows.
struct Way {
    /// Places of the columns.
    on: Vec<usize>,
    /// The last row under each hash of a key.
    last: HashMap<u64, u32>,
    /// The row before under the same hash; [`NONE`]: it was the first.
    before: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Default for Memory {
    fn default() -> Self {
        Self { kept: tables().iter().map(Kept::of).collect() }
    }
}

impl Memory {
    /// Keeps a row for others to find.
    pub fn keep(&mut self, table: &Table, row: &Row) {
        self.kept[table.number].keep(row);
    }
}

impl Kept {
    /// What the references and lookups of all resources ask of this one.
    fn of(table: &Table) -> Self {
        let (mut columns, mut ways) = (BTreeSet::new(), BTreeSet::new());
        for other in tables() {
            let parents = other.spec.references.iter().map(|reference| reference.to).zip(&other.parents);
            let lookups = other.spec.lookups.iter().map(|lookup| lookup.from).zip(&other.lookups);
            let counts = other.spec.counts.iter().map(|count| count.from).zip(&other.counts);
            for (_, join) in parents.chain(lookups).chain(counts).filter(|(name, _)| *name == table.spec.name) {
                columns.extend(table.key.iter().chain(&join.on).chain(&join.columns).copied());
                ways.insert(join.on.clone());
            }
            columns.extend(beside_joins(other.spec, table.spec));
        }
        let ways = ways.into_iter().map(|on| Way { on, last: HashMap::new(), before: Vec::new() }).collect();
        Self { columns: columns.into_iter().collect(), bytes: Vec::new(), starts: Vec::new(), ways }
    }

    fn keep(&mut self, row: &Row) {
        if self.columns.is_empty() {
            return;
        }
        let number = self.starts.len() as u32;
        self.starts.push(self.bytes.len() as u64);
        self.columns.iter().for_each(|place| pack(&row.values[*place], &mut self.bytes));
        for way in &mut self.ways {
            let parts = way.on.iter().map(|place| part(&row.values[*place]));
            let before = hash(parts).and_then(|hash| way.last.insert(hash, number));
            way.before.push(before.unwrap_or(NONE));
        }
    }

    fn row(&self, number: u32, fields: usize) -> Row {
        let mut row = Row::empty(fields);
        let mut bytes =
            self.starts.get(number as usize).and_then(|start| self.bytes.get(*start as usize..)).unwrap_or_default();
        for place in &self.columns {
            row.values[*place] = unpack(&mut bytes).unwrap_or_default();
        }
        row
    }
}

/// Columns that lookups and counts of one resource ask for in another to choose among its rows.
fn beside_joins(of: &Spec, from: &Spec) -> Vec<usize> {
    let lookups = of.lookups.iter().filter(|lookup| lookup.from == from.name);
    let counts = of.counts.iter().filter(|count| count.from == from.name);
    let only = lookups.flat_map(|lookup| lookup.only).map(|(column, _)| *column);
    only.chain(counts.flat_map(|count| count.without.into_iter().chain(count.distinct)))
        .filter_map(|name| from.position(name))
        .collect()
}

impl Memory {
    /// Every row under a key, while `each` wants more; from the last to the first, for the order of what is found says
    /// nothing.
    fn each_under(&self, from: &Table, join: &Join, key: &KeyParts, each: &mut dyn FnMut(Row) -> bool) {
        let kept = &self.kept[from.number];
        let Some(way) = kept.ways.iter().find(|way| way.on == join.on) else { return };
        let mut next = hash(key.iter().map(|part| Some(Cow::Borrowed(part.as_ref()))))
            .and_then(|hash| way.last.get(&hash))
            .copied();
        while let Some(number) = next.filter(|number| *number != NONE) {
            let row = kept.row(number, from.spec.fields.len());
            // Two keys may have one hash.
            let is_wanted =
                |(place, wanted): (&usize, &Cow<str>)| part(&row.values[*place]).is_some_and(|found| found == *wanted);
            if join.on.iter().zip(key).all(is_wanted) && !each(row) {
                return;
            }
            next = way.before.get(number as usize).copied();
        }
    }
}

impl RowSource for Memory {
    fn answer(&mut self, asks: &[Ask], each: &mut dyn FnMut(usize, usize, Answer)) -> QueryResult<()> {
        for (at, ask) in asks.iter().enumerate() {
            for (number, key) in ask.keys.iter().enumerate() {
                match ask.what {
                    What::Rows { only, any, .. } => {
                        self.rows(ask, (only, any), key, &mut |row| each(at, number, Answer::Row(row)));
                    }
                    What::Number(count) => each(at, number, Answer::Number(self.number(ask, count, key))),
                    // A file is judged as if nothing were stored.
                    What::Stored | What::WriteStatus => {}
                }
            }
        }
        Ok(())
    }
}

impl Memory {
    fn rows(&self, ask: &Ask, (only, any): (Only, bool), key: &KeyParts, each: &mut dyn FnMut(Row)) {
        let text = |row: &Row, column: &str| {
            ask.from.spec.position(column).and_then(|place| row.text(place)).map(str::to_owned)
        };
        let holds = |row: &Row| {
            only.iter().all(|(column, values)| text(row, column).is_some_and(|text| values.contains(&text.as_str())))
        };
        self.each_under(ask.from, ask.join, key, &mut |row| {
            let is_one = holds(&row);
            if is_one {
                each(row);
            }
            !(is_one && any)
        });
    }

    fn number(&self, ask: &Ask, count: &Count, key: &KeyParts) -> i64 {
        let value = |row: &Row, column: Option<&str>| {
            column.and_then(|name| ask.from.spec.position(name)).map(|place| row.values[place].clone())
        };
        let (mut number, mut different) = (0, HashSet::new());
        self.each_under(ask.from, ask.join, key, &mut |row| {
            if value(&row, count.without).is_none_or(|value| value == Value::Null) {
                number += 1;
                // As in SQL, what is absent is no value.
                different.extend(value(&row, count.distinct).filter(|value| *value != Value::Null));
            }
            true
        });
        if count.distinct.is_some() { different.len() as i64 } else { number }
    }
}

/// A hash of a key's parts; `None` when one is absent, for such rows are not found by it.
fn hash<'p>(parts: impl Iterator<Item = Option<Cow<'p, str>>>) -> Option<u64> {
    let mut hash = xxhash_rust::xxh3::Xxh3Default::new();
    for part in parts {
        hash.update(part?.as_bytes());
        hash.update(&[0x1f]);
    }
    Some(hash.digest())
}
