//! `/v1/submissions`: many records in one request, and their reports.

use crate::access::Permission;
use crate::config::Config;
use crate::error;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::http::api::report;
use crate::http::export::annotated_workbook;
use crate::http::export::workbook::MEDIA_TYPE;
use crate::http::pace::Pace;
use crate::http::permits::StreamPermit;
use crate::http::request::caller::Caller;
use crate::http::request::headers::preferences;
use crate::http::request::media::media_type;
use crate::http::request::negotiation::{CSV, JSON, NDJSON, spoken};
use crate::http::request::parameters::Parameters;
use crate::http::request::submission_headers::{choice, encoding, idempotency_key};
use crate::http::request::{replacement, sheet_parameters};
use crate::http::state::State;
use crate::intake::encoding::Encoding;
use crate::intake::json::split::Form;
use crate::merge::batch::OnMissing;
use crate::model;
use crate::model::excerpt::clip;
use crate::model::messages::message;
use crate::submission::claim::{self, Claim};
use crate::submission::lease::HeldLease;
use crate::submission::receive::{self, BodyFormat, Parts, Received};
use crate::submission::row;
use crate::submission::row::{Submission, SubmissionOptions};
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, LOCATION, RETRY_AFTER};
use actix_web::web::{self, Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::{Stream, StreamExt};
use serde::Deserialize;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

pub use crate::intake::sniff::LEGACY_WORKBOOK;

/// Parts of a body that wait until they are taken in.
const PARTS: usize = 16;
/// How often a waiting request looks whether another gateway has done its work.
const LOOK: Duration = Duration::from_secs(2);

/// The parameters of a submission.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmissionParameters {
    mode: Option<String>,
    pub(crate) atomicity: Option<String>,
    on_missing_reference: Option<String>,
    resource: Option<String>,
    pub(crate) replace: Option<String>,
    pub(crate) school_code: Option<String>,
    pub(crate) school_year: Option<String>,
    pub(crate) confirm_removals: Option<String>,
    pub(crate) period: Option<String>,
    pub(crate) subject_code: Option<String>,
    pub(crate) class_code: Option<String>,
    pub(crate) file_name: Option<String>,
}

fn submission_options(
    parameters: &SubmissionParameters,
    headers: &HeaderMap,
    is_sheet: bool,
) -> Result<SubmissionOptions> {
    let replacement = replacement::of_request(parameters, is_sheet)?;
    let reject = choice("onMissingReference", parameters.on_missing_reference.as_deref(), ["park", "reject"])?;
    Ok(SubmissionOptions {
        validate: choice("mode", parameters.mode.as_deref(), ["commit", "validate"])?,
        all: choice("atomicity", parameters.atomicity.as_deref(), ["record", "all"])? || replacement.is_some(),
        on_missing: if reject { OnMissing::Reject } else { OnMissing::Park },
        respond_async: preferences(headers)?.iter().any(|name| name == "respond-async"),
        idempotency_key: idempotency_key(headers)?,
        replacement,
        given: sheet_parameters::of_request(parameters, is_sheet)?,
    })
}

fn body(parameters: &SubmissionParameters, headers: &HeaderMap) -> Result<BodyFormat> {
    let names = || model::all().iter().map(|spec| spec.name).collect::<Vec<_>>().join(", ");
    let resource = parameters.resource.as_deref().map(|name| {
        let unknown = || message("resource-none").with("value", clip(name)).with("known", names());
        model::find(name).ok_or_else(|| Error::new(BAD_REQUEST, unknown()))
    });
    let resource = resource.transpose()?;
    let body = match media_type(headers)?.as_str() {
        NDJSON | "application/ndjson" => BodyFormat::Records(Form::Lines),
        JSON => BodyFormat::Records(Form::Array),
        CSV => BodyFormat::Csv(resource.ok_or_else(|| {
            let detail = message("csv-needs-resource").with("known", names());
            Error::new(BAD_REQUEST, detail)
        })?),
        // Which workbook it is, its first bytes say: senders often do not know.
        MEDIA_TYPE | LEGACY_WORKBOOK | "application/octet-stream" => BodyFormat::Workbook(resource),
        _ => {
            let detail = message("submission-media-types");
            return Err(Error::new(error::UNSUPPORTED_MEDIA_TYPE, detail));
        }
    };
    if matches!(body, BodyFormat::Records(_)) && resource.is_some() {
        return Err(Error::new(BAD_REQUEST, message("resource-of-sheets-only")));
    }
    Ok(body)
}

