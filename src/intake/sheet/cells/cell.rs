//! One cell → the JSON of a member. What a spreadsheet does to values is undone where there is one reading only, and
//! named; what cannot be read goes on as it is, for the gate to say what is wrong.

use crate::intake::sheet::around::context::SheetContext;
use crate::intake::sheet::around::enrolled::RowFacts;
use crate::intake::sheet::cells::cell_number::is_numeric;
use crate::intake::sheet::cells::comment_subject::{CommentLevel, Instead};
use crate::intake::sheet::cells::lookup::CodeLookup;
use crate::intake::sheet::cells::number;
use crate::intake::sheet::file::row::Cell;
use crate::intake::sheet::headings::heading::key;
use crate::intake::sheet::headings::meaning::subject_of;
use crate::intake::sheet::headings::words::words;
use crate::model::field::{Field, FieldType, Style};
use crate::model::issue::Issue;
use crate::model::lists::{Crosswalks, Lists, Reading};
use crate::model::rules::catalogue as rule;
use crate::store::codec::json_string;
use chrono::NaiveDate;
use serde::de::IgnoredAny;
use std::collections::HashMap;
use std::fmt::Write as _;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// What reading cells needs and gives.
pub struct CellReader<'a> {
    /// The code lists.
    pub lists: &'a Lists,
    /// The day by which codes are judged.
    pub received: NaiveDate,
    /// The workbook counts its days from 1904.
    pub from_1904: bool,
    /// The client's own codes, which the gate translates: values of such lists go on as they stand.
    pub crosswalks: Option<&'a Crosswalks>,
    /// What was repaired, and what cannot be read.
    pub issues: Vec<Issue>,
    pub(crate) lookup: CodeLookup,
    /// What the row at hand says in the place of marks.
    pub(crate) remarked: Option<CommentLevel>,
    /// What else it says there.
    pub(crate) instead: Option<Instead>,
    /// What is known from outside the sheet.
    pub context: Option<SheetContext<'a>>,
    /// The level of the sheet's class, where it is known.
    pub level: Option<char>,
    /// What the row at hand says of a student, where members are drawn from it.
    pub(crate) row: RowFacts,
    /// Communes by name and province, as far as they were asked for.
    pub(crate) communes: HashMap<(String, Option<String>), Option<String>>,
}

/// The member that a cell is for.
#[derive(Clone, Copy)]
pub(crate) struct CellRef<'p> {
    pub(crate) kind: &'p FieldType,
    pub(crate) field: &'static Field,
    pub(crate) pointer: &'p str,
}

impl<'a> CellReader<'a> {
    /// By these code lists, on this day.
    pub fn new(lists: &'a Lists, received: NaiveDate) -> Self {
        Self {
            lists,
            received,
            from_1904: false,
            crosswalks: None,
            issues: Vec::new(),
            lookup: CodeLookup::default(),
            remarked: None,
            instead: None,
            context: None,
            level: None,
            row: RowFacts::default(),
            communes: HashMap::new(),
        }
    }

    /// Appends the value of a cell as JSON; `false`: the cell is empty and nothing was appended.
    pub(crate) fn push(&mut self, out: &mut String, cell: Cell, place: CellRef) -> bool {
        match cell {
            Cell::Empty => return false,
            Cell::Error(shown) => self.refuse(out, &rule::SH_001, place, shown, &[]),
            Cell::Uncomputed => self.refuse(out, &rule::SH_006, place, "=", &[]),
            Cell::Lost => self.refuse(out, &rule::SH_014, place, "?", &[]),
            Cell::Text(text) => {
                let text = unquoted(text.trim());
                if self.remarked.as_mut().is_some_and(|remarked| remarked.take(text, place.field)) {
                    return false;
                }
                let level = self.level;
                if self.instead.as_mut().is_some_and(|instead| instead.take(text, place.field, level)) {
                    return false;
                }
                if text.is_empty() || (is_dash(text) && is_dash_nothing(place.kind)) {
                    return false;
                }
                self.text(out, text, place);
            }
            Cell::Number(number, format) => self.number(out, number, format, place),
            Cell::Date(day, format) => self.day(out, day, format, place),
            Cell::Boolean(truth) if matches!(place.kind, FieldType::Boolean) => {
                out.push_str(if truth { "true" } else { "false" })
            }
            Cell::Boolean(truth) => self.text(out, if truth { "TRUE" } else { "FALSE" }, place),
        }
        true
    }

