//! The operations that read the records of a resource.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, NOT_ACCEPTABLE, NOT_FOUND, PRECONDITION_FAILED};
use crate::http::openapi::operation::{CSV, NDJSON, Operation, content, in_header, in_query, page, response};
use crate::http::openapi::records;
use crate::http::openapi::records::{operation, stored_example};
use crate::http::openapi::shape::{
    Shape, count, entity_tags, list as list_of, named, object, or_null, pascal, text, truth,
};
use crate::model::field::{Field, FieldType, Privacy};
use crate::model::schema;
use crate::model::spec::Spec;
use serde_json::{Value, json};
use utoipa::openapi::Ref;
use utoipa::openapi::path::{HttpMethod, Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{Object, Schema, SchemaType, Type};

/// `GET /v1/{resource}/{key…}`.
pub fn one(spec: &'static Spec) -> Operation {
    let known = response("With `If-None-Match`: that is still the version.", Vec::new())
        .header_ref("ETag", Ref::new("#/components/headers/ETag"));
    operation(
        HttpMethod::Get,
        "get",
        spec,
        records::path(spec),
        &format!("Read one record of {}", spec.title.en.to_lowercase()),
    )
    .only(Permission::ReadRecords(spec))
    .parameters(records::key_parameters(spec))
    .parameter(in_header(
        "If-None-Match",
        "The `ETag` of the version that you have: 304 if it still stands.",
        entity_tags(),
    ))
    .parameter(records::if_match(
        "The `ETag` of the version that is wanted, or several: 412 if none of them still stands.",
    ))
    .answer(
        200,
        records::stored(spec, "The record.").header_ref("Content-Location", Ref::new("#/components/headers/Official")),
    )
    .answer(304, known)
    .problems(&[BAD_REQUEST, NOT_FOUND, NOT_ACCEPTABLE, PRECONDITION_FAILED])
}

/// `GET /v1/{resource}`.
pub fn list(spec: &'static Spec) -> Operation {
    let example = stored_example(spec);
    let line = format!("{example}\n");
    let answer =
        page("A page; or, as `Accept` asks, the whole result.", &format!("{}Page", spec.record), json!({ "items": [example], "nextCursor": null }))
            .content(NDJSON, content(text("The whole result, one record a line.").into(), Some(line.into())))
            .content(
                CSV,
                content(
                    text("The whole result with a heading, UTF-8 with byte order mark; lists are joined by `|`, objects are JSON.").into(),
                    Some(csv_example(spec).into()),
                ),
            );
    let (id, summary) = (format!("list{}", pascal(spec.name)), format!("List {}", spec.title.en.to_lowercase()));
    Operation::new(HttpMethod::Get, format!("/v1/{}", spec.name), &id, records::tag(spec), &summary)
        .describe("Pages of 100 unless `limit` says otherwise; a reader that follows `nextCursor` meets every record once, also while others write. `Accept: application/x-ndjson` or `text/csv` streams the whole result instead, as one snapshot.")
        .describe("An unknown parameter, member or value is a 400 that names it. To filter or sort by a sensitive member takes the right to see it, else 403.")
        .only(Permission::ReadRecords(spec))
        .parameters(spec.fields.iter().filter(|field| field.filter).flat_map(filters))
        .parameters(search(spec))
        .parameters(shaping(spec))
        .shared(&["Limit", "Cursor"])
        .answer(200, answer)
        .problems(&[BAD_REQUEST, NOT_ACCEPTABLE])
}

/// A record of a page: what `fields` leaves out is not there, so no member must be.
pub fn listed_schema(spec: &Spec) -> Shape {
    let item = spec.fields.iter().fold(
        object("A record: the members that `fields` names, that have a value and that the client may see."),
        |item, field| item.may(field.json, schema::member(field)),
    );
    item.may("meta", named("Meta")).build()
}

/// A page of records.
pub fn page_schema(spec: &Spec) -> Shape {
    object("A page of records.")
        .must("items", list_of("", named(&format!("Listed{}", spec.record))))
        .must(
            "nextCursor",
            or_null(text("Where the next page begins: send it as `cursor`. `null`: this was the last page.")),
        )
        .may("total", count("How many records match, with `count=true`."))
        .build()
}

fn csv_example(spec: &Spec) -> String {
    let example = schema::example(spec);
    let key = || spec.key.iter().filter_map(|name| spec.position(name)).map(|place| spec.fields[place].json);
    let cell = |name: &str| match &example[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    format!("{}\r\n{}\r\n", key().collect::<Vec<_>>().join(","), key().map(cell).collect::<Vec<_>>().join(","))
}

fn element(kind: &FieldType) -> &FieldType {
    if let FieldType::List(element) = kind { element } else { kind }
}

/// Is one value less than another?
fn is_ordered(kind: &FieldType) -> bool {
    matches!(kind, FieldType::Integer { .. } | FieldType::Decimal { .. } | FieldType::Date | FieldType::SchoolYear)
}

/// The parameters of one filter.
fn filters(field: &'static Field) -> Vec<Parameter> {
    let shape = || Shape::T(compared(schema::value(element(&field.kind))));
    let about = schema::text(field.description);
    let sensitive = if field.privacy == Privacy::Sensitive { " For those who may see it." } else { "" };
    let equal = if matches!(field.kind, FieldType::List(_)) { "Lists that hold this value" } else { "Equal to this" };
    let mut parameters = vec![in_query(field.json, &format!("{about} {equal}.{sensitive}"), shape())];
    if is_ordered(&field.kind) {
        parameters.push(in_query(
            &format!("{}[gte]", field.json),
            &format!("`{}` is this or more.{sensitive}", field.json),
            shape(),
        ));
        parameters.push(in_query(
            &format!("{}[lte]", field.json),
            &format!("`{}` is this or less.{sensitive}", field.json),
            shape(),
        ));
    }
    parameters.push(among(
        &format!("{}[in]", field.json),
        &format!("`{}` is one of these, joined by commas, at most 500.{sensitive}", field.json),
        shape(),
    ));
    parameters
}

/// What a member is compared with may lie outside of what the member can be, but it is not empty, and no code is longer
/// than 100 characters.
fn compared(mut schema: Schema) -> Schema {
    if let Schema::Object(object) = &mut schema {
        (object.minimum, object.maximum) = (None, None);
        let is_text = object.schema_type == SchemaType::Type(Type::String);
        if is_text && object.enum_values.is_none() && object.format.is_none() && object.pattern.is_none() {
            object.min_length = Some(1);
            object.max_length.get_or_insert(100);
        }
    }
    schema
}

/// A parameter of several values, joined by commas.
fn among(name: &str, description: &str, shape: Shape) -> Parameter {
    let several =
        ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query).required(utoipa::openapi::Required::False);
    several
        .description(Some(description))
        .schema(Some(list_of("", shape)))
        .style(Some(ParameterStyle::Form))
        .explode(Some(false))
        .build()
}

/// Words to search for.
fn words() -> Object {
    let mut words = text("");
    (words.min_length, words.max_length) = (Some(1), Some(crate::query::LONGEST_SEARCH));
    words
}

fn search(spec: &Spec) -> Option<Parameter> {
    let members: Vec<String> = spec
        .search
        .iter()
        .filter_map(|name| spec.position(name))
        .map(|place| format!("`{}`", spec.fields[place].json))
        .collect();
    let description =
        format!("Words of {}, without regard to accents and case; all of them must be there.", members.join(" or "));
    (!members.is_empty()).then(|| in_query("q", &description, words()))
}

/// What is shown, and in which order.
fn shaping(spec: &Spec) -> [Parameter; 3] {
    let names = spec.fields.iter().map(|field| field.json);
    let members: Vec<&str> = names.clone().chain(["meta"]).collect();
    let is_key = |field: &Field| spec.key.contains(&field.name);
    let single =
        |field: &Field| !matches!(field.kind, FieldType::List(_) | FieldType::Object(_) | FieldType::Counts { .. });
    let sortable: Vec<String> = spec
        .fields
        .iter()
        .filter(|field| (field.filter || is_key(field)) && single(field))
        .flat_map(|field| [field.json.to_owned(), format!("-{}", field.json)])
        .collect();
    let sortable: Vec<&str> = sortable.iter().map(String::as_str).collect();
    [
        among(
            "fields",
            "Only these members, joined by commas.",
            crate::http::openapi::shape::choice("", &members).into(),
        ),
        among(
            "sort",
            "By these members, joined by commas; `-` descends. By the key, when left out.",
            crate::http::openapi::shape::choice("", &sortable).into(),
        ),
        in_query("count", "`true` adds `total`, the number of all matches. It costs a count.", truth("")),
    ]
}
