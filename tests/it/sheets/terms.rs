//! A sheet that says of a student several terms beside his marks makes the record of each.

use super::fixture::{Cell, XLSX, workbook};
use super::layouts::{SIXTH, rows, school};
use crate::common::records::SCHOOL;
use serde_json::json;

/// Marks of the year, or of a term, with the conduct of both terms and the year beside them.
fn summary(title: &str, conduct: &str) -> Vec<Vec<Cell>> {
    rows(&[
        &format!("||||{title}, NĂM HỌC 2025 - 2026"),
        "||||Khối 6 - Lớp 6A",
        "",
        &format!("STT|Mã học sinh|Họ và tên|Toán|Ngữ văn|{conduct}|||Ghi chú"),
        "|||||HKI|HKII|CN",
        "1|3100009101|Đinh Gia Bảo|8,3|7,9|Khá|Tốt|Tốt|",
        "2|3100009102|Lương Khánh Chi|6,3|6,0|Tốt|Khá|Khá|",
    ])
}

#[actix_web::test]
async fn conduct_of_both_terms_and_the_year_beside_marks_makes_three_records_of_each_student() {
    for (title, conduct) in [("BẢNG TỔNG KẾT CẢ NĂM", "Hạnh kiểm"), ("BẢNG ĐIỂM HỌC KỲ II", "Rèn luyện")]
    {
        let school = school().await;
        let (_, report) = school.send("", XLSX, workbook(&[("6A", summary(title, conduct))])).await;
        let records = &report["byResource"]["academic-records"];
        assert_eq!((&records["received"], &records["created"]), (&json!(6), &json!(6)), "{title}: {report}");
        for (student, levels) in SIXTH.into_iter().zip([["K", "T", "T"], ["T", "K", "K"]]) {
            for (period, level) in ["CK1", "CK2", "CN"].into_iter().zip(levels) {
                let path = format!("/v1/academic-records/{SCHOOL}/2025-2026/{period}/{student}");
                assert_eq!(school.read(&path).await["conductLevel"], json!(level), "{title}: {path}: {report}");
            }
        }
        // The marks stay those of what the title names.
        assert_eq!(report["byResource"]["subject-results"]["received"], 4, "{title}: {report}");
    }
}
