//! A JSON value held against the schema of a type, as the OpenAPI document shows it: all faults, each with its place.
//!
//! `serde` stops at the first fault, and checks of a type that is already read see none of those. The vocabulary is the
//! one that schemas of request bodies use.

use super::fault::Fault;
use super::json_tree::{JsonTree, NO_NUL};
use crate::intake::json::field_names::one_of;
use crate::model::messages::{Message, message};
use crate::model::moment::{Moment, date};
use chrono::DateTime;
use regex_lite::Regex;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;
use utoipa::ToSchema;
use uuid::Uuid;

/// Faults that are told of one body; it may have any number.
const MOST_FAULTS: usize = 100;

/// The form of a school's code.
pub const SCHOOL_CODE: &str = "^[0-9]{8}$";
/// The form of a commune's code.
pub const COMMUNE_CODE: &str = "^[0-9]{5}$";
/// The form of a school year.
pub const SCHOOL_YEAR: &str = "^[0-9]{4}-[0-9]{4}$";
/// The form of words for people.
pub const WORDS: &str = r"^[^\u0000-\u001F\u007F-\u009F]+$";

/// What people call the forms.
const FORMS: &[(&str, Message)] = &[
    (SCHOOL_CODE, message("school-code-expected")),
    (COMMUNE_CODE, message("commune-code-expected")),
    (SCHOOL_YEAR, message("school-year-expected")),
    (WORDS, message("plain-text-expected")),
    ("date", message("date-expected")),
    ("date-time", message("instant-expected")),
    (Moment::FORMAT, message("day-or-instant-expected")),
    ("uuid", message("id-expected")),
];

/// The schema of a body, with those that it names.
pub struct BodySchema {
    root: Value,
    named: BTreeMap<String, Value>,
}

impl BodySchema {
    /// That of the type.
    pub fn of<T: ToSchema>() -> Self {
        let mut named = Vec::new();
        T::schemas(&mut named);
        let named = named.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
        Self { root: json!(T::schema()), named }
    }
    /// A schema of a document, with the components that it names.
    pub fn new(root: Value, named: BTreeMap<String, Value>) -> Self {
        Self { root, named }
    }
    /// Everything in which the value does not keep it, in the order of the schema, up to a hundred.
    pub fn faults(&self, value: &JsonTree) -> Vec<Fault> {
        let mut check = Check { schema: self, place: Vec::new(), faults: Vec::new() };
        check.value(&self.root, value);
        check.faults
    }
}

struct Check<'a> {
    schema: &'a BodySchema,
    /// Names and indexes that lead to where the check is.
    place: Vec<String>,
    faults: Vec<Fault>,
}

impl<'a> Check<'a> {
    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(self.place.iter().rev().fold(fault, |fault, step| fault.inside(step)));
        }
    }

    /// The same a step further in.
    fn below(&mut self, step: impl ToString, schema: &'a Value, value: &JsonTree) {
        self.place.push(step.to_string());
        self.value(schema, value);
        self.place.pop();
    }

    fn value(&mut self, schema: &'a Value, value: &JsonTree) {
        let schema = self.resolved(schema, value);
        let types = types(schema);
        if !types.is_empty() && !types.iter().any(|wanted| is_of(value, wanted)) {
            let wanted = types.iter().find(|wanted| **wanted != "null").copied().unwrap_or("null");
            return self.fault(Fault::of_type(&value.kind(), type_phrase(wanted)));
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.value(part, value);
        }
        match value {
            JsonTree::Text(text) => {
                if let Some(expected) = text_fault(schema, text) {
                    self.fault(Fault::value(text, expected));
                }
            }
            JsonTree::Number(number) => {
                if let Some(expected) = number_fault(schema, number.as_f64().unwrap_or(f64::NAN)) {
                    self.fault(Fault::value(&number.to_string(), expected));
                }
            }
            JsonTree::List(items) => {
                items.iter().enumerate().for_each(|(at, item)| self.below(at, &schema["items"], item));
            }
            JsonTree::Object(members) => self.object(schema, members),
            JsonTree::Null | JsonTree::Truth(_) => {}
        }
    }

    /// The schema behind a name, behind the choice of one and `null`, or behind the one that a member of the value
    /// chooses.
    fn resolved(&self, schema: &'a Value, value: &JsonTree) -> &'a Value {
        let choice = schema["oneOf"].as_array().and_then(|choices| {
            let is_null = |choice: &&Value| choice["type"] == "null";
            choices.iter().find(|choice| is_null(choice) == matches!(value, JsonTree::Null))
        });
        let discriminator = &schema["discriminator"];
        let variant = discriminator["propertyName"].as_str().and_then(|member| value.text_of(member));
        let location = variant.and_then(|variant| discriminator["mapping"][variant].as_str());
        let schema = choice.unwrap_or(schema);
        let name = location.or(schema["$ref"].as_str()).and_then(|location| location.rsplit('/').next());
        name.and_then(|name| self.schema.named.get(name)).map_or(schema, |named| self.resolved(named, value))
    }

    fn object(&mut self, schema: &'a Value, members: &[(String, JsonTree)]) {
        let known: Vec<(&str, &Value)> =
            properties(schema).into_iter().flatten().map(|(n, s)| (n.as_str(), s)).collect();
        let mut seen = HashSet::new();
        for (name, _) in members {
            if !seen.insert(name.as_str()) {
                self.fault(Fault::twice(name));
            }
        }
        for needed in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !seen.contains(needed) {
                self.fault(Fault::missing(needed));
            }
        }
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        for (name, value) in members {
            match known.iter().find(|(known, _)| known == name) {
                Some((_, schema)) => self.below(name, schema, value),
                None if schema["additionalProperties"] == Value::Bool(false) => {
                    self.fault(Fault::unknown(name, &names))
                }
                None => {}
            }
        }
    }
}

fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema["properties"].as_object()
}

/// What is expected in the place of the text, if it does not keep the schema.
fn text_fault(schema: &Value, text: &str) -> Option<Message> {
    if text.contains('\0') {
        return Some(NO_NUL);
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        return (!values.contains(&text)).then(|| one_of(text, &values));
    }
    let (from, to) = (schema["minLength"].as_u64().unwrap_or(0), schema["maxLength"].as_u64().unwrap_or(u64::MAX));
    if !(from..=to).contains(&(text.chars().count() as u64)) {
        return Some(message("length-expected").with("from", from).with("to", to));
    }
    let form = schema["pattern"].as_str().filter(|pattern| !has_pattern(text, pattern));
    let format = schema["format"].as_str().filter(|format| !has_format(text, format));
    let words = |form| FORMS.iter().find(|(known, _)| *known == form).map(|(_, words)| words.clone());
    let form = form.or(format)?;
    Some(words(form).unwrap_or_else(|| message("form-expected").with("form", form)))
}

/// What is expected in the place of the number, if it does not keep the schema.
fn number_fault(schema: &Value, number: f64) -> Option<Message> {
    let (from, to) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
    match (from, to) {
        (Some(from), Some(to)) if !(from..=to).contains(&number) => {
            Some(message("number-between-expected").with("from", from).with("to", to))
        }
        (Some(from), None) if number < from => Some(message("number-from-expected").with("from", from)),
        _ => None,
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(only) => vec![only],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_of(value: &JsonTree, wanted: &str) -> bool {
    match value {
        JsonTree::Text(_) => wanted == "string",
        JsonTree::Number(number) => wanted == "number" || wanted == "integer" && !number.is_f64(),
        JsonTree::Truth(_) => wanted == "boolean",
        JsonTree::List(_) => wanted == "array",
        JsonTree::Object(_) => wanted == "object",
        JsonTree::Null => wanted == "null",
    }
}

fn type_phrase(wanted: &str) -> Message {
    match wanted {
        "string" => message("type-text"),
        "integer" => message("type-whole-number"),
        "number" => message("type-number"),
        "boolean" => message("type-truth"),
        "array" => message("type-array"),
        _ => message("type-object"),
    }
}

/// The patterns among the forms, compiled once: a body may have as many texts as it has room for.
static PATTERNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    FORMS
        .iter()
        .filter(|(form, _)| form.starts_with('^'))
        .filter_map(|(form, _)| Some((*form, Regex::new(form).ok()?)))
        .collect()
});

fn has_pattern(text: &str, pattern: &str) -> bool {
    match PATTERNS.iter().find(|(known, _)| *known == pattern) {
        Some((_, known)) => known.is_match(text),
        None => Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text)),
    }
}

/// A format that says nothing of the text is kept by any.
fn has_format(text: &str, format: &str) -> bool {
    match format {
        "date" => date(text).is_some(),
        "date-time" => DateTime::parse_from_rfc3339(text).is_ok(),
        Moment::FORMAT => Moment::try_from(text.to_owned()).is_ok(),
        "uuid" => Uuid::parse_str(text).is_ok(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::openapi::shape::{count, list, matching, object, or_null, text};
    use serde::Deserialize;
    use utoipa::PartialSchema;
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::Schema;

    struct Example;
    impl PartialSchema for Example {
        fn schema() -> RefOr<Schema> {
            let inner = object("").must("code", matching("", SCHOOL_CODE)).closed().build();
            object("")
                .must("name", matching("", WORDS))
                .must("day", crate::http::openapi::shape::date(""))
                .may("note", or_null(text("")))
                .may("count", count(""))
                .must("items", list("", inner))
                .closed()
                .build()
        }
    }
    impl ToSchema for Example {}

    fn pointers(value: &Value) -> Vec<String> {
        let value = JsonTree::deserialize(value).unwrap();
        BodySchema::of::<Example>().faults(&value).into_iter().map(|fault| fault.of_member().pointer).collect()
    }

    #[test]
    fn what_keeps_the_schema_has_no_fault() {
        let sound = json!({ "name": "Ưu", "day": "2025-09-05", "note": null, "items": [{ "code": "31000501" }] });
        assert_eq!(pointers(&sound), [""; 0]);
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let broken = json!({
            "name": "\u{7f}", "day": "5/9/2025", "note": 1, "count": -1, "items": [{ "code": "3100" }, {}, 7], "a/b": 0
        });
        let expected = ["/name", "/day", "/note", "/count", "/items/0/code", "/items/1/code", "/items/2", "/a~1b"];
        let mut found = pointers(&broken);
        found.sort();
        let mut sorted = expected.map(str::to_owned);
        sorted.sort();
        assert_eq!(found, sorted);
        assert_eq!(pointers(&json!([])), [""]);
        assert_eq!(pointers(&json!({ "items": [] })), ["/name", "/day"]);
    }

    #[test]
    fn a_body_of_many_faults_is_told_a_hundred() {
        let many: Vec<Value> = (0..1000).map(|number| json!({ "code": number })).collect();
        assert_eq!(pointers(&json!({ "name": "A", "day": "2025-09-05", "items": many })).len(), MOST_FAULTS);
    }
}
