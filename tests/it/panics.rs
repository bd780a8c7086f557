//! A panic costs the record at which it happens, or the attempt at a submission, never more: the batch, the thread and the
//! gateway go on. Debug builds panic where the environment says so (`src/panics.rs`).

use crate::common::records::{SCHOOL, counts, example, small_school, upsert, with};
use crate::common::{Gateway, TestDatabase, answer, program};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const TRAPS: &str = "SCHOOL_GATEWAY_TEST_PANIC";
/// Invented names at which it panics, and where.
const AT_RULES: &str = "parse=Trần Vỡ Đọc,check=Trần Vỡ Soát,judge=Trần Vỡ Xét,sheet=Trần Vỡ Bảng";

fn trapped(traps: &str, arguments: &[&str]) -> Gateway {
    Gateway::in_environment(Arc::new(TestDatabase::new()), &[(TRAPS, traps)], arguments)
}

/// A pupil of this name, with a code of its own.
fn pupil(number: usize, name: &str) -> Value {
    let own = json!({ "studentCode": format!("31000407{number:02}"), "fullName": name, "citizenId": null });
    with(&example("students"), own)
}

/// What is said under this name of each issue that tells of a panic.
fn failed(report: &Value, name: &str) -> Vec<Value> {
    let issues = report["issues"].as_array().unwrap_or_else(|| panic!("no issues in {report}"));
    issues.iter().filter(|issue| issue["code"] == "PT-022").map(|issue| issue[name].clone()).collect()
}

fn is_told_without_data(gateway: &Gateway, id: &str) {
    let log = gateway.log();
    assert!(log.lines().any(|line| line.contains(id) && line.contains("a rule failed")), "{id} is not named: {log}");
    assert!(!log.contains("Trần Vỡ"), "the log names a pupil: {log}");
}

#[tokio::test]
async fn a_rule_that_panics_rejects_its_record_alone() {
    let gateway = trapped(AT_RULES, &[]);
    let token = gateway.software(SCHOOL).await;
    let names = ["Trần Vỡ Đọc", "Trần Vỡ Soát", "Trần Vỡ Xét", "Trần Văn Lành"];
    let pupils = names.iter().enumerate().map(|(number, name)| upsert("students", &pupil(number, name)));
    let records: Vec<Value> = small_school().into_iter().chain(pupils).collect();
    for (mode, kept) in [("?mode=validate", "created"), ("", "created"), ("", "unchanged")] {
        let (status, report) = gateway.submit(mode, &token, &records).await;
        counts(&report);
        assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(3)), "{report:#}");
        assert_eq!(report["counts"][kept], records.len() - 3, "{report:#}");
        let failed = failed(&report, "index");
        let first = records.len() - 4;
        assert_eq!(failed, [json!(first), json!(first + 1), json!(first + 2)], "{report:#}");
        is_told_without_data(&gateway, report["id"].as_str().unwrap());
    }
}

#[tokio::test]
async fn a_rule_that_panics_rejects_its_put_alone() {
    let gateway = trapped(AT_RULES, &[]);
    let token = gateway.software(SCHOOL).await;
    assert_eq!(gateway.submit("", &token, &small_school()).await.0, 200);
    for (number, name) in ["Trần Vỡ Đọc", "Trần Vỡ Soát", "Trần Vỡ Xét"].into_iter().enumerate() {
        let put = |number: usize, name| {
            let path = format!("/v1/students/31000407{number:02}");
            answer(gateway.request("PUT", &path, &token).json(&pupil(number, name)))
        };
        // Two at a time, so that they may share a batch.
        let ((status, problem), sound) = tokio::join!(put(number, name), put(number + 50, "Trần Văn Lành"));
        assert_eq!((status, failed(&problem, "pointer")), (422, vec![json!("")]), "{name}: {problem}");
        assert_eq!(sound.0, 201, "{}", sound.1);
        is_told_without_data(&gateway, problem["requestId"].as_str().unwrap());
    }
}

#[tokio::test]
async fn a_row_whose_reading_panics_is_rejected_alone() {
    let gateway = trapped(AT_RULES, &[]);
    let token = gateway.software(SCHOOL).await;
    assert_eq!(gateway.submit("", &token, &small_school()).await.0, 200);
    let row = |number: usize, name: &str| format!("31000407{number:02},{SCHOOL},{name},05/09/2012,Nam,Kinh\n");
    let head = "Mã học sinh,Mã trường,Họ và tên,Ngày sinh,Giới tính,Dân tộc\n";
    let body = [head.to_owned(), row(1, "Trần Văn Lành"), row(2, "Trần Vỡ Bảng"), row(3, "Trần Văn Yên")].concat();
    let request = gateway.request("POST", "/v1/submissions?resource=students", &token);
    let (status, report) = answer(request.header("content-type", "text/csv").body(body)).await;
    assert_eq!(
        (status, &report["counts"]["created"], &report["counts"]["rejected"]),
        (200, &json!(2), &json!(1)),
        "{report:#}"
    );
    let failed = failed(&report, "row");
    assert_eq!(failed, [json!(3)], "{report:#}");
}

