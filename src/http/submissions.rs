//! `/v1/submissions`: many records in one request, and their reports.

use super::caller::Caller;
use super::report;
use super::state::State;
use crate::access::{Action, Kind};
use crate::engine::batch::OnMissing;
use crate::error::{self, BAD_REQUEST, Error, NOT_FOUND, Result};
use crate::work::split::Form;
use crate::work::spool::{self, Encoding, Received};
use crate::work::submission::{self, Asked, Claim, Submission};
use crate::work::{Work, journal, parked};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use actix_web::web::{self, Bytes, Payload, Query};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Parts of a body that wait for the thread that takes them in.
const PARTS: usize = 16;

/// The parameters of a submission.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameters {
    mode: Option<String>,
    atomicity: Option<String>,
    on_missing_reference: Option<String>,
}

/// Picks one of two words; the first is the default.
fn choice(name: &str, given: Option<&str>, words: [&str; 2]) -> Result<bool> {
    match given {
        None => Ok(false),
        Some(word) if word == words[0] => Ok(false),
        Some(word) if word == words[1] => Ok(true),
        Some(_) => Err(Error::new(BAD_REQUEST, format!("“{name}” is {} or {}.", words[0], words[1]))),
    }
}

fn header(headers: &HeaderMap, name: impl actix_web::http::header::AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

fn asked(parameters: &Parameters, headers: &HeaderMap) -> Result<Asked> {
    let reject = choice("onMissingReference", parameters.on_missing_reference.as_deref(), ["park", "reject"])?;
    let key = header(headers, "Idempotency-Key").map(|key| key.trim_matches('"').to_owned());
    if key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 255) {
        return Err(Error::new(BAD_REQUEST, "“Idempotency-Key” has 1 to 255 characters; a UUID is a good one."));
    }
    Ok(Asked {
        validate: choice("mode", parameters.mode.as_deref(), ["commit", "validate"])?,
        all: choice("atomicity", parameters.atomicity.as_deref(), ["record", "all"])?,
        on_missing: if reject { OnMissing::Reject } else { OnMissing::Park },
        respond_async: headers.get_all("Prefer").filter_map(|value| value.to_str().ok()).any(|value| value.contains("respond-async")),
        idempotency_key: key,
    })
}

fn form(headers: &HeaderMap) -> Result<Form> {
    let media = header(headers, CONTENT_TYPE).unwrap_or_default();
    match media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/x-ndjson" | "application/ndjson" => Ok(Form::Lines),
        "application/json" => Ok(Form::Array),
        _ => Err(Error::new(
            error::UNSUPPORTED_MEDIA_TYPE,
            "Send “Content-Type: application/x-ndjson” (one record a line) or application/json (an array).",
        )),
    }
}

fn encoding(headers: &HeaderMap) -> Result<Encoding> {
    match header(headers, CONTENT_ENCODING).unwrap_or("identity").to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Encoding::Identity),
        "gzip" | "x-gzip" => Ok(Encoding::Gzip),
        "zstd" => Ok(Encoding::Zstd),
        _ => Err(Error::new(error::UNSUPPORTED_MEDIA_TYPE, "“Content-Encoding” is gzip, zstd or left out.")),
    }
}

/// `POST /v1/submissions`.
///
/// # Errors
/// A problem for a request that is no submission at all; faults of records are in the report.
pub async fn create(
    request: HttpRequest,
    state: web::Data<State>,
    caller: Caller,
    parameters: Query<Parameters>,
    payload: Payload,
) -> Result<HttpResponse> {
    caller.may(Action::WriteRecords)?;
    let (asked, form, encoding) = (asked(&parameters, request.headers())?, form(request.headers())?, encoding(request.headers())?);
    let (id, client) = (Uuid::now_v7(), caller.client_id);
    let words = format!("{form:?}");
    let opened = asked.clone();
    let claim = state.database("submission", move |connection| submission::open(connection, id, client, &opened, &words)).await?;
    let (sender, receiver) = mpsc::channel(PARTS);
    actix_web::rt::spawn(forward(payload, sender));
    match claim {
        Claim::Used(used) => replay(&state, &caller, *used, &asked, form, receiver).await,
        Claim::Fresh => {
            let received = receive(&state.work, id, form, encoding, receiver).await;
            accept(&state, &caller, id, &asked, received).await
        }
    }
}

