//! One cell → the JSON of a member. What a spreadsheet does to values is undone where there is one reading only, and
//! named; what cannot be read goes on as it is, for the gate to say what is wrong.

use crate::intake::sheet::comment_subject::CommentLevel;
use crate::intake::sheet::date;
use crate::intake::sheet::lookup::CodeLookup;
use crate::intake::sheet::number;
use crate::intake::sheet::number::Number;
use crate::intake::sheet::row::Cell;
use crate::model::field::{Field, FieldType, Privacy, Style};
use crate::model::issue::{Issue, Rule};
use crate::model::lists::{Crosswalks, Lists, Reading};
use crate::model::rules::catalogue as rule;
use crate::store::codec::json_string;
use chrono::NaiveDate;
use serde::de::IgnoredAny;
use std::fmt::Write as _;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// What reading cells needs and gives.
pub struct CellReader<'a> {
    /// The code lists.
    pub lists: &'a Lists,
    /// The day by which codes are judged.
    pub received: NaiveDate,
    /// The client's own codes, which the gate translates: values of such lists go on as they stand.
    pub crosswalks: Option<&'a Crosswalks>,
    /// What was repaired, and what cannot be read.
    pub issues: Vec<Issue>,
    pub(crate) lookup: CodeLookup,
    /// What the row at hand says in the place of marks.
    pub(crate) remarked: Option<CommentLevel>,
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
        Self { lists, received, crosswalks: None, issues: Vec::new(), lookup: CodeLookup::default(), remarked: None }
    }

    fn raise(&mut self, rule: &'static Rule, place: CellRef, values: [(&'static str, &str); 2]) {
        let mut issue = Issue::new(rule, place.pointer);
        for (name, value) in values.into_iter().filter(|(name, _)| !name.is_empty()) {
            match place.field.privacy {
                Privacy::Sensitive => issue.with_sensitive(name, value),
                _ => issue.with(name, value),
            };
        }
        self.issues.push(issue);
    }

    /// Appends the value of a cell as JSON; `false`: the cell is empty and nothing was appended.
    pub(crate) fn push(&mut self, out: &mut String, cell: Cell, place: CellRef) -> bool {
        match cell {
            Cell::Empty => return false,
            Cell::Error(shown) => self.unreadable(out, &rule::SH_001, place, shown),
            Cell::Uncomputed => self.unreadable(out, &rule::SH_006, place, ""),
            Cell::Text(text) => {
                let text = unquoted(text.trim());
                if self.remarked.as_mut().is_some_and(|remarked| remarked.take(text, place.field)) {
                    return false;
                }
                if !text.is_empty() {
                    self.text(out, text, place);
                }
                return !text.is_empty();
            }
            Cell::Number(number) => self.number(out, number, place),
            Cell::Date(day) => self.day(out, day, place),
            Cell::Boolean(truth) if matches!(place.kind, FieldType::Boolean) => {
                out.push_str(if truth { "true" } else { "false" })
            }
            Cell::Boolean(truth) => self.text(out, if truth { "TRUE" } else { "FALSE" }, place),
        }
        true
    }

    /// A value that no member takes, so that the gate knows of the cell; the issue raised here says why.
    fn unreadable(&mut self, out: &mut String, rule: &'static Rule, place: CellRef, shown: &str) {
        self.raise(rule, place, [("value", shown), ("", "")]);
        out.push_str("{\"cell\":");
        json_string(out, if shown.is_empty() { "=" } else { shown });
        out.push('}');
    }

    fn text(&mut self, out: &mut String, text: &str, place: CellRef) {
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

    fn number(&mut self, out: &mut String, number: f64, place: CellRef) {
        match place.kind {
            FieldType::Integer { .. } | FieldType::Decimal { .. } => number::push(out, number),
            FieldType::Date => self.serial(out, number, place),
            FieldType::List(element) if matches!(**element, FieldType::Decimal { .. } | FieldType::Integer { .. }) => {
                out.push('[');
                number::push(out, number);
                out.push(']');
            }
            _ => {
                let mut digits = String::new();
                number::push(&mut digits, number);
                self.text(out, &digits, place);
            }
        }
    }

    /// A cell formatted as a date; where no date is meant, the number in it may still be.
    fn day(&mut self, out: &mut String, day: f64, place: CellRef) {
        match (place.kind, date::of_serial(day)) {
            (FieldType::Date, Some(date)) => json_string(out, &date.to_string()),
            (FieldType::Text { style: Style::Free, .. }, Some(date)) => {
                json_string(out, &date.format("%d/%m/%Y").to_string())
            }
            _ => self.number(out, day, place),
        }
    }

    fn date(&mut self, out: &mut String, text: &str, place: CellRef) {
        match date::of_text(text) {
            Some(date) => json_string(out, &date.to_string()),
            None => match text.parse::<f64>() {
                Ok(number) => self.serial(out, number, place),
                Err(_) => json_string(out, text),
            },
        }
    }

    fn serial(&mut self, out: &mut String, number: f64, place: CellRef) {
        let mut shown = String::new();
        number::push(&mut shown, number);
        match date::of_plausible_serial(number) {
            Some(date) => {
                let date = date.to_string();
                self.raise(&rule::DT_002, place, [("value", &shown), ("date", &date)]);
                json_string(out, &date);
            }
            None => json_string(out, &shown),
        }
    }

    fn numeric(&mut self, out: &mut String, text: &str, read: Number, place: CellRef) {
        match read {
            Number::Plain(number) => out.push_str(&number),
            Number::Comma(number) => {
                self.raise(&rule::MK_003, place, [("value", text), ("number", &number)]);
                out.push_str(&number);
            }
            Number::None => json_string(out, text),
        }
    }

    fn free(&mut self, out: &mut String, text: &str, place: CellRef, max: usize, style: Style) {
        let lost = match style {
            Style::Phone => number::phone_zero(text),
            _ => number::zeros_lost(text, style.limit(text, max), place.field.zeros),
        };
        match lost {
            Some(restored) => self.restored(out, text, &restored, place),
            None => json_string(out, text),
        }
    }

    fn restored(&mut self, out: &mut String, text: &str, restored: &str, place: CellRef) {
        self.raise(&rule::SH_002, place, [("value", text), ("restored", restored)]);
        json_string(out, restored);
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
            None => json_string(out, text),
        }
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
                    crate::intake::sheet::heading::key(word) == crate::intake::sheet::heading::key(&composed)
                })
                .map(|(value, _)| *value)
        };
        json_string(out, shown.or_else(word).unwrap_or(text));
    }

    fn list(&mut self, out: &mut String, text: &str, element: &'static FieldType, place: CellRef) {
        let items = match element {
            FieldType::Decimal { .. } | FieldType::Integer { .. } => number::items(text),
            FieldType::Code { list } if self.is_one_code(text, list) => vec![text],
            _ => text.split(if text.contains([';', '|', '\n']) { &[';', '|', '\n'][..] } else { &[','][..] }).collect(),
        };
        out.push('[');
        let mut pointer = String::new();
        for (at, item) in items.into_iter().map(str::trim).filter(|item| !item.is_empty()).enumerate() {
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
    match crate::intake::sheet::heading::key(text).as_str() {
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
