//! The check without a gateway, held against the gateway's own.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use super::{
    Folder, Gateway, program,
    records::{counts, with},
};

/// Exit status and report of `validate` over the content of a file.
pub fn validated(folder: &Folder, content: &[u8]) -> (Option<i32>, Value) {
    validated_files(folder, &[("records", content.to_vec())], &[])
}

/// The same over several files, with further arguments.
pub fn validated_files(folder: &Folder, files: &[(&str, Vec<u8>)], arguments: &[&str]) -> (Option<i32>, Value) {
    let mut command = program();
    command.args(["validate", "--format", "json", "--max-issues", "10000"]).args(arguments);
    for (name, content) in files {
        let file = folder.folder().join(name);
        fs::write(&file, content).unwrap();
        command.arg(file);
    }
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout);
    (
        output.status.code(),
        report.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr))),
    )
}

/// Without what only one side can say: where a record stands in a file, and that a record is not there.
fn alike(issues: &Value) -> Vec<Value> {
    let issues = issues.as_array().unwrap().iter().filter(|issue| issue["code"] != "PT-015");
    issues.map(|issue| with(issue, json!({ "file": null, "line": null }))).collect()
}

/// The offline report says what the gateway's says: every issue with its words, every count, every group.
pub async fn assert_same(offline: &Value, gateway: &Gateway, token: &str, report: &Value) {
    let path = format!("{}?limit=1000", report["links"]["issues"].as_str().unwrap());
    let told = gateway.get(&path, token).await.1["items"].clone();
    assert_eq!(alike(&offline["issues"]), alike(&told));
    assert_eq!(counts(offline), counts(report));
    assert_eq!(offline["byResource"], report["byResource"]);
    let groups =
        |report: &Value| alike(&report["issueGroups"]).iter().map(Value::to_string).collect::<BTreeSet<String>>();
    assert_eq!(groups(offline), groups(report));
}
