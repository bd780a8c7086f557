//! Texts of the document as HTML: paragraphs, `code` and **weight**, which is all that they use.

use maud::{Markup, html};

/// Paragraphs, set apart by empty lines.
pub fn paragraphs(text: &str) -> Markup {
    html! { @for paragraph in text.split("\n\n") { p { (inline(paragraph)) } } }
}

/// One line.
pub fn inline(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (weighed(part)) }
        }
    }
}

fn weighed(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split("**").enumerate() {
            @if place % 2 == 1 { strong { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_elements_and_nothing_else_does() {
        let text = inline("**Start** with `a<b>` & go").into_string();
        assert_eq!(text, "<strong>Start</strong> with <code>a&lt;b&gt;</code> &amp; go");
        assert_eq!(paragraphs("one\n\ntwo").into_string(), "<p>one</p><p>two</p>");
    }
}
