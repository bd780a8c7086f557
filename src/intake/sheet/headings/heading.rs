//! The names under which a sheet may know the members of a resource: those of the API, the Vietnamese titles, and what
//! grade books call them.

pub use crate::intake::sheet::headings::leaf::{CHOSEN, HeadingStep, Leaf};
use crate::intake::sheet::headings::leaf::{chosen, fields_of, leaves_of};
use crate::intake::sheet::headings::words::{Aid, words};
use crate::model::field::Field;
use crate::model::lists::Lists;
use crate::model::lists::fold::{distance, fold};
use crate::model::spec::Spec;
use std::collections::HashMap;

/// What a heading names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The leaf of this place, with the number or code that the heading says.
    Member(usize, String),
    /// What makes a member with others.
    Aid(Aid),
    /// Upsert or delete.
    Operation,
    /// What only people read beside a student's code: ordinal number, name. Not read.
    Companion,
    /// No member of the resource.
    Unknown,
}

const OPERATION: &[&str] = &["operation", "thao tac"];

/// The names of a resource's members.
#[derive(Clone)]
pub struct Names {
    /// The resource.
    pub spec: &'static Spec,
    /// What columns may hold.
    pub leaves: Vec<Leaf>,
    /// Keys (see [`key`]), with `#` for a number: the leaf, and the number that the heading means.
    names: HashMap<String, (usize, String)>,
    /// Keys of headings that only people read.
    ignored: Vec<String>,
}

/// A heading without what people write differently: accents, case, marks, i for y at the end of a word (`kì`, `kỳ`);
/// numbers stand alone.
pub fn key(heading: &str) -> String {
    let mut key = String::with_capacity(heading.len() + 2);
    for letter in fold(heading).chars() {
        let splits = key
            .chars()
            .next_back()
            .is_some_and(|before| before != ' ' && letter != ' ' && before.is_ascii_digit() != letter.is_ascii_digit());
        if splits || letter == ' ' {
            same_vowel(&mut key);
        }
        if splits {
            key.push(' ');
        }
        key.push(letter);
    }
    same_vowel(&mut key);
    key
}

/// `ky` → `ki`: of a syllable that ends in a single vowel, spelling leaves the letter free.
fn same_vowel(key: &mut String) {
    let mut last = key.bytes().rev();
    if last.next() == Some(b'y')
        && last.next().is_some_and(|before| before.is_ascii_alphabetic() && !b"aeiouy".contains(&before))
    {
        key.pop();
        key.push('i');
    }
}

impl Names {
    /// Of this resource.
    pub fn of(spec: &'static Spec) -> Self {
        let mut leaves = Vec::new();
        leaves_of(spec.fields, None, &mut Vec::new(), &mut leaves);
        let mut names = Self { spec, leaves, names: HashMap::new(), ignored: Vec::new() };
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
        // A code that names the record itself is meant before one that it refers to.
        let is_key =
            |path: &str| spec.key.iter().filter_map(|name| spec.position(name)).any(|at| spec.fields[at].json == path);
        let (of_key, others): (Vec<_>, Vec<_>) = words().members.iter().partition(|(path, _)| is_key(path));
        for (path, headings) in of_key.into_iter().chain(others) {
            if let Some(target) = names.at_path(path) {
                headings.iter().for_each(|heading| names.is_called(heading, &target));
            }
        }
        names
    }

    /// A heading (as a key) names this too, unless it names something already.
    fn is_called(&mut self, heading: &str, target: &(usize, String)) {
        if !heading.is_empty() {
            self.names.entry(heading.to_owned()).or_insert_with(|| target.clone());
        }
    }

    /// A heading (as a key) names the member at this path, whatever it names else.
    pub fn rename(&mut self, heading: String, path: &str) {
        if let Some(target) = self.at_path(path) {
            self.names.insert(heading, target);
        }
    }

