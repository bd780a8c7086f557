//! One code list: its entries in order, found by code, and by what people write instead of a code.

use crate::model::lists::fold::{distance, fold};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Is the day within a time whose ends are in it, and may be open?
pub(super) fn holds(from: Option<NaiveDate>, to: Option<NaiveDate>, on: NaiveDate) -> bool {
    from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to)
}

/// One value of a code list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListEntry {
    /// What records say.
    pub code: String,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name; empty where the sector has none.
    pub name_en: String,
    /// First day on which it may be used; `None`: always could.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it may be used; `None`: no end is known.
    pub valid_to: Option<NaiveDate>,
    /// Everything else that the list says about it: heading and value, empty values left out.
    pub columns: Vec<(String, String)>,
}

impl ListEntry {
    /// The value of a further column; `None` when it is empty or unknown.
    pub fn column(&self, heading: &str) -> Option<&str> {
        self.columns.iter().find(|(known, _)| known == heading).map(|(_, value)| value.as_str())
    }
    /// May it be used on this day?
    pub fn is_valid(&self, on: NaiveDate) -> bool {
        holds(self.valid_from, self.valid_to, on)
    }
    /// The value of the column that, together with the code, is the key in `subjects` (level) and `assessment-levels`
    /// (scheme).
    pub fn group(&self) -> Option<&str> {
        self.column("scheme").or_else(|| self.column("level"))
    }
    fn aliases(&self) -> impl Iterator<Item = &str> {
        let aliases = self.column("aliases").unwrap_or_default().split('|').filter(|alias| !alias.is_empty());
        aliases.chain([self.name_vi.as_str(), self.name_en.as_str()]).filter(|name| !name.is_empty())
    }
}

/// One code list.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// In the order of the file.
    pub entries: Vec<ListEntry>,
    by_code: HashMap<String, Vec<usize>>,
    /// What each entry is called, folded: aliases, names, then the code. Found out when a wrong value asks for it first.
    folded: OnceLock<Vec<Vec<Folded>>>,
}

/// A name without accents and case, and how many letters it has.
#[derive(Debug, Clone)]
struct Folded {
    name: String,
    letters: usize,
}

/// Letters of a value that is looked for among names; one that is longer is none of them.
const LONGEST: usize = 200;

impl List {
    /// Of these entries.
    pub fn new(entries: Vec<ListEntry>) -> Self {
        let mut by_code: HashMap<String, Vec<usize>> = HashMap::with_capacity(entries.len());
        for (place, entry) in entries.iter().enumerate() {
            by_code.entry(entry.code.clone()).or_default().push(place);
        }
        Self { entries, by_code, folded: OnceLock::new() }
    }
    /// The entries with this code: several where a group or a time is part of the key.
    pub fn with_code(&self, code: &str) -> impl Iterator<Item = &ListEntry> {
        self.by_code.get(code).into_iter().flatten().filter_map(|place| self.entries.get(*place))
    }
    /// The entry with this code, the latest of several.
    pub fn entry(&self, code: &str) -> Option<&ListEntry> {
        self.with_code(code).max_by_key(|entry| entry.valid_from)
    }
    /// May the code be used on this day?
    pub fn contains(&self, code: &str, on: NaiveDate) -> bool {
        self.with_code(code).any(|entry| entry.is_valid(on))
    }
    /// The code that was most likely meant by `value`: a code written otherwise, a name or an alias, with or without
    /// accents.
    pub fn nearest(&self, value: &str) -> Option<String> {
        if value.chars().nth(LONGEST).is_some() {
            return None;
        }
        let wanted = fold(value);
        if wanted.is_empty() {
            return None;
        }
        self.named(value, &wanted)
            .or_else(|| self.padded(&wanted))
            .or_else(|| self.begun(&wanted))
            .or_else(|| self.similar(&wanted))
            .map(|entry| entry.code.clone())
    }
    /// Each entry with its folded names.
    fn folded(&self) -> impl Iterator<Item = (&ListEntry, &[Folded])> {
        let folded = |name: &str| {
            let name = fold(name);
            Folded { letters: name.chars().count(), name }
        };
        let names = |entry: &ListEntry| entry.aliases().chain([entry.code.as_str()]).map(folded).collect();
        let all = self.folded.get_or_init(|| self.entries.iter().map(names).collect());
        self.entries.iter().zip(all.iter().map(Vec::as_slice))
    }
    /// By a name or alias, letter by letter first, then folded.
    fn named(&self, value: &str, wanted: &str) -> Option<&ListEntry> {
        let exact = self.entries.iter().find(|entry| entry.code == value || entry.aliases().any(|name| name == value));
        let is_wanted = |names: &[Folded]| names.iter().any(|known| known.name == wanted);
        exact.or_else(|| self.folded().find(|(_, names)| is_wanted(names)).map(|(entry, _)| entry))
    }
    /// `1` for `01`, and `01` for `1`.
    fn padded(&self, wanted: &str) -> Option<&ListEntry> {
        let number: u32 = wanted.parse().ok()?;
        self.entries.iter().find(|entry| entry.code.parse() == Ok(number))
    }
    /// `transfer` for `transfer-out`, if nothing else begins so.
    fn begun(&self, wanted: &str) -> Option<&ListEntry> {
        let begins = |names: &[Folded]| names.iter().any(|known| known.name.starts_with(wanted));
        let mut found = self.folded().filter(|(_, names)| begins(names)).map(|(entry, _)| entry);
        found.next().filter(|_| wanted.chars().count() > 2 && found.next().is_none())
    }
    /// The fewest letters away, at most a third of them. A wrong number is near to every other number, so those are not
    /// compared; nor are names that are too long or too short to be so near.
    fn similar(&self, wanted: &str) -> Option<&ListEntry> {
        if wanted.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let letters = wanted.chars().count();
        let most = letters.div_ceil(3);
        let may_be_meant = |known: &&Folded| known.letters.abs_diff(letters) <= most;
        let apart = |names: &[Folded]| {
            names
                .iter()
                .filter(may_be_meant)
                .map(|known| distance(wanted, &known.name))
                .min()
                .filter(|apart| *apart <= most)
        };
        let near = self.folded().filter_map(|(entry, names)| Some((apart(names)?, entry)));
        near.min_by_key(|(apart, _)| *apart).map(|(_, entry)| entry)
    }
}
