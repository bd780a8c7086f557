//! What several operations share: shapes, common parameters and headers, the answers of every problem, and how a client
//! proves who it is.

use crate::access::clients::ClientSummary;
use crate::error;
use crate::error::{Error, KINDS, ProblemKind};
use crate::http::api::submission_report::{ReportedIssue, SubmissionReport, SubmissionSummary};
use crate::http::api::{
    clients, crosswalks, finding_report, findings, health, oauth, official_code, reference, reporting_periods, rules,
    sheet_layouts,
};
use crate::http::openapi::operation::{content, in_header, in_query};
use crate::http::openapi::shape::{Shape, choice, count, matching, named, number, pascal, text, uri};
use crate::http::openapi::shapes;
use crate::http::problem;
use crate::http::request::context::RequestContext;
use crate::http::request::paging::Page;
use crate::http::request::reporting_period::{ExtensionRequest, ReportingPeriodRequest};
use crate::intake::sheet::layouts::layout::Layout;
use crate::model::issue::{Issue, Language};
use crate::model::messages::{Message, message};
use crate::model::rules::catalogue;
use crate::model::wording::BodyForm;
use crate::submission::waiting::Waiting;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::ComponentsBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, Header, Ref, Response};

/// The components, those of the resources aside.
pub fn components() -> ComponentsBuilder {
    let components = shapes::shapes()
        .into_iter()
        .fold(ComponentsBuilder::new(), |components, (name, shape)| components.schema(name, shape));
    let components = typed().into_iter().fold(components, |components, (name, shape)| components.schema(name, shape));
    let components =
        KINDS.iter().fold(components, |components, kind| components.response(pascal(kind.code), answer(*kind)));
    let components =
        headers().into_iter().fold(components, |components, (name, header)| components.header(name, header));
    security(parameters(components))
}

/// Adds the shape of a type and those that it names.
fn add<T: ToSchema>(shapes: &mut Vec<(String, Shape)>) {
    T::schemas(shapes);
    shapes.push((T::name().into_owned(), T::schema()));
}

/// The shapes of the types that handlers take and give.
fn typed() -> Vec<(String, Shape)> {
    let mut shapes = Vec::new();
    add::<Page<ClientSummary>>(&mut shapes);
    add::<clients::ClientWithSecret>(&mut shapes);
    add::<clients::ClientSecret>(&mut shapes);
    add::<clients::NewClientRequest>(&mut shapes);
    add::<clients::GrantsRequest>(&mut shapes);
    add::<Page<reporting_periods::PeriodReport>>(&mut shapes);
    add::<Page<sheet_layouts::LayoutReport>>(&mut shapes);
    add::<Layout>(&mut shapes);
    add::<ReportingPeriodRequest>(&mut shapes);
    add::<ExtensionRequest>(&mut shapes);
    add::<Page<crosswalks::CrosswalkReport>>(&mut shapes);
    add::<crosswalks::CrosswalkRequest>(&mut shapes);
    add::<Page<finding_report::FindingReport>>(&mut shapes);
    add::<findings::DecisionRequest>(&mut shapes);
    add::<official_code::OfficialCodeRequest>(&mut shapes);
    add::<SubmissionReport>(&mut shapes);
    add::<Page<SubmissionSummary>>(&mut shapes);
    add::<Page<ReportedIssue>>(&mut shapes);
    add::<Page<Waiting>>(&mut shapes);
    add::<Page<rules::RuleReport>>(&mut shapes);
    add::<oauth::TokenReport>(&mut shapes);
    add::<oauth::TokenFault>(&mut shapes);
    add::<oauth::ServerMetadata>(&mut shapes);
    add::<health::HealthState>(&mut shapes);
    add::<problem::Explanation>(&mut shapes);
    add::<reference::LoadedReference>(&mut shapes);
    add::<Page<reference::CodeListSummary>>(&mut shapes);
    add::<reference::CodeList>(&mut shapes);
    shapes
}

