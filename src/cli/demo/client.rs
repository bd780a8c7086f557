//! A client over HTTP, as a vendor would write one: a token by client credentials, JSON in and out.

use std::time::Duration;

use diesel::PgConnection;
use reqwest::{
    Method, RequestBuilder, Response,
    header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE},
};
use serde_json::Value;

use crate::access::audit::Actor;
use crate::access::clients::NewClient;
use crate::access::{Area, ClientKind, clients};
use crate::error::{Error, INTERNAL, Result};
use crate::store::outbound;

/// A submission is asked after so often.
const POLL: Duration = Duration::from_millis(100);

/// What a client proves itself with.
pub struct IssuedCredentials {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

/// Makes a client; without schools, for all of them.
pub fn make(
    connection: &mut PgConnection,
    name: &str,
    kind: ClientKind,
    schools: Option<Vec<String>>,
) -> Result<IssuedCredentials> {
    let area = Area::of(schools.is_none(), schools.unwrap_or_default(), [])?;
    let (client, secret) =
        clients::create(connection, &Actor::default(), &NewClient::new(name, kind, area, Vec::new())?)?;
    Ok(IssuedCredentials { id: client.id.to_string(), secret })
}

/// A client with its token.
pub struct DemoClient {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// An error that says what could not be done, and why.
pub fn failed(what: impl std::fmt::Display) -> Error {
    Error::for_operator(INTERNAL, what.to_string())
}

impl DemoClient {
    /// Asks for a token.
    pub async fn with_token(url: &str, credentials: &IssuedCredentials) -> Result<Self> {
        let http = outbound::builder(url).no_proxy().build().map_err(failed)?;
        let request = http.post(format!("{url}/oauth/token")).basic_auth(&credentials.id, Some(&credentials.secret));
        let request =
            request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body("grant_type=client_credentials");
        let answer = json(request.send().await.map_err(failed)?).await?;
        let token =
            answer["access_token"].as_str().ok_or_else(|| failed(format!("The gateway gave no token: {answer}")))?;
        Ok(Self { http, url: url.to_owned(), token: token.to_owned() })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    /// GET with parameters: the answer's JSON.
    pub async fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Value> {
        let response = self.request(Method::GET, &with(path, parameters)).send().await.map_err(failed)?;
        json(response).await
    }

    /// A whole list as NDJSON: its lines and bytes. It is counted as it comes, never held.
    pub async fn count_lines(&self, path: &str, parameters: &[(&str, &str)]) -> Result<(u64, u64)> {
        let request = self.request(Method::GET, &with(path, parameters)).header(ACCEPT, "application/x-ndjson");
        let mut response = request.send().await.and_then(Response::error_for_status).map_err(failed)?;
        let (mut lines, mut bytes) = (0, 0);
        while let Some(part) = response.chunk().await.map_err(failed)? {
            lines += part.iter().filter(|byte| **byte == b'\n').count() as u64;
            bytes += part.len() as u64;
        }
        Ok((lines, bytes))
    }

    /// Sends compressed NDJSON, follows the work and returns the report.
    pub async fn submit(&self, gzip: Vec<u8>, progress: impl Fn(u64)) -> Result<Value> {
        let request = self.request(Method::POST, "/v1/submissions").header(CONTENT_TYPE, "application/x-ndjson");
        let request = request.header(CONTENT_ENCODING, "gzip").header("prefer", "respond-async").body(gzip);
        let mut report = json(request.send().await.map_err(failed)?).await?;
        let path = format!("/v1/submissions/{}", report["id"].as_str().unwrap_or_default());
        while !["completed", "failed"].map(Value::from).contains(&report["status"]) {
            tokio::time::sleep(POLL).await;
            report = self.get(&path, &[]).await?;
            progress(report["progress"]["processed"].as_u64().unwrap_or_default());
        }
        Ok(report)
    }

    /// Sends one record and waits: status and answer.
    pub async fn submit_one(&self, record: &Value, language: &str) -> Result<(u16, Value)> {
        let request = self.request(Method::POST, "/v1/submissions").header(CONTENT_TYPE, "application/x-ndjson");
        let response =
            request.header(ACCEPT_LANGUAGE, language).body(record.to_string()).send().await.map_err(failed)?;
        Ok((response.status().as_u16(), response.json().await.map_err(failed)?))
    }
}

/// The path with its parameters, encoded.
fn with(path: &str, parameters: &[(&str, &str)]) -> String {
    let encoded =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// The JSON of a good answer; what the gateway says of a bad one.
async fn json(response: Response) -> Result<Value> {
    let (status, url) = (response.status(), response.url().path().to_owned());
    let body: Value = response.json().await.map_err(failed)?;
    if status.is_success() {
        Ok(body)
    } else {
        Err(failed(format!("{url} answered {status}: {}", body["detail"].as_str().unwrap_or(""))))
    }
}
