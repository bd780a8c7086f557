//! An answer that stays the same while the program runs: made once, plain and compressed, known by its entity tag.

use actix_web::http::header::{
    ACCEPT_ENCODING, AsHeaderName, CACHE_CONTROL, CONTENT_ENCODING, ETAG, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::io::Write;

/// The answer.
pub struct Fixed {
    media: &'static str,
    plain: Bytes,
    /// `None`: it would not help.
    compressed: Option<Bytes>,
    tag: String,
}

impl Fixed {
    /// An answer whose media type is compressed in itself.
    pub fn packed(media: &'static str, bytes: Vec<u8>) -> Self {
        Self { tag: tag(&bytes), media, plain: Bytes::from(bytes), compressed: None }
    }
    /// An answer of this media type.
    pub fn new(media: &'static str, text: String) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let compressed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).ok().map(Bytes::from);
        Self { media, tag: tag(text.as_bytes()), plain: Bytes::from(text), compressed }
    }

    /// The answer to this request; 304 to one that has it already.
    pub fn answer(&self, request: &HttpRequest, finish: impl Fn(&mut HttpResponseBuilder)) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        let known = listed(request, IF_NONE_MATCH, |known| known.trim_start_matches("W/") == self.tag || known == "*");
        if known {
            response = HttpResponse::NotModified();
        }
        response
            .insert_header((ETAG, self.tag.as_str()))
            .insert_header((CACHE_CONTROL, "no-cache"))
            .insert_header((VARY, "Accept-Encoding"));
        finish(&mut response);
        let compressed = self.compressed.as_ref().filter(|_| listed(request, ACCEPT_ENCODING, accepts_gzip));
        match (known, compressed) {
            (true, _) => response.finish(),
            (false, Some(bytes)) => {
                response.content_type(self.media).insert_header((CONTENT_ENCODING, "gzip")).body(bytes.clone())
            }
            (false, None) => response.content_type(self.media).body(self.plain.clone()),
        }
    }
}

fn tag(bytes: &[u8]) -> String {
    format!("\"{}\"", Sha256::digest(bytes).iter().take(12).map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// Is it said in one of the header's parts?
fn listed(request: &HttpRequest, name: impl AsHeaderName, said: impl Fn(&str) -> bool) -> bool {
    let values = request.headers().get_all(name).filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).any(said)
}

fn accepts_gzip(choice: &str) -> bool {
    let (coding, quality) = choice.split_once(";q=").unwrap_or((choice, "1"));
    coding.trim() == "gzip" && quality.trim().parse::<f32>().is_ok_and(|quality| quality > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn answer(name: &'static str, value: &str) -> HttpResponse {
        let fixed = Fixed::new("text/plain", "the same ".repeat(100));
        let value = value.replace("TAG", &fixed.tag);
        fixed.answer(&TestRequest::default().insert_header((name, value)).to_http_request(), |_| ())
    }

    #[test]
    fn it_is_compressed_for_those_who_can_take_it() {
        for (accepted, compressed) in [("gzip, br", true), ("br, gzip;q=0.5", true), ("gzip;q=0", false), ("br", false)]
        {
            assert_eq!(
                answer("accept-encoding", accepted).headers().contains_key(CONTENT_ENCODING),
                compressed,
                "{accepted}"
            );
        }
    }

    #[test]
    fn who_has_it_is_told_that_nothing_changed() {
        for (known, status) in [("TAG", 304), ("\"x\", W/TAG", 304), ("*", 304), ("\"x\"", 200)] {
            assert_eq!(answer("if-none-match", known).status().as_u16(), status, "{known}");
        }
    }
}
