//! What spreadsheets and the people before them do to data: handled, or named with sheet, row and column.

use super::fixture::{Cell, School, XLSX, csv, fill, flat, row, said, table, workbook};
use crate::common::records::{example, with};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};

/// A sheet of one student whose cells are changed; a heading that is not there is added.
fn student(changes: &[(&str, Cell)]) -> Vec<Vec<Cell>> {
    changed(table(&[example("students")]), changes)
}

fn changed(mut rows: Vec<Vec<Cell>>, changes: &[(&str, Cell)]) -> Vec<Vec<Cell>> {
    for (heading, cell) in changes {
        let at = rows[0].iter().position(|known| matches!(known, Cell::Text(text) if text == heading)).unwrap_or_else(
            || {
                rows[0].push(Cell::from(*heading));
                rows[1].push(Cell::Empty);
                rows[0].len() - 1
            },
        );
        rows[1][at] = cell.clone();
    }
    rows
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

async fn stored(school: &School) -> Value {
    school.read("/v1/students/3100012345").await
}

/// Each of these cells, as a workbook, is read as this value of the member and says this; the record is kept.
#[actix_web::test]
async fn values_come_back_from_what_a_spreadsheet_made_of_them() {
    let school = School::filled().await;
    let repaired: Vec<(&str, Cell, Value, &str)> = vec![
        ("birthDate", text("5/9/2014"), json!("2014-09-05"), ""),
        ("birthDate", text("05.09.2014"), json!("2014-09-05"), ""),
        ("birthDate", text("2014-09-05 00:00:00"), json!("2014-09-05"), ""),
        ("birthDate", Cell::Formatted(41_887.0, "dd/mm/yyyy"), json!("2014-09-05"), ""),
        ("birthDate", Cell::Number(41_887.0), json!("2014-09-05"), "DT-002"),
        ("heightCm", text("148,5"), json!(148.5), "MK-003"),
        ("heightCm", Cell::Number(148.500_000_000_000_06), json!(148.5), ""),
        ("schoolCode", Cell::Number(31_000_501.0), json!("31000501"), ""),
        ("sex", text("nam"), json!("male"), ""),
        ("sex", text("male – Nam"), json!("male"), ""),
        ("ethnicity", Cell::Number(1.0), json!("01"), "SH-002"),
        ("ethnicity", text("01 – Kinh"), json!("01"), ""),
        ("ethnicity", text("Tày"), json!("02"), ""),
        ("phone", Cell::Number(912_345_678.0), json!("0912345678"), "SH-002"),
        ("canSwim", text("Có"), json!(true), ""),
        ("canSwim", text("x"), json!(true), ""),
        ("canSwim", Cell::Number(0.0), json!(false), ""),
        ("canSwim", Cell::Formula("=1=1", "TRUE"), json!(true), ""),
        ("fullName", text("Nguye\u{302}\u{303}n Minh An"), json!("Nguyễn Minh An"), "TX-001"),
        ("boarding", text("Bán trú"), json!("semi"), ""),
        ("boarding", text("SEMI"), json!("semi"), ""),
        ("policyGroups", text("P01;P02"), json!(["P01", "P02"]), ""),
        ("note", text("'=1+1"), json!("=1+1"), "TX-010"),
        ("permanentCommuneCode", Cell::Empty, Value::Null, ""),
    ];
    for (member, cell, value, code) in repaired {
        let (status, report) = school.send_sheet("students", student(&[(member, cell.clone())])).await;
        let own: Vec<String> =
            said(&report).into_iter().filter(|issue| issue.contains(&format!("/{member}"))).collect();
        assert_eq!((status, report["counts"]["rejected"].as_u64()), (200, Some(0)), "{member} {cell:?}: {report}");
        assert_eq!(
            stored(&school).await.get(member).cloned().unwrap_or_default(),
            value,
            "{member} {cell:?}: {report}"
        );
        let codes: Vec<&str> = own.iter().filter_map(|issue| issue.split(' ').next()).collect();
        assert_eq!(
            codes,
            code.split(' ').filter(|code| !code.is_empty()).collect::<Vec<_>>(),
            "{member} {cell:?}: {report}"
        );
        assert!(own.iter().all(|issue| issue.contains(" students 2 ")), "{own:?}");
    }
}

/// Each of these cells cannot be read as the member; the issue says so at its cell.
#[actix_web::test]
async fn what_cannot_be_read_is_named_at_its_cell() {
    let school = School::filled().await;
    let wrong: Vec<(&str, Cell, &str)> = vec![
        ("birthDate", text("09/25/2014"), "DT-001"),
        ("birthDate", text("5/9/14"), "DT-001"),
        ("birthDate", Cell::Number(2014.0), "DT-001"),
        ("birthDate", text("31/02/2014"), "DT-001"),
        ("citizenId", Cell::Number(31_314_012_345.0), "ID-008"),
        ("sex", text("không rõ"), "PT-014"),
        ("heightCm", text("cao"), "SH-015"),
        ("canSwim", text("có lẽ"), "PT-013"),
        ("fullName", Cell::Formula("=NA()", "#N/A"), "SH-001"),
        ("boarding", text("đôi khi"), "PT-014"),
        ("fullName", Cell::Empty, "PT-012"),
    ];
    for (member, cell, code) in wrong {
        let (_, report) = school.send_sheet("Học sinh", student(&[(member, cell.clone())])).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(1), "{member} {cell:?}: {report}");
        let errors: Vec<&Value> =
            report["issues"].as_array().unwrap().iter().filter(|issue| issue["severity"] == "error").collect();
        assert_eq!(errors.len(), 1, "{member} {cell:?}: {report}");
        let at = flat(&example("students")).iter().position(|(name, _)| name == member).unwrap();
        let column = school_gateway::intake::sheet::file::row::letters(at as u32);
        let expected = json!([code, format!("/{member}"), "Học sinh", 2, column, member]);
        assert_eq!(
            json!(["code", "pointer", "sheet", "row", "column", "heading"].map(|name| &errors[0][name])),
            expected,
            "{report}"
        );
    }
}

