//! Rows in memory, in the place of the database or laid over it: of every resource only the columns that are looked at,
//! packed, and found by what references and lookups find them by. A row takes its values (a subject result some 60
//! bytes) and 16 to 40 bytes for each way to find it.

use crate::intake::record::part;
use crate::merge::compact::{pack, unpack};
use crate::merge::source::{Answer, Ask, KeyParts, Only, RowSource, What};
use crate::merge::target::{SCHOOL, SCHOOL_KEY};
use crate::model::record_key::SEPARATOR;
use crate::model::spec::{Count, Spec};
use crate::model::value::{Row, Value};
use crate::store::table::{Join, Table, tables};
use diesel::QueryResult;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The rows of every resource.
#[derive(Clone)]
pub struct Memory {
    /// By the table's number.
    kept: Vec<Kept>,
}

/// The rows of one resource.
#[derive(Clone)]
struct Kept {
    /// Places of the columns that others look at; empty: nobody asks.
    columns: Vec<usize>,
    /// Values of all rows, one after the other.
    bytes: Vec<u8>,
    /// Where each row begins in `bytes`.
    starts: Vec<u64>,
    /// One for each set of columns by which rows are looked for.
    ways: Vec<Way>,
    /// Rows that hold no longer.
    gone: HashSet<u32>,
}

/// A way to find rows.
#[derive(Clone)]
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
        Self { kept: tables().iter().map(|table| Kept::of(table, BTreeSet::new())).collect() }
    }
}

impl Memory {
    /// Keeps of each row also what a stored version of it tells, and what it refers to.
    pub fn of_versions() -> Self {
        Self { kept: tables().iter().map(|table| Kept::of(table, columns_of_version(table))).collect() }
    }
    /// Keeps a row for others to find, under this number; `None`: nobody looks at its resource.
    pub fn keep(&mut self, table: &Table, row: &Row) -> Option<u32> {
        self.kept[table.number].keep(row)
    }
    /// The row of this number holds no longer.
    pub fn forget(&mut self, table: &Table, number: u32) {
        self.kept[table.number].gone.insert(number);
    }
    /// The columns that are kept of the row of this number.
    pub fn row(&self, table: &Table, number: u32) -> Row {
        self.kept[table.number].row(number, table.spec.fields.len())
    }
    /// Every row of a resource that holds.
    pub fn rows_of<'m>(&'m self, table: &'m Table) -> impl Iterator<Item = Row> + 'm {
        let kept = &self.kept[table.number];
        let numbers = (0..kept.starts.len() as u32).filter(move |number| !kept.gone.contains(number));
        numbers.map(move |number| kept.row(number, table.spec.fields.len()))
    }
    /// How many bytes it takes, roughly.
    pub fn bytes(&self) -> usize {
        self.kept.iter().map(Kept::bytes).sum()
    }
}

/// What is asked of a record's own stored version, and what it refers to.
fn columns_of_version(table: &Table) -> BTreeSet<usize> {
    let references = table.spec.references.iter().flat_map(|reference| reference.fields);
    let of_school = SCHOOL.iter().filter(|_| table.spec.key == [SCHOOL_KEY]);
    let named = references.chain(of_school).filter_map(|name| table.spec.position(name));
    table.key.iter().chain(&table.stored).copied().chain(named).collect()
}

impl Kept {
    /// What the references and lookups of all resources ask of this one, beside these columns.
    fn of(table: &Table, mut columns: BTreeSet<usize>) -> Self {
        let mut ways = BTreeSet::new();
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
        let columns = columns.into_iter().collect();
        Self { columns, bytes: Vec::new(), starts: Vec::new(), ways, gone: HashSet::new() }
    }

    fn keep(&mut self, row: &Row) -> Option<u32> {
        if self.columns.is_empty() {
            return None;
        }
        let number = self.starts.len() as u32;
        self.starts.push(self.bytes.len() as u64);
        self.columns.iter().for_each(|place| pack(&row.values[*place], &mut self.bytes));
        for way in &mut self.ways {
            let parts = way.on.iter().map(|place| part(&row.values[*place]));
            let before = hash(parts).and_then(|hash| way.last.insert(hash, number));
            way.before.push(before.unwrap_or(NONE));
        }
        Some(number)
    }

    fn bytes(&self) -> usize {
        // Of a map's entries an eighth at least are empty, and each takes a byte more than it holds.
        let way = |way: &Way| way.before.capacity() * 4 + way.last.capacity() * 8 / 7 * 17;
        self.bytes.capacity() + self.starts.capacity() * 8 + self.ways.iter().map(way).sum::<usize>()
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
            let holds = !kept.gone.contains(&number);
            if holds && join.on.iter().zip(key).all(is_wanted) && !each(row) {
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
                    What::Versions { .. } | What::Stored | What::WriteStatus => {}
                }
            }
        }
        Ok(())
    }
}

impl Memory {
    /// The rows that a question for rows finds under a key.
    pub(super) fn rows(&self, ask: &Ask, (only, any): (Only, bool), key: &KeyParts, each: &mut dyn FnMut(Row)) {
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
        let mut counted = RowCount::default();
        self.count_under(ask, count, key, &mut counted);
        counted.number(count)
    }

    /// Adds the rows under a key.
    pub(super) fn count_under(&self, ask: &Ask, count: &Count, key: &KeyParts, counted: &mut RowCount) {
        self.each_under(ask.from, ask.join, key, &mut |row| {
            counted.add(ask.from, count, &row);
            true
        });
    }
}

/// Rows that are counted one by one.
#[derive(Default)]
pub(super) struct RowCount {
    rows: i64,
    different: HashSet<Value>,
}

impl RowCount {
    /// Adds a row, if it is one that counts.
    pub(super) fn add(&mut self, from: &Table, count: &Count, row: &Row) {
        let value = |column: Option<&str>| {
            column.and_then(|name| from.spec.position(name)).map(|place| row.values[place].clone())
        };
        if value(count.without).is_none_or(|value| value == Value::Null) {
            self.rows += 1;
            // As in SQL, what is absent is no value.
            self.different.extend(value(count.distinct).filter(|value| *value != Value::Null));
        }
    }
    /// How many there are.
    pub(super) fn number(&self, count: &Count) -> i64 {
        if count.distinct.is_some() { self.different.len() as i64 } else { self.rows }
    }
}

/// A hash of a key's parts; `None` when one is absent, for such rows are not found by it.
fn hash<'p>(parts: impl Iterator<Item = Option<Cow<'p, str>>>) -> Option<u64> {
    let mut hash = xxhash_rust::xxh3::Xxh3Default::new();
    for part in parts {
        hash.update(part?.as_bytes());
        hash.update(&[SEPARATOR as u8]);
    }
    Some(hash.digest())
}