#[test]
fn a_check_without_a_gateway_goes_on_after_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("school.ndjson");
    let pupils = ["Trần Vỡ Đọc", "Trần Vỡ Xét"]
        .iter()
        .enumerate()
        .map(|(number, name)| upsert("students", &pupil(number, name)));
    let lines: String = small_school().into_iter().chain(pupils).map(|record| format!("{record}\n")).collect();
    std::fs::write(&file, lines).unwrap();
    let output = program().env(TRAPS, AT_RULES).args(["validate", "--format", "json"]).arg(&file).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(report["counts"]["rejected"], 2, "{report:#}");
    assert_eq!(failed(&report, "index").len(), 2, "{report:#}");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("Trần Vỡ"), "{output:?}");
}

/// A submission with a sound school and one pupil at whom the step fails.
fn poison() -> Vec<Value> {
    small_school().into_iter().chain([upsert("students", &pupil(1, "Trần Vỡ Bước"))]).collect()
}

async fn keyed(gateway: &Gateway, token: &str, records: &[Value]) -> reqwest::Result<reqwest::Response> {
    let body: String = records.iter().map(|record| format!("{record}\n")).collect();
    let request = gateway.request("POST", "/v1/submissions", token).header("content-type", "application/x-ndjson");
    request.header("idempotency-key", "poison").body(body).send().await
}

fn is_given_up(report: &Value, attempts: usize) {
    counts(report);
    assert_eq!((&report["status"], &report["result"]), (&json!("failed"), &json!("partial")), "{report:#}");
    let first = &report["issues"][0];
    assert_eq!((&first["code"], &first["index"]), (&json!("PT-024"), &json!(0)), "{report:#}");
    assert!(first["message"].as_str().unwrap().contains(&format!("{attempts} lần")), "{report:#}");
    // What came before the step that fails stands.
    assert_eq!(report["byResource"]["schools"]["created"], 1, "{report:#}");
}

#[tokio::test]
async fn a_submission_that_panics_is_given_up_and_its_key_answers_so() {
    let gateway = trapped("step=Trần Vỡ Bước", &["--submission-attempts", "3"]);
    let token = gateway.software(SCHOOL).await;
    let report: Value = keyed(&gateway, &token, &poison()).await.unwrap().json().await.unwrap();
    is_given_up(&report, 3);
    let again = keyed(&gateway, &token, &poison()).await.unwrap();
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    let again: Value = again.json().await.unwrap();
    assert_eq!((&again["id"], &again["counts"]), (&report["id"], &report["counts"]));
    let path = format!("/v1/submissions/{}", report["id"].as_str().unwrap());
    let english = answer(gateway.request("GET", &path, &token).header("accept-language", "en")).await.1;
    assert!(english["issues"][0]["message"].as_str().unwrap().contains("3 times"), "{english:#}");
    let (status, sound) = gateway.submit("", &token, &small_school()).await;
    assert_eq!((status, &sound["status"]), (200, &json!("completed")), "{sound:#}");
    assert_eq!(gateway.get("/health/ready", "").await.0, 200);
    assert!(!gateway.log().contains("Trần Vỡ"), "{}", gateway.log());
}

#[tokio::test]
async fn a_submission_at_which_gateways_die_is_given_up_by_one_that_comes_after() {
    let database = Arc::new(TestDatabase::new());
    let start = || {
        let traps = [(TRAPS, "step-abort=Trần Vỡ Bước")];
        Gateway::in_environment(database.clone(), &traps, &["--submission-attempts", "2"])
    };
    let mut gateway = start();
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let token = gateway.token(&client).await;
    assert!(keyed(&gateway, &token, &poison()).await.is_err(), "the gateway did not die");
    gateway.wait();
    let done = || database.value("SELECT count(*) FROM submissions WHERE completed_at IS NOT NULL") == "1";
    for _ in 0..6 {
        gateway = start();
        while !done() && gateway.request("GET", "/health/live", "").send().await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        if done() {
            break;
        }
        gateway.wait();
    }
    let token = gateway.token(&client).await;
    let report: Value = keyed(&gateway, &token, &poison()).await.unwrap().json().await.unwrap();
    is_given_up(&report, 2);
}

#[tokio::test]
async fn a_thread_that_panics_is_begun_again_and_shows_while_it_keeps_failing() {
    let gateway = trapped("single-writes=Trần Vỡ Ghi", &["--single-writers", "1"]);
    let token = gateway.software(SCHOOL).await;
    assert_eq!(gateway.submit("", &token, &small_school()).await.0, 200);
    let put = async |number: usize, name: &str| {
        let path = format!("/v1/students/31000407{number:02}");
        gateway.put(&path, &token, &pupil(number, name)).await
    };
    for number in 0..3 {
        assert_eq!(put(number, "Trần Vỡ Ghi").await.0, 503);
    }
    let (status, problem) = gateway.get("/health/ready", "").await;
    assert_eq!(status, 503, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("single-writes-0"), "{problem}");
    let (status, stored) = put(10, "Trần Văn Lành").await;
    assert_eq!(status, 201, "{stored}");
    assert_eq!(gateway.get("/health/ready", "").await.0, 200);
}
