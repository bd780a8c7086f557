//! One operation of the API, said in the words that all of them share.

pub use crate::http::request::negotiation::{CSV, JSON, NDJSON};

use crate::access::{ClientKind, Permission};
use crate::error::{
    BAD_REQUEST, FORBIDDEN, INTERNAL, ProblemKind, RATE_LIMITED, TOO_LARGE, UNAUTHENTICATED, UNAVAILABLE,
    UNSUPPORTED_MEDIA_TYPE,
};
use crate::http::openapi::shape::{Shape, named, pascal};
use serde_json::Value;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{Content, Ref, RefOr, Required, Response, SecurityRequirement};

/// For spreadsheets, with the types of the cells.
pub const XLSX: &str = crate::http::export::workbook::MEDIA_TYPE;

/// An operation: where it stands, and what is known of it.
pub struct Operation {
    /// The path, with `{parameters}`.
    pub path: String,
    /// The method.
    pub method: HttpMethod,
    builder: OperationBuilder,
    description: String,
    open: bool,
}

impl Operation {
    /// An operation that needs a token, unless it is said to be [`open`](Self::open).
    pub fn new(method: HttpMethod, path: impl Into<String>, id: &str, tag: &str, summary: &str) -> Self {
        let builder = OperationBuilder::new().operation_id(Some(id)).tag(tag).summary(Some(summary));
        Self { path: path.into(), method, builder, description: String::new(), open: false }
    }
    fn with(mut self, change: impl FnOnce(OperationBuilder) -> OperationBuilder) -> Self {
        self.builder = change(self.builder);
        self
    }
    /// Adds a paragraph.
    pub fn describe(mut self, paragraph: &str) -> Self {
        if !self.description.is_empty() {
            self.description.push_str("\n\n");
        }
        self.description.push_str(paragraph);
        self
    }
    /// Needs no token.
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }
    /// Names the kinds of clients that may do it.
    pub fn only(self, action: Permission) -> Self {
        let kinds: Vec<String> = ClientKind::ALL
            .iter()
            .filter(|kind| action.is_for(**kind))
            .map(|kind| format!("`{}`", kind.as_str()))
            .collect();
        self.describe(&format!("For clients of the kind {}.", kinds.join(", "))).problems(&[FORBIDDEN])
    }
    /// Adds a parameter.
    pub fn parameter(self, parameter: Parameter) -> Self {
        self.with(|builder| builder.parameter(parameter)).problems(&[BAD_REQUEST])
    }
    /// Adds parameters.
    pub fn parameters(self, parameters: impl IntoIterator<Item = Parameter>) -> Self {
        parameters.into_iter().fold(self, Self::parameter)
    }
    /// Adds a parameter of the components.
    pub fn shared(self, names: &[&str]) -> Self {
        names.iter().fold(self, |operation, name| {
            operation.with(|builder| builder.parameter_ref(Ref::new(format!("#/components/parameters/{name}"))))
        })
    }
    /// What is sent, in each of its media types.
    pub fn body(self, description: &str, contents: Vec<(&str, Content)>) -> Self {
        let body = RequestBodyBuilder::new().description(Some(description)).required(Some(Required::True));
        let is_json = contents.iter().any(|(media, _)| *media == JSON);
        let body = contents.into_iter().fold(body, |body, (media, content)| body.content(media, content));
        let operation = self.with(|builder| builder.request_body(Some(body.build())));
        if is_json { operation.problems(&[BAD_REQUEST, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE]) } else { operation }
    }
    /// An answer.
    pub fn answer(self, status: u16, response: impl Into<RefOr<Response>>) -> Self {
        let response = response.into();
        self.with(|builder| builder.response(status.to_string(), response))
    }
    /// Answers of these kinds of problems, at most one of a status.
    pub fn problems(self, kinds: &[ProblemKind]) -> Self {
        kinds
            .iter()
            .fold(self, |operation, kind| operation.answer(kind.status, Ref::from_response_name(pascal(kind.code))))
    }
    /// The operation, with what all of them have in common.
    pub fn build(self) -> (String, HttpMethod, utoipa::openapi::path::Operation) {
        let common = if self.open { &[INTERNAL][..] } else { &[UNAUTHENTICATED, RATE_LIMITED, INTERNAL, UNAVAILABLE] };
        // One scheme only: of several, generators of clients take the first, and not all send `Bearer` for OAuth.
        let security = if self.open { Vec::new() } else { vec![SecurityRequirement::new("bearer", [""; 0])] };
        let Self { path, method, builder, description, .. } = self.problems(common);
        let description = Some(description).filter(|text| !text.is_empty());
        (path, method, builder.description(description).securities(Some(security)).build())
    }
}

/// Content of a shape, with an example.
pub fn content(shape: Shape, example: Option<Value>) -> Content {
    ContentBuilder::new().schema(Some(shape)).example(example).build()
}

/// An answer with the headers that every answer has.
pub fn response(description: &str, contents: Vec<(&str, Content)>) -> ResponseBuilder {
    let response = ResponseBuilder::new()
        .description(description)
        .header_ref("X-Request-Id", Ref::new("#/components/headers/RequestId"));
    contents.into_iter().fold(response, |response, (media, content)| response.content(media, content))
}

/// A JSON answer.
pub fn json(description: &str, shape: Shape, example: Value) -> ResponseBuilder {
    response(description, vec![(JSON, content(shape, Some(example)))])
}

/// A page of a list, JSON.
pub fn page(description: &str, shape: &str, example: Value) -> ResponseBuilder {
    json(description, named(shape), example).header_ref("Link", Ref::new("#/components/headers/Link"))
}

/// A parameter in the path.
pub fn in_path(name: &str, description: &str, shape: impl Into<Shape>) -> Parameter {
    parameter(name, ParameterIn::Path, description, shape).required(Required::True).build()
}

/// A parameter in the path, with an example.
pub fn in_path_such_as(name: &str, description: &str, shape: impl Into<Shape>, example: Value) -> Parameter {
    parameter(name, ParameterIn::Path, description, shape).required(Required::True).example(Some(example)).build()
}

/// A parameter after the `?`.
pub fn in_query(name: &str, description: &str, shape: impl Into<Shape>) -> Parameter {
    parameter(name, ParameterIn::Query, description, shape).build()
}

/// The parameter, not to be left out.
pub fn required(mut parameter: Parameter) -> Parameter {
    parameter.required = Required::True;
    parameter
}

/// A header of the request.
pub fn in_header(name: &str, description: &str, shape: impl Into<Shape>) -> Parameter {
    parameter(name, ParameterIn::Header, description, shape).build()
}

fn parameter(name: &str, place: ParameterIn, description: &str, shape: impl Into<Shape>) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(shape))
}
