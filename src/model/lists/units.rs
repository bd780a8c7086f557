//! Administrative units in time. A commune's code means nothing without a date: many a code names another commune since
//! 1 July 2025.

use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

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
#[derive(Debug, Clone, Default)]
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
    /// Are communes of the province known at all?
    pub fn has_units_of(&self, province: &str) -> bool {
        self.times.contains_key(province)
    }
    /// Are communes of the province known that exist on this day?
    pub fn covers(&self, province: &str, on: NaiveDate) -> bool {
        let holds = |(from, to): &Time| from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to);
        self.times.get(province).is_some_and(|times| times.iter().any(holds))
    }
    /// The province to which a unit belongs on a day.
    pub fn province_of(&self, code: &str, on: NaiveDate) -> Option<&str> {
        match self.unit(code, on) {
            UnitState::Valid(unit) => Some(unit.province.as_str()),
            _ => None,
        }
    }
}
