//! A submission's report and its parts, as the API shows them.

use crate::error::{BAD_REQUEST, Error, NOT_FOUND, Result};
use crate::http::export::records::rest;
use crate::http::state::State;
use crate::intake::chunk::Chunk;
use crate::model::issue::Reader;
use crate::submission::chunk_store;
use crate::submission::issue_groups;
use crate::submission::issue_groups::Group;
use crate::submission::issue_store;
use crate::submission::issue_store::StoredIssue;
use crate::submission::row;
use crate::submission::row::Submission;
use actix_web::http::header::{CONTENT_TYPE, LINK};
use actix_web::web::{self, Bytes};
use actix_web::{HttpResponse, HttpResponseBuilder};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::PgConnection;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Issues shown in the report itself.
const SHOWN: i64 = 100;
/// Lines read at once while streaming.
pub(crate) const PAGE: i64 = 2_000;

/// The whole report.
///
/// # Errors
/// A 404 when it is gone meanwhile, and those of the database.
pub fn of(connection: &mut PgConnection, id: Uuid, reader: Reader) -> Result<Value> {
    let Some(submission) = row::find(connection, id)? else {
        return Err(Error::new(NOT_FOUND, "There is no such submission."));
    };
    let mut report = summary(&submission);
    let issues = issue_store::read(connection, id, None, SHOWN)?;
    report["issues"] = issues.iter().map(|entry| issue(entry, reader)).collect();
    let groups = issue_groups::of(connection, &submission)?;
    report["issueGroups"] = groups.iter().map(|found| group(found, reader)).collect();
    Ok(report)
}

/// The report without issues, as lists show it.
pub fn summary(submission: &Submission) -> Value {
    let link = |tail: &str| format!("/v1/submissions/{}{tail}", submission.id);
    let done = submission.completed_at.is_some();
    let status = if submission.status == "receiving" { "queued" } else { &submission.status };
    let mut summary = json!({
        "id": submission.id, "status": status, "result": submission.result,
        "mode": if submission.asked.validate { "validate" } else { "commit" },
        "atomicity": if submission.asked.all { "all" } else { "record" },
        "clientId": submission.client, "receivedAt": submission.received_at, "completedAt": submission.completed_at,
        "bytes": submission.bytes, "sha256": submission.sha256,
        "progress": {"processed": submission.tally.total.decided(), "total": (done || submission.records > 0).then_some(submission.records)},
        "counts": submission.tally.total, "byResource": submission.tally.by_resource,
        "links": {"self": link(""), "issues": link("/issues"), "rejected": link("/rejected"), "receipt": link("/receipt")},
    });
    if let Some(replacement) = &submission.asked.replacement {
        summary["replacement"] = json!(replacement);
    }
    summary
}

/// One issue.
pub fn issue(entry: &StoredIssue, reader: Reader) -> Value {
    let mut issue = json!({"index": entry.index, "resource": entry.resource, "key": entry.key, "pointer": entry.pointer, "code": entry.rule.code,
        "severity": entry.severity, "message": entry.message(reader), "hint": entry.hint(reader)});
    place(&mut issue, entry);
    issue
}

/// Where it stands in its sheet, if it came from one.
fn place(found: &mut Value, entry: &StoredIssue) {
    let Some(spot) = &entry.spot else { return };
    found["row"] = spot.row.into();
    for (name, value) in [("sheet", &spot.sheet), ("column", &spot.column), ("heading", &spot.heading)] {
        if let Some(value) = value {
            found[name] = value.as_str().into();
        }
    }
}

/// Issues of one cause.
pub fn group(group: &Group, reader: Reader) -> Value {
    let first = &group.first;
    let mut group = json!({"code": first.rule.code, "resource": first.resource, "severity": first.severity, "count": group.count,
        "firstIndex": first.index, "pointer": first.pointer, "message": first.message(reader), "hint": first.hint(reader)});
    place(&mut group, first);
    group
}

/// A page as every list gives it.
pub fn page(path: &str, items: Vec<Value>, next: Option<String>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(cursor) = &next {
        response.insert_header((LINK, format!("<{path}?cursor={cursor}>; rel=\"next\"")));
    }
    response.json(json!({"items": items, "nextCursor": next}))
}

/// Items of a page: 1 to 1000, 100 unless said.
///
/// # Errors
/// A 400 that says so.
pub fn limit(given: Option<i64>) -> Result<i64> {
    let limit = given.unwrap_or(100);
    (1..=1000)
        .contains(&limit)
        .then_some(limit)
        .ok_or_else(|| Error::new(BAD_REQUEST, "“limit” is a number from 1 to 1000."))
}

