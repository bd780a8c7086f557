//! Texts typed in TCVN3 or VNI that were taken for Latin-1. A text is suspected only if a word of it is no
//! Vietnamese syllable as it stands and every marked word becomes one when it is read in the old encoding; names of
//! other languages do not pass that test.

use crate::model::lists::fold::fold;
use unicode_normalization::UnicodeNormalization;

/// TCVN 5712:1993 (TCVN3, "ABC"): the letter that each byte stands for, written as Latin-1 shows the byte.
const TCVN3: &[(char, char)] = &[
    ('µ', 'à'),
    ('¸', 'á'),
    ('¶', 'ả'),
    ('·', 'ã'),
    ('¹', 'ạ'),
    ('¨', 'ă'),
    ('»', 'ằ'),
    ('¾', 'ắ'),
    ('¼', 'ẳ'),
    ('½', 'ẵ'),
    ('Æ', 'ặ'),
    ('©', 'â'),
    ('Ç', 'ầ'),
    ('Ê', 'ấ'),
    ('È', 'ẩ'),
    ('É', 'ẫ'),
    ('Ë', 'ậ'),
    ('®', 'đ'),
    ('Ì', 'è'),
    ('Ð', 'é'),
    ('Î', 'ẻ'),
    ('Ï', 'ẽ'),
    ('Ñ', 'ẹ'),
    ('ª', 'ê'),
    ('Ò', 'ề'),
    ('Õ', 'ế'),
    ('Ó', 'ể'),
    ('Ô', 'ễ'),
    ('Ö', 'ệ'),
    ('×', 'ì'),
    ('Ý', 'í'),
    ('Ø', 'ỉ'),
    ('Ü', 'ĩ'),
    ('Þ', 'ị'),
    ('ß', 'ò'),
    ('ã', 'ó'),
    ('á', 'ỏ'),
    ('â', 'õ'),
    ('ä', 'ọ'),
    ('«', 'ô'),
    ('å', 'ồ'),
    ('è', 'ố'),
    ('æ', 'ổ'),
    ('ç', 'ỗ'),
    ('é', 'ộ'),
    ('¬', 'ơ'),
    ('ê', 'ờ'),
    ('í', 'ớ'),
    ('ë', 'ở'),
    ('ì', 'ỡ'),
    ('î', 'ợ'),
    ('ï', 'ù'),
    ('ó', 'ú'),
    ('ñ', 'ủ'),
    ('ò', 'ũ'),
    ('ô', 'ụ'),
    ('\u{ad}', 'ư'),
    ('õ', 'ừ'),
    ('ø', 'ứ'),
    ('ö', 'ử'),
    ('÷', 'ữ'),
    ('ù', 'ự'),
    ('ú', 'ỳ'),
    ('ý', 'ý'),
    ('û', 'ỷ'),
    ('ü', 'ỹ'),
    ('þ', 'ỵ'),
    ('¡', 'Ă'),
    ('¢', 'Â'),
    ('§', 'Đ'),
    ('£', 'Ê'),
    ('¤', 'Ô'),
    ('¥', 'Ơ'),
    ('¦', 'Ư'),
];

/// VNI: letters that stand alone.
const VNI_LETTERS: &[(char, char)] =
    &[('ñ', 'đ'), ('ô', 'ơ'), ('ö', 'ư'), ('í', 'í'), ('ì', 'ì'), ('æ', 'ỉ'), ('ó', 'ĩ'), ('ò', 'ị'), ('î', 'ỵ')];

