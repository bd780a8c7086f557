//! A school's list of its classes is read as it stands: codes by the names, homeroom teachers by theirs.

use super::fixture::{Cell, School, XLSX, csv, said, workbook};
use super::layouts::rows;
use crate::common::records::{SCHOOL, example, upsert, with};
use serde_json::{Value, json};

/// A school with two teachers of one name, one of another, and a class that is called other than its code.
async fn school() -> School {
    let school = School::filled().await;
    let teacher = |code: &str, name: &str| {
        let more = json!({ "staffCode": code, "fullName": name, "citizenId": null, "schoolCode": SCHOOL });
        upsert("staff", &with(&example("staff"), more))
    };
    let class = json!({
        "schoolCode": SCHOOL, "schoolYear": "2025-2026", "classCode": "K6-03", "name": "6A3", "grade": "06",
        "semiBoarding": true,
    });
    let records = [
        teacher("3190009001", "Nghiêm Thị Thơ"),
        teacher("3190009002", "Khuất Văn Sơn"),
        teacher("3190009003", "Khuất Văn Sơn"),
        upsert("classes", &class),
    ];
    let (status, report) = school.gateway.submit("", &school.token, &records).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report}");
    school
}

fn list(headings: &str, lines: &[&str]) -> Vec<Vec<Cell>> {
    let titles = ["TRƯỜNG THCS AN BÌNH||DANH SÁCH LỚP", "||Năm học 2025-2026", "", headings];
    rows(&titles.iter().chain(lines).copied().collect::<Vec<_>>())
}

async fn class(school: &School, code: &str) -> Value {
    school.read(&format!("/v1/classes/{SCHOOL}/2025-2026/{code}")).await
}

#[actix_web::test]
async fn a_list_of_classes_by_name_finds_codes_and_homeroom_teachers() {
    let school = school().await;
    let lines =
        ["1|6A3|6|Nghiêm Thị Thơ|38", "2|Lớp 6A4|Khối 6||40", "3|7B|7|nghiêm thị thơ|41", "|Tổng số lớp: 3|||119"];
    for headings in [
        "STT|Tên lớp|Khối|GVCN|Sĩ số",
        "TT|Tên lớp học|Khối học|Giáo viên chủ nhiệm|Số học sinh",
        "STT|Lớp|Khối lớp|GV chủ nhiệm|Số HS",
    ] {
        let rows = list(headings, &lines);
        let (status, report) = school.send("", XLSX, workbook(&[("Sheet1", rows.clone())])).await;
        let counts = &report["byResource"]["classes"];
        assert_eq!(
            (status, &counts["received"], &counts["rejected"]),
            (200, &json!(3), &json!(0)),
            "{headings}: {report}"
        );
        let (status, report) = school.send_csv("classes", csv(&rows, b';')).await;
        assert_eq!((status, &report["counts"]["unchanged"]), (200, &json!(3)), "{headings}: {report}");
    }
    let known = class(&school, "K6-03").await;
    let members = ["name", "grade", "homeroomStaffCode", "semiBoarding"].map(|name| known[name].clone());
    assert_eq!(members, [json!("6A3"), json!("06"), json!("3190009001"), json!(true)], "what no column has stays");
    let new = class(&school, "6A4").await;
    assert_eq!((&new["grade"], &new["homeroomStaffCode"]), (&json!("06"), &Value::Null), "{new}");
    assert_eq!(class(&school, "7B").await["homeroomStaffCode"], "3190009001");
}

#[actix_web::test]
async fn a_name_that_two_teachers_bear_is_told_with_both() {
    let school = school().await;
    let rows = list("STT|Tên lớp|Khối|GVCN|Sĩ số", &["1|6A4|6|Khuất Văn Sơn|38", "2|6A5|6|Nghiêm Thị Thơ|40"]);
    let (_, report) = school.send("", XLSX, workbook(&[("Sheet1", rows)])).await;
    assert_eq!((&report["counts"]["created"], &report["counts"]["rejected"]), (&json!(1), &json!(1)), "{report}");
    assert!(said(&report).contains(&"SH-019 /homeroomStaffCode Sheet1 5 D".to_owned()), "{report}");
    let issue = report["issues"].as_array().unwrap().iter().find(|issue| issue["code"] == "SH-019").unwrap();
    for code in ["3190009002", "3190009003"] {
        assert!(issue["message"].as_str().unwrap().contains(code), "{issue}");
    }
}
