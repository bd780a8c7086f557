//! The operations of code lists and reference data.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, NOT_FOUND, TOO_LARGE, UNAVAILABLE, UNSUPPORTED_MEDIA_TYPE};
use crate::http::openapi::operation::{CSV, Operation, content, in_path, in_query, json, required};
use crate::http::openapi::shape::{Shape, count, date, list, object, or_null, text, uri};
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

fn titles(description: &str) -> crate::http::openapi::shape::Members {
    object(description)
        .must("name", text("Its name, as `x-code-list` in the schemas names it."))
        .must("titleVi", or_null(text("Vietnamese title.")))
        .must("titleEn", or_null(text("English title.")))
}

fn lists() -> Operation {
    let item = titles("A code list.")
        .must("count", or_null(count("How many values, of all times.")))
        .must("href", uri("Where its values are."));
    let shape = object("All code lists.")
        .must("items", list("", item.build()))
        .must("nextCursor", or_null(text("`null`: all of them are on this page.")))
        .build();
    let example = json!({ "items": [{ "name": "sexes", "titleVi": "Giới tính", "titleEn": "Sexes", "count": 2, "href": "/v1/code-lists/sexes" }], "nextCursor": null });
    get("/v1/code-lists", "listCodeLists", "List the code lists").answer(200, json("The lists.", shape, example))
}

fn value() -> Shape {
    object("A value. Some lists have further columns, such as `levels`; they are text.")
        .must("code", text("What records carry."))
        .may("nameVi", text("Vietnamese name."))
        .may("nameEn", text("English name."))
        .may("validFrom", date("First day on which it holds."))
        .may("validTo", date("Last day."))
        .further(text(""))
        .build()
}

fn values() -> Operation {
    let shape =
        titles("A code list with its values.").must("values", list("In the list's own order.", value())).build();
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
        .answer(200, json("The list.", shape, example))
        .problems(&[BAD_REQUEST, NOT_FOUND])
}

fn load() -> Operation {
    let file = object("A file that was loaded.")
        .must("file", text("Its name."))
        .must("content", text("What it was recognised as: a list's name, or `administrative-units`, `communes`, `crosswalk`, `provinces`."))
        .must("rows", count("How many rows it has."))
        .build();
    let shape = object("What was loaded.").must("loaded", list("", file)).build();
    let example = json!({ "loaded": [{ "file": "sexes.csv", "content": "sexes", "rows": 2 }] });
    let csv = "code,name_vi\nmale,Nam\nfemale,Nữ\n";
    Operation::new(HttpMethod::Post, "/v1/reference", "loadReference", TAG, "Load code lists and administrative units")
        .describe("A CSV file in UTF-8, recognised by its headings. The time for which it holds stands in its columns `valid_from` and `valid_to`, or in its name (`communes-from-2025-07-01.csv`). Used from the next submission on. All of the file is loaded, or nothing.")
        .only(Permission::Administer)
        .parameter(required(in_query("file", "The file's name.", text(""))))
        .body("The file, at most 32 MiB.", vec![(CSV, content(text("CSV with a heading.").into(), Some(csv.into())))])
        .answer(200, json("What was loaded.", shape, example))
        .problems(&[BAD_REQUEST, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE])
}
