//! Invented schools, complete for a school year, that keep every rule: for the demonstration, for trying software
//! against the gateway, and for tests. No person, school, number or address in them is real, but for the codes of
//! provinces and communes.

mod classes;
mod diplomas;
mod facilities;
mod line;
mod marks;
mod names;
mod people;
mod places;
mod primary;
mod students;
mod random;
mod records;
mod school;
mod secondary;
mod staff;

use crate::model::lists::Lists;
use crate::model::rules::learning::Demands;
use crate::model::rules::marks::Weights;
use people::Register;
use random::Random;
use school::School;

/// First school year in which Circulars 27/2020 and 22/2021 held for every grade.
const FIRST_YEAR: i32 = 2024;
/// Students of later years are not born yet, and births in the future are an error.
const LAST_YEAR: i32 = 2030;

/// The school year of samples unless another is asked for.
pub const DEFAULT_YEAR: &str = "2025-2026";

/// What to invent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How many schools.
    pub schools: u64,
    /// The same seed gives the same bytes; another one other schools, under other codes.
    pub seed: u64,
    /// The school year.
    pub school_year: SampleYear,
}

/// A school year, such as `2025-2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleYear {
    /// The calendar year in which it begins.
    begins: i32,
}

impl std::str::FromStr for SampleYear {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let begins = text
            .get(..4)
            .and_then(|year| year.parse::<i32>().ok())
            .filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year));
        let expected = || {
            format!(
                "a school year from {FIRST_YEAR}-{} to {LAST_YEAR}-{}, such as 2025-2026",
                FIRST_YEAR + 1,
                LAST_YEAR + 1
            )
        };
        let year = Self { begins: begins.ok_or_else(expected)? };
        if year.to_string() == text { Ok(year) } else { Err(expected()) }
    }
}

impl std::fmt::Display for SampleYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.begins, self.begins + 1)
    }
}

/// The records of one school, parents first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolRecords {
    /// Eight digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// NDJSON as `POST /v1/submissions` takes it.
    pub ndjson: String,
    /// How many lines.
    pub records: u64,
}

/// What the makers of records share: the code lists, the school year and the numbers given out so far.
struct Setting {
    lists: Lists,
    demands: Demands,
    weights: Weights,
    school_year: String,
    begins: i32,
    register: Register,
}

/// The schools of a plan, one after the other; only one is held in memory at a time. Empty when the year's circular is
/// not known.
pub fn schools(plan: &Plan) -> impl Iterator<Item = SchoolRecords> + use<> {
    let (lists, school_year) = (Lists::embedded(), plan.school_year.to_string());
    let demands = Demands::of(&lists, &school_year, "");
    let begins = plan.school_year.begins;
    let known = demands.zip(Weights::of(&lists, &school_year, None));
    let register = Register::new(plan.seed);
    let mut setting =
        known.map(|(demands, weights)| Setting { lists, demands, weights, school_year, begins, register });
    let plan = plan.clone();
    (0..plan.schools).map_while(move |index| Some(one_school(setting.as_mut()?, plan.seed, index)))
}

fn one_school(setting: &mut Setting, seed: u64, index: u64) -> SchoolRecords {
    let mut random = Random::part(seed, index);
    let school = School::invent(setting, &mut random, seed, index);
    let (mut ndjson, mut records) = (String::new(), 0);
    school.write(setting, &mut random, &mut |line| {
        line.write(&mut ndjson);
        records += 1;
    });
    SchoolRecords { code: school.code, name: school.name, ndjson, records }
}

#[cfg(test)]
mod tests;
