//! The operations of crosswalks.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, NOT_FOUND, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE};
use crate::http::api::crosswalks::CrosswalkReport;
use crate::http::openapi::clients::CLIENTS;
use crate::http::openapi::operation::{JSON, Operation, content, in_path, json, page, response};
use crate::http::openapi::shape::{named, text, uuid};
use crate::model::lists::CrosswalkLine;
use serde_json::{Value, json};
use utoipa::openapi::path::HttpMethod;

/// The operations.
pub fn operations() -> Vec<Operation> {
    vec![list_all(), read(), write(), delete()]
}

fn lines() -> [CrosswalkLine; 2] {
    let line = |foreign_code: &str, code: &str| CrosswalkLine {
        foreign_code: foreign_code.into(),
        code: code.into(),
        valid_from: "2025-08-01".parse().ok(),
        valid_to: None,
    };
    [line("01", "new"), line("02", "transfer-in")]
}

fn example() -> Value {
    json!(CrosswalkReport::of("enrollment-entry-types", &lines()))
}

fn operation(method: HttpMethod, tail: &str, id: &str, summary: &str) -> Operation {
    let operation = Operation::new(method, format!("/v1/clients/{{id}}/crosswalks{tail}"), id, CLIENTS, summary)
        .only(Permission::Administer);
    let operation = operation.parameter(in_path("id", "The client.", uuid(""))).problems(&[NOT_FOUND]);
    if tail.is_empty() {
        operation
    } else {
        operation.parameter(in_path("list", "The code list, such as `enrollment-entry-types`.", text("")))
    }
}

fn list_all() -> Operation {
    operation(HttpMethod::Get, "", "listCrosswalks", "List a client's crosswalks")
        .describe("All in one page, by the names of their lists.")
        .answer(200, page("The crosswalks.", "CrosswalkPage", json!({ "items": [example()], "nextCursor": null })))
}

fn read() -> Operation {
    operation(HttpMethod::Get, "/{list}", "readCrosswalk", "Read a client's crosswalk of a list")
        .answer(200, json("The crosswalk.", named("Crosswalk"), example()))
}

fn write() -> Operation {
    operation(HttpMethod::Put, "/{list}", "writeCrosswalk", "Set a client's crosswalk of a list")
        .describe("This one in the place of the one before, from the next submission on. While any of its entries holds, the client sends its own codes only: each is stored as the sector's, told as `PT-019` (`info`); a value without an entry rejects its record (`PT-019`, `error`), even if it is a code of the list, for it may mean another one. The day that counts is that of receipt.")
        .body("The whole crosswalk.", vec![(JSON, content(named("NewCrosswalk"), Some(json!({ "entries": lines() }))))])
        .answer(200, json("The crosswalk.", named("Crosswalk"), example()))
        .problems(&[BAD_REQUEST, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE])
}

fn delete() -> Operation {
    operation(HttpMethod::Delete, "/{list}", "deleteCrosswalk", "Delete a client's crosswalk of a list")
        .describe("From the next submission on the client sends the sector's own codes.")
        .answer(204, response("It is deleted.", Vec::new()))
}
