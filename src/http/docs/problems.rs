//! The page of a kind of problem: why it arises and what to do.

use crate::error::KINDS;
use crate::http::docs::layout::{self, PageParts};
use crate::http::problem::Explanation;
use crate::model::issue::Language;
use maud::{Markup, html};

/// The page of one kind; the others stand at its side.
pub fn page(kind: &Explanation) -> Markup {
    let texts = |title_vi: &str, title: &str, vi: &str, en: &str| {
        html! {
            h2 { (title_vi) " · " (title) }
            p lang="vi" { (vi) }
            p lang="en" { (en) }
        }
    };
    let body = html! {
        h1 { (kind.title.vi) " · " span lang="en" { (kind.title.en) } }
        p.quiet { code { (kind.code) } ", HTTP " (kind.status) }
        (texts("Vì sao", "Why", &kind.cause.vi, &kind.cause.en))
        (texts("Cách xử lý", "What to do", &kind.remedy.vi, &kind.remedy.en))
        p.quiet lang="vi" { "Mỗi câu trả lời lỗi có “detail” nói điều đã xảy ra và “requestId” để báo cho đơn vị vận hành." }
        p.quiet lang="en" { "Every such answer says in “detail” what happened, and has a “requestId” to tell the operator." }
    };
    let contents = html! {
        @for other in KINDS { a href={ "/problems/" (other.code) } { (other.status) " " span.quiet { (other.title_vi) } } }
    };
    layout::page(PageParts {
        title: &kind.title.vi,
        language: Language::Vietnamese,
        here: "",
        search: html! {},
        contents,
        body,
        script: "",
    })
}