/// A place in a list, opaque to the client.
pub fn to_cursor(place: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

/// The place that a cursor names.
///
/// # Errors
/// A 400 when it is none of this list.
pub fn cursor<T: DeserializeOwned>(text: &str) -> Result<T> {
    let place = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    place.ok_or_else(|| Error::new(BAD_REQUEST, "“cursor” is none of this list; take it from “nextCursor”."))
}

/// Enough of a foreign value to recognise it.
pub fn clip(text: &str) -> String {
    text.chars().take(40).flat_map(char::escape_debug).collect()
}

/// Runs `produce` on a thread that may block and streams what it sends. When the client goes away, the sending fails
/// and the thread ends; when the thread ends without success, the body is broken off, so that no client takes it for
/// the whole.
pub fn stream(
    state: &web::Data<State>,
    media: &str,
    produce: impl FnOnce(&mut PgConnection, &(dyn Fn(Vec<u8>) -> Option<()> + Sync)) -> Result<()> + Send + 'static,
) -> HttpResponse {
    let (sender, receiver) = mpsc::channel::<Result<Bytes>>(4);
    let (pool, done) = (state.pool.clone(), Arc::new(AtomicBool::new(false)));
    let whole = done.clone();
    actix_web::rt::task::spawn_blocking(move || {
        let send = |bytes: Vec<u8>| sender.blocking_send(Ok(Bytes::from(bytes))).ok();
        let result = pool.get().map_err(Error::from).and_then(|mut connection| produce(&mut connection, &send));
        match result {
            Ok(()) => done.store(true, Ordering::Release),
            Err(error) => drop(sender.blocking_send(Err(error))),
        }
    });
    let mut response: HttpResponseBuilder = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, media.to_owned())).streaming(Box::pin(rest(receiver, whole)))
}

/// The rejected records of a submission as they were sent.
pub fn stream_rejected(state: &web::Data<State>, id: Uuid) -> HttpResponse {
    stream(state, "application/x-ndjson", move |connection, send| {
        let places = chunk_store::chunk_places(connection, id)?;
        let mut after = -1;
        let mut open: Option<(usize, Chunk)> = None;
        loop {
            let indexes = issue_store::rejected(connection, id, after, PAGE)?;
            let Some(last) = indexes.last() else { return Ok(()) };
            after = *last as i64;
            let mut lines = Vec::new();
            for same in indexes.chunk_by(|a, b| chunk_of(&places, *a) == chunk_of(&places, *b)) {
                let at = chunk_of(&places, same[0]);
                if open.as_ref().is_none_or(|(number, _)| *number != at) {
                    open = Some((at, chunk_store::load(connection, id, &places[at])?));
                }
                if let Some((_, chunk)) = &open {
                    chunk
                        .frames()
                        .filter(|frame| same.binary_search(&frame.index).is_ok())
                        .for_each(|frame| push_line(&mut lines, frame.bytes));
                }
            }
            if send(lines).is_none() {
                return Ok(());
            }
        }
    })
}

fn chunk_of(places: &[crate::submission::prepare::ChunkRef], index: u64) -> usize {
    places.partition_point(|place| place.first_index <= index).saturating_sub(1)
}

/// An element of a JSON array may hold line ends, which mean nothing between its tokens and cannot stand within its
/// strings.
fn push_line(lines: &mut Vec<u8>, record: &[u8]) {
    lines.extend(record.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
    lines.push(b'\n');
}

/// Progress until the work is done.
pub fn stream_events(state: &web::Data<State>, id: Uuid) -> HttpResponse {
    let state = state.clone();
    let look = move |id: Uuid| {
        let state = state.clone();
        async move { state.database("events", move |connection| Ok(row::find(connection, id)?)).await }
    };
    let events =
        futures_util::stream::unfold((look, None::<String>, false), move |(look, mut shown, ended)| async move {
            if ended {
                return None;
            }
            loop {
                let found = match look(id).await {
                    Ok(Some(found)) => found,
                    Ok(None) => return None,
                    Err(error) => return Some((Err(error), (look, shown, true))),
                };
                let summary = summary(&found).to_string();
                if shown.as_ref() != Some(&summary) {
                    let done = found.completed_at.is_some();
                    let event = format!("event: {}\ndata: {summary}\n\n", if done { "done" } else { "progress" });
                    return Some((Ok::<Bytes, Error>(Bytes::from(event)), (look, Some(summary), done)));
                }
                tokio::time::sleep(Duration::from_millis(250)).await;
                shown = Some(summary);
            }
        });
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, "text/event-stream")).insert_header(("Cache-Control", "no-store"));
    response.streaming(Box::pin(events))
}
