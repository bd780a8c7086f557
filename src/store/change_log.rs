//! The statement that writes blocks of the change log, alone or as an arm of another; and whose numbers of transactions order
//! them.

use super::engine::{Engine, ask_coordinator};
use super::pg::statement::{Argument, Statement};
use diesel::prelude::*;

/// Arguments of [`ORIGIN`] and [`insertion`]: instant, submission, client, actor, [transaction](transaction); one array
/// for ids, schools, requests, keys and sums.
pub const ARGUMENTS: usize = 10;

/// Those of [`ORIGIN`] alone.
const ORIGIN_ARGUMENTS: usize = 5;

/// Who writes, and when: a name for the first arguments.
pub const ORIGIN: &str = "p AS (SELECT $1::timestamptz AS at, $2::uuid AS submission, $3::uuid AS client, \
     $4::text AS actor, $5::text::xid8 AS xid)";

/// The number that the coordinator of a distributed database gives this transaction, which is the same wherever its
/// statements are passed on to; `None` where the statement that writes finds it by itself.
///
/// # Errors
/// Those of the database.
pub fn transaction(connection: &mut PgConnection) -> QueryResult<Option<String>> {
    // Without something of its own to keep, a coordinator could give the number once more after a crash.
    let sql = "SELECT pg_current_xact_id()::text, pg_logical_emit_message(true, 'school-gateway', '')";
    Ok(ask_coordinator(connection, sql)?.and_then(|cells| cells.text(0).map(str::to_owned)))
}

/// The oldest transaction that was still open at some moment before now, by the coordinator of a distributed database;
/// `None` where the statement that reads finds it by itself.
///
/// # Errors
/// Those of the database.
pub fn oldest_open(connection: &mut PgConnection) -> QueryResult<Option<String>> {
    let sql = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text";
    Ok(ask_coordinator(connection, sql)?.and_then(|cells| cells.text(0).map(str::to_owned)))
}

/// Inserts the blocks that the other arguments hold.
pub fn insertion(resource: i16) -> String {
    format!(
        "INSERT INTO change_blocks (id, xid, at, school_code, resource, client_id, actor, request_id, submission_id, keys, sha256) \
         SELECT x.id, coalesce(p.xid, pg_current_xact_id()), p.at, x.school, {resource}, p.client, p.actor, x.request, p.submission, x.keys, x.sum \
         FROM p, unnest($6::bigint[], $7::text[], $8::text[], $9::bytea[], $10::bytea[]) x(id, school, request, keys, sum)"
    )
}

/// Holds always. A coordinator that passes on an INSERT of what it selects, whole, mixes up one that has to calculate with
/// the values of rows (12.1: `WHERE ( IS NOT NULL)`); with this in it, what is selected comes to it first.
const THROUGH_COORDINATOR: &str = "random() IS NOT NULL";

/// Statements that write blocks and change rows: one in which each is an arm or, where a coordinator passes no such
/// statement on, one for each.
#[derive(Debug)]
pub struct Writing {
    whole: String,
    apart: Vec<String>,
}

impl Writing {
    /// `rows` says the CTE of the rows that are changed, whose first argument has the number that it is given; `before`
    /// the INSERTs that look at what is stored of them and have no WHERE, `last` what changes them. All may name `p`
    /// ([`ORIGIN`]).
    pub(crate) fn new(resource: i16, rows: impl Fn(usize) -> String, before: &[String], last: &str) -> Self {
        let arms: String = before.iter().enumerate().map(|(at, arm)| format!(", a{at} AS ({arm})")).collect();
        let (insertion, first) = (insertion(resource), rows(ARGUMENTS + 1));
        let own = rows(ORIGIN_ARGUMENTS + 1);
        let alone = |statement: &str| format!("WITH {ORIGIN}, {own} {statement}");
        Self {
            whole: format!("WITH {ORIGIN}, b AS ({insertion}), {first}{arms} {last}"),
            apart: [format!("WITH {ORIGIN} {insertion}")]
                .into_iter()
                .chain(before.iter().map(|arm| alone(&format!("{arm} WHERE {THROUGH_COORDINATOR}"))))
                .chain([alone(last)])
                .collect(),
        }
    }

    /// Runs it with the arguments of the blocks and those of the rows; how many rows were changed.
    ///
    /// # Errors
    /// Those of the database.
    pub fn run(&self, connection: &mut PgConnection, blocks: Vec<Argument>, rows: Vec<Argument>) -> QueryResult<usize> {
        if Engine::of(connection)? == Engine::Single {
            return Statement::with(&self.whole, [blocks, rows].concat()).run(connection);
        }
        let own = [&blocks[..ORIGIN_ARGUMENTS], &rows].concat();
        let (insertion, others) = self.apart.split_first().ok_or(diesel::result::Error::NotFound)?;
        Statement::with(insertion, blocks).run(connection)?;
        others.iter().try_fold(0, |_, sql| Statement::with(sql, own.clone()).run(connection))
    }
}
