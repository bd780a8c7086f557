//! `.xls` workbooks give what those of `.xlsx` give; damaged and hostile ones are told, and cost no more than they hold.

use super::fixture::{Cell, School, XLSX, row, said, table};
use super::legacy_file::{Xls, compound, record, xls};
use crate::common::offline::validated_files;
use crate::common::records::{counts, example, ordered, path, with};
use crate::common::{Folder, answer};
use serde_json::{Value, json};

const XLS: &str = "application/vnd.ms-excel";

fn tables() -> Vec<(&'static str, Vec<Vec<Cell>>)> {
    ordered().map(|spec| (spec.name, table(&[example(spec.name)]))).collect()
}

#[actix_web::test]
async fn a_workbook_of_the_old_form_stores_what_a_new_one_stores() {
    let (old, new) = (School::empty().await, School::empty().await);
    let (status, report) = old.send("", XLS, xls(&tables())).await;
    assert_eq!((status, report["counts"]["created"].as_u64()), (200, Some(ordered().count() as u64)), "{report}");
    new.send("", XLSX, super::fixture::workbook(&tables())).await;
    let data = |mut record: Value| {
        record.as_object_mut().unwrap().remove("meta");
        record
    };
    for spec in ordered() {
        let path = path(spec.name, &example(spec.name));
        assert_eq!(data(old.read(&path).await), data(new.read(&path).await), "{path}");
    }
    // Whatever they are called.
    for media in [XLSX, "application/octet-stream"] {
        let (_, report) = old.send("", media, xls(&tables())).await;
        assert_eq!(report["counts"]["unchanged"].as_u64(), Some(ordered().count() as u64), "{media}: {report}");
    }
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, &xls(&tables())).unwrap();
        encoder.finish().unwrap()
    };
    let request = old.gateway.request("POST", "/v1/submissions", &old.token);
    let request = request.header("content-type", XLS).header("content-encoding", "gzip");
    let (_, report) = answer(request.body(gzip)).await;
    assert_eq!(report["counts"]["unchanged"].as_u64(), Some(ordered().count() as u64), "{report}");
}

/// A pupil a row, with long names of one and two bytes a letter.
fn pupils(count: usize) -> Vec<Vec<Cell>> {
    let names = ["Nguyen Van An", "Trần Thị Bích Hường", "Lê Đỗ 𠀀 Khánh"];
    let record = |number: usize| {
        let note = format!("{} {}", names[number % 3], "ghi chu ".repeat(number % 9));
        with(
            &example("students"),
            json!({ "studentCode": format!("31000{:05}", 20_000 + number), "citizenId": null, "note": note.trim() }),
        )
    };
    table(&(0..count).map(record).collect::<Vec<_>>())
}

#[actix_web::test]
async fn texts_go_on_in_further_records_at_any_place() {
    let school = School::filled().await;
    let rows = pupils(40);
    for longest in [11, 16, 33, 64, 8_224] {
        let mut book = Xls { longest, ..Xls::default() };
        book.sheet("students", &rows);
        let (_, report) = school.send("?mode=validate", XLS, book.file()).await;
        assert_eq!(
            (report["counts"]["rejected"].as_u64(), report["counts"]["received"].as_u64()),
            (Some(0), Some(40)),
            "{longest}: {report}"
        );
        school.send("", XLS, book.file()).await;
        for number in [0, 1, 2, 17, 39] {
            let stored = school.read(&format!("/v1/students/31000{:05}", 20_000 + number)).await;
            let Cell::Text(note) = rows[number + 1].iter().rfind(|cell| matches!(cell, Cell::Text(text) if text.contains(' ') && (text.starts_with("Nguyen") || text.starts_with("Trần Thị B") || text.starts_with("Lê Đỗ")))).unwrap() else { unreachable!() };
            assert_eq!(stored["note"], *note, "{longest} {number}");
        }
    }
}

