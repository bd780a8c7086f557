//! New rows by COPY straight into the table, changed ones by one UPDATE that sends the old versions to history.

use super::batch::{Incoming, Writer};
use super::table::{self, BLOCK, BOOKKEEPING, Table, cast, quoted};
use super::{binary, codec, history};
use crate::model::rules::school::checks;
use crate::model::spec::Spec;
use crate::store::copy::{CopyFormat, copy};
use crate::store::statement::{Argument, Statement};
use diesel::prelude::*;
use std::borrow::Cow;
use std::fmt::Write as _;

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
    let found = Statement::with(sql, vec![Argument::Text(table.spec.name.into())]).first_row(connection)?.unwrap_or_default();
    Ok(Ticket {
        block: found.integer(0).unwrap_or_default() * BLOCK,
        xid: found.integer(1).unwrap_or_default(),
        any_deleted: found.boolean(2).unwrap_or_default(),
    })
}

/// Inserts new rows, each with its first version's number; change ids follow `after`. A key that is there already is a unique violation.
pub fn insert(
    connection: &mut PgConnection,
    table: &Table,
    rows: &[(&Incoming, i64)],
    writer: &Writer,
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

/// Replaces versions. `block`: change ids that were taken already; without one the statement takes them. [`diesel::result::Error::NotFound`]: a row was changed by
/// somebody else meanwhile.
pub fn update(
    connection: &mut PgConnection,
    table: &Table,
    rows: &[(&Incoming, Former)],
    writer: &Writer,
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

/// Arguments: `at`, change block (0: it takes one itself), submission, client; versions and places of the rows replaced; one text array a column; the two halves of
/// the hash. Found by its place a row needs no index; version and key are compared all the same.
pub(super) fn update_sql(spec: &Spec) -> String {
    let count = spec.fields.len();
    let (mut arrays, mut names, mut sets) = (String::from("$5::integer[], $6::text[]"), String::from("was, place"), String::new());
    for (at, field) in spec.fields.iter().enumerate() {
        let name = argument(spec, at);
        let _ = write!(arrays, ", ${}::text[]", at + 7);
        let _ = write!(names, ", {name}");
        let _ = write!(sets, "{} = c.{name}{}, ", quoted(field.name), cast(&field.kind));
    }
    let _ = write!(arrays, ", ${}::bigint[], ${}::bigint[]", count + 7, count + 8);
    let same = format!("t.ctid = c.place::tid AND {} AND t.version = c.was", table::equal(spec, &spec.key_positions(), "c"));
    let table = quoted(spec.table);
    let marks = marks(spec).map(|marks| format!(", m AS ({marks})")).unwrap_or_default();
    format!(
        "WITH p AS (SELECT $1::timestamptz AS at, coalesce(nullif($2::bigint, 0), nextval('change_block') * {BLOCK}) AS block, $3::uuid AS submission, $4::uuid AS client), \
         c AS MATERIALIZED (SELECT * FROM unnest({arrays}) WITH ORDINALITY c({names}, high, low, o)), \
         h AS ({}){marks} \
         UPDATE {table} t SET {sets}hash_high = c.high, hash_low = c.low, version = t.version + 1, change_id = p.block + c.o, changed_at = p.at, \
         submission_id = p.submission, client_id = p.client, xid = pg_current_xact_id() FROM c, p WHERE {same}",
        history::replaced(spec, &format!("c CROSS JOIN p JOIN {table} t ON {same}"))
    )
}

/// What an argument of [`update_sql`] is called: the key's columns as [`equal`](table::equal) wants them.
fn argument(spec: &Spec, at: usize) -> String {
    match spec.key.iter().position(|name| *name == spec.fields[at].name) {
        Some(part) => format!("k{part}"),
        None => format!("c{at}"),
    }
}

/// Marks the schools of what is replaced as to be judged again, where whole-school checks read the resource, and a record cannot come from another school.
pub(super) fn marks(spec: &Spec) -> Option<String> {
    let owner = spec.owner();
    let is_read = checks().any(|check| check.reads.contains(&spec.name));
    (is_read && spec.key.contains(&spec.fields[owner].name)).then(|| {
        let year = spec.position("school_year").map_or("''".to_owned(), |at| format!("coalesce(c.{}, '')", argument(spec, at)));
        let school = argument(spec, owner);
        format!("INSERT INTO findings_due (school_code, school_year, resource) SELECT DISTINCT c.{school}, {year}, '{}' FROM c", spec.name)
    })
}
