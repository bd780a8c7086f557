//! Administrative units in time. A commune's code means nothing without a date: many a code names another commune since
//! 1 July 2025.

use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Units that are looked through from one that ended to those of today, at most.
const MOST_STEPS: usize = 1_000;

/// Where a unit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitLevel {
    /// Tỉnh, thành phố.
    Province,
    /// Quận, huyện; until 30 June 2025.
    District,
    /// Xã, phường.
    Commune,
}

/// A unit for the time in which it bore its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Two digits for a province, three for a district, five for a commune.
    pub code: String,
    /// Name in full: `Phường Hải Dương`.
    pub name: String,
    /// Where it stands.
    pub level: UnitLevel,
    /// Code of the province to which it belongs; its own for a province.
    pub province: String,
    /// First day; `None`: as long as anyone asks.
    pub valid_from: Option<NaiveDate>,
    /// Last day; `None`: no end is known.
    pub valid_to: Option<NaiveDate>,
    /// Codes of those that took over when it ended.
    pub successors: Vec<String>,
}

impl Unit {
    /// Did it exist on this day?
    pub fn is_valid(&self, on: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= on) && self.valid_to.is_none_or(|to| on <= to)
    }
    fn has_ended(&self, on: NaiveDate) -> bool {
        self.valid_to.is_some_and(|to| to < on)
    }
}

/// What a code means on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitState<'a> {
    /// This unit.
    Valid(&'a Unit),
    /// The one that bore it last; see its successors.
    Ended(&'a Unit),
    /// One that will bear it.
    NotYet(&'a Unit),
    /// Nothing, ever.
    Unknown,
}

/// First and last day.
type Time = (Option<NaiveDate>, Option<NaiveDate>);

/// All units that were loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Units {
    by_code: HashMap<String, Vec<Unit>>,
    /// The times for which communes of a province are known.
    times: HashMap<String, HashSet<Time>>,
}

impl Units {
    /// Of these units.
    pub fn new(units: impl IntoIterator<Item = Unit>) -> Self {
        let mut all = Self::default();
        for unit in units {
            if unit.level == UnitLevel::Commune {
                all.times.entry(unit.province.clone()).or_default().insert((unit.valid_from, unit.valid_to));
            }
            all.by_code.entry(unit.code.clone()).or_default().push(unit);
        }
        all
    }
    /// Were none loaded?
    pub fn is_empty(&self) -> bool {
        self.by_code.is_empty()
    }
    /// What the code means on a day.
    pub fn unit(&self, code: &str, on: NaiveDate) -> UnitState<'_> {
        let units = self.by_code.get(code).map_or(&[][..], Vec::as_slice);
        let valid = units.iter().find(|unit| unit.is_valid(on)).map(UnitState::Valid);
        let ended =
            || units.iter().filter(|unit| unit.has_ended(on)).max_by_key(|unit| unit.valid_to).map(UnitState::Ended);
        valid.or_else(ended).or_else(|| units.first().map(UnitState::NotYet)).unwrap_or(UnitState::Unknown)
    }
    /// The communes of a province, or of all, of any day.
    pub fn communes(&self, province: Option<&str>) -> impl Iterator<Item = &Unit> {
        let units = self.by_code.values().flatten().filter(|unit| unit.level == UnitLevel::Commune);
        units.filter(move |unit| province.is_none_or(|province| unit.province == province))
    }
    /// The communes that bear or bore a code.
    pub fn communes_of_code(&self, code: &str) -> impl Iterator<Item = &Unit> {
        let units = self.by_code.get(code).map_or(&[][..], Vec::as_slice);
        units.iter().filter(|unit| unit.level == UnitLevel::Commune)
    }
    /// Are communes of the province known at all?
    pub fn has_units_of(&self, province: &str) -> bool {
        self.times.contains_key(province)
    }
    /// Are communes of the province known that exist on this day?
    pub fn covers(&self, province: &str, on: NaiveDate) -> bool {
        let holds = |(from, to): &Time| from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to);
        self.times.get(province).is_some_and(|times| times.iter().any(holds))
    }
    /// The codes of today under which a commune goes that had ended: of those into which it went, one after the other. A
    /// commune that has not ended goes under its own.
    fn today(&self, code: &str, on: NaiveDate) -> BTreeSet<String> {
        let (mut seen, mut open, mut found) = (HashSet::new(), vec![code], BTreeSet::new());
        while let Some(code) = open.pop().filter(|code| seen.len() < MOST_STEPS || seen.contains(*code)) {
            match self.unit(code, on) {
                _ if !seen.insert(code) => {}
                UnitState::Ended(unit) if !unit.successors.is_empty() => {
                    open.extend(unit.successors.iter().map(String::as_str));
                }
                _ => drop(found.insert(code.to_owned())),
            }
        }
        found
    }
    /// The province to which a unit belongs on a day.
    pub fn province_of(&self, code: &str, on: NaiveDate) -> Option<&str> {
        match self.unit(code, on) {
            UnitState::Valid(unit) => Some(unit.province.as_str()),
            _ => None,
        }
    }
}

