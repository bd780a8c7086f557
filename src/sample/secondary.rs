//! Results and records of students of secondary school.

use crate::model::rules::conduct;
use crate::model::rules::learning::{Level, SubjectOutcome};
use crate::model::rules::marks::Weights;
use crate::sample::Setting;
use crate::sample::classes::Course;
use crate::sample::line::{SampleRecord, tenths};
use crate::sample::marks;
use crate::sample::marks::{Term, When, Year, outcome};
use crate::sample::random::Random;
use crate::sample::records::{Absences, comment, completion};
use crate::sample::school::{SampleSink, School};
use crate::sample::students::Student;

/// Absences beyond which nobody is promoted.
const ABSENCES_AT_MOST: i64 = 45;
/// A year average that makes a student excellent, in tenths, and in how many subjects.
const EXCELLENT: (i64, usize) = (90, 6);

/// Writes what the student achieved in CK1, CK2 and CN; only CK1 if the student left.
pub fn write(school: &School, setting: &Setting, student: &Student, random: &mut Random, sink: &mut SampleSink) {
    let class = &school.classes[student.class];
    let (years, levels) = marks::year(setting, random, class, student);
    let periods = [("CK1", When::Term(0)), ("CK2", When::Term(1)), ("CN", When::Year)];
    let terms = if student.leaves { 1 } else { 3 };
    for (period, when) in &periods[..terms] {
        for (course, year) in class.courses.iter().zip(&years) {
            result(school, setting, student, course, (period, *when, year), sink);
        }
    }
    let [first, second] = [behaviour(random, student), behaviour(random, student)];
    let conducts = [first, second, conduct::of_year(first, second)];
    let absences = Absences::of_terms(random);
    for (at, (period, _)) in periods[..terms].iter().enumerate() {
        let end = (at == 2).then(|| End::of(setting.weights, levels[2], conducts[2], &years, absences[2]));
        let record = SampleRecord::of("academic-records")
            .with("schoolCode", &school.code)
            .with("schoolYear", &setting.school_year)
            .with("period", period)
            .with("studentCode", &student.code)
            .with("classCode", &class.code)
            .with("learningLevel", levels[at].code())
            .with("conductLevel", conducts[at].code())
            .with("excusedAbsences", absences[at].excused)
            .with("unexcusedAbsences", absences[at].unexcused)
            .with("award", end.as_ref().and_then(|end| end.award))
            .with("promoted", end.as_ref().map(|end| end.promoted))
            .with("summerRetraining", end.as_ref().map(|end| end.summer_retraining))
            .with("comment", comment(random, levels[at] >= Level::Fair));
        sink(completion(record, class, setting, end.map(|end| end.promoted)));
    }
}

fn result(
    school: &School,
    setting: &Setting,
    student: &Student,
    course: &Course,
    (period, when, year): (&str, When, &Year),
    sink: &mut SampleSink,
) {
    let term = match when {
        When::Term(term) => Some(&year[term]),
        When::Year => None,
    };
    let (regular, midterm, last) = match term {
        Some(Term::Scored { regular, midterm, last, .. }) => {
            (Some(regular.iter().copied().map(tenths).collect::<Vec<_>>()), Some(tenths(*midterm)), Some(tenths(*last)))
        }
        _ => (None, None, None),
    };
    let (average, level) = match outcome(setting.weights, year, when) {
        Some(SubjectOutcome::Scored(average)) => (Some(tenths(average)), None),
        Some(SubjectOutcome::Commented(passed)) => (None, Some(if passed { "Đ" } else { "CĐ" })),
        None => (None, None),
    };
    sink(
        SampleRecord::of("subject-results")
            .with("schoolCode", &school.code)
            .with("schoolYear", &setting.school_year)
            .with("period", period)
            .with("studentCode", &student.code)
            .with("subjectCode", &course.subject)
            .with("classCode", &school.classes[student.class].code)
            .with("regularMarks", regular)
            .with("midtermMark", midterm)
            .with("finalMark", last)
            .with("average", average)
            .with("level", level)
            .with("exempt", year[0] == Term::Exempt)
            .with("staffCode", &school.team.members[course.teacher].code),
    );
}

/// Most behave well.
fn behaviour(random: &mut Random, student: &Student) -> Level {
    let good = if student.ability > 60 { 88 } else { 62 };
    match random.between(0, 99) {
        share if share < good => Level::Good,
        share if share < 96 => Level::Fair,
        share if share < 99 => Level::Passed,
        _ => Level::Failed,
    }
}

/// What the year ends with.
struct End {
    award: Option<&'static str>,
    promoted: bool,
    summer_retraining: bool,
}

impl End {
    /// Circular 22/2021/TT-BGDĐT, articles 12, 13 and 15.
    fn of(weights: Weights, level: Level, conduct: Level, years: &[Year], absences: Absences) -> Self {
        let is_excellent = |year: &&Year| matches!(outcome(weights, year, When::Year), Some(SubjectOutcome::Scored(average)) if average >= EXCELLENT.0);
        let is_good = level == Level::Good && conduct == Level::Good;
        let award = match years.iter().filter(is_excellent).count() {
            _ if !is_good => None,
            subjects if subjects >= EXCELLENT.1 => Some("HSXS"),
            _ => Some("HSG"),
        };
        let promoted = level >= Level::Passed
            && conduct >= Level::Passed
            && absences.excused + absences.unexcused <= ABSENCES_AT_MOST;
        Self { award, promoted, summer_retraining: conduct == Level::Failed }
    }
}
