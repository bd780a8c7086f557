//! One upsert of a batch, and what is known of it before the rules are asked.

use crate::intake::record::Incoming;
use crate::merge::batch::{Disposition, Outcome, WriteContext};
use crate::merge::holders::RecordHolder;
use crate::merge::locks::{not_granted, sends_granted_commune, sent_commune};
use crate::merge::stored::{GroupState, Stored};
use crate::store::table::Table;
use std::collections::HashSet;

/// One record and what is known of it so far.
pub(crate) struct Entry<'r> {
    pub record: &'r Incoming,
    pub stored: Option<Stored>,
    /// The school that has it, if that is another one than sends it.
    pub held: Option<RecordHolder>,
    /// Its group was looked at, and nothing of it is stored.
    pub is_new: bool,
    pub outcome: Option<Outcome>,
}

impl<'r> Entry<'r> {
    pub fn new(record: &'r Incoming, group_state: GroupState) -> Self {
        Self { record, stored: None, held: None, is_new: group_state == GroupState::New, outcome: None }
    }
    /// Is what is stored that of a school for which the sender does not act? Then it is not spoken of.
    pub fn is_strange(&self) -> bool {
        self.held.as_ref().is_some_and(|held| !held.acts)
    }
    /// Of a record that is taken from such a school: its code, from which school, to which.
    pub fn taken(&self, table: &Table) -> Option<(&'r str, &str, &'r str)> {
        let held = self.held.as_ref().filter(|held| !held.acts)?;
        Some((self.record.row.text(*table.key.first()?)?, &held.school, self.record.school(table)?))
    }
    pub fn outcome(self) -> Outcome {
        self.outcome.unwrap_or_else(|| Outcome::of(Disposition::Rejected, Vec::new()))
    }
}

/// PT-016; a new school may also be granted by the commune that is sent.
pub(crate) fn out_of_scope(
    table: &Table,
    entry: &Entry,
    seen: &Option<HashSet<String>>,
    writer: &WriteContext,
) -> Option<Outcome> {
    let (seen, school) = (seen.as_ref()?, entry.record.school(table)?);
    let commune = sent_commune(table, &entry.record.row);
    let is_granted_anew = entry.stored.is_none() && sends_granted_commune(table, commune, writer.scope);
    if seen.contains(school) || is_granted_anew {
        return None;
    }
    let mut issues = entry.record.issues.clone();
    issues.push(not_granted(school));
    Some(Outcome::of(Disposition::Rejected, issues))
}

/// What the stored version alone decides: conditions that do not hold, and records equal to it.
pub(crate) fn decided_without_rules(entry: &Entry) -> Option<Outcome> {
    let (record, stored) = (entry.record, entry.stored.as_ref().filter(|_| !entry.is_strange()));
    if !record.may_replace(stored.map(|stored| stored.meta.version)) {
        return Some(Outcome {
            meta: stored.map(|stored| stored.meta),
            ..Outcome::of(Disposition::PreconditionFailed, record.issues.clone())
        });
    }
    let stored = stored.filter(|stored| stored.hash == record.hash && !record.has_error())?;
    Some(Outcome { meta: Some(stored.meta), ..Outcome::of(Disposition::Unchanged, record.issues.clone()) })
}
