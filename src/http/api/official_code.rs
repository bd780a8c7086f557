//! `POST /v1/students/{code}/identify`: the official code in the place of a provisional one.

use crate::access::Permission;
use crate::error::{Error, INVALID, Result};
use crate::http::api::records::{out_of_sight, path_of};
use crate::http::request::body::{RequestBody, ValidatedJson};
use crate::http::request::caller::Caller;
use crate::http::state::State;
use crate::model::field::Field;
use crate::model::issue::Severity;
use crate::model::messages::message;
use crate::model::rules::{IssueSink, catalogue as rule, identity};
use crate::query;
use crate::query::Visibility;
use crate::store::table;
use crate::submission::official_code;
use crate::submission::official_code::Request;
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_LOCATION, ETAG};
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::ToSchema;

/// The resource whose records have provisional codes that are replaced so.
pub const RESOURCE: &str = "students";

/// The official code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = OfficialCode)]
pub struct OfficialCodeRequest {
    /// The ten digits that the sector gave.
    student_code: String,
}

impl RequestBody for OfficialCodeRequest {}

/// `POST /v1/students/{code}/identify`.
///
/// # Errors
/// 422 for a code that is no official one, 404 for a record that the client does not manage, 409 for a code that is
/// taken, or a record that is not provisional.
pub async fn create(
    state: Data<State>,
    caller: Caller,
    old: Path<String>,
    identity: ValidatedJson<OfficialCodeRequest>,
) -> Result<HttpResponse> {
    caller.may(Permission::WriteRecords)?;
    let table = table::find(RESOURCE).ok_or_else(out_of_sight)?;
    let (old, new) = (old.into_inner(), identity.read().await?.student_code);
    is_official(table.spec.fields, table.key[0], &new)?;
    let visibility = Visibility { area: caller.area().clone(), sensitive: caller.sensitive };
    let (work, client, request_id) = (state.work.clone(), caller.client_id, caller.request_id);
    let key = vec![new.clone()];
    let location = path_of(table, &key);
    let found = state
        .write(caller.client_id, "identify", move |connection| {
            let area = &visibility.area;
            let request = Request { table, old: &old, new: &new, client, request_id: &request_id, area };
            official_code::identify(&work, connection, &request)?;
            query::one(connection, table, &visibility, &key)
        })
        .await?;
    state.queue.call();
    let Some((version, body)) = found else { return Err(out_of_sight()) };
    let mut response = HttpResponse::Ok();
    response.insert_header((ETAG, format!("\"{version}\""))).insert_header((CONTENT_LOCATION, location));
    Ok(response.content_type("application/json").body(body))
}

/// ID-020; ID-023 for a provisional code, which is no better than the one there is.
fn is_official(fields: &'static [Field], at: usize, code: &str) -> Result<()> {
    let mut sink = IssueSink::new(fields);
    identity::person_code(at, Some(code), &mut sink);
    if sink.issues.is_empty() {
        return Ok(());
    }
    for issue in sink.issues.iter_mut().filter(|issue| issue.rule.code == rule::ID_023.code) {
        issue.severity(Severity::Error);
    }
    Err(Error::new(INVALID, message("official-code-malformed")).issues(sink.issues))
}
