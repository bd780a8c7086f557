//! CSV → rows: any of three delimiters, quoted fields over several lines, UTF-8 with or without mark, UTF-16 with one.
//! Rows are numbered as a spreadsheet numbers them: a quoted field is one row however many lines it has, and an empty
//! line is a row.

use crate::intake::sheet::around::locate::HEAD;
use crate::intake::sheet::file::decode::TextDecoder;
use crate::intake::sheet::file::row::{Cell, Rows, SheetFault, SheetRow};
use crate::intake::sheet::headings::columns::Columns;
use crate::intake::sheet::records::reading::{Found, SheetReading, Vocabulary};
use crate::model::spec::Spec;
use std::io::Read;

/// What the delimiter is looked for in.
const SAMPLE: usize = 1 << 16;
/// Bytes read at once.
const PART: usize = 1 << 16;

/// Rows of delimited text.
pub struct Delimited<R> {
    source: R,
    decoder: TextDecoder,
    /// Decoded, not yet taken.
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    /// The body broke off: its last line is not whole.
    cut: bool,
    delimiter: u8,
    number: u64,
    limit: usize,
    field: Vec<u8>,
    /// The rest of a line that was too long is passed over.
    skipping: bool,
}

impl<R: Read> Delimited<R> {
    /// Over these bytes; a row has at most `limit` of them.
    pub fn new(source: R, limit: usize) -> Self {
        let mut rows = Self {
            source,
            decoder: TextDecoder::default(),
            buffer: Vec::new(),
            at: 0,
            ended: false,
            cut: false,
            delimiter: b',',
            number: 0,
            limit,
            field: Vec::new(),
            skipping: false,
        };
        while !rows.ended && rows.buffer.len() < 3 {
            rows.fill();
        }
        let (decoder, mark) = TextDecoder::of(&rows.buffer);
        rows.decoder = decoder;
        let begun = std::mem::take(&mut rows.buffer);
        rows.decoder.push(&begun[mark..], &mut rows.buffer);
        while !rows.ended && rows.buffer.len() < SAMPLE {
            rows.fill();
        }
        rows
    }

    /// As [`Delimited::new`], where the delimiter is known.
    pub fn of(source: R, limit: usize, delimiter: u8) -> Self {
        Self { delimiter, ..Self::new(source, limit) }
    }

    /// What stands between the fields.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Finds the delimiter and how the rows make records: that by which most is known.
    pub fn locate(&mut self, vocabulary: &Vocabulary, named: Option<&'static Spec>) -> Found {
        let mut near = Found::Nothing;
        let mut best: Option<(u8, usize, SheetReading)> = None;
        for delimiter in [b',', b';', b'\t'] {
            let mut rows = Delimited::new(&self.buffer[self.at..], self.limit);
            rows.delimiter = delimiter;
            rows.cut = !self.ended;
            let Ok(head) = head(&mut rows) else { continue };
            match vocabulary.read(&head, "", named) {
                Found::Records(reading) => {
                    let known = reading.parts.iter().map(Columns::known).sum();
                    if best.as_ref().is_none_or(|(_, most, _)| *most < known) {
                        best = Some((delimiter, known, reading));
                    }
                }
                found @ Found::Near(_) => near = found,
                Found::Nothing => (),
            }
        }
        match best {
            Some((delimiter, _, reading)) => {
                self.delimiter = delimiter;
                Found::Records(reading)
            }
            None => near,
        }
    }

    /// Is what was read so far UTF-8?
    pub fn looks_utf8(&self) -> bool {
        std::str::from_utf8(&self.buffer).is_ok_or_cut()
    }

    fn fill(&mut self) {
        self.buffer.drain(..self.at);
        self.at = 0;
        let mut part = vec![0; PART];
        match self.source.read(&mut part) {
            Ok(0) => self.ended = true,
            Ok(length) => self.decoder.push(&part[..length], &mut self.buffer),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => (),
            Err(_) => (self.ended, self.cut) = (true, true),
        }
    }

    /// The source said that it broke off.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Finds the end of the row that begins at `at`: the place after it; `None`: more bytes are needed.
    fn end_of_row(&self) -> Option<usize> {
        let (mut quoted, mut begins, mut closed) = (false, true, usize::MAX);
        let bytes = &self.buffer[self.at..];
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'"' if quoted => (quoted, closed) = (false, at),
                // At the beginning of a field, or doubled within one.
                b'"' if begins || at.checked_sub(1) == Some(closed) => quoted = true,
                b'\n' if !quoted => return Some(at + 1),
                _ => (),
            }
            begins = *byte == self.delimiter;
        }
        None
    }

    /// The bytes of the next row; `None`: there is none.
    fn take(&mut self) -> Option<(usize, bool)> {
        while self.skipping {
            let line = memchr::memchr(b'\n', &self.buffer[self.at..]);
            self.at = line.map_or(self.buffer.len(), |end| self.at + end + 1);
            self.skipping = line.is_none() && !self.ended;
            if self.skipping {
                self.fill();
            }
        }
        loop {
            if let Some(end) = self.end_of_row() {
                return Some((end, end > self.limit));
            }
            if self.buffer.len() - self.at > self.limit {
                // A quote without its fellow would take the whole file: the row ends with its line.
                let line = memchr::memchr(b'\n', &self.buffer[self.at..]);
                self.skipping = line.is_none();
                return Some((line.map_or(self.buffer.len() - self.at, |at| at + 1), true));
            }
            if self.ended {
                let rest = self.buffer.len() - self.at;
                return (rest > 0 && !self.cut).then_some((rest, rest > self.limit));
            }
            self.fill();
        }
    }

    fn cells(&mut self, bytes: &[u8], row: &mut SheetRow) {
        let mut field = std::mem::take(&mut self.field);
        let (mut at, mut column) = (0, 0);
        loop {
            let mut end = at;
            let text: &[u8] = if bytes.get(at) == Some(&b'"') {
                field.clear();
                end = unquote(bytes, at, self.delimiter, &mut field);
                &field
            } else {
                end += memchr::memchr(self.delimiter, &bytes[at..]).unwrap_or(bytes.len() - at);
                &bytes[at..end]
            };
            if let Ok(text) = std::str::from_utf8(text) {
                row.push(column, Cell::Text(text));
            }
            if end >= bytes.len() {
                break;
            }
            at = end + 1;
            column += 1;
        }
        self.field = field;
    }
}

