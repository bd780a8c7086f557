//! SF, ID, PH, AD, DT: staff.

use crate::model::lists::Lists;
use crate::model::rules::address;
use crate::model::rules::address::Address;
use crate::model::rules::catalogue as rule;
use crate::model::rules::identity;
use crate::model::rules::identity::{KnownPerson, Person};
use crate::model::rules::marks::Tenths;
use crate::model::rules::ownership;
use crate::model::rules::ownership::Move;
use crate::model::rules::{Candidate, IssueSink, RuleContext, dates};
use crate::model::schools::School;
use crate::model::staff::{At, StaffMember};
use crate::model::value::Row;
use chrono::{Datelike, Months, NaiveDate};

/// The group of teachers in the list `staff-groups`.
const TEACHERS: &str = "2";
/// States by which a school lets a person go: transferred, assigned elsewhere, resigned.
const LEFT: &[&str] = &["3", "4", "8"];
/// Ranks of the list `training-levels` that teachers need: a college of education for preschool, else a university.
const COLLEGE: i64 = 5;
const UNIVERSITY: i64 = 6;
/// Levels of preschool in `school-levels`: crèche and kindergarten.
const PRESCHOOL: &[char] = &['4', '5'];

/// The rules that a member of staff decides by itself.
pub fn check(candidate: &Candidate, sink: &mut IssueSink) {
    let member = StaffMember(candidate.row);
    identity::person_code(At::staff_code, member.staff_code(), sink);
    identity::missing_citizen_id(candidate, At::citizen_id, member.nationality(), sink);
    identity::citizen_id(candidate, At::citizen_id, person(member), sink);
    dates::birth_date(candidate, At::birth_date, member.birth_date(), sink);
    identity::phone(candidate.lists, &sink.pointer(At::phone), member.phone(), sink);
    let commune = member.permanent_commune_code();
    address::commune(
        candidate,
        Address { at: At::permanent_commune_code.into(), commune, province: None, on: candidate.received },
        sink,
    );
    age(candidate, member, sink);
    retirement(candidate, member, sink);
}

/// The rules that need the school and the stored version.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let member = StaffMember(candidate.row);
    let places = (At::citizen_id.into(), At::staff_code.into());
    let own = (member.school_code(), member.full_name());
    identity::same_citizen(context, person(member), own, places, known, sink);
    one_employer(candidate, context, sink);
    let code = (At::staff_code.into(), member.staff_code());
    ownership::judge_new_code(context, code, member.school_code(), sink);
    let levels = levels(candidate, context);
    qualification(candidate, &levels, sink);
    rank(candidate, &levels, sink);
    periods(candidate, &levels, sink);
}

fn person<'a>(member: StaffMember<'a>) -> Person<'a> {
    Person {
        citizen_id: member.citizen_id(),
        sex: member.sex(),
        birth_date: member.birth_date(),
        is_foreign: identity::is_foreign(member.nationality()),
        is_verified: member.citizen_id_state() == Some("verified"),
    }
}

fn known(row: &Row) -> KnownPerson<'_> {
    let other = StaffMember(row);
    let (code, school) = (other.staff_code(), other.school_code());
    KnownPerson { code, school, name: other.full_name(), birth_date: other.birth_date() }
}

/// SF-001, ID-025, ST-011: a person moves only when the former employer has let them go. Only that one says where the
/// person is seconded to.
fn one_employer(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let (member, Some(stored)) = (StaffMember(candidate.row), context.stored.map(StaffMember)) else { return };
    let (Some(code), Some(school), Some(status)) = (member.staff_code(), member.school_code(), stored.status()) else {
        return;
    };
    let seconded = stored.seconded_to_school_code() == Some(school);
    let active = candidate.lists.staff_status_active(status) && !seconded;
    let person = Move {
        code: (At::staff_code.into(), code),
        school: Some(school),
        sent: person(member),
        stored: person(stored),
        kept_by: active.then_some((&rule::SF_001, At::school_code.into(), "staff")),
        left: seconded || LEFT.contains(&status),
    };
    ownership::judge_move(context, &person, sink);
}

