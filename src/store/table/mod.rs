//! A resource as the database knows it: places of its key, its dependency level, and its SQL, generated once.

pub mod history; // how versions that hold no longer are kept
mod joins; // how other records are found from a record
pub mod update; // the statement that replaces versions

use crate::model::field::FieldType;
use crate::model::spec::{Reference, Spec};
use crate::model::value::Row;
use crate::store::change_log::Writing;
use std::sync::OnceLock;

/// Bookkeeping columns behind a resource's own.
pub const BOOKKEEPING: [&str; 7] =
    ["hash_high", "hash_low", "version", "block", "changed_at", "submission_id", "client_id"];

/// A resource with its generated SQL.
#[derive(Debug)]
pub struct Table {
    /// The definition.
    pub spec: &'static Spec,
    /// Place in `model::all()`.
    pub number: usize,
    /// Places of the key's fields.
    pub key: Vec<usize>,
    /// Place of `school_code`.
    pub owner: usize,
    /// 0: rests on nothing; else one more than the highest that it refers to, looks up or counts (itself excepted).
    pub level: usize,
    /// Place of the member that makes its records late.
    late: Option<usize>,
    /// Places of the columns fetched of a stored version: owner, then `Spec::stored`.
    pub stored: Vec<usize>,
    /// `table (columns)` for COPY.
    pub copy_target: String,
    /// Digests of groups. Arguments: one text array for each group field but the last, and two for the range in which
    /// that lies.
    pub digest: String,
    /// Stored versions by key. Arguments: one text array a key field.
    pub fetch: String,
    /// All members by key. Arguments: one text array a key field.
    pub whole: String,
    /// Stored versions as an arm of a statement.
    pub own: Join,
    /// Replaces versions. Arguments as [`write`](crate::merge::write) binds them.
    pub update: Writing,
    /// Parents, in the order of `Spec::references`. Arguments: one text array a field.
    pub parents: Vec<Join>,
    /// Lookups, in the order of `Spec::lookups`. Arguments: one text array a field.
    pub lookups: Vec<Join>,
    /// Counts, in the order of `Spec::counts`. Arguments: one text array a field.
    pub counts: Vec<Join>,
    /// References of other resources to this one.
    pub referrers: Vec<(&'static Spec, &'static Reference)>,
}

/// How other records are found from a record.
#[derive(Debug, Default)]
pub struct Join {
    /// An arm of a statement, but for `SELECT` and what stands before: number of the key and `ROW` of the columns, up
    /// to the arrays of the keys' parts.
    pub head: String,
    /// The rest of the arm.
    pub tail: String,
    /// The same with a lock against deletion, for a parent that nothing else keeps.
    pub locking: Option<String>,
    /// Such a parent is named by the record's key: what is stored already keeps it (PT-011).
    pub is_kept: bool,
    /// Places of the record's own fields.
    pub fields: Vec<usize>,
    /// Places of the other resource's columns that equal them.
    pub on: Vec<usize>,
    /// Places of the other resource's columns that the statement reads.
    pub columns: Vec<usize>,
    /// The way to all rows with their keys, where the statement itself says less: that there is one, or how many.
    pub rows: Option<Box<Join>>,
}

/// Every resource's table, in the order of `model::all()`.
pub fn tables() -> &'static [Table] {
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    TABLES
        .get_or_init(|| crate::model::all().iter().enumerate().map(|(number, spec)| Table::new(number, spec)).collect())
}

/// The table of the resource with this name.
pub fn find(name: &str) -> Option<&'static Table> {
    tables().iter().find(|table| table.spec.name == name)
}

/// The table of the resource that stored data name by this number.
pub fn by_number(number: i64) -> Option<&'static Table> {
    tables().iter().find(|table| i64::from(table.spec.number) == number)
}

