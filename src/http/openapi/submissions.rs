//! The operations of submissions.

use crate::access::Permission;
use crate::error::{BAD_REQUEST, CONFLICT, NOT_ACCEPTABLE, NOT_FOUND, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE};
use crate::http::api::submissions::LEGACY_WORKBOOK;
use crate::http::openapi::operation::{
    CSV, JSON, NDJSON, Operation, XLSX, content, in_header, in_path, in_query, json, page, response,
};
use crate::http::openapi::shape::{binary, choice, count, list, matching, moment, named, text, uuid};
use crate::http::problem;
use crate::model;
use crate::model::messages::message;
use crate::model::rules::catalogue;
use crate::model::schema;
use crate::model::subject_results::PERIOD_CODES;
use crate::submission::row;
use serde_json::{Value, json};
use utoipa::openapi::path::{HttpMethod, Parameter};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{Content, Ref};

/// The tag of these operations.
pub const TAG: &str = "Submissions";

const ID: &str = "0199a2b4-6c1e-7d02-9c55-3f1f6f0b7a10";

/// The operations.
pub fn operations() -> Vec<Operation> {
    vec![create(), list_all(), read(), issues(), rejected(), receipt(), parked(), events()]
}

fn create() -> Operation {
    let rejected = json(
        "`result` is `rejected`: nothing was kept; or, as a problem, the `Idempotency-Key` was used for another request.",
        named("Submission"),
        rejected_report(),
    );
    let used =
        crate::http::openapi::components::problem_example(crate::error::KEY_REUSED, message("idempotency-key-reused"));
    let rejected = rejected.content(problem::MEDIA_TYPE, content(named("Problem"), Some(used)));
    Operation::new(HttpMethod::Post, "/v1/submissions", "createSubmission", TAG, "Send many records")
        .describe("Any resources, in any order: a record whose parent stands in the same body is applied after it. A body streams and is never held whole in memory; only the operator's settings bound its size (2 GiB unless changed, after decompression).")
        .describe("Every record is judged by all rules, and the report names all that it breaks. A broken line is one rejected record (`PT-006`), not the end.")
        .describe("With `replace` the body stands for a school's whole set of a resource. Issues of the set as a whole (`RC-003`, `RC-005`, and `PT-011` for what would be removed, at most 1,000) stand first, at index 0, and `key` names the set or the stored record.")
        .describe("Sending the same again is safe: records that are already stored count as `unchanged`, and with an `Idempotency-Key` the first answer is given again.")
        .only(Permission::WriteRecords)
        .parameters(parameters())
        .parameters(headers())
        .shared(&["Language"])
        .describe("Sheets become the same records: `text/csv` with `resource`, or a workbook with one sheet a resource. Headings are the API's names or the Vietnamese titles of the template (`/v1/templates/{resource}.xlsx`), in any order; lines above them may say class, subject and period for all rows. So are the forms of `GET /v1/sheet-layouts`, whose rows may make several records each. Issues then carry `sheet`, `row`, `column` and `heading`.")
        .body("The records: one a line (NDJSON), or a JSON array of them, or an object whose member `records` is the array; or rows of a sheet.", bodies())
        .answer(200, made(json("`result` is `accepted` or `partial`: read `counts`, then `issues`.", named("Submission"), report())).content(XLSX, marked()))
        .answer(202, made(json("The body is stored, the work is still to be done: with `Prefer: respond-async`, or because it takes longer than the gateway lets a request wait. The report so far; ask again at `Location`.", named("Submission"), queued_report())).header_ref("Retry-After", Ref::new("#/components/headers/RetryAfter")))
        .answer(422, made(rejected.content(XLSX, marked())))
        .problems(&[BAD_REQUEST, CONFLICT, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE])
}

fn made(response: ResponseBuilder) -> ResponseBuilder {
    response
        .header_ref("Location", Ref::new("#/components/headers/Location"))
        .header_ref("Idempotency-Replayed", Ref::new("#/components/headers/Replayed"))
}

