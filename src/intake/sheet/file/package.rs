//! The parts of a workbook (ECMA-376: a ZIP of XML): where its sheets are, its texts, the formats of its cells.
//! Everything that is read is bounded, whatever the file says of itself; no size that it names is believed.

use crate::intake::sheet::file::escape;
use crate::intake::sheet::file::format::{self, CellFormat};
use crate::intake::sheet::file::metered::Metered;
use crate::intake::sheet::file::row::SheetFault;
use crate::model::messages::message;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::cell::Cell;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Seek};
use std::rc::Rc;
use zip::ZipArchive;

/// Bytes of all texts of a workbook that are held in memory.
const TEXTS: usize = 256 << 20;
/// Bytes of one token of XML: a text cell has 32,767 characters at most.
const TOKEN: u64 = 4 << 20;
/// Bytes of its directory: that of a workbook of people has a few thousand.
const DIRECTORY: u64 = 4 << 20;
/// Sheets, styles, relations: more than any workbook of people has.
pub(crate) const MANY: usize = 100_000;

pub(crate) const DAMAGED: SheetFault = SheetFault::Unreadable(message("workbook-damaged"));
pub(crate) const LOCKED: SheetFault = SheetFault::Unreadable(message("workbook-locked"));

/// What may still be read: of the whole workbook, and before the next token ends.
#[derive(Debug)]
pub(crate) struct Budget {
    whole: Cell<u64>,
    token: Cell<u64>,
}

impl Budget {
    /// Of so many bytes in all.
    pub(crate) fn of(limit: u64) -> Rc<Self> {
        Rc::new(Self { whole: Cell::new(limit), token: Cell::new(TOKEN) })
    }
}

/// A part of the workbook, decompressed, within its budget.
pub(crate) struct PackagePart<R> {
    inner: R,
    budget: Rc<Budget>,
}

impl<R: Read> Read for PackagePart<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(out)? as u64;
        for counter in [&self.budget.whole, &self.budget.token] {
            let left = counter.get().checked_sub(length);
            counter.set(left.ok_or_else(|| std::io::Error::other("more than is taken"))?);
        }
        Ok(length as usize)
    }
}

/// XML of a part.
pub(crate) struct Xml<B> {
    reader: Reader<B>,
    buffer: Vec<u8>,
    budget: Rc<Budget>,
}

impl<B: BufRead> Xml<B> {
    pub(crate) fn new(source: B, budget: Rc<Budget>) -> Self {
        let mut reader = Reader::from_reader(source);
        reader.config_mut().check_end_names = false;
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::with_capacity(1024), budget }
    }
    /// Gives each piece as it is written, so that it can be passed on.
    pub(crate) fn verbatim(mut self) -> Self {
        let config = self.reader.config_mut();
        (config.expand_empty_elements, config.trim_markup_names_in_closing_tags) = (false, false);
        self
    }
    /// What is repeated costs as if it stood there.
    pub(crate) fn charge(&self, bytes: usize) -> Result<(), SheetFault> {
        let left = self.budget.whole.get().checked_sub(bytes as u64).ok_or(SheetFault::TooLarge)?;
        self.budget.whole.set(left);
        Ok(())
    }
    /// The next event; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'_>>, SheetFault> {
        self.buffer.clear();
        self.budget.token.set(TOKEN);
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Eof) => Ok(None),
            Ok(event) => Ok(Some(event)),
            Err(_) => Err(spent(&self.budget)),
        }
    }
}

/// What is to be told when reading failed.
fn spent(budget: &Budget) -> SheetFault {
    // A read that would have overdrawn leaves the counter as it was: little.
    if budget.whole.get() < (1 << 16) || budget.token.get() < (1 << 16) { SheetFault::TooLarge } else { DAMAGED }
}

/// The value of an attribute, as written.
pub(crate) fn attribute<'e>(element: &'e BytesStart, name: &str) -> Option<std::borrow::Cow<'e, str>> {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(match found.value {
        std::borrow::Cow::Borrowed(value) => match quick_xml::escape::unescape(value) {
            Ok(text) => text,
            Err(_) => value.into(),
        },
        owned => owned,
    })
}

