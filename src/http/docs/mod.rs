//! `/docs`: pages to read and try the API, made from the OpenAPI document, the rule catalogue and the documents of the
//! repository. They load nothing from anywhere: style and script stand in the page, and the browser is told to take no
//! others.

mod examples; // how a rule is broken and kept
pub mod guides; // the documents of the repository
pub(in crate::http) mod layout; // what all pages share
mod markdown; // documents as HTML
mod operation; // an operation: parameters, bodies, answers
pub(in crate::http) mod overview; // the page of the API
pub(in crate::http) mod problems; // the page of a kind of problem
mod rules; // the page of the rules
pub mod samples; // programs to read and download
mod schema; // what a value looks like
mod speech; // in which language a page speaks
mod vietnamese; // texts of the document in Vietnamese
mod markup; // texts with `code` and **weight**
mod trial; // a form to try an operation

use crate::error::{Error, NOT_FOUND, Result};
use crate::http::request::negotiation::language;
use crate::http::static_response::StaticResponse;
use crate::model::issue::Language;
use crate::model::messages::message;
use actix_web::http::header::{CONTENT_LANGUAGE, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use layout::strictly;
use std::sync::LazyLock;

static OVERVIEWS: LazyLock<[StaticResponse; 2]> =
    LazyLock::new(|| overview::LANGUAGES.map(|language| layout::answer(overview::page(language))));
static RULES: LazyLock<[StaticResponse; 2]> =
    LazyLock::new(|| overview::LANGUAGES.map(|language| layout::answer(rules::page(language))));

/// `GET /`: whoever comes without an address of a page finds them.
pub async fn root() -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, "/docs")).finish()
}

/// `GET /docs`: in the language that `Accept-Language` prefers.
///
/// # Errors
/// A 400 for a condition that cannot be read.
pub async fn overview(request: HttpRequest) -> Result<HttpResponse> {
    let language = language(&request);
    spoken(&request, made(overview::PAGE, language).ok_or_else(unknown)?, language)
}

/// A page that is made of the document or of the catalogue, in a language.
fn made(page: &str, language: Language) -> Option<&'static StaticResponse> {
    let pages: &'static [StaticResponse] = match page {
        overview::PAGE => &*OVERVIEWS,
        rules::PAGE => &*RULES,
        _ => return None,
    };
    pages.get(overview::LANGUAGES.iter().position(|known| *known == language)?)
}

/// A page in the language that was preferred.
fn spoken(request: &HttpRequest, page: &StaticResponse, language: Language) -> Result<HttpResponse> {
    page.answer(request, |response| {
        strictly(response);
        response.insert_header((CONTENT_LANGUAGE, language.tag()));
    })
}

/// `GET /docs/rules`: in the language that `Accept-Language` prefers.
///
/// # Errors
/// A 400 for a condition that cannot be read.
pub async fn rules(request: HttpRequest) -> Result<HttpResponse> {
    let language = language(&request);
    spoken(&request, made(rules::PAGE, language).ok_or_else(unknown)?, language)
}

/// `GET /docs/samples`.
///
/// # Errors
/// A 400 for a condition that cannot be read.
pub async fn samples(request: HttpRequest) -> Result<HttpResponse> {
    samples::all().answer(&request, strictly)
}

/// `GET /docs/samples/{file}`: the file as it is.
///
/// # Errors
/// A 404 for a file that there is not, a 400 for a condition that cannot be read.
pub async fn sample(request: HttpRequest, file: web::Path<String>) -> Result<HttpResponse> {
    samples::file(&file).ok_or_else(unknown)?.answer(&request, strictly)
}

/// `GET /docs/{page}`: in the language that `Accept-Language` prefers, where it is written in that.
///
/// # Errors
/// A 404 for a page that there is not, a 400 for a condition that cannot be read.
pub async fn guide(request: HttpRequest, page: web::Path<String>) -> Result<HttpResponse> {
    let (found, language) = guides::preferred(&page, language(&request)).ok_or_else(unknown)?;
    spoken(&request, found, language)
}

/// `GET /docs/{page}/{language}`: in this language.
///
/// # Errors
/// A 404 for a page that there is not or that is not written in the language, a 400 for a condition that cannot be read.
pub async fn guide_in(request: HttpRequest, path: web::Path<(String, String)>) -> Result<HttpResponse> {
    let (page, tag) = path.into_inner();
    let language = [Language::Vietnamese, Language::English].into_iter().find(|language| language.tag() == tag);
    let found = language.and_then(|language| guides::exactly(&page, language).or_else(|| made(&page, language)));
    found.ok_or_else(unknown)?.answer(&request, strictly)
}

fn unknown() -> Error {
    Error::new(NOT_FOUND, message("path-unknown"))
}
