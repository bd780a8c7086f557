//! A value in its four forms: JSON as the API gives it, text as PostgreSQL takes it, bytes as PostgreSQL sends it, and a hash.

use super::decimal;
use crate::model::field::{Field, Kind};
use crate::model::value::{Row, Value};
use chrono::{Datelike, NaiveDate};
use compact_str::CompactString;
use std::fmt::Write as _;

/// Appends `text` as a JSON string.
pub fn json_string(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        push_escaped(out, text);
    } else {
        out.push_str(text);
    }
    out.push('"');
}

fn push_escaped(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if (control as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            other => out.push(other),
        }
    }
}

/// Appends a value as JSON.
pub fn json(out: &mut String, value: &Value, kind: &Kind) {
    match (value, kind) {
        (Value::Null, _) => out.push_str("null"),
        (Value::Text(text), _) => json_string(out, text),
        (Value::Integer(number), _) => {
            let _ = write!(out, "{number}");
        }
        (Value::Decimal(units), Kind::Decimal { scale, .. }) => decimal::push(out, *units, *scale),
        (Value::Decimal(units), _) => decimal::push(out, *units, 0),
        (Value::Boolean(truth), _) => out.push_str(if *truth { "true" } else { "false" }),
        (Value::Date(date), _) => {
            out.push('"');
            push_date(out, *date);
            out.push('"');
        }
        (Value::List(list), Kind::List(kind)) => json_list(out, list, |out, item| json(out, item, kind)),
        (Value::List(list), kind) => json_list(out, list, |out, item| json(out, item, kind)),
        (Value::Object(row), Kind::Object(fields)) => json_object(out, row, fields, |_| true),
        (Value::Object(_), _) => out.push_str("{}"),
        (Value::Counts(counts), _) => {
            out.push('{');
            for (at, (code, count)) in counts.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                json_string(out, code);
                let _ = write!(out, ":{count}");
            }
            out.push('}');
        }
    }
}

fn json_list(out: &mut String, list: &[Value], mut each: impl FnMut(&mut String, &Value)) {
    out.push('[');
    for (at, item) in list.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        each(out, item);
    }
    out.push(']');
}

/// Appends an object of the members that are there and that `shown` lets through.
pub fn json_object(out: &mut String, row: &Row, fields: &[Field], shown: impl Fn(&Field) -> bool) {
    out.push('{');
    let mut first = true;
    for (field, value) in fields.iter().zip(&row.values) {
        if *value == Value::Null || !shown(field) {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        let _ = write!(out, "\"{}\":", field.json);
        json(out, value, &field.kind);
    }
    out.push('}');
}

/// Appends `YYYY-MM-DD`; chrono's formatter is several times slower.
pub fn push_date(out: &mut String, date: NaiveDate) {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
}

/// Appends a value that is not null as PostgreSQL reads it.
pub fn sql(out: &mut String, value: &Value, kind: &Kind) {
    match (value, kind) {
        (Value::Text(text), _) => out.push_str(text),
        (Value::Date(date), _) => push_date(out, *date),
        (Value::List(_), Kind::List(Kind::Object(_))) | (Value::Object(_) | Value::Counts(_), _) => json(out, value, kind),
        (Value::List(list), Kind::List(kind)) => {
            out.push('{');
            for (at, item) in list.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                match item {
                    Value::Text(text) => json_string(out, text),
                    other => sql(out, other, kind),
                }
            }
            out.push('}');
        }
        _ => json(out, value, kind),
    }
}

/// Appends a value as a field of COPY's text format.
pub fn copy(out: &mut String, scratch: &mut String, value: &Value, kind: &Kind) {
    match value {
        Value::Null => out.push_str("\\N"),
        Value::Integer(_) | Value::Decimal(_) | Value::Date(_) => sql(out, value, kind),
        Value::Boolean(truth) => out.push(if *truth { 't' } else { 'f' }),
        Value::Text(text) => copy_text(out, text),
        _ => {
            scratch.clear();
            sql(scratch, value, kind);
            copy_text(out, scratch);
        }
    }
}

fn copy_text(out: &mut String, text: &str) {
    if !text.bytes().any(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r')) {
        return out.push_str(text);
    }
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
}

/// A value from PostgreSQL's binary format. `None`: the bytes are not of that kind.
pub fn from_sql(bytes: &[u8], kind: &Kind) -> Option<Value> {
    Some(match kind {
        Kind::Text { .. } | Kind::Code { .. } | Kind::Choice { .. } | Kind::SchoolYear => {
            Value::Text(CompactString::new(std::str::from_utf8(bytes).ok()?))
        }
        Kind::Integer { .. } => Value::Integer(match bytes.len() {
            8 => i64::from_be_bytes(bytes.try_into().ok()?),
            4 => i64::from(i32::from_be_bytes(bytes.try_into().ok()?)),
            _ => i64::from(i16::from_be_bytes(bytes.try_into().ok()?)),
        }),
        Kind::Decimal { scale, .. } => Value::Decimal(numeric(bytes, *scale)?),
        Kind::Boolean => Value::Boolean(bytes == [1]),
        Kind::Date => Value::Date(date(bytes)?),
        Kind::Object(_) | Kind::Counts { .. } | Kind::List(Kind::Object(_)) => {
            from_json(&serde_json::from_slice(bytes.get(1..)?).ok()?, kind)
        }
        Kind::List(kind) => Value::List(array(bytes, kind)?),
    })
}

