//! A few words to say what a JSON value looks like.

use serde_json::Value;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, Object, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};

/// A schema, or the name of one.
pub type Shape = RefOr<Schema>;

fn of(kind: Type, description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(kind).description(Some(description).filter(|text| !text.is_empty()))
}

fn formatted(description: &str, format: &str) -> Object {
    of(Type::String, description).format(Some(SchemaFormat::Custom(format.to_owned()))).build()
}

/// Text.
pub fn text(description: &str) -> Object {
    of(Type::String, description).build()
}

/// Text of a pattern.
pub fn matching(description: &str, pattern: &str) -> Object {
    of(Type::String, description).pattern(Some(pattern)).build()
}

/// The value of `If-Match` and `If-None-Match`: `*`, or entity tags (RFC 9110, section 13.1).
pub fn entity_tags() -> Object {
    const TAG: &str = r#"(W/)?"[!#-~]*""#;
    of(Type::String, "").min_length(Some(1)).pattern(Some(format!("^(\\*|{TAG}(, *{TAG})*)$"))).build()
}

/// A whole number, not negative.
pub fn count(description: &str) -> Object {
    of(Type::Integer, description).minimum(Some(0_isize)).build()
}

/// A whole number in a range.
pub fn number(description: &str, from: isize, to: isize) -> Object {
    of(Type::Integer, description).minimum(Some(from)).maximum(Some(to)).build()
}

/// `true` or `false`.
pub fn truth(description: &str) -> Object {
    of(Type::Boolean, description).build()
}

/// One of the words.
pub fn choice(description: &str, words: &[&str]) -> Object {
    of(Type::String, description).enum_values(Some(words.iter().copied())).build()
}

/// A day, `YYYY-MM-DD`.
pub fn date(description: &str) -> Object {
    formatted(description, "date")
}

/// RFC 3339, UTC.
pub fn instant(description: &str) -> Object {
    formatted(description, "date-time")
}

/// A day in Vietnam, or an instant.
pub fn moment(description: &str) -> Shape {
    text(format!("{description} A day in Vietnam, `YYYY-MM-DD`, or an instant (RFC 3339).").trim_start()).into()
}

/// Bytes.
pub fn binary(description: &str) -> Object {
    formatted(description, "binary")
}

/// A UUID.
pub fn uuid(description: &str) -> Object {
    formatted(description, "uuid")
}

/// A reference to a URI, relative to the gateway's address.
pub fn uri(description: &str) -> Object {
    formatted(description, "uri-reference")
}

/// An object of any members.
pub fn free(description: &str) -> Object {
    of(Type::Object, description).additional_properties(Some(AdditionalProperties::FreeForm(true))).build()
}

/// An object from names to values of one shape.
pub fn map(description: &str, value: impl Into<Shape>) -> Object {
    of(Type::Object, description).additional_properties(Some(AdditionalProperties::RefOr(value.into()))).build()
}

/// The same, or `null`.
pub fn or_null(mut object: Object) -> Object {
    if let SchemaType::Type(only) = &object.schema_type {
        object.schema_type = SchemaType::from_iter([only.clone(), Type::Null]);
    }
    if let Some(values) = &mut object.enum_values {
        values.push(Value::Null);
    }
    object
}

/// A list of one shape.
pub fn list(description: &str, items: impl Into<Shape>) -> Shape {
    let described = Some(description).filter(|text| !text.is_empty());
    RefOr::T(ArrayBuilder::new().items(items.into()).description(described).into())
}

/// The schema of this name in the document's components.
pub fn named(name: &str) -> Shape {
    RefOr::Ref(Ref::from_schema_name(name))
}

/// An object, member by member.
pub struct Members(ObjectBuilder);

/// The start of an object.
pub fn object(description: &str) -> Members {
    Members(ObjectBuilder::new().schema_type(Type::Object).description(Some(description)))
}

impl Members {
    /// A member that is always there.
    pub fn must(self, name: &str, shape: impl Into<Shape>) -> Self {
        Self(self.0.property(name, shape.into()).required(name))
    }
    /// A member that may be absent.
    pub fn may(self, name: &str, shape: impl Into<Shape>) -> Self {
        Self(self.0.property(name, shape.into()))
    }
    /// The object may have further members, of this shape.
    pub fn further(self, shape: impl Into<Shape>) -> Self {
        Self(self.0.additional_properties(Some(AdditionalProperties::RefOr(shape.into()))))
    }
    /// The object refuses members that it does not know.
    pub fn closed(self) -> Self {
        Self(self.0.additional_properties(Some(AdditionalProperties::FreeForm(false))))
    }
    /// The object.
    pub fn build(self) -> Shape {
        RefOr::T(Schema::Object(self.0.build()))
    }
}

/// `subject-results` → `SubjectResults`: the name of a resource or problem in the components.
pub fn pascal(name: &str) -> String {
    let capital =
        |word: &str| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>();
    name.split('-').map(capital).collect()
}
