//! What surrounds every request: its id, its time limit, one log line, the metrics, and a problem document for whatever went wrong.

use super::caller::Known;
use super::problem;
use super::state::State;
use crate::error::{Error, UNAVAILABLE};
use crate::metrics;
use crate::model::issue::Language;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// `X-Request-Id`.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What an answer needs to know of the request it answers.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The client's own, if it is a sane token, else a UUID v7.
    pub request_id: String,
    /// The language of messages.
    pub language: Language,
    /// The path; it may hold personal codes, so it goes back to the client only, never into a log.
    pub path: String,
    /// Did it bring credentials?
    pub credentials: bool,
}

impl Asked {
    fn new(request: &ServiceRequest) -> Self {
        let headers = request.headers();
        Self {
            request_id: request_id(headers),
            language: language(headers),
            path: request.path().to_owned(),
            credentials: headers.contains_key(AUTHORIZATION),
        }
    }
    /// Of the request at hand.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(|| Self {
            request_id: request_id(request.headers()),
            language: language(request.headers()),
            path: request.path().to_owned(),
            credentials: request.headers().contains_key(AUTHORIZATION),
        })
    }
}

fn request_id(headers: &HeaderMap) -> String {
    let sane =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:+/=".contains(&byte));
    let sent = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(sane);
    sent.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// The language that `Accept-Language` prefers; Vietnamese unless it is English.
pub fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (mut best, mut language) = (0.0, Language::Vietnamese);
    for choice in header.split(',') {
        let (tag, quality) = choice.split_once(";q=").unwrap_or((choice, "1"));
        let known = match tag.trim().split('-').next() {
            Some(tag) if tag.eq_ignore_ascii_case("en") => Language::English,
            Some(tag) if tag.eq_ignore_ascii_case("vi") => Language::Vietnamese,
            _ => continue,
        };
        let quality: f32 = quality.trim().parse().unwrap_or(0.0);
        if quality > best {
            (best, language) = (quality, known);
        }
    }
    language
}

/// The middleware.
///
/// # Errors
/// Only such as carry their finished answer.
pub async fn frame<B: MessageBody + 'static>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse, actix_web::Error> {
    let (start, asked, method) = (Instant::now(), Asked::new(&request), request.method().clone());
    let limit =
        request.app_data::<web::Data<State>>().map_or(Duration::MAX, |state| Duration::from_secs(state.config.request_timeout_seconds));
    request.extensions_mut().insert(asked.clone());
    let outcome = tokio::time::timeout(limit, next.call(request)).await;
    let (response, route, client) = match outcome {
        Ok(Ok(response)) => {
            let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".into());
            let client = response.request().extensions().get::<Known>().map(|known| known.0);
            let (request, response) = response.into_parts();
            (Ok((request, finish(response.map_into_boxed_body(), &asked))), route, client)
        }
        // Without the request, which went with the handler, the answer travels as an error.
        Ok(Err(error)) => (Err(finish(problem::document(&problem::of(&error), &asked), &asked)), "unmatched".into(), None),
        Err(_) => (Err(finish(problem::document(&too_slow(limit), &asked), &asked)), "unmatched".into(), None),
    };
    let status = response.as_ref().map_or_else(HttpResponse::status, |(_, response)| response.status()).as_u16();
    metrics::request(known_method(method.as_str()), &route, status, start.elapsed());
    log(method.as_str(), &route, status, start.elapsed(), client, &asked.request_id);
    match response {
        Ok((request, response)) => Ok(ServiceResponse::new(request, response)),
        Err(response) => Err(InternalError::from_response("answered", response).into()),
    }
}

fn too_slow(limit: Duration) -> Error {
    Error::new(UNAVAILABLE, format!("The request took longer than {} s; send less at once, or “Prefer: respond-async”.", limit.as_secs()))
        .retry_after(5)
}

/// A client may invent methods; the metrics do not grow with them.
fn known_method(method: &str) -> &str {
    match method {
        "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "PATCH" | "OPTIONS" => method,
        _ => "other",
    }
}

fn log(method: &str, route: &str, status: u16, duration: Duration, client: Option<Uuid>, request_id: &str) {
    let milliseconds = duration.as_micros() as f64 / 1000.0;
    let client = client.map(tracing::field::display);
    tracing::info!(target: "school_gateway::request", method, route, status, milliseconds, client, request_id, "request");
}

/// Puts the problem in the place of an error, and the request's id on the answer.
fn finish(response: HttpResponse, asked: &Asked) -> HttpResponse<BoxBody> {
    let mut response = match response.error().map(problem::of) {
        Some(error) => problem::document(&error, asked),
        None if is_bare_error(&response) => problem::clothe(response, asked),
        None => response,
    };
    if let Ok(value) = HeaderValue::from_str(&asked.request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn is_bare_error(response: &HttpResponse) -> bool {
    let empty = matches!(response.body().size(), BodySize::None | BodySize::Sized(0));
    empty && (response.status().is_client_error() || response.status().is_server_error())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn english_is_spoken_to_those_who_prefer_it() {
        for (header, expected) in [
            ("", Language::Vietnamese),
            ("en", Language::English),
            ("en-GB,en;q=0.9", Language::English),
            ("vi,en;q=0.8", Language::Vietnamese),
            ("vi;q=0.3, en;q=0.8", Language::English),
            ("fr", Language::Vietnamese),
            ("en;q=0", Language::Vietnamese),
        ] {
            assert_eq!(language(&headers(ACCEPT_LANGUAGE, header)), expected, "{header}");
        }
    }

    #[test]
    fn only_a_sane_request_id_is_taken_over() {
        assert_eq!(request_id(&headers(REQUEST_ID, "batch-17.a")), "batch-17.a");
        for bad in ["", "a b", "\"quoted\"", "<script>", &"x".repeat(65).leak()[..]] {
            let id = request_id(&headers(REQUEST_ID, bad));
            assert!(Uuid::parse_str(&id).is_ok(), "{bad} became {id}");
        }
    }
}
