//! `GET /v1/submissions/{id}/receipt`: what was received and what became of it, signed. The sender keeps it as evidence
//! of delivery that anyone can verify with the published keys, without this gateway and long after it has forgotten the
//! records.

use crate::clock;
use crate::error::{CONFLICT, Error, Result};
use crate::http::api::submission_reads::visible;
use crate::http::api::submission_report::SubmissionSummary;
use crate::http::request::caller::Caller;
use crate::http::state::State;
use crate::model::messages::message;
use crate::submission::row::Submission;
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web;
use serde_json::{Map, Value, json};

/// The media type: a JSON Web Signature in compact form (RFC 7515, section 9.2.1).
pub const MEDIA_TYPE: &str = "application/jose";
/// `typ` of the signature's head (RFC 8725, section 3.11): no receipt is ever taken for an access token, nor the other
/// way round.
pub const TYPE: &str = "submission-receipt+jwt";
/// What a receipt repeats of the report.
pub const STATED: [&str; 12] = [
    "id",
    "clientId",
    "receivedAt",
    "completedAt",
    "bytes",
    "sha256",
    "mode",
    "atomicity",
    "status",
    "result",
    "counts",
    "byResource",
];

/// The receipt.
///
/// # Errors
/// A 404 for a submission that is not the caller's to see, 409 while the work is not done.
pub async fn read(state: web::Data<State>, caller: Caller, id: web::Path<String>) -> Result<HttpResponse> {
    let found = visible(&state, &caller, &id).await?;
    if found.completed_at.is_none() {
        let detail = message("receipt-too-early");
        return Err(Error::new(CONFLICT, detail).retry_after(5));
    }
    let signed = state.access.sign(TYPE, &statement(&found, &state.access.settings.issuer))?;
    Ok(HttpResponse::Ok().content_type(MEDIA_TYPE).insert_header((CACHE_CONTROL, "no-store")).body(signed))
}

/// Parked records may still find their outcome: the statement speaks of the time at which it is signed (`iat`).
fn statement(submission: &Submission, issuer: &str) -> Value {
    let mut report = json!(SubmissionSummary::of(submission));
    let mut statement = Map::new();
    statement.insert("iss".into(), issuer.into());
    statement.insert("iat".into(), json!(clock::now().timestamp()));
    statement.extend(STATED.iter().map(|name| ((*name).to_owned(), report[*name].take())));
    Value::Object(statement)
}
