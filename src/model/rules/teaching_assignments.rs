//! AS, DT: teaching assignments.

use crate::model::classes::Class;
use crate::model::rules::catalogue as rule;
use crate::model::rules::curriculum::{Stage, grade, taught_before};
use crate::model::rules::standing::Standing;
use crate::model::rules::{Candidate, IssueSink, RuleContext, ended, near_code, school_year};
use crate::model::schools::School;
use crate::model::staff::StaffMember;
use crate::model::teaching_assignments::{At, TeachingAssignment};

/// The rules that need the school, the class and the teacher.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let assignment = TeachingAssignment(candidate.row);
    let dates = [(At::from.into(), assignment.from()), (At::to.into(), assignment.to())];
    school_year::holds(candidate, context, assignment.school_year(), &dates, sink);
    near_code::class(context, "own_classes", At::class_code, assignment.class_code(), sink);
    teacher(candidate, context, sink);
    subject(candidate, context, sink);
}

/// AS-001.
fn teacher(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let assignment = TeachingAssignment(candidate.row);
    let (Some(school), Some(member)) = (assignment.school_code(), context.parent("staff").map(StaffMember)) else {
        return;
    };
    let versions = context.lookup("staff_versions");
    let successor = context.parent("school").and_then(|school| ended::successor(School(school)));
    let standing = Standing { member, versions, school, successor, over: is_over(candidate, assignment) };
    standing.judge(candidate.lists, || sink.raise(&rule::AS_001, At::staff_code));
}

/// Is its term over, or did it end before?
fn is_over(candidate: &Candidate, assignment: TeachingAssignment) -> bool {
    let (term, year) = (assignment.term(), assignment.school_year());
    let ended = assignment.to().is_some_and(|last| last <= candidate.received);
    ended || term.zip(year).is_some_and(|(term, year)| candidate.lists.is_over(term, year, candidate.received))
}

/// AS-004.
fn subject(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let assignment = TeachingAssignment(candidate.row);
    let (Some(subject), Some(class)) = (assignment.subject_code(), context.parent("class").map(Class)) else { return };
    let Some(code) = class.grade() else { return };
    if !candidate.lists.is_taught(subject, code) && !was_taught(candidate, subject, code) {
        sink.raise(&rule::AS_004, At::subject_code).with("subject", subject).with("grade", code);
    }
}

/// Is it a subject of the grade's older programme, in a year when that held? The one of primary school is not listed.
fn was_taught(candidate: &Candidate, subject: &str, code: &str) -> bool {
    let (Some(grade), Some(year)) = (grade(candidate.lists, code), TeachingAssignment(candidate.row).school_year())
    else {
        return false;
    };
    match grade.stage {
        Stage::Preschool => false,
        _ if grade.follows_programme(year) => false,
        Stage::Primary => true,
        Stage::Secondary => taught_before(candidate.lists, grade, subject).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::rules::fixture::{Raised, RuleFixture, check, judge, severities, unchanged};
    use crate::model::teaching_assignments::SPEC;
    use serde_json::{Value, json};

    fn one(code: &'static str, pointer: &str) -> Raised {
        vec![(code, pointer.to_owned())]
    }

    #[test]
    fn the_example_keeps_every_rule() {
        assert_eq!(check(&SPEC, unchanged()), []);
        assert_eq!(judge(&SPEC, unchanged(), unchanged(), None), []);
    }
    #[test]
    fn an_assignment_stays_in_its_school_year() {
        let judged = |changes: Value| judge(&SPEC, changes, unchanged(), None);
        assert_eq!(judged(json!({ "from": "2025-05-31" })), one("DT-010", "/from"));
        assert_eq!(judged(json!({ "to": "2026-09-01" })), one("DT-010", "/to"));
        assert_eq!(judged(json!({ "from": "2025-06-01", "to": "2026-08-31" })), []);
    }
    #[test]
    fn a_teacher_is_active_at_the_school() {
        let judged = |teacher: Value| judge(&SPEC, unchanged(), json!({ "staff": teacher }), None);
        assert_eq!(judged(json!({ "schoolCode": "31000402" })), one("AS-001", "/staffCode"));
        assert_eq!(judged(json!({ "status": "8" })), one("AS-001", "/staffCode"));
        assert_eq!(judged(json!({ "schoolCode": "31000402", "secondedToSchoolCode": "31000501" })), []);
        assert_eq!(judged(json!("missing")), []);
    }
    #[test]
    fn of_a_term_that_is_over_today_s_state_says_nothing() {
        let judged = |teacher: Value, versions: &[Value], changes: Value| {
            severities(
                RuleFixture::of(&SPEC).parent("staff", teacher).found("staff_versions", versions).judged(changes),
            )
        };
        let over = || json!({ "schoolYear": "2024-2025", "from": null, "to": null });
        assert_eq!(judged(json!({ "status": "8" }), &[], over()), [""; 0], "who left taught here before");
        let moved = || json!({ "schoolCode": "31000402" });
        assert_eq!(judged(moved(), &[], over()), ["warning"], "nothing is known of him here");
        assert_eq!(judged(moved(), &[json!({})], over()), [""; 0], "he was of this school");
        let seconded = json!({ "schoolCode": "31000402", "secondedToSchoolCode": "31000501" });
        assert_eq!(judged(moved(), &[seconded], over()), [""; 0], "he was seconded to it, whatever came later");
        assert_eq!(judged(moved(), &[json!({})], json!({ "to": null })), ["error"], "the term goes on");
        let ended = json!({ "from": "2025-09-05", "to": "2025-09-30" });
        assert_eq!(judged(json!({ "status": "8" }), &[], ended), [""; 0], "he left in the course of the term");
    }
    #[test]
    fn a_subject_belongs_to_the_grade() {
        let judged = |subject: &str, class: Value| {
            judge(&SPEC, json!({ "subjectCode": subject }), json!({ "class": class }), None)
        };
        assert_eq!(judged("TIENGVIET", json!({ "grade": "06" })), one("AS-004", "/subjectCode"));
        assert_eq!(judged("KHTN", json!({ "grade": "06" })), []);
        assert_eq!(judged("VATLI", json!({ "grade": "06" })), one("AS-004", "/subjectCode"));
        assert_eq!(judged("TIENGVIET", json!("missing")), []);
    }
    #[test]
    fn the_programme_of_2006_had_subjects_of_its_own() {
        let judged = |subject: &str, year: &str, grade: &str| {
            let class = json!({ "class": { "grade": grade, "schoolYear": year } });
            let changes = json!({ "subjectCode": subject, "schoolYear": year, "from": null, "to": null });
            judge(&SPEC, changes, class, None)
        };
        assert_eq!(judged("VATLI", "2023-2024", "09"), []);
        assert_eq!(judged("KHTN", "2023-2024", "09"), [], "the list of today may be used too");
        assert_eq!(judged("GDCD", "2023-2024", "12"), []);
        assert_eq!(judged("MITHUAT", "2023-2024", "05"), [], "the old list of primary school is not known");
        assert_eq!(judged("TIENGVIET", "2023-2024", "12"), one("AS-004", "/subjectCode"));
        assert_eq!(judged("VATLI", "2024-2025", "09"), one("AS-004", "/subjectCode"));
        assert_eq!(judged("GDCD", "2023-2024", "11"), one("AS-004", "/subjectCode"));
    }
}
