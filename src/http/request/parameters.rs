//! The parameters after `?`: decoded once, for every route in the same way.

use super::fault::Fault;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::model::excerpt::clip;
use crate::model::messages::message;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use std::future::{Ready, ready};

/// Names and values, decoded, in the order sent.
pub type Pairs = Vec<(String, String)>;

/// The parameters of a request as `T`; a 400 that names the one that is unknown, missing, double or wrong.
#[derive(Debug, Clone)]
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Parameters<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl<T: DeserializeOwned> Parameters<T> {
    /// Those of the request.
    ///
    /// # Errors
    /// A 400 that names the one at fault.
    pub fn of(request: &HttpRequest) -> Result<Self> {
        pairs(request.query_string()).and_then(|pairs| Self::of_pairs(&pairs))
    }
    /// Those of a form.
    ///
    /// # Errors
    /// A 400 that names the one at fault.
    pub fn of_pairs(pairs: &[(String, String)]) -> Result<Self> {
        read(pairs).map(Self)
    }
}

/// For what takes no parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParameters {}

fn read<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T> {
    let given = Given { pairs: pairs.iter(), value: None };
    T::deserialize(MapAccessDeserializer::new(given)).map_err(Fault::of_parameter)
}

/// The parameters after `?`, decoded.
///
/// # Errors
/// A 400 that names the one that is no UTF-8 or holds a NUL character, which nothing stored does.
pub fn pairs(query: &str) -> Result<Pairs> {
    let parts = query.split('&').filter(|pair| !pair.is_empty());
    parts.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(name, value)| pair(name, value)).collect()
}

fn pair(name: &str, value: &str) -> Result<(String, String)> {
    let decoded = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map(|text| text.into_owned()).ok()
    };
    let not_utf8 = |name: &str| Error::new(BAD_REQUEST, message("parameter-not-utf8").with("name", clip(name)));
    let name = decoded(name).ok_or_else(|| not_utf8(name))?;
    let value = decoded(value).ok_or_else(|| not_utf8(&name))?;
    if name.contains('\0') || value.contains('\0') {
        let detail = message("parameter-with-nul").with("name", clip(&name));
        return Err(Error::new(BAD_REQUEST, detail));
    }
    Ok((name, value))
}

/// The parameters, one after the other.
struct Given<'a> {
    pairs: std::slice::Iter<'a, (String, String)>,
    value: Option<&'a (String, String)>,
}

impl<'de> MapAccess<'de> for Given<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.value = self.pairs.next();
        self.value.map(|(name, _)| seed.deserialize(name.as_str().into_deserializer())).transpose()
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, text) = self.value.map_or(("", ""), |(name, text)| (name.as_str(), text.as_str()));
        if text.is_empty() {
            return Err(Fault::value("", message("value-expected")).inside(name));
        }
        seed.deserialize(Text(text)).map_err(|fault| fault.of_text(text).inside(name))
    }
}

/// The value of a parameter, which its type reads.
struct Text<'a>(&'a str);

impl Text<'_> {
    /// ASCII digits alone are a number.
    fn whole(&self) -> Option<i64> {
        let digits = self.0.strip_prefix('-').unwrap_or(self.0);
        self.0.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str(self.0)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let truth = self.0.parse().map_err(|_| Fault::value(self.0, message("truth-expected")))?;
        visitor.visit_bool(truth)
    }
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let number = self.whole().ok_or_else(|| Fault::value(self.0, message("whole-number-expected")))?;
        visitor.visit_i64(number)
    }
    serde::forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct enum
        identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Filters {
        limit: Option<i64>,
        count: Option<bool>,
        school_code: Option<String>,
    }

    fn fault(query: &str) -> String {
        pairs(query).and_then(|pairs| read::<Filters>(&pairs)).unwrap_err().detail()
    }

    #[test]
    fn parameters_are_read_and_what_is_wrong_is_named() {
        let Filters { limit, count, school_code } =
            read(&pairs("limit=-7&count=true&schoolCode=a%2Bb+c").unwrap()).unwrap();
        assert_eq!((limit, count, school_code.as_deref()), (Some(-7), Some(true), Some("a+b c")));
        for (query, expected) in [
            ("limit=%D9%A1", "“١” is no value of “limit”: a whole number is expected."),
            ("limit=+7", "“ 7” is no value of “limit”: a whole number is expected."),
            ("count=1", "“1” is no value of “count”: true or false is expected."),
            ("schoolCode=", "“” is no value of “schoolCode”: a value is expected."),
            ("schoolCode=a%00", "The parameter “schoolCode” holds a NUL character, which no stored text does."),
            ("schoolCode=%FF", "The parameter “schoolCode” is not UTF-8."),
            ("limit=1&limit=2", "“limit” is given twice."),
        ] {
            assert_eq!(fault(query), expected);
        }
        assert!(fault("limt=1").starts_with("There is no parameter “limt” here. “limit” was perhaps meant."));
    }
}
