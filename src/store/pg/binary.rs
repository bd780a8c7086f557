//! A value in PostgreSQL's binary format, in both directions: as COPY takes it and as a result brings it.

use crate::model::decimal;
use crate::model::field::FieldType;
use crate::model::value::{Row, Value};
use crate::store::codec;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use compact_str::CompactString;
use uuid::Uuid;

/// What a binary COPY begins with: signature, no flags, no extension.
pub const COPY_HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What it ends with.
pub const COPY_END: [u8; 2] = (-1i16).to_be_bytes();

/// Object ids of the element types of arrays.
const TEXT: u32 = 25;
const NUMERIC: u32 = 1700;
/// Microseconds and days of PostgreSQL begin on 2000-01-01.
const EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;
const EPOCH_DAYS: i32 = 730_120;
/// Version of the format of `jsonb`.
const JSONB: u8 = 1;

/// Appends a null as a field.
pub fn push_null(out: &mut Vec<u8>) {
    out.extend_from_slice(&(-1i32).to_be_bytes());
}
/// Appends a field of these bytes.
pub fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
    out.extend_from_slice(bytes);
}
/// Appends an `integer`.
pub fn push_integer(out: &mut Vec<u8>, number: i32) {
    push_bytes(out, &number.to_be_bytes());
}
/// Appends a `bigint` or an `xid8`.
pub fn push_long(out: &mut Vec<u8>, number: i64) {
    push_bytes(out, &number.to_be_bytes());
}
/// Appends a `timestamptz`.
pub fn push_instant(out: &mut Vec<u8>, instant: DateTime<Utc>) {
    push_long(out, instant.timestamp_micros() - EPOCH_MICROSECONDS);
}
/// Appends a `uuid`.
pub fn push_uuid(out: &mut Vec<u8>, uuid: Uuid) {
    push_bytes(out, uuid.as_bytes());
}

/// Appends a value as a field of its kind's column.
pub fn push(out: &mut Vec<u8>, scratch: &mut String, value: &Value, kind: &FieldType) {
    match (value, kind) {
        (Value::Null, _) => push_null(out),
        (Value::Text(text), _) => push_bytes(out, text.as_bytes()),
        (Value::Integer(number), _) => push_integer(out, i32::try_from(*number).unwrap_or(i32::MAX)),
        (Value::Decimal(units), _) => push_numeric(out, *units, scale(kind)),
        (Value::Boolean(truth), _) => push_bytes(out, &[u8::from(*truth)]),
        (Value::Date(date), _) => push_integer(out, date.num_days_from_ce() - EPOCH_DAYS),
        (Value::List(list), FieldType::List(element)) if !matches!(element, FieldType::Object(_)) => {
            push_array(out, scratch, list, element)
        }
        _ => {
            scratch.clear();
            codec::json(scratch, value, kind);
            out.extend_from_slice(&(scratch.len() as i32 + 1).to_be_bytes());
            out.push(JSONB);
            out.extend_from_slice(scratch.as_bytes());
        }
    }
}

fn scale(kind: &FieldType) -> u8 {
    if let FieldType::Decimal { scale, .. } = kind { *scale } else { 0 }
}

/// `numeric`: groups of four decimal digits, the first of weight 10000^weight; the fraction fills whole groups.
fn push_numeric(out: &mut Vec<u8>, units: i64, scale: u8) {
    let fractions = usize::from(scale).div_ceil(4);
    let mut rest = i128::from(units.unsigned_abs()) * i128::from(decimal::power((fractions * 4) as u8 - scale));
    let (mut groups, mut count) = ([0i16; 8], 0);
    while rest > 0 && count < groups.len() {
        groups[count] = (rest % 10_000) as i16;
        rest /= 10_000;
        count += 1;
    }
    let weight = count as i16 - fractions as i16 - 1;
    out.extend_from_slice(&(8 + 2 * count as i32).to_be_bytes());
    for word in [count as i16, weight, if units < 0 { 0x4000 } else { 0 }, i16::from(scale)] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    groups[..count].iter().rev().for_each(|group| out.extend_from_slice(&group.to_be_bytes()));
}

/// One dimension, from 1; the length of the whole is filled in at the end.
fn push_array(out: &mut Vec<u8>, scratch: &mut String, list: &[Value], element: &FieldType) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    let kind = if matches!(element, FieldType::Decimal { .. }) { NUMERIC } else { TEXT };
    out.extend_from_slice(&i32::from(!list.is_empty()).to_be_bytes());
    out.extend_from_slice(&i32::from(list.contains(&Value::Null)).to_be_bytes());
    out.extend_from_slice(&kind.to_be_bytes());
    if !list.is_empty() {
        out.extend_from_slice(&(list.len() as i32).to_be_bytes());
        out.extend_from_slice(&1i32.to_be_bytes());
        list.iter().for_each(|item| push(out, scratch, item, element));
    }
    let length = (out.len() - start - 4) as i32;
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}

