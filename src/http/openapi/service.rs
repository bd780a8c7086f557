//! The operations that are open to everyone: rules, problems, health, documentation.

use crate::error::{BAD_REQUEST, INVALID, KINDS, NOT_ACCEPTABLE, NOT_FOUND, UNAVAILABLE};
use crate::http::api::rules::RuleReport;
use crate::http::docs::guides::GUIDES;
use crate::http::docs::samples::SAMPLES;
use crate::http::openapi::operation::{JSON, Operation, content, in_path, in_query, json, page, response};
use crate::http::openapi::shape::{choice, named, text};
use crate::http::problem;
use crate::model;
use crate::model::rules::catalogue;
use serde_json::{Value, json};
use utoipa::openapi::Ref;
use utoipa::openapi::path::{HttpMethod, Parameter};

/// The tag of the rules.
pub const RULES: &str = "Rules";
/// The tag of everything about the service itself.
pub const SERVICE: &str = "Service";

/// The operations of the rule catalogue.
pub fn rules() -> Vec<Operation> {
    vec![list_rules(), read_rule()]
}

/// The operations about the service itself.
pub fn service() -> Vec<Operation> {
    let pages = [root(), docs(), docs_rules(), samples(), sample(), guide(), guide_in()];
    [explain_problem(), explain_problem_in(), live(), ready(), document()].into_iter().chain(pages).collect()
}

fn get(path: &str, id: &str, tag: &str, summary: &str) -> Operation {
    Operation::new(HttpMethod::Get, path, id, tag, summary).open()
}

fn rule_example() -> Value {
    catalogue::find("PT-012").map(|rule| json!(RuleReport::of(rule))).unwrap_or_default()
}

fn list_rules() -> Operation {
    let names: Vec<&str> = model::all().iter().map(|spec| spec.name).collect();
    get("/v1/rules", "listRules", RULES, "List the rules")
        .describe("The whole catalogue in one page, by chapter. A person reads it more easily at `/docs/rules`.")
        .parameter(in_query("resource", "Only the rules that judge records of this resource.", choice("", &names)))
        .answer(200, page("The rules.", "RulePage", json!({ "items": [rule_example()], "nextCursor": null })))
        .problems(&[BAD_REQUEST])
}

fn read_rule() -> Operation {
    get("/v1/rules/{code}", "readRule", RULES, "Read a rule")
        .parameter(in_path("code", "The code of an issue, such as `PT-012`.", text("")))
        .answer(200, json("The rule.", named("Rule"), rule_example()))
        .problems(&[NOT_FOUND])
}

fn explain_problem() -> Operation {
    let codes: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
    let example = json!(problem::Explanation::of(INVALID));
    get("/problems/{code}", "explainProblem", SERVICE, "Explain a kind of problem")
        .describe("The `type` of a problem document leads here.")
        .parameter(in_path("code", "The code of the kind.", choice("", &codes)))
        .answer(
            200,
            json("What it means.", named("ProblemKind"), example)
                .content("text/html", content(text("The same as a page to read.").into(), None)),
        )
        .problems(&[NOT_FOUND, NOT_ACCEPTABLE])
}

fn explain_problem_in() -> Operation {
    let codes: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
    get("/problems/{code}/{language}", "explainProblemIn", SERVICE, "Explain a kind of problem in one language")
        .parameter(in_path("code", "The code of the kind.", choice("", &codes)))
        .parameter(in_path("language", "The language.", choice("", &["vi", "en"])))
        .answer(200, response("It.", vec![("text/html", content(text("").into(), None))]))
        .problems(&[NOT_FOUND])
}

fn live() -> Operation {
    get("/health/live", "readLiveness", SERVICE, "Does the process answer?")
        .answer(200, json("It does.", named("Health"), json!({ "status": "live" })))
        .problems(&[UNAVAILABLE])
}

fn ready() -> Operation {
    get("/health/ready", "readReadiness", SERVICE, "Can the gateway work?")
        .describe("The database is reachable and its schema current.")
        .answer(200, json("It can.", named("Health"), json!({ "status": "ready" })))
        .problems(&[UNAVAILABLE])
}

fn document() -> Operation {
    let shape = crate::http::openapi::shape::free("OpenAPI 3.1.");
    let answer = response("The document.", vec![(JSON, content(shape.into(), None))]);
    get("/openapi.json", "readDocument", SERVICE, "Read this document")
        .describe("With an `ETag`: send it as `If-None-Match`, and 304 says that nothing changed.")
        .answer(200, answer)
        .answer(304, response("Nothing changed.", Vec::new()))
        .problems(&[BAD_REQUEST])
}

fn unchanging(path: &str, id: &str, summary: &str, media: &'static str) -> Operation {
    let answer = response("It.", vec![(media, content(text("").into(), None))]);
    let known = response("With `If-None-Match`: nothing changed.", Vec::new());
    get(path, id, SERVICE, summary).answer(200, answer).answer(304, known).problems(&[BAD_REQUEST])
}

fn html(path: &str, id: &str, summary: &str) -> Operation {
    unchanging(path, id, summary, "text/html")
}

fn root() -> Operation {
    let answer = response("To `/docs`.", Vec::new()).header_ref("Location", Ref::new("#/components/headers/Location"));
    get("/", "readRoot", SERVICE, "Find the pages").answer(307, answer)
}

fn docs() -> Operation {
    html("/docs", "readDocs", "Read and try the API")
}

fn docs_rules() -> Operation {
    html("/docs/rules", "readRuleDocs", "Read and search the rules")
}

fn samples() -> Operation {
    html("/docs/samples", "readSamples", "Read the sample programs")
}

fn sample() -> Operation {
    let names: Vec<&str> = SAMPLES.iter().map(|sample| sample.name).collect();
    unchanging("/docs/samples/{file}", "readSample", "Download a sample program", "text/plain")
        .parameter(in_path("file", "Its name.", choice("", &names)))
        .problems(&[NOT_FOUND])
}

/// The path of a page, each name once.
fn page_name() -> Parameter {
    let mut names: Vec<&str> = GUIDES.iter().map(|guide| guide.page).collect();
    names.dedup();
    in_path("page", "Its name: `guide` is the one for vendors' programmers.", choice("", &names))
}

fn guide() -> Operation {
    html("/docs/{page}", "readGuide", "Read a guide")
        .describe("In Vietnamese, or in English with `Accept-Language: en`, where it is written in both.")
        .parameter(page_name())
        .shared(&["Language"])
        .problems(&[NOT_FOUND])
}

fn guide_in() -> Operation {
    html("/docs/{page}/{language}", "readGuideInLanguage", "Read a guide in a language")
        .parameter(page_name())
        .parameter(in_path(
            "language",
            "In which language; 404 where it is not written in it.",
            choice("", &["vi", "en"]),
        ))
        .problems(&[NOT_FOUND])
}
