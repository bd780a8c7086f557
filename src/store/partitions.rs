//! Tables that are kept in a part for each month: parts are made ahead of time, and what is past its time goes part by part.

use super::pg::statement::{Argument, Statement};
use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// A table and the column that says the month of a row.
#[derive(Debug, Clone, Copy)]
pub struct Monthly {
    table: &'static str,
    column: &'static str,
}

/// The change log.
pub const CHANGE_BLOCKS: Monthly = Monthly { table: "change_blocks", column: "at" };
/// Versions that hold no longer.
pub const HISTORY: Monthly = Monthly { table: "history", column: "ended_at" };

/// Months for which there are parts, beside the current one.
const AHEAD: u32 = 2;
/// A part is made or dropped when nobody reads for so long; else at the next turn.
const PATIENCE: &str = "SET LOCAL lock_timeout = '500ms'";

impl Monthly {
    /// Makes the parts of this month and the next ones; how many were made. What came in when there was no part for it moves there.
    ///
    /// # Errors
    /// Those of the database.
    pub fn ensure(self, connection: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<usize> {
        let wanted = month_of(now) + Months::new(AHEAD + 1);
        let mut made = 0;
        while self.end(connection)?.is_some_and(|end| end.date_naive() < wanted) {
            connection.transaction(|connection| self.add(connection))?;
            made += 1;
        }
        Ok(made)
    }

    /// Drops the parts whose last row is older than so many days; how many there were.
    ///
    /// # Errors
    /// Those of the database.
    pub fn drop_older(self, connection: &mut PgConnection, now: DateTime<Utc>, days: i64) -> QueryResult<usize> {
        let old: Vec<String> = {
            let limit = now - TimeDelta::days(days);
            self.parts(connection)?.into_iter().filter(|(_, end)| *end <= limit).map(|(name, _)| name).collect()
        };
        for part in &old {
            connection.transaction(|connection| {
                connection.batch_execute(PATIENCE)?;
                connection.batch_execute(&format!("DROP TABLE \"{part}\""))
            })?;
        }
        Ok(old.len())
    }

    /// The parts with an end, and that end.
    fn parts(self, connection: &mut PgConnection) -> QueryResult<Vec<(String, DateTime<Utc>)>> {
        let sql = "SELECT c.relname::text, substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \\(''([^'']+)''\\)')::timestamptz \
             FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass";
        let mut parts = Vec::new();
        Statement::with(sql, vec![Argument::Text(self.table.into())]).each(connection, |cells| {
            parts.extend(cells.text(0).map(str::to_owned).zip(cells.instant(1)));
            Ok(())
        })?;
        Ok(parts)
    }

    fn end(self, connection: &mut PgConnection) -> QueryResult<Option<DateTime<Utc>>> {
        Ok(self.parts(connection)?.into_iter().map(|(_, end)| end).max())
    }

    /// Adds the part after the last one.
    fn add(self, connection: &mut PgConnection) -> QueryResult<()> {
        let Self { table, column } = self;
        connection.batch_execute(PATIENCE)?;
        connection.batch_execute(&format!("LOCK TABLE {table}_default IN ACCESS EXCLUSIVE MODE"))?;
        // Another gateway may have been quicker: the last part is looked for under the lock.
        let Some(from) = self.end(connection)? else { return Ok(()) };
        let to = (month_of(from) + Months::new(1)).and_time(NaiveTime::MIN).and_utc();
        let part = format!("{table}_{}_{:02}", from.year(), from.month());
        let (from, to) = (from.to_rfc3339(), to.to_rfc3339());
        connection.batch_execute(&format!("CREATE TABLE {part} (LIKE {table} INCLUDING ALL)"))?;
        connection.batch_execute(&format!(
            "WITH moved AS (DELETE FROM {table}_default WHERE {column} >= '{from}' AND {column} < '{to}' RETURNING *) \
             INSERT INTO {part} SELECT * FROM moved"
        ))?;
        connection.batch_execute(&format!(
            "ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES FROM ('{from}') TO ('{to}')"
        ))
    }
}

fn month_of(instant: DateTime<Utc>) -> NaiveDate {
    let day = instant.date_naive();
    day.with_day(1).unwrap_or(day)
}
