//! A sheet of the sender's, passed on row by row: marked cells get their format, cells that are not there yet are put
//! in where they belong, everything else stays as it was written.

use super::AnnotateFault;
use super::markup::{is_strict, local, namespaces, prefix, relationships, with};
use super::styles::Styles;
use crate::intake::sheet::file::package::{DAMAGED, Xml, attribute};
use crate::intake::sheet::file::row::letters;
use crate::intake::sheet::file::workbook::column_of;
use crate::model::issue::Severity;
use quick_xml::Writer;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, Write};

/// What of a sheet comes after the place of its notes (ECMA-376 part 1, 18.3.1.99).
const AFTER_NOTES: [&str; 8] =
    ["legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"];

/// A cell that is marked; rows count from 1, columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MarkedCell {
    pub(super) row: u64,
    pub(super) column: u32,
    pub(super) severity: Severity,
}

/// The notes of a sheet: where its drawing stands.
pub(super) struct Passed {
    /// Relation of the drawing of notes and controls that the sheet had.
    pub(super) drawing: Option<String>,
}

/// A sheet on its way.
pub(super) struct SheetPass<'s, B, W: Write> {
    source: Xml<B>,
    out: Writer<W>,
    styles: &'s mut Styles,
    /// Those that are still to come, in their order.
    marks: &'s [MarkedCell],
    /// Relation of the notes' drawing, for a sheet that has none yet; `None`: it gets no notes.
    notes: Option<&'s str>,
    /// It came back: marks of before are taken away.
    cleaned: bool,
    prefix: String,
    /// Formats of columns: first, last, format.
    columns: Vec<(u32, u32, u32)>,
    drawing: Option<String>,
    settled: bool,
    /// Prefix of relations, and their namespace where the sheet does not say it.
    relations: (String, Option<&'static str>),
}

impl<'s, B: BufRead, W: Write> SheetPass<'s, B, W> {
    pub(super) fn new(
        source: Xml<B>,
        out: W,
        styles: &'s mut Styles,
        marks: &'s [MarkedCell],
        notes: Option<&'s str>,
        cleaned: bool,
    ) -> Self {
        Self {
            source: source.verbatim(),
            out: Writer::new(out),
            styles,
            marks,
            notes,
            cleaned,
            prefix: String::new(),
            columns: Vec::new(),
            drawing: None,
            settled: false,
            relations: (String::new(), None),
        }
    }

    /// Passes the sheet on to its end.
    pub(super) fn run(mut self) -> Result<Passed, AnnotateFault> {
        if self.before()? {
            self.rows()?;
        }
        self.after()?;
        Ok(Passed { drawing: self.drawing })
    }

