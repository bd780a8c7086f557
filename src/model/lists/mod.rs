//! Code lists, administrative units, rule parameters, crosswalks and reporting periods, as one immutable snapshot that
//! a submission is judged by.

mod crosswalks;
mod embedded;
pub mod fold;
mod list;
mod parameters;
pub mod reporting;
pub mod table;
mod typed;
mod units;
mod years;

#[cfg(test)]
mod tests;

pub use crosswalks::{Crosswalk, CrosswalkLine, Crosswalks, Reading};
pub use list::{List, ListEntry};
pub use parameters::Scheme;
pub use reporting::ReportingPeriod;
pub use typed::{Grade, Subject, SubjectKind};
pub use units::{SameCommunes, Unit, UnitLevel, UnitState, Units};

use crate::model::issue::Text;
use crate::model::messages::{Message, message};
use crate::model::moment;
use chrono::NaiveDate;
use parameters::RuleParameters;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

/// The lists of the program, read once.
static EMBEDDED: LazyLock<Lists> = LazyLock::new(|| {
    let lists = embedded::lists().map(|(name, list)| (name.to_owned(), Arc::new(list))).collect();
    Lists::of(lists, Arc::default())
});

/// The snapshot. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Lists {
    lists: HashMap<String, Arc<List>>,
    typed: Arc<Typed>,
    units: Arc<Units>,
    crosswalks: Arc<HashMap<Uuid, Crosswalks>>,
    reporting: Arc<Vec<ReportingPeriod>>,
}

/// What is derived from the lists once.
#[derive(Debug)]
struct Typed {
    grades: HashMap<String, Grade>,
    subjects: Vec<Subject>,
    by_subject: HashMap<String, Vec<usize>>,
    levels: HashMap<String, Vec<char>>,
    parameters: RuleParameters,
}

impl Default for Lists {
    fn default() -> Self {
        Self::embedded()
    }
}

