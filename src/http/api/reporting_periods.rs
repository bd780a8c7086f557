//! `/v1/reporting-periods`: when which schools report which records. Administrators set them, whoever reads submissions
//! may see them.

use crate::access::audit;
use crate::access::audit::Actor;
use crate::access::{Area, ClientKind, Permission};
use crate::clock;
use crate::error::{CONFLICT, Error, MemberFault, NOT_FOUND, Result};
use crate::http::request::body::ValidatedJson;
use crate::http::request::caller::Caller;
use crate::http::request::paging::{Cursor, Limit, Page, place};
use crate::http::request::parameters::Parameters;
use crate::http::request::reporting_period::{ExtensionRequest, ReportingPeriodRequest, school};
use crate::http::request::values::SchoolYear;
use crate::http::state::State;
use crate::merge::locks::visible_schools;
use crate::model::lists::reporting::{Extension, PeriodState};
use crate::model::lists::{Lists, ReportingPeriod};
use crate::model::messages::message;
use crate::model::moment::Moment;
use crate::store::reference::reporting;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, SecondsFormat, Utc};
use diesel::{Connection, PgConnection};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// The parameters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ReportingPeriodListParameters {
    school_year: Option<SchoolYear>,
    limit: Limit,
    cursor: Option<Cursor>,
}

/// When which schools report which records.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReportingPeriod)]
pub struct PeriodReport {
    /// The reporting period.
    id: Uuid,
    /// For people.
    name: String,
    /// The school year of the records.
    #[schema(pattern = "^[0-9]{4}-[0-9]{4}$")]
    school_year: String,
    /// A code of the list `reporting-phases`.
    phase: String,
    /// The resources that it covers.
    resources: Vec<String>,
    /// Periods of results that it covers, such as `CK1`; empty: all.
    periods: Vec<String>,
    /// Records are taken from its beginning on.
    opens_on: Moment,
    /// The last day on which they are, or the instant from which on they are not.
    closes_on: Moment,
    /// The schools that it concerns.
    scope: ScopeReport,
    /// Where it stands, for schools that have no more time than others.
    state: PeriodState,
    /// Schools that have more time, as far as the caller may see them.
    extensions: Vec<ExtensionReport>,
}

/// The schools that a reporting period concerns; none and no commune: all.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportingScope)]
pub struct ScopeReport {
    /// Schools, by their codes.
    schools: BTreeSet<String>,
    /// Communes, whose schools it concerns.
    communes: BTreeSet<String>,
}

/// More time for a school.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Extension)]
pub struct ExtensionReport {
    /// The school.
    school_code: String,
    /// The new end for the school.
    until: Moment,
    /// Why.
    reason: String,
    /// When it was given or changed.
    #[schema(format = DateTime)]
    granted_at: String,
}

impl PeriodReport {
    /// As the API shows it at an instant, with the extensions of the schools that the reader may see.
    fn of(period: &ReportingPeriod, now: DateTime<Utc>, may_see: impl Fn(&str) -> bool) -> Self {
        let extensions = period.extensions.iter().filter(|(school, _)| may_see(school));
        Self {
            id: period.id,
            name: period.name.clone(),
            school_year: period.school_year.clone(),
            phase: period.phase.clone(),
            resources: period.resources.clone(),
            periods: period.periods.clone(),
            opens_on: Moment::beginning(period.opens_at),
            closes_on: Moment::ending(period.closes_at),
            scope: ScopeReport { schools: period.schools.clone(), communes: period.communes.clone() },
            state: period.state(now),
            extensions: extensions.map(|(school, extension)| ExtensionReport::of(school, extension)).collect(),
        }
    }
}

impl ExtensionReport {
    fn of(school: &str, extension: &Extension) -> Self {
        Self {
            school_code: school.to_owned(),
            until: Moment::ending(extension.until),
            reason: extension.reason.clone(),
            granted_at: extension.granted_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        }
    }
}

