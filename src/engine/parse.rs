//! Bytes → row: one reader for every resource, driven by its fields. It reports every fault of form that a record has and keeps what is sound.

use super::decimal;
use super::member::{Member, MemberSeed, nearest};
use crate::model::field::{Field, Kind};
use crate::model::issue::{Issue, Rule};
use crate::model::lists::Lists;
use crate::model::rules::{Findings, catalogue as rule, text};
use crate::model::value::{Row, Value};
use chrono::NaiveDate;
use compact_str::CompactString;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt::Write as _;

/// Reads the `data` of a record. `Err` is a fault of JSON itself (PT-006).
pub fn record(
    data: &str,
    fields: &'static [Field],
    resource: &str,
    lists: &Lists,
    received: NaiveDate,
    findings: &mut Findings,
) -> Result<Row, String> {
    let mut reader = Reader { lists, received, resource, findings, path: Vec::with_capacity(4), faulty: false };
    let mut json = serde_json::Deserializer::from_str(data);
    let value = ValueSeed { kind: Kind::Object(fields), field: &ROOT, reader: &mut reader }
        .deserialize(&mut json)
        .map_err(|error| error.to_string())?;
    json.end().map_err(|error| error.to_string())?;
    match value {
        Value::Object(row) => Ok(row),
        _ => Ok(Row::empty(fields.len())),
    }
}

/// Stands for the record itself, whose faults of type are general ones.
const ROOT: Field = Field::object(&[]);

#[derive(Clone, Copy)]
enum Step {
    Member(&'static str),
    Index(usize),
}

struct Reader<'a> {
    lists: &'a Lists,
    received: NaiveDate,
    resource: &'a str,
    findings: &'a mut Findings,
    path: Vec<Step>,
    /// Set by the value just read when it cannot be used.
    faulty: bool,
}

impl Reader<'_> {
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.path {
            let _ = match step {
                Step::Member(name) => write!(pointer, "/{name}"),
                Step::Index(index) => write!(pointer, "/{index}"),
            };
        }
        pointer
    }
    fn raise(&mut self, rule: &'static Rule) -> &mut Issue {
        let pointer = self.pointer();
        self.findings.raise_at(rule, pointer)
    }
    /// A fault that makes the value unusable.
    fn refuse(&mut self, rule: &'static Rule) -> &mut Issue {
        self.faulty = true;
        self.raise(rule)
    }
    fn raise_member(&mut self, rule: &'static Rule, member: &str) -> &mut Issue {
        let pointer = format!("{}/{}", self.pointer(), member.replace('~', "~0").replace('/', "~1"));
        self.findings.raise_at(rule, pointer).with("member", clip(member))
    }
}

/// Enough of a foreign value to recognise it.
fn clip(text: &str) -> String {
    let mut clipped: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if text.chars().count() > 40 {
        clipped.push('…');
    }
    clipped
}

