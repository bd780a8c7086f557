//! A set that stands for all records that a school has of a resource: which stored ones it lacks, what holds them, and
//! their removal. Keys pass through tables of the transaction's own, so that a set may have any size.

use crate::intake::record::Incoming;
use crate::merge::batch::WriteContext;
use crate::merge::delete;
use crate::merge::delete::{Going, held, held_elsewhere, holding};
use crate::merge::reporting_window::ReportingWindow;
use crate::merge::stored::arrays;
use crate::merge::target::MergeTarget;
use crate::model::issue::Issue;
use crate::model::value::{Row, Value};
use crate::store::pg::statement::{Argument, Statement, literal};
use crate::store::table::{Table, equal, keys as keys_of, parts, quoted};
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Records removed at once.
const PART: i64 = 5_000;

/// Whose records the set stands for.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The resource.
    pub table: &'static Table,
    /// The school.
    pub school: &'a str,
    /// The school year, where the resource has one.
    pub year: Option<&'a str>,
}

impl<'a> Owner<'a> {
    /// Adds the condition that a row of `t` belongs to the set.
    fn push(self, statement: &mut Statement<'a>) {
        statement.push("t.\"school_code\" = ");
        statement.push_bind(Argument::Text(self.school.into()));
        if let Some(year) = self.year {
            statement.push(" AND t.\"school_year\" = ");
            statement.push_bind(Argument::Text(year.into()));
        }
    }
    fn key(self) -> impl Iterator<Item = String> {
        self.table.spec.key.iter().map(|name| format!("t.{}::text", quoted(name)))
    }

    /// How many records of the owner are stored.
    ///
    /// # Errors
    /// Those of the database, here and below.
    pub fn count(self, connection: &mut PgConnection) -> QueryResult<i64> {
        let mut count = Statement::new(format!("SELECT count(*) FROM {} t WHERE ", quoted(self.table.spec.table)));
        self.push(&mut count);
        Ok(count.first_row(connection)?.and_then(|cells| cells.integer(0)).unwrap_or_default())
    }

    /// The keys of the records that are stored.
    pub(crate) fn each_key(self, connection: &mut PgConnection, mut each: impl FnMut(Vec<String>)) -> QueryResult<()> {
        let columns = self.key().collect::<Vec<_>>().join(", ");
        let mut keys = Statement::new(format!("SELECT {columns} FROM {} t WHERE ", quoted(self.table.spec.table)));
        self.push(&mut keys);
        let parts = self.table.key.len();
        keys.each_as_it_comes(connection, |cells| {
            each((0..parts).map(|part| cells.text(part).unwrap_or_default().to_owned()).collect());
            Ok(())
        })
    }

    /// Which part of the key is the period of the results, if one is.
    pub(crate) fn period_part(self) -> Option<usize> {
        let place = self.table.spec.period()?;
        self.table.key.iter().position(|known| *known == place)
    }
}

/// `k0, k1, …`: the parts of a key.
fn key_names(table: &Table) -> String {
    parts(table.key.len()).join(", ")
}

/// Begins: how many records of the owner are stored. Until the transaction ends the keys that [`note`] is told stand in
/// a table of its own.
pub fn begin(connection: &mut PgConnection, owner: Owner) -> QueryResult<i64> {
    let columns = |more: &str| {
        let parts: Vec<String> =
            (0..owner.table.key.len()).map(|part| format!("k{part} text COLLATE \"C\" NOT NULL")).collect();
        format!("({}{more}) ON COMMIT DROP", parts.join(", "))
    };
    // As the tables are new each time, no statement on them is worth keeping prepared.
    Statement::new(format!("CREATE TEMP TABLE replacement_sent {}", columns(""))).once().run(connection)?;
    Statement::new(format!("CREATE TEMP TABLE replacement_lacking {}", columns(", o bigint PRIMARY KEY")))
        .once()
        .run(connection)?;
    owner.count(connection)
}

/// These records are in the set.
pub fn note<'r>(
    connection: &mut PgConnection,
    table: &Table,
    records: impl Iterator<Item = &'r Incoming>,
) -> QueryResult<()> {
    let keys: Vec<_> = records.filter_map(|record| record.key(table)).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let names = key_names(table);
    let sql =
        format!("INSERT INTO replacement_sent ({names}) SELECT {names} FROM {}", keys_of("g", 1, table.key.len()));
    Statement::with(&sql, arrays(&keys, table.key.len())).once().run(connection).map(|_| ())
}

/// PT-005 for records that the set lacks and that reporting periods which are not open leave as they are, once for each
/// period of the results.
pub fn not_due(connection: &mut PgConnection, owner: Owner, writer: &WriteContext) -> QueryResult<Vec<Issue>> {
    let column = owner.period_part().map_or("NULL::text".to_owned(), |part| format!("k{part}"));
    let mut periods = BTreeSet::new();
    let statement = Statement::new(format!("SELECT DISTINCT {column} FROM replacement_lacking")).once();
    statement.each(connection, |cells| {
        periods.insert(cells.text(0).map(str::to_owned));
        Ok(())
    })?;
    refused_periods(connection, owner, periods, writer)
}

