//! `q=`: names that hold every word, without regard to accents, case and order; where none does, those in which a longer
//! word was typed with one slip of the key.

use crate::error::{BAD_REQUEST, Error, Result};
use crate::model::lists::fold::fold;
use crate::model::messages::message;
use crate::query::Question;
use crate::query::list::push_scope;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::{Table, quoted};
use std::borrow::Cow;

/// Characters of `q`.
pub const LONGEST: usize = 200;
/// Letters of a word in which a slip is looked for, at least: of a shorter one, too many words are one letter away.
const SHORTEST_SLIP: usize = 4;

/// The words of `q`, folded as names are.
///
/// # Errors
/// A 400 for a resource without names, and for a text that is too long or has no letter.
pub fn words(table: &Table, text: &str) -> Result<Vec<String>> {
    let fault = |detail| Err(Error::new(BAD_REQUEST, detail));
    if table.spec.search.is_empty() {
        return fault(message("search-without-names").with("resource", table.spec.name));
    }
    if text.contains('\0') || text.chars().count() > LONGEST {
        return fault(message("search-too-long").with("most", LONGEST));
    }
    let words: Vec<String> = fold(text).split_whitespace().map(str::to_owned).collect();
    if words.is_empty() { fault(message("search-empty")) } else { Ok(words) }
}

/// Adds the condition on `t`.
pub fn push<'a>(statement: &mut Statement<'a>, question: &'a Question) {
    statement.push("(");
    push_words(statement, question);
    if question.words.iter().any(|word| word.len() >= SHORTEST_SLIP) {
        let table = quoted(question.table.spec.table);
        statement.push(&format!(" OR NOT EXISTS (SELECT 1 FROM {table} t WHERE "));
        push_scope(statement, question);
        push_words(statement, question);
        statement.push(")");
        for word in &question.words {
            statement.push(&format!(" AND ' ' || {} || ' ' LIKE ANY(", names(question.table)));
            statement.push_bind(Argument::Texts(patterns(word).into_iter().map(Cow::Owned).collect()));
            statement.push(")");
        }
    }
    statement.push(")");
}

/// Every word is in the names.
fn push_words<'a>(statement: &mut Statement<'a>, question: &'a Question) {
    let whole = |word: &String| Cow::Owned(format!("%{word}%"));
    statement.push(&format!("{} LIKE ALL(", names(question.table)));
    statement.push_bind(Argument::Texts(question.words.iter().map(whole).collect()));
    statement.push(")");
}

fn names(table: &Table) -> String {
    let names: Vec<String> = table.spec.search.iter().map(|name| format!("t.{}", quoted(name))).collect();
    match names.as_slice() {
        [only] => format!("unaccent_fold({only})"),
        _ => format!("unaccent_fold(concat_ws(' ', {}))", names.join(", ")),
    }
}

/// The word itself, and, as whole words, what one slip makes of it: another letter, one too many, one too few, or two
/// that changed places.
fn patterns(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut found = vec![format!("%{word}%")];
    if letters.len() < SHORTEST_SLIP {
        return found;
    }
    let mut add = |slip: &[&[char]]| found.push(format!("% {} %", slip.concat().into_iter().collect::<String>()));
    for at in 0..=letters.len() {
        let (before, after) = letters.split_at(at);
        add(&[before, &['_'], after]);
        if let [first, rest @ ..] = after {
            add(&[before, &['_'], rest]);
            add(&[before, rest]);
            if let [second, rest @ ..] = rest {
                add(&[before, &[*second, *first], rest]);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_another_letter_one_more_one_less_or_two_that_changed_places() {
        let found = patterns("minh");
        for pattern in ["%minh%", "% _inh %", "% mi_h %", "% m_inh %", "% minh_ %", "% inh %", "% min %", "% mihn %"] {
            assert!(found.contains(&pattern.to_owned()), "{pattern}: {found:?}");
        }
        assert_eq!(patterns("lan"), ["%lan%"]);
    }
}
