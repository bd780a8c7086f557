//! Schools that keep every rule have no findings.

use super::fixture::line;
use crate::common::Gateway;
use serde_json::Value;

#[tokio::test]
async fn sample_schools_of_every_kind_have_none() {
    let gateway = Gateway::start();
    let records = gateway_sample();
    let token = gateway.software_of_all().await;
    let request =
        gateway.request("POST", "/v1/submissions", &token).header("content-type", "application/x-ndjson").body(records);
    let report: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(report["result"], "accepted", "{}", report["issues"]);
    gateway.database().judged().await;
    let (_, page) = gateway.get("/v1/findings?status=all", &token).await;
    let lines: Vec<String> = page["items"].as_array().unwrap().iter().map(line).collect();
    assert_eq!(lines, [""; 0]);
}

fn gateway_sample() -> Vec<u8> {
    let output = crate::common::program().args(["sample", "--schools", "4", "--seed", "11"]).output().unwrap();
    assert!(output.status.success());
    output.stdout
}
