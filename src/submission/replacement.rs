//! A submission that is a whole set: in one transaction its records are applied, and the stored ones that it lacks
//! removed. All or nothing, for what is missing is known only of a set that is whole.

use crate::error::Result;
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::batch::{Disposition, Outcome};
use crate::merge::dry_run::DryRun;
use crate::merge::locks::{lock_schools, not_granted, visible_schools};
use crate::merge::replacement;
use crate::merge::replacement::Owner;
use crate::merge::target::MergeTarget;
use crate::model::issue::Issue;
use crate::model::lists::Lists;
use crate::model::rules::catalogue as rule;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table;
use crate::store::table::Table;
use crate::submission::dry_run::DryRunMemory;
use crate::submission::issue_store::{IssueBuffer, IssueSubject};
use crate::submission::options::Replacement;
use crate::submission::parked;
use crate::submission::prepare::{Decided, PreparedStep, Step};
use crate::submission::release::Discarded;
use crate::submission::run::Run;
use crate::submission::{day_of, issue_store};
use diesel::prelude::*;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The parameter that says of how many in a hundred the removal needs no confirmation.
const PERCENT: &str = "replacement.removals-percent";
/// Records named at most that others hold back.
const NAMED: usize = 1_000;

/// The set being replaced.
#[derive(Clone)]
pub(crate) struct Replacing {
    table: &'static Table,
    asked: Replacement,
    /// Records stored before.
    stored: i64,
    /// Something about the set as a whole stands against it.
    pub(crate) refused: bool,
}

impl Replacing {
    fn owner(&self) -> Owner<'_> {
        Owner { table: self.table, school: &self.asked.school_code, year: self.asked.school_year.as_deref() }
    }
    /// The set's own key: school, and school year where there is one.
    fn key(&self) -> Value {
        let year = self.asked.school_year.iter().map(|year| ("schoolYear".to_owned(), year.as_str().into()));
        Value::Object(
            [("schoolCode".to_owned(), self.asked.school_code.as_str().into())].into_iter().chain(year).collect(),
        )
    }
    /// RC-004: why a record is none of the set.
    fn foreign(&self, table: &Table, operation: RecordOperation, record: &Incoming) -> Option<Issue> {
        let issue = |pointer: &str, what: &str, value: &str, expected: &str| {
            let mut issue = Issue::new(&rule::RC_004, pointer);
            issue.with("what", what).with("value", value).with("expected", expected);
            Some(issue)
        };
        if table.number != self.table.number {
            return issue("", "@resource", table.spec.name, self.table.spec.name);
        }
        if operation == RecordOperation::Delete {
            return issue("", "@operation", "delete", "upsert");
        }
        if let Some(school) = record.school(table).filter(|school| *school != self.asked.school_code) {
            return issue("/schoolCode", "@school", school, &self.asked.school_code);
        }
        let year = self.asked.school_year.as_deref()?;
        let other = record.row.text(table.spec.position("school_year")?).filter(|other| *other != year)?;
        issue("/schoolYear", "@school-year", other, year)
    }
}

/// The stored records that a set lacks.
struct Lacking {
    /// How many they are.
    removals: i64,
    /// PT-005 for those that reporting periods leave as they are.
    not_due: Vec<Issue>,
    /// PT-011 for those that others refer to, each with the parts of its key.
    referred: Vec<(Vec<String>, Issue)>,
}

