//! The operation that puts an official code in the place of a provisional one.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, CONFLICT, INVALID, NOT_FOUND, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE};
use crate::http::api::official_code::RESOURCE;
use crate::http::openapi::operation::{JSON, Operation, content, in_path};
use crate::http::openapi::records::{stored, tag};
use crate::http::openapi::shape::{named, text};
use crate::model;
use serde_json::json;
use utoipa::openapi::Ref;
use utoipa::openapi::path::HttpMethod;

/// The operations.
pub fn operations() -> Vec<Operation> {
    model::find(RESOURCE).into_iter().map(identify).collect()
}

fn identify(spec: &'static model::spec::Spec) -> Operation {
    let answer = stored(spec, "The record under the official code.")
        .header_ref("Content-Location", Ref::new("#/components/headers/Official"));
    Operation::new(
        HttpMethod::Post,
        format!("/v1/{RESOURCE}/{{code}}/identify"),
        "identifyStudent",
        tag(spec),
        "Replace a provisional code by the official one",
    )
    .describe("Every record of the student follows, at all schools, also those that are not granted to the client, in one transaction: new versions under the official code, while the history of the old keys stays. Readers of changes meet the records under the official code first, then the deletion of those under the old one.")
    .describe("Both codes answer from then on. What names the old code means the official one: paths, `studentCode` in filters, and members of records that are sent (`ID-024`, info). The student's own record under the old code is taken from the school that manages it only; from another school it is refused (`ID-024`, error), since that may mean another student.")
    .describe("For the school that manages the record. Saying it twice is no fault. 409: the code is no provisional one, gave way to another code before, or there is a record under the official code already; `detail` says what to do.")
    .only(Permission::WriteRecords)
    .parameter(in_path("code", "The provisional code, `TAM-…`.", text("")))
    .shared(&["Language"])
    .body("The official code.", vec![(JSON, content(named("OfficialCode"), Some(json!({ "studentCode": "3100012345" }))))])
    .answer(200, answer)
    .problems(&[BAD_REQUEST, NOT_FOUND, CONFLICT, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, INVALID])
}
