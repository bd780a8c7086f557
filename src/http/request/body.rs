//! Bodies that are read whole: JSON in UTF-8, by the letter of its media type. Nothing of a body is read before the handler asks for it, so that whoever
//! may not do something is told so first.

use super::fault::Fault;
use super::media;
use crate::error::{BAD_REQUEST, Error, Result, TOO_LARGE};
use crate::http::announced::WHOLE_BODY;
use actix_web::dev;
use actix_web::web::{Bytes, Payload};
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use std::fmt;
use std::future::{Ready, ready};

/// A JSON body that is still to be read.
pub struct JsonBody {
    request: HttpRequest,
    payload: Payload,
}

impl FromRequest for JsonBody {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let payload = Payload::from_request(request, payload).into_inner();
        ready(payload.map(|payload| Self { request: request.clone(), payload }).map_err(Error::internal))
    }
}

impl JsonBody {
    /// The body's text.
    ///
    /// # Errors
    /// A 415 for another media type, charset or coding, a 413, a 400 for a body that breaks off or is no UTF-8.
    pub async fn text(self) -> Result<String> {
        media::json(self.request.headers())?;
        let limit = WHOLE_BODY;
        let too_large = |_| Error::new(TOO_LARGE, format!("The body has more than {limit} bytes."));
        let cut = |_| Error::new(BAD_REQUEST, "The body could not be read to its end.");
        let bytes: Bytes = self.payload.to_bytes_limited(limit).await.map_err(too_large)?.map_err(cut)?;
        String::from_utf8(bytes.into()).map_err(|_| Error::new(BAD_REQUEST, "The body is not UTF-8."))
    }

    /// The body as `T`.
    ///
    /// # Errors
    /// Those of [`Self::text`]; a 400 that names the member at fault by its pointer.
    pub async fn read<T: DeserializeOwned>(self) -> Result<T> {
        parse(&self.text().await?)
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    let tree: Tree = serde_json::from_str(text).map_err(|fault| {
        let (line, column) = (fault.line(), fault.column());
        Error::new(BAD_REQUEST, format!("The body is not JSON; it goes wrong in line {line}, column {column}."))
    })?;
    T::deserialize(&tree).map_err(Fault::of_body)
}

/// JSON as it was sent, double members included.
enum Tree {
    Null,
    Truth(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Grow)
    }
}

struct Grow;

impl<'de> Visitor<'de> for Grow {
    type Value = Tree;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }
    fn visit_bool<E>(self, truth: bool) -> Result<Tree, E> {
        Ok(Tree::Truth(truth))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(number.into()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
        Ok(serde_json::Number::from_f64(number).map_or(Tree::Null, Tree::Number))
    }
    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tree, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Tree::Object(object))
    }
}

impl Tree {
    /// A value as a message shows it.
    fn shown(&self) -> String {
        match self {
            Tree::Text(text) => text.clone(),
            Tree::Number(number) => number.to_string(),
            _ => String::new(),
        }
    }
}

impl<'de> Deserializer<'de> for &Tree {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Truth(truth) => visitor.visit_bool(*truth),
            Tree::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => visitor.visit_i64(number),
                (None, number) => visitor.visit_f64(number.unwrap_or_default()),
            },
            Tree::Text(text) if text.contains('\0') => Err(Fault::value(text, "no stored text holds a NUL character")),
            Tree::Text(text) => visitor.visit_str(text),
            Tree::List(items) => visitor.visit_seq(Items { items: items.iter().enumerate() }),
            Tree::Object(members) => visitor.visit_map(Members { members: members.iter(), value: None }),
        }
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if matches!(self, Tree::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
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
            Tree::List(_) => Err(de::Error::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }
    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map enum
        identifier ignored_any
    }
}

struct Items<'a> {
    items: std::iter::Enumerate<std::slice::Iter<'a, Tree>>,
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
    members: std::slice::Iter<'a, (String, Tree)>,
    value: Option<&'a (String, Tree)>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Fault;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.value = self.members.next();
        self.value.map(|(name, _)| seed.deserialize(name.as_str().into_deserializer())).transpose()
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, value) = self.value.map_or(("", &Tree::Null), |(name, value)| (name.as_str(), value));
        seed.deserialize(value).map_err(|fault| fault.of_text(&value.shown()).inside(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::moment::Moment;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Sent {
        name: String,
        opens_on: Moment,
        #[serde(default)]
        schools: Vec<String>,
    }

    fn fault(body: &str) -> String {
        parse::<Sent>(body).unwrap_err().detail
    }

    #[test]
    fn what_is_wrong_is_named_by_its_pointer_in_our_words() {
        let sent: Sent = parse(r#"{"name":"a","opensOn":"2026-01-15","schools":["b"]}"#).unwrap();
        assert_eq!((sent.name.as_str(), sent.opens_on.text().as_str(), sent.schools.len()), ("a", "2026-01-15", 1));
        for (body, expected) in [
            (r#"{"name":"a","#, "The body is not JSON; it goes wrong in line 1, column 12."),
            ("[]", "The body is an array; expected is an object."),
            (r#"{"name":7}"#, "“/name” is a number; expected is text."),
            (r#"{"name":"a","name":"b"}"#, "“/name” is given twice."),
            (r#"{"name":"a"}"#, "The body lacks “/opensOn”."),
            (
                r#"{"name":"a","nam":1}"#,
                "The body's member “/nam” is not known here. “name” was perhaps meant. These are: name, opensOn, schools.",
            ),
            (r#"{"schools":["a",null]}"#, "“/schools/1” is nothing (null); expected is text."),
            (r#"{"name":"a\u0000"}"#, "“a\\0” is no value of “/name”: no stored text holds a NUL character."),
            (
                r#"{"opensOn":"15/01/2026"}"#,
                "“15/01/2026” is no value of “/opensOn”: a day (YYYY-MM-DD, in Vietnam) or an instant (RFC 3339) is expected.",
            ),
        ] {
            assert_eq!(fault(body), expected);
        }
    }
}