#[actix_web::test]
async fn zeros_lost_from_codes_come_back() {
    let school = School::empty().await;
    let data =
        with(&example("schools"), json!({ "schoolCode": "01000501", "provinceCode": "01", "communeCode": "00004" }));
    let members: Vec<String> = flat(&data).into_iter().map(|(name, _)| name).collect();
    let rows = changed(
        table(&[data]),
        &[
            ("schoolCode", Cell::Number(1_000_501.0)),
            ("provinceCode", Cell::Number(1.0)),
            ("communeCode", Cell::Number(4.0)),
        ],
    );
    let (_, report) = school.send_sheet("Trường", rows).await;
    // The school is not the client's to write, which shows how its code was read.
    let codes: Vec<String> = said(&report).into_iter().filter(|issue| issue.starts_with("SH-002")).collect();
    let column = |name: &str| {
        school_gateway::intake::sheet::file::row::letters(members.iter().position(|known| known == name).unwrap() as u32)
    };
    let expected =
        ["communeCode", "provinceCode", "schoolCode"].map(|name| format!("SH-002 /{name} Trường 2 {}", column(name)));
    assert_eq!(codes, expected, "{report}");
    assert_eq!(report["issues"][0]["key"]["schoolCode"], "01000501", "{report}");
}

#[actix_web::test]
async fn headings_in_vietnamese_in_any_order_under_title_rows() {
    let school = School::filled().await;
    let mut rows = table(&[example("students")]);
    let names = school_gateway::model::find("students").unwrap();
    for cell in &mut rows[0] {
        if let Cell::Text(name) = cell.clone()
            && let Some(field) = names.field_by_json(&name)
        {
            *cell = text(&field.title().to_uppercase());
        }
    }
    rows.iter_mut().for_each(|row| row.reverse());
    let mut sheet = vec![row(&["UBND XÃ AN BÌNH"]), row(&["", "DANH SÁCH HỌC SINH"]), vec![]];
    sheet.extend(rows);
    let (status, report) = school.send_sheet("Học sinh khối 6", sheet.clone()).await;
    assert_eq!((status, report["counts"]["unchanged"].as_u64(), said(&report).len()), (200, Some(1), 0), "{report}");
    let (status, report) = school.send_csv("students", csv(&sheet, b';')).await;
    assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(1)), "{report}");
}

