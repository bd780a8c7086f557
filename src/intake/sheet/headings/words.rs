//! What people write in sheets, and what it means: one table for all layouts, `layouts/words.json`.

use crate::intake::sheet::headings::heading::key;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// What a column says that is no member itself, but makes one with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aid {
    /// The words of a name before the last.
    FamilyName,
    /// The last word of a name.
    GivenName,
    /// A mark for women and girls.
    Female,
    /// What the list `student-statuses` says of a student's time in the class.
    StudentStatus,
    /// The day of that.
    StatusDate,
    /// The commune that manages the school.
    ManagingCommune,
    /// The grade of the class.
    Grade,
    /// The group of a position, or the position itself once more.
    PositionGroup,
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WordsFile {
    together: Vec<Vec<String>>,
    members: BTreeMap<String, Vec<String>>,
    aids: BTreeMap<String, Vec<String>>,
    beside: Vec<String>,
    groups: BTreeMap<String, Vec<String>>,
    within: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    under_subject: BTreeMap<String, Vec<String>>,
    numbered: BTreeMap<String, Vec<String>>,
    period_of: BTreeMap<String, String>,
    of_the_year: Vec<String>,
    subjects: BTreeMap<String, Vec<String>>,
    syllables: Vec<String>,
    periods: BTreeMap<String, Vec<String>>,
    values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    exempt: Vec<String>,
}

/// The aids as the table names them.
const AIDS: [(&str, Aid); 8] = [
    ("familyName", Aid::FamilyName),
    ("givenName", Aid::GivenName),
    ("female", Aid::Female),
    ("studentStatus", Aid::StudentStatus),
    ("statusDate", Aid::StatusDate),
    ("managingCommune", Aid::ManagingCommune),
    ("grade", Aid::Grade),
    ("positionGroup", Aid::PositionGroup),
];

/// The table, its words as [`key`]s.
#[derive(Debug, Default)]
pub struct WordTable {
    /// Resources whose records the rows of one sheet often make together.
    pub together: Vec<Vec<String>>,
    /// Headings of members: the path from a record (`contacts.father.phone`), and what stands for it.
    pub members: Vec<(String, Vec<String>)>,
    /// Headings of what helps to make a member.
    pub aids: HashMap<String, Aid>,
    /// Headings of what only people read.
    pub beside: Vec<String>,
    /// Headings over several columns: the context that they set; empty: none.
    pub groups: HashMap<String, String>,
    /// In a context: heading and path.
    pub within: HashMap<String, HashMap<String, String>>,
    /// Under the name of a subject: heading and member.
    pub under_subject: HashMap<String, String>,
    /// Headings that the number of a term follows, and their members.
    pub numbered: HashMap<String, String>,
    /// Headings that say their period, and it.
    pub period_of: HashMap<String, String>,
    /// Members that a school year has, and no term.
    pub of_the_year: Vec<String>,
    /// Names of subjects, each with the codes that it may mean.
    pub subjects: HashMap<String, Vec<String>>,
    /// Names of subjects that are words of everyday speech too.
    pub syllables: Vec<String>,
    /// Names of periods.
    pub periods: HashMap<String, String>,
    values: HashMap<String, HashMap<String, String>>,
    exempt: Vec<String>,
}

static WORDS: LazyLock<WordTable> = LazyLock::new(|| {
    let file = serde_json::from_str::<WordsFile>(include_str!("../layouts/words.json"));
    file.map(WordTable::of).unwrap_or_default()
});

/// The table of the program.
pub fn words() -> &'static WordTable {
    &WORDS
}

/// Of a map from a meaning to its words, the map from a word to its meaning; the first meaning of a word stands.
fn turned(map: BTreeMap<String, Vec<String>>) -> HashMap<String, String> {
    let mut turned = HashMap::new();
    for (meaning, words) in map {
        for word in words {
            turned.entry(key(&word)).or_insert_with(|| meaning.clone());
        }
    }
    turned
}

fn keys(words: Vec<String>) -> Vec<String> {
    words.iter().map(|word| key(word)).collect()
}

impl WordTable {
    fn of(file: WordsFile) -> Self {
        let mut subjects: HashMap<String, Vec<String>> = HashMap::new();
        for (code, names) in file.subjects {
            for name in names.iter().map(|name| key(name)) {
                let codes = subjects.entry(name).or_default();
                if !codes.contains(&code) {
                    codes.push(code.clone());
                }
            }
        }
        let mut periods = turned(file.periods.clone());
        periods.extend(file.periods.into_keys().map(|code| (key(&code), code)));
        let values = file.values.into_iter().map(|(member, values)| (member, turned(values))).collect();
        let aid = |(heading, name): (String, String)| {
            AIDS.iter().find(|(known, _)| *known == name).map(|(_, aid)| (heading, *aid))
        };
        Self {
            together: file.together,
            members: file.members.into_iter().map(|(path, words)| (path, keys(words))).collect(),
            aids: turned(file.aids).into_iter().filter_map(aid).collect(),
            beside: keys(file.beside),
            groups: turned(file.groups),
            within: file.within.into_iter().map(|(context, members)| (context, turned(members))).collect(),
            under_subject: turned(file.under_subject),
            numbered: turned(file.numbered),
            period_of: file.period_of.into_iter().map(|(heading, period)| (key(&heading), period)).collect(),
            of_the_year: file.of_the_year,
            subjects,
            syllables: keys(file.syllables),
            periods,
            values,
            exempt: file.exempt,
        }
    }

    /// The value of a member that a word stands for.
    pub fn value(&self, member: &str, word: &str) -> Option<&str> {
        self.values.get(member)?.get(&key(word)).map(String::as_str)
    }
    /// Does it say that a student is exempt?
    pub fn is_exempt(&self, text: &str) -> bool {
        let text = text.to_uppercase();
        self.exempt.iter().any(|word| word.to_uppercase() == text)
    }
    /// Is the heading known to any kind of sheet?
    pub fn knows(&self, heading: &str) -> bool {
        self.aids.contains_key(heading)
            || self.groups.contains_key(heading)
            || self.subjects.contains_key(heading)
            || self.beside.iter().any(|known| known == heading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_and_names_members_that_there_are() {
        let file: WordsFile = serde_json::from_str(include_str!("../layouts/words.json")).unwrap();
        let known = |path: &str| {
            let steps: Vec<&str> = path.split('.').collect();
            crate::model::all().iter().any(|spec| spec.field_by_json(steps[0]).is_some())
        };
        let unknown: Vec<&String> = file.members.keys().filter(|path| !known(path)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        assert_eq!(words().value("learningLevel", "TỐT"), Some("T"));
        assert_eq!(words().periods.get(&key("Cuối học kì I")).map(String::as_str), Some("CK1"));
        assert_eq!(words().periods.get(&key("HỌC KỲ II")).map(String::as_str), Some("CK2"));
        assert!(words().is_exempt("m") && !words().is_exempt("Minh"));
    }

    #[test]
    fn subjects_and_periods_are_codes_that_there_are() {
        let lists = crate::model::lists::Lists::embedded();
        for code in words().subjects.values().flatten() {
            assert!(lists.entry("subjects", code).is_some(), "{code}");
        }
        for code in words().periods.values() {
            assert!(lists.entry("reporting-phases", code).is_some(), "{code}");
        }
    }
}
