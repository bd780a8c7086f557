//! The operations around access: tokens, keys and clients.

use crate::access::{Permission, SENSITIVE_READ};
use crate::error::{
    BAD_REQUEST, NOT_FOUND, RATE_LIMITED, REQUEST_TIMEOUT, TOO_LARGE, UNAVAILABLE, UNSUPPORTED_MEDIA_TYPE,
};
use crate::http::api::oauth::ServerMetadata;
use crate::http::openapi::operation::{JSON, Operation, content, in_path, json, page, response};
use crate::http::openapi::shape::{choice, free, list, named, object, text, uuid};
use serde_json::{Value, json};
use utoipa::openapi::Ref;
use utoipa::openapi::path::{HttpMethod, Parameter};
use utoipa::openapi::response::ResponseBuilder;

/// The tag of tokens and keys.
pub const TOKENS: &str = "Tokens";
/// The tag of clients.
pub const CLIENTS: &str = "Clients";

const ID: &str = "01999f00-1b2c-7a33-8d44-5e55f6607788";

/// The operations of tokens and keys.
pub fn tokens() -> Vec<Operation> {
    vec![token(), keys(), metadata()]
}

/// The operations of clients.
pub fn clients() -> Vec<Operation> {
    vec![list_all(), create(), read(), revoke(), rotate(), grants(), set_grants()]
}

fn token() -> Operation {
    let form = object("The request for a token.")
        .must("grant_type", choice("Always the same.", &["client_credentials"]))
        .may("client_id", text("The client's id, unless it stands in the header `Authorization`."))
        .may("client_secret", text("Its secret, likewise."))
        .may(
            "scope",
            text(&format!("Scopes asked for, such as `{SENSITIVE_READ}`; all that were granted, when left out.")),
        )
        .build();
    let given = json!({ "access_token": "eyJhbGciOiJFZERTQSIsImtpZCI6IjEifQ.eyJzdWIiOiIwMTk5In0.c2lnbmF0dXJl", "token_type": "Bearer", "expires_in": 3600, "scope": "" });
    let asked = json!({ "grant_type": "client_credentials", "client_id": ID, "client_secret": "the secret that `client create` printed" });
    let fault = |description: &str, code: &str| {
        json(description, named("TokenFault"), json!({ "error": code, "error_description": "What to do." }))
    };
    Operation::new(HttpMethod::Post, "/oauth/token", "createToken", TOKENS, "Get an access token")
        .describe("RFC 6749, section 4.4. The client names itself by HTTP Basic (id and secret), or by `client_id` and `client_secret` in the form; not both. A trailing slash is accepted.")
        .open()
        .body("The request.", vec![("application/x-www-form-urlencoded", content(form, Some(asked)))])
        .answer(200, json("The token.", named("Token"), given))
        .answer(400, fault("The request is not as RFC 6749 says.", "invalid_request"))
        .answer(401, fault("The client or its secret is not known.", "invalid_client").header_ref("WWW-Authenticate", Ref::new("#/components/headers/Challenge")))
        .problems(&[REQUEST_TIMEOUT, TOO_LARGE, RATE_LIMITED, UNAVAILABLE])
}

fn keys() -> Operation {
    let set = object("A JSON Web Key Set (RFC 7517).").must("keys", list("The public keys.", free("A key."))).build();
    let example = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "1", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] });
    Operation::new(
        HttpMethod::Get,
        "/.well-known/jwks.json",
        "readKeys",
        TOKENS,
        "Read the keys that verify tokens and receipts",
    )
    .open()
    .answer(200, json("The keys, newest first. Old ones stay, to verify receipts.", set, example))
}

fn metadata() -> Operation {
    Operation::new(
        HttpMethod::Get,
        "/.well-known/oauth-authorization-server",
        "readMetadata",
        TOKENS,
        "Read the token server's metadata",
    )
    .open()
    .answer(200, json("The metadata.", named("ServerMetadata"), json!(ServerMetadata::of("http://127.0.0.1:8080"))))
}

fn operation(method: HttpMethod, tail: &str, id: &str, summary: &str) -> Operation {
    let operation =
        Operation::new(method, format!("/v1/clients{tail}"), id, CLIENTS, summary).only(Permission::Administer);
    if tail.is_empty() { operation } else { operation.parameter(client_id()).problems(&[NOT_FOUND]) }
}

fn client_id() -> Parameter {
    in_path("id", "The client.", uuid(""))
}

fn grants_example() -> Value {
    json!({ "allSchools": false, "schools": ["31000501"], "communes": [] })
}

fn example() -> Value {
    json!({
        "clientId": ID, "name": "Software of a school", "kind": "school-software", "scopes": [], "grants": grants_example(),
        "createdAt": "2025-09-05T02:30:00.123Z", "revokedAt": null,
    })
}

fn list_all() -> Operation {
    operation(HttpMethod::Get, "", "listClients", "List clients")
        .shared(&["Limit", "Cursor"])
        .answer(200, page("The page.", "ClientPage", json!({ "items": [example()], "nextCursor": null })))
        .problems(&[BAD_REQUEST])
}

fn sent(operation: Operation, shape: &str, example: Value) -> Operation {
    operation.body("What is wanted.", vec![(JSON, content(named(shape), Some(example)))]).problems(&[
        BAD_REQUEST,
        TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
    ])
}

fn create() -> Operation {
    let new =
        json!({ "name": "Software of a school", "kind": "school-software", "grants": { "schools": ["31000501"] } });
    let mut made = example();
    made["clientSecret"] = "shown this once".into();
    let made: ResponseBuilder = json("The client, with its secret.", named("ClientWithSecret"), made);
    sent(operation(HttpMethod::Post, "", "createClient", "Make a client"), "NewClient", new)
        .answer(201, made.header_ref("Location", Ref::new("#/components/headers/Location")))
}

fn read() -> Operation {
    operation(HttpMethod::Get, "/{id}", "readClient", "Read a client")
        .answer(200, json("The client.", named("Client"), example()))
}

fn revoke() -> Operation {
    operation(HttpMethod::Delete, "/{id}", "revokeClient", "Revoke a client")
        .describe("Takes effect within a second, its live tokens included. Again and again: 204.")
        .answer(204, response("It is revoked.", Vec::new()))
}

fn rotate() -> Operation {
    operation(HttpMethod::Post, "/{id}/secret", "rotateSecret", "Give a client another secret")
        .describe("The secret before is worth nothing from now on.")
        .answer(
            200,
            json("The secret.", named("ClientSecret"), json!({ "clientId": ID, "clientSecret": "shown this once" })),
        )
}

fn grants() -> Operation {
    operation(HttpMethod::Get, "/{id}/grants", "readGrants", "Read a client's grants")
        .answer(200, json("The grants.", named("Grants"), grants_example()))
}

fn set_grants() -> Operation {
    sent(
        operation(HttpMethod::Put, "/{id}/grants", "writeGrants", "Set a client's grants"),
        "NewGrants",
        grants_example(),
    )
    .describe("These in the place of those before, live tokens included.")
    .answer(200, json("The grants.", named("Grants"), grants_example()))
}
