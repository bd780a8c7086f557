//! The notes of a sheet: ours beside those that it has, each with the shape by which it is shown.

use super::AnnotateFault;
use super::markup::{escaped, local, pieces, prefix, spreadsheet};
use crate::intake::sheet::file::package::{DAMAGED, Xml, attribute};
use crate::intake::sheet::file::row::{SheetFault, letters};
use crate::intake::sheet::file::workbook::place_of;
use quick_xml::Writer;
use quick_xml::events::{BytesStart, BytesText, Event};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

/// Begins the author of what stands for a conversation in programs that know only notes: those that know conversations
/// show nothing else at such a cell.
const CONVERSATION: &str = "tc=";

/// Who writes the notes; with a colon, how each begins. By that it is known when the workbook comes back.
const AUTHOR: &str = "School Gateway";
const BEGIN: &str = "School Gateway:\n";
/// Bytes of one note as it was sent: a cell's text has 32,767 characters at most.
const LONGEST: usize = 1 << 20;
/// Characters of a note, and those that one line of its shape shows.
const SHOWN: usize = 4_000;
const LINE: usize = 38;
/// The number before that of the first shape.
const SHAPES: u32 = 1_024;

/// Row from 1 and column from 0 of a cell.
pub(super) type Place = (u64, u32);

/// The notes of a sheet by their cells.
pub(super) type Notes = BTreeMap<Place, String>;

/// What became of the notes that a sheet had.
#[derive(Default)]
pub(super) struct Merged {
    /// Cells whose notes stay, perhaps with ours below.
    pub(super) kept: BTreeSet<Place>,
    /// Cells whose notes were ours alone: they are gone.
    pub(super) gone: BTreeSet<Place>,
    /// Notes that stand beside their cells.
    pub(super) beside: Notes,
}

impl Merged {
    /// The cell to the right that has no note.
    fn free_beside(&self, (row, column): Place, notes: &Notes) -> Place {
        let taken =
            |place: &Place| self.kept.contains(place) || notes.contains_key(place) || self.beside.contains_key(place);
        (column + 1..).map(|column| (row, column)).find(|place| !taken(place)).unwrap_or((row, column + 1))
    }
}

/// Writes the notes of a sheet that has none.
pub(super) fn write(out: impl Write, notes: &Notes, strict: bool) -> Result<Merged, AnnotateFault> {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <comments xmlns=\"{}\"><authors/><commentList/></comments>",
        spreadsheet(strict)
    );
    let source = Xml::new(text.as_bytes(), crate::intake::sheet::file::package::Budget::of(u64::MAX));
    merge(source, out, notes)
}

/// Passes the notes of a sheet on: what we wrote before is gone, what we write now is added.
pub(super) fn merge<B: BufRead>(source: Xml<B>, out: impl Write, notes: &Notes) -> Result<Merged, AnnotateFault> {
    let pass = Pass {
        source: source.verbatim(),
        out: Writer::new(out),
        notes,
        authors: Vec::new(),
        merged: Merged::default(),
        in_conversations: Vec::new(),
    };
    pass.run()
}

struct Pass<'n, B, W: Write> {
    source: Xml<B>,
    out: Writer<W>,
    notes: &'n Notes,
    authors: Vec<String>,
    merged: Merged,
    /// What we have to say of cells with conversations.
    in_conversations: Vec<(Place, String)>,
}

