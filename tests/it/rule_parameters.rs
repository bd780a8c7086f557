//! Thresholds of the rules are data: a file of parameters changes them for its school years and grades, and a running
//! gateway judges by them at once.

use crate::common::records::{example, path, small_school, upsert, with};
use crate::common::{Client, Gateway, answer};
use serde_json::{Value, json};

const HEADINGS: &str = "code,value,unit,since,until,name_vi,name_en";

/// A gateway with the small school, and the token of its software.
async fn school() -> (Gateway, String) {
    let gateway = Gateway::start();
    let client: Client = gateway.client("school-software", &["--all-schools"]);
    let token = gateway.token(&client).await;
    assert_eq!(gateway.submit("", &token, &small_school()).await.1["result"], "accepted");
    (gateway, token)
}

/// Loads rows of parameters by the command line.
fn load(gateway: &Gateway, rows: &str) {
    // The tests of this file run side by side.
    let folder = gateway.database().watchdog().folder().join(format!("of-{}", gateway.pid()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("rule-parameters.csv");
    std::fs::write(&path, format!("{HEADINGS}\n{rows}\n")).unwrap();
    gateway.run(&["reference", "load", path.to_str().unwrap()]);
}

/// The codes of what is told of a pupil's year, changed.
async fn judged(gateway: &Gateway, token: &str, changes: Value) -> Vec<String> {
    let year = json!({ "period": "CN", "learningLevel": "Đ", "conductLevel": "Đ", "excusedAbsences": 47, "unexcusedAbsences": 0, "promoted": true });
    let record = with(&with(&example("academic-records"), year), changes);
    let (_, report) = gateway.submit("?mode=validate", token, &[upsert("academic-records", &record)]).await;
    let issues = report["issues"].as_array().unwrap();
    issues.iter().map(|issue| issue["code"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_threshold_changes_without_a_new_program() {
    let (gateway, token) = school().await;
    assert_eq!(judged(&gateway, &token, json!({})).await, ["MK-013"]);
    load(&gateway, "promotion.absences-at-most,50,sessions,2025-2026,2025-2026,Số buổi nghỉ,Absences");
    assert_eq!(judged(&gateway, &token, json!({})).await, [""; 0]);
    assert_eq!(judged(&gateway, &token, json!({ "excusedAbsences": 51 })).await, ["MK-013"]);
}

#[actix_web::test]
async fn a_threshold_holds_for_its_years_alone() {
    let (gateway, token) = school().await;
    load(&gateway, "promotion.absences-at-most,50,sessions,2026-2027,,Số buổi nghỉ,Absences");
    assert_eq!(
        judged(&gateway, &token, json!({})).await,
        ["MK-013"],
        "what the file says of later years leaves this one alone"
    );
}

#[actix_web::test]
async fn a_threshold_may_be_of_one_grade_and_come_over_http() {
    let (gateway, token) = school().await;
    let admin = gateway.token_for("admin", &[]).await;
    let send = async |grade: &str| {
        let body =
            format!("{HEADINGS}\npromotion.absences-at-most.grade-{grade},50,sessions,,,Số buổi nghỉ,Absences\n");
        let request = gateway
            .request("POST", "/v1/reference?file=rule-parameters.csv", &admin)
            .header("content-type", "text/csv")
            .body(body);
        assert_eq!(answer(request).await.0, 200);
    };
    send("07").await;
    assert_eq!(judged(&gateway, &token, json!({})).await, ["MK-013"], "the pupil is in grade 6");
    send("06").await;
    assert_eq!(judged(&gateway, &token, json!({})).await, [""; 0]);
}

/// The codes of what is told of a pupil's marks in mathematics.
async fn marked(gateway: &Gateway, token: &str, changes: Value) -> Vec<String> {
    let record = with(&example("subject-results"), changes);
    let (status, body) = gateway.put(&path("subject-results", &record), token, &record).await;
    assert!([200, 201, 422].contains(&status), "{body}");
    let issues = body["issues"].as_array().cloned().unwrap_or_default();
    issues
        .iter()
        .filter(|issue| issue["severity"] == "error")
        .map(|issue| issue["code"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn the_weights_of_averages_are_data() {
    let (gateway, token) = school().await;
    // 8 + 9 + 8.5 + 7.5 + 2 × 8 + 3 × 4.5 is 62.5, a ninth of which is 6.9; without weights 45.5, a sixth of which is
    // 7.6.
    let term = |final_mark: f64, average: f64| json!({ "finalMark": final_mark, "average": average });
    assert_eq!(marked(&gateway, &token, term(4.5, 6.9)).await, [""; 0]);
    assert_eq!(marked(&gateway, &token, term(4.5, 7.6)).await, ["MK-007"]);
    let weight = |name: &str, value: u8| format!("{name},{value},times,2025-2026,2025-2026,Hệ số,Weight");
    load(&gateway, &[weight("term-average.midterm-weight", 1), weight("term-average.final-weight", 1)].join("\n"));
    assert_eq!(marked(&gateway, &token, term(4.5, 7.6)).await, [""; 0]);
    assert_eq!(marked(&gateway, &token, term(4.5, 6.9)).await, ["MK-007"]);
    // The first term has 7.6 now.
    assert_eq!(marked(&gateway, &token, json!({ "period": "CK2", "finalMark": 1.5, "average": 7.1 })).await, [""; 0]);
    let year = |average: f64| json!({ "period": "CN", "regularMarks": null, "midtermMark": null, "finalMark": null, "average": average });
    assert_eq!(marked(&gateway, &token, year(7.3)).await, [""; 0]);
    load(&gateway, &weight("year-average.second-term-weight.grade-06", 1));
    assert_eq!(marked(&gateway, &token, year(7.4)).await, [""; 0], "half of 7.6 and 7.1 is 7.35");
    assert_eq!(marked(&gateway, &token, year(7.3)).await, ["MK-008"]);
}
