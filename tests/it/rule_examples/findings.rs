//! Rules that show in a whole school only: a finding opens, and closes when the data are mended.

use super::school::whole;
use super::sending::Office;
use super::stored::before;
use super::verdict::hold;
use super::words;
use futures_util::StreamExt;
use school_gateway::model::rules::examples;
use school_gateway::model::rules::examples::{Example, Sending};
use std::collections::BTreeSet;

/// Gateways at a time; most of the time they wait.
const AT_ONCE: usize = 4;

/// Sends one side, all of which must be taken, and sees what stands open then.
async fn after(office: &Office, example: &Example, side: &Sending) -> BTreeSet<String> {
    let (status, report) = office.send(example, side, &whole(example, &example.beside)).await;
    assert!(status == 200 && report["counts"]["rejected"] == 0, "{}: {status} {report:#}", example.rule);
    office.findings().await
}

async fn judged(example: &Example) -> Option<String> {
    let office = before(example).await;
    let along = |line: &String| example.also.iter().any(|code| line.starts_with(code.as_str()));
    let own = |found: BTreeSet<String>| found.into_iter().filter(|line| !along(line)).collect::<BTreeSet<String>>();
    let first = own(office.findings().await);
    let broken = own(after(&office, example, &example.breaks).await);
    let words = words::faults(office.gateway.database());
    let kept = own(after(&office, example, &example.keeps).await);
    let mut expected = first.clone();
    if !words.is_empty() {
        return Some(words.join("\n"));
    }
    let opens = expected.insert(format!("{} {}", example.rule, example.pointer));
    (!opens || broken != expected || kept != first).then(|| {
        format!("{} at “{}”: first {first:?}, broken {broken:?}, kept {kept:?}", example.rule, example.pointer)
    })
}

#[tokio::test]
async fn each_opens_as_a_finding_and_closes() {
    let examples = examples::all().iter().filter(|example| example.finding);
    hold(futures_util::stream::iter(examples.map(judged)).buffer_unordered(AT_ONCE).collect().await);
}
