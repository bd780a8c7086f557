//! `/v1/sheet-layouts`: the forms of sheets that are read. Every client may see them and take their examples;
//! administrators add to them.

use crate::access::{Permission, audit};
use crate::error::{CONFLICT, Error, MemberFault, NOT_FOUND, Result};
use crate::http::export::workbook::MEDIA_TYPE;
use crate::http::request::body::{RequestBody, ValidatedJson};
use crate::http::request::caller::Caller;
use crate::http::request::paging::{Cursor, Limit, Page, place};
use crate::http::request::parameters::Parameters;
use crate::http::state::State;
use crate::intake::sheet::layouts::example;
use crate::intake::sheet::layouts::layout::{Layout, LayoutTitle, layouts};
use crate::model::messages::message;
use crate::submission::sheet_layouts;
use actix_web::http::header::{CONTENT_DISPOSITION, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use diesel::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The parameters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct LayoutListParameters {
    limit: Limit,
    cursor: Option<Cursor>,
}

/// A layout in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SheetLayoutSummary)]
pub struct LayoutReport {
    /// Its name.
    name: String,
    /// What it is called.
    title: LayoutTitle,
    /// Whose records its rows make.
    resources: Vec<String>,
    /// The headings of its example.
    headings: Vec<String>,
    /// Is it the program's own, which stays as it is?
    built_in: bool,
    /// Where it is.
    links: LayoutLinks,
}

/// Where a layout is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SheetLayoutLinks)]
pub struct LayoutLinks {
    /// Its definition.
    #[serde(rename = "self")]
    itself: String,
    /// A workbook that shows it.
    example: String,
}

impl LayoutReport {
    fn of(layout: &Layout, built_in: bool) -> Self {
        let itself = format!("/v1/sheet-layouts/{}", layout.name);
        Self {
            name: layout.name.clone(),
            title: layout.title.clone(),
            resources: layout.resources.clone(),
            headings: layout.example_headings(),
            built_in,
            links: LayoutLinks { example: format!("{itself}/example"), itself },
        }
    }
}

impl RequestBody for Layout {
    fn check(&self, faults: &mut Vec<MemberFault>) {
        faults.extend(self.fault().map(|fault| MemberFault::new("", fault)));
    }
}

/// Those of the program and those that were added, by name.
async fn all(state: &web::Data<State>, caller: &Caller) -> Result<Vec<(Layout, bool)>> {
    let added =
        state.read(caller.client_id, "sheet-layouts", move |connection| Ok(sheet_layouts::all(connection)?)).await?;
    let own = layouts().iter().cloned().map(|layout| (layout, true));
    let mut all: Vec<(Layout, bool)> = own.chain(added.into_iter().map(|layout| (layout, false))).collect();
    all.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    Ok(all)
}

async fn find(state: &web::Data<State>, caller: &Caller, name: &str) -> Result<Layout> {
    let all = all(state, caller).await?;
    all.into_iter().map(|(layout, _)| layout).find(|layout| layout.name == name).ok_or_else(unknown)
}

fn unknown() -> Error {
    Error::new(NOT_FOUND, message("layout-none"))
}

/// `GET /v1/sheet-layouts`, by name.
///
/// # Errors
/// A 400 for parameters.
pub async fn list(
    request: HttpRequest,
    caller: Caller,
    state: web::Data<State>,
    wanted: Parameters<LayoutListParameters>,
) -> Result<HttpResponse> {
    let LayoutListParameters { limit, cursor } = wanted.0;
    let after: Option<String> = place(cursor.as_ref())?;
    let all = all(&state, &caller).await?;
    let wanted = all.into_iter().filter(|(layout, _)| after.as_ref().is_none_or(|after| layout.name > *after));
    let found: Vec<(Layout, bool)> = wanted.take(limit.items() + 1).collect();
    Page::cut(found, limit, |(layout, _)| layout.name.clone())
        .map(|(layout, built_in)| LayoutReport::of(&layout, built_in))
        .answer(&request)
}

/// `GET /v1/sheet-layouts/{name}`: its definition.
///
/// # Errors
/// A 404.
pub async fn read(caller: Caller, state: web::Data<State>, name: web::Path<String>) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(find(&state, &caller, &name).await?))
}

