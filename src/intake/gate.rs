//! The gate: bytes → a record that is read, normalised and checked by itself. No database; runs on any thread.

use crate::intake::json::parse;
use crate::intake::named_members::NamedMembers;
use crate::intake::notes;
use crate::intake::record::{Incoming, PartialRecord, RecordOperation};
use crate::model::field::FieldType;
use crate::model::issue::{Issue, Severity};
use crate::model::lists::{Crosswalks, Lists};
use crate::model::rules::{Candidate, IssueSink, catalogue as rule};
use crate::model::value::{Row, Value};
use crate::panics::{contained, trap};
use crate::store::codec;
use crate::store::table::Table;
use chrono::NaiveDate;
use std::sync::Arc;

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

/// What came with a record of a sheet.
#[derive(Clone, Default)]
pub struct RowOrigin<'a> {
    /// What was said of its cells (see [`notes`]).
    pub notes: &'a [u8],
    /// The members for which the sheet has columns; `None`: the record stands for itself.
    pub members: Option<Arc<NamedMembers>>,
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
        self.admit_row(table, index, operation, data, RowOrigin::default(), scratch)
    }

    /// The same of a record of a sheet.
    pub fn admit_row(
        &self,
        table: &'static Table,
        index: u64,
        operation: RecordOperation,
        data: &str,
        origin: RowOrigin,
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
        let mut partial = None;
        if let Some(members) = origin.members.filter(|_| operation == RecordOperation::Upsert) {
            let read = findings.into_issues();
            findings = IssueSink::resumed(spec.fields, read.clone());
            partial = Some(Box::new(PartialRecord { members, sent: None, read, notes: origin.notes.into() }));
        }
        let mut record = Incoming {
            index,
            operation,
            row,
            hash,
            issues: Vec::new(),
            precondition: None,
            name_beside: notes::name(origin.notes),
            request: None,
            partial,
        };
        if operation == RecordOperation::Upsert {
            self.check(table, &record, &mut findings);
        }
        record.issues = settled(findings, origin.notes);
        Ok(record)
    }

    /// Gives a partial record what is stored of the members that its sheet has no columns for, and checks the whole: what
    /// was found of the part alone stands no more. `None`: nothing is stored that counts.
    pub fn complete(&self, table: &Table, record: &mut Incoming, stored: Option<&Row>, scratch: &mut Vec<u8>) {
        let Some(mut partial) = record.partial.take() else { return };
        if stored.is_some() || partial.sent.is_some() {
            let fields = table.spec.fields;
            // A batch that is tried again begins with what was sent.
            let sent = partial.sent.take().unwrap_or_else(|| record.row.clone());
            record.row.clone_from(&sent);
            partial.sent = Some(sent);
            let nothing = Row::empty(fields.len());
            partial.members.lay_over(fields, stored.unwrap_or(&nothing), &mut record.row);
            record.hash = codec::hash(&record.row, fields, scratch);
            let is_there = |issue: &Issue| issue.rule.code == rule::PT_012.code && stands(&record.row, table, issue);
            let read = partial.read.iter().filter(|issue| !is_there(issue)).cloned().collect();
            let mut findings = IssueSink::resumed(fields, read);
            self.check(table, record, &mut findings);
            let mut issues = settled(findings, &partial.notes);
            // Which code took the place of another was found out meanwhile.
            issues.extend(record.issues.drain(..).filter(|issue| issue.rule.code == rule::ID_024.code));
            record.issues = issues;
        }
        record.partial = Some(partial);
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

/// What is to be told of a record, with what was said of its cells.
fn settled(mut findings: IssueSink, said: &[u8]) -> Vec<Issue> {
    keep_the_closer(&mut findings.issues);
    let mut issues = findings.into_issues();
    if !said.is_empty() {
        notes::join(&mut issues, said);
    }
    issues
}

/// Is there a value where the issue missed one?
fn stands(row: &Row, table: &Table, issue: &Issue) -> bool {
    let mut steps = issue.pointer.split('/').skip(1);
    let place = steps.next().and_then(|name| table.spec.fields.iter().position(|field| field.json == name));
    let Some(place) = place else { return false };
    let mut value = (&row.values[place], table.spec.fields[place].kind);
    for step in steps {
        let inner = match value {
            (Value::Object(row), FieldType::Object(fields)) => {
                let place = fields.iter().position(|field| field.json == step);
                place.and_then(|place| Some((row.values.get(place)?, fields[place].kind)))
            }
            (Value::List(items), FieldType::List(kind)) => {
                step.parse::<usize>().ok().and_then(|at| Some((items.get(at)?, *kind)))
            }
            _ => None,
        };
        let Some(inner) = inner else { return false };
        value = inner;
    }
    *value.0 != Value::Null
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
