//! MK-011 to MK-013, MK-017, MK-020, PR-006, PR-007 and the level codes: academic records.

use crate::model::academic_records::{AcademicRecord, At, Competencies, Qualities};
use crate::model::classes::Class;
use crate::model::field::Field;
use crate::model::rules::catalogue as rule;
use crate::model::rules::curriculum::{CurriculumGrade, Stage, grade};
use crate::model::rules::enrolled::{Presence, name_beside};
use crate::model::rules::learning_level::Assessment;
use crate::model::rules::outcomes::is_assessed;
use crate::model::rules::{Candidate, IssueSink, RuleContext, conduct, near_code, primary_year, schemes, year_end};
use crate::model::value::Row;

/// Competencies that students have from grade 3 on, with the subject Tin học và Công nghệ.
const FROM_GRADE_THREE: [&str; 2] = ["technology", "informatics"];

/// Does the record rest on those of the terms?
pub fn needs_terms(row: &Row) -> bool {
    let record = AcademicRecord(row);
    record.period() == Some("CN") && (record.conduct_level().is_some() || record.year_result().is_some())
}

/// The rules that need the class, the student, the student's enrollments and subject results.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let record = AcademicRecord(candidate.row);
    presence(record).judge(candidate, context, "enrollments", sink);
    name_beside(context, record.school_code(), At::student_code, sink);
    near_code::class(context, "own_classes", At::class_code, record.class_code(), sink);
    let class_grade =
        context.parent("class").and_then(|class| Class(class).grade()).and_then(|code| grade(candidate.lists, code));
    let Some((grade, year)) = class_grade.zip(record.school_year()) else {
        return levels(record, [schemes::ANY_LEARNING, schemes::ANY_CONDUCT, schemes::ANY_AWARD], sink);
    };
    match (grade.stage, grade.follows_programme(year)) {
        (Stage::Secondary, true) => {
            levels(record, [schemes::LEVEL, schemes::LEVEL, schemes::AWARD], sink);
            secondary(candidate, context, grade, true, sink);
        }
        (Stage::Secondary, false) => {
            levels(record, [schemes::OLD_LEARNING, schemes::OLD_CONDUCT, schemes::OLD_AWARD], sink);
            secondary(candidate, context, grade, false, sink);
        }
        (Stage::Primary, true) => {
            schemes::must_hold(schemes::PRIMARY_AWARD, record.award(), At::award, sink);
            complete(candidate, grade, sink);
            primary_year::judge(candidate, context, grade, sink);
        }
        _ => {}
    }
}

/// MK-011, MK-012, MK-013, MK-020; `new`: by Circular 22/2021.
fn secondary(candidate: &Candidate, context: &RuleContext, grade: CurriculumGrade, new: bool, sink: &mut IssueSink) {
    if !is_assessed(context) {
        return;
    }
    let assessment = Assessment::of(candidate, context, grade);
    if let Some(found) = &assessment {
        found.judge(candidate, sink);
    }
    if new {
        conduct::judge(candidate, context, sink);
    }
    year_end::judge(candidate, context, grade.code, new, assessment.as_ref(), sink);
}

fn presence(record: AcademicRecord) -> Presence {
    Presence {
        school_code: record.school_code(),
        school_year: record.school_year(),
        period: record.period(),
        class_code: record.class_code(),
        at: At::class_code as usize,
    }
}

/// PT-014 for codes of the schemes for learning, conduct and award.
fn levels(record: AcademicRecord, [learning, conduct, award]: [&[&str]; 3], sink: &mut IssueSink) {
    schemes::must_hold(learning, record.learning_level(), At::learning_level, sink);
    schemes::must_hold(conduct, record.conduct_level(), At::conduct_level, sink);
    schemes::must_hold(award, record.award(), At::award, sink);
}

/// PR-007: at the end of the year every quality and competency is assessed.
fn complete(candidate: &Candidate, grade: CurriculumGrade, sink: &mut IssueSink) {
    let record = AcademicRecord(candidate.row);
    if record.period() != Some("CK2") {
        return;
    }
    all_given(candidate, At::qualities, record.qualities(), Qualities::FIELDS, grade, sink);
    all_given(candidate, At::competencies, record.competencies(), Competencies::FIELDS, grade, sink);
}

