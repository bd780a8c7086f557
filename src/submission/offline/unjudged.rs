//! What a check without a database leaves unjudged, and why: what it needs is in none of the files, or was rejected
//! itself.

use crate::intake::record::Incoming;
use crate::merge::batch::Absent;
use crate::model::issue::Rule;
use crate::model::lists::Lists;
use crate::model::record_key;
use crate::model::rules::catalogue;
use crate::store::table::{Table, find};
use crate::submission::counts::Tally;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Administrative units are no resource; rules that need them say so by this word.
pub const UNITS: &str = "administrative-units";

/// Nor is the version that a gateway may hold of the record itself.
pub const STORED: &str = "stored";

/// Why something is not there to judge by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum UnjudgedReason {
    /// It is in none of the files.
    Absent,
    /// It is in the files, and is rejected.
    Rejected,
}

/// Rules that could not judge records of one resource.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Unjudged {
    /// Whose records.
    pub resource: String,
    /// How many of them.
    pub records: u64,
    /// The resource of which something was needed; or `administrative-units`, or `stored`.
    pub needs: &'static str,
    /// Why it was not there.
    pub reason: UnjudgedReason,
    /// Codes of the rules.
    pub rules: Vec<&'static str>,
}

/// What was not found so far.
#[derive(Default)]
pub(crate) struct Lacking {
    /// Records that name one or more of a resource that are not there.
    missing: BTreeMap<(&'static str, &'static str, UnjudgedReason), u64>,
    /// Keys of rejected records.
    refused: HashSet<(&'static str, u64)>,
}

impl Lacking {
    /// A record is rejected: what names it is told so.
    pub fn refuse(&mut self, table: &'static Table, record: &Incoming) {
        if let Some(key) = record.key(table) {
            self.refused.insert((table.spec.name, hash(&record_key::shown(&key))));
        }
    }

    /// What a record of the table names and was not found.
    pub fn record(&mut self, table: &'static Table, absent: &[Absent]) {
        let reason = |absent: &Absent| match self.refused.contains(&(absent.resource, hash(&absent.key))) {
            true => UnjudgedReason::Rejected,
            false => UnjudgedReason::Absent,
        };
        let lacking: BTreeSet<(&'static str, UnjudgedReason)> =
            absent.iter().map(|absent| (absent.resource, reason(absent))).collect();
        for (resource, reason) in lacking {
            *self.missing.entry((table.spec.name, resource, reason)).or_default() += 1;
        }
    }

    /// What was needed in vain, by resource.
    pub fn summary(&self, tally: &Tally, lists: &Lists) -> Vec<Unjudged> {
        let mut summary: Vec<Unjudged> =
            self.missing.iter().map(|((of, needs, reason), records)| unjudged(of, *records, needs, *reason)).collect();
        for (resource, counts) in tally.by_resource.iter().filter(|(_, counts)| counts.received > 0) {
            let names = |needs: &str| summary.iter().any(|known| known.resource == *resource && known.needs == needs);
            let is_there = |needs: &str| match needs {
                UNITS => !lists.units().is_empty(),
                STORED => false,
                other => tally.by_resource.contains_key(other),
            };
            let further: Vec<&'static str> =
                needs_of(resource).into_iter().filter(|needs| !is_there(needs) && !names(needs)).collect();
            // A record that names none of them has nothing to be judged by them.
            let further = further.into_iter().filter(|needs| !refers_to(resource, needs));
            let further: Vec<Unjudged> = further
                .map(|needs| unjudged(resource, counts.received as u64, needs, UnjudgedReason::Absent))
                .collect();
            summary.extend(further);
        }
        summary.sort_by(|a, b| (&a.resource, a.needs, a.reason).cmp(&(&b.resource, b.needs, b.reason)));
        summary
    }
}

fn unjudged(resource: &str, records: u64, needs: &'static str, reason: UnjudgedReason) -> Unjudged {
    let rules = judging(resource).filter(|rule| rule.needs.contains(&needs)).map(|rule| rule.code).collect();
    Unjudged { resource: resource.to_owned(), records, needs, reason, rules }
}

/// The rules that judge a resource.
fn judging(resource: &str) -> impl Iterator<Item = &'static Rule> {
    catalogue::all().filter(move |rule| rule.resources.is_empty() || rule.resources.contains(&resource))
}

/// What the rules of a resource need beside its records.
fn needs_of(resource: &str) -> BTreeSet<&'static str> {
    judging(resource).flat_map(|rule| rule.needs.iter().copied()).collect()
}

fn refers_to(resource: &str, other: &str) -> bool {
    find(resource).is_some_and(|table| table.spec.references.iter().any(|reference| reference.to == other))
}

fn hash(key: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(key.as_bytes())
}
