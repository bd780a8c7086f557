//! What a request for a submission asked for.

use crate::intake::sheet::around::context::Given;
use crate::merge::batch::OnMissing;
use serde::{Deserialize, Serialize};

/// What a request asked for.
#[derive(Debug, Clone)]
pub struct SubmissionOptions {
    /// Check everything, keep nothing.
    pub validate: bool,
    /// One rejected record, and nothing is kept.
    pub all: bool,
    /// Park or reject records whose parent is missing.
    pub on_missing: OnMissing,
    /// The answer does not wait for the work.
    pub respond_async: bool,
    /// The client's key for this request.
    pub idempotency_key: Option<String>,
    /// The records are a whole set: what it lacks is removed.
    pub replacement: Option<Replacement>,
    /// What it says of the sheets in the body.
    pub given: Given,
}

/// Which set the records of a submission replace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Replacement {
    /// Name of the resource.
    pub resource: String,
    /// The school whose records they are.
    pub school_code: String,
    /// The school year, where the resource has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_year: Option<String>,
    /// The number of removals that the client has confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm_removals: Option<i64>,
}

impl SubmissionOptions {
    /// Tells apart requests under one idempotency key, together with the body's hash.
    pub fn fingerprint(&self, form: &str) -> String {
        let on_missing = if self.on_missing == OnMissing::Park { "park" } else { "reject" };
        let (mode, atomicity) =
            (if self.validate { "validate" } else { "commit" }, if self.all { "all" } else { "record" });
        let mut fingerprint = format!("{mode}|{atomicity}|{on_missing}|{form}");
        if self.replacement.is_some() {
            fingerprint.push('|');
            fingerprint.push_str(&self.replacement_json());
        }
        if !self.given.is_empty() {
            fingerprint.push('|');
            fingerprint.push_str(&self.given_json());
        }
        fingerprint
    }
    /// What is said of the sheets, as stored; empty: nothing.
    pub fn given_json(&self) -> String {
        if self.given.is_empty() { String::new() } else { serde_json::to_string(&self.given).unwrap_or_default() }
    }
    /// The replacement as stored; empty: none.
    pub fn replacement_json(&self) -> String {
        self.replacement.as_ref().and_then(|replacement| serde_json::to_string(replacement).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_under_one_key_are_told_apart_by_what_they_replace() {
        let of = |replacement: Option<Replacement>| {
            let options = SubmissionOptions {
                validate: false,
                all: true,
                on_missing: OnMissing::Park,
                respond_async: false,
                idempotency_key: None,
                replacement,
                given: Given::default(),
            };
            options.fingerprint("Lines")
        };
        let replacement = |year: Option<&str>, confirm_removals| {
            Some(Replacement {
                resource: "classes".into(),
                school_code: "31000501".into(),
                school_year: year.map(str::to_owned),
                confirm_removals,
            })
        };
        let all = [
            of(None),
            of(replacement(None, None)),
            of(replacement(Some("2025-2026"), None)),
            of(replacement(Some("2025-2026"), Some(3))),
        ];
        let distinct: std::collections::HashSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(all[0], "commit|all|park|Lines");
    }

    #[test]
    fn requests_under_one_key_are_told_apart_by_what_they_say_of_their_sheets() {
        let of = |period: &str| {
            let given = Given { period: Some(period.to_owned()), ..Given::default() };
            let options = SubmissionOptions {
                validate: false,
                all: false,
                on_missing: OnMissing::Park,
                respond_async: false,
                idempotency_key: None,
                replacement: None,
                given,
            };
            options.fingerprint("Workbook ")
        };
        assert_ne!(of("CK1"), of("CK2"));
    }
}