impl Lists {
    /// What the program brings along: every list, no communes.
    pub fn embedded() -> Self {
        EMBEDDED.clone()
    }
    /// The same to look at, without a copy.
    pub fn program() -> &'static Self {
        &EMBEDDED
    }
    /// These lists in the place of the program's own of the same name (of `provinces` and `rule-parameters`, entry by
    /// entry), and these units.
    pub fn overlaid(stored: BTreeMap<String, Vec<ListEntry>>, units: impl Into<Arc<Units>>) -> Self {
        let mut lists = EMBEDDED.lists.clone();
        for (name, entries) in stored {
            let entries = match name.as_str() {
                "provinces" => {
                    without_repeats(completed(&EMBEDDED, &name, entries, |own, new| own.valid_from == new.valid_from))
                }
                "rule-parameters" => {
                    completed(&EMBEDDED, &name, by_year(entries), |own, new| own.column("since") == new.column("since"))
                }
                _ => entries,
            };
            lists.insert(name, Arc::new(List::new(entries)));
        }
        Self::of(lists, units.into())
    }
    fn of(lists: HashMap<String, Arc<List>>, units: Arc<Units>) -> Self {
        let list = |name: &str| lists.get(name).map(Arc::clone).unwrap_or_default();
        let subjects = typed::subjects_and_strands(&list("subjects"), &list("subject-strands"));
        let mut by_subject: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, subject) in subjects.iter().enumerate() {
            by_subject.entry(subject.code.clone()).or_default().push(place);
        }
        let typed = Typed {
            grades: typed::grades(&list("grade-levels")),
            subjects,
            by_subject,
            levels: typed::combined_levels(&list("school-levels")),
            parameters: RuleParameters::of(&list("rule-parameters")),
        };
        Self { lists, typed: Arc::new(typed), units, crosswalks: Arc::default(), reporting: Arc::default() }
    }
    /// With what administrators set: the clients' crosswalks and the reporting periods.
    pub fn governed(self, crosswalks: HashMap<Uuid, Crosswalks>, reporting: Vec<ReportingPeriod>) -> Self {
        Self { crosswalks: Arc::new(crosswalks), reporting: Arc::new(reporting), ..self }
    }

    /// Names of the lists, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.lists.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
    /// What a list of the program is called.
    pub fn title(name: &str) -> Option<Text> {
        embedded::FILES.iter().find(|(known, ..)| *known == name).map(|(_, vi, en, _)| Text { vi, en })
    }
    /// The list of this name.
    pub fn list(&self, name: &str) -> Option<&List> {
        self.lists.get(name).map(Arc::as_ref)
    }
    /// May the code of the list be used on this day? In lists whose key has a group (subjects, assessment levels): in
    /// any group.
    pub fn contains(&self, list: &str, code: &str, on: NaiveDate) -> bool {
        self.list(list).is_some_and(|list| list.contains(code, on))
    }
    /// May the code be used in this group: `("assessment-levels", "TT22_LEVEL", "K")`?
    pub fn contains_in(&self, list: &str, group: &str, code: &str) -> bool {
        self.list(list).is_some_and(|list| list.with_code(code).any(|entry| entry.group() == Some(group)))
    }
    /// The entry with this code, the latest of several.
    pub fn entry(&self, list: &str, code: &str) -> Option<&ListEntry> {
        self.list(list)?.entry(code)
    }
    /// A further column of an entry.
    pub fn attribute(&self, list: &str, code: &str, column: &str) -> Option<&str> {
        self.entry(list, code)?.column(column)
    }
    /// The code that was most likely meant: `Kinh` → `01`, `Nam` → `male`.
    pub fn nearest(&self, list: &str, value: &str) -> Option<String> {
        self.list(list)?.nearest(value)
    }

    /// The grade of this code.
    pub fn grade(&self, code: &str) -> Option<&Grade> {
        self.typed.grades.get(code)
    }
    /// The subject of a grade's level (`06`), or of a level (`2`, `THCS`). It need not be taught in that very grade:
    /// ask its periods.
    pub fn subject(&self, level_or_grade: &str, code: &str) -> Option<&Subject> {
        let level = self.grade(level_or_grade).map(|grade| grade.level).or_else(|| typed::level(level_or_grade))?;
        let places = self.typed.by_subject.get(code)?;
        places.iter().filter_map(|place| self.typed.subjects.get(*place)).find(|subject| subject.level == level)
    }
    /// Is the subject assessed by comments, wherever it is taught?
    pub fn is_commented(&self, subject: &str) -> bool {
        let places = self.typed.by_subject.get(subject).map_or(&[][..], Vec::as_slice);
        !places.is_empty()
            && places.iter().filter_map(|place| self.typed.subjects.get(*place)).all(|subject| !subject.scored)
    }
    /// The subjects taught in a grade.
    pub fn subjects_of_grade<'a>(&'a self, grade: &'a str) -> impl Iterator<Item = &'a Subject> {
        let level = self.grade(grade).map(|grade| grade.level);
        self.typed
            .subjects
            .iter()
            .filter(move |subject| Some(subject.level) == level && subject.periods(grade).is_some())
    }
    /// Is the subject taught in the grade?
    pub fn is_taught(&self, subject: &str, grade: &str) -> bool {
        self.subject(grade, subject).is_some_and(|subject| subject.periods(grade).is_some())
    }
    /// Codes of the subjects from which upper-secondary classes choose four.
    pub fn electives(&self) -> impl Iterator<Item = &str> {
        let subjects =
            self.typed.subjects.iter().filter(|subject| subject.level == '3' && subject.kind == SubjectKind::Choice);
        subjects.map(|subject| subject.code.as_str())
    }
    /// Is the subject one of them?
    pub fn is_elective(&self, subject: &str) -> bool {
        self.subject("3", subject).is_some_and(|subject| subject.kind == SubjectKind::Choice)
    }

    /// The single levels of a school level: `123` → 1, 2, 3; continuing education (`6`) teaches 2 and 3.
    pub fn level_combines(&self, school_level: &str) -> &[char] {
        self.typed.levels.get(school_level).map_or(&[], Vec::as_slice)
    }
    /// The digits that the sixth place of a school code may hold for a level; empty: not known.
    pub fn school_code_digits(&self, level: &str) -> Vec<char> {
        let digits = |level: &str| self.attribute("school-levels", level, "school_code_digit").unwrap_or_default();
        let mut expected: Vec<char> = digits(level).chars().filter(char::is_ascii_digit).collect();
        // Which digit a school of several levels bears is uncertain: that of any of them agrees with it.
        if !expected.is_empty() {
            let combined =
                self.level_combines(level).iter().flat_map(|one| digits(one.encode_utf8(&mut [0; 4])).chars());
            let more: Vec<char> =
                combined.filter(|digit| digit.is_ascii_digit() && !expected.contains(digit)).collect();
            expected.extend(more);
        }
        expected
    }
    /// Does this state of staff count as working?
    pub fn staff_status_active(&self, code: &str) -> bool {
        self.attribute("staff-statuses", code, "active") == Some("1")
    }
    /// Rank of a qualification: 5 college, 6 university, 7 master, 8 doctor.
    pub fn training_rank(&self, code: &str) -> Option<i64> {
        self.attribute("training-levels", code, "rank")?.parse().ok()
    }
    /// The rank of a teacher; its columns `level` (MN, TH, THCS, THPT) and `min_qualification`.
    pub fn teacher_rank(&self, code: &str) -> Option<&ListEntry> {
        self.entry("teacher-ranks", code)
    }

    /// The province that bore this code on a day.
    pub fn province(&self, code: &str, on: NaiveDate) -> Option<&ListEntry> {
        let provinces = self.list("provinces")?.with_code(code).filter(|province| province.is_valid(on));
        provinces.max_by_key(|province| province.valid_from)
    }
    /// Is or was this the code of a province?
    pub fn is_province(&self, code: &str) -> bool {
        self.entry("provinces", code).is_some()
    }
    /// Is this the citizen number prefix of one of the 63 provinces? They are for life, whatever merged since.
    pub fn citizen_prefix_known(&self, prefix: &str) -> bool {
        let provinces = self.list("provinces").map_or(&[][..], |list| list.entries.as_slice());
        // The prefix is the province's code with a zero before it, in every entry that has one: ask that entry first.
        let usual = prefix.strip_prefix('0').and_then(|code| self.attribute("provinces", code, "cccd_prefix"));
        usual == Some(prefix) || provinces.iter().any(|province| province.column("cccd_prefix") == Some(prefix))
    }
    /// May this be the citizen number prefix of a country of birth? Their annex is not among the lists, so a range
    /// stands for it.
    pub fn is_country_prefix(&self, prefix: &str, on: NaiveDate) -> bool {
        let year = Self::school_year_of(on);
        let (first, last) =
            (self.parameter("citizen-id.first-country", &year), self.parameter("citizen-id.last-country", &year));
        let number: Option<i64> = prefix.parse().ok();
        number
            .is_some_and(|number| first.is_some_and(|first| first <= number) && last.is_some_and(|last| number <= last))
    }
    /// Is this the prefix (three digits) of a mobile operator?
    pub fn mobile_prefix_known(&self, prefix: &str) -> bool {
        self.entry("mobile-prefixes", prefix).is_some()
    }

    /// Administrative units.
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// A figure of the rules for a school year: `parameter("pupil.years-late", "2025-2026")`.
    pub fn parameter(&self, name: &str, school_year: &str) -> Option<i64> {
        self.typed.parameters.get(name, school_year)
    }
    /// The same for a grade, where it has a figure of its own: `parameter_in_grade("learning.good-mark", "2025-2026",
    /// "06")` looks for `learning.good-mark.grade-06` first.
    pub fn parameter_in_grade(&self, name: &str, school_year: &str, grade: &str) -> Option<i64> {
        self.parameter(&format!("{name}.grade-{grade}"), school_year).or_else(|| self.parameter(name, school_year))
    }
    /// Regular marks of a term for a subject of so many periods a year.
    pub fn regular_marks(&self, periods: u16, school_year: &str) -> Option<i64> {
        let name = match periods {
            ..=35 => "regular-marks.up-to-35-periods",
            36..=70 => "regular-marks.up-to-70-periods",
            _ => "regular-marks.more-periods",
        };
        self.parameter(name, school_year)
    }
    /// The circular by which a grade of secondary school is assessed; `None` for other grades.
    pub fn scheme(&self, school_year: &str, grade: &str) -> Option<Scheme> {
        let is_secondary = matches!(self.grade(grade)?.level, '2' | '3');
        let holds = self.parameter(&format!("circular-22.grade-{grade}"), school_year) == Some(1);
        is_secondary.then_some(if holds { Scheme::Circular22 } else { Scheme::Circular58 })
    }
}

