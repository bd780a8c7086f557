//! Requests to the gateway: a token, renewed when it has run out; repetition of what may do better next time.

use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use reqwest::{
    Client, RequestBuilder, Response, StatusCode, Url,
    header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, LOCATION},
    redirect::Policy,
};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::cli::push::patience::{Patience, broken, retry_after};
use crate::cli::push::{PushArguments, PushFailure, PushResult};
use crate::config::Secret;
use crate::model::issue::Language;
use crate::model::messages::{Message, message};
use crate::store::outbound;

/// A short answer takes no longer.
const ANSWER: Duration = Duration::from_secs(60);
/// A list that streams takes no longer.
const STREAM: Duration = Duration::from_secs(3_600);

/// Who sends.
pub struct Credentials {
    /// The client's id.
    pub id: String,
    /// Its secret.
    pub secret: Secret,
}

/// A gateway, as one client sees it.
pub struct GatewayClient {
    pub(super) url: String,
    pub(super) retries: u32,
    pub(super) credentials: Credentials,
    http: Client,
    pub(super) language: Language,
    token: Mutex<Option<Token>>,
}

/// A token, and when the next one is asked for.
struct Token {
    text: String,
    good_until: Instant,
}

/// What an answer means for the one who asked.
pub enum Meaning {
    /// Take it.
    Answer(Response),
    /// Ask again, as soon as the answer says, for this reason.
    Again(Option<u64>, Message),
}

impl GatewayClient {
    /// At this address.
    pub fn new(url: &str, credentials: Credentials, arguments: &PushArguments) -> PushResult<Self> {
        let language = arguments.output.labels().0;
        let wrong = || PushFailure::Usage(message("push-no-address").with("url", url));
        let address = Url::parse(url).ok().filter(|url| ["http", "https"].contains(&url.scheme())).ok_or_else(wrong)?;
        let near = is_near(&address);
        if address.scheme() == "http" && !near {
            eprintln!("{}", message("push-not-encrypted").with("url", url).in_language(language));
        }
        // A redirected POST would arrive as a GET without its body: the address is told instead.
        let builder = outbound::builder(url).redirect(Policy::none());
        let builder = if near { builder.no_proxy() } else { builder };
        let http = builder.build().map_err(|_| PushFailure::Gateway(message("push-no-connections")))?;
        Ok(Self {
            url: url.to_owned(),
            retries: arguments.retries,
            credentials,
            http,
            language,
            token: Mutex::default(),
        })
    }

    /// Asks until there is an answer that says something; `what` is told when it is given up.
    async fn ask(&self, what: Message, request: impl Fn(&Client) -> RequestBuilder) -> PushResult<Response> {
        let mut patience = self.patience(what);
        loop {
            match self.once(&request).await? {
                Meaning::Answer(response) => return Ok(response),
                Meaning::Again(asked, why) => patience.wait(asked, &why).await?,
            }
        }
    }

    /// Repetitions of one thing.
    pub fn patience(&self, what: Message) -> Patience {
        Patience::new(self.retries, what, self.language)
    }

    /// Asks once, with a token; a second time with a new one when that is no longer taken.
    pub async fn once(&self, request: impl Fn(&Client) -> RequestBuilder) -> PushResult<Meaning> {
        let send = async |token: String| {
            request(&self.http).bearer_auth(token).header(ACCEPT_LANGUAGE, self.language.tag()).send().await
        };
        let is_refused = |sent: &reqwest::Result<Response>| {
            sent.as_ref().is_ok_and(|answer| answer.status() == StatusCode::UNAUTHORIZED)
        };
        let mut answer = send(self.token(false).await?).await;
        if is_refused(&answer) {
            answer = send(self.token(true).await?).await;
        }
        match is_refused(&answer) {
            true => Ok(Meaning::Again(None, message("push-token-not-taken"))),
            false => Ok(meaning(answer)),
        }
    }

    /// GET of a path.
    pub async fn get(&self, what: Message, path: &str) -> PushResult<Response> {
        self.ask(what, |http| http.get(format!("{}{path}", self.url)).timeout(ANSWER)).await
    }