fn parameters() -> [Parameter; 12] {
    [
        in_query(
            "mode",
            "`commit` (default) keeps what is sound. `validate` checks everything, the database included, and keeps nothing but the report.",
            choice("", &["commit", "validate"]),
        ),
        in_query(
            "atomicity",
            "`record` (default): each record stands for itself. `all`: one rejected record, and nothing is kept; a missing parent rejects.",
            choice("", &["record", "all"]),
        ),
        in_query(
            "onMissingReference",
            "`park` (default): a record whose parent is not there yet is kept aside, and applied by itself when the parent comes. `reject`: it is rejected with `PT-015`.",
            choice("", &["park", "reject"]),
        ),
        in_query(
            "resource",
            "What the rows of a sheet are: needed for `text/csv`; for a workbook, all its sheets hold this resource, else their names or headings say it.",
            choice("", &model::all().iter().map(|spec| spec.name).collect::<Vec<_>>()),
        ),
        in_query(
            "replace",
            "The body is the whole set of this resource's records of the school (and school year): stored records that it lacks are removed, in the same transaction. All or nothing, as with `atomicity=all`: a rejected or broken record, one of another set (`RC-004`), or a record to be removed that others refer to (`PT-011`), and nothing is kept.",
            choice("", &model::all().iter().map(|spec| spec.name).collect::<Vec<_>>()),
        ),
        in_query(
            "schoolCode",
            "With `replace`, needed: whose records. Of a sheet: the school of rows that do not say it; a client that is bound to one school need not name it.",
            matching("", "^[0-9]{8}$"),
        ),
        in_query(
            "schoolYear",
            "With `replace`, needed where the resource has a school year: of which year. Of a sheet: the school year, where neither a column nor a title says it.",
            matching("", "^[0-9]{4}-[0-9]{4}$"),
        ),
        in_query(
            "confirmRemovals",
            "With `replace`: that exactly so many records are to be removed. Needed above 10 % of those stored (`RC-003` says the number); any other number than the true one is refused.",
            count(""),
        ),
        in_query(
            "period",
            "Of a sheet: the period of results, where neither a column nor a title says it.",
            choice("", PERIOD_CODES),
        ),
        in_query(
            "subjectCode",
            "Of a sheet: the subject, a code of the list `subjects`, where neither a column nor a title says it.",
            text(""),
        ),
        in_query("classCode", "Of a sheet: the class, where neither a column nor a title says it.", text("")),
        in_query(
            "fileName",
            "Of a sheet: the name of its file, which often says subject, period, class or year.",
            text(""),
        ),
    ]
}

fn headers() -> [Parameter; 3] {
    [
        in_header(
            "Idempotency-Key",
            "1 to 255 characters, a UUID for example. Same key and same request: the first answer again, with `Idempotency-Replayed: true`. Same key, another request: 422. Still running: 409. Kept for at least 30 days.",
            text(""),
        ),
        in_header(
            "Prefer",
            "`respond-async`: answer 202 as soon as the body is stored, and do the work afterwards.",
            choice("", &["respond-async"]),
        ),
        in_header("Content-Encoding", "How the body is compressed.", choice("", &["gzip", "zstd"])),
    ]
}

fn bodies() -> Vec<(&'static str, Content)> {
    let array =
        list("Records; the same array as the member `records` of an object is taken too.", named("SubmittedRecord"));
    vec![
        (NDJSON, content(text("One record a line, each as the schema `SubmittedRecord` says.").into(), Some(lines().into()))),
        (JSON, content(array, Some(records().into()))),
        (
            CSV,
            content(
                text("One record a row under a row of headings, delimited by commas, semicolons or tabs; UTF-8, or UTF-16 with its mark.")
                    .into(),
                Some(sheet().into()),
            ),
        ),
        (XLSX, content(binary("A workbook, one sheet a resource. Its first bytes say whether it is one of XLSX or of XLS; `application/octet-stream` is taken too.").into(), None)),
        (LEGACY_WORKBOOK, content(binary("A workbook of the years before 2007 (XLS, BIFF8), one sheet a resource.").into(), None)),
    ]
}

/// Of a sheet, what `Accept` may ask for instead of the report.
fn marked() -> Content {
    content(binary("With `Accept` naming this type, of a sheet and for its sender: the file as it was sent, faulty cells coloured (red: the record is rejected, yellow: a warning) and noted, and a first sheet that lists what is to be mended, worst first. It can be mended and sent as it is. A CSV and a .xls come back as a workbook.").into(), None)
}

fn sheet() -> String {
    "Mã trường;Năm học;Mã lớp;Tên lớp;Khối\r\n31000501;2025-2026;6A1;6A1;06\r\n".to_owned()
}

fn records() -> Vec<Value> {
    let record =
        |name: &str| model::find(name).map(|spec| json!({ "resource": spec.name, "data": schema::example(spec) }));
    ["schools", "classes"].into_iter().filter_map(record).collect()
}

fn lines() -> String {
    records().iter().map(|record| format!("{record}\n")).collect()
}

fn id() -> Parameter {
    in_path("id", "The submission.", uuid(""))
}

