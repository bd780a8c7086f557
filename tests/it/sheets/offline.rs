//! Sheets checked without a gateway: what the gateway says of them, at the same places.

use super::class_form::grade_book;
use super::fixture::{Cell, School, XLSX, csv, fill, row, said, table, workbook};
use crate::common::offline::{assert_same, validated_files};
use crate::common::records::{SCHOOL, counts, example, ordered, small_school, upsert, with};
use crate::common::{Folder, program};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Output, Stdio};

/// The small school with a second pupil whose birth date is none, and a result whose average is another.
fn with_faults() -> Vec<Value> {
    let mut records = small_school();
    let pupil = json!({ "studentCode": "3100012399", "citizenId": null, "birthDate": "2014-02-30" });
    let at = records.iter().position(|record| record["resource"] == "students").unwrap();
    records.insert(at + 1, upsert("students", &with(&example("students"), pupil)));
    for record in records.iter_mut().filter(|record| record["resource"] == "subject-results") {
        record["data"]["average"] = json!(1.5);
    }
    records
}

/// The tables of the resources, in the order of the records.
fn tables(records: &[Value]) -> Vec<(&'static str, Vec<Vec<Cell>>)> {
    let of = |name: &str| -> Vec<Value> {
        records.iter().filter(|record| record["resource"] == name).map(|record| record["data"].clone()).collect()
    };
    ordered().map(|spec| (spec.name, table(&of(spec.name)))).collect()
}

/// What is said of which records, wherever they stood; in which words, depends on who reads.
fn said_of_records(report: &Value) -> Vec<String> {
    let member = |issue: &Value, name: &str| issue[name].to_string();
    let issue =
        |issue: &Value| ["resource", "key", "pointer", "code", "severity"].map(|name| member(issue, name)).join(" ");
    let mut issues: Vec<String> = report["issues"].as_array().unwrap().iter().map(issue).collect();
    issues.sort();
    issues
}

#[test]
fn every_form_of_the_same_data_gives_the_same_report() {
    let (folder, records) = (Folder::new(), with_faults());
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    let (status, expected) = validated_files(&folder, &[("a.ndjson", lines.into_bytes())], &[]);
    let codes: Vec<&str> =
        expected["issues"].as_array().unwrap().iter().map(|issue| issue["code"].as_str().unwrap()).collect();
    assert!(status == Some(1) && codes.contains(&"DT-001") && codes.contains(&"MK-007"), "{codes:?}");
    let tables = tables(&records);
    let separate: Vec<(String, Vec<u8>)> = tables
        .iter()
        .zip([b',', b';', b'\t'].into_iter().cycle())
        .map(|((name, rows), by)| (format!("{name}.csv"), csv(rows, by)))
        .collect();
    let separate: Vec<(&str, Vec<u8>)> =
        separate.iter().map(|(name, content)| (name.as_str(), content.clone())).collect();
    for files in [vec![("a.xlsx", workbook(&tables))], separate] {
        let (status, report) = validated_files(&folder, &files, &[]);
        assert_eq!(status, Some(1), "{report}");
        assert_eq!(said_of_records(&report), said_of_records(&expected));
        assert_eq!(counts(&report), counts(&expected));
        assert_eq!((&report["byResource"], &report["unjudged"]), (&expected["byResource"], &expected["unjudged"]));
    }
}

/// Compares what is said without the gateway with what a gateway says that holds nothing: words, counts, and sheet,
/// row, column and heading.
async fn assert_told_alike(name: &str, resource: &str, media: &str, body: Vec<u8>) -> Value {
    let (school, folder) = (School::empty().await, Folder::new());
    let query = if media == XLSX { String::new() } else { format!("&resource={resource}") };
    let (_, report) = school.send(&format!("?mode=validate{query}"), media, body.clone()).await;
    // The client acts for one school, which the command line must be told.
    let mut arguments = vec!["--school-code", SCHOOL];
    arguments.extend(if media == XLSX { vec![] } else { vec!["--resource", resource] });
    let (_, offline) = validated_files(&folder, &[(name, body)], &arguments);
    assert_same(&offline, &school.gateway, &school.token, &report).await;
    offline
}

