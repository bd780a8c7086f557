//! The statement that replaces versions of a resource.

use crate::model::spec::Spec;
use crate::store::change_log;
use crate::store::table;
use crate::store::table::history;
use crate::store::table::{cast, quoted};
use std::fmt::Write as _;

/// Arguments: those of the blocks ([`change_log`]); versions, places and blocks of the rows replaced; one text array a
/// column; the two halves of the hash. Found by its place a row needs no index; version and key are compared all the
/// same.
pub(crate) fn update_sql(spec: &Spec) -> String {
    let (count, first) = (spec.fields.len(), change_log::ARGUMENTS + 1);
    let mut arrays = format!("${first}::integer[], ${}::text[], ${}::bigint[]", first + 1, first + 2);
    let (mut names, mut sets) = (String::from("was, place, block"), String::new());
    for (at, field) in spec.fields.iter().enumerate() {
        let name = argument(spec, at);
        let _ = write!(arrays, ", ${}::text[]", first + 3 + at);
        let _ = write!(names, ", {name}");
        let _ = write!(sets, "{} = c.{name}{}, ", quoted(field.name), cast(&field.kind));
    }
    let _ = write!(arrays, ", ${}::bigint[], ${}::bigint[]", first + 3 + count, first + 4 + count);
    let same =
        format!("t.ctid = c.place::tid AND {} AND t.version = c.was", table::equal(spec, &spec.key_positions(), "c"));
    let table = quoted(spec.table);
    format!(
        "WITH {}, b AS ({}), c AS MATERIALIZED (SELECT * FROM unnest({arrays}) c({names}, high, low)), h AS ({}) \
         UPDATE {table} t SET {sets}hash_high = c.high, hash_low = c.low, version = t.version + 1, block = c.block, \
         changed_at = {}, submission_id = p.submission, client_id = p.client FROM c, p WHERE {same}",
        change_log::ORIGIN,
        change_log::insertion(spec.number),
        history::replaced(spec, &format!("c CROSS JOIN p JOIN {table} t ON {same}")),
        history::END,
    )
}

/// What an argument of [`update_sql`] is called: the key's columns as [`equal`](table::equal) wants them.
fn argument(spec: &Spec, at: usize) -> String {
    match spec.key.iter().position(|name| *name == spec.fields[at].name) {
        Some(part) => format!("k{part}"),
        None => format!("c{at}"),
    }
}