    fn next(&mut self) -> Result<Event<'static>, AnnotateFault> {
        Ok(self.source.next()?.ok_or(DAMAGED)?.into_owned())
    }

    fn pass(&mut self, event: Event) -> Result<(), AnnotateFault> {
        Ok(self.out.write_event(event)?)
    }

    /// Up to the rows: are there any?
    fn before(&mut self) -> Result<bool, AnnotateFault> {
        loop {
            let event = self.next()?;
            if let Event::Start(element) | Event::Empty(element) = &event {
                match local(element.name().into_inner()) {
                    "worksheet" => self.root(element),
                    "col" => self.column(element),
                    "sheetData" => return self.begin_rows(event),
                    _ => (),
                }
            }
            self.pass(event)?;
        }
    }

    fn root(&mut self, element: &BytesStart) {
        self.prefix = prefix(element.name().into_inner());
        let said = namespaces(element);
        let strict = said.iter().any(|(_, namespace)| is_strict(namespace));
        let found =
            said.into_iter().find(|(prefix, namespace)| !prefix.is_empty() && namespace.ends_with("/relationships"));
        self.relations =
            found.map_or_else(|| ("r".to_owned(), Some(relationships(strict))), |(prefix, _)| (prefix, None));
    }

    fn column(&mut self, element: &BytesStart) {
        let number = |name| attribute(element, name).and_then(|value| value.parse::<u32>().ok());
        if let (Some(first), Some(last), Some(style)) = (number("min"), number("max"), number("style")) {
            self.columns.push((first.saturating_sub(1), last.saturating_sub(1), style));
        }
    }

    fn begin_rows(&mut self, event: Event) -> Result<bool, AnnotateFault> {
        match event {
            Event::Empty(element) if !self.marks.is_empty() => {
                self.pass(Event::Start(element.borrow()))?;
                self.rows_before(u64::MAX)?;
                self.pass(Event::End(element.to_end()))?;
                Ok(false)
            }
            event => {
                let open = matches!(event, Event::Start(_));
                self.pass(event)?;
                Ok(open)
            }
        }
    }

    fn rows(&mut self) -> Result<(), AnnotateFault> {
        let mut number = 0;
        loop {
            let event = self.next()?;
            let (element, open) = match &event {
                Event::End(element) if local(element.name().into_inner()) == "sheetData" => {
                    self.rows_before(u64::MAX)?;
                    return self.pass(event);
                }
                Event::Start(element) => (element, true),
                Event::Empty(element) => (element, false),
                _ => {
                    self.pass(event)?;
                    continue;
                }
            };
            if local(element.name().into_inner()) == "row" {
                // As the rows are counted when they are read.
                let said = attribute(element, "r").and_then(|value| value.parse::<u64>().ok());
                number = said.filter(|said| *said > number && *said <= 1 << 21).unwrap_or(number + 1);
                self.rows_before(number)?;
                self.row(element.borrow(), open, number)?;
            } else {
                self.pass(event)?;
            }
        }
    }

    /// Puts in the rows before this one that are marked and not there.
    fn rows_before(&mut self, number: u64) -> Result<(), AnnotateFault> {
        while let Some(mark) = self.marks.first().filter(|mark| mark.row < number) {
            let (name, row) = (format!("{}row", self.prefix), mark.row);
            let mut element = BytesStart::new(name);
            element.push_attribute(("r", row.to_string().as_str()));
            self.pass(Event::Start(element.borrow()))?;
            self.cells_before(row, u32::MAX, None)?;
            self.pass(Event::End(element.to_end()))?;
        }
        Ok(())
    }

    fn row(&mut self, element: BytesStart, open: bool, number: u64) -> Result<(), AnnotateFault> {
        let is_marked = self.marks.first().is_some_and(|mark| mark.row == number);
        let own = attribute(&element, "customFormat").filter(|value| matches!(&**value, "1" | "true"));
        let own = own.and_then(|_| attribute(&element, "s")?.parse().ok());
        // Which cells a row spans is said for speed only, and no longer true when one is put in.
        let element = if is_marked { with(&element, &[("spans", None)]) } else { element.into_owned() };
        if !open && !is_marked {
            return self.pass(Event::Empty(element));
        }
        self.pass(Event::Start(element.borrow()))?;
        if open {
            return self.cells(number, own);
        }
        self.cells_before(number, u32::MAX, own)?;
        self.pass(Event::End(element.to_end()))
    }

    /// The cells of a row, to its end.
    fn cells(&mut self, row: u64, own: Option<u32>) -> Result<(), AnnotateFault> {
        let mut next = 0;
        loop {
            let event = self.next()?;
            let (element, open) = match &event {
                Event::End(element) if local(element.name().into_inner()) == "row" => {
                    self.cells_before(row, u32::MAX, own)?;
                    return self.pass(event);
                }
                Event::Start(element) => (element, true),
                Event::Empty(element) => (element, false),
                _ => {
                    self.pass(event)?;
                    continue;
                }
            };
            if local(element.name().into_inner()) != "c" {
                self.pass(event)?;
                continue;
            }
            let column = attribute(element, "r").and_then(|at| column_of(&at)).unwrap_or(next);
            next = column + 1;
            self.cells_before(row, column, own)?;
            let element = self.formatted(element, row, column);
            self.pass(if open { Event::Start(element) } else { Event::Empty(element) })?;
        }
    }

    /// The tag of a cell, in its format.
    fn formatted(&mut self, element: &BytesStart, row: u64, column: u32) -> BytesStart<'static> {
        let base = attribute(element, "s").and_then(|format| format.parse().ok()).unwrap_or(0);
        let format = match self.marks.split_first() {
            Some((mark, rest)) if (mark.row, mark.column) == (row, column) => {
                self.marks = rest;
                Some(self.styles.marked(base, mark.severity))
            }
            _ if self.cleaned => self.styles.cleaned(base),
            _ => None,
        };
        let changed = format.map(|format| with(element, &[("s", Some(&format.to_string()))]));
        changed.unwrap_or_else(|| element.to_owned())
    }

    /// Puts in the cells of a row before this column that are marked and not there.
    fn cells_before(&mut self, row: u64, column: u32, own: Option<u32>) -> Result<(), AnnotateFault> {
        while let Some((mark, rest)) =
            self.marks.split_first().filter(|(mark, _)| mark.row == row && mark.column < column)
        {
            self.marks = rest;
            let of_column = || {
                let found = self.columns.iter().find(|(first, last, _)| (*first..=*last).contains(&mark.column));
                found.map(|(.., format)| *format)
            };
            let format = self.styles.marked(own.or_else(of_column).unwrap_or(0), mark.severity);
            let mut element = BytesStart::new(format!("{}c", self.prefix));
            element.push_attribute(("r", format!("{}{row}", letters(mark.column)).as_str()));
            element.push_attribute(("s", format.to_string().as_str()));
            self.pass(Event::Empty(element))?;
        }
        Ok(())
    }

    /// What comes after the rows.
    fn after(&mut self) -> Result<(), AnnotateFault> {
        let mut depth = 0_usize;
        loop {
            let Some(event) = self.source.next()?.map(Event::into_owned) else { return Ok(()) };
            match &event {
                Event::Start(element) | Event::Empty(element) if depth == 0 => self.child(element)?,
                Event::End(_) if depth == 0 => self.settle()?,
                _ => (),
            }
            match &event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.saturating_sub(1),
                _ => (),
            }
            self.pass(event)?;
        }
    }

    fn child(&mut self, element: &BytesStart) -> Result<(), AnnotateFault> {
        match local(element.name().into_inner()) {
            "legacyDrawing" => {
                self.drawing = attribute(element, "id").map(|id| id.into_owned());
                self.settled = true;
                Ok(())
            }
            name if AFTER_NOTES.contains(&name) => self.settle(),
            _ => Ok(()),
        }
    }

    /// Says where the notes are, in its place, if nothing said it before.
    fn settle(&mut self) -> Result<(), AnnotateFault> {
        let Some(id) = self.notes.filter(|_| !std::mem::replace(&mut self.settled, true)) else { return Ok(()) };
        let (prefix, declared) = &self.relations;
        let mut element = BytesStart::new(format!("{}legacyDrawing", self.prefix));
        declared.iter().for_each(|namespace| element.push_attribute(("xmlns:r", *namespace)));
        element.push_attribute((format!("{prefix}:id").as_str(), id));
        self.pass(Event::Empty(element))
    }
}

#[cfg(test)]
mod tests;
