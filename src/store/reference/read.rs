//! Files of reference data: recognised by their headings, read to the last row before anything is kept.

use crate::error::{BAD_REQUEST, Error, Result};
use crate::model::lists::table::{CsvTable, TableFault, date};
use crate::model::lists::{ListEntry, Lists, Unit, UnitLevel};
use crate::model::messages::{PlaceValue, message};
use crate::model::moment;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What a file holds.
#[derive(Debug)]
pub enum ReferenceContent {
    /// A code list, whole, or what it says of a time.
    List { name: String, from: Option<NaiveDate>, to: Option<NaiveDate>, entries: Vec<ListEntry> },
    /// Provinces as they were from a day, or always.
    Provinces { from: Option<NaiveDate>, entries: Vec<ListEntry> },
    /// Units of all levels and times, of their provinces.
    Units(Vec<Unit>),
    /// Communes of a time.
    Communes { from: Option<NaiveDate>, to: Option<NaiveDate>, units: Vec<Unit> },
    /// Province, code and successor of communes that ended on a day.
    Crosswalk { ended_on: NaiveDate, rows: BTreeSet<(String, String, String)> },
}

/// Reads a file; `name` is its name without folders.
///
/// # Errors
/// File, line, what is wrong and what was expected.
pub fn read(name: &str, bytes: &[u8]) -> Result<ReferenceContent> {
    let content = CsvTable::read(bytes).and_then(|table| {
        if table.rows.is_empty() { Err((0, message("file-without-rows"))) } else { recognise(name, &table) }
    });
    content.map_err(|(line, sentence)| {
        let place = match line {
            0 => PlaceValue::from(name),
            line => message("line-of-file").with("file", name).with("line", line).into(),
        };
        Error::new(BAD_REQUEST, message("reference-fault").with("place", place).with("fault", sentence))
    })
}

fn recognise(name: &str, table: &CsvTable) -> Result<ReferenceContent, TableFault> {
    if table.has(&["code", "name", "level", "parent"]) {
        units(table).map(ReferenceContent::Units)
    } else if table.has(&["code", "name", "province_code"]) {
        communes(name, table)
    } else if table.has(&["old_province", "old_commune", "new_commune"]) {
        crosswalk(name, table)
    } else if table.has(&["code", "name", "cccd_prefix"]) {
        provinces((None, last_day(name)), table)
    } else if table.has(&["code", "name", "merged_from"]) {
        provinces((Some(begin(name, "-from-").ok_or_else(|| undated(name))?), None), table)
    } else {
        code_list(name, table)
    }
}

/// The day after `marker` in a file's name: `communes-from-2025-07-01.csv`.
fn begin(name: &str, marker: &str) -> Option<NaiveDate> {
    let (_, rest) = name.rsplit_once(marker)?;
    moment::date(rest.get(..10)?)
}

/// The day before that of `-before-DAY` in a file's name.
fn last_day(name: &str) -> Option<NaiveDate> {
    begin(name, "-before-")?.pred_opt()
}

fn undated(name: &str) -> TableFault {
    (0, message("file-undated").with("name", name))
}

/// A cell by its heading; empty where the file has no such column.
fn cell<'a>(table: &'a CsvTable, cells: &'a [String], heading: &str) -> &'a str {
    table.place(heading).and_then(|place| cells.get(place)).map_or("", String::as_str)
}

fn code<'a>(
    table: &'a CsvTable,
    line: u64,
    cells: &'a [String],
    heading: &str,
    lengths: &[usize],
) -> Result<&'a str, TableFault> {
    let code = cell(table, cells, heading);
    if lengths.contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(code);
    }
    let digits = lengths.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
    Err((line, message("cell-no-code").with("value", code).with("heading", heading).with("digits", digits)))
}

fn named<'a>(table: &'a CsvTable, line: u64, cells: &'a [String]) -> Result<&'a str, TableFault> {
    let name = cell(table, cells, "name");
    if name.is_empty() { Err((line, message("row-without-name"))) } else { Ok(name) }
}

