//! What the client wants to get: media type, language and coding, each by what its header prefers.

use crate::error::{Error, NOT_ACCEPTABLE, Result};
use crate::model::issue::Language;
use crate::model::messages::message;
use actix_web::http::header::{
    Accept, AcceptEncoding, AcceptLanguage, CONTENT_LANGUAGE, Encoding, Header, HeaderValue, Quality, QualityItem,
};
use actix_web::mime::{self, Mime};
use actix_web::{HttpMessage, HttpResponse};
use std::cmp::Reverse;

pub use crate::intake::sniff::{CSV, JSON, NDJSON};

/// The form that `Accept` prefers of those on offer, each under one or more media types; without the header the first. Of equal ones those go before that are named
/// in full, then those that are named first.
///
/// # Errors
/// A 406 when it takes none of them.
pub fn form<M: HttpMessage, T: Copy>(request: &M, offers: &[(&str, T)]) -> Result<T> {
    let accept = Accept::parse(request).map(|accept| accept.0).unwrap_or_default();
    if accept.is_empty() {
        return offers.first().map(|offer| offer.1).ok_or_else(|| Error::internal("nothing is on offer"));
    }
    let ranked = offers.iter().enumerate().filter_map(|(at, (media, form))| {
        let (quality, fit, place) = wish(&accept, media)?;
        Some(((quality, fit, Reverse(place), Reverse(at)), *form))
    });
    let best = ranked.max_by_key(|(rank, _)| *rank).map(|(_, form)| form);
    best.ok_or_else(|| {
        let known: Vec<&str> = offers.iter().map(|(media, _)| *media).collect();
        Error::new(NOT_ACCEPTABLE, message("media-types-offered").with("known", known.join(", ")))
    })
}

/// How much a media type is wished for: quality, how closely it is named, and where; `None`: not at all.
fn wish(accept: &[QualityItem<Mime>], media: &str) -> Option<(Quality, u8, usize)> {
    let closest =
        accept.iter().enumerate().filter_map(|(place, wish)| Some((fit(&wish.item, media)?, place, wish.quality)));
    let (fit, place, quality) = closest.max_by_key(|(fit, place, _)| (*fit, Reverse(*place)))?;
    (quality > Quality::ZERO).then_some((quality, fit, place))
}

/// 2: by name, 1: its kind, 0: anything.
fn fit(wish: &Mime, media: &str) -> Option<u8> {
    let (kind, name) = media.split_once('/')?;
    match (wish.type_(), wish.subtype()) {
        (mime::STAR, _) => Some(0),
        (wished, mime::STAR) if wished == kind => Some(1),
        _ if wish.essence_str().eq_ignore_ascii_case(media) => Some(2),
        _ => None,
    }
    .filter(|_| !name.is_empty())
}

/// The language that `Accept-Language` prefers; Vietnamese unless it is English.
pub fn language<M: HttpMessage>(request: &M) -> Language {
    let accept = AcceptLanguage::parse(request).map(|accept| accept.0).unwrap_or_default();
    let known = accept.iter().filter_map(|wish| {
        let tag = wish.item.to_string().to_ascii_lowercase();
        let language = match tag.split('-').next()? {
            "vi" => Language::Vietnamese,
            "en" => Language::English,
            _ => return None,
        };
        (wish.quality > Quality::ZERO).then_some((wish.quality, language))
    });
    // Of equal ones the first.
    known
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map_or(Language::Vietnamese, |(_, language)| language)
}

/// Does `Accept-Encoding` prefer a body that is compressed by gzip?
pub fn takes_gzip<M: HttpMessage>(request: &M) -> bool {
    let coding = AcceptEncoding::parse(request).ok().filter(|accept| !accept.0.is_empty());
    coding.is_some_and(|accept| {
        accept.negotiate([Encoding::gzip(), Encoding::identity()].iter()) == Some(Encoding::gzip())
    })
}

/// An answer that speaks to people says in which language.
pub fn spoken(mut response: HttpResponse, language: Language) -> HttpResponse {
    response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderName};
    use actix_web::test::TestRequest;

    fn request(name: HeaderName, value: &str) -> actix_web::HttpRequest {
        TestRequest::default().insert_header((name, value)).to_http_request()
    }

    #[test]
    fn the_form_that_is_wished_for_most_is_given() {
        let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let offers = [(JSON, "json"), (NDJSON, "ndjson"), (CSV, "csv"), (xlsx, "xlsx")];
        for (accept, expected) in [
            ("", Some("json")),
            ("*/*", Some("json")),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Some("json")),
            ("application/json, text/csv", Some("json")),
            ("text/csv, application/json", Some("csv")),
            ("application/json;q=0.5, text/csv", Some("csv")),
            ("TEXT/CSV; Q=0.9", Some("csv")),
            ("text/*", Some("csv")),
            ("text/csv;q=0, */*", Some("json")),
            ("application/json;q=0, */*;q=0.1", Some("ndjson")),
            (&format!("{xlsx}, */*"), Some("xlsx")),
            ("text/html, application/x-ndjson", Some("ndjson")),
            ("image/png", None),
            ("text/csv;q=0", None),
        ] {
            assert_eq!(form(&request(ACCEPT, accept), &offers).ok(), expected, "{accept}");
        }
        assert_eq!(form(&TestRequest::default().to_http_request(), &offers).unwrap(), "json");
    }

    #[test]
    fn english_is_spoken_to_those_who_prefer_it() {
        for (header, expected) in [
            ("", Language::Vietnamese),
            ("en", Language::English),
            ("en-GB,en;q=0.9", Language::English),
            ("vi,en;q=0.8", Language::Vietnamese),
            ("vi;q=0.3, EN;q=0.8", Language::English),
            ("fr", Language::Vietnamese),
            ("*", Language::Vietnamese),
            ("en;q=0", Language::Vietnamese),
        ] {
            assert_eq!(language(&request(ACCEPT_LANGUAGE, header)), expected, "{header}");
        }
    }

    #[test]
    fn a_body_is_packed_for_those_who_can_take_it() {
        for (accepted, packed) in [
            ("gzip, br", true),
            ("br, gzip;q=0.5", true),
            ("gzip;q=0", false),
            ("br", false),
            ("identity", false),
            ("", false),
        ] {
            assert_eq!(takes_gzip(&request(ACCEPT_ENCODING, accepted)), packed, "{accepted}");
        }
    }
}
