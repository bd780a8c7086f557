//! The OpenAPI document: made from the definitions that the gateway itself works by. `tests/openapi.rs` holds it against the list of routes.

mod clients;
mod code_lists;
mod components;
mod operation;
mod overview;
mod reads;
mod records;
mod service;
pub mod shape;
mod submissions;

use crate::model;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use operation::Operation;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use utoipa::openapi::path::PathsBuilder;
use utoipa::openapi::{OpenApi, OpenApiBuilder, PathItem};

/// The document as text, and its entity tag.
static DOCUMENT: LazyLock<(String, String)> = LazyLock::new(|| {
    // By way of a value, whose members are sorted: extensions would stand in another order each time.
    let text = format!("{:#}\n", json!(document()));
    let tag = Sha256::digest(&text).iter().take(12).map(|byte| format!("{byte:02x}")).collect::<String>();
    (text, format!("\"{tag}\""))
});

/// Every operation, in the order of the tags.
fn operations() -> Vec<Operation> {
    let records = model::all().iter().flat_map(|spec| records::operations(spec));
    let first = clients::tokens().into_iter().chain(submissions::operations()).chain(records);
    first.chain(service::rules()).chain(code_lists::operations()).chain(clients::clients()).chain(service::service()).collect()
}

/// The document.
pub fn document() -> OpenApi {
    let paths = operations()
        .into_iter()
        .map(Operation::build)
        .fold(PathsBuilder::new(), |paths, (path, method, operation)| paths.path(path, PathItem::new(method, operation)));
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
    &DOCUMENT.0
}

/// `GET /openapi.json`.
pub async fn read(request: HttpRequest) -> HttpResponse {
    let (text, tag) = &*DOCUMENT;
    let cached = |mut response: actix_web::HttpResponseBuilder| {
        response.insert_header((ETAG, tag.as_str())).insert_header((CACHE_CONTROL, "no-cache"));
        response
    };
    if is_known(request.headers(), tag) {
        return cached(HttpResponse::NotModified()).finish();
    }
    cached(HttpResponse::Ok()).content_type("application/json").body(text.as_str())
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').any(|known| matches!(known.trim().trim_start_matches("W/"), any if any == tag || any == "*"))
}
