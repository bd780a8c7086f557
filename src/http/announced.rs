//! Bodies by the length that their requests announce: one that is longer than is taken is refused before it is sent,
//! also where the client asks first (`Expect: 100-continue`).

use crate::error::{Error, Result, TOO_LARGE};
use crate::http::api::reference::LARGEST_FILE;
use crate::http::console;
use crate::http::middleware;
use crate::http::request::context::RequestContext;
use crate::http::state::State;
use crate::model::messages::message;
use actix_http::{Request, Response};
use actix_web::body::BoxBody;
use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::CONTENT_LENGTH;
use std::time::Instant;

/// Largest body of an endpoint that reads it whole; submissions stream theirs.
pub const WHOLE_BODY: usize = 1024 * 1024;

/// Lets a body pass whose announced length may be taken.
///
/// # Errors
/// A 413.
pub fn fits(state: &State, head: &RequestHead) -> Result<()> {
    let limit = limit(state, head);
    let length = head.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit) {
        return Err(Error::new(TOO_LARGE, message("body-too-large").with("limit", limit)));
    }
    Ok(())
}

/// Bytes that the endpoint takes at most.
fn limit(state: &State, head: &RequestHead) -> u64 {
    match (&head.method, head.uri.path()) {
        (&Method::POST, "/v1/submissions") => state.config.max_body_bytes,
        (&Method::POST, console::UPLOADS) => state.config.max_body_bytes.saturating_add(console::FORM as u64),
        (&Method::POST, "/v1/reference") => LARGEST_FILE as u64,
        _ => WHOLE_BODY as u64,
    }
}

/// Tells a client that asks before it sends its body to go on.
///
/// # Errors
/// The answer to a body that is not taken.
pub fn expected(state: &State, request: Request) -> Result<Request, Response<BoxBody>> {
    let start = Instant::now();
    match fits(state, request.head()) {
        Ok(()) => Ok(request),
        Err(error) => {
            let context = RequestContext::of_message(&request, request.path());
            Err(middleware::refused(&error, request.method(), &context, start).into())
        }
    }
}