#[actix_web::test]
async fn a_workbook_with_all_oddities_is_told_as_by_the_gateway() {
    let mut book = Workbook::new();
    fill(book.add_worksheet().set_name("Ghi chú").unwrap(), &[row(&["Người lập", "Nguyễn Văn A"])]);
    fill(book.add_worksheet().set_name("staff").unwrap(), &[row(&["a", "b"])]);
    fill(book.add_worksheet().set_name("Lớp").unwrap(), &table(&[example("classes"), example("classes")]));
    let mut rows = table(&[
        example("students"),
        with(&example("students"), json!({ "studentCode": "3100012399", "sex": "nobody" })),
    ]);
    let width = rows[0].len() as u16;
    rows[0].push("birthDay".into());
    rows[2].push("5/9/2014".into());
    let sheet = book.add_worksheet().set_name("students").unwrap();
    fill(sheet, &rows);
    sheet.set_column_hidden(3).unwrap().set_row_hidden(2).unwrap();
    sheet.write_string(1, width + 2, "quên xóa").unwrap();
    sheet.merge_range(4, 0, 5, 0, "", &Format::new()).unwrap();
    let told = assert_told_alike("a.xlsx", "", XLSX, book.save_to_buffer().unwrap()).await;
    let said = said(&told);
    for expected in
        ["SH-003  Ghi chú 1 -", "SH-003  staff 1 -", "PT-010  Lớp 2 -", "SH-004  students 1 D", "SH-007  students 3 -"]
    {
        assert!(said.contains(&expected.to_owned()), "{expected}: {said:?}");
    }
    assert!(said.iter().any(|issue| issue.starts_with("PT-014 /sex students 3 ")), "{said:?}");
    assert!(said.iter().any(|issue| issue.starts_with("PT-004 /birthDay students 1 ")), "{said:?}");
}

#[actix_web::test]
async fn a_csv_with_semicolons_a_mark_and_days_first_is_told_as_by_the_gateway() {
    let text = "\u{feff}STT;studentCode;Họ và tên;Ngày sinh;sex;heightCm;Sở thích\r\n\r\n\
        1;3100012345;Nguyễn Minh An;5/9/2014;nam;148,5;\r\n2;3100012346;Trần Thị Bình;09/25/2014;nữ;1.200;đọc sách\r\n";
    let told = assert_told_alike("a.csv", "students", "text/csv", text.as_bytes().to_vec()).await;
    let said = said(&told);
    for expected in ["MK-003 /heightCm - 3 F", "DT-001 /birthDate - 4 D", "SH-010  - 1 G"] {
        assert!(said.contains(&expected.to_owned()), "{expected}: {said:?}");
    }
    assert!(!said.iter().any(|issue| issue.starts_with("DT-001 /birthDate - 3")), "{said:?}");
}

#[actix_web::test]
async fn a_class_form_is_told_as_by_the_gateway() {
    let mut rows = grade_book();
    rows[2] = row(&["BẢNG ĐIỂM", "", "Môn: Thiên văn", "Lớp: 6A1"]);
    rows[7][5] = Cell::Number(85.0);
    rows[8][9] = Cell::Number(1.0);
    for (name, media, body) in
        [("6A1.xlsx", XLSX, workbook(&[("6A1", rows.clone())])), ("6A1.csv", "text/csv", csv(&rows, b';'))]
    {
        let told = assert_told_alike(name, "subject-results", media, body).await;
        let sheet = if media == XLSX { "6A1" } else { "-" };
        for expected in [format!("PT-014 /subjectCode {sheet} 3 C"), format!("MK-001 /regularMarks/2 {sheet} 8 F")] {
            assert!(said(&told).contains(&expected), "{expected}: {told}");
        }
    }
}

#[test]
fn what_the_rows_of_a_csv_are_is_told_by_headings_by_the_file_or_by_an_option() {
    let folder = Folder::new();
    let resources = |files: &[(&str, Vec<u8>)], arguments: &[&str]| {
        let (_, report) = validated_files(&folder, files, arguments);
        report["byResource"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    for spec in ordered() {
        assert_eq!(resources(&[("rows.csv", csv(&table(&[example(spec.name)]), b';'))], &[]), [spec.name]);
    }
    // A class and a campus have these members alike.
    let short = || {
        csv(
            &[
                row(&["Mã trường", "Năm học", "Mã lớp", "Mã học sinh"]),
                row(&["31000501", "2025-2026", "6A1", "3100012345"]),
            ],
            b',',
        )
    };
    assert_eq!(resources(&[("Quá trình học 6A1.csv", short())], &[]), ["enrollments"]);
    assert_eq!(resources(&[("rows.csv", short())], &["--resource", "enrollments"]), ["enrollments"]);
    // The name of a file is no promise.
    assert_eq!(resources(&[("Lớp 6A1 Toán.csv", csv(&grade_book(), b';'))], &[]), ["subject-results"]);
    let mut child = program();
    let arguments = ["validate", "-", "--resource", "classes", "--format", "json"];
    let mut child = child.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&csv(&table(&[example("classes")]), b',')).unwrap();
    let report: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(report["byResource"]["classes"]["received"], 1, "{report}");
}

fn told(folder: &Folder, name: &str, content: &[u8], arguments: &[&str]) -> (Output, String) {
    let path = folder.folder().join(name);
    std::fs::write(&path, content).unwrap();
    let output = program().arg("validate").arg(path).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output, text)
}

