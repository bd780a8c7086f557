//! `/v1/submissions…`, reading: reports, lists, issues, rejected and parked records, progress.

use crate::access::{ClientKind, Permission};
use crate::error::{BAD_REQUEST, Error, NOT_FOUND, Result};
use crate::http::api::report;
use crate::http::api::submission_report::{ReportedIssue, SubmissionSummary};
use crate::http::export::issues::Stream;
use crate::http::export::rejected as rejected_records;
use crate::http::export::{Export, annotated_workbook};
use crate::http::request::caller::Caller;
use crate::http::request::negotiation::spoken;
use crate::http::request::paging::{Cursor, Limit, ListPosition, Page, PageParameters, place};
use crate::http::request::parameters::Parameters;
use crate::http::request::values::{Id, SchoolCode};
use crate::http::state::State;
use crate::model::excerpt::clip;
use crate::model::messages::message;
use crate::model::moment::Moment;
use crate::submission::issue_store::{IssuePosition, StoredIssue};
use crate::submission::row;
use crate::submission::row::Submission;
use crate::submission::{issue_store, source_map, waiting as parked};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use serde::Deserialize;
use std::convert::Infallible;
use uuid::Uuid;

/// The submission, if the caller may see it; else 404.
pub(crate) async fn visible(state: &web::Data<State>, caller: &Caller, id: &str) -> Result<Submission> {
    caller.may(Permission::ReadSubmissions)?;
    let unknown = || Error::new(NOT_FOUND, message("submission-not-visible"));
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
    if annotated_workbook::wanted(&request)
        && let Some(workbook) = annotated(&state, &caller, &found).await?
    {
        return Ok(spoken(workbook, caller.language));
    }
    let viewer = caller.viewer();
    let report =
        state.read(caller.client_id, "report", move |connection| report::of(connection, found.id, &viewer)).await?;
    Ok(spoken(HttpResponse::Ok().json(report), caller.language))
}

/// The sheet that was sent, with its issues; `None`: it was none, it is not the caller's own, or it is no longer kept.
pub(in crate::http) async fn annotated(
    state: &web::Data<State>,
    caller: &Caller,
    found: &Submission,
) -> Result<Option<HttpResponse>> {
    let id = found.id;
    // Its rows are as the sender sent them, so they are the sender's only.
    if caller.may(Permission::WriteRecords).is_err() || found.completed_at.is_none() || found.purged {
        return Ok(None);
    }
    let sheets = state.read(caller.client_id, "sheets", move |connection| Ok(source_map::sheets(connection, id)?));
    if sheets.await?.is_empty() {
        return Ok(None);
    }
    annotated_workbook::answer(Export::begin(state, caller).await?, id, caller.viewer()).await.map(Some)
}

/// The submissions that a caller sees: its own, or all that touch its area.
pub(in crate::http) fn visible_to(caller: &Caller) -> row::SubmissionFilter {
    let own = caller.kind == ClientKind::SchoolSoftware;
    row::SubmissionFilter {
        client: own.then_some(caller.client_id),
        area: if own { None } else { area(caller) },
        ..row::SubmissionFilter::default()
    }
}

/// The parameters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct SubmissionListParameters {
    school_code: Option<SchoolCode>,
    client_id: Option<Id>,
    status: Option<String>,
    #[serde(rename = "receivedAt[gte]")]
    from: Option<Moment>,
    #[serde(rename = "receivedAt[lte]")]
    to: Option<Moment>,
    limit: Limit,
    cursor: Option<Cursor>,
}

/// `GET /v1/submissions`: newest first.
///
/// # Errors
/// A 400 for a bad parameter.
pub async fn list(
    request: HttpRequest,
    state: web::Data<State>,
    caller: Caller,
    filters: Parameters<SubmissionListParameters>,
) -> Result<HttpResponse> {
    caller.may(Permission::ReadSubmissions)?;
    let filters = filters.0;
    if let Some(status) =
        filters.status.as_deref().filter(|status| !["queued", "processing", "completed", "failed"].contains(status))
    {
        return Err(Error::new(BAD_REQUEST, message("status-unknown").with("value", clip(status))));
    }
    let limit = filters.limit;
    let seen = visible_to(&caller);
    let wanted = row::SubmissionFilter {
        client: seen.client.or(filters.client_id.map(|id| id.0)),
        school: filters.school_code.map(|school| school.0),
        status: filters.status,
        from: filters.from.map(Moment::begin),
        to: filters.to.map(Moment::last),
        area: seen.area,
        after: place(filters.cursor.as_ref())?,
        limit: limit.rows(),
    };
    let viewer = caller.viewer();
    let look = move |connection: &mut _| {
        let found = row::list(connection, &wanted)?;
        let beyond = viewer.beyond(connection, found.iter().map(|submission| submission.id))?;
        Ok((found, beyond))
    };
    let (found, beyond) = state.search(caller.client_id, "submissions", look).await?;
    let page = Page::cut(found, limit, |last| (last.received_at, last.id));
    page.map(|submission| SubmissionSummary::of(&submission).seen_beside(&beyond)).answer(&request)
}

impl ListPosition for IssuePosition {
    fn is_possible(&self) -> bool {
        !self.pointer.contains('\0')
    }
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
    parameters: Parameters<PageParameters>,
) -> Result<HttpResponse> {
    let found = visible(&state, &caller, &id).await?;
    let (id, viewer, reader) = (found.id, caller.viewer(), caller.reader());
    if let Some(form) = Stream::wanted(&request)? {
        let export = Export::begin(&state, &caller).await?;
        return Ok(spoken(form.answer(export, id, viewer).await?, caller.language));
    }
    let PageParameters { limit, cursor } = parameters.0;
    let after: Option<IssuePosition> = place(cursor.as_ref())?;
    let look = move |connection: &mut _| Ok(issue_store::read(connection, id, &viewer, after.as_ref(), limit.rows())?);
    let page = Page::cut(state.read(caller.client_id, "issues", look).await?, limit, StoredIssue::place);
    Ok(spoken(page.map(|entry| ReportedIssue::of(&entry, reader)).answer(&request)?, caller.language))
}

/// `GET /v1/submissions/{id}/rejected`: the rejected records as sent, one a line.
///
/// # Errors
/// A 404 for a submission that is not the caller's to see.
pub async fn rejected(state: web::Data<State>, caller: Caller, id: web::Path<String>) -> Result<HttpResponse> {
    caller.may(Permission::WriteRecords)?;
    let found = visible(&state, &caller, &id).await?;
    if found.purged {
        return Err(Error::new(NOT_FOUND, message("records-no-longer-kept")));
    }
    rejected_records::answer(Export::begin(&state, &caller).await?, found.id).await
}

/// `GET /v1/submissions/{id}/parked`: what waits, and for what.
///
/// # Errors
/// A 404 for a submission that is not the caller's to see.
pub async fn waiting(
    request: HttpRequest,
    state: web::Data<State>,
    caller: Caller,
    id: web::Path<String>,
    parameters: Parameters<PageParameters>,
) -> Result<HttpResponse> {
    let found = visible(&state, &caller, &id).await?;
    let PageParameters { limit, cursor } = parameters.0;
    let (id, viewer, after) = (found.id, caller.viewer(), place(cursor.as_ref())?.unwrap_or(-1));
    let look = move |connection: &mut _| Ok(parked::list(connection, id, &viewer, after, limit.rows())?);
    let page = Page::cut(state.read(caller.client_id, "parked", look).await?, limit, |item| item.index);
    page.answer(&request)
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
