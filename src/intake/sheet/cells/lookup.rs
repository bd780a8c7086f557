//! Codes by what people write instead of them: names and aliases that one code bears, and numbers that lost their
//! zeros.

use crate::intake::sheet::headings::heading::key;
use crate::model::lists::{ListEntry, Lists};
use chrono::NaiveDate;
use std::collections::HashMap;

/// The codes of the lists asked for so far.
#[derive(Default)]
pub struct CodeLookup {
    lists: HashMap<&'static str, Index>,
}

/// The codes of one list.
#[derive(Default)]
pub struct Index {
    /// Name or alias as a key; `None`: several codes bear it.
    names: HashMap<String, Option<String>>,
    numbers: HashMap<u64, Option<String>>,
}

impl CodeLookup {
    /// The codes of a list that may be used on a day.
    pub fn index(&mut self, lists: &Lists, list: &'static str, on: NaiveDate) -> &Index {
        self.lists.entry(list).or_insert_with(|| {
            let mut index = Index::default();
            let entries = lists.list(list).map_or(&[][..], |list| list.entries.as_slice());
            entries.iter().filter(|entry| entry.is_valid(on)).for_each(|entry| index.add(entry));
            index
        })
    }
}

impl Index {
    fn add(&mut self, entry: &ListEntry) {
        let aliases = entry.column("aliases").unwrap_or_default().split('|');
        for name in aliases.chain([entry.name_vi.as_str(), entry.name_en.as_str(), entry.code.as_str()]) {
            let name = key(name);
            if !name.is_empty() {
                once(&mut self.names, name, &entry.code);
            }
        }
        if let Ok(number) = entry.code.parse::<u64>() {
            once(&mut self.numbers, number, &entry.code);
        }
    }
    /// The one code of this name, with or without accents.
    pub fn named(&self, text: &str) -> Option<String> {
        self.names.get(&key(text)).cloned().flatten()
    }
    /// The one code that is this number with zeros before it.
    pub fn padded(&self, text: &str) -> Option<String> {
        let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten()?;
        self.numbers.get(&number).cloned().flatten().filter(|code| code.len() > text.len())
    }
}

fn once<K: std::hash::Hash + Eq>(known: &mut HashMap<K, Option<String>>, name: K, code: &str) {
    known
        .entry(name)
        .and_modify(|found| *found = found.take().filter(|found| found == code))
        .or_insert_with(|| Some(code.to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_its_code_if_it_has_one_only() {
        let (lists, mut lookup) = (Lists::embedded(), CodeLookup::default());
        let day = NaiveDate::from_ymd_opt(2025, 9, 5).unwrap();
        assert_eq!(lookup.index(&lists, "ethnic-groups", day).named("kinh").as_deref(), Some("01"));
        assert_eq!(lookup.index(&lists, "sexes", day).named("NỮ").as_deref(), Some("female"));
        assert_eq!(
            lookup.index(&lists, "subjects", day).named("toán").as_deref(),
            Some("TOAN"),
            "the same code on every level"
        );
        assert_eq!(lookup.index(&lists, "grade-levels", day).padded("6").as_deref(), Some("06"));
        assert_eq!(lookup.index(&lists, "grade-levels", day).padded("06"), None);
        assert_eq!(lookup.index(&lists, "ethnic-groups", day).named("nobody"), None);
    }
}
