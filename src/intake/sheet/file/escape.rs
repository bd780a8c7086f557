//! What workbooks put in the place of characters that XML cannot hold: `_x000D_` (ECMA-376, part 1, 22.9.2.19).

/// Decodes the escapes of a text from a place on; `_x005F_` is the `_` of a text that only looks like one.
pub(crate) fn decode(text: &mut String, from: usize) {
    let Some(escaped) = text.get(from..).filter(|text| text.contains("_x")) else { return };
    let mut decoded = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(at) = rest.find("_x") {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let (units, length) = units(rest);
        if units.is_empty() {
            decoded.push_str("_x");
            rest = &rest[2..];
        } else {
            decoded.extend(char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)));
            rest = &rest[length..];
        }
    }
    decoded.push_str(rest);
    text.truncate(from);
    text.push_str(&decoded);
}

/// The UTF-16 units of the escapes with which a text begins, and their length: two of them may be one character.
fn units(text: &str) -> (Vec<u16>, usize) {
    let (mut units, mut length) = (Vec::new(), 0);
    while let Some(unit) = text.get(length..).and_then(unit) {
        units.push(unit);
        length += ESCAPE;
    }
    (units, length)
}

/// Characters of an escape.
const ESCAPE: usize = 7;

fn unit(text: &str) -> Option<u16> {
    let digits = text.get(..ESCAPE)?.strip_prefix("_x")?.strip_suffix('_')?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) { u16::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes_become_their_characters() {
        for (escaped, decoded) in [
            ("Nguyễn_x000D_\nAn", "Nguyễn\r\nAn"),
            ("a_x005F_x000D_b", "a_x000D_b"),
            ("a_x005F_x005F_b", "a_x005F_b"),
            ("_x0041__x0042_", "AB"),
            ("_xD83D__xDE00_!", "😀!"),
            ("_xD83D_ alone", "\u{fffd} alone"),
            ("lớp_x1", "lớp_x1"),
            ("_xĐ000_", "_xĐ000_"),
            ("_x00e0_", "à"),
            ("_x+041_", "_x+041_"),
            ("_x_x0041_", "_xA"),
        ] {
            let mut text = format!("_x0041_{escaped}");
            super::decode(&mut text, 7);
            assert_eq!(text, format!("_x0041_{decoded}"), "{escaped}");
        }
    }
}
