//! A stream of bytes → records: the lines of NDJSON, or the elements of a JSON array. Holds at most one record.

use crate::model::messages::{Message, message};

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One record a line.
    Lines,
    /// `[…]` or `{"records":[…]}`.
    Array,
}

/// One record as sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Its bytes.
    Bytes(&'a [u8]),
    /// From a sheet: a record, a line end, and what was said of its cells.
    Noted(&'a [u8]),
    /// Longer than allowed; its bytes are gone.
    TooLong,
}

/// The byte order mark of UTF-8, which some programs put before their texts.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Cuts a stream into records.
pub struct Splitter {
    form: Form,
    limit: usize,
    pending: Vec<u8>,
    too_long: bool,
    /// How much of a byte order mark has come, as long as one may.
    mark: Option<usize>,
    array: Array,
}

/// Where in the JSON text of an array the stream stands.
#[derive(Default)]
struct Array {
    stage: Stage,
    depth: usize,
    in_string: bool,
    escaped: bool,
    wrapped: bool,
}

#[derive(Default, PartialEq, Eq, Clone, Copy)]
enum Stage {
    #[default]
    Before,
    Elements,
    After,
}

impl Splitter {
    /// For records of at most `limit` bytes.
    pub fn new(form: Form, limit: usize) -> Self {
        Self { form, limit, pending: Vec::new(), too_long: false, mark: Some(0), array: Array::default() }
    }

    /// Takes the next bytes and hands out the records they complete. `Err`: the body is not of its form at all.
    pub fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(Piece)) -> Result<(), Message> {
        let mut bytes = bytes;
        if let Some(begun) = self.mark {
            let same = MARK[begun..].iter().zip(bytes).take_while(|(expected, sent)| expected == sent).count();
            let known = begun + same;
            bytes = &bytes[same..];
            self.mark = Some(known).filter(|known| *known < MARK.len() && bytes.is_empty());
            if self.mark.is_none() && known < MARK.len() {
                self.cut(&MARK[..known], each)?;
            }
        }
        self.cut(bytes, each)
    }

    fn cut(&mut self, bytes: &[u8], each: &mut dyn FnMut(Piece)) -> Result<(), Message> {
        match self.form {
            Form::Lines => self.lines(bytes, each),
            Form::Array => return self.elements(bytes, each),
        }
        Ok(())
    }

    /// The body ended, whole or `cut`. Hands out a last line without its end, unless cut. `Ok(true)`: it was complete.
    pub fn finish(mut self, cut: bool, each: &mut dyn FnMut(Piece)) -> Result<bool, Message> {
        match self.form {
            Form::Lines => {
                if !cut {
                    self.emit(each);
                }
                Ok(!cut)
            }
            Form::Array if self.array.stage == Stage::Before && !cut => Err(message("body-no-array")),
            Form::Array => {
                let is_whole = self.array.stage == Stage::After;
                if is_whole {
                    self.emit(each);
                }
                Ok(is_whole)
            }
        }
    }

    fn lines(&mut self, mut bytes: &[u8], each: &mut dyn FnMut(Piece)) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            if self.pending.is_empty() && !self.too_long && end <= self.limit {
                hand_out(&bytes[..end], each);
            } else {
                self.keep(&bytes[..end]);
                self.emit(each);
            }
            bytes = &bytes[end + 1..];
        }
        self.keep(bytes);
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.too_long || self.pending.len() + bytes.len() > self.limit {
            self.too_long = true;
            self.pending.clear();
        } else {
            self.pending.extend_from_slice(bytes);
        }
    }

    fn emit(&mut self, each: &mut dyn FnMut(Piece)) {
        if std::mem::take(&mut self.too_long) {
            each(Piece::TooLong);
        } else {
            hand_out(&self.pending, each);
        }
        self.pending.clear();
    }

    fn elements(&mut self, bytes: &[u8], each: &mut dyn FnMut(Piece)) -> Result<(), Message> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.array.stage {
                Stage::Before => rest = self.before(rest)?,
                Stage::Elements => rest = self.within(rest, each),
                Stage::After => {
                    self.after(rest);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Keeps what stands behind the array, where nothing should: it is told as one piece, as far as a record may be
    /// long. The bracket of `{"records":[…]}` belongs there.
    fn after(&mut self, bytes: &[u8]) {
        let mut bytes = bytes;
        if self.pending.is_empty() {
            bytes = bytes.trim_ascii_start();
            if self.array.wrapped && bytes.first() == Some(&b'}') {
                self.array.wrapped = false;
                bytes = bytes[1..].trim_ascii_start();
            }
        }
        let room = self.limit.saturating_sub(self.pending.len());
        self.pending.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// Looks for `[` or `{"records":[`.
    fn before<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], Message> {
        for (at, byte) in bytes.iter().enumerate() {
            if byte.is_ascii_whitespace() {
                continue;
            }
            self.pending.push(*byte);
            if matches!(self.pending.as_slice(), b"[" | b"{\"records\":[") {
                self.array.wrapped = self.pending[0] == b'{';
                self.array.stage = Stage::Elements;
                self.pending.clear();
                return Ok(&bytes[at + 1..]);
            }
            if !b"{\"records\":[".starts_with(self.pending.as_slice()) {
                return Err(message("body-no-array-nor-records"));
            }
        }
        Ok(&[])
    }

    /// Reads on to the end of the element: a comma or bracket outside of strings, objects and lists.
    fn within<'b>(&mut self, bytes: &'b [u8], each: &mut dyn FnMut(Piece)) -> &'b [u8] {
        for (at, byte) in bytes.iter().enumerate() {
            let array = &mut self.array;
            match byte {
                _ if array.escaped => array.escaped = false,
                b'\\' if array.in_string => array.escaped = true,
                b'"' => array.in_string = !array.in_string,
                _ if array.in_string => {}
                b'{' | b'[' => array.depth += 1,
                b'}' | b']' if array.depth > 0 => array.depth -= 1,
                b',' | b']' if array.depth == 0 => {
                    if *byte == b']' {
                        array.stage = Stage::After;
                    }
                    self.keep(&bytes[..at]);
                    self.emit(each);
                    return &bytes[at + 1..];
                }
                _ => {}
            }
        }
        self.keep(bytes);
        &[]
    }
}

