//! Who comes in, and what becomes of those who may not: tokens, revocation, clients, limits.

use crate::common::{Client, Gateway, answer, eventually, program, so, within};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, EncodingKey, Validation, decode, decode_header, encode};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::time::Duration;

const FORM: &str = "application/x-www-form-urlencoded";

/// An administrator's token.
async fn admin(gateway: &Gateway) -> String {
    gateway.token_for("admin", &[]).await
}

async fn ask(gateway: &Gateway, form: &str) -> reqwest::Response {
    gateway.request("POST", "/oauth/token", "").header("content-type", FORM).body(form.to_owned()).send().await.unwrap()
}

fn form(client: &Client) -> String {
    format!("grant_type=client_credentials&client_id={}&client_secret={}", client.client_id, client.client_secret)
}

/// Ten times the second within which every gateway is to know what another process has changed.
const SOON: Duration = Duration::from_secs(10);

/// Waits until a request is answered with this status.
async fn answered(gateway: &Gateway, path: &str, token: &str, expected: u16) {
    within(SOON, &format!("{expected}"), async || {
        let (status, body) = gateway.get(path, token).await;
        so(status == expected, format!("{status} {body}"))
    })
    .await;
}

#[tokio::test]
async fn a_token_is_given_by_header_and_by_form() {
    let gateway = Gateway::start();
    let client = gateway.client("sector-staff", &["--all-schools", "--scope", "sensitive.read"]);
    for path in ["/oauth/token", "/oauth/token/"] {
        let basic = gateway.request("POST", path, "").basic_auth(&client.client_id, Some(&client.client_secret));
        let (status, given) = answer(basic.header("content-type", FORM).body("grant_type=client_credentials")).await;
        assert_eq!(
            (status, &given["token_type"], &given["expires_in"], &given["scope"]),
            (200, &json!("Bearer"), &json!(3600), &json!("sensitive.read"))
        );
    }
    let response = ask(&gateway, &form(&client)).await;
    assert_eq!((response.status().as_u16(), response.headers()["cache-control"].to_str().unwrap()), (200, "no-store"));
}

