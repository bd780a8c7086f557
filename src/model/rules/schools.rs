//! SC, PH, AD: schools.

use crate::model::rules::address;
use crate::model::rules::address::Address;
use crate::model::rules::catalogue as rule;
use crate::model::rules::ended::has_ended;
use crate::model::rules::{Candidate, IssueSink, RuleContext, identity};
use crate::model::schools::{At, School};

/// The rules that a school itself decides.
pub fn check(candidate: &Candidate, sink: &mut IssueSink) {
    let school = School(candidate.row);
    school_code(candidate, school, sink);
    successor(candidate, school, sink);
    for (at, phone) in [(At::phone, school.phone()), (At::principal_phone, school.principal_phone())] {
        identity::phone(candidate.lists, &sink.pointer(at), phone, sink);
    }
    let (commune, province, on) =
        (school.commune_code(), school.province_code(), school.valid_from().unwrap_or(candidate.received));
    address::province(candidate, At::province_code, province, Some(on), sink);
    address::commune(candidate, Address { at: At::commune_code.into(), commune, province, on }, sink);
}

/// SC-001, SC-002, SC-004.
fn school_code(candidate: &Candidate, school: School, sink: &mut IssueSink) {
    let Some(code) = school.school_code() else { return };
    if code.len() != 8 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        sink.raise(&rule::SC_001, At::school_code).with("value", code);
        return;
    }
    province_part(candidate, code, sink);
    level_digit(candidate, code, sink);
}

/// SC-002.
fn province_part(candidate: &Candidate, code: &str, sink: &mut IssueSink) {
    let province = &code[..2];
    if !candidate.lists.is_province(province) {
        sink.raise(&rule::SC_002, At::school_code).with("value", province);
    }
}

/// SC-004.
fn level_digit(candidate: &Candidate, code: &str, sink: &mut IssueSink) {
    let Some(level) = School(candidate.row).level() else { return };
    let (found, expected) = (&code[5..6], candidate.lists.school_code_digits(level));
    if !expected.is_empty() && !found.contains(&expected[..]) {
        sink.raise(&rule::SC_004, At::school_code)
            .with("found", found)
            .with("level", level)
            .with("expected", expected.iter().map(char::to_string).collect::<Vec<_>>().join("/"));
    }
}

/// SC-008.
fn successor(candidate: &Candidate, school: School, sink: &mut IssueSink) {
    let fault = match school.successor_code() {
        None if school.status() == Some("merged") && candidate.row.is_absent(At::successor_code) => "@no-successor",
        Some(successor) if school.school_code() == Some(successor) => "@its-own-successor",
        _ => return,
    };
    sink.raise(&rule::SC_008, At::successor_code).with("fault", fault);
}

/// The rule that needs the other schools of the commune.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let school = School(candidate.row);
    let Some(name) = school.name().filter(|_| !has_ended(school)).map(str::to_lowercase) else { return };
    let mut others = context.lookup("in_commune").iter().map(School).filter(|other| !has_ended(*other));
    if let Some(other) = others.find(|other| other.name().is_some_and(|other| other.to_lowercase() == name)) {
        let issue = sink.raise(&rule::SC_007, At::name).with("name", school.name().unwrap_or("@none"));
        issue
            .with("commune", school.commune_code().unwrap_or("@none"))
            .with("other", other.school_code().unwrap_or("@none"));
    }
}

#[cfg(test)]
mod tests {
    use crate::model::rules::fixture::{RuleFixture, check, unchanged};
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
    fn a_school_code_begins_with_a_province() {
        assert_eq!(check(&SPEC, json!({ "schoolCode": "99000501" })), [("SC-002", "/schoolCode".to_owned())]);
        assert_eq!(
            check(&SPEC, json!({ "schoolCode": "30000501" })),
            [],
            "a province that was merged stays in the codes"
        );
    }
    #[test]
    fn a_school_code_names_the_level() {
        let checked = |level: &str| check(&SPEC, json!({ "level": level }));
        assert_eq!(checked("1"), [("SC-004", "/schoolCode".to_owned())]);
        assert_eq!(checked("12"), []);
        assert_eq!([checked("23"), checked("123")], [[], []], "it teaches lower secondary too");
        assert_eq!(
            check(&SPEC, json!({ "level": "23", "schoolCode": "31000401" })),
            [("SC-004", "/schoolCode".to_owned())]
        );
        assert_eq!(checked("13"), [], "no digit is known for it");
    }
    #[test]
    fn telephones_have_a_known_form() {
        assert_eq!(check(&SPEC, json!({ "phone": "12345" })), [("PH-001", "/phone".to_owned())]);
        assert_eq!(check(&SPEC, json!({ "principalPhone": "0000000000" })), [("PH-001", "/principalPhone".to_owned())]);
    }
    #[test]
    fn an_address_is_judged_by_the_day_from_which_it_holds() {
        let checked = |commune: &str, province: &str, from: &str| {
            check(&SPEC, json!({ "communeCode": commune, "provinceCode": province, "validFrom": from }))
        };
        assert_eq!(checked("10528", "30", "2025-06-30"), []);
        assert_eq!(checked("10528", "31", "2025-07-01"), [("AD-002", "/communeCode".to_owned())]);
        assert_eq!(checked("10532", "31", "2025-06-30").len(), 0, "no commune of 31 is loaded for that day");
        assert_eq!(checked("99999", "31", "2025-07-01"), [("AD-001", "/communeCode".to_owned())]);
        assert_eq!(checked("10507", "30", "2025-07-01"), [("PV-001", "/provinceCode".to_owned())], "told once");
        assert_eq!(checked("10507", "99", "2025-07-01"), [("PV-001", "/provinceCode".to_owned())]);
    }
    #[test]
    fn two_schools_of_a_commune_have_two_names() {
        let beside = |other: serde_json::Value, changes: serde_json::Value| {
            let mut other = other;
            other["schoolCode"] = json!("31000502");
            RuleFixture::of(&SPEC).found("in_commune", &[other]).judge(changes)
        };
        let told = || vec![("SC-007", "/name".to_owned())];
        assert_eq!(beside(json!({}), unchanged()), told());
        assert_eq!(beside(json!({ "name": "TRƯỜNG THCS HOA PHƯỢNG" }), unchanged()), told());
        assert_eq!(beside(json!({ "name": "Trường THCS Hoa Phương" }), unchanged()), []);
        assert_eq!(beside(json!({ "status": "merged" }), unchanged()), []);
        assert_eq!(beside(json!({}), json!({ "status": "closed" })), []);
    }
    #[test]
    fn a_merged_school_has_another_for_its_successor() {
        let merged =
            |successor: serde_json::Value| check(&SPEC, json!({ "status": "merged", "successorCode": successor }));
        let told = || vec![("SC-008", "/successorCode".to_owned())];
        assert_eq!(merged(json!("31000502")), []);
        assert_eq!([merged(json!(null)), merged(json!("31000501"))], [told(), told()]);
        assert_eq!(check(&SPEC, json!({ "status": "closed" })), [], "nobody need take over what was closed");
        assert_eq!(check(&SPEC, json!({ "status": "closed", "successorCode": "31000501" })), told());
    }
}
