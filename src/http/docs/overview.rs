//! The page of the API: how to begin, every operation by tag, every schema.

use crate::http::docs::layout::{self, PageParts};
use crate::http::docs::operation::Shown;
use crate::http::docs::{markup, operation, schema};
use crate::http::openapi;
use crate::model::issue::Language;
use maud::{Markup, html};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::tag::Tag;

/// How to begin, in Vietnamese; the document says it in English.
const VIETNAMESE: &str = include_str!("overview.vi.md");

/// The page.
pub fn page() -> Markup {
    let document = openapi::document();
    let tags = document.tags.clone().unwrap_or_default();
    let shown = shown(&document);
    let of_tag = |tag: &Tag| shown.iter().filter(|shown| shown.tag() == tag.name).collect::<Vec<_>>();
    let body = html! {
        (start(&document))
        @for tag in &tags { (section(tag, &of_tag(tag), &document)) }
        (schemas(&document))
    };
    let contents = html! {
        a href="#start" { "Bắt đầu · Start" }
        @for tag in &tags {
            details { summary { (tag.name) } @for shown in of_tag(tag) { (line(shown)) } }
        }
        a href="#schemas" { "Lược đồ · Schemas" }
    };
    layout::page(PageParts {
        title: "School Gateway API",
        language: Language::English,
        here: "/docs",
        search: html! {},
        contents,
        body,
        script: layout::TRIAL,
    })
}

/// The operations in the document's order.
fn shown(document: &OpenApi) -> Vec<Shown<'_>> {
    document
        .paths
        .paths
        .iter()
        .flat_map(|(path, item)| methods(item).map(move |(method, operation)| Shown { path, method, operation }))
        .collect()
}

fn methods(item: &PathItem) -> impl Iterator<Item = (&'static str, &utoipa::openapi::path::Operation)> {
    let all = [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

fn line(shown: &Shown) -> Markup {
    html! { a.line href={ "#" (shown.id()) } { span class={ "method " (shown.method) } { (shown.method) } " " (shown.summary()) } }
}

fn start(document: &OpenApi) -> Markup {
    html! {
        section #start {
            h1 { (document.info.title) " API" }
            div lang="vi" { (markup::paragraphs(VIETNAMESE)) }
            div lang="en" { (markup::paragraphs(document.info.description.as_deref().unwrap_or_default())) }
            form.token #token {
                h2 { "Mã truy cập · Access token" }
                p.quiet { "Kept in this page's memory only; the forms below send it. " span #token-state aria-live="polite" {} }
                label { "Client id" input name="client" autocomplete="off" spellcheck="false" required; }
                label { "Client secret" input name="secret" type="password" autocomplete="off" required; }
                button type="submit" { "Lấy mã · Get a token" }
            }
        }
    }
}

fn section(tag: &Tag, shown: &[&Shown], document: &OpenApi) -> Markup {
    html! {
        section {
            h2 id={ "tag-" (tag.name.to_lowercase().replace(' ', "-")) } { (tag.name) }
            (markup::paragraphs(tag.description.as_deref().unwrap_or_default()))
            @for shown in shown { (operation::operation(shown, document)) }
        }
    }
}

fn schemas(document: &OpenApi) -> Markup {
    html! {
        section #schemas {
            h2 { "Lược đồ · Schemas" }
            @for (name, shape) in document.components.iter().flat_map(|components| &components.schemas) {
                details.schema id={ "schema-" (name) } { summary { code { (name) } } (schema::whole(shape)) }
            }
        }
    }
}
