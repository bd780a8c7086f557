//! The issues of a check: the first of them one by one, all of them by cause.

use crate::model::issue::{Issue, Severity, TOLD};
use crate::submission::issue_groups::Group;
use crate::submission::issue_store::StoredIssue;
use crate::submission::offline::Files;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Order of the report: severity, place of the record, pointer, place among its issues.
type IssueOrder = (Severity, u64, String, usize);

/// What the issues of a group have in common: rule, severity, resource, and cause or member.
type GroupKey = (&'static str, Severity, Option<&'static str>, String);

/// An issue to be shown, or a group of them.
pub type ShownIssue<'i> = &'i StoredIssue;

/// Issues as they are found.
pub struct FoundIssues {
    shown: usize,
    first: BTreeMap<IssueOrder, StoredIssue>,
    groups: HashMap<GroupKey, (IssueOrder, Group)>,
    /// All that were found.
    pub total: u64,
}

impl FoundIssues {
    /// Keeps so many to be shown one by one.
    pub fn showing(shown: usize) -> Self {
        Self { shown, first: BTreeMap::new(), groups: HashMap::new(), total: 0 }
    }

    /// Adds the issues of one record.
    pub fn add(&mut self, index: u64, resource: Option<&'static str>, key: Option<&Value>, issues: &[Issue]) {
        let told = issues.iter().enumerate().filter(|(_, issue)| issue.value(TOLD).is_none());
        for (ordinal, issue) in told {
            let place = (issue.severity, index, issue.pointer.clone(), ordinal);
            let entry = || StoredIssue::of(index as i64, ordinal as i64, resource, key, issue);
            self.group(&place, resource, issue, &entry);
            self.total += 1;
            if self.first.len() < self.shown || self.first.last_key_value().is_some_and(|(last, _)| place < *last) {
                self.first.insert(place, entry());
                if self.first.len() > self.shown {
                    self.first.pop_last();
                }
            }
        }
    }

    /// As the gateway groups them: by rule, severity, resource, and cause or member.
    fn group(
        &mut self,
        place: &IssueOrder,
        resource: Option<&'static str>,
        issue: &Issue,
        entry: &dyn Fn() -> StoredIssue,
    ) {
        let cause = issue.cause.clone().unwrap_or_else(|| issue.pointer.clone());
        let group = self.groups.entry((issue.rule.code, issue.severity, resource, cause));
        let (first, group) = group.or_insert_with(|| (place.clone(), Group { count: 0, first: entry() }));
        group.count += 1;
        if place < first {
            *first = place.clone();
            group.first = entry();
        }
    }

    /// Says of each that is told where it stands in its sheet, if it came from one.
    pub(crate) fn find_places(&mut self, files: &Files) {
        for entry in self.first.values_mut().chain(self.groups.values_mut().map(|(_, group)| &mut group.first)) {
            entry.spot = entry.own_spot().or_else(|| files.spot(entry.index as u64, &entry.pointer));
        }
    }

    /// The first issues in the order of the report.
    pub fn shown(&self) -> impl Iterator<Item = ShownIssue<'_>> {
        self.first.values()
    }

    /// Errors first, then the largest groups.
    pub fn groups(&self) -> Vec<&Group> {
        let mut groups: Vec<&(IssueOrder, Group)> = self.groups.values().collect();
        groups.sort_by(|(a, of), (b, other)| (a.0, other.count, a).cmp(&(b.0, of.count, b)));
        groups.into_iter().map(|(_, group)| group).collect()
    }
}
