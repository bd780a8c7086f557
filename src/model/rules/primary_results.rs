//! PR: subject results of primary school (Circular 27/2020/TT-BGDĐT, articles 6 and 7).

use crate::model::issue::Severity;
use crate::model::lists::SubjectKind;
use crate::model::rules::catalogue as rule;
use crate::model::rules::curriculum::{CurriculumGrade, CurriculumSubject};
use crate::model::rules::subject_results::{is_given, no_marks};
use crate::model::rules::{Candidate, IssueSink, schemes};
use crate::model::subject_results::{At, SubjectResult};

/// Tested at the end of each term.
pub const TESTED: [&str; 6] = ["TIENGVIET", "TOAN", "NN1", "LSDL", "KHOAHOC", "THCN"];
/// Tested in mid-term too, in grades 4 and 5.
const TESTED_IN_MID_TERM: [&str; 2] = ["TIENGVIET", "TOAN"];

/// Tiếng dân tộc thiểu số, which may be tested where it is taught.
const MINORITY_LANGUAGE: &str = "TIENGDTTS";

/// The rules of a subject that the grade is taught.
pub fn judge(candidate: &Candidate, grade: CurriculumGrade, subject: CurriculumSubject, sink: &mut IssueSink) {
    level(candidate, At::level, SubjectResult(candidate.row).level(), sink);
    level(candidate, At::reassessed_level, SubjectResult(candidate.row).reassessed_level(), sink);
    if !subject.scored {
        no_marks(candidate, sink);
    }
    test(candidate, grade, subject, sink);
    level_against_test(candidate, sink);
}

/// PR-002.
fn level(candidate: &Candidate, at: At, code: Option<&str>, sink: &mut IssueSink) {
    if let Some(code) = code.filter(|code| !schemes::PRIMARY_SUBJECT.contains(code)) {
        let subject = SubjectResult(candidate.row).subject_code().unwrap_or("@none");
        sink.raise(&rule::PR_002, at).with("value", code).with("subject", subject);
    }
}

/// PR-004. A strand is tested as its subject is, and the language of an ethnic minority may be. In the record of the year the test of the second term's end may stand again; many schools write it so.
fn test(candidate: &Candidate, grade: CurriculumGrade, taught: CurriculumSubject, sink: &mut IssueSink) {
    if !is_given(candidate, At::test_mark) {
        return;
    }
    let result = SubjectResult(candidate.row);
    let (Some(subject), Some(period)) = (result.subject_code(), result.period()) else { return };
    let is_tested = match period {
        "CK1" | "CK2" | "CN" => {
            TESTED.contains(&subject)
                || subject == MINORITY_LANGUAGE
                || taught.scored && taught.kind == SubjectKind::Strand
        }
        _ => grade.number >= 4 && TESTED_IN_MID_TERM.contains(&subject),
    };
    match is_tested {
        true if period == "CN" => no_test(candidate, Severity::Warning, sink),
        true => {}
        false => no_test(candidate, Severity::Error, sink),
    }
}

/// Raises PR-004.
pub fn no_test(candidate: &Candidate, severity: Severity, sink: &mut IssueSink) {
    let result = SubjectResult(candidate.row);
    let (subject, period) = (result.subject_code().unwrap_or("@none"), result.period().unwrap_or("@none"));
    sink.raise(&rule::PR_004, At::test_mark).severity(severity).with("subject", subject).with("period", period);
}

