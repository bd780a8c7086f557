//! What a report must say of an example.

use school_gateway::model::rules::catalogue;
use school_gateway::model::rules::examples::Example;
use serde_json::Value;

fn issues(report: &Value) -> &[Value] {
    report["issues"].as_array().unwrap_or_else(|| panic!("{report:#}"))
}

/// Is it the rule, as hard as the catalogue says?
fn is_own(example: &Example, issue: &Value) -> bool {
    issue["code"] == *example.rule && issue["severity"] == catalogue::find(&example.rule).unwrap().severity.as_str()
}

/// What is wrong with the report of the side that breaks the rule: it is told at its place, among the records from
/// `begin` on, and no other error is.
pub fn of_breaking(example: &Example, report: &Value, begin: usize) -> Option<String> {
    let told = |issue: &Value| {
        is_own(example, issue)
            && issue["pointer"] == *example.pointer
            && issue["index"].as_u64().is_some_and(|index| index >= begin as u64)
    };
    let other = |issue: &&Value| {
        let code = issue["code"].as_str().unwrap();
        issue["severity"] == "error" && code != example.rule && !example.also.iter().any(|known| known == code)
    };
    let others: Vec<&Value> = issues(report).iter().filter(other).collect();
    let is_told = issues(report).iter().any(told);
    let along = example.also.iter().all(|code| issues(report).iter().any(|issue| issue["code"] == **code));
    (!is_told || !others.is_empty() || !along).then(|| {
        format!(
            "{} at “{}” breaks: told {is_told}, others {others:#?} of {:#}",
            example.rule, example.pointer, report["issues"]
        )
    })
}

/// What is wrong with the report of the side that keeps the rule: it is not told, and everything is taken.
pub fn of_keeping(example: &Example, report: &Value) -> Option<String> {
    let wrong: Vec<&Value> =
        issues(report).iter().filter(|issue| is_own(example, issue) || issue["severity"] == "error").collect();
    let taken = report["counts"]["rejected"] == 0 && report["counts"]["parked"] == 0;
    (!wrong.is_empty() || !taken).then(|| format!("{} keeps: {wrong:#?} of {:#}", example.rule, report["counts"]))
}

/// Fails with everything that is wrong.
pub fn hold(faults: Vec<Option<String>>) {
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    assert!(faults.is_empty(), "{} of the examples are not told so:\n{}", faults.len(), faults.join("\n"));
}
