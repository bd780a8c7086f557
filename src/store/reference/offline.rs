//! Reference data without a database: the files of `reference load` over what the program brings along. What a file
//! replaces is what [`write`](crate::store::reference::write) replaces in the tables; a test loads the same files both
//! ways.

use crate::error::Result;
use crate::model::lists::{ListEntry, Lists, Unit, UnitLevel, Units};
use crate::store::reference::read;
use crate::store::reference::read::ReferenceContent;
use crate::store::reference::{ReferenceFile, with_successors};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The program's lists, overlaid by these files.
///
/// # Errors
/// The first file that cannot be read, with its line and what was expected.
pub fn lists_of(files: &[ReferenceFile]) -> Result<Lists> {
    let mut tables = Tables::default();
    for file in files {
        tables.load(read::read(&file.name, &file.bytes)?);
    }
    Ok(tables.lists())
}

/// First and last day.
type Time = (Option<NaiveDate>, Option<NaiveDate>);

/// What the tables would hold.
#[derive(Default)]
struct Tables {
    values: BTreeMap<String, Vec<ListEntry>>,
    units: Vec<Unit>,
    successions: BTreeMap<NaiveDate, BTreeSet<(String, String, String)>>,
}

impl Tables {
    fn load(&mut self, content: ReferenceContent) {
        match content {
            ReferenceContent::List { name, from: None, to: None, entries } => drop(self.values.insert(name, entries)),
            ReferenceContent::List { name, from, to, entries } => {
                let values = self.values.entry(name).or_insert_with_key(|name| own_entries(name));
                values.retain(|entry| !within((entry.valid_from, entry.valid_to), (from, to)));
                values.iter_mut().for_each(|entry| make_room((&mut entry.valid_from, &mut entry.valid_to), (from, to)));
                values.extend(entries);
            }
            ReferenceContent::Provinces { from, entries } => {
                let values = self.values.entry("provinces".to_owned()).or_default();
                values.retain(|entry| entry.valid_from != from);
                values.extend(entries);
            }
            ReferenceContent::Units(units) => {
                let provinces = provinces(&units);
                self.units.retain(|unit| !provinces.contains(&unit.province));
                self.units.extend(units);
            }
            ReferenceContent::Communes { from, to, units } => self.communes((from, to), units),
            ReferenceContent::Crosswalk { ended_on, rows } => {
                let known = self.successions.entry(ended_on).or_default();
                let provinces: BTreeSet<&String> = rows.iter().map(|row| &row.0).collect();
                let codes: BTreeSet<&String> = rows.iter().map(|row| &row.1).collect();
                known.retain(|row| !provinces.contains(&row.0) && !codes.contains(&row.1));
                known.extend(rows);
            }
        }
    }

    /// Communes of a time replace those of their provinces within it; the file says nothing about successors, so those
    /// that are known stay.
    fn communes(&mut self, time: Time, mut units: Vec<Unit>) {
        let provinces = provinces(&units);
        let covers = |unit: &Unit| unit.level == UnitLevel::Commune && provinces.contains(&unit.province);
        let replaced = self.units.extract_if(.., |unit| covers(unit) && within((unit.valid_from, unit.valid_to), time));
        let known: HashMap<(String, Option<NaiveDate>), Vec<String>> = replaced
            .filter(|unit| !unit.successors.is_empty())
            .map(|unit| ((unit.code, unit.valid_to), unit.successors))
            .collect();
        for unit in self.units.iter_mut().filter(|unit| covers(unit)) {
            make_room((&mut unit.valid_from, &mut unit.valid_to), time);
        }
        for unit in units.iter_mut().filter(|unit| unit.successors.is_empty() && unit.valid_to.is_some()) {
            unit.successors = known.get(&(unit.code.clone(), unit.valid_to)).cloned().unwrap_or_default();
        }
        self.units.extend(units);
    }

    fn lists(self) -> Lists {
        let mut crosswalk: HashMap<(NaiveDate, String), Vec<String>> = HashMap::new();
        for (ended_on, rows) in self.successions {
            let rows: BTreeSet<(String, String)> =
                rows.into_iter().map(|(_, code, successor)| (code, successor)).collect();
            rows.into_iter()
                .for_each(|(code, successor)| crosswalk.entry((ended_on, code)).or_default().push(successor));
        }
        let units = self.units.into_iter().map(|unit| with_successors(unit, &crosswalk));
        Lists::overlaid(self.values, Units::new(units))
    }
}

/// What the program brings along for the rest of time.
fn own_entries(list: &str) -> Vec<ListEntry> {
    Lists::embedded().list(list).map(|list| list.entries.clone()).unwrap_or_default()
}

fn provinces(units: &[Unit]) -> BTreeSet<String> {
    units.iter().map(|unit| unit.province.clone()).collect()
}

/// Does it lie wholly within a time? An open end is further than any day.
fn within((from, to): Time, (first, last): Time) -> bool {
    first.is_none_or(|first| from.is_some_and(|from| from >= first))
        && last.is_none_or(|last| to.is_some_and(|to| to <= last))
}

/// Leaves the time to what is loaded for it: what goes on into it ends before, what begins in it begins after.
fn make_room((from, to): (&mut Option<NaiveDate>, &mut Option<NaiveDate>), time: Time) {
    match time {
        (Some(first), None) if to.is_none_or(|to| to >= first) => *to = first.pred_opt(),
        (None, Some(last)) if from.is_none_or(|from| from <= last) => *from = last.succ_opt(),
        _ => {}
    }
}
