//! ID-025, ST-011: whose a record is. People move from school to school, but nobody takes them from a school that has
//! not let them go.

use crate::model::enrollments::{self, Enrollment};
use crate::model::issue::{Issue, Rule};
use crate::model::rules::catalogue as rule;
use crate::model::rules::ended::has_ended;
use crate::model::rules::identity::{Person, carried_school, is_provisional};
use crate::model::rules::{IssueSink, RuleContext};
use crate::model::schools::School;
use crate::model::spec::Spec;
use crate::model::students;
use crate::model::value::Row;

/// A person whom another school has, as that school has them and as they are sent.
pub struct Move<'a> {
    /// Place of the code, and its value.
    pub code: (usize, &'a str),
    /// The school that sends the person.
    pub school: Option<&'a str>,
    /// As sent.
    pub sent: Person<'a>,
    /// As stored.
    pub stored: Person<'a>,
    /// Of a person who is still active at the school: the rule, where it is told, and what its text calls the code.
    pub kept_by: Option<(&'static Rule, usize, &'static str)>,
    /// Has the school said that the person left?
    pub left: bool,
}

/// ST-011, then the rule of whom the school keeps, then ID-025: the first that forbids the move. A school whose place
/// another took keeps nobody.
pub fn judge_move(context: &RuleContext, person: &Move, sink: &mut IssueSink) {
    let Some(holder) = context.holder else { return };
    let (at, code) = person.code;
    if holder.is_succeeded_by(person.school) {
        // The school ended and this one took its place, with everybody in it.
    } else if is_provisional(code) {
        sink.absorb(another_school_s(code, sink.pointer(at)));
    } else if let Some((rule, at, name)) = person.kept_by.filter(|_| holder.successors.is_empty()) {
        sink.raise(rule, at).with(name, code);
    } else if !(holder.acts || person.left || is_proven(person)) {
        sink.raise(&rule::ID_025, at).with("value", code);
    }
}

/// ST-011 for a new person whose provisional code carries the code of another school.
pub fn judge_new_code(
    context: &RuleContext,
    (at, code): (usize, Option<&str>),
    school: Option<&str>,
    sink: &mut IssueSink,
) {
    let (None, Some(code), Some(school)) = (context.stored, code, school) else { return };
    if carried_school(code).is_some_and(|carried| carried != school) {
        sink.absorb(another_school_s(code, sink.pointer(at)));
    }
}

/// ST-011 at a place.
pub fn another_school_s(code: &str, pointer: String) -> Issue {
    let mut issue = Issue::new(&rule::ST_011, pointer);
    issue.with("value", code);
    issue
}

/// Who knows the number and the birth date knows the person.
fn is_proven(person: &Move) -> bool {
    let known = |person: &Person| person.citizen_id.map(str::to_owned).zip(person.birth_date);
    known(&person.sent).is_some_and(|sent| known(&person.stored) == Some(sent))
}

/// What a person of a school for which the sender does not act is to a record that names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// There, with all that rules look at.
    There,
    /// There, but nothing is told of them.
    Nameless,
    /// As if they were not there.
    Missing,
}

/// A provisional code means a person of the own school, one whom the successor of that school has since it ended, or one
/// who was here before and has gone to a school for which the sender acts (`acts`) as well. A student of another school
/// may have a past here, but attends no class before the school that has them lets go. `own`: the record's school,
/// `holder`: the person's.
pub fn reach(
    spec: &Spec,
    record: &Row,
    person: (&str, &str),
    (own, holder): (Option<&Row>, &str),
    acts: bool,
) -> Reach {
    let (to, code) = person;
    let ended = own.map(School).filter(|school| has_ended(*school));
    let is_taken_in = ended.is_some_and(|school| acts || school.successor_code() == Some(holder));
    let enrolls = to == students::SPEC.name && spec.name == enrollments::SPEC.name;
    let attends = enrolls && Enrollment(record).exit_date().is_none();
    match () {
        () if is_provisional(code) && !is_taken_in && (attends || !acts) => Reach::Missing,
        () if acts => Reach::There,
        () if attends => Reach::Missing,
        () if enrolls => Reach::Nameless,
        () => Reach::There,
    }
}

#[cfg(test)]
mod tests {
    use super::{Reach, reach};
    use crate::model::rules::fixture::row;
    use crate::model::{enrollments, schools, students, subject_results};
    use serde_json::json;

    #[test]
    fn a_provisional_code_means_a_person_of_the_school_or_of_the_one_that_took_its_place() {
        let result = row(&subject_results::SPEC, &json!({}));
        let own = |status: &str| row(&schools::SPEC, &json!({ "status": status, "successorCode": "31000502" }));
        let reached = |code: &str, status: &str, holder: &str, acts: bool| {
            let person = (students::SPEC.name, code);
            reach(&subject_results::SPEC, &result, person, (Some(&own(status)), holder), acts)
        };
        let of = |status: &str, holder: &str| [false, true].map(|acts| reached("TAM-0001", status, holder, acts));
        assert_eq!(of("open", "31000502"), [Reach::Missing, Reach::There], "of who went there it may be the past");
        assert_eq!(of("merged", "31000502"), [Reach::There; 2]);
        assert_eq!(of("merged", "31000503"), [Reach::Missing, Reach::There], "the successor may be taken in itself");
        assert_eq!(reached("3100012345", "open", "31000502", false), Reach::There);
    }
    #[test]
    fn an_open_enrollment_waits_until_the_other_school_lets_go() {
        let of = |code: &str, exit: serde_json::Value, acts: bool| {
            let row = row(&enrollments::SPEC, &json!({ "exitDate": exit }));
            reach(&enrollments::SPEC, &row, (students::SPEC.name, code), (None, "31000502"), acts)
        };
        let reached = |exit: serde_json::Value, acts: bool| of("3100012345", exit, acts);
        assert_eq!(of("TAM-0001", json!(null), true), Reach::Missing, "whoever sends it, it is another person");
        assert_eq!(of("TAM-0001", json!("2026-01-10"), true), Reach::There);
        assert_eq!(reached(json!(null), false), Reach::Missing);
        assert_eq!(reached(json!("2026-01-10"), false), Reach::Nameless);
        assert_eq!(reached(json!(null), true), Reach::There);
    }
}
