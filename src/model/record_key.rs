//! Keys of records as one text.

use std::borrow::Borrow;

/// Between the parts of a key where it is stored or hashed. It stands in no part: TX-008 refuses control characters.
pub const SEPARATOR: char = '\u{1f}';

/// The key as history keeps it.
pub fn joined<S: Borrow<str>>(parts: &[S]) -> String {
    parts.join(SEPARATOR.encode_utf8(&mut [0; 4]))
}

/// The key as people read it, and as parked records name their parents: its parts with `/` between them.
pub fn shown<S: Borrow<str>>(parts: &[S]) -> String {
    parts.join("/")
}
