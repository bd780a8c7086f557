//! A sheet changes the members for which it has columns, and leaves the others as they are stored.

use super::fixture::{Cell, School, XLSX, said, workbook};
use super::layouts::{SIXTH, mark_sheet, rows, school};
use crate::common::records::{SCHOOL, upsert, with};
use crate::common::{eventually, so};
use serde_json::{Value, json};

/// The averages of a term beside conduct, which a grade's summary has.
fn summary() -> Vec<Vec<Cell>> {
    rows(&[
        "BẢNG TỔNG HỢP KẾT QUẢ GIÁO DỤC HỌC KỲ 1, NĂM HỌC 2025 - 2026",
        "Khối 6 - Lớp 6A",
        "",
        "STT|Mã HS|Họ và tên|Toán|Văn|Kết quả học tập|Kết quả rèn luyện",
        "|||(HS 1)|(HS 1)||",
        "1|3100009101|Đinh Gia Bảo|8,2|7,5|Khá|Tốt",
        "2|3100009102|Lương Khánh Chi|6,4|6|Đạt|Tốt",
    ])
}

async fn take(school: &School, rows: Vec<Vec<Cell>>) -> Value {
    let (status, report) = school.send("", XLSX, workbook(&[("6A", rows)])).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report}");
    report
}

/// The result of Toán, without what says when and by whom.
async fn result(school: &School, student: &str) -> Value {
    let path = format!("/v1/subject-results/{SCHOOL}/2025-2026/CK1/{student}/TOAN");
    let mut record = school.read(&path).await;
    record.as_object_mut().unwrap().remove("meta");
    record
}

#[actix_web::test]
async fn marks_and_the_summary_of_the_term_come_to_the_same_in_either_order() {
    let mut found = Vec::new();
    for summary_first in [false, true] {
        let school = school().await;
        let sheets = if summary_first { [summary(), mark_sheet()] } else { [mark_sheet(), summary()] };
        for sheet in sheets {
            take(&school, sheet).await;
        }
        let report = take(&school, summary()).await;
        assert_eq!(report["byResource"]["subject-results"]["unchanged"], 4, "{report}");
        found.push([result(&school, SIXTH[0]).await, result(&school, SIXTH[1]).await]);
    }
    assert_eq!(found[0], found[1]);
    let first = &found[0][0];
    assert_eq!(first["regularMarks"], json!([8.0, 7.5, 9.0, 8.0]), "{first}");
    assert_eq!((&first["finalMark"], &first["average"], &first["classCode"]), (&json!(8.5), &json!(8.2), &json!("6A")));
}

#[actix_web::test]
async fn an_empty_cell_under_a_heading_empties_its_member() {
    let school = school().await;
    take(&school, mark_sheet()).await;
    let mut sheet = mark_sheet();
    (sheet[6][10], sheet[6][12]) = (Cell::Empty, Cell::Empty);
    take(&school, sheet).await;
    let first = result(&school, SIXTH[0]).await;
    assert_eq!(
        (&first["midtermMark"], &first["average"], &first["finalMark"]),
        (&json!(null), &json!(null), &json!(8.5))
    );
    // As NDJSON a record stands for itself.
    let key = json!({ "schoolCode": SCHOOL, "schoolYear": "2025-2026", "period": "CK1", "subjectCode": "TOAN" });
    let whole = json!({ "studentCode": SIXTH[1], "classCode": "6A", "regularMarks": [5], "finalMark": 6 });
    let whole = upsert("subject-results", &with(&key, whole));
    assert_eq!(school.gateway.submit("", &school.token, &[whole]).await.0, 200);
    assert_eq!(result(&school, SIXTH[1]).await["midtermMark"], json!(null));
}

#[actix_web::test]
async fn what_every_record_needs_may_be_stored_already_and_one_parent_is_changed_without_the_other() {
    let school = school().await;
    let both =
        rows(&["Mã HS|Họ tên bố|SĐT bố|Họ tên mẹ|SĐT mẹ", "3100009101|Lý Văn Tư|0901234567|Tô Thị Lan|0901234568"]);
    let (status, report) = school.send("?resource=students", XLSX, workbook(&[("Sheet1", both)])).await;
    assert_eq!((status, &report["counts"]["updated"]), (200, &json!(1)), "{report}");
    let father = rows(&["Mã HS|SĐT bố", "3100009101|0909999999"]);
    let (_, report) =
        school.send("?resource=students&mode=validate", XLSX, workbook(&[("Sheet1", father.clone())])).await;
    assert_eq!(report["counts"]["updated"], 1, "a dry run says the same: {report}");
    let (status, report) = school.send("?resource=students", XLSX, workbook(&[("Sheet1", father)])).await;
    assert_eq!((status, &report["counts"]["updated"]), (200, &json!(1)), "{report}");
    let student = school.read("/v1/students/3100009101").await;
    let contacts = json!([
        { "relationship": "father", "fullName": "Lý Văn Tư", "phone": "0909999999" },
        { "relationship": "mother", "fullName": "Tô Thị Lan", "phone": "0901234568" }
    ]);
    assert_eq!((&student["contacts"], &student["fullName"]), (&contacts, &json!("Lý Văn Tạm")));
    // Who is not stored lacks them still.
    let new = rows(&["Mã HS|SĐT bố", "3100009199|0909999999"]);
    let (status, report) = school.send("?resource=students", XLSX, workbook(&[("Sheet1", new)])).await;
    assert_eq!((status, &report["counts"]["rejected"]), (422, &json!(1)), "{report}");
    assert!(said(&report).iter().any(|issue| issue.starts_with("PT-012 /fullName")), "{report}");
}

/// What waits for its parents keeps what its sheet had columns for.
#[actix_web::test]
async fn sheets_that_had_to_wait_come_to_the_same() {
    let school = school().await;
    let late = |mut sheet: Vec<Vec<Cell>>, row: usize| {
        sheet[row][1] = "3100009199".into();
        sheet
    };
    for (sheet, row) in [(mark_sheet(), 6), (summary(), 5)] {
        let (status, report) = school.send("", XLSX, workbook(&[("6A", late(sheet, row))])).await;
        assert_eq!((status, report["counts"]["parked"].as_u64() > Some(0)), (200, true), "{report}");
    }
    let person = json!({
        "studentCode": "3100009199", "schoolCode": SCHOOL, "fullName": "Lý Văn Tạm", "birthDate": "2014-05-20", "sex": "male",
        "ethnicity": "01", "nationality": "VN",
    });
    let entry = json!({
        "schoolCode": SCHOOL, "schoolYear": "2025-2026", "classCode": "6A", "studentCode": "3100009199",
        "entryDate": "2025-09-05", "entryType": "new",
    });
    let records = [upsert("students", &person), upsert("enrollments", &entry)];
    let (status, report) = school.gateway.submit("", &school.token, &records).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report}");
    let path = format!("/v1/subject-results/{SCHOOL}/2025-2026/CK1/3100009199/TOAN");
    eventually("what both sheets say", async || {
        let (_, stored) = school.gateway.get(&path, &school.token).await;
        so((&stored["average"], &stored["finalMark"]) == (&json!(8.2), &json!(8.5)), stored)
    })
    .await;
}
