//! The documents of the repository that are pages too: the vendors' guide, what the staff read, what an operator reads.

use crate::http::docs::layout::{self, PageParts};
use crate::http::docs::markdown::{Rendered, render};
use crate::http::docs::samples;
use crate::http::static_response::StaticResponse;
use crate::model::issue::Language;
use maud::{Markup, html};
use std::sync::LazyLock;

/// A document in one language.
pub struct Guide {
    /// What stands behind `/docs/`.
    pub page: &'static str,
    /// The language in which it is written.
    pub language: Language,
    /// The file below `docs/`.
    file: &'static str,
    text: &'static str,
}

impl Guide {
    /// Where it is in this language, whatever a browser prefers.
    pub fn address(&self) -> String {
        format!("/docs/{}/{}", self.page, self.language.tag())
    }
    /// The first line, without its mark.
    fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches("# ")
    }
}

/// All of them; of a page in several languages the first is the one for who prefers none of them.
pub const GUIDES: &[Guide] = &[
    Guide {
        page: "guide",
        language: Language::Vietnamese,
        file: "vendors.vi.md",
        text: include_str!("../../../docs/vendors.vi.md"),
    },
    Guide {
        page: "guide",
        language: Language::English,
        file: "vendors.md",
        text: include_str!("../../../docs/vendors.md"),
    },
    Guide {
        page: "staff",
        language: Language::Vietnamese,
        file: "staff.md",
        text: include_str!("../../../docs/staff.md"),
    },
    Guide {
        page: "schools",
        language: Language::Vietnamese,
        file: "schools.md",
        text: include_str!("../../../docs/schools.md"),
    },
    Guide {
        page: "schools",
        language: Language::English,
        file: "schools.en.md",
        text: include_str!("../../../docs/schools.en.md"),
    },
    Guide {
        page: "sheets",
        language: Language::Vietnamese,
        file: "sheets.vi.md",
        text: include_str!("../../../docs/sheets.vi.md"),
    },
    Guide {
        page: "sheets",
        language: Language::English,
        file: "sheets.md",
        text: include_str!("../../../docs/sheets.md"),
    },
    Guide {
        page: "operators",
        language: Language::English,
        file: "operators.md",
        text: include_str!("../../../docs/operators.md"),
    },
    Guide {
        page: "reference-data",
        language: Language::English,
        file: "reference-data.md",
        text: include_str!("../../../docs/reference-data.md"),
    },
];

static PAGES: LazyLock<Vec<StaticResponse>> =
    LazyLock::new(|| GUIDES.iter().map(|guide| layout::answer(page(guide))).collect());

/// The page in this language, or in whichever it is written; and that language.
pub fn preferred(page: &str, language: Language) -> Option<(&'static StaticResponse, Language)> {
    exactly(page, language).map(|found| (found, language)).or_else(|| {
        let place = GUIDES.iter().position(|guide| guide.page == page)?;
        Some((PAGES.get(place)?, GUIDES.get(place)?.language))
    })
}

/// The page in this language.
pub fn exactly(page: &str, language: Language) -> Option<&'static StaticResponse> {
    PAGES.get(GUIDES.iter().position(|guide| guide.page == page && guide.language == language)?)
}

fn page(guide: &Guide) -> Markup {
    let Rendered { body, headings } = render(guide.text, served);
    let contents = html! {
        @for heading in &headings { a.line[heading.is_inner] href={ "#" (heading.id) } { (heading.words) } }
    };
    let body = html! { (languages(guide)) (body) };
    let here = format!("/docs/{}", guide.page);
    let title = format!("{} – School Gateway", guide.title());
    let search = layout::search(guide.language);
    layout::page(PageParts { title: &title, language: guide.language, here: &here, search, contents, body, script: "" })
}

/// Links to the same page in its languages, where it has several.
fn languages(guide: &Guide) -> Markup {
    let all = GUIDES.iter().filter(|other| other.page == guide.page);
    layout::languages(all.map(|other| (other.language, other.address())), guide.language)
}

/// Where the target of a link in `docs/` is served: places of the same page, of other hosts and of this gateway stand
/// as they are; a file is a page or a sample, or is not served.
fn served(target: &str) -> Option<String> {
    if target.starts_with(['#', '/']) || target.contains("://") {
        return Some(target.to_owned());
    }
    let (file, place) = target.split_once('#').map_or((target, None), |(file, place)| (file, Some(place)));
    let page = GUIDES.iter().find(|guide| guide.file == file).map(Guide::address);
    let address = page.or_else(|| samples::address(file.strip_prefix("../samples/")?))?;
    Some(place.map_or_else(|| address.clone(), |place| format!("{address}#{place}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_files_become_links_between_pages() {
        for (target, address) in [
            ("vendors.md", Some("/docs/guide/en")),
            ("vendors.vi.md#5-gửi-lại", Some("/docs/guide/vi#5-gửi-lại")),
            ("../samples/nightly.py", Some("/docs/samples/nightly.py")),
            ("../samples/", Some("/docs/samples")),
            ("#one", Some("#one")),
            ("/openapi.json", Some("/openapi.json")),
            ("https://www.rfc-editor.org/rfc/rfc9457", Some("https://www.rfc-editor.org/rfc/rfc9457")),
            ("performance.md", None),
            ("../samples/none.py", None),
        ] {
            assert_eq!(served(target).as_deref(), address, "{target}");
        }
    }
}
