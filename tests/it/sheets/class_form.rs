//! Mark sheets as grade books export them: a row a pupil, class, subject and term above the headings.

use super::fixture::{Cell, School, XLSX, csv, row, said, workbook};
use crate::common::records::{SCHOOL, example, upsert, with};
use serde_json::{Value, json};

const PUPIL: &str = "3100012345";

/// The result of a second pupil needs him and his enrollment.
async fn school_of_two() -> School {
    let school = School::filled().await;
    let second = json!({ "studentCode": "3100012346", "fullName": "Trần Thị Bình", "citizenId": null });
    let pupil = upsert("students", &with(&example("students"), second));
    let enrolled = upsert(
        "enrollments",
        &with(&example("enrollments"), json!({ "studentCode": "3100012346", "orderInClass": 2 })),
    );
    let (status, report) = school.gateway.submit("", &school.token, &[pupil, enrolled]).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report}");
    school
}

pub fn grade_book() -> Vec<Vec<Cell>> {
    let pupils = [
        ("1", PUPIL, "Nguyễn Văn An", [8.0, 9.0, 8.5, 7.5], 8.0, 8.5, 8.3),
        ("2", "3100012346", "Trần Thị Bình", [7.0, 7.0, 8.0, 8.0], 7.0, 8.0, 7.6),
    ];
    let mut rows = vec![
        row(&["SỞ GIÁO DỤC VÀ ĐÀO TẠO"]),
        row(&["Trường THCS Nguyễn Du", "", "", "Mã trường: 31000501"]),
        row(&["BẢNG ĐIỂM MÔN TOÁN HỌC – LỚP 6A1"]),
        row(&["Học kỳ: I", "", "Năm học: 2025 – 2026"]),
        vec![],
        row(&["STT", "Mã học sinh", "Họ và tên", "ĐĐGtx", "", "", "", "ĐĐGgk", "ĐĐGck", "ĐTBmhk", "Nhận xét"]),
        row(&["", "", "", "1", "2", "3", "4"]),
    ];
    for (number, code, name, regular, midterm, last, average) in pupils {
        let mut cells = row(&[number, code, name]);
        cells.extend(regular.map(Cell::from));
        cells.extend([midterm, last, average].map(Cell::from));
        cells.push("Chăm học.".into());
        rows.push(cells);
    }
    rows
}

async fn stored(school: &School, pupil: &str) -> Value {
    school.read(&format!("/v1/subject-results/{SCHOOL}/2025-2026/CK1/{pupil}/TOAN")).await
}

#[actix_web::test]
async fn a_grade_book_is_read_row_by_pupil() {
    let school = school_of_two().await;
    let (status, report) = school.send_sheet("6A1 Toán", grade_book()).await;
    assert_eq!(
        (status, report["counts"]["updated"].as_u64(), report["counts"]["created"].as_u64()),
        (200, Some(1), Some(1)),
        "{report}"
    );
    assert_eq!(said(&report), Vec::<String>::new());
    let second = stored(&school, "3100012346").await;
    assert_eq!(
        (&second["regularMarks"], &second["average"], &second["classCode"]),
        (&json!([7.0, 7.0, 8.0, 8.0]), &json!(7.6), &json!("6A1"))
    );
}

#[actix_web::test]
async fn the_same_as_csv_gives_the_same_rows() {
    let school = school_of_two().await;
    let (_, first) = school.send_sheet("Bảng điểm", grade_book()).await;
    assert_eq!(first["counts"]["rejected"], 0, "{first}");
    let (status, report) = school.send_csv("subject-results", csv(&grade_book(), b';')).await;
    assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(2)), "{report}");
}

#[actix_web::test]
async fn faults_name_the_cell_of_the_grade_book() {
    let school = school_of_two().await;
    let mut rows = grade_book();
    rows[7][5] = Cell::Number(85.0);
    rows[8][9] = Cell::Number(1.0);
    let (status, report) = school.send_sheet("6A1", rows).await;
    assert_eq!((status, report["counts"]["rejected"].as_u64()), (422, Some(2)), "{report}");
    let said = said(&report);
    assert!(said.contains(&"MK-001 /regularMarks/2 6A1 8 F".to_owned()), "{said:?}");
    assert!(said.contains(&"MK-007 /average 6A1 9 J".to_owned()), "{said:?}");
    assert_eq!(report["issues"][0]["heading"], "ĐĐGtx 3", "{report}");
}