/// Appends the text of an event, if it has any.
pub(crate) fn push_text(out: &mut String, event: &Event) {
    match event {
        Event::Text(text) => out.push_str(&text.xml10_content()),
        Event::CData(text) => out.push_str(&text.xml10_content()),
        Event::GeneralRef(entity) => match entity.resolve_char_ref() {
            Ok(Some(letter)) => out.push(letter),
            _ => out.push_str(quick_xml::escape::resolve_xml_entity(entity).unwrap_or_default()),
        },
        _ => (),
    }
}

/// The texts of a workbook, in one piece of memory.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(crate) fn get(&self, at: usize) -> Option<&str> {
        let from = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(from as usize..*self.ends.get(at)? as usize)
    }
    /// Where the next is written.
    pub(crate) fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }
    /// The next is written whole.
    pub(crate) fn end(&mut self) -> Result<(), SheetFault> {
        self.ends.push(self.text.len() as u32);
        self.bound()
    }
    fn bound(&self) -> Result<(), SheetFault> {
        if self.text.len() + 4 * self.ends.len() > TEXTS { Err(SheetFault::TooLarge) } else { Ok(()) }
    }
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Is it hidden?
    pub hidden: bool,
    pub(crate) path: String,
}

/// What a workbook holds.
pub(crate) struct Contents {
    /// The sheets in their order.
    pub(crate) sheets: Vec<Sheet>,
    /// Days are counted from 1904, not from 1900.
    pub(crate) from_1904: bool,
    /// Path of the workbook's own part.
    pub(crate) main: String,
    /// Its parts: type and path.
    parts: Vec<(String, String)>,
}

impl Contents {
    /// The path of the part whose type ends so; empty: there is none.
    pub(crate) fn path(&self, kind: &str) -> &str {
        self.parts.iter().find(|(known, _)| known.ends_with(kind)).map(|(_, path)| path.as_str()).unwrap_or_default()
    }
}

/// A workbook whose parts are read one after the other.
pub(crate) struct Package<S> {
    pub(crate) zip: ZipArchive<Metered<S>>,
    budget: Rc<Budget>,
}

pub(crate) type PartBytes<'p, S> = PackagePart<zip::read::ZipFile<'p, Metered<S>>>;
pub(crate) type PartXml<'p, S> = Xml<BufReader<PartBytes<'p, S>>>;

impl<S: Read + Seek> Package<S> {
    pub(crate) fn open(source: S, limit: u64) -> Result<Self, SheetFault> {
        let (metered, left) = Metered::new(source, DIRECTORY);
        let zip = ZipArchive::new(metered).map_err(|_| DAMAGED)?;
        left.set(u64::MAX);
        Ok(Self { zip, budget: Budget::of(limit) })
    }

    /// Bytes that may still be read.
    pub(crate) fn left(&self) -> u64 {
        self.budget.whole.get()
    }
    /// Says how many they are.
    pub(crate) fn set_left(&self, bytes: u64) {
        self.budget.whole.set(bytes);
    }

    /// The place of a part by its path, whatever its case; `None`: there is none.
    pub(crate) fn place(&self, path: &str) -> Option<usize> {
        let path = path.trim_start_matches('/');
        let is_it = |name: &str| name.replace('\\', "/").eq_ignore_ascii_case(path);
        let mut names = self.zip.file_names();
        self.zip.index_for_name(path).or_else(|| names.position(|name| name.is_ok_and(|name| is_it(&name))))
    }