/// Which schools' extensions a reader sees: `None` all, else by grant or by the stored commune.
fn seen(
    connection: &mut PgConnection,
    periods: &[ReportingPeriod],
    area: Option<&Area>,
) -> Result<Option<HashSet<String>>> {
    let Some(area) = area.filter(|area| !area.all()) else { return Ok(None) };
    let schools: BTreeSet<&str> =
        periods.iter().flat_map(|period| period.extensions.keys().map(String::as_str)).collect();
    Ok(Some(visible_schools(connection, schools, area)?))
}

/// The periods in force and the schools whose extensions the caller sees.
async fn in_sight(state: &web::Data<State>, caller: &Caller) -> Result<(Arc<Lists>, Option<HashSet<String>>)> {
    caller.may(Permission::ReadReportingPeriods)?;
    let reference = state.work.reference.clone();
    let area = (caller.kind != ClientKind::Admin).then(|| caller.area().clone());
    let look = move |connection: &mut PgConnection| {
        let lists = reference.current(connection)?;
        let seen = seen(connection, lists.reporting_periods(), area.as_ref())?;
        Ok((lists, seen))
    };
    state.read(caller.client_id, "reporting-periods", look).await
}

/// `GET /v1/reporting-periods`, in the order in which they were made.
///
/// # Errors
/// A 400 for parameters, 403 for other kinds.
pub async fn list(
    request: HttpRequest,
    caller: Caller,
    state: web::Data<State>,
    wanted: Parameters<ReportingPeriodListParameters>,
) -> Result<HttpResponse> {
    let ReportingPeriodListParameters { school_year, limit, cursor } = wanted.0;
    let after: Option<Uuid> = place(cursor.as_ref())?;
    let (lists, seen) = in_sight(&state, &caller).await?;
    let may_see = |school: &str| seen.as_ref().is_none_or(|seen| seen.contains(school));
    let wanted = lists.reporting_periods().iter().filter(|period| {
        after.is_none_or(|after| period.id > after)
            && school_year.as_ref().is_none_or(|year| year.0 == period.school_year)
    });
    let found: Vec<&ReportingPeriod> = wanted.take(limit.items() + 1).collect();
    let now = clock::now();
    Page::cut(found, limit, |period| period.id).map(|period| PeriodReport::of(period, now, may_see)).answer(&request)
}

/// `GET /v1/reporting-periods/{id}`.
///
/// # Errors
/// A 404, 403 for other kinds.
pub async fn read(caller: Caller, state: web::Data<State>, id: web::Path<Uuid>) -> Result<HttpResponse> {
    let (lists, seen) = in_sight(&state, &caller).await?;
    let period = lists.reporting_period(*id).ok_or_else(unknown)?;
    let may_see = |school: &str| seen.as_ref().is_none_or(|seen| seen.contains(school));
    Ok(HttpResponse::Ok().json(PeriodReport::of(period, clock::now(), may_see)))
}

fn unknown() -> Error {
    Error::new(NOT_FOUND, message("reporting-period-unknown"))
}

/// Runs an administrator's change in a transaction, with the lists in force before it.
async fn change<T: Send + 'static>(
    caller: &Caller,
    state: &web::Data<State>,
    work: impl FnOnce(&mut PgConnection, &Lists, &Actor) -> Result<T> + Send + 'static,
) -> Result<T> {
    caller.may(Permission::Administer)?;
    let (reference, actor) = (state.work.reference.clone(), caller.actor());
    let changed = move |connection: &mut PgConnection| {
        let lists = reference.current(connection)?;
        connection.transaction(|connection| work(connection, &lists, &actor))
    };
    state.write(caller.client_id, "reporting-periods", changed).await
}

