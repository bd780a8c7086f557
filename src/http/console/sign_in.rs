//! In, out, and in which language. Secrets are proven as at `/oauth/token`, within the same budgets.

use crate::access::{secrets, sessions};
use crate::error::{Error, RATE_LIMITED, Result, UNAUTHENTICATED};
use crate::http::api::oauth;
use crate::http::console::cookies::{self, LANGUAGE, LANGUAGE_KEPT, SESSION, VISIT};
use crate::http::console::fault;
use crate::http::console::frame::{PageFrame, see, signed};
use crate::http::console::session::{FORM_TOKEN, OwnForm, SHORTEST_SEED, SignedIn, fields, form_token, is_own, value};
use crate::http::console::words::Words;
use crate::http::console::{ROOT, holds};
use crate::http::request::context::RequestContext;
use crate::http::state::State;
use crate::http::tenants::Tenants;
use crate::model::messages::message;
use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};
use uuid::Uuid;

/// `GET /console/sign-in`; who is signed in already is led on.
///
/// # Errors
/// A 429 or 503 where that cannot be told.
pub async fn show(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse> {
    match SignedIn::of(&request, &state).await {
        Ok(_) => Ok(see(ROOT)),
        Err(error) if error.kind == UNAUTHENTICATED => Ok(answer(&request, &state, "", None)),
        Err(error) => Err(error),
    }
}

/// `POST /console/sign-in`: opens a session.
///
/// # Errors
/// A 403 for the form of another page, a 503 when too many secrets are being proven.
pub async fn enter(request: HttpRequest, tenants: web::Data<Tenants>, payload: web::Payload) -> Result<HttpResponse> {
    let fields = fields(payload).await?;
    is_own(request.headers(), &[VISIT], value(&fields, FORM_TOKEN))?;
    let (id, secret) = (value(&fields, "client").trim(), value(&fields, "secret").trim());
    let known = Uuid::parse_str(id);
    let state = match known {
        Ok(known) => tenants.of_client(known).await,
        Err(_) => tenants.default_state().clone(),
    };
    let client = match known {
        Ok(known) => oauth::proven(&state, known, secret.to_owned()).await,
        // What is no UUID is nobody's id.
        Err(_) => Ok(None),
    };
    let wrong = || Error::new(UNAUTHENTICATED, message("sign-in-wrong"));
    let client = match client.and_then(|client| client.ok_or_else(wrong)) {
        Ok(client) => client,
        Err(error) if [UNAUTHENTICATED, RATE_LIMITED].contains(&error.kind) => {
            return Ok(answer(&request, &state, id, Some(&error)));
        }
        Err(error) => return Err(error),
    };
    let token = state.write(client.id, "session", move |connection| sessions::open(connection, &client)).await?;
    let mut response = see(ROOT);
    cookies::keep(&mut response, SESSION, &token.reveal(), None, cookies::by_tls(&request, &state));
    Ok(response)
}

/// `POST /console/sign-out`: ends the session.
///
/// # Errors
/// A 403 for the form of another page.
pub async fn leave(request: HttpRequest, state: web::Data<State>, form: OwnForm) -> Result<HttpResponse> {
    let token = form.person.token;
    state.write(token.client(), "session", move |connection| sessions::close(connection, &token)).await?;
    let mut response = see("/console/sign-in");
    cookies::forget(&mut response, SESSION, cookies::by_tls(&request, &state));
    Ok(response)
}

/// `POST /console/language`: speaks another language from now on, and leads back.
///
/// # Errors
/// A 403 for the form of another page.
pub async fn speak(request: HttpRequest, state: web::Data<State>, payload: web::Payload) -> Result<HttpResponse> {
    let fields = fields(payload).await?;
    is_own(request.headers(), &[SESSION, VISIT], value(&fields, FORM_TOKEN))?;
    let mut response = see(own_page(value(&fields, "back")));
    let language = if value(&fields, "language") == "en" { "en" } else { "vi" };
    cookies::keep(&mut response, LANGUAGE, language, Some(LANGUAGE_KEPT), cookies::by_tls(&request, &state));
    Ok(response)
}

/// The path, if it is that of one of these pages; nobody is led anywhere else.
fn own_page(path: &str) -> &str {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.?=&%".contains(&byte);
    let page = path.split('?').next().unwrap_or_default();
    if holds(page) && !page.contains("//") && !page.contains("..") && path.bytes().all(is_plain) { path } else { ROOT }
}

/// The form, with what was wrong; a session that is over is forgotten.
fn answer(request: &HttpRequest, state: &State, id: &str, wrong: Option<&Error>) -> HttpResponse {
    let words = Words(RequestContext::of(request).language);
    let visit = cookies::read(request.headers(), VISIT).filter(|visit| visit.len() >= SHORTEST_SEED);
    let seed = visit.map_or_else(secrets::generate, str::to_owned);
    let ended = wrong.is_none() && cookies::read(request.headers(), SESSION).is_some();
    let status = wrong.map_or(StatusCode::OK, fault::status);
    let title = words.of("Đăng nhập", "Sign in");
    let form_token = form_token(&seed);
    let body = form(words, &form_token, id, wrong, ended);
    let frame = PageFrame { words, title, path: "/console/sign-in", person: None, form_token, waits: false };
    let mut response = frame.answer(status, body);
    let by_tls = cookies::by_tls(request, state);
    cookies::keep(&mut response, VISIT, &seed, None, by_tls);
    if ended {
        cookies::forget(&mut response, SESSION, by_tls);
    }
    let headers = response.headers_mut();
    if let Some(seconds) = wrong.and_then(|error| error.retry_after) {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::UNAUTHORIZED
        && let Ok(challenge) = "Cookie realm=\"school-gateway\", form-action=\"/console/sign-in\"".parse()
    {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

fn form(words: Words, form_token: &str, id: &str, wrong: Option<&Error>, ended: bool) -> Markup {
    html! {
        h1 { (words.of("Đăng nhập", "Sign in")) }
        p { (words.of(
            "Dành cho văn thư, giáo vụ của trường và cán bộ của ngành. Dùng mã ứng dụng và mật khẩu mà Sở đã cấp.",
            "For the offices of schools and the staff of the sector. Use the client id and secret that the department gave you.",
        )) }
        @if let Some(error) = wrong { (fault::alert(words, error)) }
        @if ended {
            p.notice role="status" { (words.of(
                "Phiên làm việc trước đã hết. Xin đăng nhập lại.",
                "Your last session is over. Please sign in again.",
            )) }
        }
        form.card method="post" action="/console/sign-in" {
            (signed(form_token))
            label for="client" { (words.of("Mã ứng dụng", "Client id")) }
            input #client name="client" value=(id) autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus[id.is_empty()];
            label for="secret" { (words.of("Mật khẩu", "Secret")) }
            input #secret name="secret" type="password" autocomplete="current-password" required autofocus[!id.is_empty()];
            button type="submit" { (words.of("Đăng nhập", "Sign in")) }
        }
        p.quiet { (words.of(
            "Quên hoặc lộ mật khẩu: báo Sở để đổi; mật khẩu cũ mất hiệu lực ngay.",
            "Secret lost or leaked: tell the department, which gives you another; the old one is worth nothing from then on.",
        )) }
        p.quiet {
            a href={ "/docs/schools/" (words.tag()) } { (words.of("Hướng dẫn cho nhà trường", "Guide for schools")) } " · "
            a href="/docs" { (words.of("Tài liệu cho phần mềm", "Documentation for programs")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_a_page_of_others() {
        for own in ["/console", "/console/findings?cursor=ab_-", "/console/submissions/0190-a"] {
            assert_eq!(own_page(own), own);
        }
        for foreign in [
            "",
            "/",
            "//evil.example",
            "/console//evil.example",
            "/consolex",
            "https://evil.example/console",
            "/console/../v1",
            "/console\\evil",
            "/console\r\nSet-Cookie: a=b",
            "/console/@evil",
            "/docs",
        ] {
            assert_eq!(own_page(foreign), ROOT, "{foreign}");
        }
    }
}