/// The problem document that this kind of problem is told in.
pub fn problem_example(kind: ProblemKind, detail: Message) -> Value {
    let language = Language::English;
    let context = RequestContext {
        request_id: "0199a2b4-6c1e-7d02-9c55-3f1f6f0b7a10".into(),
        language,
        path: "/v1/students/3100000001".into(),
        bearer: true,
        form: BodyForm::Program,
    };
    let mut error = Error::new(kind, detail);
    if kind == error::INVALID {
        error.issues.extend(issue_example());
    }
    problem::body(&error, &context)
}

fn issue_example() -> Option<Issue> {
    let mut issue = Issue::new(catalogue::find("PT-012")?, "/birthDate");
    issue.with("member", "birthDate");
    Some(issue)
}

fn answer(kind: ProblemKind) -> Response {
    let detail = message("example-of-a-problem");
    let response = ResponseBuilder::new()
        .description(format!("{}. {}.", kind.title, kind.title_vi))
        .header_ref("X-Request-Id", Ref::new("#/components/headers/RequestId"))
        .content(problem::MEDIA_TYPE, content(named("Problem"), Some(problem_example(kind, detail))));
    match kind {
        error::RATE_LIMITED | error::UNAVAILABLE => {
            response.header_ref("Retry-After", Ref::new("#/components/headers/RetryAfter"))
        }
        error::UNAUTHENTICATED => response.header_ref("WWW-Authenticate", Ref::new("#/components/headers/Challenge")),
        error::METHOD_NOT_ALLOWED => response.header_ref("Allow", Ref::new("#/components/headers/Allow")),
        _ => response,
    }
    .build()
}

fn headers() -> Vec<(&'static str, Header)> {
    let header = |description: &str, shape: Shape| {
        HeaderBuilder::new().schema(Some(shape)).description(Some(description)).build()
    };
    vec![
        ("RequestId", header("The request's id: yours when you sent a sane one, else a new one.", text("").into())),
        ("RetryAfter", header("Seconds after which to send the request again.", count("").into())),
        ("Challenge", header("`Bearer`, and why the token was refused (RFC 6750).", text("").into())),
        ("Allow", header("The methods that the path takes.", text("").into())),
        ("Link", header("`<…>; rel=\"next\"`: the next page, when there is one (RFC 8288).", text("").into())),
        ("ETag", header("The version of the record in quotes, for `If-Match`.", text("").into())),
        (
            "Official",
            header(
                "The path under the official code, where the request named a provisional one that gave way to it.",
                uri("").into(),
            ),
        ),
        ("Location", header("Path of what was made.", uri("").into())),
        (
            "Replayed",
            header("`true`: this is the first answer to the `Idempotency-Key` again.", choice("", &["true"]).into()),
        ),
    ]
}

fn parameters(components: ComponentsBuilder) -> ComponentsBuilder {
    let cursor = "Where the page begins: `nextCursor` of the page before.";
    let language = "Language of titles, messages and hints: `vi` (default) or `en`.";
    components
        .parameter("Limit", in_query("limit", "Items a page, 1 to 1000; 100 unless said.", number("", 1, 1000)))
        .parameter("Cursor", in_query("cursor", cursor, matching("", "^[A-Za-z0-9_-]+$")))
        .parameter("Language", in_header("Accept-Language", language, text("")))
}

fn security(components: ComponentsBuilder) -> ComponentsBuilder {
    let bearer = "`Authorization: Bearer …` with an access token: `POST /oauth/token` gives one for an hour (client credentials, RFC 6749, section 4.4), `/.well-known/oauth-authorization-server` describes it.";
    let http = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(bearer)).build();
    components.security_scheme("bearer", SecurityScheme::Http(http))
}

/// The components with the resources' own added.
pub fn with_resources(schemas: Vec<(String, Shape)>) -> Components {
    schemas.into_iter().fold(components(), |components, (name, shape)| components.schema(name, shape)).build()
}
