//! The shapes that several operations share: problems, issues, reports, rules, clients, and pages of them.

use crate::error::KINDS;
use crate::http::openapi::records::submitted;
use crate::http::openapi::shape;
use crate::http::openapi::shape::{
    Shape, choice, instant, list, matching, named, number, object, or_null, text, uri, uuid,
};
use crate::model;
use crate::model::spec::Spec;
use utoipa::openapi::schema::{Discriminator, OneOfBuilder};

/// The severities of issues.
pub const SEVERITIES: &[&str] = &["error", "warning", "info"];

/// Every shape and its name that is no type of the program's.
pub fn shapes() -> Vec<(&'static str, Shape)> {
    vec![
        ("Problem", problem_shape()),
        ("Issue", issue()),
        ("MemberFault", member_fault()),
        ("SubmittedRecord", record()),
        ("Meta", meta()),
    ]
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
        .may("errors", list("What is wrong with the members of the body, when it is none of records.", named("MemberFault")))
        .build()
}

fn member_fault() -> Shape {
    object("A fault of one member of the body.")
        .must("pointer", text("JSON Pointer of the member, from the root of the body; empty: the body."))
        .must("detail", text("What is wrong, and what was expected, in the language asked for."))
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

/// A record of any resource, which its member `resource` names.
fn record() -> Shape {
    let location = |spec: &Spec| format!("#/components/schemas/{}", submitted(spec));
    let mapping = model::all().iter().map(|spec| (spec.name, location(spec)));
    let any = model::all().iter().fold(OneOfBuilder::new(), |any, spec| any.item(named(&submitted(spec))));
    any.description(Some("A record of a submission."))
        .discriminator(Some(Discriminator::with_mapping("resource", mapping)))
        .into()
}

fn meta() -> Shape {
    object("Where a stored record comes from.")
        .must("version", number("1 for the first; the `ETag` is this number in quotes.", 1, isize::MAX))
        .must("changedAt", instant("When this version was stored."))
        .must("submissionId", or_null(uuid("The submission that brought it; `null` for a single write.")))
        .must("clientId", uuid("The client that sent it."))
        .build()
}