#[actix_web::test]
async fn unknown_headings_are_named_and_reject_what_stands_below() {
    let school = School::filled().await;
    let mut rows = student(&[("birthDay", text("2014-09-05")), ("STT", Cell::Number(1.0))]);
    rows.push(rows[1].clone());
    let at = rows[0].iter().position(|cell| matches!(cell, Cell::Text(text) if text == "birthDay")).unwrap();
    rows[2][at] = Cell::Empty;
    let code = rows[0].iter().position(|cell| matches!(cell, Cell::Text(text) if text == "studentCode")).unwrap();
    rows[2][code] = text("3100012377");
    let (_, report) = school.send_sheet("students", rows).await;
    assert_eq!(report["counts"]["received"].as_u64(), Some(2));
    let unknown: Vec<&Value> =
        report["issues"].as_array().unwrap().iter().filter(|issue| issue["code"] == "PT-004").collect();
    assert_eq!(unknown.len(), 1, "told once, at the heading: {report}");
    assert!(
        unknown[0]["message"].as_str().unwrap().contains("birthDay") && unknown[0].to_string().contains("“Ngày sinh”"),
        "{}",
        unknown[0]
    );
    assert_eq!((&unknown[0]["row"], &unknown[0]["heading"]), (&json!(1), &json!("birthDay")), "{}", unknown[0]);
}

#[actix_web::test]
async fn a_heading_twice_is_named_where_the_values_differ() {
    let school = School::filled().await;
    let (_, report) = school.send_sheet("students", student(&[("Họ và tên", text("Lê Văn Khác"))])).await;
    assert!(said(&report).iter().any(|issue| issue.starts_with("PT-009 /fullName students 2")), "{report}");
    let (status, report) = school
        .send_sheet("students", student(&[("Họ và tên", text(example("students")["fullName"].as_str().unwrap()))]))
        .await;
    assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(1)), "{report}");
}

#[actix_web::test]
async fn empty_rows_keep_the_numbers_of_others_true() {
    let school = School::filled().await;
    let rows = student(&[("sex", text("nobody"))]);
    let sheet =
        vec![rows[0].clone(), vec![], vec![], rows[1].clone(), row(&[" ", ""]), rows[1].clone(), vec![], vec![]];
    for (_, report) in
        [school.send_sheet("students", sheet.clone()).await, school.send_csv("students", csv(&sheet, b',')).await]
    {
        assert_eq!(report["counts"]["received"].as_u64(), Some(2), "{report}");
        let rows: Vec<&Value> = report["issues"].as_array().unwrap().iter().map(|issue| &issue["row"]).collect();
        assert!(rows.contains(&&json!(4)) && rows.contains(&&json!(6)), "{report}");
    }
}

/// A workbook with all that is read and named, but rejects nothing.
#[actix_web::test]
async fn hidden_and_merged_cells_and_other_sheets_are_named() {
    let school = School::filled().await;
    let mut book = Workbook::new();
    let notes = book.add_worksheet();
    fill(notes.set_name("Ghi chú").unwrap(), &[row(&["Người lập", "Nguyễn Văn A"])]);
    book.add_worksheet().set_name("Sheet3").unwrap();
    let sheet = book.add_worksheet().set_name("students").unwrap();
    let mut rows = student(&[]);
    rows.push(rows[1].clone());
    let width = rows[0].len() as u16;
    fill(sheet, &rows);
    sheet.set_column_hidden(3).unwrap().set_row_hidden(2).unwrap();
    sheet.write_string(1, width + 1, "quên xóa").unwrap();
    sheet.write_string(4, 1, "Người lập biểu").unwrap();
    sheet.merge_range(1, width - 1, 2, width - 1, "", &Format::new()).unwrap();
    if let Cell::Text(text) = &rows[1][usize::from(width) - 1] {
        sheet.write_string(1, width - 1, text).unwrap();
    }
    let (status, report) = school.send("", XLSX, book.save_to_buffer().unwrap()).await;
    assert_eq!((status, report["counts"]["rejected"].as_u64()), (200, Some(0)), "{report}");
    let mut codes: Vec<String> = said(&report).into_iter().filter(|issue| issue.starts_with("SH")).collect();
    codes.sort();
    let letters = school_gateway::intake::sheet::file::row::letters(u32::from(width) + 1);
    let expected = [
        "SH-003  Ghi chú 1 -".to_owned(),
        "SH-004  students 1 D".into(),
        "SH-005  students 2 -".into(),
        "SH-007  students 3 -".into(),
        format!("SH-008  students 2 {letters}"),
        "SH-009  students 5 -".into(),
    ];
    assert_eq!(codes, expected, "{report}");
    for code in ["SH-003", "SH-004", "SH-005", "SH-007", "SH-008", "SH-009"] {
        let issue = report["issues"].as_array().unwrap().iter().find(|issue| issue["code"] == code).unwrap();
        assert_eq!(
            (&issue["severity"], issue["message"].as_str().unwrap().contains('…')),
            (&json!("info"), false),
            "{issue}"
        );
    }
}

