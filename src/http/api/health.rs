//! Is the gateway alive, and can it work?

use crate::error::{Error, Result, UNAVAILABLE};
use crate::http::state::State;
use crate::http::tenants::Tenants;
use crate::model::messages::{Message, message};
use crate::store::migrations;
use crate::store::pools::EXHAUSTED;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// How long readiness waits for a connection.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the gateway is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Health)]
pub struct HealthState {
    /// What it is known to be.
    status: HealthStatus,
}

/// What the gateway is known to be.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    /// The process answers.
    Live,
    /// It can work.
    Ready,
}

/// `GET /health/live`: the process answers.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(HealthState { status: HealthStatus::Live })
}

/// `GET /health/ready`: the database is reachable, its schema current, and what runs by itself does.
///
/// # Errors
/// A 503 that says which of these is not so.
pub async fn ready(tenants: web::Data<Tenants>) -> Result<HttpResponse> {
    let checked = tenants.all();
    web::block(move || check(&checked)).await.map_err(Error::internal)??;
    Ok(HttpResponse::Ok().json(HealthState { status: HealthStatus::Ready }))
}

/// What runs by itself in each tenant, and whether the database can be asked, by the default's connection. Goes past the
/// admission: a gateway with much to do is ready all the same.
fn check(tenants: &[web::Data<State>]) -> Result<()> {
    tenants.first().map_or(Ok(()), |state| database(state))?;
    let failing: Vec<String> = tenants.iter().flat_map(|state| state.supervisor.failing()).collect();
    if failing.is_empty() {
        return Ok(());
    }
    Err(Error::new(UNAVAILABLE, message("jobs-keep-failing").with("jobs", failing.join(", "))).retry_after(5))
}

fn database(state: &State) -> Result<()> {
    let not_ready = |why: Message| Error::new(UNAVAILABLE, why).retry_after(5);
    if !state.access.is_fresh() {
        return Err(not_ready(message("database-out-of-reach")));
    }
    if let Some(pool) = state.exhausted() {
        let (pool, seconds) = (pool.name(), EXHAUSTED.as_secs());
        return Err(not_ready(message("pool-exhausted").with("pool", pool).with("seconds", seconds)));
    }
    let pool = &state.pools.read;
    let Ok(mut connection) = pool.get_within(PATIENCE) else {
        let is_busy = pool.used_and_idle().0 == pool.size();
        return if is_busy { Ok(()) } else { Err(not_ready(message("database-out-of-reach"))) };
    };
    match migrations::is_current(&mut connection) {
        Ok(true) => Ok(()),
        Ok(false) => Err(not_ready(message("schema-older"))),
        Err(_) => Err(not_ready(message("database-out-of-reach"))),
    }
}
