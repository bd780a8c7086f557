//! MK: subject results of secondary school (Circular 22/2021/TT-BGDĐT, articles 6 and 9).

use crate::model::issue::Severity;
use crate::model::rules::catalogue as rule;
use crate::model::rules::curriculum::{CurriculumGrade, CurriculumSubject, has_formula, taught_before};
use crate::model::rules::marks::{Tenths, TermMarks, Weights};
use crate::model::rules::subject_results::{is_given, no_marks, wrong_mode};
use crate::model::rules::{Candidate, IssueSink, schemes};
use crate::model::subject_results::{At, SubjectResult};
use crate::model::value::Value;

/// The rules of a subject that the grade is taught.
pub fn judge(candidate: &Candidate, grade: CurriculumGrade, subject: CurriculumSubject, sink: &mut IssueSink) {
    if is_given(candidate, At::test_mark) {
        crate::model::rules::primary_results::no_test(candidate, Severity::Error, sink);
    }
    if subject.scored {
        for at in [At::level, At::reassessed_level].into_iter().filter(|at| is_given(candidate, *at)) {
            wrong_mode(candidate, at, "@by-scores", "@a-level", sink);
        }
        regular_marks(candidate, subject, sink);
        term_average(candidate, Some(grade.code), sink);
    } else {
        let result = SubjectResult(candidate.row);
        schemes::must_hold(schemes::COMMENT, result.level(), At::level, sink);
        schemes::must_hold(schemes::COMMENT, result.reassessed_level(), At::reassessed_level, sink);
        no_marks(candidate, sink);
    }
}

/// The rules of grades that Circular 58/2011 still governed: subjects and levels were others, the formula the same
/// since 2020.
pub fn before_programme(candidate: &Candidate, grade: CurriculumGrade, school_year: &str, sink: &mut IssueSink) {
    let code = SubjectResult(candidate.row).subject_code();
    match code.map(|code| (code, taught_before(candidate.lists, grade, code))) {
        Some((code, None)) => {
            sink.raise(&rule::MK_010, At::subject_code).with("subject", code).with("grade", grade.number);
            return;
        }
        Some((_, Some(Some(false)))) => return no_marks(candidate, sink),
        Some((_, Some(Some(true)))) => {
            for at in [At::level, At::reassessed_level].into_iter().filter(|at| is_given(candidate, *at)) {
                wrong_mode(candidate, at, "@by-scores", "@a-level", sink);
            }
        }
        _ => {}
    }
    if has_formula(candidate.lists, school_year) {
        term_average(candidate, Some(grade.code), sink);
    }
}

/// MK-005.
fn regular_marks(candidate: &Candidate, subject: CurriculumSubject, sink: &mut IssueSink) {
    let result = SubjectResult(candidate.row);
    if candidate.row.is_faulty(At::regular_marks) || result.exempt() == Some(true) {
        return;
    }
    let Some(allowed) = result.school_year().and_then(|year| candidate.lists.regular_marks(subject.periods, year))
    else {
        return;
    };
    let given = result.regular_marks().len() as i64;
    let is_closed = matches!(result.period(), Some("CK1" | "CK2")) && result.average().is_some();
    let is_other = given > allowed || given < allowed && is_closed;
    if result.period() == Some("CN") || !is_other {
        return;
    }
    let issue = sink.raise(&rule::MK_005, At::regular_marks);
    issue.with("given", given).with("allowed", allowed).with("periods", subject.periods);
}

/// MK-006, MK-007.
pub fn term_average(candidate: &Candidate, grade: Option<&str>, sink: &mut IssueSink) {
    let result = SubjectResult(candidate.row);
    let Some(average) = result.average().filter(|_| result.period() != Some("CN")) else { return };
    if candidate.row.is_absent(At::midterm_mark) || candidate.row.is_absent(At::final_mark) {
        sink.raise(&rule::MK_006, At::average).with("value", Tenths(average));
        return;
    }
    let (Some(midterm), Some(last)) = (result.midterm_mark(), result.final_mark()) else { return };
    let regular = result.regular_marks();
    if candidate.row.is_faulty(At::regular_marks) || regular.iter().any(|mark| !matches!(mark, Value::Decimal(_))) {
        return;
    }
    let Some(weights) = result.school_year().and_then(|year| Weights::of(candidate.lists, year, grade)) else { return };
    let marks = TermMarks { regular, midterm, last, weights };
    let expected = marks.average();
    if average != expected {
        let issue =
            sink.raise(&rule::MK_007, At::average).with("value", Tenths(average)).with("expected", Tenths(expected));
        issue.with("marks", marks).with("weight", marks.weight()).with("cause", marks.likely_cause(average).phrase());
    }
}

#[cfg(test)]
mod tests {
    use crate::model::issue::Language;
    use crate::model::rules::fixture::{Raised, RuleFixture, row, severities};
    use crate::model::rules::{Candidate, IssueSink};
    use crate::model::subject_results::{At, SPEC};
    use serde_json::{Value, json};