struct ValueSeed<'r, 'a> {
    kind: Kind,
    field: &'r Field,
    reader: &'r mut Reader<'a>,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl ValueSeed<'_, '_> {
    fn wrong_type(self, found: &str) -> Value {
        let expected = expected(&self.kind);
        let rule =
            if matches!(self.kind, Kind::Object(_) | Kind::List(_) | Kind::Counts { .. }) { &rule::PT_013 } else { self.field.faults.kind };
        self.reader.refuse(rule).with("found", found).with("expected", expected).with("value", found);
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
            Kind::Integer { min, max } if (min..=max).contains(&number) => Value::Integer(number),
            Kind::Integer { min, max } => self.out_of_range(number.to_string(), min.to_string(), max.to_string()),
            Kind::Decimal { scale, .. } => match number.checked_mul(decimal::power(scale)) {
                Some(units) => self.decimal(units, true, || number.to_string()),
                None => self.wrong_type("@number"),
            },
            _ => self.wrong_type("@number"),
        }
    }
    fn decimal(self, units: i64, exact: bool, shown: impl Fn() -> String) -> Value {
        let Kind::Decimal { scale, min, max, exact: must } = self.kind else { return self.wrong_type("@number") };
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
        match self.kind {
            Kind::Text { max, style } => self.text(given, max, style),
            Kind::Code { list } => {
                let code = given.trim();
                if code.is_empty() || self.reader.lists.contains(list, code, self.reader.received) {
                    return text_or_null(code);
                }
                let nearest = self.reader.lists.nearest(list, code).unwrap_or_else(|| "–".into());
                self.reader.refuse(self.field.faults.unknown).with("value", clip(given)).with("list", list).with("nearest", nearest);
                Value::Null
            }
            Kind::Choice { values } => {
                if given.is_empty() || values.contains(&given) {
                    return text_or_null(given);
                }
                let nearest = nearest(given, values.iter().copied()).unwrap_or("–");
                let issue = self.reader.refuse(self.field.faults.unknown);
                issue.with("value", clip(given)).with("list", values.join("|")).with("nearest", nearest);
                Value::Null
            }
            Kind::Date => match date(given) {
                Some(date) => Value::Date(date),
                None if given.is_empty() => Value::Null,
                None => {
                    self.reader.refuse(self.field.faults.kind).with("value", clip(given));
                    Value::Null
                }
            },
            Kind::SchoolYear => match school_year(given) {
                true => Value::Text(given.into()),
                false => {
                    let shown = clip(given);
                    self.wrong_type(&shown)
                }
            },
            _ => self.wrong_type("@text"),
        }
    }
    fn text(self, given: &str, max: usize, style: crate::model::field::Style) -> Value {
        let normal = text::normalise(style, given);
        if normal.nfc_changed {
            self.reader.raise(&rule::TX_001);
        }
        if normal.spaces_folded {
            self.reader.raise(&rule::TX_006);
        }
        let before = self.reader.findings.issues.len();
        let reader = self.reader;
        text::judge(style, &normal.text, || pointer_of(&reader.path), reader.findings);
        if normal.text.len() > max {
            let length = normal.text.chars().count();
            if length > max {
                reader.raise(&rule::PT_017).with("found", length).with("limit", max);
            }
        }
        let errors = reader.findings.issues[before..].iter().any(|issue| issue.severity == crate::model::issue::Severity::Error);
        reader.faulty |= errors;
        if errors { Value::Null } else { text_or_null(&normal.text) }
    }
}

fn pointer_of(path: &[Step]) -> String {
    let mut pointer = String::new();
    for step in path {
        let _ = match step {
            Step::Member(name) => write!(pointer, "/{name}"),
            Step::Index(index) => write!(pointer, "/{index}"),
        };
    }
    pointer
}

fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(CompactString::new(text)) }
}

fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { .. } | Kind::Code { .. } | Kind::Choice { .. } => "@text",
        Kind::Date => "@date",
        Kind::SchoolYear => "@school-year",
        Kind::Integer { .. } => "@whole-number",
        Kind::Decimal { .. } => "@number",
        Kind::Boolean => "@boolean",
        Kind::List(_) => "@array",
        Kind::Object(_) | Kind::Counts { .. } => "@object",
    }
}

/// `YYYY-MM-DD` to the letter; anything else is ambiguous.
pub fn date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    NaiveDate::from_ymd_opt(number(0..4)? as i32, number(5..7)?, number(8..10)?)
}