/// `"name"`: always quoted, since members may be called `group` or `from`.
pub fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// The column type a text is cast to.
pub fn sql_type(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Text { .. } | FieldType::Code { .. } | FieldType::Choice { .. } | FieldType::SchoolYear => "text",
        FieldType::Integer { .. } => "integer",
        FieldType::Decimal { .. } => "numeric",
        FieldType::Boolean => "boolean",
        FieldType::Date => "date",
        FieldType::List(FieldType::Object(_)) | FieldType::Object(_) | FieldType::Counts { .. } => "jsonb",
        FieldType::List(FieldType::Decimal { .. }) => "numeric[]",
        FieldType::List(_) => "text[]",
    }
}

fn columns(spec: &Spec) -> impl Iterator<Item = String> {
    spec.fields.iter().map(|field| quoted(field.name))
}

/// `::date` behind a text that becomes a column of this kind; nothing where it is one already.
pub fn cast(kind: &FieldType) -> String {
    match sql_type(kind) {
        "text" => String::new(),
        other => format!("::{other}"),
    }
}

/// `unnest($5::text[], …) WITH ORDINALITY g(k0, …, o)`: keys of `count` parts, the first of which is argument `first`.
pub fn keys(alias: &str, first: usize, count: usize) -> String {
    let arrays: Vec<String> = (first..first + count).map(|number| format!("${number}::text[]")).collect();
    format!("unnest({}) WITH ORDINALITY {alias}({}, o)", arrays.join(", "), parts(count).join(", "))
}

/// `k0`, `k1`, …: what [`keys`] calls the parts.
pub fn parts(count: usize) -> Vec<String> {
    (0..count).map(|part| format!("k{part}")).collect()
}

/// `t."a" = g.k0 AND t."b" = g.k1::date` for the fields of `spec` at these places.
pub fn equal(spec: &Spec, places: &[usize], alias: &str) -> String {
    let condition = |(part, place): (usize, &usize)| {
        let field = &spec.fields[*place];
        format!("t.{} = {alias}.k{part}{}", quoted(field.name), cast(&field.kind))
    };
    places.iter().enumerate().map(condition).collect::<Vec<_>>().join(" AND ")
}

/// Rows of `spec` whose `on` equal the arguments: ordinality, then the columns.
fn probe(spec: &Spec, on: &[&str], columns: &[String]) -> String {
    let shown: Vec<String> = columns.iter().map(|column| format!("t.{column}")).collect();
    format!(
        "SELECT g.o, {} FROM {} {}",
        shown.join(", "),
        keys("g", 1, on.len()),
        lateral(spec, on, columns, "OFFSET 0")
    )
}

/// The rows of `spec` under each key of `g`, as `t`. `OFFSET 0` or a lock keeps the probe of the index inside the loop.
fn lateral(spec: &Spec, on: &[&str], columns: &[String], tail: &str) -> String {
    let (condition, list) = (equal(spec, &places(spec, on), "g"), columns.join(", "));
    let list = if list.is_empty() { "1" } else { &list };
    format!("JOIN LATERAL (SELECT {list} FROM {} t WHERE {condition} {tail}) t ON true", quoted(spec.table))
}

