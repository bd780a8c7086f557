//! The operations of findings.

use crate::access::Permission;
use crate::checks::check::checks;
use crate::error::{BAD_REQUEST, NOT_ACCEPTABLE, NOT_FOUND, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE};
use crate::http::openapi::operation::{CSV, JSON, NDJSON, Operation, XLSX, content, in_path, in_query, json, page};
use crate::http::openapi::shape::{binary, choice, matching, moment, named, text, truth, uuid};
use crate::http::openapi::shapes::SEVERITIES;
use crate::model;
use crate::model::issue::{Issue, Language};
use crate::model::rules::catalogue;
use serde_json::{Value, json};
use utoipa::openapi::path::{HttpMethod, Parameter};

/// The tag of these operations.
pub const TAG: &str = "Findings";

/// The operations.
pub fn operations() -> Vec<Operation> {
    vec![list_all(), read(), decide()]
}

fn list_all() -> Operation {
    let codes: Vec<&str> = checks().map(|check| check.rule.code).collect();
    let resources: Vec<&str> = model::all().iter().map(|spec| spec.name).collect();
    let line = example();
    let answer = page(
        "Newest first; with `count=true` also `total`.",
        "FindingPage",
        json!({ "items": [line], "nextCursor": null, "total": 1 }),
    )
    .content(NDJSON, content(text("One finding a line, all of them.").into(), Some(format!("{line}\n").into())))
    .content(
        CSV,
        content(text("With a heading, all of them; UTF-8 with byte order mark.").into(), Some(HEADING.into())),
    )
    .content(XLSX, content(binary("A workbook, all of them.").into(), None));
    Operation::new(HttpMethod::Get, "/v1/findings", "listFindings", TAG, "List what whole schools lack")
        .describe("Checks that no single record decides: class sizes, missing teachers, shifted columns, likely duplicates. They run soon after every write for the schools it touched, and nightly for all; a finding opens when the fault appears and closes by itself when the data are mended.")
        .describe("A school's software sees those of its schools, the sector's staff those of their area. `Accept` with the media type of NDJSON, CSV or XLSX gives all of them at once.")
        .only(Permission::ReadFindings)
        .parameters([
            in_query("schoolCode", "Of this school.", matching("", "^[0-9]{8}$")),
            in_query("code", "Of this rule.", choice("", &codes)),
            in_query("resource", "That point at this resource.", choice("", &resources)),
            in_query("severity", "Of this severity.", choice("", SEVERITIES)),
            in_query("status", "`open` (default), `closed` or `all`.", choice("", &["open", "closed", "all"])),
            in_query("since", "Opened, changed, decided or closed then or later.", moment("")),
            in_query("count", "`true`: the answer has `total`.", truth("")),
        ])
        .shared(&["Limit", "Cursor", "Language"])
        .answer(200, answer)
        .problems(&[BAD_REQUEST, NOT_ACCEPTABLE])
}

const HEADING: &str = "id,schoolCode,code,severity,resource,key,pointer,message,hint,openedAt,closedAt\r\n";

fn id() -> Parameter {
    in_path("id", "The finding.", uuid(""))
}

fn read() -> Operation {
    Operation::new(HttpMethod::Get, "/v1/findings/{id}", "readFinding", TAG, "Read a finding")
        .only(Permission::ReadFindings)
        .parameter(id())
        .shared(&["Language"])
        .answer(200, json("The finding.", named("Finding"), example()))
        .problems(&[NOT_FOUND])
}

fn decide() -> Operation {
    let sent = json!({ "decision": "distinct", "note": "Hai em sinh đôi." });
    let mut decided = example();
    decided["closedAt"] = "2025-09-06T03:00:00.123456Z".into();
    decided["changedAt"] = decided["closedAt"].clone();
    decided["decision"] = json!({ "decision": "distinct", "note": "Hai em sinh đôi.", "decidedAt": decided["closedAt"], "decidedBy": "01999f00-1b2c-7a33-8d44-5e55f6607788" });
    Operation::new(HttpMethod::Put, "/v1/findings/{id}/decision", "decideFinding", TAG, "Decide of a likely duplicate")
        .describe("Of `ID-022` only; the decision counts for the pair, whichever of its schools has the finding. It can be decided otherwise later.")
        .only(Permission::DecideFindings)
        .parameter(id())
        .shared(&["Language"])
        .body("The decision.", vec![(JSON, content(named("NewDecision"), Some(sent)))])
        .answer(200, json("The finding as it stands now.", named("Finding"), decided))
        .problems(&[BAD_REQUEST, NOT_FOUND, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE])
}

fn example() -> Value {
    let mut issue = Issue::new(&catalogue::ID_022, "/fullName");
    issue.with("student", "3100000001").with("other", "3100000009");
    let mut finding = issue.json(Language::English);
    finding["id"] = "3f1f6f0b-7a10-4c1e-9d02-0199a2b46c1e".into();
    finding["schoolCode"] = "31000501".into();
    finding["schoolYear"] = Value::Null;
    finding["resource"] = "students".into();
    finding["key"] = json!({ "studentCode": "3100000001" });
    finding["openedAt"] = "2025-09-05T02:30:00.123456Z".into();
    finding["changedAt"] = finding["openedAt"].clone();
    finding["closedAt"] = Value::Null;
    finding["decision"] = Value::Null;
    finding
}
