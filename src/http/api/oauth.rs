//! Tokens for clients: RFC 6749 (client credentials), RFC 7517 (keys), RFC 8414 (metadata).

use crate::access::clients::Client;
use crate::access::proof::Proof;
use crate::access::{SENSITIVE_READ, clients};
use crate::error::{BAD_REQUEST, Error, REQUEST_TIMEOUT, Result, TOO_LARGE};
use crate::http::openapi::members;
use crate::http::state::State;
use crate::http::tenants::Tenants;
use crate::model::messages::message;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::PgConnection;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;
use uuid::Uuid;

/// Largest form.
const FORM: usize = 16 * 1024;
/// A form of this size is sent at once.
const FORM_TIMEOUT: Duration = Duration::from_secs(10);

/// A fault as RFC 6749 section 5.2 tells it: these answers are the protocol's own, not problem documents.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    code: &'static str,
    description: &'static str,
}

const fn fault(code: &'static str, description: &'static str) -> Fault {
    Fault { code, description }
}

const INVALID_CLIENT: Fault =
    fault("invalid_client", "The client id or its secret is wrong, or the client was revoked.");
const TWICE: Fault = fault("invalid_request", "A parameter stands twice, or the client is named in two ways.");

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
pub struct TokenReport {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// How it is sent.
    token_type: TokenType,
    /// Seconds that it lives; ask for the next one before.
    expires_in: i64,
    /// What was granted.
    scope: String,
}

/// How tokens are sent.
#[derive(Debug, Serialize, ToSchema)]
pub enum TokenType {
    /// As `Authorization: Bearer …` (RFC 6750).
    Bearer,
}

/// A fault of the token request (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenFault {
    #[schema(schema_with = members::token_faults)]
    error: &'static str,
    /// What to do.
    error_description: &'static str,
}

/// Metadata of the authorization server (RFC 8414).
#[derive(Debug, Serialize, ToSchema)]
pub struct ServerMetadata {
    /// The gateway's address.
    #[schema(format = "uri-reference")]
    issuer: String,
    /// Where tokens come from.
    #[schema(format = "uri-reference")]
    token_endpoint: String,
    /// Where the keys are.
    #[schema(format = "uri-reference")]
    jwks_uri: String,
    /// None: there is no authorization endpoint.
    response_types_supported: Vec<String>,
    /// Always client credentials.
    grant_types_supported: Vec<&'static str>,
    /// HTTP Basic, and form fields.
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Scopes that there are.
    scopes_supported: Vec<&'static str>,
    /// The documentation.
    #[schema(format = "uri-reference")]
    service_documentation: String,
}

impl ServerMetadata {
    /// That of the gateway at this address.
    pub fn of(address: &str) -> Self {
        Self {
            issuer: address.to_owned(),
            token_endpoint: format!("{address}/oauth/token"),
            jwks_uri: format!("{address}/.well-known/jwks.json"),
            response_types_supported: Vec::new(),
            grant_types_supported: vec!["client_credentials"],
            token_endpoint_auth_methods_supported: vec!["client_secret_basic", "client_secret_post"],
            scopes_supported: vec![SENSITIVE_READ],
            service_documentation: format!("{address}/docs"),
        }
    }
}

/// Why no token is given.
enum Refusal {
    Protocol(Fault),
    Problem(Error),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal::Protocol(fault)
    }
}
impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Problem(error)
    }
}

/// `POST /oauth/token`.
///
/// # Errors
/// A 408, 413, 429 or 503; the faults of the protocol are answers.
pub async fn token(tenants: web::Data<Tenants>, request: HttpRequest, payload: web::Payload) -> Result<HttpResponse> {
    let body = body(payload).await?;
    match grant(&tenants, &request, &body).await {
        Ok(answer) => Ok(answer),
        Err(Refusal::Protocol(fault)) => Ok(refuse(&fault, request.headers().contains_key(AUTHORIZATION))),
        Err(Refusal::Problem(error)) => Err(error),
    }
}

/// The body of a form, which is small and sent at once.
///
/// # Errors
/// A 400, 408 or 413.
pub(in crate::http) async fn body(payload: web::Payload) -> Result<Bytes> {
    match tokio::time::timeout(FORM_TIMEOUT, payload.to_bytes_limited(FORM)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(_))) => Err(Error::new(BAD_REQUEST, message("body-unreadable"))),
        Ok(Err(_)) => Err(Error::new(TOO_LARGE, message("token-request-too-long").with("most", FORM))),
        Err(_) => {
            let seconds = FORM_TIMEOUT.as_secs();
            let detail = message("body-too-slow").with("seconds", seconds);
            Err(Error::new(REQUEST_TIMEOUT, detail))
        }
    }
}

async fn grant(tenants: &Tenants, request: &HttpRequest, body: &[u8]) -> std::result::Result<HttpResponse, Refusal> {
    let form = form(body)?;
    match form.get("grant_type").map(String::as_str) {
        Some("client_credentials") => {}
        Some(_) => return Err(fault("unsupported_grant_type", "The grant type taken is client_credentials.").into()),
        None => return Err(fault("invalid_request", "The form needs grant_type=client_credentials.").into()),
    }
    let (id, secret) = credentials(request, &form)?;
    // What is no UUID is nobody's id.
    let id = Uuid::parse_str(&id).map_err(|_| INVALID_CLIENT)?;
    let state = &tenants.of_client(id).await;
    let client = proven(state, id, secret).await?.ok_or(INVALID_CLIENT)?;
    let scope = scope(&client, form.get("scope").map(String::as_str))?;
    let token = state.access.issue(id, &scope)?;
    let lifetime = state.access.settings.token_lifetime.num_seconds();
    Ok(uncached(StatusCode::OK).json(TokenReport {
        access_token: token,
        token_type: TokenType::Bearer,
        expires_in: lifetime,
        scope,
    }))
}

