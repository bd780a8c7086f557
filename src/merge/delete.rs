//! Deletes of a batch: lock, look for records that refer to them, delete, and leave a tombstone in history.

use crate::access::Area;
use crate::change::block::{Blocks, ChangeIdBlock, Changed};
use crate::change::keys::ChangeOperation;
use crate::intake::record::Incoming;
use crate::merge::batch::{Disposition, Outcome, WriteContext};
use crate::merge::locks::{not_granted, strange_schools, visible_schools};
use crate::merge::reporting_window::ReportingWindow;
use crate::merge::stored;
use crate::merge::stored::Stored;
use crate::merge::target::{MergeTarget, Referrers};
use crate::model::issue::Issue;
use crate::model::rules::catalogue as rule;
use crate::model::spec::{Reference, Spec};
use crate::store::change_log::Writing;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table;
use crate::store::table::history;
use crate::store::table::{Table, cast, quoted};
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

type Key<'r> = Vec<Cow<'r, str>>;

/// Deletes records of one resource by key; keys are distinct. Deleting nothing is `Unchanged`.
pub fn delete(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    records: &[Incoming],
    writer: &WriteContext,
) -> QueryResult<Vec<Outcome>> {
    let keys: Vec<Option<Key>> =
        records.iter().map(|record| if record.has_error() { None } else { record.key(table) }).collect();
    let usable: Vec<usize> = (0..records.len()).filter(|at| keys[*at].is_some()).collect();
    let plain: Vec<&Key> = usable.iter().filter_map(|at| keys[*at].as_ref()).collect();
    let strange = strange_schools(target, records.iter().filter_map(|record| record.school(table)), writer.scope)?;
    let found = locked(target, table, &plain, writer.scope)?;
    let mut outcomes: Vec<Outcome> =
        records.iter().map(|record| Outcome::of(Disposition::Rejected, record.issues.clone())).collect();
    let due = ReportingWindow::of(
        target,
        table,
        found.iter().flatten().filter_map(|stored| stored.row.text(table.owner)),
        writer,
    )?;
    let (mut doomed, mut kept) = (Vec::new(), Vec::new());
    for (at, stored) in usable.iter().zip(&found) {
        let school = stored.as_ref().and_then(|stored| stored.row.text(table.owner));
        match first_look(&records[*at], stored.as_ref(), records[*at].school(table).filter(|s| strange.contains(*s))) {
            Some(outcome) => outcomes[*at] = outcome,
            None => match due.refusal(&records[*at].row, school, true) {
                Some(refusal) => {
                    outcomes[*at].issues.push(refusal);
                    kept.push(*at);
                }
                None => doomed.push(*at),
            },
        }
    }
    let known = known_schools(table, &found, writer.scope);
    // What may not go is told all that holds it.
    for (at, issues) in referring(target, table, &kept, &keys, known.as_ref())? {
        outcomes[at].issues.extend(issues);
    }
    // Records of one resource may refer to each other, also in a circle: those that go do not hold back the others.
    loop {
        let referring = referring(target, table, &doomed, &keys, known.as_ref())?;
        if referring.is_empty() {
            break;
        }
        doomed.retain(|at| !referring.contains_key(at));
        for (at, issues) in referring {
            outcomes[at].issues.extend(issues);
            outcomes[at].contextual = true;
        }
    }
    let stored: HashMap<usize, &Stored> =
        usable.iter().zip(&found).filter_map(|(at, stored)| Some((*at, stored.as_ref()?))).collect();
    let going = |at: &usize| Some((*at, keys[*at].clone()?, *stored.get(at)?));
    let going = doomed.iter().filter_map(going).map(|(at, key, stored)| Going {
        key,
        school: stored.row.text(table.owner).unwrap_or_default(),
        version: stored.meta.version,
        request: records[at].request.as_deref(),
    });
    target.remove(table, &going.collect::<Vec<_>>(), writer)?;
    for at in doomed {
        outcomes[at].action = Disposition::Deleted;
    }
    Ok(outcomes)
}

/// What can be said before anything is looked up: another school is named (PT-016), nothing is there, or the condition
/// does not hold.
fn first_look(record: &Incoming, stored: Option<&Stored>, strange: Option<&str>) -> Option<Outcome> {
    if let Some(school) = strange {
        let mut issues = record.issues.clone();
        issues.push(not_granted(school));
        return Some(Outcome::of(Disposition::Rejected, issues));
    }
    let Some(stored) = stored else {
        let action = if record.may_replace(None) { Disposition::Unchanged } else { Disposition::PreconditionFailed };
        return Some(Outcome::of(action, record.issues.clone()));
    };
    (!record.may_replace(Some(stored.meta.version))).then(|| Outcome {
        meta: Some(stored.meta),
        ..Outcome::of(Disposition::PreconditionFailed, record.issues.clone())
    })
}

