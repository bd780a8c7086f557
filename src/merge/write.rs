//! New rows by COPY straight into the table, changed ones by one UPDATE that sends the old versions to history; and with
//! both the blocks of the change log that say so.

use crate::change::block::{Blocks, ChangeIdBlock, Changed};
use crate::change::keys::ChangeOperation;
use crate::intake::record::Incoming;
use crate::merge::batch::{Meta, WriteContext};
use crate::merge::stored;
use crate::merge::stored::Predecessor;
use crate::store::codec;
use crate::store::pg::binary;
use crate::store::pg::copy::{CopyFormat, copy};
use crate::store::pg::statement::Argument;
use crate::store::table::{BOOKKEEPING, Table};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use diesel::prelude::*;
use std::borrow::Cow;

/// A record that is to be stored.
pub struct Accepted<'r> {
    /// The record.
    pub record: &'r Incoming,
    /// The version that it replaces.
    pub former: Option<Former>,
    /// The key that it had until now, if it takes another.
    pub former_key: Option<Vec<Cow<'r, str>>>,
}

/// The version that a row replaces.
#[derive(Debug, Clone)]
pub struct Former {
    /// Its number.
    pub version: i64,
    /// When it was written.
    pub changed_at: DateTime<Utc>,
    /// Where it lies (`ctid`).
    pub place: String,
}

/// A row with the block that it belongs to.
struct Row<'r, 'a> {
    accepted: &'a Accepted<'r>,
    meta: Meta,
    block: i64,
}

/// Stores accepted records: the metadata of each, in their order. Their schools are locked.
///
/// # Errors
/// A key that is new no more is a unique violation, a row that was changed by somebody else meanwhile
/// [`diesel::result::Error::NotFound`].
pub fn store(
    connection: &mut PgConnection,
    table: &Table,
    accepted: &[Accepted],
    writer: &WriteContext,
    id_block: ChangeIdBlock,
) -> QueryResult<Vec<Meta>> {
    let new: Vec<&Incoming> = accepted.iter().filter(|one| one.former.is_none()).map(|one| one.record).collect();
    let mut predecessors = stored::predecessors(connection, table, &new)?.into_iter();
    let mut blocks = Blocks::new(table.spec.number, &writer.author, id_block);
    let (mut inserted, mut replaced, mut metas) = (Vec::new(), Vec::new(), Vec::with_capacity(accepted.len()));
    for one in accepted {
        let before = match &one.former {
            Some(former) => Some(Predecessor { version: former.version, at: former.changed_at }),
            None => predecessors.next().flatten(),
        };
        let meta = meta(before, id_block, writer);
        let block = blocks.add(&changed(table, one, meta.version));
        metas.push(meta);
        let row = Row { accepted: one, meta, block };
        if one.former.is_some() { replaced.push(row) } else { inserted.push(row) }
    }
    match replaced.is_empty() {
        true => blocks.write(connection)?,
        false => update(connection, table, &replaced, blocks)?,
    }
    insert(connection, table, &inserted)?;
    Ok(metas)
}

/// The version after this one, later than it whatever became of the clock.
fn meta(before: Option<Predecessor>, id_block: ChangeIdBlock, writer: &WriteContext) -> Meta {
    let after = before.map(|before| before.at + TimeDelta::microseconds(1));
    Meta {
        version: before.map_or(1, |before| before.version + 1),
        changed_at: after.map_or(id_block.at, |after| after.max(id_block.at)),
        submission: writer.author.submission,
        client: writer.author.client,
    }
}

fn changed<'a>(table: &Table, one: &'a Accepted, version: i64) -> Changed<'a> {
    Changed {
        school: one.record.school(table).unwrap_or_default(),
        request: one.record.request.as_deref(),
        operation: match (&one.former, &one.former_key) {
            (Some(_), _) => ChangeOperation::Update,
            (None, Some(_)) => ChangeOperation::Rekey,
            (None, None) => ChangeOperation::Create,
        },
        version,
        key: one.record.key(table).unwrap_or_default(),
        former: one.former_key.as_deref(),
        hash: Some(one.record.hash),
    }
}

fn insert(connection: &mut PgConnection, table: &Table, rows: &[Row]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let columns = (table.spec.fields.len() + BOOKKEEPING.len()) as i16;
    let (mut bytes, mut scratch) = (Vec::with_capacity(rows.len() * 384), String::new());
    bytes.extend_from_slice(binary::COPY_HEAD);
    for Row { accepted, meta, block } in rows {
        let record = accepted.record;
        bytes.extend_from_slice(&columns.to_be_bytes());
        for (value, field) in record.row.values.iter().zip(table.spec.fields) {
            binary::push(&mut bytes, &mut scratch, value, &field.kind);
        }
        binary::push_long(&mut bytes, record.hash.0);
        binary::push_long(&mut bytes, record.hash.1);
        binary::push_integer(&mut bytes, meta.version as i32);
        binary::push_long(&mut bytes, *block);
        binary::push_instant(&mut bytes, meta.changed_at);
        match meta.submission {
            Some(submission) => binary::push_uuid(&mut bytes, submission),
            None => binary::push_null(&mut bytes),
        }
        binary::push_uuid(&mut bytes, meta.client);
    }
    bytes.extend_from_slice(&binary::COPY_END);
    copy(connection, &table.copy_target, CopyFormat::Binary, &bytes).map(|_| ())
}

/// Replaces versions and writes the blocks.
fn update(connection: &mut PgConnection, table: &Table, rows: &[Row], blocks: Blocks) -> QueryResult<()> {
    let former = || rows.iter().filter_map(|row| row.accepted.former.as_ref());
    let ended = |row: &Row| Cow::Owned(row.meta.changed_at.to_rfc3339_opts(SecondsFormat::Micros, true));
    let mut arguments = vec![
        Argument::SmallIntegers(former().map(|former| former.version as i32).collect()),
        Argument::Texts(former().map(|former| former.place.as_str().into()).collect()),
        Argument::Integers(rows.iter().map(|row| row.block).collect()),
        Argument::Texts(rows.iter().map(ended).collect()),
    ];
    for (place, field) in table.spec.fields.iter().enumerate() {
        let text = |row: &Row| {
            let value = &row.accepted.record.row.values[place];
            (*value != crate::model::value::Value::Null).then(|| {
                let mut text = String::new();
                codec::sql(&mut text, value, &field.kind);
                Cow::Owned(text)
            })
        };
        arguments.push(Argument::MaybeTexts(rows.iter().map(text).collect()));
    }
    arguments.push(Argument::Integers(rows.iter().map(|row| row.accepted.record.hash.0).collect()));
    arguments.push(Argument::Integers(rows.iter().map(|row| row.accepted.record.hash.1).collect()));
    let blocks = blocks.arguments(connection)?;
    match table.update.run(connection, blocks, arguments)? {
        count if count == rows.len() => Ok(()),
        _ => Err(diesel::result::Error::NotFound),
    }
}
