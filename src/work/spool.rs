//! A body on its way into the database: decompressed, cut into records, framed in chunks, durable before the work begins. Holds one chunk at most.

use super::Work;
use super::chunk::{Filling, Sealed};
use super::split::{Form, Piece, Splitter};
use crate::error::{self, Error, Result};
use crate::store::statement::{Argument, Statement};
use diesel::Connection;
use sha2::{Digest, Sha256};
use std::io::Read;
use uuid::Uuid;

/// How the body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Identity,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
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

/// A reader over the parts of a body as they come; it counts and hashes what passes, and tells a cut from an end.
pub struct Wire<I> {
    parts: I,
    current: bytes::Bytes,
    hash: Sha256,
    count: u64,
    cut: bool,
}

impl<I: Iterator<Item = std::result::Result<bytes::Bytes, ()>>> Wire<I> {
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

impl<I: Iterator<Item = std::result::Result<bytes::Bytes, ()>>> Read for Wire<I> {
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
                    return Ok(0);
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

/// Stores a body. `Err`: it is no submission, or larger than allowed; nothing of it is to stay.
pub fn receive<I: Iterator<Item = std::result::Result<bytes::Bytes, ()>>>(
    work: &Work,
    id: Uuid,
    form: Form,
    encoding: Encoding,
    parts: I,
) -> Result<Received> {
    let mut wire = Wire::new(parts);
    let mut spool = Spool { work, id, filling: Filling::default(), number: 0, records: 0, failure: None };
    let mut splitter = Splitter::new(form, work.config.max_record_bytes as usize);
    let broken = match encoding {
        Encoding::Identity => pump(&mut wire, &mut splitter, &mut spool)?,
        Encoding::Gzip => pump(&mut flate2::read::MultiGzDecoder::new(&mut wire), &mut splitter, &mut spool)?,
        Encoding::Zstd => pump(&mut zstd::stream::read::Decoder::new(&mut wire).map_err(Error::internal)?, &mut splitter, &mut spool)?,
    };
    let cut = broken || wire.cut;
    let whole =
        splitter.finish(cut, &mut |piece| spool.push(piece)).map_err(|problem| Error::new(error::BAD_REQUEST, sentence(problem)))?;
    spool.flush()?;
    let records = spool.records;
    let (bytes, sha256, wire_cut) = wire.finish();
    if records == 0 && !cut {
        return Err(Error::new(error::BAD_REQUEST, "The body holds no record; send one record a line, or a JSON array of records."));
    }
    Ok(Received { bytes, sha256, records, cut: cut || wire_cut || !whole })
}

fn sentence(problem: &str) -> String {
    format!("The body cannot be read: {problem}. Send one record a line as application/x-ndjson, or [{{…}}, …] as application/json.")
}

/// Moves the decompressed bytes on; `true`: the compressed stream was broken, what came before it stands.
fn pump(source: &mut dyn Read, splitter: &mut Splitter, spool: &mut Spool) -> Result<bool> {
    let (mut buffer, mut total) = (vec![0; 1 << 16], 0u64);
    loop {
        let length = match source.read(&mut buffer) {
            Ok(0) => return Ok(false),
            Ok(length) => length,
            Err(_) => return Ok(true),
        };
        total += length as u64;
        if total > spool.work.config.max_body_bytes {
            let detail = format!(
                "The body is longer than {} bytes after decompression; send it in several submissions.",
                spool.work.config.max_body_bytes
            );
            return Err(Error::new(error::TOO_LARGE, detail));
        }
        splitter
            .push(&buffer[..length], &mut |piece| spool.push(piece))
            .map_err(|problem| Error::new(error::BAD_REQUEST, sentence(problem)))?;
        if let Some(failure) = spool.failure.take() {
            return Err(failure);
        }
    }
}

struct Spool<'w> {
    work: &'w Work,
    id: Uuid,
    filling: Filling,
    number: i64,
    records: u64,
    failure: Option<Error>,
}

impl Spool<'_> {
    fn push(&mut self, piece: Piece) {
        self.filling.push(piece, self.records);
        self.records += 1;
        if self.filling.is_full() && self.failure.is_none() {
            self.failure = self.flush().err();
        }
    }
    fn flush(&mut self) -> Result<()> {
        if self.filling.is_empty() {
            return Ok(());
        }
        let sealed = self.filling.seal()?;
        let first = self.records - u64::from(sealed.records);
        store(self.work, self.id, self.number, first, sealed)?;
        self.number += 1;
        Ok(())
    }
}

fn store(work: &Work, id: Uuid, number: i64, first: u64, sealed: Sealed) -> Result<()> {
    let sql = "INSERT INTO submission_chunks (submission_id, number, first_index, records, parts, hashes, data) VALUES ($1, $2::bigint, $3, $4::bigint, $5, $6, $7)";
    let arguments = vec![
        Argument::Uuid(id),
        Argument::Integer(number),
        Argument::Integer(first as i64),
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
