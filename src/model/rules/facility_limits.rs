//! FA-001: figures beyond what any school has. The limits are rule parameters; what is negative, or larger than a
//! column holds, the fields' own bounds refuse under the same code.

use crate::model::facility_returns::{At, FacilityReturn, RoomAt};
use crate::model::rules::catalogue as rule;
use crate::model::rules::{Candidate, IssueSink};
use crate::model::value::Value;

const AREA: &str = "facility.area-m2.at-most";
const ROOMS: &str = "facility.rooms.at-most";
const PIECES: &str = "facility.pieces.at-most";
const TITLES: &str = "facility.library-titles.at-most";
const SETS: &str = "facility.equipment-sets.at-most";
const EARLIEST: &str = "facility.year.earliest";
const LATEST: &str = "facility.year.latest";

/// The members with the parameters that bound them from below, where 0 does not, and from above.
const LIMITS: &[(At, Option<&str>, &str)] = &[
    (At::land_area_m2, None, AREA),
    (At::playground_area_m2, None, AREA),
    (At::sports_ground_area_m2, None, AREA),
    (At::library_titles, None, TITLES),
    (At::library_seats, None, PIECES),
    (At::student_toilets, None, ROOMS),
    (At::staff_toilets, None, ROOMS),
    (At::student_computers, None, PIECES),
    (At::staff_computers, None, PIECES),
    (At::projectors, None, PIECES),
    (At::smart_boards, None, PIECES),
    (At::built_year, Some(EARLIEST), LATEST),
    (At::renovated_year, Some(EARLIEST), LATEST),
];
const ROOM_LIMITS: &[(RoomAt, &str, &str)] = &[(RoomAt::count, "count", ROOMS), (RoomAt::area_m2, "areaM2", AREA)];

/// Judges every figure of a return.
pub fn hold(candidate: &Candidate, sink: &mut IssueSink) {
    let record = FacilityReturn(candidate.row);
    let Some(year) = record.school_year() else { return };
    let limit = |name: &str| candidate.lists.parameter(name, year);
    for (at, floor, ceiling) in LIMITS {
        let pointer = sink.pointer(*at);
        within(&candidate.row.values[*at as usize], floor.and_then(limit).unwrap_or(0), limit(ceiling), pointer, sink);
    }
    for (index, room) in record.rooms().iter().enumerate().filter_map(|(index, room)| Some((index, room.as_object()?)))
    {
        for (at, member, ceiling) in ROOM_LIMITS {
            within(&room.values[*at as usize], 0, limit(ceiling), format!("/rooms/{index}/{member}"), sink);
        }
    }
    if let Value::Counts(counts) = &candidate.row.values[At::minimum_equipment_sets as usize] {
        let place = sink.pointer(At::minimum_equipment_sets);
        for (grade, count) in counts {
            within(&Value::Integer(*count), 0, limit(SETS), format!("{place}/{grade}"), sink);
        }
    }
}

/// Areas have two decimals.
fn within(value: &Value, floor: i64, ceiling: Option<i64>, pointer: String, sink: &mut IssueSink) {
    let Some(ceiling) = ceiling else { return };
    let (is_within, shown) = match value {
        Value::Integer(figure) => ((floor..=ceiling).contains(figure), figure.to_string()),
        Value::Decimal(hundredths) => (
            (floor * 100..=ceiling.saturating_mul(100)).contains(hundredths),
            format!("{}.{:02}", hundredths / 100, hundredths % 100),
        ),
        _ => return,
    };
    if !is_within {
        sink.raise_at(&rule::FA_001, pointer).with("value", shown).with("minimum", floor).with("maximum", ceiling);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::facility_returns::SPEC;
    use crate::model::rules::fixture::check;
    use serde_json::json;

    #[test]
    fn figures_stay_within_what_a_school_can_have() {
        for (changes, pointer) in [
            (json!({ "landAreaM2": 1_000_000.01 }), "/landAreaM2"),
            (json!({ "studentComputers": 10_001 }), "/studentComputers"),
            (json!({ "builtYear": 1799 }), "/builtYear"),
            (json!({ "renovatedYear": 2101 }), "/renovatedYear"),
            (json!({ "minimumEquipmentSets": { "06": 100_001 } }), "/minimumEquipmentSets/06"),
            (
                json!({ "rooms": [{ "type": "PH", "condition": "1", "count": 1_001, "areaM2": 54_054 }] }),
                "/rooms/0/count",
            ),
        ] {
            assert_eq!(check(&SPEC, changes), [("FA-001", pointer.to_owned())]);
        }
        assert_eq!(check(&SPEC, json!({ "landAreaM2": 1_000_000, "studentComputers": 10_000, "builtYear": 1800 })), []);
    }
}
