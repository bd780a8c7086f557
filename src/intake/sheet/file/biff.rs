//! Records of the BIFF8 format (MS-XLS), the one of `.xls` files since Excel 97, and the texts in them, which may go on
//! in further records.

use crate::intake::sheet::file::compound::CompoundStream;
use crate::intake::sheet::file::package::DAMAGED;
use crate::intake::sheet::file::row::SheetFault;
use std::io::{Read, Seek};

/// The kinds of records that are read.
pub(crate) mod kind {
    pub(crate) const FORMULA: u16 = 0x0006;
    pub(crate) const EOF: u16 = 0x000A;
    pub(crate) const CALENDAR: u16 = 0x0022;
    pub(crate) const PASSWORD: u16 = 0x002F;
    pub(crate) const CONTINUE: u16 = 0x003C;
    pub(crate) const COLUMNS: u16 = 0x007D;
    pub(crate) const SHEET: u16 = 0x0085;
    pub(crate) const RK_NUMBERS: u16 = 0x00BD;
    pub(crate) const RICH_LABEL: u16 = 0x00D6;
    pub(crate) const STYLE: u16 = 0x00E0;
    pub(crate) const MERGED: u16 = 0x00E5;
    pub(crate) const TEXTS: u16 = 0x00FC;
    pub(crate) const SHARED_LABEL: u16 = 0x00FD;
    pub(crate) const NUMBER: u16 = 0x0203;
    pub(crate) const LABEL: u16 = 0x0204;
    pub(crate) const TRUTH_OR_ERROR: u16 = 0x0205;
    pub(crate) const RESULT_TEXT: u16 = 0x0207;
    pub(crate) const ROW: u16 = 0x0208;
    pub(crate) const ARRAY: u16 = 0x0221;
    pub(crate) const TABLE: u16 = 0x0236;
    pub(crate) const RK_NUMBER: u16 = 0x027E;
    pub(crate) const FORMAT: u16 = 0x041E;
    pub(crate) const SHARED_FORMULA: u16 = 0x04BC;
    pub(crate) const BEGIN: u16 = 0x0809;
}

/// Bytes before the data of a record: its kind and its length.
const HEAD: usize = 4;

/// The records of a stream.
pub(crate) struct Records<S> {
    stream: CompoundStream<S>,
    /// Where the next record begins.
    pub(crate) position: u64,
    /// The data of the last one.
    pub(crate) data: Vec<u8>,
    /// Bytes that may still be read.
    pub(crate) left: u64,
    head: Vec<u8>,
}

impl<S: Read + Seek> Records<S> {
    /// Of which so many bytes may be read.
    pub(crate) fn new(stream: CompoundStream<S>, limit: u64) -> Self {
        Self { stream, position: 0, data: Vec::new(), left: limit, head: Vec::new() }
    }

    /// Bytes of all of them.
    pub(crate) fn length(&self) -> u64 {
        self.stream.length
    }

    /// Kind and length of the next record; `None`: there is none.
    pub(crate) fn peek(&mut self) -> Result<Option<(u16, usize)>, SheetFault> {
        self.head.clear();
        self.stream.read(self.position, HEAD, &mut self.head)?;
        Ok(match self.head[..] {
            [kind, kind_above, length, length_above] => {
                let length = u16::from_le_bytes([length, length_above]);
                Some((u16::from_le_bytes([kind, kind_above]), usize::from(length)))
            }
            _ => None,
        })
    }

    /// Reads the next record: its kind.
    pub(crate) fn next(&mut self) -> Result<Option<u16>, SheetFault> {
        let Some((kind, length)) = self.peek()? else { return Ok(None) };
        self.charge(HEAD + length)?;
        self.data.clear();
        self.stream.read(self.position + HEAD as u64, length, &mut self.data)?;
        self.position += (HEAD + length) as u64;
        Ok(Some(kind))
    }

    /// What is read, or repeated, counts.
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<(), SheetFault> {
        self.left = self.left.checked_sub(bytes as u64).ok_or(SheetFault::TooLarge)?;
        Ok(())
    }

    /// A number of two bytes in the last record; what is beyond its end is 0.
    pub(crate) fn short(&self, at: usize) -> u16 {
        self.data.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    /// A number of four bytes, likewise.
    pub(crate) fn long(&self, at: usize) -> u32 {
        u32::from(self.short(at)) | u32::from(self.short(at + 2)) << 16
    }

    /// A binary fraction of eight bytes, likewise.
    pub(crate) fn double(&self, at: usize) -> f64 {
        f64::from_bits(u64::from(self.long(at)) | u64::from(self.long(at + 4)) << 32)
    }

    /// The data of the last record from a place on, and of the records that continue it.
    pub(crate) fn continued(&mut self, at: usize) -> Continued<'_, S> {
        Continued { records: self, at }
    }
}

