//! Whatever goes wrong, told as RFC 9457 says: `application/problem+json`.

mod meaning;

use crate::error::{
    BAD_REQUEST, Error, INTERNAL, KINDS, METHOD_NOT_ALLOWED, MemberFault, NOT_FOUND, ProblemKind, Result,
    UNAUTHENTICATED,
};
use crate::http::docs::layout::strictly;
use crate::http::docs::overview::LANGUAGES;
use crate::http::docs::problems;
use crate::http::openapi::members;
use crate::http::request::context::RequestContext;
use crate::http::request::negotiation::{form, language, spoken};
use crate::model::issue::{Language, Text};
use crate::model::messages::{Message, message};
use crate::model::rules::examples::BilingualText;
use actix_web::body::BoxBody;
use actix_web::error::PathError;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Of a request that did not come as far as a handler.
fn unreadable() -> Message {
    message("request-unreadable")
}

/// The media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
    /// Bare: the [`frame`](crate::http::middleware) knows the request and puts the document in its place.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

/// The problem behind any error of the server's.
pub fn of(error: &actix_web::Error) -> Error {
    if let Some(error) = error.as_error::<Error>() {
        return error.clone();
    }
    let response = error.as_response_error();
    let status = response.status_code();
    if status.is_server_error() {
        return Error::internal("a handler failed");
    }
    Error::new(kind_of(status), unreadable())
}

fn kind_of(status: StatusCode) -> ProblemKind {
    let same = KINDS.iter().find(|kind| kind.status == status.as_u16());
    same.copied().unwrap_or(if status.is_server_error() { INTERNAL } else { BAD_REQUEST })
}

/// The document as an answer.
pub fn document(error: &Error, asked: &RequestContext) -> HttpResponse {
    let mut response = HttpResponse::build(error.status_code());
    response.insert_header((CONTENT_TYPE, MEDIA_TYPE));
    if error.kind == UNAUTHENTICATED {
        response.insert_header((WWW_AUTHENTICATE, challenge(asked)));
    }
    if let Some(seconds) = error.retry_after {
        response.insert_header((RETRY_AFTER, seconds));
    }
    spoken(response.body(body(error, asked).to_string()), asked.language)
}

/// RFC 6750: a client that brought no token is told no error code.
fn challenge(asked: &RequestContext) -> &'static str {
    if asked.bearer {
        "Bearer realm=\"school-gateway\", error=\"invalid_token\""
    } else {
        "Bearer realm=\"school-gateway\""
    }
}

/// The document's members; title, detail and issues are in the language asked for.
pub fn body(error: &Error, asked: &RequestContext) -> Value {
    let mut body = json!({
        "type": kind_uri(error.kind), "title": title(error.kind, asked.language), "status": error.kind.status,
        "detail": error.message.in_form(asked.language, asked.form),
        "instance": asked.path, "code": error.kind.code, "requestId": asked.request_id,
    });
    if !error.member_faults().is_empty() {
        let told = |fault: &MemberFault| json!({ "pointer": fault.pointer, "detail": fault.message.in_form(asked.language, asked.form) });
        body["errors"] = error.member_faults().iter().map(told).collect();
    }
    if !error.issues.is_empty() {
        body["issues"] = error.issues.iter().map(|issue| issue.json(asked.language)).collect();
    }
    body
}

/// The stable URI that documents a kind of problem.
pub fn kind_uri(kind: ProblemKind) -> String {
    format!("/problems/{}", kind.code)
}

fn title(kind: ProblemKind, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => kind.title_vi,
        Language::English => kind.title,
    }
}

/// The problem behind a bare error answer.
pub fn of_bare(response: &HttpResponse) -> Error {
    let kind = kind_of(response.status());
    let detail = match kind {
        METHOD_NOT_ALLOWED => message("methods-in-allow"),
        _ => unreadable(),
    };
    Error::new(kind, detail)
}

/// For a path that no route takes.
///
/// # Errors
/// Always a 404.
pub async fn not_found() -> Result<HttpResponse> {
    Err(Error::new(NOT_FOUND, message("path-unknown")))
}

/// For a method that a path does not take, or that asks which it takes.
pub async fn other_method(request: HttpRequest, methods: &[&str]) -> HttpResponse {
    let mut allowed: Vec<String> = methods.iter().map(|method| method.to_uppercase()).collect();
    if methods.contains(&"get") {
        allowed.push("HEAD".to_owned());
    }
    allowed.push("OPTIONS".to_owned());
    let mut response = match *request.method() {
        Method::OPTIONS => HttpResponse::NoContent(),
        _ => HttpResponse::MethodNotAllowed(),
    };
    response.insert_header((ALLOW, allowed.join(", "))).finish()
}

/// `GET /problems/{code}`: what a kind of problem means; for who reads it in a browser a page, in the language that
/// `Accept-Language` prefers.
///
/// # Errors
/// A 404 for a code that there is not, a 406 for media types in which it is not given.
pub async fn explain(request: HttpRequest, code: web::Path<String>) -> Result<HttpResponse> {
    let explanation = explanation(&code)?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((VARY, "Accept"));
    Ok(match form(&request, &[("application/json", false), ("text/html", true)])? {
        false => answer.json(explanation),
        true => page(answer, &explanation, language(&request)),
    })
}

/// `GET /problems/{code}/{language}`: the page in this language.
///
/// # Errors
/// A 404 for a code or a language that there is not.
pub async fn explain_in(path: web::Path<(String, String)>) -> Result<HttpResponse> {
    let (code, tag) = path.into_inner();
    let language = LANGUAGES.into_iter().find(|language| language.tag() == tag);
    let language = language.ok_or_else(|| Error::new(NOT_FOUND, message("path-unknown")))?;
    Ok(page(HttpResponse::Ok(), &explanation(&code)?, language))
}

fn explanation(code: &str) -> Result<Explanation> {
    let kind = KINDS.iter().find(|kind| kind.code == code);
    kind.map(|kind| Explanation::of(*kind)).ok_or_else(|| Error::new(NOT_FOUND, message("problem-unknown")))
}

fn page(mut answer: HttpResponseBuilder, explanation: &Explanation, language: Language) -> HttpResponse {
    strictly(&mut answer);
    let page = problems::page(explanation, language).into_string();
    spoken(answer.content_type("text/html; charset=utf-8").body(page), language)
}

/// A kind of problem.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemKind)]
pub struct Explanation {
    /// Its URI.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    uri: String,
    #[schema(schema_with = members::problem_codes)]
    pub code: &'static str,
    /// The HTTP status it comes with.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What it is called.
    pub title: BilingualText,
    /// Why it arises.
    pub cause: BilingualText,
    /// What to do.
    pub remedy: BilingualText,
}

impl Explanation {
    /// What a kind of problem means, in both languages.
    pub fn of(kind: ProblemKind) -> Self {
        let text = |vi: &str, en: &str| BilingualText { vi: vi.to_owned(), en: en.to_owned() };
        let told = |part: fn(meaning::ProblemMeaning) -> Text| {
            let told = meaning::of(kind).map(part);
            told.map_or_else(|| text("", ""), |told| text(told.vi, told.en))
        };
        Self {
            uri: kind_uri(kind),
            code: kind.code,
            status: kind.status,
            title: text(kind.title_vi, kind.title),
            cause: told(|meaning| meaning.cause),
            remedy: told(|meaning| meaning.remedy),
        }
    }
}

/// Faults of a segment of the path: what is no id names nothing.
pub fn path_fault(_: PathError, _: &HttpRequest) -> actix_web::Error {
    Error::new(NOT_FOUND, message("path-malformed")).into()
}
