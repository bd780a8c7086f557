//! JSON Schema (2020-12) of the records, built from their fields. The files in `schemas/` and the OpenAPI document are
//! both made here.
//!
//! The schema accepts what the gateway accepts: decimals carry their places as `x-decimal-places` and not as
//! `multipleOf`, because finer ones are rounded, and because validators that calculate in binary refuse 8.3 as no
//! multiple of 0.1. Code lists change with time, so a schema names its list (`x-code-list`) and does not copy it.

use crate::model::field::{Field, FieldType, Privacy, Style};
use crate::model::spec::Spec;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;
use utoipa::openapi::RefOr;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::schema::{
    AdditionalProperties, Array, ArrayBuilder, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, SchemaType,
    Type,
};

/// The schema of a record's `data`: every member, which are required, and no others.
pub fn data(spec: &Spec) -> Object {
    let mut schema = members(spec.fields);
    schema.title = Some(spec.record.to_owned());
    schema.description = Some(text(spec.description));
    schema.examples = vec![example(spec)];
    schema
}

/// The schema of one member; an optional one may be `null`, which means the same as leaving it out.
pub fn member(field: &Field) -> RefOr<Schema> {
    let mut schema = value(&field.kind);
    match &mut schema {
        Schema::Object(object) => {
            describe(field, &mut object.description, &mut object.extensions, &mut object.schema_type)
        }
        Schema::Array(array) => describe(field, &mut array.description, &mut array.extensions, &mut array.schema_type),
        _ => {}
    }
    allow_null(field, &mut schema);
    RefOr::T(schema)
}

/// The schema of a single value: what an element of a list or the value of a filter must be.
pub fn value(kind: &FieldType) -> Schema {
    match kind {
        // Spaces and +84 go before the length counts.
        FieldType::Text { max, style: Style::Phone } => string().max_length(Some(max + 5)).into(),
        FieldType::Text { max, .. } => string().max_length(Some(*max)).into(),
        FieldType::Code { list } => string().extensions(Some(extension("x-code-list", *list))).into(),
        FieldType::Choice { values } => choice(values),
        FieldType::Integer { min, max } => {
            of(Type::Integer).minimum(Some(*min as isize)).maximum(Some(*max as isize)).into()
        }
        FieldType::Decimal { scale, min, max, .. } => decimal(*scale, *min, *max),
        FieldType::Boolean => of(Type::Boolean).into(),
        FieldType::Date => string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).into(),
        FieldType::SchoolYear => string().pattern(Some("^[0-9]{4}-[0-9]{4}$")).into(),
        FieldType::List(element) => list(element).into(),
        FieldType::Object(fields) => members(fields).into(),
        FieldType::Counts { list } => counts(list),
    }
}

/// The invented record that stands as the resource's example.
pub fn example(spec: &Spec) -> Value {
    serde_json::from_str(spec.example).unwrap_or_default()
}

/// The content of `schemas/<resource>.schema.json`: the schema as a document of its own, its members sorted by name.
pub fn document(spec: &Spec) -> String {
    let mut schema = json!(data(spec));
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!(format!("urn:school-gateway:schema:{}", spec.name));
    format!("{schema:#}\n")
}

fn members(fields: &[Field]) -> Object {
    let mut object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    for field in fields {
        object = object.property(field.json, member(field));
        if field.required {
            object = object.required(field.json);
        }
    }
    object.build()
}

fn describe(
    field: &Field,
    description: &mut Option<String>,
    extensions: &mut Option<Extensions>,
    kind: &mut SchemaType,
) {
    *description = Some(text(field.description));
    let privacy = match field.privacy {
        Privacy::Open => None,
        Privacy::Personal => Some("x-personal"),
        Privacy::Sensitive => Some("x-sensitive"),
    };
    if let Some(name) = privacy {
        extensions.get_or_insert_default().merge(extension(name, true));
    }
    if let (false, SchemaType::Type(only)) = (field.required, &*kind) {
        *kind = SchemaType::from_iter([only.clone(), Type::Null]);
    }
}

/// An `enum` that lacks `null` would refuse it whatever `type` says.
fn allow_null(field: &Field, schema: &mut Schema) {
    if let (false, Schema::Object(Object { enum_values: Some(values), .. })) = (field.required, schema) {
        values.push(Value::Null);
    }
}

fn list(element: &FieldType) -> Array {
    ArrayBuilder::new().items(RefOr::T(value(element))).build()
}

/// One of the values. Those that are no words of ASCII get names, for generators that make identifiers of them.
fn choice(values: &[&str]) -> Schema {
    let names: Vec<String> = values.iter().map(|value| ascii(value)).collect();
    let named = names != values;
    let schema = string().enum_values(Some(values.iter().copied()));
    if named { schema.extensions(Some(extension("x-enum-varnames", names))).into() } else { schema.into() }
}

/// A value without its marks: `Đ` → `D`.
fn ascii(value: &str) -> String {
    let bare = value.nfd().map(|letter| match letter {
        'Đ' => 'D',
        'đ' => 'd',
        other => other,
    });
    bare.filter(char::is_ascii).collect()
}

fn decimal(scale: u8, min: i64, max: i64) -> Schema {
    let unit = 10_f64.powi(i32::from(scale));
    let schema = of(Type::Number).minimum(Some(min as f64 / unit)).maximum(Some(max as f64 / unit));
    schema.extensions(Some(extension("x-decimal-places", scale))).into()
}

fn counts(list: &str) -> Schema {
    let count: Schema = of(Type::Integer).minimum(Some(0_isize)).into();
    let schema = of(Type::Object).additional_properties(Some(count));
    schema.extensions(Some(extension("x-code-list", list))).into()
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn of(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(kind)
}

fn extension(name: &str, value: impl Into<Value>) -> Extensions {
    Extensions::from_iter([(name, value)])
}

/// A docstring without the marks of its lines.
pub fn text(docstring: &str) -> String {
    docstring.split_whitespace().collect::<Vec<_>>().join(" ")
}
