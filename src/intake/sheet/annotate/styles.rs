//! The styles of a workbook: a faulty cell keeps number format, font and borders of its own and gets a fill.

use super::markup::{Edits, MarkupPiece, namespaces, pieces, prefix, tag, with};
use crate::intake::sheet::file::package::{DAMAGED, attribute};
use crate::intake::sheet::file::row::SheetFault;
use crate::model::issue::Severity;
use std::collections::HashMap;
use std::ops::Range;

/// Formats of cells that a workbook may have: spreadsheets take no more than some 65,000.
const FORMATS: usize = 64_000;
/// The fills of faulty cells: near to those which spreadsheets call bad and neutral, but nobody else's, so that they are
/// known when the workbook comes back.
const FILLS: [(Severity, &str); 2] = [(Severity::Error, "FFFFC9CE"), (Severity::Warning, "FFFFEC9D")];
/// How the colour begins that a mark remembers: its opacity, which nobody sees, is no common one.
const REMEMBERED: &str = "rgb=\"FE";
/// The sections of the styles, in the order in which they must stand.
const SECTIONS: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];
/// The styles of a workbook that has none; `{}` is its namespace.
const NONE: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"{}\"></styleSheet>";

/// A section of which each item is known by its place.
struct Section {
    name: &'static str,
    /// Where its items end; `None`: the section is not there, or its tag is an empty one.
    close: Option<usize>,
    /// Its tag.
    open: Option<Range<usize>>,
    items: Vec<String>,
    /// How many of them were sent.
    sent: usize,
}

impl Section {
    fn new(name: &'static str) -> Self {
        Self { name, close: None, open: None, items: Vec::new(), sent: 0 }
    }
    /// The place of an item; it is added when it is not there.
    fn add(&mut self, item: String) -> u32 {
        let found = self.items.iter().skip(self.sent).position(|known| *known == item);
        let at = found.map_or(self.items.len(), |at| at + self.sent);
        if found.is_none() {
            self.items.push(item);
        }
        at as u32
    }
}

/// How a cell of the list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Look {
    Title,
    Heading,
    Text,
    Link,
    Marked(Severity),
}

/// The styles of a workbook, and those that are added.
pub(super) struct Styles {
    text: String,
    prefix: String,
    fonts: Section,
    fills: Section,
    formats: Section,
    /// Where a section that is not there would stand, by the sections that follow.
    following: Vec<(usize, usize)>,
    marked: HashMap<(u32, Severity), u32>,
    cleaned: HashMap<u32, Option<u32>>,
}

impl Styles {
    /// Of a workbook's styles, or of a workbook in this namespace that has none.
    pub(super) fn of(text: Option<String>, namespace: &str) -> Result<Self, SheetFault> {
        let mut styles = Self {
            text: text.unwrap_or_else(|| NONE.replace("{}", namespace)),
            prefix: String::new(),
            fonts: Section::new("fonts"),
            fills: Section::new("fills"),
            formats: Section::new("cellXfs"),
            following: Vec::new(),
            marked: HashMap::new(),
            cleaned: HashMap::new(),
        };
        let text = std::mem::take(&mut styles.text);
        styles.read(&text)?;
        styles.text = text;
        let p = styles.prefix.clone();
        styles.needs(
            |styles| &mut styles.fonts,
            &[format!("<{p}font><{p}sz val=\"11\"/><{p}name val=\"Calibri\"/></{p}font>")],
        );
        let plain = |kind: &str| format!("<{p}fill><{p}patternFill patternType=\"{kind}\"/></{p}fill>");
        styles.needs(|styles| &mut styles.fills, &[plain("none"), plain("gray125")]);
        styles.needs(
            |styles| &mut styles.formats,
            &[format!("<{p}xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>")],
        );
        Ok(styles)
    }

    fn needs(&mut self, section: fn(&mut Self) -> &mut Section, items: &[String]) {
        let section = section(self);
        if section.items.is_empty() {
            section.items.extend_from_slice(items);
        }
    }