/// What is stored under these keys of schools in the scope; all else is as if it were not there, and is not locked. Locks
/// the rows first, so that nobody can begin to refer to them, then reads them.
fn locked(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    keys: &[&Key],
    scope: &Area,
) -> QueryResult<Vec<Option<Stored>>> {
    let keys: Vec<&[Cow<str>]> = keys.iter().map(|key| key.as_slice()).collect();
    let mut found = target.versions(table, &keys)?;
    let schools = |found: &[Option<Stored>]| -> Vec<String> {
        found.iter().flatten().filter_map(|stored| stored.row.text(table.owner)).map(str::to_owned).collect()
    };
    let all = schools(&found);
    let own: HashSet<String> = match scope.all() {
        true => all.into_iter().collect(),
        false => visible_schools(target, all.iter().map(String::as_str).collect(), scope)?,
    };
    let is_own = |stored: &Option<Stored>| {
        stored.as_ref().and_then(|stored| stored.row.text(table.owner)).is_some_and(|school| own.contains(school))
    };
    let places: Vec<usize> = (0..found.len()).filter(|at| is_own(&found[*at])).collect();
    found.iter_mut().for_each(|stored| *stored = None);
    let keys: Vec<&[Cow<str>]> = places.iter().map(|at| keys[*at]).collect();
    if keys.is_empty() {
        return Ok(found);
    }
    for (at, stored) in places.into_iter().zip(target.held_versions(table, &own, &keys)?) {
        // It may have gone to another school meanwhile.
        found[at] = Some(stored).filter(is_own).flatten();
    }
    Ok(found)
}

/// The schools whose records may be spoken of: those granted by code, and those of what is found. `None`: all.
fn known_schools(table: &Table, found: &[Option<Stored>], scope: &Area) -> Option<BTreeSet<String>> {
    let of_found = found.iter().flatten().filter_map(|stored| stored.row.text(table.owner)).map(str::to_owned);
    (!scope.all()).then(|| scope.schools().iter().cloned().chain(of_found).collect())
}

/// PT-011 for each record that others refer to, by its place. Of records of schools that are not known it is told only
/// that there are some.
fn referring(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    doomed: &[usize],
    keys: &[Option<Key>],
    known: Option<&BTreeSet<String>>,
) -> QueryResult<HashMap<usize, Vec<Issue>>> {
    let mut issues: HashMap<usize, Vec<Issue>> = HashMap::new();
    if doomed.is_empty() {
        return Ok(issues);
    }
    let going: Vec<&[Cow<str>]> = doomed.iter().filter_map(|at| keys[*at].as_deref()).collect();
    target.referrers(table, &going, known, &mut |found| {
        let issues = issues.entry(doomed[found.at]).or_default();
        issues.extend((found.own > 0).then(|| held(found.by, found.own)));
        // Once, for not even their resource is told.
        let is_told = issues.iter().any(is_held_elsewhere);
        issues.extend((found.others > 0 && !is_told).then(held_elsewhere));
    })?;
    Ok(issues)
}

