//! What surrounds every request: its time limit, one log line, the metrics, and a problem document for whatever went
//! wrong.

use crate::error::{BAD_REQUEST, Error, UNAVAILABLE};
use crate::http::announced;
use crate::http::console;
use crate::http::problem;
use crate::http::request::context::{KnownClient, REQUEST_ID, RequestContext};
use crate::http::state::State;
use crate::http::tenants::Tenants;
use crate::metrics;
use crate::model::messages::message;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderValue, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web};
use percent_encoding::percent_decode_str;
use std::rc::Rc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The middleware.
///
/// # Errors
/// Only such as carry their finished answer.
pub async fn frame<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse, actix_web::Error> {
    let (start, asked, method) = (Instant::now(), RequestContext::of(request.request()), request.method().clone());
    let belongs = belong(&mut request);
    let (limit, state) = (limit(&request), request.app_data::<web::Data<State>>().cloned());
    request.extensions_mut().insert(asked.clone());
    let outcome = match belongs.err().or_else(|| path_fault(&request)).or_else(|| refusal(&request)) {
        Some(fault) => Ok(Err(fault.into())),
        None => tokio::time::timeout(limit, next.call(request)).await,
    };
    let (response, route, client) = match outcome {
        Ok(Ok(response)) => {
            let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".into());
            let client = response.request().extensions().get::<KnownClient>().map(|known| known.0);
            let (request, response) = response.into_parts();
            (Ok((request, finish(response.map_into_boxed_body(), &asked))), route, client)
        }
        // Without the request, which went with the handler, the answer travels as an error.
        Ok(Err(error)) => (Err(finish(told(&problem::of(&error), &asked), &asked)), "unmatched".into(), None),
        Err(_) => (Err(finish(told(&too_slow(limit), &asked), &asked)), "unmatched".into(), None),
    };
    let status = response.as_ref().map_or_else(HttpResponse::status, |(_, response)| response.status()).as_u16();
    metrics::request(known_method(method.as_str()), &route, status, start.elapsed());
    log(method.as_str(), &route, status, start.elapsed(), client, &asked.request_id);
    if let Some(pause) = state.filter(|_| matches!(status, 401 | 429)).and_then(|state| state.refusals.pause()) {
        tokio::time::sleep(pause).await;
    }
    match response {
        Ok((request, response)) => Ok(ServiceResponse::new(request, response)),
        Err(response) => Err(InternalError::from_response("answered", response).into()),
    }
}

/// Gives the request the state of the tenant that it belongs to.
///
/// # Errors
/// A 403 or 503 when that tenant is not served.
fn belong(request: &mut ServiceRequest) -> crate::error::Result<()> {
    let other = request.app_data::<web::Data<Tenants>>().map_or(Ok(None), |tenants| tenants.of(request))?;
    if let Some(state) = other {
        let mut own = Extensions::new();
        own.insert(state);
        request.add_data_container(Rc::new(own));
    }
    if let Some(state) = request.app_data::<web::Data<State>>() {
        state.activity.note();
    }
    Ok(())
}

/// What is wrong with a request before any handler sees it.
fn refusal(request: &ServiceRequest) -> Option<Error> {
    let state = request.app_data::<web::Data<State>>()?;
    announced::fits(state, request.head()).err()
}

/// The answer to a request that never becomes one, with its log line.
pub fn refused(error: &Error, method: &Method, asked: &RequestContext, start: Instant) -> HttpResponse<BoxBody> {
    let response = finish(told(error, asked), asked);
    let status = response.status().as_u16();
    metrics::request(known_method(method.as_str()), "unmatched", status, start.elapsed());
    log(method.as_str(), "unmatched", status, start.elapsed(), None, &asked.request_id);
    response
}

/// How long the request may take. A body of many records may be long on its way: the pauses in it are bounded instead,
/// and the wait for its report.
fn limit(request: &ServiceRequest) -> Duration {
    let streams = request.method() == Method::POST && ["/v1/submissions", console::UPLOADS].contains(&request.path());
    let state = request.app_data::<web::Data<State>>().filter(|_| !streams);
    state.map_or(Duration::MAX, |state| Duration::from_secs(state.config.request_timeout_seconds))
}

fn too_slow(limit: Duration) -> Error {
    Error::new(UNAVAILABLE, message("request-too-slow").with("seconds", limit.as_secs())).retry_after(5)
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
fn finish(response: HttpResponse, asked: &RequestContext) -> HttpResponse<BoxBody> {
    let mut response = match response.error().map(problem::of) {
        Some(error) => told(&error, asked),
        None if is_bare_error(&response) => bare(response, asked),
        None => response,
    };
    if let Ok(value) = HeaderValue::from_str(&asked.request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    guard(response.headers_mut());
    response
}

/// What went wrong: as a page for people, as a problem document for programs.
fn told(error: &Error, asked: &RequestContext) -> HttpResponse {
    if console::holds(&asked.path) { console::fault(error, asked) } else { problem::document(error, asked) }
}

/// The same of a bare error answer, whose headers stay.
fn bare(response: HttpResponse, asked: &RequestContext) -> HttpResponse {
    let mut told = told(&problem::of_bare(&response), asked);
    for (name, value) in response.headers().iter().filter(|(name, _)| *name != CONTENT_TYPE) {
        told.headers_mut().insert(name.clone(), value.clone());
    }
    told
}

/// What is not said to be public is kept by no cache; nothing is taken for what it does not say to be.
fn guard(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if headers.contains_key(CONTENT_LANGUAGE) {
        headers.append(VARY, HeaderValue::from_static("Accept-Language"));
    }
}

/// What stands in the path but in no code: NUL, and what is no UTF-8.
fn path_fault(request: &ServiceRequest) -> Option<Error> {
    let pattern = request.match_pattern()?;
    let names =
        pattern.split('/').map(|part| part.trim_start_matches('{').split(['}', ':']).next().unwrap_or_default());
    let mut last = "";
    for (part, name) in request.uri().path().split('/').zip(names.map(Some).chain(std::iter::repeat(None))) {
        last = name.unwrap_or(last);
        match percent_decode_str(part).decode_utf8() {
            Err(_) => return Some(Error::new(BAD_REQUEST, message("path-part-not-utf8").with("part", last))),
            Ok(text) if text.contains('\0') => {
                let detail = message("path-part-with-nul").with("part", last);
                return Some(Error::new(BAD_REQUEST, detail));
            }
            Ok(_) => {}
        }
    }
    None
}

fn is_bare_error(response: &HttpResponse) -> bool {
    let empty = matches!(response.body().size(), BodySize::None | BodySize::Sized(0));
    empty && (response.status().is_client_error() || response.status().is_server_error())
}
