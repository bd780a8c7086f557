//! Who looks at a page: from the session in the cookie to the client behind it; and which forms are a page's own.

use crate::access::proof::Stranger;
use crate::access::sessions::{self, Session, SessionToken};
use crate::error::{BAD_REQUEST, Error, FORBIDDEN, Result, UNAUTHENTICATED};
use crate::http::api::oauth;
use crate::http::console::cookies::{self, SESSION};
use crate::http::console::words::Words;
use crate::http::request::caller::Caller;
use crate::http::request::parameters::{Pairs, pairs};
use crate::http::state::State;
use crate::model::messages::message;
use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use sha2::{Digest, Sha256};

/// Name of the member by which a form shows that it is a page's own.
pub const FORM_TOKEN: &str = "form";
/// Shorter ones nobody has handed out.
pub const SHORTEST_SEED: usize = 40;

/// Who signed in. A handler that takes one needs an open session, and has taken one request from the client's budget.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The client whose id and secret opened the session.
    pub caller: Caller,
    /// The language of pages.
    pub words: Words,
    /// The session.
    pub token: SessionToken,
}

impl SignedIn {
    /// What the forms of this session are signed with.
    pub fn form_token(&self) -> String {
        form_token(&self.token.reveal())
    }

    /// Who asks, by the session that the request brings.
    ///
    /// # Errors
    /// A 401 without an open session, a 429 when too many others were tried, a 503 when that cannot be told.
    pub async fn of(request: &HttpRequest, state: &web::Data<State>) -> Result<Self> {
        let brought = cookies::read(request.headers(), SESSION).and_then(SessionToken::parse);
        let token = brought.ok_or_else(signed_out)?;
        let session = open_session(state, &token).await?;
        let identity = match state.access.identify_session(&session) {
            Err(Stranger::Unknown(_)) => {
                state.access.settle().await;
                state.access.identify_session(&session)
            }
            told => told,
        };
        let caller = Caller::of(request, state, identity?)?;
        if session.is_to_be_noted() {
            note(state, &token).await;
        }
        Ok(Self { words: Words(caller.language), caller, token })
    }
}

fn signed_out() -> Error {
    Error::new(UNAUTHENTICATED, message("sign-in-needed"))
}

/// Invented sessions cost no look into the database unless they name a client that there is; then they count as wrong
/// secrets do.
async fn open_session(state: &web::Data<State>, token: &SessionToken) -> Result<Session> {
    let client = token.client();
    if !state.access.knows(client) {
        // Made a moment ago by another process, it is not known here yet.
        state.access.settle().await;
    }
    if !state.access.knows(client) {
        return Err(signed_out());
    }
    let (asked, idle) = (token.clone(), TimeDelta::minutes(state.config.console_idle_minutes.into()));
    let found = state.read(client, "session", move |connection| sessions::find(connection, &asked, idle)).await?;
    if found.is_none() {
        state.access.count_wrong_secret(client)?;
    }
    found.ok_or_else(signed_out)
}

/// A page is shown all the same where it cannot be noted that it was asked for.
async fn note(state: &web::Data<State>, token: &SessionToken) {
    let (client, used) = (token.client(), token.clone());
    if let Err(error) = state.write(client, "session", move |connection| sessions::note(connection, &used)).await {
        tracing::debug!(%error, "the use of a session was not noted");
    }
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { Self::of(&request, &state_of(&request)?).await }.boxed_local()
    }
}

fn state_of(request: &HttpRequest) -> Result<web::Data<State>> {
    request.app_data::<web::Data<State>>().cloned().ok_or_else(|| Error::internal("the server has no state"))
}

/// A form of a page of the session that it comes with.
pub struct OwnForm {
    /// Who sends it.
    pub person: SignedIn,
}

impl FromRequest for OwnForm {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        let read = async move {
            let person = SignedIn::of(&request, &state_of(&request)?).await?;
            let fields = fields(payload.await.map_err(Error::internal)?).await?;
            is_own(request.headers(), &[SESSION], value(&fields, FORM_TOKEN))?;
            Ok(Self { person })
        };
        read.boxed_local()
    }
}

/// The members of a form without a file.
///
/// # Errors
/// A 400, 408 or 413 for what is none.
pub async fn fields(payload: web::Payload) -> Result<Pairs> {
    let body = oauth::body(payload).await?;
    let text = std::str::from_utf8(&body).map_err(|_| Error::new(BAD_REQUEST, message("body-unreadable")))?;
    pairs(text)
}

/// The member of this name; empty: there is none.
pub fn value<'p>(fields: &'p Pairs, name: &str) -> &'p str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// Lets a form pass that a page of this gateway's sent: the browser says so where it tells, and the form is signed with
/// one of these cookies, which no other site knows.
///
/// # Errors
/// A 403.
pub fn is_own(headers: &HeaderMap, signed_with: &[&str], given: &str) -> Result<()> {
    let from_here = headers.get("Sec-Fetch-Site").is_none_or(|site| site == "same-origin" || site == "none");
    let seeds = signed_with.iter().filter_map(|name| cookies::read(headers, name));
    let is_signed =
        seeds.filter(|seed| seed.len() >= SHORTEST_SEED).any(|seed| digest(&form_token(seed)) == digest(given));
    if from_here && is_signed { Ok(()) } else { Err(Error::new(FORBIDDEN, message("form-of-another-page"))) }
}

/// What a form is signed with, made of a cookie.
pub fn form_token(seed: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&format!("school-gateway form {seed}")))
}

/// Digests are compared: the time that it takes tells nothing about what was expected.
fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::console::cookies::VISIT;
    use actix_web::test::TestRequest;

    #[test]
    fn only_a_form_signed_with_the_named_cookie_is_ones_own() {
        let seed = "s".repeat(SHORTEST_SEED);
        let asked = |cookie: &str, site: &str| {
            let request = TestRequest::default().insert_header(("cookie", cookie));
            if site.is_empty() { request } else { request.insert_header(("sec-fetch-site", site)) }.to_http_request()
        };
        let own = format!("{SESSION}={seed}");
        let passes = |cookie: &str, site: &str, names: &[&str], given: &str| {
            is_own(asked(cookie, site).headers(), names, given).is_ok()
        };
        assert!(passes(&own, "", &[SESSION], &form_token(&seed)));
        assert!(passes(&own, "same-origin", &[VISIT, SESSION], &form_token(&seed)));
        assert!(!passes(&own, "cross-site", &[SESSION], &form_token(&seed)), "another site");
        assert!(!passes(&own, "same-site", &[SESSION], &form_token(&seed)), "a neighbour");
        assert!(!passes(&own, "", &[VISIT], &form_token(&seed)), "another cookie");
        assert!(!passes(&own, "", &[SESSION], "") && !passes("", "", &[SESSION], &form_token("")), "none");
        assert!(!passes(&format!("{SESSION}=short"), "", &[SESSION], &form_token("short")), "planted");
    }
}
