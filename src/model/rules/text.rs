//! TX: what a text may hold, and what is set right by itself.

use crate::model::excerpt::FORMULA;
use crate::model::field::Style;
use crate::model::issue::{Issue, Severity};
use crate::model::rules::IssueSink;
use crate::model::rules::catalogue as rule;
use crate::model::rules::damaged::{LikelyReading, reading};
use crate::model::rules::letters;
use std::borrow::Cow;

/// A text as it will be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normalised<'a> {
    /// Composed, without superfluous spaces.
    pub text: Cow<'a, str>,
    /// TX-001: it was not in the composed form.
    pub nfc_changed: bool,
    /// TX-011: characters that show nothing were dropped, look-alikes replaced.
    pub letters_folded: bool,
    /// TX-006: spaces were taken out.
    pub spaces_folded: bool,
    /// TX-003: the text as it came is damaged, and this is what it probably says. Its letters are left as they are.
    pub reading: Option<LikelyReading>,
}

/// Brings a text to the form in which it is stored. Most texts are in it already and are not copied.
pub fn normalise(style: Style, text: &str) -> Normalised<'_> {
    let composed = if text.is_ascii() { Cow::Borrowed(text) } else { letters::compose(text) };
    let nfc_changed = matches!(composed, Cow::Owned(_));
    let is_read = matches!(style, Style::PersonName | Style::Name | Style::Free);
    let reading = if is_read { reading(style, &composed) } else { None };
    let (plain, letters_folded) = if reading.is_none() { letters::plain(style, composed) } else { (composed, false) };
    let folded = match style {
        Style::Phone => national(&plain),
        _ => fold_spaces(&plain),
    };
    let spaces_folded = folded.is_some();
    Normalised { text: folded.map_or(plain, Cow::Owned), nfc_changed, letters_folded, spaces_folded, reading }
}

/// The value of a code list, of a choice or a date, without what shows nothing and with full-width forms as ASCII;
/// `None`: it is plain already.
pub fn plain_value(text: &str) -> Option<String> {
    match letters::plain(Style::Identifier, Cow::Borrowed(text)) {
        (plain, true) => Some(plain.into_owned()),
        _ => None,
    }
}

/// A space of any width; line ends and tabs are none.
fn is_space(letter: char) -> bool {
    letter == ' ' || (letter.is_whitespace() && !letter.is_control())
}

/// The text without superfluous spaces; `None` if it has none.
fn fold_spaces(text: &str) -> Option<String> {
    let odd = |letter: char| letter != ' ' && is_space(letter);
    let is_clean = !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.as_bytes().windows(2).any(|pair| pair == b"  ")
        && (text.is_ascii() || !text.contains(odd));
    if is_clean {
        return None;
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match is_space(letter) {
            true if folded.is_empty() || folded.ends_with(' ') => (),
            true => folded.push(' '),
            false => folded.push(letter),
        }
    }
    folded.truncate(folded.trim_end_matches(' ').len());
    Some(folded)
}

/// A telephone number in its national form: no spaces, dots, hyphens or brackets, `0` for `+84`. `None` if it is in it.
fn national(text: &str) -> Option<String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with("0084") {
        return None;
    }
    let bare: String =
        text.chars().filter(|letter| !is_space(*letter) && !matches!(letter, '.' | '-' | '(' | ')')).collect();
    let rest = bare.strip_prefix("+84").or_else(|| bare.strip_prefix("0084"));
    let national = rest.map(|rest| format!("0{}", rest.trim_start_matches('0'))).unwrap_or(bare);
    (national != text).then_some(national)
}

/// Judges a normalised text.
pub fn judge(style: Style, normal: &Normalised, pointer: impl Fn() -> String, sink: &mut IssueSink) {
    let text = normal.text.as_ref();
    repairs(normal, &pointer, sink);
    control_characters(style, text, &pointer, sink);
    formula(style, text, &pointer, sink);
    if matches!(style, Style::PersonName) {
        person_name(text, &pointer, sink);
    }
    letters::scripts(style, text, &pointer, sink);
    damage(style, normal, &pointer, sink);
}

