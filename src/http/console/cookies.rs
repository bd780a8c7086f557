//! What the browser keeps: the session, what forms are signed with before there is one, and the language. No script can
//! read them, no other site's form sends them, and where the gateway is reached by TLS they never travel without it.

use crate::http::console::ROOT;
use crate::http::state::State;
use crate::model::issue::Language;
use actix_web::http::header::{COOKIE, HeaderMap, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;

/// The session.
pub const SESSION: &str = "school-gateway-session";
/// What the form to sign in is signed with.
pub const VISIT: &str = "school-gateway-visit";
/// `en`; else Vietnamese is spoken.
pub const LANGUAGE: &str = "school-gateway-language";
/// How long the language is remembered.
pub const LANGUAGE_KEPT: TimeDelta = TimeDelta::days(365);

/// The value of a cookie that came with a request. Of two of one name the first stands, whose path is the longer.
pub fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = headers.get_all(COOKIE).filter_map(|header| header.to_str().ok()).flat_map(|header| header.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The language that was chosen; Vietnamese until English is.
pub fn language(headers: &HeaderMap) -> Language {
    if read(headers, LANGUAGE) == Some("en") { Language::English } else { Language::Vietnamese }
}

/// Does the browser reach the gateway by TLS? The gateway's own address says so, or the proxy before it.
pub fn by_tls(request: &HttpRequest, state: &State) -> bool {
    let says = |name: &str, word: &str| {
        let values = request.headers().get_all(name).filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split([',', ';'])).any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    state.address.starts_with("https://") || says("X-Forwarded-Proto", "https") || says("Forwarded", "proto=https")
}

/// Has the browser keep a cookie: for so long, or until it is closed.
pub fn keep(response: &mut HttpResponse, name: &str, value: &str, kept: Option<TimeDelta>, by_tls: bool) {
    let age = kept.map(|kept| format!("; Max-Age={}", kept.num_seconds())).unwrap_or_default();
    let secure = if by_tls { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path={ROOT}; HttpOnly; SameSite=Lax{age}{secure}");
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// Has the browser forget a cookie.
pub fn forget(response: &mut HttpResponse, name: &str, by_tls: bool) {
    keep(response, name, "", Some(TimeDelta::zero()), by_tls);
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let request = TestRequest::default()
            .insert_header((COOKIE, "x-school-gateway-language=vi; school-gateway-language=en; a=b=c"))
            .to_http_request();
        assert_eq!(read(request.headers(), "a"), Some("b=c"));
        assert_eq!(language(request.headers()), Language::English);
        assert_eq!(language(TestRequest::default().to_http_request().headers()), Language::Vietnamese);
    }
}