/// `POST /v1/submissions`.
///
/// # Errors
/// A problem for a request that is no submission at all; faults of records are in the report.
pub async fn create(
    request: HttpRequest,
    state: web::Data<State>,
    caller: Caller,
    parameters: Parameters<SubmissionParameters>,
    payload: Payload,
) -> Result<HttpResponse> {
    let order = Order::of(&caller, &parameters.0, request.headers())?;
    let wants_annotated = order.body.is_sheet() && annotated_workbook::wanted(&request);
    let response = submit(&state, &caller, order, payload).await?;
    let is_done = response.status() != StatusCode::ACCEPTED;
    if wants_annotated && is_done {
        annotated_workbook::instead_of(response, &state, &caller).await
    } else {
        Ok(response)
    }
}

/// What is to become of a body, and what it is.
pub(in crate::http) struct Order {
    options: SubmissionOptions,
    body: BodyFormat,
    encoding: Encoding,
}

impl Order {
    /// As these parameters and headers say.
    ///
    /// # Errors
    /// A 403 for who may write nothing, a 400 or 415 for what is no submission.
    pub fn of(caller: &Caller, parameters: &SubmissionParameters, headers: &HeaderMap) -> Result<Self> {
        caller.may(Permission::WriteRecords)?;
        let (body, encoding) = (body(parameters, headers)?, encoding(headers)?);
        Ok(Self { options: submission_options(parameters, headers, body.is_sheet())?, body, encoding })
    }
}

/// The submission of an answer, left behind for who makes something else of it.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct AnsweredSubmission(pub Uuid);

impl AnsweredSubmission {
    /// Of an answer to a body.
    ///
    /// # Errors
    /// A fault of the service: it is none.
    pub fn of(answer: &HttpResponse) -> Result<Uuid> {
        let own = answer.extensions().get::<Self>().map(|answered| answered.0);
        own.ok_or_else(|| Error::internal("an answer is of no submission"))
    }
}

/// Takes a body in, and answers with its report.
///
/// # Errors
/// A problem for a body that is no submission at all.
pub(in crate::http) async fn submit(
    state: &web::Data<State>,
    caller: &Caller,
    order: Order,
    payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin + 'static,
) -> Result<HttpResponse> {
    let Order { options, body, encoding } = order;
    let upload = Upload::begin(state, caller, encoding).await?;
    let (id, client, words, opened) = (upload.id, caller.client_id, body.word(), options.clone());
    let claimed =
        state.write(client, "submission", move |connection| claim::open(connection, id, client, &opened, &words));
    let claimed = claimed.await?;
    let (sender, receiver) = mpsc::channel(PARTS);
    actix_web::rt::spawn(forward(payload, sender, Patience::of(&state.config)));
    match claimed {
        Claim::Used(used) => replay(state, caller, *used, &options, (body, encoding), receiver).await,
        Claim::Fresh => {
            // On its own, for the request is dropped when the client goes away in the middle: what came of the body is
            // taken in all the same.
            let (state, caller) = (state.clone(), caller.clone());
            let work = async move {
                let received = receive::receive(&state.work, id, body, encoding, receiver).await;
                accept(&state, &caller, upload, &options, received).await
            };
            actix_web::rt::spawn(work).await.map_err(Error::internal)?
        }
    }
}

/// A body on its way in: its places, until it is stored, and its lease.
struct Upload {
    id: Uuid,
    _lease: HeldLease,
    _places: (StreamPermit, Option<StreamPermit>),
}

impl Upload {
    async fn begin(state: &web::Data<State>, caller: &Caller, encoding: Encoding) -> Result<Self> {
        let place = state.uploads.enter(caller.client_id).await?;
        let decoder = match encoding {
            Encoding::Zstd => Some(state.decoders.enter(caller.client_id).await?),
            Encoding::Identity | Encoding::Gzip => None,
        };
        let id = Uuid::now_v7();
        state.on_demand.begin()?;
        Ok(Self { id, _lease: state.work.leases.hold(id), _places: (place, decoder) })
    }
}

/// What is borne of a sender.
struct Patience {
    /// How long it may say nothing.
    idle: Duration,
    pace: Pace,
}

impl Patience {
    fn of(config: &Config) -> Self {
        let pace = Pace::new(config.least_rate, Duration::from_secs(config.stall_seconds));
        Self { idle: Duration::from_secs(config.body_idle_seconds), pace }
    }
}

