//! What resources, members and codes are called by people.

use crate::model::field::{Field, FieldType};
use crate::model::issue::Language;
use crate::model::lists::Lists;
use crate::model::wording::notation::day;

/// What a resource is called within a sentence.
pub(super) fn resource(name: &str, language: Language) -> Option<String> {
    crate::model::find(name).map(|spec| lowered(spec.title.in_language(language)))
}

/// What resources are called, one or several after commas; what is none stands as it is.
pub(super) fn resources(names: &str, language: Language) -> String {
    let called = |name: &str| resource(name, language).unwrap_or_else(|| name.to_owned());
    names.split(", ").map(called).collect::<Vec<_>>().join(", ")
}

/// With a small letter at its beginning.
pub(super) fn lowered(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The Vietnamese name of a code, else the code; of several (`TOAN 4.9 < 5.0, GDTC CĐ`) each.
pub(super) fn code(list: &str, value: &str) -> String {
    let name = |code: &str| Lists::program().entry(list, code).map(|entry| entry.name_vi.as_str());
    let name = |code: &str| name(code).filter(|name| !name.is_empty()).unwrap_or(code).to_owned();
    let one = |part: &str| match part.split_once(' ') {
        Some((code, rest)) => format!("{} {rest}", name(code)),
        None => name(part),
    };
    value.split(", ").map(one).collect::<Vec<_>>().join(", ")
}

/// What people call a member's value: the word that cells hold for it, the name of its code, the day as it is written.
pub fn value_in_words(field: &Field, value: &str, language: Language) -> String {
    let list = match field.kind {
        FieldType::Code { list } => Some(list),
        _ => field.list,
    };
    match (field.labels.iter().find(|(known, _)| *known == value), list) {
        (Some((_, word)), _) => (*word).to_owned(),
        (None, Some(list)) => code(list, value),
        (None, None) => day(value, language).into_owned(),
    }
}

/// What the heading of a member is called in templates: `contacts/0/phone` is “Cha, mẹ, người giám hộ 1 – Điện thoại”.
pub fn title(resource: Option<&str>, pointer: &str) -> Option<String> {
    let mut fields: &[Field] = resource.and_then(crate::model::find)?.fields;
    let mut title = String::new();
    for part in pointer.split('/').filter(|part| !part.is_empty()) {
        if let Some(field) = fields.iter().find(|field| field.json == part) {
            if !title.is_empty() {
                title.push_str(" – ");
            }
            title.push_str(field.title());
            fields = match field.kind {
                FieldType::Object(inner) | FieldType::List(&FieldType::Object(inner)) => inner,
                _ => &[],
            };
        } else if let Ok(index) = part.parse::<usize>() {
            title.push_str(&format!(" {}", index + 1));
        } else if !title.is_empty() {
            title.push_str(&format!(" {part}"));
        } else {
            return None;
        }
    }
    (!title.is_empty()).then_some(title)
}
