//! The shapes that several operations share: problems, issues, reports, rules, clients, and pages of them.

use crate::access::{ClientKind, SENSITIVE_READ};
use crate::error::KINDS;
use crate::http::openapi::records::submitted;
use crate::http::openapi::shape;
use crate::http::openapi::shape::{
    Shape, choice, count, free, instant, list, map, matching, named, number, object, or_null, text, truth, uri, uuid,
};
use crate::http::openapi::{clients, crosswalks, reporting_periods};
use crate::model;
use crate::model::spec::Spec;
use utoipa::openapi::schema::{Discriminator, OneOfBuilder};

/// The severities of issues.
pub const SEVERITIES: &[&str] = &["error", "warning", "info"];

/// Every shape and its name.
pub fn shapes() -> Vec<(&'static str, Shape)> {
    let shapes = vec![
        ("Problem", problem_shape()),
        ("Issue", issue()),
        ("ReportedIssue", reported_issue()),
        ("IssueGroup", group()),
    ];
    let more = vec![
        ("Counts", counts()),
        ("SubmissionSummary", submission(false)),
        ("Submission", submission(true)),
        ("SubmittedRecord", record()),
    ];
    let rest = vec![("ParkedRecord", parked()), ("Meta", meta()), ("Client", client(false))];
    let last = vec![
        ("ClientWithSecret", client(true)),
        ("Grants", grants()),
        ("NewClient", new_client()),
        ("TokenFault", token_fault()),
        ("Token", clients::token_shape()),
    ];
    let pages = [
        ("SubmissionPage", "SubmissionSummary"),
        ("IssuePage", "ReportedIssue"),
        ("ParkedPage", "ParkedRecord"),
        ("RulePage", "Rule"),
        ("ClientPage", "Client"),
        ("CrosswalkPage", "Crosswalk"),
        ("ReportingPeriodPage", "ReportingPeriod"),
    ];
    let pages = pages.map(|(name, item)| (name, page_of(item)));
    [
        shapes,
        more,
        rest,
        last,
        crosswalks::shapes(),
        reporting_periods::shapes(),
        crate::http::openapi::findings::shapes(),
        crate::http::openapi::rules::shapes(),
        pages.into(),
    ]
    .concat()
}

/// A page of items of this shape.
pub fn page_of(item: &str) -> Shape {
    let next = or_null(text("Where the next page begins: send it as `cursor`. `null`: this was the last page."));
    object("A page of a list.").must("items", list("", named(item))).must("nextCursor", next).build()
}

fn problem_shape() -> Shape {
    let codes: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
    object("What went wrong with a request (RFC 9457).")
        .must("type", uri("Stable URI of the kind of problem, relative to the gateway's address; it answers with its documentation."))
        .must("title", text("The kind of problem in words, in the language asked for."))
        .must("status", number("The HTTP status.", 400, 599))
        .must("detail", text("What happened, what was expected, what to do, in the language asked for."))
        .must("instance", uri("The path of the request."))
        .must("code", choice("Stable code of the kind of problem, for programs.", &codes))
        .must("requestId", text("The request's id, as in `X-Request-Id`: name it when you ask the operator."))
        .may("issues", list("What is wrong with the record, when a record is at fault.", named("Issue")))
        .build()
}

fn issue_members(description: &str) -> shape::Members {
    object(description)
        .must("pointer", text("JSON Pointer of the member, relative to the record's `data`; empty: the whole record."))
        .must("code", matching("The rule, stable for ever; `/v1/rules/{code}` explains it.", "^[A-Z]{2}-[0-9]{3}$"))
        .must(
            "severity",
            choice("`error` rejects the record, `warning` keeps it, `info` tells of a repair or a state.", SEVERITIES),
        )
        .must("message", text("What is wrong, with the value and what was expected."))
        .must("hint", text("What to do."))
}

fn issue() -> Shape {
    issue_members("One rule that a record breaks.").build()
}

fn reported_issue() -> Shape {
    let members = issue_members("One rule that a record of a submission breaks.")
        .must("index", count("The record's place in the submission, from 0."))
        .must("resource", or_null(text("Its resource; `null` for a line that is no record.")))
        .must("key", or_null(free("Its key; `null` when it could not be read.")));
    in_sheet(members).build()
}

fn in_sheet(members: shape::Members) -> shape::Members {
    members
        .may("sheet", text("Of a workbook: the sheet that the record stood in."))
        .may("row", count("Of a sheet: the row, as a spreadsheet numbers it."))
        .may("column", matching("Of a sheet: the letters of the column that the issue is about.", "^[A-Z]{1,3}$"))
        .may("heading", text("Of a sheet: what stands above that column."))
}

fn group() -> Shape {
    let members = object("Issues with the same cause, as one: a thousand results of an unknown student are one group.")
        .must("code", text("The rule."))
        .must("resource", or_null(text("The resource of the records.")))
        .must("severity", choice("As of the issues.", SEVERITIES))
        .must("count", count("How many issues."))
        .must("firstIndex", count("The first record with it, from 0."))
        .must("pointer", text("Where the first stands, as a JSON pointer relative to `data`."))
        .must("message", text("The message of the first."))
        .must("hint", text("What to do about the first."));
    in_sheet(members).build()
}

fn counts() -> Shape {
    object("Records by outcome: `created + updated + unchanged + deleted + parked + rejected = received`, always.")
        .must("received", count("All that came."))
        .must("created", count("Stored for the first time."))
        .must("updated", count("A new version."))
        .must("unchanged", count("Equal to what is stored, superseded within the submission, or nothing there to delete."))
        .must("deleted", count("Deleted."))
        .must("parked", count("Waiting for the record that they refer to."))
        .must("rejected", count("Not kept; the issues say why."))
        .must("warnings", count("Issues that are warnings."))
        .may("removed", count("Of a replacement only: stored records removed because they were not sent; they are no part of `received`. Of a dry run: how many would be."))
        .build()
}

