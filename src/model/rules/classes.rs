//! CL: classes.

use crate::model::classes::{At, Class};
use crate::model::rules::catalogue as rule;
use crate::model::rules::electives::ElectiveChoice;
use crate::model::rules::standing::Standing;
use crate::model::rules::{Candidate, IssueSink, RuleContext, ended, near_code};
use crate::model::schools::School;
use crate::model::staff::StaffMember;

/// The rules that need the school and the homeroom teacher.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    grade(candidate, context, sink);
    electives(candidate, context, sink);
    homeroom_teacher(candidate, context, sink);
    near_codes(candidate, context, sink);
}

/// CL-002.
fn grade(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let (Some(code), Some(school)) = (Class(candidate.row).grade(), context.parent("school").map(School)) else {
        return;
    };
    let (Some(grade), Some(level)) = (candidate.lists.grade(code), school.level()) else { return };
    if !candidate.lists.level_combines(level).contains(&grade.level) {
        sink.raise(&rule::CL_002, At::grade).with("level", level).with("grade", code);
    }
}

/// CL-010. Where enrollments say what each student takes, they are judged instead.
fn electives(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let class = Class(candidate.row);
    let (members, undecided) = (context.count("members"), context.count("members_without_choice"));
    // Nothing is said, neither by the class nor by anybody in it yet: once somebody is, it is a finding.
    let is_unsaid = class.elective_subjects().is_empty() && members.unwrap_or_default() == 0;
    if candidate.row.is_faulty(At::elective_subjects) || members > undecided || is_unsaid {
        return;
    }
    let choice = ElectiveChoice { school: context.parent("school"), year: class.school_year(), grade: class.grade() };
    choice.judge(candidate.lists, class.elective_subjects(), At::elective_subjects, sink);
}

/// PT-021 of the class itself, and of what it names that is not there.
fn near_codes(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let class = Class(candidate.row);
    near_code::class(context, "of_year", At::class_code, class.class_code(), sink);
    if context.is_missing("combined_with") {
        near_code::class(context, "of_year", At::combined_with_class_code, class.combined_with_class_code(), sink);
    }
    near_code::campus(context, "own_campuses", At::campus_code, class.campus_code(), sink);
}

/// CL-011.
fn homeroom_teacher(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let class = Class(candidate.row);
    let (Some(school), Some(member)) = (class.school_code(), context.parent("homeroom_staff").map(StaffMember)) else {
        return;
    };
    let over = class.school_year().is_some_and(|year| candidate.lists.is_over("2", year, candidate.received));
    let successor = context.parent("school").and_then(|school| ended::successor(School(school)));
    let standing = Standing { member, versions: context.lookup("staff_versions"), school, successor, over };
    standing.judge(candidate.lists, || sink.raise(&rule::CL_011, At::homeroom_staff_code));
}

#[cfg(test)]
mod tests {
    use crate::model::classes::SPEC;
    use crate::model::rules::fixture::{Raised, RuleFixture, judge, unchanged};
    use serde_json::{Value, json};

    fn one(code: &'static str, pointer: &str) -> Raised {
        vec![(code, pointer.to_owned())]
    }

    #[test]
    fn the_example_keeps_every_rule() {
        assert_eq!(judge(&SPEC, unchanged(), unchanged(), None), []);
    }
    #[test]
    fn a_school_teaches_the_grades_of_its_levels() {
        let four = json!(["VATLI", "HOAHOC", "SINHHOC", "TINHOC"]);
        let judged = |grade: &str, school: Value| {
            judge(&SPEC, json!({ "grade": grade, "electiveSubjects": four.clone() }), json!({ "school": school }), None)
        };
        assert_eq!(judged("05", json!({ "level": "2" })), one("CL-002", "/grade"));
        assert_eq!(judged("05", json!({ "level": "12" })), []);
        assert_eq!(judged("10", json!({ "level": "12" })), one("CL-002", "/grade"));
        assert_eq!(judged("10", json!({ "level": "6" })), []);
        assert_eq!(judged("05", json!("missing")), []);
    }
    #[test]
    fn upper_secondary_chooses_four_electives() {
        let at = |level: &str, grade: &str, year: &str, subjects: Value| {
            let fixture = RuleFixture::of(&SPEC).parent("school", json!({ "level": level }));
            fixture.judge(json!({ "grade": grade, "schoolYear": year, "electiveSubjects": subjects }))
        };
        let checked = |grade: &str, year: &str, subjects: Value| at("123", grade, year, subjects);
        let fault = || one("CL-010", "/electiveSubjects");
        assert_eq!(checked("10", "2025-2026", json!(["VATLI", "HOAHOC", "SINHHOC", "TINHOC"])), []);
        assert_eq!(checked("10", "2025-2026", json!(["VATLI", "HOAHOC", "SINHHOC"])), fault());
        assert_eq!(checked("10", "2025-2026", json!(["VATLI", "HOAHOC", "SINHHOC", "VATLI"])), fault());
        assert_eq!(checked("10", "2025-2026", json!(["VATLI", "HOAHOC", "SINHHOC", "TOAN"])), fault());
        assert_eq!(checked("12", "2025-2026", Value::Null), [], "the enrollments are yet to come");
        let unsaid = RuleFixture::of(&SPEC).parent("school", json!({ "level": "123" })).counted("members", 40);
        let unsaid = unsaid.counted("members_without_choice", 40);
        assert_eq!(unsaid.judge(json!({ "grade": "12", "electiveSubjects": null })), fault(), "neither say it");
        assert_eq!(checked("12", "2023-2024", Value::Null), []);
        assert_eq!(checked("09", "2025-2026", Value::Null), []);
        let grouped = RuleFixture::of(&SPEC).parent("school", json!({ "level": "123" }));
        let grouped = grouped.counted("members", 40).counted("members_without_choice", 2);
        assert_eq!(grouped.judge(json!({ "grade": "10", "electiveSubjects": null })), [], "the enrollments say it");
        assert_eq!(at("6", "10", "2025-2026", Value::Null), [], "continuing education has choices of its own");
    }
    #[test]
    fn the_homeroom_teacher_works_at_the_school() {
        let judged = |teacher: Value| judge(&SPEC, unchanged(), json!({ "homeroom_staff": teacher }), None);
        let fault = || one("CL-011", "/homeroomStaffCode");
        assert_eq!(judged(json!({ "schoolCode": "31000402" })), fault());
        assert_eq!(judged(json!({ "status": "6" })), fault());
        assert_eq!(judged(json!({ "schoolCode": "31000402", "status": "7", "secondedToSchoolCode": "31000501" })), []);
        assert_eq!(judged(json!({ "status": "7", "secondedToSchoolCode": "31000402" })), fault());
        assert_eq!(judged(json!("missing")), []);
        let past = |successor: Value| {
            let fixture = RuleFixture::of(&SPEC).parent("homeroom_staff", json!({ "schoolCode": "31000402" }));
            fixture.parent("school", successor).judge(json!({ "schoolYear": "2023-2024", "electiveSubjects": null }))
        };
        assert_eq!(past(json!({ "status": "open" })), fault());
        let merged = json!({ "status": "merged", "successorCode": "31000402", "validFrom": "2025-07-01" });
        assert_eq!(past(merged), [], "the school that took its place has its staff");
    }
}
