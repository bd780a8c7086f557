//! The schools of a batch: locked, and held against what the client may write.

use super::batch::Incoming;
use super::table::Table;
use crate::access::Area;
use crate::model::issue::Issue;
use crate::model::rules::catalogue as rule;
use crate::store::reference::VERSION;
use crate::store::statement::{Argument, Statement};
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

/// Schools run side by side; batches of one school one after the other. Taken in sorted order, so that they cannot wait for each other.
pub fn lock_schools<'a>(connection: &mut PgConnection, schools: impl Iterator<Item = &'a str>) -> QueryResult<()> {
    Statement::with("SELECT pg_advisory_xact_lock(hashtextextended(s, 7)) FROM unnest($1::text[]) s", vec![sorted(schools)])
        .each(connection, |_| Ok(()))
}

/// The same, and no lock of the transaction, from here on, is waited for longer than this. Answers with the version of the reference data, which would be asked for
/// apart otherwise.
pub fn lock_schools_within<'a>(
    connection: &mut PgConnection,
    schools: impl Iterator<Item = &'a str>,
    patience: Duration,
) -> QueryResult<i64> {
    let sql = format!(
        "WITH p AS MATERIALIZED (SELECT set_config('lock_timeout', $1, true)) \
         SELECT {VERSION}, (SELECT count(pg_advisory_xact_lock(hashtextextended(s, 7))) FROM unnest($2::text[]) s) FROM p"
    );
    let patience = Argument::Text(format!("{}ms", patience.as_millis()).into());
    let found = Statement::with(&sql, vec![patience, sorted(schools)]).first_row(connection)?;
    Ok(found.and_then(|cells| cells.integer(0)).unwrap_or_default())
}

fn sorted<'a>(schools: impl Iterator<Item = &'a str>) -> Argument<'a> {
    // Neighbours in a batch are mostly of one school.
    let mut last = "";
    let schools: BTreeSet<&str> = schools.filter(|school| std::mem::replace(&mut last, school) != *school).collect();
    Argument::Texts(schools.into_iter().map(Cow::Borrowed).collect())
}

/// The schools of the batch that the client may write: by code, or by the stored commune.
pub(super) fn schools_in_scope<'r>(
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
pub fn visible_schools(connection: &mut PgConnection, schools: BTreeSet<&str>, scope: &Area) -> QueryResult<HashSet<String>> {
    let mut seen: HashSet<String> =
        schools.iter().filter(|school| scope.schools().contains(**school)).map(|school| (*school).to_owned()).collect();
    if !scope.communes().is_empty() {
        let arguments = vec![
            Argument::Texts(schools.into_iter().map(Cow::Borrowed).collect()),
            Argument::Texts(scope.communes().iter().map(|commune| Cow::Borrowed(commune.as_str())).collect()),
        ];
        let sql = "SELECT school_code FROM schools WHERE school_code = ANY($1::text[]) AND commune_code = ANY($2::text[])";
        Statement::with(sql, arguments).each(connection, |cells| {
            seen.extend(cells.text(0).map(str::to_owned));
            Ok(())
        })?;
    }
    Ok(seen)
}

/// PT-016 for a school out of sight.
pub fn not_granted(school: &str) -> Issue {
    let mut issue = Issue::new(&rule::PT_016, "/schoolCode");
    issue.with("school", school).caused_by(format!("grant:{school}"));
    issue
}
