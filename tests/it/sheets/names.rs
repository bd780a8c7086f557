//! Names that sheets have apart or in titles, and cells whose formats have words.

use super::fixture::{Cell, School, XLSX, said, workbook};
use super::layouts::{SIXTH, mark_sheet, rows, school};
use crate::common::records::{SCHOOL, upsert};
use serde_json::{Value, json};

async fn send(school: &School, rows: Vec<Vec<Cell>>) -> Value {
    let (status, report) = school.send("", XLSX, workbook(&[("6A", rows)])).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report}");
    report
}

fn codes(report: &Value) -> Vec<String> {
    said(report).iter().map(|issue| issue.split(' ').next().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_heading_of_names_over_two_columns_is_one_name() {
    let school = school().await;
    let list = rows(&[
        "DANH SÁCH HỌC SINH LỚP 6A",
        "",
        "STT|Mã HS|Họ và tên||Ngày sinh|Giới tính|Dân tộc|Quốc tịch",
        "1|3100009101|Đinh Gia|Bảo|14/02/2014|Nam|Kinh|Việt Nam",
        "2|3100009102|Lương Khánh|Chi|08/09/2014|Nữ|Kinh|Việt Nam",
    ]);
    let report = send(&school, list).await;
    assert!(!codes(&report).contains(&"SH-008".to_owned()), "{report}");
    let names = [0, 1].map(|at| format!("/v1/students/{}", SIXTH[at]));
    assert_eq!(school.read(&names[0]).await["fullName"], "Đinh Gia Bảo");
    assert_eq!(school.read(&names[1]).await["fullName"], "Lương Khánh Chi");
    // Beside marks the name is compared as a whole.
    let mut marks = mark_sheet();
    for row in &mut marks[4..8] {
        row.insert(3, Cell::Empty);
    }
    for (row, [first, last]) in [(6, ["Đinh Gia", "Bảo"]), (7, ["Lương Khánh", "Chi"])] {
        (marks[row][2], marks[row][3]) = (first.into(), last.into());
    }
    let report = send(&school, marks).await;
    assert_eq!(report["counts"]["created"], 2, "{report}");
    assert!(!codes(&report).iter().any(|code| ["SH-008", "NM-001"].contains(&code.as_str())), "{report}");
}

#[actix_web::test]
async fn a_teacher_in_the_title_is_the_one_of_the_staff_who_is_called_so() {
    let school = school().await;
    let teacher = |code: &str, name: &str| {
        upsert(
            "staff",
            &json!({
                "staffCode": code, "schoolCode": SCHOOL, "fullName": name, "birthDate": "1980-04-12", "sex": "female", "ethnicity": "01",
                "nationality": "VN", "group": "2", "position": "28", "contractType": "1", "qualification": "16", "status": "1",
            }),
        )
    };
    let staff = [teacher("3190009001", "Nghiêm Thị Thơ"), teacher("3190009002", "Nghiêm Thị Thờ")];
    let (status, report) = school.gateway.submit("", &school.token, &staff).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report}");
    let result = format!("/v1/subject-results/{SCHOOL}/2025-2026/CK1/{}/TOAN", SIXTH[0]);
    send(&school, mark_sheet()).await;
    assert_eq!(school.read(&result).await["staffCode"], "3190009001");
    // Without her accents she may be either; nobody is called as the next.
    for (name, code, words) in [("Nghiem Thi Tho", "SH-019", "3190009002"), ("Cô Lý Thị Lan", "SH-020", "Lý Thị Lan")]
    {
        let mut sheet = mark_sheet();
        sheet[2][4] = format!("Lớp 6A - Giáo viên: {name}").as_str().into();
        let report = send(&school, sheet).await;
        let issue = report["issues"].as_array().unwrap().iter().find(|issue| issue["code"] == code);
        let issue = issue.unwrap_or_else(|| panic!("{report}"));
        assert_eq!((&issue["row"], &issue["column"]), (&json!(3), &json!("E")), "{issue}");
        assert!(issue["message"].as_str().unwrap().contains(words), "{issue}");
        // What was stored of her stays.
        assert_eq!(school.read(&result).await["staffCode"], "3190009001");
    }
    // In a column it is the same.
    let classes = |name: &str| {
        rows(&["Mã lớp|Tên lớp|Khối lớp|Năm học|Giáo viên chủ nhiệm", &format!("6A|6A|06|2025-2026|{name}")])
    };
    let (status, report) =
        school.send("?resource=classes", XLSX, workbook(&[("Sheet1", classes("Nghiêm Thị Thờ"))])).await;
    assert_eq!((status, &report["counts"]["updated"]), (200, &json!(1)), "{report}");
    assert_eq!(school.read(&format!("/v1/classes/{SCHOOL}/2025-2026/6A")).await["homeroomStaffCode"], "3190009002");
    let (_, report) = school.send("?resource=classes", XLSX, workbook(&[("Sheet1", classes("Lý Thị Lan"))])).await;
    assert!(codes(&report).contains(&"SH-020".to_owned()), "{report}");
}

#[actix_web::test]
async fn words_of_a_format_are_part_of_a_code_and_none_of_a_mark() {
    let school = school().await;
    let class = |code: &str| {
        let of =
            json!({ "schoolCode": SCHOOL, "schoolYear": "2025-2026", "classCode": code, "name": code, "grade": "06" });
        upsert("classes", &of)
    };
    assert_eq!(school.gateway.submit("", &school.token, &[class("06/01")]).await.0, 200);
    let mut marks = mark_sheet();
    marks[6][5] = Cell::Formatted(8.0, "0\" điểm\"");
    marks[6][11] = Cell::Formatted(8.5, "0.0\\ \"đ\"");
    let report = send(&school, marks).await;
    assert!(!codes(&report).iter().any(|code| code.starts_with("SH-") && code != "SH-009"), "{report}");
    let stored = school.read(&format!("/v1/subject-results/{SCHOOL}/2025-2026/CK1/{}/TOAN", SIXTH[0])).await;
    assert_eq!((&stored["regularMarks"][0], &stored["finalMark"]), (&json!(8.0), &json!(8.5)));
    let mut classes = rows(&["Mã lớp|Tên lớp|Khối lớp|Năm học", "|6/1|06|2025-2026", "|6A2|06|2025-2026"]);
    classes[1][0] = Cell::Formatted(601.0, "00\"/\"00");
    classes[2][0] = Cell::Formatted(12.0, "\"HS\"000");
    classes[2][2] = Cell::Formatted(6.0, "\"Khối \"0");
    let (status, report) = school.send("?resource=classes", XLSX, workbook(&[("Sheet1", classes)])).await;
    assert_eq!(
        (status, &report["counts"]["updated"], &report["counts"]["created"]),
        (200, &json!(1), &json!(1)),
        "{report}"
    );
    assert_eq!(school.read(&format!("/v1/classes/{SCHOOL}/2025-2026/06%2F01")).await["name"], "6/1");
    assert_eq!(school.read(&format!("/v1/classes/{SCHOOL}/2025-2026/HS012")).await["grade"], "06");
}

#[actix_web::test]
async fn days_that_a_spreadsheet_exchanged_are_read_in_the_order_of_the_texts_beside_them() {
    let school = school().await;
    let day = |year: i32, month: u32, day: u32| {
        let date = chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let first = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
        Cell::Formatted((date - first).num_days() as f64, "m/d/yyyy")
    };
    let list = |days: [Cell; 4]| {
        let mut list = rows(&["Mã HS|Họ và tên|Ngày sinh|Giới tính|Dân tộc|Quốc tịch"]);
        for (number, day) in (1..).zip(days) {
            let mut row = rows(&[&format!("310000910{number}|Lý Văn Tạm||Nam|Kinh|Việt Nam")]).remove(0);
            row[2] = day;
            list.push(row);
        }
        list
    };
    // 3 April, 5 September, 2 November were typed, and 25 April stayed a text.
    let typed = || [day(2014, 3, 4), day(2014, 5, 9), day(2014, 2, 11), "25/04/2014".into()];
    let (_, report) = school.send("?resource=students", XLSX, workbook(&[("Sheet1", list(typed()))])).await;
    assert_eq!(report["counts"]["rejected"], 0, "{report}");
    let told = report["issues"].as_array().unwrap().iter().find(|issue| issue["code"] == "SH-022");
    let told = told.unwrap_or_else(|| panic!("{report}"));
    assert_eq!((&told["column"], &told["row"]), (&json!("C"), &json!(1)), "{told}");
    for (code, date) in [(1, "2014-04-03"), (2, "2014-09-05"), (3, "2014-11-02"), (4, "2014-04-25")] {
        assert_eq!(school.read(&format!("/v1/students/310000910{code}")).await["birthDate"], date);
    }
    // One day alone may be what it shows: it is asked about in no silence, and stays.
    let plain = [day(2014, 3, 4), day(2014, 5, 19), day(2014, 2, 11), "25/04/2014".into()];
    let (_, report) = school.send("?resource=students", XLSX, workbook(&[("Sheet1", list(plain))])).await;
    assert!(!codes(&report).contains(&"SH-022".to_owned()), "{report}");
    assert_eq!(school.read("/v1/students/3100009101").await["birthDate"], "2014-03-04");
}