fn list_all() -> Operation {
    Operation::new(HttpMethod::Get, "/v1/submissions", "listSubmissions", TAG, "List submissions, newest first")
        .describe("A school's software sees its own; the sector's staff see all that touch a school of their area.")
        .only(Permission::ReadSubmissions)
        .parameters([
            in_query("schoolCode", "Submissions with records of this school.", matching("", "^[0-9]{8}$")),
            in_query("clientId", "Submissions of this client.", uuid("")),
            in_query("status", "Where the work stands.", choice("", row::STATUSES)),
            in_query("result", "What came of it.", choice("", row::RESULTS)),
            in_query("receivedAt[gte]", "Received then or later; a day counts from its beginning.", moment("")),
            in_query("receivedAt[lte]", "Received then or earlier; a day counts to its end.", moment("")),
        ])
        .shared(&["Limit", "Cursor"])
        .answer(200, page("The page.", "SubmissionSummaryPage", json!({ "items": [listed()], "nextCursor": null })))
        .problems(&[BAD_REQUEST])
}

fn part(tail: &str, operation: &str, summary: &str) -> Operation {
    Operation::new(HttpMethod::Get, format!("/v1/submissions/{{id}}{tail}"), operation, TAG, summary)
        .parameter(id())
        .problems(&[NOT_FOUND])
}

fn read() -> Operation {
    part("", "readSubmission", "Read a submission's report")
        .only(Permission::ReadSubmissions)
        .shared(&["Language"])
        .answer(200, json("The report, so far or final.", named("Submission"), report()).content(XLSX, marked()))
}

fn issues() -> Operation {
    let resources: Vec<&str> = model::all().iter().map(|spec| spec.name).collect();
    let line = report()["issues"][0].clone();
    let csv = "index,resource,key,pointer,code,severity,message,hint,sheet,row,column,heading\r\n";
    let answer = page("Errors first, then warnings, then infos; of the same severity by index, then pointer.", "ReportedIssuePage", json!({ "items": [line], "nextCursor": null }))
        .content(NDJSON, content(text("One issue a line, all of them.").into(), Some(format!("{line}\n").into())))
        .content(CSV, content(text("With a heading, all of them; UTF-8 with byte order mark.").into(), Some(csv.into())))
        .content(XLSX, content(binary("A workbook with a bold heading in the reader's language, filters and texts that are never run as formulas; what is more than 1,048,575 issues goes on in further sheets.").into(), None));
    part("/issues", "listIssues", "Page through all issues")
        .describe("`Accept` with the media type of NDJSON, CSV or XLSX gives all of them at once instead.")
        .only(Permission::ReadSubmissions)
        .parameters([
            in_query("severity", "Issues of this severity.", choice("", &["error", "warning", "info"])),
            in_query("code", "Issues of this rule.", matching("", "^[A-Z]{2}-[0-9]{3}$")),
            in_query("resource", "Issues of records of this resource.", choice("", &resources)),
        ])
        .shared(&["Limit", "Cursor", "Language"])
        .answer(200, answer)
        .problems(&[BAD_REQUEST, NOT_ACCEPTABLE])
}

fn rejected() -> Operation {
    let lines = content(text("One record a line, as sent.").into(), Some(lines().into()));
    part("/rejected", "readRejected", "Get the rejected records back")
        .describe("The rejected records as they were sent, as NDJSON ready to mend and send again. Kept for 30 days unless the operator says otherwise; 404 afterwards.")
        .only(Permission::WriteRecords)
        .answer(200, response("The records.", vec![(NDJSON, lines)]))
}

fn receipt() -> Operation {
    let example = "eyJ0eXAiOiJzdWJtaXNzaW9uLXJlY2VpcHQrand0IiwiYWxnIjoiRVMyNTYiLCJraWQiOiIxIn0.eyJzdGF0dXMiOiJjb21wbGV0ZWQifQ.c2lnbmF0dXJl";
    let signed =
        content(text("A JWS in compact form, ES256; `typ` is `submission-receipt+jwt`.").into(), Some(example.into()));
    let stated = crate::http::api::receipts::STATED.map(|name| format!("`{name}`")).join(", ");
    part("/receipt", "readReceipt", "Get a signed receipt")
        .describe("Evidence of delivery, worth keeping: anyone can verify it against `/.well-known/jwks.json`, offline and after this gateway has forgotten the records. Keys that no longer sign stay in that set.")
        .describe(&format!("The payload has `iss`, `iat` (when it was signed) and, as in the report, {stated}. 409 while the work is not done."))
        .only(Permission::ReadSubmissions)
        .answer(200, response("The receipt.", vec![(crate::http::api::receipts::MEDIA_TYPE, signed)]))
        .problems(&[CONFLICT])
}