/// `POST /v1/reporting-periods`.
///
/// # Errors
/// A 400 that names what is wrong, 403 for other kinds.
pub async fn create(
    caller: Caller,
    state: web::Data<State>,
    sent: ValidatedJson<ReportingPeriodRequest>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let sent = sent.read().await?;
    let made = change(&caller, &state, move |connection, lists, actor| {
        let period = sent.period(Uuid::now_v7(), lists)?;
        audit::record(connection, actor, "reporting-period.create", &period.id.to_string())?;
        reporting::create(connection, &period)?;
        Ok(period)
    });
    let made = made.await?;
    let location = format!("/v1/reporting-periods/{}", made.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .json(PeriodReport::of(&made, clock::now(), |_| true)))
}

/// `PUT /v1/reporting-periods/{id}`: another definition; extensions stay.
///
/// # Errors
/// A 400 that names what is wrong, a 404, 403 for other kinds.
pub async fn replace(
    caller: Caller,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    sent: ValidatedJson<ReportingPeriodRequest>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let sent = sent.read().await?;
    let made = change(&caller, &state, move |connection, lists, actor| {
        let mut period = sent.period(*id, lists)?;
        if !reporting::replace(connection, &period)? {
            return Err(unknown());
        }
        audit::record(connection, actor, "reporting-period.replace", &id.to_string())?;
        period.extensions = lists.reporting_period(*id).map(|before| before.extensions.clone()).unwrap_or_default();
        Ok(period)
    });
    Ok(HttpResponse::Ok().json(PeriodReport::of(&made.await?, clock::now(), |_| true)))
}

/// `DELETE /v1/reporting-periods/{id}`, until it has closed.
///
/// # Errors
/// A 404, 409 for one that has closed, 403 for other kinds.
pub async fn delete(caller: Caller, state: web::Data<State>, id: web::Path<Uuid>) -> Result<HttpResponse> {
    let gone = change(&caller, &state, move |connection, lists, actor| {
        if !reporting::remove(connection, *id, clock::now())? {
            lists.reporting_period(*id).ok_or_else(unknown)?;
            let detail = message("reporting-period-closed");
            return Err(Error::new(CONFLICT, detail));
        }
        audit::record(connection, actor, "reporting-period.delete", &id.to_string())
    });
    gone.await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `PUT /v1/reporting-periods/{id}/extensions/{schoolCode}`: more time for a school, or another end.
///
/// # Errors
/// A 400 that names what is wrong, a 404, 403 for other kinds.
pub async fn extend(
    caller: Caller,
    state: web::Data<State>,
    path: web::Path<(Uuid, String)>,
    more: ValidatedJson<ExtensionRequest>,
) -> Result<HttpResponse> {
    caller.may(Permission::Administer)?;
    let more = more.read().await?;
    let given = change(&caller, &state, move |connection, lists, actor| {
        let (id, code) = path.into_inner();
        let (code, extension) = (school(code)?, more.extension());
        let period = lists.reporting_period(id).ok_or_else(unknown)?;
        if extension.until <= period.closes_at {
            let end = Moment::ending(period.closes_at).text();
            let detail = message("extension-too-early").with("end", end);
            return Err(Error::of_member(MemberFault::new("/until", detail)));
        }
        audit::record(connection, actor, "reporting-period.extend", &format!("{id}/{code}"))?;
        reporting::extend(connection, id, &code, &extension)?;
        Ok(ExtensionReport::of(&code, &extension))
    });
    Ok(HttpResponse::Ok().json(given.await?))
}

/// `DELETE /v1/reporting-periods/{id}/extensions/{schoolCode}`: the school has no more time than others.
///
/// # Errors
/// A 404, 403 for other kinds.
pub async fn withdraw(
    caller: Caller,
    state: web::Data<State>,
    path: web::Path<(Uuid, String)>,
) -> Result<HttpResponse> {
    let taken = change(&caller, &state, move |connection, _, actor| {
        let (id, code) = path.into_inner();
        if !reporting::withdraw(connection, id, &code)? {
            return Err(Error::new(NOT_FOUND, message("extension-none")));
        }
        audit::record(connection, actor, "reporting-period.withdraw", &format!("{id}/{code}"))
    });
    taken.await?;
    Ok(HttpResponse::NoContent().finish())
}