impl<B: BufRead, W: Write> Pass<'_, B, W> {
    fn run(mut self) -> Result<Merged, AnnotateFault> {
        while let Some(event) = self.source.next()?.map(Event::into_owned) {
            let (element, open) = match &event {
                Event::Start(element) => (element, true),
                Event::Empty(element) => (element, false),
                _ => {
                    self.out.write_event(event)?;
                    continue;
                }
            };
            match local(element.name().into_inner()) {
                "authors" => self.authors(element, open)?,
                "commentList" => self.list(element, open)?,
                _ => self.out.write_event(event)?,
            }
        }
        Ok(self.merged)
    }

    /// The authors, we among them.
    fn authors(&mut self, element: &BytesStart, open: bool) -> Result<(), AnnotateFault> {
        self.out.write_event(Event::Start(element.borrow()))?;
        let mut name = None;
        while let Some(event) = self.inner(open, "authors")? {
            match &event {
                Event::Start(_) => name = Some(String::new()),
                Event::Empty(_) => self.authors.push(String::new()),
                Event::End(_) => self.authors.extend(name.take()),
                event => {
                    if let Some(name) = &mut name {
                        crate::intake::sheet::file::package::push_text(name, event);
                    }
                }
            }
            self.out.write_event(event)?;
        }
        if !self.authors.iter().any(|name| name == AUTHOR) {
            self.authors.push(AUTHOR.to_owned());
            let author = format!("{}author", prefix(element.name().into_inner()));
            self.out.create_element(author).write_text_content(BytesText::new(AUTHOR))?;
        }
        Ok(self.out.write_event(Event::End(element.to_end()))?)
    }

    fn list(&mut self, element: &BytesStart, open: bool) -> Result<(), AnnotateFault> {
        let p = prefix(element.name().into_inner());
        if self.authors.is_empty() {
            self.authors(&BytesStart::new(format!("{p}authors")), false)?;
        }
        self.out.write_event(Event::Start(element.borrow()))?;
        while let Some(event) = self.inner(open, "commentList")? {
            match &event {
                Event::Start(comment) => self.comment(comment)?,
                _ => self.out.write_event(event)?,
            }
        }
        let author = self.authors.iter().position(|name| name == AUTHOR).unwrap_or_default();
        for (place, note) in std::mem::take(&mut self.in_conversations) {
            let said = format!("{}{}: {note}", letters(place.1), place.0);
            let beside = self.merged.free_beside(place, self.notes);
            self.merged.beside.insert(beside, said);
        }
        let new = self.notes.iter().filter(|(place, _)| !self.merged.kept.contains(place));
        for ((row, column), note) in new.chain(&self.merged.beside) {
            let note = format!(
                "<{p}comment ref=\"{}{row}\" authorId=\"{author}\"><{p}text>{}</{p}text></{p}comment>",
                letters(*column),
                run(&p, "", note)
            );
            self.out.get_mut().write_all(note.as_bytes())?;
        }
        Ok(self.out.write_event(Event::End(element.to_end()))?)
    }

    /// A note that was sent.
    fn comment(&mut self, comment: &BytesStart) -> Result<(), AnnotateFault> {
        let author = attribute(comment, "authorId").and_then(|at| at.parse::<usize>().ok());
        let author = author.and_then(|at| self.authors.get(at)).map(String::as_str).unwrap_or_default();
        let (ours, is_conversation) = (author == AUTHOR, author.starts_with(CONVERSATION));
        let place = attribute(comment, "ref").and_then(|at| place_of(&at));
        let mut text = Writer::new(Vec::new());
        text.write_event(Event::Start(comment.borrow()))?;
        loop {
            let event = self.next()?;
            let ended = matches!(&event, Event::End(end) if local(end.name().into_inner()) == "comment");
            text.write_event(event)?;
            match ended {
                true => break,
                false if text.get_ref().len() > LONGEST => return Err(DAMAGED.into()),
                false => (),
            }
        }
        let text = String::from_utf8(text.into_inner()).map_err(|_| DAMAGED)?;
        let own = place.and_then(|place| self.notes.get(&place));
        if is_conversation {
            self.in_conversations.extend(place.zip(own.cloned()));
        }
        let own = own.filter(|_| !is_conversation);
        match merged(&text, own.map(String::as_str))?.filter(|_| !ours) {
            Some(text) => {
                self.merged.kept.extend(place);
                self.out.get_mut().write_all(text.as_bytes())?;
            }
            None => self.merged.gone.extend(place),
        }
        Ok(())
    }

    /// What comes next within the element of this name, which has an inside if it is `open`.
    fn inner(&mut self, open: bool, name: &str) -> Result<Option<Event<'static>>, AnnotateFault> {
        let event = if open { Some(self.next()?) } else { None };
        Ok(event.filter(|event| !matches!(event, Event::End(end) if local(end.name().into_inner()) == name)))
    }

    fn next(&mut self) -> Result<Event<'static>, AnnotateFault> {
        Ok(self.source.next()?.ok_or(DAMAGED)?.into_owned())
    }
}

/// A note that was sent, without what we had added to it and with what we add now; nothing when all of it was ours.
fn merged(comment: &str, own: Option<&str>) -> Result<Option<String>, SheetFault> {
    let pieces = pieces(comment)?;
    let (mut text, mut said) = (String::with_capacity(comment.len() + 256), String::new());
    // Where the run begins that is being read; whether ours has begun.
    let (mut run, mut cut) = (0, false);
    for piece in &pieces {
        let raw = &comment[piece.at.clone()];
        let ends = piece.name() == Some("text") && (piece.is_end() || piece.is_empty());
        match own.filter(|_| ends) {
            Some(own) => {
                push_own(&mut text, piece, raw, own);
                continue;
            }
            None if cut && !ends && piece.depth > 1 => continue,
            None => (),
        }
        if piece.name() == Some("r") && piece.element().is_some() {
            run = text.len();
        }
        if matches!(piece.event, Event::Text(_) | Event::GeneralRef(_) | Event::CData(_)) {
            if let Some(begins) = raw.find(BEGIN.trim_end()) {
                cut = true;
                said.push_str(&raw[..begins]);
                end_run(&mut text, run, raw[..begins].trim_end());
                continue;
            }
            said.push_str(raw);
        }
        text.push_str(raw);
    }
    Ok((!cut || !said.trim().is_empty()).then_some(text))
}

