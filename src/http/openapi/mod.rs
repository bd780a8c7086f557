//! The OpenAPI document: made from the definitions that the gateway itself works by. `tests/it/openapi.rs` holds it
//! against the list of routes.

mod clients;
mod code_lists;
mod components;
mod crosswalks;
mod findings;
mod identify;
mod operation;
mod overview;
mod reads;
mod records;
mod reporting_periods;
mod rules;
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
    let governed = code_lists::operations().into_iter().chain(reporting_periods::operations());
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
