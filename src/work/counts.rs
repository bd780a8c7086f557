//! What a report counts: every record once, `created + updated + unchanged + deleted + parked + rejected = received`.

use crate::engine::batch::Action;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Records by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// All that came.
    pub received: i64,
    /// Stored for the first time.
    pub created: i64,
    /// A new version.
    pub updated: i64,
    /// Equal to what is stored, superseded, or nothing to delete.
    pub unchanged: i64,
    /// Deleted.
    pub deleted: i64,
    /// Waiting for a parent.
    pub parked: i64,
    /// Not kept.
    pub rejected: i64,
    /// Issues that are warnings.
    pub warnings: i64,
}

impl Counts {
    /// Adds `number` records of this outcome; negative takes away.
    pub fn add(&mut self, action: Action, number: i64) {
        *match action {
            Action::Created => &mut self.created,
            Action::Updated => &mut self.updated,
            Action::Unchanged => &mut self.unchanged,
            Action::Deleted => &mut self.deleted,
            Action::Missing => &mut self.parked,
            Action::Rejected | Action::PreconditionFailed => &mut self.rejected,
        } += number;
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
    pub fn record(&mut self, resource: Option<&str>, action: Action, warnings: i64) {
        self.each(resource, |counts| {
            counts.received += 1;
            counts.add(action, 1);
            counts.warnings += warnings;
        });
    }
    /// A parked record found its outcome.
    pub fn resolve(&mut self, resource: &str, action: Action, warnings: i64) {
        self.each(Some(resource), |counts| {
            counts.parked -= 1;
            counts.add(action, 1);
            counts.warnings += warnings;
        });
    }
    /// Nothing was kept: all that came counts as rejected.
    pub fn reject_all(&mut self) {
        let reject = |counts: &mut Counts| {
            *counts = Counts { received: counts.received, rejected: counts.received, warnings: counts.warnings, ..Counts::default() }
        };
        reject(&mut self.total);
        self.by_resource.values_mut().for_each(reject);
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
