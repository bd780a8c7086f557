//! The schools of a batch: locked, and held against what the client may write.

use crate::access::Area;
use crate::intake::record::Incoming;
use crate::merge::target::{KnownSchool, MergeTarget};
use crate::model::issue::Issue;
use crate::model::rules::catalogue as rule;
use crate::model::schools::managing_commune;
use crate::model::value::Row;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::Table;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

/// Locks that the schools of a database share: PostgreSQL's table of locks has room for some thousands in all, and a
/// submission may bring any number of schools. Two schools hardly ever meet at one.
const LOCKS: u64 = 1_024;
/// Tells these advisory locks from others.
pub const SPACE: &str = "hashtext(current_schema())";

/// Schools run side by side; batches of one school one after the other. Taken in sorted order, so that they cannot wait
/// for each other.
pub fn lock_schools<'a>(connection: &mut PgConnection, schools: impl Iterator<Item = &'a str>) -> QueryResult<()> {
    let locks = Argument::Integers(locks_of(schools).into_iter().collect());
    Statement::with(&format!("SELECT {} FROM unnest($1::bigint[]) l", taking("l::integer")), vec![locks])
        .each(connection, |_| Ok(()))
}

/// Locks those schools of the records that the client may write; the others' records are refused, and must not keep
/// anybody waiting.
pub fn lock_granted<'r>(
    connection: &mut PgConnection,
    records: impl Iterator<Item = (&'static Table, &'r Incoming)>,
    scope: &Area,
) -> QueryResult<()> {
    let schools = granted(connection, records, scope)?;
    lock_schools(connection, schools.iter().map(String::as_str))
}

/// The schools of the records that the client may write.
pub fn granted<'r>(
    connection: &mut PgConnection,
    records: impl Iterator<Item = (&'static Table, &'r Incoming)>,
    scope: &Area,
) -> QueryResult<HashSet<String>> {
    let mut schools = NamedSchools::default();
    for (table, record) in records {
        let commune = sent_commune(table, &record.row);
        record.school(table).into_iter().for_each(|school| schools.add(table, school, commune, scope));
    }
    schools.granted(connection, scope)
}

/// Schools that records name.
#[derive(Debug, Default)]
pub struct NamedSchools {
    named: BTreeSet<String>,
    /// Those that say of themselves that a commune of the client's manages them.
    sent: BTreeSet<String>,
}

impl NamedSchools {
    /// Adds that of a record, with the commune that manages it by what the record says.
    pub fn add(&mut self, table: &Table, school: &str, commune: Option<&str>, scope: &Area) {
        let schools = match sends_granted_commune(table, commune, scope) {
            true => &mut self.sent,
            false => &mut self.named,
        };
        if !schools.contains(school) {
            schools.insert(school.to_owned());
        }
    }

    /// Those that the client may write: by code, by the commune that manages them as stored, and one that is not stored by the commune that is
    /// sent.
    ///
    /// # Errors
    /// Those of the database, which is asked only where communes are granted.
    pub fn granted(self, connection: &mut PgConnection, scope: &Area) -> QueryResult<HashSet<String>> {
        if scope.all() {
            return Ok(self.named.into_iter().chain(self.sent).collect());
        }
        let mut granted = visible_schools(connection, self.named.iter().map(String::as_str).collect(), scope)?;
        let strange = strange_schools(connection, self.sent.iter().map(String::as_str), scope)?;
        granted.extend(self.sent.into_iter().filter(|school| !strange.contains(school)));
        Ok(granted)
    }
}

/// The commune that manages the school which a record describes.
pub(crate) fn sent_commune<'r>(table: &Table, row: &'r Row) -> Option<&'r str> {
    let text = |name| table.spec.position(name).and_then(|place| row.text(place));
    managing_commune(text("managing_authority"), text("level"), text("commune_code"))
}

/// Is it a school that says a commune of the client's manages it?
pub(crate) fn sends_granted_commune(table: &Table, commune: Option<&str>, scope: &Area) -> bool {
    table.spec.key == ["school_code"] && commune.is_some_and(|commune| scope.communes().contains(commune))
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
    let locks: Vec<String> = locks_of(schools).iter().map(|lock| taking(&lock.to_string())).collect();
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

/// Takes the lock of this number.
fn taking(lock: &str) -> String {
    format!("pg_advisory_xact_lock({SPACE}, {lock})")
}

/// The numbers of the schools' locks.
fn locks_of<'a>(schools: impl Iterator<Item = &'a str>) -> BTreeSet<i64> {
    // Neighbours in a batch are mostly of one school.
    let mut last = "";
    let schools = schools.filter(|school| std::mem::replace(&mut last, school) != *school);
    schools.map(lock_of).collect()
}

/// The number of a school's lock in the [`SPACE`].
pub fn lock_of(school: &str) -> i64 {
    (xxhash_rust::xxh3::xxh3_64(school.as_bytes()) % LOCKS) as i64
}

/// The schools of the batch that the client may write: by code, or by the commune that manages them as stored.
pub(crate) fn schools_in_scope<'r>(
    target: &mut dyn MergeTarget,
    table: &Table,
    records: impl Iterator<Item = &'r Incoming>,
    scope: &Area,
) -> QueryResult<Option<HashSet<String>>> {
    if scope.all() {
        return Ok(None);
    }
    let schools: BTreeSet<&str> = records.filter_map(|record| record.school(table)).collect();
    visible_schools(target, schools, scope).map(Some)
}

/// Those of `schools` that the scope holds.
pub fn visible_schools(
    target: &mut dyn MergeTarget,
    schools: BTreeSet<&str>,
    scope: &Area,
) -> QueryResult<HashSet<String>> {
    let (mut seen, others): (BTreeSet<&str>, BTreeSet<&str>) =
        schools.into_iter().partition(|school| scope.schools().contains(*school));
    let known = if scope.communes().is_empty() { HashMap::new() } else { target.schools(&others)? };
    seen.extend(
        others
            .into_iter()
            .filter(|school| known.get(*school).is_some_and(|known| scope.allows(school, known.managed_by.as_deref()))),
    );
    Ok(seen.into_iter().map(str::to_owned).collect())
}

/// Those of `schools` that are others': not granted by code nor, where communes are granted, stored as managed by one of these. Where
/// communes are, a school that is not stored is nobody's.
pub(crate) fn strange_schools<'s>(
    target: &mut dyn MergeTarget,
    schools: impl Iterator<Item = &'s str>,
    scope: &Area,
) -> QueryResult<HashSet<String>> {
    let schools: BTreeSet<&str> = schools.filter(|school| !scope.allows_school_by_grant(school)).collect();
    if scope.communes().is_empty() {
        return Ok(schools.into_iter().map(str::to_owned).collect());
    }
    let is_strange = |(_, known): &(String, KnownSchool)| {
        known.managed_by.as_ref().is_none_or(|commune| !scope.communes().contains(commune))
    };
    Ok(target.schools(&schools)?.into_iter().filter(is_strange).map(|(school, _)| school).collect())
}

/// PT-016 for a school out of sight.
pub fn not_granted(school: &str) -> Issue {
    let mut issue = Issue::new(&rule::PT_016, "/schoolCode");
    issue.with("school", school).caused_by(format!("grant:{school}"));
    issue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_schools_takes_a_bounded_number_of_locks() {
        let schools: Vec<String> = (0..100_000).map(|number| format!("{number:08}")).collect();
        assert_eq!(locks_of(schools.iter().map(String::as_str)).len() as u64, LOCKS);
        assert_eq!(locks_of(["31000501", "31000501", "31000502"].into_iter()).len(), 2);
    }
}
