//! Provisional codes that gave way to official ones: what still names the old code means the new one. Asked of the
//! database only where a value is provisional.

use crate::access::Area;
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::locks::visible_schools;
use crate::merge::target::MergeTarget;
use crate::model::issue::{Issue, Severity};
use crate::model::rules::catalogue as rule;
use crate::model::rules::identity::is_provisional;
use crate::model::value::Value;
use crate::store::codec;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table;
use crate::store::table::Table;
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// A code, and the resource that it names.
pub type Code = (&'static str, String);

/// The members that hold a code: the table's own key, and references; with the resource that each names.
pub fn coded(table: &'static Table) -> Vec<(usize, &'static str)> {
    let own = (table.key.len() == 1).then(|| (table.key[0], table.spec.name));
    let references = table.spec.references.iter().zip(&table.parents);
    let single = references.filter_map(|(reference, join)| match join.fields[..] {
        [place] => Some((place, reference.to)),
        _ => None,
    });
    own.into_iter().chain(single).collect()
}

/// The codes that took the place of these, where one did.
pub fn official(connection: &mut PgConnection, codes: &BTreeSet<Code>) -> QueryResult<HashMap<Code, String>> {
    let mut found = HashMap::new();
    if codes.is_empty() {
        return Ok(found);
    }
    let codes: Vec<&Code> = codes.iter().collect();
    let sql = "SELECT g.o, a.new_code FROM unnest($1::text[], $2::text[]) WITH ORDINALITY g(r, c, o) \
         JOIN code_aliases a ON a.resource = g.r AND a.old_code = g.c";
    let arguments = vec![
        Argument::Texts(codes.iter().map(|(resource, _)| (*resource).into()).collect()),
        Argument::Texts(codes.iter().map(|(_, code)| code.as_str().into()).collect()),
    ];
    Statement::with(sql, arguments).each(connection, |cells| {
        let code = codes[cells.integer(0).unwrap_or_default() as usize - 1];
        found.extend(cells.text(1).map(|new| (code.clone(), new.to_owned())));
        Ok(())
    })?;
    Ok(found)
}

/// Puts official codes into a key's parts; `true`: it named an old one.
pub fn official_key(connection: &mut PgConnection, table: &'static Table, key: &mut [String]) -> QueryResult<bool> {
    let place_of = |place: &usize| table.key.iter().position(|known| known == place);
    let coded: Vec<(usize, &str)> =
        coded(table).into_iter().filter_map(|(place, resource)| Some((place_of(&place)?, resource))).collect();
    let mut changed = false;
    for (part, resource) in coded {
        if !key.get(part).is_some_and(|code| is_provisional(code)) {
            continue;
        }
        let code = (resource, key[part].clone());
        if let Some(new) = official(connection, &BTreeSet::from([code.clone()]))?.remove(&code) {
            (key[part], changed) = (new, true);
        }
    }
    Ok(changed)
}

/// What [`translate`] found.
#[derive(Debug, Default)]
pub struct Translated {
    /// Codes that are provisional still.
    pub provisional: BTreeSet<Code>,
    /// Keys that stand more than once now, for somebody sent the same record under both codes, or two schools sent one
    /// provisional code: the places of all records in passes that have each key once, the first sent first. Empty: there
    /// are none.
    pub passes: Vec<Vec<usize>>,
}

/// What a provisional code means, and to whom.
struct Alias {
    /// The official code.
    official: String,
    /// The school that made the provisional one, and the one that has the person now.
    schools: Vec<String>,
    /// Acts the sender for one of them?
    acts: bool,
}

/// Puts official codes in the place of provisional ones that gave way to them (ID-024), for the school that made the code
/// and the one that has the person now. An error instead for a person's own record that another school sends; what
/// another school says of the code means another person, or nobody.
pub fn translate(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    records: &mut [Incoming],
    scope: &Area,
) -> QueryResult<Translated> {
    let coded = coded(table);
    let codes = |record: &Incoming| -> Vec<Code> {
        let code = |place: usize| record.row.text(place).filter(|code| is_provisional(code));
        coded.iter().filter_map(|(place, resource)| Some((*resource, code(*place)?.to_owned()))).collect()
    };
    let mut provisional: BTreeSet<Code> = records.iter().flat_map(codes).collect();
    let known = aliases(target, &provisional, scope)?;
    if known.is_empty() {
        // Only of a provisional code may two records of a batch be sent: by two schools.
        let is_own = provisional.iter().any(|(resource, _)| *resource == table.spec.name);
        let passes = if is_own { passes(table, records) } else { Vec::new() };
        return Ok(Translated { provisional, passes });
    }
    let mut scratch = Vec::new();
    for record in records.iter_mut() {
        for (place, resource) in &coded {
            let alias = record.row.text(*place).and_then(|code| known.get(&(*resource, code.to_owned())));
            if let Some(alias) = alias {
                translate_one(table, record, *place, alias);
            }
        }
        record.hash = codec::hash(&record.row, table.spec.fields, &mut scratch);
    }
    provisional.retain(|code| !known.contains_key(code));
    Ok(Translated { provisional, passes: passes(table, records) })
}

/// Has one of these codes given way meanwhile?
pub fn gave_way(connection: &mut PgConnection, codes: &BTreeSet<Code>) -> QueryResult<bool> {
    Ok(!official(connection, codes)?.is_empty())
}

fn passes(table: &Table, records: &[Incoming]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|at| records[*at].index);
    let mut seen: HashMap<Vec<Cow<str>>, usize> = HashMap::new();
    let mut passes: Vec<Vec<usize>> = Vec::new();
    for at in order {
        let times = records[at].key(table).map_or(0, |key| {
            let times = seen.entry(key).or_default();
            *times += 1;
            *times - 1
        });
        if passes.len() <= times {
            passes.push(Vec::new());
        }
        passes[times].push(at);
    }
    if passes.len() > 1 { passes } else { Vec::new() }
}