fn hand_out(record: &[u8], each: &mut dyn FnMut(Piece)) {
    let record = record.trim_ascii();
    if !record.is_empty() {
        each(Piece::Bytes(record));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(form: Form, parts: &[&str]) -> (Vec<String>, Result<bool, Message>) {
        let (mut found, mut splitter) = (Vec::new(), Splitter::new(form, 20));
        let mut each = |piece: Piece| {
            found.push(match piece {
                Piece::Bytes(bytes) | Piece::Noted(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Piece::TooLong => "too long".into(),
            })
        };
        for part in parts {
            if let Err(problem) = splitter.push(part.as_bytes(), &mut each) {
                return (found, Err(problem));
            }
        }
        let whole = splitter.finish(false, &mut each);
        (found, whole)
    }

    #[test]
    fn lines_end_anywhere_in_the_stream() {
        let (found, whole) = split(
            Form::Lines,
            &["\u{feff}{\"a\"", ":1}\r\n\n{\"b\":2}\n{\"cccccccccccc", "cccccccccccccccc\":3}\n{\"d\":4}"],
        );
        assert_eq!(found, ["{\"a\":1}", "{\"b\":2}", "too long", "{\"d\":4}"]);
        assert_eq!(whole, Ok(true));
    }

    #[test]
    fn a_byte_order_mark_may_come_in_parts() {
        let (mut found, mut splitter) = (Vec::new(), Splitter::new(Form::Lines, 20));
        let mut each = |piece: Piece| found.push(matches!(piece, Piece::Bytes(b"{\"a\":1}")));
        for part in "\u{feff}{\"a\":1}\n".as_bytes().chunks(1) {
            splitter.push(part, &mut each).unwrap();
        }
        assert_eq!(found, [true]);
    }

    #[test]
    fn what_stands_behind_an_array_is_one_piece() {
        assert_eq!(split(Form::Array, &["[1]\n", " [2,", "3]\n"]).0, ["1", "[2,3]"]);
        assert_eq!(split(Form::Array, &["{\"records\":[1],\"rec", "ords\":[2]}"]).0, ["1", ",\"records\":[2]}"]);
        assert_eq!(split(Form::Array, &["{\"records\":[1]}", "{}"]).0, ["1", "{}"]);
        assert_eq!(split(Form::Array, &["[1] the program stopped here and wrote"]).0, ["1", "the program stopped"]);
        assert_eq!(split(Form::Array, &["[1]}"]).0, ["1", "}"]);
    }

    #[test]
    fn elements_of_an_array_in_either_form() {
        let expected = ["{\"a\":[1,\"]\\\"\"]}", "2"];
        assert_eq!(split(Form::Array, &[" [{\"a\":[1,", "\"]\\\"\"]}", " , 2]\n"]).0, expected);
        assert_eq!(split(Form::Array, &["{ \"records\" : [{\"a\":[1,\"]\\\"\"]},2]}"]).0, expected);
        assert!(split(Form::Array, &["{\"resource\":1}"]).1.is_err());
        assert_eq!(split(Form::Array, &["{\"records\":[1] ", " } \n"]).0, ["1"]);
        assert_eq!(split(Form::Array, &["[{\"a\":1},{\"b\""]), (vec!["{\"a\":1}".to_owned()], Ok(false)));
    }
}
