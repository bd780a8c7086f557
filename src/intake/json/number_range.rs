//! Numbers beyond those that a computer calculates with, such as `1e400`. JSON knows no bound, but the reader of JSON
//! refuses the whole text for one of them; such a record is read again with these numbers brought down to the largest,
//! which is out of range wherever it stands.

use std::borrow::Cow;

/// What stands for numbers beyond it.
pub const LARGEST: f64 = 1e308;

/// Is this why a text was refused?
pub fn is_cause(error: &serde_json::Error) -> bool {
    error.is_syntax() && error.to_string().starts_with("number out of range")
}

/// The text without such numbers.
pub fn tamed(json: &str) -> Cow<'_, str> {
    let (mut tame, mut kept, mut at) = (String::new(), 0, 0);
    let bytes = json.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at += string_length(&bytes[at..]),
            b'-' | b'0'..=b'9' => {
                let length = number_length(&bytes[at..]);
                let token = &json[at..at + length];
                if token.parse::<f64>().is_ok_and(f64::is_infinite) {
                    tame.push_str(&json[kept..at]);
                    tame.push_str(if token.starts_with('-') { "-1e308" } else { "1e308" });
                    kept = at + length;
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    if kept == 0 { Cow::Borrowed(json) } else { Cow::Owned(tame + &json[kept..]) }
}

/// With both quotes.
fn string_length(bytes: &[u8]) -> usize {
    let mut escaped = false;
    let end = bytes.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map_or(bytes.len(), |end| end + 2)
}

fn number_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E')).count()
}

/// A number as it is shown to people.
pub fn shown(number: f64) -> String {
    match number {
        _ if number >= LARGEST => "≥ 1e308".to_owned(),
        _ if number <= -LARGEST => "≤ -1e308".to_owned(),
        _ if number.abs() >= 1e15 => format!("{number:e}"),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_beyond_the_largest_are_brought_down() {
        assert_eq!(tamed(r#"{"a":1e400,"b":[-1e999, 2],"c":3}"#), r#"{"a":1e308,"b":[-1e308, 2],"c":3}"#);
        for text in [r#"{"a":1e300}"#, r#"{"a":"1e400"}"#, r#"{"a\"1e400":1}"#, r#"["\\", "1e400"]"#, "1e", "\"1e400"] {
            assert!(matches!(tamed(text), Cow::Borrowed(_)), "{text}");
        }
        let digits = "9".repeat(400);
        assert_eq!(tamed(&digits), "1e308");
    }

    #[test]
    fn the_reader_of_json_refuses_such_numbers_and_reads_them_tamed() {
        let refused = serde_json::from_str::<f64>("1e400").unwrap_err();
        assert!(is_cause(&refused) && !is_cause(&serde_json::from_str::<f64>("x").unwrap_err()));
        assert_eq!(serde_json::from_str::<f64>(&tamed("1e400")).unwrap(), LARGEST);
    }

    #[test]
    fn numbers_are_shown_short() {
        assert_eq!([1e308, -1e308, 1e20, 8.25].map(shown), ["≥ 1e308", "≤ -1e308", "1e20", "8.25"]);
    }
}
