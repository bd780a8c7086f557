//! Documents of the repository as HTML: what stands in Markdown becomes sections that can be named in an address and
//! searched, code that can be copied, and links that lead to what is served.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::html::push_html;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A document as HTML.
pub struct Rendered {
    /// Sections, one from each heading of the second level to the next; what stands before is one too.
    pub body: Markup,
    /// The headings below the title, in order.
    pub headings: Vec<Heading>,
}

/// A heading below the title.
pub struct Heading {
    /// Does it stand below another one?
    pub is_inner: bool,
    /// Its anchor, as the repository's own pages have it.
    pub id: String,
    /// Its words.
    pub words: String,
}

/// The document; `served` gives the address of a link's target, or nothing where the target is not served: then its
/// words stay without a link. HTML in the text is left out.
pub fn render(text: &str, served: impl Fn(&str) -> Option<String>) -> Rendered {
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES);
    let (mut shown, mut headings, mut leads_nowhere) = (Vec::new(), Vec::new(), false);
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let words = until(&mut events, |end| matches!(end, TagEnd::Heading(_)));
                shown.push(heading(level, &words, &mut headings));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let lines = until(&mut events, |end| *end == TagEnd::CodeBlock);
                shown.push(raw(&code(&kind, &plain(&lines))));
            }
            Event::Start(Tag::Table(columns)) => {
                shown.extend([raw(&html! { (PreEscaped("<div class=\"wide\">")) }), Event::Start(Tag::Table(columns))]);
            }
            Event::End(TagEnd::Table) => shown.extend([event, raw(&html! { (PreEscaped("</div>")) })]),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => match served(&dest_url) {
                Some(address) => {
                    shown.push(Event::Start(Tag::Link { link_type, dest_url: address.into(), title, id }));
                }
                None => leads_nowhere = true,
            },
            Event::End(TagEnd::Link) if std::mem::take(&mut leads_nowhere) => (),
            Event::Html(_) | Event::InlineHtml(_) => (),
            event => shown.push(event),
        }
    }
    let mut body = String::from("<section>");
    push_html(&mut body, shown.into_iter());
    body.push_str("</section>");
    Rendered { body: PreEscaped(body), headings }
}

/// The events up to an end, which is taken too.
fn until<'a>(events: &mut Parser<'a>, is_end: impl Fn(&TagEnd) -> bool) -> Vec<Event<'a>> {
    events.take_while(|event| !matches!(event, Event::End(end) if is_end(end))).collect()
}

fn plain(events: &[Event]) -> String {
    let word = |event: &Event| match event {
        Event::Text(text) | Event::Code(text) => text.to_string(),
        Event::SoftBreak | Event::HardBreak => " ".to_owned(),
        _ => String::new(),
    };
    events.iter().map(word).collect()
}

fn raw(markup: &Markup) -> Event<'static> {
    Event::Html(markup.0.clone().into())
}

/// A heading with its anchor. Those below the title are told; one of the second level begins a section.
fn heading(level: HeadingLevel, events: &[Event], headings: &mut Vec<Heading>) -> Event<'static> {
    let (words, id) = (plain(events), anchor(&plain(events)));
    let mut inner = String::new();
    push_html(&mut inner, events.iter().cloned());
    let linked = html! { a href={ "#" (id) } { (PreEscaped(inner)) } };
    let shown = match level {
        HeadingLevel::H1 => html! { h1 { (words) } },
        HeadingLevel::H2 => html! { (PreEscaped("</section><section>")) h2 id=(id) { (linked) } },
        _ => html! { h3 id=(id) { (linked) } },
    };
    if level != HeadingLevel::H1 {
        headings.push(Heading { is_inner: level != HeadingLevel::H2, id, words });
    }
    raw(&shown)
}

/// Small letters and digits, with hyphens for the spaces between.
fn anchor(words: &str) -> String {
    let kept = |letter: char| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        letter => Some(letter).filter(|letter| letter.is_alphanumeric()),
    };
    words.to_lowercase().chars().filter_map(kept).collect()
}

/// Code as it stands, with the language that it is in. It may be wider than the page: whoever uses the keyboard must be
/// able to move it.
fn code(kind: &CodeBlockKind, lines: &str) -> Markup {
    let language = match kind {
        CodeBlockKind::Fenced(language) if !language.is_empty() => Some(language.to_string()),
        _ => None,
    };
    html! { pre.code data-language=[language] tabindex="0" { code { (lines) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> String {
        let served = |target: &str| target.strip_prefix("vendors.md").map(|place| format!("/docs/guide{place}"));
        render(text, served).body.into_string()
    }

    #[test]
    fn sections_can_be_named_and_their_headings_are_told() {
        let text = "# Title\n\nStart.\n\n## 6. Large `pushes`: in turns\n\nText.\n\n### A whole set\n";
        let Rendered { body, headings } = render(text, |_| None);
        let body = body.into_string();
        assert!(body.starts_with("<section><h1>Title</h1>"), "{body}");
        assert!(body.contains("</section><section><h2 id=\"6-large-pushes-in-turns\">"), "{body}");
        let told: Vec<_> = headings.iter().map(|heading| (heading.is_inner, heading.words.as_str())).collect();
        assert_eq!(told, [(false, "6. Large pushes: in turns"), (true, "A whole set")]);
        assert_eq!(anchor("Mã tạm – và chính thức"), "mã-tạm--và-chính-thức");
    }

    #[test]
    fn links_lead_to_what_is_served_or_nowhere() {
        assert!(body("[a](vendors.md#one)").contains("<a href=\"/docs/guide#one\">a</a>"));
        assert_eq!(body("see [the *house*](../HOUSE.md)."), "<section><p>see the <em>house</em>.</p>\n</section>");
    }

    #[test]
    fn code_stands_as_it_is_and_html_of_the_text_does_not() {
        let text = "```sh\ncurl \"$URL\" <in >out\n```\n\n<!-- mark -->\n\n<b onclick=\"x\">bold</b>\n";
        let body = body(text);
        assert!(
            body.contains("data-language=\"sh\" tabindex=\"0\"><code>curl &quot;$URL&quot; &lt;in &gt;out\n</code>")
        );
        assert!(!body.contains("mark") && !body.contains("onclick") && body.contains("bold"), "{body}");
    }
}
