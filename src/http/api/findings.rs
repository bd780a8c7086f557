//! `/v1/findings`: what the whole-school checks found, and what the sector decides of likely duplicates.

use crate::access::Permission;
use crate::checks::check;
use crate::checks::read as stored;
use crate::checks::read::{Finding, FindingFilter, FindingPosition, Verdict};
use crate::clock;
use crate::error::{BAD_REQUEST, Error, FORBIDDEN, NOT_FOUND, Result};
use crate::http::api::finding_report::FindingReport;
use crate::http::api::report;
use crate::http::api::submission_reads::area;
use crate::http::export::issues::{Stream, csv_rows};
use crate::http::export::workbook::{Book, Column, WorkbookCell};
use crate::http::export::{Export, Pages, by_position};
use crate::http::request::body::{RequestBody, ValidatedJson};
use crate::http::request::caller::Caller;
use crate::http::request::negotiation::spoken;
use crate::http::request::paging::{Cursor, Limit, Page, place};
use crate::http::request::parameters::Parameters;
use crate::http::request::values::{SchoolCode, known_resource, severity_named, word_not_expected};
use crate::http::state::State;
use crate::model::issue::Reader;
use crate::model::messages::message;
use crate::model::moment::Moment;
use crate::model::rules::catalogue;
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The parameters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct FindingListParameters {
    school_code: Option<SchoolCode>,
    code: Option<String>,
    resource: Option<String>,
    severity: Option<String>,
    status: Option<String>,
    since: Option<Moment>,
    limit: Limit,
    cursor: Option<Cursor>,
    count: Option<bool>,
}

impl FindingListParameters {
    fn wanted(&self, caller: &Caller) -> Result<FindingFilter> {
        if let Some(code) = self.code.as_deref().filter(|code| check::find(code).is_none()) {
            let known = check::checks().map(|check| check.rule.code).collect::<Vec<_>>().join(", ");
            return Err(match catalogue::find(code) {
                Some(_) => word_not_expected("code", code, message("checks-not-rules").with("known", known)),
                None => word_not_expected("code", code, message("checks").with("known", known)),
            });
        }
        let resource = known_resource(self.resource.as_deref())?;
        let open = match self.status.as_deref() {
            None | Some("open") => Some(true),
            Some("closed") => Some(false),
            Some("all") => None,
            Some(other) => return Err(word_not_expected("status", other, message("states-of-findings"))),
        };
        Ok(FindingFilter {
            school: self.school_code.clone().map(|school| school.0),
            code: self.code.clone(),
            resource,
            severity: self.severity.as_deref().map(severity_named).transpose()?,
            open,
            since: self.since.map(Moment::begin),
            area: area(caller),
        })
    }
}

/// The findings that stand open in the caller's area.
pub(in crate::http) fn open_findings(caller: &Caller) -> FindingFilter {
    FindingFilter { open: Some(true), area: area(caller), ..FindingFilter::default() }
}

/// `GET /v1/findings`: newest first; JSON pages, or NDJSON, CSV and XLSX whole.
///
/// # Errors
/// A 400 for a bad parameter, 403 for kinds that never read findings.
pub async fn list(
    request: HttpRequest,
    state: web::Data<State>,
    caller: Caller,
    filters: Parameters<FindingListParameters>,
) -> Result<HttpResponse> {
    caller.may(Permission::ReadFindings)?;
    let filters = filters.0;
    let (wanted, reader) = (filters.wanted(&caller)?, caller.reader());
    if let Some(form) = Stream::wanted(&request)? {
        let export = Export::begin(&state, &caller).await?;
        return Ok(spoken(stream(export, wanted, reader, form).await?, caller.language));
    }
    let (limit, counted) = (filters.limit, filters.count == Some(true));
    let after: Option<FindingPosition> = place(filters.cursor.as_ref())?;
    let (found, total) = state
        .search(caller.client_id, "findings", move |connection| {
            let found = stored::list(connection, &wanted, after, limit.rows())?;
            let total = if counted { Some(stored::total(connection, &wanted)?) } else { None };
            Ok((found, total))
        })
        .await?;
    let page = Page::cut(found, limit, Finding::place).of_total(total);
    let page = page.map(|finding| FindingReport::of(&finding, reader));
    Ok(spoken(page.answer(&request)?, caller.language))
}