fn validity(
    table: &CsvTable,
    line: u64,
    cells: &[String],
) -> Result<(Option<NaiveDate>, Option<NaiveDate>), TableFault> {
    let (from, to) = (
        date(line, "valid_from", cell(table, cells, "valid_from"))?,
        date(line, "valid_to", cell(table, cells, "valid_to"))?,
    );
    match (from, to) {
        (Some(from), Some(to)) if to < from => Err((line, message("row-ends-early").with("to", to).with("from", from))),
        _ => Ok((from, to)),
    }
}

/// Units of all levels; a unit's province is found through its parents.
fn units(table: &CsvTable) -> Result<Vec<Unit>, TableFault> {
    let parents: HashMap<&str, &str> =
        table.rows.iter().map(|(_, cells)| (cell(table, cells, "code"), cell(table, cells, "parent"))).collect();
    let units: Vec<Unit> =
        table.rows.iter().map(|(line, cells)| unit(table, *line, cells, &parents)).collect::<Result<_, _>>()?;
    unique(table, units.iter().map(|unit| (&unit.code, unit.valid_from)))?;
    Ok(units)
}

fn unit(table: &CsvTable, line: u64, cells: &[String], parents: &HashMap<&str, &str>) -> Result<Unit, TableFault> {
    let (level, length) = match cell(table, cells, "level") {
        "province" => (UnitLevel::Province, 2),
        "district" => (UnitLevel::District, 3),
        "commune" => (UnitLevel::Commune, 5),
        other => return Err((line, message("level-unknown").with("value", other))),
    };
    let code = code(table, line, cells, "code", &[length])?;
    let province =
        province_of(code, parents).ok_or_else(|| (line, message("unit-without-province").with("code", code)))?;
    let (valid_from, valid_to) = validity(table, line, cells)?;
    let successors = cell(table, cells, "successor_codes").split_whitespace().map(str::to_owned).collect();
    Ok(Unit {
        code: code.to_owned(),
        name: named(table, line, cells)?.to_owned(),
        level,
        province: province.to_owned(),
        valid_from,
        valid_to,
        successors,
    })
}

/// Three steps at most: commune, district, province. Provinces have two digits.
fn province_of<'a>(code: &'a str, parents: &HashMap<&'a str, &'a str>) -> Option<&'a str> {
    let mut unit = code;
    for _ in 0..3 {
        if unit.len() == 2 {
            return parents.contains_key(unit).then_some(unit);
        }
        unit = parents.get(unit)?;
    }
    None
}

/// A key stands once.
fn unique<K: std::hash::Hash + Eq>(table: &CsvTable, keys: impl Iterator<Item = K>) -> Result<(), TableFault> {
    let mut seen = HashSet::new();
    for ((line, cells), key) in table.rows.iter().zip(keys) {
        if !seen.insert(key) {
            return Err((*line, message("code-twice").with("code", cell(table, cells, "code"))));
        }
    }
    Ok(())
}

/// Communes whose validity the file's name says: `-before-DAY` ended the day before, `-from-DAY` began that day.
fn communes(name: &str, table: &CsvTable) -> Result<ReferenceContent, TableFault> {
    let (from, to) = match (begin(name, "-from-"), last_day(name)) {
        (None, None) if !table.has(&["valid_from", "valid_to"]) => return Err(undated(name)),
        time => time,
    };
    let commune = |(line, cells): &(u64, Vec<String>)| {
        let (own_from, own_to) = validity(table, *line, cells)?;
        Ok(Unit {
            code: code(table, *line, cells, "code", &[5])?.to_owned(),
            name: named(table, *line, cells)?.to_owned(),
            level: UnitLevel::Commune,
            province: code(table, *line, cells, "province_code", &[2])?.to_owned(),
            valid_from: own_from.or(from),
            valid_to: own_to.or(to),
            successors: Vec::new(),
        })
    };
    let units: Vec<Unit> = table.rows.iter().map(commune).collect::<Result<_, TableFault>>()?;
    unique(table, units.iter().map(|unit| (&unit.code, unit.valid_from)))?;
    Ok(ReferenceContent::Communes { from, to, units })
}