/// Reads a quoted field that begins at `at`; gives the place of the delimiter after it.
fn unquote(bytes: &[u8], at: usize, delimiter: u8, field: &mut Vec<u8>) -> usize {
    let mut at = at + 1;
    while let Some(length) = memchr::memchr(b'"', &bytes[at..]) {
        field.extend_from_slice(&bytes[at..at + length]);
        at += length + 1;
        match bytes.get(at) {
            Some(b'"') => {
                field.push(b'"');
                at += 1;
            }
            // What stands between the closing quote and the delimiter belongs to the field all the same.
            _ => {
                let rest = memchr::memchr(delimiter, &bytes[at..]).unwrap_or(bytes.len() - at);
                field.extend_from_slice(&bytes[at..at + rest]);
                return at + rest;
            }
        }
    }
    field.extend_from_slice(&bytes[at..]);
    bytes.len()
}

/// The first rows, for the headings to be found in.
pub fn head(rows: &mut dyn Rows) -> Result<Vec<SheetRow>, SheetFault> {
    let mut head = Vec::new();
    let mut row = SheetRow::default();
    while head.len() <= HEAD && rows.next(&mut row)? {
        head.push(std::mem::take(&mut row));
    }
    Ok(head)
}

impl<R: Read> Rows for Delimited<R> {
    fn next(&mut self, row: &mut SheetRow) -> Result<bool, SheetFault> {
        loop {
            let Some((length, too_long)) = self.take() else { return Ok(false) };
            self.number += 1;
            row.begin(self.number);
            let bytes = self.buffer[self.at..self.at + length].to_vec();
            self.at += length;
            let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if too_long {
                row.too_long = true;
            } else if std::str::from_utf8(line).is_err() {
                row.raw = Some(line.to_vec());
            } else {
                self.cells(line, row);
            }
            if !row.is_empty() {
                return Ok(true);
            }
        }
    }
}

/// A sample may end within a character.
trait OrCut {
    fn is_ok_or_cut(&self) -> bool;
}

impl OrCut for Result<&str, std::str::Utf8Error> {
    fn is_ok_or_cut(&self) -> bool {
        self.as_ref().err().is_none_or(|error| error.error_len().is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8], delimiter: u8) -> Vec<String> {
        let mut rows = Delimited::new(bytes, 100);
        rows.delimiter = delimiter;
        let (mut row, mut found) = (SheetRow::default(), Vec::new());
        while rows.next(&mut row).unwrap() {
            let cells: Vec<String> = row
                .cells()
                .map(|(column, cell)| format!("{column}={}", if let Cell::Text(text) = cell { text } else { "?" }))
                .collect();
            let kind = if row.too_long {
                " too long"
            } else if row.raw.is_some() {
                " not UTF-8"
            } else {
                ""
            };
            found.push(format!("{}{kind} {}", row.number, cells.join("|")));
        }
        found
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
        let text = "\u{feff}a,b\r\n\r\n\"x\ny\",\"say \"\"no\"\"\"\n,,\n1,\"2,3\"";
        assert_eq!(rows(text.as_bytes(), b','), ["1 0=a|1=b", "3 0=x\ny|1=say \"no\"", "5 0=1|1=2,3"]);
    }

    #[test]
    fn what_is_no_utf8_or_too_long_is_one_row() {
        let mut bytes = b"a;b\n\xD2\xE0;1\n".to_vec();
        bytes.extend_from_slice(format!("{};1\nlast;1\n", "x".repeat(200)).as_bytes());
        assert_eq!(rows(&bytes, b';'), ["1 0=a|1=b", "2 not UTF-8 ", "3 too long ", "4 0=last|1=1"]);
    }

    #[test]
    fn a_quote_without_its_fellow_takes_no_more_than_its_line() {
        let text = format!("a,b\n\"open,1\n{}", "c,d\n".repeat(60));
        let found = rows(text.as_bytes(), b',');
        assert_eq!((found[1].as_str(), found[2].as_str(), found.len()), ("2 too long ", "3 0=c|1=d", 62));
    }

    #[test]
    fn utf16_is_decoded() {
        let units: Vec<u8> = "\u{feff}Mã\tTên 𠀀\n1\t2".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(rows(&units, b'\t'), ["1 0=Mã|1=Tên 𠀀", "2 0=1|1=2"]);
    }
}
