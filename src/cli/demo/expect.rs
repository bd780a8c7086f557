//! What must be so, or the demonstration fails.

use serde_json::Value;

use crate::cli::demo::client::failed;
use crate::error::Result;

/// Fails with both sides when they differ.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<()> {
    if found == expected { Ok(()) } else { Err(failed(format!("{what}: expected {expected:?}, found {found:?}."))) }
}

/// Fails unless it holds.
pub fn holds(what: &str, it: bool) -> Result<()> {
    if it { Ok(()) } else { Err(failed(format!("Not as expected: {what}."))) }
}

/// A count of a report.
pub fn count(report: &Value, name: &str) -> u64 {
    report["counts"][name].as_u64().unwrap_or_default()
}

/// Everything received was taken: nothing rejected, waiting or warned of.
pub fn clean(report: &Value, records: u64) -> Result<()> {
    same("records received", count(report, "received"), records)?;
    let taken = ["created", "updated", "unchanged"].map(|name| count(report, name)).iter().sum();
    let first = &report["issueGroups"][0];
    let told =
        format!("records taken ({} {})", first["code"].as_str().unwrap_or(""), first["message"].as_str().unwrap_or(""));
    same(&told, taken, records)?;
    same("warnings", count(report, "warnings"), 0)
}