#[actix_web::test]
async fn a_sheet_named_as_a_resource_without_headings_is_a_rejected_piece() {
    let school = School::filled().await;
    let body =
        workbook(&[("students", vec![row(&["a", "b"]), row(&["1", "2"])]), ("Lớp", table(&[example("classes")]))]);
    let (status, report) = school.send("", XLSX, body).await;
    assert_eq!(
        (status, report["counts"]["rejected"].as_u64(), report["counts"]["unchanged"].as_u64()),
        (200, Some(1), Some(1)),
        "{report}"
    );
    assert_eq!(said(&report), ["SH-003  students 1 -"]);
}

#[actix_web::test]
async fn rows_can_delete() {
    let school = School::filled().await;
    let key = json!({ "diplomaNumber": example("diplomas")["diplomaNumber"] });
    let rows = changed(table(&[key]), &[("Thao tác", text("Xóa"))]);
    let (status, report) = school.send_sheet("diplomas", rows).await;
    assert_eq!((status, report["counts"]["deleted"].as_u64()), (200, Some(1)), "{report}");
}

#[actix_web::test]
async fn issues_as_csv_say_where_they_stand() {
    let school = School::filled().await;
    let (_, report) = school.send_sheet("students", student(&[("sex", text("nobody"))])).await;
    let request = school
        .gateway
        .request("GET", report["links"]["issues"].as_str().unwrap(), &school.token)
        .header("accept", "text/csv");
    let text = request.send().await.unwrap().text().await.unwrap();
    assert!(
        text.contains("sheet,row,column,heading") && text.contains(",students,2,") && text.contains(",sex\r\n"),
        "{text}"
    );
}

/// Codes that a client has translated are the client's: `2` is not the sector's `02`.
#[actix_web::test]
async fn codes_of_a_client_with_a_crosswalk_go_on_as_they_stand() {
    let gateway = crate::common::Gateway::start();
    let client = gateway.client("school-software", &["--school", crate::common::records::SCHOOL]);
    let school = School { token: gateway.token(&client).await, gateway };
    let (status, report) = school.gateway.submit("", &school.token, &crate::common::records::small_school()).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report}");
    let admin = school.gateway.token_for("admin", &[]).await;
    let entries = json!({ "entries": [{ "foreignCode": "2", "code": "01" }] });
    let (status, answer) = school
        .gateway
        .put(&format!("/v1/clients/{}/crosswalks/ethnic-groups", client.client_id), &admin, &entries)
        .await;
    assert!(status < 300, "{status} {answer}");
    for cell in [Cell::Number(2.0), text("2"), text("2 – Kinh")] {
        let (status, report) = school.send_sheet("students", student(&[("ethnicity", cell)])).await;
        assert_eq!((status, report["counts"]["rejected"].as_u64()), (200, Some(0)), "{report}");
        assert!(said(&report).contains(&format!("PT-019 /ethnicity students 2 {}", column("ethnicity"))), "{report}");
        assert_eq!(stored(&school).await["ethnicity"], "01");
    }
}

/// The column of a member in a sheet of the student.
fn column(member: &str) -> String {
    let at = flat(&example("students")).iter().position(|(name, _)| name == member).unwrap();
    school_gateway::intake::sheet::file::row::letters(at as u32)
}