/// PR-005.
fn level_against_test(candidate: &Candidate, sink: &mut IssueSink) {
    let result = SubjectResult(candidate.row);
    let (Some(level), Some(mark)) = (result.level(), result.test_mark()) else { return };
    let figure = |name| result.school_year().and_then(|year| candidate.lists.parameter(name, year));
    // Below the first mark the level T surprises, from the second on the level C does.
    let surprises = match level {
        "T" => figure("primary.good-test").is_some_and(|good| mark < good),
        "C" => figure("primary.pass-test").is_some_and(|pass| mark >= pass),
        _ => false,
    };
    if surprises {
        sink.raise(&rule::PR_005, At::level).with("level", level).with("mark", mark);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::rules::fixture::{Raised, RuleFixture, severities};
    use crate::model::subject_results::SPEC;
    use serde_json::{Value, json};

    /// A primary student's record, changed.
    fn record(changes: Value) -> Value {
        let mut record =
            json!({ "regularMarks": null, "midtermMark": null, "finalMark": null, "average": null, "level": "T" });
        for (name, value) in changes.as_object().unwrap() {
            record[name] = value.clone();
        }
        record
    }
    fn judge(grade: &str, changes: Value) -> Raised {
        RuleFixture::of(&SPEC).parent("class", json!({ "grade": grade })).judge(record(changes))
    }
    fn one(code: &'static str, pointer: &str) -> Raised {
        vec![(code, pointer.to_owned())]
    }

    #[test]
    fn levels_are_those_of_primary_school() {
        for (level, expected) in [
            ("T", vec![]),
            ("H", vec![]),
            ("C", vec![]),
            ("K", one("PR-002", "/level")),
            ("Đ", one("PR-002", "/level")),
        ] {
            assert_eq!(judge("03", json!({ "level": level })), expected);
        }
        assert_eq!(judge("03", json!({ "reassessedLevel": "CĐ" })), one("PR-002", "/reassessedLevel"));
    }
    #[test]
    fn tests_end_the_terms_in_six_subjects() {
        let test =
            |grade, subject, period| judge(grade, json!({ "subjectCode": subject, "period": period, "testMark": 9 }));
        assert_eq!(test("01", "TOAN", "CK1"), []);
        assert_eq!(test("04", "LSDL", "CK2"), []);
        assert_eq!(test("04", "DAODUC", "CK2"), one("PR-004", "/testMark"));
        assert_eq!(
            [test("02", "TIENGDTTS", "CK1"), test("04", "TINHOC", "CK2"), test("03", "CONGNGHE", "CK1")],
            [[], [], []]
        );
        assert_eq!(test("04", "TIENGDTTS", "GK1"), one("PR-004", "/testMark"));
        assert_eq!(test("01", "TNXH", "CK1"), one("PR-004", "/testMark"));
    }
    #[test]
    fn grades_four_and_five_have_tests_in_mid_term() {
        let test = |grade, subject| judge(grade, json!({ "subjectCode": subject, "period": "GK1", "testMark": 9 }));
        assert_eq!(test("04", "TOAN"), []);
        assert_eq!(test("05", "TIENGVIET"), []);
        assert_eq!(test("03", "TOAN"), one("PR-004", "/testMark"));
        assert_eq!(test("05", "KHOAHOC"), one("PR-004", "/testMark"));
    }
    #[test]
    fn the_year_has_no_test_of_its_own() {
        let year = |subject| {
            let record = record(json!({ "subjectCode": subject, "period": "CN", "testMark": 9 }));
            severities(RuleFixture::of(&SPEC).parent("class", json!({ "grade": "05" })).judged(record))
        };
        assert_eq!(year("TOAN"), ["warning"]);
        assert_eq!(year("DAODUC"), ["error"]);
    }
    #[test]
    fn a_level_fits_the_test() {
        let level = |level, mark| judge("02", json!({ "level": level, "testMark": mark }));
        assert_eq!([level("T", 7), level("C", 4), level("H", 5)], [const { vec![] }; 3]);
        assert_eq!(level("T", 6), one("PR-005", "/level"));
        assert_eq!(level("C", 5), one("PR-005", "/level"));
    }
    #[test]
    fn comment_subjects_have_no_marks() {
        assert_eq!(judge("03", json!({ "subjectCode": "GDTC", "midtermMark": 8 })), one("MK-009", "/midtermMark"));
    }
}
