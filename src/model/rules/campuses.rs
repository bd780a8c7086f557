//! AD, PT-021: campuses.

use crate::model::campuses::{At, Campus};
use crate::model::rules::address;
use crate::model::rules::address::Address;
use crate::model::rules::{Candidate, IssueSink, RuleContext, near_code};
use crate::model::schools::School;

/// The rules that need the school and its other campuses.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    near_code::campus(context, "of_school", At::campus_code, Campus(candidate.row).campus_code(), sink);
    let school = context.parent("school").map(School);
    // What a school names as of its own day may since have gone into another province.
    let province = school.and_then(|school| school.province_code());
    let province = province.and_then(|code| address::province_on(candidate.lists, code, candidate.received));
    let commune = Campus(candidate.row).commune_code();
    address::commune(
        candidate,
        Address { at: At::commune_code.into(), commune, province, on: candidate.received },
        sink,
    );
}

#[cfg(test)]
mod tests {
    use crate::model::campuses::SPEC;
    use crate::model::rules::fixture::{judge, unchanged};
    use serde_json::json;

    #[test]
    fn a_campus_lies_in_a_commune_of_the_schools_province() {
        let judged = |commune: &str, province: &str| {
            judge(&SPEC, json!({ "communeCode": commune }), json!({ "school": { "provinceCode": province } }), None)
        };
        assert_eq!(judge(&SPEC, unchanged(), unchanged(), None), []);
        assert_eq!(judged("10507", "30"), [], "the school still names the province that was merged");
        assert_eq!(judged("99999", "31"), [("AD-001", "/communeCode".to_owned())]);
        assert_eq!(judged("10528", "31"), [("AD-002", "/communeCode".to_owned())]);
        assert_eq!(judged("99999", "01"), [], "no unit of the province is loaded");
    }
}
