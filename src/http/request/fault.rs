//! What is wrong with a parameter or with a member of a body: where it stands, what was found, what was expected. Serde
//! tells its faults through it, so that people read the gateway's words, in their language, and never a library's.

use crate::error::{BAD_REQUEST, Error, MemberFault};
use crate::intake::json::field_names::nearest;
use crate::model::excerpt::clip;
use crate::model::issue::Language;
use crate::model::messages::{Message, message, named};
use serde::de::{self, Unexpected};
use std::fmt;

/// A fault on its way up from where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Names and indexes that lead to it, innermost first.
    way: Vec<String>,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Unknown { name: String, known: Vec<String> },
    Missing(String),
    Twice(String),
    Type { found: Message, expected: Message },
    Value { value: Option<String>, expected: Message },
}

impl Fault {
    fn new(what: What) -> Self {
        Self { way: Vec::new(), what }
    }

    /// A name that is given twice.
    pub fn twice(name: &str) -> Self {
        Self::new(What::Twice(name.to_owned()))
    }

    /// A name that is needed and not there.
    pub fn missing(name: &str) -> Self {
        Self::new(What::Missing(name.to_owned()))
    }

    /// A name that is none of the known ones.
    pub fn unknown(name: &str, known: &[&str]) -> Self {
        Self::new(What::Unknown { name: name.to_owned(), known: known.iter().map(|name| (*name).to_owned()).collect() })
    }

    /// A value of another type; `expected` is a phrase such as “a whole number”.
    pub fn of_type(found: &Unexpected<'_>, expected: Message) -> Self {
        Self::new(What::Type { found: found_phrase(found), expected })
    }

    /// A text that is no value; `expected` is a phrase such as “a whole number is expected”.
    pub fn value(text: &str, expected: Message) -> Self {
        Self::new(What::Value { value: Some(text.to_owned()), expected })
    }

    /// The fault as seen from the object or list around it.
    pub fn inside(mut self, step: impl ToString) -> Self {
        self.way.push(step.to_string());
        self
    }

    /// The text whose reading failed, where that is not known yet.
    pub fn of_text(mut self, text: &str) -> Self {
        if let What::Value { value: value @ None, .. } = &mut self.what {
            *value = Some(text.to_owned());
        }
        self
    }

    /// As a 400 that names the parameter.
    pub fn of_parameter(self) -> Error {
        let name = self.way.last().map_or("?", String::as_str);
        let detail = match self.what {
            What::Value { value, expected } => return Error::no_value(name, &value.unwrap_or_default(), expected),
            What::Unknown { name, known } if known.is_empty() => {
                message("parameter-none-taken").with("name", clip(&name))
            }
            What::Unknown { name, known } => {
                let (meant, known) = (meant(&name, &known), known.join(", "));
                message("parameter-unknown").with("name", clip(&name)).maybe("meant", meant).with("known", known)
            }
            What::Missing(name) => message("parameter-missing").with("name", name),
            What::Twice(twice) => message("given-twice").with("name", clip(&twice)),
            What::Type { expected, .. } => {
                message("parameter-unreadable").with("name", name).with("expected", expected)
            }
        };
        Error::new(BAD_REQUEST, detail)
    }

    /// As a 400 that names the member by its JSON pointer.
    pub fn of_body(self) -> Error {
        Error::of_member(self.of_member())
    }

    /// As one of the faults of a body, its member named by its JSON pointer.
    pub fn of_member(self) -> MemberFault {
        let escaped = |step: &str| format!("/{}", step.replace('~', "~0").replace('/', "~1"));
        let pointer: String = self.way.iter().rev().map(|step| escaped(step)).collect();
        let below = |name: &str| format!("{pointer}{}", clip(&escaped(name)));
        let place = match &self.what {
            What::Unknown { name, .. } | What::Missing(name) | What::Twice(name) => {
                format!("{pointer}{}", escaped(name))
            }
            What::Type { .. } | What::Value { .. } => pointer.clone(),
        };
        let detail = match self.what {
            What::Value { value, expected } => Error::no_value(&pointer, &value.unwrap_or_default(), expected).message,
            What::Unknown { name, known } => {
                let (meant, known) = (meant(&name, &known), known.join(", "));
                message("body-member-unknown").with("member", below(&name)).maybe("meant", meant).with("known", known)
            }
            What::Missing(name) => message("body-member-missing").with("member", below(&name)),
            What::Twice(name) => message("given-twice").with("name", below(&name)),
            What::Type { found, expected } if pointer.is_empty() => {
                message("body-of-other-type").with("found", found).with("expected", expected)
            }
            What::Type { found, expected } => message("body-member-of-other-type")
                .with("member", pointer)
                .with("found", found)
                .with("expected", expected),
        };
        MemberFault::new(place, detail)
    }
}

fn meant(name: &str, known: &[String]) -> Option<Message> {
    let near = nearest(name, known.iter().map(String::as_str));
    near.map(|near| message("perhaps-meant").with("value", near))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.clone().of_member().message.in_language(Language::English))
    }
}
impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(expected: T) -> Self {
        let expected = named(&expected.to_string()).unwrap_or(message("another-value-expected"));
        Self::new(What::Value { value: None, expected })
    }
    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::of_type(&found, expected_phrase(&expected.to_string()))
    }
    fn invalid_value(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid_type(found, expected)
    }
    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::unknown(name, known)
    }
    fn missing_field(name: &'static str) -> Self {
        Self::missing(name)
    }
    fn duplicate_field(name: &'static str) -> Self {
        Self::twice(name)
    }
}

fn found_phrase(found: &Unexpected<'_>) -> Message {
    match found {
        Unexpected::Bool(_) => message("type-truth"),
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => message("type-number"),
        Unexpected::Str(_) | Unexpected::Char(_) => message("type-text"),
        Unexpected::Seq => message("type-array"),
        Unexpected::Map => message("type-object"),
        _ => message("type-null"),
    }
}

/// Serde says what a type wants in words of its own.
fn expected_phrase(wanted: &str) -> Message {
    match wanted {
        "a string" => message("type-text"),
        "a boolean" => message("type-truth"),
        "a sequence" => message("type-array"),
        number if number.starts_with(['i', 'u']) && number[1..].bytes().all(|byte| byte.is_ascii_digit()) => {
            message("type-whole-number")
        }
        _ => message("type-object"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_its_place_by_pointer_and_by_parameter() {
        let fault = Fault::value("x", message("whole-number-expected")).inside(0).inside("a/b");
        assert_eq!(fault.of_body().detail(), "“x” is no value of “/a~1b/0”: a whole number is expected.");
        let fault: Fault = de::Error::unknown_field("limt", &["limit", "cursor"]);
        assert_eq!(
            fault.of_parameter().detail(),
            "There is no parameter “limt” here. “limit” was perhaps meant. These are taken: limit, cursor."
        );
    }
}
