//! MK-011: is the learning level what the subject results give? Judged only where all of them are there.

use super::catalogue as rule;
use super::curriculum::Grade;
use super::learning::{Demands, Level, Outcome};
use super::{Case, Context, Findings, schemes};
use crate::model::academic_records::{AcademicRecord, At};
use crate::model::classes::Class;
use crate::model::lists::SubjectKind;
use crate::model::schools::School;
use crate::model::students::Student;
use crate::model::subject_results::SubjectResult;
use crate::model::value::{Row, Value};

/// Electives of a class of upper secondary school.
const ELECTIVES: usize = 4;
/// School level of continuing education, which has a circular of its own (43/2021/TT-BGDĐT).
const CONTINUING_EDUCATION: &str = "6";

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

/// Raises MK-011 for a grade that Circular 22/2021 governs.
pub fn judge(case: &Case, context: &Context, grade: Grade, findings: &mut Findings) {
    let record = AcademicRecord(case.row);
    let Some(level) = record.learning_level().filter(|level| schemes::LEVEL.contains(level)) else { return };
    if !matches!(record.period(), Some("CK1" | "CK2" | "CN")) || !is_assessed(context) {
        return;
    }
    let demands = record.school_year().and_then(|year| Demands::of(case.lists, year));
    let Some(possible) = demands.and_then(|demands| possible_levels(context, grade, &demands)) else { return };
    if !possible.iter().any(|possible| possible.code() == level) {
        let issue = findings.raise(&rule::MK_011, At::learning_level).with("value", level).with("period", record.period().unwrap_or("–"));
        issue.with("expected", possible[0].code());
    }
}

/// Pupils whose disability exempts them, and grown-ups, are assessed otherwise; where the pupil is not known, nobody can tell.
fn is_assessed(context: &Context) -> bool {
    let is_exempt = |student| Student(student).exempt_from_assessment() == Some(true);
    let continues = |school| School(school).level() == Some(CONTINUING_EDUCATION);
    context.parent("student").is_some_and(|student| !is_exempt(student))
        && context.parent("school").is_some_and(|school| !continues(school))
}

/// The levels that some reading gives, the first reading's first; `None` while a result lacks.
fn possible_levels<'a>(context: &Context<'a>, grade: Grade<'a>, demands: &Demands) -> Option<Vec<Level>> {
    let electives = Class(context.parent("class")?).elective_subjects();
    if grade.number >= 10 && electives.len() != ELECTIVES {
        return None;
    }
    let required: Vec<&str> = grade.compulsory().chain(electives.iter().filter_map(Value::as_text)).collect();
    let results = context.lookup("results");
    let mut possible = Vec::new();
    for reading in READINGS {
        possible.extend(demands.levels(&outcomes(grade, &required, results, reading)?));
    }
    Some(possible)
}

fn outcomes(grade: Grade, required: &[&str], results: &[Row], reading: Reading) -> Option<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(required.len() + 2);
    for code in required {
        let result = results.iter().map(SubjectResult).find(|result| result.subject_code() == Some(*code))?;
        if result.exempt() != Some(true) {
            outcomes.push(outcome(grade.subject(code)?.scored, result, reading)?);
        }
    }
    for result in results.iter().map(SubjectResult).filter(|result| reading.optional && result.exempt() != Some(true)) {
        let subject = result.subject_code().and_then(|code| grade.subject(code));
        let optional = subject.filter(|subject| subject.kind == SubjectKind::Optional);
        outcomes.extend(optional.and_then(|subject| outcome(subject.scored, result, reading)));
    }
    Some(outcomes)
}

