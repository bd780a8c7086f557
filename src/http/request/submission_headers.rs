//! Headers of a submission, and parameters of two words.

use crate::error::{self, BAD_REQUEST, Error, Result};
use crate::http::request::headers::text;
use crate::intake::encoding::Encoding;
use crate::model::messages::message;
use actix_web::http::header::HeaderMap;

/// Picks one of two words; the first is the default.
pub(crate) fn choice(name: &str, given: Option<&str>, words: [&str; 2]) -> Result<bool> {
    match given {
        None => Ok(false),
        Some(word) if word == words[0] => Ok(false),
        Some(word) if word == words[1] => Ok(true),
        Some(_) => Err(Error::new(
            BAD_REQUEST,
            message("one-of-two-words").with("name", name).with("first", words[0]).with("second", words[1]),
        )),
    }
}

/// `Idempotency-Key`, in quotes or without.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(key) = text(headers, "Idempotency-Key")? else { return Ok(None) };
    let key = key.trim_matches('"');
    if key.is_empty() || key.len() > 255 || !key.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(Error::new(BAD_REQUEST, message("idempotency-key-malformed")));
    }
    Ok(Some(key.to_owned()))
}

/// How the body is compressed.
pub(crate) fn encoding(headers: &HeaderMap) -> Result<Encoding> {
    match text(headers, "Content-Encoding")?.unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Encoding::Identity),
        "gzip" | "x-gzip" => Ok(Encoding::Gzip),
        "zstd" => Ok(Encoding::Zstd),
        _ => Err(Error::new(error::UNSUPPORTED_MEDIA_TYPE, message("content-encoding-unknown"))),
    }
}