/// TX-001, TX-006, TX-011.
fn repairs(normal: &Normalised, pointer: &impl Fn() -> String, sink: &mut IssueSink) {
    let made = [
        (normal.nfc_changed, &rule::TX_001),
        (normal.letters_folded, &rule::TX_011),
        (normal.spaces_folded, &rule::TX_006),
    ];
    for (_, rule) in made.iter().filter(|(is_made, _)| *is_made) {
        sink.raise_at(rule, pointer());
    }
}

/// TX-008.
fn control_characters(style: Style, text: &str, pointer: &impl Fn() -> String, sink: &mut IssueSink) {
    // Control characters are below the space, DEL, and U+0080 to U+009F, which begin with the byte C2.
    if !text.bytes().any(|byte| byte < 0x20 || byte == 0x7f || byte == 0xc2) {
        return;
    }
    let is_wrong =
        |letter: &char| letter.is_control() && !(style == Style::Free && matches!(letter, '\n' | '\r' | '\t'));
    if let Some(letter) = text.chars().find(is_wrong) {
        sink.raise_at(&rule::TX_008, pointer()).with("character", format!("U+{:04X}", u32::from(letter)));
    }
}

/// TX-010. Telephone numbers of other countries begin with a plus.
fn formula(style: Style, text: &str, pointer: &impl Fn() -> String, sink: &mut IssueSink) {
    let Some(first) = text.chars().next().filter(|first| FORMULA.contains(first) && style != Style::Phone) else {
        return;
    };
    let severity = if style == Style::Free { Severity::Warning } else { Severity::Error };
    sink.raise_at(&rule::TX_010, pointer()).with("character", first).severity(severity);
}

/// TX-005, TX-004, TX-007. Apostrophes and hyphens belong to many a name: H'Hen Niê, Y-Moan.
fn person_name(text: &str, pointer: &impl Fn() -> String, sink: &mut IssueSink) {
    if text.chars().any(|letter| letter.is_numeric() || letter.is_control()) {
        sink.raise_at(&rule::TX_005, pointer());
        return;
    }
    if let Some(candidate) = single_case(text) {
        sink.raise_at(&rule::TX_004, pointer()).with("value", text).with("case", candidate);
    }
    if !text.is_empty() && !text.contains([' ', '-']) {
        sink.raise_at(&rule::TX_007, pointer()).with("value", text);
    }
}

