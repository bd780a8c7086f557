//! The examples of the documentation go through the gate as they stand: read, normalised and judged without an issue.

use school_gateway::intake::gate::Gate;
use school_gateway::intake::json::parse;
use school_gateway::model::lists::Lists;
use school_gateway::model::rules::{Candidate, IssueSink};
use school_gateway::model::spec::Spec;
use school_gateway::model::value::Value;
use school_gateway::model::{ALL, find, schema};

fn issues(spec: &'static Spec, data: &serde_json::Value) -> (Vec<Value>, Vec<String>) {
    let (lists, received) = (Lists::embedded(), "2025-10-01".parse().unwrap());
    let mut findings = IssueSink::new(spec.fields);
    let gate = Gate { lists: &lists, received, crosswalks: None, largest_record: 256 << 10 };
    let row = parse::record(&data.to_string(), spec.fields, spec.name, gate, &mut findings).unwrap();
    (spec.check)(&Candidate { spec, row: &row, received, lists: &lists }, &mut findings);
    let issues = findings.issues.iter().map(|issue| format!("{} {}", issue.rule.code, issue.pointer)).collect();
    (row.values, issues)
}

#[test]
fn every_example_keeps_every_rule() {
    for spec in ALL {
        assert_eq!(issues(spec, &schema::example(spec)).1, [""; 0], "{}", spec.name);
    }
}

#[test]
fn a_list_that_must_be_there_may_be_empty() {
    let spec = find("facility-returns").unwrap();
    let mut data = schema::example(spec);
    data["rooms"] = serde_json::json!([]);
    let (values, found) = issues(spec, &data);
    assert_eq!((&values[spec.position("rooms").unwrap()], found.len()), (&Value::List(vec![]), 0));
    data["rooms"] = serde_json::Value::Null;
    assert_eq!(issues(spec, &data).1, ["PT-012 /rooms"]);
}
