//! `/v1/{resource}/{key…}`: one record, written or deleted under the same rules as in bulk.

use crate::access::Permission as Right;
use crate::error;
use crate::error::{BAD_REQUEST, Error, NOT_FOUND, Result};
use crate::http::request::body::JsonBody;
use crate::http::request::caller::Caller;
use crate::http::request::headers::{Tag, Tags};
use crate::http::state::State;
use crate::intake::record::{Precondition, RecordOperation, Versions, parts};
use crate::merge::batch::{Disposition, Meta};
use crate::model::field::Field;
use crate::model::messages::message;
use crate::model::value::Row;
use crate::store::codec;
use crate::store::table;
use crate::store::table::Table;
use crate::submission::group_commit::{Write, Written};
use actix_web::guard::GuardContext;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LOCATION, ETAG, HeaderMap};
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::fmt::Write as _;
use std::sync::Arc;

/// The table of a resource in a path.
pub(crate) fn table_of(request: &HttpRequest) -> Result<&'static Table> {
    let name = request.path().split('/').nth(2).unwrap_or_default();
    table::find(name).ok_or_else(|| Error::new(NOT_FOUND, message("resource-unknown")))
}

/// Does the path name a resource and as many parts of a key as that has?
pub fn names_a_record(context: &GuardContext) -> bool {
    let mut parts = context.head().uri.path().split('/').skip(2);
    parts.next().and_then(table::find).is_some_and(|table| parts.count() == table.key.len())
}

/// The key's parts behind `/v1/{resource}/`, decoded: a part may hold an encoded slash.
pub(crate) fn key_of(request: &HttpRequest, table: &Table) -> Result<Vec<String>> {
    let raw = request.uri().path();
    let parts: Vec<String> = raw
        .split('/')
        .skip(3)
        .map(|part| {
            percent_decode_str(part)
                .decode_utf8()
                .map(|text| text.into_owned())
                .map_err(|_| Error::new(BAD_REQUEST, message("path-not-utf8")))
        })
        .collect::<Result<_>>()?;
    if parts.len() != table.key.len() || parts.iter().any(String::is_empty) {
        let names: Vec<&str> = table.key.iter().map(|place| table.spec.fields[*place].json).collect();
        let detail = message("key-malformed").with("resource", table.spec.name).with("members", names.join("/"));
        return Err(Error::new(NOT_FOUND, detail));
    }
    Ok(parts)
}

/// `/v1/{resource}/{key…}` of a key.
pub(crate) fn path_of(table: &Table, key: &[String]) -> String {
    let encoded = key.iter().map(|part| utf8_percent_encode(part, SEGMENT).to_string());
    encoded.fold(format!("/v1/{}", table.spec.name), |path, part| path + "/" + &part)
}

/// What does not stand for itself in a segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A record as the API shows it: its members, then `meta`.
pub fn body(row: &Row, fields: &[Field], meta: &Meta, shown: impl Fn(&Field) -> bool) -> String {
    let mut text = String::with_capacity(512);
    codec::json_object(&mut text, row, fields, shown);
    text.pop();
    if text.len() > 1 {
        text.push(',');
    }
    push_meta(&mut text, meta);
    text.push('}');
    text
}

/// `"meta":{…}`.
pub fn push_meta(text: &mut String, meta: &Meta) {
    let _ = write!(text, "\"meta\":{{\"version\":{}", meta.version);
    meta.push_origin(text);
}

/// The conditions of a write, if there are any.
pub(crate) fn precondition(headers: &HeaderMap) -> Result<Option<Box<Precondition>>> {
    // `If-Match` compares strongly: a weak tag never matches (RFC 9110, section 13.1.1).
    let matches = Tags::of(headers, "If-Match")?.map(|tags| versions(tags, |tag| !tag.weak));
    let matches_none = Tags::of(headers, "If-None-Match")?.map(|tags| versions(tags, |_| true));
    let some = matches.is_some() || matches_none.is_some();
    Ok(some.then(|| Box::new(Precondition { matches, matches_none })))
}

/// The versions that tags name; others name none that was ever stored.
fn versions(tags: Tags, counts: impl Fn(&Tag) -> bool) -> Versions {
    match tags {
        Tags::Any => Versions::Any,
        Tags::Listed(tags) => {
            let version = |tag: &Tag| tag.opaque.parse().ok().filter(|version: &i64| version.to_string() == tag.opaque);
            Versions::These(tags.iter().filter(|tag| counts(tag)).filter_map(version).collect())
        }
    }
}

