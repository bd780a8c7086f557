//! Records as they were cut from a body, on their way to be framed: as many as a chunk takes.

use crate::error::Result;
use crate::intake::chunk::{self, ChunkBuilder, EncodedChunk};
use crate::intake::json::split::Piece;

/// The records of one chunk.
#[derive(Default)]
pub struct Pieces {
    /// Number of the chunk they become.
    pub number: i64,
    /// Place of the first in the submission.
    pub first: u64,
    bytes: Vec<u8>,
    /// End of each in `bytes`; `None`: it was longer than allowed.
    ends: Vec<Option<usize>>,
    /// They came from a sheet: notes follow each.
    noted: bool,
}

/// Collects records until there are enough for a chunk.
pub struct PieceBuffer {
    pieces: Pieces,
    /// Records so far.
    pub records: u64,
}

impl PieceBuffer {
    /// Empty; of a sheet, notes follow each record.
    pub fn new(noted: bool) -> Self {
        Self { pieces: Pieces { noted, ..Pieces::default() }, records: 0 }
    }

    /// Adds a record, and gives those of a chunk when they are enough.
    pub fn push(&mut self, piece: Piece) -> Option<Pieces> {
        let pieces = &mut self.pieces;
        pieces.ends.push(match piece {
            Piece::Bytes(bytes) | Piece::Noted(bytes) => {
                if pieces.bytes.is_empty() && self.records > 0 {
                    // The body is long: its pieces take their room once, not by doubling.
                    pieces.bytes.reserve_exact(chunk::BYTES + chunk::BYTES / 8);
                }
                pieces.bytes.extend_from_slice(bytes);
                Some(pieces.bytes.len())
            }
            Piece::TooLong => None,
        });
        self.records += 1;
        let is_full = pieces.ends.len() >= chunk::RECORDS || pieces.bytes.len() >= chunk::BYTES;
        if is_full { self.rest() } else { None }
    }

    /// Those that are left, if any.
    pub fn rest(&mut self) -> Option<Pieces> {
        if self.pieces.ends.is_empty() {
            return None;
        }
        let (number, noted) = (self.pieces.number + 1, self.pieces.noted);
        let next = Pieces { number, first: self.records, noted, ..Pieces::default() };
        Some(std::mem::replace(&mut self.pieces, next))
    }
}

impl Pieces {
    /// Frames and compresses them.
    ///
    /// # Errors
    /// Those of the compression.
    pub fn encode(&self) -> Result<EncodedChunk> {
        let (mut chunk, mut from) = (ChunkBuilder::with_room(self.bytes.len(), self.ends.len()), 0);
        for (index, end) in (self.first..).zip(&self.ends) {
            let bytes = end.map(|end| &self.bytes[from..end]);
            let piece = bytes.map(|bytes| if self.noted { Piece::Noted(bytes) } else { Piece::Bytes(bytes) });
            chunk.push(piece.unwrap_or(Piece::TooLong), index);
            from = end.unwrap_or(from);
        }
        chunk.seal()
    }
}
