//! XLSX → rows, one after the other; of the workbook only its shared texts are in memory.

use crate::intake::sheet::file::date::{self, DAYS_TO_1904};
use crate::intake::sheet::file::escape;
use crate::intake::sheet::file::format::{CellFormat, DateFormat, DayOrder};
use crate::intake::sheet::file::package::{DAMAGED, Package, PartXml, Sheet, Texts, attribute, push_text};
use crate::intake::sheet::file::row::{Cell, Rows, SheetFault, SheetRow};
use crate::intake::sheet::file::source::{WorkbookRows, WorkbookSource};
use quick_xml::events::{BytesStart, Event};
use std::io::{Read, Seek};

/// Columns that a sheet can have.
const COLUMNS: u32 = 16_384;
/// Bytes of a row's texts: more than any record holds.
pub(crate) const LARGEST_ROW: usize = 4 << 20;
/// Merged ranges that are named.
pub(crate) const MERGED: usize = 20;

/// Of a cell that holds a day in letters, where its format says nothing else.
const ISO: DateFormat = DateFormat { order: DayOrder::Open, year: true };

/// A workbook.
pub struct Workbook<S> {
    package: Package<S>,
    /// Its sheets in their order.
    sheets: Vec<Sheet>,
    texts: Texts,
    formats: Vec<CellFormat>,
    from_1904: bool,
}

impl<S: Read + Seek> Workbook<S> {
    /// Opens it; of its parts at most `limit` bytes are read in all.
    ///
    /// # Errors
    /// It is no workbook, has a password, or holds too much.
    pub fn open(source: S, limit: u64) -> Result<Self, SheetFault> {
        let mut package = Package::open(source, limit)?;
        let contents = package.contents()?;
        let texts = package.texts(contents.path("/sharedStrings"))?;
        let formats = package.formats(contents.path("/styles"))?;
        Ok(Self { package, texts, formats, from_1904: contents.from_1904, sheets: contents.sheets })
    }
}

impl<S: Read + Seek> WorkbookSource for Workbook<S> {
    fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }
    fn is_from_1904(&self) -> bool {
        self.from_1904
    }
    fn rows(&mut self, sheet: usize) -> Result<Box<dyn WorkbookRows + '_>, SheetFault> {
        let path = &self.sheets.get(sheet).ok_or(DAMAGED)?.path;
        let xml = self.package.part(path)?.ok_or(DAMAGED)?;
        let mut rows = SheetRows {
            xml,
            texts: &self.texts,
            formats: &self.formats,
            from_1904: self.from_1904,
            number: 0,
            text: String::new(),
            hidden_columns: Vec::new(),
            merged: Vec::new(),
            ended: false,
        };
        rows.before()?;
        Ok(Box::new(rows))
    }
    fn left(&self) -> u64 {
        self.package.left()
    }
    fn set_left(&mut self, bytes: u64) {
        self.package.set_left(bytes);
    }
}

/// The rows of a sheet.
struct SheetRows<'w, S: Read> {
    xml: PartXml<'w, S>,
    texts: &'w Texts,
    formats: &'w [CellFormat],
    from_1904: bool,
    number: u64,
    text: String,
    hidden_columns: Vec<(u32, u32)>,
    merged: Vec<String>,
    ended: bool,
}

/// What the attributes of a cell say.
struct Head {
    column: u32,
    kind: CellKind,
    format: CellFormat,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CellKind {
    Number,
    Shared,
    Text,
    Boolean,
    Error,
    Day,
}

impl<S: Read + Seek> SheetRows<'_, S> {
    /// Reads up to the first row.
    fn before(&mut self) -> Result<(), SheetFault> {
        while let Some(event) = self.xml.next()? {
            let Event::Start(element) = event else { continue };
            match element.local_name().as_ref() {
                "col" if self.hidden_columns.len() < COLUMNS as usize => {
                    let number = |name| {
                        attribute(&element, name)
                            .and_then(|value| value.parse::<u32>().ok())
                            .and_then(|at| at.checked_sub(1))
                    };
                    let hidden = attribute(&element, "hidden").is_some_and(|value| matches!(&*value, "1" | "true"));
                    if let (true, Some(first), Some(last)) = (hidden, number("min"), number("max")) {
                        self.hidden_columns.push((first, last));
                    }
                }
                "sheetData" => return Ok(()),
                _ => (),
            }
        }
        Err(DAMAGED)
    }

    /// Reads what comes after the rows.
    fn after(&mut self) -> Result<(), SheetFault> {
        self.ended = true;
        while let Some(event) = self.xml.next()? {
            if let Event::Start(element) = event
                && element.local_name().as_ref() == "mergeCell"
                && self.merged.len() < MERGED
            {
                self.merged.extend(attribute(&element, "ref").map(|range| range.into_owned()));
            }
        }
        Ok(())
    }

