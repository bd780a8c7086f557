//! An answer that stays the same while the program runs: made once, plain and compressed, known by its entity tag.

use crate::error::Result;
use crate::http::request::headers::Tags;
use crate::http::request::negotiation::takes_gzip;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, ETAG, VARY};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::io::Write;

/// The answer.
pub struct StaticResponse {
    media: &'static str,
    plain: Bytes,
    /// `None`: it would not help.
    compressed: Option<Bytes>,
    /// What stands between the quotes of the plain body's tag.
    tag: String,
}

impl StaticResponse {
    /// An answer whose media type is compressed in itself.
    pub fn compressed_already(media: &'static str, bytes: Vec<u8>) -> Self {
        Self { tag: tag(&bytes), media, plain: Bytes::from(bytes), compressed: None }
    }
    /// An answer of this media type.
    pub fn new(media: &'static str, text: String) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let compressed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).ok().map(Bytes::from);
        Self { media, tag: tag(text.as_bytes()), plain: Bytes::from(text), compressed }
    }

    /// The answer to this request; 304 to one that has it already, in the same coding.
    ///
    /// # Errors
    /// A 400 for an `If-None-Match` that cannot be read.
    pub fn answer(&self, request: &HttpRequest, finish: impl Fn(&mut HttpResponseBuilder)) -> Result<HttpResponse> {
        let compressed = self.compressed.as_ref().filter(|_| takes_gzip(request));
        let tag = if compressed.is_some() { format!("{}-gzip", self.tag) } else { self.tag.clone() };
        let known = Tags::of(request.headers(), "If-None-Match")?.is_some_and(|tags| tags.name(&tag));
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header((ETAG, format!("\"{tag}\"")))
            .insert_header((CACHE_CONTROL, "no-cache"))
            .insert_header((VARY, "Accept-Encoding"));
        finish(&mut response);
        Ok(match (known, compressed) {
            (true, _) => response.finish(),
            (false, Some(bytes)) => {
                response.content_type(self.media).insert_header((CONTENT_ENCODING, "gzip")).body(bytes.clone())
            }
            (false, None) => response.content_type(self.media).body(self.plain.clone()),
        })
    }
}

fn tag(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn who_has_it_is_told_that_nothing_changed() {
        let fixed = StaticResponse::new("text/plain", "the same ".repeat(100));
        for (known, coding, status) in [
            ("\"TAG\"", "identity", 304),
            ("\"x\", W/\"TAG\"", "identity", 304),
            ("*", "gzip", 304),
            ("\"TAG-gzip\"", "gzip", 304),
            ("\"TAG\"", "gzip", 200),
            ("\"x\"", "identity", 200),
        ] {
            let request = TestRequest::default().insert_header(("accept-encoding", coding));
            let request = request.insert_header(("if-none-match", known.replace("TAG", &fixed.tag))).to_http_request();
            assert_eq!(fixed.answer(&request, |_| ()).unwrap().status().as_u16(), status, "{known} {coding}");
        }
    }
}