/// The single levels that the person teaches, else those of the school; empty when neither is known.
fn levels(candidate: &Candidate, context: &RuleContext) -> Vec<char> {
    let taught = StaffMember(candidate.row).levels_taught().iter().filter_map(|level| level.as_text());
    let school = || context.parent("school").and_then(|school| School(school).level());
    let given: Vec<&str> = taught.collect();
    let given = if given.is_empty() { school().into_iter().collect() } else { given };
    given.iter().flat_map(|level| candidate.lists.level_combines(level)).copied().collect()
}

/// SF-002.
fn qualification(candidate: &Candidate, levels: &[char], sink: &mut IssueSink) {
    let member = StaffMember(candidate.row);
    let (Some(TEACHERS), Some(code), false) = (member.group(), member.qualification(), levels.is_empty()) else {
        return;
    };
    let standard = if levels.iter().all(|level| PRESCHOOL.contains(level)) { COLLEGE } else { UNIVERSITY };
    if candidate.lists.training_rank(code).is_some_and(|rank| rank < standard) {
        sink.raise(&rule::SF_002, At::qualification).with("value", code).with("level", listed(levels));
    }
}

/// SF-003.
fn rank(candidate: &Candidate, levels: &[char], sink: &mut IssueSink) {
    let Some(code) = StaffMember(candidate.row).rank() else { return };
    let of_rank: &[char] = match candidate.lists.teacher_rank(code).and_then(|rank| rank.column("level")) {
        Some("MN") => PRESCHOOL,
        Some("TH") => &['1'],
        Some("THCS") => &['2'],
        Some("THPT") => &['3'],
        _ => return,
    };
    if !levels.is_empty() && !levels.iter().any(|level| of_rank.contains(level)) {
        sink.raise(&rule::SF_003, At::rank).with("value", code).with("level", listed(levels));
    }
}

/// SF-006; of several levels the highest norm counts. Preschool has none.
fn periods(candidate: &Candidate, levels: &[char], sink: &mut IssueSink) {
    let Some(weekly) = StaffMember(candidate.row).weekly_periods() else { return };
    let year = Lists::school_year_of(candidate.received);
    let norm = |level: &char| match level {
        '1' => candidate.lists.parameter("staff.periods.primary", &year),
        '2' => candidate.lists.parameter("staff.periods.lower-secondary", &year),
        '3' => candidate.lists.parameter("staff.periods.upper-secondary", &year),
        _ => None,
    };
    let (Some(norm), Some(percent)) =
        (levels.iter().filter_map(norm).max(), candidate.lists.parameter("staff.periods.percent-at-most", &year))
    else {
        return;
    };
    if weekly * 100 > norm * percent {
        let limit = Tenths(norm * percent / 10);
        let issue = sink.raise(&rule::SF_006, At::weekly_periods).with("value", weekly).with("norm", norm);
        issue.with("limit", limit).with("level", listed(levels));
    }
}

fn listed(levels: &[char]) -> String {
    levels.iter().map(char::to_string).collect::<Vec<_>>().join(", ")
}

/// SF-010.
fn age(candidate: &Candidate, member: StaffMember, sink: &mut IssueSink) {
    let (Some(birth_date), Some(limit)) =
        (member.birth_date(), parameter(candidate.lists, "staff.minimum-age", candidate.received.year()))
    else {
        return;
    };
    // Born in the future is another fault, and its own.
    if candidate.received.years_since(birth_date).is_some_and(|years| years < limit) {
        sink.raise(&rule::SF_010, At::birth_date).with("limit", limit);
    }
}

/// SF-011.
fn retirement(candidate: &Candidate, member: StaffMember, sink: &mut IssueSink) {
    let (Some(birth_date), Some(sex), Some(status)) = (member.birth_date(), member.sex(), member.status()) else {
        return;
    };
    let Some(date) = retirement_date(candidate.lists, birth_date, sex, candidate.received.year()) else { return };
    if date < candidate.received && candidate.lists.staff_status_active(status) {
        sink.raise(&rule::SF_011, At::birth_date).with("date", date);
    }
}

/// The day on which the age of retirement is reached, if that is in `until` or before it.
fn retirement_date(lists: &Lists, birth_date: NaiveDate, sex: &str, until: i32) -> Option<NaiveDate> {
    let reached = |year| {
        birth_date.checked_add_months(Months::new(retirement_age(lists, sex, year)?)).filter(|date| date.year() <= year)
    };
    (birth_date.year() + 50..=until).find_map(reached)
}

