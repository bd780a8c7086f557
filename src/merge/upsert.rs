//! Upserts of a batch, in one transaction of the caller's: digests, versions, context, rules, then COPY and UPDATE.
//!
//! Written so that it can be run again from the start when the database refuses because somebody else was quicker.

use crate::change::block::ChangeIdBlock;
use crate::intake::record::{Incoming, compare, has_error};
use crate::merge::batch::{Absent, Disposition, OnMissing, Outcome, WriteContext};
use crate::merge::entry::{Entry, decided_without_rules, out_of_scope};
use crate::merge::holders::{RecordHolder, holders};
use crate::merge::locks::schools_in_scope;
use crate::merge::related::{Locks, Related};
use crate::merge::reporting_window::ReportingWindow;
use crate::merge::source::RowSource;
use crate::merge::stored::{DIGEST_FROM, GroupState, Stored};
use crate::merge::target::{KeySlice, MergeTarget, TakenPerson};
use crate::merge::write::{Accepted, Former};
use crate::model::issue::Issue;
use crate::model::record_key;
use crate::model::rules;
use crate::model::rules::{Candidate, IssueSink, RuleContext, catalogue as rule};
use crate::model::spec::Reference;
use crate::panics::contained;
use crate::store::table::Table;
use diesel::prelude::*;
use std::collections::HashSet;

/// A record that the rules let through.
struct Waiting {
    /// Its place among the entries.
    at: usize,
    issues: Vec<Issue>,
    /// Its parents that are not there.
    missing: Vec<(&'static Reference, Absent)>,
}

/// Merges upserts of one resource; keys are distinct. The outcomes stand in the order of the records. Where the target is
/// the database, the caller's transaction holds the records' schools ([`lock_schools`](crate::merge::locks::lock_schools)).
pub fn merge(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    records: &[Incoming],
    writer: &WriteContext,
) -> QueryResult<Vec<Outcome>> {
    let standings = target.group_states(table, records)?;
    // What is stored under another school's name is not confirmed to a stranger, not even by calling it unchanged.
    let pairs = records.iter().zip(&standings);
    let equal = pairs.filter(|(_, standing)| **standing == GroupState::Equal).map(|(record, _)| record);
    let seen = schools_in_scope(target, table, equal, writer.scope)?;
    let in_scope = |record: &Incoming| {
        seen.as_ref().is_none_or(|seen| record.school(table).is_some_and(|school| seen.contains(school)))
    };
    let unchanged = |(record, standing): (&Incoming, &GroupState)| {
        (*standing == GroupState::Equal && in_scope(record))
            .then(|| Outcome::of(Disposition::Unchanged, record.issues.clone()))
    };
    let mut outcomes: Vec<Option<Outcome>> = records.iter().zip(&standings).map(unchanged).collect();
    let mut open: Vec<usize> = (0..records.len()).filter(|at| outcomes[*at].is_none()).collect();
    if !open.is_empty() {
        // Records of one school are written under its lock. Others are written in the order of their keys, so that two
        // batches cannot wait for each other. In either case what rests on others of the batch comes after them.
        if table.spec.late.is_some() {
            open.sort_by_key(|at| table.level_of(&records[*at].row));
        } else if table.key.first() != Some(&table.owner) {
            open.sort_by(|a, b| compare(&records[*a].row, &records[*b].row, &table.key));
        }
        let entries = open.iter().map(|at| Entry::new(&records[*at], standings[*at])).collect();
        for (at, outcome) in open.into_iter().zip(merge_open(target, table, entries, writer)?) {
            outcomes[at] = Some(outcome);
        }
    }
    let or_rejected =
        |outcome: Option<Outcome>| outcome.unwrap_or_else(|| Outcome::of(Disposition::Rejected, Vec::new()));
    Ok(outcomes.into_iter().map(or_rejected).collect())
}

/// Judges upserts of one resource against `source`, nothing being stored of them: what the rules let through is
/// `Created`. Keys are distinct and sorted.
pub fn judge_new(
    source: &mut dyn RowSource,
    table: &'static Table,
    records: &[Incoming],
    writer: &WriteContext,
) -> QueryResult<Vec<Outcome>> {
    let mut entries: Vec<Entry> = records.iter().map(|record| Entry::new(record, GroupState::New)).collect();
    judge(source, table, &mut entries, None, &ReportingWindow::never(table, writer), writer)?;
    writer.endings.iter().for_each(|endings| endings.note(table, &entries));
    Ok(entries.into_iter().map(Entry::outcome).collect())
}

fn merge_open(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    mut entries: Vec<Entry>,
    writer: &WriteContext,
) -> QueryResult<Vec<Outcome>> {
    let related = fetch(target, table, &mut entries, writer)?;
    let seen = schools_in_scope(target, table, entries.iter().map(|entry| entry.record), writer.scope)?;
    let stored = entries.iter().map(|entry| (entry.record, entry.stored.as_ref()));
    let held = holders(target, table, stored, writer.scope)?;
    for (entry, held) in entries.iter_mut().zip(held) {
        entry.held = held;
        entry.outcome = out_of_scope(table, entry, &seen, writer).or_else(|| decided_without_rules(entry));
    }
    let due =
        ReportingWindow::of(target, table, entries.iter().filter_map(|entry| entry.record.school(table)), writer)?;
    let id_block = related.as_ref().and_then(Related::state).map(|state| state.id_block);
    judge(target, table, &mut entries, related, &due, writer)?;
    store(target, table, &mut entries, id_block, writer)?;
    Ok(entries.into_iter().map(Entry::outcome).collect())
}

/// What is stored of the entries; for a few of them also what the rules look at.
fn fetch<'r>(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    entries: &mut [Entry<'r>],
    writer: &WriteContext,
) -> QueryResult<Option<Related<'r>>> {
    if entries.len() < DIGEST_FROM {
        let records: Vec<&Incoming> = entries.iter().map(|entry| entry.record).collect();
        let (related, found) = Related::read_with_stored(target, table, &records)?;
        entries.iter_mut().zip(found).for_each(|(entry, stored)| entry.stored = stored);
        writer.status_seen.iter().for_each(|status_seen| status_seen.set(related.state()));
        return Ok(Some(related));
    }
    let open = (0..entries.len()).filter(|at| !entries[*at].is_new);
    let (keyed, keys): (Vec<usize>, Vec<_>) = open.filter_map(|at| Some((at, entries[at].record.key(table)?))).unzip();
    let keys: Vec<&KeySlice> = keys.iter().map(Vec::as_slice).collect();
    let found = target.versions(table, &keys)?;
    keyed.into_iter().zip(found).for_each(|(at, stored)| entries[at].stored = stored);
    Ok(None)
}

