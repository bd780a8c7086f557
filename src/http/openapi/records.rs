//! The operations of every resource, made from its definition.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, CONFLICT, INVALID, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE};
use crate::http::openapi::operation::{JSON, Operation, XLSX, content, in_header, in_path_such_as, json, response};
use crate::http::openapi::reads;
use crate::http::openapi::shape::{Shape, binary, choice, entity_tags, named, object};
use crate::model::field::Field;
use crate::model::schema;
use crate::model::spec::Spec;
use serde_json::{Value, json};
use utoipa::openapi::Ref;
use utoipa::openapi::path::{HttpMethod, Parameter};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::OneOfBuilder;

/// The operations of a resource.
pub fn operations(spec: &'static Spec) -> Vec<Operation> {
    vec![reads::list(spec), reads::one(spec), put(spec), delete(spec), template(spec)]
}

/// `GET /v1/templates/{resource}.xlsx`.
fn template(spec: &'static Spec) -> Operation {
    let known = response("With `If-None-Match`: that is still the template.", Vec::new())
        .header_ref("ETag", Ref::new("#/components/headers/ETag"));
    let workbook = content(
        binary("Headings in Vietnamese and in the API's names, drop-downs of the code lists, and a sheet that explains them.").into(),
        None,
    );
    let title = spec.title.en.to_lowercase();
    operation(
        HttpMethod::Get,
        "template",
        spec,
        format!("/v1/templates/{}.xlsx", spec.name),
        &format!("Get the workbook to fill in for {title}"),
    )
    .describe("For every client that has a token. Filled in, it is sent to `POST /v1/submissions`.")
    .answer(
        200,
        response("The workbook.", vec![(XLSX, workbook)]).header_ref("ETag", Ref::new("#/components/headers/ETag")),
    )
    .answer(304, known)
}

/// The schemas of a resource: what is written, alone and in a submission, what is read, and a page of it.
pub fn schemas(spec: &Spec) -> Vec<(String, Shape)> {
    let name = spec.record;
    vec![
        (name.to_owned(), schema::data(spec).into()),
        (format!("{name}Key"), key_schema(spec)),
        (submitted(spec), submitted_schema(spec)),
        (format!("Stored{name}"), stored_schema(spec)),
        (format!("Listed{name}"), reads::listed_schema(spec)),
        (format!("{name}Page"), reads::page_schema(spec)),
    ]
}

/// The name of the shape of a submission's records of this resource.
pub fn submitted(spec: &Spec) -> String {
    format!("Submitted{}", spec.record)
}

fn key_schema(spec: &Spec) -> Shape {
    let members = key(spec)
        .fold(object("What names the record."), |members, field| members.must(field.json, schema::member(field)));
    members.closed().build()
}

fn submitted_schema(spec: &Spec) -> Shape {
    let data = OneOfBuilder::new().item(named(spec.record)).item(named(&format!("{}Key", spec.record)));
    object("A record of a submission.")
        .must("resource", choice("What it is a record of.", &[spec.name]))
        .may(
            "operation",
            choice("`upsert` (default) writes the whole record; `delete` needs the key only.", &["upsert", "delete"]),
        )
        .must("data", data.description(Some("The record; to delete it, its key.")))
        .closed()
        .build()
}

/// The name of its tag.
pub fn tag(spec: &Spec) -> &'static str {
    spec.title.en
}

/// The answer that is a stored record.
pub fn stored(spec: &Spec, description: &str) -> ResponseBuilder {
    json(description, named(&format!("Stored{}", spec.record)), stored_example(spec))
        .header_ref("ETag", Ref::new("#/components/headers/ETag"))
}

/// A stored record: every member that has a value and that the client may see, then `meta`.
fn stored_schema(spec: &Spec) -> Shape {
    let about = "A stored record: the members that have a value and that the client may see, and `meta`.";
    let members = spec.fields.iter().fold(object(about), |members, field| match field.required {
        true => members.must(field.json, schema::member(field)),
        false => members.may(field.json, schema::member(field)),
    });
    members.must("meta", named("Meta")).build()
}

