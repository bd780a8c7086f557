//! `/docs`: pages to read and try the API, made from the OpenAPI document and the rule catalogue. They load nothing
//! from anywhere: style and script stand in the page, and the browser is told to take no others.

mod examples; // how a rule is broken and kept
mod layout; // what all pages share
mod operation; // an operation: parameters, bodies, answers, a form to try it
mod overview; // the page of the API
mod rules; // the page of the rules
mod schema; // what a value looks like
mod markup; // texts with `code` and **weight**

use crate::error::Result;
use crate::http::static_response::StaticResponse;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::Markup;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

static OVERVIEW: LazyLock<StaticResponse> = LazyLock::new(|| html(overview::page()));
static RULES: LazyLock<StaticResponse> = LazyLock::new(|| html(rules::page()));
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
});

fn html(page: Markup) -> StaticResponse {
    StaticResponse::new("text/html; charset=utf-8", page.into_string())
}

/// `GET /`: whoever comes without an address of a page finds them.
pub async fn root() -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, "/docs")).finish()
}

/// `GET /docs`.
///
/// # Errors
/// A 400 for a condition that cannot be read.
pub async fn overview(request: HttpRequest) -> Result<HttpResponse> {
    OVERVIEW.answer(&request, strictly)
}

/// `GET /docs/rules`.
///
/// # Errors
/// A 400 for a condition that cannot be read.
pub async fn rules(request: HttpRequest) -> Result<HttpResponse> {
    RULES.answer(&request, strictly)
}

fn strictly(response: &mut HttpResponseBuilder) {
    response.insert_header((CONTENT_SECURITY_POLICY, POLICY.as_str())).insert_header((REFERRER_POLICY, "no-referrer"));
}