/// Judges what is still open; leaves without an outcome what is to be stored. `related`: what was read of them
/// already, without locks.
fn judge<'r>(
    source: &mut dyn RowSource,
    table: &'static Table,
    entries: &mut [Entry<'r>],
    related: Option<Related<'r>>,
    due: &ReportingWindow,
    writer: &WriteContext,
) -> QueryResult<()> {
    let open: Vec<usize> = (0..entries.len()).filter(|at| entries[*at].outcome.is_none()).collect();
    if open.is_empty() {
        return Ok(());
    }
    let replacing: Vec<&Incoming> =
        open.iter().filter(|at| entries[**at].stored.is_some()).map(|at| entries[*at].record).collect();
    let locks = if replacing.len() == open.len() { Locks::Unkept } else { Locks::All };
    let are_open = entries.iter().map(|entry| entry.outcome.is_none()).collect();
    let mut related = match related {
        Some(mut read) => {
            read.lock(source, are_open, locks)?;
            read
        }
        None => {
            let records: Vec<&Incoming> = entries.iter().map(|entry| entry.record).collect();
            Related::read(source, table, &records, are_open, locks)?
        }
    };
    related.lay_over(&replacing);
    let itself = related.looks_at_itself();
    let acts_for = |school: &str| writer.scope.allows_school_by_grant(school);
    let mut waiting = Vec::with_capacity(open.len());
    for at in open {
        let record = entries[at].record;
        if itself {
            related.hide(record);
        }
        let (issues, before) = judged(table, &related, due, at, &entries[at], writer);
        let missing = related.missing(at, &acts_for);
        if has_error(&issues) {
            let contextual = has_error(&issues[before..]);
            let missing = missing.into_iter().map(|(_, absent)| absent).collect();
            entries[at].outcome = Some(Outcome { contextual, missing, ..Outcome::of(Disposition::Rejected, issues) });
            if itself {
                related.restore(record);
            }
            continue;
        }
        if itself {
            related.show(record);
        }
        waiting.push(Waiting { at, issues, missing });
    }
    settle_missing(table, entries, waiting, writer);
    Ok(())
}

/// All issues of a record, and how many of them no other record could mend.
fn judged(
    table: &Table,
    related: &Related,
    due: &ReportingWindow,
    at: usize,
    entry: &Entry,
    writer: &WriteContext,
) -> (Vec<Issue>, usize) {
    let spec = table.spec;
    let mut sink = IssueSink::resumed(spec.fields, entry.record.issues.clone());
    let is_known = entry.stored.is_some() && !entry.is_strange();
    let refusal = due.refusal(&entry.record.row, entry.record.school(table), is_known);
    if let Some(issue) = refusal {
        sink.absorb(issue);
    }
    let before = sink.issues.len();
    let candidate = Candidate { spec, row: &entry.record.row, received: writer.received, lists: writer.lists };
    let acts_for = |school: &str| writer.scope.allows_school_by_grant(school);
    let context = RuleContext {
        stored: entry.stored.as_ref().map(|stored| &stored.row),
        holder: entry.held.as_ref().map(RecordHolder::holder),
        ending: entry.record.school(table).zip(writer.endings).and_then(|(school, endings)| endings.of(school)),
        name_beside: entry.record.name_beside.as_deref(),
        ..related.context(at, &acts_for)
    };
    let judging = contained(|| {
        entry.record.trap("judge");
        rules::judge(&candidate, &context, &mut sink);
    });
    judging.unwrap_or_else(|| sink.failed(()));
    let issues = sink.into_issues();
    // What the gateway failed at no other record mends.
    let before = if judging.is_none() { issues.len() } else { before };
    (issues, before)
}

