//! Which schools are to be judged again. Writers only add marks, so they never wait for each other or for the judging.

use crate::checks::texts;
use crate::intake::record::Incoming;
use crate::merge::batch::{Disposition, Outcome};
use crate::model::rules::school::checks;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::Table;
use crate::store::table::history::SEPARATOR;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// School, school year (empty: none) and resource.
type Note = (String, String, &'static str);

/// Marks collected in the course of a transaction.
#[derive(Debug, Clone, Default)]
pub struct Due(BTreeSet<Note>);

impl Due {
    /// Notes the schools of what was written, and those that had it before.
    pub fn note<'r>(
        &mut self,
        connection: &mut PgConnection,
        table: &Table,
        outcomes: impl Iterator<Item = (&'r Incoming, &'r Outcome)>,
    ) -> QueryResult<()> {
        let name = table.spec.name;
        if !checks().any(|check| check.reads.contains(&name)) {
            return Ok(());
        }
        let year = table.spec.position("school_year");
        let mut replaced = Vec::new();
        for (record, outcome) in outcomes {
            let is_due = match outcome.action {
                Disposition::Created | Disposition::Deleted => true,
                // Some are marked by the statement that replaces them.
                Disposition::Updated => !table.is_marked,
                Disposition::Unchanged
                | Disposition::Rejected
                | Disposition::Missing
                | Disposition::PreconditionFailed => false,
            };
            if !is_due {
                continue;
            }
            if let Some(school) = record.school(table) {
                self.add(school, year.and_then(|place| record.row.text(place)).unwrap_or_default(), name);
            }
            if outcome.action != Disposition::Created && !table.key.contains(&table.owner) {
                replaced.extend(record.key(table).map(|key| key.join(SEPARATOR)));
            }
        }
        self.note_former(connection, table, replaced)
    }

    /// A person's record may have come from another school, and a delete need not name the school at all.
    fn note_former(&mut self, connection: &mut PgConnection, table: &Table, keys: Vec<String>) -> QueryResult<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let sql = "SELECT DISTINCT h.body ->> 'school_code' FROM unnest($1::text[]) AS k(key) \
             JOIN history h ON h.resource = $2::bigint AND h.key = k.key WHERE h.operation = 'update'";
        Statement::with(sql, vec![texts(&keys), Argument::Integer(table.spec.number.into())]).each(
            connection,
            |cells| {
                cells.text(0).into_iter().for_each(|school| self.add(school, "", table.spec.name));
                Ok(())
            },
        )
    }

    /// Notes a school, for a school year (empty: those in use) and a resource (empty: all).
    pub fn add(&mut self, school: &str, year: &str, resource: &'static str) {
        // Neighbours in a batch are mostly of one school and year: those need no new text.
        let is_known = self.0.last().is_some_and(|(a, b, c)| (a.as_str(), b.as_str(), *c) == (school, year, resource));
        if !is_known {
            self.0.insert((school.to_owned(), year.to_owned(), resource));
        }
    }

    /// Writes the marks, in the transaction of the records.
    pub fn write(&mut self, connection: &mut PgConnection) -> QueryResult<()> {
        let marks = std::mem::take(&mut self.0);
        if marks.is_empty() {
            return Ok(());
        }
        let column = |part: for<'m> fn(&'m Note) -> &'m str| {
            Argument::Texts(marks.iter().map(|mark| part(mark).into()).collect())
        };
        let sql = "INSERT INTO findings_due (school_code, school_year, resource) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])";
        Statement::with(sql, vec![column(|mark| &mark.0), column(|mark| &mark.1), column(|mark| mark.2)])
            .run(connection)
            .map(|_| ())
    }
}

/// Marks the schools of one batch, in the transaction that wrote it.
pub fn mark<'r>(
    connection: &mut PgConnection,
    table: &Table,
    outcomes: impl Iterator<Item = (&'r Incoming, &'r Outcome)>,
) -> QueryResult<()> {
    let mut due = Due::default();
    due.note(connection, table, outcomes)?;
    due.write(connection)
}

/// A mark as stored.
#[derive(Debug)]
pub(crate) struct Mark {
    id: i64,
    /// It comes from another school's check and is passed on no further.
    echo: bool,
    pub(crate) school: String,
    /// Empty: those in use.
    pub(crate) year: String,
    /// Empty: all.
    pub(crate) resource: String,
}

/// Schools whose last mark is a moment old, so that a push of many parts is judged at its end; or the first of them
/// half a minute. While submissions are at work, both take longer: the judging leaves the database to them. The oldest
/// first.
pub(crate) fn ripe(connection: &mut PgConnection, limit: i64) -> QueryResult<Vec<String>> {
    let sql = "WITH pace AS MATERIALIZED (SELECT CASE WHEN EXISTS (SELECT 1 FROM submissions WHERE status IN ('queued', 'processing')) THEN 5 ELSE 1 END AS factor) \
         SELECT d.school_code FROM findings_due d, pace p GROUP BY d.school_code, p.factor HAVING max(d.marked_at) <= clock_timestamp() - p.factor * interval '1 second' \
         OR min(d.marked_at) <= clock_timestamp() - p.factor * interval '30 seconds' ORDER BY min(d.id) LIMIT $1";
    schools(connection, Statement::with(sql, vec![Argument::Integer(limit)]))
}