/// `GET /v1/sheet-layouts/{name}/example`: a workbook that shows it.
///
/// # Errors
/// A 404.
pub async fn example(caller: Caller, state: web::Data<State>, name: web::Path<String>) -> Result<HttpResponse> {
    let layout = find(&state, &caller, &name).await?;
    let file = format!("attachment; filename=\"{}.xlsx\"", layout.name);
    let bytes = web::block(move || example::write(&layout)).await.map_err(Error::internal)?.map_err(Error::internal)?;
    Ok(HttpResponse::Ok().content_type(MEDIA_TYPE).insert_header((CONTENT_DISPOSITION, file)).body(bytes))
}

/// Names of the program's own layouts are taken.
fn is_free(name: &str) -> Result<()> {
    match layouts().iter().any(|layout| layout.name == name) {
        true => Err(Error::new(CONFLICT, message("layout-of-the-program").with("name", name))),
        false => Ok(()),
    }
}

/// Stores a layout; `true`: there was none of its name. With `create` there must not be one.
async fn store(state: &web::Data<State>, caller: &Caller, layout: &Layout, create: bool) -> Result<bool> {
    let (actor, layout) = (caller.actor(), layout.clone());
    let stored = move |connection: &mut diesel::PgConnection| {
        connection.transaction(|connection| {
            let is_new = sheet_layouts::put(connection, &layout)?;
            if create && !is_new {
                return Err(Error::new(CONFLICT, message("layout-there-already").with("name", &layout.name)));
            }
            audit::record(connection, &actor, "sheet-layout.put", &layout.name)?;
            Ok(is_new)
        })
    };
    state.write(caller.client_id, "sheet-layouts", stored).await
}

/// `POST /v1/sheet-layouts`: adds one, which is used from the next submission on.
///
/// # Errors
/// A 400 that names what is wrong, 403 for other kinds, 409 for a name that is taken.
pub async fn create(caller: Caller, state: web::Data<State>, sent: ValidatedJson<Layout>) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    added(&state, &caller, sent.read().await?).await
}

/// `POST /v1/sheet-layouts/{name}`, as `POST /v1/sheet-layouts`.
///
/// # Errors
/// As there, and a 400 for another name in the body.
pub async fn create_named(
    caller: Caller,
    state: web::Data<State>,
    name: web::Path<String>,
    sent: ValidatedJson<Layout>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let layout = sent.read().await?;
    is_called(&layout, &name)?;
    added(&state, &caller, layout).await
}

async fn added(state: &web::Data<State>, caller: &Caller, layout: Layout) -> Result<HttpResponse> {
    is_free(&layout.name)?;
    store(state, caller, &layout, true).await?;
    let location = format!("/v1/sheet-layouts/{}", layout.name);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(layout))
}

/// `PUT /v1/sheet-layouts/{name}`: adds or replaces one.
///
/// # Errors
/// A 400 that names what is wrong, 403 for other kinds, 409 for one of the program.
pub async fn put(
    caller: Caller,
    state: web::Data<State>,
    name: web::Path<String>,
    sent: ValidatedJson<Layout>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let layout = sent.read().await?;
    is_called(&layout, &name)?;
    is_free(&layout.name)?;
    let is_new = store(&state, &caller, &layout, false).await?;
    let mut response = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(layout))
}

fn is_called(layout: &Layout, name: &str) -> Result<()> {
    if layout.name == name {
        return Ok(());
    }
    let fault = message("layout-name-differs").with("found", &layout.name).with("name", name);
    Err(Error::of_member(MemberFault::new("/name", fault)))
}

/// `DELETE /v1/sheet-layouts/{name}`.
///
/// # Errors
/// A 404, 403 for other kinds, 409 for one of the program.
pub async fn delete(caller: Caller, state: web::Data<State>, name: web::Path<String>) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    is_free(&name)?;
    let (actor, name) = (caller.actor(), name.into_inner());
    let gone = move |connection: &mut diesel::PgConnection| {
        connection.transaction(|connection| {
            if !sheet_layouts::delete(connection, &name)? {
                return Err(unknown());
            }
            audit::record(connection, &actor, "sheet-layout.delete", &name)
        })
    };
    state.write(caller.client_id, "sheet-layouts", gone).await?;
    Ok(HttpResponse::NoContent().finish())
}
