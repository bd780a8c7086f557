//! The page of the API: how to begin, every operation by tag, every schema.

use crate::http::docs::layout::{self, PageParts};
use crate::http::docs::operation::Shown;
use crate::http::docs::speech::Speech;
use crate::http::docs::{markup, operation, schema};
use crate::http::openapi;
use crate::model::issue::Language;
use maud::{Markup, html};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::tag::Tag;

/// How to begin, in Vietnamese; the document says it in English.
const VIETNAMESE: &str = include_str!("overview.vi.md");

/// The languages of the page; the first is for who prefers none of them.
pub const LANGUAGES: [Language; 2] = [Language::Vietnamese, Language::English];

/// What stands behind `/docs/` in the address of the page in one language.
pub const PAGE: &str = "api";

/// Where a page stands in each of the languages.
pub fn addresses(page: &str) -> [(Language, String); 2] {
    LANGUAGES.map(|language| (language, format!("/docs/{page}/{}", language.tag())))
}

/// The page.
pub fn page(language: Language) -> Markup {
    let speech = Speech(language);
    let document = openapi::document();
    let tags = document.tags.clone().unwrap_or_default();
    let shown = shown(&document);
    let of_tag = |tag: &Tag| shown.iter().filter(|shown| shown.tag() == tag.name).collect::<Vec<_>>();
    let body = html! {
        (switch(language))
        (start(&document, speech))
        @for tag in &tags { (section(tag, &of_tag(tag), &document, speech)) }
        (schemas(&document, speech))
    };
    let contents = html! {
        a href="#start" { (speech.of("Bắt đầu", "Start")) }
        @for tag in &tags {
            details { summary { (name(tag, speech)) } @for shown in of_tag(tag) { (line(shown, speech)) } }
        }
        a href="#schemas" { (speech.of("Lược đồ", "Schemas")) }
    };
    layout::page(PageParts {
        title: "School Gateway API",
        language,
        here: "/docs",
        search: html! {},
        contents,
        body,
        script: layout::TRIAL,
    })
}

/// Links to the page in its languages.
fn switch(here: Language) -> Markup {
    layout::languages(addresses(PAGE), here)
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

fn line(shown: &Shown, speech: Speech) -> Markup {
    html! { a.line href={ "#" (shown.id()) } { span class={ "method " (shown.method) } { (shown.method) } " " (speech.text(shown.summary())) } }
}

/// The name of a chapter: in the document it is English, with its Vietnamese before what it is about.
fn name(tag: &Tag, speech: Speech) -> String {
    let about = tag.description.as_deref().and_then(|about| about.split_once(". "));
    match (speech.0, about) {
        (Language::Vietnamese, Some((name, _))) => name.to_owned(),
        _ => tag.name.clone(),
    }
}

fn start(document: &OpenApi, speech: Speech) -> Markup {
    let about = document.info.description.as_deref().unwrap_or_default();
    html! {
        section #start {
            h1 { (document.info.title) " API" }
            (markup::paragraphs(if speech.0 == Language::Vietnamese { VIETNAMESE } else { about }))
            form.token #token {
                h2 { (speech.of("Mã truy cập", "Access token")) }
                p.quiet { (speech.of("Chỉ giữ trong bộ nhớ của trang này; các biểu mẫu dưới đây gửi kèm. ", "Kept in this page's memory only; the forms below send it. ")) span #token-state aria-live="polite" {} }
                label { (speech.of("Mã ứng dụng", "Client id")) input name="client" autocomplete="off" spellcheck="false" required; }
                label { (speech.of("Mật khẩu", "Client secret")) input name="secret" type="password" autocomplete="off" required; }
                button type="submit" { (speech.of("Lấy mã", "Get a token")) }
            }
        }
    }
}

fn section(tag: &Tag, shown: &[&Shown], document: &OpenApi, speech: Speech) -> Markup {
    html! {
        section {
            h2 id={ "tag-" (tag.name.to_lowercase().replace(' ', "-")) } { (name(tag, speech)) }
            (markup::paragraphs(&speech.text(tag.description.as_deref().unwrap_or_default())))
            @for shown in shown { (operation::operation(shown, document, speech)) }
        }
    }
}

fn schemas(document: &OpenApi, speech: Speech) -> Markup {
    html! {
        section #schemas {
            h2 { (speech.of("Lược đồ", "Schemas")) }
            @for (name, shape) in document.components.iter().flat_map(|components| &components.schemas) {
                details.schema id={ "schema-" (name) } { summary { code { (name) } } (schema::whole(shape, speech)) }
            }
        }
    }
}
