//! Which records a block changed, in few bytes: a line for each, with operation, version and key.
//!
//! The first byte says the format of the rest: [`PLAIN`] or [`COMPRESSED`]. A line is the letter of the operation, the
//! version in decimal digits, and the parts of the key, each after a U+001F. After a key that took the place of another
//! stands a U+001E, and the other.

use crate::model::record_key::SEPARATOR;
use std::fmt;

/// Lines as they are.
const PLAIN: u8 = 0;
/// Lines in a frame of Zstandard.
const COMPRESSED: u8 = 1;
/// Bytes of lines from which on they are compressed.
const COMPRESSED_FROM: usize = 512;
/// Before the key that a record had.
const FORMER: char = '\u{1e}';

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeOperation {
    /// It is new.
    Create,
    /// It has a new version.
    Update,
    /// It is gone.
    Delete,
    /// It is new under its key, and stood under another before.
    Rekey,
}

impl ChangeOperation {
    /// In the order of declaration.
    const LETTERS: [(Self, char); 4] =
        [(Self::Create, 'c'), (Self::Update, 'u'), (Self::Delete, 'd'), (Self::Rekey, 'r')];

    fn letter(self) -> char {
        Self::LETTERS[self as usize].1
    }
    fn of(letter: char) -> Option<Self> {
        Self::LETTERS.iter().find(|(_, known)| *known == letter).map(|(operation, _)| *operation)
    }
}

/// One record of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub operation: ChangeOperation,
    /// The version that the change made; of a deletion the number after the last version.
    pub version: i64,
    /// The parts of its key.
    pub key: Vec<String>,
    /// The parts of the key that it had before, if that changed.
    pub former: Option<Vec<String>>,
}

/// Bytes that are no keys of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the keys of a block of the change log cannot be read")
    }
}

impl std::error::Error for Unreadable {}

/// Appends the line of a record, without its end.
pub fn push_line<T: AsRef<str>>(
    out: &mut String,
    operation: ChangeOperation,
    version: i64,
    key: &[T],
    former: Option<&[T]>,
) {
    out.push(operation.letter());
    out.push_str(&version.to_string());
    let mut parts = |key: &[T]| {
        for part in key {
            out.push(SEPARATOR);
            out.push_str(part.as_ref());
        }
    };
    parts(key);
    if let Some(former) = former {
        out.push(FORMER);
        let mut first = true;
        for part in former {
            if !std::mem::take(&mut first) {
                out.push(SEPARATOR);
            }
            out.push_str(part.as_ref());
        }
    }
}

/// Lines, each with its end, as a block keeps them.
///
/// # Errors
/// Those of the compression.
pub fn seal(lines: &str) -> std::io::Result<Vec<u8>> {
    let (format, bytes) = match lines.len() < COMPRESSED_FROM {
        true => (PLAIN, lines.as_bytes().to_vec()),
        false => (COMPRESSED, zstd::bulk::compress(lines.as_bytes(), 1)?),
    };
    Ok([&[format], bytes.as_slice()].concat())
}

/// The records of a block, in their order.
///
/// # Errors
/// [`Unreadable`]: the bytes are of a format that this program does not know, or are damaged.
pub fn open(bytes: &[u8]) -> Result<Vec<Change>, Unreadable> {
    let (format, bytes) = bytes.split_first().ok_or(Unreadable)?;
    let lines = match *format {
        PLAIN => bytes.to_vec(),
        COMPRESSED => {
            let length = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten().ok_or(Unreadable)?;
            zstd::bulk::decompress(bytes, usize::try_from(length).map_err(|_| Unreadable)?).map_err(|_| Unreadable)?
        }
        _ => return Err(Unreadable),
    };
    std::str::from_utf8(&lines).map_err(|_| Unreadable)?.lines().map(|line| change(line).ok_or(Unreadable)).collect()
}

fn change(line: &str) -> Option<Change> {
    let (line, former) = line.split_once(FORMER).map_or((line, None), |(line, former)| (line, Some(former)));
    let parts = |text: &str| text.split(SEPARATOR).map(str::to_owned).collect();
    let (head, key) = line.split_once(SEPARATOR)?;
    let mut letters = head.chars();
    let operation = ChangeOperation::of(letters.next()?)?;
    Some(Change { operation, version: letters.as_str().parse().ok()?, key: parts(key), former: former.map(parts) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(changes: &[Change]) -> String {
        let mut lines = String::new();
        for change in changes {
            push_line(&mut lines, change.operation, change.version, &change.key, change.former.as_deref());
            lines.push('\n');
        }
        lines
    }

    fn results(count: usize) -> Vec<Change> {
        let key = |at: usize| {
            ["31000501", "2025-2026", "CK1", &format!("31{:08}", at / 11 * 7), &format!("M{}", at % 11)]
                .map(str::to_owned)
                .to_vec()
        };
        (0..count)
            .map(|at| Change {
                operation: ChangeOperation::Update,
                version: 1 + at as i64 % 3,
                key: key(at),
                former: None,
            })
            .collect()
    }

    #[test]
    fn what_is_sealed_comes_back() {
        let texts = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<String>>();
        let few = vec![
            Change {
                operation: ChangeOperation::Create,
                version: 1,
                key: texts(&["31000501", "2025-2026", "6/1 Đ"]),
                former: None,
            },
            Change {
                operation: ChangeOperation::Rekey,
                version: 1,
                key: texts(&["3100000001"]),
                former: Some(texts(&["TAM-000001"])),
            },
            Change { operation: ChangeOperation::Delete, version: i64::MAX, key: texts(&["", "x"]), former: None },
        ];
        for changes in [few, results(5_000)] {
            assert_eq!(open(&seal(&lines(&changes)).unwrap()).unwrap(), changes);
        }
        assert!(
            open(&[]).is_err()
                && open(b"\x02c1\x1fa").is_err()
                && open(b"\x00x1\x1fa").is_err()
                && open(b"\x01abc").is_err()
        );
    }

    #[test]
    fn a_batch_takes_some_kilobytes() {
        let sealed = seal(&lines(&results(5_000))).unwrap();
        assert!(sealed.len() < 40_000, "{}", sealed.len());
    }
}