    pub(super) fn text(&mut self, out: &mut String, text: &str, place: CellRef) {
        let is_worded = matches!(place.kind, FieldType::Text { style: Style::Identifier, .. } | FieldType::Boolean);
        if let Some(value) = words().value(place.field.json, text).filter(|_| is_worded) {
            return if matches!(place.kind, FieldType::Boolean) {
                out.push_str(value)
            } else {
                json_string(out, value)
            };
        }
        match *place.kind {
            FieldType::Text { max, style } => self.free(out, text, place, max, style),
            FieldType::Code { list } => self.code(out, text, list, place),
            FieldType::Choice { values } => self.choice(out, text, values, place),
            FieldType::SchoolYear => json_string(out, &school_year(text)),
            FieldType::Date => self.date(out, text, place),
            FieldType::Boolean => match truth(text) {
                Some(truth) => out.push_str(if truth { "true" } else { "false" }),
                None => json_string(out, text),
            },
            FieldType::Integer { max, .. } => self.numeric(out, text, number::of_text(text, 0, max), place),
            FieldType::Decimal { scale, max, .. } => {
                self.numeric(out, text, number::of_text(text, scale, max / crate::model::decimal::power(scale)), place);
            }
            FieldType::List(_) | FieldType::Object(_) | FieldType::Counts { .. } if is_json(text) => out.push_str(text),
            FieldType::List(element) => self.list(out, text, element, place),
            FieldType::Object(_) | FieldType::Counts { .. } => json_string(out, text),
        }
    }

    /// A code, a code before its name as drop-downs show it, a name that one code bears, or a code whose zeros are
    /// lost.
    fn code(&mut self, out: &mut String, text: &str, list: &'static str, place: CellRef) {
        let (lists, received) = (self.lists, self.received);
        if let Some(foreign) = self.foreign(text, list) {
            return json_string(out, foreign);
        }
        let known = |code: &str| lists.contains(list, code, received);
        if known(text) {
            return json_string(out, text);
        }
        if let Some(code) = code_of_choice(text).filter(|code| known(code)) {
            return json_string(out, code);
        }
        let index = self.lookup.index(lists, list, received);
        if let Some(padded) = index.padded(text) {
            return self.restored(out, text, &padded, place);
        }
        match index.named(text) {
            Some(code) => json_string(out, &code),
            None => json_string(out, self.by_word(text, list, place).as_deref().unwrap_or(text)),
        }
    }

    /// The code that people mean by a word of the table.
    fn by_word(&self, text: &str, list: &str, place: CellRef) -> Option<String> {
        let value = || words().value(place.field.json, text).map(str::to_owned);
        if list == "subjects" { subject_of(&key(text), self.level, self.lists) } else { value() }
    }

