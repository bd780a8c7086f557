//! New rows by COPY straight into the table, changed ones by one UPDATE that sends the old versions to history.

use super::batch::{Incoming, Writer};
use super::codec;
use super::table::Table;
use crate::store::statement::{Argument, Statement};
use diesel::prelude::*;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Change ids handed out by one step of the sequence; no batch is larger.
pub const BLOCK: i64 = 10_000;

/// The first of [`BLOCK`] fresh change ids, less one.
pub fn change_block(connection: &mut PgConnection) -> QueryResult<i64> {
    let next = Statement::new("SELECT nextval('change_block')").first_row(connection)?;
    Ok(next.and_then(|cells| cells.integer(0)).unwrap_or_default() * BLOCK)
}

/// Inserts new rows, each with its first version's number; change ids from `block` on. A key that is there already is a unique violation.
pub fn insert(connection: &mut PgConnection, table: &Table, rows: &[(&Incoming, i64)], writer: &Writer, block: i64) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let xid = Statement::new("SELECT pg_current_xact_id()::text").first_row(connection)?;
    let xid = xid.as_ref().and_then(|cells| cells.text(0)).unwrap_or("0").to_owned();
    let tail = format!("\t{}\t{}\t{}\t{xid}\n", writer.now.to_rfc3339(), writer.submission, writer.client);
    let (mut text, mut scratch) = (String::with_capacity(rows.len() * 256), String::new());
    for (at, (record, version)) in rows.iter().enumerate() {
        for (value, field) in record.row.values.iter().zip(table.spec.fields) {
            codec::copy(&mut text, &mut scratch, value, &field.kind);
            text.push('\t');
        }
        let _ = write!(text, "{}\t{}\t{version}\t{}", record.hash.0, record.hash.1, block + 1 + at as i64);
        text.push_str(&tail);
    }
    crate::store::copy::copy(connection, &table.copy_target, text.as_bytes())?;
    Ok(())
}

/// Replaces versions; each row comes with the version it replaces. [`diesel::result::Error::NotFound`]: one was changed by somebody else meanwhile.
pub fn update(connection: &mut PgConnection, table: &Table, rows: &[(&Incoming, i64)], writer: &Writer, block: i64) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut arguments = vec![
        Argument::Instant(writer.now),
        Argument::Integer(block),
        Argument::Uuid(writer.submission),
        Argument::Uuid(writer.client),
        Argument::SmallIntegers(rows.iter().map(|(_, version)| *version as i32).collect()),
    ];
    for (place, field) in table.spec.fields.iter().enumerate() {
        let text = |(record, _): &(&Incoming, i64)| {
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