fn all_given(
    candidate: &Candidate,
    at: At,
    group: Option<&Row>,
    members: &[Field],
    grade: CurriculumGrade,
    sink: &mut IssueSink,
) {
    let pointer = sink.pointer(at);
    let Some(group) = group else {
        if candidate.row.is_absent(at) {
            sink.raise(&rule::PR_007, at).with("member", pointer.trim_start_matches('/'));
        }
        return;
    };
    let is_due = |field: &Field| grade.number >= 3 || !FROM_GRADE_THREE.contains(&field.json);
    for (_, field) in members.iter().enumerate().filter(|(place, field)| is_due(field) && group.is_absent(*place)) {
        sink.raise_at(&rule::PR_007, format!("{pointer}/{}", field.json)).with("member", field.json);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::academic_records::SPEC;
    use crate::model::rules::fixture::{Raised, RuleFixture, check, unchanged};
    use serde_json::{Value, json};

    fn in_grade(grade: &str, changes: Value) -> Raised {
        RuleFixture::of(&SPEC).parent("class", json!({ "grade": grade })).judge(changes)
    }
    fn one(code: &'static str, pointer: &str) -> Raised {
        vec![(code, pointer.to_owned())]
    }
    /// A primary student's record of the year's end, complete but for changes.
    fn primary(group: &str, member: &str, value: Value) -> Value {
        let mut record = json!({
            "period": "CK2", "learningLevel": null, "conductLevel": null,
            "qualities": { "patriotism": "T", "kindness": "T", "diligence": "Đ", "honesty": "T", "responsibility": "T" },
            "competencies": {
                "autonomy": "T", "communication": "T", "problemSolving": "Đ", "language": "T", "calculation": "T",
                "science": "T", "aesthetics": "T", "physical": "T", "technology": "T", "informatics": "T"
            }
        });
        if member.is_empty() {
            record[group] = value;
        } else {
            record[group][member] = value;
        }
        record
    }

    #[test]
    fn the_example_keeps_every_rule() {
        assert_eq!(check(&SPEC, unchanged()), []);
        assert_eq!(RuleFixture::of(&SPEC).judge(unchanged()), []);
    }
    #[test]
    fn levels_are_those_of_the_circular_that_holds() {
        assert_eq!(in_grade("06", json!({ "learningLevel": "G" })), one("PT-014", "/learningLevel"));
        assert_eq!(in_grade("06", json!({ "conductLevel": "TB" })), one("PT-014", "/conductLevel"));
        assert_eq!(in_grade("06", json!({ "period": "CN", "award": "HSTT" })), one("PT-014", "/award"));
        let old = |learning: &str| json!({ "schoolYear": "2023-2024", "learningLevel": learning });
        assert_eq!(in_grade("09", old("G")), []);
        assert_eq!(in_grade("09", old("Đ")), one("PT-014", "/learningLevel"));
        assert_eq!(in_grade("08", old("G")), one("PT-014", "/learningLevel"));
        let award = json!({ "period": "CN", "learningLevel": null, "conductLevel": null, "award": "HSG" });
        assert_eq!(in_grade("03", award), one("PT-014", "/award"));
    }
    #[test]
    fn without_the_class_any_circular_may_hold() {
        let unknown = |changes| RuleFixture::of(&SPEC).parent("class", json!("missing")).judge(changes);
        assert_eq!(unknown(json!({ "learningLevel": "G" })), []);
        assert_eq!(unknown(json!({ "learningLevel": "A" })), one("PT-014", "/learningLevel"));
    }
    #[test]
    fn the_student_is_in_the_class() {
        let other = [json!({ "classCode": "6A2" })];
        assert_eq!(RuleFixture::of(&SPEC).found("enrollments", &other).judge(unchanged()), one("MK-017", "/classCode"));
    }
    #[test]
    fn the_year_ends_with_every_quality_and_competency() {
        assert_eq!(in_grade("05", primary("qualities", "honesty", json!("T"))), []);
        assert_eq!(in_grade("05", primary("qualities", "honesty", Value::Null)), one("PR-007", "/qualities/honesty"));
        assert_eq!(
            in_grade("05", primary("competencies", "problemSolving", Value::Null)),
            one("PR-007", "/competencies/problemSolving")
        );
        assert_eq!(in_grade("05", primary("qualities", "", Value::Null)), one("PR-007", "/qualities"));
        let mut first_term = primary("qualities", "", Value::Null);
        first_term["period"] = json!("CK1");
        assert_eq!(in_grade("05", first_term), []);
    }
    #[test]
    fn technology_and_informatics_begin_in_grade_three() {
        assert_eq!(in_grade("02", primary("competencies", "informatics", Value::Null)), []);
        assert_eq!(
            in_grade("03", primary("competencies", "informatics", Value::Null)),
            one("PR-007", "/competencies/informatics")
        );
    }
}
