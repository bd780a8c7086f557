//! The page of a kind of problem: why it arises and what to do.

use crate::error::{KINDS, ProblemKind};
use crate::http::docs::layout::{self, PageParts};
use crate::http::docs::overview;
use crate::http::docs::speech::Speech;
use crate::http::problem::Explanation;
use crate::model::issue::Language;
use crate::model::rules::examples::BilingualText;
use maud::{Markup, html};

/// The page of one kind in one language; the others stand at its side.
pub fn page(kind: &Explanation, language: Language) -> Markup {
    let speech = Speech(language);
    let said = |text: &BilingualText| match language {
        Language::Vietnamese => text.vi.clone(),
        Language::English => text.en.clone(),
    };
    let title = said(&kind.title);
    let address = |language: Language| (language, format!("/problems/{}/{}", kind.code, language.tag()));
    let body = html! {
        (layout::languages(overview::LANGUAGES.map(address), language))
        h1 { (title) }
        p.quiet { code { (kind.code) } ", HTTP " (kind.status) }
        h2 { (speech.of("Vì sao", "Why")) }
        p { (said(&kind.cause)) }
        h2 { (speech.of("Cách xử lý", "What to do")) }
        p { (said(&kind.remedy)) }
        p.quiet { (speech.of(
            "Mỗi câu trả lời lỗi có “detail” nói điều đã xảy ra và “requestId” để báo cho đơn vị vận hành.",
            "Every such answer says in “detail” what happened, and has a “requestId” to tell the operator.",
        )) }
    };
    let called = |other: &ProblemKind| speech.of(other.title_vi, other.title);
    let contents = html! {
        @for other in KINDS { a href={ "/problems/" (other.code) "/" (language.tag()) } { (other.status) " " span.quiet { (called(other)) } } }
    };
    layout::page(PageParts { title: &title, language, here: "", search: html! {}, contents, body, script: "" })
}