impl Run<'_> {
    /// Will nothing of an atomic submission be kept?
    pub(crate) fn is_refused(&self) -> bool {
        self.submission.cut
            || self.submission.tally.total.rejected > 0
            || self.replacing.as_ref().is_some_and(|set| set.refused)
    }

    /// Locks the school and counts what is stored, if the submission is a set.
    pub(crate) fn begin_replacement(&mut self, connection: &mut PgConnection) -> Result<()> {
        let Some(asked) = self.submission.options.replacement.clone() else { return Ok(()) };
        let Some(table) = table::find(&asked.resource) else { return Ok(()) };
        let mut set = Replacing { table, asked, stored: 0, refused: false };
        // One out of sight is refused in the end, and must not keep anybody waiting.
        if self.laid.is_none() && self.sees(connection, &set)? {
            lock_schools(connection, std::iter::once(set.asked.school_code.as_str()))?;
        }
        set.stored = match self.laid {
            Some(_) => set.owner().count(connection)?,
            None => replacement::begin(connection, set.owner())?,
        };
        self.submission.tally.remove(table.spec.name, 0);
        self.replacing = Some(set);
        Ok(())
    }

    /// Takes out of a step what is none of the set: rejected, and its schools are not even locked.
    pub(crate) fn keep_to_the_set(&self, prepared: &mut PreparedStep, step: Step) {
        let Some(set) = &self.replacing else { return };
        let operation = step.part.map_or(RecordOperation::Upsert, |(operation, _)| operation);
        for (table, batch) in &mut prepared.batches {
            let table = *table;
            let (own, foreign): (Vec<_>, Vec<_>) = std::mem::take(batch)
                .into_iter()
                .map(|record| (set.foreign(table, operation, &record), record))
                .partition(|(issue, _)| issue.is_none());
            *batch = own.into_iter().map(|(_, record)| record).collect();
            prepared.decided.extend(foreign.into_iter().map(|(issue, mut record)| {
                record.issues.extend(issue);
                let key = issue_store::key_json(table, &record.row);
                Decided {
                    index: record.index,
                    table: Some(table),
                    key,
                    school: record.school(table).map(str::to_owned),
                    outcome: Outcome::of(Disposition::Rejected, record.issues),
                }
            }));
        }
        prepared.batches.retain(|(_, batch)| !batch.is_empty());
    }

    /// Remembers the keys of accepted records, by which the missing are found.
    pub(crate) fn note(
        &mut self,
        connection: &mut PgConnection,
        table: &Table,
        kept: &[(&Incoming, Disposition)],
    ) -> QueryResult<()> {
        let records = kept.iter().map(|(record, _)| *record);
        match (&self.replacing, &mut self.laid) {
            (None, _) => {}
            (Some(_), Some(laid)) => laid.removals.note(table, records),
            (Some(_), None) => replacement::note(connection, table, records)?,
        }
        Ok(())
    }

    /// Removes what the set lacks, if all of it was accepted and nothing holds a record back; what stands against it
    /// goes into the report, through `side`.
    pub(crate) fn end_replacement(&mut self, connection: &mut PgConnection, side: &mut PgConnection) -> Result<()> {
        let Some(set) = self.replacing.clone() else { return Ok(()) };
        let set = &set;
        let mut against = Vec::new();
        if self.is_refused() {
            let counts = self.submission.tally.total;
            if counts.rejected > 0 {
                let mut issue = Issue::new(&rule::RC_005, "");
                issue.with("rejected", counts.rejected).with("received", counts.received);
                against.push((set.key(), issue));
            }
        } else {
            let lacking = self.lacking(connection, set)?;
            let removals = lacking.removals;
            against.extend(self.unconfirmed(set, removals).map(|issue| (set.key(), issue)));
            against.extend(self.out_of_sight(connection, set)?.map(|issue| (set.key(), issue)));
            against.extend(lacking.not_due.into_iter().map(|issue| (set.key(), issue)));
            against.extend(lacking.referred.into_iter().map(|(key, issue)| (key_of(set.table, key), issue)));
            if against.is_empty() {
                if self.laid.is_none() {
                    replacement::remove(connection, set.owner(), removals, &self.writer())?;
                    let discarded = discard_parked(connection, set)?;
                    parked::count_discarded(connection, discarded)?;
                }
                self.submission.tally.remove(set.table.spec.name, removals);
                crate::metrics::record_outcome(set.table.spec.name, "removed", removals as u64);
            }
        }
        let (mut pages, resource) = (IssueBuffer::default(), set.table.spec.name);
        for (number, (key, issue)) in against.iter().enumerate() {
            let subject = IssueSubject {
                index: 0,
                resource: Some(resource),
                key: Some(key),
                school: Some(&set.asked.school_code),
            };
            pages.add_of_all(number, self.submission.id, &subject, issue);
            crate::metrics::rule_hit(issue.rule.code, 1);
        }
        pages.flush(side)?;
        if let Some(set) = &mut self.replacing {
            set.refused = !against.is_empty();
        }
        Ok(())
    }

    /// The stored records that the set lacks, and what keeps them.
    fn lacking(&mut self, connection: &mut PgConnection, set: &Replacing) -> QueryResult<Lacking> {
        let mut laid = self.laid.take();
        let (owner, writer) = (set.owner(), self.writer());
        let Some(DryRunMemory { overlay, removals, .. }) = laid.as_deref_mut() else {
            return Ok(Lacking {
                removals: replacement::lacking(connection, owner)?,
                not_due: replacement::not_due(connection, owner, &writer)?,
                referred: replacement::referred(connection, owner, &writer, NAMED)?,
            });
        };
        let mut dry = DryRun { database: connection, overlay };
        let lacking = Lacking {
            removals: removals.find(&mut dry, owner)?,
            not_due: removals.not_due(&mut dry, owner, &writer)?,
            referred: removals.referred(&mut dry, owner, &writer, NAMED)?,
        };
        self.laid = laid;
        Ok(lacking)
    }

    /// RC-003: too many removals without the client's word for exactly that number, or his word for another.
    fn unconfirmed(&self, set: &Replacing, removals: i64) -> Option<Issue> {
        let year =
            set.asked.school_year.clone().unwrap_or_else(|| Lists::school_year_of(day_of(self.submission.received_at)));
        let percent = self.lists.parameter(PERCENT, &year).unwrap_or_default();
        let is_confirmed = match set.asked.confirm_removals {
            Some(confirmed) => confirmed == removals,
            None => removals * 100 <= set.stored * percent,
        };
        let mut issue = Issue::new(&rule::RC_003, "");
        issue.with("removals", removals).with("stored", set.stored).with("resource", set.table.spec.name);
        issue.with("school", &set.asked.school_code).with("percent", percent);
        (!is_confirmed).then_some(issue)
    }

    /// PT-016. The records themselves were judged by it; nothing is removed on the strength of that alone.
    fn out_of_sight(&mut self, connection: &mut PgConnection, set: &Replacing) -> QueryResult<Option<Issue>> {
        Ok((!self.sees(connection, set)?).then(|| not_granted(&set.asked.school_code)))
    }

    fn sees(&mut self, connection: &mut PgConnection, set: &Replacing) -> QueryResult<bool> {
        let school = set.asked.school_code.as_str();
        let sees = |run: &Self, target: &mut dyn MergeTarget| {
            Ok(run.scope.all() || visible_schools(target, BTreeSet::from([school]), &run.scope)?.contains(school))
        };
        self.on_target(connection, sees)
    }
}

