//! A value as JSON, as text that PostgreSQL takes, and as a hash; for its bytes see
//! [`binary`](crate::store::pg::binary).

use crate::model::decimal;
use crate::model::field::{Field, FieldType};
use crate::model::value::{Row, Value};
use chrono::{Datelike, NaiveDate};
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
pub fn json(out: &mut String, value: &Value, kind: &FieldType) {
    match (value, kind) {
        (Value::Null, _) => out.push_str("null"),
        (Value::Text(text), _) => json_string(out, text),
        (Value::Integer(number), _) => {
            let _ = write!(out, "{number}");
        }
        (Value::Decimal(units), FieldType::Decimal { scale, .. }) => decimal::push(out, *units, *scale),
        (Value::Decimal(units), _) => decimal::push(out, *units, 0),
        (Value::Boolean(truth), _) => out.push_str(if *truth { "true" } else { "false" }),
        (Value::Date(date), _) => {
            out.push('"');
            push_date(out, *date);
            out.push('"');
        }
        (Value::List(list), FieldType::List(kind)) => json_list(out, list, |out, item| json(out, item, kind)),
        (Value::List(list), kind) => json_list(out, list, |out, item| json(out, item, kind)),
        (Value::Object(row), FieldType::Object(fields)) => json_object(out, row, fields, |_| true),
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
pub fn sql(out: &mut String, value: &Value, kind: &FieldType) {
    match (value, kind) {
        (Value::Text(text), _) => out.push_str(text),
        (Value::Date(date), _) => push_date(out, *date),
        (Value::List(_), FieldType::List(FieldType::Object(_))) | (Value::Object(_) | Value::Counts(_), _) => {
            json(out, value, kind)
        }
        (Value::List(list), FieldType::List(kind)) => {
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

/// 128 bits over every value, key included, in a canonical form: equal rows and only they hash equal. Two halves for
/// two `bigint` columns, so that `bit_xor` makes a digest of a group in the database. Members that came after records had
/// been stored leave a trace only where they have a value: what is stored stays equal to what is sent again.
pub fn hash(row: &Row, fields: &[Field], scratch: &mut Vec<u8>) -> (i64, i64) {
    scratch.clear();
    for (field, value) in fields.iter().zip(&row.values) {
        match (field.added, value) {
            (true, Value::Null) => {}
            (true, value) => {
                scratch.push(9);
                canonical_value(&Value::Text(field.name.into()), scratch);
                canonical_value(value, scratch);
            }
            (false, value) => canonical_value(value, scratch),
        }
    }
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
