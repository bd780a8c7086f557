//! AD: communes and provinces. A commune's code means nothing without a day.

use crate::model::lists::{Lists, Unit, UnitState, Units};
use crate::model::rules::catalogue as rule;
use crate::model::rules::{Candidate, IssueSink};
use chrono::NaiveDate;

/// An address to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Address<'a> {
    /// Place of the commune's code in the record.
    pub at: usize,
    /// The commune's code; `None` when absent or faulty.
    pub commune: Option<&'a str>,
    /// The code of the province that the record (or its school) names; `None` when absent or faulty.
    pub province: Option<&'a str>,
    /// The day of receipt; for a school its `validFrom`, if it has one.
    pub on: NaiveDate,
}

/// AD-001, AD-002, AD-003. Of a province without loaded units nothing is judged.
pub fn commune(candidate: &Candidate, address: Address, sink: &mut IssueSink) {
    let (units, Some(commune)) = (candidate.lists.units(), address.commune) else { return };
    if units.is_empty() || !is_judged(candidate.lists, &address) {
        return;
    }
    let provinces = match units.unit(commune, address.on) {
        UnitState::Valid(unit) => vec![unit.province.clone()],
        UnitState::Ended(unit) => {
            ended(units, unit, address, sink);
            successor_provinces(units, unit, address.on)
        }
        UnitState::NotYet(_) | UnitState::Unknown => {
            sink.raise(&rule::AD_001, address.at).with("value", commune).with("date", address.on);
            return;
        }
    };
    in_province(candidate.lists, address, commune, &provinces, sink);
}

/// Are the units known against which the address is judged? Where the record names no province, every province that
/// exists is needed.
fn is_judged(lists: &Lists, address: &Address) -> bool {
    let covered = |province: &str| lists.units().covers(province, address.on);
    match address.province {
        Some(province) => {
            covered(province)
                || (lists.units().has_units_of(province)
                    && province_on(lists, province, address.on).is_some_and(covered))
        }
        None => {
            let mut provinces = lists
                .list("provinces")
                .into_iter()
                .flat_map(|list| &list.entries)
                .filter(|entry| entry.is_valid(address.on));
            provinces.all(|entry| covered(&entry.code))
        }
    }
}

/// PV-001: the code of a province of this day; without one, of any. `at` is the place of the code in the record.
pub fn province(
    candidate: &Candidate,
    at: impl Into<usize>,
    code: Option<&str>,
    on: Option<NaiveDate>,
    sink: &mut IssueSink,
) {
    let (Some(code), Some(list)) = (code, candidate.lists.list("provinces")) else { return };
    // An operator may load the units of a province that the list does not have.
    let units = candidate.lists.units();
    let is_loaded = on.map_or_else(|| units.has_units_of(code), |on| units.covers(code, on));
    if is_loaded || list.with_code(code).any(|entry| on.is_none_or(|on| entry.is_valid(on))) {
        return;
    }
    let went = on.and_then(|on| province_on(candidate.lists, code, on));
    let near = went.map(str::to_owned).or_else(|| candidate.lists.nearest("provinces", code));
    let issue = sink.raise(&rule::PV_001, at).with("value", code);
    issue.with("date", on.unwrap_or(candidate.received)).with("nearest", near.unwrap_or_else(|| "@none-alike".into()));
}

/// The province that this one is on a day: itself, or the one into which it went.
pub fn province_on<'a>(lists: &'a Lists, code: &'a str, on: NaiveDate) -> Option<&'a str> {
    match lists.province(code, on) {
        Some(_) => Some(code),
        None => lists.attribute("provinces", code, "successor_code"),
    }
}

/// AD-002.
fn ended(units: &Units, unit: &Unit, address: Address, sink: &mut IssueSink) {
    let name = |code: &String| match units.unit(code, address.on) {
        UnitState::Valid(unit) => format!("{code} {}", unit.name),
        _ => code.clone(),
    };
    let successors: Vec<String> = unit.successors.iter().map(name).collect();
    let successors = if successors.is_empty() { "@none".to_owned() } else { successors.join("; ") };
    let day = unit.valid_to.and_then(|to| to.succ_opt()).map_or_else(|| "@none".to_owned(), |day| day.to_string());
    let issue = sink.raise(&rule::AD_002, address.at).with("value", &unit.code).with("name", &unit.name);
    issue.with("ended", day).with("successors", successors);
}

