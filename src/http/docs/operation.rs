//! An operation: what it takes and what it answers.

use crate::http::docs::speech::Speech;
use crate::http::docs::{markup, schema, trial};
use maud::{Markup, html};
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, OpenApi, RefOr, Response};

/// An operation and where it stands.
pub struct Shown<'a> {
    /// Its path.
    pub path: &'a str,
    /// Its method, in capitals.
    pub method: &'static str,
    /// Itself.
    pub operation: &'a Operation,
}

impl Shown<'_> {
    /// The anchor in the page.
    pub fn id(&self) -> &str {
        self.operation.operation_id.as_deref().unwrap_or_default()
    }
    /// The first of its tags; there is no other.
    pub fn tag(&self) -> &str {
        self.operation.tags.iter().flatten().next().map_or("", String::as_str)
    }
    /// What it does, in a few words.
    pub fn summary(&self) -> &str {
        self.operation.summary.as_deref().unwrap_or_default()
    }
}

/// The section of an operation.
pub fn operation(shown: &Shown, document: &OpenApi, speech: Speech) -> Markup {
    let operation = shown.operation;
    let parameters: Vec<&Parameter> =
        operation.parameters.iter().flatten().filter_map(|parameter| resolved(parameter, document)).collect();
    let open = operation.security.as_ref().is_some_and(Vec::is_empty);
    html! {
        details.operation id=(shown.id()) {
            summary {
                span class={ "method " (shown.method) } { (shown.method) } " " code.path { (shown.path) } " "
                span.what { (speech.text(shown.summary())) } @if open { " " span.tag { (speech.of("mở", "open")) } }
            }
            div.inside {
                @if let Some(text) = &operation.description { (markup::paragraphs(&speech.text(text))) }
                @if !parameters.is_empty() { h4 { (speech.of("Tham số", "Parameters")) } (table(&parameters, speech)) }
                @for (media, content) in bodies(operation) { h4 { (speech.of("Nội dung gửi ", "Body ")) code { (media) } } (described(content, speech)) }
                h4 { (speech.of("Trả lời", "Answers")) }
                @for (status, response) in &operation.responses.responses { (answer(status, response, document, speech)) }
                (trial::form(shown, &parameters, speech))
            }
        }
    }
}

fn resolved<'a>(parameter: &'a RefOr<Parameter>, document: &'a OpenApi) -> Option<&'a Parameter> {
    match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(named) => match document.components.as_ref()?.parameters.get(name(&named.ref_location))? {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        },
    }
}

fn name(location: &str) -> &str {
    location.rsplit('/').next().unwrap_or_default()
}

/// What can be sent, by media type.
pub fn bodies(operation: &Operation) -> impl Iterator<Item = (&str, &Content)> {
    let contents = match &operation.request_body {
        Some(RefOr::T(body)) => Some(&body.content),
        _ => None,
    };
    contents.into_iter().flatten().filter_map(|(media, content)| match content {
        RefOr::T(content) => Some((media.as_str(), content)),
        RefOr::Ref(_) => None,
    })
}

/// `path`, `query` or `header`.
pub fn place(parameter: &Parameter) -> String {
    json!(parameter.parameter_in).as_str().unwrap_or_default().to_owned()
}

/// Must it be given?
pub fn is_required(parameter: &Parameter) -> bool {
    json!(parameter.required) == Value::Bool(true)
}

fn table(parameters: &[&Parameter], speech: Speech) -> Markup {
    html! {
        div.wide { table { tbody { @for parameter in parameters.iter().filter(|parameter| !parameter.name.contains('[') || is_lone(parameter, parameters)) {
            tr {
                td { code { (parameter.name) } @for operator in operators(parameter, parameters) { " " code { (operator) } } @if is_required(parameter) { span.required title=(speech.of("bắt buộc", "required")) { "*" } } div.quiet { code { (place(parameter)) } } }
                td { @if let Some(shape) = &parameter.schema { (schema::kind(shape, speech)) } }
                td { (markup::inline(&speech.text(parameter.description.as_deref().unwrap_or_default()))) }
            }
        } } } }
    }
}

/// `[gte]`, `[in]`: what else the parameter can be compared by.
fn operators<'a>(parameter: &Parameter, all: &[&'a Parameter]) -> Vec<&'a str> {
    all.iter()
        .filter_map(|other| other.name.strip_prefix(parameter.name.as_str()))
        .filter(|rest| rest.starts_with('['))
        .collect()
}

/// Has it no parameter without operator beside it, in whose row it could stand?
fn is_lone(parameter: &Parameter, all: &[&Parameter]) -> bool {
    let base = parameter.name.split('[').next().unwrap_or_default();
    !all.iter().any(|other| other.name == base)
}

fn described(content: &Content, speech: Speech) -> Markup {
    html! {
        @if let Some(shape) = &content.schema {
            @match shape {
                RefOr::T(Schema::Object(object)) if object.properties.is_empty() => p { (markup::inline(&speech.text(object.description.as_deref().unwrap_or_default()))) },
                RefOr::T(Schema::Object(_)) => (schema::whole(shape, speech)),
                _ => p { (schema::kind(shape, speech)) },
            }
        }
        @if let Some(example) = &content.example { (schema::example(example, speech)) }
    }
}

fn answer(status: &str, response: &RefOr<Response>, document: &OpenApi, speech: Speech) -> Markup {
    let known =
        |location: &str| document.components.as_ref().and_then(|components| components.responses.get(name(location)));
    let (response, is_problem) = match response {
        RefOr::T(response) => (response, false),
        RefOr::Ref(named) => match known(&named.ref_location) {
            Some(RefOr::T(response)) => (response, true),
            _ => return html! {},
        },
    };
    let contents = response
        .content
        .iter()
        .filter_map(|(media, content)| if let RefOr::T(content) = content { Some((media, content)) } else { None });
    html! {
        div.answer {
            span class={ "status s" (&status[..1]) } { (status) } " " (markup::inline(&speech.text(&response.description)))
            @if is_problem { " " a href="#schema-Problem" { code { "Problem" } } } @else {
                @for (media, content) in contents { div.content { code { (media) } " " (described(content, speech)) } }
            }
        }
    }
}
