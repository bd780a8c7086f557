//! Reporting periods: when which schools report which records of a school year.

use crate::model::lists::Lists;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A reporting period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportingPeriod {
    /// UUID v7.
    pub id: Uuid,
    /// For people.
    pub name: String,
    /// The school year of the records.
    pub school_year: String,
    /// A code of the list `reporting-phases`.
    pub phase: String,
    /// Names of the resources that it covers.
    pub resources: Vec<String>,
    /// Periods of results (GK1, CK1, …) that it covers; empty: all.
    pub periods: Vec<String>,
    /// First moment at which records are taken.
    pub opens_at: DateTime<Utc>,
    /// First moment at which they no longer are.
    pub closes_at: DateTime<Utc>,
    /// Schools that it concerns; with no communes either: all.
    pub schools: BTreeSet<String>,
    /// Communes whose schools it concerns.
    pub communes: BTreeSet<String>,
    /// Schools for which it closes later.
    pub extensions: BTreeMap<String, Extension>,
}

/// More time for a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// First moment at which its records are no longer taken.
    pub until: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// When it was given or changed.
    pub granted_at: DateTime<Utc>,
}

/// Where a reporting period stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ReportingState)]
pub enum PeriodState {
    /// It has not begun.
    Upcoming,
    /// Records are taken.
    Open,
    /// It has ended.
    Closed,
}

impl PeriodState {
    /// As the API says it.
    pub fn as_str(self) -> &'static str {
        match self {
            PeriodState::Upcoming => "upcoming",
            PeriodState::Open => "open",
            PeriodState::Closed => "closed",
        }
    }
}

/// A record's place among the reporting periods.
#[derive(Debug, Clone, Copy)]
pub struct Reported<'a> {
    /// Its resource.
    pub resource: &'a str,
    /// Its school year; of a record that has none, the one in which it was received.
    pub school_year: &'a str,
    /// Its period (GK1, CK1, …), if it has one.
    pub period: Option<&'a str>,
    /// Its school.
    pub school: &'a str,
    /// The school's commune, where it is known.
    pub commune: Option<&'a str>,
}

impl ReportingPeriod {
    /// Does it cover the record?
    pub fn covers(&self, record: &Reported) -> bool {
        self.school_year == record.school_year
            && self.resources.iter().any(|resource| resource == record.resource)
            && (self.periods.is_empty()
                || record.period.is_none_or(|period| self.periods.iter().any(|known| known == period)))
            && self.concerns(record.school, record.commune)
    }
    fn concerns(&self, school: &str, commune: Option<&str>) -> bool {
        (self.schools.is_empty() && self.communes.is_empty())
            || self.schools.contains(school)
            || commune.is_some_and(|commune| self.communes.contains(commune))
    }
    /// When it closes for a school.
    pub fn closes_for(&self, school: &str) -> DateTime<Utc> {
        self.extensions.get(school).map_or(self.closes_at, |extension| extension.until.max(self.closes_at))
    }
    /// Where it stands for a school at an instant.
    pub fn state_for(&self, school: &str, at: DateTime<Utc>) -> PeriodState {
        self.state_until(self.closes_for(school), at)
    }
    /// Where it stands for schools that have no more time than others.
    pub fn state(&self, at: DateTime<Utc>) -> PeriodState {
        self.state_until(self.closes_at, at)
    }
    fn state_until(&self, closes_at: DateTime<Utc>, at: DateTime<Utc>) -> PeriodState {
        match at {
            at if at < self.opens_at => PeriodState::Upcoming,
            at if at < closes_at => PeriodState::Open,
            _ => PeriodState::Closed,
        }
    }
}

