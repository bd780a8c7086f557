//! What all pages share: head, bar, contents, script.

use crate::http::docs::{SCRIPT, STYLE};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A page with its contents at the side.
pub fn page(title: &str, here: &str, contents: Markup, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "To the text" }
                (bar(here))
                div.frame {
                    nav.contents aria-label="Contents" { details open { summary { "Mục lục · Contents" } (contents) } }
                    main #main { (body) }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn bar(here: &str) -> Markup {
    let places = [("/docs", "API"), ("/docs/rules", "Quy tắc · Rules"), ("/openapi.json", "OpenAPI")];
    html! {
        header.bar {
            a.brand href="/docs" { "School Gateway" span.version { (env!("CARGO_PKG_VERSION")) } }
            nav aria-label="Pages" {
                @for (path, name) in places { a href=(path) aria-current=[(path == here).then_some("page")] { (name) } }
            }
        }
    }
}