/// Moves the parts of the body to who takes them in; a broken connection, or one that is quiet or too slow, is told as
/// an `Err`.
async fn forward(
    mut payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
    sender: mpsc::Sender<Result<Bytes, ()>>,
    mut patience: Patience,
) {
    loop {
        let start = Instant::now();
        let part = match tokio::time::timeout(patience.idle, payload.next()).await {
            Ok(None) => return,
            Ok(Some(Ok(part))) if patience.pace.keeps(part.len(), start.elapsed()) => Ok(part),
            Ok(Some(_)) | Err(_) => Err(()),
        };
        let broken = part.is_err();
        if sender.send(part).await.is_err() || broken {
            return;
        }
    }
}

async fn accept(
    state: &web::Data<State>,
    caller: &Caller,
    upload: Upload,
    options: &SubmissionOptions,
    received: Result<Received>,
) -> Result<HttpResponse> {
    let id = upload.id;
    let received = match received {
        Ok(received) => received,
        Err(problem) => {
            state.write(caller.client_id, "submission", move |connection| Ok(claim::forget(connection, id)?)).await?;
            return Err(problem);
        }
    };
    let done = (!options.respond_async).then(|| state.queue.when_done(id));
    let queued = move |connection: &mut diesel::PgConnection| Ok(claim::received(connection, id, &received)?);
    if !state.write(caller.client_id, "submission", queued).await? {
        return Err(receive::lost());
    }
    drop(upload);
    state.queue.call();
    let Some(done) = done else { return answer(state, caller, id, Some(StatusCode::ACCEPTED), false).await };
    let limit = Duration::from_secs(state.config.request_timeout_seconds);
    match tokio::time::timeout(limit, wait(state, caller.client_id, id, done)).await {
        Ok(outcome) => outcome?,
        // The body is kept and the work goes on: an error would make the client send all of it again.
        Err(_) => return answer(state, caller, id, Some(StatusCode::ACCEPTED), false).await,
    }
    answer(state, caller, id, None, false).await
}

/// Waits until the work is done: here, or by another gateway on the same database, which can only be seen there.
async fn wait(state: &web::Data<State>, client: Uuid, id: Uuid, mut done: oneshot::Receiver<()>) -> Result<()> {
    let stopping = || Error::new(error::UNAVAILABLE, message("gateway-stopping")).retry_after(10);
    loop {
        if let Ok(told) = tokio::time::timeout(LOOK, &mut done).await {
            // The sender is dropped only when the gateway stops.
            return told.map_err(|_| stopping());
        }
        let found = state.read(client, "submission", move |connection| Ok(row::find(connection, id)?)).await;
        if found.is_ok_and(|found| found.is_none_or(|found| found.completed_at.is_some())) {
            return Ok(());
        }
    }
}

/// Asks the request for the same as the first one, with the same records, however they are compressed? Of one from before
/// that was kept, the body as sent is compared.
fn is_same(used: &Submission, fingerprint: &str, sha256: &str) -> bool {
    match used.fingerprint.strip_prefix(fingerprint).map(|rest| rest.strip_prefix('|').unwrap_or(rest)) {
        Some("") => used.sha256.as_deref() == Some(sha256),
        Some(kept) => kept == sha256,
        None => false,
    }
}

/// The first answer again, if it is the same body.
async fn replay(
    state: &web::Data<State>,
    caller: &Caller,
    used: Submission,
    asked: &SubmissionOptions,
    (body, encoding): (BodyFormat, Encoding),
    parts: Parts,
) -> Result<HttpResponse> {
    let sha256 = receive::sum(&state.work, encoding, parts).await?;
    if !is_same(&used, &asked.fingerprint(&body.word()), &sha256) {
        let detail = message("idempotency-key-reused");
        return Err(Error::new(error::KEY_REUSED, detail));
    }
    let status = used.options.respond_async.then_some(StatusCode::ACCEPTED);
    answer(state, caller, used.id, status, true).await
}

/// The report, with the status its result has unless another is given.
async fn answer(
    state: &web::Data<State>,
    caller: &Caller,
    id: Uuid,
    status: Option<StatusCode>,
    replayed: bool,
) -> Result<HttpResponse> {
    let viewer = caller.viewer();
    let report = state.read(caller.client_id, "report", move |connection| report::of(connection, id, &viewer)).await?;
    let rejected = report.is_rejected();
    let status = status.unwrap_or(if rejected { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK });
    let mut response = HttpResponse::build(status);
    response.insert_header((LOCATION, format!("/v1/submissions/{id}")));
    if replayed {
        response.insert_header(("Idempotency-Replayed", "true"));
    }
    if status == StatusCode::ACCEPTED {
        response.insert_header((RETRY_AFTER, 1));
    }
    let mut answer = spoken(response.json(report), caller.language);
    answer.extensions_mut().insert(AnsweredSubmission(id));
    Ok(answer)
}
