//! PT-005, MK-015: outside of its reporting periods a record stays as it is.

use crate::model::issue::Issue;
use crate::model::lists::ReportingPeriod;
use crate::model::lists::reporting::{PeriodState, Reported};
use crate::model::moment::Moment;
use crate::model::rules::catalogue as rule;

/// What is told of a change that a reporting period stands against; `is_stored`: the change is one of a stored record.
pub fn refusal(period: &ReportingPeriod, state: PeriodState, record: &Reported, is_stored: bool) -> Issue {
    let is_result = rule::MK_015.resources.contains(&record.resource);
    let (state, day) = match state {
        PeriodState::Upcoming => ("@not-yet-open", Moment::beginning(period.opens_at)),
        PeriodState::Open | PeriodState::Closed => ("@ended", Moment::ending(period.closes_for(record.school))),
    };
    let rule = if is_result && is_stored && state == "@ended" { &rule::MK_015 } else { &rule::PT_005 };
    let mut issue = Issue::new(rule, "");
    issue.with("period", &period.name).with("state", state).with("day", day.local_text());
    issue
        .with("resource", record.resource)
        .with("school", record.school)
        .caused_by(format!("reporting-periods:{}:{}", period.id, record.school));
    issue
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::issue::Language;
    use std::collections::{BTreeMap, BTreeSet};

    fn told(resource: &str, state: PeriodState, is_stored: bool) -> (&'static str, String) {
        let period = ReportingPeriod {
            id: uuid::Uuid::nil(),
            name: "Cuối kỳ I".into(),
            school_year: "2025-2026".into(),
            phase: "CK1".into(),
            resources: vec![resource.into()],
            periods: Vec::new(),
            opens_at: "2026-01-04T17:00:00Z".parse().unwrap(),
            closes_at: "2026-01-15T17:00:00Z".parse().unwrap(),
            schools: BTreeSet::new(),
            communes: BTreeSet::new(),
            extensions: BTreeMap::new(),
        };
        let record = Reported { resource, school_year: "2025-2026", period: None, school: "31000501", commune: None };
        let issue = refusal(&period, state, &record, is_stored);
        (issue.rule.code, issue.message(Language::English))
    }

    #[test]
    fn a_stored_result_has_a_code_of_its_own_once_the_period_has_ended() {
        let (code, message) = told("subject-results", PeriodState::Closed, true);
        assert_eq!((code, message.contains("ended on 2026-01-15.")), ("MK-015", true), "{message}");
        assert_eq!(told("subject-results", PeriodState::Closed, false).0, "PT-005");
        assert_eq!(told("classes", PeriodState::Closed, true).0, "PT-005");
        let (code, message) = told("academic-records", PeriodState::Upcoming, true);
        assert_eq!((code, message.contains("opens on 2026-01-05:")), ("PT-005", true), "{message}");
    }
}
