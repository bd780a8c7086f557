//! The OpenAPI document and the gateway say the same. `UPDATE_SCHEMAS=1` rewrites `schemas/openapi.json`.

use crate::common::Gateway;
use school_gateway::error::KINDS;
use school_gateway::http::{ROUTES, openapi};
use school_gateway::model;
use school_gateway::model::spec::Spec;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn document() -> Value {
    serde_json::from_str(openapi::text()).unwrap()
}

fn key_path(spec: &Spec) -> String {
    let parts = spec.key.iter().map(|name| format!("{{{}}}", spec.fields[spec.position(name).unwrap()].json));
    parts.collect::<Vec<_>>().join("/")
}

/// The paths that a pattern stands for: those of records are written out, resource by resource.
fn paths_of(pattern: &str) -> Vec<String> {
    if !pattern.contains("{resource}") {
        return vec![pattern.to_owned()];
    }
    model::ALL
        .iter()
        .map(|spec| pattern.replace("{resource}", spec.name).replace("{key:.+}", &key_path(spec)))
        .collect()
}

#[test]
fn the_document_and_the_routes_name_the_same_operations() {
    let mounted: BTreeSet<(String, String)> = ROUTES
        .iter()
        .flat_map(|(patterns, methods)| {
            // A second pattern is another spelling of the first.
            paths_of(patterns[0])
                .into_iter()
                .flat_map(|path| methods.iter().map(move |method| (path.clone(), (*method).to_owned())))
        })
        .collect();
    let document = document();
    let methods = |item: &Value| item.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let paths = document["paths"].as_object().unwrap().iter();
    let described: BTreeSet<(String, String)> =
        paths.flat_map(|(path, item)| methods(item).into_iter().map(|method| (path.clone(), method))).collect();
    let lacking: Vec<_> = mounted.difference(&described).collect();
    let invented: Vec<_> = described.difference(&mounted).collect();
    assert!(
        lacking.is_empty() && invented.is_empty(),
        "not described: {lacking:?}; described, but not there: {invented:?}"
    );
}

#[test]
fn the_file_is_fresh() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/openapi.json");
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, openapi::text()).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == openapi::text(), "schemas/openapi.json is stale: UPDATE_SCHEMAS=1 cargo test --test it openapi");
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values())
}

#[test]
fn every_operation_can_be_worked_from_alone() {
    let document = document();
    let tags: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut ids = BTreeSet::new();
    for operation in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id), "{id} stands twice");
        assert!(tags.contains(&&operation["tags"][0]), "{id} has an unknown tag");
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{id} has no summary");
        let responses = operation["responses"].as_object().unwrap();
        let secured = !operation["security"].as_array().unwrap().is_empty();
        assert_eq!(
            secured,
            responses.contains_key("401") && id != "createToken",
            "{id}: 401 and security belong together"
        );
        for parameter in
            operation["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter.get("$ref").is_none())
        {
            assert!(parameter["description"].as_str().is_some_and(|text| !text.is_empty()), "{id}: {parameter}");
        }
        let json_bodies = responses
            .values()
            .chain(operation.get("requestBody"))
            .filter_map(|body| body["content"].get("application/json"));
        for content in json_bodies.filter(|_| id != "readDocument") {
            assert!(content.get("example").is_some(), "{id} lacks an example");
        }
    }
}

#[test]
fn every_kind_of_problem_is_described() {
    let document = document();
    let codes = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].as_array().unwrap();
    assert_eq!(codes, &KINDS.iter().map(|kind| json!(kind.code)).collect::<Vec<_>>());
    assert_eq!(document["components"]["responses"].as_object().unwrap().len(), KINDS.len());
}

#[tokio::test]
async fn the_gateway_serves_the_document_to_everyone() {
    let gateway = Gateway::start();
    let first = gateway.request("GET", "/openapi.json", "").send().await.unwrap();
    assert_eq!((first.status().as_u16(), first.headers()["content-type"].to_str().unwrap()), (200, "application/json"));
    let tag = first.headers()["etag"].clone();
    assert_eq!(first.text().await.unwrap(), openapi::text());
    assert_eq!(gateway.run(&["openapi"]), openapi::text());
    let again = gateway.request("GET", "/openapi.json", "").header("if-none-match", tag).send().await.unwrap();
    assert_eq!((again.status().as_u16(), again.bytes().await.unwrap().len()), (304, 0));
}

/// Calls `look` with every schema, and where it stands.
fn each_schema(value: &Value, place: &str, look: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            look(place, value);
            let below = members.iter().filter(|(name, _)| !name.starts_with("example"));
            below.for_each(|(name, inner)| each_schema(inner, &format!("{place}/{name}"), look));
        }
        Value::Array(items) => items.iter().for_each(|item| each_schema(item, place, look)),
        _ => {}
    }
}

#[test]
fn generators_find_words_for_every_value() {
    each_schema(&document(), "", &mut |place, schema| {
        let Some(values) = schema["enum"].as_array() else { return };
        let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        let names = schema["x-enum-varnames"].as_array();
        let names = names.map_or(values.clone(), |names| names.iter().filter_map(Value::as_str).collect());
        let sound = |name: &&str| name.starts_with(|first: char| first.is_ascii()) && name.is_ascii();
        assert!(names.len() == values.len() && names.iter().all(sound), "{place}: {values:?} have no names");
    });
}

#[test]
fn generators_meet_one_way_to_prove_who_calls_and_no_choice_of_arrays() {
    let document = document();
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    assert_eq!(schemes.keys().collect::<Vec<_>>(), ["bearer"]);
    for operation in operations(&document) {
        assert!(operation["security"].as_array().unwrap().len() < 2, "{}", operation["operationId"]);
    }
    each_schema(&document, "", &mut |place, schema| {
        for choice in schema["oneOf"].as_array().into_iter().flatten() {
            assert!(choice["$ref"].is_string() || choice["type"] == "null", "{place}: {choice}");
        }
    });
}

#[test]
fn records_are_typed_by_their_resource() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let mapping = schemas["SubmittedRecord"]["discriminator"]["mapping"].as_object().unwrap();
    assert_eq!(mapping.len(), model::ALL.len());
    for spec in model::ALL {
        let record = spec.record;
        assert_eq!(mapping[spec.name], format!("#/components/schemas/Submitted{record}"));
        let members = &schemas[format!("Submitted{record}")]["properties"];
        assert_eq!(members["resource"]["enum"], json!([spec.name]));
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        assert_eq!(members["data"]["oneOf"], json!([reference(record), reference(&format!("{record}Key"))]));
        assert_eq!(schemas[record]["title"], record);
        let page = &schemas[format!("{record}Page")];
        assert_eq!(page["properties"]["items"]["items"], reference(&format!("Listed{record}")));
    }
}

#[test]
fn everything_that_it_names_is_there() {
    let document = document();
    each_schema(&document, "", &mut |place, schema| {
        if let Some(location) = schema["$ref"].as_str() {
            assert!(document.pointer(&location[1..]).is_some(), "{place}: there is no {location}");
        }
    });
}
