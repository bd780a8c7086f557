//! Objects: the members of a record, of the objects inside it, and counts by code.

use super::form::clip;
use super::member::{Member, MemberSeed, nearest};
use super::parse::{Reader, Step, ValueSeed};
use crate::model::field::{Field, Kind};
use crate::model::rules::catalogue as rule;
use crate::model::value::{Row, Value};
use compact_str::CompactString;
use serde::de::{IgnoredAny, MapAccess};

/// Reads the members of an object in any order; says which are unknown, double or missing.
pub(super) fn object<'de, A: MapAccess<'de>>(fields: &'static [Field], reader: &mut Reader, mut members: A) -> Result<Value, A::Error> {
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

/// Reads counts by code.
pub(super) fn counts<'de, A: MapAccess<'de>>(
    list: &'static str,
    field: &Field,
    reader: &mut Reader,
    mut members: A,
) -> Result<Value, A::Error> {
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
        let value = members.next_value_seed(ValueSeed { kind: Kind::Integer { min: 0, max: i64::from(i32::MAX) }, field, reader })?;
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
