//! Who gets the file, when, in which words; and how the list is known when it comes back.

use super::super::fixture::{Cell, School, XLSX, said, table, workbook};
use super::package::{listed, package, parts, rows, sent, sent_in, sheet_names, text};
use crate::common::records::{example, with};
use serde_json::json;

fn wrong() -> Vec<u8> {
    let student =
        with(&example("students"), json!({ "studentCode": "3100012399", "citizenId": null, "sex": "nobody" }));
    workbook(&[("students", table(&[example("students"), student]))])
}

#[actix_web::test]
async fn the_list_is_known_whatever_it_is_called() {
    let school = School::filled().await;
    let (_, bytes, report) = sent_in(&school, "", XLSX, wrong(), "en").await;
    let returned = parts(&bytes);
    let list =
        returned.keys().find(|name| text(&returned, name).contains("school-gateway:mending-list")).unwrap().clone();
    // Somebody else's language, a name of one's own; a program that drops hidden columns.
    let mut renamed = returned.clone();
    let book = text(&returned, "xl/workbook.xml").replace("name=\"To mend\"", "name=\"Học sinh của tôi\"");
    renamed.insert("xl/workbook.xml".into(), book.into_bytes());
    let mut unmarked = returned.clone();
    unmarked.insert(list.clone(), text(&returned, &list).replace("school-gateway:mending-list", "").into_bytes());
    for (kind, query) in [(&returned, ""), (&renamed, ""), (&unmarked, ""), (&renamed, "?resource=students")] {
        let (_, again, repeated) = sent(&school, query, XLSX, package(kind)).await;
        assert_eq!(said(&repeated), said(&report), "{repeated}");
        assert_eq!(sheet_names(&again), ["Lỗi cần sửa", "students"], "one list, not two");
    }
    // A sheet of that name that is no list stays one of the sender's.
    let own =
        workbook(&[("Lỗi cần sửa", vec![vec![Cell::from("mua sách")]]), ("students", table(&[example("students")]))]);
    let (_, bytes, _) = sent(&school, "", XLSX, own).await;
    assert_eq!(sheet_names(&bytes), ["Lỗi cần sửa (2)", "Lỗi cần sửa", "students"]);
    assert_eq!(rows(&bytes, "Lỗi cần sửa"), [["mua sách"]]);
}

#[actix_web::test]
async fn the_worst_comes_first_and_what_needs_nothing_is_counted() {
    let school = School::filled().await;
    // A lost zero is restored (info); a code that is no code rejects.
    let mut sheet = table(&[
        with(&example("campuses"), json!({ "campusCode": "02", "name": "Điểm 2" })),
        with(&example("campuses"), json!({ "campusCode": "03", "name": "" })),
    ]);
    let code = sheet[0].iter().position(|cell| matches!(cell, Cell::Text(text) if text == "communeCode")).unwrap();
    for (row, place) in [(1, code), (2, code)] {
        let Cell::Text(text) = sheet[row][place].clone() else { panic!() };
        if text.starts_with('0') {
            sheet[row][place] = Cell::Number(text.parse().unwrap());
        }
    }
    let (_, bytes, report) = sent(&school, "", XLSX, workbook(&[("campuses", sheet)])).await;
    let severities: Vec<&str> =
        report["issues"].as_array().unwrap().iter().map(|issue| issue["severity"].as_str().unwrap()).collect();
    let entries = listed(&bytes);
    let counted = |severity: &str| severities.iter().filter(|known| **known == severity).count();
    assert_eq!(entries.len(), counted("error") + counted("warning"), "{report}");
    assert!(entries.iter().map(|entry| entry[6] != "Lỗi").is_sorted(), "{entries:?}");
    let summary = rows(&bytes, "Lỗi cần sửa")[1][0].clone();
    assert!(summary.starts_with(&format!("{} lỗi, {} cảnh báo.", counted("error"), counted("warning"))), "{summary}");
    assert_eq!(summary.contains(&format!(" {} thông tin", counted("info"))), counted("info") > 0, "{summary}");
}

#[actix_web::test]
async fn a_file_without_a_fault_says_so() {
    let school = School::filled().await;
    let (_, bytes, _) = sent(&school, "", XLSX, workbook(&[("students", table(&[example("students")]))])).await;
    assert_eq!(rows(&bytes, "Lỗi cần sửa")[1][0].split('.').next().unwrap(), "Không có lỗi nào cần sửa");
}

#[actix_web::test]
async fn the_status_is_that_of_the_report_which_gives_the_file_later_too() {
    let school = School::filled().await;
    let (status, bytes, report) = sent(&school, "?atomicity=all", XLSX, wrong()).await;
    assert_eq!(status, 422);
    let path = report["links"]["self"].as_str().unwrap();
    let later = school.gateway.request("GET", path, &school.token).header("accept", XLSX).send().await.unwrap();
    assert_eq!(later.status(), 200);
    assert_eq!(parts(&later.bytes().await.unwrap()), parts(&bytes));
}

#[actix_web::test]
async fn only_the_sender_gets_the_file() {
    let school = School::filled().await;
    let (_, report) = school.send("", XLSX, wrong()).await;
    let path = report["links"]["self"].as_str().unwrap();
    for (kind, options) in
        [("sector-staff", vec!["--all-schools"]), ("sector-staff", vec!["--all-schools", "--scope", "sensitive.read"])]
    {
        let token = school.gateway.token(&school.gateway.client(kind, &options)).await;
        let answer = school.gateway.request("GET", path, &token).header("accept", XLSX).send().await.unwrap();
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        assert_eq!((answer.status().as_u16(), kind.as_str()), (200, "application/json"));
    }
    // Another school's software does not see that there is one.
    let other = school.gateway.client("school-software", &["--school", "31000502"]);
    let token = school.gateway.token(&other).await;
    let answer = school.gateway.request("GET", path, &token).header("accept", XLSX).send().await.unwrap();
    assert_eq!(answer.status(), 404);
}
