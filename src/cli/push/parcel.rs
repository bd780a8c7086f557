//! A file as it is sent: compressed on the way, read anew for every try, never held whole unless it came from standard
//! input.

use std::{
    fs::File,
    io::{Cursor, Read, stdin},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{self, Sender};

use crate::cli::file_fault::cannot_be_read;
use crate::cli::push::{PushFailure, PushResult};
use crate::intake::encoding::{Encoding, hexadecimal};
use crate::intake::sniff;
use crate::intake::sniff::Content;

/// Bytes sent at once.
const PART: usize = 1 << 16;
/// Parts that wait for the network.
const WAITING: usize = 8;
/// Strong enough for lines that repeat each other, and faster than most networks.
const LEVEL: i32 = 3;

/// A file on its way.
pub struct Parcel {
    /// Its name, as it was given.
    pub name: String,
    /// Where it is; none for standard input.
    pub path: Option<PathBuf>,
    /// What it holds.
    pub content: Content,
    /// How the body is compressed: `gzip`, `zstd`.
    pub encoding: Option<&'static str>,
    /// Length of the body.
    pub length: u64,
    /// SHA-256 of the body, hexadecimal, as the gateway tells it.
    pub sha256: String,
    /// Is it compressed on the way?
    pack: bool,
    /// What standard input gave, compressed.
    held: Option<Bytes>,
}

impl Parcel {
    /// Reads the file once, for its length and hash.
    pub fn of(path: &Path, compress: bool) -> PushResult<Self> {
        let name = path.display().to_string();
        Self::read(path, name.clone(), compress).map_err(|error| PushFailure::Usage(cannot_be_read(&name, &error)))
    }

    fn read(path: &Path, name: String, compress: bool) -> std::io::Result<Self> {
        let from_stdin = name == "-";
        let source: Box<dyn Read> = if from_stdin { Box::new(stdin()) } else { Box::new(File::open(path)?) };
        let opened = sniff::peek(source)?;
        let found = sniff::encoding(&opened.head);
        let content = Content::of(
            &name,
            &sniff::decompressed(sniff::peek(Cursor::new(opened.head.clone()))?)
                .map_or(opened.head, |inner| inner.head),
        );
        let pack = compress && found == Encoding::Identity && content != Content::Workbook;
        let encoding = match found {
            _ if pack => Some("zstd"),
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
            Encoding::Zstd => Some("zstd"),
        };
        let mut body = compressed(opened.reader, pack)?;
        let (mut hash, mut length, mut held, mut buffer) = (Sha256::new(), 0, Vec::new(), vec![0; PART]);
        loop {
            let count = body.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            hash.update(&buffer[..count]);
            length += count as u64;
            if from_stdin {
                held.extend_from_slice(&buffer[..count]);
            }
        }
        let sha256 = hexadecimal(&hash.finalize());
        let (path, held) = if from_stdin { (None, Some(Bytes::from(held))) } else { (Some(path.to_owned()), None) };
        Ok(Self { name, path, content, encoding, length, sha256, pack, held })
    }

    /// The body from its beginning; `sent` is told of every part.
    pub fn body(&self, sent: impl Fn(u64) + Send + Sync + 'static) -> reqwest::Body {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (path, held, pack) = (self.path.clone(), self.held.clone(), self.pack);
        std::thread::spawn(move || {
            let reader = match (path, held) {
                (Some(path), _) => File::open(path).and_then(|file| compressed(Box::new(file), pack)),
                (None, held) => Ok(Box::new(Cursor::new(held.unwrap_or_default())) as Box<dyn Read>),
            };
            if let Err(error) = reader.and_then(|mut reader| hand_over(&mut reader, &sender)) {
                let _ = sender.blocking_send(Err(error));
            }
        });
        let parts = futures_util::stream::unfold((receiver, sent), |(mut receiver, sent)| async move {
            let part: std::io::Result<Bytes> = receiver.recv().await?;
            sent(part.as_ref().map_or(0, |part| part.len() as u64));
            Some((part, (receiver, sent)))
        });
        reqwest::Body::wrap_stream(parts)
    }
}

fn compressed<'r>(reader: Box<dyn Read + 'r>, pack: bool) -> std::io::Result<Box<dyn Read + 'r>> {
    Ok(if pack { Box::new(zstd::stream::read::Encoder::new(reader, LEVEL)?) } else { reader })
}

/// Until the end, or until nobody takes it any more.
fn hand_over(reader: &mut dyn Read, sender: &Sender<std::io::Result<Bytes>>) -> std::io::Result<()> {
    loop {
        let mut part = vec![0; PART];
        let count = reader.read(&mut part)?;
        part.truncate(count);
        if count == 0 || sender.blocking_send(Ok(Bytes::from(part))).is_err() {
            return Ok(());
        }
    }
}
