//! Reporting periods of a batch: which of them cover its resource, and the communes of its schools where one of them
//! asks for those.

use crate::merge::batch::WriteContext;
use crate::merge::target::MergeTarget;
use crate::model::issue::Issue;
use crate::model::lists::reporting::{Reported, barrier};
use crate::model::lists::{Lists, ReportingPeriod};
use crate::model::moment::day_of;
use crate::model::rules::reporting;
use crate::model::value::Row;
use crate::store::table::Table;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::HashMap;

/// What the changes of a batch are held against.
pub struct ReportingWindow<'w> {
    table: &'static Table,
    periods: Vec<&'w ReportingPeriod>,
    /// Of the schools that are stored.
    communes: HashMap<String, String>,
    received_at: DateTime<Utc>,
    /// For records that have no school year.
    school_year: String,
}

impl<'w> ReportingWindow<'w> {
    /// For changes of records of these schools. Costs nothing where no reporting period covers the resource, and at
    /// most one query.
    pub fn of<'s>(
        target: &mut dyn MergeTarget,
        table: &'static Table,
        schools: impl Iterator<Item = &'s str>,
        writer: &WriteContext<'w>,
    ) -> QueryResult<Self> {
        let covers = |period: &&ReportingPeriod| period.resources.iter().any(|resource| resource == table.spec.name);
        let periods: Vec<&ReportingPeriod> = writer.lists.reporting_periods().iter().filter(covers).collect();
        let asked = periods.iter().any(|period| !period.communes.is_empty());
        let known = if asked { target.schools(&schools.collect())? } else { HashMap::new() };
        let communes = known.into_iter().filter_map(|(school, known)| Some((school, known.commune?))).collect();
        let school_year = Lists::school_year_of(day_of(writer.received_at));
        Ok(Self { table, periods, communes, received_at: writer.received_at, school_year })
    }

    /// Where no reporting period is known.
    pub fn never(table: &'static Table, writer: &WriteContext<'w>) -> Self {
        let (received_at, school_year) = (writer.received_at, Lists::school_year_of(day_of(writer.received_at)));
        Self { table, periods: Vec::new(), communes: HashMap::new(), received_at, school_year }
    }

    /// What stands against changing the record of this school, of which the row has the key at least; `is_stored`:
    /// there is one already.
    pub fn refusal(&self, row: &Row, school: Option<&str>, is_stored: bool) -> Option<Issue> {
        let school = school.filter(|_| !self.periods.is_empty())?;
        let spec = self.table.spec;
        // A school that is not stored yet is where it says it is.
        let sent_commune =
            || spec.position("commune_code").filter(|_| spec.key == ["school_code"]).and_then(|place| row.text(place));
        let record = Reported {
            resource: spec.name,
            school_year: spec.school_year().map_or(Some(self.school_year.as_str()), |place| row.text(place))?,
            period: spec.period().and_then(|place| row.text(place)),
            school,
            commune: self.communes.get(school).map(String::as_str).or_else(sent_commune),
        };
        let (period, state) = barrier(self.periods.iter().copied(), &record, self.received_at)?;
        Some(reporting::refusal(period, state, &record, is_stored))
    }
}