/// The day of the change is in the file's name; of a year alone, 1 July, the day on which the two-tier government
/// began.
fn crosswalk(name: &str, table: &CsvTable) -> Result<ReferenceContent, TableFault> {
    let day = (0..name.len()).find_map(|at| moment::date(name.get(at..at + 10)?));
    let year = || name.split(|letter: char| !letter.is_ascii_digit()).find(|digits| digits.len() == 4)?.parse().ok();
    let day = day.or_else(|| NaiveDate::from_ymd_opt(year()?, 7, 1)).ok_or_else(|| undated(name))?;
    let row = |(line, cells): &(u64, Vec<String>)| {
        let code = |heading, length| code(table, *line, cells, heading, &[length]).map(str::to_owned);
        Ok((code("old_province", 2)?, code("old_commune", 5)?, code("new_commune", 5)?))
    };
    let rows = table.rows.iter().map(row).collect::<Result<_, TableFault>>()?;
    Ok(ReferenceContent::Crosswalk { ended_on: day.pred_opt().unwrap_or(day), rows })
}

/// First and last day.
type Time = (Option<NaiveDate>, Option<NaiveDate>);

fn provinces((from, to): Time, table: &CsvTable) -> Result<ReferenceContent, TableFault> {
    for (line, cells) in &table.rows {
        code(table, *line, cells, "code", &[2])?;
        named(table, *line, cells)?;
        validity(table, *line, cells)?;
    }
    let mut entries = table.entries()?;
    unique(table, entries.iter().map(|entry| entry.code.clone()))?;
    for entry in &mut entries {
        // Of a province that stays the same, the file of those before knows no end.
        let stays = entry.column("successor_code") == Some(&entry.code)
            && entry.column("successor_name") == Some(&entry.name_vi);
        within(entry, (from, to.filter(|_| !stays)));
    }
    Ok(ReferenceContent::Provinces { from, entries })
}

/// Bounds an entry by the time of its file.
fn within(entry: &mut ListEntry, (from, to): Time) {
    entry.valid_from = entry.valid_from.max(from);
    entry.valid_to = entry.valid_to.into_iter().chain(to).min();
}

/// A code list is known by its headings, and where several have the same ones, by the file's name.
fn code_list(name: &str, table: &CsvTable) -> Result<ReferenceContent, TableFault> {
    let unknown = || {
        (
            1,
            message("headings-of-no-file")
                .with("headings", table.headings.join(", "))
                .with("expected", message("kinds-of-files")),
        )
    };
    if !table.has(&["code"]) && !table.has(&["prefix3"]) {
        return Err(unknown());
    }
    let mut entries = table.entries()?;
    let lists = Lists::embedded();
    let list = list_of(name, &entries, &lists).ok_or_else(unknown)?;
    unique(table, entries.iter().map(|entry| (entry.code.clone(), group(&list, entry), entry.valid_from)))?;
    for ((line, _), entry) in table.rows.iter().zip(&entries) {
        Lists::fault_of(&list, entry).map_or(Ok(()), |sentence| Err((*line, sentence)))?;
    }
    let (from, to) = (begin(name, "-from-"), last_day(name));
    entries.iter_mut().for_each(|entry| within(entry, (from, to)));
    Ok(ReferenceContent::List { name: list, from, to, entries })
}

/// What is part of the key beside the code.
fn group(list: &str, entry: &ListEntry) -> Option<String> {
    let group = match list {
        "subjects" | "subjects-2006" | "assessment-levels" => entry.group(),
        "rule-parameters" => entry.column("since"),
        _ => None,
    };
    group.map(str::to_owned)
}

fn list_of(name: &str, entries: &[ListEntry], lists: &Lists) -> Option<String> {
    let known = lists.names();
    let by_name = known.iter().filter(|list| name.starts_with(**list)).max_by_key(|list| list.len());
    let headings = |entries: &[ListEntry]| -> BTreeSet<String> {
        entries.iter().flat_map(|entry| &entry.columns).map(|(heading, _)| heading.clone()).collect()
    };
    let own = headings(entries);
    let alike: Vec<&&str> =
        known.iter().filter(|list| lists.list(list).is_some_and(|list| headings(&list.entries) == own)).collect();
    match (by_name, alike.as_slice()) {
        (Some(list), _) => Some((*list).to_owned()),
        (None, [only]) => Some((**only).to_owned()),
        _ => None,
    }
}
