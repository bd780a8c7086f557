//! The OpenAPI document: made from the definitions that the gateway itself works by. `tests/it/openapi.rs` holds it
//! against the list of routes.

mod clients;
mod code_lists;
mod components;
mod crosswalks;
mod findings;
mod identify;
pub mod members;
mod operation;
mod overview;
mod reads;
mod records;
mod reporting_periods;
mod sheet_layouts;
mod service;
pub mod shape;
mod shapes;
mod submissions;

use crate::error::Result;
use crate::http::static_response::StaticResponse;
use crate::model;
use actix_web::{HttpRequest, HttpResponse};
use operation::Operation;
use serde_json::json;
use std::sync::LazyLock;
use utoipa::openapi::path::PathsBuilder;
use utoipa::openapi::{OpenApi, OpenApiBuilder, PathItem};

// By way of a value, whose members are sorted: extensions would stand in another order each time.
static TEXT: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", json!(document())));
static ANSWER: LazyLock<StaticResponse> = LazyLock::new(|| StaticResponse::new("application/json", TEXT.clone()));

/// Every operation, in the order of the tags.
fn operations() -> Vec<Operation> {
    let records = model::all().iter().flat_map(|spec| records::operations(spec));
    let first =
        clients::tokens().into_iter().chain(submissions::operations()).chain(records).chain(identify::operations());
    let governed =
        code_lists::operations().into_iter().chain(reporting_periods::operations()).chain(sheet_layouts::operations());
    let clients = clients::clients().into_iter().chain(crosswalks::operations());
    let first = first.chain(findings::operations());
    first.chain(service::rules()).chain(governed).chain(clients).chain(service::service()).collect()
}

/// The document.
pub fn document() -> OpenApi {
    let paths =
        operations().into_iter().map(Operation::build).fold(PathsBuilder::new(), |paths, (path, method, operation)| {
            paths.path(path, PathItem::new(method, operation))
        });
    let schemas = model::all().iter().flat_map(|spec| records::schemas(spec)).collect();
    OpenApiBuilder::new()
        .info(overview::info())
        .servers(Some(overview::servers()))
        .tags(Some(overview::tags()))
        .paths(paths)
        .components(Some(components::with_resources(schemas)))
        .build()
}

/// The document as JSON, made once.
pub fn text() -> &'static str {
    &TEXT
}

/// `GET /openapi.json`.
///
/// # Errors
/// A 400 for a condition that cannot be read.
pub async fn read(request: HttpRequest) -> Result<HttpResponse> {
    ANSWER.answer(&request, |_| ())
}

#[cfg(test)]
mod tests {
    use super::document;
    use crate::http::request::body_schema::BodySchema;
    use crate::http::request::json_tree::JsonTree;
    use serde::Deserialize;
    use serde_json::{Value, json};

    /// Every `content` of the document that has an example, with its place.
    fn contents<'a>(value: &'a Value, place: &str, found: &mut Vec<(String, &'a Value)>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, inner)| {
                let place = format!("{place}/{name}");
                if inner.get("example").is_some() && inner.get("schema").is_some() {
                    found.push((place.clone(), inner));
                }
                contents(inner, &place, found);
            }),
            Value::Array(items) => items.iter().for_each(|item| contents(item, place, found)),
            _ => {}
        }
    }

    #[test]
    fn every_example_keeps_its_schema() {
        let document = json!(document());
        let named = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
        let mut found = Vec::new();
        contents(&document, "", &mut found);
        assert!(found.len() > 100, "only {} examples", found.len());
        for (place, content) in found {
            let schema = BodySchema::new(content["schema"].clone(), named.clone().into_iter().collect());
            let faults = schema.faults(&JsonTree::deserialize(&content["example"]).unwrap());
            assert!(faults.is_empty(), "{place}: {faults:?}");
        }
    }
}