/// Parents of the record's own resource may stand in this batch, also in a circle: those count as there while the batch
/// keeps them.
fn settle_missing(table: &Table, entries: &mut [Entry], mut waiting: Vec<Waiting>, writer: &WriteContext) {
    let is_own = |absent: &Absent| absent.resource == table.spec.name;
    loop {
        let mut kept: HashSet<String> = HashSet::new();
        if waiting.iter().any(|one| one.missing.iter().any(|(_, absent)| is_own(absent))) {
            kept.extend(
                waiting.iter().filter_map(|one| entries[one.at].record.key(table).map(|key| record_key::shown(&key))),
            );
        }
        let is_missing = |absent: &Absent| !is_own(absent) || !kept.contains(&absent.key);
        let (lost, rest): (Vec<Waiting>, Vec<Waiting>) =
            waiting.into_iter().partition(|one| one.missing.iter().any(|(_, absent)| is_missing(absent)));
        waiting = rest;
        if lost.is_empty() {
            break;
        }
        for one in lost {
            let missing = one.missing.into_iter().filter(|(_, absent)| is_missing(absent)).collect();
            entries[one.at].outcome = Some(lacking(table, one.issues, missing, writer));
        }
    }
    for one in waiting {
        entries[one.at].outcome = Some(Outcome::of(Disposition::Created, one.issues));
    }
}

/// PT-015: as an error where nothing is parked, else as what the record waits for.
fn lacking(
    table: &Table,
    mut issues: Vec<Issue>,
    missing: Vec<(&'static Reference, Absent)>,
    writer: &WriteContext,
) -> Outcome {
    for (reference, absent) in &missing {
        let field = reference
            .fields
            .last()
            .and_then(|name| table.spec.position(name))
            .map(|place| table.spec.fields[place].json);
        let mut issue = Issue::new(&rule::PT_015, format!("/{}", field.unwrap_or_default()));
        issue
            .with("resource", absent.resource)
            .with("key", &absent.key)
            .caused_by(format!("{}:{}", absent.resource, absent.key));
        if writer.on_missing == OnMissing::Park {
            issue.severity(crate::model::issue::Severity::Info).with("outcome", "@waits");
        }
        issues.push(issue);
    }
    let action = if writer.on_missing == OnMissing::Park { Disposition::Missing } else { Disposition::Rejected };
    let missing = missing.into_iter().map(|(_, absent)| absent).collect();
    Outcome { missing, contextual: true, ..Outcome::of(action, issues) }
}

/// Writes the accepted: outcomes `Created` without a version yet.
fn store(
    target: &mut dyn MergeTarget,
    table: &'static Table,
    entries: &mut [Entry],
    id_block: Option<ChangeIdBlock>,
    writer: &WriteContext,
) -> QueryResult<()> {
    let is_accepted = |entry: &Entry| {
        entry.outcome.as_ref().is_some_and(|outcome| outcome.action == Disposition::Created && outcome.meta.is_none())
    };
    let places: Vec<usize> = (0..entries.len()).filter(|at| is_accepted(&entries[*at])).collect();
    if places.is_empty() {
        return Ok(());
    }
    let former = |stored: &Stored| Former {
        version: stored.meta.version,
        changed_at: stored.meta.changed_at,
        place: stored.place.clone(),
    };
    let accepted = |at: &usize| Accepted {
        record: entries[*at].record,
        former: entries[*at].stored.as_ref().map(former),
        former_key: None,
    };
    let accepted: Vec<Accepted> = places.iter().map(accepted).collect();
    let taken: Vec<TakenPerson> = places.iter().filter_map(|at| entries[*at].taken(table)).collect();
    let metas = target.store(table, &accepted, &taken, writer, id_block)?;
    for (at, meta) in places.into_iter().zip(metas) {
        let replaced = entries[at].stored.is_some();
        if let Some(outcome) = &mut entries[at].outcome {
            outcome.action = if replaced { Disposition::Updated } else { Disposition::Created };
            outcome.meta = Some(meta);
        }
    }
    writer.endings.iter().for_each(|endings| endings.note(table, entries));
    Ok(())
}
