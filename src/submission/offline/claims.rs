//! Whose a provisional code is: the first school that has a person under it keeps it (ST-011).

use crate::intake::record::Incoming;
use crate::merge::batch::{Disposition, Outcome};
use crate::model::rules::identity::is_provisional;
use crate::model::rules::ownership::another_school_s;
use crate::store::table::Table;
use std::collections::HashMap;

/// The schools that have the provisional codes of each resource.
#[derive(Default)]
pub(super) struct Claims(HashMap<(usize, String), String>);

impl Claims {
    /// The outcome of the record, where its code is not another school's; it is its own school's then.
    pub fn hold(&mut self, table: &Table, record: &Incoming, outcome: Outcome) -> Outcome {
        let code = (table.key.len() == 1).then(|| record.row.text(table.key[0])).flatten();
        let (Some(code), Some(school)) = (code.filter(|code| is_provisional(code)), record.school(table)) else {
            return outcome;
        };
        if !matches!(outcome.action, Disposition::Created | Disposition::Missing) {
            return outcome;
        }
        let holder = self.0.entry((table.number, code.to_owned())).or_insert_with(|| school.to_owned());
        if holder == school {
            return outcome;
        }
        let pointer = format!("/{}", table.spec.fields[table.key[0]].json);
        let issues = outcome.issues.into_iter().chain([another_school_s(code, pointer)]);
        Outcome::of(Disposition::Rejected, issues.collect())
    }
}
