//! One file on its way: sent until it is stored whole, found again when it was stored already, followed until it is
//! done.

use std::path::Path;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::{
    Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
};
use serde_json::Value;

use crate::cli::push::gateway::{GatewayClient, Meaning, refusal};
use crate::cli::push::parcel::Parcel;
use crate::cli::push::patience::{Patience, cut, retry_after};
use crate::cli::push::{Atomicity, Mode, OnMissing, PushArguments, PushResult, key, word};
use crate::clock;
use crate::intake::sniff::Content;
use crate::model::messages::message;

/// Between looks at the work: soon at first, then less often.
const LOOKS: [u64; 2] = [100, 2_000];
/// A connection that moves nothing for so long is given up.
const IDLE: Duration = Duration::from_secs(180);
/// How often the first one under the same key is waited for, five seconds each.
const HELD: u32 = 60;
/// Own submissions among which one is looked for.
const RECENT: u32 = 50;

/// A report, and whether it is that of an earlier push.
pub struct Done {
    /// The report.
    pub report: Value,
    /// The gateway had it already.
    pub replayed: bool,
}

/// What is asked for one file.
struct Sending<'a> {
    parcel: &'a Parcel,
    query: String,
    key: String,
    mode: Mode,
    atomicity: Atomicity,
    begun: DateTime<Utc>,
}

impl<'a> Sending<'a> {
    fn of(gateway: &GatewayClient, parcel: &'a Parcel, arguments: &PushArguments) -> Self {
        let (mode, atomicity, on_missing) = (arguments.mode, arguments.atomicity, arguments.on_missing_reference);
        let mut query: Vec<String> = Vec::new();
        query.extend((mode != Mode::Commit).then(|| format!("mode={}", word(mode))));
        query.extend((atomicity != Atomicity::Record).then(|| format!("atomicity={}", word(atomicity))));
        query.extend((on_missing != OnMissing::Park).then(|| format!("onMissingReference={}", word(on_missing))));
        let resource = arguments.resource.as_ref().filter(|_| parcel.content == Content::Csv);
        let parameter = |name: &str, value: &str| {
            format!("{name}={}", percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC))
        };
        query.extend(resource.map(|name| parameter("resource", name)));
        if parcel.content.form().is_none() {
            let of_sheets = arguments.of_sheets.parameters(Path::new(&parcel.name));
            query.extend(of_sheets.iter().map(|(name, value)| parameter(name, value)));
        }
        let query = query.join("&");
        let begun = clock::now();
        let once = if arguments.again { begun.to_rfc3339() } else { String::new() };
        let (media, encoding) = (parcel.content.media_type(), parcel.encoding.unwrap_or_default());
        let key = key::of(&[&gateway.url, &gateway.credentials.id, &query, media, encoding, &parcel.sha256, &once]);
        Self { parcel, query, key, mode, atomicity, begun }
    }

    /// Is this submission, in the gateway's list of own ones, what is being sent?
    fn is(&self, known: &Value) -> bool {
        let received = known["receivedAt"].as_str().and_then(|at| at.parse::<DateTime<Utc>>().ok());
        known["sha256"] == self.parcel.sha256.as_str()
            && known["mode"] == word(self.mode).as_str()
            && known["atomicity"] == word(self.atomicity).as_str()
            && known["status"] != "failed"
            && (known["completedAt"].is_null() || received.is_some_and(|at| at >= self.begun))
    }
}

impl GatewayClient {
    /// Sends a file, and follows it unless it shall only be stored.
    pub async fn submit(&self, parcel: &Parcel, arguments: &PushArguments) -> PushResult<Done> {
        let sending = Sending::of(self, parcel, arguments);
        let mut patience = self.patience(message("push-sending"));
        loop {
            let stored = self.store(&sending, &mut patience).await?;
            if arguments.respond_async {
                return Ok(stored);
            }
            let done = Done { report: self.follow(&stored.report).await?, ..stored };
            if done.report["status"] != "failed" {
                return Ok(done);
            }
            patience.wait(None, &message("push-not-whole")).await?;
        }
    }

