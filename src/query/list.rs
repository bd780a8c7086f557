//! A question → SQL → rows.

use crate::error::Result;
use crate::query::cursor;
use crate::query::filter::{cast, checked};
use crate::query::paging::Limit;
use crate::query::shape::{MetaText, OutputFormat, ResultShape};
use crate::query::writer::RowWriter;
use crate::query::{Question, Visibility, search};
use crate::store::managed::managed_by_any_of;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::{Table, quoted, sql_type};
use diesel::PgConnection;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Rows that are fetched at once of a whole result, at least and at most.
const FETCH: (usize, usize) = (100, 2_000);
/// Bytes of a whole result that are fetched at once, about.
const PART: usize = 512 << 10;

/// A page.
#[derive(Debug)]
pub struct RecordPage {
    /// `{"items":[…],"nextCursor":…}`, and `total` if asked for.
    pub body: String,
    /// The cursor of the next one.
    pub next: Option<String>,
}

/// A page of the list.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut PgConnection, question: &Question) -> Result<RecordPage> {
    let limit = question.limit.unwrap_or_default();
    let (mut body, mut meta) = (String::from("{\"items\":["), MetaText::default());
    let (mut number, mut place) = (0, None);
    statement(question, Some(limit.rows())).each(connection, |cells| {
        number += 1;
        if number > limit.items() {
            return Ok(());
        }
        if number > 1 {
            body.push(',');
        }
        question.shape.json(&mut body, question.table, &cells, &mut meta);
        if number == limit.items() {
            place = Some(question.shape.place(question.table, &question.order, &cells));
        }
        Ok(())
    })?;
    let next = place.filter(|_| number > limit.items()).map(|place| cursor::write(question.fingerprint, &place));
    match &next {
        Some(next) => drop(write!(body, "],\"nextCursor\":\"{next}\"")),
        None => body.push_str("],\"nextCursor\":null"),
    }
    if question.count {
        let _ = write!(body, ",\"total\":{}", count(connection, question)?);
    }
    body.push('}');
    Ok(RecordPage { body, next })
}

/// How many records match, whatever the page.
///
/// # Errors
/// Those of the database.
pub fn count(connection: &mut PgConnection, question: &Question) -> Result<i64> {
    let mut statement = Statement::new(format!("SELECT count(*) FROM {} t", quoted(question.table.spec.table)));
    push_conditions(&mut statement, question, false);
    let statement = if question.common { statement } else { statement.once() };
    Ok(statement.first_row(connection)?.and_then(|cells| cells.integer(0)).unwrap_or_default())
}

/// The list's SQL: the columns shown, the conditions, the order, and the limit if there is one.
pub fn statement(question: &Question, limit: Option<i64>) -> Statement<'_> {
    let table = question.table;
    let mut statement =
        Statement::new(format!("SELECT {} FROM {} t", question.shape.columns(table), quoted(table.spec.table)));
    push_conditions(&mut statement, question, true);
    let column =
        |order: &crate::query::Order| format!("{}{}", order.column(table), if order.descending { " DESC" } else { "" });
    statement.push(&format!(" ORDER BY {}", question.order.iter().map(column).collect::<Vec<_>>().join(", ")));
    if let Some(limit) = limit {
        statement.push(" LIMIT ");
        statement.push_bind(Argument::Integer(limit));
    }
    if question.common { statement } else { statement.once() }
}

/// The area and the filters, each with `AND` behind it.
pub(super) fn push_scope<'a>(statement: &mut Statement<'a>, question: &'a Question) {
    if !question.visibility.area.all() {
        push_area(statement, &question.visibility);
        statement.push(" AND ");
    }
    for filter in &question.filters {
        filter.push(statement, question.table);
        statement.push(" AND ");
    }
}

fn push_conditions<'a>(statement: &mut Statement<'a>, question: &'a Question, paged: bool) {
    let mut word = " WHERE ";
    let mut next = |statement: &mut Statement<'a>| statement.push(std::mem::replace(&mut word, " AND "));
    if !question.visibility.area.all() {
        next(statement);
        push_area(statement, &question.visibility);
    }
    for filter in &question.filters {
        next(statement);
        filter.push(statement, question.table);
    }
    if !question.words.is_empty() {
        next(statement);
        search::push(statement, question);
    }
    if let Some(place) = question.after.as_ref().filter(|_| paged) {
        next(statement);
        cursor::push(statement, question.table, &question.order, place);
    }
}

