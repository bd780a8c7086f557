//! Numbers and days in cells → the JSON of members: by what the cell shows, which is what its author saw.

use crate::intake::sheet::cells::cell::{CellReader, CellRef};
use crate::intake::sheet::cells::number::{self, Number};
use crate::intake::sheet::file::date::{self, DayRead};
use crate::intake::sheet::file::format::{DateFormat, DayOrder, NumberFormat};
use crate::model::field::{Field, FieldType, Privacy, Style};
use crate::model::issue::{Issue, Rule, Severity};
use crate::model::rules::catalogue as rule;
use crate::store::codec::json_string;
use chrono::{Datelike, NaiveDate};

/// Does a number show a day, by the words of its format (`00"/"00"/"0000`)?
fn is_day(number: f64, format: NumberFormat) -> bool {
    date::of_text(&number::shown(number, format)).is_some()
}

/// Is a number meant, or a list of them?
pub(super) fn is_numeric(kind: &FieldType) -> bool {
    match kind {
        FieldType::Integer { .. } | FieldType::Decimal { .. } => true,
        FieldType::List(element) => is_numeric(element),
        _ => false,
    }
}

impl CellReader<'_> {
    pub(in crate::intake::sheet) fn raise(
        &mut self,
        rule: &'static Rule,
        place: CellRef,
        values: &[(&'static str, &str)],
    ) -> &mut Issue {
        let mut issue = Issue::new(rule, place.pointer);
        for (name, value) in values {
            match place.field.privacy {
                // What is meant is the same for every record.
                Privacy::Sensitive if *name != "meant" => issue.with_sensitive(name, value),
                _ => issue.with(name, value),
            };
        }
        self.issues.push(issue);
        let last = self.issues.len() - 1;
        &mut self.issues[last]
    }

    /// A value that no member takes, so that the gate knows of the cell; the issue raised here says why.
    pub(in crate::intake::sheet) fn refuse(
        &mut self,
        out: &mut String,
        rule: &'static Rule,
        place: CellRef,
        shown: &str,
        values: &[(&'static str, &str)],
    ) {
        let values: Vec<(&'static str, &str)> =
            std::iter::once(("value", shown)).chain(values.iter().copied()).collect();
        self.raise(rule, place, &values);
        out.push_str("{\"cell\":");
        json_string(out, shown);
        out.push('}');
    }

    /// A cell that holds a number.
    pub(super) fn number(&mut self, out: &mut String, number: f64, format: NumberFormat, place: CellRef) {
        match (place.kind, format) {
            (kind, NumberFormat::Percent) if is_numeric(kind) => {
                let shown = number::shown(number * 100.0, NumberFormat::General) + "%";
                self.refuse(out, &rule::SH_012, place, &shown, &[]);
            }
            (kind, NumberFormat::Time) if !takes_words(kind) => {
                let time = date::time_of_serial(number);
                self.refuse(out, &rule::SH_011, place, &time, &[("typed", &time), meant(kind)]);
            }
            (FieldType::Decimal { scale, .. }, NumberFormat::Fixed(places)) if places <= *scale => {
                self.rounded(out, number, format, place);
            }
            (FieldType::Integer { .. } | FieldType::Decimal { .. }, _) => number::push(out, number),
            (FieldType::Date, NumberFormat::Worded(_)) if is_day(number, format) => {
                self.text(out, &number::shown(number, format), place);
            }
            (FieldType::Date, _) => self.serial(out, number, place),
            (FieldType::Code { list }, NumberFormat::Worded(_)) => self.worded_code(out, number, format, list, place),
            (FieldType::List(element), _) if is_numeric(element) => {
                out.push('[');
                number::push(out, number);
                out.push(']');
            }
            _ => self.text(out, &number::shown(number, format), place),
        }
    }

    /// The words are part of a name that the list has, or stand there for people.
    fn worded_code(&mut self, out: &mut String, number: f64, format: NumberFormat, list: &'static str, place: CellRef) {
        let (shown, on) = (number::shown(number, format), self.received);
        let is_known =
            self.lists.contains(list, &shown, on) || self.lookup.index(self.lists, list, on).named(&shown).is_some();
        let digits = number::shown(number, NumberFormat::General);
        self.text(out, if is_known { &shown } else { &digits }, place);
    }

    /// An average that a formula left with all its places is what its cell shows of it.
    fn rounded(&mut self, out: &mut String, number: f64, format: NumberFormat, place: CellRef) {
        let (held, shown) = (number::shown(number, NumberFormat::General), number::shown(number, format));
        if shown.parse::<f64>() != held.parse() {
            self.raise(&rule::SH_017, place, &[("value", &held), ("number", &shown)]);
        }
        number::push(out, shown.parse().unwrap_or(number));
    }

    /// A cell that shows a day.
    pub(super) fn day(&mut self, out: &mut String, day: f64, format: DateFormat, place: CellRef) {
        let Some(read) = date::of_date_cell(day) else {
            return self.number(out, day, NumberFormat::General, place);
        };
        let shown = shown(read.date, format).filter(|_| takes_words(place.kind));
        match (place.kind, shown) {
            (FieldType::Date, _) => self.settled(out, read, place),
            (_, Some(shown)) => self.text(out, &shown, place),
            (kind, None) => {
                let date = read.date.format("%d/%m/%Y").to_string();
                let typed = typed(read.date, format.order, is_numeric(kind));
                self.refuse(out, &rule::SH_011, place, &date, &[("typed", &typed), meant(kind)]);
            }
        }
    }

    pub(super) fn date(&mut self, out: &mut String, text: &str, place: CellRef) {
        match date::of_text(text) {
            Some(read) => self.settled(out, read, place),
            None => match text.parse::<f64>() {
                Ok(number) => self.serial(out, number, place),
                Err(_) => json_string(out, text),
            },
        }
    }

    fn serial(&mut self, out: &mut String, number: f64, place: CellRef) {
        let shown = number::shown(number, NumberFormat::General);
        let day = if self.from_1904 { number + date::DAYS_TO_1904 } else { number };
        match date::of_plausible_serial(day) {
            Some(read) => {
                let date = read.date.format("%d/%m/%Y").to_string();
                self.raise(&rule::DT_002, place, &[("value", &shown), ("date", &date)]);
                self.settled(out, read, place);
            }
            None => json_string(out, &shown),
        }
    }

    fn settled(&mut self, out: &mut String, read: DayRead, place: CellRef) {
        let date = read.date.to_string();
        if let Some(time) = read.time {
            let (shown, time) = (read.date.format("%d/%m/%Y").to_string(), time.format("%H:%M").to_string());
            self.raise(&rule::DT_013, place, &[("date", &shown), ("time", &time)]);
        }
        json_string(out, &date);
    }

    pub(super) fn numeric(&mut self, out: &mut String, text: &str, read: Number, place: CellRef) {
        match read {
            Number::Plain(number) => out.push_str(&number),
            Number::Comma(number) => {
                self.raise(&rule::MK_003, place, &[("value", text), ("number", &number)]);
                out.push_str(&number);
            }
            Number::None if number::is_percent(text) => self.refuse(out, &rule::SH_012, place, text, &[]),
            Number::None => match (number::likely(text), number::range(place.kind)) {
                (Some(likely), _) => self.refuse(out, &rule::SH_016, place, text, &[("number", &likely)]),
                (None, Some((least, most))) => {
                    self.refuse(out, &rule::SH_015, place, text, &[("least", &least), ("most", &most)]);
                }
                _ => json_string(out, text),
            },
        }
    }

    pub(super) fn free(&mut self, out: &mut String, text: &str, place: CellRef, max: usize, style: Style) {
        let lost = match style {
            Style::Phone => number::phone_zero(text),
            _ => number::zeros_lost(text, style.limit(text, max), place.field.zeros),
        };
        match lost {
            Some(restored) => self.restored(out, text, &restored, place),
            None => json_string(out, text),
        }
    }

    pub(super) fn restored(&mut self, out: &mut String, text: &str, restored: &str, place: CellRef) {
        let Field { zero_rule, .. } = place.field;
        let name = if zero_rule.code == rule::SH_002.code { "restored" } else { "padded" };
        let issue = self.raise(zero_rule, place, &[("value", text), (name, restored)]);
        // What is wrong with it besides, the rules say, which know the rest of the record.
        issue.severity = issue.severity.max(Severity::Warning);
        json_string(out, restored);
    }
}

fn takes_words(kind: &FieldType) -> bool {
    matches!(kind, FieldType::Text { style: Style::Free, .. } | FieldType::Date)
}

/// What the member takes, where a day stands.
fn meant(kind: &FieldType) -> (&'static str, &'static str) {
    ("meant", if is_numeric(kind) { "@number" } else { "@a-code" })
}

/// A day as the cell shows it, where its format says how.
fn shown(date: NaiveDate, format: DateFormat) -> Option<String> {
    match format.order {
        _ if format.year => Some(date.format("%d/%m/%Y").to_string()),
        DayOrder::Open => None,
        order => Some(typed(date, order, false)),
    }
}

/// What was probably typed before the spreadsheet made it a day: 6/1, or the mark 8.5. Where the format leaves open
/// which number came first, both.
fn typed(date: NaiveDate, order: DayOrder, number: bool) -> String {
    let between = if number { '.' } else { '/' };
    let pair = |first: u32, second: u32| format!("{first}{between}{second}");
    let (day, month) = (date.day(), date.month());
    match order {
        DayOrder::DayFirst => pair(day, month),
        DayOrder::MonthFirst => pair(month, day),
        DayOrder::Open if day == month => pair(day, month),
        DayOrder::Open if number && day > 10 => pair(month, day),
        DayOrder::Open => format!("{}, {}", pair(day, month), pair(month, day)),
    }
}
