//! How a body is compressed, and its bytes as they come: read as far as they are there, so that no thread waits for the
//! rest.

use crate::error::{Error, Result, UNSUPPORTED_MEDIA_TYPE};
use crate::model::messages::message;
use bytes::{Buf, Bytes};
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::io::{self, BufRead, ErrorKind, Read};
use zstd::zstd_safe;

/// Largest window of Zstandard, as a power of two: 8 MiB, which is all that senders over HTTP may ask for (RFC 9659).
const LARGEST_WINDOW: u32 = 23;
/// What the library says of a larger one (`ZSTD_error_frameParameter_windowTooLarge`).
const WINDOW_TOO_LARGE: usize = 16;

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

/// A body as sent. Reading past what has come says [`ErrorKind::WouldBlock`], past a cut
/// [`ErrorKind::ConnectionAborted`].
#[derive(Debug, Default)]
pub struct Wire {
    parts: VecDeque<Bytes>,
    end: Option<End>,
    hash: Sha256,
    count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    Cut,
}

impl Wire {
    /// More has come.
    pub fn push(&mut self, part: Bytes) {
        self.hash.update(&part);
        self.count += part.len() as u64;
        self.parts.push_back(part);
    }
    /// Nothing more will come; `cut`: it was not all.
    pub fn close(&mut self, cut: bool) {
        self.end = Some(if cut { End::Cut } else { End::Whole });
    }
    /// Will nothing more come?
    pub fn has_ended(&self) -> bool {
        self.end.is_some()
    }
    /// Did it end before it was whole?
    pub fn is_cut(&self) -> bool {
        self.end == Some(End::Cut)
    }
    /// Passes over what has come.
    pub fn skip(&mut self) {
        self.parts.clear();
    }
    /// Bytes that have come, and their SHA-256, hexadecimal.
    pub fn sum(&self) -> (u64, String) {
        (self.count, hexadecimal(&self.hash.clone().finalize()))
    }
}

/// Bytes as people write a hash.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl BufRead for Wire {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.parts.front().is_some_and(Bytes::is_empty) {
            self.parts.pop_front();
        }
        match (self.parts.front(), self.end) {
            (Some(part), _) => Ok(part),
            (None, None) => Err(ErrorKind::WouldBlock.into()),
            (None, Some(End::Cut)) => Err(ErrorKind::ConnectionAborted.into()),
            (None, Some(End::Whole)) => Ok(&[]),
        }
    }
    fn consume(&mut self, length: usize) {
        if let Some(part) = self.parts.front_mut() {
            part.advance(length.min(part.len()));
        }
    }
}

impl Read for Wire {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(out)?;
        self.consume(length);
        Ok(length)
    }
}

/// A body as it was before it was compressed.
pub enum Decoder {
    /// It was not.
    Identity(Wire),
    /// gzip, one or several members.
    Gzip(Box<MultiGzDecoder<Wire>>),
    /// Zstandard, one or several frames.
    Zstd(Box<zstd::stream::read::Decoder<'static, Wire>>),
}

impl Decoder {
    /// Of nothing that has come yet.
    ///
    /// # Errors
    /// The service lacks memory.
    pub fn new(encoding: Encoding) -> Result<Self> {
        Ok(match encoding {
            Encoding::Identity => Self::Identity(Wire::default()),
            Encoding::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(Wire::default()))),
            Encoding::Zstd => {
                let decoder = zstd::stream::read::Decoder::with_buffer(Wire::default());
                let mut decoder = decoder.map_err(Error::internal)?;
                decoder.window_log_max(LARGEST_WINDOW).map_err(Error::internal)?;
                Self::Zstd(Box::new(decoder))
            }
        })
    }

    /// The body as sent.
    pub fn wire(&mut self) -> &mut Wire {
        match self {
            Self::Identity(wire) => wire,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Zstd(decoder) => decoder.get_mut(),
        }
    }

    /// Is it the sender's choice, not damage, for which the body cannot be read?
    ///
    /// # Errors
    /// A 415 that says what to choose instead.
    pub fn explain(&self, fault: &io::Error) -> Result<()> {
        let too_large = zstd_safe::get_error_name(0_usize.wrapping_sub(WINDOW_TOO_LARGE));
        if matches!(self, Self::Zstd(_)) && fault.to_string() == too_large {
            let detail = message("zstd-window-too-large");
            return Err(Error::new(UNSUPPORTED_MEDIA_TYPE, detail));
        }
        Ok(())
    }
}

impl Read for Decoder {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Identity(wire) => wire.read(out),
            Self::Gzip(decoder) => decoder.read(out),
            Self::Zstd(decoder) => decoder.read(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// What comes out when the body comes in parts of so many bytes.
    fn read(encoding: Encoding, body: &[u8], size: usize, cut: bool) -> io::Result<Vec<u8>> {
        let mut decoder = Decoder::new(encoding).unwrap();
        let (mut out, mut buffer) = (Vec::new(), [0; 100]);
        let mut parts = body.chunks(size);
        loop {
            match decoder.read(&mut buffer) {
                Ok(0) => return Ok(out),
                Ok(length) => out.extend_from_slice(&buffer[..length]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => match parts.next() {
                    Some(part) => decoder.wire().push(Bytes::copy_from_slice(part)),
                    None => decoder.wire().close(cut),
                },
                Err(error) => return Err(error),
            }
        }
    }

    fn bodies(text: &[u8]) -> [(Encoding, Vec<u8>); 3] {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(text).unwrap();
        let zstd = zstd::encode_all(text, 3).unwrap();
        [(Encoding::Identity, text.to_vec()), (Encoding::Gzip, gzip.finish().unwrap()), (Encoding::Zstd, zstd)]
    }

    #[test]
    fn a_body_may_come_in_parts_of_any_size() {
        let text: Vec<u8> = (0..3_000u32).flat_map(|number| number.to_string().into_bytes()).collect();
        for (encoding, body) in bodies(&text) {
            for size in [1, 7, 1_000, body.len()] {
                assert_eq!(read(encoding, &body, size, false).unwrap(), text, "{encoding:?} in parts of {size}");
            }
            let twice = [&body[..], &body].concat();
            assert_eq!(read(encoding, &twice, 13, false).unwrap().len(), 2 * text.len(), "{encoding:?} twice");
            assert!(read(encoding, &body, 5, true).is_err(), "{encoding:?} cut");
        }
    }

    #[test]
    fn a_compressed_body_that_ends_early_is_no_whole_one() {
        for (encoding, body) in &bodies(&[b'x'; 5_000])[1..] {
            assert!(read(*encoding, &body[..body.len() - 3], 4, false).is_err(), "{encoding:?}");
        }
    }

    #[test]
    fn a_window_above_the_largest_is_refused_with_its_reason() {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
        encoder.window_log(LARGEST_WINDOW + 1).unwrap();
        encoder.include_contentsize(false).unwrap();
        encoder.write_all(b"text").unwrap();
        let mut decoder = Decoder::new(Encoding::Zstd).unwrap();
        decoder.wire().push(encoder.finish().unwrap().into());
        let fault = decoder.read(&mut [0; 10]).unwrap_err();
        assert_eq!(decoder.explain(&fault).unwrap_err().kind, UNSUPPORTED_MEDIA_TYPE, "{fault}");
    }
}
