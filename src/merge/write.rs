//! New rows by COPY straight into the table, changed ones by one UPDATE that sends the old versions to history.

use crate::intake::record::Incoming;
use crate::merge::batch::WriteContext;
use crate::store::codec;
use crate::store::pg::binary;
use crate::store::pg::copy::{CopyFormat, copy};
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::{BLOCK, BOOKKEEPING, Table};
use diesel::prelude::*;
use std::borrow::Cow;

/// What a transaction needs to write with, asked for in one statement.
pub struct Ticket {
    /// The change ids of this write begin after it.
    pub block: i64,
    /// Was a record of the resource ever deleted? Then a new one may be one that comes back.
    pub any_deleted: bool,
    xid: i64,
}

/// Fresh change ids, [`BLOCK`] of them, and the transaction's own id.
pub fn ticket(connection: &mut PgConnection, table: &Table) -> QueryResult<Ticket> {
    let sql = "SELECT nextval('change_block'), pg_current_xact_id()::text::bigint, \
         EXISTS (SELECT 1 FROM history WHERE resource = $1 AND operation = 'delete')";
    let found =
        Statement::with(sql, vec![Argument::Text(table.spec.name.into())]).first_row(connection)?.unwrap_or_default();
    Ok(Ticket {
        block: found.integer(0).unwrap_or_default() * BLOCK,
        xid: found.integer(1).unwrap_or_default(),
        any_deleted: found.boolean(2).unwrap_or_default(),
    })
}

/// Inserts new rows, each with its first version's number; change ids follow `after`. A key that is there already is a
/// unique violation.
pub fn insert(
    connection: &mut PgConnection,
    table: &Table,
    rows: &[(&Incoming, i64)],
    writer: &WriteContext,
    ticket: &Ticket,
    after: i64,
) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let columns = (table.spec.fields.len() + BOOKKEEPING.len()) as i16;
    let (mut bytes, mut scratch) = (Vec::with_capacity(rows.len() * 384), String::new());
    bytes.extend_from_slice(binary::COPY_HEAD);
    for ((record, version), change) in rows.iter().zip(after + 1..) {
        bytes.extend_from_slice(&columns.to_be_bytes());
        for (value, field) in record.row.values.iter().zip(table.spec.fields) {
            binary::push(&mut bytes, &mut scratch, value, &field.kind);
        }
        binary::push_long(&mut bytes, record.hash.0);
        binary::push_long(&mut bytes, record.hash.1);
        binary::push_integer(&mut bytes, *version as i32);
        binary::push_long(&mut bytes, change);
        binary::push_instant(&mut bytes, writer.now);
        binary::push_uuid(&mut bytes, writer.submission);
        binary::push_uuid(&mut bytes, writer.client);
        binary::push_long(&mut bytes, ticket.xid);
    }
    bytes.extend_from_slice(&binary::COPY_END);
    copy(connection, &table.copy_target, CopyFormat::Binary, &bytes).map(|_| ())
}

/// The version that a row replaces.
#[derive(Debug, Clone)]
pub struct Former {
    /// Its number.
    pub version: i64,
    /// Where it lies (`ctid`).
    pub place: String,
}

/// Replaces versions. `block`: change ids that were taken already; without one the statement takes them.
/// [`diesel::result::Error::NotFound`]: a row was changed by somebody else meanwhile.
pub fn update(
    connection: &mut PgConnection,
    table: &Table,
    rows: &[(&Incoming, Former)],
    writer: &WriteContext,
    block: Option<i64>,
) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut arguments = vec![
        Argument::Instant(writer.now),
        Argument::Integer(block.unwrap_or_default()),
        Argument::Uuid(writer.submission),
        Argument::Uuid(writer.client),
        Argument::SmallIntegers(rows.iter().map(|(_, former)| former.version as i32).collect()),
        Argument::Texts(rows.iter().map(|(_, former)| former.place.as_str().into()).collect()),
    ];
    for (place, field) in table.spec.fields.iter().enumerate() {
        let text = |(record, _): &(&Incoming, Former)| {
            let value = &record.row.values[place];
            (*value != crate::model::value::Value::Null).then(|| {
                let mut text = String::new();
                codec::sql(&mut text, value, &field.kind);
                Cow::Owned(text)
            })
        };
        arguments.push(Argument::MaybeTexts(rows.iter().map(text).collect()));
    }
    arguments.push(Argument::Integers(rows.iter().map(|(record, _)| record.hash.0).collect()));
    arguments.push(Argument::Integers(rows.iter().map(|(record, _)| record.hash.1).collect()));
    match Statement::with(&table.update, arguments).run(connection)? {
        count if count == rows.len() => Ok(()),
        _ => Err(diesel::result::Error::NotFound),
    }
}