fn translate_one(table: &Table, record: &mut Incoming, place: usize, alias: &Alias) {
    let pointer = format!("/{}", table.spec.fields[place].json);
    let is_own = record.school(table).is_some_and(|school| alias.schools.iter().any(|one| one == school));
    let itself = table.key == [place] && record.operation == RecordOperation::Upsert;
    if !(is_own || alias.acts && !itself) {
        // A batch that is tried again has its error already.
        let has_it = record.issues.iter().any(|known| known.rule.code == rule::ID_024.code && known.pointer == pointer);
        if itself && !has_it {
            record.issues.push(gave_way_to(record, place, pointer, alias, (Severity::Error, false)));
        }
        return;
    }
    let issue = gave_way_to(record, place, pointer.clone(), alias, (Severity::Info, is_own));
    record.row.values[place] = Value::Text(alias.official.as_str().into());
    record.issues.retain(|known| known.rule.code != rule::ID_023.code || known.pointer != pointer);
    record.issues.push(issue);
}

/// ID-024. The official code is told to those concerned only: `is_own`: the record is of a school that has the person, or
/// had; else who reads of it must be concerned with the one that has.
fn gave_way_to(
    record: &Incoming,
    place: usize,
    pointer: String,
    alias: &Alias,
    (severity, is_own): (Severity, bool),
) -> Issue {
    let mut issue = Issue::new(&rule::ID_024, pointer);
    issue.severity(severity).with("value", record.row.text(place).unwrap_or_default());
    match (is_own, alias.schools.last()) {
        (false, Some(school)) => issue.with_of_school("other", school, &alias.official),
        _ => issue.with("other", &alias.official),
    };
    issue
}

/// What these codes mean, of those that gave way.
fn aliases(target: &mut dyn MergeTarget, codes: &BTreeSet<Code>, scope: &Area) -> QueryResult<HashMap<Code, Alias>> {
    let mut known = HashMap::new();
    for resource in codes.iter().map(|(resource, _)| *resource).collect::<BTreeSet<_>>() {
        let Some(table) = table::find(resource) else { continue };
        let sql = "SELECT old_code, new_code, school_code FROM code_aliases WHERE resource = $1 AND old_code = ANY($2::text[])";
        let of_resource = codes.iter().filter(|(of, _)| *of == resource).map(|(_, code)| code.as_str().into());
        let arguments = vec![Argument::Text(resource.into()), Argument::Texts(of_resource.collect())];
        let mut found: Vec<(String, String, Option<String>)> = Vec::new();
        Statement::with(sql, arguments).each(target.database(), |cells| {
            let text = |at| cells.text(at).map(str::to_owned);
            found.extend(text(0).zip(text(1)).map(|(old, official)| (old, official, text(2))));
            Ok(())
        })?;
        let official: Vec<[Cow<str>; 1]> = found.iter().map(|(_, official, _)| [official.as_str().into()]).collect();
        let official: Vec<&[Cow<str>]> = official.iter().map(<[_; 1]>::as_slice).collect();
        let stored = target.versions(table, &official)?;
        let holding = stored.iter().map(|stored| stored.as_ref()?.row.text(table.owner).map(str::to_owned));
        let holding: Vec<Option<String>> = holding.collect();
        for ((old, official, made), holds) in found.into_iter().zip(holding) {
            let schools = [made, holds].into_iter().flatten().collect();
            known.insert((resource, old), Alias { official, schools, acts: scope.all() });
        }
    }
    if !scope.all() && !known.is_empty() {
        let schools = known.values().flat_map(|alias| alias.schools.iter().map(String::as_str)).collect();
        let seen = visible_schools(target, schools, scope)?;
        known.values_mut().for_each(|alias| alias.acts = alias.schools.iter().any(|school| seen.contains(school)));
    }
    Ok(known)
}
