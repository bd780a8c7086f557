//! What the bytes of a file are, told by how they begin: a user's file comes without the headers of a request.

use crate::error::{Error, UNSUPPORTED_MEDIA_TYPE};
use crate::intake::encoding::Encoding;
use crate::intake::json::split::Form;
use crate::intake::sheet::file::compound::MAGIC as COMPOUND;
use crate::model::messages::message;
use std::io::{Cursor, Read, Result};

/// The media type of one JSON value a line.
pub const NDJSON: &str = "application/x-ndjson";
/// Of one JSON value.
pub const JSON: &str = "application/json";
/// Of a table of texts.
pub const CSV: &str = "text/csv";
/// Of a workbook (XLSX).
pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Of a workbook of the years before 2007 (XLS).
pub const LEGACY_WORKBOOK: &str = "application/vnd.ms-excel";

/// Bytes that are looked at.
const HEAD: u64 = 512;

/// What a file holds, once unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// One JSON record a line.
    Lines,
    /// A JSON array of records, or `{"records":[…]}`.
    Array,
    /// A CSV table.
    Csv,
    /// An XLSX workbook.
    Workbook,
    /// An XLS workbook, or what bears the name of one.
    LegacyWorkbook,
}

impl Content {
    /// The media type under which it is sent.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Lines => NDJSON,
            Self::Array => JSON,
            Self::Csv => CSV,
            Self::Workbook => WORKBOOK,
            Self::LegacyWorkbook => LEGACY_WORKBOOK,
        }
    }

    /// How it is cut into records; `None`: it is a sheet, which has rows.
    pub fn form(self) -> Option<Form> {
        match self {
            Self::Lines => Some(Form::Lines),
            Self::Array => Some(Form::Array),
            Self::Csv | Self::Workbook | Self::LegacyWorkbook => None,
        }
    }

    /// By the first bytes, and by the file's name where those leave it open.
    pub fn of(name: &str, head: &[u8]) -> Self {
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let tight: Vec<u8> = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        if head.starts_with(b"PK\x03\x04") {
            Self::Workbook
        } else if head.starts_with(&COMPOUND) || ends(name, ".xls") {
            Self::LegacyWorkbook
        } else if tight.starts_with(b"[{") || tight == b"[]" || tight.starts_with(b"{\"records\":[") {
            Self::Array
        } else if tight.starts_with(b"{") {
            Self::Lines
        } else if ends(name, ".csv") {
            Self::Csv
        } else if tight.starts_with(b"[") {
            Self::Array
        } else {
            Self::Lines
        }
    }
}

/// `results.csv`, also compressed.
fn ends(name: &str, end: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.trim_end_matches(".gz").trim_end_matches(".zst").ends_with(end)
}

/// How bytes are compressed that begin so.
pub fn encoding(head: &[u8]) -> Encoding {
    match head {
        [0x1f, 0x8b, ..] => Encoding::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Encoding::Zstd,
        _ => Encoding::Identity,
    }
}

/// Lets a body go on that was said to be text and begins like one.
///
/// # Errors
/// A 415 that says what it is, and how that is sent.
pub fn begins_as_text(head: &[u8]) -> std::result::Result<(), Error> {
    let head = head.get(..HEAD as usize).unwrap_or(head);
    let detail = match (encoding(head), Content::of("", head)) {
        (Encoding::Gzip, _) => message("body-is-compressed").with("coding", "gzip"),
        (Encoding::Zstd, _) => message("body-is-compressed").with("coding", "zstd"),
        (_, content @ (Content::Workbook | Content::LegacyWorkbook)) => {
            message("body-is-workbook").with("media", content.media_type())
        }
        _ => return Ok(()),
    };
    Err(Error::new(UNSUPPORTED_MEDIA_TYPE, detail))
}

/// A reader whose first bytes were looked at.
pub struct Opened<'r> {
    /// Its first bytes.
    pub head: Vec<u8>,
    /// All of it, those included.
    pub reader: Box<dyn Read + 'r>,
}

/// Looks at the first bytes.
///
/// # Errors
/// Those of reading.
pub fn peek<'r>(mut reader: impl Read + 'r) -> Result<Opened<'r>> {
    let mut head = Vec::new();
    reader.by_ref().take(HEAD).read_to_end(&mut head)?;
    Ok(whole(head, reader))
}

fn whole<'r>(head: Vec<u8>, rest: impl Read + 'r) -> Opened<'r> {
    Opened { head: head.clone(), reader: Box::new(Cursor::new(head).chain(rest)) }
}

/// A compressed file that is cut off within its first bytes fails when it is read on, not here.
fn peek_unpacked<'r>(mut reader: impl Read + 'r) -> Opened<'r> {
    let mut head = Vec::new();
    let _ = reader.by_ref().take(HEAD).read_to_end(&mut head);
    whole(head, reader)
}

/// Unpacks what is compressed.
///
/// # Errors
/// Those of reading.
pub fn decompressed<'r>(packed: Opened<'r>) -> Result<Opened<'r>> {
    match encoding(&packed.head) {
        Encoding::Identity => Ok(packed),
        Encoding::Gzip => Ok(peek_unpacked(flate2::read::MultiGzDecoder::new(packed.reader))),
        Encoding::Zstd => Ok(peek_unpacked(zstd::stream::read::Decoder::new(packed.reader)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_told_by_the_first_bytes() {
        let cases: [(&str, &[u8], Content); 12] = [
            ("a.ndjson", b"{\"resource\":", Content::Lines),
            ("a.json", b"\xEF\xBB\xBF [\n {\"resource\"", Content::Array),
            ("a.txt", b"{ \"records\" : [", Content::Array),
            ("a.csv", b"studentCode,fullName", Content::Csv),
            ("A.CSV.GZ", b"studentCode,fullName", Content::Csv),
            ("a.csv", b"{\"resource\":", Content::Lines),
            ("a", b"PK\x03\x04...", Content::Workbook),
            ("a", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Content::LegacyWorkbook),
            ("So diem.XLS", b"<html>", Content::LegacyWorkbook),
            ("a.xls", b"PK\x03\x04...", Content::Workbook),
            ("a", b"[1, 2]", Content::Array),
            ("a", b"", Content::Lines),
        ];
        for (name, head, expected) in cases {
            assert_eq!(Content::of(name, head), expected, "{name} {}", String::from_utf8_lossy(head));
        }
    }
}
