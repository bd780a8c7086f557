//! Objects: the members of a record, of the objects inside it, and counts by code.

use crate::intake::json::field_names::{FieldName, MemberSeed};
use crate::intake::json::parse::{ParseContext, PathStep, ValueSeed};
use crate::model::excerpt::clip;
use crate::model::field::{Field, FieldType};
use crate::model::rules::catalogue as rule;
use crate::model::value::{Row, Value};
use compact_str::CompactString;
use serde::de::{IgnoredAny, MapAccess};

/// Members of a record that the gateway itself adds when it gives it out; sent back they say nothing.
const SERVER_MADE: [&str; 1] = ["meta"];

/// Reads the members of an object in any order; says which are unknown, double or missing.
pub(crate) fn object<'de, A: MapAccess<'de>>(
    fields: &'static [Field],
    reader: &mut ParseContext,
    mut members: A,
) -> Result<Value, A::Error> {
    let mut row = Row::empty(fields.len());
    let (mut seen, mut expected) = (0u64, 0);
    while let Some(member) = members.next_key_seed(MemberSeed { fields, expected })? {
        match member {
            FieldName::Known(at) => {
                let field = &fields[at];
                expected = at + 1;
                if seen >> at & 1 == 1 {
                    reader.raise_member(&rule::PT_009, field.json);
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
                seen |= 1 << at;
                reader.path.push(PathStep::Member(field.json));
                reader.faulty = false;
                row.values[at] = members.next_value_seed(ValueSeed { kind: field.kind, field, reader })?;
                reader.path.pop();
                row.faulty |= u64::from(reader.faulty) << at;
            }
            FieldName::Unknown(name) => {
                members.next_value::<IgnoredAny>()?;
                if reader.path.is_empty() && SERVER_MADE.contains(&name.as_str()) {
                    continue;
                }
                let nearest = reader.nearest(&name, || fields.iter().map(|field| field.json));
                let nearest = nearest.unwrap_or("@none-alike");
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

/// What stands under a code.
const COUNT: FieldType = FieldType::Integer { min: 0, max: i32::MAX as i64 };

/// Reads counts by code.
pub(crate) fn counts<'de, A: MapAccess<'de>>(
    list: &'static str,
    field: &Field,
    reader: &mut ParseContext,
    mut members: A,
) -> Result<Value, A::Error> {
    let (mut counts, mut faulty): (Vec<(CompactString, i64)>, bool) = (Vec::new(), false);
    while let Some(sent) = members.next_key::<String>()? {
        reader.faulty = false;
        reader.path.push(PathStep::Code(sent.as_str().into()));
        match counted(list, field, reader, &sent, &counts) {
            Some(code) => {
                let value = members.next_value_seed(ValueSeed { kind: COUNT, field, reader })?;
                if let Value::Integer(count) = value {
                    counts.push((code, count));
                }
            }
            None => drop(members.next_value::<IgnoredAny>()?),
        }
        reader.path.pop();
        faulty |= reader.faulty;
    }
    counts.sort();
    reader.faulty = faulty;
    Ok(if counts.is_empty() { Value::Null } else { Value::Counts(counts) })
}

/// The code under which something is counted; `None`: it is unknown, or was counted already.
fn counted(
    list: &'static str,
    field: &Field,
    reader: &mut ParseContext,
    sent: &str,
    counts: &[(CompactString, i64)],
) -> Option<CompactString> {
    let code = CompactString::new(reader.translate(list, field, sent)?);
    if counts.iter().any(|(known, _)| *known == code) {
        reader.raise(&rule::PT_009).with("member", clip(sent));
        return None;
    }
    if !reader.lists.contains(list, &code, reader.received) {
        reader.unknown_code(&rule::PT_014, list, &code, sent);
        return None;
    }
    Some(code)
}