/// The age of retirement in a year, in months (Decree 135/2020/NĐ-CP, article 4): it rises every year up to its
/// highest.
fn retirement_age(lists: &Lists, sex: &str, year: i32) -> Option<u32> {
    let figures = match sex {
        "male" => ["retirement.men.months-in-2021", "retirement.men.months-a-year", "retirement.men.months-at-most"],
        "female" => {
            ["retirement.women.months-in-2021", "retirement.women.months-a-year", "retirement.women.months-at-most"]
        }
        _ => return None,
    };
    let [first, step, highest] = figures.map(|name| parameter(lists, name, year));
    // Before 2021 the age was one step below that of 2021, and did not rise.
    let steps = u32::try_from((year - 2020).max(0)).ok()?;
    Some((first? + steps * step? - step?).min(highest?))
}

/// A figure that holds in the school year that begins in `year`.
fn parameter(lists: &Lists, name: &str, year: i32) -> Option<u32> {
    lists.parameter(name, &format!("{year}-{}", year + 1)).and_then(|figure| figure.try_into().ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::retirement_date;
    use crate::model::rules::fixture::{Raised, RuleFixture, check, judge, unchanged};
    use crate::model::staff::SPEC;
    use serde_json::{Value, json};

    fn one(code: &'static str, pointer: &str) -> Raised {
        vec![(code, pointer.to_owned())]
    }
    fn move_from(stored: Value, changes: Value) -> Raised {
        judge(&SPEC, changes, unchanged(), Some(stored))
    }

    #[test]
    fn the_example_keeps_every_rule() {
        assert_eq!(check(&SPEC, unchanged()), []);
        assert_eq!(judge(&SPEC, unchanged(), unchanged(), None), []);
    }
    #[test]
    fn a_citizen_number_belongs_to_one_person() {
        let judged = |other: Value| RuleFixture::of(&SPEC).found("same_citizen", &[other]).judge(unchanged());
        assert_eq!(judged(json!({ "staffCode": "3100000999", "fullName": "Đỗ Thị Mai" })), one("ID-005", "/citizenId"));
        assert_eq!(
            judged(json!({ "staffCode": "3100000999", "fullName": "PHẠM THỊ THU HÀ" })),
            one("ID-021", "/staffCode")
        );
    }
    #[test]
    fn code_number_and_telephone_have_their_form() {
        assert_eq!(check(&SPEC, json!({ "staffCode": "GV01" })), one("ID-020", "/staffCode"));
        assert_eq!(check(&SPEC, json!({ "citizenId": null })), one("ID-006", "/citizenId"));
        assert_eq!(check(&SPEC, json!({ "citizenId": null, "nationality": "GB" })), []);
        assert_eq!(check(&SPEC, json!({ "citizenId": "031188" })), one("ID-001", "/citizenId"));
        assert_eq!(check(&SPEC, json!({ "phone": "0123" })), one("PH-001", "/phone"));
        assert!(check(&SPEC, json!({ "birthDate": "2030-01-01" })).contains(&("DT-003", "/birthDate".to_owned())));
    }
    #[test]
    fn a_person_has_one_employer_at_a_time() {
        let other = "31000402";
        assert_eq!(move_from(json!({ "schoolCode": other }), unchanged()), one("SF-001", "/schoolCode"));
        assert_eq!(move_from(json!({ "schoolCode": other, "status": "3" }), unchanged()), []);
        assert_eq!(move_from(json!({ "schoolCode": other, "secondedToSchoolCode": "31000501" }), unchanged()), []);
        let claimed = move_from(json!({ "schoolCode": other }), json!({ "secondedToSchoolCode": other }));
        assert_eq!(claimed, one("SF-001", "/schoolCode"), "only the former employer says where to");
        let unproven = |status: &str| {
            let former = json!({ "schoolCode": other, "status": status, "citizenId": "031188000457" });
            move_from(former, json!({ "citizenId": "031188000456" }))
        };
        assert_eq!((unproven("6"), unproven("8")), (one("ID-025", "/staffCode"), vec![]), "retired is not gone");
        assert_eq!(move_from(unchanged(), json!({ "status": "5" })), []);
    }
    #[test]
    fn teachers_reach_the_standard_of_their_level() {
        let judged = |changes| judge(&SPEC, changes, unchanged(), None);
        assert_eq!(judged(json!({ "qualification": "17" })), one("SF-002", "/qualification"));
        assert_eq!(judged(json!({ "qualification": "17", "group": "3" })), []);
        assert_eq!(judged(json!({ "qualification": "17", "levelsTaught": ["5"], "rank": null })), []);
        assert_eq!(
            judged(json!({ "qualification": "18", "levelsTaught": ["5"], "rank": null })),
            one("SF-002", "/qualification")
        );
        let preschool = json!({ "school": { "level": "45" } });
        assert_eq!(
            judge(&SPEC, json!({ "qualification": "17", "levelsTaught": null, "rank": null }), preschool, None),
            []
        );
    }
    #[test]
    fn a_rank_belongs_to_a_level() {
        let judged = |changes| judge(&SPEC, changes, unchanged(), None);
        assert_eq!(judged(json!({ "rank": "V.07.05.15" })), one("SF-003", "/rank"));
        assert_eq!(judged(json!({ "rank": "V.07.05.15", "levelsTaught": ["2", "3"] })), []);
        let combined = json!({ "school": { "level": "23" } });
        assert_eq!(judge(&SPEC, json!({ "rank": "V.07.05.15", "levelsTaught": null }), combined, None), []);
        let missing = json!({ "school": "missing" });
        assert_eq!(judge(&SPEC, json!({ "rank": "V.07.05.15", "levelsTaught": null }), missing, None), []);
    }
    #[test]
    fn nobody_teaches_half_again_the_norm() {
        let judged = |periods: i64, levels: Value| {
            judge(&SPEC, json!({ "weeklyPeriods": periods, "levelsTaught": levels, "rank": null }), unchanged(), None)
        };
        // 1.5 × 23, 19 and 17 are 34.5, 28.5 and 25.5.
        for (level, most) in [("1", 34), ("2", 28), ("3", 25)] {
            assert_eq!(judged(most, json!([level])), []);
            assert_eq!(judged(most + 1, json!([level])), one("SF-006", "/weeklyPeriods"), "level {level}");
        }
        assert_eq!(judged(30, json!(["2", "1"])), [], "the higher norm counts");
        assert_eq!(judged(60, json!(["5"])), [], "preschool has none");
    }
    #[test]
    fn staff_are_adults() {
        assert_eq!(
            check(&SPEC, json!({ "birthDate": "2007-10-02", "citizenId": null })).last(),
            one("SF-010", "/birthDate").last()
        );
        assert!(
            !check(&SPEC, json!({ "birthDate": "2007-10-01", "citizenId": null }))
                .contains(&("SF-010", "/birthDate".to_owned()))
        );
    }
    #[test]
    fn active_staff_are_not_past_retirement() {
        let born =
            |date: &str, status: &str| check(&SPEC, json!({ "birthDate": date, "citizenId": null, "status": status }));
        let late = ("SF-011", "/birthDate".to_owned());
        assert!(born("1968-01-15", "1").contains(&late));
        assert!(!born("1968-01-15", "6").contains(&late));
        assert!(!born("1970-01-15", "1").contains(&late));
    }
    #[test]
    fn the_age_of_retirement_rises_by_the_decree() {
        let date = |birth: &str, sex| {
            retirement_date(&crate::model::lists::Lists::embedded(), birth.parse().unwrap(), sex, 2040)
                .map(|date| date.to_string())
        };
        // The decree's own tables: born January 1961 (men) and May 1966 (women) retire in 2021; September 1966 and
        // April 1968 in 2028 and 2024.
        assert_eq!(date("1961-01-10", "male").as_deref(), Some("2021-04-10"));
        assert_eq!(date("1966-05-10", "female").as_deref(), Some("2021-09-10"));
        assert_eq!(date("1966-04-10", "male").as_deref(), Some("2028-04-10"));
        assert_eq!(date("1975-05-10", "female").as_deref(), Some("2035-05-10"));
        assert_eq!(date("1960-12-31", "male").as_deref(), Some("2020-12-31"));
    }
}
