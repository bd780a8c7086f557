//! Bytes → row: one reader for every resource, driven by its fields. It reports every fault of form that a record has
//! and keeps what is sound.

use crate::intake::gate::Gate;
use crate::intake::json::field_names::nearest;
use crate::intake::json::number_range;
use crate::intake::json::object::{counts, object};
use crate::intake::json::value_format::{escaped, fault_of_json, pointer_of, text_or_null};
use crate::model::decimal;
use crate::model::excerpt::clip;
use crate::model::field::{Field, FieldType};
use crate::model::issue::{Issue, Rule};
use crate::model::lists::{Crosswalks, Lists};
use crate::model::moment::date;
use crate::model::moment::school_year;
use crate::model::rules::allowed::{tell_choice, tell_list, tell_no_day, tell_type};
use crate::model::rules::{IssueSink, catalogue as rule, text};
use crate::model::value::{Row, Value};
use chrono::NaiveDate;
use compact_str::CompactString;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Reads the `data` of a record. `Err` is a fault of JSON itself (PT-006).
pub fn record(
    data: &str,
    fields: &'static [Field],
    resource: &str,
    gate: Gate,
    findings: &mut IssueSink,
) -> Result<Row, String> {
    let read = |data: &str, findings: &mut IssueSink| {
        let Gate { lists, received, crosswalks, .. } = gate;
        let mut reader = ParseContext {
            lists,
            received,
            crosswalks,
            resource,
            findings,
            path: Vec::with_capacity(4),
            faulty: false,
        };
        let mut json = serde_json::Deserializer::from_str(data);
        let value =
            ValueSeed { kind: FieldType::Object(fields), field: &ROOT, reader: &mut reader }.deserialize(&mut json)?;
        json.end().map(|()| value)
    };
    let value = match read(data, findings) {
        Err(error) if number_range::is_cause(&error) => {
            findings.begin_anew();
            read(&number_range::tamed(data), findings)
        }
        other => other,
    };
    match value.map_err(|error| fault_of_json(&error))? {
        Value::Object(row) => Ok(row),
        _ => Ok(Row::empty(fields.len())),
    }
}

/// Stands for the record itself, whose faults of type are general ones.
const ROOT: Field = Field::object(&[]);

/// A step of the way to a value.
pub(crate) enum PathStep {
    Member(&'static str),
    Index(usize),
    /// A member named by a code, as sent.
    Code(CompactString),
}

/// What reading needs beside the text.
pub(crate) struct ParseContext<'a> {
    pub(crate) lists: &'a Lists,
    pub(crate) received: NaiveDate,
    pub(crate) crosswalks: Option<&'a Crosswalks>,
    pub(crate) resource: &'a str,
    findings: &'a mut IssueSink,
    pub(crate) path: Vec<PathStep>,
    /// Set by the value just read when it cannot be used.
    pub(crate) faulty: bool,
}

impl ParseContext<'_> {
    fn pointer(&self) -> String {
        pointer_of(&self.path)
    }
    pub(crate) fn raise(&mut self, rule: &'static Rule) -> &mut Issue {
        let pointer = self.pointer();
        self.findings.raise_at(rule, pointer)
    }
    /// The candidate that is most likely meant; not looked for where the fault is counted only.
    pub(crate) fn nearest<'n, N: Iterator<Item = &'n str>>(
        &self,
        word: &str,
        names: impl FnOnce() -> N,
    ) -> Option<&'n str> {
        if self.findings.is_full() { None } else { nearest(word, names()) }
    }
    /// PT-014 for a code that the list does not hold.
    pub(crate) fn unknown_code(&mut self, rule: &'static Rule, list: &str, code: &str, sent: &str) {
        let (lists, received) = (self.lists, self.received);
        let is_counted_only = self.findings.is_full();
        let nearest = if is_counted_only { None } else { lists.nearest(list, code) };
        let issue = self.refuse(rule).with("value", clip(sent));
        if !is_counted_only {
            tell_list(issue, lists, list, received, nearest.as_deref());
        }
    }
    /// A fault that makes the value unusable.
    pub(crate) fn refuse(&mut self, rule: &'static Rule) -> &mut Issue {
        self.faulty = true;
        self.raise(rule)
    }
    /// A fault at a member of the object being read.
    pub(crate) fn raise_member(&mut self, rule: &'static Rule, member: &str) -> &mut Issue {
        let pointer = format!("{}/{}", self.pointer(), escaped(member));
        self.findings.raise_at(rule, pointer).with("member", clip(member))
    }
}