/// `YYYY-YYYY`, consecutive.
pub fn school_year(text: &str) -> bool {
    let Some((first, second)) = text.split_once('-') else { return false };
    let year = |part: &str| (part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten();
    matches!((year(first), year(second)), (Some(first), Some(second)) if second == first + 1)
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
            Kind::Boolean => Value::Boolean(truth),
            _ => self.wrong_type("@boolean"),
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
            Kind::Decimal { scale, .. } => match decimal::units(number, scale) {
                Some((units, exact)) => self.decimal(units, exact, || number.to_string()),
                None => self.wrong_type("@number"),
            },
            Kind::Integer { .. } if number.fract() == 0.0 && number.abs() < 1e15 => self.whole(number as i64),
            Kind::Integer { .. } => {
                let shown = number.to_string();
                self.wrong_type(&shown)
            }
            _ => self.wrong_type("@number"),
        })
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(self.string(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let Kind::List(kind) = self.kind else {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(self.wrong_type("@array"));
        };
        let (mut list, mut faulty) = (Vec::new(), false);
        loop {
            self.reader.path.push(Step::Index(list.len()));
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
            Kind::Object(fields) => object(fields, self.reader, members),
            Kind::Counts { list } => counts(list, self.field, self.reader, members),
            _ => {
                let mut members = members;
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(self.wrong_type("@object"))
            }
        }
    }
}

fn object<'de, A: MapAccess<'de>>(fields: &'static [Field], reader: &mut Reader, mut members: A) -> Result<Value, A::Error> {
    let mut row = Row::empty(fields.len());
    let (mut seen, mut expected) = (0u64, 0);
    while let Some(member) = members.next_key_seed(MemberSeed { fields, expected })? {
        match member {
            Member::Known(at) => {
                let field = &fields[at];
                expected = at + 1;
                if seen >> at & 1 == 1 {
                    reader.raise_member(&rule::PT_009, field.json);
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
                seen |= 1 << at;
                reader.path.push(Step::Member(field.json));
                reader.faulty = false;
                row.values[at] = members.next_value_seed(ValueSeed { kind: field.kind, field, reader })?;
                reader.path.pop();
                row.faulty |= u64::from(reader.faulty) << at;
            }
            Member::Unknown(name) => {
                members.next_value::<IgnoredAny>()?;
                let nearest = nearest(&name, fields.iter().map(|field| field.json)).unwrap_or("–");
                let resource = reader.resource.to_owned();
                reader.raise_member(&rule::PT_004, &name).with("nearest", nearest).with("resource", resource);
            }
        }
    }
    let absent = fields.iter().enumerate().filter(|(at, field)| field.required && row.is_absent(*at));
    for (_, field) in absent {
        reader.raise_member(&rule::PT_012, field.json);
    }
    reader.faulty = row.faulty != 0;
    Ok(Value::Object(row))
}

fn counts<'de, A: MapAccess<'de>>(list: &'static str, field: &Field, reader: &mut Reader, mut members: A) -> Result<Value, A::Error> {
    let (mut counts, mut faulty): (Vec<(CompactString, i64)>, bool) = (Vec::new(), false);
    while let Some(code) = members.next_key::<String>()? {
        if counts.iter().any(|(known, _)| *known == code) {
            reader.raise_member(&rule::PT_009, &code);
            members.next_value::<IgnoredAny>()?;
            continue;
        }
        if !reader.lists.contains(list, &code, reader.received) {
            members.next_value::<IgnoredAny>()?;
            let nearest = reader.lists.nearest(list, &code).unwrap_or_else(|| "–".into());
            reader.raise_member(&rule::PT_014, &code).with("value", clip(&code)).with("list", list).with("nearest", nearest);
            faulty = true;
            continue;
        }
        reader.faulty = false;
        reader.path.push(Step::Member(known_code(&code)));
        let value = members.next_value_seed(ValueSeed { kind: Kind::Integer { min: 0, max: 100_000 }, field, reader })?;
        reader.path.pop();
        faulty |= reader.faulty;
        if let Value::Integer(count) = value {
            counts.push((code.into(), count));
        }
    }
    counts.sort();
    reader.faulty = faulty;
    Ok(if counts.is_empty() { Value::Null } else { Value::Counts(counts) })
}

/// Pointers hold static names; a grade's code, the only key of counts, is one of few.
fn known_code(code: &str) -> &'static str {
    const GRADES: [&str; 19] =
        ["00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "18"];
    GRADES.iter().find(|known| **known == code).copied().unwrap_or("*")
}