/// A number in short form: 30 bits of a binary fraction or of a whole number, perhaps in hundredths.
pub(crate) fn rk(bits: u32) -> f64 {
    let number = match bits & 2 {
        0 => f64::from_bits(u64::from(bits & !3) << 32),
        _ => f64::from(bits as i32 >> 2),
    };
    if bits & 1 == 0 { number } else { number / 100.0 }
}

/// Data that may go on in further records.
pub(crate) struct Continued<'r, S> {
    records: &'r mut Records<S>,
    at: usize,
}

impl<S: Read + Seek> Continued<'_, S> {
    /// Bytes left in the record at hand; if there are none, those of the next that continues it.
    fn available(&mut self) -> Result<(usize, bool), SheetFault> {
        let left = self.records.data.len().saturating_sub(self.at);
        if left > 0 {
            return Ok((left, false));
        }
        match self.records.peek()? {
            Some((kind::CONTINUE, length)) if length > 0 => {
                self.records.next()?;
                self.at = 0;
                Ok((self.records.data.len(), true))
            }
            _ => Err(DAMAGED),
        }
    }

    fn byte(&mut self) -> Result<u8, SheetFault> {
        self.available()?;
        let byte = self.records.data.get(self.at).copied().ok_or(DAMAGED)?;
        self.at += 1;
        Ok(byte)
    }

    fn number(&mut self, bytes: u32) -> Result<usize, SheetFault> {
        let mut number = 0;
        for at in 0..bytes {
            number |= usize::from(self.byte()?) << (8 * at);
        }
        Ok(number)
    }

    fn skip(&mut self, mut bytes: usize) -> Result<(), SheetFault> {
        while bytes > 0 {
            let taken = self.available()?.0.min(bytes);
            self.at += taken;
            bytes -= taken;
        }
        Ok(())
    }

    /// Appends a text whose count of units takes so many bytes; what formats its letters and how it is spoken is passed
    /// over.
    pub(crate) fn text(&mut self, out: &mut String, count_bytes: u32) -> Result<(), SheetFault> {
        let (count, flags) = (self.number(count_bytes)?, self.byte()?);
        let runs = if flags & 8 == 0 { 0 } else { self.number(2)? };
        let spoken = if flags & 4 == 0 { 0 } else { self.number(4)? };
        self.units(out, count, flags & 1 != 0)?;
        self.skip(4 * runs + spoken)
    }

    /// A record that continues a text says anew whether its units have one byte or two.
    fn units(&mut self, out: &mut String, count: usize, mut wide: bool) -> Result<(), SheetFault> {
        let (mut left, mut high) = (count, None);
        while left > 0 {
            let (mut available, is_new) = self.available()?;
            if is_new {
                wide = self.byte()? & 1 != 0;
                available -= 1;
            }
            let width = if wide { 2 } else { 1 };
            let taken = (available / width).min(left);
            let bytes = self.records.data.get(self.at..self.at + taken * width).ok_or(DAMAGED)?;
            match wide {
                true => push_wide(out, bytes, &mut high),
                false => out.extend(bytes.iter().map(|byte| char::from(*byte))),
            }
            // Half a unit at the end of a record belongs to nothing.
            self.at = if taken < left { self.records.data.len() } else { self.at + taken * width };
            left -= taken;
        }
        if high.is_some() {
            out.push(char::REPLACEMENT_CHARACTER);
        }
        Ok(())
    }
}

/// Appends UTF-16; the first half of a character waits for the second.
fn push_wide(out: &mut String, bytes: &[u8], high: &mut Option<u16>) {
    for unit in bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)) {
        if (0xD800..0xDC00).contains(&unit) && high.is_none() {
            *high = Some(unit);
            continue;
        }
        let letters = char::decode_utf16(high.take().into_iter().chain([unit]));
        out.extend(letters.map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)));
    }
}

#[cfg(test)]
mod tests {
    use super::rk;

    #[test]
    fn numbers_in_short_form_are_read() {
        let whole = |number: i32| (number << 2) as u32 | 2;
        assert_eq!([whole(7), whole(-3), whole(750) | 1].map(rk), [7.0, -3.0, 7.5]);
        let fraction = (7.5f64.to_bits() >> 32) as u32;
        assert_eq!(rk(fraction), 7.5);
    }
}
