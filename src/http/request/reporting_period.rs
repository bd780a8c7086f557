//! What administrators send of a reporting period, checked.

use crate::access::Area;
use crate::clock;
use crate::error::{Error, MemberFault, Result};
use crate::http::request::body::RequestBody;
use crate::http::request::values::{CommuneCode, ResourceName, SchoolCode, check_words};
use crate::intake::json::field_names::one_of;
use crate::model;
use crate::model::field::FieldType;
use crate::model::lists::reporting::Extension;
use crate::model::lists::{Lists, ReportingPeriod};
use crate::model::messages::{Message, message};
use crate::model::moment;
use crate::model::moment::Moment;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A reporting period to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewReportingPeriod)]
pub struct ReportingPeriodRequest {
    /// For people.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]+$")]
    name: String,
    /// The school year of the records. A record without one counts to the year in which it comes; that changes on 1
    /// August.
    #[schema(pattern = "^[0-9]{4}-[0-9]{4}$")]
    school_year: String,
    /// A code of the list `reporting-phases`.
    phase: String,
    /// The resources that it covers.
    resources: Vec<ResourceName>,
    /// Periods of results that it covers, such as `CK1`; empty: all. Left out: the phase, where it is such a period,
    /// else all.
    periods: Option<Vec<String>>,
    /// Records are taken from its beginning on.
    opens_on: Moment,
    /// The last day on which they are, or the instant from which on they are not.
    closes_on: Moment,
    /// The schools that it concerns; left out: all.
    scope: Option<ScopeRequest>,
}

/// The schools that a reporting period concerns; none and no commune: all.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewReportingScope)]
pub struct ScopeRequest {
    /// Schools, by their codes.
    schools: Option<Vec<SchoolCode>>,
    /// Communes, whose schools it concerns.
    communes: Option<Vec<CommuneCode>>,
}

/// More time for a school.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewExtension)]
pub struct ExtensionRequest {
    /// The new end for the school.
    until: Moment,
    /// Why; no personal data.
    #[schema(min_length = 1, max_length = 500, pattern = r"^[^\u0000-\u001F\u007F-\u009F]+$")]
    reason: String,
}

impl RequestBody for ReportingPeriodRequest {
    fn check(&self, faults: &mut Vec<MemberFault>) {
        check_words("name", &self.name, 200, faults);
        if !moment::school_year(&self.school_year) {
            let expected = message("school-year-expected");
            faults.push(no_value("/schoolYear", &self.school_year, expected));
        }
        if self.resources.is_empty() {
            let known: Vec<&str> = model::all().iter().map(|spec| spec.name).collect();
            let detail = message("resources-needed").with("known", known.join(", "));
            faults.push(MemberFault::new("/resources", detail));
        }
        if self.opens_on.begin() >= self.closes_on.end() {
            let (opens, closes) = (self.opens_on.text(), self.closes_on.text());
            let detail = message("period-ends-before-it-opens").with("closes", closes).with("opens", opens);
            faults.push(MemberFault::new("/closesOn", detail));
        }
        self.check_periods(faults);
    }
}

impl RequestBody for ExtensionRequest {
    fn check(&self, faults: &mut Vec<MemberFault>) {
        check_words("reason", &self.reason, 500, faults);
    }
}

fn no_value(pointer: &str, value: &str, expected: Message) -> MemberFault {
    MemberFault::new(pointer, Error::no_value(pointer, value, expected).message)
}

/// The code of a school.
///
/// # Errors
/// A 400.
pub fn school(code: String) -> Result<String> {
    Area::of(false, [code.clone()], []).map(|_| code)
}

/// The periods (GK1, CK1, …) that records of these resources may be of.
fn periods_of(resources: &[ResourceName]) -> Vec<&'static str> {
    let mut periods: Vec<&str> = Vec::new();
    for spec in resources.iter().filter_map(|name| model::find(&name.0)) {
        if let Some(FieldType::Choice { values }) = spec.period().map(|place| spec.fields[place].kind) {
            periods.extend(values.iter().filter(|value| !periods.contains(value)).copied().collect::<Vec<_>>());
        }
    }
    periods
}

impl ReportingPeriodRequest {
    /// The reporting period of this id.
    ///
    /// # Errors
    /// A 400 for a phase that the list does not have.
    pub fn period(self, id: Uuid, lists: &Lists) -> Result<ReportingPeriod> {
        let phases = lists.list("reporting-phases").into_iter().flat_map(|list| &list.entries);
        let phases: Vec<&str> = phases.map(|entry| &*entry.code).collect();
        if !phases.contains(&self.phase.as_str()) {
            return Err(Error::of_member(no_value("/phase", &self.phase, one_of(&self.phase, &phases))));
        }
        let scope = self.scope.unwrap_or_default();
        let periods = self.periods.unwrap_or_else(|| {
            let possible = periods_of(&self.resources).into_iter();
            possible.filter(|period| *period == self.phase).map(str::to_owned).collect()
        });
        Ok(ReportingPeriod {
            id,
            name: self.name.trim().to_owned(),
            school_year: self.school_year,
            phase: self.phase,
            resources: self.resources.into_iter().map(|name| name.0).collect(),
            periods,
            opens_at: self.opens_on.begin(),
            closes_at: self.closes_on.end(),
            schools: scope.schools.into_iter().flatten().map(|code| code.0).collect(),
            communes: scope.communes.into_iter().flatten().map(|code| code.0).collect(),
            extensions: BTreeMap::new(),
        })
    }

    fn check_periods(&self, faults: &mut Vec<MemberFault>) {
        let Some(periods) = self.periods.as_ref().filter(|periods| !periods.is_empty()) else { return };
        let possible = periods_of(&self.resources);
        if possible.is_empty() {
            let detail = message("periods-without-results");
            return faults.push(MemberFault::new("/periods", detail));
        }
        for (at, period) in periods.iter().enumerate().filter(|(_, period)| !possible.contains(&period.as_str())) {
            faults.push(no_value(&format!("/periods/{at}"), period, one_of(period, &possible)));
        }
    }
}

impl ExtensionRequest {
    /// The extension, given now.
    pub fn extension(self) -> Extension {
        Extension { until: self.until.end(), reason: self.reason.trim().to_owned(), granted_at: clock::now() }
    }
}