fn parked() -> Operation {
    let waiting = json!({
        "index": 17, "resource": "enrollments", "key": "31000501/2025-2026/3100000001/2025-09-05", "parkedAt": "2025-09-05T02:30:00.123456Z",
        "expiresAt": "2025-10-05T02:30:00.123456Z", "waitsFor": [{ "resource": "students", "key": "3100000001" }],
    });
    part("/parked", "listParked", "See what waits, and for what")
        .only(Permission::ReadSubmissions)
        .shared(&["Limit", "Cursor"])
        .answer(200, page("The page.", "ParkedRecordPage", json!({ "items": [waiting], "nextCursor": null })))
        .problems(&[BAD_REQUEST])
}

fn events() -> Operation {
    let example = format!("event: progress\ndata: {}\n\n", summary());
    let stream = content(
        text("Events `progress` while the work runs, then one `done`; `data` is a `SubmissionSummary`.").into(),
        Some(example.into()),
    );
    part("/events", "followSubmission", "Follow the progress")
        .describe(
            "Server-Sent Events until the work is done. Totals are of the submission as a whole, for every reader.",
        )
        .only(Permission::ReadSubmissions)
        .answer(200, response("The stream.", vec![("text/event-stream", stream)]))
}

fn summary() -> Value {
    let counts = json!({ "received": 2, "created": 1, "updated": 0, "unchanged": 0, "deleted": 0, "parked": 0, "rejected": 1, "warnings": 0 });
    let one = |outcome: &str| {
        let mut counts = json!({ "received": 1, "created": 0, "updated": 0, "unchanged": 0, "deleted": 0, "parked": 0, "rejected": 0, "warnings": 0 });
        counts[outcome] = 1.into();
        counts
    };
    let link = |tail: &str| format!("/v1/submissions/{ID}{tail}");
    json!({
        "id": ID, "status": "completed", "result": "partial", "mode": "commit", "atomicity": "record",
        "clientId": "01999f00-1b2c-7a33-8d44-5e55f6607788", "receivedAt": "2025-09-05T02:30:00.123456Z", "completedAt": "2025-09-05T02:30:00.223456Z",
        "bytes": 1480, "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "progress": { "processed": 2, "total": 2 }, "counts": counts, "byResource": { "schools": one("created"), "classes": one("rejected") },
        "links": { "self": link(""), "issues": link("/issues"), "rejected": link("/rejected"), "receipt": link("/receipt") },
    })
}

/// A report in which one of two records was rejected.
fn report() -> Value {
    let mut report = summary();
    let rule = catalogue::find("PT-012").map(|rule| crate::model::issue::Issue::new(rule, "/name")).map(|mut issue| {
        issue.with("member", "name");
        issue.json(crate::model::issue::Language::English)
    });
    let mut issue = rule.unwrap_or_default();
    issue["index"] = 1.into();
    issue["resource"] = "classes".into();
    issue["key"] = json!({ "schoolCode": "31000501", "schoolYear": "2025-2026", "classCode": "6A1" });
    report["issueGroups"] = json!([{ "code": issue["code"], "resource": "classes", "severity": "error", "count": 1, "firstIndex": 1,
        "pointer": issue["pointer"], "message": issue["message"], "hint": issue["hint"] }]);
    report["issues"] = json!([issue]);
    report
}

fn rejected_report() -> Value {
    let mut report = report();
    report["result"] = "rejected".into();
    report["atomicity"] = "all".into();
    report["counts"]["created"] = 0.into();
    report["counts"]["rejected"] = 2.into();
    report["byResource"]["schools"]["created"] = 0.into();
    report["byResource"]["schools"]["rejected"] = 1.into();
    report
}

fn listed() -> Value {
    let mut item = summary();
    item["clientName"] = "Phần mềm quản lý trường học".into();
    item["schools"] = json!(["31000501"]);
    item
}

fn queued_report() -> Value {
    let mut report = summary();
    let nothing = json!({ "received": 0, "created": 0, "updated": 0, "unchanged": 0, "deleted": 0, "parked": 0, "rejected": 0, "warnings": 0 });
    report["status"] = "queued".into();
    report["result"] = Value::Null;
    report["completedAt"] = Value::Null;
    report["progress"] = json!({ "processed": 0, "total": 2 });
    report["counts"] = nothing;
    report["byResource"] = json!({});
    report["issues"] = json!([]);
    report["issueGroups"] = json!([]);
    report
}
