//! HT-001: heights, weights and areas that nobody has, or that are given in another unit. What is usual are rule
//! parameters.

use crate::model::decimal;
use crate::model::facility_returns::{At as ReturnAt, FacilityReturn, RoomAt};
use crate::model::lists::Lists;
use crate::model::rules::catalogue as rule;
use crate::model::rules::{Candidate, IssueSink};
use crate::model::students::{At, Student};

/// A figure, in units of its last place, and what is usual.
struct Measure<'a> {
    value: Option<i64>,
    scale: u8,
    /// Begins the names of the parameters `….at-least` and `….at-most`.
    parameter: &'a str,
    unit: &'a str,
    /// Another unit that people write: how many times the right one it is, and the phrase that asks for it.
    mistaken: Option<(i64, &'a str)>,
    pointer: String,
}

impl Measure<'_> {
    fn judge(self, lists: &Lists, year: &str, sink: &mut IssueSink) {
        let limit = |end: &str| lists.parameter(&format!("{}.{end}", self.parameter), year);
        let (Some(value), Some(least), Some(most)) = (self.value, limit("at-least"), limit("at-most")) else { return };
        let one = decimal::power(self.scale);
        let usual = least * one..=most * one;
        if usual.contains(&value) {
            return;
        }
        let is_mistaken = |(times, _): &(i64, &str)| usual.contains(&value.saturating_mul(*times));
        let advice = self.mistaken.filter(is_mistaken).map_or("@check-unit", |(_, advice)| advice);
        let issue = sink.raise_at(&rule::HT_001, self.pointer).with("value", decimal::format(value, self.scale));
        issue.with("unit", self.unit).with("minimum", least).with("maximum", most).with("advice", advice);
    }
}

/// Height and weight of a student.
pub fn of_body(candidate: &Candidate, sink: &mut IssueSink) {
    let (student, year) = (Student(candidate.row), Lists::school_year_of(candidate.received));
    let height = Measure {
        value: student.height_cm(),
        scale: 1,
        parameter: "student.height-cm",
        unit: "cm",
        mistaken: Some((100, "@metres-meant")),
        pointer: sink.pointer(At::height_cm),
    };
    let weight = Measure {
        value: student.weight_kg(),
        scale: 1,
        parameter: "student.weight-kg",
        unit: "kg",
        mistaken: None,
        pointer: sink.pointer(At::weight_kg),
    };
    [height, weight].into_iter().for_each(|measure| measure.judge(candidate.lists, &year, sink));
}

/// Areas of a return: the land, and a room of each entry.
pub fn of_facilities(candidate: &Candidate, sink: &mut IssueSink) {
    let record = FacilityReturn(candidate.row);
    let Some(year) = record.school_year() else { return };
    let land = Measure {
        value: record.land_area_m2(),
        scale: 2,
        parameter: "facility.land-m2",
        unit: "m²",
        mistaken: Some((10_000, "@hectares-meant")),
        pointer: sink.pointer(ReturnAt::land_area_m2),
    };
    land.judge(candidate.lists, year, sink);
    for (index, room) in record.rooms().iter().enumerate().filter_map(|(index, room)| Some((index, room.as_object()?)))
    {
        let (count, area) = (room.integer(RoomAt::count), room.decimal(RoomAt::area_m2));
        let one = Measure {
            value: area
                .zip(count.filter(|count| *count > 0))
                .map(|(area, count)| area / count)
                .filter(|area| *area > 0),
            scale: 2,
            parameter: "facility.room-m2",
            unit: "m²",
            mistaken: None,
            pointer: format!("/rooms/{index}/areaM2"),
        };
        one.judge(candidate.lists, year, sink);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::rules::fixture::{Raised, check};
    use crate::model::{facility_returns, students};
    use serde_json::json;

    fn told(pointer: &str) -> Raised {
        vec![("HT-001", pointer.to_owned())]
    }

    #[test]
    fn heights_and_weights_are_those_of_people() {
        for (height, weight) in [(95.5, 12.0), (148.5, 40.2), (191.0, 102.3)] {
            assert_eq!(check(&students::SPEC, json!({ "heightCm": height, "weightKg": weight })), []);
        }
        for height in [1.5, 14.8, 1485.0] {
            assert_eq!(check(&students::SPEC, json!({ "heightCm": height })), told("/heightCm"), "{height}");
        }
        assert_eq!(check(&students::SPEC, json!({ "weightKg": 402 })), told("/weightKg"));
    }
    #[test]
    fn areas_are_those_of_schools_and_rooms() {
        let check = |changes| check(&facility_returns::SPEC, changes);
        assert_eq!(check(json!({ "landAreaM2": 0.87 })), told("/landAreaM2"), "hectares");
        let rooms = |count: i64, area: f64| json!({ "rooms": [{ "type": "PH", "condition": "1", "count": count, "areaM2": area }] });
        assert_eq!(check(rooms(10, 10.0)), told("/rooms/0/areaM2"), "the area of all rooms is asked");
        assert_eq!(check(rooms(10, 540.0)), []);
    }
}
