//! TX-003: texts whose letters a program has damaged, and what they probably say: UTF-8 that was taken for another
//! encoding, letters of which `?` or U+FFFD is left, and the encodings of before Unicode.

use crate::model::field::Style;
use crate::model::rules::legacy;
use unicode_normalization::UnicodeNormalization;

/// Syllables of names and addresses, the most usual first: what letters that were lost are looked for in.
const SYLLABLES: &str = include_str!("../lists/syllables.txt");

/// What a damaged text probably says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikelyReading {
    /// What happened: the name of an encoding, or `@` and that of a phrase.
    pub damage: &'static str,
    /// What it says; `None`: nobody can tell.
    pub text: Option<String>,
}

/// The damage of a text; `None`: it shows none.
pub fn reading(style: Style, text: &str) -> Option<LikelyReading> {
    if text.is_ascii() && !text.contains('?') {
        return None;
    }
    let told = |damage, text| LikelyReading { damage, text: Some(text) };
    let misread = misread_utf8(text).map(|text| told("@utf8-misread", text));
    let lost = || is_lossy(style, text).then(|| LikelyReading { damage: "@letters-lost", text: restored(text) });
    let legacy = || legacy::likely_reading(text).map(|(encoding, text)| told(encoding, text));
    misread.or_else(lost).or_else(legacy)
}

/// Windows-1252 from 0x80 on, where it is not Latin-1.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// The byte for which a program showed this letter: in Windows-1252, Latin-1, or, for the bytes with which Vietnamese
/// letters begin, Windows-1258.
fn byte(letter: char) -> Option<u8> {
    match letter {
        '\0'..='\u{ff}' => u8::try_from(u32::from(letter)).ok(),
        'Ă' => Some(0xc3),
        letter => WINDOWS.chars().position(|known| known == letter).and_then(|at| u8::try_from(0x80 + at).ok()),
    }
}

/// UTF-8 that was read in an encoding of one byte a letter. A letter that no such encoding has shows that it was not.
fn misread_utf8(text: &str) -> Option<String> {
    // Most texts are sound: they are not copied to find that out.
    text.chars().find_map(length)?;
    let letters: Vec<char> = text.chars().collect();
    let (mut read, mut at, mut found) = (String::with_capacity(text.len()), 0, false);
    while let Some(letter) = letters.get(at) {
        match sequence(&letters[at..]) {
            Some((decoded, length)) => {
                read.push(decoded);
                (found, at) = (true, at + length);
            }
            None if letter.is_alphabetic() && *letter > 'ÿ' && byte(*letter).is_none() => return None,
            None => {
                read.push(*letter);
                at += 1;
            }
        }
    }
    found.then(|| read.nfc().collect())
}

/// How many bytes a letter of Vietnamese has in UTF-8 that begins with the byte for which this one was shown (C3 to C6
/// and CC, E1).
fn length(first: char) -> Option<usize> {
    match first {
        'Ã' | 'Ă' | 'Ä' | 'Å' | 'Æ' | 'Ì' => Some(2),
        'á' => Some(3),
        _ => None,
    }
}

/// The letter that the first two or three of these were as bytes of UTF-8, if it is one of Vietnamese.
fn sequence(letters: &[char]) -> Option<(char, usize)> {
    let length = length(*letters.first()?)?;
    let bytes: Vec<u8> = letters.get(..length)?.iter().map(|letter| byte(*letter)).collect::<Option<_>>()?;
    let decoded = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    let is_expected = (decoded.is_alphabetic() && legacy::has_letters_only(&decoded.to_string()))
        || ('\u{300}'..='\u{323}').contains(&decoded);
    is_expected.then_some((decoded, length))
}

/// The words, without the signs around them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(|word| word.trim_matches(|letter: char| !letter.is_alphabetic() && !is_hole(letter)))
}

fn is_hole(letter: char) -> bool {
    matches!(letter, '?' | '\u{fffd}')
}

/// Stands `?` or U+FFFD where a letter was? A question ends with its word, and names have none.
fn is_lossy(style: Style, text: &str) -> bool {
    let is_name = matches!(style, Style::PersonName | Style::Name);
    let within = |word: &str| {
        let is_word = word.chars().all(|letter| letter.is_alphabetic() || is_hole(letter));
        is_word && word.find(is_hole).is_some_and(|hole| word[hole..].chars().any(char::is_alphabetic))
    };
    text.contains('\u{fffd}') || text.contains('?') && (is_name || words(text).any(within))
}

/// The text with the likeliest letters in place of those that were lost; `None`: none is known.
fn restored(text: &str) -> Option<String> {
    let mut found = false;
    let mut word = |word: &str| {
        let (begun, rest) =
            word.split_at(word.find(|letter: char| letter.is_alphabetic() || is_hole(letter)).unwrap_or(0));
        let end = rest
            .rfind(|letter: char| letter.is_alphabetic() || is_hole(letter))
            .map_or(0, |at| at + rest[at..].chars().next().map_or(0, char::len_utf8));
        let (core, after) = rest.split_at(end);
        match core.contains(is_hole).then(|| syllable(core)).flatten() {
            Some(known) => {
                found = true;
                format!("{begun}{known}{after}")
            }
            None => word.to_owned(),
        }
    };
    let restored = text.split(' ').map(&mut word).collect::<Vec<_>>().join(" ");
    found.then_some(restored)
}

