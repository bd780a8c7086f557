//! Compound files (MS-CFB): the container in which old office programs keep their streams. Read as leniently as those
//! programs read them: what is wrong beside the stream that is wanted does not matter. And bounded: no size that the
//! file names is believed, no chain is followed for longer than the file has sectors.

use crate::intake::sheet::file::package::DAMAGED;
use crate::intake::sheet::file::row::SheetFault;
use std::io::{Read, Seek, SeekFrom};

/// How such a file begins.
pub(crate) const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Ends of chains, free sectors and the like.
const LARGEST_SECTOR: u32 = 0xFFFF_FFFA;
/// Bytes of the header; of an entry of the directory.
const HEADER: usize = 512;
const ENTRY: usize = 128;
/// Bytes of a sector of the stream that holds all small ones, and from where on a stream is not small.
const SMALL_SECTOR: u64 = 64;
const SMALL: u64 = 4_096;
/// Entries of a directory that are looked at.
const ENTRIES: usize = 10_000;
/// Bytes read at once: few, for records need not be read in their order.
const PART: u64 = 8 << 10;

/// A compound file.
pub(crate) struct Compound<S> {
    source: S,
    sector: u64,
    sectors: usize,
    table: Vec<u32>,
    small_table: u32,
    entries: Vec<Entry>,
}

/// A stream, as the directory names it.
struct Entry {
    name: String,
    first: u32,
    length: u64,
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

impl<S: Read + Seek> Compound<S> {
    /// Reads its table of sectors and its directory.
    pub(crate) fn open(mut source: S) -> Result<Self, SheetFault> {
        let length = source.seek(SeekFrom::End(0)).map_err(|_| DAMAGED)?;
        let mut header = [0; HEADER];
        source.rewind().and_then(|()| source.read_exact(&mut header)).map_err(|_| DAMAGED)?;
        let shift = u32::from(header[30]);
        if !header.starts_with(&MAGIC) || !(7..=16).contains(&shift) {
            return Err(DAMAGED);
        }
        let sector = 1 << shift;
        let sectors = (length / sector) as usize + 1;
        let small_table = number(&header, 60);
        let mut file = Self { source, sector, sectors, table: Vec::new(), small_table, entries: Vec::new() };
        file.read_table(&header)?;
        file.read_directory(number(&header, 48))?;
        Ok(file)
    }

    /// The table says of every sector which one follows it; the header and sectors after it say where the table is.
    fn read_table(&mut self, header: &[u8]) -> Result<(), SheetFault> {
        let mut listed: Vec<u32> = (76..HEADER).step_by(4).map(|at| number(header, at)).collect();
        let (mut next, mut seen) = (number(header, 68), 0);
        loop {
            for sector in listed.into_iter().filter(|sector| *sector < LARGEST_SECTOR) {
                // It needs no more entries than there are sectors.
                if self.table.len() >= self.sectors {
                    return Ok(());
                }
                let bytes = self.read_sector(sector)?;
                self.table.extend((0..bytes.len()).step_by(4).map(|at| number(&bytes, at)));
            }
            seen += 1;
            if next >= LARGEST_SECTOR || seen > self.sectors {
                return Ok(());
            }
            let bytes = self.read_sector(next)?;
            let last = bytes.len().saturating_sub(4);
            listed = (0..last).step_by(4).map(|at| number(&bytes, at)).collect();
            next = number(&bytes, last);
        }
    }

    fn read_directory(&mut self, first: u32) -> Result<(), SheetFault> {
        for sector in self.chain(first)? {
            let bytes = self.read_sector(sector)?;
            for entry in bytes.chunks_exact(ENTRY) {
                let units = entry[..64].as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
                let name = char::decode_utf16(units.take_while(|unit| *unit != 0));
                let name = name.map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
                // The upper half of the length is not to be trusted in files of small sectors.
                let length = u64::from(number(entry, 120));
                self.entries.push(Entry { name, first: number(entry, 116), length });
            }
            if self.entries.len() > ENTRIES {
                break;
            }
        }
        Ok(())
    }

    /// A sector; the last of a file may be cut short.
    fn read_sector(&mut self, sector: u32) -> Result<Vec<u8>, SheetFault> {
        let mut bytes = Vec::with_capacity(self.sector as usize);
        self.source.seek(SeekFrom::Start(self.place(sector))).map_err(|_| DAMAGED)?;
        self.source.by_ref().take(self.sector).read_to_end(&mut bytes).map_err(|_| DAMAGED)?;
        bytes.resize(self.sector as usize, 0);
        Ok(bytes)
    }

    fn place(&self, sector: u32) -> u64 {
        (u64::from(sector) + 1) * self.sector
    }

