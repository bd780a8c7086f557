//! What a body is: its media type, charset and coding.

use super::headers::text;
use crate::error::{Error, Result, UNSUPPORTED_MEDIA_TYPE};
use crate::model::excerpt::clip;
use crate::model::messages::message;
use actix_web::http::header::HeaderMap;

/// The media type without its parameters, in lower case; empty: none is said.
///
/// # Errors
/// A 415 for a charset other than UTF-8, a 400 for a header that is no ASCII.
pub fn media_type(headers: &HeaderMap) -> Result<String> {
    let said = text(headers, "Content-Type")?.unwrap_or_default();
    let mut parts = said.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default().to_ascii_lowercase();
    for (name, value) in parts.filter_map(|part| part.split_once('=')) {
        let charset = value.trim().trim_matches('"');
        if name.trim().eq_ignore_ascii_case("charset")
            && !charset.eq_ignore_ascii_case("utf-8")
            && !charset.eq_ignore_ascii_case("utf8")
        {
            let detail = message("charset-not-utf8").with("charset", clip(charset));
            return Err(Error::new(UNSUPPORTED_MEDIA_TYPE, detail));
        }
    }
    Ok(media)
}

/// Lets a body through that says to be JSON.
///
/// # Errors
/// A 415 for anything else, also for a body that is compressed.
pub fn json(headers: &HeaderMap) -> Result<()> {
    if media_type(headers)? != "application/json" {
        return Err(Error::new(UNSUPPORTED_MEDIA_TYPE, message("body-must-be-json")));
    }
    plain(headers)
}

/// Lets a body through that is not compressed.
///
/// # Errors
/// A 415.
pub fn plain(headers: &HeaderMap) -> Result<()> {
    match text(headers, "Content-Encoding")?.unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(()),
        _ => Err(Error::new(UNSUPPORTED_MEDIA_TYPE, message("content-encoding-not-taken"))),
    }
}
