//! ID-025, ST-011: whose a record is. People move from school to school, but nobody takes them from a school that has
//! not let them go.

use crate::model::enrollments::{self, Enrollment};
use crate::model::issue::Rule;
use crate::model::rules::catalogue as rule;
use crate::model::rules::identity::{Person, carried_school, is_provisional};
use crate::model::rules::{IssueSink, RuleContext};
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
        sink.raise(&rule::ST_011, at).with("value", code);
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
        sink.raise(&rule::ST_011, at).with("value", code);
    }
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

/// A provisional code means a person of the own school only. A student of another school may have a past here, but
/// attends no class before the school that has them lets go.
pub fn reach(spec: &Spec, record: &Row, to: &str, code: &str) -> Reach {
    let attended = to == students::SPEC.name && spec.name == enrollments::SPEC.name;
    match attended {
        _ if is_provisional(code) => Reach::Missing,
        true if Enrollment(record).exit_date().is_none() => Reach::Missing,
        true => Reach::Nameless,
        false => Reach::There,
    }
}
