//! `GET /v1/{resource}` and `GET /v1/{resource}/{key…}`: records as the caller may see them.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::http::api::records::{key_of, out_of_sight, path_of, precondition, precondition_failed, table_of};
use crate::http::export::{Export, records};
use crate::http::request::caller::Caller;
use crate::http::request::negotiation::{CSV, JSON, NDJSON, form};
use crate::http::request::paging::link;
use crate::http::request::parameters::{Pairs, pairs};
use crate::http::state::State;
use crate::intake::record::Precondition;
use crate::merge::alias;
use crate::model::messages::message;
use crate::query;
use crate::query::{OutputFormat, Visibility};
use crate::store::table::Table;
use actix_web::http::header::{CONTENT_LOCATION, ETAG, LINK, VARY};
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};

/// The resource in the path, if the caller's kind may read it at all.
fn readable(request: &HttpRequest, caller: &Caller) -> Result<&'static Table> {
    let table = table_of(request)?;
    caller.may(Permission::ReadRecords(table.spec))?;
    Ok(table)
}

fn visibility(caller: &Caller) -> Visibility {
    Visibility { area: caller.area().clone(), sensitive: caller.sensitive }
}

/// `GET /v1/{resource}/{key…}`.
///
/// # Errors
/// 404 for what is not there or out of sight, 403 for kinds that never read it, 400 for parameters.
pub async fn one(request: HttpRequest, state: web::Data<State>, caller: Caller) -> Result<HttpResponse> {
    let table = readable(&request, &caller)?;
    let mut key = key_of(&request, table)?;
    form(&request, &[(JSON, ())])?;
    let precondition = precondition(request.headers())?;
    let visibility = visibility(&caller);
    let read = move |connection: &mut diesel::PgConnection| {
        let moved = alias::official_key(connection, table, &mut key)?;
        Ok((query::one(connection, table, &visibility, &key)?, moved.then(|| path_of(table, &key))))
    };
    let (Some((version, body)), location) = state.read(caller.client_id, "read", read).await? else {
        return Err(out_of_sight());
    };
    let Precondition { matches, matches_none } =
        precondition.map_or_else(Precondition::default, |conditions| *conditions);
    if matches.is_some_and(|versions| !versions.name(Some(version))) {
        return Err(precondition_failed(Some(version)));
    }
    let is_known = matches_none.is_some_and(|versions| versions.name(Some(version)));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, format!("\"{version}\"")));
    if let Some(location) = location {
        response.insert_header((CONTENT_LOCATION, location));
    }
    Ok(if is_known { response.finish() } else { response.content_type("application/json").body(body) })
}

/// `GET /v1/{resource}`: a page, or the whole result as NDJSON or CSV.
///
/// # Errors
/// 400 that names an unknown parameter, field or value, 403, 406, 503.
pub async fn list(request: HttpRequest, state: web::Data<State>, caller: Caller) -> Result<HttpResponse> {
    let table = readable(&request, &caller)?;
    let parameters = pairs(request.query_string())?;
    let visibility = visibility(&caller);
    let offers = [
        (JSON, None),
        (NDJSON, Some(OutputFormat::Ndjson)),
        ("application/ndjson", Some(OutputFormat::Ndjson)),
        (CSV, Some(OutputFormat::Csv)),
    ];
    let Some(form) = form(&request, &offers)? else {
        return page(&request, &caller, &state, table, visibility, parameters).await;
    };
    if parameters.iter().any(|(name, _)| name == "count") {
        let detail = message("count-of-pages-only");
        return Err(Error::new(BAD_REQUEST, detail));
    }
    records::answer(Export::begin(&state, &caller).await?, &state, table, visibility, parameters, form).await
}

async fn page(
    request: &HttpRequest,
    caller: &Caller,
    state: &web::Data<State>,
    table: &'static Table,
    visibility: Visibility,
    parameters: Pairs,
) -> Result<HttpResponse> {
    let work = state.work.clone();
    let look = move |connection: &mut diesel::PgConnection| {
        // What is known of the lists is in force, mostly; only for a value that they lack it is worth to ask.
        let known = query::question(table, visibility.clone(), &work.known_lists().1, &parameters);
        let question = match known {
            Ok(question) => question,
            Err(_) => query::question(table, visibility.clone(), &*work.lists(connection)?, &parameters)?,
        };
        let question = question.official(connection)?;
        query::page(connection, &question)
    };
    let page = state.search(caller.client_id, "list", look).await?;
    let mut response = HttpResponse::Ok();
    response.content_type(JSON).insert_header((VARY, "Accept"));
    if let Some(next) = &page.next {
        response.insert_header((LINK, link(request, next)?));
    }
    Ok(response.body(page.body))
}
