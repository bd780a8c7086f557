//! A body on its way into the database: decompressed, cut into records, framed in chunks, durable before the work
//! begins. Holds one chunk at most.

use crate::error;
use crate::error::{Error, Result};
use crate::intake::chunk;
use crate::intake::chunk::{ChunkBuilder, EncodedChunk};
use crate::intake::encoding::Encoding;
use crate::intake::json::split::{Form, Piece, Splitter};
use crate::model::spec::Spec;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::{Work, sheets};
use diesel::Connection;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// What a body is.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// Records as JSON.
    Records(Form),
    /// Rows of this resource, delimited.
    Csv(&'static Spec),
    /// A workbook; with a resource, all its sheets hold that one.
    Workbook(Option<&'static Spec>),
}

impl Body {
    /// Tells bodies of one form from those of others.
    pub fn word(&self) -> String {
        match self {
            Self::Records(form) => format!("{form:?}"),
            Self::Csv(spec) => format!("Csv {}", spec.name),
            Self::Workbook(spec) => format!("Workbook {}", spec.map_or("", |spec| spec.name)),
        }
    }
    /// Did people fill it in?
    pub fn is_sheet(&self) -> bool {
        !matches!(self, Self::Records(_))
    }
}

/// What came of receiving a body.
#[derive(Debug)]
pub struct Received {
    /// Length as sent.
    pub bytes: u64,
    /// SHA-256 of the body as sent, hexadecimal.
    pub sha256: String,
    /// Records.
    pub records: u64,
    /// It ended before it was whole.
    pub cut: bool,
}

/// The parts of a body as they come; an `Err` is a connection that broke.
pub trait Parts: Iterator<Item = std::result::Result<bytes::Bytes, ()>> {}
impl<I: Iterator<Item = std::result::Result<bytes::Bytes, ()>>> Parts for I {}

/// A reader over the parts of a body as they come; it counts and hashes what passes, and tells a cut from an end.
pub struct Wire<I> {
    parts: I,
    current: bytes::Bytes,
    hash: Sha256,
    count: u64,
    cut: bool,
}

impl<I: Parts> Wire<I> {
    /// Over these parts; an `Err` is a connection that broke.
    pub fn new(parts: I) -> Self {
        Self { parts, current: bytes::Bytes::new(), hash: Sha256::new(), count: 0, cut: false }
    }
    /// Reads what is left, and gives length, hash and whether it was cut.
    pub fn finish(mut self) -> (u64, String, bool) {
        let _ = std::io::copy(&mut self, &mut std::io::sink());
        (self.count, self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), self.cut)
    }
}

impl<I: Parts> Read for Wire<I> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.current.is_empty() {
            match self.parts.next() {
                Some(Ok(part)) => {
                    self.hash.update(&part);
                    self.count += part.len() as u64;
                    self.current = part;
                }
                Some(Err(())) => {
                    self.cut = true;
                    return Err(std::io::ErrorKind::ConnectionAborted.into());
                }
                None => return Ok(0),
            }
        }
        let length = out.len().min(self.current.len());
        out[..length].copy_from_slice(&self.current[..length]);
        bytes::Buf::advance(&mut self.current, length);
        Ok(length)
    }
}

/// Threads that frame, compress and store what was cut.
const STORING: usize = 2;

/// Stores a body: this thread takes it in and cuts it, others frame, compress and store. `Err`: it is no submission, or
/// larger than allowed; nothing of it is to stay.
pub fn receive<I: Parts>(work: &Work, id: Uuid, body: Body, encoding: Encoding, parts: I) -> Result<Received> {
    let mut wire = Wire::new(parts);
    let (sender, receiver) = sync_channel(0);
    let receiver = Mutex::new(receiver);
    let next = || receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
    let (records, broken) = std::thread::scope(|threads| {
        let store_all = || {
            let pieces = || std::iter::from_fn(|| next().ok());
            let stored = pieces().try_for_each(|pieces| store(work, id, &pieces));
            // After a failure what still comes is taken and dropped: nobody waits for a thread that has ended.
            pieces().for_each(drop);
            stored
        };
        let storing = [(); STORING].map(|()| threads.spawn(store_all));
        let spool = Spool { pieces: Pieces { noted: body.is_sheet(), ..Pieces::default() }, records: 0, sender };
        let taken = match body {
            Body::Records(form) => spool.take_in(work, form, encoding, &mut wire),
            sheet => decompressed(encoding, &mut wire)
                .and_then(|mut source| sheets::take_in(spool, work, id, sheet, &mut *source)),
        };
        for thread in storing {
            thread.join().map_err(|_| Error::internal("a storing thread ended early"))??;
        }
        taken
    })?;
    let (bytes, sha256, wire_cut) = wire.finish();
    let cut = broken || wire_cut;
    if records == 0 && !wire_cut {
        let detail = if broken {
            "The body is not compressed as “Content-Encoding” says, or ends before its first record."
        } else {
            "The body holds no record; send one record a line, or a JSON array of records."
        };
        return Err(Error::new(error::BAD_REQUEST, detail));
    }
    Ok(Received { bytes, sha256, records, cut })
}

