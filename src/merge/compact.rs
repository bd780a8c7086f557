//! A value in few bytes, for keeping many of them in memory.

use crate::model::value::{Row, Value};
use chrono::{Datelike, NaiveDate};
use compact_str::CompactString;

/// What a packed value begins with.
mod tag {
    pub const NULL: u8 = 0;
    pub const TEXT: u8 = 1;
    pub const INTEGER: u8 = 2;
    pub const DECIMAL: u8 = 3;
    pub const FALSE: u8 = 4;
    pub const TRUE: u8 = 5;
    pub const DATE: u8 = 6;
    pub const LIST: u8 = 7;
    pub const OBJECT: u8 = 8;
    pub const COUNTS: u8 = 9;
}

/// Appends a value.
pub fn pack(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(tag::NULL),
        Value::Text(text) => {
            out.push(tag::TEXT);
            push_text(text, out);
        }
        Value::Integer(number) => tagged(tag::INTEGER, *number, out),
        Value::Decimal(units) => tagged(tag::DECIMAL, *units, out),
        Value::Boolean(truth) => out.push(if *truth { tag::TRUE } else { tag::FALSE }),
        Value::Date(date) => tagged(tag::DATE, i64::from(date.num_days_from_ce()), out),
        Value::List(list) => {
            tagged(tag::LIST, list.len() as i64, out);
            list.iter().for_each(|item| pack(item, out));
        }
        Value::Object(row) => {
            tagged(tag::OBJECT, row.values.len() as i64, out);
            row.values.iter().for_each(|value| pack(value, out));
        }
        Value::Counts(counts) => {
            tagged(tag::COUNTS, counts.len() as i64, out);
            for (code, count) in counts {
                push_text(code, out);
                push_number(*count, out);
            }
        }
    }
}

/// Takes the next value off; `None`: the bytes are none.
pub fn unpack(bytes: &mut &[u8]) -> Option<Value> {
    Some(match byte(bytes)? {
        tag::NULL => Value::Null,
        tag::TEXT => Value::Text(text(bytes)?),
        tag::INTEGER => Value::Integer(number(bytes)?),
        tag::DECIMAL => Value::Decimal(number(bytes)?),
        tag::FALSE => Value::Boolean(false),
        tag::TRUE => Value::Boolean(true),
        tag::DATE => Value::Date(NaiveDate::from_num_days_from_ce_opt(i32::try_from(number(bytes)?).ok()?)?),
        tag::LIST => Value::List(several(bytes, unpack)?),
        tag::OBJECT => Value::Object(Row { values: several(bytes, unpack)?, faulty: 0 }),
        tag::COUNTS => Value::Counts(several(bytes, |bytes| Some((text(bytes)?, number(bytes)?)))?),
        _ => return None,
    })
}

fn several<T>(bytes: &mut &[u8], each: impl Fn(&mut &[u8]) -> Option<T>) -> Option<Vec<T>> {
    (0..number(bytes)?).map(|_| each(bytes)).collect()
}

fn tagged(tag: u8, number: i64, out: &mut Vec<u8>) {
    out.push(tag);
    push_number(number, out);
}

/// Seven bits a byte, the sign in the lowest: small numbers of either sign are short.
fn push_number(number: i64, out: &mut Vec<u8>) {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

fn push_text(text: &str, out: &mut Vec<u8>) {
    push_number(text.len() as i64, out);
    out.extend_from_slice(text.as_bytes());
}

fn byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

fn number(bytes: &mut &[u8]) -> Option<i64> {
    let (mut zigzag, mut shift) = (0u64, 0);
    loop {
        let byte = byte(bytes)?;
        zigzag |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64));
        }
        shift += 7;
    }
}

fn text(bytes: &mut &[u8]) -> Option<CompactString> {
    let length = usize::try_from(number(bytes)?).ok()?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok().map(CompactString::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let values = [
            Value::Null,
            Value::Text("6/1 Phượng".into()),
            Value::Text(CompactString::default()),
            Value::Integer(i64::MIN),
            Value::Integer(-1),
            Value::Decimal(i64::MAX),
            Value::Boolean(true),
            Value::Boolean(false),
            Value::Date(NaiveDate::from_ymd_opt(2014, 2, 28).unwrap()),
            Value::List(vec![Value::Decimal(85), Value::Null, Value::Text("TOAN".into())]),
            Value::Object(Row { values: vec![Value::Integer(300), Value::Null], faulty: 0 }),
            Value::Counts(vec![("06".into(), 35), ("07".into(), 0)]),
        ];
        let mut bytes = Vec::new();
        values.iter().for_each(|value| pack(value, &mut bytes));
        let mut rest = bytes.as_slice();
        for value in &values {
            assert_eq!(unpack(&mut rest).as_ref(), Some(value));
        }
        assert_eq!((unpack(&mut rest), unpack(&mut &b"\x01\x05ab"[..])), (None, None));
    }
}
