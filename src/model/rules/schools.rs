//! SC: schools, and what a school's state means for its records.

use super::catalogue as rule;
use super::{Case, Context, Findings};
use crate::model::schools::{At, School};

/// The rules that a school itself decides.
pub fn check(case: &Case, findings: &mut Findings) {
    let Some(code) = School(case.row).school_code() else { return };
    if code.len() != 8 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        findings.raise(&rule::SC_001, At::school_code).with("value", code);
    }
}

/// SC-006, for every resource that refers to its school.
pub fn receives_records(case: &Case, context: &Context, findings: &mut Findings) {
    let Some(school) = context.parent("school").map(School) else { return };
    let status = match school.status() {
        Some("closed") => "@closed",
        Some("merged") => "@merged",
        _ => return,
    };
    let code = school.school_code().unwrap_or("–");
    let issue = findings.raise(&rule::SC_006, case.spec.owner()).with("school", code).with("status", status);
    issue.caused_by(format!("schools:{code}"));
}

#[cfg(test)]
mod tests {
    use crate::model::ALL;
    use crate::model::rules::fixture::{check, judge, unchanged};
    use crate::model::schools::SPEC;
    use serde_json::json;

    #[test]
    fn a_school_code_has_eight_digits() {
        assert_eq!(check(&SPEC, unchanged()), []);
        for wrong in ["3100050", "3100050A", "٣1000501"] {
            assert_eq!(check(&SPEC, json!({ "schoolCode": wrong })), [("SC-001", "/schoolCode".to_owned())]);
        }
    }
    #[test]
    fn a_school_that_ended_receives_nothing() {
        for spec in ALL.iter().filter(|spec| spec.name != "schools") {
            for (status, faults) in [("closed", 1), ("merged", 1), ("suspended", 0), ("open", 0)] {
                let raised = judge(spec, unchanged(), json!({ "school": { "status": status } }), None);
                let faulty = raised.iter().filter(|(code, pointer)| *code == "SC-006" && pointer == "/schoolCode").count();
                assert_eq!(faulty, faults, "{} of a school that is {status}", spec.name);
            }
        }
    }
}
