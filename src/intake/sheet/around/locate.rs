//! What the lines above the headings say for every row under the name of a member: class, subject, period, school.

use crate::intake::sheet::cells::cell::school_year;
use crate::intake::sheet::file::row::{Cell, SheetRow};
use crate::intake::sheet::headings::columns::Columns;
use crate::intake::sheet::headings::heading::{Names, Target, key};
use crate::intake::sheet::records::convert::shown;
use crate::model::field::{FieldType, Style};
use crate::model::lists::Lists;
use crate::model::lists::fold::fold;

/// Rows among which the headings must stand.
pub const HEAD: usize = 20;

/// Takes what a row above the headings says: `Lớp: 6A1 – Môn: Toán`, or a label in one cell and the value in the next.
pub(crate) fn lines(row: &SheetRow, names: &Names, lists: &Lists, columns: &mut Columns) {
    let cells: Vec<(u32, Cell)> = row.cells().collect();
    let mut at = 0;
    while let Some((column, Cell::Text(text))) = cells.get(at) {
        at += 1;
        let label = text.trim().trim_end_matches(':');
        if let Some(target) = constant(label, names, lists) {
            if let Some((_, value)) = cells.get(at) {
                say(columns, names, (row.number, *column), label, target, &shown(*value).unwrap_or_default());
                at += 1;
            }
            continue;
        }
        for (label, target, value) in labelled(text, names, lists) {
            say(columns, names, (row.number, *column), &label, target, &value);
        }
    }
}

fn say(columns: &mut Columns, names: &Names, at: (u64, u32), label: &str, target: Target, value: &str) {
    let Target::Member(leaf, _) = &target else { return };
    let is_code = value.bytes().any(|byte| byte.is_ascii_digit());
    if value.is_empty() || columns.fills(names, *leaf) || (names.leaves[*leaf].field.json == "schoolCode" && !is_code) {
        return;
    }
    columns.add_line(names, at, label, target, value.to_owned());
}

/// A label of a member that every record needs and that a line may say: a code, a choice, a school year.
fn constant(label: &str, names: &Names, lists: &Lists) -> Option<Target> {
    let target = names.find(label, lists)?;
    let Target::Member(at, _) = &target else { return None };
    let leaf = names.leaves.get(*at)?;
    let said = matches!(
        leaf.kind,
        FieldType::Code { .. }
            | FieldType::Choice { .. }
            | FieldType::SchoolYear
            | FieldType::Text { style: Style::Identifier | Style::PersonCode, .. }
    );
    (said && leaf.steps.len() == 1 && leaf.field.required).then_some(target)
}

/// The labels in a text, each with what stands behind it up to the next: `BẢNG ĐIỂM MÔN TOÁN – LỚP 6A1`.
fn labelled(text: &str, names: &Names, lists: &Lists) -> Vec<(String, Target, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found: Vec<(usize, usize, Target)> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = (1..=4.min(words.len() - at)).rev().find_map(|length| {
            let label = words[at..at + length].join(" ");
            // A colon ends a label; none stands within.
            let whole = !label.trim_end_matches(':').contains(':');
            constant(&label, names, lists).filter(|_| whole && !key(&label).is_empty()).map(|target| (length, target))
        });
        match longest {
            Some((length, target)) => {
                found.push((at, at + length, target));
                at += length;
            }
            None => at += 1,
        }
    }
    let ends: Vec<usize> = found.iter().skip(1).map(|(begin, ..)| *begin).chain([words.len()]).collect();
    let value = |((begin, from, target), end): ((usize, usize, Target), usize)| {
        let value = words[from..end].join(" ");
        let value =
            value.trim_matches(|letter: char| letter.is_whitespace() || ":;,.-–—|()".contains(letter)).to_owned();
        (words[begin..from].join(" ").trim_end_matches(':').to_owned(), target, value)
    };
    found
        .into_iter()
        .zip(ends)
        .map(value)
        .map(|(label, target, value)| (label, target.clone(), cut(names, lists, &target, &value)))
        .collect()
}

/// What follows a value in the same line is no part of it: of a year the year, of a code the word.
fn cut(names: &Names, lists: &Lists, target: &Target, value: &str) -> String {
    let kind = if let Target::Member(at, _) = target { names.leaves.get(*at).map(|leaf| leaf.kind) } else { None };
    match kind {
        Some(FieldType::SchoolYear) => {
            let digits: String =
                value.chars().map(|letter| if letter.is_ascii_digit() { letter } else { ' ' }).collect();
            let years: Vec<&str> = digits.split_whitespace().take(2).collect();
            school_year(&years.join("-"))
        }
        Some(FieldType::Text { .. }) => value.split_whitespace().next().unwrap_or_default().to_owned(),
        Some(FieldType::Code { list }) => named(value, list, lists).unwrap_or(value).to_owned(),
        _ => value.to_owned(),
    }
}

/// The first words of a text that are a code or the name of one: `Toán` of `Toán học`.
fn named<'v>(value: &'v str, list: &str, lists: &Lists) -> Option<&'v str> {
    let entries = &lists.list(list)?.entries;
    let ends = value.char_indices().filter(|(_, letter)| letter.is_whitespace()).map(|(at, _)| at).chain([value.len()]);
    let beginnings: Vec<&str> = ends.map(|end| &value[..end]).collect();
    let is_one = |text: &&&str| entries.iter().any(|entry| entry.code == **text || fold(&entry.name_vi) == fold(text));
    beginnings.iter().rev().find(is_one).copied()
}