/// Those of the schools that no other gateway holds; they are held until the transaction ends.
pub(crate) fn hold(connection: &mut PgConnection, wanted: &[String]) -> QueryResult<Vec<String>> {
    let sql = "SELECT s FROM unnest($1::text[]) s WHERE pg_try_advisory_xact_lock(hashtextextended(s, 17))";
    schools(connection, Statement::with(sql, vec![texts(wanted)]))
}

fn schools(connection: &mut PgConnection, statement: Statement) -> QueryResult<Vec<String>> {
    let mut found = Vec::new();
    statement.each(connection, |cells| {
        found.extend(cells.text(0).map(str::to_owned));
        Ok(())
    })?;
    Ok(found)
}

/// The marks of these schools.
pub(crate) fn marks(connection: &mut PgConnection, schools: &[String]) -> QueryResult<Vec<Mark>> {
    let sql =
        "SELECT id, school_code, school_year, resource, echo FROM findings_due WHERE school_code = ANY($1::text[])";
    let mut found = Vec::new();
    Statement::with(sql, vec![texts(schools)]).each(connection, |cells| {
        let text = |at| cells.text(at).unwrap_or_default().to_owned();
        let echo = cells.boolean(4).unwrap_or_default();
        found.extend(cells.integer(0).map(|id| Mark { id, echo, school: text(1), year: text(2), resource: text(3) }));
        Ok(())
    })?;
    Ok(found)
}

/// Marks the schools whose open findings name a school that was written to: the fault may be mended there.
pub(crate) fn pass_on(connection: &mut PgConnection, marks: &[Mark]) -> QueryResult<()> {
    let sql = "INSERT INTO findings_due (school_code, school_year, resource, echo) \
         SELECT DISTINCT f.school_code, f.school_year, f.resource, true FROM findings f WHERE f.standing AND f.others <> '{}' \
         AND f.others && $1::text[]";
    let schools: BTreeSet<&str> = marks.iter().filter(|mark| !mark.echo).map(|mark| mark.school.as_str()).collect();
    let schools = Argument::Texts(schools.into_iter().map(Cow::Borrowed).collect());
    Statement::with(sql, vec![schools]).run(connection).map(|_| ())
}

/// The marks are worked off.
pub(crate) fn forget(connection: &mut PgConnection, marks: &[Mark]) -> QueryResult<()> {
    let schools = Argument::Texts(marks.iter().map(|mark| mark.school.as_str().into()).collect());
    let ids = Argument::Integers(marks.iter().map(|mark| mark.id).collect());
    let sql = "DELETE FROM findings_due d USING unnest($1::text[], $2::bigint[]) AS m (school_code, id) WHERE (d.school_code, d.id) = (m.school_code, m.id)";
    Statement::with(sql, vec![schools, ids]).run(connection).map(|_| ())
}

/// Leaves a school alone for some minutes.
pub(crate) fn postpone(connection: &mut PgConnection, school: &str) -> QueryResult<()> {
    let sql = "UPDATE findings_due SET marked_at = clock_timestamp() + interval '5 minutes' WHERE school_code = $1";
    Statement::with(sql, vec![Argument::Text(school.into())]).run(connection).map(|_| ())
}

/// Marks every school, once a day on the whole database.
pub(crate) fn mark_all(connection: &mut PgConnection, day: NaiveDate) -> QueryResult<()> {
    let day = || Argument::Text(Cow::Owned(day.to_string()));
    let is_done = Statement::with("SELECT 1 FROM findings_rounds WHERE marked_on >= $1::date", vec![day()]);
    if is_done.first_row(connection)?.is_some() {
        return Ok(());
    }
    let sql = "WITH round AS (UPDATE findings_rounds SET marked_on = $1::date WHERE marked_on < $2::date RETURNING marked_on) \
         INSERT INTO findings_due (school_code, school_year, resource) SELECT s.school_code, '', '' FROM round, \
         (SELECT school_code FROM schools UNION SELECT school_code FROM findings WHERE closed_at IS NULL) s";
    Statement::with(sql, vec![day(), day()]).run(connection).map(|_| ())
}

/// How many schools are due.
pub(crate) fn depth(connection: &mut PgConnection) -> QueryResult<i64> {
    let found = Statement::new("SELECT count(DISTINCT school_code) FROM findings_due").first_row(connection)?;
    Ok(found.and_then(|cells| cells.integer(0)).unwrap_or_default())
}
