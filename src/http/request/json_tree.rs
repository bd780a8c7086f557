//! JSON as it was sent, double members included, so that whoever holds it against a type or a schema can name what is
//! wrong and where.

use super::fault::Fault;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::model::messages::{Message, message};
use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use std::fmt;

/// What is said of text that the database cannot store.
pub const NO_NUL: Message = message("nul-not-stored");

/// JSON as it was sent.
#[derive(Debug)]
pub enum JsonTree {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number.
    Number(serde_json::Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<JsonTree>),
    /// An object: names and values in the order sent.
    Object(Vec<(String, JsonTree)>),
}

impl JsonTree {
    /// The JSON of a text.
    ///
    /// # Errors
    /// A 400 that says where it goes wrong.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|fault| {
            let (line, column) = (fault.line(), fault.column());
            Error::new(BAD_REQUEST, message("body-not-json").with("line", line).with("column", column))
        })
    }
    /// A value as a message shows it.
    pub fn shown(&self) -> String {
        match self {
            JsonTree::Text(text) => text.clone(),
            JsonTree::Number(number) => number.to_string(),
            _ => String::new(),
        }
    }
    /// The text of a member; `None` where there is none.
    pub fn text_of(&self, member: &str) -> Option<&str> {
        let JsonTree::Object(members) = self else { return None };
        let (_, value) = members.iter().find(|(name, _)| name == member)?;
        if let JsonTree::Text(text) = value { Some(text) } else { None }
    }
    /// For serde's and our own words: what kind of value it is.
    pub fn kind(&self) -> Unexpected<'_> {
        match self {
            JsonTree::Null => Unexpected::Unit,
            JsonTree::Truth(truth) => Unexpected::Bool(*truth),
            JsonTree::Number(number) => Unexpected::Float(number.as_f64().unwrap_or_default()),
            JsonTree::Text(text) => Unexpected::Str(text),
            JsonTree::List(_) => Unexpected::Seq,
            JsonTree::Object(_) => Unexpected::Map,
        }
    }
}

impl<'de> Deserialize<'de> for JsonTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Grow)
    }
}

struct Grow;

impl<'de> Visitor<'de> for Grow {
    type Value = JsonTree;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<JsonTree, E> {
        Ok(JsonTree::Null)
    }
    fn visit_bool<E>(self, truth: bool) -> Result<JsonTree, E> {
        Ok(JsonTree::Truth(truth))
    }
    fn visit_i64<E>(self, number: i64) -> Result<JsonTree, E> {
        Ok(JsonTree::Number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<JsonTree, E> {
        Ok(JsonTree::Number(number.into()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<JsonTree, E> {
        Ok(serde_json::Number::from_f64(number).map_or(JsonTree::Null, JsonTree::Number))
    }
    fn visit_str<E>(self, text: &str) -> Result<JsonTree, E> {
        Ok(JsonTree::Text(text.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<JsonTree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(JsonTree::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<JsonTree, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(JsonTree::Object(object))
    }
}

impl<'de> Deserializer<'de> for &JsonTree {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            JsonTree::Null => visitor.visit_unit(),
            JsonTree::Truth(truth) => visitor.visit_bool(*truth),
            JsonTree::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => visitor.visit_i64(number),
                (None, number) => visitor.visit_f64(number.unwrap_or_default()),
            },
            JsonTree::Text(text) if text.contains('\0') => Err(Fault::value(text, NO_NUL)),
            JsonTree::Text(text) => visitor.visit_str(text),
            JsonTree::List(items) => visitor.visit_seq(Items { items: items.iter().enumerate() }),
            JsonTree::Object(members) => visitor.visit_map(Members { members: members.iter(), value: None }),
        }
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if matches!(self, JsonTree::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }
    /// An object has its members by name: an array in its place is none.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self {
            JsonTree::List(_) => Err(de::Error::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self {
            JsonTree::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            other => Err(Fault::of_type(&other.kind(), message("type-text"))),
        }
    }
    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

struct Items<'a> {
    items: std::iter::Enumerate<std::slice::Iter<'a, JsonTree>>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let item = self
            .items
            .next()
            .map(|(at, item)| seed.deserialize(item).map_err(|fault| fault.of_text(&item.shown()).inside(at)));
        item.transpose()
    }
}

struct Members<'a> {
    members: std::slice::Iter<'a, (String, JsonTree)>,
    value: Option<&'a (String, JsonTree)>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Fault;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.value = self.members.next();
        self.value.map(|(name, _)| seed.deserialize(name.as_str().into_deserializer())).transpose()
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, value) = self.value.map_or(("", &JsonTree::Null), |(name, value)| (name.as_str(), value));
        seed.deserialize(value).map_err(|fault| fault.of_text(&value.shown()).inside(name))
    }
}
