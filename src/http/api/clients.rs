//! `/v1/clients`: administrators make, list, grant and revoke clients. The same as `school-gateway client` on the
//! command line.

use crate::access::clients;
use crate::access::clients::{ClientSummary, NewClient};
use crate::access::{Area, ClientKind, Permission, Scope};
use crate::error::{MemberFault, Result};
use crate::http::request::body::{RequestBody, ValidatedJson};
use crate::http::request::caller::Caller;
use crate::http::request::paging::{Page, PageParameters, place};
use crate::http::request::parameters::Parameters;
use crate::http::request::values::{CommuneCode, SchoolCode, check_words};
use crate::http::state::State;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use diesel::PgConnection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The schools that a client is to be concerned with; what is left out is not granted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewGrants)]
pub struct GrantsRequest {
    /// Every school.
    all_schools: Option<bool>,
    /// Codes of single schools; they need not exist yet.
    schools: Option<Vec<SchoolCode>>,
    /// Codes of communes, for all their schools.
    communes: Option<Vec<CommuneCode>>,
}

impl RequestBody for GrantsRequest {}

impl GrantsRequest {
    fn area(self) -> Result<Area> {
        let schools = self.schools.unwrap_or_default().into_iter().map(|code| code.0);
        let communes = self.communes.unwrap_or_default().into_iter().map(|code| code.0);
        Area::of(self.all_schools.unwrap_or_default(), schools, communes)
    }
}

/// A client to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewClient)]
pub struct NewClientRequest {
    /// For people; need not be unique.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]+$")]
    name: String,
    /// What it is.
    kind: ClientKind,
    /// The schools that it is to be concerned with.
    grants: Option<GrantsRequest>,
    /// Scopes that it may ask for.
    scopes: Option<Vec<Scope>>,
}

impl RequestBody for NewClientRequest {
    fn check(&self, faults: &mut Vec<MemberFault>) {
        check_words("name", &self.name, 200, faults);
    }
}

/// A client with its secret, which is shown this once; only its hash is kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientWithSecret {
    #[serde(flatten)]
    client: ClientSummary,
    /// Shown this once.
    client_secret: String,
}

/// The new secret of a client; the one before is worth nothing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientSecret {
    /// The client.
    client_id: Uuid,
    /// Shown this once.
    client_secret: String,
}

/// Runs a change and lets this process know of it at once; the others notice within half a second.
async fn change<T: Send + 'static>(
    caller: &Caller,
    state: &web::Data<State>,
    work: impl FnOnce(&mut PgConnection) -> Result<T> + Send + 'static,
) -> Result<T> {
    let access = state.access.clone();
    let changed = move |connection: &mut PgConnection| {
        let outcome = work(connection)?;
        access.refresh(connection)?;
        Ok(outcome)
    };
    state.write(caller.client_id, "clients", changed).await
}

/// `GET /v1/clients`.
///
/// # Errors
/// A 400 for parameters, 403 for other kinds.
pub async fn list(
    request: HttpRequest,
    caller: Caller,
    state: web::Data<State>,
    parameters: Parameters<PageParameters>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let PageParameters { limit, cursor } = parameters.0;
    let after: Option<Uuid> = place(cursor.as_ref())?;
    let look = move |connection: &mut PgConnection| clients::list(connection, after, limit.rows());
    let found = state.read(caller.client_id, "clients", look).await?;
    Page::cut(found, limit, |client| client.id).map(|client| client.summary()).answer(&request)
}

/// `POST /v1/clients`: 201 with the secret, this once.
///
/// # Errors
/// A 400 for what was sent, 403 for other kinds.
pub async fn create(
    caller: Caller,
    state: web::Data<State>,
    sent: ValidatedJson<NewClientRequest>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let NewClientRequest { name, kind, grants, scopes } = sent.read().await?;
    let scopes = scopes.unwrap_or_default().into_iter().map(|scope| scope.as_str().to_owned()).collect();
    let new = NewClient::new(&name, kind, grants.unwrap_or_default().area()?, scopes)?;
    let actor = caller.actor();
    let (client, secret) = change(&caller, &state, move |connection| clients::create(connection, &actor, &new)).await?;
    let location = format!("/v1/clients/{}", client.id);
    let answer = ClientWithSecret { client: client.summary(), client_secret: secret };
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(answer))
}

/// `GET /v1/clients/{id}`.
///
/// # Errors
/// A 404, 403 for other kinds.
pub async fn read(caller: Caller, state: web::Data<State>, id: web::Path<Uuid>) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let client = state.read(caller.client_id, "clients", move |connection| clients::find(connection, *id)).await?;
    Ok(HttpResponse::Ok().json(client.summary()))
}

/// `DELETE /v1/clients/{id}`: revokes it; 204, again and again.
///
/// # Errors
/// A 404, 403 for other kinds.
pub async fn revoke(caller: Caller, state: web::Data<State>, id: web::Path<Uuid>) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let actor = caller.actor();
    change(&caller, &state, move |connection| clients::revoke(connection, &actor, *id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /v1/clients/{id}/secret`: another secret, shown this once; the one before is worth nothing.
///
/// # Errors
/// A 404, 403 for other kinds.
pub async fn rotate(caller: Caller, state: web::Data<State>, id: web::Path<Uuid>) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let (actor, id) = (caller.actor(), *id);
    let secret = change(&caller, &state, move |connection| clients::rotate(connection, &actor, id)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(ClientSecret { client_id: id, client_secret: secret }))
}

/// `GET /v1/clients/{id}/grants`.
///
/// # Errors
/// A 404, 403 for other kinds.
pub async fn grants(caller: Caller, state: web::Data<State>, id: web::Path<Uuid>) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let client = state.read(caller.client_id, "clients", move |connection| clients::find(connection, *id)).await?;
    Ok(HttpResponse::Ok().json(client.grants()))
}

/// `PUT /v1/clients/{id}/grants`: these in the place of those before.
///
/// # Errors
/// A 400 for what was sent, a 404, 403 for other kinds.
pub async fn set_grants(
    caller: Caller,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    grants: ValidatedJson<GrantsRequest>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let (actor, area) = (caller.actor(), grants.read().await?.area()?);
    let client = change(&caller, &state, move |connection| clients::set_grants(connection, &actor, *id, &area)).await?;
    Ok(HttpResponse::Ok().json(client.grants()))
}
