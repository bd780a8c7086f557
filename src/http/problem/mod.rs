//! Whatever goes wrong, told as RFC 9457 says: `application/problem+json`.

pub mod details;
pub mod vietnamese;

use crate::error;
use crate::error::{
    BAD_REQUEST, Error, INTERNAL, KINDS, METHOD_NOT_ALLOWED, NOT_FOUND, ProblemKind, Result, UNAUTHENTICATED,
};
use crate::http::request::context::RequestContext;
use crate::model::issue::Language;
use actix_web::body::BoxBody;
use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use serde_json::{Value, json};

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
    // Texts of client errors speak of the request only.
    Error::new(kind_of(status), response.to_string())
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
    response.body(body(error, asked).to_string())
}

/// RFC 6750: a client that brought no token is told no error code.
fn challenge(asked: &RequestContext) -> &'static str {
    if asked.credentials {
        "Bearer realm=\"school-gateway\", error=\"invalid_token\""
    } else {
        "Bearer realm=\"school-gateway\""
    }
}

/// The document's members; title, detail and issues are in the language asked for.
pub fn body(error: &Error, asked: &RequestContext) -> Value {
    let mut body = json!({
        "type": kind_uri(error.kind), "title": title(error.kind, asked.language), "status": error.kind.status,
        "detail": details::in_language(&error.detail, asked.language),
        "instance": asked.path, "code": error.kind.code, "requestId": asked.request_id,
    });
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

/// Gives a bare error answer its document; its headers stay.
pub fn clothe(response: HttpResponse, asked: &RequestContext) -> HttpResponse {
    let kind = kind_of(response.status());
    let detail = match kind {
        METHOD_NOT_ALLOWED => "The header Allow names the methods that this path takes.",
        _ => "The server could not take the request as it was sent.",
    };
    let mut clothed = document(&Error::new(kind, detail), asked);
    for (name, value) in response.headers() {
        clothed.headers_mut().insert(name.clone(), value.clone());
    }
    clothed.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    clothed
}

/// For a path that no route takes.
///
/// # Errors
/// Always a 404.
pub async fn not_found() -> Result<HttpResponse> {
    Err(Error::new(NOT_FOUND, "There is nothing at this path; /openapi.json lists the paths there are."))
}

/// For a method that a path does not take.
pub async fn method_not_allowed(methods: &[&str]) -> HttpResponse {
    let mut allowed = methods.join(", ").to_uppercase();
    if methods.contains(&"get") {
        allowed.push_str(", HEAD");
    }
    HttpResponse::MethodNotAllowed().insert_header((ALLOW, allowed)).finish()
}

/// `GET /problems/{code}`: what a kind of problem means.
///
/// # Errors
/// A 404 for a code that there is not.
pub async fn explain(code: web::Path<String>) -> Result<HttpResponse> {
    let kind = KINDS.iter().find(|kind| kind.code == code.as_str());
    let kind = kind.ok_or_else(|| Error::new(NOT_FOUND, "There is no problem with this code."))?;
    Ok(HttpResponse::Ok().json(explanation(*kind)))
}

/// What a kind of problem means, in both languages.
pub fn explanation(kind: ProblemKind) -> Value {
    json!({ "type": kind_uri(kind), "code": kind.code, "status": kind.status, "title": { "vi": kind.title_vi, "en": kind.title } })
}

/// Faults of a JSON body.
pub fn json_fault(fault: JsonPayloadError, _: &HttpRequest) -> actix_web::Error {
    let error = match &fault {
        JsonPayloadError::Overflow { limit } | JsonPayloadError::OverflowKnownLength { limit, .. } => {
            Error::new(error::TOO_LARGE, format!("The body has more than {limit} bytes."))
        }
        JsonPayloadError::ContentType => {
            Error::new(error::UNSUPPORTED_MEDIA_TYPE, "The body must be JSON, with “Content-Type: application/json”.")
        }
        JsonPayloadError::Deserialize(cause) => {
            Error::new(BAD_REQUEST, format!("The body is not the JSON expected: {cause}."))
        }
        _ => Error::new(BAD_REQUEST, "The body could not be read to its end."),
    };
    error.into()
}

/// Faults of the parameters after `?`.
pub fn query_fault(fault: QueryPayloadError, _: &HttpRequest) -> actix_web::Error {
    let cause = match &fault {
        QueryPayloadError::Deserialize(cause) => cause.to_string(),
        other => other.to_string(),
    };
    Error::new(BAD_REQUEST, format!("The parameters cannot be understood: {cause}.")).into()
}

/// Faults of a segment of the path: what is no id names nothing.
pub fn path_fault(_: PathError, _: &HttpRequest) -> actix_web::Error {
    Error::new(NOT_FOUND, "There is nothing at this path: a segment of it is not of the form expected.").into()
}