    /// What a client with a crosswalk of the list means: the text, or the code before a name that drop-downs show.
    /// `None`: it has none.
    fn foreign<'t>(&self, text: &'t str, list: &str) -> Option<&'t str> {
        let read = |text: &str| {
            self.crosswalks.map_or(Reading::AsSent, |crosswalks| crosswalks.read(list, text, self.received))
        };
        match read(text) {
            Reading::AsSent => None,
            Reading::Code(_) => Some(text),
            Reading::Unmapped => {
                Some(code_of_choice(text).filter(|code| matches!(read(code), Reading::Code(_))).unwrap_or(text))
            }
        }
    }

    fn choice(&mut self, out: &mut String, text: &str, values: &'static [&'static str], place: CellRef) {
        if let Some(foreign) = place.field.list.and_then(|list| self.foreign(text, list)) {
            return json_string(out, foreign);
        }
        let composed = composed(text);
        let own = |text: &str| {
            values
                .iter()
                .find(|value| **value == text)
                .or_else(|| values.iter().find(|value| value.to_lowercase() == text.to_lowercase()))
        };
        let shown = own(&composed).or_else(|| code_of_choice(&composed).and_then(own)).copied();
        let word = || {
            place
                .field
                .labels
                .iter()
                .find(|(_, word)| {
                    crate::intake::sheet::headings::heading::key(word)
                        == crate::intake::sheet::headings::heading::key(&composed)
                })
                .map(|(value, _)| *value)
        };
        let period =
            || words().periods.get(&key(text)).filter(|period| values.contains(&period.as_str())).map(String::as_str);
        let other = || words().value(place.field.json, text).filter(|value| values.contains(value));
        json_string(out, shown.or_else(word).or_else(period).or_else(other).unwrap_or(text));
    }

    fn list(&mut self, out: &mut String, text: &str, element: &'static FieldType, place: CellRef) {
        let items = match element {
            FieldType::Decimal { .. } | FieldType::Integer { .. } => number::items(text),
            FieldType::Code { list } if self.is_one_code(text, list) => vec![text],
            _ => text.split(if text.contains([';', '|', '\n']) { &[';', '|', '\n'][..] } else { &[','][..] }).collect(),
        };
        out.push('[');
        let mut pointer = String::new();
        let is_nothing = |item: &str| item.is_empty() || (is_dash(item) && is_dash_nothing(element));
        for (at, item) in items.into_iter().map(str::trim).filter(|item| !is_nothing(item)).enumerate() {
            if at > 0 {
                out.push(',');
            }
            pointer.clear();
            let _ = write!(pointer, "{}/{at}", place.pointer);
            self.text(out, item, CellRef { kind: element, field: place.field, pointer: &pointer });
        }
        out.push(']');
    }

    /// Names may hold commas.
    fn is_one_code(&mut self, text: &str, list: &'static str) -> bool {
        let received = self.received;
        self.lists.contains(list, text, received) || self.lookup.index(self.lists, list, received).named(text).is_some()
    }
}

/// What exports put before a text that a spreadsheet would run, and people before a number that is to stay text.
fn unquoted(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(|letter: char| letter.is_ascii_digit() || "=+-@".contains(letter)) => rest,
        _ => text,
    }
}

/// What people write where there is nothing to write.
fn is_dash(text: &str) -> bool {
    text.chars().all(|letter| matches!(letter, '-' | '–' | '—' | '−'))
}

/// Of a text a dash may be a part, and a list of codes may have one of its own.
fn is_dash_nothing(kind: &FieldType) -> bool {
    is_numeric(kind) || matches!(kind, FieldType::Date)
}

/// The code of `01 – Kinh`.
pub(crate) fn code_of_choice(text: &str) -> Option<&str> {
    [" – ", " - ", " — ", ": "].iter().find_map(|mark| text.split_once(mark)).map(|(code, _)| code.trim())
}

fn composed(text: &str) -> std::borrow::Cow<'_, str> {
    if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() }
}

/// `2025 – 2026`, `2025/2026` → `2025-2026`.
pub(crate) fn school_year(text: &str) -> String {
    let parts: Vec<&str> = text.split(['-', '–', '—', '/']).map(str::trim).collect();
    match parts[..] {
        [first, second] if first.len() == 4 && second.len() == 4 => format!("{first}-{second}"),
        _ => text.to_owned(),
    }
}

fn truth(text: &str) -> Option<bool> {
    match crate::intake::sheet::headings::heading::key(text).as_str() {
        "true" | "x" | "1" | "co" | "yes" | "dung" => Some(true),
        "false" | "0" | "khong" | "no" | "sai" => Some(false),
        // A tick is no letter.
        "" if matches!(text, "✓" | "✔" | "☑" | "√") => Some(true),
        _ => None,
    }
}

fn is_json(text: &str) -> bool {
    text.starts_with(['[', '{']) && serde_json::from_str::<IgnoredAny>(text).is_ok() && !text.contains('\n')
}
