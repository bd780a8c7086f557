//! The small school that an example stands in, and what is sent beside it.

use crate::common::records::upsert;
use school_gateway::model;
use school_gateway::model::rules::examples;
use serde_json::{Value, json};

use examples::{Example, ExampleRecord, Sending};

/// The records of the small school. Findings are looked for in a school without results, which would have findings of
/// their own.
pub fn school(example: &Example) -> Vec<Value> {
    let results = ["subject-results", "academic-records"];
    let records = examples::school(example.primary)
        .into_iter()
        .filter(|(resource, _)| !example.finding || !results.contains(resource));
    records.map(|(resource, data)| upsert(resource, &data)).collect()
}

/// Records of an example, whole.
pub fn whole(example: &Example, records: &[ExampleRecord]) -> Vec<Value> {
    let of = |record: &ExampleRecord| -> Vec<Value> {
        let base = examples::base(&record.resource, example.primary);
        let made = |changes| {
            json!({ "resource": record.resource, "operation": record.operation.as_deref().unwrap_or("upsert"),
            "data": examples::laid_over(&base, &changes) })
        };
        record.each_of().into_iter().map(made).collect()
    };
    records.iter().flat_map(of).collect()
}

/// What a record is known by.
fn key(record: &Value) -> Vec<String> {
    let spec = model::find(record["resource"].as_str().unwrap()).unwrap();
    let members =
        spec.key.iter().map(|name| record["data"][spec.fields[spec.position(name).unwrap()].json].to_string());
    std::iter::once(spec.name.to_owned()).chain(members).collect()
}

/// Everything at once: the school but for what comes again, what is beside, and the records of one side; and where that
/// side begins.
pub fn at_once(example: &Example, side: &Sending) -> (Vec<Value>, usize) {
    let (beside, own) = (whole(example, &example.beside), whole(example, &side.records));
    let again: Vec<Vec<String>> = beside.iter().chain(&own).map(key).collect();
    let mut records: Vec<Value> = school(example).into_iter().filter(|record| !again.contains(&key(record))).collect();
    records.extend(beside.into_iter().filter(|record| !own.iter().any(|other| key(other) == key(record))));
    let begin = records.len();
    records.extend(own);
    (records, begin)
}

/// What goes wrong beside the records: the database refuses one, or the gateway fails at one, which is made for the test;
/// or more issues than a report begins with.
pub fn is_beside_the_records(example: &Example) -> bool {
    ["PT-020", "PT-022", "PT-023", "PT-024", "PT-025"].contains(&example.rule.as_str())
}

/// Can it be judged from what is sent at once, without anything that was stored or done before?
pub fn stands_alone(example: &Example) -> bool {
    let sides = [&example.breaks, &example.keeps];
    let deletes = |side: &Sending| side.records.iter().any(|record| record.operation.is_some());
    example.before.is_empty()
        && !example.finding
        && sides.iter().all(|side| side.is_plain() && side.sheets.is_empty() && side.body.is_none() && !deletes(side))
        && !is_beside_the_records(example)
}
