//! MK-017: was the student enrolled in the class of the result in that period?

use crate::model::enrollments::Enrollment;
use crate::model::issue::Severity;
use crate::model::lists::Lists;
use crate::model::lists::fold::fold;
use crate::model::rules::catalogue as rule;
use crate::model::rules::ended::has_ended;
use crate::model::rules::identity::is_provisional;
use crate::model::rules::{Candidate, IssueSink, RuleContext};
use crate::model::schools::School;
use crate::model::students::Student;

/// NM-001: the name that the sheet has beside the student's code is not that of the code. `school` is the record's, `at`
/// the place of the code. Names of students of other schools are not compared, for that would tell what they are.
pub fn name_beside(context: &RuleContext, school: Option<&str>, at: impl Into<usize>, sink: &mut IssueSink) {
    let Some((student, name)) = context.parent("student").map(Student).zip(context.name_beside) else { return };
    if student.school_code() != school {
        return;
    }
    let (Some(code), Some(stored)) = (student.student_code(), student.full_name()) else { return };
    let folded = fold(name);
    if !folded.is_empty() && folded != fold(stored) {
        sink.raise(&rule::NM_001, at).with("value", code).with("found", name).with("stored", stored);
    }
}

/// Where and when a result says that the student was.
#[derive(Debug, Clone, Copy)]
pub struct Presence<'a> {
    /// School.
    pub school_code: Option<&'a str>,
    /// School year.
    pub school_year: Option<&'a str>,
    /// Period.
    pub period: Option<&'a str>,
    /// Class.
    pub class_code: Option<&'a str>,
    /// Place of the class among the record's members.
    pub at: usize,
}

/// How an enrollment in the class fits the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// The student was there.
    Inside,
    /// The student had left before the period began.
    Left,
    /// The student came after the period's end: schools enter what a student brings along, so this is only worth a
    /// warning.
    NotYet,
}

impl Presence<'_> {
    /// Raises MK-017, unless nothing is known of the student's enrollments at that school in that year. `lookup` names
    /// the lookup of the student's enrollments.
    pub fn judge(self, candidate: &Candidate, context: &RuleContext, lookup: &str, sink: &mut IssueSink) {
        let (Some(class), Some(year)) = (self.class_code, self.school_year) else { return };
        let known = || {
            let enrollments = context.lookup(lookup).iter().map(Enrollment);
            enrollments.filter(|known| known.school_year() == Some(year) && known.school_code() == self.school_code)
        };
        if known().next().is_none() && !self.is_of_another(context) {
            return;
        }
        let fit = |enrollment: Enrollment| self.fit(candidate.lists, enrollment);
        let fits = || known().filter(|enrollment| enrollment.class_code() == Some(class)).map(fit);
        if fits().any(|fit| fit == Fit::Inside) {
            return;
        }
        let severity = if fits().any(|fit| fit == Fit::NotYet) { Severity::Warning } else { Severity::Error };
        let classes: Vec<&str> = known().filter_map(|enrollment| enrollment.class_code()).collect();
        let classes = if classes.is_empty() { vec!["@none"] } else { classes };
        let issue = sink.raise_at(&rule::MK_017, sink.pointer(self.at)).severity(severity);
        issue.with("class", class).with("period", self.period.unwrap_or("@none")).with("known", classes.join(", "));
    }

    /// Is it a provisional code that another school has? Whoever was here has been enrolled; else another is meant.
    fn is_of_another(&self, context: &RuleContext) -> bool {
        let Some(student) = context.parent("student").map(Student) else { return false };
        let is_over = context.parent("school").is_some_and(|school| has_ended(School(school)));
        !is_over && student.student_code().is_some_and(is_provisional) && student.school_code() != self.school_code
    }

    fn fit(&self, lists: &Lists, enrollment: Enrollment) -> Fit {
        let (Some(period), Some(year)) = (self.period, self.school_year) else { return Fit::Inside };
        let (from, to) = lists.period_bounds(period, year);
        if enrollment.exit_date().zip(from).is_some_and(|(exit, from)| exit < from) {
            Fit::Left
        } else if enrollment.entry_date().zip(to).is_some_and(|(entry, to)| entry > to) {
            Fit::NotYet
        } else {
            Fit::Inside
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::rules::fixture::{RuleFixture, severities};
    use crate::model::subject_results::SPEC;
    use serde_json::{Value, json};

    /// Severities of what is raised for the result of a period in 6A1.
    fn judged(period: &str, enrollments: &[Value]) -> Vec<&'static str> {
        let issues = RuleFixture::of(&SPEC)
            .found("enrollments", enrollments)
            .found("first_term", &[json!({})])
            .judged(json!({ "period": period }));
        assert!(issues.issues.iter().all(|issue| issue.rule.code == "MK-017" && issue.pointer == "/classCode"));
        severities(issues)
    }
    fn left(class: &str, exit: &str) -> Value {
        json!({ "classCode": class, "exitDate": exit, "exitType": "class-change" })
    }

    #[test]
    fn the_name_beside_a_code_is_that_of_the_student() {
        let judged = |name: &str| RuleFixture::of(&SPEC).beside(name).judge(json!({}));
        assert_eq!(judged("Trần Thị Bình"), [("NM-001", "/studentCode".to_owned())]);
        for same in ["Nguyễn Văn An", "NGUYEN VAN AN", " nguyễn  văn an "] {
            assert_eq!(judged(same), [], "{same}");
        }
    }
    #[test]
    fn a_result_is_of_a_class_that_the_student_is_in() {
        assert_eq!(judged("CK1", &[json!({})]), [""; 0]);
        assert_eq!(judged("CK1", &[json!({ "classCode": "6A2" })]), ["error"]);
        assert_eq!(judged("CK1", &[json!({ "classCode": "6A2" }), left("6A1", "2025-12-15")]), [""; 0]);
    }
    #[test]
    fn nothing_is_judged_where_no_enrollment_is_known() {
        assert_eq!(judged("CK1", &[]), [""; 0]);
        assert_eq!(judged("CK1", &[json!({ "classCode": "5A", "schoolYear": "2024-2025" })]), [""; 0]);
        assert_eq!(judged("CK1", &[json!({ "classCode": "6B", "schoolCode": "31000502" })]), [""; 0]);
    }
    #[test]
    fn who_left_in_the_first_term_has_no_result_of_the_second() {
        assert_eq!(judged("CK1", &[left("6A1", "2025-12-15")]), [""; 0]);
        assert_eq!(judged("CK2", &[left("6A1", "2025-12-15")]), ["error"]);
        assert_eq!(judged("CK2", &[left("6A1", "2026-02-15")]), [""; 0]);
    }
    #[test]
    fn who_came_in_the_second_term_may_bring_a_result_of_the_first() {
        assert_eq!(judged("CK1", &[json!({ "entryDate": "2026-02-10" })]), ["warning"]);
        assert_eq!(judged("CK2", &[json!({ "entryDate": "2026-02-10" })]), [""; 0]);
    }
}