/// The condition of a write does not hold.
pub(crate) fn precondition_failed(stored: Option<i64>) -> Error {
    let now = match stored {
        Some(version) => message("stored-version").with("version", version),
        None => message("nothing-visible-stored"),
    };
    let detail = message("condition-fails").with("now", now);
    Error::new(error::PRECONDITION_FAILED, detail)
}

async fn write(
    request: &HttpRequest,
    state: &web::Data<State>,
    caller: &Caller,
    body: Option<JsonBody>,
) -> Result<Written> {
    caller.may(Right::WriteRecords)?;
    let table = table_of(request)?;
    let key = key_of(request, table)?;
    let precondition = precondition(request.headers())?;
    let (operation, data) = match body {
        Some(body) => (RecordOperation::Upsert, body.text().await?),
        None => (RecordOperation::Delete, key_members(table, &key)),
    };
    let write = Write {
        table,
        operation,
        key,
        data,
        precondition,
        client: caller.client_id,
        request: caller.request_id.as_str().into(),
        scope: Arc::new(caller.area().clone()),
    };
    state.on_demand.begin()?;
    let written = state.singles.write(write).await?;
    let issues = &written.outcome.issues;
    match written.outcome.action {
        Disposition::PreconditionFailed => Err(precondition_failed(written.outcome.meta.map(|meta| meta.version))),
        Disposition::Rejected | Disposition::Missing if issues.iter().any(|issue| issue.rule.code == "PT-016") => {
            Err(out_of_sight())
        }
        Disposition::Rejected
            if operation == RecordOperation::Delete && issues.iter().any(|issue| issue.rule.code == "PT-011") =>
        {
            Err(Error::new(error::CONFLICT, message("record-referred-to")).issues(caller.viewer().disclosed(issues)))
        }
        Disposition::Rejected | Disposition::Missing => {
            Err(Error::new(error::INVALID, message("record-not-kept")).issues(caller.viewer().disclosed(issues)))
        }
        _ => Ok(written),
    }
}

/// What a delete sends: the key alone.
fn key_members(table: &Table, key: &[String]) -> String {
    let name = |place: &usize| table.spec.fields[*place].json.to_owned();
    let members = table.key.iter().zip(key).map(|(place, part)| (name(place), part.as_str().into()));
    serde_json::Value::Object(members.collect()).to_string()
}

/// For a record that is not there or that the client may not see.
pub(crate) fn out_of_sight() -> Error {
    Error::new(NOT_FOUND, message("record-unknown"))
}

/// `PUT /v1/{resource}/{key…}`.
///
/// # Errors
/// 422 with the issues, 412, 404 for a school that is not granted, 400 for a body that is no JSON or of another key.
pub async fn put(
    request: HttpRequest,
    state: web::Data<State>,
    caller: Caller,
    record: JsonBody,
) -> Result<HttpResponse> {
    let written = write(&request, &state, &caller, Some(record)).await?;
    let table = table_of(&request)?;
    let Some(meta) = written.outcome.meta else { return Err(Error::internal("a written record has no version")) };
    let status = if written.outcome.action == Disposition::Created { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = HttpResponse::build(status);
    response.insert_header((ETAG, format!("\"{}\"", meta.version))).content_type("application/json");
    let key: Vec<String> =
        parts(&written.row, &table.key).into_iter().flatten().map(|part| part.into_owned()).collect();
    if key != key_of(&request, table)? {
        // The path named the person by a provisional code that gave way to another.
        response.insert_header((CONTENT_LOCATION, path_of(table, &key)));
    }
    Ok(response.body(body(&written.row, table.spec.fields, &meta, |_| true)))
}

/// `DELETE /v1/{resource}/{key…}`.
///
/// # Errors
/// 404 when nothing is there, 409 when others refer to it, 412.
pub async fn delete(request: HttpRequest, state: web::Data<State>, caller: Caller) -> Result<HttpResponse> {
    let written = write(&request, &state, &caller, None).await?;
    match written.outcome.action {
        Disposition::Deleted => Ok(HttpResponse::NoContent().finish()),
        _ => Err(out_of_sight()),
    }
}