/// The client, if the secret is its own; takes one token from its budget, or counts a wrong secret.
///
/// # Errors
/// A 429 when too many secrets or tokens were asked for, a 503 when too many wait to be hashed.
pub(in crate::http) async fn proven(state: &web::Data<State>, id: Uuid, secret: String) -> Result<Option<Arc<Client>>> {
    let client = match authenticate(state, id, secret.clone()).await? {
        Some(client) => client,
        // Made or given another secret a moment ago by another process, it is not known here yet.
        None if state.access.settle_client(id).await => match authenticate(state, id, secret).await? {
            Some(client) => client,
            None => return Ok(None),
        },
        None => {
            state.access.count_wrong_secret(id)?;
            return Ok(None);
        }
    };
    state.access.take_token(id)?;
    Ok(Some(client))
}

async fn authenticate(state: &web::Data<State>, id: Uuid, secret: String) -> Result<Option<Arc<Client>>> {
    match state.access.prove(id, &secret) {
        Proof::Right(client) => Ok(Some(client)),
        Proof::Wrong => Ok(None),
        Proof::Unproven(client) => prove_slowly(state, client, secret).await,
    }
}

/// Secrets are hashed in a thread where that may block, on half of the cores at most and one of each client: a flood of
/// them waits behind itself.
async fn prove_slowly(state: &web::Data<State>, client: Arc<Client>, secret: String) -> Result<Option<Arc<Client>>> {
    let permit = state.admit_hashing(client.id).await?;
    let (asked, tried) = (client.clone(), secret.clone());
    let hashed = move || {
        let _permit = permit;
        asked.has_secret(&tried)
    };
    if !web::block(hashed).await.map_err(Error::internal)? {
        return Ok(None);
    }
    let (access, proven) = (state.access.clone(), client.clone());
    let keep = move |connection: &mut PgConnection| {
        clients::keep_digest(connection, &proven, &secret)?;
        access.refresh(connection)
    };
    if let Err(error) = state.write(client.id, "clients", keep).await {
        tracing::warn!(%error, "the digest of a secret was not kept; it is proven again the next time");
    }
    Ok(Some(client))
}

fn form(body: &[u8]) -> std::result::Result<HashMap<String, String>, Fault> {
    let broken = fault("invalid_request", "The body is not a form (application/x-www-form-urlencoded).");
    let Ok(text) = std::str::from_utf8(body) else { return Err(broken) };
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map_err(|_| broken)?.into_inner();
    let count = pairs.len();
    let form: HashMap<_, _> = pairs.into_iter().collect();
    if form.len() == count { Ok(form) } else { Err(TWICE) }
}

/// The client id and secret, by HTTP Basic or by form fields, not both.
fn credentials(request: &HttpRequest, form: &HashMap<String, String>) -> std::result::Result<(String, String), Fault> {
    let (id, secret) = (form.get("client_id"), form.get("client_secret"));
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        let missing =
            fault("invalid_client", "Name the client by HTTP Basic, or by client_id and client_secret in the form.");
        return id.cloned().zip(secret.cloned()).ok_or(missing);
    };
    let basic = header.to_str().ok().and_then(basic).ok_or(INVALID_CLIENT)?;
    if secret.is_some() || id.is_some_and(|id| *id != basic.0) {
        return Err(TWICE);
    }
    Ok(basic)
}

/// `Basic base64(id:secret)`, both form-encoded first (RFC 6749 section 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
    Some((decoded(id)?, decoded(secret)?))
}

/// The scope asked for, if the client may have it; without one, all that it may have.
fn scope(client: &Client, asked: Option<&str>) -> std::result::Result<String, Fault> {
    let Some(asked) = asked.filter(|asked| !asked.trim().is_empty()) else { return Ok(client.scopes.join(" ")) };
    let mut scopes: Vec<&str> = asked.split_ascii_whitespace().collect();
    scopes.dedup();
    match scopes.iter().all(|scope| client.scopes.iter().any(|granted| granted == scope)) {
        true => Ok(scopes.join(" ")),
        false => Err(fault("invalid_scope", "The client was not granted a scope that it asks for.")),
    }
}

fn uncached(status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"));
    response
}

fn refuse(fault: &Fault, by_header: bool) -> HttpResponse {
    let status = if fault.code == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let mut response = uncached(status);
    if status == StatusCode::UNAUTHORIZED {
        let challenge = if by_header {
            "Basic realm=\"school-gateway\", error=\"invalid_client\""
        } else {
            "Basic realm=\"school-gateway\""
        };
        response.insert_header((WWW_AUTHENTICATE, challenge));
    }
    response.json(TokenFault { error: fault.code, error_description: fault.description })
}

/// `GET /.well-known/jwks.json`.
pub async fn keys(tenants: web::Data<Tenants>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=60")).json(tenants.public_keys())
}

/// `GET /.well-known/oauth-authorization-server`.
pub async fn metadata(state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok().json(ServerMetadata::of(&state.address))
}
