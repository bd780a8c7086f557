//! TX-001, TX-011, TX-012: characters that show nothing, letters that look like others, and marks typed out of order.

use crate::model::field::Style;
use crate::model::lists::fold::{d_with_stroke, is_format, latin};
use crate::model::rules::IssueSink;
use crate::model::rules::catalogue as rule;
use crate::model::rules::legacy::is_syllable;
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The composed form of a text (NFC); a tone that was typed before the mark of its vowel is put behind it.
pub fn compose(text: &str) -> Cow<'_, str> {
    let is_composed = is_nfc_quick(text.chars()) == IsNormalized::Yes;
    let out_of_order = |composed: &str| composed.contains(['\u{302}', '\u{306}']);
    if is_composed && !out_of_order(text) {
        return Cow::Borrowed(text);
    }
    let composed: String = text.nfc().collect();
    let composed = if out_of_order(&composed) { tones_last(&composed).nfc().collect() } else { composed };
    if composed == text { Cow::Borrowed(text) } else { Cow::Owned(composed) }
}

/// Decomposed, and with circumflex and breve before the tone.
fn tones_last(text: &str) -> String {
    let mut letters: Vec<char> = text.nfd().collect();
    for at in 1..letters.len() {
        let (tone, mark) = (letters[at - 1], letters[at]);
        if matches!(tone, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}') && matches!(mark, '\u{302}' | '\u{306}') {
            letters.swap(at - 1, at);
        }
    }
    letters.into_iter().collect()
}

/// The text without characters that show nothing, full-width forms as ASCII, and look-alikes of Đ as Đ.
pub fn plain(style: Style, text: Cow<'_, str>) -> (Cow<'_, str>, bool) {
    if text.is_ascii() || !text.chars().any(is_odd) {
        return (text, false);
    }
    let mut plain = String::with_capacity(text.len());
    let (mut before, mut begins) = (' ', 0);
    for (at, letter) in text.char_indices() {
        if !before.is_alphabetic() {
            begins = at;
        }
        match letter {
            // Within a picture, joiners are a part of it.
            '\u{200d}' | '\u{fe0f}' if style == Style::Free && before >= '\u{2190}' => plain.push(letter),
            letter if is_format(letter) => continue,
            'ð' if at > begins && !is_syllable(&word_at(&text, begins).replace('ð', "đ")) => plain.push(letter),
            letter => plain.push(ascii(letter).unwrap_or_else(|| d_with_stroke(letter))),
        }
        before = letter;
    }
    let changed = plain != text;
    (if changed { Cow::Owned(plain) } else { text }, changed)
}

fn is_odd(letter: char) -> bool {
    is_format(letter) || ascii(letter).is_some() || d_with_stroke(letter) != letter
}

/// The ASCII character of a full-width form.
fn ascii(letter: char) -> Option<char> {
    ('\u{ff01}'..='\u{ff5e}').contains(&letter).then(|| char::from_u32(u32::from(letter) - 0xfee0)).flatten()
}

/// The letters from this place on.
fn word_at(text: &str, begin: usize) -> &str {
    let rest = text.get(begin..).unwrap_or_default();
    rest.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default()
}

/// TX-012: letters of another script. In a code each of them is wrong, in a name those beside Latin ones in one word.
pub fn scripts(style: Style, text: &str, pointer: &impl Fn() -> String, sink: &mut IssueSink) {
    if text.is_ascii() {
        return;
    }
    let foreign = |letter: &char| letter.is_alphabetic() && !is_latin(*letter);
    let found = match style {
        Style::Identifier | Style::PersonCode => text.chars().find(foreign),
        Style::PersonName | Style::Name => {
            let mixed = |word: &&str| word.chars().any(|letter| letter.is_alphabetic() && is_latin(letter));
            text.split_whitespace().filter(mixed).find_map(|word| word.chars().find(foreign))
        }
        Style::Phone | Style::Free => None,
    };
    let Some(letter) = found else { return };
    let reading: String = text.chars().map(latin).collect();
    let issue = sink.raise_at(&rule::TX_012, pointer());
    issue.with("value", text).with("letter", letter).with("character", format!("U+{:04X}", u32::from(letter)));
    issue.with("reading", reading);
    if matches!(style, Style::PersonName | Style::Name) {
        issue.severity(crate::model::issue::Severity::Warning);
    }
}

fn is_latin(letter: char) -> bool {
    matches!(letter, 'A'..='Z' | 'a'..='z' | 'ª' | 'º' | 'À'..='ɏ' | 'ɐ'..='ʯ' | 'ʰ'..='ˤ' | 'Ḁ'..='ỿ' | 'Ⅰ'..='ↈ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(style: Style, text: &str) -> (String, bool) {
        let (plain, changed) = plain(style, Cow::Borrowed(text));
        (plain.into_owned(), changed)
    }

    #[test]
    fn what_shows_nothing_is_dropped() {
        for text in ["7B\u{200e}3", "7\u{ad}B3", "\u{feff}7B3", "7B3\u{200d}", "\u{202a}7B3\u{202c}", "７Ｂ3"] {
            assert_eq!(plainly(Style::Identifier, text), ("7B3".into(), true), "{text:?}");
        }
        assert_eq!(plainly(Style::Identifier, "7B3"), ("7B3".into(), false));
        let family = "👩\u{200d}👧";
        assert_eq!(plainly(Style::Free, family), (family.into(), false));
        assert_eq!(plainly(Style::Free, "Tổ\u{200d} 5"), ("Tổ 5".into(), true));
    }
    #[test]
    fn look_alikes_of_d_with_stroke_become_it() {
        for text in ["Ðoàn Thị Ðiểm", "Ɖoàn Thị Ɖiểm"] {
            assert_eq!(plainly(Style::PersonName, text), ("Đoàn Thị Điểm".into(), true));
        }
        assert_eq!(plainly(Style::Free, "xã ðông hải, ɖường 3"), ("xã đông hải, đường 3".into(), true));
        assert_eq!(plainly(Style::PersonName, "Guðrún Óladóttir"), ("Guðrún Óladóttir".into(), false));
    }
    #[test]
    fn a_tone_before_the_mark_of_its_vowel_is_put_behind_it() {
        assert_eq!(compose("Tra\u{300}\u{302}n"), "Trần");
        assert_eq!(compose("Tra\u{302}\u{300}n Th\u{1ecb}"), "Trần Thị");
        assert_eq!(compose("\u{e0}\u{302}"), "ầ");
        assert!(matches!(compose("Trần"), Cow::Borrowed(_)));
    }
    #[test]
    fn another_script_in_a_code_is_wrong_and_in_a_word_of_a_name_suspicious() {
        let found = |style, text: &str| {
            let mut sink = IssueSink::new(&[]);
            scripts(style, text, &|| "/x".to_owned(), &mut sink);
            sink.issues
                .iter()
                .map(|issue| (issue.severity.as_str(), issue.value("reading").unwrap().to_owned()))
                .collect::<Vec<_>>()
        };
        assert_eq!(found(Style::Identifier, "9С4"), [("error", "9C4".to_owned())]);
        assert_eq!(found(Style::Name, "9С4"), []);
        assert_eq!(found(Style::PersonName, "Тô Hoài"), [("warning", "Tô Hoài".to_owned())]);
        assert_eq!(found(Style::PersonName, "Иван Петров"), []);
        assert_eq!(found(Style::Identifier, "6Đ2"), []);
        assert_eq!(found(Style::Free, "nhà Тô"), []);
    }
}