impl Table {
    fn new(number: usize, spec: &'static Spec) -> Self {
        let mut stored = vec![spec.owner()];
        stored.extend(spec.stored.iter().filter_map(|name| spec.position(name)));
        let all: Vec<String> = columns(spec).chain(BOOKKEEPING.iter().map(|name| quoted(name))).collect();
        let referrers = crate::model::all().iter().flat_map(|other| {
            other.references.iter().filter(|reference| reference.to == spec.name).map(|reference| (*other, reference))
        });
        let mut fetched = vec!["hash_high", "hash_low", "version", "ctid", "changed_at", "submission_id", "client_id"];
        fetched.extend(stored.iter().map(|place| spec.fields[*place].name));
        Self {
            spec,
            number,
            key: spec.key_positions(),
            owner: spec.owner(),
            level: level(spec, 0),
            late: spec.late.and_then(|late| spec.position(late.field)),
            copy_target: format!("{} ({})", quoted(spec.table), all.join(", ")),
            digest: digest(spec),
            fetch: probe(spec, spec.key, &fetched.iter().map(|name| quoted(name)).collect::<Vec<_>>()),
            whole: probe(spec, spec.key, &columns(spec).collect::<Vec<_>>()),
            own: joins::join(spec, spec.key, Some(spec), spec.key, &fetched, "OFFSET 0"),
            update: update::update(spec),
            parents: spec.references.iter().map(|reference| joins::parent(spec, reference)).collect(),
            lookups: spec.lookups.iter().map(|one| joins::lookup(spec, one)).collect(),
            counts: spec.counts.iter().map(|one| joins::count(spec, one)).collect(),
            referrers: referrers.collect(),
            stored,
        }
    }
    /// The step in which a record of this resource comes in a submission, by the text of the member that makes it late.
    pub fn level_of_text(&self, late: Option<&str>) -> usize {
        self.level + self.spec.late.zip(late).map_or(0, |(known, value)| known.step(value))
    }
    /// The step in which this record comes in a submission.
    pub fn level_of(&self, row: &Row) -> usize {
        self.level_of_text(self.late.and_then(|place| row.text(place)))
    }
    /// The step of its last records.
    pub fn last_level(&self) -> usize {
        last_level(self.spec, self.level)
    }
}

fn last_level(spec: &Spec, level: usize) -> usize {
    level + spec.late.map_or(0, |late| late.last())
}

fn level(spec: &Spec, depth: usize) -> usize {
    if depth > 16 {
        0
    } else {
        rests_on(spec).map(|other| last_level(other, level(other, depth + 1)) + 1).max().unwrap_or(0)
    }
}

/// What a resource's records rest on: what they refer to, look up or count. Who is referred to by what he looks up
/// cannot come after it.
fn rests_on(spec: &Spec) -> impl Iterator<Item = &'static Spec> {
    let parents = spec.references.iter().map(|reference| reference.to);
    let found = spec.lookups.iter().map(|lookup| lookup.from).chain(spec.counts.iter().map(|count| count.from));
    let found = found.filter(|from| !crate::model::find(from).is_some_and(|from| refers_to(from, spec.name, 0)));
    parents.chain(found).filter(|name| *name != spec.name).filter_map(crate::model::find)
}

fn refers_to(spec: &Spec, name: &str, depth: usize) -> bool {
    let mut parents = spec.references.iter().map(|reference| reference.to).filter(|to| *to != spec.name);
    depth <= 16
        && parents
            .any(|to| to == name || crate::model::find(to).is_some_and(|parent| refers_to(parent, name, depth + 1)))
}

fn digest(spec: &Spec) -> String {
    let group = places(spec, &spec.key[..spec.digest.min(spec.key.len())]);
    let Some((last, leading)) = group.split_last().filter(|(_, leading)| !leading.is_empty()) else {
        return String::new();
    };
    let (field, number) = (&spec.fields[*last], leading.len());
    let (part, cast) = (quoted(field.name), cast(&field.kind));
    let range = format!("t.{part} BETWEEN g.k{number}{cast} AND g.k{}{cast}", number + 1);
    format!(
        "SELECT g.o, d.part, d.high, d.low, d.count FROM {} CROSS JOIN LATERAL (SELECT t.{part}::text part, bit_xor(t.hash_high) high, bit_xor(t.hash_low) low, \
         count(*) count FROM {} t WHERE {} AND {range} GROUP BY t.{part}) d",
        keys("g", 1, group.len() + 1),
        quoted(spec.table),
        equal(spec, leading, "g"),
    )
}

/// Places of the named fields.
fn places(spec: &Spec, names: &[&str]) -> Vec<usize> {
    names.iter().filter_map(|name| spec.position(name)).collect()
}
