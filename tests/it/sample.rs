//! The sample keeps every rule: pushed whole, again, and in any order, with nothing rejected, nothing waiting and
//! nothing to warn of.

use crate::common::{Gateway, answer, program};
use serde_json::{Value, json};

fn sample(seed: u64, schools: u8) -> Vec<String> {
    let output =
        program().args(["sample", "--schools", &schools.to_string(), "--seed", &seed.to_string()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Pushes the lines and waits for the report.
async fn push(gateway: &Gateway, token: &str, lines: &[String]) -> Value {
    let request = gateway.request("POST", "/v1/submissions", token).header("content-type", "application/x-ndjson");
    let (status, report) = answer(request.header("prefer", "respond-async").body(lines.join("\n"))).await;
    assert_eq!(status, 202, "{report}");
    let path = format!("/v1/submissions/{}", report["id"].as_str().unwrap());
    gateway.finished(token, &path).await
}

/// The counts are these and no others; the issues that stand in the way are shown.
fn expect(report: &Value, lines: &[String], outcome: &str) {
    let counts = &report["counts"];
    let told = format!("{counts}\n{:#}", report["issueGroups"]);
    assert_eq!((&report["status"], &report["result"]), (&json!("completed"), &json!("accepted")), "{told}");
    for (name, count) in counts.as_object().unwrap() {
        let expected = if name == "received" || name == outcome { lines.len() } else { 0 };
        assert_eq!(count, expected, "{name}: {told}");
    }
}

/// Another order, the same for the same lines.
fn shuffle(lines: &mut [String]) {
    let mut state = 88_172_645_463_325_252_u64;
    for last in (1..lines.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        lines.swap(last, (state % (last as u64 + 1)) as usize);
    }
}

#[tokio::test]
async fn three_schools_are_taken_whole_and_again_unchanged() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let lines = sample(1, 3);
    assert!(lines.len() > 25_000, "{}", lines.len());
    expect(&push(&gateway, &token, &lines).await, &lines, "created");
    expect(&push(&gateway, &token, &lines).await, &lines, "unchanged");
}

#[tokio::test]
async fn their_order_does_not_matter() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    // The fourth has primary and lower secondary classes, and may have two sites.
    let mut lines = sample(2, 4);
    shuffle(&mut lines);
    expect(&push(&gateway, &token, &lines).await, &lines, "created");
}