/// The case, if all letters have one. Initials alone are always capitals and say nothing.
fn single_case(text: &str) -> Option<&'static str> {
    let (mut upper, mut lower, mut longest, mut run) = (false, false, 0, 0);
    for letter in text.chars() {
        upper |= letter.is_uppercase();
        lower |= letter.is_lowercase();
        run = if letter.is_alphabetic() { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    match (upper, lower) {
        (true, false) if longest > 1 => Some("@upper-case"),
        (false, true) => Some("@lower-case"),
        _ => None,
    }
}

/// TX-003; of what is named, a letter that is gone for good (U+FFFD) is an error.
fn damage(style: Style, normal: &Normalised, pointer: &impl Fn() -> String, sink: &mut IssueSink) {
    let is_gone = style != Style::Free && normal.text.contains('\u{fffd}');
    let Some(reading) = normal.reading.as_ref() else {
        if is_gone {
            raise_damage(normal, "@letters-lost", "@reading-unknown", pointer, sink).severity(Severity::Error);
        }
        return;
    };
    let read = reading.text.as_ref().map_or_else(|| "@reading-unknown".to_owned(), |text| format!("“{text}”"));
    let issue = raise_damage(normal, reading.damage, &read, pointer, sink);
    if is_gone {
        issue.severity(Severity::Error);
    }
}

fn raise_damage<'s>(
    normal: &Normalised,
    damage: &str,
    reading: &str,
    pointer: &impl Fn() -> String,
    sink: &'s mut IssueSink,
) -> &'s mut Issue {
    let issue = sink.raise_at(&rule::TX_003, pointer());
    issue.with("value", &normal.text).with("encoding", damage).with("reading", reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(style: Style, text: &str) -> (String, bool, bool) {
        let normal = normalise(style, text);
        (normal.text.clone().into_owned(), normal.nfc_changed, normal.spaces_folded)
    }
    fn judged(style: Style, text: &str) -> Vec<(&'static str, &'static str)> {
        let mut issues = IssueSink::new(&[]);
        judge(style, &normalise(style, text), || "/x".to_owned(), &mut issues);
        issues.issues.iter().map(|issue| (issue.rule.code, issue.severity.as_str())).collect()
    }

    #[test]
    fn clean_text_is_not_copied() {
        for text in ["Nguyen Van An", "Nguyễn Văn An", "", "dòng 1\n\tdòng 2"] {
            assert!(matches!(
                normalise(Style::Free, text),
                Normalised {
                    text: Cow::Borrowed(_),
                    nfc_changed: false,
                    letters_folded: false,
                    spaces_folded: false,
                    reading: None
                }
            ));
        }
    }
    #[test]
    fn text_is_composed_and_spaces_are_folded() {
        assert_eq!(normal(Style::PersonName, "Nguye\u{302}\u{303}n"), ("Nguyễn".into(), true, false));
        assert_eq!(normal(Style::PersonName, "  Lê\u{a0}\u{a0}Thị  Hoa "), ("Lê Thị Hoa".into(), false, true));
        assert_eq!(normal(Style::Identifier, "\u{feff}6A1"), ("6A1".into(), false, false));
        assert_eq!(normal(Style::Free, " a\nb "), ("a\nb".into(), false, true));
        assert_eq!(normal(Style::Free, "   "), (String::new(), false, true));
    }
    #[test]
    fn telephone_numbers_get_their_national_form() {
        for given in
            ["+84 901 234 567", "+84901234567", "0901.234.567", "(090) 123-4567", "0084901234567", "+84 (0)901234567"]
        {
            assert_eq!(normal(Style::Phone, given), ("0901234567".into(), false, true), "{given}");
        }
        assert_eq!(normal(Style::Phone, "0901234567"), ("0901234567".into(), false, false));
    }
    #[test]
    fn control_characters_are_refused() {
        assert_eq!(judged(Style::Free, "a\u{0}b"), [("TX-008", "error")]);
        assert_eq!(judged(Style::Identifier, "a\tb"), [("TX-008", "error")]);
        assert_eq!(judged(Style::Free, "a\u{85}b"), [("TX-008", "error")]);
        assert_eq!(judged(Style::Free, "à\tb\r\nÂ"), []);
    }
    #[test]
    fn formulas_are_refused_in_names_and_codes() {
        for style in [Style::Identifier, Style::Name] {
            assert_eq!(judged(style, "=1+1"), [("TX-010", "error")]);
        }
        assert_eq!(judged(Style::PersonName, "@An Bình"), [("TX-010", "error")]);
        assert_eq!(judged(Style::Free, "- ngoan"), [("TX-010", "warning")]);
        assert_eq!(judged(Style::Phone, "+15550100"), []);
        assert_eq!(judged(Style::Identifier, "A+"), []);
    }
    #[test]
    fn names_of_people_have_words_and_cases() {
        for name in ["Nguyễn Văn An", "H'Hen Niê", "Y-Moan", "Y Moan Ê Nuôl", "Nguyễn Thị Hoàng Anh-Thư"] {
            assert_eq!(judged(Style::PersonName, name), [], "{name}");
        }
        assert_eq!(judged(Style::PersonName, "NGUYỄN VĂN AN"), [("TX-004", "warning")]);
        assert_eq!(judged(Style::PersonName, "nguyễn văn an"), [("TX-004", "warning")]);
        assert_eq!(judged(Style::PersonName, "Nguyễn Văn An 2"), [("TX-005", "error")]);
        assert_eq!(judged(Style::PersonName, "Nguyễn\tAn"), [("TX-008", "error"), ("TX-005", "error")]);
        assert_eq!(judged(Style::PersonName, "An"), [("TX-007", "warning")]);
        assert_eq!(judged(Style::Name, "6A1"), []);
    }
    #[test]
    fn an_old_encoding_is_suspected() {
        assert_eq!(judged(Style::PersonName, "NguyÔn V¨n An"), [("TX-003", "warning")]);
        assert_eq!(judged(Style::Free, "Trường tiểu học"), []);
        assert_eq!(judged(Style::Identifier, "NguyÔn"), []);
    }
}