/// The body as it was before it was compressed.
fn decompressed<'w, I: Parts>(encoding: Encoding, wire: &'w mut Wire<I>) -> Result<Box<dyn Read + 'w>> {
    Ok(match encoding {
        Encoding::Identity => Box::new(wire),
        Encoding::Gzip => Box::new(flate2::read::MultiGzDecoder::new(wire)),
        Encoding::Zstd => Box::new(zstd::stream::read::Decoder::new(wire).map_err(Error::internal)?),
    })
}

/// The body holds more than is taken.
pub(crate) fn too_large(limit: u64) -> Error {
    let detail = format!("The body is longer than {limit} bytes after decompression; send it in several submissions.");
    Error::new(error::TOO_LARGE, detail)
}

fn sentence(problem: &str) -> String {
    format!(
        "The body cannot be read: {problem}. Send one record a line as application/x-ndjson, or [{{…}}, …] as application/json."
    )
}

/// Records as they were cut from the body, on their way to be framed.
#[derive(Default)]
struct Pieces {
    /// Number of the chunk they become.
    number: i64,
    /// Place of the first in the submission.
    first: u64,
    bytes: Vec<u8>,
    /// End of each in `bytes`; `None`: it was longer than allowed.
    ends: Vec<Option<usize>>,
    /// They came from a sheet: notes follow each.
    noted: bool,
}

/// The side that takes in.
pub(crate) struct Spool {
    pieces: Pieces,
    pub(crate) records: u64,
    sender: SyncSender<Pieces>,
}

impl Spool {
    /// Reads the body to its end: how many records it holds, and whether it was broken off.
    fn take_in<I: Parts>(
        mut self,
        work: &Work,
        form: Form,
        encoding: Encoding,
        wire: &mut Wire<I>,
    ) -> Result<(u64, bool)> {
        let mut splitter = Splitter::new(form, work.config.max_record_bytes as usize);
        let limit = work.config.max_body_bytes;
        let mut broken = self.pump(&mut *decompressed(encoding, wire)?, &mut splitter, limit)?;
        broken |= wire.cut;
        broken |= !splitter
            .finish(broken, &mut |piece| self.push(piece))
            .map_err(|problem| Error::new(error::BAD_REQUEST, sentence(problem)))?;
        self.hand_over();
        Ok((self.records, broken))
    }

    /// Moves the decompressed bytes on; `true`: the stream was broken off, what came before stands.
    fn pump(&mut self, source: &mut dyn Read, splitter: &mut Splitter, limit: u64) -> Result<bool> {
        let (mut buffer, mut total) = (vec![0; 1 << 16], 0u64);
        loop {
            let length = match source.read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(length) => length,
                Err(_) => return Ok(true),
            };
            total += length as u64;
            if total > limit {
                return Err(too_large(limit));
            }
            let pushed = splitter.push(&buffer[..length], &mut |piece| self.push(piece));
            pushed.map_err(|problem| Error::new(error::BAD_REQUEST, sentence(problem)))?;
        }
    }

    pub(crate) fn push(&mut self, piece: Piece) {
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
        if pieces.ends.len() >= chunk::RECORDS || pieces.bytes.len() >= chunk::BYTES {
            self.hand_over();
        }
    }

    pub(crate) fn hand_over(&mut self) {
        if !self.pieces.ends.is_empty() {
            let next = Pieces {
                number: self.pieces.number + 1,
                first: self.records,
                noted: self.pieces.noted,
                ..Pieces::default()
            };
            // When storing failed nobody takes them any more; its own error is the one to tell.
            let _ = self.sender.send(std::mem::replace(&mut self.pieces, next));
        }
    }
}

fn seal(pieces: &Pieces) -> Result<EncodedChunk> {
    let (mut filling, mut from) = (ChunkBuilder::with_room(pieces.bytes.len(), pieces.ends.len()), 0);
    for (index, end) in (pieces.first..).zip(&pieces.ends) {
        let bytes = end.map(|end| &pieces.bytes[from..end]);
        let piece = bytes.map(|bytes| if pieces.noted { Piece::Noted(bytes) } else { Piece::Bytes(bytes) });
        filling.push(piece.unwrap_or(Piece::TooLong), index);
        from = end.unwrap_or(from);
    }
    filling.seal()
}

fn store(work: &Work, id: Uuid, pieces: &Pieces) -> Result<()> {
    let sealed = seal(pieces)?;
    let sql = "INSERT INTO submission_chunks (submission_id, number, first_index, records, parts, hashes, data) VALUES ($1, $2::bigint, $3, $4::bigint, $5, $6, $7)";
    let arguments = vec![
        Argument::Uuid(id),
        Argument::Integer(pieces.number),
        Argument::Integer(pieces.first as i64),
        Argument::Integer(i64::from(sealed.records)),
        Argument::Integer(sealed.parts as i64),
        Argument::Bytes(sealed.hashes.into()),
        Argument::Bytes(sealed.data.into()),
    ];
    let mut connection = work.pool.get()?;
    connection.transaction::<_, Error, _>(|connection| {
        // The commit that ends the body is the one that waits for the disk: it makes all before it durable.
        diesel::connection::SimpleConnection::batch_execute(connection, "SET LOCAL synchronous_commit = off")?;
        Statement::with(sql, arguments).run(connection)?;
        Ok(())
    })
}
