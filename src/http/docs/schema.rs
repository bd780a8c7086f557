//! What a value looks like, in words and tables.

use crate::http::docs::markup;
use crate::http::docs::speech::Speech;
use maud::{Markup, html};
use serde_json::{Value, json};
use utoipa::openapi::schema::{AdditionalProperties, Array, ArrayItems, Object, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};

/// A schema of its own: description, members, example.
pub fn whole(shape: &RefOr<Schema>, speech: Speech) -> Markup {
    let RefOr::T(schema) = shape else { return kind(shape, speech) };
    let (description, found) = match schema {
        Schema::Object(object) => (object.description.as_deref(), object.examples.first()),
        _ => (None, None),
    };
    html! {
        @if let Some(text) = description { p { (markup::inline(&speech.text(text))) } }
        @match schema { Schema::Object(object) if !object.properties.is_empty() => (members(object, speech)), _ => p { (kind(shape, speech)) } }
        @if let Some(found) = found { (example(found, speech)) }
    }
}

/// An example that can be unfolded.
pub fn example(value: &Value, speech: Speech) -> Markup {
    json_block(speech.of("Ví dụ", "Example"), value)
}

/// JSON that can be unfolded.
pub fn json_block(title: &str, value: &Value) -> Markup {
    let text = value.as_str().map_or_else(|| format!("{value:#}"), str::to_owned);
    html! { details.example { summary { (title) } pre { code { (text) } } } }
}

/// The members of an object.
fn members(object: &Object, speech: Speech) -> Markup {
    html! {
        div.wide { table {
            thead { tr {
                th { (speech.of("Thuộc tính", "Member")) } th { (speech.of("Kiểu", "Type")) } th { (speech.of("Ý nghĩa", "Meaning")) }
            } }
            tbody {
                @for (name, shape) in &object.properties {
                    tr {
                        td { code { (name) } @if object.required.contains(name) { span.required title=(speech.of("bắt buộc", "required")) { "*" } } }
                        td { (kind(shape, speech)) }
                        td { (meaning(shape, speech)) }
                    }
                }
            }
        } }
    }
}

fn meaning(shape: &RefOr<Schema>, speech: Speech) -> Markup {
    let (description, extensions) = match shape {
        RefOr::T(Schema::Object(object)) => (object.description.as_deref(), object.extensions.as_ref()),
        RefOr::T(Schema::Array(array)) => (array.description.as_deref(), array.extensions.as_ref()),
        _ => (None, None),
    };
    let has = |name: &str| extensions.is_some_and(|extensions| extensions.contains_key(name));
    html! {
        (markup::inline(&speech.text(description.unwrap_or_default())))
        @if has("x-personal") { " " span.tag { (speech.of("dữ liệu cá nhân", "personal")) } }
        @if has("x-sensitive") { " " span.tag.sensitive { (speech.of("nhạy cảm", "sensitive")) } }
        @if let Some(inner) = inner(shape) { details { summary { (speech.of("Các thuộc tính", "Members")) } (members(inner, speech)) } }
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
pub fn kind(shape: &RefOr<Schema>, speech: Speech) -> Markup {
    match shape {
        RefOr::Ref(named) => link(named),
        RefOr::T(Schema::Array(array)) => {
            html! { (speech.of("danh sách ", "list of ")) @if let Some(items) = items(array) { (kind(items, speech)) } }
        }
        RefOr::T(Schema::Object(object)) => simple(object, speech),
        RefOr::T(Schema::OneOf(either)) => html! {
            @for (place, item) in either.items.iter().enumerate() { @if place > 0 { (speech.of(" hoặc ", " or ")) } (kind(item, speech)) }
        },
        RefOr::T(_) => html! { (speech.of("bất kì", "any")) },
    }
}

fn link(named: &Ref) -> Markup {
    let name = named.ref_location.rsplit('/').next().unwrap_or_default();
    html! { a href={ "#schema-" (name) } { code { (name) } } }
}

fn simple(object: &Object, speech: Speech) -> Markup {
    let values: Vec<String> =
        object.enum_values.iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let list = object.extensions.as_ref().and_then(|extensions| extensions.get("x-code-list")).and_then(Value::as_str);
    html! {
        @if values.is_empty() { (type_name(object, speech)) (bounds(object, speech)) } @else { @for (place, value) in values.iter().enumerate() { @if place > 0 { " | " } code { (value) } } }
        @if let Some(list) = list { " " a href={ "/v1/code-lists/" (list) } { code { (list) } } }
        @if let Some(AdditionalProperties::RefOr(value)) = object.additional_properties.as_deref() { (speech.of(" gồm ", " of ")) (kind(value, speech)) }
    }
}

fn type_name(object: &Object, speech: Speech) -> String {
    let format =
        object.format.as_ref().map(|format| json!(format)).and_then(|format| format.as_str().map(str::to_owned));
    let kind = match &object.schema_type {
        SchemaType::Type(only) => only.clone(),
        SchemaType::Array(several) => several.first().cloned().unwrap_or_default(),
        SchemaType::AnyValue => return speech.of("bất kì", "any").to_owned(),
    };
    match (kind, format) {
        (Type::String, Some(format)) => speech.format(format),
        (Type::String, None) => speech.of("chuỗi", "text").to_owned(),
        (Type::Integer, _) => speech.of("số nguyên", "whole number").to_owned(),
        (Type::Boolean, _) => speech.of("đúng/sai", "true or false").to_owned(),
        (Type::Null, _) => speech.of("trống", "null").to_owned(),
        (Type::Number, _) => speech.of("số", "number").to_owned(),
        (Type::Object, _) => speech.of("đối tượng", "object").to_owned(),
        (other, _) => json!(other).as_str().unwrap_or_default().to_owned(),
    }
}

fn bounds(object: &Object, speech: Speech) -> String {
    let number = |bound: &Option<utoipa::Number>| bound.as_ref().map(|bound| json!(bound).to_string());
    match (number(&object.minimum), number(&object.maximum), object.max_length, &object.pattern) {
        (_, _, Some(length), _) => format!("{}{length}", speech.of(", tối đa ", ", up to ")),
        (_, _, _, Some(pattern)) => format!(" {pattern}"),
        (Some(from), Some(to), _, _) if to.len() < 12 => format!(", {from}{}{to}", speech.of(" đến ", " to ")),
        (Some(from), _, _, _) => format!(", {from}{}", speech.of(" trở lên", " or more")),
        _ => String::new(),
    }
}