#[actix_web::test]
async fn cells_show_what_they_show_in_the_new_form() {
    let school = School::filled().await;
    let birth = |cell: Cell| {
        let mut rows = table(&[example("students")]);
        let at = rows[0].iter().position(|cell| matches!(cell, Cell::Text(text) if text == "birthDate")).unwrap();
        rows[1][at] = cell;
        rows
    };
    for (from_1904, day) in [(false, 41_887.0), (true, 40_425.0)] {
        for cell in [Cell::Formatted(day, "dd/mm/yyyy"), Cell::Number(day), Cell::Number(day + 0.000_1)] {
            let mut book = Xls { from_1904, ..Xls::default() };
            book.sheet("students", &birth(cell.clone()));
            let (_, report) = school.send("", XLS, book.file()).await;
            assert_eq!(school.read("/v1/students/3100012345").await["birthDate"], "2014-09-05", "{cell:?}: {report}");
        }
    }
    let mut rows = table(&[example("classes")]);
    let at =
        |heading: &str| rows[0].iter().position(|cell| matches!(cell, Cell::Text(text) if text == heading)).unwrap();
    let (code, name) = (at("classCode"), at("name"));
    for (cell, error) in [
        (Cell::Formatted(6.1, "0.00"), ""),
        (Cell::Formatted(46_028.0, "d/m"), "SH-011"),
        (Cell::Formula("=B2", "#N/A"), "SH-001"),
    ] {
        (rows[1][code], rows[1][name]) = (cell.clone(), Cell::Formula("=A1", "Lớp của công thức"));
        let (_, report) = school.send("", XLS, xls(&[("classes", rows.clone())])).await;
        let said: Vec<String> = said(&report).into_iter().filter(|issue| issue.contains("/classCode")).collect();
        let is_told = said.first().is_some_and(|issue| issue.starts_with(error) && issue.contains(" classes 2 "));
        assert_eq!(is_told, !error.is_empty(), "{cell:?}: {report}");
    }
    assert_eq!(school.read("/v1/classes/31000501/2025-2026/6.10").await["name"], "Lớp của công thức");
}

#[actix_web::test]
async fn rows_need_not_be_in_order_and_what_is_hidden_or_merged_is_named() {
    let school = School::empty().await;
    let mut rows =
        table(&[example("classes"), with(&example("classes"), json!({ "classCode": "6A9", "name": "6A9" }))]);
    rows.push(row(&["Tổng cộng: 2 lớp"]));
    let mut book = Xls::default();
    // From the last row up, as programs write that fill a sheet by columns.
    let mut body: Vec<u8> = Vec::new();
    for (number, cells) in rows.iter().enumerate().rev() {
        for (column, cell) in cells.iter().enumerate() {
            body.extend(book.cell(number as u16, column as u16, cell));
        }
    }
    let hidden_row = [&2u16.to_le_bytes()[..], &[0; 10], &0x20u32.to_le_bytes()].concat();
    let hidden_column = [3u16, 3, 2_000, 0, 1, 0].map(u16::to_le_bytes).concat();
    let merged = [1u16, 7, 8, 0, 2].map(u16::to_le_bytes).concat();
    let drawing =
        [record(0x0809, &[0; 16]), book.cell(1, 0, &Cell::from("nothing of a sheet")), record(0x000A, &[])].concat();
    let body =
        [record(0x007D, &hidden_column), record(0x0208, &hidden_row), drawing, body, record(0x00E5, &merged)].concat();
    book.sheets.push(("classes".to_owned(), 0, body));
    book.sheet("Ghi chú", &[row(&["Người lập", "Nguyễn Văn A"])]);
    book.sheet("staff", &[row(&["a", "b"])]);
    book.sheets[2].1 = 1;
    let (_, report) = school.send("?mode=validate", XLS, book.file()).await;
    let said = said(&report);
    for expected in [
        "SH-003  Ghi chú 1 -",
        "SH-004  classes 1 D",
        "SH-005  classes 8 -",
        "SH-007  classes 3 -",
        "SH-009  classes 4 -",
    ] {
        assert!(said.iter().any(|issue| issue == expected), "{expected}: {said:?}");
    }
    assert!(!said.iter().any(|issue| issue.contains("staff")), "a hidden sheet of nothing: {said:?}");
    assert_eq!(report["counts"]["received"].as_u64(), Some(2), "{report}");
}

