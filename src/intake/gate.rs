//! The gate: bytes → a record that is read, normalised and checked by itself. No database; runs on any thread.

use crate::intake::json::parse;
use crate::intake::record::{Incoming, RecordOperation};
use crate::model::issue::{Issue, Severity};
use crate::model::lists::{Crosswalks, Lists};
use crate::model::rules::{Candidate, IssueSink, catalogue as rule};
use crate::model::value::Row;
use crate::panics::{contained, trap};
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
    /// Bytes that a record has at most.
    pub largest_record: u64,
}

impl Gate<'_> {
    /// Reads and checks the `data` of one record. `Err` says what is wrong with the JSON itself.
    pub fn admit(
        &self,
        table: &'static Table,
        index: u64,
        operation: RecordOperation,
        data: &str,
        scratch: &mut Vec<u8>,
    ) -> Result<Incoming, String> {
        let spec = table.spec;
        let mut findings = match operation {
            RecordOperation::Upsert => IssueSink::new(spec.fields),
            // It needs only the key: other members are not looked at.
            RecordOperation::Delete => IssueSink::confined(spec.fields, &table.key),
        };
        let read = contained(|| {
            trap("parse", |marker| data.contains(marker));
            parse::record(data, spec.fields, spec.name, *self, &mut findings)
        });
        let row = read.transpose()?.unwrap_or_else(|| findings.failed(Row::empty(spec.fields.len())));
        let hash = codec::hash(&row, spec.fields, scratch);
        let mut record = Incoming {
            index,
            operation,
            row,
            hash,
            issues: Vec::new(),
            precondition: None,
            name_beside: None,
            request: None,
        };
        if operation == RecordOperation::Upsert {
            self.check(table, &record, &mut findings);
        }
        keep_the_closer(&mut findings.issues);
        record.issues = findings.into_issues();
        Ok(record)
    }

    /// What the record alone shows. A rule that panics is the record's end (PT-022), not the batch's.
    fn check(&self, table: &Table, record: &Incoming, findings: &mut IssueSink) {
        let candidate = Candidate { spec: table.spec, row: &record.row, received: self.received, lists: self.lists };
        let checked = contained(|| {
            record.trap("check");
            (table.spec.check)(&candidate, findings);
        });
        checked.unwrap_or_else(|| findings.failed(()));
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