/// The same of these periods; `None`: the records have none.
pub(crate) fn refused_periods(
    target: &mut dyn MergeTarget,
    owner: Owner,
    periods: BTreeSet<Option<String>>,
    writer: &WriteContext,
) -> QueryResult<Vec<Issue>> {
    let spec = owner.table.spec;
    let mut row = Row::empty(spec.fields.len());
    row.values[owner.table.owner] = Value::Text(owner.school.into());
    if let Some((place, year)) = spec.school_year().zip(owner.year) {
        row.values[place] = Value::Text(year.into());
    }
    let due = ReportingWindow::of(target, owner.table, std::iter::once(owner.school), writer)?;
    let refusal = |period: Option<String>| {
        if let (Some(place), Some(period)) = (spec.period(), period) {
            row.values[place] = Value::Text(period.as_str().into());
        }
        due.refusal(&row, Some(owner.school), true)
    };
    Ok(periods.into_iter().filter_map(refusal).collect())
}

/// Finds and locks the stored records that the set lacks: how many they are. Locked in the order of their keys, so that
/// nobody can begin to refer to them, nor move them to another school meanwhile.
pub fn lacking(connection: &mut PgConnection, owner: Owner) -> QueryResult<i64> {
    let (names, own) = (key_names(owner.table), owner.key().collect::<Vec<_>>());
    let same: Vec<String> = own.iter().enumerate().map(|(part, column)| format!("s.k{part} = {column}")).collect();
    Statement::new("ANALYZE replacement_sent").once().run(connection)?;
    let mut statement = Statement::new(format!(
        "INSERT INTO replacement_lacking ({names}, o) SELECT {names}, row_number() OVER () FROM (SELECT {} FROM {} t WHERE ",
        own.iter().enumerate().map(|(part, column)| format!("{column} AS k{part}")).collect::<Vec<_>>().join(", "),
        quoted(owner.table.spec.table)
    ));
    owner.push(&mut statement);
    statement.push(&format!(
        " AND NOT EXISTS (SELECT 1 FROM replacement_sent s WHERE {}) ORDER BY {names} FOR UPDATE OF t) x",
        same.join(" AND ")
    ));
    let count = statement.once().run(connection)?;
    Statement::new("ANALYZE replacement_lacking").once().run(connection)?;
    Ok(count as i64)
}

/// PT-011 for the first records that the set lacks and that others refer to, each with the parts of its key; `most` at
/// most.
pub fn referred(
    connection: &mut PgConnection,
    owner: Owner,
    writer: &WriteContext,
    most: usize,
) -> QueryResult<Vec<(Vec<String>, Issue)>> {
    let table = owner.table;
    let own = format!("t.school_code = {}", literal(owner.school));
    let own = if writer.scope.all() { "true" } else { &own };
    let (mut found, count) = (Vec::new(), table.key.len());
    let names: Vec<String> = (0..count).map(|part| format!("m.k{part}")).collect();
    for (other, reference) in &table.referrers {
        let sql = format!(
            "SELECT x.own, {} FROM ({}) x(o, own, others) JOIN replacement_lacking m ON m.o = x.o ORDER BY x.o LIMIT {most}",
            names.join(", "),
            holding(table, other, reference, ("replacement_lacking g", "replacement_lacking x"), own)
        );
        Statement::new(sql).once().each(connection, |cells| {
            let key: Vec<String> = (1..=count).map(|at| cells.text(at).unwrap_or_default().to_owned()).collect();
            let own = cells.integer(0).unwrap_or_default();
            found.push((key, if own > 0 { held(other, own) } else { held_elsewhere() }));
            Ok(())
        })?;
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found.truncate(most);
    Ok(found)
}

/// Removes the `count` records that [`lacking`] has found, each with its last version and a tombstone in history.
pub fn remove(connection: &mut PgConnection, owner: Owner, count: i64, writer: &WriteContext) -> QueryResult<()> {
    let table = owner.table;
    let sql = format!(
        "SELECT t.version, {} FROM replacement_lacking m JOIN {} t ON {} WHERE m.o > $1 AND m.o <= $2 ORDER BY m.o",
        parts(table.key.len()).iter().map(|part| format!("m.{part}")).collect::<Vec<_>>().join(", "),
        quoted(table.spec.table),
        equal(table.spec, &table.key, "m")
    );
    for low in (0..count).step_by(PART as usize) {
        let mut going = Vec::new();
        let range = vec![Argument::Integer(low), Argument::Integer(low + PART)];
        Statement::with(&sql, range).once().each(connection, |cells| {
            let part = |at| Cow::Owned(cells.text(at).unwrap_or_default().to_owned());
            let key = (1..=table.key.len()).map(part).collect();
            going.push(Going {
                key,
                school: owner.school,
                version: cells.integer(0).unwrap_or_default(),
                request: None,
            });
            Ok(())
        })?;
        if going.len() as i64 != PART.min(count - low) {
            return Err(diesel::result::Error::NotFound);
        }
        delete::remove(connection, table, &going, writer)?;
    }
    Ok(())
}
