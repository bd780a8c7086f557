//! ID, PH: who someone is. Numbers are sensitive: messages show their first three digits at most, the hint on a lost
//! zero the last three too.

use crate::model::field::{OFFICIAL_CODE, PROVISIONAL};
use crate::model::issue::Severity;
use crate::model::lists::Lists;
use crate::model::lists::fold::fold;
use crate::model::rules::catalogue as rule;
use crate::model::rules::{Candidate, IssueSink, RuleContext};
use crate::model::value::Row;
use chrono::{Datelike, NaiveDate};

/// Digits of a citizen number.
const LENGTH: usize = 12;
/// Digits of a school's code.
const SCHOOL_CODE: usize = 8;

/// A person's citizen number and what it must agree with.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// As sent; `None` when absent or faulty.
    pub citizen_id: Option<&'a str>,
    /// `male` or `female`; `None` when absent or faulty: then the fourth digit is not judged.
    pub sex: Option<&'a str>,
    /// `None` when absent or faulty: then of the fourth digit only the sex is judged, and not the year.
    pub birth_date: Option<NaiveDate>,
    /// Is the person of another nationality? Foreigners' numbers follow other patterns.
    pub is_foreign: bool,
    /// Did the population database confirm the number? There are official numbers that do not follow the pattern.
    pub is_verified: bool,
}

/// Is it the nationality of somebody who has no number of the Vietnamese pattern?
pub fn is_foreign(nationality: Option<&str>) -> bool {
    nationality.is_some_and(|country| country != "VN")
}

/// ID-001, ID-002, ID-003, ID-004, ID-008 of the person that the record is about.
pub fn citizen_id(candidate: &Candidate, at: impl Into<usize>, person: Person, sink: &mut IssueSink) {
    let pointer = sink.pointer(at);
    let Some(number) = form(person.citizen_id, &pointer, sink).filter(|_| !person.is_foreign) else { return };
    let mut found = IssueSink::new(&[]);
    prefix(candidate, &number[..3], &pointer, &mut found);
    sex_and_century(number, person, &pointer, &mut found);
    birth_year(number, person.birth_date, &pointer, &mut found);
    for mut issue in found.into_issues() {
        if person.is_verified {
            issue.severity(Severity::Warning);
        }
        sink.absorb(issue);
    }
}

/// ID-001, ID-002, ID-008 of a number of which sex and birth date are not known.
pub fn bare_citizen_id(candidate: &Candidate, pointer: &str, number: Option<&str>, sink: &mut IssueSink) {
    if let Some(number) = form(number, pointer, sink) {
        prefix(candidate, &number[..3], pointer, sink);
    }
}

/// ID-006. A faulty number is not missing, and who is known to be of another nationality has none.
pub fn missing_citizen_id(
    candidate: &Candidate,
    at: impl Into<usize>,
    nationality: Option<&str>,
    sink: &mut IssueSink,
) {
    let at = at.into();
    if candidate.row.is_absent(at) && !is_foreign(nationality) {
        sink.raise(&rule::ID_006, at);
    }
}

/// The number, if it has twelve digits.
fn form<'a>(number: Option<&'a str>, pointer: &str, sink: &mut IssueSink) -> Option<&'a str> {
    let number = number?;
    let is_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits && number.len() == LENGTH {
        return Some(number);
    }
    if is_digits && number.len() + 1 == LENGTH {
        sink.raise_at(&rule::ID_008, pointer).with_sensitive("padded", format_args!("0{number}"));
    } else {
        let length = number.chars().count();
        sink.raise_at(&rule::ID_001, pointer).with("value", masked(number)).with("length", length);
    }
    None
}

/// The first three characters, and that there are more.
pub fn masked(number: &str) -> String {
    let shown: String = number.chars().take(3).collect();
    if shown.len() == number.len() { shown } else { shown + "***" }
}

/// ID-002.
fn prefix(candidate: &Candidate, prefix: &str, pointer: &str, sink: &mut IssueSink) {
    if candidate.lists.citizen_prefix_known(prefix) {
        return;
    }
    let is_country = candidate.lists.is_country_prefix(prefix, candidate.received);
    let severity = if is_country { Severity::Warning } else { Severity::Error };
    sink.raise_at(&rule::ID_002, pointer).severity(severity).with("prefix", prefix);
}