/// A value from PostgreSQL's binary format. `None`: the bytes are not of that kind.
pub fn from_sql(bytes: &[u8], kind: &FieldType) -> Option<Value> {
    Some(match kind {
        FieldType::Text { .. } | FieldType::Code { .. } | FieldType::Choice { .. } | FieldType::SchoolYear => {
            Value::Text(CompactString::new(std::str::from_utf8(bytes).ok()?))
        }
        FieldType::Integer { .. } => Value::Integer(match bytes.len() {
            8 => i64::from_be_bytes(bytes.try_into().ok()?),
            4 => i64::from(i32::from_be_bytes(bytes.try_into().ok()?)),
            _ => i64::from(i16::from_be_bytes(bytes.try_into().ok()?)),
        }),
        FieldType::Decimal { scale, .. } => Value::Decimal(numeric(bytes, *scale)?),
        FieldType::Boolean => Value::Boolean(bytes == [1]),
        FieldType::Date => Value::Date(date(bytes)?),
        FieldType::Object(_) | FieldType::Counts { .. } | FieldType::List(FieldType::Object(_)) => {
            from_json(&serde_json::from_slice(bytes.get(1..)?).ok()?, kind)
        }
        FieldType::List(kind) => Value::List(array(bytes, kind)?),
    })
}

fn date(bytes: &[u8]) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(bytes.try_into().ok()?).checked_add(EPOCH_DAYS)?)
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
        units += if exponent >= 0 {
            digits * 10i128.pow(exponent as u32)
        } else {
            digits / 10i128.pow(exponent.unsigned_abs())
        };
    }
    i64::try_from(if negative { -units } else { units }).ok()
}

fn array(bytes: &[u8], kind: &FieldType) -> Option<Vec<Value>> {
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
fn from_json(json: &serde_json::Value, kind: &FieldType) -> Value {
    use serde_json::Value as Json;
    match (json, kind) {
        (Json::Array(items), FieldType::List(kind)) => {
            Value::List(items.iter().map(|item| from_json(item, kind)).collect())
        }
        (Json::Object(members), FieldType::Object(fields)) => Value::Object(Row {
            values: fields
                .iter()
                .map(|field| members.get(field.json).map_or(Value::Null, |member| from_json(member, &field.kind)))
                .collect(),
            faulty: 0,
        }),
        (Json::Object(members), FieldType::Counts { .. }) => Value::Counts(
            members.iter().filter_map(|(code, count)| Some((CompactString::new(code), count.as_i64()?))).collect(),
        ),
        (Json::String(text), FieldType::Date) => crate::model::moment::date(text).map_or(Value::Null, Value::Date),
        (Json::String(text), _) => Value::Text(CompactString::new(text)),
        (Json::Bool(truth), _) => Value::Boolean(*truth),
        (Json::Number(number), FieldType::Decimal { scale, .. }) => number
            .as_f64()
            .and_then(|number| decimal::units(number, *scale))
            .map_or(Value::Null, |(units, _)| Value::Decimal(units)),
        (Json::Number(number), _) => number.as_i64().map_or(Value::Null, Value::Integer),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::field::Field;

    /// What is pushed is read back; the length before it is its own.
    fn returns(value: Value, kind: FieldType) {
        let (mut bytes, mut scratch) = (Vec::new(), String::new());
        push(&mut bytes, &mut scratch, &value, &kind);
        assert_eq!(i32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize, bytes.len() - 4);
        assert_eq!(from_sql(&bytes[4..], &kind), Some(value));
    }

    #[test]
    fn values_come_back() {
        let decimal = |scale| FieldType::Decimal { scale, min: i64::MIN, max: i64::MAX, exact: false };
        for units in [0, 1, -1, 9, 10, 85, 100, 9_999, 10_000, 123_456_789, -20_123_456, i64::MAX / 10_000_000] {
            (0..=6).for_each(|scale| returns(Value::Decimal(units), decimal(scale)));
        }
        let date = |year, month, day| Value::Date(NaiveDate::from_ymd_opt(year, month, day).unwrap());
        for value in [date(2000, 1, 1), date(1955, 2, 28), date(2026, 11, 24)] {
            returns(value, FieldType::Date);
        }
        returns(Value::Integer(-7), FieldType::Integer { min: -10, max: 10 });
        returns(Value::Boolean(true), FieldType::Boolean);
        returns(Value::Text("Đặng \\ \"Ứng\"".into()), FieldType::Code { list: "sexes" });
        const MARK: FieldType = FieldType::Decimal { scale: 1, min: 0, max: 100, exact: true };
        const CODE: FieldType = FieldType::Code { list: "subjects" };
        const PARTS: &[Field] = &[Field::integer(0, 9).named("a", "a", "")];
        returns(Value::List(vec![Value::Decimal(85), Value::Decimal(0), Value::Decimal(100)]), FieldType::List(&MARK));
        returns(Value::List(vec![Value::Text("a,\"b".into()), Value::Text("c".into())]), FieldType::List(&CODE));
        returns(Value::List(Vec::new()), FieldType::List(&CODE));
        returns(Value::Counts(vec![("06".into(), 3)]), FieldType::Counts { list: "grade-levels" });
        returns(Value::Object(Row { values: vec![Value::Integer(4)], faulty: 0 }), FieldType::Object(PARTS));
    }
}
