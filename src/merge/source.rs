//! Where the rows come from that rules look at: the database, or memory (see [`memory`](crate::merge::memory)).

use crate::merge::stored::{Stored, fill, stored};
use crate::merge::write_status::WriteStatus;
use crate::model::spec::Count;
use crate::model::value::{Row, Value};
use crate::store::pg::statement::{Argument, Statement, record};
use crate::store::table::{Join, Table};
use diesel::prelude::*;
use std::borrow::Cow;

/// The parts of a key.
pub type KeyParts<'r> = Vec<Cow<'r, str>>;

/// Columns, each with the values that are looked at.
pub type Only = &'static [(&'static str, &'static [&'static str])];

/// A question for records of another resource.
pub struct Ask<'k, 'r> {
    /// The other resource.
    pub from: &'static Table,
    /// The way to it.
    pub join: &'static Join,
    /// What is asked for.
    pub what: What,
    /// Under which keys.
    pub keys: Vec<&'k KeyParts<'r>>,
    /// What is found is locked against deletion until the transaction ends, where nothing else keeps it.
    pub lock: bool,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub enum What {
    /// The rows under a key that hold one of these values in each column, or `any` one of them; the key's parts fill the
    /// row's places `known`.
    Rows { known: &'static [usize], only: Only, any: bool },
    /// Every version that was ever stored of the record with this key, the one that holds among them.
    Versions { known: &'static [usize] },
    /// How many rows there are under a key.
    Number(&'static Count),
    /// The stored version of the record with this key.
    Stored,
    /// What the writer wants to know besides; without keys.
    WriteStatus,
}

/// What is answered for a key.
pub enum Answer {
    /// One of the rows.
    Row(Row),
    /// Their number.
    Number(i64),
    /// The stored version.
    Stored(Stored),
    /// What the writer wants to know besides.
    WriteStatus(WriteStatus),
}

/// Where the rows come from that rules look at.
pub trait RowSource {
    /// Answers all questions at once; `each` is told the places of the question and of its key.
    ///
    /// # Errors
    /// Those of the database.
    fn answer(&mut self, asks: &[Ask], each: &mut dyn FnMut(usize, usize, Answer)) -> QueryResult<()>;
}

impl RowSource for PgConnection {
    /// One statement, an arm for each question: what a batch looks at costs one way to the database and back.
    fn answer(&mut self, asks: &[Ask], each: &mut dyn FnMut(usize, usize, Answer)) -> QueryResult<()> {
        if asks.is_empty() {
            return Ok(());
        }
        // Numbers of blocks are the coordinator's to give, and it gives none in a statement that it passes on.
        let ahead = match asks.iter().any(|ask| matches!(ask.what, What::WriteStatus)) {
            true => WriteStatus::ahead(self)?,
            false => None,
        };
        let mut statement = Statement::new("");
        for (at, ask) in asks.iter().enumerate() {
            statement.push(if at > 0 { " UNION ALL SELECT " } else { "SELECT " });
            if let What::WriteStatus = ask.what {
                statement.push(&format!("{at}::bigint, 1::bigint, {}", record(&WriteStatus::columns(ahead))));
                continue;
            }
            statement.push(&format!("{at}::bigint, {}", ask.join.head));
            for part in 0..ask.join.fields.len() {
                statement.push(if part > 0 { ", " } else { "" });
                statement
                    .push_bind(Argument::Texts(ask.keys.iter().map(|key| Cow::Borrowed(key[part].as_ref())).collect()));
                statement.push("::text[]");
            }
            statement.push(ask.join.locking.as_ref().filter(|_| ask.lock).unwrap_or(&ask.join.tail));
        }
        statement.each(self, |cells| {
            let (at, key) =
                (cells.integer(0).unwrap_or_default() as usize, cells.integer(1).unwrap_or_default() as usize - 1);
            let (ask, columns) = (&asks[at], cells.record(2).unwrap_or_default());
            let answer = match ask.what {
                What::Number(_) => Answer::Number(columns.integer(0).unwrap_or_default()),
                What::WriteStatus => Answer::WriteStatus(WriteStatus::of(&columns, ahead)),
                What::Stored => match stored(ask.from, &columns, 0) {
                    Some(stored) => Answer::Stored(stored),
                    None => return Ok(()),
                },
                What::Rows { known, .. } | What::Versions { known } => {
                    let mut row = Row::empty(ask.from.spec.fields.len());
                    for (place, part) in known.iter().zip(ask.keys[key]) {
                        row.values[*place] = Value::Text(part.as_ref().into());
                    }
                    fill(&mut row, ask.from, &ask.join.columns, &columns, 0);
                    Answer::Row(row)
                }
            };
            each(at, key, answer);
            Ok(())
        })
    }
}
