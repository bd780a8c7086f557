//! The names of members: known in one comparison when they come in the order of the definition, and the nearest one
//! when misspelt.

use crate::model::field::Field;
use crate::model::messages::{Message, message};
use serde::de::{DeserializeSeed, Deserializer, Visitor};

/// A member's name in a record.
pub enum FieldName {
    /// Place of the field.
    Known(usize),
    /// The name as sent.
    Unknown(String),
}

/// Recognises a member's name; `expected` is the place most likely.
pub struct MemberSeed {
    /// The fields of the object.
    pub fields: &'static [Field],
    /// The place after the last member's.
    pub expected: usize,
}

impl<'de> DeserializeSeed<'de> for MemberSeed {
    type Value = FieldName;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FieldName, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for MemberSeed {
    type Value = FieldName;
    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a member's name")
    }
    fn visit_str<E>(self, name: &str) -> Result<FieldName, E> {
        if self.fields.get(self.expected).is_some_and(|field| field.json == name) {
            return Ok(FieldName::Known(self.expected));
        }
        Ok(match self.fields.iter().position(|field| field.json == name) {
            Some(at) => FieldName::Known(at),
            None => FieldName::Unknown(name.to_owned()),
        })
    }
}

/// The candidate with the fewest edits, if it is near enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(60).flat_map(char::to_lowercase).collect();
    // Two words of three letters are never alike that differ in two.
    let limit = match word.len() {
        0 | 1 => 0,
        2 | 3 => 1,
        letters => letters / 2,
    };
    candidates
        .filter(|candidate| candidate.chars().count().abs_diff(word.len()) <= limit)
        .map(|candidate| (edits(&word, candidate), candidate))
        .filter(|(edits, _)| *edits <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// What is expected in the place of a word that is none of these, with the nearest of them.
pub fn one_of(word: &str, words: &[&str]) -> Message {
    let known = words.join(", ");
    match nearest(word, words.iter().copied()) {
        Some(nearest) => message("one-of-expected-near").with("known", known).with("nearest", nearest),
        None => message("one-of-expected").with("known", known),
    }
}

/// Levenshtein's distance, case folded.
fn edits(word: &[char], other: &str) -> usize {
    let other: Vec<char> = other.chars().flat_map(char::to_lowercase).collect();
    let mut line: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in word.iter().enumerate() {
        let mut diagonal = line[0];
        line[0] = row + 1;
        for (column, with) in other.iter().enumerate() {
            let substitution = diagonal + usize::from(letter != with);
            diagonal = line[column + 1];
            line[column + 1] = substitution.min(diagonal + 1).min(line[column] + 1);
        }
    }
    line[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_word_is_near_to_none_that_shares_one_letter_with_it() {
        let levels = ["HTXS", "HTT", "HT", "CHT"];
        for far in ["Khá", "Đạt", "T", "K"] {
            assert_eq!(nearest(far, levels.into_iter()), None, "{far}");
        }
        assert_eq!(nearest("HTS", levels.into_iter()), Some("HT"));
        assert_eq!(nearest("nam", ["name", "grade"].into_iter()), Some("name"));
    }
}
