//! `/v1/submissions…`, reading: reports, lists, issues, rejected and parked records, progress.

use crate::access::{ClientKind, Permission};
use crate::error::{BAD_REQUEST, Error, NOT_FOUND, Result};
use crate::http::api::report;
use crate::http::api::submissions::header;
use crate::http::export::issues::Stream;
use crate::http::export::rejected as rejected_records;
use crate::http::export::{Export, annotated_workbook};
use crate::http::request::caller::Caller;
use crate::http::state::State;
use crate::submission::row;
use crate::submission::row::Submission;
use crate::submission::{issue_store, source_map, waiting as parked};
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{self, Query};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;
use std::convert::Infallible;
use uuid::Uuid;

/// The submission, if the caller may see it; else 404.
pub(crate) async fn visible(state: &web::Data<State>, caller: &Caller, id: &str) -> Result<Submission> {
    caller.may(Permission::ReadSubmissions)?;
    let unknown = || Error::new(NOT_FOUND, "There is no such submission, or it is not yours to see.");
    let id = Uuid::parse_str(id).map_err(|_| unknown())?;
    let (client, kind, area) = (caller.client_id, caller.kind, area(caller));
    let found = state.read(client, "submission", move |connection| {
        let found = row::find(connection, id)?;
        let seen = match (&found, kind) {
            (None, _) => false,
            (Some(found), ClientKind::SchoolSoftware) => found.client == client,
            (Some(_), _) => match &area {
                None => true,
                Some(area) => row::touches(connection, id, area)?,
            },
        };
        Ok(found.filter(|_| seen))
    });
    found.await?.ok_or_else(unknown)
}

/// The schools and communes that bound what the caller sees; `None`: everything.
pub(crate) fn area(caller: &Caller) -> Option<(Vec<String>, Vec<String>)> {
    let area = caller.area();
    (!area.all()).then(|| (area.schools().iter().cloned().collect(), area.communes().iter().cloned().collect()))
}

/// `GET /v1/submissions/{id}`: the report; of a sheet, as `Accept` asks, its rows with the issues beside them.
///
/// # Errors
/// A 404 for one that is not there or not the caller's to see.
pub async fn read(
    request: HttpRequest,
    state: web::Data<State>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let found = visible(&state, &caller, &id).await?;
    let (viewer, id) = (caller.viewer(), found.id);
    // Its rows are as the sender sent them, so they are the sender's only.
    let may = caller.may(Permission::WriteRecords).is_ok() && found.completed_at.is_some() && !found.purged;
    if may
        && annotated_workbook::wanted(header(request.headers(), ACCEPT).unwrap_or_default())
        && !state
            .read(caller.client_id, "sheets", move |connection| Ok(source_map::sheets(connection, id)?))
            .await?
            .is_empty()
    {
        return annotated_workbook::answer(Export::begin(&state, &caller).await?, id, viewer).await;
    }
    Ok(HttpResponse::Ok().json(
        state.read(caller.client_id, "report", move |connection| report::of(connection, found.id, &viewer)).await?,
    ))
}

/// The parameters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filters {
    #[serde(rename = "schoolCode")]
    school: Option<String>,
    #[serde(rename = "clientId")]
    client: Option<Uuid>,
    status: Option<String>,
    #[serde(rename = "receivedAt[gte]")]
    from: Option<chrono::DateTime<chrono::Utc>>,
    #[serde(rename = "receivedAt[lte]")]
    to: Option<chrono::DateTime<chrono::Utc>>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// `GET /v1/submissions`: newest first.
///
/// # Errors
/// A 400 for a bad parameter.
pub async fn list(state: web::Data<State>, caller: Caller, filters: Query<Filters>) -> Result<HttpResponse> {
    caller.may(Permission::ReadSubmissions)?;
    let filters = filters.into_inner();
    if let Some(status) = filters
        .status
        .as_deref()
        .filter(|status| !["receiving", "queued", "processing", "completed", "failed"].contains(status))
    {
        return Err(Error::new(
            BAD_REQUEST,
            format!("“status” is queued, processing, completed or failed, not “{}”.", report::clip(status)),
        ));
    }
    let limit = report::limit(filters.limit)?;
    let own = caller.kind == ClientKind::SchoolSoftware;
    let wanted = row::Wanted {
        client: if own { Some(caller.client_id) } else { filters.client },
        school: filters.school,
        status: filters.status,
        from: filters.from,
        to: filters.to,
        area: if own { None } else { area(&caller) },
        after: filters.cursor.as_deref().map(report::cursor).transpose()?,
        limit: limit + 1,
    };
    let mut found =
        state.search(caller.client_id, "submissions", move |connection| Ok(row::list(connection, &wanted)?)).await?;
    let more = found.len() as i64 > limit;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| report::to_cursor(&(last.received_at, last.id)));
    let items: Vec<serde_json::Value> = found.iter().map(report::summary).collect();
    Ok(report::page("/v1/submissions", items, next))
}

