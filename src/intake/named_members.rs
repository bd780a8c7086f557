//! Which members of its records a sheet has columns for: the others keep what is stored, for nobody who looked at the
//! sheet can have meant to empty them.

use crate::intake::sheet::headings::leaf::chosen;
use crate::model::field::{Field, FieldType};
use crate::model::spec::Spec;
use crate::model::value::{Row, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// How much of a value is named.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Extent {
    /// All of it.
    Whole,
    /// Of an object these members, by their places.
    Members(Vec<(usize, Extent)>),
    /// Of a list those elements that a choice tells from others: father, mother.
    Elements(Vec<(&'static str, Extent)>),
}

/// The members that a sheet names.
#[derive(Debug, PartialEq, Eq)]
pub struct NamedMembers {
    text: Box<str>,
    members: Vec<(usize, Extent)>,
}

impl NamedMembers {
    /// Of the paths of members, with spaces between: `average`, `qualities.honesty`, `contacts.father.phone`. `None`: there
    /// are none, and the record stands for itself.
    pub fn read(text: &str, fields: &'static [Field]) -> Option<Self> {
        let mut members = Vec::new();
        for path in text.split(' ').filter(|path| !path.is_empty()) {
            name(&mut members, fields, path);
        }
        (!members.is_empty()).then(|| Self { text: text.into(), members })
    }

    /// The paths, as they were read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Gives a row that was sent what is stored of the members that are not named.
    pub fn lay_over(&self, fields: &'static [Field], stored: &Row, sent: &mut Row) {
        lay_over(&self.members, fields, stored, sent);
    }
}

/// The members named by sheets that were met already: every row of a sheet names the same.
#[derive(Default)]
pub struct KnownMembers {
    /// By resource, then by their paths.
    read: HashMap<&'static str, HashMap<String, Option<Arc<NamedMembers>>>>,
}

impl KnownMembers {
    /// Those of these paths.
    pub fn of(&mut self, text: &str, spec: &'static Spec) -> Option<Arc<NamedMembers>> {
        if text.is_empty() {
            return None;
        }
        let read = self.read.entry(spec.name).or_default();
        if !read.contains_key(text) {
            read.insert(text.to_owned(), NamedMembers::read(text, spec.fields).map(Arc::new));
        }
        read.get(text).cloned().flatten()
    }
}

/// Names the member at a path, and no more of what is around it.
fn name(members: &mut Vec<(usize, Extent)>, fields: &'static [Field], path: &str) {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let Some(place) = fields.iter().position(|field| field.json == first) else { return };
    let fresh = match (rest, fields[place].kind) {
        (Some(_), FieldType::Object(_)) => Extent::Members(Vec::new()),
        (Some(_), FieldType::List(FieldType::Object(inner))) if chosen(inner).is_some() => Extent::Elements(Vec::new()),
        _ => Extent::Whole,
    };
    let extent = entry(members, place, fresh);
    match (extent, rest, fields[place].kind) {
        (Extent::Whole, ..) => (),
        (Extent::Members(members), Some(rest), FieldType::Object(inner)) => name(members, inner, rest),
        (Extent::Elements(elements), Some(rest), FieldType::List(FieldType::Object(inner))) => {
            name_element(elements, inner, rest);
        }
        (extent, ..) => *extent = Extent::Whole,
    }
}

fn name_element(elements: &mut Vec<(&'static str, Extent)>, inner: &'static [Field], path: &str) {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let values = chosen(inner).map_or(&[][..], |(_, values)| values);
    let Some(choice) = values.iter().copied().find(|value| *value == first) else { return };
    let extent = entry(elements, choice, Extent::Members(Vec::new()));
    match (extent, rest) {
        (Extent::Members(members), Some(rest)) => name(members, inner, rest),
        (extent, _) => *extent = Extent::Whole,
    }
}

fn entry<K: PartialEq>(known: &mut Vec<(K, Extent)>, key: K, fresh: Extent) -> &mut Extent {
    let at = known.iter().position(|(one, _)| *one == key).unwrap_or_else(|| {
        known.push((key, fresh));
        known.len() - 1
    });
    &mut known[at].1
}

fn lay_over(members: &[(usize, Extent)], fields: &'static [Field], stored: &Row, sent: &mut Row) {
    for (place, field) in fields.iter().enumerate() {
        let Some(kept) = stored.values.get(place) else { continue };
        match members.iter().find(|(named, _)| *named == place).map(|(_, extent)| extent) {
            // What a row says without a column for it, it says all the same.
            None if sent.is_absent(place) => sent.values[place] = kept.clone(),
            None | Some(Extent::Whole) => (),
            Some(_) if sent.is_faulty(place) => (),
            Some(Extent::Members(named)) => {
                if let FieldType::Object(inner) = field.kind {
                    sent.values[place] = object(named, inner, kept, std::mem::take(&mut sent.values[place]));
                }
            }
            Some(Extent::Elements(named)) => {
                if let FieldType::List(FieldType::Object(inner)) = field.kind {
                    sent.values[place] = list(named, inner, kept, std::mem::take(&mut sent.values[place]));
                }
            }
        }
    }
}

/// An object of which some members are named; none where nothing is left of it.
fn object(named: &[(usize, Extent)], inner: &'static [Field], kept: &Value, sent: Value) -> Value {
    let Value::Object(kept) = kept else { return sent };
    let mut row = if let Value::Object(row) = sent { row } else { Row::empty(inner.len()) };
    lay_over(named, inner, kept, &mut row);
    if row.values.iter().all(|value| *value == Value::Null) { Value::Null } else { Value::Object(row) }
}

/// The elements that were sent, then those stored that no column is about: the places of the former are as in the sheet.
fn list(named: &[(&'static str, Extent)], inner: &'static [Field], kept: &Value, sent: Value) -> Value {
    let place = chosen(inner).and_then(|(choice, _)| inner.iter().position(|field| field.json == choice.json));
    let choice = |value: &Value| match (value, place) {
        (Value::Object(row), Some(place)) => row.text(place).map(str::to_owned),
        _ => None,
    };
    let kept = if let Value::List(kept) = kept { kept.as_slice() } else { &[] };
    let extent = |value: &Value| {
        let own = choice(value)?;
        named.iter().find(|(known, _)| *known == own).map(|(_, extent)| extent)
    };
    let mut elements = if let Value::List(elements) = sent { elements } else { Vec::new() };
    for element in &mut elements {
        let stored = kept.iter().find(|stored| choice(stored) == choice(element));
        if let (Some(stored), Some(Extent::Members(members))) = (stored, extent(element)) {
            *element = object(members, inner, stored, std::mem::take(element));
        }
    }
    elements.extend(kept.iter().filter(|stored| extent(stored).is_none()).cloned());
    if elements.is_empty() { Value::Null } else { Value::List(elements) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(resource: &str) -> &'static Spec {
        crate::model::find(resource).unwrap()
    }

    fn row(resource: &str, members: &[(&str, Value)]) -> Row {
        let mut row = Row::empty(spec(resource).fields.len());
        for (name, value) in members {
            row.values[spec(resource).position(name).unwrap()] = value.clone();
        }
        row
    }

    fn laid(resource: &str, named: &str, stored: &Row, sent: &Row) -> Row {
        let mut row = sent.clone();
        let fields = spec(resource).fields;
        NamedMembers::read(named, fields).unwrap().lay_over(fields, stored, &mut row);
        row
    }

    fn contact(relation: &str, name: &str, phone: &str) -> Value {
        let FieldType::List(FieldType::Object(inner)) = spec("students").field_by_json("contacts").unwrap().kind else {
            return Value::Null;
        };
        let mut row = Row::empty(inner.len());
        for (member, text) in [("relationship", relation), ("full_name", name), ("phone", phone)] {
            let place = inner.iter().position(|field| field.name == member).unwrap();
            row.values[place] = if text.is_empty() { Value::Null } else { Value::Text(text.into()) };
        }
        Value::Object(row)
    }

    #[test]
    fn members_without_a_column_keep_what_is_stored() {
        let of = |members: &[(&str, Value)]| row("subject-results", members);
        let marks = Value::List(vec![Value::Decimal(80)]);
        let stored =
            of(&[("regular_marks", marks.clone()), ("average", Value::Decimal(70)), ("exempt", Value::Boolean(true))]);
        let sent = of(&[("average", Value::Decimal(85)), ("level", Value::Text("T".into()))]);
        let both = of(&[("regular_marks", marks), ("average", Value::Decimal(85)), ("level", Value::Text("T".into()))]);
        assert_eq!(laid("subject-results", "average exempt", &stored, &sent), both);
        assert_eq!(NamedMembers::read("", spec("subject-results").fields), None);
    }

    #[test]
    fn of_parents_that_a_choice_tells_apart_only_those_named_change() {
        let of = |contacts: Vec<Value>| row("students", &[("contacts", Value::List(contacts))]);
        let stored = of(vec![contact("mother", "Lý Thị Lan", "0912"), contact("father", "Lý Văn Tư", "0913")]);
        let sent = of(vec![contact("father", "", "0999")]);
        let both = of(vec![contact("father", "Lý Văn Tư", "0999"), contact("mother", "Lý Thị Lan", "0912")]);
        assert_eq!(laid("students", "contacts.father.phone", &stored, &sent), both);
        let gone = of(vec![contact("mother", "Lý Thị Lan", "0912")]);
        let none = row("students", &[]);
        assert_eq!(laid("students", "contacts.father.fullName contacts.father.phone", &stored, &none), gone);
        assert_eq!(laid("students", "contacts contacts.father.phone", &stored, &sent), sent);
    }
}
