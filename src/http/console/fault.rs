//! What went wrong, as a page.

use crate::error::{Error, UNAUTHENTICATED};
use crate::http::console::frame::{PageFrame, see};
use crate::http::console::words::Words;
use crate::http::request::context::RequestContext;
use crate::model::wording::BodyForm;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, ResponseError};
use maud::{Markup, html};

/// The page of an error; who is not signed in is led there.
pub fn page(error: &Error, asked: &RequestContext) -> HttpResponse {
    if error.kind == UNAUTHENTICATED {
        return see("/console/sign-in");
    }
    let words = Words(asked.language);
    let title = words.of(error.kind.title_vi, error.kind.title);
    let body = html! {
        h1 { (title) }
        (alert(words, error))
        p { a.next href="/console" { (words.of("Về trang đầu", "To the first page")) } }
        p.quiet { (words.of("Mã yêu cầu", "Request")) " " code { (asked.request_id) } }
    };
    let frame = PageFrame { words, title, path: &asked.path, person: None, form_token: String::new(), waits: false };
    let mut response = frame.answer(error.status_code(), body);
    if let Some(seconds) = error.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// What it says, where the reader looks first.
pub fn alert(words: Words, error: &Error) -> Markup {
    html! { p.notice.bad role="alert" { (error.message.in_form(words.0, BodyForm::Sheet)) } }
}

/// The status of an error.
pub fn status(error: &Error) -> StatusCode {
    error.status_code()
}
