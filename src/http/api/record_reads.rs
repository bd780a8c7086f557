//! `GET /v1/{resource}` and `GET /v1/{resource}/{key…}`: records as the caller may see them.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, Error, NOT_ACCEPTABLE, Result};
use crate::http::api::records::{key_of, out_of_sight, path_of, table_of};
use crate::http::export::{Export, records};
use crate::http::request::caller::Caller;
use crate::http::state::State;
use crate::merge::alias;
use crate::query;
use crate::query::{OutputFormat, Page, Visibility};
use crate::store::table::Table;
use actix_web::http::header::{ACCEPT, CONTENT_LOCATION, ETAG, HeaderMap, IF_NONE_MATCH, LINK, VARY};
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

pub(crate) type Parameters = Vec<(String, String)>;

/// The resource in the path, if the caller's kind may read it at all.
fn readable(request: &HttpRequest, caller: &Caller) -> Result<&'static Table> {
    let table = table_of(request)?;
    caller.may(Permission::ReadRecords(table.spec))?;
    Ok(table)
}

fn sight(caller: &Caller) -> Visibility {
    Visibility { area: caller.area().clone(), sensitive: caller.sensitive }
}

/// `GET /v1/{resource}/{key…}`.
///
/// # Errors
/// 404 for what is not there or out of sight, 403 for kinds that never read it, 400 for parameters.
pub async fn one(request: HttpRequest, state: web::Data<State>, caller: Caller) -> Result<HttpResponse> {
    let table = readable(&request, &caller)?;
    let mut key = key_of(&request, table)?;
    if let Some((name, _)) = parameters(&request)?.first() {
        return Err(Error::new(
            BAD_REQUEST,
            format!("There is no parameter “{}” for a single record.", crate::http::api::report::clip(name)),
        ));
    }
    if !matches!(wanted(request.headers())?, Wanted::Json) {
        return Err(Error::new(NOT_ACCEPTABLE, "A single record is given as application/json only."));
    }
    let sight = sight(&caller);
    let read = move |connection: &mut diesel::PgConnection| {
        let moved = alias::official_key(connection, table, &mut key)?;
        Ok((query::one(connection, table, &sight, &key)?, moved.then(|| path_of(table, &key))))
    };
    let (Some((version, body)), location) = state.read(caller.client_id, "read", read).await? else {
        return Err(out_of_sight());
    };
    let tag = format!("\"{version}\"");
    let is_known = is_known(request.headers(), &tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag));
    if let Some(location) = location {
        response.insert_header((CONTENT_LOCATION, location));
    }
    Ok(if is_known { response.finish() } else { response.content_type("application/json").body(body) })
}

/// Does `If-None-Match` name the tag?
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let sent = headers.get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    sent.flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|sent| sent == "*" || sent.trim_start_matches("W/") == tag)
}

/// `GET /v1/{resource}`: a page, or the whole result as NDJSON or CSV.
///
/// # Errors
/// 400 that names an unknown parameter, field or value, 403, 406, 503.
pub async fn list(request: HttpRequest, state: web::Data<State>, caller: Caller) -> Result<HttpResponse> {
    let table = readable(&request, &caller)?;
    let parameters = parameters(&request)?;
    let sight = sight(&caller);
    match wanted(request.headers())? {
        Wanted::Json => {
            let asked = parameters.clone();
            let work = state.work.clone();
            let answer = move |connection: &mut diesel::PgConnection| {
                // What is known of the lists is in force, mostly; only for a value that they lack it is worth to ask.
                let known = query::question(table, sight.clone(), &work.known_lists().1, &asked);
                let question = match known {
                    Ok(question) => question,
                    Err(_) => query::question(table, sight.clone(), &*work.lists(connection)?, &asked)?,
                };
                let question = question.official(connection)?;
                query::page(connection, &question)
            };
            Ok(page(request.path(), &parameters, state.search(caller.client_id, "list", answer).await?))
        }
        Wanted::Whole(form) => {
            if parameters.iter().any(|(name, _)| name == "count") {
                return Err(Error::new(
                    BAD_REQUEST,
                    "“count” goes with pages only: a whole result can be counted by its lines.",
                ));
            }
            let export = Export::begin(&state, &caller).await?;
            records::answer(export, &state, table, sight, parameters, form).await
        }
    }
}

fn page(path: &str, parameters: &Parameters, page: Page) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type("application/json").insert_header((VARY, "Accept"));
    if let Some(next) = &page.next {
        response.insert_header((LINK, next_link(path, parameters, next)));
    }
    response.body(page.body)
}

/// `Link` of the next page, which asks for the same.
pub(crate) fn next_link(path: &str, parameters: &Parameters, next: &str) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let kept = parameters.iter().filter(|(name, _)| name != "cursor");
    let kept: String = kept.map(|(name, value)| format!("{}={}&", encoded(name), encoded(value))).collect();
    format!("<{path}?{kept}cursor={next}>; rel=\"next\"")
}

/// The parameters after `?`, decoded.
pub(crate) fn parameters(request: &HttpRequest) -> Result<Parameters> {
    let decoded = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced)
            .decode_utf8()
            .map(|text| text.into_owned())
            .map_err(|_| Error::new(BAD_REQUEST, "A parameter is not UTF-8."))
    };
    let pairs = request.query_string().split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| Ok((decoded(name)?, decoded(value)?)))
        .collect()
}

/// What the client wants a list to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Json,
    Whole(OutputFormat),
}

/// The best of what `Accept` names; JSON if it does not say.
fn wanted(headers: &HeaderMap) -> Result<Wanted> {
    let mut best: Option<(f32, Wanted)> = None;
    let mut said = false;
    for choice in headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')) {
        let mut parts = choice.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        said |= !media.is_empty();
        let quality =
            parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |quality| quality.parse().unwrap_or(0.0));
        let form = match media.as_str() {
            "application/json" | "application/*" | "*/*" => Wanted::Json,
            "application/x-ndjson" | "application/ndjson" => Wanted::Whole(OutputFormat::Ndjson),
            "text/csv" | "text/*" => Wanted::Whole(OutputFormat::Csv),
            _ => continue,
        };
        if quality > best.map_or(0.0, |(best, _)| best) {
            best = Some((quality, form));
        }
    }
    match best {
        Some((_, form)) => Ok(form),
        None if !said => Ok(Wanted::Json),
        None => {
            Err(Error::new(NOT_ACCEPTABLE, "Records are given as application/json, application/x-ndjson or text/csv."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn of(accept: &'static str) -> Result<Wanted> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        wanted(&headers)
    }

    #[test]
    fn the_best_form_that_can_be_given_is_given() {
        assert_eq!(wanted(&HeaderMap::new()).unwrap(), Wanted::Json);
        assert_eq!(of("text/html,application/xhtml+xml,*/*;q=0.8").unwrap(), Wanted::Json);
        assert_eq!(of("application/json;q=0.5, text/csv").unwrap(), Wanted::Whole(OutputFormat::Csv));
        assert_eq!(of("application/x-ndjson").unwrap(), Wanted::Whole(OutputFormat::Ndjson));
        assert!(of("image/png").is_err() && of("text/csv;q=0").is_err());
    }
}
