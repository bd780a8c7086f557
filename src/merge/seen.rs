//! What one record of a batch sees of what is related to it: people of other schools may be out of its reach.

use crate::intake::record::parts;
use crate::merge::batch::Absent;
use crate::merge::related::Related;
use crate::merge::wanted::LookupResult;
use crate::model::record_key;
use crate::model::rules::identity::is_provisional;
use crate::model::rules::ownership;
use crate::model::rules::ownership::Reach;
use crate::model::rules::{Parent, RuleContext};
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{Lookup, Reference};
use crate::model::value::Row;
use crate::store::table;
use crate::store::table::Join;

/// The member that says whose a record is.
const OWNER: &str = "school_code";

impl Related<'_> {
    /// What the parent that reference number `at` found is to the record at this place: people of schools for which the
    /// sender does not act may be out of its reach.
    fn reach(&self, at: usize, place: usize, acts_for: &dyn Fn(&str) -> bool) -> Reach {
        let (spec, reference) = (self.table.spec, &self.table.spec.references[at]);
        let (Some(Some(parent)), [field]) = (self.parents[at].at(place), reference.fields) else { return Reach::There };
        if !reference.fetch.contains(&OWNER) {
            return Reach::There;
        }
        let record = &self.records[place].row;
        let text = |name: &str| spec.position(name).and_then(|place| record.text(place));
        let school = table::find(reference.to).and_then(|table| parent.text(table.owner));
        let own = self.parent_named(OWN_SCHOOL.name, place);
        match school.zip(text(field)) {
            Some((school, code)) if text(OWNER) != Some(school) => {
                ownership::reach(spec, record, (reference.to, code), (own, school), acts_for(school))
            }
            _ => Reach::There,
        }
    }

    /// The parent that the reference of this name found for the record at this place.
    fn parent_named(&self, name: &str, place: usize) -> Option<&Row> {
        let at = self.table.spec.references.iter().position(|reference| reference.name == name)?;
        self.parents[at].at(place)?.as_ref()
    }

    /// The part of it that the record at this place sees.
    pub fn context<'a>(&'a self, place: usize, acts_for: &'a dyn Fn(&str) -> bool) -> RuleContext<'a> {
        let reach: Vec<Reach> = (0..self.parents.len()).map(|at| self.reach(at, place, acts_for)).collect();
        let parent = |(at, found): (usize, &'a LookupResult<Option<Row>>)| match (found.at(place), reach[at]) {
            (None, _) => Parent::NotGiven,
            (Some(None), _) | (_, Reach::Missing) => Parent::Missing,
            (Some(Some(_)), Reach::Nameless) => Parent::Found(&self.nameless[at]),
            (Some(Some(row)), Reach::There) => Parent::Found(row),
        };
        let lookup =
            |(lookup, found): (&Lookup, &'a LookupResult<Vec<Row>>)| match self.is_of_another(lookup, place, &reach) {
                true => &[][..],
                false => found.at(place).map_or(&[][..], Vec::as_slice),
            };
        RuleContext {
            spec: self.table.spec,
            stored: None,
            holder: None,
            ending: None,
            replaced: &self.replaced,
            name_beside: None,
            acts_for,
            parents: self.parents.iter().enumerate().map(parent).collect(),
            found: self.table.spec.lookups.iter().zip(&self.lookups).map(lookup).collect(),
            counted: self.counts.iter().map(|found| found.at(place).copied()).collect(),
        }
    }

    /// Looks it for records of a person by a provisional code that is another school's?
    fn is_of_another(&self, lookup: &Lookup, place: usize, reach: &[Reach]) -> bool {
        let spec = self.table.spec;
        let code = |name: &str| spec.position(name).and_then(|at| self.records[place].row.text(at));
        let names = |reference: &Reference| reference.fields.iter().any(|name| lookup.fields.contains(name));
        let missing = spec.references.iter().zip(reach).filter(|(_, reach)| **reach == Reach::Missing);
        missing.map(|(reference, _)| reference).any(|reference| {
            names(reference) && reference.fields.iter().any(|name| code(name).is_some_and(is_provisional))
        })
    }

    /// The parents that the record at this place names and that are not there; those of its own resource may yet stand
    /// in the batch.
    pub fn missing(&self, place: usize, acts_for: &dyn Fn(&str) -> bool) -> Vec<(&'static Reference, Absent)> {
        let table = self.table;
        let is_missing = |at: usize| match self.parents[at].at(place) {
            None => false,
            Some(None) => true,
            Some(Some(_)) => self.reach(at, place, acts_for) == Reach::Missing,
        };
        let absent = |(at, (reference, join)): (usize, (&'static Reference, &Join))| {
            let key = || record_key::shown(&parts(&self.records[place].row, &join.fields).unwrap_or_default());
            is_missing(at).then(|| (reference, Absent { resource: reference.to, key: key() }))
        };
        table.spec.references.iter().zip(&table.parents).enumerate().filter_map(absent).collect()
    }
}
