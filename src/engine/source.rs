//! Where the rows come from that rules look at: the database, or memory (see [`memory`](super::memory)).

use super::stored::{arrays, fill};
use super::table::{Join, Table};
use crate::model::spec::Count;
use crate::model::value::{Row, Value};
use crate::store::statement::Statement;
use diesel::prelude::*;
use std::borrow::Cow;

/// The parts of a key.
pub type Key<'r> = Vec<Cow<'r, str>>;

/// Where the rows come from that rules look at.
pub trait Source {
    /// The rows of `from` under the keys, each with its key's number; `which` says the places that the key's parts fill, and what is looked at.
    ///
    /// # Errors
    /// Those of the database.
    fn rows(
        &mut self,
        from: &'static Table,
        join: &Join,
        which: (&[usize], Only),
        keys: &[&Key],
        each: &mut dyn FnMut(usize, Row),
    ) -> QueryResult<()>;

    /// How many there are of `from` under the keys, each number with its key's.
    ///
    /// # Errors
    /// Those of the database.
    fn count(
        &mut self,
        from: &'static Table,
        count: &Count,
        join: &Join,
        keys: &[&Key],
        each: &mut dyn FnMut(usize, i64),
    ) -> QueryResult<()>;
}

/// Columns, each with the values that are looked at.
pub type Only = &'static [(&'static str, &'static [&'static str])];

impl Source for PgConnection {
    fn rows(
        &mut self,
        from: &'static Table,
        join: &Join,
        (known, _): (&[usize], Only),
        keys: &[&Key],
        each: &mut dyn FnMut(usize, Row),
    ) -> QueryResult<()> {
        Statement::with(&join.sql, arrays(keys, join.fields.len())).each(self, |cells| {
            let number = cells.integer(0).unwrap_or_default() as usize - 1;
            let mut row = Row::empty(from.spec.fields.len());
            for (place, part) in known.iter().zip(keys[number]) {
                row.values[*place] = Value::Text(part.as_ref().into());
            }
            fill(&mut row, from, &join.columns, &cells, 1);
            each(number, row);
            Ok(())
        })
    }

    fn count(&mut self, _: &'static Table, _: &Count, join: &Join, keys: &[&Key], each: &mut dyn FnMut(usize, i64)) -> QueryResult<()> {
        Statement::with(&join.sql, arrays(keys, join.fields.len())).each(self, |cells| {
            each(cells.integer(0).unwrap_or_default() as usize - 1, cells.integer(1).unwrap_or_default());
            Ok(())
        })
    }
}
