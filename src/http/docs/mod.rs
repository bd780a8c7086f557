//! `/docs`: pages to read and try the API, made from the OpenAPI document and the rule catalogue. They load nothing from anywhere: style and script
//! stand in the page, and the browser is told to take no others.

mod layout; // what all pages share
mod operation; // an operation: parameters, bodies, answers, a form to try it
mod overview; // the page of the API
mod rules; // the page of the rules
mod schema; // what a value looks like
mod words; // texts with `code` and **weight**

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

static OVERVIEW: LazyLock<String> = LazyLock::new(|| overview::page().into_string());
static RULES: LazyLock<String> = LazyLock::new(|| rules::page().into_string());
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
});

/// `GET /docs`.
pub async fn overview() -> HttpResponse {
    html(&OVERVIEW)
}

/// `GET /docs/rules`.
pub async fn rules() -> HttpResponse {
    html(&RULES)
}

fn html(page: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_SECURITY_POLICY, POLICY.as_str()))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .content_type("text/html; charset=utf-8")
        .body(page)
}
