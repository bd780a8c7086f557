//! What the engine needs to know of a resource. Nothing below or above the model knows a resource by name.

use crate::model::field::Field;
use crate::model::issue::Text;
use crate::model::rules::{Candidate, IssueSink, RuleContext};
use crate::model::value::Row;

/// A resource: its names, members, key, references and rules.
pub struct Spec {
    /// By which stored data name the resource: never another's, never changed, never given again. Those of one's own
    /// program begin at 1,000.
    pub number: i16,
    /// Name in the API, plural, kebab-case: `subject-results`.
    pub name: &'static str,
    /// Name of one record in schemas: `SubjectResult`.
    pub record: &'static str,
    /// Table in the schema `public`: `subject_results`.
    pub table: &'static str,
    /// Name for people.
    pub title: Text,
    /// The definition's docstring.
    pub description: &'static str,
    /// An invented record that keeps every rule, as JSON; the examples of all resources belong together.
    pub example: &'static str,
    /// Members in the order of the columns. Every resource has `school_code`, its owner.
    pub fields: &'static [Field],
    /// Natural key, snake_case, in the order of the path.
    pub key: &'static [&'static str],
    /// Records that must exist.
    pub references: &'static [Reference],
    /// Other records that the rules look at.
    pub lookups: &'static [Lookup],
    /// Other records that the rules count.
    pub counts: &'static [Count],
    /// Records of this resource that rest on others of it.
    pub late: Option<Phase>,
    /// Members for marks in which sheets have levels.
    pub comment_subjects: Option<CommentSubjects>,
    /// Own columns of the stored version that the rules look at (besides the key and `school_code`).
    pub stored: &'static [&'static str],
    /// Leading key fields that form a digest group, one group holding many rows: two at least, of which the last is
    /// read in ranges; 0: rows are compared one by one.
    pub digest: usize,
    /// Members that `q=` searches.
    pub search: &'static [&'static str],
    /// May clients of the kind `consumer` read it (rosters and results)?
    pub consumer: bool,
    /// Rules that the record alone and the code lists decide.
    pub check: fn(&Candidate, &mut IssueSink),
    /// Rules that need the stored version, parents and lookups. Called through
    /// [`rules::judge`](crate::model::rules::judge), for every new or changed record, also when `check` found errors.
    pub judge: fn(&Candidate, &RuleContext, &mut IssueSink),
}

/// A reference: the record named by `fields` must exist unless one of them is absent.
#[derive(Debug)]
pub struct Reference {
    /// What the rules call it: `class`, `homeroom_staff`.
    pub name: &'static str,
    /// Own members, in the order of the other's key.
    pub fields: &'static [&'static str],
    /// Name of the resource referred to.
    pub to: &'static str,
    /// Columns of the parent that the rules look at.
    pub fetch: &'static [&'static str],
}

/// Records of `from` whose columns `on` equal this record's `fields`; not looked up when one of those is absent. The
/// record's own stored version is never among them; versions that the same batch brings stand for the stored ones.
#[derive(Debug)]
pub struct Lookup {
    /// What the rules call it.
    pub name: &'static str,
    /// Own members.
    pub fields: &'static [&'static str],
    /// Name of the resource searched.
    pub from: &'static str,
    /// Its columns; an index must begin with them.
    pub on: &'static [&'static str],
    /// Its columns that the rules look at (the key is fetched always).
    pub fetch: &'static [&'static str],
    /// Columns of `from`, each with the values that the rules look at: `("period", &["CK1"])`; empty: all.
    pub only: &'static [(&'static str, &'static [&'static str])],
    /// Needed only for records whose reference of this name is not there; others need not be looked up. `None`: needed
    /// for all.
    pub missing: Option<&'static str>,
    /// Needed only for records of which this is true. `None`: needed for all.
    pub needed: Option<fn(&Row) -> bool>,
    /// Needed only where the parent of this name is there, and this is true of the record and of that parent. `None`:
    /// needed for all.
    pub beside: Option<(&'static str, ParentTest)>,
    /// The rules ask only whether there is one: no more is looked for. Not in the own resource.
    pub any: bool,
    /// Finds every version that was ever stored, and not only the one that holds. Only members that are texts can be
    /// fetched.
    pub versions: bool,
    /// The rules ask of the schools of what is found whether another took their place; the reference `school` then
    /// fetches `status` and `successor_code`.
    pub successors: bool,
}

