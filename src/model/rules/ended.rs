//! SC-006: a school that has ended receives nothing new. What it was before its end may still come: exits and states
//! that say that something is over, results of periods that are, years that it had before it ended.

use crate::model::campuses::Campus;
use crate::model::enrollments::Enrollment;
use crate::model::rules::catalogue as rule;
use crate::model::rules::{Candidate, IssueSink, RuleContext};
use crate::model::schools::School;
use crate::model::staff::StaffMember;
use crate::model::value::Row;
use chrono::NaiveDate;

/// How a school came to its end with a submission, the records of which are judged as before it: in which order they
/// come says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It was known, and at work.
    Ended,
    /// It was not known: its past may come with it, but nothing that goes on.
    KnownAsEnded,
}

/// The states of a school that has ended.
pub const END_STATES: [&str; 2] = ["closed", "merged"];

/// Is this the state of a school that has ended?
pub fn is_end(status: &str) -> bool {
    END_STATES.contains(&status)
}

/// Has the school ended?
pub fn has_ended(school: School) -> bool {
    school.status().is_some_and(is_end)
}

/// The school that took its place, if it has ended.
pub fn successor<'a>(school: School<'a>) -> Option<&'a str> {
    school.successor_code().filter(|_| has_ended(school))
}

/// Does the school end with this version of its record? `stored`: the version before, its state at least.
pub fn ending(stored: Option<&Row>, sent: &Row) -> Option<Ending> {
    match stored {
        _ if !has_ended(School(sent)) => None,
        None => Some(Ending::KnownAsEnded),
        Some(stored) if has_ended(School(stored)) => None,
        Some(_) => Some(Ending::Ended),
    }
}

/// SC-006, for every resource that refers to its school.
pub fn receives_records(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let Some(school) = context.parent("school").map(School) else { return };
    let Some(status) = school.status().filter(|status| is_end(status)) else { return };
    if takes(candidate, context.ending, school) {
        return;
    }
    let code = school.school_code().unwrap_or("@none");
    let issue = sink
        .raise(&rule::SC_006, candidate.spec.owner())
        .with("school", code)
        .with("status", format_args!("@{status}"));
    issue.caused_by(format!("schools:{code}"));
}

/// Does an ended school take the record?
fn takes(candidate: &Candidate, ending: Option<Ending>, school: School) -> bool {
    match ending {
        Some(Ending::Ended) => true,
        Some(Ending::KnownAsEnded) => {
            says_end(candidate) || candidate.spec.name == "students" || is_past(candidate, candidate.received)
        }
        None => says_end(candidate) || school.valid_from().is_some_and(|end| is_past(candidate, end)),
    }
}

/// Says the record that something is over, or what came of a period that is?
fn says_end(candidate: &Candidate) -> bool {
    let row = candidate.row;
    match candidate.spec.name {
        "enrollments" => Enrollment(row).exit_date().is_some(),
        "staff" => StaffMember(row).status().is_some_and(|status| !candidate.lists.staff_status_active(status)),
        "campuses" => Campus(row).status() == Some("closed"),
        "subject-results" | "academic-records" => is_past(candidate, candidate.received),
        "diplomas" => true,
        _ => false,
    }
}

/// Is the record's period, term or school year one that may be over by this day?
fn is_past(candidate: &Candidate, day: NaiveDate) -> bool {
    let (spec, day) = (candidate.spec, day.min(candidate.received));
    let text = |place: Option<usize>| place.and_then(|place| candidate.row.text(place));
    let Some(year) = text(spec.school_year()) else { return false };
    let period = match text(spec.position("term")) {
        Some("1") => "CK1",
        _ => text(spec.period()).unwrap_or("CN"),
    };
    candidate.lists.may_be_over(period, year, day)
}

#[cfg(test)]
mod tests {
    use super::{Ending, ending};
    use crate::model::ALL;
    use crate::model::rules::fixture::{RuleFixture, row, unchanged};
    use crate::model::schools;
    use serde_json::{Value, json};

