//! The operations of code lists and reference data.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, NOT_FOUND, TOO_LARGE, UNAVAILABLE, UNSUPPORTED_MEDIA_TYPE};
use crate::http::openapi::operation::{CSV, Operation, content, in_path, in_query, json, page, required};
use crate::http::openapi::shape::{date, named, text};
use serde_json::json;
use utoipa::openapi::path::HttpMethod;

/// The tag of these operations.
pub const TAG: &str = "Code lists";

/// The operations.
pub fn operations() -> Vec<Operation> {
    vec![lists(), values(), load()]
}

fn get(path: &str, id: &str, summary: &str) -> Operation {
    Operation::new(HttpMethod::Get, path, id, TAG, summary).open().problems(&[UNAVAILABLE])
}

fn lists() -> Operation {
    let example = json!({ "items": [{ "name": "sexes", "titleVi": "Giới tính", "titleEn": "Sexes", "count": 2, "href": "/v1/code-lists/sexes" }], "nextCursor": null });
    get("/v1/code-lists", "listCodeLists", "List the code lists")
        .answer(200, page("The lists.", "CodeListSummaryPage", example))
}

fn values() -> Operation {
    let example = json!({
        "name": "sexes", "titleVi": "Giới tính", "titleEn": "Sexes",
        "values": [{ "code": "male", "nameVi": "Nam" }, { "code": "female", "nameVi": "Nữ" }],
    });
    get("/v1/code-lists/{name}", "readCodeList", "Read a code list")
        .describe(
            "Values come and go: `validFrom` and `validTo` say when one holds, and `asOf` asks for those of a day.",
        )
        .parameter(in_path("name", "The name of the list, such as `subjects`.", text("")))
        .parameter(in_query("asOf", "Only the values that hold on this day.", date("")))
        .answer(200, json("The list.", named("CodeList"), example))
        .problems(&[BAD_REQUEST, NOT_FOUND])
}

fn load() -> Operation {
    let example = json!({ "loaded": [{ "file": "sexes.csv", "content": "sexes", "rows": 2 }] });
    let csv = "code,name_vi\nmale,Nam\nfemale,Nữ\n";
    Operation::new(HttpMethod::Post, "/v1/reference", "loadReference", TAG, "Load code lists and administrative units")
        .describe("A CSV file in UTF-8, recognised by its headings. The time for which it holds stands in its columns `valid_from` and `valid_to`, or in its name (`communes-from-2025-07-01.csv`). Used from the next submission on. All of the file is loaded, or nothing.")
        .only(Permission::Administer)
        .parameter(required(in_query("file", "The file's name.", text(""))))
        .body("The file, at most 32 MiB.", vec![(CSV, content(text("CSV with a heading.").into(), Some(csv.into())))])
        .answer(200, json("What was loaded.", named("LoadedReference"), example))
        .problems(&[BAD_REQUEST, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE])
}
