//! Vietnamese text without accents and case, and how far two texts are apart.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// "Đặng Thị Ứng" → "dang thi ung"; spaces, hyphens and apostrophes become one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'đ' | 'Đ' => folded.push('d'),
            letter if letter.is_alphanumeric() => folded.extend(letter.to_lowercase()),
            _ if folded.ends_with(' ') || folded.is_empty() => (),
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
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
    fn distance_counts_letters() {
        assert_eq!(
            [distance("kinh", "kinh"), distance("kinh", "kin"), distance("", "abc"), distance("nam", "nữ")],
            [0, 1, 3, 2]
        );
    }
}
