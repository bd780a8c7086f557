//! The report of a submission and its parts, as the API shows them.

use crate::http::openapi::members;
use crate::model::issue::{Reader, Severity};
use crate::submission::counts::Counts;
use crate::submission::issue_groups::Group;
use crate::submission::issue_store::StoredIssue;
use crate::submission::options::Replacement;
use crate::submission::row::Submission;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use utoipa::ToSchema;
use uuid::Uuid;

/// A submission without its issues.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubmissionSummary {
    /// The submission.
    id: Uuid,
    #[schema(schema_with = members::statuses)]
    status: String,
    #[schema(schema_with = members::results, required = true)]
    result: Option<String>,
    #[schema(schema_with = members::modes)]
    mode: &'static str,
    #[schema(schema_with = members::atomicities)]
    atomicity: &'static str,
    /// The client that sent it.
    client_id: Uuid,
    /// When it came.
    received_at: DateTime<Utc>,
    #[schema(schema_with = members::completed_at, required = true)]
    completed_at: Option<DateTime<Utc>>,
    /// Bytes of the body as they came over the wire.
    #[schema(minimum = 0)]
    bytes: i64,
    /// SHA-256 of those bytes, hexadecimal: proves what was received.
    #[schema(required = true)]
    sha256: Option<String>,
    /// How far the work is.
    progress: SubmissionProgress,
    /// Records by outcome.
    counts: Counts,
    /// Records by outcome, resource by resource.
    by_resource: BTreeMap<String, Counts>,
    /// Paths of its parts.
    links: Links,
    /// What the client that sent it is called; in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_name: Option<String>,
    /// Schools of the reader's area whose records it brought; in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    schools: Option<Vec<String>>,
    /// `true` where the totals also count records of schools outside the reader's area; else left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts_beyond_area: Option<bool>,
    /// The set that the records replace, as asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    replacement: Option<Replacement>,
}

/// The report of a submission.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Submission)]
pub struct SubmissionReport {
    #[serde(flatten)]
    summary: SubmissionSummary,
    /// The first 100 issues: errors first, of the same severity by index and pointer; `links.issues` pages through all.
    issues: Vec<ReportedIssue>,
    /// At most 100 groups: errors first, of the same severity the largest first; while the work runs, those of the first
    /// 10,000 issues.
    issue_groups: Vec<IssueGroup>,
}

/// How far the work is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Progress)]
pub struct SubmissionProgress {
    /// Records whose outcome is known.
    #[schema(minimum = 0)]
    processed: i64,
    /// Records in all; `null` while unknown.
    #[schema(required = true, minimum = 0)]
    total: Option<i64>,
}

/// Paths of a submission's parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Links {
    #[serde(rename = "self")]
    #[schema(schema_with = members::path)]
    this: String,
    #[schema(schema_with = members::path)]
    issues: String,
    #[schema(schema_with = members::path)]
    rejected: String,
    #[schema(schema_with = members::path)]
    receipt: String,
}

/// One rule that a record of a submission breaks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportedIssue {
    /// The record's place in the submission, from 0.
    #[schema(minimum = 0)]
    index: i64,
    /// Its resource; `null` for a line that is no record.
    #[schema(required = true)]
    resource: Option<String>,
    /// Its key; `null` when it could not be read.
    #[schema(required = true, value_type = Option<Object>)]
    key: Option<Value>,
    /// JSON Pointer of the member, relative to the record's `data`; empty: the whole record.
    pointer: String,
    /// The rule, stable for ever; `/v1/rules/{code}` explains it.
    #[schema(pattern = "^[A-Z]{2}-[0-9]{3}$")]
    code: &'static str,
    /// What it does to the record.
    severity: Severity,
    /// What is wrong, with the value and what was expected.
    message: String,
    /// What to do.
    hint: String,
    #[serde(flatten)]
    place: SheetPlace,
}

/// Issues with the same cause, as one: a thousand results of an unknown student are one group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueGroup {
    /// The rule.
    #[schema(pattern = "^[A-Z]{2}-[0-9]{3}$")]
    code: &'static str,
    /// The resource of the records.
    #[schema(required = true)]
    resource: Option<String>,
    /// As of the issues.
    severity: Severity,
    /// How many issues.
    #[schema(minimum = 0)]
    count: i64,
    /// The first record with it, from 0.
    #[schema(minimum = 0)]
    first_index: i64,
    /// Where the first stands, as a JSON pointer relative to `data`.
    pointer: String,
    /// The message of the first.
    message: String,
    /// What to do about the first.
    hint: String,
    #[serde(flatten)]
    place: SheetPlace,
}

