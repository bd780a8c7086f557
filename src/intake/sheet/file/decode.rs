//! The encodings of delimited text: UTF-8, and UTF-16 that says so with a mark.

/// Bytes as sent → UTF-8.
#[derive(Default)]
pub struct TextDecoder {
    /// UTF-16, the greater byte first or last; `None`: UTF-8.
    big: Option<bool>,
    /// A byte and a unit that wait for the rest of their character.
    odd: Option<u8>,
    high: Option<u16>,
}

impl TextDecoder {
    /// What the first bytes say of the encoding, and how many of them are its mark.
    pub fn of(bytes: &[u8]) -> (Self, usize) {
        let (big, mark) = match bytes {
            [0xEF, 0xBB, 0xBF, ..] => (None, 3),
            [0xFF, 0xFE, ..] => (Some(false), 2),
            [0xFE, 0xFF, ..] => (Some(true), 2),
            _ => (None, 0),
        };
        (Self { big, ..Self::default() }, mark)
    }

    /// Appends the next bytes, decoded; what is no UTF-8 is left as it is, for its row to be named.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let Some(big) = self.big else {
            out.extend_from_slice(bytes);
            return;
        };
        for byte in bytes {
            let Some(first) = self.odd.take() else {
                self.odd = Some(*byte);
                continue;
            };
            let unit = if big { u16::from_be_bytes([first, *byte]) } else { u16::from_le_bytes([first, *byte]) };
            if (0xD800..0xDC00).contains(&unit) && self.high.is_none() {
                self.high = Some(unit);
                continue;
            }
            for letter in char::decode_utf16(self.high.take().into_iter().chain([unit])) {
                let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}
