//! PT-021: codes of classes that differ from one that is there only in what people write one way or another.

use crate::model::classes::Class;
use crate::model::lists::fold::bare_code;
use crate::model::rules::catalogue as rule;
use crate::model::rules::{IssueSink, RuleContext};

/// Names the class of this school and year whose code is nearly that of the record, where that very one is not there.
/// `lookup` finds the classes of the school and year, `at` is the place of the code.
pub fn judge(context: &RuleContext, lookup: &str, at: impl Into<usize>, code: Option<&str>, sink: &mut IssueSink) {
    let Some(code) = code else { return };
    let classes = context.lookup(lookup);
    if classes.is_empty() {
        return;
    }
    let bare = bare_code(code);
    let near = |class: &&str| *class != code && bare_code(class) == bare;
    let Some(nearest) = classes.iter().filter_map(|class| Class(class).class_code()).filter(near).min() else { return };
    sink.raise(&rule::PT_021, at).with("value", code).with("nearest", nearest);
}

#[cfg(test)]
mod tests {
    use crate::model::rules::fixture::RuleFixture;
    use crate::model::{classes, enrollments, subject_results};
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
        }
    }
}
