//! `/v1/rules`: the rule catalogue, open to everyone, so that a vendor's software can explain a code without asking
//! anybody.

use crate::error::{BAD_REQUEST, Error, NOT_FOUND, Result};
use crate::http::request::paging::Page;
use crate::http::request::parameters::Parameters;
use crate::model;
use crate::model::issue::{Language, Rule, Severity, Text};
use crate::model::messages::message;
use crate::model::rules::examples::{BilingualText, Example};
use crate::model::rules::{catalogue, examples};
use crate::model::wording::outline;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Rules change with the program only.
const CACHED: (actix_web::http::header::HeaderName, &str) = (CACHE_CONTROL, "public, max-age=300");

/// The parameters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleListParameters {
    resource: Option<String>,
}

/// A rule of the catalogue. `{name}` in its texts stands for a value of the issue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Rule)]
pub struct RuleReport {
    /// Stable for ever.
    code: &'static str,
    /// What breaking it does, unless the issue says otherwise.
    severity: Severity,
    /// Resources whose records it judges; empty: all.
    resources: &'static [&'static str],
    /// Members that it looks at; empty: any.
    fields: &'static [&'static str],
    /// What is wrong.
    message: BilingualText,
    /// What to do.
    hint: BilingualText,
    /// What is said of a sheet in the place of `message`; left out where that is the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet_message: Option<BilingualText>,
    /// The same for `hint`.
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet_hint: Option<BilingualText>,
    /// Circular and article, or this service.
    source: BilingualText,
    /// First school year it holds for; `null`: always.
    #[schema(required = true)]
    since: Option<&'static str>,
    /// How it is broken and how it is kept.
    #[schema(value_type = Example)]
    examples: Option<&'static Example>,
}

impl RuleReport {
    /// That of a rule.
    pub fn of(rule: &Rule) -> Self {
        Self {
            code: rule.code,
            severity: rule.severity,
            resources: rule.resources,
            fields: rule.fields,
            message: both(&rule.message.program),
            hint: both(&rule.hint.program),
            sheet_message: rule.message.sheet.as_ref().map(both),
            sheet_hint: rule.hint.sheet.as_ref().map(both),
            source: BilingualText {
                vi: rule.source_in(Language::Vietnamese).into_owned(),
                en: rule.source_in(Language::English).into_owned(),
            },
            since: Some(rule.since).filter(|since| !since.is_empty()),
            examples: examples::of(rule.code),
        }
    }
}

/// A template in both languages.
fn both(text: &Text) -> BilingualText {
    BilingualText { vi: outline(text.vi), en: outline(text.en) }
}

/// `GET /v1/rules`: all rules, or those that judge records of one resource.
///
/// # Errors
/// A 400 for a resource that there is not.
pub async fn list(request: HttpRequest, wanted: Parameters<RuleListParameters>) -> Result<HttpResponse> {
    let resource = wanted.0.resource.as_deref();
    if resource.is_some_and(|name| model::find(name).is_none()) {
        let known: Vec<&str> = model::all().iter().map(|spec| spec.name).collect();
        return Err(Error::new(BAD_REQUEST, message("resource-of-known").with("known", known.join(", "))));
    }
    let judges = |rule: &&Rule| resource.is_none_or(|name| rule.resources.is_empty() || rule.resources.contains(&name));
    let mut page = Page::whole(catalogue::all().filter(judges).map(RuleReport::of).collect()).answer(&request)?;
    page.headers_mut().insert(CACHED.0, HeaderValue::from_static(CACHED.1));
    Ok(page)
}

/// `GET /v1/rules/{code}`.
///
/// # Errors
/// A 404 for a code that there is not.
pub async fn read(code: web::Path<String>) -> Result<HttpResponse> {
    let rule = catalogue::find(&code).ok_or_else(|| Error::new(NOT_FOUND, message("rule-unknown")))?;
    Ok(HttpResponse::Ok().insert_header(CACHED).json(RuleReport::of(rule)))
}