/// The program's entries of a list, with what was loaded in the place of the same ones: a file that lacks some must not
/// take prefixes of citizen numbers or limits of rules away.
fn completed(
    program: &Lists,
    list: &str,
    stored: Vec<ListEntry>,
    same: impl Fn(&ListEntry, &ListEntry) -> bool,
) -> Vec<ListEntry> {
    let own = program.list(list).map_or(&[][..], |list| list.entries.as_slice());
    let kept = own.iter().filter(|entry| !stored.iter().any(|new| new.code == entry.code && same(entry, new)));
    let mut entries: Vec<ListEntry> = kept.cloned().collect();
    entries.extend(stored);
    entries
}

/// The oldest first: of two that hold, the younger one is taken.
fn by_year(mut entries: Vec<ListEntry>) -> Vec<ListEntry> {
    entries.sort_by(|a, b| a.column("since").cmp(&b.column("since")));
    entries
}

/// Leaves out what only says again that an entry goes on: the files before and from a day both name the provinces that
/// stayed.
fn without_repeats(entries: Vec<ListEntry>) -> Vec<ListEntry> {
    let goes_on = |old: &ListEntry, new: &ListEntry| {
        old.code == new.code && old.name_vi == new.name_vi && old.valid_to.is_none() && old.valid_from < new.valid_from
    };
    let repeats: Vec<bool> = entries.iter().map(|new| entries.iter().any(|old| goes_on(old, new))).collect();
    entries.into_iter().zip(repeats).filter(|(_, repeats)| !repeats).map(|(entry, _)| entry).collect()
}

