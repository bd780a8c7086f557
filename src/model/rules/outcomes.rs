//! What counts of a student's subject results in a period: which subjects there must be, which may be, and who is
//! assessed by them at all.

use crate::model::classes::Class;
use crate::model::enrollments::Enrollment;
use crate::model::lists::SubjectKind;
use crate::model::rules::curriculum::{CurriculumGrade, old_subjects};
use crate::model::rules::electives::{ELECTIVES, continues};
use crate::model::rules::learning::SubjectOutcome;
use crate::model::rules::{Candidate, RuleContext};
use crate::model::students::Student;
use crate::model::subject_results::SubjectResult;
use crate::model::value::{Row, Value};

/// The outcome of every subject that counts.
pub type Subjects<'a> = Vec<(&'a str, SubjectOutcome)>;

/// How the results are read where the circular leaves it open; the level is right if one reading gives it.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// Do optional subjects count?
    optional: bool,
    /// Does the reassessment of the summer stand for the year's result?
    reassessed: bool,
}

const READINGS: [Reading; 4] = [
    Reading { optional: false, reassessed: false },
    Reading { optional: true, reassessed: false },
    Reading { optional: false, reassessed: true },
    Reading { optional: true, reassessed: true },
];

/// Students whose disability exempts them, and grown-ups, are assessed otherwise; where the student is not known,
/// nobody can tell.
pub fn is_assessed(context: &RuleContext) -> bool {
    let is_exempt = |student| Student(student).exempt_from_assessment() == Some(true);
    context.parent("student").is_some_and(|student| !is_exempt(student))
        && context.parent("school").is_some_and(|school| !continues(school))
}

/// By the programme of 2018; `None` while a result lacks.
pub fn readings<'a>(context: &RuleContext<'a>, grade: CurriculumGrade<'a>) -> Option<Vec<Subjects<'a>>> {
    let class = Class(context.parent("class")?);
    let own = own_electives(context, class);
    let electives = if own.is_empty() { class.elective_subjects() } else { own };
    if grade.number >= 10 && electives.len() != ELECTIVES {
        return None;
    }
    let mut required = Vec::new();
    for code in grade.compulsory().chain(electives.iter().filter_map(Value::as_text)) {
        required.push((code, grade.subject(code)?.scored));
    }
    let optional = |code: &str| {
        grade.subject(code).filter(|subject| subject.kind == SubjectKind::Optional).map(|subject| subject.scored)
    };
    READINGS.iter().map(|reading| outcomes(&required, optional, context.lookup("results"), *reading)).collect()
}

/// What the student's enrollment in the class says they take; empty: nothing.
fn own_electives<'a>(context: &RuleContext<'a>, class: Class) -> &'a [Value] {
    let of_class = |own: &Enrollment| {
        (own.school_code(), own.school_year(), own.class_code())
            == (class.school_code(), class.school_year(), class.class_code())
    };
    let own = context.lookup("enrollments").iter().map(Enrollment).filter(of_class);
    own.map(|own| own.elective_subjects()).find(|own| !own.is_empty()).unwrap_or_default()
}

/// By the programme of 2006.
pub fn old_readings<'a>(
    candidate: &Candidate<'a>,
    context: &RuleContext<'a>,
    grade: CurriculumGrade,
) -> Option<Vec<Subjects<'a>>> {
    let subjects = old_subjects(candidate.lists, grade);
    let required: Vec<(&str, bool)> =
        subjects.iter().filter(|subject| subject.compulsory).map(|subject| (subject.code, subject.scored)).collect();
    let optional = |code: &str| {
        subjects.iter().find(|subject| subject.code == code && !subject.compulsory).map(|subject| subject.scored)
    };
    READINGS.iter().map(|reading| outcomes(&required, optional, context.lookup("results"), *reading)).collect()
}

/// What counts of the results; `optional` says of a subject that need not be there whether it is scored.
fn outcomes<'a>(
    required: &[(&'a str, bool)],
    optional: impl Fn(&str) -> Option<bool>,
    results: &'a [Row],
    reading: Reading,
) -> Option<Subjects<'a>> {
    let mut outcomes = Vec::with_capacity(required.len() + 2);
    for (code, scored) in required {
        let result = results.iter().map(SubjectResult).find(|result| result.subject_code() == Some(*code))?;
        if is_judged(result) {
            outcomes.push((*code, outcome(*scored, result, reading)?));
        }
    }
    for result in results.iter().map(SubjectResult).filter(|result| reading.optional && is_judged(*result)) {
        let Some(code) = result.subject_code() else { continue };
        let given = optional(code).and_then(|scored| outcome(scored, result, reading));
        outcomes.extend(given.map(|outcome| (code, outcome)));
    }
    Some(outcomes)
}

/// Of what a student is exempt from only an average counts, which stands for the part that was marked.
fn is_judged(result: SubjectResult) -> bool {
    result.exempt() != Some(true) || result.average().is_some()
}

fn outcome(scored: bool, result: SubjectResult, reading: Reading) -> Option<SubjectOutcome> {
    if scored {
        let again = result.reassessed_mark().filter(|_| reading.reassessed);
        return again.or(result.average()).map(SubjectOutcome::Scored);
    }
    let again = result.reassessed_level().filter(|_| reading.reassessed);
    match again.or(result.level())? {
        "Đ" => Some(SubjectOutcome::Commented(true)),
        "CĐ" => Some(SubjectOutcome::Commented(false)),
        _ => None,
    }
}