/// Moves the parts of the body to the thread that takes them in; a broken connection is told as an `Err`.
async fn forward(mut payload: Payload, sender: mpsc::Sender<Result<Bytes, ()>>) {
    while let Some(part) = payload.next().await {
        let broken = part.is_err();
        if sender.send(part.map_err(|_| ())).await.is_err() || broken {
            return;
        }
    }
}

async fn receive(
    work: &Arc<Work>,
    id: Uuid,
    form: Form,
    encoding: Encoding,
    mut parts: mpsc::Receiver<Result<Bytes, ()>>,
) -> Result<Received> {
    let work = work.clone();
    web::block(move || spool::receive(&work, id, form, encoding, std::iter::from_fn(move || parts.blocking_recv())))
        .await
        .map_err(Error::internal)?
}

async fn accept(state: &web::Data<State>, caller: &Caller, id: Uuid, asked: &Asked, received: Result<Received>) -> Result<HttpResponse> {
    let received = match received {
        Ok(received) => received,
        Err(problem) => {
            state.database("submission", move |connection| Ok(submission::forget(connection, id)?)).await?;
            return Err(problem);
        }
    };
    let done = state.queue.when_done(id);
    let queued = move |connection: &mut diesel::PgConnection| {
        Ok(submission::received(connection, id, received.bytes, &received.sha256, received.records, received.cut)?)
    };
    state.database("submission", queued).await?;
    state.queue.call();
    if asked.respond_async {
        return answer(state, caller, id, Some(StatusCode::ACCEPTED), false).await;
    }
    // The sender is dropped only when the gateway stops.
    done.await
        .map_err(|_| Error::new(error::UNAVAILABLE, "The gateway is stopping; the work goes on when it starts again.").retry_after(10))?;
    answer(state, caller, id, None, false).await
}

/// The first answer again, if it is the same body.
async fn replay(
    state: &web::Data<State>,
    caller: &Caller,
    used: Submission,
    asked: &Asked,
    form: Form,
    mut parts: mpsc::Receiver<Result<Bytes, ()>>,
) -> Result<HttpResponse> {
    let hash = move || spool::Wire::new(std::iter::from_fn(move || parts.blocking_recv())).finish();
    let (_, sha256, _) = web::block(hash).await.map_err(Error::internal)?;
    if used.sha256.as_deref() != Some(sha256.as_str()) || used.fingerprint != asked.fingerprint(&format!("{form:?}")) {
        let detail = "This Idempotency-Key was used for another body or other parameters; take a new key for a new request.";
        return Err(Error::new(error::KEY_REUSED, detail));
    }
    let status = used.asked.respond_async.then_some(StatusCode::ACCEPTED);
    answer(state, caller, used.id, status, true).await
}

/// The report, with the status its result has unless another is given.
async fn answer(state: &web::Data<State>, caller: &Caller, id: Uuid, status: Option<StatusCode>, replayed: bool) -> Result<HttpResponse> {
    let language = caller.language;
    let report = state.database("report", move |connection| report::of(connection, id, language)).await?;
    let rejected = report["result"] == "rejected";
    let status = status.unwrap_or(if rejected { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK });
    let mut response = HttpResponse::build(status);
    response.insert_header((LOCATION, format!("/v1/submissions/{id}")));
    if replayed {
        response.insert_header(("Idempotency-Replayed", "true"));
    }
    if status == StatusCode::ACCEPTED {
        response.insert_header((RETRY_AFTER, 1));
    }
    Ok(response.json(report))
}

/// The submission, if the caller may see it; else 404.
pub(super) async fn visible(state: &web::Data<State>, caller: &Caller, id: &str) -> Result<Submission> {
    caller.may(Action::ReadSubmissions)?;
    let unknown = || Error::new(NOT_FOUND, "There is no such submission, or it is not yours to see.");
    let id = Uuid::parse_str(id).map_err(|_| unknown())?;
    let (client, kind, area) = (caller.client_id, caller.kind, area(caller));
    let found = state.database("submission", move |connection| {
        let found = submission::find(connection, id)?;
        let seen = match (&found, kind) {
            (None, _) => false,
            (Some(found), Kind::SchoolSoftware) => found.client == client,
            (Some(_), _) => match &area {
                None => true,
                Some(area) => submission::touches(connection, id, area)?,
            },
        };
        Ok(found.filter(|_| seen))
    });
    found.await?.ok_or_else(unknown)
}