/// A whole number from 0 to 999999, in digits alone.
fn is_count(text: &str) -> bool {
    (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Are the school years between which a figure holds such, and in their order?
fn years_are_sound(entry: &ListEntry) -> bool {
    let [since, until] = ["since", "until"].map(|heading| entry.column(heading).filter(|year| !year.is_empty()));
    let is_year = |year: Option<&str>| year.is_none_or(moment::school_year);
    is_year(since) && is_year(until) && since.zip(until).is_none_or(|(since, until)| since <= until)
}

impl Lists {
    /// What keeps an entry from serving in the list of this name, as a sentence; `None`: nothing.
    pub fn fault_of(list: &str, entry: &ListEntry) -> Option<Message> {
        let one = List::new(vec![entry.clone()]);
        let (is_sound, expected) = match list {
            "grade-levels" => (
                typed::grades(&one).values().all(|grade| 0 <= grade.age && grade.age <= grade.maximum_age)
                    && !typed::grades(&one).is_empty(),
                message("columns-of-grade-levels"),
            ),
            "subjects" | "subject-strands" => (
                typed::subjects(&one).iter().any(|subject| !subject.is_nowhere_taught()),
                message("columns-of-subjects"),
            ),
            "assessment-levels" => (entry.column("scheme").is_some(), message("column-scheme")),
            "staff-statuses" => (matches!(entry.column("active"), Some("0" | "1")), message("column-active")),
            "training-levels" => (entry.column("rank").is_some_and(is_count), message("column-rank")),
            "rule-parameters" if !years_are_sound(entry) => (false, message("columns-of-parameters")),
            "rule-parameters" => (entry.column("value").is_some_and(is_count), message("column-value")),
            "mobile-prefixes" => (entry.code.len() == 3 && is_count(&entry.code), message("code-of-three-digits")),
            _ => (!entry.name_vi.is_empty(), message("column-name-vi")),
        };
        (!is_sound)
            .then(|| message("row-lacks").with("code", &entry.code).with("list", list).with("expected", expected))
    }
}
