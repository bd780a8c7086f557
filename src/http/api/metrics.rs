//! `GET /metrics`, on a listener of its own: it needs no token, so it is not to be reached from outside.

use crate::http::state::State;
use crate::metrics;
use actix_web::{HttpResponse, web};

/// Everything counted, in Prometheus' text format.
pub async fn scrape(state: web::Data<State>) -> HttpResponse {
    for pool in state.pools.all() {
        let (used, idle) = pool.used_and_idle();
        metrics::pool(pool.name(), used, idle);
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render())
}
