//! What a value looks like, in words and tables.

use crate::http::docs::markup;
use maud::{Markup, html};
use serde_json::{Value, json};
use utoipa::openapi::schema::{AdditionalProperties, Array, ArrayItems, Object, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};

/// A schema of its own: description, members, example.
pub fn whole(shape: &RefOr<Schema>) -> Markup {
    let RefOr::T(schema) = shape else { return kind(shape) };
    let (description, example) = match schema {
        Schema::Object(object) => (object.description.as_deref(), object.examples.first()),
        _ => (None, None),
    };
    html! {
        @if let Some(text) = description { p { (markup::inline(text)) } }
        @match schema { Schema::Object(object) if !object.properties.is_empty() => (members(object)), _ => p { (kind(shape)) } }
        @if let Some(example) = example { (json_block("Ví dụ · Example", example)) }
    }
}

/// JSON that can be unfolded.
pub fn json_block(title: &str, value: &Value) -> Markup {
    let text = value.as_str().map_or_else(|| format!("{value:#}"), str::to_owned);
    html! { details.example { summary { (title) } pre { code { (text) } } } }
}

/// The members of an object.
fn members(object: &Object) -> Markup {
    html! {
        div.wide { table {
            thead { tr { th { "Member" } th { "Type" } th { "Meaning" } } }
            tbody {
                @for (name, shape) in &object.properties {
                    tr {
                        td { code { (name) } @if object.required.contains(name) { span.required title="required" { "*" } } }
                        td { (kind(shape)) }
                        td { (meaning(shape)) }
                    }
                }
            }
        } }
    }
}

fn meaning(shape: &RefOr<Schema>) -> Markup {
    let (description, extensions) = match shape {
        RefOr::T(Schema::Object(object)) => (object.description.as_deref(), object.extensions.as_ref()),
        RefOr::T(Schema::Array(array)) => (array.description.as_deref(), array.extensions.as_ref()),
        _ => (None, None),
    };
    let has = |name: &str| extensions.is_some_and(|extensions| extensions.contains_key(name));
    html! {
        (markup::inline(description.unwrap_or_default()))
        @if has("x-personal") { " " span.tag { "personal" } }
        @if has("x-sensitive") { " " span.tag.sensitive { "sensitive" } }
        @if let Some(inner) = inner(shape) { details { summary { "Members" } (members(inner)) } }
    }
}

/// The object inside a member, if it has members of its own.
fn inner(shape: &RefOr<Schema>) -> Option<&Object> {
    match shape {
        RefOr::T(Schema::Object(object)) => Some(object).filter(|object| !object.properties.is_empty()),
        RefOr::T(Schema::Array(array)) => items(array).and_then(inner),
        _ => None,
    }
}

fn items(array: &Array) -> Option<&RefOr<Schema>> {
    match &array.items {
        ArrayItems::RefOrSchema(items) => Some(items),
        ArrayItems::False => None,
    }
}

/// The type in a few words.
pub fn kind(shape: &RefOr<Schema>) -> Markup {
    match shape {
        RefOr::Ref(named) => link(named),
        RefOr::T(Schema::Array(array)) => html! { "list of " @if let Some(items) = items(array) { (kind(items)) } },
        RefOr::T(Schema::Object(object)) => simple(object),
        RefOr::T(Schema::OneOf(either)) => html! {
            @for (place, item) in either.items.iter().enumerate() { @if place > 0 { " or " } (kind(item)) }
        },
        RefOr::T(_) => html! { "any" },
    }
}

fn link(named: &Ref) -> Markup {
    let name = named.ref_location.rsplit('/').next().unwrap_or_default();
    html! { a href={ "#schema-" (name) } { (name) } }
}

fn simple(object: &Object) -> Markup {
    let values: Vec<String> =
        object.enum_values.iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let list = object.extensions.as_ref().and_then(|extensions| extensions.get("x-code-list")).and_then(Value::as_str);
    html! {
        @if values.is_empty() { (type_name(object)) (bounds(object)) } @else { @for (place, value) in values.iter().enumerate() { @if place > 0 { " | " } code { (value) } } }
        @if let Some(list) = list { " " a href={ "/v1/code-lists/" (list) } { (list) } }
        @if let Some(AdditionalProperties::RefOr(value)) = object.additional_properties.as_deref() { " of " (kind(value)) }
    }
}

fn type_name(object: &Object) -> String {
    let format =
        object.format.as_ref().map(|format| json!(format)).and_then(|format| format.as_str().map(str::to_owned));
    let kind = match &object.schema_type {
        SchemaType::Type(only) => only.clone(),
        SchemaType::Array(several) => several.first().cloned().unwrap_or_default(),
        SchemaType::AnyValue => return "any".to_owned(),
    };
    match (kind, format) {
        (Type::String, Some(format)) => format,
        (Type::String, None) => "text".to_owned(),
        (Type::Integer, _) => "whole number".to_owned(),
        (Type::Boolean, _) => "true or false".to_owned(),
        (other, _) => json!(other).as_str().unwrap_or_default().to_owned(),
    }
}

fn bounds(object: &Object) -> String {
    let number = |bound: &Option<utoipa::Number>| bound.as_ref().map(|bound| json!(bound).to_string());
    match (number(&object.minimum), number(&object.maximum), object.max_length, &object.pattern) {
        (_, _, Some(length), _) => format!(", up to {length}"),
        (_, _, _, Some(pattern)) => format!(" {pattern}"),
        (Some(from), Some(to), _, _) if to.len() < 12 => format!(", {from} to {to}"),
        (Some(from), _, _, _) => format!(", {from} or more"),
        _ => String::new(),
    }
}