fn date(bytes: &[u8]) -> Option<NaiveDate> {
    let days = i32::from_be_bytes(bytes.try_into().ok()?);
    NaiveDate::from_ymd_opt(2000, 1, 1)?.checked_add_signed(chrono::TimeDelta::days(i64::from(days)))
}

fn word(bytes: &[u8], at: usize) -> Option<i16> {
    Some(i16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}
fn long(bytes: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// `numeric`: groups of four decimal digits, the first of weight 10000^weight.
fn numeric(bytes: &[u8], scale: u8) -> Option<i64> {
    let (groups, weight, negative) = (word(bytes, 0)?, word(bytes, 2)?, word(bytes, 4)? == 0x4000);
    let mut units: i128 = 0;
    for group in 0..groups {
        let digits = i128::from(word(bytes, 8 + 2 * group as usize)?);
        let exponent = i32::from(weight - group) * 4 + i32::from(scale);
        units += if exponent >= 0 { digits * 10i128.pow(exponent as u32) } else { digits / 10i128.pow(exponent.unsigned_abs()) };
    }
    i64::try_from(if negative { -units } else { units }).ok()
}

fn array(bytes: &[u8], kind: &Kind) -> Option<Vec<Value>> {
    if long(bytes, 0)? == 0 {
        return Some(Vec::new());
    }
    let (count, mut at, mut list) = (long(bytes, 12)?, 20, Vec::new());
    for _ in 0..count {
        let length = long(bytes, at)?;
        at += 4;
        if length < 0 {
            list.push(Value::Null);
            continue;
        }
        list.push(from_sql(bytes.get(at..at + length as usize)?, kind)?);
        at += length as usize;
    }
    Some(list)
}

/// A stored `jsonb` value back in its kind.
fn from_json(json: &serde_json::Value, kind: &Kind) -> Value {
    use serde_json::Value as Json;
    match (json, kind) {
        (Json::Array(items), Kind::List(kind)) => Value::List(items.iter().map(|item| from_json(item, kind)).collect()),
        (Json::Object(members), Kind::Object(fields)) => Value::Object(Row {
            values: fields
                .iter()
                .map(|field| members.get(field.json).map_or(Value::Null, |member| from_json(member, &field.kind)))
                .collect(),
            faulty: 0,
        }),
        (Json::Object(members), Kind::Counts { .. }) => {
            Value::Counts(members.iter().filter_map(|(code, count)| Some((CompactString::new(code), count.as_i64()?))).collect())
        }
        (Json::String(text), Kind::Date) => super::form::date(text).map_or(Value::Null, Value::Date),
        (Json::String(text), _) => Value::Text(CompactString::new(text)),
        (Json::Bool(truth), _) => Value::Boolean(*truth),
        (Json::Number(number), Kind::Decimal { scale, .. }) => {
            number.as_f64().and_then(|number| decimal::units(number, *scale)).map_or(Value::Null, |(units, _)| Value::Decimal(units))
        }
        (Json::Number(number), _) => number.as_i64().map_or(Value::Null, Value::Integer),
        _ => Value::Null,
    }
}

/// 128 bits over every value, key included, in a canonical form: equal rows and only they hash equal. Two halves for two `bigint` columns, so that
/// `bit_xor` makes a digest of a group in the database.
pub fn hash(row: &Row, scratch: &mut Vec<u8>) -> (i64, i64) {
    scratch.clear();
    canonical(row, scratch);
    let hash = xxhash_rust::xxh3::xxh3_128(scratch);
    ((hash >> 64) as i64, hash as i64)
}

fn canonical(row: &Row, out: &mut Vec<u8>) {
    for value in &row.values {
        canonical_value(value, out);
    }
}

fn canonical_value(value: &Value, out: &mut Vec<u8>) {
    let mut tagged = |tag: u8, bytes: &[u8]| {
        out.push(tag);
        out.extend_from_slice(bytes);
    };
    match value {
        Value::Null => out.push(0),
        Value::Text(text) => {
            tagged(1, &(text.len() as u32).to_le_bytes());
            out.extend_from_slice(text.as_bytes());
        }
        Value::Integer(number) => tagged(2, &number.to_le_bytes()),
        Value::Decimal(units) => tagged(3, &units.to_le_bytes()),
        Value::Boolean(truth) => tagged(4, &[u8::from(*truth)]),
        Value::Date(date) => tagged(5, &date.num_days_from_ce().to_le_bytes()),
        Value::List(list) => {
            tagged(6, &(list.len() as u32).to_le_bytes());
            list.iter().for_each(|item| canonical_value(item, out));
        }
        Value::Object(row) => {
            out.push(7);
            canonical(row, out);
        }
        Value::Counts(counts) => {
            tagged(8, &(counts.len() as u32).to_le_bytes());
            for (code, count) in counts {
                canonical_value(&Value::Text(code.clone()), out);
                out.extend_from_slice(&count.to_le_bytes());
            }
        }
    }
}