/// The example with its `meta`.
pub fn stored_example(spec: &Spec) -> Value {
    let mut example = schema::example(spec);
    example["meta"] = json!({
        "version": 1, "changedAt": "2025-09-05T02:30:00.123456Z",
        "submissionId": "0199a2b4-6c1e-7d02-9c55-3f1f6f0b7a10", "clientId": "01999f00-1b2c-7a33-8d44-5e55f6607788",
    });
    example
}

fn key(spec: &Spec) -> impl Iterator<Item = &Field> {
    spec.key.iter().filter_map(|name| spec.position(name)).map(|place| &spec.fields[place])
}

/// `/v1/classes/{schoolCode}/{schoolYear}/{classCode}`.
pub fn path(spec: &Spec) -> String {
    key(spec).fold(format!("/v1/{}", spec.name), |path, field| format!("{path}/{{{}}}", field.json))
}

/// The parts of the key, as they stand in the path.
pub fn key_parameters(spec: &Spec) -> impl Iterator<Item = Parameter> {
    let example = schema::example(spec);
    key(spec).map(move |field| {
        let about = schema::text(field.description);
        in_path_such_as(field.json, &about, schema::value(&field.kind), example[field.json].clone())
    })
}

/// An operation on records of the resource.
pub fn operation(method: HttpMethod, verb: &str, spec: &Spec, path: String, summary: &str) -> Operation {
    Operation::new(method, path, &format!("{verb}{}", spec.record), tag(spec), summary)
}

fn put(spec: &'static Spec) -> Operation {
    let (shape, title) = (named(spec.record), spec.title.en.to_lowercase());
    operation(HttpMethod::Put, "put", spec, path(spec), &format!("Write one record of {title}"))
        .describe("Writes the whole record under the same rules as in bulk: members left out are emptied. A record equal to the stored one changes nothing, not even its version.")
        .describe("The key in the path is the key in the body; its parts are percent-encoded (`6/1` is `6%2F1`). A record whose parent is not there is not kept aside but answered 422 with `PT-015`.")
        .only(Permission::WriteRecords)
        .parameters(key_parameters(spec))
        .parameters([if_match(STILL_STANDS), in_header("If-None-Match", "`*`: write only if there is no such record yet. Entity tags: only if none of them is the stored version's.", entity_tags())])
        .shared(&["Language"])
        .body("The record.", vec![(JSON, content(shape, Some(schema::example(spec))))])
        .answer(200, stored(spec, "It was there: a new version, or unchanged."))
        .answer(201, stored(spec, "It is new."))
        .problems(&[BAD_REQUEST, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE, INVALID])
}

/// `If-Match`, and what it does there.
pub fn if_match(description: &str) -> Parameter {
    in_header("If-Match", description, entity_tags())
}

/// What `If-Match` does to a write.
const STILL_STANDS: &str = "The `ETag` of the version that was read, or several: write only if one of them still stands. `*`: only if there is a record. A weak tag never matches.";

fn delete(spec: &'static Spec) -> Operation {
    operation(HttpMethod::Delete, "delete", spec, path(spec), &format!("Delete one record of {}", spec.title.en.to_lowercase()))
        .describe("A record that others refer to is not deleted: 409, and `issues` names the resource (`PT-011`). The deleted version is kept in the history. Outside of its reporting period it stays: 422 (`PT-005`, `MK-015`).")
        .only(Permission::WriteRecords)
        .parameters(key_parameters(spec))
        .parameter(if_match(STILL_STANDS))
        .shared(&["Language"])
        .answer(204, response("It is deleted.", Vec::new()))
        .problems(&[BAD_REQUEST, NOT_FOUND, CONFLICT, PRECONDITION_FAILED, INVALID])
}
