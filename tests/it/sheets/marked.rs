//! A sheet comes back with the issues beside its rows, can be mended there and sent again.

use super::fixture::{Cell, School, XLSX, said, table, workbook};
use crate::common::records::{example, with};
use calamine::{Data, Reader, Xlsx};
use serde_json::json;
use std::io::Cursor;

fn rows(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

async fn marked(school: &School, body: Vec<u8>) -> (u16, Vec<u8>, String) {
    let request = school
        .gateway
        .request("POST", "/v1/submissions", &school.token)
        .header("content-type", XLSX)
        .header("accept", XLSX);
    let answer = request.body(body).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"].to_str().unwrap(), XLSX);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec(), location)
}

#[actix_web::test]
async fn issues_stand_beside_their_rows() {
    let school = School::filled().await;
    let student = example("students");
    let mut sheet = table(&[
        student.clone(),
        with(&student, json!({ "studentCode": "3100012399", "citizenId": null, "sex": "nobody" })),
    ]);
    sheet[0].insert(0, Cell::from("STT"));
    sheet[1].insert(0, Cell::Number(1.0));
    sheet[2].insert(0, Cell::Number(2.0));
    sheet.insert(1, vec![]);
    let (status, bytes, location) = marked(&school, workbook(&[("Học sinh", sheet)])).await;
    assert_eq!(status, 200);
    let found = rows(&bytes, "Học sinh");
    let column = |name: &str| {
        found[0].iter().position(|heading| heading == name).unwrap_or_else(|| panic!("{name}: {:?}", found[0]))
    };
    assert_eq!((found.len(), &found[1][0], &found[2][0]), (3, &"3".to_owned(), &"4".to_owned()));
    assert_eq!((&found[1][column("STT")], &found[2][column("sex")]), (&"1".to_owned(), &"nobody".to_owned()));
    assert_eq!(
        (&found[1][column("Kết quả kiểm tra")], &found[2][column("Kết quả kiểm tra")]),
        (&"Đạt".to_owned(), &"Bị từ chối".to_owned())
    );
    let issues = &found[2][column("Lỗi và cảnh báo")];
    assert!(issues.contains("(sex): ") && issues.contains("[PT-014]"), "{issues}");
    let again = school.gateway.request("GET", &location, &school.token).header("accept", XLSX).send().await.unwrap();
    assert_eq!(rows(&again.bytes().await.unwrap(), "Học sinh"), found, "the report gives it too");

    // Mended in the file that came back, and sent as it is.
    let mended: Vec<Vec<Cell>> = found
        .iter()
        .map(|row| row.iter().map(|text| Cell::from(if text == "nobody" { "Nam" } else { text })).collect())
        .collect();
    let (status, report) = school.send_sheet("Học sinh", mended).await;
    assert_eq!(
        (status, report["counts"]["created"].as_u64(), report["counts"]["unchanged"].as_u64()),
        (200, Some(1), Some(1)),
        "{report}"
    );
    assert!(!said(&report).iter().any(|issue| issue.starts_with("PT-004")), "{report}");
}

#[actix_web::test]
async fn the_status_is_that_of_the_report() {
    let school = School::filled().await;
    let request =
        school.gateway.request("POST", "/v1/submissions?atomicity=all", &school.token).header("content-type", XLSX);
    let body = workbook(&[("students", table(&[with(&example("students"), json!({ "sex": "nobody" }))]))]);
    let answer = request.header("accept", XLSX).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 422);
    assert!(rows(&answer.bytes().await.unwrap(), "students")[1].iter().any(|cell| cell == "Bị từ chối"));
}

#[actix_web::test]
async fn staff_do_not_get_the_rows_as_sent() {
    let school = School::filled().await;
    let (_, report) = school.send_sheet("students", table(&[example("students")])).await;
    let staff = school.gateway.client("sector-staff", &["--all-schools"]);
    let token = school.gateway.token(&staff).await;
    let answer = school
        .gateway
        .request("GET", report["links"]["self"].as_str().unwrap(), &token)
        .header("accept", XLSX)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "application/json")
    );
}
