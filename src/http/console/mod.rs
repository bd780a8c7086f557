//! `/console`: pages for people who send a school's sheets, or look at what was sent. Made on the server, usable without
//! script, by keyboard and on a phone; nothing is loaded from any other host. What a page shows is what the API grants
//! the client whose id and secret opened the session.

pub mod cookies; // what the browser keeps
pub mod fault; // what went wrong, as a page
pub mod findings; // what stands open
pub mod frame; // what all of these pages share
pub mod home; // the first page: send a file, templates
pub mod issues; // the faults of a file, as a table
pub mod offered; // what may be said beside a file
pub mod parts; // a form with a file, as it comes
pub mod session; // who looks at a page
pub mod sign_in; // in, out, and in which language
pub mod submission; // one submission: how far it is, what is wrong, what next
pub mod submissions; // earlier ones
pub mod upload; // a file on its way in
pub mod words; // both languages, numbers, days

pub use cookies::language;
pub use fault::page as fault;

use crate::error::Result;
use crate::http::static_response::StaticResponse;
use actix_web::{HttpRequest, HttpResponse};
use std::sync::LazyLock;

/// Where the pages begin.
pub const ROOT: &str = "/console";
/// Where files are sent to.
pub const UPLOADS: &str = "/console/submissions";
/// Bytes of a form besides its file.
pub const FORM: usize = 16 * 1024;

static SCRIPT: LazyLock<StaticResponse> =
    LazyLock::new(|| StaticResponse::new("text/javascript; charset=utf-8", include_str!("script.js").to_owned()));

/// Is it the path of such a page?
pub fn holds(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `GET /console/script.js`: what makes the pages more comfortable where scripts run.
///
/// # Errors
/// A 400 for a condition that cannot be read.
pub async fn script(request: HttpRequest) -> Result<HttpResponse> {
    SCRIPT.answer(&request, |_| ())
}