/// Reads a value of a kind; faults are those of the field.
pub(crate) struct ValueSeed<'r, 'a> {
    pub(crate) kind: FieldType,
    pub(crate) field: &'r Field,
    pub(crate) reader: &'r mut ParseContext<'a>,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl ValueSeed<'_, '_> {
    /// `shown` is what was sent, as far as one can show it.
    fn wrong_type(self, found: &str, shown: &str) -> Value {
        let rule = if matches!(self.kind, FieldType::Object(_) | FieldType::List(_) | FieldType::Counts { .. }) {
            &rule::PT_013
        } else {
            self.field.faults.kind
        };
        let (lists, received, kind) = (self.reader.lists, self.reader.received, self.kind);
        let issue = self.reader.refuse(rule).with("found", found).with("value", clip(shown));
        tell_type(issue, &kind, lists, received, shown);
        Value::Null
    }
    fn out_of_range(self, value: String, minimum: String, maximum: String) -> Value {
        let advice = if value.len() == 2 && maximum == "10.0" { "@mark-times-ten" } else { "" };
        let issue = self.reader.refuse(self.field.faults.range);
        issue.with("value", value).with("minimum", minimum).with("maximum", maximum).with("advice", advice);
        Value::Null
    }
    fn whole(self, number: i64) -> Value {
        match self.kind {
            FieldType::Integer { min, max } if (min..=max).contains(&number) => Value::Integer(number),
            FieldType::Integer { min, max } => self.out_of_range(number.to_string(), min.to_string(), max.to_string()),
            FieldType::Decimal { scale, .. } => match number.checked_mul(decimal::power(scale)) {
                Some(units) => self.decimal(units, true, || number.to_string()),
                None => self.beyond(number as f64),
            },
            _ => self.wrong_type("@number", &number.to_string()),
        }
    }
    /// A number of more digits than are calculated with.
    fn beyond(self, number: f64) -> Value {
        let (minimum, maximum) = match self.kind {
            FieldType::Integer { min, max } => (min.to_string(), max.to_string()),
            FieldType::Decimal { scale, min, max, .. } => (decimal::format(min, scale), decimal::format(max, scale)),
            _ => return self.wrong_type("@number", &number_range::shown(number)),
        };
        self.out_of_range(number_range::shown(number), minimum, maximum)
    }
    fn decimal(self, units: i64, exact: bool, shown: impl Fn() -> String) -> Value {
        let FieldType::Decimal { scale, min, max, exact: must } = self.kind else {
            return self.wrong_type("@number", &shown());
        };
        if must && !exact {
            // Finer than the scale of marks: never rounded in silence.
            self.reader.refuse(&rule::MK_002).with("value", shown()).with("advice", "");
            if (min..=max).contains(&units) {
                return Value::Null;
            }
        }
        if (min..=max).contains(&units) {
            return Value::Decimal(units);
        }
        self.out_of_range(shown(), decimal::format(min, scale), decimal::format(max, scale))
    }
    fn string(self, given: &str) -> Value {
        match self.reader.crosswalks.and(self.field.code_list()) {
            Some(list) => match self.reader.translate(list, self.field, given) {
                Some(code) => self.read(code),
                None => Value::Null,
            },
            None => self.read(given),
        }
    }
    fn read(self, given: &str) -> Value {
        match &self.kind {
            FieldType::Text { .. } => self.read_plain(given),
            _ => match text::plain_value(given) {
                Some(plain) => {
                    self.reader.raise(&rule::TX_011);
                    self.read_plain(&plain)
                }
                None => self.read_plain(given),
            },
        }
    }
    fn read_plain(self, given: &str) -> Value {
        match self.kind {
            FieldType::Text { max, style } => self.text(given, max, style),
            FieldType::Code { list } => {
                let code = given.trim();
                if code.is_empty() || self.reader.lists.contains(list, code, self.reader.received) {
                    return text_or_null(code);
                }
                self.reader.unknown_code(self.field.faults.unknown, list, code, given);
                Value::Null
            }
            FieldType::Choice { values } => {
                if given.is_empty() || values.contains(&given) {
                    return text_or_null(given);
                }
                let nearest = self.reader.nearest(given, || values.iter().copied());
                let issue = self.reader.refuse(self.field.faults.unknown);
                tell_choice(issue.with("value", clip(given)), self.field, values, nearest);
                Value::Null
            }
            FieldType::Date => match date(given) {
                Some(date) => Value::Date(date),
                None if given.is_empty() => Value::Null,
                None => {
                    tell_no_day(self.reader.refuse(self.field.faults.kind).with("value", clip(given)), given);
                    Value::Null
                }
            },
            FieldType::SchoolYear => match school_year(given) {
                true => Value::Text(given.into()),
                false => {
                    let shown = clip(given);
                    self.wrong_type(&shown, &shown)
                }
            },
            _ => self.wrong_type("@text", given),
        }
    }
    fn text(self, given: &str, max: usize, style: crate::model::field::Style) -> Value {
        let normal = text::normalise(style, given);
        let (reader, mut found) = (self.reader, IssueSink::new(&[]));
        text::judge(style, &normal, || pointer_of(&reader.path), &mut found);
        let is_wrong = found.has_error();
        for issue in found.into_issues() {
            reader.findings.absorb(issue);
        }
        let limit = style.limit(&normal.text, max);
        if normal.text.len() > limit {
            let length = normal.text.chars().count();
            if length > limit {
                reader.raise(&rule::PT_017).with("found", length).with("limit", limit);
            }
        }
        // A code that is only too long stays, so that the rules can say what is wrong with it more closely; the record is
        // rejected anyway.
        reader.faulty |= is_wrong;
        if is_wrong { Value::Null } else { text_or_null(&normal.text) }
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_> {
    type Value = Value;
    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(match self.kind {
            FieldType::Boolean => Value::Boolean(truth),
            _ => self.wrong_type("@boolean", if truth { "true" } else { "false" }),
        })
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(self.whole(number))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(self.whole(i64::try_from(number).unwrap_or(i64::MAX)))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(match self.kind {
            FieldType::Decimal { scale, .. } => match decimal::units(number, scale) {
                Some((units, exact)) => self.decimal(units, exact, || number.to_string()),
                None => self.beyond(number),
            },
            FieldType::Integer { .. } if number.abs() >= 1e15 => self.beyond(number),
            FieldType::Integer { .. } if number.fract() == 0.0 => self.whole(number as i64),
            FieldType::Integer { .. } => {
                let shown = number.to_string();
                self.wrong_type(&shown, &shown)
            }
            _ => self.wrong_type("@number", &number_range::shown(number)),
        })
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(self.string(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let FieldType::List(kind) = self.kind else {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(self.wrong_type("@array", "@array"));
        };
        let (mut list, mut faulty) = (Vec::new(), false);
        loop {
            self.reader.path.push(PathStep::Index(list.len()));
            self.reader.faulty = false;
            let item = items.next_element_seed(ValueSeed { kind: *kind, field: self.field, reader: self.reader })?;
            self.reader.path.pop();
            match item {
                Some(item) => {
                    faulty |= self.reader.faulty;
                    list.push(item);
                }
                None => break,
            }
        }
        self.reader.faulty = faulty;
        list.retain(|item| *item != Value::Null);
        // An empty list says the same as none, unless one must be there: a campus may have no rooms.
        let is_absent = list.is_empty() && (faulty || !self.field.required);
        Ok(if is_absent { Value::Null } else { Value::List(list) })
    }
    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Value, A::Error> {
        match self.kind {
            FieldType::Object(fields) => object(fields, self.reader, members),
            FieldType::Counts { list } => counts(list, self.field, self.reader, members),
            _ => {
                let mut members = members;
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(self.wrong_type("@object", "@object"))
            }
        }
    }
}
