//! The findings of the whole-school checks: which schools are due, what is judged of them, and what stands open.
//!
//! A consumer of the change log notes the schools that were written to; a thread works them off soon after, several at
//! once, and once a night all. Who runs them knows no rule by name: [`checks`] says what there is.

pub mod check; // what a check is, and which there are
mod definitions; // each of them; its query is its file in `sql/`
mod fragments; // pieces of SQL that queries share, in `sql/fragments/`
pub mod judge; // a check against what stands
pub mod queue; // which schools are to be judged again
pub mod read; // lists, single findings, decisions
pub mod sheet_facts; // what is stored, as far as sheets leave it unsaid
pub mod sets; // parts of code lists that queries read

use crate::error::Result;
use crate::metrics;
use crate::model::lists::Lists;
use crate::model::moment::{day_of, now};
use crate::store::pg::statement::{Argument, Statement};
use crate::store::reference::Current;
use check::{Check, checks};
use chrono::TimeDelta;
use diesel::prelude::*;
use queue::Mark;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Schools judged in one transaction.
const GROUP: i64 = 20;

/// One turn of the thread: marks all schools when the night has come, then judges a group of those due. `true`: there
/// may be more.
pub fn turn(tenant: &str, reference: &Current, connection: &mut PgConnection) -> Result<bool> {
    // A day's round begins an hour after midnight in Vietnam.
    queue::mark_all(connection, day_of(now() - TimeDelta::hours(1)))?;
    let schools = queue::ready(connection, GROUP)?;
    metrics::recheck_queue_depth(tenant, queue::depth(connection)?);
    if schools.is_empty() {
        return Ok(false);
    }
    let (start, lists) = (Instant::now(), reference.current(connection)?);
    let judged = match judge_schools(connection, &schools, &lists) {
        Ok(judged) => Ok(judged),
        Err(_) => one_by_one(connection, &schools, &lists),
    };
    metrics::database_seconds("findings", start.elapsed());
    judged
}

/// A school that cannot be judged does not hold up the others: it comes again later.
fn one_by_one(connection: &mut PgConnection, schools: &[String], lists: &Lists) -> Result<bool> {
    for school in schools {
        if let Err(error) = judge_schools(connection, std::slice::from_ref(school), lists) {
            tracing::warn!(%error, "a school could not be judged; it is tried again in some minutes");
            queue::postpone(connection, school)?;
        }
    }
    Ok(true)
}

/// Counts what stands open, for the metrics.
pub fn count(tenant: &str, connection: &mut PgConnection) -> QueryResult<()> {
    let mut open: BTreeMap<String, i64> = checks().map(|check| (check.rule.code.to_owned(), 0)).collect();
    Statement::new("SELECT code, count(*) FROM findings WHERE closed_at IS NULL GROUP BY code").each(
        connection,
        |cells| {
            open.extend(cells.text(0).map(str::to_owned).zip(cells.integer(1)));
            Ok(())
        },
    )?;
    open.into_iter().for_each(|(code, count)| metrics::open_findings(tenant, &code, count));
    Ok(())
}

/// Judges those of the schools that no other gateway judges at this moment. Their marks go in the same transaction:
/// after a crash they are still there.
fn judge_schools(connection: &mut PgConnection, schools: &[String], lists: &Lists) -> Result<bool> {
    connection.transaction(|connection| {
        // Taken before anything is read: what is read afterwards is newer than what the last holder saw.
        let held = queue::lock(connection, schools)?;
        let marks = queue::marks(connection, &held)?;
        if marks.is_empty() {
            return Ok(false);
        }
        let now = now();
        let today = Lists::school_year_of(day_of(now));
        let years = years_in_use(connection, &held, &today)?;
        for check in checks() {
            let asked = schools_to_judge(check, &marks, &years);
            let judged = judge::Judged::of(check, asked, lists, &today);
            judged.compare(connection, now)?;
        }
        queue::pass_on(connection, &marks)?;
        queue::forget(connection, &marks)?;
        Ok(true)
    })
}

/// The schools that the marks ask a check for, with their years; one that judges no year has the empty one.
fn schools_to_judge<'m>(
    check: &Check,
    marks: &'m [Mark],
    years: &'m BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<(&'m str, &'m str)> {
    let concerned =
        marks.iter().filter(|mark| mark.resource.is_empty() || check.reads.contains(&mark.resource.as_str()));
    let mut asked = BTreeSet::new();
    for mark in concerned {
        match (check.yearly, mark.year.is_empty()) {
            (false, _) => drop(asked.insert((mark.school.as_str(), ""))),
            (true, false) => drop(asked.insert((mark.school.as_str(), mark.year.as_str()))),
            (true, true) => asked.extend(
                years.get(&mark.school).into_iter().flatten().map(|year| (mark.school.as_str(), year.as_str())),
            ),
        }
    }
    asked
}

/// Which years a record without a year belongs to: the current one, the latest with classes, and those in which
/// something stands open.
fn years_in_use(
    connection: &mut PgConnection,
    schools: &[String],
    today: &str,
) -> QueryResult<BTreeMap<String, BTreeSet<String>>> {
    let sql = "SELECT s.school_code, y.school_year FROM unnest($1::text[]) AS s(school_code) CROSS JOIN LATERAL (SELECT $2 AS school_year \
         UNION SELECT max(c.school_year) FROM classes c WHERE c.school_code = s.school_code \
         UNION SELECT f.school_year FROM findings f WHERE f.school_code = s.school_code AND f.closed_at IS NULL) y WHERE y.school_year <> ''";
    let mut years: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    Statement::with(sql, vec![texts(schools), Argument::Text(today.into())]).each(connection, |cells| {
        if let (Some(school), Some(year)) = (cells.text(0), cells.text(1)) {
            years.entry(school.to_owned()).or_default().insert(year.to_owned());
        }
        Ok(())
    })?;
    Ok(years)
}

fn texts(values: &[String]) -> Argument<'_> {
    Argument::Texts(values.iter().map(|value| Cow::Borrowed(value.as_str())).collect())
}