    /// Reads the cells of a row to its end.
    fn cells(&mut self, row: &mut SheetRow) -> Result<(), SheetFault> {
        let mut column = 0;
        loop {
            let head = match self.xml.next()?.ok_or(DAMAGED)? {
                Event::Start(element) if element.local_name().as_ref() == "c" => head(&element, column, self.formats),
                Event::End(element) if matches!(element.local_name().as_ref(), "row" | "sheetData") => return Ok(()),
                _ => continue,
            };
            column = head.column + 1;
            self.cell(row, &head)?;
        }
    }

    /// Reads a cell to its end.
    fn cell(&mut self, row: &mut SheetRow, head: &Head) -> Result<(), SheetFault> {
        self.text.clear();
        let (mut taking, mut formula, mut spoken) = (false, false, false);
        loop {
            match self.xml.next()?.ok_or(DAMAGED)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "v" | "t" => taking = !spoken,
                    "f" => formula = true,
                    "rPh" => spoken = true,
                    _ => (),
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "v" | "t" => taking = false,
                    "rPh" => spoken = false,
                    "c" | "row" => break,
                    _ => (),
                },
                event if taking => push_text(&mut self.text, &event),
                _ => (),
            }
        }
        if head.column >= COLUMNS || row.too_long {
            return Ok(());
        }
        if head.kind == CellKind::Text {
            escape::decode(&mut self.text, 0);
        }
        let text = self.text.as_str();
        let cell = match head.kind {
            _ if text.is_empty() && formula && head.kind != CellKind::Text => Cell::Uncomputed,
            CellKind::Text => Cell::Text(text),
            CellKind::Shared => {
                let shared = text.trim().parse().ok().and_then(|at| self.texts.get(at));
                self.xml.charge(shared.map_or(0, str::len))?;
                shared.map_or(Cell::Lost, Cell::Text)
            }
            CellKind::Boolean => Cell::Boolean(matches!(text.trim(), "1" | "true" | "TRUE")),
            CellKind::Error => Cell::Error(text),
            CellKind::Day => match (date::to_serial(text), head.format) {
                (Some(day), CellFormat::Date(format)) => Cell::Date(day, format),
                (Some(day), CellFormat::Number(_)) => Cell::Date(day, ISO),
                _ => Cell::Text(text),
            },
            CellKind::Number if text.trim().is_empty() => Cell::Empty,
            CellKind::Number => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => match head.format {
                    CellFormat::Date(_) if self.from_1904 => Cell::of_number(number + DAYS_TO_1904, head.format),
                    format => Cell::of_number(number, format),
                },
                _ => Cell::Text(text),
            },
        };
        row.push(head.column, cell);
        if row.size() > LARGEST_ROW {
            row.give_up();
        }
        Ok(())
    }
}

fn head(element: &BytesStart, next: u32, formats: &[CellFormat]) -> Head {
    let mut head = Head { column: next, kind: CellKind::Number, format: CellFormat::default() };
    for attribute in element.attributes().with_checks(false).flatten() {
        match attribute.key.as_ref() {
            "r" => head.column = column_of(&attribute.value).unwrap_or(next),
            "s" => {
                let style = attribute.value.parse::<usize>().ok();
                head.format = style.and_then(|style| formats.get(style).copied()).unwrap_or_default();
            }
            "t" => {
                head.kind = match &*attribute.value {
                    "s" => CellKind::Shared,
                    "str" | "inlineStr" => CellKind::Text,
                    "d" => CellKind::Day,
                    "b" => CellKind::Boolean,
                    "e" => CellKind::Error,
                    _ => CellKind::Number,
                }
            }
            _ => (),
        }
    }
    head
}

/// The column of `AB12`, from 0.
pub(crate) fn column_of(reference: &str) -> Option<u32> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    let number = letters.fold(0u32, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// The row of `AB12`, from 1, and its column.
pub(crate) fn place_of(reference: &str) -> Option<(u64, u32)> {
    let digits = reference.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    Some((digits.parse().ok()?, column_of(reference)?))
}

impl<S: Read + Seek> WorkbookRows for SheetRows<'_, S> {
    fn hidden_columns(&self) -> &[(u32, u32)] {
        &self.hidden_columns
    }
    fn merged(&self) -> &[String] {
        &self.merged
    }
}

impl<S: Read + Seek> Rows for SheetRows<'_, S> {
    fn next(&mut self, row: &mut SheetRow) -> Result<bool, SheetFault> {
        while !self.ended {
            let hidden = match self.xml.next()? {
                None => return Err(DAMAGED),
                Some(Event::End(element)) if element.local_name().as_ref() == "sheetData" => {
                    self.after()?;
                    break;
                }
                Some(Event::Start(element)) if element.local_name().as_ref() == "row" => {
                    let number = attribute(&element, "r").and_then(|value| value.parse::<u64>().ok());
                    // Rows ascend; a number that goes back is no number.
                    self.number =
                        number.filter(|number| *number > self.number && *number <= 1 << 21).unwrap_or(self.number + 1);
                    attribute(&element, "hidden").is_some_and(|value| matches!(&*value, "1" | "true"))
                }
                _ => continue,
            };
            row.begin(self.number);
            row.hidden = hidden;
            self.cells(row)?;
            if !row.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
