//! `/v1/clients/{id}/crosswalks`: what the codes of a client's software mean in the sector's code lists, set by
//! administrators.

use crate::access::{Permission, audit, clients};
use crate::error::{BAD_REQUEST, Error, MemberFault, NOT_FOUND, Result};
use crate::http::request::body::{RequestBody, ValidatedJson};
use crate::http::request::caller::Caller;
use crate::http::request::paging::Page;
use crate::http::state::State;
use crate::model;
use crate::model::excerpt::clip;
use crate::model::field::{Field, FieldType};
use crate::model::lists::{Crosswalk, CrosswalkLine, Lists};
use crate::model::messages::{Message, message};
use crate::store::reference::crosswalks;
use actix_web::{HttpRequest, HttpResponse, web};
use diesel::{Connection, PgConnection};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// A crosswalk to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCrosswalk)]
pub struct CrosswalkRequest {
    /// In the order in which they are to be shown.
    entries: Vec<CrosswalkLine>,
}

impl RequestBody for CrosswalkRequest {}

/// What a client's own codes mean in a code list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Crosswalk)]
pub struct CrosswalkReport {
    /// The code list.
    list: String,
    /// The members that carry codes of the list.
    applies_to: Vec<String>,
    /// In the order in which they were sent.
    entries: Vec<CrosswalkLine>,
}

impl CrosswalkReport {
    /// That of the list, with these lines.
    pub fn of(list: &str, lines: &[CrosswalkLine]) -> Self {
        Self { list: list.to_owned(), applies_to: members_of(list), entries: lines.to_vec() }
    }
}

/// The members that carry codes of the list: `enrollments.entryType`.
fn members_of(list: &str) -> Vec<String> {
    fn collect(fields: &[Field], list: &str, place: &str, found: &mut Vec<String>) {
        for field in fields {
            let place = format!("{place}.{}", field.json);
            match field.kind {
                FieldType::Object(inner) | FieldType::List(&FieldType::Object(inner)) => {
                    collect(inner, list, &place, found)
                }
                _ if field.code_list() == Some(list) => found.push(place),
                _ => (),
            }
        }
    }
    let mut found = Vec::new();
    model::all().iter().for_each(|spec| collect(spec.fields, list, spec.name, &mut found));
    found
}

/// The lists in force, once it is known that there is such a client.
async fn lists_for(caller: &Caller, state: &web::Data<State>, client: Uuid) -> Result<Arc<Lists>> {
    let reference = state.work.reference.clone();
    let look = move |connection: &mut PgConnection| {
        clients::find(connection, client)?;
        reference.current(connection)
    };
    state.read(caller.client_id, "crosswalks", look).await
}

fn none(list: &str) -> Error {
    let detail = message("crosswalk-none").with("list", clip(list));
    Error::new(NOT_FOUND, detail)
}

/// `GET /v1/clients/{id}/crosswalks`.
///
/// # Errors
/// A 404 for a client that there is not, 403 for other kinds.
pub async fn list(
    request: HttpRequest,
    caller: Caller,
    state: web::Data<State>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let lists = lists_for(&caller, &state, *id).await?;
    let all: Vec<(&String, &Crosswalk)> =
        lists.crosswalks(*id).map(|own| own.lists.iter().collect()).unwrap_or_default();
    Page::whole(all).map(|(list, crosswalk)| CrosswalkReport::of(list, &crosswalk.lines)).answer(&request)
}

/// `GET /v1/clients/{id}/crosswalks/{list}`.
///
/// # Errors
/// A 404 for a client or a crosswalk that there is not, 403 for other kinds.
pub async fn read(caller: Caller, state: web::Data<State>, path: web::Path<(Uuid, String)>) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let (id, list) = path.into_inner();
    let lists = lists_for(&caller, &state, id).await?;
    let crosswalk =
        lists.crosswalks(id).and_then(|crosswalks| crosswalks.lists.get(&list)).ok_or_else(|| none(&list))?;
    Ok(HttpResponse::Ok().json(CrosswalkReport::of(&list, &crosswalk.lines)))
}

/// `PUT /v1/clients/{id}/crosswalks/{list}`: this one in the place of the one before.
///
/// # Errors
/// A 400 that names the entry at fault, a 404 for a client or code list that there is not, 403 for other kinds.
pub async fn put(
    caller: Caller,
    state: web::Data<State>,
    path: web::Path<(Uuid, String)>,
    sent: ValidatedJson<CrosswalkRequest>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let ((id, list), CrosswalkRequest { entries }) = (path.into_inner(), sent.read().await?);
    let (reference, actor) = (state.work.reference.clone(), caller.actor());
    let change = move |connection: &mut PgConnection| {
        connection.transaction(|connection| {
            may_have_one(&clients::find(connection, id)?)?;
            let lists = reference.current(connection)?;
            lists.list(&list).ok_or_else(|| Error::new(NOT_FOUND, message("code-list-unknown")))?;
            let told = |(at, fault): (Option<usize>, Message)| {
                let place = at.map_or_else(|| "/entries".to_owned(), |at| format!("/entries/{at}"));
                MemberFault::new(place, message("crosswalk-fault").with("fault", fault))
            };
            Error::of_members(lists.faults_of_crosswalk(&list, &entries).into_iter().map(told).collect())?;
            audit::record(connection, &actor, "crosswalk.replace", &format!("{id}/{list}"))?;
            crosswalks::replace(connection, id, &list, &entries)?;
            Ok(CrosswalkReport::of(&list, &entries))
        })
    };
    Ok(HttpResponse::Ok().json(state.write(caller.client_id, "crosswalks", change).await?))
}

fn may_have_one(client: &clients::Client) -> Result<()> {
    if client.revoked_at.is_some() {
        return Err(Error::new(NOT_FOUND, message("client-unknown").with("client", client.id)));
    }
    if !Permission::WriteRecords.is_for(client.kind) {
        let detail = message("crosswalk-of-no-sender").with("kind", client.kind);
        return Err(Error::new(BAD_REQUEST, detail));
    }
    Ok(())
}

/// `DELETE /v1/clients/{id}/crosswalks/{list}`: from now on the client sends the sector's own codes.
///
/// # Errors
/// A 404 for a client or a crosswalk that there is not, 403 for other kinds.
pub async fn delete(caller: Caller, state: web::Data<State>, path: web::Path<(Uuid, String)>) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let ((id, list), actor) = (path.into_inner(), caller.actor());
    let change = move |connection: &mut PgConnection| {
        connection.transaction(|connection| {
            clients::find(connection, id)?;
            if !crosswalks::remove(connection, id, &list)? {
                return Err(none(&list));
            }
            audit::record(connection, &actor, "crosswalk.delete", &format!("{id}/{list}"))
        })
    };
    state.write(caller.client_id, "crosswalks", change).await?;
    Ok(HttpResponse::NoContent().finish())
}
