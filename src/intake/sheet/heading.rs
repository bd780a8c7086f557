//! The names under which a sheet may know the members of a resource: those of the API, the Vietnamese titles, and what
//! grade books call them.

use crate::intake::json::field_names::nearest;
use crate::model::field::{Field, FieldType};
use crate::model::lists::Lists;
use crate::model::lists::fold::fold;
use crate::model::spec::Spec;
use std::collections::HashMap;

/// A step of the way from a record to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadingStep {
    /// A member of an object.
    Member(&'static str),
    /// An element of a list; the heading says its number.
    Item,
    /// A code of the list; the heading says which.
    Code(&'static str),
}

/// What a column may hold: a single value, or a whole list or object in one cell.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The way to it.
    pub steps: Vec<HeadingStep>,
    /// Its type.
    pub kind: FieldType,
    /// The innermost member.
    pub field: &'static Field,
}

/// What a heading names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The leaf of this place, with the number or code that the heading says.
    Member(usize, String),
    /// Upsert or delete.
    Operation,
    /// What only people read beside a student's code: ordinal number, name. Not read.
    Companion,
    /// No member of the resource.
    Unknown,
}

/// Headings that go with any table and are not read where they are no member.
const COMPANIONS: &[&str] = &[
    "stt",
    "tt",
    "no",
    "so thu tu",
    "ho va ten",
    "ho ten",
    "ho dem",
    "ten",
    "ho va ten hoc sinh",
    "ten hoc sinh",
    "ngay sinh",
    "gioi tinh",
    "nu",
    "dan toc",
    // What a marked workbook adds.
    "hang goc",
    "ket qua kiem tra",
    "loi va canh bao",
    "sent in row",
    "outcome",
    "issues",
];
const OPERATION: &[&str] = &["operation", "thao tac"];

/// The names of a resource's members.
pub struct Names {
    /// The resource.
    pub spec: &'static Spec,
    /// What columns may hold.
    pub leaves: Vec<Leaf>,
    /// Keys (see [`key`]), with `#` for a number.
    names: HashMap<String, usize>,
}

/// A heading without what people write differently: accents, case, marks; numbers stand alone.
pub fn key(heading: &str) -> String {
    let mut key = String::with_capacity(heading.len() + 2);
    for letter in fold(heading).chars() {
        let splits = key
            .chars()
            .next_back()
            .is_some_and(|before| before != ' ' && letter != ' ' && before.is_ascii_digit() != letter.is_ascii_digit());
        if splits {
            key.push(' ');
        }
        key.push(letter);
    }
    key
}

impl Names {
    /// Of this resource.
    pub fn of(spec: &'static Spec) -> Self {
        let mut leaves = Vec::new();
        leaves_of(spec.fields, &mut Vec::new(), &mut leaves);
        let mut names = Self { spec, leaves, names: HashMap::new() };
        let by: [fn(&Field) -> Vec<&'static str>; 3] = [
            |field| vec![field.json],
            |field| vec![field.title()],
            |field| [field.json, field.title()].into_iter().chain(field.headings.iter().copied()).collect(),
        ];
        for alternatives in by {
            for at in 0..names.leaves.len() {
                let steps = names.leaves[at].steps.clone();
                names.learn(at, "", spec.fields, &steps, alternatives);
            }
        }
        // The members of a lone object are known without it, where nothing else is called so.
        for at in 0..names.leaves.len() {
            if let [HeadingStep::Member(outer), inner @ HeadingStep::Member(_)] = names.leaves[at].steps[..] {
                names.learn(at, "", fields_of(spec.fields, outer), &[inner], by[2]);
            }
        }
        names
    }

    fn learn(
        &mut self,
        at: usize,
        before: &str,
        fields: &'static [Field],
        steps: &[HeadingStep],
        by: fn(&Field) -> Vec<&'static str>,
    ) {
        let (word, inner): (Vec<String>, _) = match steps.first() {
            None => {
                self.names.entry(before.trim_start().to_owned()).or_insert(at);
                return;
            }
            Some(HeadingStep::Member(name)) => {
                let field = fields.iter().find(|field| field.json == *name);
                (field.map(by).unwrap_or_default().into_iter().map(key).collect(), fields_of(fields, name))
            }
            Some(HeadingStep::Item | HeadingStep::Code(_)) => (vec!["#".to_owned()], fields),
        };
        for word in word.into_iter().filter(|word| !word.is_empty()) {
            self.learn(at, &format!("{before} {word}"), inner, &steps[1..], by);
        }
    }

    /// What a heading names; `None`: it is empty.
    pub fn find(&self, heading: &str, lists: &Lists) -> Option<Target> {
        let key = key(heading);
        if key.is_empty() {
            return None;
        }
        if let Some(at) = self.names.get(&key) {
            return Some(Target::Member(*at, String::new()));
        }
        if let Some(target) = self.numbered(&key, lists) {
            return Some(target);
        }
        Some(match key.as_str() {
            key if OPERATION.contains(&key) => Target::Operation,
            key if COMPANIONS.contains(&key) => Target::Companion,
            _ => Target::Unknown,
        })
    }