    /// Is SC-006 raised for the example of the resource, changed, at a school that was merged on this day?
    fn refuses(resource: &str, changes: Value, end: Option<&str>, ending: Option<Ending>) -> bool {
        let school = json!({ "status": "merged", "successorCode": "31000502", "validFrom": end });
        let spec = crate::model::find(resource).unwrap();
        let fixture = RuleFixture::of(spec).parent("school", school);
        let fixture = if let Some(ending) = ending { fixture.ending(ending) } else { fixture };
        fixture.judge(changes).contains(&("SC-006", "/schoolCode".to_owned()))
    }

    #[test]
    fn a_school_that_ended_receives_nothing_that_goes_on() {
        let going_on = ALL.iter().filter(|spec| !["schools", "diplomas"].contains(&spec.name));
        for spec in going_on {
            for (status, refused) in [("closed", true), ("merged", true), ("suspended", false), ("open", false)] {
                let raised = RuleFixture::of(spec).parent("school", json!({ "status": status, "validFrom": null }));
                let raised = raised.judge(unchanged());
                let told = raised.contains(&("SC-006", "/schoolCode".to_owned()));
                assert_eq!(told, refused, "{} of a school that is {status}", spec.name);
            }
        }
    }
    #[test]
    fn an_ended_school_takes_what_says_that_something_is_over() {
        let refused = |resource, changes| refuses(resource, changes, None, None);
        assert!(!refused("enrollments", json!({ "exitDate": "2025-10-01", "exitType": "transfer-out" })));
        assert!(!refused("staff", json!({ "status": "3" })));
        assert!(!refused("campuses", json!({ "status": "closed" })));
        assert!(!refused("diplomas", unchanged()));
        assert!(refused("subject-results", json!({ "period": "CK1" })), "received on 1 October, before a term can end");
        assert!(!refused("subject-results", json!({ "schoolYear": "2024-2025", "period": "CK2" })));
        assert!(!refused("academic-records", json!({ "schoolYear": "2024-2025", "period": "CN" })));
        assert!(refused("classes", json!({ "schoolYear": "2024-2025" })), "nobody knows when it ended");
        assert!(refused("students", unchanged()));
    }
    #[test]
    fn years_before_the_end_may_come_when_the_day_of_the_end_is_known() {
        let class = |year: &str| json!({ "schoolYear": year });
        assert!(!refuses("classes", class("2023-2024"), Some("2024-07-01"), None));
        assert!(refuses("classes", class("2024-2025"), Some("2024-07-01"), None));
        assert!(!refuses("enrollments", class("2023-2024"), Some("2024-07-01"), None));
        let assignment = |term: &str| json!({ "schoolYear": "2024-2025", "term": term });
        assert!(!refuses("teaching-assignments", assignment("1"), Some("2025-01-12"), None));
        assert!(refuses("teaching-assignments", assignment("2"), Some("2025-01-12"), None));
    }
    #[test]
    fn records_that_come_with_the_end_are_judged_as_before_it() {
        for spec in ALL.iter().filter(|spec| spec.name != "schools") {
            assert!(!refuses(spec.name, unchanged(), None, Some(Ending::Ended)), "{}", spec.name);
        }
        let unknown = Some(Ending::KnownAsEnded);
        assert!(!refuses("classes", json!({ "schoolYear": "2023-2024" }), None, unknown));
        assert!(!refuses("students", unchanged(), None, unknown));
        assert!(refuses("classes", unchanged(), None, unknown), "nothing goes on at a school that was never at work");
        assert!(refuses("staff", unchanged(), None, unknown));
    }
    #[test]
    fn a_school_ends_once() {
        let school = |status: &str| row(&schools::SPEC, &json!({ "status": status }));
        let (open, closed, merged) = (school("open"), school("closed"), school("merged"));
        assert_eq!(ending(Some(&open), &merged), Some(Ending::Ended));
        assert_eq!(ending(None, &closed), Some(Ending::KnownAsEnded));
        assert_eq!([ending(Some(&closed), &merged), ending(Some(&merged), &open), ending(None, &open)], [None; 3]);
    }
}
