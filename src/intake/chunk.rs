//! A chunk of a body: up to 5,000 records in frames, compressed, as it stands in `submission_chunks`.

use crate::error::{Error, Result};
use crate::intake::envelope;
use crate::intake::envelope::{Envelope, EnvelopeKey};
use crate::intake::json::split::Piece;
use crate::intake::record::RecordOperation;
use crate::store::table::{Table, by_number};

/// Records in a chunk at most.
pub const RECORDS: usize = 5_000;
/// Raw bytes after which a chunk is full: a body of 1 GB of wide records then takes 129 MB of memory, with 4 MiB 202
/// MB.
pub const BYTES: usize = 2 << 20;
/// Bit of `parts` for pieces that are no records.
const BROKEN: u64 = 1 << 63;

/// Bit beside the operation of records that notes follow; levels stay far below it.
const NOTED: u8 = 1 << 7;
/// The format: the first byte of what is stored.
const FORMAT: u8 = 1;
/// Before formats had a number, the first byte was that of a frame of Zstandard.
const UNNUMBERED: u8 = 0x28;
/// Bytes before each record: the number of its resource (0: it is none), operation (lowest bit) with the level, three
/// numbers. In the format without a number, the resource took one byte.
const HEAD: usize = 15;

/// A chunk being filled.
#[derive(Default)]
pub struct ChunkBuilder {
    frames: Vec<u8>,
    hashes: Vec<u8>,
    records: u32,
    parts: u64,
}

/// A chunk ready to be stored.
pub struct EncodedChunk {
    /// Records in it.
    pub records: u32,
    /// What is in it: see [`part`].
    pub parts: u64,
    /// 8 bytes a record: hash of its key.
    pub hashes: Vec<u8>,
    /// Frames, compressed.
    pub data: Vec<u8>,
}

/// The bit of `parts` for records of this operation on resources of this level.
pub fn part(operation: RecordOperation, level: usize) -> u64 {
    match operation {
        RecordOperation::Upsert => 1 << level,
        RecordOperation::Delete => 1 << (level + 24),
    }
}

/// The bit of `parts` for pieces that are no records.
pub fn broken_part() -> u64 {
    BROKEN
}

impl ChunkBuilder {
    /// Empty, with room for so many bytes in so many records.
    pub fn with_room(bytes: usize, records: usize) -> Self {
        Self {
            frames: Vec::with_capacity(bytes + records * HEAD),
            hashes: Vec::with_capacity(records * 8),
            ..Self::default()
        }
    }
    /// Adds a piece of the body. Its place gives a hash of its own to what has no key.
    pub fn push(&mut self, piece: Piece, index: u64) {
        let (bytes, too_long, noted): (&[u8], bool, u8) = match piece {
            Piece::Bytes(bytes) => (bytes, false, 0),
            Piece::Noted(bytes) => (bytes, false, NOTED),
            Piece::TooLong => (&[], true, 0),
        };
        let record = if noted == 0 { bytes } else { cut(bytes).0 };
        let read = if too_long { None } else { envelope::read(record).ok() };
        let (resource, operation, offset, length, hash) = match read {
            Some((Envelope { table, operation, data }, EnvelopeKey { hash, level })) => {
                let level = if operation == RecordOperation::Delete { table.level } else { level };
                self.parts |= part(operation, level);
                let offset = data.as_ptr() as usize - bytes.as_ptr() as usize;
                (table.spec.number as u16, operation as u8 | (level as u8) << 1, offset, data.len(), hash)
            }
            None => {
                self.parts |= BROKEN;
                (0, u8::from(too_long), 0, 0, None)
            }
        };
        self.hashes.extend_from_slice(&hash.unwrap_or(!index).to_le_bytes());
        self.frames.extend_from_slice(&resource.to_le_bytes());
        self.frames.push(operation | noted);
        for number in [offset, length, bytes.len()] {
            self.frames.extend_from_slice(&(number as u32).to_le_bytes());
        }
        self.frames.extend_from_slice(bytes);
        self.records += 1;
    }
    /// Compresses it.
    pub fn seal(self) -> Result<EncodedChunk> {
        let mut data = vec![FORMAT];
        data.extend(zstd::bulk::compress(&self.frames, 1).map_err(Error::internal)?);
        Ok(EncodedChunk { records: self.records, parts: self.parts, hashes: self.hashes, data })
    }
}

/// A record, and the notes behind its line end.
fn cut(bytes: &[u8]) -> (&[u8], &[u8]) {
    memchr::memchr(b'\n', bytes).map_or((bytes, &[]), |end| (&bytes[..end], &bytes[end + 1..]))
}

/// A chunk read back.
pub struct Chunk {
    frames: Vec<u8>,
    /// Bytes that the resource of a record takes: one in the format without a number.
    width: usize,
    /// Place of its first record in the submission.
    pub first_index: u64,
}

/// A record in a chunk.
pub struct Frame<'a> {
    /// Place in the submission.
    pub index: u64,
    /// Its table; `None`: not a record.
    pub table: Option<&'static Table>,
    /// Upsert or delete.
    pub operation: RecordOperation,
    /// The step in which it comes.
    pub level: usize,
    /// It was longer than allowed.
    pub too_long: bool,
    /// The record as sent.
    pub bytes: &'a [u8],
    data: &'a [u8],
    /// What was said of its cells, if it came from a sheet (see [`notes`](crate::intake::notes)).
    pub notes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Its `data`.
    pub fn data(&self) -> &'a str {
        std::str::from_utf8(self.data).unwrap_or_default()
    }
}

impl Chunk {
    /// From its stored form.
    pub fn open(data: &[u8], first_index: u64) -> Result<Self> {
        let (width, data) = match data.split_first() {
            Some((&FORMAT, rest)) => (2, rest),
            Some((&UNNUMBERED, _)) => (1, data),
            _ => return Err(Error::internal("a chunk is of a format that this program does not know")),
        };
        let length = zstd::zstd_safe::get_frame_content_size(data).ok().flatten().unwrap_or_default();
        let frames = zstd::bulk::decompress(data, length as usize).map_err(Error::internal)?;
        Ok(Self { frames, width, first_index })
    }
    /// Its records in order.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        let (mut at, mut index) = (0, self.first_index);
        std::iter::from_fn(move || {
            let resource = self.frames.get(at..at + self.width)?.iter().rev();
            let resource = resource.fold(0, |number, byte| number << 8 | i64::from(*byte));
            let (start, operation) = (at + self.width + 1, *self.frames.get(at + self.width)?);
            let (noted, operation) = (operation & NOTED != 0, operation & !NOTED);
            let number =
                |place: usize| Some(u32::from_le_bytes(self.frames.get(place..place + 4)?.try_into().ok()?) as usize);
            let (offset, length, total) = (number(start)?, number(start + 4)?, number(start + 8)?);
            let bytes = self.frames.get(start + 12..start + 12 + total)?;
            let (bytes, notes) = if noted { cut(bytes) } else { (bytes, &[][..]) };
            at = start + 12 + total;
            index += 1;
            let table = by_number(resource);
            Some(Frame {
                index: index - 1,
                table,
                operation: if table.is_some() && operation & 1 == RecordOperation::Delete as u8 {
                    RecordOperation::Delete
                } else {
                    RecordOperation::Upsert
                },
                level: usize::from(operation >> 1),
                too_long: table.is_none() && operation == 1,
                bytes,
                data: bytes.get(offset..offset + length).unwrap_or_default(),
                notes,
            })
        })
    }
}
