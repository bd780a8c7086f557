//! What a set lacks that stands for all records that a school has of a resource, and what holds it: in memory, where the
//! real run has tables of its own.

use crate::intake::record::Incoming;
use crate::merge::batch::WriteContext;
use crate::merge::delete::{held, held_elsewhere};
use crate::merge::dry_run::{DELETED, DryRun, Hash, hash};
use crate::merge::replacement::{Owner, refused_periods};
use crate::merge::target::{KeySlice, MergeTarget};
use crate::model::issue::Issue;
use crate::store::table::Table;
use diesel::QueryResult;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

/// Keys asked for at once.
const PART: usize = 5_000;

/// The keys of a set, and of the stored records that it lacks.
#[derive(Debug, Clone, Default)]
pub struct Removals {
    sent: HashSet<Hash>,
    lacking: Vec<Vec<String>>,
}

impl Removals {
    /// These records are in the set.
    pub fn note<'r>(&mut self, table: &Table, records: impl Iterator<Item = &'r Incoming>) {
        self.sent.extend(records.filter_map(|record| Some(hash(&record.key(table)?))));
    }

    /// Finds the stored records that the set lacks: how many they are.
    ///
    /// # Errors
    /// Those of the database, here and below.
    pub fn find(&mut self, dry: &mut DryRun, owner: Owner) -> QueryResult<i64> {
        let (sent, lacking) = (&self.sent, &mut self.lacking);
        owner.each_key(dry.database, |key| {
            if !sent.contains(&hash(&borrowed(&key))) {
                lacking.push(key);
            }
        })?;
        lacking.sort();
        Ok(lacking.len() as i64)
    }

    /// PT-005 for those that reporting periods which are not open leave as they are.
    pub fn not_due(&self, dry: &mut DryRun, owner: Owner, writer: &WriteContext) -> QueryResult<Vec<Issue>> {
        let part = owner.period_part();
        let period = |key: &Vec<String>| part.and_then(|part| key.get(part).cloned());
        let periods: BTreeSet<Option<String>> = self.lacking.iter().map(period).collect();
        refused_periods(dry, owner, periods, writer)
    }

    /// PT-011 for the first of them that others refer to, each with the parts of its key; `most` at most.
    pub fn referred(
        &self,
        dry: &mut DryRun,
        owner: Owner,
        writer: &WriteContext,
        most: usize,
    ) -> QueryResult<Vec<(Vec<String>, Issue)>> {
        let table = owner.table;
        let known = (!writer.scope.all()).then(|| BTreeSet::from([owner.school.to_owned()]));
        // What goes holds back nothing.
        self.lacking.iter().for_each(|key| dry.overlay.lay(table, &borrowed(key), DELETED));
        let mut found = Vec::new();
        for lacking in self.lacking.chunks(PART) {
            let keys: Vec<Vec<Cow<str>>> = lacking.iter().map(|key| borrowed(key)).collect();
            let keys: Vec<&KeySlice> = keys.iter().map(Vec::as_slice).collect();
            dry.referrers(table, &keys, known.as_ref(), &mut |one| {
                let issue = if one.own > 0 { held(one.by, one.own) } else { held_elsewhere() };
                found.push((lacking[one.at].clone(), issue));
            })?;
        }
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        found.truncate(most);
        Ok(found)
    }
}

fn borrowed(key: &[String]) -> Vec<Cow<'_, str>> {
    key.iter().map(|part| Cow::Borrowed(part.as_str())).collect()
}
