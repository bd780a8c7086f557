//! What an answer needs to know of the request it answers: its id, and the language of messages.

use crate::http::console;
use crate::http::request::negotiation::language;
use crate::intake::sniff::{CSV, LEGACY_WORKBOOK, WORKBOOK};
use crate::model::issue::Language;
use crate::model::wording::BodyForm;
use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderName};
use actix_web::{HttpMessage, HttpRequest};
use uuid::Uuid;

/// `X-Request-Id`.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What an answer needs to know of the request it answers.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The client's own, if it is a sane token, else a UUID v7.
    pub request_id: String,
    /// The language of messages.
    pub language: Language,
    /// The path; it may hold personal codes, so it goes back to the client only, never into a log.
    pub path: String,
    /// Did it bring a Bearer token?
    pub bearer: bool,
    /// In which form its body was sent.
    pub form: BodyForm,
}

impl RequestContext {
    /// Of the request at hand; the same each time it is asked for.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(|| Self::read(request))
    }
    fn read(request: &HttpRequest) -> Self {
        Self::of_message(request, request.path())
    }
    /// Of a request that no handler has seen.
    pub fn of_message(request: &impl HttpMessage, path: &str) -> Self {
        let headers = request.headers();
        let spoken = if console::holds(path) { console::language(headers) } else { language(request) };
        let (request_id, language) = (request_id(headers), spoken);
        Self { request_id, language, path: path.to_owned(), bearer: bearer(headers).is_some(), form: form(request) }
    }
}

/// A sheet's is mended by a person.
fn form(request: &impl HttpMessage) -> BodyForm {
    let media_type = request.content_type().to_ascii_lowercase();
    let is_sheet = [WORKBOOK, CSV, LEGACY_WORKBOOK].contains(&media_type.as_str());
    if is_sheet { BodyForm::Sheet } else { BodyForm::Program }
}

/// The token of `Authorization: Bearer …`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The client of a request, left behind for its log line.
#[derive(Debug, Clone, Copy)]
pub struct KnownClient(pub Uuid);

fn request_id(headers: &HeaderMap) -> String {
    let sane = |id: &&str| {
        (1..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:+/=".contains(&byte))
    };
    let sent = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(sane);
    sent.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        headers
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
