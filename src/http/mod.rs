//! The doors over HTTP. Every route stands in the one list below.

pub mod announced; // bodies by the length that is announced
pub mod api; // the operations, one file a group of routes
pub mod console; // pages for people
pub mod docs; // pages to read and try the API
pub mod export; // whole results on their way out
pub mod middleware; // what surrounds every request
pub mod openapi; // the OpenAPI document
pub mod pace; // how fast a client sends or reads
pub mod permits; // places for what goes on for long
pub mod problem; // whatever goes wrong, as RFC 9457 says
pub mod refusals; // floods of refusals, slowed down
pub mod request; // what a request brings
pub mod serve; // the server
pub mod state; // what every handler can reach
pub mod static_response; // an answer that stays the same
pub mod tenants; // the tenants that this gateway serves

pub use request::caller::Caller;
pub use request::context::RequestContext;
pub use serve::run;
pub use state::State;

use self::api::{
    clients, crosswalks, findings, health, oauth, official_code, receipts, record_reads, records, reference,
    reporting_periods, rules, sheet_layouts, submission_reads, submissions, templates,
};
use self::request::parameters::{NoParameters, Parameters};
use actix_web::guard::fn_guard;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler};

/// `path => method handler, …;` A path's other methods are answered 405 with `Allow`; GET answers HEAD too, and OPTIONS
/// names them all. `a | b`: both paths are the same; `a if guard`: only such requests. `handler[query]`: it reads
/// what stands behind `?`; `handler[any]`: it may be anything, for people and probes; else there is nothing to say there.
/// Before them stand the names of the list and of what mounts it, each with its description.
macro_rules! routes {
    (@handler $handler:path) => { without_parameters($handler) };
    (@handler $handler:path, $parameters:ident) => { $handler };
    ($(#[$list_doc:meta])* $list:ident $(#[$mount_doc:meta])* $mount:ident
     $($($path:literal)|+ $(if $guard:expr)? => $($method:ident $handler:path $([$parameters:ident])?),+;)*) => {
        $(#[$list_doc])*
        pub const $list: &[(&[&str], &[&str])] = &[$((&[$($path),+], &[$(stringify!($method)),+])),*];

        $(#[$mount_doc])*
        pub fn $mount(services: &mut ServiceConfig) {
            $(services.service(
                web::resource([$($path),+])
                    $(.guard(fn_guard($guard)))?
                    $(.route(method::$method().to(routes!(@handler $handler $(, $parameters)?))))+
                    .default_service(web::to(|request| problem::other_method(request, &[$(stringify!($method)),+]))),
            );)*
        }
    };
}

routes! {
    /// The patterns and methods of every route of the API, for its document to be held against.
    ROUTES
    /// Every route of the API. The first pattern that matches a path takes it.
    routes

    // Most requests by far are for a record: they need not try each of the other patterns first.
    "/v1/{resource}/{key:.+}" if records::names_a_record => get record_reads::one, put records::put, delete records::delete;
    "/health/live" => get health::live[any];
    "/health/ready" => get health::ready[any];
    "/problems/{code}" => get problem::explain;
    "/problems/{code}/{language}" => get problem::explain_in;
    "/" => get docs::root[any];
    "/docs" => get docs::overview[any];
    "/docs/rules" => get docs::rules[any];
    "/docs/samples" => get docs::samples[any];
    "/docs/samples/{file}" => get docs::sample[any];
    "/docs/{page}" => get docs::guide[any];
    "/docs/{page}/{language}" => get docs::guide_in[any];
    "/openapi.json" => get openapi::read[any];
    "/oauth/token" | "/oauth/token/" => post oauth::token[any];
    "/.well-known/jwks.json" => get oauth::keys[any];
    "/.well-known/oauth-authorization-server" => get oauth::metadata[any];
    "/v1/clients" => get clients::list[query], post clients::create;
    "/v1/clients/{id}" => get clients::read, delete clients::revoke;
    "/v1/clients/{id}/secret" => post clients::rotate;
    "/v1/clients/{id}/grants" => get clients::grants, put clients::set_grants;
    "/v1/clients/{id}/crosswalks" => get crosswalks::list;
    "/v1/clients/{id}/crosswalks/{list}" => get crosswalks::read, put crosswalks::put, delete crosswalks::delete;
    "/v1/reporting-periods" => get reporting_periods::list[query], post reporting_periods::create;
    "/v1/reporting-periods/{id}" => get reporting_periods::read, put reporting_periods::replace, delete reporting_periods::delete;
    "/v1/reporting-periods/{id}/extensions/{schoolCode}" => put reporting_periods::extend, delete reporting_periods::withdraw;
    "/v1/submissions" => post submissions::create[query], get submission_reads::list[query];
    "/v1/submissions/{id}" => get submission_reads::read;
    "/v1/submissions/{id}/issues" => get submission_reads::issues[query];
    "/v1/submissions/{id}/rejected" => get submission_reads::rejected;
    "/v1/submissions/{id}/receipt" => get receipts::read;
    "/v1/submissions/{id}/parked" => get submission_reads::waiting[query];
    "/v1/submissions/{id}/events" => get submission_reads::events;
    "/v1/findings" => get findings::list[query];
    "/v1/findings/{id}" => get findings::read;
    "/v1/findings/{id}/decision" => put findings::decide;
    "/v1/code-lists" => get reference::lists;
    "/v1/code-lists/{name}" => get reference::list[query];
    "/v1/reference" => post reference::post[query];
    "/v1/rules" => get rules::list[query];
    "/v1/rules/{code}" => get rules::read;
    "/v1/sheet-layouts" => get sheet_layouts::list[query], post sheet_layouts::create;
    "/v1/sheet-layouts/{name}" => get sheet_layouts::read, post sheet_layouts::create_named, put sheet_layouts::put, delete sheet_layouts::delete;
    "/v1/sheet-layouts/{name}/example" => get sheet_layouts::example;
    "/v1/templates/{resource}.xlsx" => get templates::read;
    "/v1/students/{code}/identify" => post official_code::create;
    "/v1/{resource}/{key:.+}" => get record_reads::one, put records::put, delete records::delete;
    "/v1/{resource}" => get record_reads::list[query];
}

routes! {
    /// The patterns and methods of the pages for people who sign in.
    PAGES
    /// Those pages.
    pages

    "/console" => get console::home::show[any];
    "/console/sign-in" => get console::sign_in::show[any], post console::sign_in::enter[any];
    "/console/sign-out" => post console::sign_in::leave[any];
    "/console/language" => post console::sign_in::speak[any];
    "/console/submissions" => get console::submissions::list[query], post console::upload::take[any];
    "/console/submissions/{id}" => get console::submission::show[query];
    "/console/submissions/{id}/send" => post console::submission::send[any];
    "/console/submissions/{id}/annotated.xlsx" => get console::submission::annotated[any];
    "/console/findings" => get console::findings::list[query];
    "/console/templates/{resource}.xlsx" => get console::home::template[any];
    "/console/script.js" => get console::script[any];
}

/// The handler, for requests without parameters; a 400 names the first of others, once it is known who asks.
fn without_parameters<H: Handler<A>, A: FromRequest>(
    handler: H,
) -> impl Handler<(A, Parameters<NoParameters>), Output = H::Output, Future = H::Future> {
    move |arguments, _: Parameters<NoParameters>| handler.call(arguments)
}

/// The methods of routes.
mod method {
    use actix_web::Route;
    use actix_web::guard::fn_guard;
    use actix_web::http::Method;
    pub use actix_web::web::{delete, post, put};

    /// GET, and HEAD as every GET must take it: the server leaves the body out.
    pub fn get() -> Route {
        Route::new().guard(fn_guard(|context| matches!(context.head().method, Method::GET | Method::HEAD)))
    }
}
