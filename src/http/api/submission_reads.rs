//! `/v1/submissions…`, reading: reports, lists, issues, rejected and parked records, progress.

use crate::access::{ClientKind, Permission, clients};
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
use crate::http::request::values::{Id, SchoolCode, known_resource, severity_named, word_not_expected};
use crate::http::state::State;
use crate::model::excerpt::clip;
use crate::model::messages::message;
use crate::model::moment::Moment;
use crate::model::rules::catalogue;
use crate::submission::issue_query::{self, IssueFilter};
use crate::submission::issue_store::{IssuePosition, StoredIssue};
use crate::submission::row;
use crate::submission::row::Submission;
use crate::submission::row::{RESULTS, STATUSES};
use crate::submission::waiting as parked;
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

/// `GET /v1/submissions/{id}`: the report; of a sheet, as `Accept` asks, its file with what is to be mended.
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

/// The file of the sheet that was sent, with what is to be mended; `None`: it was none, it is not the caller's own, or it is no longer kept.
pub(in crate::http) async fn annotated(
    state: &web::Data<State>,
    caller: &Caller,
    found: &Submission,
) -> Result<Option<HttpResponse>> {
    // It is as the sender sent it, so it is the sender's only.
    if caller.may(Permission::WriteRecords).is_err() || found.completed_at.is_none() || found.purged {
        return Ok(None);
    }
    annotated_workbook::answer(state, caller, found.id).await
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
    result: Option<String>,
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
    if let Some(status) = filters.status.as_deref().filter(|status| !STATUSES.contains(status)) {
        return Err(Error::new(BAD_REQUEST, message("status-unknown").with("value", clip(status))));
    }
    if let Some(result) = filters.result.as_deref().filter(|result| !RESULTS.contains(result)) {
        return Err(word_not_expected("result", result, message("results-of-submissions")));
    }
    let limit = filters.limit;
    let seen = visible_to(&caller);
    let wanted = row::SubmissionFilter {
        client: seen.client.or(filters.client_id.map(|id| id.0)),
        school: filters.school_code.map(|school| school.0),
        status: filters.status,
        result: filters.result,
        from: filters.from.map(Moment::begin),
        to: filters.to.map(Moment::last),
        area: seen.area,
        after: place(filters.cursor.as_ref())?,
        limit: limit.rows(),
    };
    let viewer = caller.viewer();
    let look = move |connection: &mut _| {
        let found = row::list(connection, &wanted)?;
        let ids = || found.iter().map(|submission| submission.id);
        let (beyond, schools) = (viewer.beyond(connection, ids())?, viewer.schools(connection, ids())?);
        let names = clients::names(connection, found.iter().map(|submission| submission.client))?;
        Ok((found, beyond, schools, names))
    };
    let (found, beyond, schools, names) = state.search(caller.client_id, "submissions", look).await?;
    let page = Page::cut(found, limit, |last| (last.received_at, last.id));
    let item = |submission: Submission| {
        let (name, schools) = (names.get(&submission.client), schools.get(&submission.id));
        let summary = SubmissionSummary::of(&submission).seen_beside(&beyond);
        summary.listed(name.cloned(), schools.cloned().unwrap_or_default())
    };
    page.map(item).answer(&request)
}

impl ListPosition for IssuePosition {
    fn is_possible(&self) -> bool {
        !self.pointer.contains('\0')
    }
}

/// The parameters of the list of issues.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IssueListParameters {
    severity: Option<String>,
    code: Option<String>,
    resource: Option<String>,
    limit: Limit,
    cursor: Option<Cursor>,
}

impl IssueListParameters {
    fn wanted(&self) -> Result<IssueFilter> {
        if let Some(code) = self.code.as_deref().filter(|code| catalogue::find(code).is_none()) {
            return Err(word_not_expected("code", code, message("code-of-a-rule")));
        }
        let resource = known_resource(self.resource.as_deref())?;
        let severity = self.severity.as_deref().map(severity_named).transpose()?;
        Ok(IssueFilter { severity, code: self.code.clone(), resource })
    }
}

/// `GET /v1/submissions/{id}/issues`: all of them, errors first, then by index and pointer; JSON pages, or NDJSON, CSV
/// and XLSX whole.
///
/// # Errors
/// A 404 for a submission that is not the caller's to see, a 400 for a bad parameter.
pub async fn issues(
    request: HttpRequest,
    state: web::Data<State>,
    caller: Caller,
    id: web::Path<String>,
    parameters: Parameters<IssueListParameters>,
) -> Result<HttpResponse> {
    let found = visible(&state, &caller, &id).await?;
    let (id, viewer, reader, wanted) = (found.id, caller.viewer(), caller.reader(), parameters.0.wanted()?);
    if let Some(form) = Stream::wanted(&request)? {
        let export = Export::begin(&state, &caller).await?;
        return Ok(spoken(form.answer(export, id, viewer, wanted).await?, caller.language));
    }
    let IssueListParameters { limit, cursor, .. } = parameters.0;
    let after: Option<IssuePosition> = place(cursor.as_ref())?;
    let look = move |connection: &mut _| {
        Ok(issue_query::read(connection, id, &viewer, &wanted, after.as_ref(), limit.rows())?)
    };
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
    state.on_demand.begin()?;
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