#[actix_web::test]
async fn a_line_that_says_it_wrongly_is_named_with_its_cell() {
    let school = school_of_two().await;
    let mut rows = grade_book();
    rows[2] = row(&["BẢNG ĐIỂM", "", "Môn: Thiên văn", "Lớp: 6A1"]);
    let (_, report) = school.send_sheet("6A1", rows).await;
    assert!(said(&report).contains(&"PT-014 /subjectCode 6A1 3 C".to_owned()), "{report}");
}

#[actix_web::test]
async fn labels_and_values_in_cells_of_their_own() {
    let school = school_of_two().await;
    let mut rows = grade_book();
    rows[1] = row(&["Mã trường", "31000501"]);
    rows[2] = row(&["Lớp:", "6A1", "Môn:", "Toán"]);
    rows[3] = row(&["Kỳ", "CK1", "Năm học", "2025-2026"]);
    let (status, report) = school.send("", XLSX, workbook(&[("Điểm", rows)])).await;
    assert_eq!((status, report["counts"]["rejected"].as_u64(), said(&report).len()), (200, Some(0), 0), "{report}");
}

/// The form of a subject that is assessed by comments: Đ and CĐ where others have marks.
fn comment_book() -> Vec<Vec<Cell>> {
    let mut rows = grade_book();
    rows[2] = row(&["BẢNG ĐIỂM", "", "Môn: GDTC", "Lớp: 6A1"]);
    for (row, level) in [(7, "Đ"), (8, "Chưa đạt")] {
        (3..9).for_each(|column| rows[row][column] = "Đ".into());
        rows[row][9] = level.into();
    }
    rows[8][4] = "cđ".into();
    rows
}

#[actix_web::test]
async fn comment_subjects_have_their_level_in_the_column_of_the_average() {
    let school = school_of_two().await;
    for (media, query, body) in [
        (XLSX, "", workbook(&[("6A1", comment_book())])),
        ("text/csv", "?resource=subject-results", csv(&comment_book(), b';')),
    ] {
        let (status, report) = school.send(query, media, body).await;
        assert_eq!((status, report["counts"]["rejected"].as_u64(), said(&report)), (200, Some(0), vec![]), "{report}");
    }
    for (pupil, level) in [(PUPIL, "Đ"), ("3100012346", "CĐ")] {
        let stored = school.read(&format!("/v1/subject-results/{SCHOOL}/2025-2026/CK1/{pupil}/GDTC")).await;
        let marks = ["regularMarks", "midtermMark", "finalMark", "average"]
            .map(|name| stored.get(name).is_some_and(|mark| !mark.is_null()));
        assert_eq!(
            (&stored["level"], marks, &stored["comment"]),
            (&json!(level), [false; 4], &json!("Chăm học.")),
            "{stored}"
        );
    }
    // The sheet that comes back with its issues can be sent as it is.
    let request = school
        .gateway
        .request("POST", "/v1/submissions", &school.token)
        .header("content-type", XLSX)
        .header("accept", XLSX);
    let marked = request.body(workbook(&[("6A1", comment_book())])).send().await.unwrap().bytes().await.unwrap();
    let (status, report) = school.send("?resource=subject-results", XLSX, marked.to_vec()).await;
    assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(2)), "{report}");
}

#[actix_web::test]
async fn levels_are_no_marks_of_scored_subjects_and_contradict_nothing() {
    let school = school_of_two().await;
    let mut scored = comment_book();
    scored[2] = row(&["BẢNG ĐIỂM", "", "Môn: Toán", "Lớp: 6A1"]);
    let (_, report) = school.send_sheet("6A1", scored).await;
    assert_eq!(report["counts"]["rejected"], 2, "{report}");
    assert!(said(&report).contains(&"SH-015 /average 6A1 8 J".to_owned()), "{report}");
    // A column of its own says the level; another level in the column of the average is a fault of that cell.
    let mut both = comment_book();
    both[5].push("Mức đạt được".into());
    both[7].push("Đ".into());
    both[8].push("Đ".into());
    let (_, report) = school.send_sheet("6A1", both).await;
    assert_eq!(said(&report), ["SH-015 /average 6A1 9 J", "MK-009 /average 6A1 9 J"], "{report}");
    // D is not Đ.
    let mut other = comment_book();
    other[7][9] = "D".into();
    let (_, report) = school.send_sheet("6A1", other).await;
    assert_eq!(said(&report), ["SH-015 /average 6A1 8 J", "MK-009 /average 6A1 8 J"], "{report}");
}
