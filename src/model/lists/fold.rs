//! Vietnamese text without accents and case, and how far two texts are apart. What is folded here is folded alike in the
//! database (`unaccent_fold`), where names are searched and set beside each other.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters of other scripts that look like Latin ones, and those.
const LOOK_ALIKES: (&str, &str) =
    ("АВЕЅІЈКМНОРСТУХавеѕіјкмнорстухΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυ", "ABESIJKMHOPCTYXabesijkmhopctyxABEZHIKMNOPTYXavopu");

/// What people write before the code of a class or campus.
const WORDS_BEFORE_CODES: [&str; 5] = ["lớp", "lop", "class", "điểmtrường", "điểm"];

/// "Đặng Thị Ứng" → "dang thi ung"; spaces, hyphens and apostrophes become one space. What shows nothing is left out, and
/// what looks like a Latin letter is one.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter) && !is_format(*letter)) {
        match latin(letter) {
            'đ' | 'Đ' => folded.push('d'),
            letter if letter.is_ascii() && letter.is_alphanumeric() => folded.push(letter.to_ascii_lowercase()),
            letter if letter.is_alphanumeric() => folded.extend(letter.to_lowercase()),
            _ if folded.ends_with(' ') || folded.is_empty() => (),
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The Latin letter that this one is, or looks like.
pub fn latin(letter: char) -> char {
    match d_with_stroke(letter) {
        letter if letter.is_ascii() || matches!(letter, 'đ' | 'Đ') => letter,
        letter => LOOK_ALIKES
            .0
            .chars()
            .zip(LOOK_ALIKES.1.chars())
            .find(|(other, _)| *other == letter)
            .map_or(letter, |(_, latin)| latin),
    }
}

/// Đ for a letter that looks like it; any other as it is.
pub fn d_with_stroke(letter: char) -> char {
    match letter {
        'Ð' | 'Ɖ' => 'Đ',
        'ð' | 'ɖ' => 'đ',
        letter => letter,
    }
}

/// Does the character show nothing: of format or direction, a joiner, a variation of what stands before?
pub fn is_format(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// A code without what people write one way or another: case, spaces, and the word before it: "Lớp 6a2" and "6A2".
/// Accents and signs tell codes apart: 6D and 6Đ, 6/1 and 61.
pub fn bare_code(code: &str) -> String {
    let visible = code.nfkc().filter(|letter| !letter.is_whitespace() && !is_format(*letter));
    let bare: String = visible.flat_map(char::to_lowercase).collect();
    let rest = WORDS_BEFORE_CODES.iter().find_map(|word| bare.strip_prefix(word)).filter(|rest| !rest.is_empty());
    rest.map(str::to_owned).unwrap_or(bare)
}

/// Is the code that one, when it is bare? Most are told apart by their last letters, without a copy of the code.
pub fn is_bare_code(code: &str, bare: &str) -> bool {
    if code.is_ascii() {
        let mut letters = code.bytes().rev().filter(|letter| !letter.is_ascii_whitespace());
        let ends_alike =
            bare.bytes().rev().all(|end| letters.next().is_some_and(|letter| letter.eq_ignore_ascii_case(&end)));
        if !ends_alike {
            return false;
        }
    }
    bare_code(code) == bare
}

/// How many letters must be changed, added or left out to make one text of the other.
pub fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut costs: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut costs[0], row + 1);
        for (column, against) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *against);
            diagonal = costs[column + 1];
            costs[column + 1] = changed.min(costs[column] + 1).min(diagonal + 1);
        }
    }
    costs.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_takes_accents_and_case_away() {
        assert_eq!(fold("  Đặng Thị  ỨNG "), "dang thi ung");
        assert_eq!(fold("H'Mông"), fold("h-mong"));
    }
    #[test]
    fn what_looks_alike_folds_alike() {
        for other in ["Ðặng", "Ɖặng", "ɖặng", "ðặng", "Đặ\u{200d}ng", "Ｄａｎｇ", "Dаng", "D\u{ad}ang\u{200e}"]
        {
            assert_eq!(fold(other), "dang", "{other}");
        }
        assert_eq!((fold("Hoà"), fold("Χоà")), (fold("Hòa"), "xoa".to_owned()));
        assert_eq!(LOOK_ALIKES.0.chars().count(), LOOK_ALIKES.1.chars().count());
    }
    #[test]
    fn codes_are_the_same_whatever_is_written_around_them() {
        for other in ["6a2", "Lớp 6A2", "LỚP 6 A2", "6 A 2", "lop6a2"] {
            assert_eq!(bare_code(other), bare_code("6A2"), "{other}");
        }
        for (one, other) in [("6A3", "6A2"), ("6D", "6Đ"), ("6/1", "61"), ("6A1-1", "6A11")] {
            assert_ne!(bare_code(one), bare_code(other), "{one}");
        }
        assert_eq!(bare_code("Lớp"), "lớp");
        for code in ["6A2", " 6a2", "lop 6A2", "6A\u{a0}2", "Lớp 6A2", "6A3", "16A2", "A2", "lop", "6Đ2", ""] {
            for other in ["6A2", "Lớp 6a2", "lop", "6Đ2", "a2", ""] {
                let is_one = is_bare_code(code, &bare_code(other));
                assert_eq!(is_one, bare_code(code) == bare_code(other), "{code:?} {other:?}");
            }
        }
    }
    #[test]
    fn distance_counts_letters() {
        assert_eq!(
            [distance("kinh", "kinh"), distance("kinh", "kin"), distance("", "abc"), distance("nam", "nữ")],
            [0, 1, 3, 2]
        );
    }
}
