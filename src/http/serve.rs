//! The server: started on a listener, stopped by a signal.

use crate::config::Config;
use crate::error::{Error, Result};
use crate::http::announced::{self, WHOLE_BODY};
use crate::http::api::metrics;
use crate::http::middleware::frame;
use crate::http::state::State;
use crate::http::tenants::Tenants;
use crate::http::{pages, problem, routes};
use crate::store::Pools;
use actix_http::{HttpService, Request};
use actix_service::{IntoServiceFactory, ServiceFactory, fn_service, map_config};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, Server, ServerHandle, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, Data, PathConfig, PayloadConfig, ServiceConfig};
use actix_web::{App, HttpServer};
use std::future::{Future, ready};
use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// A client has so long to send the head of its request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// A connection that is ended has so long to take leave.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// What is sent may wait so long for a client to take it.
#[cfg(target_os = "linux")]
const UNTAKEN: Duration = Duration::from_secs(90);
/// An idle connection is kept so long: longer than usual proxies do, so that they close first.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// Whatever the requests have left of the time to stop, the work in progress is given this to end its step.
const LAST_STEP: Duration = Duration::from_secs(1);

/// Serves on `listener` until `shutdown` ends, then finishes what runs. The schema must be current.
///
/// # Errors
/// Those of the database, of listening and of the runtime.
pub async fn run(
    config: Arc<Config>,
    pools: Pools,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let address = listener.local_addr().map_err(Error::internal)?;
    let patience = Duration::from_secs(config.shutdown_seconds);
    let tenants = web::block(move || Tenants::open(config, pools, address)).await.map_err(Error::internal)??;
    let tenants = Data::from(tenants);
    let told = Arc::new(OnceLock::new());
    let noted = told.clone();
    let shutdown = async move {
        shutdown.await;
        let _ = noted.set(Instant::now());
    };
    let outcome = serve(tenants.clone(), listener, shutdown).await;
    // What runs by itself ends at its next step; it goes on when a gateway starts again.
    web::block(move || {
        let spent = told.get().map_or(Duration::ZERO, Instant::elapsed);
        tenants.stop(patience.saturating_sub(spent).max(LAST_STEP));
    })
    .await
    .map_err(Error::internal)?;
    outcome
}

async fn serve(tenants: Data<Tenants>, listener: TcpListener, shutdown: impl Future<Output = ()>) -> Result<()> {
    let state = tenants.default_state();
    let measured = match state.config.metrics_listen {
        Some(address) => Some(metrics_server(state.clone(), address)?),
        None => None,
    };
    let server = server(tenants.clone(), listener)?;
    let handles = (server.handle(), measured.as_ref().map(Server::handle));
    let measured = async {
        match measured {
            Some(server) => server.await,
            None => Ok(()),
        }
    };
    let running = async { tokio::try_join!(server, measured).map(|_| ()) };
    let stopping = async {
        shutdown.await;
        // They would wait for the end of work that goes on when a gateway starts again.
        tenants.all().iter().for_each(|state| state.watchers.stop());
        stop(handles).await;
    };
    tokio::join!(running, stopping).0.map_err(Error::internal)
}

async fn stop((server, metrics): (ServerHandle, Option<ServerHandle>)) {
    server.stop(true).await;
    if let Some(metrics) = metrics {
        metrics.stop(true).await;
    }
}

fn server(tenants: Data<Tenants>, listener: TcpListener) -> Result<Server> {
    let state = tenants.default_state().clone();
    let (config, address) = (state.config.clone(), listener.local_addr().map_err(Error::internal)?);
    let builder =
        Server::build().workers(config.http_workers).shutdown_timeout(config.shutdown_seconds).disable_signals();
    let stopping = builder.graceful_shutdown_signal();
    // The builder of actix-web has no say in what is expected of a client before its body.
    let service = move || {
        let (stopping, asked) = (stopping.clone(), state.clone());
        let stopped = move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        };
        let app = map_config(app(tenants.clone()), |()| AppConfig::default());
        HttpService::build()
            .graceful_shutdown_signal(stopped)
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD_TIMEOUT)
            .client_disconnect_timeout(DISCONNECT_TIMEOUT)
            .local_addr(address)
            .expect(fn_service(move |request| ready(announced::expected(&asked, request))))
            .on_connect_ext(|stream, _| let_go_of_the_dead(stream))
            .finish(app)
            .tcp()
    };
    Ok(builder.listen("gateway", listener, service).map_err(Error::internal)?.run())
}

fn app(
    tenants: Data<Tenants>,
) -> impl ServiceFactory<
    Request,
    Config = AppConfig,
    Response = ServiceResponse<BoxBody>,
    Error = actix_web::Error,
    InitError = (),
> {
    App::new()
        .app_data(tenants.default_state().clone())
        .app_data(tenants)
        .configure(extractors)
        .wrap(from_fn(frame))
        .configure(routes)
        .configure(pages)
        .default_service(web::to(problem::not_found))
        .into_factory()
}

/// The system ends the connection when what was sent is not taken for so long, whether the client is gone or does not
/// read.
#[cfg(target_os = "linux")]
fn let_go_of_the_dead(stream: &TcpStream) {
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNTAKEN)) {
        tracing::debug!(%error, "a connection has no time limit");
    }
}

/// Other systems have their own limits.
#[cfg(not(target_os = "linux"))]
fn let_go_of_the_dead(_: &TcpStream) {}

fn metrics_server(state: Data<State>, address: std::net::SocketAddr) -> Result<Server> {
    let app = move || App::new().app_data(state.clone()).route("/metrics", web::get().to(metrics::scrape));
    let server = HttpServer::new(app).workers(1).disable_signals();
    let busy = |error| {
        Error::for_operator(
            crate::error::INTERNAL,
            format!("METRICS_LISTEN: {address} cannot be listened at: {error}."),
        )
    };
    Ok(server.bind(address).map_err(busy)?.run())
}

/// How paths are read, and how their faults are told. Bodies and parameters are read by `request`.
fn extractors(services: &mut ServiceConfig) {
    services
        .app_data(PayloadConfig::new(WHOLE_BODY))
        .app_data(PathConfig::default().error_handler(problem::path_fault));
}