/// What is asked of a record and its parent.
pub type ParentTest = fn(&Row, &Row) -> bool;

impl Lookup {
    /// A lookup that is made for every record and finds whatever there is; the names are still to be given.
    pub const PLAIN: Self = Self {
        name: "",
        fields: &[],
        from: "",
        on: &[],
        fetch: &[],
        only: &[],
        missing: None,
        needed: None,
        beside: None,
        any: false,
        versions: false,
        successors: false,
    };

    /// Does it wait until the parents are known?
    pub fn rests_on_parents(&self) -> bool {
        self.missing.is_some() || self.beside.is_some()
    }
}

/// How many records of another resource there are whose columns `on` equal this record's `fields`; not counted when one
/// of those is absent. Thousands are counted where they stand, none of them is fetched.
#[derive(Debug)]
pub struct Count {
    /// What the rules call it.
    pub name: &'static str,
    /// Own members.
    pub fields: &'static [&'static str],
    /// Name of the resource counted; not the own one.
    pub from: &'static str,
    /// Its columns; an index must begin with them.
    pub on: &'static [&'static str],
    /// Counts only those without a value in this column.
    pub without: Option<&'static str>,
    /// Counts the different values of this column; `None`: the records.
    pub distinct: Option<&'static str>,
}

/// In a submission, records come in the order in which they rest on each other: the year's result after those of its
/// terms.
#[derive(Debug, Clone, Copy)]
pub struct Phase {
    /// A member of the key, a text.
    pub field: &'static str,
    /// By how many steps a record with this value comes later than the others.
    pub steps: &'static [(&'static str, usize)],
}

impl Phase {
    /// By how many steps a record comes later whose `field` has this value.
    pub fn step(&self, value: &str) -> usize {
        self.steps.iter().find(|(late, _)| *late == value.trim()).map_or(0, |(_, step)| *step)
    }
    /// The step of the last ones.
    pub fn last(&self) -> usize {
        self.steps.iter().map(|(_, step)| *step).max().unwrap_or(0)
    }
}

/// Of a subject that is assessed by comments, grade books have levels in the columns of marks. That of the average is
/// the level of the record; the others have no member.
#[derive(Debug)]
pub struct CommentSubjects {
    /// The member that names the subject.
    pub subject: &'static str,
    /// The member for the average.
    pub average: &'static str,
    /// The members for other marks.
    pub marks: &'static [&'static str],
    /// The member for the level.
    pub level: &'static str,
    /// The levels, and what people write for them.
    pub labels: &'static [(&'static str, &'static str)],
}

impl Spec {
    /// Place of a field by its snake_case name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
    /// Places of the key's fields.
    pub fn key_positions(&self) -> Vec<usize> {
        self.key.iter().filter_map(|name| self.position(name)).collect()
    }
    /// The field with this JSON name.
    pub fn field_by_json(&self, json: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.json == json)
    }
    /// Place of `school_code`, the owner.
    pub fn owner(&self) -> usize {
        self.position("school_code").unwrap_or_default()
    }
    /// Place of the school year, if records are of one.
    pub fn school_year(&self) -> Option<usize> {
        self.position("school_year")
    }
    /// Place of the period within the school year (GK1, CK1, …), if records are of one: results are.
    pub fn period(&self) -> Option<usize> {
        self.position("period")
    }
}

impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spec").field("name", &self.name).finish_non_exhaustive()
    }
}
