//! The shapes of rules and their examples.

use crate::http::openapi::shape::{Shape, cell, choice, count, free, list, named, object, or_null, text, truth};
use crate::http::openapi::shapes::SEVERITIES;

/// The shapes and their names.
pub fn shapes() -> Vec<(&'static str, Shape)> {
    vec![
        ("Texts", texts()),
        ("Rule", rule()),
        ("RuleExample", example()),
        ("ExampleRequest", request()),
        ("ExampleRecord", record()),
        ("ExampleSheet", sheet()),
    ]
}

fn texts() -> Shape {
    object("A text in both languages. `{name}` stands for a value of the issue.")
        .must("vi", text("Vietnamese."))
        .must("en", text("English."))
        .build()
}

fn rule() -> Shape {
    object("A rule of the catalogue.")
        .must("code", text("Stable for ever."))
        .must("severity", choice("What breaking it does, unless the issue says otherwise.", SEVERITIES))
        .must("resources", list("Resources whose records it judges; empty: all.", text("")))
        .must("fields", list("Members that it looks at; empty: any.", text("")))
        .must("message", named("Texts"))
        .must("hint", named("Texts"))
        .must("source", text("Circular and article, or this service."))
        .must("since", or_null(text("First school year it holds for; `null`: always.")))
        .must("examples", named("RuleExample"))
        .build()
}

fn example() -> Shape {
    object(
        "How the rule is broken and how it is kept, in a small school that holds the example record of every resource.",
    )
    .must("pointer", text("Where it is told: JSON Pointer within the record; empty: of the whole record."))
    .may("given", named("Texts"))
    .must("primary", truth("Does it stand in a small primary school?"))
    .must("finding", truth("Is it told as a finding of the school, after the records were taken?"))
    .must("grants", list("Schools that the client is granted; empty: all.", text("")))
    .must("also", list("Rules that are broken along with it.", text("")))
    .must("before", list("What was sent before.", named("ExampleRequest")))
    .must("beside", list("Records that are sent along on both sides.", named("ExampleRecord")))
    .must("breaks", named("ExampleRequest"))
    .must("keeps", named("ExampleRequest"))
    .build()
}

fn request() -> Shape {
    object("A request: of records, of lines as they stand, of a workbook, or of any JSON.")
        .may("grants", list("Schools that the one who sends it is granted; left out: those of the example.", text("")))
        .must("request", text("Method and path."))
        .may("records", list("Records of a submission.", named("ExampleRecord")))
        .may("text", text("Lines as they stand: NDJSON, or CSV where the path names a resource or a file."))
        .may("encoding", choice("How the lines are encoded; left out: UTF-8.", &["latin1"]))
        .may("sheets", list("Sheets of a workbook.", named("ExampleSheet")))
        .may("body", free("JSON."))
        .build()
}

fn record() -> Shape {
    object("A record, or several that are alike. The members are laid over the example record of the resource; `null` takes one out.")
        .must("resource", text("Its resource."))
        .may("operation", choice("Left out: `upsert`.", &["delete"]))
        .must("data", free("The members that matter."))
        .may("each", free("Members that differ from record to record: a list of values, or codes from the first to the last (`3100020001…3100020012`)."))
        .build()
}

fn sheet() -> Shape {
    object("A sheet of a workbook.")
        .must("name", text("Its name."))
        .must(
            "rows",
            list(
                "Its cells, the headings first; `=C2` is a formula whose result is not in the file.",
                list("", cell()),
            ),
        )
        .may("hiddenColumns", list("Letters of hidden columns.", text("")))
        .may("hiddenRows", list("Numbers of hidden rows.", count("")))
        .may("merged", list("Merged cells.", text("")))
        .build()
}
