//! What a report counts: every record once, `created + updated + unchanged + deleted + parked + rejected = received`.

use crate::merge::batch::Disposition;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Records by outcome: `created + updated + unchanged + deleted + parked + rejected = received`, always.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Counts {
    /// All that came.
    #[schema(required = true, minimum = 0)]
    pub received: i64,
    /// Stored for the first time.
    #[schema(required = true, minimum = 0)]
    pub created: i64,
    /// A new version.
    #[schema(required = true, minimum = 0)]
    pub updated: i64,
    /// Equal to what is stored, superseded, or nothing to delete.
    #[schema(required = true, minimum = 0)]
    pub unchanged: i64,
    /// Deleted.
    #[schema(required = true, minimum = 0)]
    pub deleted: i64,
    /// Waiting for a parent.
    #[schema(required = true, minimum = 0)]
    pub parked: i64,
    /// Not kept.
    #[schema(required = true, minimum = 0)]
    pub rejected: i64,
    /// Issues that are warnings.
    #[schema(required = true, minimum = 0)]
    pub warnings: i64,
    /// Stored records that a replacement removed because they were not sent; they are no part of `received`. `None`: it
    /// was no replacement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed: Option<i64>,
}

impl Counts {
    /// Adds `number` records of this outcome; negative takes away.
    pub fn add(&mut self, action: Disposition, number: i64) {
        *match action {
            Disposition::Created => &mut self.created,
            Disposition::Updated => &mut self.updated,
            Disposition::Unchanged => &mut self.unchanged,
            Disposition::Deleted => &mut self.deleted,
            Disposition::Missing => &mut self.parked,
            Disposition::Rejected | Disposition::PreconditionFailed => &mut self.rejected,
        } += number;
    }
    /// Adds what `now` has more than `before`.
    fn add_difference(&mut self, now: &Self, before: &Self) {
        self.received += now.received - before.received;
        self.created += now.created - before.created;
        self.updated += now.updated - before.updated;
        self.unchanged += now.unchanged - before.unchanged;
        self.deleted += now.deleted - before.deleted;
        self.parked += now.parked - before.parked;
        self.rejected += now.rejected - before.rejected;
        self.warnings += now.warnings - before.warnings;
        if let Some(removed) = now.removed {
            *self.removed.get_or_insert_default() += removed - before.removed.unwrap_or_default();
        }
    }
    /// Records whose outcome is known.
    pub fn decided(&self) -> i64 {
        self.created + self.updated + self.unchanged + self.deleted + self.parked + self.rejected
    }
}

/// Counts of a submission, in all and by resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Tally {
    /// In all, broken lines included.
    pub total: Counts,
    /// By resource.
    pub by_resource: BTreeMap<String, Counts>,
}

impl Tally {
    /// Counts one record; `resource` is `None` for what is no record.
    pub fn record(&mut self, resource: Option<&str>, action: Disposition, warnings: i64) {
        self.each(resource, |counts| {
            counts.received += 1;
            counts.add(action, 1);
            counts.warnings += warnings;
        });
    }
    /// A parked record found its outcome.
    pub fn resolve(&mut self, resource: &str, action: Disposition, warnings: i64) {
        self.each(Some(resource), |counts| {
            counts.parked -= 1;
            counts.add(action, 1);
            counts.warnings += warnings;
        });
    }
    /// A replacement removed so many.
    pub fn remove(&mut self, resource: &str, number: i64) {
        self.each(Some(resource), |counts| counts.removed = Some(number));
    }
    /// Nothing was kept: all that came counts as rejected.
    pub fn reject_all(&mut self) {
        let reject = |counts: &mut Counts| {
            *counts = Counts {
                received: counts.received,
                rejected: counts.received,
                warnings: counts.warnings,
                removed: counts.removed.map(|_| 0),
                ..Counts::default()
            }
        };
        reject(&mut self.total);
        self.by_resource.values_mut().for_each(reject);
    }
    /// What stands in the database, changed there by others since `saved`, with what this run has counted since then.
    pub fn rebased(&self, saved: &Self, stored: Self) -> Self {
        let mut merged = stored;
        merged.total.add_difference(&self.total, &saved.total);
        for (resource, now) in &self.by_resource {
            let before = saved.by_resource.get(resource).copied().unwrap_or_default();
            merged.by_resource.entry(resource.clone()).or_default().add_difference(now, &before);
        }
        merged
    }
    fn each(&mut self, resource: Option<&str>, change: impl Fn(&mut Counts)) {
        change(&mut self.total);
        if let Some(resource) = resource {
            if !self.by_resource.contains_key(resource) {
                self.by_resource.insert(resource.to_owned(), Counts::default());
            }
            if let Some(counts) = self.by_resource.get_mut(resource) {
                change(counts);
            }
        }
    }
    /// `accepted`, `partial` or `rejected`.
    pub fn result(&self) -> &'static str {
        match self.total.rejected {
            0 => "accepted",
            rejected if rejected == self.total.received => "rejected",
            _ => "partial",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_changed_meanwhile_is_kept() {
        let (mut saved, mut now) = (Tally::default(), Tally::default());
        for tally in [&mut saved, &mut now] {
            tally.record(Some("students"), Disposition::Missing, 1);
        }
        let mut stored = saved.clone();
        stored.resolve("students", Disposition::Created, 0);
        now.record(Some("classes"), Disposition::Updated, 0);
        let merged = now.rebased(&saved, stored);
        let expected = Counts { received: 2, created: 1, updated: 1, warnings: 1, ..Counts::default() };
        assert_eq!(merged.total, expected);
        assert_eq!(
            merged.by_resource["students"],
            Counts { received: 1, created: 1, warnings: 1, ..Counts::default() }
        );
    }
}
