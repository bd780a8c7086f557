//! The schools of a batch: locked, and held against what the client may write.

use crate::access::Area;
use crate::intake::record::Incoming;
use crate::model::issue::Issue;
use crate::model::rules::catalogue as rule;
use crate::store::pg::statement::{Argument, Statement, literal};
use crate::store::table::Table;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

/// Schools run side by side; batches of one school one after the other. Taken in sorted order, so that they cannot wait
/// for each other.
pub fn lock_schools<'a>(connection: &mut PgConnection, schools: impl Iterator<Item = &'a str>) -> QueryResult<()> {
    let schools = Argument::Texts(sorted(schools).into_iter().map(Cow::Borrowed).collect());
    Statement::with(&format!("SELECT {} FROM unnest($1::text[]) s", lock_of("s")), vec![schools])
        .each(connection, |_| Ok(()))
}

/// How long a lock is waited for that is no school's: somebody writes a record that this one refers to.
const ROW_PATIENCE: Duration = Duration::from_millis(250);

/// Runs `write` in a transaction that holds these schools, each of which is waited for no longer than `patience`. It
/// begins with the locks on one way to the database.
pub fn holding_schools<'a, T>(
    connection: &mut PgConnection,
    schools: impl Iterator<Item = &'a str>,
    patience: Duration,
    write: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    let locks: Vec<String> = sorted(schools).iter().map(|school| lock_of(&literal(school))).collect();
    let locks = if locks.is_empty() { String::new() } else { format!("; SELECT {}", locks.join(", ")) };
    let begin = format!(
        "BEGIN; SET LOCAL lock_timeout = '{}ms'{locks}; SET LOCAL lock_timeout = '{}ms'",
        patience.as_millis(),
        ROW_PATIENCE.as_millis()
    );
    if let Err(error) = AnsiTransactionManager::begin_transaction_sql(connection, &begin) {
        // It may have begun before it failed.
        connection.batch_execute("ROLLBACK")?;
        return Err(error);
    }
    match write(connection) {
        Ok(written) => AnsiTransactionManager::commit_transaction(connection).map(|()| written),
        Err(error) => match AnsiTransactionManager::rollback_transaction(connection) {
            Ok(()) | Err(diesel::result::Error::BrokenTransactionManager) => Err(error),
            Err(rollback) => Err(rollback),
        },
    }
}

/// Takes the lock of a school, given as an expression.
fn lock_of(school: &str) -> String {
    format!("pg_advisory_xact_lock(hashtextextended({school}, 7))")
}

fn sorted<'a>(schools: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    // Neighbours in a batch are mostly of one school.
    let mut last = "";
    schools.filter(|school| std::mem::replace(&mut last, school) != *school).collect()
}

/// The schools of the batch that the client may write: by code, or by the stored commune.
pub(crate) fn schools_in_scope<'r>(
    connection: &mut PgConnection,
    table: &Table,
    records: impl Iterator<Item = &'r Incoming>,
    scope: &Area,
) -> QueryResult<Option<HashSet<String>>> {
    if scope.all() {
        return Ok(None);
    }
    let schools: BTreeSet<&str> = records.filter_map(|record| record.school(table)).collect();
    visible_schools(connection, schools, scope).map(Some)
}

/// Those of `schools` that the scope holds.
pub fn visible_schools(
    connection: &mut PgConnection,
    schools: BTreeSet<&str>,
    scope: &Area,
) -> QueryResult<HashSet<String>> {
    let mut seen: HashSet<String> =
        schools.iter().filter(|school| scope.schools().contains(**school)).map(|school| (*school).to_owned()).collect();
    if !scope.communes().is_empty() {
        let arguments = vec![
            Argument::Texts(schools.into_iter().map(Cow::Borrowed).collect()),
            Argument::Texts(scope.communes().iter().map(|commune| Cow::Borrowed(commune.as_str())).collect()),
        ];
        let sql =
            "SELECT school_code FROM schools WHERE school_code = ANY($1::text[]) AND commune_code = ANY($2::text[])";
        Statement::with(sql, arguments).each(connection, |cells| {
            seen.extend(cells.text(0).map(str::to_owned));
            Ok(())
        })?;
    }
    Ok(seen)
}

/// Those of `schools` that are others': not granted by code nor, where communes are granted, stored in one of these. Where
/// communes are, a school that is not stored is nobody's.
pub(crate) fn strange_schools<'s>(
    connection: &mut PgConnection,
    schools: impl Iterator<Item = &'s str>,
    scope: &Area,
) -> QueryResult<HashSet<String>> {
    let schools: HashSet<&str> = schools.filter(|school| !scope.allows_school_by_grant(school)).collect();
    if schools.is_empty() || scope.communes().is_empty() {
        return Ok(schools.into_iter().map(str::to_owned).collect());
    }
    let sql =
        "SELECT school_code FROM schools WHERE school_code = ANY($1::text[]) AND NOT commune_code = ANY($2::text[])";
    let arguments = vec![
        Argument::Texts(schools.into_iter().map(Cow::Borrowed).collect()),
        Argument::Texts(scope.communes().iter().map(|commune| Cow::Borrowed(commune.as_str())).collect()),
    ];
    let mut strange = HashSet::new();
    Statement::with(sql, arguments).each(connection, |cells| {
        strange.extend(cells.text(0).map(str::to_owned));
        Ok(())
    })?;
    Ok(strange)
}

/// PT-016 for a school out of sight.
pub fn not_granted(school: &str) -> Issue {
    let mut issue = Issue::new(&rule::PT_016, "/schoolCode");
    issue.with("school", school).caused_by(format!("grant:{school}"));
    issue
}
