//! Invented people: their numbers agree with sex, birth and province, as the rules ask, and belong to nobody else in
//! the sample.

use crate::sample::names;
use crate::sample::names::Sex;
use crate::sample::random::Random;
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;

/// Prefixes of mobile operators, all in the list `mobile-prefixes`.
const MOBILE: &[&str] = &["032", "035", "039", "070", "079", "081", "088", "090", "091", "097", "098"];
/// Numbers of one prefix, sex, century and birth year.
const SERIALS: u64 = 1_000_000;

/// Gives out citizen numbers, each once.
#[derive(Debug)]
pub struct Register {
    offset: u64,
    given: HashMap<String, u64>,
}

/// A person.
#[derive(Debug, Clone)]
pub struct SamplePerson {
    /// Family, middle and given name.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// Day of birth.
    pub birth_date: NaiveDate,
    /// Twelve digits (Decree 137/2015/NĐ-CP, article 13).
    pub citizen_id: String,
    /// Mobile number, ten digits.
    pub phone: String,
}

impl Register {
    /// Another seed begins elsewhere, so that two samples can lie in one database.
    pub fn new(seed: u64) -> Self {
        Self { offset: seed.wrapping_mul(104_729) % SERIALS, given: HashMap::new() }
    }
    /// A number for someone born in the province in that year.
    pub fn citizen_id(&mut self, province: &str, sex: Sex, year: i32) -> String {
        let century = (year.div_euclid(100) - 19) * 2 + i32::from(sex == Sex::Female);
        let head = format!("0{province}{century}{:02}", year.rem_euclid(100));
        let given = self.given.entry(head.clone()).or_default();
        // A factor without 2 and 5 among its divisors visits every serial once before it repeats one.
        let begin = self.offset + head.bytes().fold(0, |sum, digit| sum * 31 + u64::from(digit)) % SERIALS;
        let serial = (begin + *given) % SERIALS * 611_953 % SERIALS;
        *given += 1;
        format!("{head}{serial:06}")
    }
    /// Someone of this family and sex, born in the province on that day.
    pub fn person(
        &mut self,
        random: &mut Random,
        family: &str,
        sex: Sex,
        birth_date: NaiveDate,
        province: &str,
    ) -> SamplePerson {
        let name = names::full(random, family, sex);
        SamplePerson {
            name,
            sex,
            birth_date,
            citizen_id: self.citizen_id(province, sex, birth_date.year()),
            phone: mobile(random),
        }
    }
}

/// A mobile number.
pub fn mobile(random: &mut Random) -> String {
    format!("{}{:07}", random.pick(MOBILE), random.between(0, 9_999_999))
}

/// Male or female.
pub fn sex(random: &mut Random, percent_of_women: i64) -> Sex {
    if random.percent(percent_of_women) { Sex::Female } else { Sex::Male }
}

/// A day of the year.
pub fn day_of(random: &mut Random, year: i32) -> NaiveDate {
    let day = random.between(1, 365);
    NaiveDate::from_yo_opt(year, u32::try_from(day).unwrap_or(1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_number_says_sex_century_and_year_and_is_given_once() {
        let mut register = Register::new(7);
        assert_eq!(&register.citizen_id("31", Sex::Female, 1988)[..6], "031188");
        assert_eq!(&register.citizen_id("31", Sex::Male, 2014)[..6], "031214");
        let numbers: HashSet<String> = (0..20_000).map(|_| register.citizen_id("46", Sex::Female, 2010)).collect();
        assert_eq!(numbers.len(), 20_000);
    }
}
