//! The statement that replaces versions of a resource.

use crate::model::spec::Spec;
use crate::store::change_log::Writing;
use crate::store::table;
use crate::store::table::history;
use crate::store::table::{cast, quoted};
use std::fmt::Write as _;

/// Arguments of the rows replaced: versions, places, blocks and instants; one text array a column; the two halves of the
/// hash. Found by its place a row needs no index; version and key are compared all the same. Texts become what their
/// columns are where the rows are named, for a coordinator lets no change of rows do that.
pub(crate) fn update(spec: &Spec) -> Writing {
    let (mut shown, mut names, mut sets) = (String::new(), String::from("was, place, block, ended"), String::new());
    for (at, field) in spec.fields.iter().enumerate() {
        let (name, cast) = (argument(spec, at), cast(&field.kind));
        let _ = write!(shown, ", {name}{cast} AS {name}");
        let _ = write!(names, ", {name}");
        let _ = write!(sets, "{} = c.{name}, ", quoted(field.name));
    }
    let rows = |first: usize| {
        let mut arrays = format!("${first}::integer[], ${}::text[], ${}::bigint[]", first + 1, first + 2);
        let texts = first + 3;
        let hashes = texts + 1 + spec.fields.len();
        (texts..hashes).for_each(|number| arrays += &format!(", ${number}::text[]"));
        format!(
            "c AS MATERIALIZED (SELECT was, place::tid AS place, block, ended::timestamptz AS ended{shown}, high, low \
             FROM unnest({arrays}, ${hashes}::bigint[], ${}::bigint[]) c({names}, high, low))",
            hashes + 1
        )
    };
    let same = format!("t.ctid = c.place AND {} AND t.version = c.was", table::equal(spec, &spec.key_positions(), "c"));
    let table = quoted(spec.table);
    let replaced = history::replaced(spec, &format!("c CROSS JOIN p JOIN {table} t ON {same}"));
    let last = format!(
        "UPDATE {table} t SET {sets}hash_high = c.high, hash_low = c.low, version = t.version + 1, block = c.block, \
         changed_at = c.ended, submission_id = p.submission, client_id = p.client FROM c, p WHERE {same}"
    );
    Writing::new(spec.number, rows, &[replaced], &last)
}

/// What an argument of [`update`] is called: the key's columns as [`equal`](table::equal) wants them.
fn argument(spec: &Spec, at: usize) -> String {
    match spec.key.iter().position(|name| *name == spec.fields[at].name) {
        Some(part) => format!("k{part}"),
        None => format!("c{at}"),
    }
}