/// A page of a submission's lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    limit: Option<i64>,
    cursor: Option<String>,
}

/// `GET /v1/submissions/{id}/issues`: all of them, by index, severity and pointer; JSON pages, or NDJSON, CSV and XLSX
/// whole.
///
/// # Errors
/// A 404 for a submission that is not the caller's to see.
pub async fn issues(
    request: HttpRequest,
    state: web::Data<State>,
    caller: Caller,
    id: web::Path<String>,
    page: Query<Page>,
) -> Result<HttpResponse> {
    let found = visible(&state, &caller, &id).await?;
    let (id, viewer, reader) = (found.id, caller.viewer(), caller.reader());
    let accept = header(request.headers(), ACCEPT).unwrap_or_default();
    if let Some(form) = Stream::wanted(accept) {
        return form.answer(Export::begin(&state, &caller).await?, id, viewer).await;
    }
    let limit = report::limit(page.limit)?;
    let after: Option<issue_store::IssuePosition> = page.cursor.as_deref().map(report::cursor).transpose()?;
    let mut entries = state
        .read(caller.client_id, "issues", move |connection| {
            Ok(issue_store::read(connection, id, &viewer, after.as_ref(), limit + 1)?)
        })
        .await?;
    let more = entries.len() as i64 > limit;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| more).map(|last| report::to_cursor(&last.place()));
    Ok(report::page(
        &format!("/v1/submissions/{id}/issues"),
        entries.iter().map(|entry| report::issue(entry, reader)).collect(),
        next,
    ))
}

/// `GET /v1/submissions/{id}/rejected`: the rejected records as sent, one a line.
///
/// # Errors
/// A 404 for a submission that is not the caller's to see.
pub async fn rejected(state: web::Data<State>, caller: Caller, id: web::Path<String>) -> Result<HttpResponse> {
    caller.may(Permission::WriteRecords)?;
    let found = visible(&state, &caller, &id).await?;
    if found.purged {
        return Err(Error::new(NOT_FOUND, "The records of this submission are no longer kept; its counts are."));
    }
    rejected_records::answer(Export::begin(&state, &caller).await?, found.id).await
}

/// `GET /v1/submissions/{id}/parked`: what waits, and for what.
///
/// # Errors
/// A 404 for a submission that is not the caller's to see.
pub async fn waiting(
    state: web::Data<State>,
    caller: Caller,
    id: web::Path<String>,
    page: Query<Page>,
) -> Result<HttpResponse> {
    let found = visible(&state, &caller, &id).await?;
    let limit = report::limit(page.limit)?;
    let after: Option<i64> = page.cursor.as_deref().map(report::cursor).transpose()?;
    let (id, viewer) = (found.id, caller.viewer());
    let mut items = state
        .read(caller.client_id, "parked", move |connection| {
            Ok(parked::list(connection, id, &viewer, after.unwrap_or(-1), limit + 1)?)
        })
        .await?;
    let more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| report::to_cursor(&last.index));
    Ok(report::page(&format!("/v1/submissions/{id}/parked"), items.iter().map(|item| json!(item)).collect(), next))
}

/// `GET /v1/submissions/{id}/events`: progress as Server-Sent Events, until the work is done.
///
/// # Errors
/// A 404 for a submission that is not the caller's to see.
pub async fn events(state: web::Data<State>, caller: Caller, id: web::Path<String>) -> Result<HttpResponse> {
    let found = visible(&state, &caller, &id).await?;
    let place = state.watching.enter(caller.client_id).await?;
    let events = state.watchers.watch(found.id, caller.client_id, place);
    state.supervisor.call();
    let events = stream::unfold(events, |mut events| async move {
        let event = events.recv().await?;
        Some((Ok::<_, Infallible>(event), events))
    });
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, "text/event-stream")).insert_header((CACHE_CONTROL, "no-store"));
    Ok(response.streaming(Box::pin(events)))
}
