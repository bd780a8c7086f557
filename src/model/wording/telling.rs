//! A template and its values, put into words.

use super::names::{code, resource, resources, title};
use super::notation::{day, number, one_of, size};
use super::template::{Notation, TemplatePiece, pieces, placeholder};
use super::{BodyForm, IssuePlace, Wording};
use crate::model::issue::{Language, Reader, VEILED, of_school};
use crate::model::lists::Lists;
use crate::model::rules::phrases::phrase;
use std::borrow::Cow;

/// The text for this reader, with the values at their places.
pub fn fill<N: AsRef<str>>(wording: &Wording, values: &[(N, String)], reader: Reader, place: &IssuePlace) -> String {
    let value = |name: &str| values.iter().find(|(known, _)| known.as_ref() == name).map(|(_, value)| value.as_str());
    let telling = Telling { value: &value, reader, place };
    let template = wording.in_form(reader.form).in_language(reader.language);
    let mut text = String::with_capacity(template.len() + 32);
    telling.push(&mut text, template, true);
    text.truncate(text.trim_end().len());
    text
}

/// What is told, and to whom.
struct Telling<'t> {
    value: &'t dyn Fn(&str) -> Option<&'t str>,
    reader: Reader,
    place: &'t IssuePlace<'t>,
}

impl Telling<'_> {
    /// Appends a template; those of phrases within it are the last.
    fn push(&self, text: &mut String, template: &str, is_outer: bool) {
        for piece in pieces(template) {
            match piece {
                TemplatePiece::Words(words) => text.push_str(words),
                TemplatePiece::Value(inside) if inside.starts_with('/') => text.push_str(&self.member(inside)),
                TemplatePiece::Value(inside) => {
                    let (name, notation) = placeholder(inside);
                    let value = (self.value)(name).map(Cow::Borrowed).or_else(|| self.in_sheet(name));
                    match value.or_else(|| self.place.part(name, self.reader.language)) {
                        Some(value) => self.push_value(text, &value, notation, is_outer),
                        None if notation == Notation::Optional => {}
                        None => text.push('…'),
                    }
                }
            }
        }
    }

    /// `{in_sheet}`: the sheet, where it has a name.
    fn in_sheet(&self, name: &str) -> Option<Cow<'_, str>> {
        let sheet = (name == "in_sheet").then(|| (self.value)("sheet").unwrap_or_default())?;
        Some(match self.reader.language {
            _ if sheet.is_empty() => Cow::Borrowed(""),
            Language::Vietnamese => format!(" của trang “{sheet}”").into(),
            Language::English => format!(" of the sheet “{sheet}”").into(),
        })
    }

    fn push_value(&self, text: &mut String, value: &str, notation: Notation, is_outer: bool) {
        // Who may see what a school has was asked before: what is still marked is for nobody.
        let value = of_school(value).map_or(value, |(_, _, phrase)| phrase);
        let (is_veiled, value) = value.strip_prefix(VEILED).map_or((false, value), |value| (true, value));
        let phrase = value.strip_prefix('@').and_then(|name| phrase(name, self.reader.form));
        match phrase.filter(|_| is_outer) {
            Some(phrase) => self.push(text, phrase.in_language(self.reader.language), false),
            None if is_veiled && !self.reader.sensitive => text.push_str(&veiled(value)),
            None => text.push_str(&self.written(value, notation)),
        }
    }

    fn written<'v>(&self, value: &'v str, notation: Notation<'v>) -> Cow<'v, str> {
        match (notation, self.reader.form) {
            (Notation::Member, _) => self.member(value).into_owned().into(),
            (Notation::Key, BodyForm::Sheet) => self.record(value).map_or(Cow::Borrowed(value), Cow::Owned),
            _ => written(value, notation, self.reader.language, self.reader.form),
        }
    }

    /// A record of the resource `{resource}` by the last part of its key, and its school year.
    fn record(&self, key: &str) -> Option<String> {
        let name = (self.value)("resource")?;
        let spec = crate::model::find(name)?;
        // The code of a class, which comes last, may have a slash itself: 6/7.
        let parts: Vec<&str> = key.splitn(spec.key.len(), '/').collect();
        let part = |field: &str| spec.key.iter().position(|known| *known == field).and_then(|at| parts.get(at));
        let year = match (part("school_year"), self.reader.language) {
            (None, _) => String::new(),
            (Some(year), Language::Vietnamese) => format!(" năm học {year}"),
            (Some(year), Language::English) => format!(" of {year}"),
        };
        let last = parts.get(spec.key.len().checked_sub(1)?)?;
        Some(format!("{} {}{year}", resource(name, self.reader.language)?, day(last, self.reader.language)))
    }

    /// A member by its name or pointer: for a program the name, for a person the heading that the sheet itself has
    /// above it, else its title.
    fn member<'v>(&self, value: &'v str) -> Cow<'v, str> {
        let name = value.trim_start_matches('/');
        if self.reader.form == BodyForm::Program {
            return Cow::Borrowed(name);
        }
        let own = self.place.pointer.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'));
        match self.place.heading.filter(|_| own) {
            Some(heading) => Cow::Owned(heading.to_owned()),
            None => {
                let title = title(self.place.resource, if own { self.place.pointer } else { name });
                title.map_or(Cow::Borrowed(name), Cow::Owned)
            }
        }
    }
}

/// A value that needs no place to be written: whatever is no member and no key.
pub fn written<'v>(value: &'v str, notation: Notation<'v>, language: Language, form: BodyForm) -> Cow<'v, str> {
    if let Some(words) = value.strip_prefix("@or:") {
        return one_of(words, language).into();
    }
    match (notation, form) {
        (Notation::Plural(one, many), _) => Cow::Borrowed(if value == "1" { one } else { many }),
        (Notation::Number, _) => number(value, language),
        (Notation::Size, _) => size(value, language).into(),
        (Notation::Resource, BodyForm::Sheet) => resources(value, language).into(),
        // What a cell's list is called is Vietnamese, as the headings are.
        (Notation::List, BodyForm::Sheet) => Lists::title(value).map_or(value, |title| title.vi).into(),
        (Notation::Code(list), BodyForm::Sheet) => number(&code(list, value), language).into_owned().into(),
        _ => day(value, language),
    }
}

/// Of a sensitive value its first three characters; of a short one, such as a code, that would be the whole.
fn veiled(value: &str) -> String {
    value.chars().take(if value.chars().count() > 6 { 3 } else { 0 }).chain("***".chars()).collect()
}