/// ID-003: 0 and 1 for men and women born in 19xx, 2 and 3 in 20xx, 4 and 5 in 21xx.
fn sex_and_century(number: &str, person: Person, pointer: &str, sink: &mut IssueSink) {
    let woman = match person.sex {
        Some("male") => 0,
        Some("female") => 1,
        _ => return,
    };
    let Some(digit) = number.get(3..4).and_then(|digit| digit.parse::<i32>().ok()) else { return };
    let century = person.birth_date.map(|date| (date.year().div_euclid(100) - 19) * 2);
    let expected = match century {
        Some(century) if digit == century + woman => return,
        Some(century) => (century + woman).to_string(),
        None if digit % 2 == woman => return,
        None if woman == 0 => "0, 2, 4".to_owned(),
        None => "1, 3, 5".to_owned(),
    };
    sink.raise_at(&rule::ID_003, pointer).with("found", digit).with("expected", expected);
}

/// ID-004.
fn birth_year(number: &str, birth_date: Option<NaiveDate>, pointer: &str, sink: &mut IssueSink) {
    let Some(year) = birth_date.map(|date| date.year().rem_euclid(100)) else { return };
    if number.get(4..6).and_then(|digits| digits.parse().ok()) != Some(year) {
        sink.raise_at(&rule::ID_004, pointer);
    }
}

/// Is it a code for the time until the sector gives one?
pub fn is_provisional(code: &str) -> bool {
    code.strip_prefix(PROVISIONAL).is_some_and(|rest| !rest.is_empty())
}

/// The school whose code a provisional code carries: 31000501 of `TAM-31000501-0001`.
pub fn carried_school(code: &str) -> Option<&str> {
    let rest = code.strip_prefix(PROVISIONAL)?;
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    (length == SCHOOL_CODE && rest.len() > length).then(|| &rest[..length])
}

/// ID-020, ID-023: the code of a student or member of staff.
pub fn person_code(at: impl Into<usize>, code: Option<&str>, sink: &mut IssueSink) {
    let Some(code) = code else { return };
    if is_provisional(code) {
        sink.raise(&rule::ID_023, at).with("value", code);
    } else if code.len() != OFFICIAL_CODE || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        sink.raise(&rule::ID_020, at).with("value", code);
    }
}

/// What of another record tells whether it is about the same person.
pub struct KnownPerson<'a> {
    /// Its code.
    pub code: Option<&'a str>,
    /// The school that has it.
    pub school: Option<&'a str>,
    /// Its name.
    pub name: Option<&'a str>,
    /// Its birth date.
    pub birth_date: Option<NaiveDate>,
}

/// ID-005, or ID-021 where name and birth date agree: the lookup `same_citizen` found others with this number. `own` is
/// the record's school and name, `at` the places of its number and of its code. Of a record of a school for which the
/// sender does not act it is told only that the number is taken.
pub fn same_citizen(
    context: &RuleContext,
    person: Person,
    own: (Option<&str>, Option<&str>),
    at: (usize, usize),
    known: fn(&Row) -> KnownPerson<'_>,
    sink: &mut IssueSink,
) {
    let Some(number) = person.citizen_id else { return };
    let Some(other) = context.lookup("same_citizen").iter().map(known).next() else { return };
    let (Some(code), Some(school)) = (other.code, other.school) else { return };
    let is_told = own.0 == Some(school) || (context.acts_for)(school);
    let same_name = own.1.zip(other.name).is_some_and(|(own, other)| fold(own) == fold(other));
    if is_told && same_name && person.birth_date.is_some() && person.birth_date == other.birth_date {
        sink.raise(&rule::ID_021, at.1).with("other", code);
    } else {
        let issue = sink.raise(&rule::ID_005, at.0);
        issue.with("value", masked(number));
        // Who may read of the record may read of others of its school.
        if own.0 == Some(school) {
            issue.with("other", code)
        } else {
            issue.with_of_school("other", school, code)
        };
    }
}

/// PH-001, of a normalised number.
pub fn phone(lists: &Lists, pointer: &str, phone: Option<&str>, sink: &mut IssueSink) {
    if let Some(number) = phone.filter(|number| !is_phone(lists, number)) {
        sink.raise_at(&rule::PH_001, pointer).with("value", masked(number));
    }
}

/// Mobile numbers have ten digits, landlines eleven that begin with 02, hotlines eight or ten that begin with 1800 or
/// 1900.
fn is_phone(lists: &Lists, number: &str) -> bool {
    let is_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    is_digits
        && match number.len() {
            10 if number.starts_with('0') => lists.mobile_prefix_known(&number[..3]),
            8 | 10 => number.starts_with("1800") || number.starts_with("1900"),
            11 => number.starts_with("02"),
            _ => false,
        }
}
