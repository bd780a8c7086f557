//! Reading the change log: blocks after a position, in an order into which nothing is put later.

use super::keys::{self, Change, Unreadable};
use crate::store::change_log;
use crate::store::pg::statement::{Argument, Cells, Statement};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A place in the log: that of a block that was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogPosition {
    /// Its transaction.
    pub xid: i64,
    /// Its id.
    pub id: i64,
}

/// A block as it is read.
#[derive(Debug)]
pub struct Block {
    /// Its place.
    pub position: LogPosition,
    /// When it was written, by the clock of the database.
    pub at: DateTime<Utc>,
    /// The school.
    pub school: String,
    /// The number of the resource.
    pub resource: i64,
    keys: Vec<u8>,
}

impl Block {
    /// The records that it changed, in order.
    ///
    /// # Errors
    /// [`Unreadable`], if another program wrote it.
    pub fn changes(&self) -> Result<Vec<Change>, Unreadable> {
        keys::open(&self.keys)
    }

    fn of(cells: &Cells) -> Option<Self> {
        Some(Self {
            position: LogPosition { xid: cells.integer(0)?, id: cells.integer(1)? },
            at: cells.instant(2)?,
            school: cells.text(3)?.to_owned(),
            resource: cells.integer(4)?,
            keys: cells.get(5)?.to_vec(),
        })
    }
}

/// The blocks after a position, `limit` at most. None is of a transaction that began after one that is still open, so
/// that no block can come to stand before them.
///
/// # Errors
/// Those of the database.
pub fn after(connection: &mut PgConnection, position: LogPosition, limit: i64) -> QueryResult<Vec<Block>> {
    let sql = "SELECT xid::text::bigint, id, at, school_code, resource::bigint, keys FROM change_blocks \
         WHERE (xid, id) > ($1::bigint::text::xid8, $2::bigint) \
         AND xid < coalesce($3::text::xid8, pg_snapshot_xmin(pg_current_snapshot())) ORDER BY xid, id LIMIT $4";
    let arguments = vec![
        Argument::Integer(position.xid),
        Argument::Integer(position.id),
        horizon(connection)?,
        Argument::Integer(limit),
    ];
    let mut blocks = Vec::new();
    Statement::with(sql, arguments).each(connection, |cells| {
        blocks.extend(Block::of(&cells));
        Ok(())
    })?;
    Ok(blocks)
}

/// Below it nothing is open any more. On a coordinator it is found before the node that holds the blocks looks at them.
fn horizon(connection: &mut PgConnection) -> QueryResult<Argument<'static>> {
    Ok(Argument::MaybeText(change_log::oldest_open(connection)?.map(Into::into)))
}

/// The position of a consumer, which is known by this name from now on; no other transaction moves it until this one
/// ends. `None`: another holds it.
///
/// # Errors
/// Those of the database.
pub fn hold(connection: &mut PgConnection, consumer: &'static str) -> QueryResult<Option<LogPosition>> {
    let name = || Argument::Text(consumer.into());
    let lock = Statement::with(
        "SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || '/' || $1, 19))",
        vec![name()],
    );
    if lock.first_row(connection)?.and_then(|cells| cells.boolean(0)) != Some(true) {
        return Ok(None);
    }
    Statement::with("INSERT INTO change_consumers (name) VALUES ($1) ON CONFLICT DO NOTHING", vec![name()])
        .run(connection)?;
    let sql = "SELECT xid::text::bigint, id FROM change_consumers WHERE name = $1";
    let found = Statement::with(sql, vec![name()]).first_row(connection)?.unwrap_or_default();
    Ok(Some(LogPosition { xid: found.integer(0).unwrap_or_default(), id: found.integer(1).unwrap_or_default() }))
}

/// The consumer has worked off everything up to this position; part of the transaction of its work.
///
/// # Errors
/// Those of the database.
pub fn move_to(connection: &mut PgConnection, consumer: &'static str, position: LogPosition) -> QueryResult<()> {
    let sql = "UPDATE change_consumers SET xid = $1::bigint::text::xid8, id = $2, moved_at = now() WHERE name = $3";
    let arguments =
        vec![Argument::Integer(position.xid), Argument::Integer(position.id), Argument::Text(consumer.into())];
    Statement::with(sql, arguments).run(connection).map(|_| ())
}

/// How far a consumer is behind.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lag {
    /// There is a block that it may read.
    pub is_readable: bool,
    /// Age of the first block that it has not read; 0 if there is none.
    pub seconds: f64,
}

/// How far each of these consumers is behind.
///
/// # Errors
/// Those of the database.
pub fn lags(connection: &mut PgConnection, consumers: &[&'static str]) -> QueryResult<Vec<Lag>> {
    let sql = "SELECT n.o, \
         coalesce(b.xid < coalesce($1::text::xid8, pg_snapshot_xmin(pg_current_snapshot())), false), \
         (coalesce(extract(epoch FROM clock_timestamp() - b.at), 0) * 1000)::bigint \
         FROM unnest($2::text[]) WITH ORDINALITY n(name, o) LEFT JOIN change_consumers c ON c.name = n.name \
         LEFT JOIN LATERAL (SELECT b.xid, b.at FROM change_blocks b \
         WHERE (b.xid, b.id) > (coalesce(c.xid, '0'), coalesce(c.id, 0)) ORDER BY b.xid, b.id LIMIT 1) b ON true";
    let mut lags = vec![Lag::default(); consumers.len()];
    let names = Argument::Texts(consumers.iter().map(|name| (*name).into()).collect());
    Statement::with(sql, vec![horizon(connection)?, names]).each(connection, |cells| {
        if let Some(lag) = cells.integer(0).and_then(|at| lags.get_mut(at as usize - 1)) {
            let seconds = cells.integer(2).unwrap_or_default() as f64 / 1_000.0;
            *lag = Lag { is_readable: cells.boolean(1).unwrap_or_default(), seconds };
        }
        Ok(())
    })?;
    Ok(lags)
}