#[actix_web::test]
async fn what_is_no_such_workbook_is_told_in_a_way_to_act_upon() {
    let school = School::filled().await;
    let students = || vec![("students", table(&[example("students")]))];
    let locked = Xls { extra: record(0x002F, &[0; 6]), ..Xls::default() };
    let refused: Vec<(Vec<u8>, &str, &str)> = vec![
        (locked.file(), "mật khẩu", "without a password"),
        (compound("EncryptedPackage", &[1; 5_000]), "mật khẩu", "without a password"),
        (compound("Book", &[0x09, 0x08, 8, 0, 0, 5, 5, 0]), "trước Excel 97", "before Excel 97"),
        (compound("Workbook", &record(0x0809, &[0, 5, 5, 0, 0, 0, 0, 0])), "trước Excel 97", "before Excel 97"),
        (record(0x0809, &[0, 0, 0x10, 0, 0, 0, 0, 0]), "trước Excel 97", "before Excel 97"),
        (compound("WordDocument", &[0; 5_000]), "không phải là tệp .xlsx hay .xls", "no .xlsx or .xls"),
        (b"<html><body><table><tr><td>studentCode</td></tr></table>".to_vec(), "trang mạng", "web page"),
        (b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:x\"/>".to_vec(), "XML", "XML"),
        (xls(&students())[..2_000].to_vec(), "hỏng", "damaged"),
    ];
    for (body, vietnamese, english) in refused {
        let (status, problem) = school.send("", XLS, body.clone()).await;
        assert!(status == 400 && problem["detail"].as_str().unwrap().contains(vietnamese), "{vietnamese}: {problem}");
        let request = school.gateway.request("POST", "/v1/submissions", &school.token);
        let (_, problem) = answer(request.header("content-type", XLS).header("accept-language", "en").body(body)).await;
        assert!(problem["detail"].as_str().unwrap().contains(english), "{english}: {problem}");
    }
    // A table under the name of a workbook is read as what it is.
    let (status, report) = school.send("", XLS, super::fixture::csv(&students()[0].1, b'\t')).await;
    assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(1)), "{report}");
    let (status, report) = school.send("", XLS, super::fixture::workbook(&students())).await;
    assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(1)), "{report}");
}

#[actix_web::test]
async fn a_text_that_the_shared_texts_lack_is_an_error_of_its_cell() {
    let school = School::filled().await;
    let stored = school.read("/v1/students/3100012345").await;
    let mut book = Xls::default();
    book.sheet("students", &table(&[with(&example("students"), json!({ "note": "mất" }))]));
    book.texts.pop();
    let (_, report) = school.send("", XLS, book.file()).await;
    assert_eq!(report["counts"]["rejected"].as_u64(), Some(1), "{report}");
    assert!(
        said(&report).iter().any(|issue| issue.starts_with("SH-014 ") && issue.contains(" students 2 ")),
        "{report}"
    );
    assert_eq!(school.read("/v1/students/3100012345").await, stored);
}

/// A megabyte of what stands in workbooks beside cells: pictures and the like.
fn drawings(megabytes: usize) -> Vec<u8> {
    record(0x00EC, &[7; 8_188]).repeat(megabytes * 128)
}

#[actix_web::test]
async fn a_file_may_be_larger_than_its_header_can_list() {
    let school = School::filled().await;
    let mut book = Xls { extra: drawings(9), ..Xls::default() };
    book.sheet("students", &table(&[example("students")]));
    let file = book.file();
    assert!(file.len() > 9 << 20, "{}", file.len());
    let (status, report) = school.send("", XLS, file).await;
    assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(1)), "{report}");
}

/// The most memory that the process has had, in kB.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim_end_matches("kB").trim().parse().unwrap()
}

#[actix_web::test]
#[ignore = "takes minutes: measures the memory for a file of 20 MB"]
async fn a_large_workbook_stays_within_its_memory() {
    let school = School::filled().await;
    let mut book = Xls::default();
    book.sheet("students", &pupils(38_000));
    let file = book.file();
    println!("{} bytes, {} sheets", file.len(), book.sheets.len());
    assert!(file.len() > 20_000_000, "{}", file.len());
    let (status, report) = school.send("?mode=validate", XLS, file).await;
    println!("{status} {}; peak {} kB", report["counts"], peak(school.gateway.pid()));
    assert!(status == 200 && peak(school.gateway.pid()) < 300_000, "{}", report["counts"]);
}

#[test]
fn without_a_gateway_they_are_read_alike() {
    let folder = Folder::new();
    for name in ["school.xls", "school.bin"] {
        let (status, report) = validated_files(&folder, &[(name, xls(&tables()))], &[]);
        assert_eq!(status, Some(0), "{name}: {report}");
        assert!(
            counts(&report).contains(&format!("received {}", ordered().count()))
                || report["counts"]["received"] == ordered().count(),
            "{report}"
        );
    }
}
