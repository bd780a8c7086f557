//! Generated SQL through diesel: one `QueryFragment` whose text is the key of the prepared statement, and rows read as
//! raw cells.
//!
//! `diesel::sql_query` is never kept prepared; a fragment of our own is (0.90 → 0.38 ms for a single record).

use chrono::{DateTime, Utc};
use diesel::connection::DefaultLoadingMode;
use diesel::pg::{Pg, PgRowByRowLoadingMode};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::row::{Field as _, NamedRow};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Integer, Nullable, Text, Timestamptz, Untyped, Uuid as SqlUuid};
use std::borrow::Cow;
use uuid::Uuid;

/// A bound value, named by its PostgreSQL type.
#[derive(Debug, Clone)]
pub enum Argument<'a> {
    /// `text`
    Text(Cow<'a, str>),
    /// `text` or null
    MaybeText(Option<Cow<'a, str>>),
    /// `text[]`
    Texts(Vec<Cow<'a, str>>),
    /// `text[]` with nulls
    MaybeTexts(Vec<Option<Cow<'a, str>>>),
    /// `bigint`
    Integer(i64),
    /// `bigint[]`
    Integers(Vec<i64>),
    /// `integer[]`
    SmallIntegers(Vec<i32>),
    /// `boolean`
    Boolean(bool),
    /// `uuid`
    Uuid(Uuid),
    /// `uuid` or null
    MaybeUuid(Option<Uuid>),
    /// `timestamptz`
    Instant(DateTime<Utc>),
    /// `bytea`
    Bytes(Cow<'a, [u8]>),
    /// `bytea[]`
    ByteStrings(Vec<Cow<'a, [u8]>>),
}

/// SQL text with its bound values; each [`bind`](Statement::bind) stands where the text was interrupted.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    parts: Vec<Cow<'a, str>>,
    arguments: Vec<Argument<'a>>,
    once: bool,
}

impl<'a> Statement<'a> {
    /// Begins with this text.
    pub fn new(sql: impl Into<Cow<'a, str>>) -> Self {
        Self { parts: vec![sql.into()], arguments: Vec::new(), once: false }
    }
    /// A whole statement with `$1`, `$2`… in rising order, each once.
    pub fn with(sql: &'a str, arguments: Vec<Argument<'a>>) -> Self {
        let mut parts = Vec::with_capacity(arguments.len() + 1);
        let mut rest = sql;
        for number in 1..=arguments.len() {
            let mark = format!("${number}");
            let Some(at) = rest.find(&mark) else { break };
            parts.push(Cow::Borrowed(&rest[..at]));
            rest = &rest[at + mark.len()..];
        }
        parts.push(Cow::Borrowed(rest));
        Self { parts, arguments, once: false }
    }
    /// Not kept prepared: for shapes that hardly come again, of which there are too many to keep.
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }
    /// The same with text in front, such as `EXPLAIN `.
    pub fn after(mut self, prefix: &str) -> Self {
        if let Some(first) = self.parts.first_mut() {
            first.to_mut().insert_str(0, prefix);
        }
        self
    }
    /// Adds text.
    pub fn sql(mut self, sql: &str) -> Self {
        self.push(sql);
        self
    }
    /// Adds a bound value.
    pub fn bind(mut self, argument: Argument<'a>) -> Self {
        self.push_bind(argument);
        self
    }
    /// Adds text.
    pub fn push(&mut self, sql: &str) {
        if let Some(last) = self.parts.last_mut() {
            last.to_mut().push_str(sql);
        }
    }
    /// Adds a bound value.
    pub fn push_bind(&mut self, argument: Argument<'a>) {
        self.arguments.push(argument);
        self.parts.push(Cow::Borrowed(""));
    }
    /// Runs it for its effect; the number of rows touched.
    pub fn run(self, connection: &mut PgConnection) -> QueryResult<usize> {
        self.execute(connection)
    }
    /// Runs it and hands each row to `each`.
    pub fn each(
        self,
        connection: &mut PgConnection,
        mut each: impl FnMut(Cells) -> QueryResult<()>,
    ) -> QueryResult<()> {
        for cells in self.load_iter::<Cells, DefaultLoadingMode>(connection)? {
            each(cells?)?;
        }
        Ok(())
    }
    /// As [`each`](Self::each), but while PostgreSQL still sends: rows are not collected first, and both sides work at
    /// the same time. A large result is read faster so, a small one slower.
    pub fn each_as_it_comes(
        self,
        connection: &mut PgConnection,
        mut each: impl FnMut(Cells) -> QueryResult<()>,
    ) -> QueryResult<()> {
        for cells in self.load_iter::<Cells, PgRowByRowLoadingMode>(connection)? {
            each(cells?)?;
        }
        Ok(())
    }
    /// The first row, if any.
    pub fn first_row(self, connection: &mut PgConnection) -> QueryResult<Option<Cells>> {
        self.load_iter::<Cells, DefaultLoadingMode>(connection)?.next().transpose()
    }
}

/// A text as SQL writes it, for the few statements that cannot have bound values. Without U+0000, which no text in the
/// database can hold.
pub fn literal(text: &str) -> String {
    // Whatever `standard_conforming_strings` says, a backslash is itself only when it is doubled in an E-string.
    format!(" E'{}'", text.replace('\0', "").replace('\\', "\\\\").replace('\'', "''"))
}

/// SQL for columns as one value, which [`Cells::record`] takes apart: bytes, for a record without a named type passes no
/// further than the server that made it.
pub fn record(columns: &str) -> String {
    format!("record_send(ROW({columns}))")
}

impl QueryId for Statement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl Query for Statement<'_> {
    type SqlType = Untyped;
}
impl<C> RunQueryDsl<C> for Statement<'_> {}

impl QueryFragment<Pg> for Statement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if self.once {
            out.unsafe_to_cache_prepared();
        }
        for (at, part) in self.parts.iter().enumerate() {
            if at > 0 {
                push_argument(&mut out, &self.arguments[at - 1])?;
            }
            out.push_sql(part);
        }
        Ok(())
    }
}

