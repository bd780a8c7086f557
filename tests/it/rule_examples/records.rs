//! Rules that show in what is sent at once: through a gateway that holds nothing, and without one.

use super::school::{at_once, stands_alone};
use super::sending::{Office, body};
use super::verdict::{hold, of_breaking, of_keeping};
use super::words;
use chrono::Utc;
use school_gateway::intake::json::split::Form;
use school_gateway::model::lists::Lists;
use school_gateway::model::moment::day_of;
use school_gateway::model::rules::{catalogue, examples};
use school_gateway::submission::offline::{Files, check};
use serde_json::Value;
use std::collections::BTreeSet;

use examples::{Example, Sending};

fn alone() -> impl Iterator<Item = &'static Example> {
    examples::all().iter().filter(|example| stands_alone(example))
}

/// The side's own request, but that nothing is kept of it.
fn checked(side: &Sending) -> Sending {
    let (text, encoding) = (side.text.clone(), side.encoding.clone());
    Sending {
        grants: side.grants.clone(),
        request: format!("{}?mode=validate", side.request),
        records: vec![],
        text,
        encoding,
        sheets: vec![],
        body: None,
    }
}

/// What is told of records: their place, the code, the member.
type Told = BTreeSet<(u64, String, String)>;

/// By a gateway; that something is not there is another matter, for without a gateway it may be elsewhere.
fn told_by_gateway(report: &Value) -> Told {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let issues = report["issues"].as_array().unwrap().iter().filter(|issue| issue["code"] != "PT-015");
    issues.map(|issue| (issue["index"].as_u64().unwrap(), text(&issue["code"]), text(&issue["pointer"]))).collect()
}

/// By the check without a gateway.
fn told_without(lists: &Lists, mut body: &[u8]) -> Told {
    let mut files = Files::new(1 << 18);
    files.take_in("records", Form::Lines, &mut body).unwrap();
    files.close().unwrap();
    let checked = check(&files, lists, day_of(Utc::now()), 1000, &|_| ()).unwrap();
    let issues = checked.issues.shown().filter(|found| found.rule.code != "PT-015");
    issues.map(|found| (found.index as u64, found.rule.code.to_owned(), found.pointer.clone())).collect()
}

/// With a gateway and without one.
#[tokio::test]
async fn each_is_told_of_the_side_that_breaks_it_and_not_of_the_other() {
    let (office, granted, lists) =
        (Office::open(&[]).await, Office::open(&["31000501".to_owned()]).await, Lists::embedded());
    let mut faults = Vec::new();
    for example in alone() {
        let office = if example.grants.is_empty() { &office } else { &granted };
        let (broken, begin) = at_once(example, &example.breaks);
        let report = office.send(example, &checked(&example.breaks), &broken).await.1;
        faults.push(of_breaking(example, &report, begin));
        let kept = at_once(example, &example.keeps).0;
        faults.push(of_keeping(example, &office.send(example, &checked(&example.keeps), &kept).await.1));
        // What a client is granted is not asked without a gateway.
        if example.grants.is_empty() {
            let without = told_without(&lists, &body(example, &checked(&example.breaks), &broken));
            let same = without == told_by_gateway(&report);
            faults.push(
                (!same).then(|| format!("{}: without a gateway {without:?} of {:#}", example.rule, report["issues"])),
            );
        }
    }
    for office in [&office, &granted] {
        faults.extend(words::faults(office.gateway.database()).into_iter().map(Some));
    }
    hold(faults);
}

#[test]
fn a_rule_says_what_it_needs_beside_the_record() {
    let lists = Lists::embedded();
    let told = |records: &[Value]| -> BTreeSet<(String, String, String)> {
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        let told = told_without(&lists, lines.as_bytes());
        told.into_iter().map(|(index, code, pointer)| (records[index as usize].to_string(), code, pointer)).collect()
    };
    for example in alone().filter(|example| example.breaks.text.is_none()) {
        let (records, begin) = at_once(example, &example.breaks);
        let (all, own) = (told(&records), records[begin..].iter().map(Value::to_string).collect::<BTreeSet<String>>());
        for spec in crate::common::records::ordered() {
            let left: Vec<Value> = records.iter().filter(|record| record["resource"] != spec.name).cloned().collect();
            if left.is_empty() || left.len() == records.len() {
                continue;
            }
            let (without, texts) = (told(&left), left.iter().map(Value::to_string).collect::<BTreeSet<String>>());
            for (record, code, pointer) in all.difference(&without).filter(|(record, ..)| texts.contains(record)) {
                let rule = catalogue::find(code).unwrap();
                // A record that waits is not looked at by those that came before it: what it refers to is needed, too.
                let is_named = rule.needs.iter().any(|needs| *needs == spec.name || rests_on(needs, spec.name));
                assert!(
                    is_named,
                    "{code} at {pointer} is not told without {}, which it does not name: {record}",
                    spec.name
                );
            }
            // At a member where something was told, a less exact rule may take its place.
            let known = |record: &str, pointer: &str| all.iter().any(|told| told.0 == record && told.2 == pointer);
            let news: Vec<_> = without
                .difference(&all)
                .filter(|(record, _, pointer)| own.contains(record) && !known(record, pointer))
                .collect();
            assert!(news.is_empty(), "{}, only without {}: {news:?}", example.rule, spec.name);
        }
    }
}

/// Does a resource refer to another, at once or through others?
fn rests_on(resource: &str, other: &str) -> bool {
    let references = school_gateway::model::find(resource).map_or(&[][..], |spec| spec.references);
    references
        .iter()
        .any(|reference| reference.to == other || reference.to != resource && rests_on(reference.to, other))
}
