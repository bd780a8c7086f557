//! A record takes another code, and every record that names it follows: new versions under the new code, whose hashes
//! are over key and content, while the history of the old keys stays.

use crate::change::block::ChangeIdBlock;
use crate::intake::record::{Incoming, RecordOperation, parts};
use crate::merge::batch::WriteContext;
use crate::merge::delete::Going;
use crate::merge::write;
use crate::merge::write::{Accepted, Former};
use crate::merge::{delete, stored};
use crate::model::value::{Row, Value};
use crate::store::codec;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::{Table, quoted, tables};
use diesel::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A code that another takes the place of.
#[derive(Debug, Clone, Copy)]
pub struct Renaming<'a> {
    /// The resource; its key is the code alone.
    pub table: &'static Table,
    /// The code until now.
    pub old: &'a str,
    /// The code from now on.
    pub new: &'a str,
    /// The request that said so.
    pub request: &'a str,
}

/// The records of one resource that have the old code, as they will be.
struct Following {
    table: &'static Table,
    /// Is the code part of the key?
    in_key: bool,
    /// Each with the version that is stored, and the row as stored.
    records: Vec<(Incoming, Former, Row)>,
    /// What the new versions are written with, for each part of the records.
    id_blocks: Vec<ChangeIdBlock>,
}

/// Records written at once.
const PART: usize = 5_000;

/// Tables and their members that may hold the code; the record's own first, then by level.
fn concerned(table: &'static Table) -> Vec<(&'static Table, Vec<usize>)> {
    let places = |other: &'static Table| -> Vec<usize> {
        let references = other.spec.references.iter().filter(|reference| reference.to == table.spec.name);
        let own = (other.number == table.number).then_some(table.key[0]);
        own.into_iter()
            .chain(
                references.flat_map(|reference| reference.fields.first()).filter_map(|name| other.spec.position(name)),
            )
            .collect()
    };
    let mut found: Vec<(&Table, Vec<usize>)> =
        tables().iter().map(|other| (other, places(other))).filter(|(_, places)| !places.is_empty()).collect();
    found.sort_by_key(|(other, _)| (other.level, other.number));
    found
}

/// Adds `t."a" = code OR t."b" = code`.
fn push_condition<'a>(statement: &mut Statement<'a>, table: &Table, places: &[usize], code: &'a str) {
    for (at, place) in places.iter().enumerate() {
        statement.push(&format!("{}t.{} = ", if at > 0 { " OR " } else { "" }, quoted(table.spec.fields[*place].name)));
        statement.push_bind(Argument::Text(code.into()));
    }
}

/// The schools of all records that have the old code.
pub fn schools(connection: &mut PgConnection, renaming: Renaming) -> QueryResult<BTreeSet<String>> {
    let mut schools = BTreeSet::new();
    for (table, places) in concerned(renaming.table) {
        let mut statement =
            Statement::new(format!("SELECT DISTINCT t.\"school_code\" FROM {} t WHERE ", quoted(table.spec.table)));
        push_condition(&mut statement, table, &places, renaming.old);
        statement.each(connection, |cells| {
            schools.extend(cells.text(0).map(str::to_owned));
            Ok(())
        })?;
    }
    Ok(schools)
}

/// Gives every record the new code, in a transaction of the caller's that has locked their schools. In the order of the
/// changes no record ever names one that is not there: what is new comes first, roots before leaves, and the old keys go
/// last, leaves before roots.
pub fn rename(connection: &mut PgConnection, renaming: Renaming, writer: &WriteContext) -> QueryResult<i64> {
    let mut following = Vec::new();
    for (table, places) in concerned(renaming.table) {
        following.push(read(connection, renaming, table, &places)?);
    }
    // The ids of the blocks say the order; the old rows go first all the same, since a citizen's number must not stand
    // twice.
    let first = ChangeIdBlock::take(connection)?;
    for group in &mut following {
        for _ in group.records.chunks(PART) {
            group.id_blocks.push(ChangeIdBlock::take(connection)?);
        }
    }
    for group in following.iter().rev().filter(|group| group.in_key) {
        group.records.chunks(PART).try_for_each(|part| remove(connection, group.table, part, writer))?;
    }
    following.iter().try_for_each(|group| store(connection, group, writer))?;
    Ok(first.first_id)
}

fn remove(
    connection: &mut PgConnection,
    table: &'static Table,
    part: &[(Incoming, Former, Row)],
    writer: &WriteContext,
) -> QueryResult<()> {
    let going: Vec<Going> = part
        .iter()
        .filter_map(|(record, former, old)| {
            let (key, school) = (parts(old, &table.key)?, old.text(table.owner)?);
            Some(Going { key, school, version: former.version, request: record.request.as_deref() })
        })
        .collect();
    delete::remove(connection, table, &going, writer)
}

fn read(
    connection: &mut PgConnection,
    renaming: Renaming,
    table: &'static Table,
    places: &[usize],
) -> QueryResult<Following> {
    let columns: Vec<String> = table.spec.fields.iter().map(|field| format!("t.{}", quoted(field.name))).collect();
    let key: Vec<String> = table.spec.key.iter().map(|name| format!("t.{}", quoted(name))).collect();
    let mut statement = Statement::new(format!(
        "SELECT t.\"version\", t.ctid, t.changed_at, {} FROM {} t WHERE ",
        columns.join(", "),
        quoted(table.spec.table)
    ));
    push_condition(&mut statement, table, places, renaming.old);
    statement.push(&format!(" ORDER BY {} FOR UPDATE", key.join(", ")));
    let (all, mut scratch, mut records): (Vec<usize>, _, _) =
        ((0..table.spec.fields.len()).collect(), Vec::new(), Vec::new());
    let request: Arc<str> = renaming.request.into();
    statement.each(connection, |cells| {
        let mut old = Row::empty(all.len());
        stored::fill(&mut old, table, &all, &cells, 3);
        let mut row = old.clone();
        for place in places.iter().filter(|place| old.text(**place) == Some(renaming.old)) {
            row.values[*place] = Value::Text(renaming.new.into());
        }
        let hash = codec::hash(&row, table.spec.fields, &mut scratch);
        let record = Incoming {
            index: 0,
            operation: RecordOperation::Upsert,
            row,
            hash,
            issues: Vec::new(),
            precondition: None,
            name_beside: None,
            request: Some(request.clone()),
            partial: None,
        };
        let former = Former {
            version: cells.integer(0).unwrap_or_default(),
            place: cells.tuple(1).unwrap_or_default(),
            changed_at: cells.instant(2).unwrap_or_default(),
        };
        records.push((record, former, old));
        Ok(())
    })?;
    Ok(Following {
        table,
        in_key: places.iter().any(|place| table.key.contains(place)),
        records,
        id_blocks: Vec::new(),
    })
}

/// New records where the code is part of the key, new versions elsewhere.
fn store(connection: &mut PgConnection, group: &Following, writer: &WriteContext) -> QueryResult<()> {
    for (part, id_block) in group.records.chunks(PART).zip(&group.id_blocks) {
        let accepted = part.iter().map(|(record, former, old)| Accepted {
            record,
            former: (!group.in_key).then(|| former.clone()),
            former_key: if group.in_key { parts(old, &group.table.key) } else { None },
        });
        write::store(connection, group.table, &accepted.collect::<Vec<_>>(), writer, *id_block)?;
    }
    Ok(())
}
