//! What all pages share: head, bar, contents, scripts, and the headers under which they go out.

use crate::http::static_response::StaticResponse;
use crate::model::issue::Language;
use actix_web::HttpResponseBuilder;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("style.css");
/// What every page does: unfold, copy, search.
const SCRIPT: &str = include_str!("page.js");
/// What the page of the API does: get a token, try an operation.
pub const TRIAL: &str = include_str!("trial.js");

static POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src {}; script-src {} {}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        hash_source(STYLE),
        hash_source(SCRIPT),
        hash_source(TRIAL)
    )
});

/// What a page shows.
pub struct PageParts<'a> {
    /// In the browser's own frame.
    pub title: &'a str,
    /// Of what is not said to be in another one.
    pub language: Language,
    /// Its place in the bar.
    pub here: &'a str,
    /// A field to search it, or nothing.
    pub search: Markup,
    /// Links at the side.
    pub contents: Markup,
    /// The page itself.
    pub body: Markup,
    /// What it does beside what all pages do; empty: nothing.
    pub script: &'static str,
}

/// A page of documentation with all that stands around it.
pub fn page(page: PageParts) -> Markup {
    let body = html! {
        a.skip href="#main" { "Đến nội dung · To the text" }
        (bar(page.here))
        div.frame {
            nav.contents aria-label="Mục lục · Contents" { (page.search) details open { summary { "Mục lục · Contents" } (page.contents) } }
            main #main { (page.body) }
        }
        script { (PreEscaped(SCRIPT)) }
        @if !page.script.is_empty() { script { (PreEscaped(page.script)) } }
    };
    document(page.language, page.title, "", html! {}, body)
}

/// A document in the style of all pages and one of its own; `head` is added to its head.
pub fn document(language: Language, title: &str, own_style: &str, head: Markup, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
                @if !own_style.is_empty() { style { (PreEscaped(own_style)) } }
                (head)
            }
            body { (body) }
        }
    }
}

/// The source expressions by which a policy lets a browser take the style of all pages, and one of its own.
pub fn style_sources(own_style: &str) -> String {
    format!("{} {}", hash_source(STYLE), hash_source(own_style))
}

/// The source expression of a style or script that stands in a page (Content Security Policy Level 3).
fn hash_source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

fn bar(here: &str) -> Markup {
    let places = [
        ("/docs/guide", "Hướng dẫn · Guide"),
        ("/docs", "API"),
        ("/docs/rules", "Quy tắc · Rules"),
        ("/docs/samples", "Mẫu · Samples"),
        ("/openapi.json", "OpenAPI"),
    ];
    html! {
        header.bar {
            a.brand href="/docs" { "School Gateway" span.version { (env!("CARGO_PKG_VERSION")) } }
            nav aria-label="Trang · Pages" {
                @for (path, name) in places { a href=(path) aria-current=[(path == here).then_some("page")] { (name) } }
            }
        }
    }
}

/// Links to the same page in its languages, where it has several.
pub fn languages(addresses: impl IntoIterator<Item = (Language, String)>, here: Language) -> Markup {
    let all: Vec<(Language, String)> = addresses.into_iter().collect();
    html! {
        @if all.len() > 1 {
            p.languages { @for (place, (language, address)) in all.iter().enumerate() {
                @if place > 0 { " · " }
                a href=(address) lang=(language.tag()) hreflang=(language.tag())
                    aria-current=[(*language == here).then_some("true")] { (language.own_name()) }
            } }
        }
    }
}

/// A field to search the sections of a page; shown by the script, without which it could do nothing.
pub fn search(language: Language) -> Markup {
    let label = match language {
        Language::Vietnamese => "Tìm trong trang",
        Language::English => "Search this page",
    };
    html! {
        form.search #find role="search" hidden {
            label { (label) input type="search" name="words" autocomplete="off"; }
            span.quiet aria-live="polite" {}
        }
    }
}

/// A page, made once.
pub fn answer(page: Markup) -> StaticResponse {
    StaticResponse::new("text/html; charset=utf-8", page.into_string())
}

/// A file to read and download, made once.
pub fn plain_text(text: &str) -> StaticResponse {
    StaticResponse::new("text/plain; charset=utf-8", text.to_owned())
}

/// Tells the browser to take nothing from anywhere but what stands in the page.
pub fn strictly(response: &mut HttpResponseBuilder) {
    response.insert_header((CONTENT_SECURITY_POLICY, POLICY.as_str())).insert_header((REFERRER_POLICY, "no-referrer"));
}