    /// Sends until the gateway has stored the file: the report so far.
    async fn store(&self, sending: &Sending<'_>, patience: &mut Patience) -> PushResult<Done> {
        let mut held = Patience::new(HELD, message("push-waiting-first"), self.language);
        loop {
            let (asked, why) = match self.upload(sending).await? {
                Meaning::Answer(response) if response.status() == StatusCode::CONFLICT => {
                    if let Some(report) = self.find(sending).await? {
                        return Ok(Done { report, replayed: true });
                    }
                    held.wait(retry_after(&response), &message("push-still-running")).await?;
                    continue;
                }
                Meaning::Answer(response) => return accepted(response).await,
                Meaning::Again(asked, why) => (asked, why),
            };
            patience.wait(asked, &why).await?;
            // The answer may have been lost, not the file.
            if let Some(report) = self.find(sending).await? {
                return Ok(Done { report, replayed: false });
            }
        }
    }

    async fn upload(&self, sending: &Sending<'_>) -> PushResult<Meaning> {
        let parcel = sending.parcel;
        let bar =
            bar(parcel.length, &format!("{} {{wide_bar}} {{bytes}}/{{total_bytes}} {{eta}}", short(&parcel.name)));
        let moved = Arc::new(AtomicU64::new(0));
        let request = |http: &reqwest::Client| {
            let (bar, moved) = (bar.clone(), moved.clone());
            moved.store(0, Ordering::Relaxed);
            bar.set_position(0);
            let body = parcel.body(move |count| {
                bar.inc(count);
                moved.fetch_add(count, Ordering::Relaxed);
            });
            let request = http.post(format!("{}/v1/submissions?{}", self.url, sending.query)).body(body);
            let request =
                request.header(CONTENT_TYPE, parcel.content.media_type()).header(CONTENT_LENGTH, parcel.length);
            let request = request.header("Idempotency-Key", &sending.key).header("Prefer", "respond-async");
            match parcel.encoding {
                Some(encoding) => request.header(CONTENT_ENCODING, encoding),
                None => request,
            }
        };
        let outcome = tokio::select! {
            outcome = self.once(request) => outcome,
            () = stalled(&moved) => Ok(Meaning::Again(None, message("push-stalled"))),
        };
        bar.finish_and_clear();
        outcome
    }

    /// The submission among the client's last ones that is this very file, whole.
    async fn find(&self, sending: &Sending<'_>) -> PushResult<Option<Value>> {
        let response = self.get(message("push-looking"), &format!("/v1/submissions?limit={RECENT}")).await?;
        if !response.status().is_success() {
            return Ok(None);
        }
        let list: Value = response.json().await.unwrap_or_default();
        Ok(list["items"].as_array().into_iter().flatten().find(|known| sending.is(known)).cloned())
    }

    /// Looks at the work until it is done: the report.
    async fn follow(&self, report: &Value) -> PushResult<Value> {
        let path = format!("/v1/submissions/{}", report["id"].as_str().unwrap_or_default());
        let bar = bar(0, "{wide_bar} {human_pos}/{human_len} {eta}");
        let mut pause = LOOKS[0];
        loop {
            let report = body_of(self.get(message("push-following"), &path).await?).await?;
            if !report["completedAt"].is_null() {
                bar.finish_and_clear();
                return Ok(report);
            }
            let count = |name: &str| report["progress"][name].as_u64().unwrap_or_default();
            bar.set_length(count("total"));
            bar.set_position(count("processed"));
            tokio::time::sleep(Duration::from_millis(pause)).await;
            pause = (pause + pause / 4).min(LOOKS[1]);
        }
    }
}

/// What is stored, or why not.
async fn accepted(response: Response) -> PushResult<Done> {
    let replayed = response.headers().get("Idempotency-Replayed").is_some();
    Ok(Done { report: body_of(response).await?, replayed })
}

/// The JSON of a good answer. A broken one is asked for again by whoever pushes again.
pub async fn body_of(response: Response) -> PushResult<Value> {
    if !response.status().is_success() {
        return Err(refusal(response).await);
    }
    response.json().await.map_err(|error| cut(&error))
}

/// Ends when nothing has moved for too long.
async fn stalled(moved: &AtomicU64) {
    let mut before = u64::MAX;
    loop {
        let now = moved.load(Ordering::Relaxed);
        if now == before {
            return;
        }
        before = now;
        tokio::time::sleep(IDLE).await;
    }
}

/// On standard error; nothing where that is no terminal.
fn bar(length: u64, template: &str) -> ProgressBar {
    ProgressBar::new(length)
        .with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The end of a name, without what a template would take for its own.
fn short(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.chars().filter(|letter| !matches!(letter, '{' | '}')).take(30).collect()
}
