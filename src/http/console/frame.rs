//! What all of these pages share: the bar, the switch of languages, the way out; and what the browser is told of them.

use crate::access::Permission;
use crate::http::console::session::{FORM_TOKEN, SignedIn};
use crate::http::console::words::Words;
use crate::http::docs::layout;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, X_FRAME_OPTIONS};
use maud::{Markup, html};
use std::sync::LazyLock;

const STYLE: &str = include_str!("style.css");

static POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src {}; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
        layout::style_sources(STYLE)
    )
});

/// A page that is about to be answered.
pub struct PageFrame<'p> {
    /// Its language.
    pub words: Words,
    /// Its title.
    pub title: &'p str,
    /// Its path, with what stands behind `?`.
    pub path: &'p str,
    /// Who looks at it; `None`: nobody has signed in.
    pub person: Option<&'p SignedIn>,
    /// What its forms are signed with; empty: it has none.
    pub form_token: String,
    /// What it shows is not done: it is asked for again by itself.
    pub waits: bool,
}

impl<'p> PageFrame<'p> {
    /// A page for who signed in.
    pub fn of(person: &'p SignedIn, title: &'p str, path: &'p str) -> Self {
        let form_token = person.form_token();
        Self { words: person.words, title, path, person: Some(person), form_token, waits: false }
    }

    /// The answer.
    pub fn answer(&self, status: StatusCode, body: Markup) -> HttpResponse {
        let words = self.words;
        let head = html! {
            script src="/console/script.js" defer {}
            @if self.waits { noscript { meta http-equiv="refresh" content="3"; } }
        };
        let body = html! {
            a.skip href="#main" { (words.of("Đến nội dung chính", "To the main content")) }
            (self.bar())
            main #main.console data-waits[self.waits] { (body) }
        };
        let title = format!("{} · School Gateway", self.title);
        let page = layout::document(words.0, &title, STYLE, head, body);
        let mut response = HttpResponse::build(status);
        response
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CONTENT_SECURITY_POLICY, POLICY.as_str()))
            .insert_header((REFERRER_POLICY, "same-origin"))
            .insert_header((X_FRAME_OPTIONS, "DENY"))
            .insert_header(("Cross-Origin-Opener-Policy", "same-origin"));
        response.body(page.into_string())
    }

    fn bar(&self) -> Markup {
        let words = self.words;
        html! {
            header.bar {
                a.brand href="/console" { "School Gateway" }
                @if let Some(person) = self.person {
                    nav aria-label=(words.of("Các trang", "Pages")) {
                        @for (path, name) in places(person) {
                            a href=(path) aria-current=[(path == self.path).then_some("page")] { (name) }
                        }
                    }
                }
                @if !self.form_token.is_empty() {
                    div.tools {
                        (self.switch())
                        @if self.person.is_some() {
                            form method="post" action="/console/sign-out" {
                                (signed(&self.form_token))
                                button.plain type="submit" { (words.of("Đăng xuất", "Sign out")) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn switch(&self) -> Markup {
        let (language, name) = if self.words.tag() == "vi" { ("en", "English") } else { ("vi", "Tiếng Việt") };
        html! {
            form method="post" action="/console/language" {
                (signed(&self.form_token))
                input type="hidden" name="back" value=(self.path);
                button.plain type="submit" name="language" value=(language) lang=(language) { (name) }
            }
        }
    }
}

/// The pages that a person may see.
fn places(person: &SignedIn) -> Vec<(&'static str, &'static str)> {
    let words = person.words;
    let may = |action: Permission| person.caller.may(action).is_ok();
    let mut places = Vec::new();
    if may(Permission::WriteRecords) {
        places.push(("/console", words.of("Gửi tệp", "Send a file")));
    }
    if may(Permission::ReadSubmissions) {
        places.push(("/console/submissions", words.of("Các lần gửi", "Submissions")));
    }
    if may(Permission::ReadFindings) {
        places.push(("/console/findings", words.of("Vấn đề còn mở", "Open findings")));
    }
    places
}

/// What shows that a form is a page's own.
pub fn signed(form_token: &str) -> Markup {
    html! { input type="hidden" name=(FORM_TOKEN) value=(form_token); }
}

/// Leads on to another page of these, as the answer to a form.
pub fn see(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}

/// The link to the next page of a list; none after the last.
pub fn next_page(words: Words, path: &str, next: Option<&str>) -> Markup {
    html! {
        @if let Some(next) = next {
            p { a.next href={ (path) "?cursor=" (next) } { (words.of("Trang tiếp theo →", "Next page →")) } }
        }
    }
}
