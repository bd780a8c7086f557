//! Headers of requests, by the letter of RFC 9110 and 7240: what cannot be understood is refused, never passed over.

use crate::error::{BAD_REQUEST, Error, Result};
use crate::model::messages::message;
use actix_web::http::header::HeaderMap;

/// The value of a header that stands at most once.
///
/// # Errors
/// A 400 for a value that is not ASCII, or one that is given twice.
pub fn text<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>> {
    let mut values = headers.get_all(name);
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Error::new(BAD_REQUEST, message("header-twice").with("name", name)));
    }
    value.to_str().map(|text| Some(text.trim())).map_err(|_| not_ascii(name))
}

/// The values of a header that is a list, in one text.
fn list(headers: &HeaderMap, name: &str) -> Result<Option<String>> {
    let values: Vec<&str> =
        headers.get_all(name).map(|value| value.to_str().map_err(|_| not_ascii(name))).collect::<Result<_>>()?;
    Ok((!values.is_empty()).then(|| values.join(",")))
}

fn not_ascii(name: &str) -> Error {
    Error::new(BAD_REQUEST, message("header-not-ascii").with("name", name))
}

/// `If-Match` or `If-None-Match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tags {
    /// `*`: whatever there is.
    Any,
    /// These.
    Listed(Vec<Tag>),
}

/// An entity tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// `W/`: it says the same, but perhaps not byte by byte.
    pub weak: bool,
    /// What stands between the quotes.
    pub opaque: String,
}

impl Tags {
    /// Those of the header, if it is there.
    ///
    /// # Errors
    /// A 400 for what is neither `*` nor entity tags.
    pub fn of(headers: &HeaderMap, name: &str) -> Result<Option<Self>> {
        let Some(value) = list(headers, name)? else { return Ok(None) };
        if value.trim() == "*" {
            return Ok(Some(Self::Any));
        }
        let bad = || Error::no_value(name, &value, message("entity-tags-expected"));
        let tags = tags(&value).filter(|tags| !tags.is_empty()).ok_or_else(bad)?;
        Ok(Some(Self::Listed(tags)))
    }
    /// Is the tag among them, weak ones too (RFC 9110, section 8.8.3.2)?
    pub fn name(&self, opaque: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(|tag| tag.opaque == opaque),
        }
    }
}

/// `"a", W/"b"`; `None`: something else stands there.
fn tags(value: &str) -> Option<Vec<Tag>> {
    let (mut found, mut rest) = (Vec::new(), value.trim_start_matches([' ', '\t', ',']));
    while !rest.is_empty() {
        let (weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |rest| (true, rest));
        let (opaque, after) = quoted.strip_prefix('"')?.split_once('"')?;
        if !opaque.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        found.push(Tag { weak, opaque: opaque.to_owned() });
        let after = after.trim_start_matches([' ', '\t']);
        if !after.is_empty() && !after.starts_with(',') {
            return None;
        }
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    Some(found)
}

/// The names of the preferences in `Prefer` (RFC 7240), in lower case. What a preference is given and its parameters are not needed of any.
///
/// # Errors
/// A 400 for a header that is no list of preferences.
pub fn preferences(headers: &HeaderMap) -> Result<Vec<String>> {
    let Some(value) = list(headers, "Prefer")? else { return Ok(Vec::new()) };
    let name = |preference: &str| {
        let name = preference.split([';', '=']).next().unwrap_or_default().trim();
        let is_token = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        is_token.then(|| name.to_ascii_lowercase())
    };
    let names: Option<Vec<String>> = elements(&value).and_then(|parts| parts.into_iter().map(name).collect());
    let expected = message("preferences-expected");
    names.ok_or_else(|| Error::no_value("Prefer", &value, expected))
}

/// The elements of a list, split at commas that stand outside of quotes; `None`: a quote stays open.
fn elements(value: &str) -> Option<Vec<&str>> {
    let (mut found, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                found.push(value[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(value[start..].trim());
    found.retain(|element| !element.is_empty());
    (!quoted).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn headers(name: &'static str, values: &[&'static [u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        values
            .iter()
            .for_each(|value| headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap()));
        headers
    }

    #[test]
    fn entity_tags_are_read_by_the_letter() {
        let of = |value: &'static str| Tags::of(&headers("if-match", &[value.as_bytes()]), "If-Match");
        let tag = |weak, opaque: &str| Tag { weak, opaque: opaque.to_owned() };
        assert_eq!(of("*").unwrap(), Some(Tags::Any));
        assert_eq!(of("\"3\"").unwrap(), Some(Tags::Listed(vec![tag(false, "3")])));
        assert_eq!(of(", W/\"3\" ,\"a,b\",").unwrap(), Some(Tags::Listed(vec![tag(true, "3"), tag(false, "a,b")])));
        for wrong in ["", ",", "3", "\"3", "\"3\" \"4\"", "w/\"3\"", "*, \"3\"", "\"a b\""] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
        assert!(Tags::of(&headers("if-match", &["\"é\"".as_bytes()]), "If-Match").is_err());
    }

    #[test]
    fn preferences_are_a_list_of_names_in_any_case() {
        let of = |value: &'static str| preferences(&headers("prefer", &[value.as_bytes()]));
        assert_eq!(of("wait=10, Respond-Async; a=\"b,c\"").unwrap(), ["wait", "respond-async"]);
        assert_eq!(of("foo=\"respond-async\"").unwrap(), ["foo"]);
        for wrong in ["respond async", "\"respond-async\"", "a=\"b"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
        assert_eq!(preferences(&headers("prefer", &[b"a", b"B"])).unwrap(), ["a", "b"]);
    }

    #[test]
    fn what_is_not_ascii_or_stands_twice_is_refused() {
        assert_eq!(text(&headers("idempotency-key", &[b" a "]), "idempotency-key").unwrap(), Some("a"));
        assert!(text(&headers("idempotency-key", &["khóa".as_bytes()]), "idempotency-key").is_err());
        assert!(text(&headers("idempotency-key", &[b"a", b"b"]), "idempotency-key").is_err());
    }
}
