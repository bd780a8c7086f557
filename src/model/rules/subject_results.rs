//! MK, PR: subject results. The class's grade decides whether the rules of secondary or of primary school hold; the
//! school year, which circular.

use crate::model::classes::Class;
use crate::model::rules::catalogue as rule;
use crate::model::rules::curriculum::{CurriculumGrade, Stage, grade, has_formula};
use crate::model::rules::enrolled::{Presence, name_beside};
use crate::model::rules::{
    Candidate, IssueSink, RuleContext, near_code, primary_results, schemes, secondary_results, year_results,
};
use crate::model::subject_results::{At, SubjectResult};

/// Marks that only secondary school gives.
const SECONDARY_MARKS: [At; 5] =
    [At::regular_marks, At::midterm_mark, At::final_mark, At::average, At::reassessed_mark];

/// Subjects with a practical part, from which a student may be exempt and be given marks for the rest: defence education
/// (Circular 08/2024/TT-BGDĐT).
const PARTLY_EXEMPT: [&str; 1] = ["GDQPAN"];

/// The rule that a result itself decides: MK-019.
pub fn check(candidate: &Candidate, sink: &mut IssueSink) {
    let result = SubjectResult(candidate.row);
    let partly = result.subject_code().is_some_and(|subject| PARTLY_EXEMPT.contains(&subject));
    if result.exempt() == Some(true)
        && !partly
        && (given_marks(candidate).next().is_some() || result.test_mark().is_some())
    {
        sink.raise(&rule::MK_019, At::exempt).with("subject", result.subject_code().unwrap_or("@none"));
    }
}

/// The rules that need the class, the student's enrollments and the results of the terms before.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let result = SubjectResult(candidate.row);
    presence(result).judge(candidate, context, "enrollments", sink);
    name_beside(context, result.school_code(), At::student_code, sink);
    near_code::class(context, "own_classes", At::class_code, result.class_code(), sink);
    year_results::judge(candidate, context, sink);
    let class_grade =
        context.parent("class").and_then(|class| Class(class).grade()).and_then(|code| grade(candidate.lists, code));
    match class_grade.zip(result.school_year()) {
        Some((grade, year)) if grade.stage == Stage::Preschool || grade.follows_programme(year) => {
            by_programme(candidate, grade, sink)
        }
        Some((grade, year)) if grade.stage == Stage::Secondary => {
            secondary_results::before_programme(candidate, grade, year, sink)
        }
        Some(_) => {}
        None => grade_unknown(candidate, sink),
    }
}

fn presence(result: SubjectResult) -> Presence {
    Presence {
        school_code: result.school_code(),
        school_year: result.school_year(),
        period: result.period(),
        class_code: result.class_code(),
        at: At::class_code as usize,
    }
}

/// MK-010, and what the stage asks.
fn by_programme(candidate: &Candidate, grade: CurriculumGrade, sink: &mut IssueSink) {
    let Some(code) = SubjectResult(candidate.row).subject_code() else { return };
    let Some(subject) = grade.subject(code) else {
        sink.raise(&rule::MK_010, At::subject_code).with("subject", code).with("grade", grade.number);
        return;
    };
    match grade.stage {
        Stage::Primary => primary_results::judge(candidate, grade, subject, sink),
        _ => secondary_results::judge(candidate, grade, subject, sink),
    }
}

/// The class is not there yet: what no grade would allow.
fn grade_unknown(candidate: &Candidate, sink: &mut IssueSink) {
    let result = SubjectResult(candidate.row);
    schemes::must_hold(schemes::ANY_SUBJECT, result.level(), At::level, sink);
    schemes::must_hold(schemes::ANY_SUBJECT, result.reassessed_level(), At::reassessed_level, sink);
    let of_secondary =
        [At::regular_marks, At::midterm_mark, At::final_mark].into_iter().any(|at| is_given(candidate, at));
    if of_secondary && result.school_year().is_some_and(|year| has_formula(candidate.lists, year)) {
        secondary_results::term_average(candidate, None, sink);
    }
}

/// Is something there, even if it cannot be used? An empty list is nothing.
pub fn is_given(candidate: &Candidate, at: At) -> bool {
    !candidate.row.is_absent(at)
        && (at != At::regular_marks || candidate.row.is_faulty(at) || !candidate.row.marks(at).is_empty())
}

/// The marks of secondary school that the record holds.
pub fn given_marks(candidate: &Candidate) -> impl Iterator<Item = At> {
    SECONDARY_MARKS.into_iter().filter(|at| is_given(candidate, *at))
}

/// MK-009: marks in a comment subject.
pub fn no_marks(candidate: &Candidate, sink: &mut IssueSink) {
    given_marks(candidate).for_each(|at| wrong_mode(candidate, at, "@by-comments", "@a-mark", sink));
}

/// MK-009 at a member.
pub fn wrong_mode(candidate: &Candidate, at: At, mode: &'static str, given: &'static str, sink: &mut IssueSink) {
    let subject = SubjectResult(candidate.row).subject_code().unwrap_or("@none");
    sink.raise(&rule::MK_009, at).with("subject", subject).with("mode", mode).with("given", given);
}