fn push_argument<'b>(out: &mut AstPass<'_, 'b, Pg>, argument: &'b Argument<'_>) -> QueryResult<()> {
    match argument {
        Argument::Text(value) => out.push_bind_param::<Text, _>(value),
        Argument::Texts(value) => out.push_bind_param::<Array<Text>, _>(value),
        Argument::MaybeTexts(value) => out.push_bind_param::<Array<Nullable<Text>>, _>(value),
        Argument::Integer(value) => out.push_bind_param::<BigInt, _>(value),
        Argument::Integers(value) => out.push_bind_param::<Array<BigInt>, _>(value),
        Argument::SmallIntegers(value) => out.push_bind_param::<Array<Integer>, _>(value),
        Argument::Boolean(value) => out.push_bind_param::<Bool, _>(value),
        Argument::Uuid(value) => out.push_bind_param::<SqlUuid, _>(value),
        Argument::Instant(value) => out.push_bind_param::<Timestamptz, _>(value),
        Argument::MaybeText(value) => out.push_bind_param::<Nullable<Text>, _>(value),
        Argument::MaybeUuid(value) => out.push_bind_param::<Nullable<SqlUuid>, _>(value),
        Argument::Bytes(value) => out.push_bind_param::<Binary, _>(value),
        Argument::ByteStrings(value) => out.push_bind_param::<Array<Binary>, _>(value),
    }
}

/// One row as PostgreSQL sent it, in its binary format; at most 128 columns.
#[derive(Debug, Default)]
pub struct Cells {
    bytes: Vec<u8>,
    /// End of each cell in `bytes`.
    ends: Vec<u32>,
    nulls: u128,
}

impl QueryableByName<Pg> for Cells {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> diesel::deserialize::Result<Self> {
        let count = row.field_count();
        let mut cells = Cells { bytes: Vec::with_capacity(count * 16), ends: Vec::with_capacity(count), nulls: 0 };
        for at in 0..count {
            let field = diesel::row::Row::get(row, at).ok_or("a column is missing")?;
            match field.value() {
                Some(value) => cells.bytes.extend_from_slice(value.as_bytes()),
                None => cells.nulls |= 1 << at,
            }
            cells.ends.push(cells.bytes.len() as u32);
        }
        Ok(cells)
    }
}

impl Cells {
    /// The bytes of a cell; `None` for null.
    pub fn get(&self, at: usize) -> Option<&[u8]> {
        if self.nulls >> at & 1 == 1 {
            return None;
        }
        let from = if at == 0 { 0 } else { *self.ends.get(at - 1)? as usize };
        self.bytes.get(from..*self.ends.get(at)? as usize)
    }
    /// A `text`.
    pub fn text(&self, at: usize) -> Option<&str> {
        self.get(at).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }
    /// A `bigint` or `integer`.
    pub fn integer(&self, at: usize) -> Option<i64> {
        let bytes = self.get(at)?;
        match bytes.len() {
            8 => Some(i64::from_be_bytes(bytes.try_into().ok()?)),
            4 => Some(i64::from(i32::from_be_bytes(bytes.try_into().ok()?))),
            _ => None,
        }
    }
    /// A `boolean`.
    pub fn boolean(&self, at: usize) -> Option<bool> {
        self.get(at).map(|bytes| bytes == [1])
    }
    /// A `uuid`.
    pub fn uuid(&self, at: usize) -> Option<Uuid> {
        Uuid::from_slice(self.get(at)?).ok()
    }
    /// The columns of a [`record`].
    pub fn record(&self, at: usize) -> Option<Cells> {
        let take = |from: usize| Some(i32::from_be_bytes(self.get(at)?.get(from..from + 4)?.try_into().ok()?));
        let (count, mut place, mut cells) = (take(0)?, 4, Cells::default());
        for column in 0..count {
            // The column's type, its length, its bytes.
            match take(place + 4)? {
                -1 => (cells.nulls, place) = (cells.nulls | 1 << column, place + 8),
                length => {
                    let end = place + 8 + length as usize;
                    cells.bytes.extend_from_slice(self.get(at)?.get(place + 8..end)?);
                    place = end;
                }
            }
            cells.ends.push(cells.bytes.len() as u32);
        }
        Some(cells)
    }
    /// Where a row lies in its table, as text (`tid`).
    pub fn tuple(&self, at: usize) -> Option<String> {
        let bytes = self.get(at)?;
        let block = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
        Some(format!("({block},{})", u16::from_be_bytes(bytes.get(4..6)?.try_into().ok()?)))
    }
    /// A `timestamptz`: microseconds since 2000-01-01.
    pub fn instant(&self, at: usize) -> Option<DateTime<Utc>> {
        const EPOCH: i64 = 946_684_800_000_000;
        DateTime::from_timestamp_micros(self.integer(at)? + EPOCH)
    }
}
