//! PT-021: codes of classes and campuses that differ from one that is there only in what people write one way or another.

use crate::model::campuses::Campus;
use crate::model::classes::Class;
use crate::model::lists::fold::{bare_code, is_bare_code};
use crate::model::rules::catalogue as rule;
use crate::model::rules::{IssueSink, RuleContext};
use crate::model::value::Row;

/// Names the class of this school and year whose code is nearly that of the record, where that very one is not there.
/// `lookup` finds the classes of the school and year, `at` is the place of the code.
pub fn class(context: &RuleContext, lookup: &str, at: impl Into<usize>, code: Option<&str>, sink: &mut IssueSink) {
    judge(context.lookup(lookup), |row| Class(row).class_code(), (at.into(), code), sink);
}

/// The same of the campuses of this school.
pub fn campus(context: &RuleContext, lookup: &str, at: impl Into<usize>, code: Option<&str>, sink: &mut IssueSink) {
    judge(context.lookup(lookup), |row| Campus(row).campus_code(), (at.into(), code), sink);
}

fn judge(known: &[Row], code_of: fn(&Row) -> Option<&str>, (at, code): (usize, Option<&str>), sink: &mut IssueSink) {
    let Some(code) = code.filter(|_| !known.is_empty()) else { return };
    let bare = bare_code(code);
    let near = |known: &&str| *known != code && is_bare_code(known, &bare);
    let Some(nearest) = known.iter().filter_map(code_of).filter(near).min() else { return };
    sink.raise(&rule::PT_021, at).with("value", code).with("nearest", nearest);
}

#[cfg(test)]
mod tests {
    use crate::model::rules::fixture::RuleFixture;
    use crate::model::{campuses, classes, enrollments, facility_returns, subject_results};
    use serde_json::json;

    #[test]
    fn a_class_that_is_nearly_there_is_named() {
        let other = [json!({ "classCode": "8B1" }), json!({ "classCode": "8b2" })];
        for (code, is_told) in [("8b1", true), ("Lớp 8B1", true), ("8 B1", true), ("8B3", false)] {
            let class = RuleFixture::of(&classes::SPEC).found("of_year", &other).judge(json!({ "classCode": code }));
            assert_eq!(class.iter().any(|(rule, _)| *rule == "PT-021"), is_told, "{code}");
            for spec in [&enrollments::SPEC, &subject_results::SPEC] {
                let fixture = RuleFixture::of(spec).parent("class", "missing".into()).found("own_classes", &other);
                let raised = fixture.judge(json!({ "classCode": code }));
                let told = raised.iter().any(|(rule, pointer)| *rule == "PT-021" && pointer == "/classCode");
                assert_eq!(told, is_told, "{} {code}", spec.name);
            }
            let combined = RuleFixture::of(&classes::SPEC).parent("combined_with", "missing".into());
            let raised = combined.found("of_year", &other).judge(json!({ "combinedWithClassCode": code }));
            let told = raised.contains(&("PT-021", "/combinedWithClassCode".to_owned()));
            assert_eq!(told, is_told, "combined with {code}");
        }
        let there = RuleFixture::of(&classes::SPEC).found("of_year", &other);
        assert_eq!(there.judge(json!({ "combinedWithClassCode": "8b1" })), [], "it is there");
    }
    #[test]
    fn a_campus_that_is_nearly_there_is_named() {
        let other = [json!({ "campusCode": "AN BINH" })];
        for (code, is_told) in [("anbinh", true), ("Điểm trường AN BINH", true), ("AN BINH 2", false)] {
            let campus = RuleFixture::of(&campuses::SPEC).found("of_school", &other);
            let missing = |spec| RuleFixture::of(spec).parent("campus", "missing".into()).found("own_campuses", &other);
            for fixture in [campus, missing(&classes::SPEC), missing(&facility_returns::SPEC)] {
                let raised = fixture.judge(json!({ "campusCode": code }));
                assert_eq!(raised.contains(&("PT-021", "/campusCode".to_owned())), is_told, "{code} {raised:?}");
            }
        }
    }
}
