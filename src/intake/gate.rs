//! The gate: bytes → a record that is read, normalised and checked by itself. No database; runs on any thread.

use crate::intake::json::parse;
use crate::intake::record::{Incoming, Operation, Precondition};
use crate::model::issue::{Issue, Severity};
use crate::model::lists::{Crosswalks, Lists};
use crate::model::rules::{Candidate, IssueSink, catalogue as rule};
use crate::store::codec;
use crate::store::table::Table;
use chrono::NaiveDate;

/// What the gate judges by.
#[derive(Clone, Copy)]
pub struct Gate<'a> {
    /// Code lists, units, parameters.
    pub lists: &'a Lists,
    /// Day of receipt.
    pub received: NaiveDate,
    /// What the client's own codes mean, if it has such.
    pub crosswalks: Option<&'a Crosswalks>,
}

impl Gate<'_> {
    /// Reads and checks the `data` of one record. `Err` says what is wrong with the JSON itself.
    pub fn admit(
        &self,
        table: &'static Table,
        index: u64,
        operation: Operation,
        data: &str,
        scratch: &mut Vec<u8>,
    ) -> Result<Incoming, String> {
        let spec = table.spec;
        let mut findings = IssueSink::new(spec.fields);
        let row = parse::record(data, spec.fields, spec.name, *self, &mut findings)?;
        match operation {
            Operation::Upsert => {
                (spec.check)(&Candidate { spec, row: &row, received: self.received, lists: self.lists }, &mut findings)
            }
            Operation::Delete => keep_key_issues(table, &mut findings.issues),
        }
        keep_the_closer(&mut findings.issues);
        let hash = codec::hash(&row, scratch);
        Ok(Incoming {
            index,
            operation,
            row,
            hash,
            issues: findings.issues,
            precondition: Precondition::None,
            request: None,
        })
    }
}

/// PT-017 says less than a rule that knows what the code should be.
fn keep_the_closer(issues: &mut Vec<Issue>) {
    if !issues.iter().any(|issue| issue.rule.code == rule::PT_017.code) {
        return;
    }
    let closer = |issue: &Issue| issue.severity == Severity::Error && issue.rule.code != rule::PT_017.code;
    let pointers: Vec<String> =
        issues.iter().filter(|issue| closer(issue)).map(|issue| issue.pointer.clone()).collect();
    issues.retain(|issue| issue.rule.code != rule::PT_017.code || !pointers.contains(&issue.pointer));
}

/// A delete needs only the key: other members are not looked at.
fn keep_key_issues(table: &Table, issues: &mut Vec<Issue>) {
    let of_key = |issue: &Issue| {
        table.key.iter().any(|place| issue.pointer.strip_prefix('/') == Some(table.spec.fields[*place].json))
    };
    issues.retain(|issue| issue.pointer.is_empty() || of_key(issue));
}