#[cfg(test)]
mod tests {
    use crate::model::rules::fixture::{Raised, RuleFixture, check, unchanged};
    use crate::model::subject_results::SPEC;
    use serde_json::{Value, json};

    fn in_class(class: Value, changes: Value) -> Raised {
        RuleFixture::of(&SPEC).parent("class", class).judge(changes)
    }
    fn one(code: &'static str, pointer: &str) -> Raised {
        vec![(code, pointer.to_owned())]
    }

    #[test]
    fn the_example_keeps_every_rule() {
        assert_eq!(check(&SPEC, unchanged()), []);
        assert_eq!(in_class(json!({}), unchanged()), []);
    }
    #[test]
    fn who_is_exempt_has_no_marks() {
        assert_eq!(check(&SPEC, json!({ "exempt": true })), one("MK-019", "/exempt"));
        let bare =
            json!({ "exempt": true, "regularMarks": [], "midtermMark": null, "finalMark": null, "average": null });
        assert_eq!(check(&SPEC, bare), []);
        assert_eq!(check(&SPEC, json!({ "exempt": true, "subjectCode": "GDQPAN" })), [], "its practice alone");
        let tested = json!({ "exempt": true, "regularMarks": [], "midtermMark": null, "finalMark": null, "average": null, "testMark": 7 });
        assert_eq!(check(&SPEC, tested), one("MK-019", "/exempt"));
    }
    #[test]
    fn a_subject_is_taught_in_the_grade() {
        assert_eq!(in_class(json!({}), json!({ "subjectCode": "TIENGVIET" })), one("MK-010", "/subjectCode"));
        assert_eq!(in_class(json!({ "grade": "10" }), json!({ "subjectCode": "KHTN" })), one("MK-010", "/subjectCode"));
        assert_eq!(in_class(json!({ "grade": "06" }), json!({ "subjectCode": "KHTN" })), []);
        assert_eq!(in_class(json!({ "grade": "18" }), unchanged()), one("MK-010", "/subjectCode"));
        let bare = |subject: &str, level: &str| {
            json!({ "subjectCode": subject, "regularMarks": null, "midtermMark": null, "finalMark": null, "average": null,
                "level": level })
        };
        let strand =
            |grade: &str, subject: &str, level: &str| in_class(json!({ "grade": grade }), bare(subject, level));
        assert_eq!([strand("06", "AMNHAC", "Đ"), strand("09", "MITHUAT", "CĐ")], [[], []], "strands of the arts");
        assert_eq!([strand("03", "TINHOC", "T"), strand("05", "CONGNGHE", "H")], [[], []]);
        assert_eq!(strand("02", "TINHOC", "T"), one("MK-010", "/subjectCode"), "it begins in grade 3");
        assert_eq!(in_class(json!({ "grade": "06" }), json!({ "subjectCode": "TIENGDTTS" })), []);
    }
    #[test]
    fn the_old_programme_had_other_subjects() {
        let old = json!({ "schoolYear": "2023-2024", "subjectCode": "VATLI" });
        assert_eq!(in_class(json!({ "grade": "09" }), old), []);
        let wrong = json!({ "schoolYear": "2023-2024", "subjectCode": "VATLI", "average": 8.2 });
        assert_eq!(in_class(json!({ "grade": "09" }), wrong), one("MK-007", "/average"));
        let older = json!({ "schoolYear": "2019-2020", "subjectCode": "VATLI", "average": 8.2 });
        assert_eq!(in_class(json!({ "grade": "09" }), older), []);
        let in_ninth = |subject: &str, mut changes: serde_json::Value| {
            changes["schoolYear"] = json!("2023-2024");
            changes["subjectCode"] = json!(subject);
            in_class(json!({ "grade": "09" }), changes)
        };
        assert_eq!(in_ninth("KHTN", json!({})), [], "the list of today may be used too");
        assert_eq!(in_ninth("TIENGVIET", json!({})), one("MK-010", "/subjectCode"));
        assert_eq!(in_ninth("VATLI", json!({ "level": "Đ" })), one("MK-009", "/level"));
        let no_marks =
            json!({ "regularMarks": null, "midtermMark": null, "finalMark": null, "average": 8.3, "level": "Đ" });
        assert_eq!(in_ninth("GDTC", no_marks), one("MK-009", "/average"));
    }
    #[test]
    fn without_the_class_only_what_no_grade_allows_is_a_fault() {
        let unknown = |changes| in_class(json!("missing"), changes);
        let bare = json!({ "regularMarks": [], "midtermMark": null, "finalMark": null, "average": null, "level": "K" });
        assert_eq!(unknown(bare), one("PT-014", "/level"));
        assert_eq!(unknown(json!({ "subjectCode": "GDTC", "level": "T" })), []);
        assert_eq!(unknown(json!({ "average": 8.2 })), one("MK-007", "/average"));
        assert_eq!(unknown(json!({ "regularMarks": [], "midtermMark": null, "finalMark": null })), []);
    }
}