    /// GET of a list of lines, however long.
    pub async fn lines(&self, what: Message, path: &str) -> PushResult<Response> {
        self.streamed(what, path, "application/x-ndjson").await
    }

    /// GET of what may be long, in this form.
    pub async fn streamed(&self, what: Message, path: &str, media: &'static str) -> PushResult<Response> {
        let request = |http: &Client| http.get(format!("{}{path}", self.url)).header(ACCEPT, media).timeout(STREAM);
        let response = self.ask(what, request).await?;
        if response.status().is_success() { Ok(response) } else { Err(refusal(response).await) }
    }

    /// The token in use, or a new one.
    async fn token(&self, anew: bool) -> PushResult<String> {
        let mut token = self.token.lock().await;
        match token.as_ref().filter(|token| !anew && Instant::now() < token.good_until) {
            Some(token) => Ok(token.text.clone()),
            None => Ok(token.insert(self.new_token().await?).text.clone()),
        }
    }

    async fn new_token(&self) -> PushResult<Token> {
        let mut patience = self.patience(message("push-asking-token"));
        loop {
            let request = self.http.post(format!("{}/oauth/token", self.url)).timeout(ANSWER);
            let request =
                request.basic_auth(encoded(&self.credentials.id), Some(encoded(self.credentials.secret.reveal())));
            let request =
                request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body("grant_type=client_credentials");
            let response = match meaning(request.send().await) {
                Meaning::Again(asked, why) => {
                    patience.wait(asked, &why).await?;
                    continue;
                }
                Meaning::Answer(response) => response,
            };
            let status = response.status();
            let elsewhere = response.headers().get(LOCATION).and_then(|place| place.to_str().ok()).map(str::to_owned);
            let answer: Value = response.json().await.unwrap_or_default();
            return match (status, answer["access_token"].as_str()) {
                (StatusCode::OK, Some(token)) => {
                    // The next one before this one has run out: a fifth of its life is left.
                    let life = Duration::from_secs(answer["expires_in"].as_u64().unwrap_or_default());
                    Ok(Token { text: token.to_owned(), good_until: Instant::now() + life * 4 / 5 })
                }
                (StatusCode::UNAUTHORIZED, _) => Err(PushFailure::Gateway(
                    message("push-client-unknown").with("client", &self.credentials.id).with("url", &self.url),
                )),
                _ => {
                    let instead = elsewhere.map(|place| message("push-instead").with("place", place));
                    let (url, status) = (&self.url, status.as_u16());
                    Err(PushFailure::Gateway(
                        message("push-no-token").with("url", url).with("status", status).maybe("instead", instead),
                    ))
                }
            };
        }
    }
}

/// RFC 6749 section 2.3.1: form-encoded before they are joined.
fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn is_near(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn meaning(sent: reqwest::Result<Response>) -> Meaning {
    let response = match sent {
        Ok(response) => response,
        Err(error) => return Meaning::Again(None, broken(&error)),
    };
    match response.status().as_u16() {
        status @ (408 | 429 | 500 | 502..=504) => {
            let busy = match status {
                429 => message("push-slower").with("status", status),
                _ => message("push-not-ready").with("status", status),
            };
            Meaning::Again(retry_after(&response), busy)
        }
        _ => Meaning::Answer(response),
    }
}

/// What the gateway says against a request, and what to do.
pub async fn refusal(response: Response) -> PushFailure {
    let status = response.status();
    let problem: Value = response.json().await.unwrap_or_default();
    // The gateway was asked to speak the reader's language.
    let detail = problem["detail"].as_str().or_else(|| problem["title"].as_str());
    let why =
        detail.map_or_else(|| message("push-why-unsaid"), |detail| message("push-gateway-says").with("detail", detail));
    let advice = match status.as_u16() {
        401 | 403 => Some(message("push-may-not")),
        404 => Some(message("push-perhaps-elsewhere")),
        413 => Some(message("push-split")),
        415 => Some(message("push-other-form")),
        _ => None,
    };
    let status = status.as_u16();
    PushFailure::Gateway(message("push-refusal").with("status", status).with("why", why).maybe("advice", advice))
}
