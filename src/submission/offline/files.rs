//! The records of files as they were cut, in compressed chunks, with the lines or rows they stand on. A record takes
//! about a tenth of its bytes, and 12 more.

use crate::error;
use crate::error::{Error, Result};
use crate::intake::chunk;
use crate::intake::chunk::{Chunk, ChunkBuilder};
use crate::intake::json::split::{Form, Piece, Splitter};
use crate::intake::sheet::file::row::letters;
use crate::intake::sheet::headings::columns::Columns;
use crate::model::messages::{Message, message};
use crate::submission::issue_store::SheetPosition;
use crate::submission::prepare::ChunkRef;
use crate::submission::sheets;
use crate::submission::sheets::{RecordSink, SheetTerms, Sheets};
use crate::submission::source_map::{Headed, headed, nearest};
use std::io::Read;

/// Bytes read at once.
const READ: usize = 1 << 16;

/// A file that was taken in.
#[derive(serde::Serialize)]
pub struct SourceFile {
    /// Its name, as it was given.
    pub name: String,
    /// ChunkRef of its first record among all.
    #[serde(skip)]
    pub first: u64,
    /// Records in it.
    pub records: u64,
    /// Bytes, unpacked.
    pub bytes: u64,
    /// It ended before it was whole.
    pub cut: bool,
    /// Its sheets in the order in which they were read.
    #[serde(skip)]
    sheets: Vec<Sheet>,
}

/// A sheet of a file.
struct Sheet {
    /// ChunkRef of its first record among all.
    first: u64,
    /// Empty for CSV.
    name: String,
    /// The columns of each record that a row makes.
    parts: Vec<Vec<Headed>>,
}

/// Where a record stands.
#[derive(Clone, Copy)]
pub struct SourcePosition<'f> {
    /// The file.
    pub file: &'f SourceFile,
    /// ChunkRef in the file, from 0.
    pub index: u64,
    /// Line of the file, from 1; of a sheet the row.
    pub line: u32,
    /// Of a sheet: which of the row's records it is.
    part: u16,
}

/// One chunk.
struct Held {
    data: Vec<u8>,
    place: ChunkRef,
    /// Line, and which of a row's records.
    lines: Vec<(u32, u16)>,
}

/// Everything that was taken in.
pub struct Files {
    pub(super) largest_record: usize,
    chunks: Vec<Held>,
    hashes: Vec<Vec<u8>>,
    files: Vec<SourceFile>,
    records: u64,
    builder: ChunkBuilder,
    lines: Vec<(u32, u16)>,
    part: u16,
    pending: usize,
}

impl Files {
    /// For records of at most so many bytes.
    pub fn new(largest_record: usize) -> Self {
        Self {
            largest_record,
            chunks: Vec::new(),
            hashes: Vec::new(),
            files: Vec::new(),
            records: 0,
            builder: ChunkBuilder::default(),
            lines: Vec::new(),
            part: 0,
            pending: 0,
        }
    }

