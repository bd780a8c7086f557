//! The statement that replaces versions of a resource.

use crate::model::rules::school::checks;
use crate::model::spec::Spec;
use crate::store::table;
use crate::store::table::history;
use crate::store::table::{BLOCK, cast, quoted};
use std::fmt::Write as _;

/// Arguments: `at`, change block (0: it takes one itself), submission, client; versions and places of the rows
/// replaced; one text array a column; the two halves of the hash. Found by its place a row needs no index; version and
/// key are compared all the same.
pub(crate) fn update_sql(spec: &Spec) -> String {
    let count = spec.fields.len();
    let (mut arrays, mut names, mut sets) =
        (String::from("$5::integer[], $6::text[]"), String::from("was, place"), String::new());
    for (at, field) in spec.fields.iter().enumerate() {
        let name = argument(spec, at);
        let _ = write!(arrays, ", ${}::text[]", at + 7);
        let _ = write!(names, ", {name}");
        let _ = write!(sets, "{} = c.{name}{}, ", quoted(field.name), cast(&field.kind));
    }
    let _ = write!(arrays, ", ${}::bigint[], ${}::bigint[]", count + 7, count + 8);
    let same =
        format!("t.ctid = c.place::tid AND {} AND t.version = c.was", table::equal(spec, &spec.key_positions(), "c"));
    let table = quoted(spec.table);
    let marks = marks(spec).map(|marks| format!(", m AS ({marks})")).unwrap_or_default();
    format!(
        "WITH p AS (SELECT $1::timestamptz AS at, coalesce(nullif($2::bigint, 0), nextval('change_block') * {BLOCK}) AS block, $3::uuid AS submission, $4::uuid AS client), \
         c AS MATERIALIZED (SELECT * FROM unnest({arrays}) WITH ORDINALITY c({names}, high, low, o)), \
         h AS ({}){marks} \
         UPDATE {table} t SET {sets}hash_high = c.high, hash_low = c.low, version = t.version + 1, change_id = p.block + c.o, changed_at = p.at, \
         submission_id = p.submission, client_id = p.client, xid = pg_current_xact_id() FROM c, p WHERE {same}",
        history::replaced(spec, &format!("c CROSS JOIN p JOIN {table} t ON {same}"))
    )
}

/// What an argument of [`update_sql`] is called: the key's columns as [`equal`](table::equal) wants them.
fn argument(spec: &Spec, at: usize) -> String {
    match spec.key.iter().position(|name| *name == spec.fields[at].name) {
        Some(part) => format!("k{part}"),
        None => format!("c{at}"),
    }
}

/// Marks the schools of what is replaced as to be judged again, where whole-school checks read the resource, and a
/// record cannot come from another school.
pub(crate) fn marks(spec: &Spec) -> Option<String> {
    let owner = spec.owner();
    let is_read = checks().any(|check| check.reads.contains(&spec.name));
    (is_read && spec.key.contains(&spec.fields[owner].name)).then(|| {
        let year = spec.position("school_year").map_or("''".to_owned(), |at| format!("coalesce(c.{}, '')", argument(spec, at)));
        let school = argument(spec, owner);
        format!("INSERT INTO findings_due (school_code, school_year, resource) SELECT DISTINCT c.{school}, {year}, '{}' FROM c", spec.name)
    })
}
