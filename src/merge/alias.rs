//! Provisional codes that gave way to official ones: what still names the old code means the new one. Asked of the
//! database only where a value is provisional.

use crate::intake::record::{Incoming, Operation};
use crate::model::issue::{Issue, Severity};
use crate::model::rules::catalogue as rule;
use crate::model::rules::identity::is_provisional;
use crate::model::value::Value;
use crate::store::codec;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::{Table, quoted};
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
    /// Keys that stand more than once now, for somebody sent the same record under both codes: the places of all
    /// records in rounds that have each key once, the first sent first. Empty: there are none.
    pub rounds: Vec<Vec<usize>>,
}

/// Puts official codes in the place of provisional ones that gave way to them (ID-024). An error instead for a person's
/// own record under his old code that another school sends than the one that manages it: that may mean another person.
pub fn translate(
    connection: &mut PgConnection,
    table: &'static Table,
    records: &mut [Incoming],
) -> QueryResult<Translated> {
    let coded = coded(table);
    let codes = |record: &Incoming| -> Vec<Code> {
        let code = |place: usize| record.row.text(place).filter(|code| is_provisional(code));
        coded.iter().filter_map(|(place, resource)| Some((*resource, code(*place)?.to_owned()))).collect()
    };
    let mut provisional: BTreeSet<Code> = records.iter().flat_map(codes).collect();
    let known = official(connection, &provisional)?;
    if known.is_empty() {
        return Ok(Translated { provisional, ..Translated::default() });
    }
    let owners = owners(connection, table, &known)?;
    let mut scratch = Vec::new();
    for record in records.iter_mut() {
        for (place, resource) in &coded {
            let new = record.row.text(*place).and_then(|code| known.get(&(*resource, code.to_owned())));
            if let Some(new) = new {
                translate_one(table, record, *place, new, &owners);
            }
        }
        record.hash = codec::hash(&record.row, &mut scratch);
    }
    provisional.retain(|code| !known.contains_key(code));
    Ok(Translated { provisional, rounds: rounds(table, records) })
}

/// Has one of these codes given way meanwhile?
pub fn gave_way(connection: &mut PgConnection, codes: &BTreeSet<Code>) -> QueryResult<bool> {
    Ok(!official(connection, codes)?.is_empty())
}

fn rounds(table: &Table, records: &[Incoming]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|at| records[*at].index);
    let mut seen: HashMap<Vec<Cow<str>>, usize> = HashMap::new();
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    for at in order {
        let times = records[at].key(table).map_or(0, |key| {
            let times = seen.entry(key).or_default();
            *times += 1;
            *times - 1
        });
        if rounds.len() <= times {
            rounds.push(Vec::new());
        }
        rounds[times].push(at);
    }
    if rounds.len() > 1 { rounds } else { Vec::new() }
}

fn translate_one(table: &Table, record: &mut Incoming, place: usize, new: &str, owners: &HashMap<String, String>) {
    let pointer = format!("/{}", table.spec.fields[place].json);
    let mut issue = Issue::new(&rule::ID_024, pointer.clone());
    issue.with("value", record.row.text(place).unwrap_or_default()).with("other", new);
    let of_stranger = table.key == [place]
        && record.operation == Operation::Upsert
        && owners.get(new).is_some_and(|owner| record.school(table).is_some_and(|school| school != owner));
    if of_stranger {
        issue.severity(Severity::Error);
        // A batch that is tried again has its error already.
        let has_it = record.issues.iter().any(|known| known.rule.code == rule::ID_024.code && known.pointer == pointer);
        record.issues.extend((!has_it).then_some(issue));
        return;
    }
    record.row.values[place] = Value::Text(new.into());
    record.issues.retain(|known| known.rule.code != rule::ID_023.code || known.pointer != pointer);
    record.issues.push(issue);
}

/// The schools of the records under the new codes, for a table whose own key is the code.
fn owners(
    connection: &mut PgConnection,
    table: &Table,
    known: &HashMap<Code, String>,
) -> QueryResult<HashMap<String, String>> {
    let mut owners = HashMap::new();
    let codes: Vec<_> = known
        .iter()
        .filter(|((resource, _), _)| *resource == table.spec.name)
        .map(|(_, new)| new.as_str().into())
        .collect();
    let [key] = table.spec.key else { return Ok(owners) };
    if codes.is_empty() {
        return Ok(owners);
    }
    let sql = format!(
        "SELECT t.{0}, t.\"school_code\" FROM {1} t WHERE t.{0} = ANY($1::text[])",
        quoted(key),
        quoted(table.spec.table)
    );
    Statement::with(&sql, vec![Argument::Texts(codes)]).each(connection, |cells| {
        owners.extend(cells.text(0).map(str::to_owned).zip(cells.text(1).map(str::to_owned)));
        Ok(())
    })?;
    Ok(owners)
}
