//! What is said of a whole sheet: unknown headings, names that are not one person's, sheets that are not read.

use crate::intake::sheet::file::row::letters;
use crate::intake::sheet::headings::columns::{Columns, UnsettledName};
use crate::intake::sheet::layouts::near::{NearSheet, quoted};
use crate::model::excerpt::clip;
use crate::model::issue::{Issue, Rule, Severity};
use crate::model::rules::catalogue as rule;

/// What is said of the headings that are no member's, nor near to one's: once each.
pub(super) fn unknown(sheet: &str, columns: &Columns) -> Vec<Issue> {
    let far = columns.unknown.iter().filter(|(.., nearest)| nearest.is_none());
    let say = |(column, heading, _): &(u32, String, Option<&'static str>)| {
        let mut issue = of_sheet(&rule::SH_010, sheet, columns.last_heading);
        issue.with("column", letters(*column)).with("heading", clip(heading));
        issue
    };
    far.map(say).collect()
}

/// What is said of names above the headings that are not one person's: once each. The records go without them.
pub(super) fn unsettled(sheet: &str, parts: &[Columns]) -> Vec<Issue> {
    let mut names: Vec<&UnsettledName> = Vec::new();
    for name in parts.iter().flat_map(|columns| &columns.unsettled) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let say = |UnsettledName { at: (row, column), name, candidates }: &UnsettledName| {
        let (rule, severity) = match candidates.as_slice() {
            [] => (&rule::SH_020, Severity::Info),
            _ => (&rule::SH_019, Severity::Warning),
        };
        let mut issue = of_sheet(rule, sheet, *row);
        issue.severity(severity).with("column", letters(*column)).with("value", clip(name));
        issue.with("candidates", candidates.join("; "));
        issue
    };
    names.into_iter().map(say).collect()
}

/// What is said of a whole sheet: it carries its place itself.
pub(super) fn of_sheet(rule: &'static Rule, sheet: &str, row: u64) -> Issue {
    let mut issue = Issue::new(rule, "");
    issue.with("sheet", sheet).with("row", row);
    issue
}

/// A sheet whose headings are none of a resource.
pub fn skipped(sheet: &str, severity: Severity) -> Issue {
    let mut issue = of_sheet(&rule::SH_003, sheet, 1);
    issue.severity(severity);
    issue
}

/// A sheet that lacks the columns without which no record can be told from others.
pub fn lacking(sheet: &str, near: &NearSheet) -> Issue {
    let mut issue = of_sheet(&rule::SH_018, sheet, near.row);
    issue.with("found", quoted(&near.known)).with("expected", quoted(&near.lacking));
    issue
}