fn submission(whole: bool) -> Shape {
    let names: Vec<&str> = model::all().iter().map(|spec| spec.name).collect();
    let summary = object(if whole { "The report of a submission." } else { "A submission without its issues." })
        .must("id", uuid("The submission."))
        .must(
            "status",
            choice(
                "Where the work stands. `failed`: the body broke off; send it again.",
                &["queued", "processing", "completed", "failed"],
            ),
        )
        .must(
            "result",
            or_null(choice(
                "`accepted`: all kept; `partial`: some rejected; `rejected`: nothing kept. `null`: not done yet.",
                &["accepted", "partial", "rejected"],
            )),
        )
        .must("mode", choice("As asked.", &["commit", "validate"]))
        .must("atomicity", choice("As asked.", &["record", "all"]))
        .must("clientId", uuid("The client that sent it."))
        .must("receivedAt", instant("When it came."))
        .must("completedAt", or_null(instant("When the work was done.")))
        .must("bytes", or_null(count("Bytes of the body as they came over the wire.")))
        .must("sha256", or_null(text("SHA-256 of those bytes, hexadecimal: proves what was received.")))
        .must("progress", progress())
        .must("counts", named("Counts"))
        .must("byResource", map(&format!("Counts by resource: {}.", names.join(", ")), named("Counts")))
        .must("links", links())
        .may("replacement", replacement());
    if !whole {
        return summary.build();
    }
    let issues = list(
        "The first 100 issues by index, severity and pointer; `links.issues` pages through all.",
        named("ReportedIssue"),
    );
    summary
        .must("issues", issues)
        .must(
            "issueGroups",
            list(
                "At most 100 groups, the largest first; while the work runs, those of the first 10,000 issues.",
                named("IssueGroup"),
            ),
        )
        .build()
}

fn replacement() -> Shape {
    object("The set that the records replace, as asked.")
        .must("resource", text("The resource."))
        .must("schoolCode", text("The school."))
        .may("schoolYear", text("The school year, where the resource has one."))
        .may("confirmRemovals", count("The number confirmed."))
        .build()
}

fn progress() -> Shape {
    let total = or_null(count("Records in all; `null` while unknown."));
    object("How far the work is.")
        .must("processed", count("Records whose outcome is known."))
        .must("total", total)
        .build()
}

fn links() -> Shape {
    let names = ["self", "issues", "rejected", "receipt"];
    names.into_iter().fold(object("Paths of its parts."), |links, name| links.must(name, uri(""))).build()
}

/// A record of any resource, which its member `resource` names.
fn record() -> Shape {
    let location = |spec: &Spec| format!("#/components/schemas/{}", submitted(spec));
    let mapping = model::all().iter().map(|spec| (spec.name, location(spec)));
    let any = model::all().iter().fold(OneOfBuilder::new(), |any, spec| any.item(named(&submitted(spec))));
    any.description(Some("A record of a submission."))
        .discriminator(Some(Discriminator::with_mapping("resource", mapping)))
        .into()
}

fn parked() -> Shape {
    let what = object("A record that is not there yet.")
        .must("resource", text("Its resource."))
        .must("key", text("Its key, parts joined by `/`."))
        .build();
    object("A record that waits for others.")
        .must("index", count("Its place in the submission, from 0."))
        .must("resource", text("Its resource."))
        .must("key", text("Its key, parts joined by `/`."))
        .must("parkedAt", instant("Since when."))
        .must("expiresAt", instant("When it is rejected if they have not come."))
        .must("waitsFor", list("What it waits for.", what))
        .build()
}

fn meta() -> Shape {
    object("Where a stored record comes from.")
        .must("version", number("1 for the first; the `ETag` is this number in quotes.", 1, isize::MAX))
        .must("changedAt", instant("When this version was stored."))
        .must("submissionId", or_null(uuid("The submission that brought it; `null` for a single write.")))
        .must("clientId", uuid("The client that sent it."))
        .build()
}

fn kind_names() -> Vec<&'static str> {
    ClientKind::ALL.iter().map(|kind| kind.as_str()).collect()
}

fn client(with_secret: bool) -> Shape {
    let client = object("A client.")
        .must("clientId", uuid("Its id."))
        .must("name", text("For people; need not be unique."))
        .must("kind", choice("What it is.", &kind_names()))
        .must("scopes", list("Scopes it may ask for.", choice("", &[SENSITIVE_READ])))
        .must("grants", named("Grants"))
        .must("createdAt", instant("When it was made."))
        .must("revokedAt", or_null(instant("When it lost its access.")));
    if !with_secret {
        return client.build();
    }
    client.must("clientSecret", text("Shown this once; only its hash is kept.")).build()
}

fn grants() -> Shape {
    object("The schools that a client is concerned with.")
        .may("allSchools", truth("Every school."))
        .may("schools", list("Codes of single schools; they need not exist yet.", text("")))
        .may("communes", list("Codes of communes, for all their schools.", text("")))
        .closed()
        .build()
}

fn new_client() -> Shape {
    object("A client to be made.")
        .must("name", text("1 to 200 characters."))
        .must("kind", choice("What it is.", &kind_names()))
        .may("grants", named("Grants"))
        .may("scopes", list("Scopes it may ask for.", choice("", &[SENSITIVE_READ])))
        .closed()
        .build()
}

fn token_fault() -> Shape {
    let codes = ["invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"];
    object("A fault of the token request (RFC 6749, section 5.2).")
        .must("error", choice("Its code.", &codes))
        .must("error_description", text("What to do."))
        .build()
}