fn successor_provinces(units: &Units, unit: &Unit, on: NaiveDate) -> Vec<String> {
    unit.successors.iter().filter_map(|code| units.province_of(code, on)).map(str::to_owned).collect()
}

/// AD-003; not judged where the successors of an ended commune are not known. A province that has ended is PV-001: here the
/// one into which it went stands for it.
fn in_province(lists: &Lists, address: Address, commune: &str, provinces: &[String], sink: &mut IssueSink) {
    let Some(province) = address.province else { return };
    let today = province_on(lists, province, address.on).unwrap_or(province);
    if !provinces.is_empty() && !provinces.iter().any(|known| known == today) {
        let mut expected = provinces.to_vec();
        expected.sort();
        expected.dedup();
        let issue = sink.raise(&rule::AD_003, address.at).with("value", commune).with("province", province);
        issue.with("expected", expected.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lists::UnitLevel;
    use crate::model::students::SPEC;
    use crate::model::value::Row;
    use std::collections::BTreeMap;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn unit(code: &str, province: &str, is_old: bool, successors: &[&str]) -> Unit {
        Unit {
            code: code.to_owned(),
            name: format!("Xã {code}"),
            level: UnitLevel::Commune,
            province: province.to_owned(),
            valid_from: (!is_old).then(|| day("2025-07-01")),
            valid_to: is_old.then(|| day("2025-06-30")),
            successors: successors.iter().map(ToString::to_string).collect(),
        }
    }
    /// What is raised for a commune of a province on a day, with the units of Hải Dương and Hải Phòng loaded.
    fn raised(commune: &str, province: Option<&str>, on: &str) -> Vec<&'static str> {
        let units = [
            unit("10507", "30", true, &["10525"]),
            unit("10513", "30", true, &["10525"]),
            unit("11300", "31", true, &["10507"]),
            unit("10507", "31", false, &[]),
            unit("10525", "31", false, &[]),
        ];
        let lists = Lists::overlaid(BTreeMap::new(), Units::new(units));
        let row = Row::empty(SPEC.fields.len());
        let mut issues = IssueSink::new(SPEC.fields);
        let candidate = Candidate { spec: &SPEC, row: &row, received: day(on), lists: &lists };
        let at = SPEC.position("permanent_commune_code").unwrap();
        super::commune(&candidate, Address { at, commune: Some(commune), province, on: day(on) }, &mut issues);
        assert!(issues.issues.iter().all(|issue| issue.pointer == "/permanentCommuneCode"));
        issues.issues.iter().map(|issue| issue.rule.code).collect()
    }

    #[test]
    fn a_commune_must_exist_on_the_day() {
        assert_eq!(raised("10507", Some("31"), "2025-10-01"), [] as [&str; 0]);
        assert_eq!(raised("10507", Some("30"), "2025-06-30"), [] as [&str; 0]);
        assert_eq!(raised("00000", Some("31"), "2025-10-01"), ["AD-001"]);
        assert_eq!(raised("10525", Some("31"), "2025-06-30"), ["AD-001"]);
    }
    #[test]
    fn a_commune_that_ended_is_only_warned_of() {
        assert_eq!(raised("10513", Some("31"), "2025-10-01"), ["AD-002"]);
        assert_eq!(raised("10513", Some("30"), "2025-10-01"), ["AD-002"], "its province went into the same one");
        assert_eq!(raised("10513", Some("01"), "2025-10-01"), [] as [&str; 0], "of another province nothing is loaded");
    }
    #[test]
    fn a_commune_lies_in_its_province() {
        assert_eq!(raised("10507", Some("31"), "2025-06-30"), ["AD-003"]);
        assert_eq!(raised("10507", Some("30"), "2025-10-01"), [] as [&str; 0], "the province alone is of another time");
        assert_eq!(raised("10513", Some("31"), "2025-06-30"), ["AD-003"]);
    }
    #[test]
    fn provinces_without_units_are_not_judged() {
        assert_eq!(raised("00000", Some("01"), "2025-10-01"), [] as [&str; 0]);
        assert_eq!(raised("00000", None, "2025-10-01"), [] as [&str; 0]);
    }
}
