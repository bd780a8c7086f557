//! FA: facility returns.

use crate::model::facility_returns::{FacilityReturn, Room};
use crate::model::rules::Candidate;
use crate::model::rules::catalogue as rule;
use crate::model::rules::{IssueSink, facility_limits, measures};
use crate::model::value::Row;
use std::collections::HashSet;

/// The rules that a return itself decides.
pub fn check(candidate: &Candidate, sink: &mut IssueSink) {
    facility_limits::hold(candidate, sink);
    measures::of_facilities(candidate, sink);
    let mut seen = HashSet::new();
    for (index, row) in FacilityReturn(candidate.row)
        .rooms()
        .iter()
        .enumerate()
        .filter_map(|(index, room)| Some((index, room.as_object()?)))
    {
        count_and_area(index, row, sink);
        one_entry_a_kind(index, Room(row), &mut seen, sink);
    }
}

/// FA-006. An area that is not known is none of 0.
fn count_and_area(index: usize, row: &Row, sink: &mut IssueSink) {
    let room = Room(row);
    let (Some(count), Some(area)) = (room.count(), room.area_m2()) else { return };
    if (count > 0) != (area > 0) {
        let issue = sink.raise_at(&rule::FA_006, format!("/rooms/{index}/areaM2"));
        issue
            .with("type", room.r#type().unwrap_or("@none"))
            .with("count", count)
            .with("area", format!("{}.{:02}", area / 100, area % 100));
    }
}

/// FA-007.
fn one_entry_a_kind<'a>(index: usize, room: Room<'a>, seen: &mut HashSet<(&'a str, &'a str)>, sink: &mut IssueSink) {
    let (Some(kind), Some(condition)) = (room.r#type(), room.condition()) else { return };
    if !seen.insert((kind, condition)) {
        sink.raise_at(&rule::FA_007, format!("/rooms/{index}")).with("type", kind).with("condition", condition);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::facility_returns::SPEC;
    use crate::model::rules::fixture::{Raised, check, unchanged};
    use serde_json::{Value, json};

    fn rooms(rooms: Value) -> Raised {
        check(&SPEC, json!({ "rooms": rooms }))
    }

    #[test]
    fn the_example_keeps_every_rule() {
        assert_eq!(check(&SPEC, unchanged()), []);
    }
    #[test]
    fn rooms_have_an_area_and_no_rooms_have_none() {
        let fault = || vec![("FA-006", "/rooms/0/areaM2".to_owned())];
        assert_eq!(rooms(json!([{ "type": "PH", "condition": "1", "count": 0, "areaM2": 54 }])), fault());
        assert_eq!(rooms(json!([{ "type": "PH", "condition": "1", "count": 2, "areaM2": 0 }])), fault());
        assert_eq!(rooms(json!([{ "type": "PH", "condition": "1", "count": 2 }])), [], "the area is not known");
        assert_eq!(rooms(json!([{ "type": "PH", "condition": "1", "count": 0 }])), []);
    }
    #[test]
    fn a_type_stands_once_in_each_condition() {
        let room = |condition: &str| json!({ "type": "PH", "condition": condition, "count": 1, "areaM2": 54 });
        assert_eq!(rooms(json!([room("1"), room("2"), room("1")])), [("FA-007", "/rooms/2".to_owned())]);
        assert_eq!(rooms(json!([room("1"), room("2")])), []);
    }
}
