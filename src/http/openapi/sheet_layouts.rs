//! The operations of layouts of sheets.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, CONFLICT, NOT_FOUND, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE};
use crate::http::openapi::operation::{JSON, Operation, XLSX, content, in_path, json, page, response};
use crate::http::openapi::shape::{binary, matching, named};
use serde_json::{Value, json};
use utoipa::openapi::Ref;
use utoipa::openapi::path::HttpMethod;

/// The tag of these operations.
pub const TAG: &str = "Sheet layouts";

/// The operations.
pub fn operations() -> Vec<Operation> {
    vec![list_all(), create(), read(), create_named(), put(), delete(), example()]
}

fn definition() -> Value {
    json!({
        "name": "marks-of-our-vendor", "title": { "vi": "Bảng điểm của phần mềm X", "en": "Mark sheet of the software X" },
        "resources": ["subject-results"],
        "recognisedBy": { "headings": ["Mã HS", "TB"], "titles": ["sổ điểm"] },
        "headings": { "TB": "average", "15 phút": "regularMarks" }, "ignored": ["Xếp thứ"], "fixed": { "period": "CK1" },
        "passedOver": ["DanhMuc"],
        "example": {
            "sheet": "6A1", "rows": [["SỔ ĐIỂM MÔN TOÁN LỚP 6A1"], ["Mã HS", "15 phút", "TB", "Xếp thứ"], ["3100012345", "8  7,5", "8,1", "2"]],
            "merged": ["A1:D1"],
        },
    })
}

fn summary() -> Value {
    json!({
        "name": "marks-of-our-vendor", "title": { "vi": "Bảng điểm của phần mềm X", "en": "Mark sheet of the software X" },
        "resources": ["subject-results"], "headings": ["Mã HS", "15 phút", "TB", "Xếp thứ"], "builtIn": false,
        "links": { "self": "/v1/sheet-layouts/marks-of-our-vendor", "example": "/v1/sheet-layouts/marks-of-our-vendor/example" },
    })
}

fn operation(method: HttpMethod, tail: &str, id: &str, summary: &str) -> Operation {
    let operation = Operation::new(method, format!("/v1/sheet-layouts{tail}"), id, TAG, summary);
    if tail.is_empty() {
        return operation;
    }
    let name = in_path("name", "The layout.", matching("", "^[a-z0-9-]{1,60}$"));
    operation.parameter(name).problems(&[NOT_FOUND])
}

fn sent(operation: Operation) -> Operation {
    operation
        .only(Permission::Administer)
        .body("The definition.", vec![(JSON, content(named("SheetLayout"), Some(definition())))])
        .problems(&[BAD_REQUEST, CONFLICT, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE])
}

fn list_all() -> Operation {
    operation(HttpMethod::Get, "", "listSheetLayouts", "List the layouts of sheets that are read")
        .describe("The program's own and those that were added, by name. For every client that has a token. Sheets with the headings of a template, or with headings of the shared table of words, are read without a layout.")
        .shared(&["Limit", "Cursor"])
        .answer(200, page("The page.", "SheetLayoutSummaryPage", json!({ "items": [summary()], "nextCursor": null })))
        .problems(&[BAD_REQUEST])
}

fn made(operation: Operation) -> Operation {
    let made = json("The layout.", named("SheetLayout"), definition());
    sent(operation).answer(201, made.header_ref("Location", Ref::new("#/components/headers/Location")))
}

fn create() -> Operation {
    made(operation(HttpMethod::Post, "", "createSheetLayout", "Add a layout"))
        .describe("It is used from the next submission on. A definition says only what is particular: by which headings and titles the form is recognised, which of its headings mean a member that the shared table of words does not know, and what holds for every row.")
}

fn create_named() -> Operation {
    made(operation(HttpMethod::Post, "/{name}", "createNamedSheetLayout", "Add a layout of this name"))
        .describe("As `POST /v1/sheet-layouts`; the name in the body must be that of the path.")
}

fn read() -> Operation {
    operation(HttpMethod::Get, "/{name}", "readSheetLayout", "Read the definition of a layout")
        .describe("For every client that has a token.")
        .answer(200, json("The definition.", named("SheetLayout"), definition()))
}

fn put() -> Operation {
    let layout = || json("The layout.", named("SheetLayout"), definition());
    sent(operation(HttpMethod::Put, "/{name}", "writeSheetLayout", "Add or replace a layout"))
        .describe("The program's own cannot be replaced.")
        .answer(200, layout())
        .answer(201, layout())
}

fn delete() -> Operation {
    operation(HttpMethod::Delete, "/{name}", "deleteSheetLayout", "Delete a layout")
        .only(Permission::Administer)
        .describe("The program's own stay.")
        .answer(204, response("It is deleted.", Vec::new()))
        .problems(&[CONFLICT])
}

fn example() -> Operation {
    let workbook = content(binary("A sheet with titles, headings and records of invented people.").into(), None);
    operation(HttpMethod::Get, "/{name}/example", "readSheetLayoutExample", "Get a workbook that shows a layout")
        .describe("For every client that has a token. Filled in, it is sent to `POST /v1/submissions`.")
        .answer(200, response("The workbook.", vec![(XLSX, workbook)]))
}