    /// The sectors of a chain.
    fn chain(&self, first: u32) -> Result<Vec<u32>, SheetFault> {
        follow(&self.table, first, self.sectors)
    }

    /// Is there a stream of this name?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// Opens a stream; `None`: there is none of this name.
    pub(crate) fn stream(mut self, name: &str) -> Result<Option<CompoundStream<S>>, SheetFault> {
        let Some(entry) = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let (first, length) = (entry.first, entry.length);
        let pieces = if length < SMALL { self.small_pieces(first)? } else { self.pieces(&self.chain(first)?) };
        Ok(Some(CompoundStream::new(self.source, pieces, length)))
    }

    fn pieces(&self, chain: &[u32]) -> Vec<Piece> {
        chain.iter().map(|sector| Piece { place: self.place(*sector), length: self.sector }).collect()
    }

    /// Where a small stream lies: in the stream that the first entry of the directory names.
    fn small_pieces(&mut self, first: u32) -> Result<Vec<Piece>, SheetFault> {
        let mut table = Vec::new();
        for sector in self.chain(self.small_table)? {
            let bytes = self.read_sector(sector)?;
            table.extend((0..bytes.len()).step_by(4).map(|at| number(&bytes, at)));
        }
        let host = self.chain(self.entries.first().map_or(LARGEST_SECTOR, |root| root.first))?;
        let place = |small: u32| {
            let offset = u64::from(small) * SMALL_SECTOR;
            let sector = host.get((offset / self.sector) as usize)?;
            Some(Piece { place: self.place(*sector) + offset % self.sector, length: SMALL_SECTOR })
        };
        Ok(follow(&table, first, (SMALL / SMALL_SECTOR) as usize)?.into_iter().map_while(place).collect())
    }
}

/// The sectors of a chain of at most so many.
fn follow(table: &[u32], first: u32, most: usize) -> Result<Vec<u32>, SheetFault> {
    let (mut chain, mut next) = (Vec::new(), first);
    while let Some(after) = table.get(next as usize) {
        chain.push(next);
        next = *after;
        if chain.len() > most {
            return Err(DAMAGED);
        }
    }
    Ok(chain)
}

/// A part of a stream: where it lies in the file.
#[derive(Clone, Copy)]
struct Piece {
    place: u64,
    length: u64,
}

/// A stream of a compound file, which can be read from anywhere.
pub(crate) struct CompoundStream<S> {
    source: S,
    /// What lies together, with its place in the stream.
    runs: Vec<(u64, Piece)>,
    /// Its length.
    pub(crate) length: u64,
    buffer: Vec<u8>,
    buffered_from: u64,
}

impl<S: Read + Seek> CompoundStream<S> {
    fn new(source: S, pieces: Vec<Piece>, length: u64) -> Self {
        let (mut runs, mut at) = (Vec::<(u64, Piece)>::new(), 0);
        for piece in pieces {
            match runs.last_mut() {
                Some((_, last)) if last.place + last.length == piece.place => last.length += piece.length,
                _ => runs.push((at, piece)),
            }
            at += piece.length;
        }
        Self { source, runs, length: length.min(at), buffer: Vec::new(), buffered_from: 0 }
    }

    /// Appends bytes from a place of the stream; fewer only at its end.
    pub(crate) fn read(&mut self, from: u64, length: usize, out: &mut Vec<u8>) -> Result<(), SheetFault> {
        let end = (from + length as u64).min(self.length);
        let mut at = from;
        while at < end {
            let offset = at.checked_sub(self.buffered_from).map(|offset| offset as usize);
            let Some(bytes) = offset.and_then(|offset| self.buffer.get(offset..)).filter(|bytes| !bytes.is_empty())
            else {
                if !self.fill(at)? {
                    break;
                }
                continue;
            };
            let taken = bytes.len().min((end - at) as usize);
            out.extend_from_slice(&bytes[..taken]);
            at += taken as u64;
        }
        Ok(())
    }

    /// Reads ahead from a place; `false`: the file ends before it.
    fn fill(&mut self, from: u64) -> Result<bool, SheetFault> {
        let run = self.runs.partition_point(|(begin, _)| *begin <= from).checked_sub(1);
        let Some((begin, piece)) = run.and_then(|run| self.runs.get(run).copied()) else { return Ok(false) };
        let offset = (from - begin) / PART * PART;
        let most = piece.length.saturating_sub(offset).min(PART);
        self.buffer.clear();
        self.buffered_from = begin + offset;
        self.source.seek(SeekFrom::Start(piece.place + offset)).map_err(|_| DAMAGED)?;
        self.source.by_ref().take(most).read_to_end(&mut self.buffer).map_err(|_| DAMAGED)?;
        Ok(self.buffered_from + self.buffer.len() as u64 > from)
    }
}