/// The schools and communes that bound what staff see; `None`: everything.
fn area(caller: &Caller) -> Option<(Vec<String>, Vec<String>)> {
    let area = caller.area();
    (!area.all()).then(|| (area.schools().iter().cloned().collect(), area.communes().iter().cloned().collect()))
}

/// `GET /v1/submissions/{id}`.
///
/// # Errors
/// A 404 for one that is not there or not the caller's to see.
pub async fn read(state: web::Data<State>, caller: Caller, id: web::Path<String>) -> Result<HttpResponse> {
    let found = visible(&state, &caller, &id).await?;
    let language = caller.language;
    Ok(HttpResponse::Ok().json(state.database("report", move |connection| report::of(connection, found.id, language)).await?))
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
    #[serde(rename = "receivedAt[lt]")]
    to: Option<chrono::DateTime<chrono::Utc>>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// `GET /v1/submissions`: newest first.
///
/// # Errors
/// A 400 for a bad parameter.
pub async fn list(state: web::Data<State>, caller: Caller, filters: Query<Filters>) -> Result<HttpResponse> {
    caller.may(Action::ReadSubmissions)?;
    let filters = filters.into_inner();
    if let Some(status) =
        filters.status.as_deref().filter(|status| !["receiving", "queued", "processing", "completed", "failed"].contains(status))
    {
        return Err(Error::new(
            BAD_REQUEST,
            format!("“status” is queued, processing, completed or failed, not “{}”.", report::clip(status)),
        ));
    }
    let limit = report::limit(filters.limit)?;
    let own = caller.kind == Kind::SchoolSoftware;
    let wanted = submission::Wanted {
        client: if own { Some(caller.client_id) } else { filters.client },
        school: filters.school,
        status: filters.status,
        from: filters.from,
        to: filters.to,
        area: if own { None } else { area(&caller) },
        after: filters.cursor.as_deref().map(report::cursor).transpose()?,
        limit: limit + 1,
    };
    let mut found = state.database("submissions", move |connection| Ok(submission::list(connection, &wanted)?)).await?;
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

/// `GET /v1/submissions/{id}/issues`: all of them, by index, severity and pointer; JSON pages, or NDJSON and CSV whole.
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
    let (id, language) = (found.id, caller.language);
    let accept = header(request.headers(), ACCEPT).unwrap_or_default();
    if let Some(kind) = report::Stream::wanted(accept) {
        return Ok(report::stream_issues(&state, id, language, kind));
    }
    let limit = report::limit(page.limit)?;
    let after: Option<journal::Place> = page.cursor.as_deref().map(report::cursor).transpose()?;
    let mut entries = state.database("issues", move |connection| Ok(journal::read(connection, id, after.as_ref(), limit + 1)?)).await?;
    let more = entries.len() as i64 > limit;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| more).map(|last| report::to_cursor(&last.place()));
    Ok(report::page(&format!("/v1/submissions/{id}/issues"), entries.iter().map(|entry| report::issue(entry, language)).collect(), next))
}

/// `GET /v1/submissions/{id}/rejected`: the rejected records as sent, one a line.
///
/// # Errors
/// A 404 for a submission that is not the caller's to see.
pub async fn rejected(state: web::Data<State>, caller: Caller, id: web::Path<String>) -> Result<HttpResponse> {
    caller.may(Action::WriteRecords)?;
    let found = visible(&state, &caller, &id).await?;
    if found.purged {
        return Err(Error::new(NOT_FOUND, "The records of this submission are no longer kept; its counts are."));
    }
    Ok(report::stream_rejected(&state, found.id))
}

/// `GET /v1/submissions/{id}/parked`: what waits, and for what.
///
/// # Errors
/// A 404 for a submission that is not the caller's to see.
pub async fn waiting(state: web::Data<State>, caller: Caller, id: web::Path<String>, page: Query<Page>) -> Result<HttpResponse> {
    let found = visible(&state, &caller, &id).await?;
    let limit = report::limit(page.limit)?;
    let after: Option<i64> = page.cursor.as_deref().map(report::cursor).transpose()?;
    let id = found.id;
    let mut items = state.database("parked", move |connection| Ok(parked::list(connection, id, after.unwrap_or(-1), limit + 1)?)).await?;
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
    Ok(report::stream_events(&state, found.id))
}