/// The owner is one of the area's schools: those granted, and those that a granted commune manages.
fn push_area<'a>(statement: &mut Statement<'a>, visibility: &'a Visibility) {
    let texts = |codes: &'a std::collections::BTreeSet<String>| {
        codes.iter().map(|code| Cow::Borrowed(code.as_str())).collect::<Vec<_>>()
    };
    let (schools, communes) = (texts(visibility.area.schools()), texts(visibility.area.communes()));
    statement.push("t.\"school_code\" = ");
    match (schools.as_slice(), communes.is_empty()) {
        // One school leaves the key's index its order.
        ([school], true) => statement.push_bind(Argument::Text(school.clone())),
        (_, true) => {
            statement.push("ANY(");
            statement.push_bind(Argument::Texts(schools));
            statement.push(")");
        }
        (_, false) => {
            statement.push("ANY(ARRAY(SELECT unnest(");
            statement.push_bind(Argument::Texts(schools));
            statement.push(") UNION ALL SELECT y.school_code FROM schools y WHERE ");
            statement.push(&managed_by_any_of("y"));
            statement.push_bind(Argument::Texts(communes));
            statement.push(")))");
        }
    }
}

/// The record with this key: its version and its JSON. `None`: not there, or out of sight.
///
/// # Errors
/// Those of the database.
pub fn one(
    connection: &mut PgConnection,
    table: &'static Table,
    visibility: &Visibility,
    key: &[String],
) -> Result<Option<(i64, String)>> {
    let shape = ResultShape::of(table, visibility, None, &[])?;
    let mut statement =
        Statement::new(format!("SELECT {} FROM {} t WHERE ", shape.columns(table), quoted(table.spec.table)));
    for (at, (place, part)) in table.key.iter().zip(key).enumerate() {
        let field = &table.spec.fields[*place];
        // What the column cannot hold is not there.
        let Ok(value) = checked(&field.kind, part) else { return Ok(None) };
        statement.push(&format!("{}t.{} = ", if at > 0 { " AND " } else { "" }, quoted(field.name)));
        statement.push_bind(Argument::Text(Cow::Owned(value)));
        statement.push(&cast(sql_type(&field.kind), ""));
    }
    if !visibility.area.all() {
        statement.push(" AND ");
        push_area(&mut statement, visibility);
    }
    let Some(cells) = statement.first_row(connection)? else { return Ok(None) };
    let (mut body, mut meta) = (String::with_capacity(1024), MetaText::default());
    shape.json(&mut body, table, &cells, &mut meta);
    Ok(Some((shape.version(&cells), body)))
}

/// The whole result as one snapshot, in parts, in constant memory. `false`: it ended early, because `send` gave `None`,
/// as nobody reads any more. Between the parts PostgreSQL is at rest: no statement lasts as long as a client reads.
///
/// # Errors
/// Those of the database.
pub fn export(
    connection: &mut PgConnection,
    question: &Question,
    form: OutputFormat,
    send: &mut dyn FnMut(Vec<u8>) -> Option<()>,
) -> Result<bool> {
    connection.build_transaction().repeatable_read().read_only().run(|connection| {
        // All rows are wanted, not the first ones soon.
        Statement::new("SET LOCAL cursor_tuple_fraction = 1").run(connection)?;
        let statement = statement(question, question.limit.map(Limit::most)).once();
        statement.after("DECLARE whole NO SCROLL CURSOR FOR ").run(connection)?;
        let mut writer = RowWriter::new(question, form)?;
        let mut wanted = FETCH.0;
        loop {
            let mut rows = 0;
            let fetch = Statement::new(format!("FETCH {wanted} FROM whole")).once();
            fetch.each_as_it_comes(connection, |cells| {
                rows += 1;
                writer.row(&cells)
            })?;
            let part = writer.take()?;
            let (length, last) = (part.len().max(1), rows < wanted);
            if !part.is_empty() && send(part).is_none() {
                return Ok(false);
            }
            if last {
                return Ok(true);
            }
            wanted = (PART * rows / length).clamp(FETCH.0, FETCH.1);
        }
    })
}
