//! DP, ID, DT: diplomas.

use crate::model::diplomas::{At, Diploma};
use crate::model::rules::catalogue as rule;
use crate::model::rules::identity;
use crate::model::rules::identity::Person;
use crate::model::rules::{Candidate, IssueSink, RuleContext, dates};
use chrono::Datelike;

/// The rules that a diploma itself decides.
pub fn check(candidate: &Candidate, sink: &mut IssueSink) {
    let diploma = Diploma(candidate.row);
    let person = Person {
        citizen_id: diploma.citizen_id(),
        sex: diploma.sex(),
        birth_date: diploma.birth_date(),
        is_foreign: false,
        is_verified: false,
    };
    identity::citizen_id(candidate, At::citizen_id, person, sink);
    dates::birth_date(candidate, At::birth_date, diploma.birth_date(), sink);
    graduation_age(candidate, diploma, sink);
    replacement(candidate, diploma, sink);
    issue_date(diploma, sink);
}

/// DP-004: a diploma stays in the register of the school that issued it, or of the one that took its place.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let diploma = Diploma(candidate.row);
    let Some(holder) = context.holder.filter(|holder| !holder.acts) else { return };
    if !holder.is_succeeded_by(diploma.school_code()) {
        sink.raise(&rule::DP_004, At::diploma_number).with("value", diploma.diploma_number().unwrap_or_default());
    }
}

/// DP-001.
fn graduation_age(candidate: &Candidate, diploma: Diploma, sink: &mut IssueSink) {
    let (Some(year), Some(birth_date)) = (diploma.graduation_year(), diploma.birth_date()) else { return };
    let Some(limit) = candidate.lists.parameter("diploma.minimum-age", &format!("{}-{year}", year - 1)) else { return };
    if year - i64::from(birth_date.year()) < limit {
        sink.raise(&rule::DP_001, At::graduation_year).with("year", year).with("limit", limit);
    }
}

/// DP-002.
fn replacement(candidate: &Candidate, diploma: Diploma, sink: &mut IssueSink) {
    if diploma.status() == Some("reissued") && candidate.row.is_absent(At::replaces_diploma_number) {
        sink.raise(&rule::DP_002, At::replaces_diploma_number);
    }
}

/// DP-003.
fn issue_date(diploma: Diploma, sink: &mut IssueSink) {
    let (Some(date), Some(year)) = (diploma.issued_on(), diploma.graduation_year()) else { return };
    if i64::from(date.year()) < year {
        sink.raise(&rule::DP_003, At::issued_on).with("date", date).with("year", year);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::model::diplomas::SPEC;
    use crate::model::rules::fixture::{RuleFixture, check, unchanged};
    use serde_json::json;

    fn raises(changes: serde_json::Value, code: &str, pointer: &str) {
        assert_eq!(check(&SPEC, changes), [(code, pointer.to_owned())]);
    }

    #[test]
    fn the_example_keeps_every_rule() {
        assert_eq!(check(&SPEC, unchanged()), []);
    }
    #[test]
    fn the_citizen_number_agrees_with_the_person() {
        raises(json!({ "citizenId": "31310000654" }), "ID-008", "/citizenId");
        raises(json!({ "sex": "male" }), "ID-003", "/citizenId");
        raises(json!({ "citizenId": "031311000654" }), "ID-004", "/citizenId");
        assert_eq!(check(&SPEC, json!({ "citizenId": null })), []);
    }
    #[test]
    fn a_diploma_stays_in_the_register_of_its_school_or_of_the_one_that_took_its_place() {
        let sent = |fixture: RuleFixture| fixture.stored(json!({ "schoolCode": "31000502" })).judge(unchanged());
        let told = || vec![("DP-004", "/diplomaNumber".to_owned())];
        assert_eq!(sent(RuleFixture::of(&SPEC)), told());
        assert_eq!(sent(RuleFixture::of(&SPEC).succeeded_by("31000503")), told(), "a third school took its place");
        assert_eq!(sent(RuleFixture::of(&SPEC).succeeded_by("31000501")), []);
        assert_eq!(
            sent(RuleFixture::of(&SPEC).succeeded_by("31000503").succeeded_by("31000501")),
            [],
            "one after another"
        );
        assert_eq!(RuleFixture::of(&SPEC).stored(unchanged()).judge(unchanged()), []);
    }
    #[test]
    fn nobody_graduates_before_fifteen() {
        raises(json!({ "birthDate": "2011-01-01", "citizenId": null }), "DP-001", "/graduationYear");
        assert_eq!(check(&SPEC, json!({ "birthDate": "2010-12-31", "citizenId": null })), []);
    }
    #[test]
    fn a_reissue_names_what_it_replaces() {
        raises(json!({ "status": "reissued" }), "DP-002", "/replacesDiplomaNumber");
        assert_eq!(check(&SPEC, json!({ "status": "reissued", "replacesDiplomaNumber": "THCS-A0000001" })), []);
    }
    #[test]
    fn issue_follows_graduation() {
        raises(json!({ "issuedOn": "2024-12-31" }), "DP-003", "/issuedOn");
        assert_eq!(check(&SPEC, json!({ "issuedOn": "2025-01-01" })), []);
    }
}