    fn numbered(&self, key: &str, lists: &Lists) -> Option<Target> {
        let words: Vec<&str> = key.split(' ').collect();
        let numbers = words
            .iter()
            .enumerate()
            .filter(|(_, word)| word.len() < 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
        numbers.into_iter().find_map(|(place, number)| {
            let pattern: Vec<&str> =
                words.iter().enumerate().map(|(at, word)| if at == place { "#" } else { word }).collect();
            let at = *self.names.get(&pattern.join(" "))?;
            let code = self.leaves[at]
                .steps
                .iter()
                .find_map(|step| if let HeadingStep::Code(list) = step { Some(*list) } else { None });
            let Some(list) = code else { return Some(Target::Member(at, (*number).to_owned())) };
            let same =
                |code: &str| code == *number || (code.parse::<u32>().is_ok() && code.parse::<u32>() == number.parse());
            let entry = lists.list(list)?.entries.iter().find(|entry| same(&entry.code))?;
            Some(Target::Member(at, entry.code.clone()))
        })
    }

    /// The name that was most likely meant.
    pub fn nearest(&self, heading: &str) -> Option<&'static str> {
        let fields = self.spec.fields;
        let title = nearest(heading, fields.iter().map(Field::title));
        title.or_else(|| nearest(heading, fields.iter().map(|field| field.json)))
    }
}

fn fields_of(fields: &'static [Field], name: &str) -> &'static [Field] {
    match fields.iter().find(|field| field.json == name).map(|field| field.kind) {
        Some(FieldType::Object(inner) | FieldType::List(&FieldType::Object(inner))) => inner,
        _ => &[],
    }
}

fn leaves_of(fields: &'static [Field], steps: &mut Vec<HeadingStep>, leaves: &mut Vec<Leaf>) {
    for field in fields {
        steps.push(HeadingStep::Member(field.json));
        leaves.push(Leaf { steps: steps.clone(), kind: field.kind, field });
        match field.kind {
            FieldType::Object(inner) => leaves_of(inner, steps, leaves),
            FieldType::List(element) => {
                steps.push(HeadingStep::Item);
                match element {
                    FieldType::Object(inner) => leaves_of(inner, steps, leaves),
                    scalar => leaves.push(Leaf { steps: steps.clone(), kind: *scalar, field }),
                }
                steps.pop();
            }
            FieldType::Counts { list } => {
                steps.push(HeadingStep::Code(list));
                leaves.push(Leaf { steps: steps.clone(), kind: FieldType::Integer { min: 0, max: 100_000 }, field });
                steps.pop();
            }
            _ => (),
        }
        steps.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_member_has_names_of_its_own() {
        for spec in crate::model::all() {
            for name in [|field: &Field| field.json, |field: &Field| field.title()] {
                let names: HashSet<String> = spec.fields.iter().map(|field| key(name(field))).collect();
                assert_eq!(names.len(), spec.fields.len(), "{}: a name stands twice among {names:?}", spec.name);
                assert!(!names.contains(""), "{}: a docstring does not begin with a title", spec.name);
            }
            let titles: Vec<String> = spec.fields.iter().map(|field| key(field.title())).collect();
            for (at, field) in spec.fields.iter().enumerate() {
                let foreign = field.headings.iter().find(|heading| {
                    titles.iter().enumerate().any(|(other, title)| other != at && *title == key(heading))
                });
                assert!(foreign.is_none(), "{}: {foreign:?} is the title of another member", spec.name);
            }
        }
    }

    #[test]
    fn headings_are_found_as_people_write_them() {
        let lists = Lists::embedded();
        let found = |resource: &str, heading: &str| {
            let names = Names::of(crate::model::find(resource).unwrap());
            match names.find(heading, &lists).unwrap() {
                Target::Member(at, number) => format!("{:?} {number}", names.leaves[at].steps),
                other => format!("{other:?}"),
            }
        };
        let member = |name: &str| format!("[Member({name:?})] ");
        assert_eq!(found("students", "MÃ HỌC SINH *"), member("studentCode"));
        assert_eq!(found("students", "Ma\u{303} học sinh"), member("studentCode"), "NFD");
        assert_eq!(found("students", "contacts.2.fullName"), found("students", "Cha, mẹ, người giám hộ 2 – Họ và tên"));
        assert_eq!(found("subject-results", "ĐĐGtx 3"), found("subject-results", "regularMarks[3]"));
        assert_eq!(found("subject-results", "ĐĐGtx3"), "[Member(\"regularMarks\"), Item] 3");
        assert_eq!(found("academic-records", "Yêu nước"), found("academic-records", "qualities.patriotism"));
        assert_eq!(
            found("facility-returns", "minimumEquipmentSets.6"),
            "[Member(\"minimumEquipmentSets\"), Code(\"grade-levels\")] 06"
        );
        assert_eq!(found("facility-returns", "landAreaM2"), member("landAreaM2"));
        assert_eq!(found("classes", "foreignLanguage1"), member("foreignLanguage1"));
        assert_eq!(found("subject-results", "Họ và tên"), "Companion");
        assert_eq!(found("subject-results", "Xếp hạng"), "Unknown");
    }
}
