//! The operations of reporting periods.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, CONFLICT, NOT_FOUND, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE};
use crate::http::openapi::operation::{JSON, Operation, content, in_path, in_query, json, page, response};
use crate::http::openapi::shape::{Shape, matching, named, text, uuid};
use serde_json::{Value, json};
use utoipa::openapi::Ref;
use utoipa::openapi::path::HttpMethod;

/// The tag of these operations.
pub const TAG: &str = "Reporting periods";

const ID: &str = "01999f00-2c3d-7b44-9e55-6f66a7718899";

/// The operations.
pub fn operations() -> Vec<Operation> {
    vec![list_all(), create(), read(), replace(), delete(), extend(), withdraw()]
}

fn school() -> Shape {
    matching("", "^[0-9]{8}$").into()
}

fn more_example() -> Value {
    json!({ "until": "2026-01-20", "reason": "Nhập lại điểm của lớp 6A1" })
}

fn extension_example() -> Value {
    let mut example = more_example();
    example["schoolCode"] = "31000501".into();
    example["grantedAt"] = "2026-01-16T02:30:00.123Z".into();
    example
}

fn new_example() -> Value {
    json!({
        "name": "Cuối học kì I", "schoolYear": "2025-2026", "phase": "CK1", "resources": ["subject-results", "academic-records"],
        "periods": ["CK1"], "opensOn": "2026-01-05", "closesOn": "2026-01-15", "scope": { "schools": [], "communes": ["10507"] },
    })
}

fn example() -> Value {
    let mut example = new_example();
    example["id"] = ID.into();
    example["state"] = "closed".into();
    example["extensions"] = json!([extension_example()]);
    example
}

fn operation(method: HttpMethod, tail: &str, id: &str, summary: &str, action: Permission) -> Operation {
    let operation = Operation::new(method, format!("/v1/reporting-periods{tail}"), id, TAG, summary).only(action);
    if tail.is_empty() {
        operation
    } else {
        operation.parameter(in_path("id", "The reporting period.", uuid(""))).problems(&[NOT_FOUND])
    }
}

fn sent(operation: Operation, shape: &str, example: Value) -> Operation {
    operation.body("What is wanted.", vec![(JSON, content(named(shape), Some(example)))]).problems(&[
        BAD_REQUEST,
        TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
    ])
}

fn list_all() -> Operation {
    operation(
        HttpMethod::Get,
        "",
        "listReportingPeriods",
        "List the reporting periods",
        Permission::ReadReportingPeriods,
    )
    .describe("In the order in which they were made.")
    .parameter(in_query("schoolYear", "Only those of this school year.", text("")))
    .shared(&["Limit", "Cursor"])
    .answer(200, page("The page.", "ReportingPeriodPage", json!({ "items": [example()], "nextCursor": null })))
    .problems(&[BAD_REQUEST])
}

fn create() -> Operation {
    let made = json("The reporting period.", named("ReportingPeriod"), example());
    let made = made.header_ref("Location", Ref::new("#/components/headers/Location"));
    let operation =
        operation(HttpMethod::Post, "", "createReportingPeriod", "Set a reporting period", Permission::Administer);
    sent(operation, "NewReportingPeriod", new_example())
        .describe("A record that at least one reporting period covers is created, changed or deleted only while one of those is open: `PT-005`, or `MK-015` for a stored result, refuses it otherwise. What counts is when the submission came, not when it was worked on. A record equal to the stored one is `unchanged` at any time; what no reporting period covers may be changed at any time.")
        .answer(201, made)
}

fn read() -> Operation {
    operation(
        HttpMethod::Get,
        "/{id}",
        "readReportingPeriod",
        "Read a reporting period",
        Permission::ReadReportingPeriods,
    )
    .answer(200, json("The reporting period.", named("ReportingPeriod"), example()))
}

fn replace() -> Operation {
    let operation = operation(
        HttpMethod::Put,
        "/{id}",
        "writeReportingPeriod",
        "Change a reporting period",
        Permission::Administer,
    );
    sent(operation, "NewReportingPeriod", new_example())
        .describe("Another definition in the place of the one before; extensions stay.")
        .answer(200, json("The reporting period.", named("ReportingPeriod"), example()))
}

fn delete() -> Operation {
    operation(HttpMethod::Delete, "/{id}", "deleteReportingPeriod", "Delete a reporting period", Permission::Administer)
        .describe("Until it has closed; then it stays as the reason of what was refused.")
        .answer(204, response("It is deleted.", Vec::new()))
        .problems(&[CONFLICT])
}

fn extension_operation(method: HttpMethod, id: &str, summary: &str) -> Operation {
    operation(method, "/{id}/extensions/{schoolCode}", id, summary, Permission::Administer).parameter(in_path(
        "schoolCode",
        "The school.",
        school(),
    ))
}

fn extend() -> Operation {
    sent(
        extension_operation(HttpMethod::Put, "writeExtension", "Give a school more time"),
        "NewExtension",
        more_example(),
    )
    .describe("The reporting period closes later for this school, or is open for it again.")
    .answer(200, json("The extension.", named("Extension"), extension_example()))
}

fn withdraw() -> Operation {
    extension_operation(HttpMethod::Delete, "deleteExtension", "Take back a school's extension")
        .answer(204, response("The school has no more time than others.", Vec::new()))
}
