//! Places and schools by their names: the one that bears a name, or those among which it cannot be told.

use crate::intake::sheet::around::context::{ClassFact, SheetContext, StaffFact};
use crate::intake::sheet::around::derive::FoundName;
use crate::intake::sheet::cells::cell::CellReader;
use crate::intake::sheet::headings::heading::key;
use crate::model::lists::{ListEntry, Unit, Units};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What stands before the name of a place, as people write it.
const KINDS: [&str; 14] =
    ["thanh pho", "tinh", "tp", "phuong", "thi tran", "thi xa", "xa", "dac khu", "quan", "huyen", "p", "x", "tt", "tx"];
/// Candidates that an issue lists.
const LISTED: usize = 8;

/// The name of a place without its kind.
fn bare(name: &str) -> &str {
    KINDS.iter().find_map(|kind| name.strip_prefix(kind)?.strip_prefix(' ')).unwrap_or(name)
}

/// Of those that bear a name in full, else of those that bear it without its kind, the one; `valid` tells which are in
/// force.
fn one_of<T>(
    all: &[T],
    name: &str,
    named: impl Fn(&T) -> String,
    code: impl Fn(&T) -> String,
    valid: impl Fn(&T) -> bool,
) -> FoundName {
    let wanted = key(name);
    let with =
        |matches: &dyn Fn(&str) -> bool| -> Vec<&T> { all.iter().filter(|one| matches(&key(&named(one)))).collect() };
    let mut found = with(&|own| own == wanted);
    if found.is_empty() {
        found = with(&|own| bare(own) == bare(&wanted));
    }
    let in_force: Vec<&T> = found.iter().copied().filter(|one| valid(one)).collect();
    let found = if in_force.is_empty() { found } else { in_force };
    let mut codes: Vec<(String, String)> = found.into_iter().map(|one| (code(one), named(one))).collect();
    codes.sort();
    codes.dedup_by(|one, other| one.0 == other.0);
    match codes.len() {
        0 => FoundName::Nothing,
        1 => FoundName::Code(codes.remove(0).0),
        _ => {
            FoundName::Several(codes.into_iter().take(LISTED).map(|(code, name)| format!("{code} ({name})")).collect())
        }
    }
}

impl CellReader<'_> {
    /// A province, of today or of any day.
    pub(crate) fn province(&mut self, name: &str) -> FoundName {
        let on = self.received;
        let entries = self.lists.list("provinces").map_or(&[][..], |list| list.entries.as_slice());
        let valid = |entry: &ListEntry| entry.is_valid(on);
        one_of(entries, name, |entry| entry.name_vi.clone(), |entry| entry.code.clone(), valid)
    }

    /// A commune of a province, by the name or the code of that; without one, of any.
    pub(crate) fn commune(&mut self, name: &str, province: Option<&str>) -> FoundName {
        let asked = (key(name), province.map(key));
        if let Some(known) = self.communes.get(&asked) {
            return known.as_ref().map_or(FoundName::Nothing, |code| FoundName::Code(code.clone()));
        }
        let found = self.find_commune(name, province);
        match &found {
            FoundName::Code(code) => drop(self.communes.insert(asked, Some(code.clone()))),
            FoundName::Nothing => drop(self.communes.insert(asked, None)),
            FoundName::Several(_) | FoundName::Untold => (),
        }
        found
    }

    fn find_commune(&mut self, name: &str, province: Option<&str>) -> FoundName {
        let units = self.lists.units();
        let province = match province.map(str::trim).filter(|name| !name.is_empty()) {
            None => None,
            Some(code) if code.bytes().all(|byte| byte.is_ascii_digit()) => Some(format!("{code:0>2}")),
            Some(name) => match self.province(name) {
                FoundName::Code(code) => Some(code),
                _ => return FoundName::Nothing,
            },
        };
        let all: Vec<&Unit> = units.communes(province.as_deref()).collect();
        if all.is_empty() {
            return FoundName::Untold;
        }
        in_force(&all, name, self.received)
    }

    /// The member of the school's staff of this name.
    pub(crate) fn staff_member(&mut self, name: &str) -> FoundName {
        match self.context.as_ref().map(|context| staff_member_of(context, name)) {
            None | Some(FoundName::Untold) => FoundName::Nothing,
            Some(found) => found,
        }
    }

    /// The class of the school that bears a name or has it for its code, in the row's year if that is known; one that is
    /// not there yet has its name for its code.
    pub(crate) fn class_code(&self, name: &str) -> FoundName {
        let known = self.known_classes();
        let bare = |text: &str| bare_class(&key(text)).to_owned();
        let with = |text: &dyn Fn(&ClassFact) -> String| -> BTreeSet<String> {
            let found = known.iter().filter(|class| bare(&text(class)) == bare(name));
            found.map(|class| class.code.clone()).collect()
        };
        let mut codes = with(&|class| class.name.clone());
        if codes.is_empty() {
            codes = with(&|class| class.code.clone());
        }
        match codes.len() {
            0 => FoundName::Code(without_kind(name).to_owned()),
            1 => codes.pop_first().map_or(FoundName::Nothing, FoundName::Code),
            _ => FoundName::Several(codes.into_iter().take(LISTED).collect()),
        }
    }

    /// The name of the class that has this code or name; one that is not there yet is called so.
    pub(crate) fn class_name(&self, class: &str) -> String {
        let stored = |code: String| self.known_classes().into_iter().rev().find(|class| class.code == code);
        let found = if let FoundName::Code(code) = self.class_code(class) { stored(code) } else { None };
        found.map_or_else(|| without_kind(class).to_owned(), |class| class.name)
    }

    /// The classes of the school, of the row's year if that is known.
    fn known_classes(&self) -> Vec<ClassFact> {
        let Some((context, school)) = self.context.and_then(|context| Some((context, context.school()?.to_owned())))
        else {
            return Vec::new();
        };
        let year = self.row.year.as_str();
        let of_year = |class: &&ClassFact| year.is_empty() || class.year == year;
        context.facts.classes_of(&school).iter().filter(of_year).cloned().collect()
    }

    /// The school of this name; of several that which the commune manages.
    pub(crate) fn school(&mut self, name: &str, commune: Option<&str>) -> FoundName {
        self.context.as_ref().map_or(FoundName::Untold, |context| school_of(context, self.lists.units(), name, commune))
    }
}

