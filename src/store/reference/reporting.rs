//! Reporting periods into and out of their tables. Each change belongs into the transaction of its audit.

use crate::error::Result;
use crate::model::lists::ReportingPeriod;
use crate::model::lists::reporting::Extension;
use crate::store::reference::write::raise_version;
use crate::store::schema::{reporting_period_extensions as extensions, reporting_periods as table};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = table)]
struct Row {
    id: Uuid,
    name: String,
    school_year: String,
    phase: String,
    resources: Vec<String>,
    periods: Vec<String>,
    opens_at: DateTime<Utc>,
    closes_at: DateTime<Utc>,
    schools: Vec<String>,
    communes: Vec<String>,
}

impl From<&ReportingPeriod> for Row {
    fn from(period: &ReportingPeriod) -> Self {
        let ReportingPeriod {
            id,
            name,
            school_year,
            phase,
            resources,
            periods,
            opens_at,
            closes_at,
            schools,
            communes,
            ..
        } = period.clone();
        let (schools, communes) = (schools.into_iter().collect(), communes.into_iter().collect());
        Self { id, name, school_year, phase, resources, periods, opens_at, closes_at, schools, communes }
    }
}

impl Row {
    fn period(self, extensions: BTreeMap<String, Extension>) -> ReportingPeriod {
        let Self { id, name, school_year, phase, resources, periods, opens_at, closes_at, schools, communes } = self;
        let (schools, communes) = (schools.into_iter().collect(), communes.into_iter().collect());
        ReportingPeriod {
            id,
            name,
            school_year,
            phase,
            resources,
            periods,
            opens_at,
            closes_at,
            schools,
            communes,
            extensions,
        }
    }
}

/// All of them, in the order in which they were made.
pub(crate) fn all(connection: &mut PgConnection) -> Result<Vec<ReportingPeriod>> {
    let rows: Vec<Row> = table::table.select(Row::as_select()).order(table::id).load(connection)?;
    let mut given: HashMap<Uuid, BTreeMap<String, Extension>> = HashMap::new();
    for (id, school, until, reason, granted_at) in
        extensions::table.load::<(Uuid, String, DateTime<Utc>, String, DateTime<Utc>)>(connection)?
    {
        given.entry(id).or_default().insert(school, Extension { until, reason, granted_at });
    }
    Ok(rows
        .into_iter()
        .map(|row| (given.remove(&row.id).unwrap_or_default(), row))
        .map(|(given, row)| row.period(given))
        .collect())
}

/// Keeps a new one; the schools that have more time are kept apart.
///
/// # Errors
/// Those of the database.
pub fn create(connection: &mut PgConnection, period: &ReportingPeriod) -> Result<()> {
    raise_version(connection)?;
    diesel::insert_into(table::table).values(Row::from(period)).execute(connection)?;
    Ok(())
}

/// Puts another definition in the place of the one with this id; `false`: there is none.
///
/// # Errors
/// Those of the database.
pub fn replace(connection: &mut PgConnection, period: &ReportingPeriod) -> Result<bool> {
    raise_version(connection)?;
    let row = Row::from(period);
    Ok(diesel::update(table::table.find(period.id)).set(row).execute(connection)? > 0)
}

/// Removes one that has not closed yet; `false`: there is none such.
///
/// # Errors
/// Those of the database.
pub fn remove(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    raise_version(connection)?;
    Ok(diesel::delete(table::table.filter(table::id.eq(id).and(table::closes_at.gt(now)))).execute(connection)? > 0)
}

/// Gives a school more time, or another end.
///
/// # Errors
/// Those of the database.
pub fn extend(connection: &mut PgConnection, id: Uuid, school: &str, extension: &Extension) -> Result<()> {
    raise_version(connection)?;
    let change = (
        extensions::until.eq(extension.until),
        extensions::reason.eq(&extension.reason),
        extensions::granted_at.eq(extension.granted_at),
    );
    diesel::insert_into(extensions::table)
        .values((extensions::reporting_period_id.eq(id), extensions::school_code.eq(school), change))
        .on_conflict((extensions::reporting_period_id, extensions::school_code))
        .do_update()
        .set(change)
        .execute(connection)?;
    Ok(())
}

/// Takes it back; `false`: the school had no more time.
///
/// # Errors
/// Those of the database.
pub fn withdraw(connection: &mut PgConnection, id: Uuid, school: &str) -> Result<bool> {
    raise_version(connection)?;
    Ok(diesel::delete(extensions::table.find((id, school))).execute(connection)? > 0)
}
