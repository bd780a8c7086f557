//! Records to send: the examples of the resources, which make one small school, and what is asked of every report.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use school_gateway::model;
use school_gateway::model::spec::Spec;
use serde_json::{Value, json};

/// The school of the examples.
pub const SCHOOL: &str = "31000501";

/// By which number stored data name a resource.
pub fn number(resource: &str) -> i16 {
    model::find(resource).unwrap().number
}

/// The `data` of a resource's example.
pub fn example(resource: &str) -> Value {
    serde_json::from_str(model::find(resource).unwrap().example).unwrap()
}

/// A record of the submission's form.
pub fn upsert(resource: &str, data: &Value) -> Value {
    json!({ "resource": resource, "data": data })
}

/// A delete by the key in `data`.
pub fn deletion(resource: &str, data: &Value) -> Value {
    let key: serde_json::Map<String, Value> =
        key_names(resource).map(|name| (name.to_owned(), data[name].clone())).collect();
    json!({ "resource": resource, "operation": "delete", "data": key })
}

/// A copy of `data` with members changed; a null takes the member out.
pub fn with(data: &Value, changes: Value) -> Value {
    let mut data = data.clone();
    let members = data.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => members.remove(name),
            value => members.insert(name.clone(), value.clone()),
        };
    }
    data
}

/// One record of each resource: a small school that breaks no rule, parents first.
pub fn small_school() -> Vec<Value> {
    ordered().map(|spec| upsert(spec.name, &example(spec.name))).collect()
}

/// The same school with classrooms and toilets for many, of which it would else be warned (FA-003, FA-004).
pub fn roomy_school() -> Vec<Value> {
    let mut records = small_school();
    for record in records.iter_mut().filter(|record| record["resource"] == "facility-returns") {
        record["data"]["studentToilets"] = json!(200);
        record["data"]["rooms"] = json!([]);
    }
    records
}

/// Every resource, parents first.
pub fn ordered() -> impl DoubleEndedIterator<Item = &'static Spec> {
    let mut tables: Vec<_> = school_gateway::store::table::tables().iter().collect();
    tables.sort_by_key(|table| table.level);
    tables.into_iter().map(|table| table.spec)
}

fn key_names(resource: &str) -> impl Iterator<Item = &'static str> {
    let spec = model::find(resource).unwrap();
    spec.key.iter().map(|name| spec.fields[spec.position(name).unwrap()].json)
}

/// `/v1/{resource}/{key…}` of a record.
pub fn path(resource: &str, data: &Value) -> String {
    let parts =
        key_names(resource).map(|name| utf8_percent_encode(data[name].as_str().unwrap(), NON_ALPHANUMERIC).to_string());
    format!("/v1/{resource}/{}", parts.collect::<Vec<_>>().join("/"))
}

/// Records as NDJSON.
pub fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// Every report's counts add up, in all and by resource; returns the counts that are not zero, such as `created 11,
/// warnings 1`.
pub fn counts(report: &Value) -> String {
    let outcomes = ["created", "updated", "unchanged", "deleted", "parked", "rejected"];
    let number =
        |counts: &Value, name: &str| counts[name].as_i64().unwrap_or_else(|| panic!("no count of {name} in {report}"));
    let sum = |counts: &Value| outcomes.iter().map(|name| number(counts, name)).sum::<i64>();
    let total = &report["counts"];
    assert_eq!(sum(total), number(total, "received"), "the counts add up: {report}");
    for name in outcomes.iter().chain(&["received"]) {
        let by_resource: i64 =
            report["byResource"].as_object().unwrap().values().map(|counts| number(counts, name)).sum();
        assert!(by_resource <= number(total, name), "{name} by resource: {report}");
    }
    for counts in report["byResource"].as_object().unwrap().values() {
        assert_eq!(sum(counts), number(counts, "received"), "the counts of a resource add up: {report}");
    }
    let shown = outcomes.iter().chain(&["warnings"]).filter(|name| number(total, name) != 0);
    shown.map(|name| format!("{name} {}", number(total, name))).collect::<Vec<_>>().join(", ")
}

/// The issues of a report by record, whatever the order in which it tells them: `index code pointer`.
pub fn issues(report: &Value) -> Vec<String> {
    let issue = |issue: &Value| {
        format!("{} {} {}", issue["index"], issue["code"].as_str().unwrap(), issue["pointer"].as_str().unwrap())
    };
    let mut told: Vec<&Value> =
        report["issues"].as_array().unwrap_or_else(|| panic!("no issues in {report}")).iter().collect();
    told.sort_by_key(|issue| issue["index"].as_u64());
    told.into_iter().map(issue).collect()
}

/// The same records in another order, by a seed.
pub fn shuffled(records: &[Value], seed: u64) -> Vec<Value> {
    let (mut records, mut state) = (records.to_vec(), seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    for at in (1..records.len()).rev() {
        records.swap(at, random(&mut state) as usize % (at + 1));
    }
    records
}

/// The next number of a small generator (xorshift), so that a failure can be repeated.
pub fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state >> 3
}

/// So many further pupils of the small school's class, each with enrollment and one result; no warning among them.
pub fn pupils(count: usize) -> Vec<Value> {
    let (student, enrollment, result) = (example("students"), example("enrollments"), example("subject-results"));
    (0..count)
        .flat_map(|number| {
            let code = json!({ "studentCode": pupil(number) });
            [
                upsert(
                    "students",
                    &with(
                        &with(&student, code.clone()),
                        json!({ "citizenId": format!("031214{:06}", 100_000 + number) }),
                    ),
                ),
                upsert("enrollments", &with(&enrollment, code.clone())),
                upsert("subject-results", &with(&result, code)),
            ]
        })
        .collect()
}

/// The code of one of these [`pupils`].
pub fn pupil(number: usize) -> String {
    format!("31001{number:05}")
}