    fn judge(changes: Value) -> Raised {
        RuleFixture::of(&SPEC).judge(changes)
    }
    fn graded(changes: Value) -> Vec<&'static str> {
        severities(RuleFixture::of(&SPEC).judged(changes))
    }
    fn one(code: &'static str, pointer: &str) -> Raised {
        vec![(code, pointer.to_owned())]
    }
    /// A comment subject's record without any mark, changed.
    fn commented(mut changes: Value) -> Value {
        for member in ["regularMarks", "midtermMark", "finalMark", "average"] {
            if changes.get(member).is_none() {
                changes[member] = Value::Null;
            }
        }
        changes["subjectCode"] = json!("GDTC");
        changes
    }

    #[test]
    fn regular_marks_are_as_many_as_the_periods_allow() {
        // Four a term in mathematics; five eights keep the average of the example.
        let five = json!({ "regularMarks": [8, 9, 8.5, 7.5, 8], "average": 8.3 });
        assert_eq!(judge(five.clone()), one("MK-005", "/regularMarks"));
        assert_eq!(graded(five), ["warning"]);
        let three = json!({ "regularMarks": [8, 9, 8.5], "average": 8.4 });
        assert_eq!(judge(three.clone()), one("MK-005", "/regularMarks"));
        assert_eq!(graded(three), ["warning"]);
        assert_eq!(judge(json!({ "regularMarks": [8, 9, 8.5], "average": null })), []);
        assert_eq!(judge(json!({ "period": "GK1", "regularMarks": [8], "finalMark": null, "average": null })), []);
        let civics = json!({ "subjectCode": "GDCD", "regularMarks": [8, 9, 8], "average": null });
        assert_eq!(graded(civics), ["warning"]);
    }
    #[test]
    fn an_average_needs_both_tests() {
        assert_eq!(judge(json!({ "midtermMark": null })), one("MK-006", "/average"));
        assert_eq!(judge(json!({ "finalMark": null })), one("MK-006", "/average"));
        let brought_along = json!({ "regularMarks": null, "midtermMark": null, "finalMark": null, "average": 7.5 });
        assert_eq!(graded(brought_along).iter().max(), Some(&"warning"));
        assert_eq!(judge(json!({ "finalMark": null, "average": null })), []);
        let year =
            json!({ "period": "CN", "regularMarks": null, "midtermMark": null, "finalMark": null, "average": 7.4 });
        assert_eq!(judge(year), []);
    }
    #[test]
    fn a_mark_that_cannot_be_used_is_not_taken_for_absent() {
        let mut row = row(&SPEC, &json!({ "midtermMark": null }));
        row.faulty |= 1 << At::midterm_mark as usize;
        let mut issues = IssueSink::new(SPEC.fields);
        let received = chrono::NaiveDate::from_ymd_opt(2026, 1, 10).unwrap();
        super::term_average(
            &Candidate { spec: &SPEC, row: &row, received, lists: &Default::default() },
            None,
            &mut issues,
        );
        assert!(issues.issues.is_empty());
    }
    #[test]
    fn an_average_is_what_the_marks_give() {
        assert_eq!(judge(json!({ "average": 8.2 })), one("MK-007", "/average"));
        assert_eq!(judge(json!({ "average": 8.4 })), one("MK-007", "/average"));
        let issues = RuleFixture::of(&SPEC).judged(json!({ "average": 8.2 }));
        let message = issues.issues[0].message(Language::English);
        assert!(message.contains("8.2") && message.contains("8.3"), "{message}");
        assert!(issues.issues[0].hint(Language::English).contains("cut off"));
    }
    #[test]
    fn comment_subjects_have_levels_and_scored_ones_marks() {
        assert_eq!(judge(commented(json!({ "level": "Đ" }))), []);
        assert_eq!(judge(commented(json!({ "level": "CĐ" }))), []);
        assert_eq!(judge(commented(json!({ "level": "Đ", "average": 8.3 }))), one("MK-009", "/average"));
        assert_eq!(judge(commented(json!({ "level": "Đ", "regularMarks": [8] }))), one("MK-009", "/regularMarks"));
        assert_eq!(judge(json!({ "level": "Đ" })), one("MK-009", "/level"));
        assert_eq!(judge(json!({ "reassessedLevel": "Đ" })), one("MK-009", "/reassessedLevel"));
    }
    #[test]
    fn the_level_is_one_of_the_circular() {
        assert_eq!(judge(commented(json!({ "level": "T" }))), one("PT-014", "/level"));
        assert_eq!(
            judge(commented(json!({ "level": "CĐ", "reassessedLevel": "D" }))),
            one("PT-014", "/reassessedLevel")
        );
    }
    #[test]
    fn secondary_school_has_no_primary_tests() {
        assert_eq!(judge(json!({ "testMark": 8 })), one("PR-004", "/testMark"));
    }
}
