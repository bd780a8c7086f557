//! `GET /metrics`, on a listener of its own: it needs no token, so it is not to be reached from outside.

use crate::http::state::State;
use crate::metrics;
use actix_web::{HttpResponse, web};

/// Everything counted, in Prometheus' text format.
pub async fn scrape(state: web::Data<State>) -> HttpResponse {
    let pool = state.pool.state();
    metrics::pool(pool.connections - pool.idle_connections, pool.idle_connections);
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render())
}