fn key_of(table: &Table, parts: Vec<String>) -> Value {
    let names = table.key.iter().map(|place| table.spec.fields[*place].json.to_owned());
    Value::Object(names.zip(parts.into_iter().map(Value::from)).collect::<Map<_, _>>())
}

/// Records of the set that still wait from earlier submissions are no part of it. Those that are being applied at this
/// moment come after it.
fn discard_parked(connection: &mut PgConnection, set: &Replacing) -> QueryResult<Vec<Discarded>> {
    let resource = set.table.spec.name;
    let mut statement = Statement::new(
        "DELETE FROM parked_records WHERE (submission_id, index) IN (SELECT submission_id, index FROM parked_records WHERE resource = ",
    );
    statement.push_bind(Argument::Text(resource.into()));
    let members =
        [("schoolCode", Some(set.asked.school_code.as_str())), ("schoolYear", set.asked.school_year.as_deref())];
    for (member, value) in members {
        let Some(value) = value else { continue };
        statement.push(&format!(" AND data::jsonb->>'{member}' = "));
        statement.push_bind(Argument::Text(value.into()));
    }
    let mut discarded = Vec::new();
    statement.sql(" FOR UPDATE SKIP LOCKED) RETURNING submission_id").each(connection, |cells| {
        discarded.extend(cells.uuid(0).map(|submission| Discarded { submission, resource: resource.to_owned() }));
        Ok(())
    })?;
    Ok(discarded)
}
