//! Numbers as sheets hold them: with a comma, with lost zeros, with the noise of binary fractions.

use crate::intake::sheet::file::format::NumberFormat;
use crate::model::decimal::power;
use crate::model::field::FieldType;
use std::fmt::Write as _;

/// A text read as a number.
#[derive(Debug, PartialEq, Eq)]
pub enum Number {
    /// As JSON has it.
    Plain(String),
    /// It had a decimal comma.
    Comma(String),
    /// None, or one that can be read in two ways.
    None,
}

/// Appends a number as a spreadsheet shows it: whole ones without a point, others to 15 digits, which is what it
/// calculates with.
pub fn push(out: &mut String, number: f64) {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        let _ = write!(out, "{}", number as i64);
        return;
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let _ =
        if rounded.is_finite() && rounded.abs() < 1e21 { write!(out, "{rounded}") } else { write!(out, "{number:e}") };
}

/// A number as its cell shows it.
pub fn shown(number: f64, format: NumberFormat) -> String {
    format.shown(number).unwrap_or_else(|| {
        let mut digits = String::new();
        push(&mut digits, number);
        digits
    })
}

/// Reads a text as a number for a member of so many decimal places that is `most` at most.
pub fn of_text(text: &str, scale: u8, most: i64) -> Number {
    let text: String = text.chars().filter(|letter| !matches!(letter, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let commas = digits.matches(',').count();
    let points = digits.matches('.').count();
    let plain = |number: String| match json(sign, &number) {
        Some(number) => Number::Plain(number),
        None => Number::None,
    };
    match (commas, points) {
        (0, 0) => plain(digits.to_owned()),
        // 1.200 may be 1,2 or 1200 in a field that has no third place and takes both.
        (0, 1) if scale < 3 && is_group(digits, '.', most) => Number::None,
        (0, 1) => plain(digits.to_owned()),
        (0, _) if is_grouped(digits, '.') => plain(digits.replace('.', "")),
        (1, 0) if scale < 3 && is_group(digits, ',', most) => Number::None,
        (1, 0) => json(sign, &digits.replace(',', ".")).map_or(Number::None, Number::Comma),
        (_, 0) if is_grouped(digits, ',') => plain(digits.replace(',', "")),
        _ => both(sign, digits),
    }
}

/// 8.650,5 and 8,650.5: the mark that stands last is the decimal one.
fn both(sign: &str, digits: &str) -> Number {
    let (Some(comma), Some(point)) = (digits.rfind(','), digits.rfind('.')) else { return Number::None };
    let (group, at) = if comma > point { ('.', comma) } else { (',', point) };
    let (whole, fraction) = (&digits[..at], &digits[at + 1..]);
    let Some(number) =
        json(sign, &format!("{}.{fraction}", whole.replace(group, ""))).filter(|_| is_grouped(whole, group))
    else {
        return Number::None;
    };
    if comma > point { Number::Comma(number) } else { Number::Plain(number) }
}

/// The number as JSON writes it, which knows neither `08` nor `.5` nor `5.`.
fn json(sign: &str, digits: &str) -> Option<String> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let sound = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !sound(whole) || !sound(fraction) || whole.is_empty() || whole.len() + fraction.len() > 18 {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// `80%`.
pub fn is_percent(text: &str) -> bool {
    text.strip_suffix('%').is_some_and(|number| of_text(number.trim(), 3, i64::MAX) != Number::None)
}

/// The number in a text that has more than it: `7.5đ`, `7,5 điểm`, `8/10`, `1O`, `7,,5`.
pub fn likely(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let bare = ["điểm", "diem", "đ", "d", "/10"].iter().find_map(|unit| lower.strip_suffix(unit)).unwrap_or(&lower);
    let digits: String = bare
        .trim()
        .trim_end_matches(['.', '*'])
        .chars()
        .map(|letter| match letter {
            'o' => '0',
            'l' => '1',
            ';' => ',',
            other => other,
        })
        .collect();
    let digits = digits.replace(",,", ",").replace("..", ".");
    let is_read = digits != text && digits.starts_with(|letter: char| letter.is_ascii_digit());
    (is_read && of_text(&digits, 3, 0) != Number::None).then_some(digits)
}

/// The least and the greatest number that a member takes.
pub fn range(kind: &FieldType) -> Option<(String, String)> {
    let (scale, min, max) = match *kind {
        FieldType::Integer { min, max } => (0, min, max),
        FieldType::Decimal { scale, min, max, .. } => (scale, min, max),
        _ => return None,
    };
    let shown = |number: i64| shown(number as f64 / power(scale) as f64, NumberFormat::General);
    Some((shown(min), shown(max)))
}

/// One mark with three digits after it and one to three before it, the first not a zero: a group of thousands, perhaps.
fn is_group(digits: &str, mark: char, most: i64) -> bool {
    let group =
        |(whole, rest): (&str, &str)| rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    digits.split_once(mark).is_some_and(group)
        && digits.replace(mark, "").parse::<i64>().is_ok_and(|number| number <= most)
}

fn is_grouped(digits: &str, mark: char) -> bool {
    let mut parts = digits.split(mark);
    let first = parts.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && parts.all(|part| part.len() == 3)
}

/// The numbers of a list in one cell: between semicolons or spaces, else between commas unless there is one only, which
/// is a decimal comma.
pub fn items(text: &str) -> Vec<&str> {
    if text.contains([';', '|', '\n']) {
        return text.split([';', '|', '\n']).collect();
    }
    if text.trim().contains(' ') {
        return text.split(' ').map(|item| item.trim_end_matches(',')).collect();
    }
    if text.matches(',').count() > 1 || (text.contains(',') && text.contains('.')) {
        return text.split(',').collect();
    }
    vec![text]
}

/// A number of `width` digits that lacks up to `zeros` at its beginning.
pub fn zeros_lost(text: &str, width: usize, zeros: usize) -> Option<String> {
    let lacking = width.checked_sub(text.len()).filter(|lacking| (1..=zeros).contains(lacking))?;
    let whole = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    whole.then(|| format!("{}{text}", "0".repeat(lacking)))
}

/// A telephone number without its first zero: 9 digits of a mobile, 10 of a landline (02…).
pub fn phone_zero(text: &str) -> Option<String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let lost = match text.len() {
        9 => text.starts_with(['3', '5', '7', '8', '9']),
        10 => text.starts_with('2'),
        _ => false,
    };
    (digits && lost).then(|| format!("0{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Number {
        Number::Plain(text.into())
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, expected) in [
            ("8", plain("8")),
            ("08", plain("8")),
            ("7.50", plain("7.5")),
            ("8,5", Number::Comma("8.5".into())),
            ("-0,5", Number::Comma("-0.5".into())),
            ("8.650,5", Number::Comma("8650.5".into())),
            ("8,650.5", plain("8650.5")),
            ("1 234", plain("1234")),
            ("1.234.567", plain("1234567")),
            ("1.200", Number::None),
            ("0.125", plain("0.125")),
            ("tám", Number::None),
            ("1e5", Number::None),
            ("", Number::None),
            ("8.", plain("8")),
            (".5", Number::None),
        ] {
            assert_eq!(of_text(text, 2, 100_000), expected, "{text}");
        }
        assert_eq!(of_text("10.823", 6, 90), plain("10.823"));
        assert_eq!(of_text("8.125", 1, 10), plain("8.125"), "no mark is 8125");
    }

    #[test]
    fn the_noise_of_binary_fractions_goes() {
        for (number, expected) in [
            (8.0, "8"),
            (8.3, "8.3"),
            (83.0 * 0.1, "8.3"),
            (0.1 + 0.2, "0.3"),
            (31_000_501.0, "31000501"),
            (-2.5, "-2.5"),
        ] {
            let mut out = String::new();
            push(&mut out, number);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn marks_in_one_cell_are_told_apart() {
        assert_eq!(items("8;9;7,5"), ["8", "9", "7,5"]);
        assert_eq!(items("8 9 7,5"), ["8", "9", "7,5"]);
        assert_eq!(items("8, 9, 7.5"), ["8", "9", "7.5"]);
        assert_eq!(items("8,9,7"), ["8", "9", "7"]);
        assert_eq!(items("8,5"), ["8,5"]);
    }

    #[test]
    fn a_number_beside_something_else_is_told() {
        for (text, expected) in [
            ("7.5đ", Some("7.5")),
            ("7,5 điểm", Some("7,5")),
            ("8 Điểm", Some("8")),
            ("9/10", Some("9")),
            ("1O", Some("10")),
            ("7,,5", Some("7,5")),
            ("8*", Some("8")),
            ("V", None),
            ("vắng", None),
            ("đ", None),
            ("1.200", None),
        ] {
            assert_eq!(likely(text).as_deref(), expected, "{text}");
        }
        assert!(is_percent("80%") && is_percent("7,5 %") && !is_percent("%") && !is_percent("tám%"));
    }

    #[test]
    fn zeros_come_back_only_where_their_number_is_certain() {
        assert_eq!(zeros_lost("1000501", 8, 1).as_deref(), Some("01000501"));
        assert_eq!(zeros_lost("4", 5, 4).as_deref(), Some("00004"));
        assert_eq!(
            (zeros_lost("100501", 8, 1), zeros_lost("1A00501", 8, 1), zeros_lost("31000501", 8, 1)),
            (None, None, None)
        );
        assert_eq!(
            (phone_zero("912345678").as_deref(), phone_zero("2253123456").as_deref()),
            (Some("0912345678"), Some("02253123456"))
        );
        assert_eq!((phone_zero("113"), phone_zero("123456789")), (None, None));
    }
}
