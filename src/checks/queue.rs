//! Which schools are to be judged again: read from the change log, and kept until they are judged. Who writes records
//! knows nothing of it.

use crate::change::keys::{Change, ChangeOperation};
use crate::change::log::Block;
use crate::checks::check::checks;
use crate::checks::texts;
use crate::model::record_key;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::{Table, by_number};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Under which name it reads the change log.
pub const CONSUMER: &str = "recheck";

/// Schools, school years (empty: those in use) and resources, with the first change and the last.
type Marks = BTreeMap<(String, String, &'static str), (DateTime<Utc>, DateTime<Utc>)>;

/// Takes note of the schools of these blocks, and of those that had the records before.
///
/// # Errors
/// Those of the database; a block that another version of the program wrote and this one cannot read.
pub fn take(connection: &mut PgConnection, blocks: &[Block]) -> QueryResult<()> {
    let mut marks = Marks::new();
    for block in blocks {
        let Some(table) = by_number(block.resource).filter(|table| is_read(table.spec.name)) else { continue };
        let changes = block.changes().map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
        let year = table.spec.school_year().and_then(|place| table.key.iter().position(|known| *known == place));
        for change in &changes {
            let year = year.and_then(|part| change.key.get(part)).map_or("", String::as_str);
            add(&mut marks, block, (&block.school, year, table.spec.name));
        }
        for school in former_schools(connection, table, &changes)? {
            add(&mut marks, block, (&school, "", table.spec.name));
        }
    }
    write(connection, &marks)
}

/// Does a check look at the resource?
fn is_read(name: &str) -> bool {
    checks().any(|check| check.reads.contains(&name))
}

fn add(marks: &mut Marks, block: &Block, (school, year, resource): (&str, &str, &'static str)) {
    let times = marks.entry((school.to_owned(), year.to_owned(), resource)).or_insert((block.at, block.at));
    *times = (times.0.min(block.at), times.1.max(block.at));
}

/// A person's record may have come from another school.
fn former_schools(connection: &mut PgConnection, table: &Table, changes: &[Change]) -> QueryResult<BTreeSet<String>> {
    let mut schools = BTreeSet::new();
    let replaced: Vec<&Change> = match table.key.contains(&table.owner) {
        true => Vec::new(),
        false => changes.iter().filter(|change| change.operation == ChangeOperation::Update).collect(),
    };
    if replaced.is_empty() {
        return Ok(schools);
    }
    let sql = "SELECT DISTINCT h.school_code FROM unnest($1::text[], $2::bigint[]) k(key, version) \
         JOIN history h ON h.resource = $3::bigint AND h.key = k.key AND h.version = k.version";
    let arguments = vec![
        Argument::Texts(replaced.iter().map(|change| record_key::joined(&change.key).into()).collect()),
        Argument::Integers(replaced.iter().map(|change| change.version - 1).collect()),
        Argument::Integer(table.spec.number.into()),
    ];
    Statement::with(sql, arguments).each(connection, |cells| {
        schools.extend(cells.text(0).map(str::to_owned));
        Ok(())
    })?;
    Ok(schools)
}

/// The end of a statement that adds marks: the same mark stands once, from its first change to its last.
pub(crate) const MERGE: &str = " ON CONFLICT (school_code, school_year, resource, echo) DO UPDATE \
     SET first_at = least(q.first_at, excluded.first_at), last_at = greatest(q.last_at, excluded.last_at)";

fn write(connection: &mut PgConnection, marks: &Marks) -> QueryResult<()> {
    if marks.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO recheck_queue AS q SELECT s, y, r, false, f::timestamptz, l::timestamptz \
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) m(s, y, r, f, l){MERGE}"
    );
    let instant = |at: &DateTime<Utc>| Cow::Owned(at.to_rfc3339_opts(SecondsFormat::Micros, true));
    let arguments = vec![
        Argument::Texts(marks.keys().map(|(school, _, _)| school.into()).collect()),
        Argument::Texts(marks.keys().map(|(_, year, _)| year.into()).collect()),
        Argument::Texts(marks.keys().map(|(_, _, resource)| (*resource).into()).collect()),
        Argument::Texts(marks.values().map(|(first, _)| instant(first)).collect()),
        Argument::Texts(marks.values().map(|(_, last)| instant(last)).collect()),
    ];
    Statement::with(&sql, arguments).run(connection).map(|_| ())
}

/// A mark as stored.
#[derive(Debug)]
pub(super) struct Mark {
    /// It comes from another school's check and is passed on no further.
    is_passed_on: bool,
    pub(super) school: String,
    /// Empty: those in use.
    pub(super) year: String,
    /// Empty: all.
    pub(super) resource: String,
    last_at: DateTime<Utc>,
}

/// Schools whose last change is a second old, so that a push of many parts is judged at its end; or the first of them
/// half a minute. While submissions are at work, both take longer: the judging leaves the database to them. The oldest
/// first.
pub(super) fn ready(connection: &mut PgConnection, limit: i64) -> QueryResult<Vec<String>> {
    let sql = "WITH pace AS MATERIALIZED (SELECT CASE WHEN EXISTS (SELECT 1 FROM submissions \
         WHERE status IN ('queued', 'processing')) THEN 5 ELSE 1 END AS factor) \
         SELECT d.school_code FROM recheck_queue d, pace p GROUP BY d.school_code, p.factor \
         HAVING max(d.last_at) <= clock_timestamp() - p.factor * interval '1 second' \
         OR min(d.first_at) <= clock_timestamp() - p.factor * interval '30 seconds' ORDER BY min(d.first_at) LIMIT $1";
    schools(connection, Statement::with(sql, vec![Argument::Integer(limit)]))
}

