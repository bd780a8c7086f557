//! `/v1/code-lists`, open to all, and `POST /v1/reference`, with which administrators load code lists and
//! administrative units.

use crate::access::{Permission, audit};
use crate::error::{BAD_REQUEST, Error, NOT_FOUND, Result, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE};
use crate::http::openapi::members;
use crate::http::request::caller::Caller;
use crate::http::request::media::{media_type, plain};
use crate::http::request::paging::Page;
use crate::http::request::parameters::Parameters;
use crate::http::request::values::Day;
use crate::http::state::{ANYBODY, State};
use crate::model::lists::{ListEntry, Lists};
use crate::model::messages::message;
use crate::store::reference::{Loaded, ReferenceFile, load};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use diesel::Connection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

/// Largest file: the communes of the country are half a mebibyte.
pub const LARGEST_FILE: usize = 32 * 1024 * 1024;

/// Which file is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    #[serde(alias = "name")]
    file: String,
}

/// What was loaded.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoadedReference {
    /// File by file.
    loaded: Vec<Loaded>,
}

/// A code list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeListSummary {
    /// Its name, as `x-code-list` in the schemas names it.
    name: String,
    /// Vietnamese title.
    #[schema(required = true)]
    title_vi: Option<&'static str>,
    /// English title.
    #[schema(required = true)]
    title_en: Option<&'static str>,
    /// How many values, of all times.
    #[schema(required = true)]
    count: Option<usize>,
    /// Where its values are.
    #[schema(format = "uri-reference")]
    href: String,
}

/// A code list with its values.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeList {
    /// Its name, as `x-code-list` in the schemas names it.
    name: String,
    /// Vietnamese title.
    #[schema(required = true)]
    title_vi: Option<&'static str>,
    /// English title.
    #[schema(required = true)]
    title_en: Option<&'static str>,
    /// In the list's own order.
    values: Vec<CodeValue>,
}

/// A value of a code list. Some lists have further columns, such as `levels`; they are text.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeValue {
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_vi: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_en: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<NaiveDate>,
    #[serde(flatten)]
    columns: BTreeMap<String, String>,
}

impl PartialSchema for CodeValue {
    fn schema() -> RefOr<Schema> {
        members::code_value()
    }
}

impl ToSchema for CodeValue {}

/// `POST /v1/reference?file=communes-from-2025-07-01.csv` with the file as `text/csv`: what was loaded.
///
/// # Errors
/// A 400 that names line and fault, with nothing loaded; 403 for other kinds; 413; 415.
pub async fn post(
    caller: Caller,
    request: HttpRequest,
    named: Parameters<Named>,
    state: web::Data<State>,
    body: web::Payload,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    if media_type(request.headers())? != "text/csv" {
        return Err(Error::new(UNSUPPORTED_MEDIA_TYPE, message("reference-media-type")));
    }
    plain(request.headers())?;
    let name = file_name(named.0.file)?;
    let too_large = |_| Error::new(TOO_LARGE, message("reference-too-large").with("most", LARGEST_FILE >> 20));
    let cut = |_| Error::new(BAD_REQUEST, message("reference-body-cut"));
    let bytes = body.to_bytes_limited(LARGEST_FILE).await.map_err(too_large)?.map_err(cut)?;
    let (file, actor) = (ReferenceFile { name, bytes: bytes.to_vec() }, caller.actor());
    let loaded = state.write(caller.client_id, "reference", move |connection| {
        connection.transaction(|connection| {
            audit::record(connection, &actor, "reference.load", &file.name)?;
            load(connection, &[file])
        })
    });
    Ok(HttpResponse::Ok().json(LoadedReference { loaded: loaded.await? }))
}

/// A name without folders: it may say the list's name or its validity.
fn file_name(name: String) -> Result<String> {
    let sane =
        (1..=200).contains(&name.chars().count()) && !name.chars().any(|letter| letter.is_control() || letter == '/');
    let expected = message("file-name-expected");
    if sane { Ok(name) } else { Err(Error::no_value("file", &name, expected)) }
}

/// `GET /v1/code-lists`: the lists' names and titles.
///
/// # Errors
/// Those of the database.
pub async fn lists(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse> {
    let lists = current(&state).await?;
    let item = |name: &str| {
        let title = Lists::title(name);
        CodeListSummary {
            name: name.to_owned(),
            title_vi: title.map(|title| title.vi),
            title_en: title.map(|title| title.en),
            count: lists.list(name).map(|list| list.entries.len()),
            href: format!("/v1/code-lists/{name}"),
        }
    };
    Page::whole(lists.names()).map(item).answer(&request)
}

/// On which day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct On {
    as_of: Option<Day>,
}

/// `GET /v1/code-lists/{name}?asOf=`: the values, those of a day where one is given.
///
/// # Errors
/// A 404 for an unknown list, 400 for a parameter.
pub async fn list(state: web::Data<State>, name: web::Path<String>, on: Parameters<On>) -> Result<HttpResponse> {
    let lists = current(&state).await?;
    let unknown = || Error::new(NOT_FOUND, message("code-list-unknown"));
    let list = lists.list(&name).ok_or_else(unknown)?;
    let holds = |entry: &&ListEntry| on.0.as_of.is_none_or(|day| entry.is_valid(day.0));
    let values = list.entries.iter().filter(holds).map(value).collect();
    let title = Lists::title(&name);
    Ok(HttpResponse::Ok().json(CodeList {
        name: name.into_inner(),
        title_vi: title.map(|title| title.vi),
        title_en: title.map(|title| title.en),
        values,
    }))
}

async fn current(state: &web::Data<State>) -> Result<std::sync::Arc<Lists>> {
    let reference = state.work.reference.clone();
    state.read(ANYBODY, "code-lists", move |connection| reference.current(connection)).await
}

/// A value with its names, validity and further columns, in camelCase.
fn value(entry: &ListEntry) -> CodeValue {
    let name = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
    CodeValue {
        code: entry.code.to_string(),
        name_vi: name(&entry.name_vi),
        name_en: name(&entry.name_en),
        valid_from: entry.valid_from,
        valid_to: entry.valid_to,
        columns: entry.columns.iter().map(|(heading, cell)| (camel(heading), cell.to_string())).collect(),
    }
}

fn camel(heading: &str) -> String {
    let mut words = heading.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| {
        let (head, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        camel + &head.to_uppercase() + rest
    })
}
