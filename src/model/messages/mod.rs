//! What people are told of a request: every sentence has an id, and its texts stand in two files beside this one, `vi.txt`
//! and `en.txt`, a line a text: `id = text`, `{place}` for a value, `#` before a comment. Who makes a message knows no
//! language; it is put into words where the answer is written. `id.sheet = text` is what a person with a sheet is told in
//! the place of what a program is told; numbers and plurals are written as in [`wording`](crate::model::wording).
//!
//! What rules say stands with the rules ([`catalogue`](crate::model::rules::catalogue)).

use crate::model::issue::Language;
use crate::model::wording::{BodyForm, Notation, TemplatePiece, pieces, placeholder, written};
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

const VIETNAMESE: &str = include_str!("vi.txt");
const ENGLISH: &str = include_str!("en.txt");

/// A sentence, or a part of one: its id, and the values of its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    id: &'static str,
    /// Apart, for most have none, and errors stay small.
    values: Option<Box<Values>>,
}

/// Places and what stands there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Values(Vec<(&'static str, PlaceValue)>);

/// What stands at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceValue {
    /// The same in every language: a name, a number, what was sent.
    Word(String),
    /// A text itself.
    Message(Message),
    /// Nothing; the space before it goes too.
    Nothing,
}

impl<T: ToString> From<T> for PlaceValue {
    fn from(word: T) -> Self {
        Self::Word(word.to_string())
    }
}
impl From<Message> for PlaceValue {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

/// The message of this id, whose places are yet to be filled.
pub const fn message(id: &'static str) -> Message {
    Message { id, values: None }
}

/// What was expected, for libraries that hand on no more of an error than its text: [`named`] makes the message of it
/// again.
#[derive(Debug, Clone)]
pub struct Expected(pub Message);

/// Ends the id of what is told to a person with a sheet.
const OF_SHEETS: &str = ".sheet";

/// Stand before a place and before its value in the text of an [`Expected`].
const MARKS: [char; 2] = ['\u{1f}', '\u{1e}'];

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.id)?;
        for (place, value) in self.0.values() {
            if let PlaceValue::Word(word) = value {
                write!(f, "{}{place}{}{word}", MARKS[0], MARKS[1])?;
            }
        }
        Ok(())
    }
}

/// The message of an [`Expected`] that came as text; `None`: it is no such text.
pub fn named(text: &str) -> Option<Message> {
    let mut parts = text.split(MARKS[0]);
    let (id, texts) = TEXTS.get_key_value(parts.next()?)?;
    let mut message = message(id);
    for (place, word) in parts.filter_map(|part| part.split_once(MARKS[1])) {
        let known = pieces(texts.english).find_map(|piece| match piece {
            TemplatePiece::Value(inside) if placeholder(inside).0 == place => Some(placeholder(inside).0),
            _ => None,
        });
        message = message.with(known?, word);
    }
    Some(message)
}

impl Message {
    /// Fills a place.
    pub fn with(mut self, place: &'static str, value: impl Into<PlaceValue>) -> Self {
        self.values.get_or_insert_default().0.push((place, value.into()));
        self
    }

    /// Fills a place, or leaves nothing of it, nor of the space before it.
    pub fn maybe(mut self, place: &'static str, message: Option<Message>) -> Self {
        let value = message.map_or(PlaceValue::Nothing, PlaceValue::Message);
        self.values.get_or_insert_default().0.push((place, value));
        self
    }

    fn values(&self) -> &[(&'static str, PlaceValue)] {
        self.values.as_ref().map_or(&[], |values| &values.0)
    }

    /// Its id.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// In words. A place without a value is shown as “…”, an id without a text as itself; a test holds that there is
    /// none.
    pub fn in_language(&self, language: Language) -> String {
        self.in_form(language, BodyForm::Program)
    }

    /// In words for who sent a body of this form.
    pub fn in_form(&self, language: Language, form: BodyForm) -> String {
        let own = (form == BodyForm::Sheet).then(|| TEXTS.get(format!("{}{OF_SHEETS}", self.id).as_str())).flatten();
        let Some(text) = own.or_else(|| TEXTS.get(self.id)) else { return self.id.to_owned() };
        let text = match language {
            Language::Vietnamese => text.vietnamese,
            Language::English => text.english,
        };
        let mut words = String::with_capacity(text.len() + 32);
        for piece in pieces(text) {
            match piece {
                TemplatePiece::Words(part) => words.push_str(part),
                TemplatePiece::Value(place) => self.push_value(&mut words, place, language, form),
            }
        }
        words
    }

    fn push_value(&self, words: &mut String, place: &str, language: Language, form: BodyForm) {
        let (name, notation) = placeholder(place);
        match self.values().iter().find(|(known, _)| *known == name).map(|(_, value)| value) {
            // A program reads what it sent as it sent it.
            Some(PlaceValue::Word(word)) if form == BodyForm::Program && notation == Notation::Plain => {
                words.push_str(word);
            }
            Some(PlaceValue::Word(word)) => words.push_str(&written(word, notation, language, form)),
            Some(PlaceValue::Message(message)) => words.push_str(&message.in_form(language, form)),
            Some(PlaceValue::Nothing) => {
                if words.ends_with(' ') {
                    words.pop();
                }
            }
            None => words.push('…'),
        }
    }
}

struct Texts {
    vietnamese: &'static str,
    english: &'static str,
}

static TEXTS: LazyLock<HashMap<&'static str, Texts>> = LazyLock::new(|| {
    let mut vietnamese: HashMap<&str, &str> = entries(VIETNAMESE).collect();
    let both = |(id, english)| vietnamese.remove(id).map(|vietnamese| (id, Texts { vietnamese, english }));
    entries(ENGLISH).filter_map(both).collect()
});

/// The entries of a file: id and text.
fn entries(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(" = "))
}

#[cfg(test)]
mod tests;