/// Those of the schools that no other gateway holds; they are held until the transaction ends.
pub(super) fn lock(connection: &mut PgConnection, wanted: &[String]) -> QueryResult<Vec<String>> {
    let sql = "SELECT s FROM unnest($1::text[]) s WHERE pg_try_advisory_xact_lock(hashtextextended(current_schema() || '/' || s, 17))";
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
pub(super) fn marks(connection: &mut PgConnection, schools: &[String]) -> QueryResult<Vec<Mark>> {
    let sql = "SELECT school_code, school_year, resource, echo, last_at FROM recheck_queue WHERE school_code = ANY($1::text[])";
    let mut found = Vec::new();
    Statement::with(sql, vec![texts(schools)]).each(connection, |cells| {
        let text = |at| cells.text(at).unwrap_or_default().to_owned();
        let is_passed_on = cells.boolean(3).unwrap_or_default();
        found.extend(cells.instant(4).map(|last_at| Mark {
            is_passed_on,
            school: text(0),
            year: text(1),
            resource: text(2),
            last_at,
        }));
        Ok(())
    })?;
    Ok(found)
}

/// Marks the schools whose open findings name a school that was written to: the fault may be mended there.
pub(super) fn pass_on(connection: &mut PgConnection, marks: &[Mark]) -> QueryResult<()> {
    let schools: BTreeSet<&str> =
        marks.iter().filter(|mark| !mark.is_passed_on).map(|mark| mark.school.as_str()).collect();
    if schools.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO recheck_queue AS q SELECT f.*, true, n.at, n.at FROM (SELECT DISTINCT f.school_code, f.school_year, \
         f.resource FROM findings f WHERE f.standing AND f.others <> '{{}}' AND f.others && $1::text[]) f, \
         (SELECT clock_timestamp() AS at OFFSET 0) n{MERGE}"
    );
    let schools = Argument::Texts(schools.into_iter().map(Cow::Borrowed).collect());
    Statement::with(&sql, vec![schools]).run(connection).map(|_| ())
}

/// The marks are worked off, but for those that a change was added to meanwhile.
pub(super) fn forget(connection: &mut PgConnection, marks: &[Mark]) -> QueryResult<()> {
    let sql = "DELETE FROM recheck_queue q USING (SELECT school, year, resource, echo::boolean AS echo, last::timestamptz AS last \
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) m(school, year, resource, echo, last) OFFSET 0) m \
         WHERE q.school_code = m.school AND q.school_year = m.year AND q.resource = m.resource AND q.echo = m.echo \
         AND q.last_at = m.last";
    let each = |text: &dyn Fn(&Mark) -> String| Argument::Texts(marks.iter().map(|mark| text(mark).into()).collect());
    let arguments = vec![
        each(&|mark| mark.school.clone()),
        each(&|mark| mark.year.clone()),
        each(&|mark| mark.resource.clone()),
        each(&|mark| mark.is_passed_on.to_string()),
        each(&|mark| mark.last_at.to_rfc3339_opts(SecondsFormat::Micros, true)),
    ];
    Statement::with(sql, arguments).run(connection).map(|_| ())
}

/// Leaves a school alone for some minutes.
pub(super) fn postpone(connection: &mut PgConnection, school: &str) -> QueryResult<()> {
    let sql = "UPDATE recheck_queue SET first_at = now() + interval '5 minutes', \
         last_at = now() + interval '5 minutes' WHERE school_code = $1";
    Statement::with(sql, vec![Argument::Text(school.into())]).run(connection).map(|_| ())
}

/// Marks every school, once a day on the whole database.
pub(super) fn mark_all(connection: &mut PgConnection, day: NaiveDate) -> QueryResult<()> {
    let day = || Argument::Text(Cow::Owned(day.to_string()));
    let is_done = Statement::with("SELECT 1 FROM findings_rounds WHERE marked_on >= $1::date", vec![day()]);
    if is_done.first_row(connection)?.is_some() {
        return Ok(());
    }
    let begin = "UPDATE findings_rounds SET marked_on = $1::date WHERE marked_on < $2::date";
    let mark = format!(
        "INSERT INTO recheck_queue AS q SELECT s.school_code, '', '', false, n.at, n.at \
         FROM (SELECT school_code FROM schools UNION SELECT school_code FROM findings WHERE closed_at IS NULL) s, \
         (SELECT clock_timestamp() AS at OFFSET 0) n{MERGE}"
    );
    connection.transaction(|connection| match Statement::with(begin, vec![day(), day()]).run(connection)? {
        0 => Ok(()),
        _ => Statement::new(mark).run(connection).map(|_| ()),
    })
}

/// How many schools are due.
pub(super) fn depth(connection: &mut PgConnection) -> QueryResult<i64> {
    let found = Statement::new("SELECT count(DISTINCT school_code) FROM recheck_queue").first_row(connection)?;
    Ok(found.and_then(|cells| cells.integer(0)).unwrap_or_default())
}