/// All of them at once.
async fn stream(export: Export, wanted: FindingFilter, reader: Reader, form: Stream) -> Result<HttpResponse> {
    let read = move |connection: &mut PgConnection, after: Option<&FindingPosition>| {
        Ok(stored::list(connection, &wanted, after.copied(), report::PAGE)?)
    };
    match form {
        Stream::Ndjson => {
            let line = move |finding: &Finding| report::ndjson_line(&FindingReport::of(finding, reader));
            let lines = move |found: &[Finding]| Ok(found.iter().flat_map(line).collect());
            export.pages("application/x-ndjson", by_position(String::new(), read, Finding::place, lines)).await
        }
        Stream::Csv => {
            let rows = move |found: &[Finding]| csv_rows(found.iter().map(|finding| row(finding, reader)));
            let heading = format!("\u{feff}{}\r\n", COLUMNS.join(","));
            export.pages("text/csv; charset=utf-8", by_position(heading, read, Finding::place, rows)).await
        }
        Stream::Xlsx => export.workbook("findings.xlsx", move |pages, book| write(pages, book, read, reader)).await,
    }
}

fn write(
    pages: &Pages,
    book: &mut Book,
    mut read: impl FnMut(&mut PgConnection, Option<&FindingPosition>) -> Result<Vec<Finding>>,
    reader: Reader,
) -> Result<()> {
    book.sheet("findings", COLUMNS.into_iter().map(|name| Column::new(name, 24.0)).collect())?;
    let mut after = None;
    loop {
        let found = pages.read(|connection| read(connection, after.as_ref()))?;
        let Some(last) = found.last() else { return Ok(()) };
        after = Some(last.place());
        found
            .iter()
            .try_for_each(|finding| book.row(row(finding, reader).iter().map(|text| WorkbookCell::Text(text))))?;
    }
}

/// Headings of tables.
const COLUMNS: [&str; 11] =
    ["id", "schoolCode", "code", "severity", "resource", "key", "pointer", "message", "hint", "openedAt", "closedAt"];

fn row(finding: &Finding, reader: Reader) -> [String; 11] {
    let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
    [
        finding.id.to_string(),
        finding.school.clone(),
        finding.rule.code.to_owned(),
        finding.severity.as_str().to_owned(),
        finding.resource.clone(),
        finding.key.to_string(),
        finding.pointer.clone(),
        finding.message(reader),
        finding.hint(reader),
        instant(finding.opened_at),
        finding.closed_at.map(instant).unwrap_or_default(),
    ]
}

fn unknown() -> Error {
    Error::new(NOT_FOUND, message("finding-not-visible"))
}

/// The finding, if the caller may see it; else 404.
async fn visible(state: &web::Data<State>, caller: &Caller, id: &str) -> Result<Finding> {
    let (id, area) = (Uuid::parse_str(id).map_err(|_| unknown())?, area(caller));
    state
        .read(caller.client_id, "finding", move |connection| Ok(stored::find(connection, id, area.as_ref())?))
        .await?
        .ok_or_else(unknown)
}

/// `GET /v1/findings/{id}`.
///
/// # Errors
/// A 404 for one that is not there or not the caller's to see.
pub async fn read(state: web::Data<State>, caller: Caller, id: web::Path<String>) -> Result<HttpResponse> {
    caller.may(Permission::ReadFindings)?;
    let found = visible(&state, &caller, &id).await?;
    Ok(spoken(HttpResponse::Ok().json(FindingReport::of(&found, caller.reader())), caller.language))
}

/// What is decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDecision)]
pub struct DecisionRequest {
    /// Are they one person?
    decision: Verdict,
    /// Why.
    #[schema(max_length = 500, pattern = r"^[^\u0000]*$")]
    note: Option<String>,
}

impl RequestBody for DecisionRequest {}

/// `PUT /v1/findings/{id}/decision`: the finding as it stands then.
///
/// # Errors
/// A 400 for a decision that there is not, or a rule of which nothing is to be decided; 403; 404.
pub async fn decide(
    state: web::Data<State>,
    caller: Caller,
    id: web::Path<String>,
    body: ValidatedJson<DecisionRequest>,
) -> Result<HttpResponse> {
    caller.may(Permission::DecideFindings)?;
    let DecisionRequest { decision, note } = body.read().await?;
    let found = visible(&state, &caller, &id).await?;
    if !check::find(found.rule.code).is_some_and(|check| check.decidable) {
        let detail = message("finding-not-decidable").with("rule", found.rule.code);
        return Err(Error::new(BAD_REQUEST, detail));
    }
    if !found.is_whole {
        let detail = message("finding-beyond-area");
        return Err(Error::new(FORBIDDEN, detail));
    }
    let client = caller.client_id;
    let keep = move |connection: &mut PgConnection| {
        let (verdict, note) = (decision.as_str(), note.as_deref());
        Ok(stored::decide(connection, found.id, verdict, note, client, clock::now())?)
    };
    state.write(caller.client_id, "decision", keep).await?;
    let decided = visible(&state, &caller, &id).await?;
    Ok(spoken(HttpResponse::Ok().json(FindingReport::of(&decided, caller.reader())), caller.language))
}
