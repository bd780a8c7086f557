//! A finding, as the API shows it.

use crate::checks::read::{Finding, Verdict};
use crate::model::issue::{Reader, Severity};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the sector decided. Why and by whom is told to those only who are concerned with all schools that take part.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Decision)]
pub struct DecisionReport {
    /// What it is.
    #[schema(value_type = Verdict)]
    decision: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    note: Option<Option<String>>,
    /// When.
    decided_at: DateTime<Utc>,
    /// By which client.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<Uuid>,
}

impl DecisionReport {
    fn of(finding: &Finding) -> Option<Self> {
        let made = finding.decision.as_ref()?;
        let whole = finding.is_whole.then_some(made);
        Some(Self {
            decision: made.decision.clone(),
            note: whole.map(|made| made.note.clone()),
            decided_at: made.decided_at,
            decided_by: whole.map(|made| made.decided_by),
        })
    }
}

/// What a whole-school check found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Finding)]
pub struct FindingReport {
    /// The finding.
    id: Uuid,
    /// The school.
    school_code: String,
    /// The school year judged; `null` for checks that look at none.
    #[schema(required = true)]
    school_year: Option<String>,
    /// The rule; `/v1/rules/{code}` explains it.
    #[schema(pattern = "^[A-Z]{2}-[0-9]{3}$")]
    code: &'static str,
    /// As of the rule. No record is rejected for a finding.
    severity: Severity,
    /// The resource that it points at.
    resource: String,
    /// Key of the record, or the members that name its class, subject and period.
    #[schema(value_type = Object)]
    key: Value,
    /// JSON Pointer of the member, relative to the record's `data`; empty: the whole.
    pointer: String,
    /// What is wrong, and what was expected.
    message: String,
    /// What to do.
    hint: String,
    /// When it appeared.
    opened_at: DateTime<Utc>,
    /// When it was opened, changed, decided or closed last; `since` looks at it.
    changed_at: DateTime<Utc>,
    /// When the data were mended, or the finding dismissed; `null`: it stands open.
    #[schema(required = true)]
    closed_at: Option<DateTime<Utc>>,
    /// What the sector decided.
    #[schema(required = true)]
    decision: Option<DecisionReport>,
}

impl FindingReport {
    /// As this reader gets it.
    pub fn of(finding: &Finding, reader: Reader) -> Self {
        Self {
            id: finding.id,
            school_code: finding.school.clone(),
            school_year: finding.school_year.clone(),
            code: finding.rule.code,
            severity: finding.severity,
            resource: finding.resource.clone(),
            key: finding.key.clone(),
            pointer: finding.pointer.clone(),
            message: finding.message(reader),
            hint: finding.hint(reader),
            opened_at: finding.opened_at,
            changed_at: finding.changed_at,
            closed_at: finding.closed_at,
            decision: DecisionReport::of(finding),
        }
    }
}