/// VNI: marks that follow their letter, as combining characters.
const VNI_MARKS: &[(char, &str)] = &[
    ('ù', "\u{301}"),
    ('ø', "\u{300}"),
    ('û', "\u{309}"),
    ('õ', "\u{303}"),
    ('ï', "\u{323}"),
    ('â', "\u{302}"),
    ('á', "\u{302}\u{301}"),
    ('à', "\u{302}\u{300}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
    ('ê', "\u{306}"),
    ('é', "\u{306}\u{301}"),
    ('è', "\u{306}\u{300}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{306}\u{323}"),
];

const INITIALS: &[&str] = &[
    "", "b", "c", "ch", "d", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "q", "qu",
    "r", "s", "t", "th", "tr", "v", "x",
];
const NUCLEI: &[&str] = &[
    "a", "ai", "ao", "au", "ay", "e", "eo", "eu", "i", "ia", "ie", "ieu", "iu", "o", "oa", "oai", "oao", "oay", "oe",
    "oeo", "oi", "oo", "u", "ua", "uai", "uay", "ue", "ui", "uo", "uoi", "uou", "uu", "uy", "uya", "uye", "uyu", "y",
    "ye", "yeu", "yu",
];
const FINALS: &[&str] = &["", "c", "ch", "m", "n", "ng", "nh", "p", "t"];

/// The old encoding and what the text says in it; `None` for a text that needs no other reading.
pub fn likely_reading(text: &str) -> Option<(&'static str, String)> {
    // Letters beyond Latin-1 show that the text is Unicode; without letters of Latin-1 there is nothing to read
    // otherwise.
    if text.is_ascii() || text.chars().any(|letter| letter > 'ÿ') || marked_words(text).all(is_syllable) {
        return None;
    }
    let readings = [("TCVN3", tcvn3(text)), ("VNI", vni(text))];
    readings.into_iter().find(|(_, reading)| reading != text && marked_words(reading).all(is_syllable))
}

fn marked_words(text: &str) -> impl Iterator<Item = &str> {
    let is_mark = |letter: char| letter.is_whitespace() || letter.is_ascii_punctuation() || letter.is_ascii_digit();
    text.split(is_mark).filter(|word| !word.is_ascii())
}

/// Could the word be a Vietnamese syllable: initial, vowels, final?
pub(super) fn is_syllable(word: &str) -> bool {
    let plain = fold(word);
    let is_vowel = |letter: char| "aeiouy".contains(letter);
    let (Some(first), Some(last)) = (plain.find(is_vowel), plain.rfind(is_vowel)) else { return false };
    let (nucleus, end) = (&plain[first..=last], &plain[last + 1..]);
    let known = |initial: &str, nucleus: &str| INITIALS.contains(&initial) && NUCLEI.contains(&nucleus);
    // The u of "qu" and the i of "gi" belong to the initial when vowels follow.
    let (longer, shorter) = (plain.get(..first + 1).unwrap_or_default(), nucleus.get(1..).unwrap_or_default());
    let is_known = known(&plain[..first], nucleus) || (["qu", "gi"].contains(&longer) && known(longer, shorter));
    is_known && FINALS.contains(&end) && has_letters_only(word)
}

/// Vietnamese letters: Latin ones with the marks of the script, at most two on a letter.
pub(super) fn has_letters_only(word: &str) -> bool {
    let is_mark =
        |letter: char| matches!(letter, '\u{300}'..='\u{303}' | '\u{306}' | '\u{309}' | '\u{31b}' | '\u{323}');
    word.nfd().all(|letter| letter.is_ascii_alphabetic() || matches!(letter, 'đ' | 'Đ') || is_mark(letter))
}

fn tcvn3(text: &str) -> String {
    text.chars()
        .map(|letter| TCVN3.iter().find(|(byte, _)| *byte == letter).map_or(letter, |(_, read)| *read))
        .collect()
}

fn vni(text: &str) -> String {
    let (mut read, mut carries) = (String::with_capacity(text.len()), false);
    for letter in text.chars() {
        let small = letter.to_lowercase().next().unwrap_or(letter);
        let mark = VNI_MARKS.iter().find(|(known, _)| carries && *known == small);
        let alone = VNI_LETTERS.iter().find(|(known, _)| *known == small);
        match (mark, alone) {
            (Some((_, mark)), _) => read.push_str(mark),
            (None, Some((_, other))) if letter.is_uppercase() => read.extend(other.to_uppercase()),
            (None, Some((_, other))) => read.push(*other),
            (None, None) => read.push(letter),
        }
        // ô and ö stand for ơ and ư, which carry tones too.
        carries = mark.is_none() && matches!(small, 'a' | 'e' | 'o' | 'u' | 'y' | 'ô' | 'ö');
    }
    read.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_encodings_are_read() {
        for (text, encoding, reading) in [
            ("NguyÔn V¨n An", "TCVN3", "Nguyễn Văn An"),
            ("TrÇn ThÞ H\u{ad}¬ng", "TCVN3", "Trần Thị Hương"),
            ("§Æng Quèc ViÖt", "TCVN3", "Đặng Quốc Việt"),
            ("Nguyeãn Vaên An", "VNI", "Nguyễn Văn An"),
            ("Traàn Thò Höông", "VNI", "Trần Thị Hương"),
            ("Ñaëng Quoác Vieät", "VNI", "Đặng Quốc Việt"),
        ] {
            assert_eq!(likely_reading(text), Some((encoding, reading.to_owned())), "{text}");
        }
    }
    #[test]
    fn what_is_unicode_or_foreign_is_left_alone() {
        for text in [
            "Nguyễn Văn An",
            "Lê Toán",
            "Hoàng Công Trí",
            "Hoà Bình",
            "Lý Quý",
            "Nguyen Van An",
            "François Müller",
            "José García",
            "Renée Chloé",
            "Noël",
            "H'Hen Niê",
            "Tô Giáng",
            "Trường ôn thi",
            "Bùi Xuân Quỳnh",
            "Vũ Hòa, lớp 3×4",
            "Gìn giữ",
            "Ê Đê",
            "Đào Khuê",
        ] {
            assert_eq!(likely_reading(text), None, "{text}");
        }
    }
}
