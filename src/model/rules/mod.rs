//! The sector's rules: pure functions over rows. A rule raises an [`Issue`] of its entry in the [`catalogue`]; it never
//! touches the database.

pub mod academic_records;
pub mod address;
pub mod allowed;
pub mod campuses;
pub mod catalogue;
pub mod classes;
pub mod conduct;
pub mod curriculum;
mod damaged;
pub mod dates;
pub mod diplomas;
pub mod electives;
pub mod ended;
pub mod enrolled;
pub mod enrollments;
pub mod examples;
pub mod facility_limits;
pub mod facility_needs;
pub mod facility_returns;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
pub mod fixture;
pub mod identity;
pub mod learning;
pub mod learning_level;
mod legacy;
mod letters;
pub mod marks;
pub mod measures;
mod near_code;
pub mod old_learning;
pub mod outcomes;
pub mod ownership;
pub mod phrases;
pub mod primary_results;
pub mod reporting;
pub mod primary_year;
pub mod reason;
pub mod schemes;
pub mod school_year;
pub mod schools;
pub mod secondary_results;
mod sink;
mod source;
pub mod staff;
pub mod standing;
pub mod students;
pub mod subject_results;
pub mod teaching_assignments;
pub mod text;
pub mod year_end;
pub mod year_results;

pub use sink::{IN_FULL, IssueSink, bounded};

use crate::model::lists::Lists;
use crate::model::rules::ended::Ending;
use crate::model::spec::Spec;
use crate::model::value::Row;
use chrono::NaiveDate;
use std::collections::HashSet;

/// A record to be judged by itself.
pub struct Candidate<'a> {
    /// Its resource.
    pub spec: &'static Spec,
    /// Its values; faulty ones are absent and marked.
    pub row: &'a Row,
    /// The day it was received, in Vietnam.
    pub received: NaiveDate,
    /// Code lists, units and parameters.
    pub lists: &'a Lists,
}

/// What the database knew about a record.
pub struct RuleContext<'a> {
    /// Its resource.
    pub spec: &'static Spec,
    /// The stored version; only `school_code`, the key and `Spec::stored` are filled.
    pub stored: Option<&'a Row>,
    /// Who has the record, if that is another school than the one that sends it.
    pub holder: Option<Holder<'a>>,
    /// How the record's school came to its end in the submission that brings the record.
    pub ending: Option<Ending>,
    /// Of the schools of what was looked up, those that ended and whose place another took.
    pub replaced: &'a HashSet<String>,
    /// The name that a sheet has beside the code of the person whom the record is about.
    pub name_beside: Option<&'a str>,
    /// Acts the sender for the school with this code as well?
    pub acts_for: &'a dyn Fn(&str) -> bool,
    /// In the order of `Spec::references`.
    pub parents: Vec<Parent<'a>>,
    /// In the order of `Spec::lookups`.
    pub found: Vec<&'a [Row]>,
    /// In the order of `Spec::counts`.
    pub counted: Vec<Option<i64>>,
}

/// The school that has what another one sends.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// Acts the sender for it as well? Then it has let go.
    pub acts: bool,
    /// The school that took its place when it ended, and those that took the place of that one.
    pub successors: &'a [String],
}

impl Holder<'_> {
    /// Did it end, and has this school taken its place?
    pub fn is_succeeded_by(&self, school: Option<&str>) -> bool {
        school.is_some_and(|school| self.successors.iter().any(|one| one == school))
    }
}

/// What became of a reference.
#[derive(Debug, Clone, Copy)]
pub enum Parent<'a> {
    /// The record names none.
    NotGiven,
    /// It is not there.
    Missing,
    /// It is there; only its key and `Reference::fetch` are filled.
    Found(&'a Row),
}

impl<'a> RuleContext<'a> {
    /// The parent that the reference `name` found, for the typed view of its resource: `Class(parent).grade()`.
    pub fn parent(&self, name: &str) -> Option<&'a Row> {
        match self.parents.get(self.spec.references.iter().position(|reference| reference.name == name)?)? {
            Parent::Found(row) => Some(row),
            _ => None,
        }
    }
    /// Names the record this parent, and is it not there?
    pub fn is_missing(&self, name: &str) -> bool {
        let position = self.spec.references.iter().position(|reference| reference.name == name);
        position.and_then(|at| self.parents.get(at)).is_some_and(|parent| matches!(parent, Parent::Missing))
    }
    /// What the lookup `name` found.
    pub fn lookup(&self, name: &str) -> &'a [Row] {
        let position = self.spec.lookups.iter().position(|lookup| lookup.name == name);
        position.and_then(|at| self.found.get(at)).copied().unwrap_or_default()
    }
    /// Has another school taken the place of this one, which ended?
    pub fn is_replaced(&self, school: Option<&str>) -> bool {
        school.is_some_and(|school| self.replaced.contains(school))
    }
    /// What the count `name` came to; `None`: nothing was to be counted.
    pub fn count(&self, name: &str) -> Option<i64> {
        self.counted.get(self.spec.counts.iter().position(|count| count.name == name)?).copied()?
    }
}

/// Judges a new or changed record with what the database knew: the rules that every resource shares, then its own.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    ended::receives_records(candidate, context, sink);
    (candidate.spec.judge)(candidate, context, sink);
}

/// No rules of this kind.
pub fn no_check(_: &Candidate, _: &mut IssueSink) {}
/// No rules of this kind.
pub fn no_judge(_: &Candidate, _: &RuleContext, _: &mut IssueSink) {}
