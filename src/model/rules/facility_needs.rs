//! FA-003, FA-004, FA-005: is there room for the classes and students, and what has changed since last year?

use crate::model::campuses::Campus;
use crate::model::facility_returns::{At, FacilityReturn, Room};
use crate::model::rules::catalogue as rule;
use crate::model::rules::curriculum::first_year;
use crate::model::rules::{Candidate, IssueSink, RuleContext, near_code};
use crate::model::value::{Row, Value};

/// Classrooms in the list `room-types`.
const CLASSROOM: &str = "PH";
/// Figures that are compared with last year's. Fewer than two pieces are no change worth a word.
const COMPARED: [At; 11] = [
    At::land_area_m2,
    At::playground_area_m2,
    At::sports_ground_area_m2,
    At::library_titles,
    At::library_seats,
    At::student_toilets,
    At::staff_toilets,
    At::student_computers,
    At::staff_computers,
    At::projectors,
    At::smart_boards,
];
const WORTH_A_WORD: i64 = 2;

/// The rules that need the classes and students of the year, the other campuses, and last year's return.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let code = FacilityReturn(candidate.row).campus_code();
    near_code::campus(context, "own_campuses", At::campus_code, code, sink);
    let Some(year) = FacilityReturn(candidate.row).school_year() else { return };
    classrooms(candidate, context, year, sink);
    toilets(candidate, context, year, sink);
    changes(candidate, context, year, sink);
}

/// Has the school no other campus? Nobody can tell while the campuses are not known.
fn is_alone(candidate: &Candidate, context: &RuleContext) -> bool {
    let campuses = context.lookup("campuses");
    !campuses.is_empty()
        && campuses.iter().map(Campus).all(|campus| campus.campus_code() == FacilityReturn(candidate.row).campus_code())
}

/// FA-003. Of several campuses each is judged by the classes that name it, once every class names one.
fn classrooms(candidate: &Candidate, context: &RuleContext, year: &str, sink: &mut IssueSink) {
    let classes = match is_alone(candidate, context) {
        true => context.count("classes"),
        false => context.count("classes_here").filter(|_| context.count("classes_nowhere") == Some(0)),
    };
    let (Some(classes), false) = (classes.filter(|classes| *classes > 0), candidate.row.is_faulty(At::rooms)) else {
        return;
    };
    let figure = |name| candidate.lists.parameter(name, year);
    let (Some(least), Some(most)) = (figure("facility.classrooms-at-least"), figure("facility.classrooms-at-most"))
    else {
        return;
    };
    let Some(rooms) = classrooms_of(candidate.row) else { return };
    if rooms * 100 < classes * least || rooms * 100 > classes * most {
        let issue = sink.raise(&rule::FA_003, At::rooms).with("rooms", rooms).with("classes", classes);
        issue
            .with("ratio", hundredths(rooms * 100 / classes))
            .with("minimum", hundredths(least))
            .with("maximum", hundredths(most));
    }
}

