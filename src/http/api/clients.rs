//! `/v1/clients`: administrators make, list, grant and revoke clients. The same as `school-gateway client` on the
//! command line.

use crate::access::clients;
use crate::access::clients::{Client, NewClient};
use crate::access::{Area, ClientKind, Permission};
use crate::error::{BAD_REQUEST, Error, Result};
use crate::http::request::caller::Caller;
use crate::http::state::State;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::PgConnection;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// Clients a page without `limit`, and at most.
const PAGE: (i64, i64) = (100, 1000);

/// A page of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub(crate) limit: Option<i64>,
    pub(crate) cursor: Option<String>,
}

impl Page {
    /// Items of the page.
    pub(crate) fn limit(&self) -> Result<i64> {
        let limit = self.limit.unwrap_or(PAGE.0);
        let sane = (1..=PAGE.1).contains(&limit);
        sane.then_some(limit)
            .ok_or_else(|| Error::new(BAD_REQUEST, format!("“limit” is a number from 1 to {}.", PAGE.1)))
    }
    /// The id after which the page begins.
    pub(crate) fn after(&self) -> Result<Option<Uuid>> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let id = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| Uuid::from_slice(&bytes).ok());
        id.map(Some).ok_or_else(|| Error::new(BAD_REQUEST, "“cursor” is none of this list; take it from “nextCursor”."))
    }
    /// `nextCursor` of a page whose last item has this id.
    pub(crate) fn cursor_of(last: Uuid) -> String {
        URL_SAFE_NO_PAD.encode(last)
    }
}

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
pub async fn list(caller: Caller, state: web::Data<State>, page: web::Query<Page>) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let (limit, after) = (page.limit()?, page.after()?);
    let mut found =
        state.read(caller.client_id, "clients", move |connection| clients::list(connection, after, limit + 1)).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| Page::cursor_of(last.id));
    let items: Vec<Value> = found.iter().map(Client::json).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "nextCursor": next })))
}

/// `POST /v1/clients`: 201 with the secret, this once.
///
/// # Errors
/// A 400 for what was sent, 403 for other kinds.
pub async fn create(
    caller: Caller,
    state: web::Data<State>,
    asked: web::Json<NewClientRequest>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let NewClientRequest { name, kind, grants, scopes } = asked.into_inner();
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
    grants: web::Json<Grants>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let (actor, area) = (caller.actor(), grants.into_inner().area()?);
    let client = change(&caller, &state, move |connection| clients::set_grants(connection, &actor, *id, &area)).await?;
    Ok(HttpResponse::Ok().json(client.grants()))
}
