//! A body as far as it has come: decompressed, cut into records or kept for its end. It moves between the task that
//! waits for bytes and the threads that read them.

use crate::error::{BAD_REQUEST, Error, Result, TOO_LARGE};
use crate::intake::encoding::{Decoder, Encoding, hexadecimal};
use crate::intake::json::split::Splitter;
use crate::intake::sniff::begins_as_text;
use crate::model::messages::{Message, message};
use crate::submission::pieces::{PieceBuffer, Pieces};
use crate::submission::receive::BodyFormat;
use crate::submission::{Work, sheet_file};
use sha2::{Digest, Sha256};
use std::io::{ErrorKind, Read, Write};
use tempfile::SpooledTempFile;

/// Bytes read at once.
const READ: usize = 64 << 10;

/// A body as far as it has come.
pub struct BodyReader {
    /// The body as sent.
    pub decoder: Decoder,
    target: Target,
    /// Lines or JSON, not the bytes of a workbook.
    is_text: bool,
    /// Bytes after decompression, and how many are taken.
    length: u64,
    limit: u64,
    /// Why it was not read further.
    pub progress: Progress,
    /// It cannot be read to its end.
    pub broken: bool,
    /// Records that are not enough for a chunk.
    pub buffer: PieceBuffer,
    /// Enough for a chunk each.
    pub ready: Vec<Pieces>,
    /// What was decompressed last.
    scratch: Vec<u8>,
    /// Hash of what was decompressed; of a body that was not compressed, its own will do.
    decoded: Option<Sha256>,
}

/// Where the bytes go.
enum Target {
    /// They are cut at once.
    Records(Option<Splitter>),
    /// They wait for the end.
    Sheet(SpooledTempFile),
}

/// Why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It needs more bytes.
    Hungry,
    /// Chunks are ready.
    Full,
    /// All is read that can be.
    Ended,
}

impl BodyReader {
    /// Of which nothing has come.
    ///
    /// # Errors
    /// The service lacks memory.
    pub fn new(work: &Work, body: BodyFormat, encoding: Encoding) -> Result<Self> {
        let longest = work.config.max_record_bytes as usize;
        Ok(Self {
            decoder: Decoder::new(encoding)?,
            target: match body {
                BodyFormat::Records(form) => Target::Records(Some(Splitter::new(form, longest))),
                BodyFormat::Csv(_) | BodyFormat::Workbook(_) => {
                    Target::Sheet(sheet_file::waiting_file(&work.config.scratch()))
                }
            },
            is_text: !matches!(body, BodyFormat::Workbook(_)),
            length: 0,
            limit: work.config.max_body_bytes,
            progress: Progress::Hungry,
            broken: false,
            buffer: PieceBuffer::new(body.is_sheet()),
            ready: Vec::new(),
            scratch: vec![0; READ],
            decoded: (encoding != Encoding::Identity).then(Sha256::new),
        })
    }

    /// SHA-256 of the body as it was before it was compressed, hexadecimal.
    pub fn decoded_sha256(&mut self) -> String {
        match self.decoded.take() {
            Some(hash) => hexadecimal(&hash.finalize()),
            None => self.decoder.wire().sum().1,
        }
    }

    /// Reads what has come, a chunk at most.
    ///
    /// # Errors
    /// It is no body of its form, or larger than allowed.
    pub fn read(mut self) -> Result<Self> {
        let mut bytes = std::mem::take(&mut self.scratch);
        self.progress = loop {
            if !self.ready.is_empty() {
                break Progress::Full;
            }
            let length = match self.decoder.read(&mut bytes) {
                Ok(0) => break self.end()?,
                Ok(length) => length,
                Err(fault) if fault.kind() == ErrorKind::WouldBlock => break Progress::Hungry,
                Err(fault) => {
                    self.decoder.explain(&fault)?;
                    self.broken = true;
                    break self.end()?;
                }
            };
            self.length += length as u64;
            if self.length > self.limit {
                return Err(too_large(self.limit));
            }
            if self.is_text && self.length == length as u64 {
                begins_as_text(&bytes[..length])?;
            }
            if let Some(hash) = &mut self.decoded {
                hash.update(&bytes[..length]);
            }
            self.take(&bytes[..length])?;
        };
        self.scratch = bytes;
        Ok(self)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        let (buffer, ready) = (&mut self.buffer, &mut self.ready);
        match &mut self.target {
            Target::Records(Some(splitter)) => {
                splitter.push(bytes, &mut |piece| ready.extend(buffer.push(piece))).map_err(unreadable)
            }
            Target::Records(None) => Ok(()),
            Target::Sheet(file) => file.write_all(bytes).map_err(Error::internal),
        }
    }

    /// Takes the last record, if it is whole.
    fn end(&mut self) -> Result<Progress> {
        let (buffer, ready) = (&mut self.buffer, &mut self.ready);
        if let Target::Records(splitter) = &mut self.target
            && let Some(splitter) = splitter.take()
        {
            let whole = splitter.finish(self.broken, &mut |piece| ready.extend(buffer.push(piece)));
            self.broken |= !whole.map_err(unreadable)?;
            ready.extend(buffer.rest());
        }
        Ok(Progress::Ended)
    }

    /// The sheet that waited for its end.
    pub fn sheet(&mut self) -> Option<SpooledTempFile> {
        match std::mem::replace(&mut self.target, Target::Records(None)) {
            Target::Sheet(file) => Some(file),
            Target::Records(_) => None,
        }
    }
}

/// The body holds more than is taken.
pub fn too_large(limit: u64) -> Error {
    let detail = message("body-too-long-decompressed").with("limit", limit);
    Error::new(TOO_LARGE, detail)
}

fn unreadable(problem: Message) -> Error {
    let detail = message("body-not-of-records").with("problem", problem);
    Error::new(BAD_REQUEST, detail)
}