/// The codes that communes bear at different times: those of today of one that ended, and those that ended in one alone.
#[derive(Debug, Default)]
pub struct SameCommunes {
    today: HashMap<String, BTreeSet<String>>,
    former: HashMap<String, BTreeSet<String>>,
}

impl SameCommunes {
    /// As of a day.
    pub fn on(day: NaiveDate, units: &Units) -> Self {
        let mut same = Self::default();
        for code in units.by_code.keys() {
            if !matches!(units.unit(code, day), UnitState::Ended(unit) if unit.level == UnitLevel::Commune) {
                continue;
            }
            let today = units.today(code, day);
            // One that was divided is not a part of any of those alone.
            if let Some(only) = today.first().filter(|only| today.len() == 1 && *only != code) {
                same.former.entry(only.clone()).or_default().insert(code.clone());
            }
            same.today.insert(code.clone(), today);
        }
        same
    }
    /// All codes of a commune: its own, those of today, and the former ones of these.
    pub fn of(&self, code: &str) -> BTreeSet<String> {
        let mut all = BTreeSet::from([code.to_owned()]);
        all.extend(self.today.get(code).into_iter().flatten().cloned());
        let former: Vec<String> = all.iter().filter_map(|code| self.former.get(code)).flatten().cloned().collect();
        all.extend(former);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn commune(code: &str, last: Option<&str>, successors: &[&str]) -> Unit {
        Unit {
            code: code.to_owned(),
            name: format!("Xã {code}"),
            level: UnitLevel::Commune,
            province: "31".to_owned(),
            valid_from: last.is_none().then(|| day("2025-07-01")),
            valid_to: last.map(day),
            successors: successors.iter().map(ToString::to_string).collect(),
        }
    }
    fn codes(units: &[Unit], code: &str, on: &str) -> Vec<String> {
        SameCommunes::on(day(on), &Units::new(units.to_vec())).of(code).into_iter().collect()
    }

    #[test]
    fn a_commune_that_ended_goes_under_the_codes_of_today() {
        let units = [
            commune("00100", Some("2020-12-31"), &["00200"]),
            commune("00200", Some("2025-06-30"), &["00300"]),
            commune("00210", Some("2025-06-30"), &["00300", "00400"]),
            commune("00300", None, &[]),
            commune("00400", None, &[]),
        ];
        assert_eq!(codes(&units, "00100", "2026-01-01"), ["00100", "00200", "00300"]);
        assert_eq!(codes(&units, "00300", "2026-01-01"), ["00100", "00200", "00300"]);
        assert_eq!(codes(&units, "00210", "2026-01-01"), ["00100", "00200", "00210", "00300", "00400"]);
        assert_eq!(codes(&units, "00400", "2026-01-01"), ["00400"], "a part of one that was divided");
        assert_eq!(codes(&units, "00200", "2025-06-30"), ["00100", "00200"]);
        assert_eq!(codes(&[], "00200", "2026-01-01"), ["00200"]);
    }

    #[test]
    fn a_code_that_names_another_commune_today_names_that_one() {
        let units = [
            commune("00500", Some("2025-06-30"), &["00600"]),
            commune("00500", None, &[]),
            commune("00600", None, &[]),
        ];
        assert_eq!(codes(&units, "00500", "2026-01-01"), ["00500"]);
    }

    #[test]
    fn communes_that_went_into_each_other_come_to_an_end() {
        let units =
            [commune("00100", Some("2020-12-31"), &["00200"]), commune("00200", Some("2021-12-31"), &["00100"])];
        assert_eq!(codes(&units, "00100", "2026-01-01"), ["00100"]);
    }
}