/// The reporting period that stands against a change of a record received at an instant: covered by some, and by none
/// that is open. The one that closed last, or if none has closed yet, the one that opens first. A record that none
/// covers may be changed at any time.
pub fn barrier<'p>(
    periods: impl Iterator<Item = &'p ReportingPeriod>,
    record: &Reported,
    at: DateTime<Utc>,
) -> Option<(&'p ReportingPeriod, PeriodState)> {
    let mut found: Option<(&ReportingPeriod, PeriodState)> = None;
    for period in periods.filter(|period| period.covers(record)) {
        let state = period.state_for(record.school, at);
        let is_nearer = match (state, found) {
            (PeriodState::Open, _) => return None,
            (_, None) | (PeriodState::Closed, Some((_, PeriodState::Upcoming))) => true,
            (PeriodState::Closed, Some((other, _))) => {
                period.closes_for(record.school) > other.closes_for(record.school)
            }
            (PeriodState::Upcoming, Some((other, standing))) => {
                standing == PeriodState::Upcoming && period.opens_at < other.opens_at
            }
        };
        if is_nearer {
            found = Some((period, state));
        }
    }
    found
}

impl Lists {
    /// The reporting periods, in the order in which they were made.
    pub fn reporting_periods(&self) -> &[ReportingPeriod] {
        &self.reporting
    }
    /// The reporting period with this id.
    pub fn reporting_period(&self, id: Uuid) -> Option<&ReportingPeriod> {
        self.reporting.iter().find(|period| period.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> DateTime<Utc> {
        format!("2026-01-{day:02}T00:00:00Z").parse().unwrap()
    }
    fn period(name: &str, opens: u32, closes: u32) -> ReportingPeriod {
        ReportingPeriod {
            id: Uuid::now_v7(),
            name: name.into(),
            school_year: "2025-2026".into(),
            phase: "CK1".into(),
            resources: vec!["subject-results".into()],
            periods: vec!["CK1".into()],
            opens_at: at(opens),
            closes_at: at(closes),
            schools: BTreeSet::new(),
            communes: BTreeSet::new(),
            extensions: BTreeMap::new(),
        }
    }
    const RECORD: Reported<'static> = Reported {
        resource: "subject-results",
        school_year: "2025-2026",
        period: Some("CK1"),
        school: "31000501",
        commune: Some("10507"),
    };

    fn told(periods: &[ReportingPeriod], record: &Reported, day: u32) -> Option<(String, &'static str)> {
        barrier(periods.iter(), record, at(day)).map(|(period, state)| (period.name.clone(), state.as_str()))
    }

    #[test]
    fn a_record_is_covered_by_resource_year_period_and_school() {
        let mut one = period("A", 5, 10);
        assert!(one.covers(&RECORD));
        for other in [
            Reported { resource: "academic-records", ..RECORD },
            Reported { school_year: "2024-2025", ..RECORD },
            Reported { period: Some("CK2"), ..RECORD },
        ] {
            assert!(!one.covers(&other), "{other:?}");
        }
        assert!(one.covers(&Reported { period: None, ..RECORD }), "a record without period is not asked for one");
        one.communes = ["10507".to_owned()].into();
        assert!(one.covers(&RECORD) && !one.covers(&Reported { commune: None, ..RECORD }));
        one.schools = ["31000502".to_owned()].into();
        assert!(one.covers(&RECORD) && one.covers(&Reported { school: "31000502", commune: None, ..RECORD }));
    }

    #[test]
    fn all_that_cover_it_must_be_closed() {
        let periods = [period("A", 5, 10), period("B", 8, 20), period("C", 25, 30)];
        let name = |day| told(&periods, &RECORD, day);
        assert_eq!((name(1), name(6)), (Some(("A".into(), "upcoming")), None));
        assert_eq!((name(10), name(20)), (None, Some(("B".into(), "closed"))), "the last moment is the first one out");
        assert_eq!((name(26), name(30)), (None, Some(("C".into(), "closed"))));
        assert_eq!(
            told(&periods, &Reported { school_year: "2024-2025", ..RECORD }, 20),
            None,
            "nothing defined is open"
        );
    }

    #[test]
    fn a_school_may_have_more_time() {
        let mut one = period("A", 5, 10);
        one.extensions.insert("31000501".into(), Extension { until: at(15), reason: "x".into(), granted_at: at(11) });
        assert_eq!(
            [at(12), at(15)].map(|day| one.state_for("31000501", day)),
            [PeriodState::Open, PeriodState::Closed]
        );
        assert_eq!((one.state_for("31000502", at(12)), one.state(at(12))), (PeriodState::Closed, PeriodState::Closed));
    }
}