    fn read(&mut self, text: &str) -> Result<(), SheetFault> {
        let pieces = pieces(text)?;
        let root = pieces.iter().find_map(MarkupPiece::element).ok_or(DAMAGED)?;
        self.prefix = prefix(root.name().into_inner());
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            at += 1;
            let place = piece.name().and_then(|name| SECTIONS.iter().position(|known| *known == name));
            match place.filter(|_| piece.depth == 1 && !piece.is_end()) {
                Some(place) => {
                    self.following.push((place, piece.at.start));
                    at += self.section(text, SECTIONS[place], &pieces[at - 1..]);
                }
                None if piece.is_end() && piece.depth == 0 => self.following.push((SECTIONS.len(), piece.at.start)),
                None => (),
            }
        }
        if self.following.last().is_none_or(|(place, _)| *place < SECTIONS.len()) { Err(DAMAGED) } else { Ok(()) }
    }

    /// Reads a section from its tag on: how many pieces follow the tag.
    fn section(&mut self, text: &str, name: &str, pieces: &[MarkupPiece]) -> usize {
        let section = match name {
            "fonts" => &mut self.fonts,
            "fills" => &mut self.fills,
            "cellXfs" => &mut self.formats,
            _ => return 0,
        };
        section.open = Some(pieces[0].at.clone());
        if pieces[0].is_empty() {
            return 0;
        }
        let (mut begun, mut read) = (0, 0);
        for piece in &pieces[1..] {
            read += 1;
            match piece.depth {
                1 if piece.is_end() => {
                    section.close = Some(piece.at.start);
                    break;
                }
                2 if piece.is_empty() => section.items.push(text[piece.at.clone()].to_owned()),
                2 if piece.is_end() => section.items.push(text[begun..piece.at.end].to_owned()),
                2 if piece.element().is_some() => begun = piece.at.start,
                _ => (),
            }
        }
        section.sent = section.items.len();
        read
    }

    /// The format of a cell that is marked as faulty, from the format that it has.
    pub(super) fn marked(&mut self, base: u32, severity: Severity) -> u32 {
        let base = self.cleaned(base).unwrap_or(base);
        if let Some(known) = self.marked.get(&(base, severity)) {
            return *known;
        }
        let format = self.formats.items.get(base as usize).or(self.formats.items.first()).cloned().unwrap_or_default();
        let own = self.fill_of(&format).and_then(|fill| solid(&self.fills.items[fill]));
        let fill = self.fill(severity, own.as_deref());
        let made = self.format_with_fill(&format, fill).unwrap_or(base);
        self.marked.insert((base, severity), made);
        made
    }

    /// The format that a cell had before it was marked; `None`: it is not marked.
    pub(super) fn cleaned(&mut self, format: u32) -> Option<u32> {
        if let Some(known) = self.cleaned.get(&format) {
            return *known;
        }
        let made = self.unmarked(format);
        self.cleaned.insert(format, made);
        made
    }

    fn unmarked(&mut self, at: u32) -> Option<u32> {
        let format = self.formats.items.get(at as usize).filter(|_| (at as usize) < self.formats.sent)?.clone();
        let fill = self.fills.items.get(self.fill_of(&format)?)?.clone();
        let colour = solid(&fill)?;
        FILLS.iter().find(|(_, own)| colour.contains(own))?;
        let before = background(&fill).map(|colour| self.fills.add(fill_in(&self.prefix, &colour, "")));
        self.format_with_fill(&format, before.unwrap_or(0))
    }

    /// The fill of a fault, which remembers in its unseen background the colour that the cell had.
    fn fill(&mut self, severity: Severity, own: Option<&str>) -> u32 {
        let colour = FILLS.iter().find(|(of, _)| *of == severity).map_or(FILLS[1].1, |(_, colour)| *colour);
        let background = own.map(|own| format!("<{}bgColor {}/>", self.prefix, own.replace("rgb=\"FF", REMEMBERED)));
        let background = background.unwrap_or_default();
        self.fills.add(fill_in(&self.prefix, &format!("rgb=\"{colour}\""), &background))
    }

    fn fill_of(&self, format: &str) -> Option<usize> {
        let pieces = pieces(format).ok()?;
        let fill = attribute(pieces.first()?.element()?, "fillId")?.parse().ok()?;
        (fill < self.fills.items.len()).then_some(fill)
    }

    fn format_with_fill(&mut self, format: &str, fill: u32) -> Option<u32> {
        let pieces = pieces(format).ok()?;
        let first = pieces.first()?;
        let fill = fill.to_string();
        let element = with(first.element()?, &[("fillId", Some(&fill)), ("applyFill", Some("1"))]);
        let made = tag(&element, first.is_empty()) + &format[first.at.end..];
        (self.formats.items.len() < FORMATS).then(|| self.formats.add(made))
    }

    /// The format of a cell of the list.
    pub(super) fn look(&mut self, look: Look) -> u32 {
        let p = self.prefix.clone();
        let (bold, link) = (format!("<{p}b/>"), format!("<{p}u/>"));
        let (kind, size, colour) = match look {
            Look::Title => (bold, 14, String::new()),
            Look::Heading => (bold, 11, String::new()),
            Look::Link => (link, 11, format!("<{p}color rgb=\"FF0563C1\"/>")),
            Look::Text | Look::Marked(_) => (String::new(), 11, String::new()),
        };
        let font = format!("<{p}font>{kind}<{p}sz val=\"{size}\"/>{colour}<{p}name val=\"Calibri\"/></{p}font>");
        let fill = match look {
            Look::Marked(severity) => self.fill(severity, None),
            Look::Heading => self.fills.add(fill_in(&p, "rgb=\"FFDDE7F0\"", "")),
            _ => 0,
        };
        let (font, wrap) = (self.fonts.add(font), if look == Look::Title { "" } else { " wrapText=\"1\"" });
        self.formats.add(format!(
            "<{p}xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"0\" applyFont=\"1\" applyFill=\"1\" \
             applyAlignment=\"1\"><{p}alignment horizontal=\"left\" vertical=\"top\"{wrap}/></{p}xf>"
        ))
    }

    /// The styles with those that were added.
    pub(super) fn into_text(self) -> Result<String, SheetFault> {
        let mut edits = Edits::of(&self.text);
        for section in [&self.fonts, &self.fills, &self.formats] {
            self.add(section, &mut edits)?;
        }
        Ok(edits.done())
    }

    fn add(&self, section: &Section, edits: &mut Edits) -> Result<(), SheetFault> {
        let (p, name, added) = (&self.prefix, section.name, section.items[section.sent..].concat());
        if added.is_empty() {
            return Ok(());
        }
        let count = section.items.len().to_string();
        let Some(open) = &section.open else {
            let place = SECTIONS.iter().position(|known| *known == name).unwrap_or_default();
            let next = self.following.iter().find(|(following, _)| *following > place).ok_or(DAMAGED)?;
            edits.insert(next.1, format!("<{p}{name} count=\"{count}\">{added}</{p}{name}>"));
            return Ok(());
        };
        let sent = pieces(&self.text[open.clone()]).unwrap_or_default();
        let element = sent.first().and_then(MarkupPiece::element).ok_or(DAMAGED)?;
        let element = with(element, &[("count", Some(&count))]);
        edits.replace(open.clone(), tag(&element, false));
        match section.close {
            Some(close) => edits.insert(close, added),
            None => edits.insert(open.end, format!("{added}</{p}{name}>")),
        }
        Ok(())
    }
}

