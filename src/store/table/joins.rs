//! How other records are found from a record: an arm of a statement for each of a resource's references, lookups and
//! counts.

use crate::model::spec::{Count, Lookup, Reference, Spec};
use crate::store::pg::statement::record;
use crate::store::table::{Join, cast, equal, history, lateral, parts, places, quoted};

/// The way from `fields` of a record to the records of `from` whose `on` equal them.
pub(super) fn join(
    spec: &Spec,
    fields: &[&str],
    from: Option<&'static Spec>,
    on: &[&str],
    columns: &[&str],
    tail: &str,
) -> Join {
    let Some(from) = from else { return Join::default() };
    let quoted: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
    let shown: Vec<String> = quoted.iter().map(|column| format!("t.{column}")).collect();
    Join {
        head: head(&shown.join(", ")),
        tail: format!("{} {}", numbered(on.len()), lateral(from, on, &quoted, tail)),
        fields: places(spec, fields),
        on: places(from, on),
        columns: places(from, columns),
        ..Join::default()
    }
}

fn head(columns: &str) -> String {
    format!("g.o, {} FROM unnest(", record(columns))
}

fn numbered(count: usize) -> String {
    format!(") WITH ORDINALITY g({}, o)", parts(count).join(", "))
}

/// A parent is locked against deletion, not against change; one that belongs to the record's own school is so already,
/// by the lock of the school.
pub(super) fn parent(spec: &Spec, reference: &Reference) -> Join {
    let parent = crate::model::find(reference.to);
    let with =
        |tail| join(spec, reference.fields, parent, parent.map_or(&[], |parent| parent.key), reference.fetch, tail);
    let locking = (!is_guarded(spec, reference, parent)).then(|| with("FOR KEY SHARE").tail);
    Join { locking, is_kept: reference.fields.iter().all(|name| spec.key.contains(name)), ..with("OFFSET 0") }
}

/// Does the parent belong to the school that the record belongs to?
fn is_guarded(spec: &Spec, reference: &Reference, parent: Option<&Spec>) -> bool {
    let is_owner = |spec: &Spec, name: &str| spec.position(name) == Some(spec.owner());
    let is_guarded = |parent: &Spec| {
        reference.fields.iter().zip(parent.key).any(|(own, other)| is_owner(spec, own) && is_owner(parent, other))
    };
    parent.is_some_and(is_guarded)
}

pub(super) fn lookup(spec: &Spec, lookup: &Lookup) -> Join {
    let from = crate::model::find(lookup.from);
    // What was asked with is known; it need not be sent back.
    let is_known = |from: &Spec, name: &str| {
        lookup.on.contains(&name) && from.position(name).is_some_and(|at| cast(&from.fields[at].kind).is_empty())
    };
    let names = from.map_or(&[][..], |from| from.key).iter().chain(lookup.fetch).copied();
    let columns: Vec<&str> = names.filter(|name| from.is_some_and(|from| !is_known(from, name))).collect();
    if let Some(from) = from.filter(|_| lookup.versions) {
        return versions(spec, lookup, from, &columns);
    }
    let only =
        lookup.only.iter().map(|(column, values)| format!("AND t.{} IN ('{}') ", quoted(column), values.join("', '")));
    let only: String = only.collect();
    let with = |end: &str| join(spec, lookup.fields, from, lookup.on, &columns, &format!("{only}{end}"));
    match lookup.any {
        true => Join { rows: Some(Box::new(with("OFFSET 0"))), ..with("LIMIT 1") },
        false => with("OFFSET 0"),
    }
}

/// The way to every version of the record with a key: what holds, and what history keeps of it.
fn versions(spec: &Spec, lookup: &Lookup, from: &'static Spec, columns: &[&str]) -> Join {
    let now: Vec<String> = columns.iter().map(|name| format!("t.{}", quoted(name))).collect();
    let once: Vec<String> = columns.iter().map(|name| format!("h.body ->> '{name}' AS {}", quoted(name))).collect();
    let key = history::joined(&parts(lookup.on.len()).iter().map(|part| format!("g.{part}")).collect::<Vec<_>>());
    let tail = format!(
        "{} JOIN LATERAL (SELECT {} FROM {} t WHERE {} UNION ALL SELECT {} FROM history h WHERE h.resource = {} \
         AND h.key = {key} AND h.operation = 'update' OFFSET 0) t ON true",
        numbered(lookup.on.len()),
        now.join(", "),
        quoted(from.table),
        equal(from, &places(from, lookup.on), "g"),
        once.join(", "),
        from.number,
    );
    Join {
        head: head(&now.join(", ")),
        tail,
        fields: places(spec, lookup.fields),
        on: places(from, lookup.on),
        columns: places(from, columns),
        ..Join::default()
    }
}

pub(super) fn count(spec: &Spec, count: &Count) -> Join {
    let Some(from) = crate::model::find(count.from) else { return Join::default() };
    let what = count.distinct.map_or_else(|| "*".to_owned(), |column| format!("DISTINCT t.{}", quoted(column)));
    let without = count.without.map(|column| format!(" AND t.{} IS NULL", quoted(column))).unwrap_or_default();
    let tail = format!(
        "{} CROSS JOIN LATERAL (SELECT count({what}) number FROM {} t WHERE {}{without}) c",
        numbered(count.on.len()),
        quoted(from.table),
        equal(from, &places(from, count.on), "g")
    );
    let named = count.distinct.into_iter().chain(count.without).filter(|name| !from.key.contains(name));
    let columns: Vec<&str> = from.key.iter().copied().chain(named).collect();
    Join {
        head: head("c.number"),
        tail,
        fields: places(spec, count.fields),
        on: places(from, count.on),
        rows: Some(Box::new(join(spec, count.fields, Some(from), count.on, &columns, "OFFSET 0"))),
        ..Join::default()
    }
}
