//! Planted defects: each is told at its record, under its code and pointer, and nothing else is rejected.

use super::Gateway;
use super::records::counts;
use serde_json::{Value, json};

/// A record that breaks one rule, what it needs beside it, and what is to be said: code, pointer, severity.
pub struct Plant {
    pub beside: Vec<Value>,
    pub record: Value,
    pub expected: (&'static str, &'static str, &'static str),
}

/// Pushes the plants in one piece, with the sound records on which they stand.
pub async fn told(gateway: &Gateway, token: &str, ground: Vec<Value>, plants: Vec<Plant>) {
    let (mut records, mut expected) = (ground, Vec::new());
    for plant in plants {
        records.extend(plant.beside);
        expected.push((records.len(), plant.expected));
        records.push(plant.record);
    }
    let report = gateway.submit("", token, &records).await.1;
    counts(&report);
    let path = format!("{}?limit=1000", report["links"]["issues"].as_str().unwrap());
    let issues = gateway.get(&path, token).await.1["items"].as_array().unwrap().clone();
    let told = |index: usize| -> Vec<(&str, &str, &str)> {
        let of_index = issues.iter().filter(|issue| issue["index"] == index);
        of_index
            .map(|issue| (issue["code"].as_str().unwrap(), issue["pointer"].as_str().unwrap(), issue["severity"].as_str().unwrap()))
            .collect()
    };
    let mut faults = Vec::new();
    for (index, wanted) in &expected {
        let found = told(*index);
        let others = found.iter().any(|issue| issue.2 == "error" && issue != wanted);
        if !found.contains(wanted) || others {
            faults.push(format!("{wanted:?} expected of {}, told {found:?}", records[*index]));
        }
    }
    let planted = |index: usize| expected.iter().any(|(planted, _)| *planted == index);
    for index in (0..records.len()).filter(|index| !planted(*index)) {
        if told(index).iter().any(|issue| issue.2 == "error") {
            faults.push(format!("told {:?} of the sound {}", told(index), records[index]));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let errors = expected.iter().filter(|(_, (_, _, severity))| *severity == "error").count();
    assert_eq!((&report["counts"]["rejected"], &report["counts"]["parked"]), (&json!(errors), &json!(0)), "{}", report["counts"]);
}