    /// A part as bytes; `None`: there is none.
    pub(crate) fn bytes(&mut self, path: &str) -> Result<Option<PartBytes<'_, S>>, SheetFault> {
        let Some(at) = self.place(path) else { return Ok(None) };
        let file = self.zip.by_index(at).map_err(|_| DAMAGED)?;
        self.budget.token.set(u64::MAX);
        Ok(Some(PackagePart { inner: file, budget: self.budget.clone() }))
    }

    /// A part as XML; `None`: there is none.
    pub(crate) fn part(&mut self, path: &str) -> Result<Option<PartXml<'_, S>>, SheetFault> {
        let budget = self.budget.clone();
        Ok(self.bytes(path)?.map(|part| Xml::new(BufReader::with_capacity(1 << 16, part), budget)))
    }

    fn each(&mut self, path: &str, mut take: impl FnMut(&Event)) -> Result<bool, SheetFault> {
        let Some(mut xml) = self.part(path)? else { return Ok(false) };
        while let Some(event) = xml.next()? {
            take(&event);
        }
        Ok(true)
    }

    /// Id, type and target of the relations of a part.
    fn relations(&mut self, path: &str) -> Result<Vec<(String, String, String)>, SheetFault> {
        let mut found = Vec::new();
        self.each(path, |event| {
            if let Event::Start(element) = event
                && element.local_name().as_ref() == "Relationship"
                && found.len() < MANY
            {
                let text = |name| attribute(element, name).unwrap_or_default().into_owned();
                found.push((text("Id"), text("Type"), text("Target")));
            }
        })?;
        Ok(found)
    }

    /// What the workbook holds.
    pub(crate) fn contents(&mut self) -> Result<Contents, SheetFault> {
        let main = self.relations("_rels/.rels")?.into_iter().find(|(_, kind, _)| kind.ends_with("/officeDocument"));
        let main =
            main.map_or_else(|| "xl/workbook.xml".to_owned(), |(.., target)| target.trim_start_matches('/').to_owned());
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let relations = self.relations(&format!("{folder}/_rels/{file}.rels"))?;
        let full =
            |target: &str| if target.starts_with('/') { target.to_owned() } else { format!("{folder}/{target}") };
        let (mut sheets, mut from_1904) = (Vec::new(), false);
        let found = self.each(&main, |event| {
            let Event::Start(element) = event else { return };
            match element.local_name().as_ref() {
                "workbookPr" => {
                    from_1904 = attribute(element, "date1904").is_some_and(|value| matches!(&*value, "1" | "true"))
                }
                "sheet" if sheets.len() < MANY => {
                    let id = attribute(element, "id").unwrap_or_default();
                    let target = relations.iter().find(|(known, kind, _)| *known == id && kind.ends_with("/worksheet"));
                    if let Some((.., target)) = target {
                        let name = attribute(element, "name").unwrap_or_default().into_owned();
                        let hidden = attribute(element, "state").is_some_and(|state| state != "visible");
                        sheets.push(Sheet { name, hidden, path: full(target) });
                    }
                }
                _ => (),
            }
        })?;
        let parts = relations.iter().map(|(_, kind, target)| (kind.clone(), full(target))).collect();
        if found { Ok(Contents { sheets, from_1904, main, parts }) } else { Err(DAMAGED) }
    }

    /// The texts that cells share.
    pub(crate) fn texts(&mut self, path: &str) -> Result<Texts, SheetFault> {
        let mut texts = Texts::default();
        let Some(mut xml) = self.part(path)? else { return Ok(texts) };
        let (mut taking, mut spoken) = (false, 0);
        while let Some(event) = xml.next()? {
            match &event {
                // The reading aids of East Asian texts are no part of them.
                Event::Start(element) if element.local_name().as_ref() == "rPh" => spoken += 1,
                Event::End(element) if element.local_name().as_ref() == "rPh" => spoken -= 1,
                Event::Start(element) if element.local_name().as_ref() == "t" => taking = spoken == 0,
                Event::End(element) if element.local_name().as_ref() == "t" => taking = false,
                Event::End(element) if element.local_name().as_ref() == "si" => {
                    escape::decode(&mut texts.text, texts.ends.last().map_or(0, |end| *end as usize));
                    texts.end()?;
                }
                event if taking => push_text(&mut texts.text, event),
                _ => (),
            }
            texts.bound()?;
        }
        Ok(texts)
    }

    /// The formats of cells, by the number of their style.
    pub(crate) fn formats(&mut self, path: &str) -> Result<Vec<CellFormat>, SheetFault> {
        let (mut own, mut formats, mut within) = (HashMap::<u32, CellFormat>::new(), Vec::new(), false);
        let id = |element: &BytesStart| attribute(element, "numFmtId").and_then(|id| id.parse::<u32>().ok());
        self.each(path, |event| match event {
            Event::Start(element) => match element.local_name().as_ref() {
                "numFmt" if own.len() < MANY => {
                    if let (Some(id), Some(code)) = (id(element), attribute(element, "formatCode")) {
                        own.insert(id, format::of_code(&code));
                    }
                }
                "cellXfs" => within = true,
                "xf" if within && formats.len() < MANY => {
                    let id = id(element).unwrap_or_default();
                    formats.push(own.get(&id).copied().unwrap_or_else(|| format::built_in(id)));
                }
                _ => (),
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => within = false,
            _ => (),
        })?;
        Ok(formats)
    }
}