/// Counts in the database the records of one resource that refer to those of `going` (see [`MergeTarget::referrers`]).
pub(crate) fn count_referrers(
    connection: &mut PgConnection,
    table: &Table,
    (other, reference): (&'static Spec, &Reference),
    going: &[&[Cow<str>]],
    known: Option<&BTreeSet<String>>,
    each: &mut dyn FnMut(Referrers),
) -> QueryResult<()> {
    let count = reference.fields.len();
    let own = format!("t.school_code = ANY(${}::text[])", count + 1);
    let own = if known.is_some() { own.as_str() } else { "true" };
    let from = (&*table::keys("g", 1, count), &*table::keys("x", 1, count));
    let mut arguments = stored::arrays(going, count);
    let known = known.map(|known| known.iter().map(|school| Cow::Borrowed(school.as_str())));
    arguments.extend(known.map(|known| Argument::Texts(known.collect())));
    Statement::with(&holding(table, other, reference, from, own), arguments).each(connection, |cells| {
        let integer = |at| cells.integer(at).unwrap_or_default();
        each(Referrers { at: integer(0) as usize - 1, by: other, own: integer(1), others: integer(2) });
        Ok(())
    })
}

/// PT-011: so many records of this resource refer to it.
pub(crate) fn held(by: &Spec, count: i64) -> Issue {
    let mut issue = Issue::new(&rule::PT_011, "");
    issue.with("count", count).with("resource", by.name);
    issue
}

/// PT-011: records of schools out of the scope refer to it.
pub(crate) fn held_elsewhere() -> Issue {
    let mut issue = Issue::new(&rule::PT_011, "");
    issue.with("count", "@some").with("resource", "@of-other-schools");
    issue
}

fn is_held_elsewhere(issue: &Issue) -> bool {
    issue.rule.code == rule::PT_011.code && issue.values.iter().any(|(_, value)| value == "@of-other-schools")
}

/// The places (`g.o`) of the records of `from` that records of `other` refer to, and by how many: of which `own` is true,
/// and of which it is not; 1,000 are counted at most. `from` yields keys as `g(k0, …, o)`, `going` those of the records
/// that are deleted themselves, under another name.
pub(crate) fn holding(
    table: &Table,
    other: &Spec,
    reference: &Reference,
    (from, going): (&str, &str),
    own: &str,
) -> String {
    let columns: Vec<usize> = reference.fields.iter().filter_map(|name| other.position(name)).collect();
    let key: Vec<String> = other.key.iter().map(|name| format!("t.{}::text", quoted(name))).collect();
    let stays = match other.name == table.spec.name {
        true => {
            format!(" AND ({}) NOT IN (SELECT {} FROM {going})", key.join(", "), table::parts(key.len()).join(", "))
        }
        false => String::new(),
    };
    format!(
        "SELECT g.o, count(*) FILTER (WHERE t.own), count(*) FILTER (WHERE NOT t.own) FROM {from} \
         JOIN LATERAL (SELECT {own} AS own FROM {} t WHERE {}{stays} LIMIT 1000) t ON true GROUP BY g.o",
        quoted(other.table),
        table::equal(other, &columns, "g")
    )
}

/// A record that is deleted.
pub struct Going<'a> {
    /// Its key.
    pub key: Key<'a>,
    /// Its school.
    pub school: &'a str,
    /// Its last version.
    pub version: i64,
    /// The request that deletes it, if that is of its own.
    pub request: Option<&'a str>,
}

/// Sends the last version and a tombstone to history, deletes, and says so in the change log; no more records than a
/// block has room for.
pub(crate) fn remove(
    connection: &mut PgConnection,
    table: &Table,
    going: &[Going],
    writer: &WriteContext,
) -> QueryResult<()> {
    if going.is_empty() {
        return Ok(());
    }
    let mut blocks = Blocks::new(table.spec.number, &writer.author, ChangeIdBlock::take(connection)?);
    let add = |one: &Going| {
        blocks.add(&Changed {
            school: one.school,
            request: one.request,
            operation: ChangeOperation::Delete,
            version: one.version + 1,
            key: one.key.clone(),
            former: None,
            hash: None,
        })
    };
    let numbers = going.iter().map(add).collect();
    let keys: Vec<_> = going.iter().map(|one| one.key.as_slice()).collect();
    let mut arguments = stored::arrays(&keys, table.key.len());
    arguments.push(Argument::Integers(numbers));
    let blocks = blocks.arguments(connection)?;
    match removal(table).run(connection, blocks, arguments)? {
        deleted if deleted == going.len() => Ok(()),
        _ => Err(diesel::result::Error::NotFound),
    }
}

/// Deletes records by key. Arguments of the rows: one text array a part of the key, and the block of each.
fn removal(table: &Table) -> Writing {
    let (spec, count) = (table.spec, table.key.len());
    let (same, name) = (table::equal(spec, &table.key, "c"), quoted(spec.table));
    let parts = table::parts(count);
    let typed = |(part, place): (&String, &usize)| format!("{part}{} AS {part}, ", cast(&spec.fields[*place].kind));
    let shown: String = parts.iter().zip(&table.key).map(typed).collect();
    let rows = |first: usize| {
        let arrays: String = (first..first + count).map(|number| format!("${number}::text[], ")).collect();
        format!(
            "c AS MATERIALIZED (SELECT {shown}block FROM unnest({arrays}${}::bigint[]) c({}, block))",
            first + count,
            parts.join(", ")
        )
    };
    let source = format!("c CROSS JOIN p JOIN {name} t ON {same}");
    let before = [history::replaced(spec, &source), history::deleted(spec, &source)];
    Writing::new(spec.number, rows, &before, &format!("DELETE FROM {name} t USING c WHERE {same}"))
}