#[test]
fn table_and_csv_name_file_sheet_row_and_column() {
    let folder = Folder::new();
    let rows = table(&[with(&example("students"), json!({ "birthDate": "2014-02-30" }))]);
    let heading = rows[0].iter().position(|cell| matches!(cell, Cell::Text(text) if text == "birthDate")).unwrap();
    let letters = school_gateway::intake::sheet::file::row::letters(heading as u32);
    let book = workbook(&[("Khối 6", rows.clone())]);
    let (_, table) = told(&folder, "truong.xlsx", &book, &[]);
    let flat = table.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["truong.xlsx, trang Khối", "hàng 2, cột"] {
        assert!(flat.contains(part), "{part} is not in:\n{table}");
    }
    let (_, english) = told(&folder, "truong.csv", &csv(&rows, b','), &["--language", "en"]);
    assert!(english.contains(&format!("truong.csv, row 2, column {letters}")), "{english}");
    let (_, issues) = told(&folder, "truong.xlsx", &book, &["--format", "csv"]);
    let mut reader = csv::Reader::from_reader(issues.trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: &csv::StringRecord, name: &str| {
        row[headings.iter().position(|heading| heading == name).unwrap()].to_owned()
    };
    let date = rows.iter().find(|row| cell(row, "code") == "DT-001").unwrap();
    assert_eq!(
        ["line", "index", "sheet", "row", "column", "heading"].map(|name| cell(date, name)),
        ["", "0", "Khối 6", "2", &letters, "birthDate"]
    );
    assert!(cell(date, "file").ends_with("truong.xlsx"));
}

#[test]
fn sheets_that_cannot_be_read_are_one_sentence() {
    let folder = Folder::new();
    let students = csv(&table(&[example("students")]), b',');
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let long: Vec<u8> =
        (0..20_000).flat_map(|number| format!("{},x\n", number * 7_919 % 100_003).into_bytes()).collect();
    gzip.write_all(&[&students[..], &long[..]].concat()).unwrap();
    let packed = gzip.finish().unwrap();
    let encoded: &[u8] = b"M\xE3 h\xF2\xE7c sinh;H\xF2 t\xEAn\n1;\xD2\n";
    let cases: [(&str, &[u8], &[&str], &str); 6] = [
        ("a.xlsx", b"PK\x03\x04nothing", &[], "cannot be read"),
        ("b.xlsx", &workbook(&[("Sheet1", vec![row(&["a", "b"])])]), &[], "headings of a kind of records"),
        ("c.csv", encoded, &[], "CSV UTF-8"),
        ("d.csv", b"a,b\n1,2\n", &["--resource", "students"], "Mã học sinh"),
        ("e.csv", students.split_inclusive(|byte| *byte == b'\n').next().unwrap(), &[], "no record under the headings"),
        ("f.csv", &students, &["--max-body-bytes", "100"], "more than 100 bytes"),
    ];
    for (name, content, arguments, words) in cases {
        let (output, _) = told(&folder, name, content, &[&["--language", "en"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && said.contains(words) && said.lines().count() == 1 && said.contains(name),
            "{name}: {said}"
        );
    }
    let (output, _) = told(&folder, "g.csv", &students, &["--resource", "pupils"]);
    assert!(output.status.code() == Some(2) && String::from_utf8_lossy(&output.stderr).contains("subject-results"));
    // What came before the cut is checked, but nobody shall take the file for whole.
    let (output, text) = told(&folder, "h.csv.gz", &packed[..packed.len() - 1_000], &["--format", "json"]);
    let report: Value = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(
        (output.status.code(), &report["files"][0]["cut"], &report["status"]),
        (Some(2), &json!(true), &json!("failed"))
    );
    assert!(report["counts"]["received"].as_u64() > Some(1), "{report}");
}