/// Ends the run in which ours begins with what stands before it; where nothing does, the run is gone.
fn end_run(text: &mut String, run: usize, before: &str) {
    let open: Vec<String> = pieces(&text[run..]).unwrap_or_default().iter().fold(Vec::new(), |mut open, piece| {
        match &piece.event {
            Event::Start(element) => open.push(element.name().into_inner().to_owned()),
            Event::End(_) => drop(open.pop()),
            _ => (),
        }
        open
    });
    if before.is_empty() && run > 0 {
        text.truncate(run);
        return;
    }
    text.push_str(before);
    let inner = open.iter().rev().filter(|name| ["r", "t"].contains(&local(name)));
    inner.for_each(|name| text.push_str(&format!("</{name}>")));
}

/// Our words at the end of a note.
fn push_own(text: &mut String, piece: &super::markup::MarkupPiece, raw: &str, own: &str) {
    let name = match &piece.event {
        Event::End(end) => end.name().into_inner().to_owned(),
        _ => piece.element().map(|element| element.name().into_inner().to_owned()).unwrap_or_default(),
    };
    let own = run(&prefix(&name), "\n\n", own);
    if piece.is_empty() {
        text.push_str(&format!("<{name}>{own}</{name}>"));
    } else {
        text.push_str(&own);
        text.push_str(raw);
    }
}

/// Our words.
fn run(p: &str, before: &str, note: &str) -> String {
    let shown: String = note.chars().take(SHOWN).collect();
    format!(
        "<{p}r><{p}rPr><{p}sz val=\"9\"/><{p}rFont val=\"Tahoma\"/></{p}rPr><{p}t xml:space=\"preserve\">{before}{BEGIN}{}</{p}t></{p}r>",
        escaped(&shown)
    )
}

/// The drawing of a sheet's notes: that which it has, or a new one, with the shapes of new notes and without those of
/// notes that are gone. It is no XML that one could rely on (browsers of old wrote and read it), so it is taken as text.
pub(super) fn drawing(sent: Option<&str>, notes: &Notes, merged: &Merged) -> String {
    let mut text = without(sent.unwrap_or(EMPTY), &merged.gone);
    let end = text.rfind("</xml>").unwrap_or(text.len());
    let mut shapes = String::new();
    if !text.contains("id=\"_x0000_t202\"") {
        shapes.push_str(SHAPE_TYPE);
    }
    let first = text.match_indices("_x0000_s").filter_map(|(at, mark)| number(&text[at + mark.len()..])).max();
    let places = notes.iter().filter(|(place, _)| !merged.kept.contains(place)).chain(&merged.beside);
    for (number, (place, note)) in (first.unwrap_or(SHAPES).max(SHAPES) + 1..).zip(places) {
        shapes.push_str(&shape(number, *place, note));
    }
    text.insert_str(end, &shapes);
    text
}

const EMPTY: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
    xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout></xml>";
const SHAPE_TYPE: &str = "<v:shapetype xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
    id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/>\
    <v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";

/// The box of a note, beside its cell and as high as its text.
fn shape(number: u32, (row, column): Place, note: &str) -> String {
    let lines: usize = note.lines().map(|line| 1 + line.chars().count() / LINE).sum::<usize>() + 2;
    let (row, left) = (row.saturating_sub(1), (column + 1).min(16_380));
    let (top, bottom) = (row.saturating_sub(1), row.saturating_sub(1) + lines.min(30) as u64);
    format!(
        "<v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\" \
         id=\"_x0000_s{number}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:60pt;margin-top:2pt;width:210pt;height:{}pt;z-index:1;visibility:hidden\" \
         fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/>\
         <v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
         <x:Anchor>{left}, 15, {top}, 10, {}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>",
        lines.min(30) * 12 + 12,
        left + 3,
    )
}

/// A drawing without the shapes of these cells' notes.
fn without(text: &str, gone: &BTreeSet<Place>) -> String {
    let (mut left, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(begin) = rest.find("<v:shape ") {
        let Some(end) = rest[begin..].find("</v:shape>").map(|end| begin + end + "</v:shape>".len()) else { break };
        let of = |name: &str| {
            let from = rest[begin..end].find(name)? + name.len();
            number(rest[begin + from..end].trim_start())
        };
        let place = of("<x:Row>").zip(of("<x:Column>")).map(|(row, column)| (u64::from(row) + 1, column));
        let is_gone = place.is_some_and(|place| gone.contains(&place));
        left.push_str(&rest[..if is_gone { begin } else { end }]);
        rest = &rest[end..];
    }
    left + rest
}

/// The number with which a text begins.
fn number(text: &str) -> Option<u32> {
    text.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests;