/// The most usual syllable that these letters and holes may have been.
fn syllable(damaged: &str) -> Option<String> {
    let small: Vec<char> = damaged.chars().flat_map(char::to_lowercase).collect();
    if small.iter().all(|letter| is_hole(*letter)) {
        return None;
    }
    let of = |bytes: usize| {
        SYLLABLES.split_whitespace().find(|known| fits(&small, &known.chars().collect::<Vec<_>>(), bytes))
    };
    let known = of(1).or_else(|| of(3))?;
    let capital = damaged.chars().next().is_some_and(|first| first.is_uppercase() || is_hole(first));
    let mut letters = known.chars();
    match (capital, letters.next()) {
        (true, Some(first)) => Some(first.to_uppercase().chain(letters).collect()),
        _ => Some(known.to_owned()),
    }
}

/// Are these the letters, with one that is not ASCII for each hole? Of a letter, so many U+FFFD may be left as it has
/// bytes.
fn fits(damaged: &[char], letters: &[char], bytes: usize) -> bool {
    match (damaged, letters) {
        ([], []) => true,
        ([hole, rest @ ..], [letter, more @ ..]) if is_hole(*hole) && !letter.is_ascii() => {
            let most = if *hole == '\u{fffd}' { bytes - 1 } else { 0 };
            let further = rest.iter().take(most).take_while(|next| *next == hole).count();
            (0..=further).any(|taken| fits(&rest[taken..], more, bytes))
        }
        ([one, rest @ ..], [other, more @ ..]) => one == other && fits(rest, more, bytes),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(style: Style, text: &str) -> Option<(&'static str, Option<String>)> {
        reading(style, text).map(|reading| (reading.damage, reading.text))
    }
    /// How a program shows UTF-8 that it takes for Windows-1252.
    fn misread(text: &str) -> String {
        let windows: Vec<char> = WINDOWS.chars().collect();
        text.bytes()
            .map(|byte| if (0x80..0xa0).contains(&byte) { windows[usize::from(byte) - 0x80] } else { char::from(byte) })
            .collect()
    }

    #[test]
    fn utf8_that_was_taken_for_another_encoding_is_read() {
        for text in ["Trần Hoàng Ấn", "Hà", "Lý Thị Bưởi", "Đỗ Đình Ích", "Nguyễn Ước", "Phường Đông Hải, tổ 5"]
        {
            let expected = Some(("@utf8-misread", Some(text.to_owned())));
            assert_eq!(read(Style::PersonName, &misread(text)), expected, "{text}");
            let latin: String = text.bytes().map(char::from).collect();
            assert_eq!(read(Style::Free, &latin), expected, "{text}");
        }
        assert_eq!(read(Style::PersonName, "TÃ´ HoÃ\u{a0}i").unwrap().1.as_deref(), Some("Tô Hoài"));
        assert_eq!(read(Style::PersonName, "TĂ´ HoĂ i"), Some(("@utf8-misread", Some("Tô HoĂ i".to_owned()))));
    }
    #[test]
    fn letters_that_were_lost_are_guessed() {
        let lost = |text: &str| Some(("@letters-lost", Some(text.to_owned())));
        assert_eq!(read(Style::PersonName, "Tr?n Th? L?c"), lost("Trần Thị Lộc"));
        assert_eq!(read(Style::PersonName, "Ph\u{fffd}m V\u{fffd}n D\u{fffd}ng"), lost("Phạm Văn Dũng"));
        assert_eq!(read(Style::PersonName, "Ph\u{fffd}\u{fffd}\u{fffd}m Lan"), lost("Phạm Lan"));
        assert_eq!(read(Style::PersonName, "V\u{fffd} L\u{fffd}\u{fffd}ng"), lost("Vũ Lương"));
        assert_eq!(read(Style::Free, "Th?n 7, x? An Hòa").unwrap().0, "@letters-lost");
        assert_eq!(read(Style::PersonName, "Xq?z"), Some(("@letters-lost", None)));
    }
    #[test]
    fn what_is_whole_is_left_alone() {
        for text in [
            "Nguyễn Thị Ánh",
            "Lê Toán",
            "São Paulo",
            "Renée Noël",
            "“TỐT LẮM ĐÔ”",
            "Em có khỏe không?",
            "Ăn trưa ở trường",
            "https://example.edu.vn/anh?ma=3100",
            "Hà Mai Chi",
            "Âu Cơ",
            "nhiệt độ 37°",
            "Được khen “Ấn tượng”",
        ] {
            assert_eq!(read(Style::Free, text), None, "{text}");
        }
    }
}
