//! A record in a chunk: what it is, by which key, and its bytes. The envelope is read once, when the body arrives.

use crate::intake::json::field_names::nearest;
use crate::intake::json::value_format::fault_of_json;
use crate::intake::record::RecordOperation;
use crate::model::excerpt::clip;
use crate::model::field::{FieldType, Style};
use crate::model::record_key::SEPARATOR;
use crate::model::rules::identity::is_provisional;
use crate::model::rules::text::normalise;
use crate::store::table;
use crate::store::table::Table;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// What the envelope of a record says.
#[derive(Debug)]
pub struct Envelope<'a> {
    /// The resource's table.
    pub table: &'static Table,
    /// Upsert or delete.
    pub operation: RecordOperation,
    /// The record's data.
    pub data: &'a str,
}

/// Why a piece is not a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// PT-008: longer than allowed.
    TooLong,
    /// PT-008: nested deeper than allowed.
    TooDeep,
    /// TX-002: the first byte that is not UTF-8.
    NotUtf8(usize),
    /// PT-006, with the reason.
    NotRecord(String),
    /// PT-007: `resource` or `operation`, and the value.
    Unknown(&'static str, String),
    /// PT-004: a member of the envelope.
    Member(String),
    /// PT-009: a member of the envelope.
    Twice(&'static str),
}

/// The members of an envelope.
pub const MEMBERS: [&str; 3] = ["resource", "operation", "data"];

/// How deep objects and lists may stand in each other.
pub const DEPTH: usize = 16;

/// Reads what a record is and by which key. The usual form is read in one pass; what is not of it is read member by
/// member, and its faults are named.
pub fn read(bytes: &[u8]) -> Result<(Envelope<'_>, EnvelopeKey), Broken> {
    if let Some(found) = usual(bytes) {
        return Ok(found);
    }
    let envelope = envelope(bytes)?;
    let mut parts = vec![None; envelope.table.key.len()];
    // Reading ends at the key's last part, wherever that stands, which the library takes for a fault of the text.
    let _ = KeyParts { table: envelope.table, parts: &mut parts, to_the_end: false }
        .deserialize(&mut serde_json::Deserializer::from_str(envelope.data));
    let key = EnvelopeKey::of(envelope.table, &parts);
    Ok((envelope, key))
}

/// An upsert as nearly everyone writes it: `resource` first, `data` last, nothing else.
fn usual(bytes: &[u8]) -> Option<(Envelope<'_>, EnvelopeKey)> {
    const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];
    fn after<'a>(text: &'a str, token: &str) -> Option<&'a str> {
        text.trim_start_matches(SPACE).strip_prefix(token)
    }
    let text = std::str::from_utf8(bytes).ok().filter(|_| !too_deep(bytes))?;
    let member = after(after(after(text, "{")?, "\"resource\"")?, ":")?;
    let (name, rest) = after(member, "\"")?.split_once('"')?;
    let table = table::find(name)?;
    let data = after(after(after(rest, ",")?, "\"data\"")?, ":")?.trim_start_matches(SPACE);
    let data = data.trim_end_matches(SPACE).strip_suffix('}')?.trim_end_matches(SPACE);
    let (mut parts, mut json) = (vec![None; table.key.len()], serde_json::Deserializer::from_str(data));
    // One object and nothing behind it; anything else is left to the other way.
    KeyParts { table, parts: &mut parts, to_the_end: true }.deserialize(&mut json).and_then(|()| json.end()).ok()?;
    Some((Envelope { table, operation: RecordOperation::Upsert, data }, EnvelopeKey::of(table, &parts)))
}

/// Reads the envelope of a record.
pub fn envelope(bytes: &[u8]) -> Result<Envelope<'_>, Broken> {
    let text = std::str::from_utf8(bytes).map_err(|error| Broken::NotUtf8(error.valid_up_to()))?;
    if too_deep(bytes) {
        return Err(Broken::TooDeep);
    }
    if text.trim_start().starts_with('[') {
        return Err(Broken::NotRecord("@array-as-line".into()));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let members = Members.deserialize(&mut json).and_then(|members| json.end().map(|()| members));
    // What does not even begin as an object may stand behind the end of an array.
    let fault = |error| if text.starts_with('{') { fault_of_json(&error) } else { "@not-an-object".into() };
    let members = members.map_err(|error| Broken::NotRecord(fault(error)))?;
    if let Some(name) = members.twice {
        return Err(Broken::Twice(name));
    }
    let is_bare = members.resource.is_none() && members.data.is_none();
    if let Some(name) = members.unknown.filter(|name| !is_bare || nearest(name, MEMBERS.into_iter()).is_some()) {
        return Err(Broken::Member(name));
    }
    let (Some(resource), Some(data)) = (members.resource, members.data) else {
        let lacking = match (members.resource, members.data) {
            (None, None) => "@no-envelope",
            (None, _) => "@no-resource",
            _ => "@no-data",
        };
        return Err(Broken::NotRecord(lacking.into()));
    };
    let name = string(resource).ok_or_else(|| Broken::Unknown("resource", clip(resource.get().trim_matches('"'))))?;
    let table = table::find(&name).ok_or_else(|| Broken::Unknown("resource", clip(&name)))?;
    let operation = match members.operation.map(|raw| (raw, string(raw))) {
        None => RecordOperation::Upsert,
        Some((_, Some(word))) if word == "upsert" => RecordOperation::Upsert,
        Some((_, Some(word))) if word == "delete" => RecordOperation::Delete,
        Some((raw, _)) => return Err(Broken::Unknown("operation", clip(raw.get().trim_matches('"')))),
    };
    if !data.get().starts_with('{') {
        return Err(Broken::NotRecord("@data-not-object".into()));
    }
    Ok(Envelope { table, operation, data: data.get() })
}

fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Text>(raw.get()).ok().map(|text| text.0)
}

#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Are objects and lists in each other deeper than allowed?
pub fn too_deep(bytes: &[u8]) -> bool {
    let brackets = bytes.iter().filter(|byte| matches!(byte, b'{' | b'[')).count();
    if brackets <= DEPTH {
        return false;
    }
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > DEPTH {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[derive(Default)]
struct Found<'a> {
    resource: Option<&'a RawValue>,
    operation: Option<&'a RawValue>,
    data: Option<&'a RawValue>,
    unknown: Option<String>,
    twice: Option<&'static str>,
}

struct Members;

impl<'de> DeserializeSeed<'de> for Members {
    type Value = Found<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Found<'de>;
    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a record")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Found<'de>, A::Error> {
        let mut found = Found::default();
        while let Some(Text(name)) = members.next_key::<Text>()? {
            let (slot, name) = match &*name {
                "resource" => (&mut found.resource, "resource"),
                "operation" => (&mut found.operation, "operation"),
                "data" => (&mut found.data, "data"),
                other => {
                    found.unknown = Some(clip(other));
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if slot.replace(members.next_value()?).is_some() {
                found.twice = Some(name);
            }
        }
        Ok(found)
    }
}

/// What the key of a record tells before the record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnvelopeKey {
    /// A hash of resource and key, the same for every record of that key; `None` when the key is not whole.
    pub hash: Option<u64>,
    /// The step in which an upsert of it comes.
    pub level: usize,
}

impl EnvelopeKey {
    fn of(table: &Table, parts: &[Option<Cow<'_, str>>]) -> Self {
        let late = table.spec.late.and_then(|late| table.spec.key.iter().position(|name| *name == late.field));
        let level = table.level_of_text(late.and_then(|at| parts.get(at)?.as_deref()));
        Self { hash: hash(table, parts), level }
    }
}

/// The bit that is set in the hashes of keys that are provisional codes, of which each belongs to a school.
pub const PROVISIONAL_KEY: u64 = 1 << 63;

fn hash(table: &Table, parts: &[Option<Cow<'_, str>>]) -> Option<u64> {
    let mut hash = xxhash_rust::xxh3::Xxh3::with_seed(table.spec.number as u64);
    let mut mark = 0;
    for (part, place) in parts.iter().zip(&table.key) {
        let part = part.as_ref()?;
        // Two ways to write one text are one key, as they will be when they are stored.
        match table.spec.fields[*place].kind {
            FieldType::Text { style, .. } => {
                let text = normalise(style, part).text;
                if style == Style::PersonCode && parts.len() == 1 && is_provisional(&text) {
                    mark = PROVISIONAL_KEY;
                }
                hash.update(text.as_bytes());
            }
            _ => hash.update(part.trim().as_bytes()),
        }
        hash.update(&[SEPARATOR as u8]);
    }
    Some(hash.digest() & !PROVISIONAL_KEY | mark)
}

struct KeyParts<'t, 'p, 'de> {
    table: &'t Table,
    parts: &'p mut [Option<Cow<'de, str>>],
    /// Otherwise reading ends when the key is whole.
    to_the_end: bool,
}

impl<'de> DeserializeSeed<'de> for KeyParts<'_, '_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for KeyParts<'_, '_, 'de> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("the data of a record")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let fields = self.table.spec.fields;
        while let Some(Text(name)) = members.next_key::<Text>()? {
            match self.table.key.iter().position(|place| fields[*place].json == name) {
                Some(part) => self.parts[part] = members.next_value::<Part>()?.0,
                None => drop(members.next_value::<IgnoredAny>()?),
            }
            if self.parts.iter().all(Option::is_some) {
                while self.to_the_end && members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                break;
            }
        }
        Ok(())
    }
}

/// A part of a key; what is no text is none.
struct Part<'a>(Option<Cow<'a, str>>);

impl<'de> serde::Deserialize<'de> for Part<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PartVisitor)
    }
}

struct PartVisitor;

impl<'de> Visitor<'de> for PartVisitor {
    type Value = Part<'de>;
    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a part of a key")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Part<'de>, E> {
        Ok(Part(Some(Cow::Borrowed(text))))
    }
    fn visit_str<E>(self, text: &str) -> Result<Part<'de>, E> {
        Ok(Part(Some(Cow::Owned(text.to_owned()))))
    }
    fn visit_unit<E>(self) -> Result<Part<'de>, E> {
        Ok(Part(None))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Part<'de>, E> {
        Ok(Part(None))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Part<'de>, E> {
        Ok(Part(None))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Part<'de>, E> {
        Ok(Part(None))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Part<'de>, E> {
        Ok(Part(None))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Part<'de>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Part(None))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Part<'de>, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Part(None))
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_order_of_members_and_their_spaces_make_no_difference() {
        let data = r#"{"schoolCode":"31300501","name":"A","level":"2"}"#;
        let told = |text: &str| read(text.as_bytes()).map(|(envelope, key)| (envelope.data.to_owned(), key));
        let usual = told(&format!(r#"{{"resource":"schools","data":{data}}}"#)).unwrap();
        assert!(usual.0 == data && usual.1.hash.is_some());
        assert_eq!(told(&format!("{{ \"resource\" : \"schools\",\t\"data\" : {data} }} ")).unwrap(), usual);
        assert_eq!(told(&format!(r#"{{"data":{data},"resource":"schools"}}"#)).unwrap(), usual);
        for end in ["}}", &format!(r#","data":{data}}}"#)] {
            assert!(told(&format!(r#"{{"resource":"schools","data":{data}{end}"#)).is_err(), "{end}");
        }
    }
}