/// Where an issue stands in its sheet, if it came from one.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct SheetPlace {
    /// Of a workbook: the sheet that the record stood in.
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    /// Of a sheet: the row, as a spreadsheet numbers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<i64>,
    /// Of a sheet: the letters of the column that the issue is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// Of a sheet: what stands above that column.
    #[serde(skip_serializing_if = "Option::is_none")]
    heading: Option<String>,
}

impl SubmissionSummary {
    /// That of a submission.
    pub fn of(submission: &Submission) -> Self {
        let done = submission.completed_at.is_some();
        let status = if submission.status == "receiving" { "queued" } else { &submission.status };
        Self {
            id: submission.id,
            status: status.to_owned(),
            result: submission.result.clone(),
            mode: if submission.options.validate { "validate" } else { "commit" },
            atomicity: if submission.options.all { "all" } else { "record" },
            client_id: submission.client,
            received_at: submission.received_at,
            completed_at: submission.completed_at,
            bytes: submission.bytes,
            sha256: submission.sha256.clone(),
            progress: SubmissionProgress {
                processed: submission.tally.total.decided(),
                total: (done || submission.records > 0).then_some(submission.records),
            },
            counts: submission.tally.total,
            by_resource: submission.tally.by_resource.clone(),
            links: Links::of(submission.id),
            client_name: None,
            schools: None,
            counts_beyond_area: None,
            replacement: submission.options.replacement.clone(),
        }
    }

    /// As an item of a list.
    pub fn listed(self, client_name: Option<String>, schools: Vec<String>) -> Self {
        Self { client_name, schools: Some(schools), ..self }
    }

    /// The same for who may be concerned with some of its schools only: `beyond` are the submissions whose totals also
    /// count records of others.
    pub fn seen_beside(self, beyond: &HashSet<Uuid>) -> Self {
        Self { counts_beyond_area: beyond.contains(&self.id).then_some(true), ..self }
    }
}

impl SubmissionReport {
    /// Was nothing kept?
    pub fn is_rejected(&self) -> bool {
        self.summary.result.as_deref() == Some("rejected")
    }
    /// That of a submission with these issues and groups.
    pub fn of(summary: SubmissionSummary, issues: &[StoredIssue], groups: &[Group], reader: Reader) -> Self {
        Self {
            summary,
            issues: issues.iter().map(|issue| ReportedIssue::of(issue, reader)).collect(),
            issue_groups: groups.iter().map(|group| IssueGroup::of(group, reader)).collect(),
        }
    }
}

impl Links {
    fn of(id: Uuid) -> Self {
        let path = |tail: &str| format!("/v1/submissions/{id}{tail}");
        Self { this: path(""), issues: path("/issues"), rejected: path("/rejected"), receipt: path("/receipt") }
    }
}

impl ReportedIssue {
    /// As this reader gets it.
    pub fn of(issue: &StoredIssue, reader: Reader) -> Self {
        Self {
            index: issue.index,
            resource: issue.resource.clone(),
            key: issue.key.clone(),
            pointer: issue.pointer.clone(),
            code: issue.rule.code,
            severity: issue.severity,
            message: issue.message(reader),
            hint: issue.hint(reader),
            place: SheetPlace::of(issue),
        }
    }
}

impl IssueGroup {
    /// As this reader gets it.
    pub fn of(group: &Group, reader: Reader) -> Self {
        let first = &group.first;
        Self {
            code: first.rule.code,
            resource: first.resource.clone(),
            severity: first.severity,
            count: group.count,
            first_index: first.index,
            pointer: first.pointer.clone(),
            message: first.message(reader),
            hint: first.hint(reader),
            place: SheetPlace::of(first),
        }
    }
}

impl SheetPlace {
    fn of(issue: &StoredIssue) -> Self {
        let Some(spot) = &issue.spot else { return Self::default() };
        Self {
            sheet: spot.sheet.clone(),
            row: Some(spot.row),
            column: spot.column.clone(),
            heading: spot.heading.clone(),
        }
    }
}
