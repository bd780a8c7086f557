//! What students achieve in the subjects of secondary school (Circular 22/2021/TT-BGDĐT).

use crate::model::rules::learning::{Level, SubjectOutcome};
use crate::model::rules::marks::{TermMarks, Weights};
use crate::model::value::Value;
use crate::sample::Setting;
use crate::sample::classes::{Class, Course};
use crate::sample::random::Random;
use crate::sample::students::Student;

/// A subject in a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// Marks in tenths.
    Scored {
        /// ĐĐGtx.
        regular: Vec<i64>,
        /// ĐĐGgk.
        midterm: i64,
        /// ĐĐGck.
        last: i64,
        /// ĐTBmhk.
        average: i64,
    },
    /// Assessed by comments: Đ or CĐ.
    Commented(bool),
    /// The student does not take part.
    Exempt,
}

/// A subject in both terms.
pub type Year = [Term; 2];

/// Where a period's outcome is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// CK1, CK2.
    Term(usize),
    /// CN.
    Year,
}

/// The student's year in every course of the class, and the learning levels of both terms and of the year. Marks for
/// which the circular's clause on one subject can be read in two ways are thrown again.
pub fn year(setting: &Setting, random: &mut Random, class: &Class, student: &Student) -> (Vec<Year>, [Level; 3]) {
    loop {
        let years: Vec<Year> = class.courses.iter().map(|course| subject(setting, random, course, student)).collect();
        let levels = [When::Term(0), When::Term(1), When::Year].map(|when| level(setting, &years, when));
        if let [Some(first), Some(second), Some(whole)] = levels {
            return (years, [first, second, whole]);
        }
    }
}

fn level(setting: &Setting, years: &[Year], when: When) -> Option<Level> {
    let outcomes: Vec<SubjectOutcome> = years.iter().filter_map(|year| outcome(setting.weights, year, when)).collect();
    let [likelier, other] = setting.demands.levels(&outcomes);
    (likelier == other).then_some(likelier)
}

/// What counts for the level; nothing of a subject that the student is exempt from.
pub fn outcome(weights: Weights, year: &Year, when: When) -> Option<SubjectOutcome> {
    match (when, year) {
        (When::Year, [Term::Scored { average: first, .. }, Term::Scored { average: second, .. }]) => {
            Some(SubjectOutcome::Scored(weights.year_average(*first, *second)))
        }
        (When::Year, [_, Term::Commented(passed)]) => Some(SubjectOutcome::Commented(*passed)),
        (When::Term(term), year) => match &year[term] {
            Term::Scored { average, .. } => Some(SubjectOutcome::Scored(*average)),
            Term::Commented(passed) => Some(SubjectOutcome::Commented(*passed)),
            Term::Exempt => None,
        },
        _ => None,
    }
}

fn subject(setting: &Setting, random: &mut Random, course: &Course, student: &Student) -> Year {
    if !course.scored {
        let exempt = student.disabled && course.subject == "GDTC";
        let mut passed =
            || if exempt { Term::Exempt } else { Term::Commented(student.ability > 60 || random.percent(94)) };
        return [passed(), passed()];
    }
    let regular = setting.lists.regular_marks(course.periods, &setting.school_year).unwrap_or(4);
    let talent = random.about(student.ability, 15);
    // Most grow a little in the course of the year.
    [talent, talent + random.between(-3, 6)].map(|talent| scored(setting.weights, random, talent, regular))
}

fn scored(weights: Weights, random: &mut Random, talent: i64, count: i64) -> Term {
    // Regular marks are whole or half ones, those of written tests to the tenth.
    let regular: Vec<i64> = (0..count).map(|_| mark(random.about(talent + 3, 18) / 5 * 5)).collect();
    let (midterm, last) = (mark(random.about(talent, 15)), mark(random.about(talent, 15)));
    let values: Vec<Value> = regular.iter().copied().map(Value::Decimal).collect();
    let average = TermMarks { regular: &values, midterm, last, weights }.average();
    Term::Scored { regular, midterm, last, average }
}

fn mark(tenths: i64) -> i64 {
    tenths.clamp(10, 100)
}
