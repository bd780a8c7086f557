//! A list of records on its way to the client as one snapshot: read from the database as fast as the client takes it.

use super::Export;
use crate::error::Result;
use crate::http::state::State;
use crate::query::{self, OutputFormat, Visibility};
use crate::store::table::Table;
use actix_web::HttpResponse;
use actix_web::http::header::{HeaderValue, VARY};
use actix_web::web;

/// The answer that streams the result.
///
/// # Errors
/// What fails before the first part: 400, 403, 503 and those of the database. Later only a broken body can tell.
pub async fn answer(
    export: Export,
    state: &web::Data<State>,
    table: &'static Table,
    visibility: Visibility,
    parameters: Vec<(String, String)>,
    format: OutputFormat,
) -> Result<HttpResponse> {
    let work = state.work.clone();
    let media = if format == OutputFormat::Csv { "text/csv; charset=utf-8" } else { "application/x-ndjson" };
    let answer = export.snapshot(media, move |connection, send| {
        let lists = work.lists(connection)?;
        let question = query::question(table, visibility, &lists, &parameters)?.official(connection)?;
        query::export(connection, &question, format, send)
    });
    let mut response = answer.await?;
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}