/// Classrooms, in whatever condition; `None`: the return does not speak of any.
fn classrooms_of(row: &Row) -> Option<i64> {
    let rooms = FacilityReturn(row).rooms().iter().filter_map(Value::as_object).map(Room);
    rooms
        .filter(|room| room.r#type() == Some(CLASSROOM))
        .map(|room| room.count())
        .reduce(|sum, count| Some(sum? + count?))?
}

fn hundredths(number: i64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

/// FA-004. Students are counted by school, so that of several campuses all returns must be there.
fn toilets(candidate: &Candidate, context: &RuleContext, year: &str, sink: &mut IssueSink) {
    let own = FacilityReturn(candidate.row);
    let (Some(students), Some(limit)) =
        (context.count("pupils"), candidate.lists.parameter("facility.pupils-a-toilet", year))
    else {
        return;
    };
    let others: Vec<FacilityReturn> = context
        .lookup("returns")
        .iter()
        .map(FacilityReturn)
        .filter(|other| other.school_year() == Some(year))
        .collect();
    let known =
        |code: Option<&str>| code == own.campus_code() || others.iter().any(|other| other.campus_code() == code);
    let campuses = context.lookup("campuses");
    if campuses.is_empty() || !campuses.iter().map(Campus).all(|campus| known(campus.campus_code())) {
        return;
    }
    let toilets: Option<i64> = others.iter().chain(std::iter::once(&own)).map(|campus| campus.student_toilets()).sum();
    if let Some(toilets) = toilets.filter(|toilets| students > toilets * limit) {
        let issue = sink.raise(&rule::FA_004, At::student_toilets).with("toilets", toilets);
        issue.with("pupils", students).with("limit", limit);
    }
}

/// FA-005.
fn changes(candidate: &Candidate, context: &RuleContext, year: &str, sink: &mut IssueSink) {
    let own = FacilityReturn(candidate.row);
    let (Some(begins), Some(percent)) = (first_year(year), candidate.lists.parameter("facility.change-at-most", year))
    else {
        return;
    };
    let last = format!("{}-{begins}", begins - 1);
    let of_last_year = |row: &&Row| {
        let other = FacilityReturn(row);
        other.school_year() == Some(last.as_str()) && other.campus_code() == own.campus_code()
    };
    let Some(before) = context.lookup("returns").iter().find(of_last_year) else { return };
    let has_changed = |now: i64, before: i64, least: i64| {
        let change = (now - before).abs();
        before > 0 && change >= least && change * 100 > before * percent
    };
    let mut raise = |at: At, now: String, before: String| {
        let issue = sink.raise(&rule::FA_005, at).with("value", now).with("before", before);
        issue.with("year", &last).with("limit", percent);
    };
    for at in COMPARED {
        match (&candidate.row.values[at as usize], &before.values[at as usize]) {
            (Value::Integer(now), Value::Integer(then)) if has_changed(*now, *then, WORTH_A_WORD) => {
                raise(at, now.to_string(), then.to_string())
            }
            (Value::Decimal(now), Value::Decimal(then)) if has_changed(*now, *then, 1) => {
                raise(at, hundredths(*now), hundredths(*then))
            }
            _ => {}
        }
    }
    let rooms = classrooms_of(candidate.row).zip(classrooms_of(before)).filter(|_| !candidate.row.is_faulty(At::rooms));
    if let Some((now, then)) = rooms.filter(|(now, then)| has_changed(*now, *then, WORTH_A_WORD)) {
        raise(At::rooms, now.to_string(), then.to_string());
    }
}

#[cfg(test)]
mod tests {
    use crate::model::facility_returns::SPEC;
    use crate::model::rules::fixture::{Raised, RuleFixture};
    use serde_json::{Value, json};

    fn one(code: &'static str, pointer: &str) -> Raised {
        vec![(code, pointer.to_owned())]
    }
    /// A return of so many classrooms and toilets.
    fn with(classrooms: i64, toilets: i64) -> Value {
        json!({ "rooms": [{ "type": "PH", "condition": "1", "count": classrooms, "areaM2": 54 }], "studentToilets": toilets })
    }
    fn alone() -> RuleFixture {
        RuleFixture::of(&SPEC).found("campuses", &[json!({})])
    }
    fn two_campuses() -> RuleFixture {
        RuleFixture::of(&SPEC).found("campuses", &[json!({}), json!({ "campusCode": "C2", "main": false })])
    }

    #[test]
    fn a_class_has_half_a_classroom_to_two_and_a_half() {
        let judged = |classrooms| alone().counted("classes", 10).judge(with(classrooms, 12));
        assert_eq!([judged(5), judged(25)], [vec![], vec![]]);
        assert_eq!([judged(4), judged(26)], [one("FA-003", "/rooms"), one("FA-003", "/rooms")]);
        assert_eq!(alone().counted("classes", 10).judge(json!({ "rooms": [] })), [], "no classroom is spoken of");
        assert_eq!(alone().counted("classes", 0).judge(with(4, 12)), [], "no class is known");
        assert_eq!(RuleFixture::of(&SPEC).counted("classes", 10).judge(with(4, 12)), [], "no campus is known");
    }
    #[test]
    fn of_several_campuses_each_has_its_classes() {
        let here = |nowhere| {
            two_campuses().counted("classes", 12).counted("classes_here", 2).counted("classes_nowhere", nowhere)
        };
        assert_eq!(here(0).judge(with(2, 12)), []);
        assert_eq!(here(0).judge(with(6, 12)), one("FA-003", "/rooms"));
        assert_eq!(here(3).judge(with(6, 12)), [], "some classes name no campus");
    }
    #[test]
    fn sixty_students_share_a_toilet_at_most() {
        let judged = |students, toilets| alone().counted("pupils", students).judge(with(1, toilets));
        assert_eq!([judged(600, 10), judged(0, 0)], [vec![], vec![]]);
        assert_eq!(
            [judged(601, 10), judged(1, 0)],
            [one("FA-004", "/studentToilets"), one("FA-004", "/studentToilets")]
        );
        assert_eq!(
            alone().counted("pupils", 900).judge(json!({ "studentToilets": null })),
            [],
            "no toilet is spoken of"
        );
    }
    #[test]
    fn toilets_of_all_campuses_count_together() {
        let other = json!({ "campusCode": "C2", "studentToilets": 10 });
        let judged = |toilets| {
            two_campuses().counted("pupils", 900).found("returns", std::slice::from_ref(&other)).judge(with(1, toilets))
        };
        assert_eq!(judged(5), []);
        assert_eq!(judged(4), one("FA-004", "/studentToilets"));
        assert_eq!(two_campuses().counted("pupils", 900).judge(with(1, 4)), [], "the other campus has not reported");
    }
    #[test]
    fn nothing_changes_by_a_third_in_a_year() {
        let last = |changes: Value| {
            let mut other = json!({ "schoolYear": "2024-2025" });
            for (name, value) in changes.as_object().unwrap() {
                other[name] = value.clone();
            }
            RuleFixture::of(&SPEC).found("returns", &[other])
        };
        assert_eq!(last(json!({})).judge(json!({})), []);
        assert_eq!(last(json!({})).judge(json!({ "studentComputers": 52 })), []);
        assert_eq!(last(json!({})).judge(json!({ "studentComputers": 53 })), one("FA-005", "/studentComputers"));
        assert_eq!(last(json!({})).judge(json!({ "studentComputers": 27 })), one("FA-005", "/studentComputers"));
        assert_eq!(last(json!({})).judge(json!({ "landAreaM2": 12000 })), one("FA-005", "/landAreaM2"));
        assert_eq!(last(json!({})).judge(json!({ "smartBoards": 3 })), [], "one piece more");
        assert_eq!(last(json!({ "studentComputers": null })).judge(json!({ "studentComputers": 53 })), []);
        assert_eq!(last(with(10, 12)).judge(with(14, 12)), one("FA-005", "/rooms"));
        assert_eq!(last(json!({ "campusCode": "C2" })).judge(json!({ "studentComputers": 53 })), []);
        assert_eq!(last(json!({ "schoolYear": "2023-2024" })).judge(json!({ "studentComputers": 53 })), []);
    }
}