    /// Takes a file in. Where it is cut off, what came before stands.
    ///
    /// # Errors
    /// What it cannot be read for; and that it holds no record.
    pub fn take_in(&mut self, name: &str, form: Form, reader: &mut dyn Read) -> Result<()> {
        let (mut splitter, mut buffer) = (Splitter::new(form, self.largest_record), vec![0; READ]);
        let mut file = self.begin(name);
        let (mut line, mut fault) = (1, None);
        loop {
            let length = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => length,
                Err(_) => {
                    file.cut = true;
                    break;
                }
            };
            file.bytes += length as u64;
            for part in buffer[..length].split_inclusive(|byte| *byte == b'\n') {
                let pushed = splitter.push(part, &mut |piece| fault = fault.take().or(self.push(piece, line).err()));
                pushed.map_err(|problem| unreadable(name, problem))?;
                line += u32::from(part.ends_with(b"\n"));
            }
        }
        let cut = file.cut;
        let whole = splitter.finish(cut, &mut |piece| fault = fault.take().or(self.push(piece, line).err()));
        file.cut |= !whole.map_err(|problem| unreadable(name, problem))?;
        fault.map_or_else(|| self.end(file), Err)
    }

    /// Takes a CSV or a workbook in, by the reader of the gateway. Where it is cut off, what came before stands.
    ///
    /// # Errors
    /// What it cannot be read for; and that it holds no record.
    pub fn take_in_sheets(
        &mut self,
        name: &str,
        sheets: Sheets,
        reader: &mut dyn Read,
        terms: &SheetTerms,
    ) -> Result<()> {
        let mut source = Counted { inner: reader, bytes: 0 };
        let mut intake = Intake { file: self.begin(name), files: self, fault: None };
        let read = sheets::read(sheets, &mut source, terms, &mut intake);
        let Intake { mut file, fault, .. } = intake;
        file.cut = read.map_err(|error| {
            Error::new(error.kind, message("fault-of-file").with("file", name).with("fault", error.message))
        })?;
        file.bytes = source.bytes;
        fault.map_or_else(|| self.end(file), Err)
    }

    fn begin(&self, name: &str) -> SourceFile {
        SourceFile { name: name.to_owned(), first: self.records, records: 0, bytes: 0, cut: false, sheets: Vec::new() }
    }

    fn end(&mut self, mut file: SourceFile) -> Result<()> {
        file.records = self.records - file.first;
        if file.records == 0 {
            return Err(unreadable(
                &file.name,
                if file.cut { message("file-ends-at-once") } else { message("file-without-records") },
            ));
        }
        self.files.push(file);
        Ok(())
    }

    /// The last file has been taken in.
    ///
    /// # Errors
    /// None that a file can cause.
    pub fn close(&mut self) -> Result<()> {
        if self.lines.is_empty() { Ok(()) } else { self.seal() }
    }

    fn push(&mut self, piece: Piece, last_line: u32) -> Result<()> {
        let (length, line) = match &piece {
            // An element of an array may stand on several lines: its first one is told.
            Piece::Bytes(bytes) => {
                (bytes.len(), last_line - bytes.iter().filter(|byte| **byte == b'\n').count() as u32)
            }
            Piece::Noted(bytes) => (bytes.len(), last_line),
            Piece::TooLong => (0, last_line),
        };
        self.builder.push(piece, self.records);
        self.lines.push((line, self.part));
        self.records += 1;
        self.pending += length;
        if self.lines.len() >= chunk::RECORDS || self.pending >= chunk::BYTES { self.seal() } else { Ok(()) }
    }

    fn seal(&mut self) -> Result<()> {
        let lines = std::mem::take(&mut self.lines);
        let mut encoded = std::mem::take(&mut self.builder).seal()?;
        // Compressed into a buffer that would hold the worst: it stays, so it shall be no larger than it must.
        encoded.data.shrink_to_fit();
        let place = ChunkRef {
            number: self.chunks.len() as i64,
            first_index: self.records - lines.len() as u64,
            parts: encoded.parts,
            done: 0,
        };
        self.pending = 0;
        self.hashes.push(encoded.hashes);
        self.chunks.push(Held { data: encoded.data, place, lines });
        Ok(())
    }

    /// Where the chunks stand and what is in them.
    pub fn chunk_refs(&self) -> Vec<ChunkRef> {
        self.chunks.iter().map(|held| held.place).collect()
    }
    /// Hashes of the keys, by chunk.
    pub fn hashes(&self) -> &[Vec<u8>] {
        &self.hashes
    }
    /// The files.
    pub fn list(&self) -> &[SourceFile] {
        &self.files
    }
    /// A chunk, unpacked.
    ///
    /// # Errors
    /// None that a file can cause.
    pub fn chunk(&self, number: usize) -> Result<Chunk> {
        let held = self.chunks.get(number).ok_or_else(|| Error::internal("there is no such chunk"))?;
        Chunk::open(&held.data, held.place.first_index)
    }
    /// Where the record stands that has this place among all.
    pub fn position(&self, index: u64) -> Option<SourcePosition<'_>> {
        let file = self.files.get(self.files.partition_point(|file| file.first <= index).checked_sub(1)?)?;
        let held =
            self.chunks.get(self.chunks.partition_point(|held| held.place.first_index <= index).checked_sub(1)?)?;
        let (line, part) = *held.lines.get((index - held.place.first_index) as usize)?;
        Some(SourcePosition { file, index: index - file.first, line, part })
    }
    /// Where an issue of this record stands in its sheet; nothing for records that came otherwise.
    pub fn spot(&self, index: u64, pointer: &str) -> Option<SheetPosition> {
        let SourcePosition { file, line, part, .. } = self.position(index)?;
        let sheet = file.sheets.get(file.sheets.partition_point(|sheet| sheet.first <= index).checked_sub(1)?)?;
        let column = sheet.parts.get(usize::from(part)).and_then(|columns| nearest(columns, pointer));
        Some(SheetPosition {
            sheet: Some(sheet.name.clone()).filter(|name| !name.is_empty()),
            row: column.and_then(|column| column.line).unwrap_or(line.into()) as i64,
            column: column.map(|column| letters(column.place)),
            heading: column.map(|column| column.heading.clone()),
        })
    }
}

/// A file of sheets on its way in.
struct Intake<'f> {
    files: &'f mut Files,
    file: SourceFile,
    fault: Option<Error>,
}

impl RecordSink for Intake<'_> {
    fn sheet(&mut self, name: &str, parts: &[Columns]) {
        let parts = parts.iter().map(headed).collect();
        self.file.sheets.push(Sheet { first: self.files.records, name: name.to_owned(), parts });
    }
    fn piece(&mut self, row: u64, part: usize, piece: Piece) {
        self.files.part = u16::try_from(part).unwrap_or_default();
        let pushed = self.files.push(piece, u32::try_from(row).unwrap_or(u32::MAX));
        self.files.part = 0;
        self.fault = self.fault.take().or(pushed.err());
    }
    fn records(&self) -> u64 {
        self.files.records - self.file.first
    }
}

/// Counts what passes.
struct Counted<'r> {
    inner: &'r mut dyn Read,
    bytes: u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(out)?;
        self.bytes += length as u64;
        Ok(length)
    }
}

fn unreadable(name: &str, problem: Message) -> Error {
    Error::new(error::BAD_REQUEST, message("file-of-no-records").with("file", name).with("problem", problem))
}