    /// A heading (as a key) names no member.
    pub fn forget(&mut self, heading: &str) {
        self.names.remove(heading);
        self.ignored.push(heading.to_owned());
    }

    /// The leaf at a path of the table of words: `average`, `qualities.honesty`; `contacts.mother.phone` is of the element
    /// whose choice is `mother`.
    pub fn at_path(&self, path: &str) -> Option<(usize, String)> {
        let (mut fields, mut steps, mut number) = (self.spec.fields, Vec::new(), String::new());
        for part in path.split('.') {
            if let Some(place) = chosen(fields).and_then(|(_, values)| values.iter().position(|value| *value == part)) {
                steps.push(HeadingStep::Item);
                number = (CHOSEN + place as u32).to_string();
                continue;
            }
            let field = fields.iter().find(|field| field.json == part)?;
            steps.push(HeadingStep::Member(field.json));
            fields = fields_of(fields, field.json);
        }
        self.leaves.iter().position(|leaf| leaf.steps == steps).map(|at| (at, number))
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
                self.is_called(before.trim_start(), &(at, String::new()));
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
        if key.is_empty() { None } else { Some(self.target(&key, lists)) }
    }

    /// The same of a key.
    pub fn target(&self, key: &str, lists: &Lists) -> Target {
        self.member(key, lists).unwrap_or_else(|| match words().aids.get(key) {
            _ if OPERATION.contains(&key) => Target::Operation,
            _ if self.ignored.iter().any(|known| known == key) => Target::Companion,
            Some(aid) if self.takes(*aid) => Target::Aid(*aid),
            _ if words().beside.iter().any(|known| known == key) || words().aids.contains_key(key) => Target::Companion,
            _ => Target::Unknown,
        })
    }

    /// The member of this key.
    pub fn member(&self, key: &str, lists: &Lists) -> Option<Target> {
        match self.names.get(key) {
            Some((at, number)) => Some(Target::Member(*at, number.clone())),
            None => self.numbered(key, lists),
        }
    }

    /// Is there a member that the aid helps to make?
    fn takes(&self, aid: Aid) -> bool {
        let has = |name| self.spec.position(name).is_some();
        match aid {
            Aid::FamilyName | Aid::GivenName => has("full_name"),
            Aid::Female => has("sex"),
            Aid::StudentStatus | Aid::StatusDate => has("entry_type"),
            Aid::PositionGroup => has("position") && has("group"),
            Aid::ManagingCommune => has("school_code") && has("position"),
            Aid::Grade => false,
        }
    }

    fn numbered(&self, key: &str, lists: &Lists) -> Option<Target> {
        if !key.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let words: Vec<&str> = key.split(' ').collect();
        let numbers = words
            .iter()
            .enumerate()
            .filter(|(_, word)| word.len() < 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
        numbers.into_iter().find_map(|(place, number)| {
            let pattern: Vec<&str> =
                words.iter().enumerate().map(|(at, word)| if at == place { "#" } else { word }).collect();
            let at = self.names.get(&pattern.join(" "))?.0;
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

    /// The name that was most likely meant: one that differs by few letters only.
    pub fn nearest(&self, heading: &str) -> Option<&'static str> {
        let heading = key(heading);
        let length = heading.chars().count();
        let limit = match length {
            ..=3 => return None,
            4..=6 => 1,
            7..=14 => 2,
            _ => 3,
        };
        let near = |name: &'static str| {
            let own = key(name);
            let is_far = own.chars().next() != heading.chars().next() || own.chars().count().abs_diff(length) > limit;
            let apart = if is_far { usize::MAX } else { distance(&own, &heading) };
            (apart <= limit).then_some((apart, name))
        };
        let names =
            |name: fn(&Field) -> &'static str| self.spec.fields.iter().filter_map(move |field| near(name(field))).min();
        let title = names(Field::title).or_else(|| names(|field| field.json));
        title.map(|(_, name)| name)
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
