//! What people write below a table is no record, and a record without its code is no foot.

use super::class_form::grade_book;
use super::fixture::{Cell, School, XLSX, csv, row, said, table, workbook};
use crate::common::records::example;

/// Below a table of students whose first column is the ordinal number.
fn below(rows: Vec<Vec<Cell>>) -> Vec<Vec<Cell>> {
    let mut sheet = table(&[example("students")]);
    let number = |at: usize| if at == 0 { Cell::from("STT") } else { Cell::Number(at as f64) };
    sheet.iter_mut().enumerate().for_each(|(at, row)| row.insert(0, number(at)));
    sheet.push(vec![]);
    sheet.extend(rows);
    sheet
}

fn code_at(sheet: &[Vec<Cell>]) -> usize {
    heading_at(sheet, "studentCode")
}

fn heading_at(sheet: &[Vec<Cell>], heading: &str) -> usize {
    sheet[0].iter().position(|cell| matches!(cell, Cell::Text(text) if text == heading)).unwrap()
}

/// A cell under no heading of the key.
fn at(column: usize, text: &str) -> Vec<Cell> {
    let mut cells = vec![Cell::Empty; column];
    cells.push(text.into());
    cells
}

#[actix_web::test]
async fn totals_and_signatures_are_told_once_and_counted_as_nothing() {
    let school = School::filled().await;
    let probe = below(vec![]);
    // Not where the code stands.
    let column = code_at(&probe) + 2;
    let foot = below(vec![
        row(&["Tổng cộng: 1 học sinh"]),
        at(column, "An Bình, ngày 5 tháng 9 năm 2025"),
        at(column, "NGƯỜI LẬP BIỂU"),
        at(column, "(Ký, ghi rõ họ tên)"),
        vec![],
        at(column, "Nguyễn Văn Tâm"),
    ]);
    for (_, report) in
        [school.send_sheet("students", foot.clone()).await, school.send_csv("students", csv(&foot, b';')).await]
    {
        assert_eq!(
            (report["counts"]["received"].as_u64(), report["counts"]["unchanged"].as_u64()),
            (Some(1), Some(1)),
            "{report}"
        );
        let sheet = if said(&report)[0].contains("students") { "students" } else { "-" };
        assert_eq!(said(&report), [format!("SH-009  {sheet} 4 -")]);
        assert!(
            report["issues"][0]["message"].as_str().unwrap().starts_with("5 hàng dưới bảng, từ hàng 4"),
            "{report}"
        );
        assert_eq!(report["issues"][0]["severity"], "info");
    }
}

#[actix_web::test]
async fn sums_below_a_class_form_are_no_record_either() {
    let school = School::filled().await;
    let mut rows = grade_book();
    rows.truncate(8);
    let mut sums = row(&["Trung bình cả lớp", "", ""]);
    sums.extend([8.0, 9.0, 8.5, 7.5, 8.0, 8.5, 8.3].map(Cell::from));
    rows.extend([
        sums,
        row(&["Giáo viên bộ môn", "", "", "", "", "", "Hiệu trưởng"]),
        row(&["Lê Thị Hoa", "", "", "", "", "", "Trần Văn Nam"]),
    ]);
    let (status, report) = school.send_sheet("6A1", rows).await;
    assert_eq!(
        (status, report["counts"]["received"].as_u64(), said(&report)),
        (200, Some(1), vec!["SH-009  6A1 9 -".to_owned()]),
        "{report}"
    );
}

#[actix_web::test]
async fn a_row_without_its_code_is_still_a_rejected_record() {
    let school = School::filled().await;
    let column = code_at(&below(vec![]));
    let mut without = below(vec![])[1].clone();
    without[column] = Cell::Empty;
    without[0] = Cell::Number(2.0);
    let mut other = below(vec![])[1].clone();
    other[column] = Cell::Text("3100012399".into());
    other[heading_at(&below(vec![]), "citizenId")] = Cell::Empty;
    // A code makes a record of whatever stands beside it.
    let mut named = other;
    named[0] = "Tổng".into();
    let (_, report) = school.send_sheet("students", below(vec![named])).await;
    assert_eq!(report["counts"]["created"], 1, "{report}");
    assert!(!said(&report).iter().any(|issue| issue.starts_with("SH-009")), "{report}");
    let total = at(column + 2, "Tổng cộng");
    // Last in the table; below a total.
    for (rows, row) in [(vec![without.clone(), total.clone()], 4), (vec![total, without], 5)] {
        let (_, report) = school.send_sheet("students", below(rows)).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(1), "{report}");
        let expected = format!("PT-012 /studentCode students {row} {}", letters(column));
        assert!(said(&report).contains(&expected), "{:?}", said(&report));
    }
}

/// What plainly is a sum, a count, a day or a signature is no record though one follows; who has a name like one is.
#[actix_web::test]
async fn sums_between_records_are_told_and_a_family_called_like_a_sum_is_not() {
    let school = School::filled().await;
    let probe = below(vec![]);
    let (code, name) = (code_at(&probe), heading_at(&probe, "fullName"));
    let mut other = probe[1].clone();
    other[code] = Cell::Text("3100012399".into());
    other[heading_at(&probe, "citizenId")] = Cell::Empty;
    for text in [
        "Tổng số HS: 5",
        "TONG CONG",
        "Cộng: 1 học sinh",
        "Sĩ số: 1, trong đó nữ: 0",
        "Danh sách này có 1 học sinh",
        "An Bình, ngày 5 tháng 9 năm 2025",
        "Hiệu trưởng",
        "(Ký, ghi rõ họ tên)",
    ] {
        for column in [0, code, name] {
            let (_, report) =
                school.send("?mode=validate", XLSX, sheet_of(below(vec![at(column, text), other.clone()]))).await;
            let counts = &report["counts"];
            assert_eq!((&counts["received"], &counts["rejected"]), (&2.into(), &0.into()), "{text}: {report}");
            assert!(said(&report).contains(&"SH-009  students 4 -".to_owned()), "{text}: {:?}", said(&report));
        }
    }
    // Names, not sums: a record without its code.
    for family in ["Tống Minh An", "Công Minh An"] {
        let (_, report) =
            school.send("?mode=validate", XLSX, sheet_of(below(vec![at(name, family), other.clone()]))).await;
        assert_eq!(report["counts"]["rejected"], 1, "{family}: {report}");
    }
}

fn sheet_of(rows: Vec<Vec<Cell>>) -> Vec<u8> {
    workbook(&[("students", rows)])
}

fn letters(column: usize) -> String {
    school_gateway::intake::sheet::file::row::letters(column as u32)
}