fn outcome(scored: bool, result: SubjectResult, reading: Reading) -> Option<Outcome> {
    if scored {
        let again = result.reassessed_mark().filter(|_| reading.reassessed);
        return again.or(result.average()).map(Outcome::Scored);
    }
    let again = result.reassessed_level().filter(|_| reading.reassessed);
    match again.or(result.level())? {
        "Đ" => Some(Outcome::Commented(true)),
        "CĐ" => Some(Outcome::Commented(false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::model::academic_records::SPEC;
    use crate::model::rules::fixture::{Raised, Surroundings, unchanged};
    use serde_json::{Value, json};

    const SCORED: [&str; 8] = ["NGUVAN", "TOAN", "NN1", "GDCD", "LSDL", "KHTN", "CONGNGHE", "TINHOC"];
    const COMMENTED: [&str; 4] = ["GDTC", "NGHETHUAT", "HDTNHN", "GDDP"];

    fn result(subject: &str, average: Value, level: Value) -> Value {
        json!({ "subjectCode": subject, "average": average, "level": level })
    }
    /// Results of grade 6 with these averages; all comment subjects Đ.
    fn results(averages: [f64; 8]) -> Vec<Value> {
        let scored = SCORED.iter().zip(averages).map(|(subject, average)| result(subject, json!(average), Value::Null));
        scored.chain(COMMENTED.iter().map(|subject| result(subject, Value::Null, json!("Đ")))).collect()
    }
    const GOOD: [f64; 8] = [8.0, 8.5, 9.0, 8.0, 8.1, 8.2, 6.5, 7.0];

    fn judged(level: &str, results: &[Value]) -> Raised {
        Surroundings::of(&SPEC).found("results", results).judge(json!({ "learningLevel": level }))
    }
    fn wrong() -> Raised {
        vec![("MK-011", "/learningLevel".to_owned())]
    }

    #[test]
    fn the_level_is_what_the_averages_give() {
        assert_eq!(judged("T", &results(GOOD)), []);
        for level in ["K", "Đ", "CĐ"] {
            assert_eq!(judged(level, &results(GOOD)), wrong());
        }
        assert_eq!(judged("K", &results([7.0, 6.5, 6.6, 6.5, 6.5, 6.5, 5.0, 5.0])), []);
        assert_eq!(judged("T", &results([7.0, 6.5, 6.6, 6.5, 6.5, 6.5, 5.0, 5.0])), wrong());
    }
    #[test]
    fn one_subject_alone_is_forgiven() {
        let mut averages = GOOD;
        averages[6] = 4.0;
        assert_eq!(judged("K", &results(averages)), []);
        assert_eq!(judged("Đ", &results(averages)), wrong());
        let mut failed = results(GOOD);
        failed[8]["level"] = json!("CĐ");
        assert_eq!(judged("K", &failed), []);
        assert_eq!(judged("Đ", &failed), wrong());
    }
    #[test]
    fn nothing_is_judged_until_every_result_is_there() {
        for lacking in 0..12 {
            let mut some = results(GOOD);
            some.remove(lacking);
            assert_eq!(judged("CĐ", &some), []);
            let mut open = results(GOOD);
            open[lacking]["average"] = Value::Null;
            open[lacking]["level"] = Value::Null;
            assert_eq!(judged("CĐ", &open), []);
        }
    }
    #[test]
    fn exempt_subjects_do_not_count() {
        let mut exempt = results(GOOD);
        exempt[8] = json!({ "subjectCode": "GDTC", "average": null, "level": null, "exempt": true });
        assert_eq!(judged("T", &exempt), []);
        assert_eq!(judged("K", &exempt), wrong());
        // Without the six leading subjects there is no T.
        exempt[0] = json!({ "subjectCode": "NGUVAN", "average": null, "level": null, "exempt": true });
        assert_eq!(judged("T", &exempt), wrong());
    }
    #[test]
    fn some_pupils_are_assessed_otherwise() {
        let surroundings = || Surroundings::of(&SPEC).found("results", &results(GOOD));
        assert_eq!(surroundings().parent("student", json!({ "exemptFromAssessment": true })).judge(unchanged()), []);
        assert_eq!(surroundings().parent("student", json!("missing")).judge(unchanged()), []);
        assert_eq!(surroundings().parent("school", json!({ "level": "6" })).judge(unchanged()), []);
        assert_eq!(surroundings().parent("class", json!({ "grade": "09" })).judge(json!({ "schoolYear": "2023-2024" })), []);
        assert_eq!(surroundings().judge(json!({ "period": "GK1" })), []);
        assert_eq!(surroundings().judge(unchanged()), wrong());
    }
    #[test]
    fn optional_subjects_may_count_or_not() {
        let mut with_second_language = results(GOOD);
        with_second_language.push(result("NN2", json!(6.0), Value::Null));
        assert_eq!(judged("T", &with_second_language), []);
        assert_eq!(judged("K", &with_second_language), []);
        assert_eq!(judged("Đ", &with_second_language), wrong());
    }
    #[test]
    fn a_reassessment_may_stand_for_the_year() {
        let mut again = results([5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 3.0, 5.0]);
        again[6]["reassessedMark"] = json!(5.5);
        assert_eq!(judged("CĐ", &again), []);
        assert_eq!(judged("Đ", &again), []);
        assert_eq!(judged("K", &again), wrong());
    }
    #[test]
    fn upper_secondary_adds_the_electives_of_the_class() {
        let subjects = ["NGUVAN", "TOAN", "NN1", "LICHSU", "GDQPAN", "VATLI", "HOAHOC", "SINHHOC", "TINHOC"];
        let mut all: Vec<Value> = subjects.iter().map(|subject| result(subject, json!(8.0), Value::Null)).collect();
        all.extend(["GDTC", "HDTNHN", "GDDP"].map(|subject| result(subject, Value::Null, json!("Đ"))));
        let class = |electives: Value| json!({ "grade": "10", "electiveSubjects": electives });
        let four = json!(["VATLI", "HOAHOC", "SINHHOC", "TINHOC"]);
        let judged = |class: Value, results: &[Value]| {
            Surroundings::of(&SPEC).parent("class", class).found("results", results).judge(json!({ "learningLevel": "K" }))
        };
        assert_eq!(judged(class(four.clone()), &all), wrong());
        assert_eq!(judged(class(Value::Null), &all), []);
        let music = json!(["VATLI", "HOAHOC", "SINHHOC", "AMNHAC"]);
        assert_eq!(judged(class(music), &all), []);
        all.remove(5);
        assert_eq!(judged(class(four), &all), []);
    }
}
