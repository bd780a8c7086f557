//! How the languages write days, numbers and choices.

use crate::model::issue::Language;
use std::borrow::Cow;

/// `a|b|c` as “a, b or c”.
pub(super) fn one_of(words: &str, language: Language) -> String {
    let or = match language {
        Language::Vietnamese => " hoặc ",
        Language::English => " or ",
    };
    match words.rsplit_once('|') {
        None => words.to_owned(),
        Some((first, last)) => format!("{}{or}{last}", first.replace('|', ", ")),
    }
}

/// A day as the language writes it, where the value is one: `2012-09-05` is 05/09/2012 in Vietnamese.
pub fn day(value: &str, language: Language) -> Cow<'_, str> {
    let bytes = value.as_bytes();
    let is_day = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    match (is_day, language) {
        (true, Language::Vietnamese) => format!("{}/{}/{}", &value[8..], &value[5..7], &value[..4]).into(),
        _ => Cow::Borrowed(value),
    }
}

/// A number as the language writes it: of a whole one the thousands are set apart; points between digits become commas
/// in Vietnamese, in formulas too.
pub fn number(value: &str, language: Language) -> Cow<'_, str> {
    let (thousands, point) = match language {
        Language::Vietnamese => ('.', ','),
        Language::English => (',', '.'),
    };
    if value.len() > 3 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let apart = |(at, digit): (usize, char)| {
            let begins = at > 0 && (value.len() - at).is_multiple_of(3);
            begins.then_some(thousands).into_iter().chain([digit])
        };
        return value.chars().enumerate().flat_map(apart).collect::<String>().into();
    }
    if point == '.' || !value.contains('.') {
        return Cow::Borrowed(value);
    }
    let bytes = value.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let letter = |(at, letter): (usize, char)| match letter {
        '.' if digit(at.checked_sub(1)) && digit(Some(at + 1)) => point,
        other => other,
    };
    value.char_indices().map(letter).collect::<String>().into()
}

/// Bytes as people say them, a thousand and twenty-four to a KB: `104857600` is 100 MB, `1536` 1,5 KB in Vietnamese.
pub(super) fn size(bytes: &str, language: Language) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    let Ok(count) = bytes.parse::<u64>() else { return bytes.to_owned() };
    let Some((unit, name)) = UNITS.into_iter().find(|(unit, _)| count >= *unit) else {
        return format!("{} byte{}", bytes, if language == Language::English && count != 1 { "s" } else { "" });
    };
    // One place, never more than there are: who keeps to it is within.
    let (whole, tenth) = (count / unit, count % unit * 10 / unit);
    let text = if tenth == 0 { whole.to_string() } else { format!("{whole}.{tenth}") };
    format!("{} {name}", number(&text, language))
}