fn fill_in(p: &str, colour: &str, background: &str) -> String {
    format!(
        "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor {colour}/>{background}</{p}patternFill></{p}fill>"
    )
}

/// The colour of a fill of one colour, as its attributes say it.
fn solid(fill: &str) -> Option<String> {
    let pieces = pieces(fill).ok()?;
    let find = |name: &str| pieces.iter().filter_map(MarkupPiece::element).find(|element| named(element, name));
    attribute(find("patternFill")?, "patternType").filter(|kind| *kind == "solid")?;
    Some(find("fgColor")?.attributes_raw().trim().to_owned())
}

/// The colour that a mark remembers; programs that rewrite what is unseen do not leave its sign.
fn background(fill: &str) -> Option<String> {
    let pieces = pieces(fill).ok()?;
    let colour = pieces.iter().filter_map(MarkupPiece::element).find(|element| named(element, "bgColor"))?;
    let colour = colour.attributes_raw().trim();
    let is_ours = colour.starts_with(REMEMBERED) || colour.starts_with("theme=");
    is_ours.then(|| colour.replace(REMEMBERED, "rgb=\"FF"))
}

fn named(element: &quick_xml::events::BytesStart, name: &str) -> bool {
    super::markup::local(element.name().into_inner()) == name
}

/// The namespace of a part's root.
pub(super) fn namespace(text: &str) -> Result<String, SheetFault> {
    let pieces = pieces(text)?;
    let root = pieces.iter().find_map(MarkupPiece::element).ok_or(DAMAGED)?;
    let own = prefix(root.name().into_inner());
    let found = namespaces(root).into_iter().find(|(known, _)| *known == own.trim_end_matches(':'));
    Ok(found.map(|(_, namespace)| namespace).unwrap_or_default())
}