/// The school of this name; of several that which the commune manages. Against a school whose commune has no name here
/// nothing speaks.
pub(crate) fn school_of(context: &SheetContext, units: &Units, name: &str, commune: Option<&str>) -> FoundName {
    let wanted = key(name);
    let is_named = |own: &str| {
        let own = key(own);
        own == wanted || bare_school(&own) == bare_school(&wanted)
    };
    let commune = commune.map(key).map(|name| name.strip_prefix("ubnd ").unwrap_or(&name).to_owned());
    let is_there = |code: &str| {
        let Some(wanted) = commune.as_deref().filter(|name| !name.is_empty()) else { return true };
        let mut names = units.communes_of_code(code).map(|unit| key(&unit.name)).peekable();
        names.peek().is_none() || names.any(|own| own == wanted || bare(&own) == bare(wanted))
    };
    let schools = context.facts.schools();
    let found = schools.iter().filter(|school| is_named(&school.name) && is_there(&school.commune));
    let mut codes: Vec<String> = found.map(|school| school.code.clone()).collect();
    match codes.len() {
        0 => FoundName::Nothing,
        1 => FoundName::Code(codes.remove(0)),
        _ => FoundName::Several(codes.into_iter().take(LISTED).collect()),
    }
}

/// The commune of this name that there is on a day; of those that have ended the one.
fn in_force(all: &[&Unit], name: &str, on: NaiveDate) -> FoundName {
    one_of(all, name, |unit| unit.name.clone(), |unit| unit.code.clone(), |unit| unit.is_valid(on))
}

/// The one of the school's staff who bears a name, as it is written, else whatever its accents.
pub(crate) fn staff_member_of(context: &SheetContext, name: &str) -> FoundName {
    let colleagues = context.school().map(|school| context.facts.staff_of(school)).unwrap_or_default();
    if colleagues.is_empty() {
        return FoundName::Untold;
    }
    let exact = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let with = |form: &dyn Fn(&str) -> String| -> Vec<&StaffFact> {
        colleagues.iter().filter(|one| form(&one.name) == form(name)).collect()
    };
    let mut found = with(&exact);
    if found.is_empty() {
        found = with(&|text| key(text));
    }
    match found.as_slice() {
        [] => FoundName::Nothing,
        [only] => FoundName::Code(only.code.clone()),
        several => {
            FoundName::Several(several.iter().take(LISTED).map(|one| format!("{} ({})", one.code, one.name)).collect())
        }
    }
}

/// A key of a class without what it is: `6a` of `lop 6a`.
fn bare_class(key: &str) -> &str {
    key.strip_prefix("lop ").unwrap_or(key)
}

/// `Lớp 6A` → `6A`.
fn without_kind(class: &str) -> &str {
    let words = class.split_once(char::is_whitespace);
    words.filter(|(first, _)| key(first) == "lop").map_or(class, |(_, rest)| rest.trim())
}

fn bare_school(name: &str) -> &str {
    name.strip_prefix("truong ").unwrap_or(name)
}
