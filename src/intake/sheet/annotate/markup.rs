//! XML that is passed on as it was written, with changes at single places.

use crate::intake::sheet::file::package::DAMAGED;
use crate::intake::sheet::file::row::SheetFault;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::fmt::Write as _;
use std::ops::Range;

/// A piece of a text of XML, and where it stands.
pub(super) struct MarkupPiece<'t> {
    pub(super) event: Event<'t>,
    pub(super) at: Range<usize>,
    /// Elements around it.
    pub(super) depth: usize,
}

impl MarkupPiece<'_> {
    /// The element that begins here, or is empty.
    pub(super) fn element(&self) -> Option<&BytesStart<'_>> {
        match &self.event {
            Event::Start(element) | Event::Empty(element) => Some(element),
            _ => None,
        }
    }
    /// The local name of the element that begins or ends here.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.event {
            Event::Start(element) | Event::Empty(element) => Some(local(element.name().into_inner())),
            Event::End(element) => Some(local(element.name().into_inner())),
            _ => None,
        }
    }
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.event, Event::Empty(_))
    }
    pub(super) fn is_end(&self) -> bool {
        matches!(self.event, Event::End(_))
    }
}

/// The pieces of a text, in order.
pub(super) fn pieces(text: &str) -> Result<Vec<MarkupPiece<'_>>, SheetFault> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().trim_markup_names_in_closing_tags = false;
    let (mut found, mut depth) = (Vec::new(), 0_usize);
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|_| DAMAGED)?;
        match &event {
            Event::Eof => return Ok(found),
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => (),
        }
        let (at, around) = (from..reader.buffer_position() as usize, depth);
        depth += usize::from(matches!(event, Event::Start(_)));
        found.push(MarkupPiece { event, at, depth: around });
    }
}

/// Changes of a text that are made all at once.
pub(super) struct Edits<'t> {
    text: &'t str,
    changes: Vec<(Range<usize>, String)>,
}

impl<'t> Edits<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, changes: Vec::new() }
    }
    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }
    pub(super) fn replace(&mut self, at: Range<usize>, text: impl Into<String>) {
        self.changes.push((at, text.into()));
    }
    /// The changed text; of changes that overlap the first stands.
    pub(super) fn done(mut self) -> String {
        self.changes.sort_by_key(|(at, _)| (at.start, at.end));
        let (mut text, mut at) = (String::with_capacity(self.text.len() + 1024), 0);
        for (range, change) in self.changes {
            if let Some(before) = self.text.get(at..range.start) {
                text.push_str(before);
                text.push_str(&change);
                at = range.end;
            }
        }
        text.push_str(self.text.get(at..).unwrap_or_default());
        text
    }
}

/// The name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The prefix of a name, with its colon; empty: it has none.
pub(super) fn prefix(name: &str) -> String {
    name.rsplit_once(':').map(|(prefix, _)| format!("{prefix}:")).unwrap_or_default()
}

/// The content of an element's tag with these attributes set; those set to nothing are left out. All others stay as
/// they were written.
pub(super) fn with(element: &BytesStart, changes: &[(&str, Option<&str>)]) -> BytesStart<'static> {
    let name = element.name().into_inner().to_owned();
    let length = name.len();
    let mut content = name;
    let (mut set, attributes) = (Vec::new(), element.attributes());
    for attribute in { attributes }.with_checks(false).flatten() {
        let key = attribute.key.into_inner();
        match changes.iter().find(|(changed, _)| *changed == key) {
            None => push_attribute(&mut content, key, &attribute.value.replace('"', "&quot;")),
            Some((_, value)) => {
                set.push(key);
                value.iter().for_each(|value| push_attribute(&mut content, key, &escaped(value)));
            }
        }
    }
    for (key, value) in changes.iter().filter(|(key, _)| !set.contains(key)) {
        value.iter().for_each(|value| push_attribute(&mut content, key, &escaped(value)));
    }
    BytesStart::from_content(content, length)
}

fn push_attribute(content: &mut String, key: &str, value: &str) {
    let _ = write!(content, " {key}=\"{value}\"");
}

/// The tag of an element as text.
pub(super) fn tag(element: &BytesStart, empty: bool) -> String {
    format!("<{}{}>", &**element, if empty { "/" } else { "" })
}

/// The element's own prefixes: prefix and namespace of each `xmlns`.
pub(super) fn namespaces(element: &BytesStart) -> Vec<(String, String)> {
    let declared = |key: &str| key.strip_prefix("xmlns").map(|rest| rest.trim_start_matches(':').to_owned());
    let attributes = element.attributes();
    { attributes }
        .with_checks(false)
        .flatten()
        .filter_map(|attribute| Some((declared(attribute.key.into_inner())?, attribute.value.into_owned())))
        .collect()
}

/// Is this a namespace of the strict form (ISO/IEC 29500), which has its own?
pub(super) fn is_strict(namespace: &str) -> bool {
    namespace.starts_with("http://purl.oclc.org/ooxml/")
}

/// The namespace of relations, and the beginning of their types.
pub(super) fn relationships(strict: bool) -> &'static str {
    match strict {
        true => "http://purl.oclc.org/ooxml/officeDocument/relationships",
        false => "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    }
}

/// The namespace of sheets, styles and notes.
pub(super) fn spreadsheet(strict: bool) -> &'static str {
    match strict {
        true => "http://purl.oclc.org/ooxml/spreadsheetml/main",
        false => "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    }
}

/// Text as it stands in XML: without what XML cannot hold, and so that spreadsheets read no `_x000D_` out of it.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '_' if is_escape(&text[at..]) => out.push_str("_x005F_"),
            '\n' | '\t' => out.push(letter),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

/// Does the text begin as an escape of spreadsheets does: `_x`, four hexadecimal digits, `_`?
fn is_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7 && bytes.starts_with(b"_x") && bytes[6] == b'_' && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_changed_stays_as_it_was_written() {
        let text = "<?xml version='1.0'?>\n<a  x='1' y=\"&amp;2\" ><b/>t&lt;<c></c ></a>";
        let found = pieces(text).unwrap();
        assert_eq!(found.iter().map(|piece| &text[piece.at.clone()]).collect::<String>(), text);
        let mut edits = Edits::of(text);
        for piece in found.iter().filter(|piece| piece.name() == Some("a") && !piece.is_end()) {
            let element = with(piece.element().unwrap(), &[("x", Some("3<")), ("z", Some("4"))]);
            edits.replace(piece.at.clone(), tag(&element, false));
        }
        let expected = "<?xml version='1.0'?>\n<a x=\"3&lt;\" y=\"&amp;2\" z=\"4\"><b/>t&lt;<c></c ></a>";
        assert_eq!(edits.done(), expected);
    }

    #[test]
    fn text_is_such_as_xml_and_spreadsheets_take() {
        assert_eq!(escaped("a<b\u{0}c_x000D_d_x"), "a&lt;b c_x005F_x000D_d_x");
        assert_eq!((local("x:row"), prefix("x:row"), prefix("row")), ("row", "x:".to_owned(), String::new()));
    }
}