#[tokio::test]
async fn tokens_are_verified_by_the_published_keys() {
    let gateway = Gateway::start();
    let client = gateway.client("consumer", &[]);
    let token = gateway.token(&client).await;
    let (_, metadata) = gateway.get("/.well-known/oauth-authorization-server", "").await;
    assert_eq!(
        (&metadata["issuer"], &metadata["token_endpoint"]),
        (&json!(gateway.url), &json!(format!("{}/oauth/token", gateway.url)))
    );
    let keys: JwkSet = serde_json::from_value(gateway.get("/.well-known/jwks.json", "").await.1).unwrap();
    let header = decode_header(&token).unwrap();
    let key = DecodingKey::from_jwk(keys.find(header.kid.as_deref().unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(header.alg);
    validation.set_audience(&["school-gateway"]);
    validation.set_issuer(&[&gateway.url]);
    let claims = decode::<Value>(&token, &key, &validation).unwrap().claims;
    assert_eq!(claims["sub"], json!(client.client_id));
    assert!(claims["jti"].is_string() && claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() == 3600);
}

#[tokio::test]
async fn faults_of_the_token_endpoint_are_those_of_the_protocol() {
    let gateway = Gateway::start();
    let client = gateway.client("consumer", &[]);
    let named = form(&client);
    let unknown = named.replace(&client.client_id, "01890000-0000-7000-8000-000000000000");
    let cases = [
        (named.replace("client_credentials", "password"), 400, "unsupported_grant_type"),
        ("client_id=x&client_secret=y".into(), 400, "invalid_request"),
        (format!("{named}&grant_type=client_credentials"), 400, "invalid_request"),
        (format!("{named}&scope=everything"), 400, "invalid_scope"),
        (format!("{named}&scope=sensitive.read"), 400, "invalid_scope"),
        (format!("{named}x"), 401, "invalid_client"),
        (unknown, 401, "invalid_client"),
        (named.replace(&client.client_id, "nobody"), 401, "invalid_client"),
        ("grant_type=client_credentials".into(), 401, "invalid_client"),
    ];
    for (form, status, code) in cases {
        let response = ask(&gateway, &form).await;
        assert_eq!(response.status(), status, "{form}");
        assert_eq!(response.headers().contains_key("www-authenticate"), status == 401, "{form}");
        assert_eq!(response.json::<Value>().await.unwrap()["error"], code, "{form}");
    }
    let twice = gateway.request("POST", "/oauth/token", "").basic_auth(&client.client_id, Some(&client.client_secret));
    assert_eq!(answer(twice.header("content-type", FORM).body(named)).await.1["error"], "invalid_request");
}

#[tokio::test]
async fn revoking_bites_within_a_second_by_api_and_command_line() {
    let gateway = Gateway::start();
    let admin = admin(&gateway).await;
    let (first, second) = (gateway.client("admin", &[]), gateway.client("admin", &[]));
    let (first_token, second_token) = (gateway.token(&first).await, gateway.token(&second).await);
    assert_eq!(gateway.get("/v1/clients", &first_token).await.0, 200);
    assert_eq!(gateway.delete(&format!("/v1/clients/{}", first.client_id), &admin).await.0, 204);
    assert_eq!(gateway.get("/v1/clients", &first_token).await.0, 401, "at once in the same process");
    assert_eq!(gateway.delete(&format!("/v1/clients/{}", first.client_id), &admin).await.0, 204, "again");

    let revoked: Value = serde_json::from_str(&gateway.run(&["client", "revoke", &second.client_id])).unwrap();
    assert!(revoked["revokedAt"].is_string());
    answered(&gateway, "/v1/clients", &second_token, 401).await;
    for client in [first, second] {
        assert_eq!(ask(&gateway, &form(&client)).await.status(), 401);
    }
}

#[tokio::test]
async fn a_gateway_beside_learns_of_a_revocation() {
    let gateway = Gateway::start();
    let other = Gateway::on(gateway.database.clone().unwrap(), &[]);
    let (admin, client) = (admin(&gateway).await, gateway.client("admin", &[]));
    let token = gateway.token(&client).await;
    answered(&other, "/v1/clients", &token, 200).await;
    gateway.delete(&format!("/v1/clients/{}", client.client_id), &admin).await;
    answered(&other, "/v1/clients", &token, 401).await;
}

#[tokio::test]
async fn a_new_secret_ends_the_one_before() {
    let gateway = Gateway::start();
    let admin = admin(&gateway).await;
    let client = gateway.client("consumer", &[]);
    assert_eq!(ask(&gateway, &form(&client)).await.status(), 200);
    let by_command: Client = serde_json::from_str(&gateway.run(&["client", "rotate", &client.client_id])).unwrap();
    within(SOON, "a token for the new one", async || {
        let status = ask(&gateway, &form(&by_command)).await.status();
        so(status == 200, status)
    })
    .await;
    assert_eq!(ask(&gateway, &form(&client)).await.status(), 401);
    let rotate = gateway.request("POST", &format!("/v1/clients/{}/secret", client.client_id), &admin);
    let by_api: Client = serde_json::from_value(answer(rotate).await.1).unwrap();
    assert_eq!(ask(&gateway, &form(&by_api)).await.status(), 200);
    assert_eq!(ask(&gateway, &form(&by_command)).await.status(), 401);
}

#[tokio::test]
async fn a_new_key_signs_and_the_old_one_still_verifies() {
    let gateway = Gateway::start();
    let client = gateway.client("admin", &[]);
    let old = gateway.token(&client).await;
    let rotated: Value = serde_json::from_str(&gateway.run(&["keys", "rotate"])).unwrap();
    let new = eventually("a token that the new key signed", async || {
        let token = gateway.token(&client).await;
        let key = json!(decode_header(&token).unwrap().kid);
        if key == rotated["keyId"] { Ok(token) } else { Err(key) }
    })
    .await;
    for token in [old, new] {
        assert_eq!(gateway.get("/v1/clients", &token).await.0, 200);
    }
    assert_eq!(gateway.get("/.well-known/jwks.json", "").await.1["keys"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn administrators_manage_clients_and_grants() {
    let gateway = Gateway::start();
    let admin = admin(&gateway).await;
    let grants = json!({ "schools": ["01000102", "01000101"], "communes": ["00004"] });
    let new = json!({ "name": "Phần mềm A", "kind": "school-software", "grants": grants });
    let response = gateway.request("POST", "/v1/clients", &admin).json(&new).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let made: Value = response.json().await.unwrap();
    let client: Client = serde_json::from_value(made.clone()).unwrap();
    assert_eq!(ask(&gateway, &form(&client)).await.status(), 200, "known at once");

    let (status, read) = gateway.get(&location, &admin).await;
    assert_eq!((status, &read["name"], &read["clientSecret"]), (200, &json!("Phần mềm A"), &Value::Null));
    assert_eq!(
        read["grants"],
        json!({ "allSchools": false, "schools": ["01000101", "01000102"], "communes": ["00004"] })
    );
    let (status, changed) = gateway.put(&format!("{location}/grants"), &admin, &json!({ "allSchools": true })).await;
    assert_eq!((status, changed), (200, json!({ "allSchools": true, "schools": [], "communes": [] })));
    assert_eq!(gateway.get(&format!("{location}/grants"), &admin).await.1["allSchools"], true);

    let actions = gateway.database().column("SELECT action FROM audit_log WHERE client_id IS NOT NULL ORDER BY id");
    assert_eq!(actions, ["client.create", "client.grants"]);
    assert_eq!(gateway.database().value("SELECT count(*) FROM clients WHERE secret_hash NOT LIKE '$argon2id$%'"), "0");
}

#[tokio::test]
async fn clients_are_listed_in_pages() {
    let gateway = Gateway::start();
    let admin = admin(&gateway).await;
    for _ in 0..4 {
        gateway.client("consumer", &[]);
    }
    let (mut seen, mut path) = (Vec::new(), "/v1/clients?limit=2".to_owned());
    loop {
        let (status, page) = gateway.get(&path, &admin).await;
        assert_eq!(status, 200);
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|client| client["clientId"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["nextCursor"].as_str() else { break };
        path = format!("/v1/clients?limit=2&cursor={next}");
    }
    assert_eq!(seen, gateway.database().column("SELECT id FROM clients ORDER BY id"));
    let listed = gateway.run(&["client", "list"]);
    let listed: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(listed.iter().map(|client| client["clientId"].as_str().unwrap()).eq(seen.iter()));
    for wrong in ["limit=0", "limit=1001", "limit=x", "cursor=x", "page=2"] {
        let (status, problem) = gateway.get(&format!("/v1/clients?{wrong}"), &admin).await;
        assert_eq!((status, &problem["code"]), (400, &json!("bad-request")), "{wrong}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_client_is_said() {
    let gateway = Gateway::start();
    let admin = admin(&gateway).await;
    for (body, named) in [
        (json!({ "name": "A", "kind": "teacher" }), "sector-staff"),
        (json!({ "name": "", "kind": "admin" }), "name"),
        (json!({ "name": "A", "kind": "admin", "scopes": ["all"] }), "sensitive.read"),
        (json!({ "name": "A", "kind": "consumer", "grants": { "schools": ["1"] } }), "eight digits"),
        (json!({ "name": "A", "kind": "consumer", "grants": { "communes": ["x"] } }), "five digits"),
        (json!({ "name": "A", "kind": "consumer", "colour": 1 }), "colour"),
        (json!({ "kind": "consumer" }), "name"),
    ] {
        let request = gateway.request("POST", "/v1/clients", &admin).header("accept-language", "en");
        let (status, problem) = answer(request.json(&body)).await;
        assert!(status == 400 && problem["detail"].as_str().unwrap().contains(named), "{body}: {problem}");
    }
    let wrong = program()
        .args(["client", "create", "--name", "A", "--kind", "school", "--database-url", &gateway.database().url])
        .output()
        .unwrap();
    assert!(!wrong.status.success() && wrong.stdout.is_empty());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("public-service"));
    for id in ["01890000-0000-7000-8000-000000000000", "x"] {
        assert_eq!(gateway.get(&format!("/v1/clients/{id}"), &admin).await.0, 404);
        assert_eq!(gateway.delete(&format!("/v1/clients/{id}"), &admin).await.0, 404);
        assert_eq!(answer(gateway.request("POST", &format!("/v1/clients/{id}/secret"), &admin)).await.0, 404);
        assert_eq!(gateway.put(&format!("/v1/clients/{id}/grants"), &admin, &json!({})).await.0, 404);
    }
}

#[tokio::test]
async fn only_administrators_administer() {
    let gateway = Gateway::start();
    for kind in ["school-software", "sector-staff", "public-service", "consumer"] {
        let token = gateway.token_for(kind, &["--all-schools"]).await;
        let (status, problem) = gateway.get("/v1/clients", &token).await;
        assert_eq!((status, &problem["code"], &problem["status"]), (403, &json!("forbidden"), &json!(403)), "{kind}");
    }
    let forged = gateway.token_for("admin", &[]).await + "x";
    for token in ["", "nonsense", &forged] {
        let response = gateway.request("GET", "/v1/clients", token).send().await.unwrap();
        assert_eq!(response.status(), 401);
        let challenge = response.headers()["www-authenticate"].to_str().unwrap().to_owned();
        assert!(
            challenge.starts_with("Bearer ") && challenge.contains("invalid_token") != token.is_empty(),
            "{challenge}"
        );
    }
}

#[tokio::test]
async fn a_greedy_client_takes_nothing_from_others() {
    let gateway = Gateway::start_with(&["--rate-limit", "1", "--rate-burst", "5"]);
    let (greedy, modest) = (gateway.client("admin", &[]), gateway.client("admin", &[]));
    let (greedy_token, modest_token) = (gateway.token(&greedy).await, gateway.token(&modest).await);
    let mut refused = None;
    for _ in 0..12 {
        let response = gateway.request("GET", "/v1/clients", &greedy_token).send().await.unwrap();
        if response.status() == 429 {
            refused = Some(response);
        }
    }
    let refused = refused.expect("twelve requests at once are more than five");
    assert!(refused.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "rate-limited");
    assert_eq!(gateway.get("/v1/clients", &modest_token).await.0, 200);
}

#[tokio::test]
async fn guessing_secrets_is_stopped_without_locking_out_the_client() {
    let gateway = Gateway::start();
    let client = gateway.client("consumer", &[]);
    assert_eq!(ask(&gateway, &form(&client)).await.status(), 200);
    let mut statuses = Vec::new();
    for attempt in 0..14 {
        statuses.push(ask(&gateway, &format!("{}{attempt}", form(&client))).await.status().as_u16());
    }
    assert!(statuses.starts_with(&[401; 5]) && statuses.contains(&429), "{statuses:?}");
    assert_eq!(ask(&gateway, &form(&client)).await.status(), 200, "its own secret was proven before");
}

#[tokio::test]
async fn a_verified_token_needs_no_database_but_not_for_long() {
    let gateway = Gateway::start();
    let token = gateway.token_for("consumer", &[]).await;
    let database = gateway.database();
    let name = database.value("SELECT current_database()");
    let mut outside = PgConnection::establish(&database.url.replace(&name, "postgres")).unwrap();
    let cut = format!(
        "ALTER DATABASE {name} ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    outside.batch_execute(&cut).unwrap();
    assert_eq!(gateway.get("/v1/clients", &token).await.0, 403, "who calls is known without the database");
    let becomes = async |expected: u16| {
        eventually(&format!("{expected}"), async || {
            let status = gateway.get("/v1/clients", &token).await.0;
            so(status == expected, status)
        })
        .await;
    };
    // A client revoked meanwhile would still be let in.
    becomes(503).await;
    outside.batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).unwrap();
    becomes(403).await;
}

/// A token that the gateway's own key signed, with claims of our own.
fn signed(gateway: &Gateway, changes: Value, token: &str) -> String {
    let key = gateway.database().value("SELECT encode(private_key, 'hex') FROM signing_keys WHERE retired_at IS NULL");
    let bytes: Vec<u8> =
        (0..key.len()).step_by(2).map(|at| u8::from_str_radix(&key[at..at + 2], 16).unwrap()).collect();
    let mut claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    encode(&decode_header(token).unwrap(), &claims, &EncodingKey::from_ec_der(&bytes)).unwrap()
}

#[tokio::test]
async fn the_issuer_and_the_beginning_of_a_token_are_checked() {
    let gateway = Gateway::start();
    let token = admin(&gateway).await;
    let now = chrono::Utc::now().timestamp();
    for (changes, expected) in [
        (json!({}), 200),
        (json!({ "jti": "01890000-0000-7000-8000-000000000000" }), 200),
        (json!({ "iss": "https://elsewhere.example.org" }), 401),
        (json!({ "nbf": now + 600 }), 401),
        (json!({ "nbf": now - 600 }), 200),
    ] {
        let token = signed(&gateway, changes.clone(), &token);
        assert_eq!(gateway.get("/v1/clients", &token).await.0, expected, "{changes}");
    }
}

#[tokio::test]
async fn a_client_made_beside_one_gateway_is_known_to_another_at_once() {
    let first = Gateway::start();
    let second = Gateway::on(first.database.clone().unwrap(), &[]);
    let administrator = admin(&first).await;
    for _ in 0..8 {
        let client = first.client("admin", &[]);
        let token = second.token(&client).await;
        assert_eq!(second.get("/v1/clients", &token).await.0, 200);
        let asked = json!({ "name": "Mới", "kind": "admin" });
        let (_, made) = answer(first.request("POST", "/v1/clients", &administrator).json(&asked)).await;
        let token = first.token(&serde_json::from_value(made).unwrap()).await;
        assert_eq!(second.get("/v1/clients", &token).await.0, 200, "its token of the other");
    }
}

#[tokio::test]
async fn a_token_request_without_its_body_is_cut() {
    let gateway = Gateway::start();
    let mut stream = std::net::TcpStream::connect(gateway.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 29\r\n\r\ngrant").unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
}
