//! A place in a list: the values of the order's columns at the last item, opaque to the client, and the condition for
//! what comes after.

use crate::error::{BAD_REQUEST, Error, Result};
use crate::model::field::FieldType;
use crate::model::messages::message;
use crate::query::filter::{cast, checked};
use crate::query::paging::{decode, encode};
use crate::query::{Order, Question};
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::{Table, sql_type};
use std::borrow::Cow;

/// The values at the last item; null where it has none.
pub type CursorKey = Vec<Option<String>>;

/// The place as the client keeps it.
pub fn write(fingerprint: u64, place: &CursorKey) -> String {
    encode(&(fingerprint, place))
}

/// The place that a client gives back.
///
/// # Errors
/// A 400 when it is none of this list.
pub fn read(text: &str, question: &Question) -> Result<CursorKey> {
    let Some((fingerprint, place)) = decode::<(u64, CursorKey)>(text) else {
        return Err(Error::new(BAD_REQUEST, message("cursor-unknown")));
    };
    if fingerprint != question.fingerprint || !fits(&place, question) {
        let detail = message("cursor-of-another-list");
        return Err(Error::new(BAD_REQUEST, detail));
    }
    Ok(place)
}

/// A client may have altered it: what does not fit a column is no cursor.
fn fits(place: &CursorKey, question: &Question) -> bool {
    let fits = |(order, value): (&Order, &Option<String>)| {
        let field = &question.table.spec.fields[order.place];
        // What was stored before texts were folded as they are now stays as it is.
        let fits = |value: &String| match (checked(&field.kind, value), &field.kind) {
            (Ok(_), FieldType::Text { .. }) => true,
            (checked, _) => checked.as_ref() == Ok(value),
        };
        value.as_ref().map_or(!field.required, fits)
    };
    place.len() == question.order.len() && question.order.iter().zip(place).all(fits)
}

/// Adds the condition that a row comes after `place`.
pub fn push<'a>(statement: &mut Statement<'a>, table: &Table, order: &[Order], place: &'a [Option<String>]) {
    let same_way = order.windows(2).all(|pair| pair[0].descending == pair[1].descending);
    if same_way && order.iter().all(|order| table.spec.fields[order.place].required) {
        push_row(statement, table, order, place);
    } else {
        push_steps(statement, table, order, place);
    }
}

/// `(t.a, t.b) > ($1, $2)`, which an index answers.
fn push_row<'a>(statement: &mut Statement<'a>, table: &Table, order: &[Order], place: &'a [Option<String>]) {
    let columns: Vec<String> = order.iter().map(|order| order.column(table)).collect();
    let descending = order.first().is_some_and(|order| order.descending);
    statement.push(&format!("({}) {} (", columns.join(", "), if descending { "<" } else { ">" }));
    for (at, (order, value)) in order.iter().zip(place).enumerate() {
        if at > 0 {
            statement.push(", ");
        }
        push_value(statement, table, order, value);
    }
    statement.push(")");
}

/// `(t.a > $1 OR t.a IS NULL OR t.a = $2 AND (…))`, for mixed directions and nulls.
fn push_steps<'a>(statement: &mut Statement<'a>, table: &Table, order: &[Order], place: &'a [Option<String>]) {
    let (Some((first, rest)), Some((value, values))) = (order.split_first(), place.split_first()) else {
        return statement.push("false");
    };
    let column = first.column(table);
    statement.push("(");
    match (value, first.descending) {
        (None, false) => statement.push("false"),
        (None, true) => statement.push(&format!("{column} IS NOT NULL")),
        (Some(_), descending) => {
            statement.push(&format!("{column} {} ", if descending { "<" } else { ">" }));
            push_value(statement, table, first, value);
            if !descending && !table.spec.fields[first.place].required {
                statement.push(&format!(" OR {column} IS NULL"));
            }
        }
    }
    statement.push(&format!(" OR {column} "));
    if value.is_some() {
        statement.push("= ");
        push_value(statement, table, first, value);
    } else {
        statement.push("IS NULL");
    }
    statement.push(" AND ");
    push_steps(statement, table, rest, values);
    statement.push(")");
}

fn push_value<'a>(statement: &mut Statement<'a>, table: &Table, order: &Order, value: &'a Option<String>) {
    let compared = order.compared(table, "$");
    let (before, after) = compared.split_once('$').unwrap_or_default();
    statement.push(before);
    statement.push_bind(Argument::Text(Cow::Borrowed(value.as_deref().unwrap_or_default())));
    statement.push(&cast(sql_type(&table.spec.fields[order.place].kind), ""));
    statement.push(after);
}
