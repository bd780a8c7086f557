//! `/v1/clients`: administrators make, list, grant and revoke clients. The same as `school-gateway client` on the
//! command line.

use crate::access::clients;
use crate::access::clients::{Client, NewClient};
use crate::access::{Area, ClientKind, Permission};
use crate::error::Result;
use crate::http::request::body::JsonBody;
use crate::http::request::caller::Caller;
use crate::http::request::paging::{Page, PageParameters, place};
use crate::http::request::parameters::Parameters;
use crate::http::state::State;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use diesel::PgConnection;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// Grants as they are sent; what is left out is not granted.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Grants {
    all_schools: bool,
    schools: Vec<String>,
    communes: Vec<String>,
}

impl Grants {
    fn area(self) -> Result<Area> {
        Area::of(self.all_schools, self.schools, self.communes)
    }
}

/// A client to be made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewClientRequest {
    name: String,
    kind: String,
    #[serde(default)]
    grants: Grants,
    #[serde(default)]
    scopes: Vec<String>,
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

fn with_secret(mut client: Value, secret: String) -> Value {
    client["clientSecret"] = Value::String(secret);
    client
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
    Page::cut(found, limit, |client| client.id).answer(&request, Client::json)
}

/// `POST /v1/clients`: 201 with the secret, this once.
///
/// # Errors
/// A 400 for what was sent, 403 for other kinds.
pub async fn create(caller: Caller, state: web::Data<State>, asked: JsonBody) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let NewClientRequest { name, kind, grants, scopes } = asked.read().await?;
    let new = NewClient::new(&name, ClientKind::parse(&kind)?, grants.area()?, scopes)?;
    let actor = caller.actor();
    let (client, secret) = change(&caller, &state, move |connection| clients::create(connection, &actor, &new)).await?;
    let location = format!("/v1/clients/{}", client.id);
    let answer = with_secret(client.json(), secret);
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
    Ok(HttpResponse::Ok().json(client.json()))
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
        .json(with_secret(json!({ "clientId": id }), secret)))
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
    grants: JsonBody,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let (actor, area) = (caller.actor(), grants.read::<Grants>().await?.area()?);
    let client = change(&caller, &state, move |connection| clients::set_grants(connection, &actor, *id, &area)).await?;
    Ok(HttpResponse::Ok().json(client.grants()))
}
