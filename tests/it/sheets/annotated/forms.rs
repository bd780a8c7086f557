//! Files of other forms, and packages that no office program writes.

use super::super::fixture::{School, XLSX, csv, row, said, table};
use super::super::layouts::school;
use super::super::legacy_file::xls;
use super::package::{
    MAIN, Parts, RELATIONS, by_hand, inline_sheet, marks, package, parts, rows, sent, sent_in, sheet_names, text,
    type_in,
};
use crate::common::answer;
use crate::common::records::{SCHOOL, example, with};
use serde_json::json;

const XLS: &str = "application/vnd.ms-excel";
const HEADINGS: [&str; 5] = ["Mã trường", "Năm học", "Mã lớp", "Tên lớp", "Khối"];

#[actix_web::test]
async fn a_csv_comes_back_as_a_workbook_with_the_same_cells() {
    let school = School::filled().await;
    let student = example("students");
    let body = csv(
        &table(&[
            student.clone(),
            with(&student, json!({ "studentCode": "3100012399", "citizenId": null, "sex": "nobody" })),
        ]),
        b';',
    );
    let (status, bytes, report) = sent(&school, "?resource=students", "text/csv", body.clone()).await;
    assert_eq!((status, report["counts"]["rejected"].as_u64()), (200, Some(1)), "{report}");
    assert_eq!(sheet_names(&bytes), ["Lỗi cần sửa", "Học sinh"]);
    let found = rows(&bytes, "Học sinh");
    let lines: Vec<Vec<String>> =
        String::from_utf8(body).unwrap().lines().map(|line| line.split(';').map(str::to_owned).collect()).collect();
    assert_eq!(found, lines, "zeros at the beginning stay");
    // It needs no parameter any more, and says the same.
    let (_, again, repeated) = sent(&school, "", XLSX, bytes).await;
    let at = |report: &serde_json::Value| {
        said(report).iter().map(|issue| issue.replace(" Học sinh ", " - ")).collect::<Vec<_>>()
    };
    assert_eq!(at(&repeated), said(&report), "{repeated}");
    let cell =
        marks(&again).iter().find(|mark| mark.ends_with("PT-014")).unwrap().split(' ').next().unwrap().to_owned();
    let mut mended = parts(&again);
    type_in(&mut mended, "xl/worksheets/sheet1.xml", &cell, "Nữ");
    let (_, report) = school.send("", XLSX, package(&mended)).await;
    assert_eq!((&report["counts"]["created"], &report["counts"]["unchanged"]), (&json!(1), &json!(1)), "{report}");
}

/// A table whose headings only an added layout knows comes back with its cells, as it was read.
#[actix_web::test]
async fn a_csv_of_an_added_layout_comes_back_too() {
    let school = school().await;
    let admin = school.gateway.token_for("admin", &[]).await;
    let layout = json!({
        "name": "so-tay-x", "title": { "vi": "Sổ tay X", "en": "Notebook X" }, "resources": ["subject-results"],
        "recognisedBy": { "headings": ["Thẻ", "Hè", "Đông"] },
        "headings": { "Thẻ": "studentCode", "Hè": "midtermMark", "Đông": "finalMark" }, "fixed": { "period": "CK1" },
    });
    let added = answer(school.gateway.request("POST", "/v1/sheet-layouts", &admin).json(&layout)).await;
    assert_eq!(added.0, 201, "{}", added.1);
    let lines = ["SỔ TAY MÔN TOÁN LỚP 6A", "Thẻ;Hè;Đông", "3100009101;8;8,5", "3100009102;7;85"];
    let (status, bytes, report) =
        sent(&school, "?resource=subject-results", "text/csv", lines.join("\n").into_bytes()).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(1)), "{report}");
    let found = rows(&bytes, sheet_names(&bytes).last().unwrap());
    assert_eq!(found[1..], lines[1..].iter().map(|line| line.split(';').collect()).collect::<Vec<Vec<_>>>());
    assert!(marks(&bytes).iter().any(|mark| mark.starts_with("C4 ")), "{:?}", marks(&bytes));
}

#[actix_web::test]
async fn an_old_workbook_comes_back_as_one_that_can_be_mended() {
    let school = School::empty().await;
    let made = xls(&[
        ("Ghi chú", vec![row(&["của trường"])]),
        ("Lớp học", vec![row(&HEADINGS), row(&[SCHOOL, "2025-2026", "01", "6A8", "bảy"])]),
    ]);
    let (_, bytes, report) = sent(&school, "?mode=validate", XLS, made).await;
    assert_eq!(report["counts"]["rejected"], 1, "{report}");
    assert_eq!(sheet_names(&bytes), ["Lỗi cần sửa", "Ghi chú", "Lớp học"]);
    assert_eq!(rows(&bytes, "Lớp học")[1], [SCHOOL, "2025-2026", "01", "6A8", "bảy"]);
    assert!(marks(&bytes)[0].starts_with("E2 "), "{:?}", marks(&bytes));
    let mut mended = parts(&bytes);
    type_in(&mut mended, "xl/worksheets/sheet2.xml", "E2", "6");
    let (_, report) = school.send("?mode=validate", XLSX, package(&mended)).await;
    assert_eq!(report["counts"]["rejected"], 0, "{report}");
}

#[actix_web::test]
async fn packages_of_other_makers_come_back_too() {
    let school = School::empty().await;
    let table: [&[&str]; 4] = [
        &HEADINGS,
        &[SCHOOL, "2025-2026", "6A8", "6A8", "bảy"],
        &[SCHOOL, "2025-2026", "", "6A9", "6"],
        &[SCHOOL, "2025-2026", "6A7", "6A7", "6"],
    ];
    for p in ["", "x:"] {
        let sheet = inline_sheet(p, &table);
        let made = package(&by_hand(&[("Lớp học", sheet.clone()), ("Khác", inline_sheet("", &[&["1"]]))]));
        let (status, bytes, report) = sent(&school, "?mode=validate", XLSX, made.clone()).await;
        assert_eq!((status, report["counts"]["rejected"].as_u64()), (200, Some(2)), "{report}");
        let after = parts(&bytes);
        assert_eq!(rows(&bytes, "Lớp học"), rows(&made, "Lớp học"));
        let own = text(&after, "xl/worksheets/sheet1.xml");
        assert!(own.contains(&format!("<{p}c r=\"C3\" s=")) && own.contains(&format!("<{p}legacyDrawing ")), "{own}");
        assert!(text(&after, "xl/styles1.xml").contains("FFFFC9CE"));
        assert_eq!(
            text(&after, "xl/worksheets/sheet2.xml"),
            inline_sheet("", &[&["1"]]),
            "another sheet is not touched"
        );
        let cells: Vec<String> = marks(&bytes).iter().map(|mark| mark.split(' ').next().unwrap().to_owned()).collect();
        assert!(cells.contains(&"E2".to_owned()) && cells.contains(&"C3".to_owned()), "{cells:?}");
        let (_, _, repeated) = sent(&school, "?mode=validate", XLSX, bytes).await;
        assert_eq!(said(&repeated), said(&report));
    }
}

/// Two sheets that have the same part of notes, and a drawing of controls that is no XML.
fn with_shared_notes() -> Parts {
    let sheet = |class: &str| {
        let rows: [&[&str]; 2] = [&HEADINGS, &[SCHOOL, "2025-2026", class, class, "bảy"]];
        inline_sheet("", &rows).replace(
            "</sheetData>",
            &format!("</sheetData><legacyDrawing xmlns:k=\"{RELATIONS}\" k:id=\"v\"/><extLst/>"),
        )
    };
    let mut made = by_hand(&[("Lớp học", sheet("6A8")), ("Lớp học 2", sheet("6A9"))]);
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"c\" Type=\"{RELATIONS}/comments\" Target=\"../comments.xml\"/><Relationship Id=\"v\" Type=\"{RELATIONS}/vmlDrawing\" Target=\"../drawings/v.vml\"/><Relationship Id=\"w\" Type=\"{RELATIONS}/hyperlink\" Target=\"https://example.vn/\" TargetMode=\"External\"/></Relationships>"
    );
    for number in [1, 2] {
        made.insert(format!("xl/worksheets/_rels/sheet{number}.xml.rels"), relations.clone().into_bytes());
    }
    let notes = format!(
        "<comments xmlns=\"{MAIN}\"><authors><author>tc={{1}}</author></authors><commentList><comment ref=\"E2\" authorId=\"0\"><text><t>Luồng</t></text></comment></commentList></comments>"
    );
    made.insert("xl/comments.xml".to_owned(), notes.into_bytes());
    let drawing = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:shape id=\"_x0000_s2049\"><br></v:shape></xml>";
    made.insert("xl/drawings/v.vml".to_owned(), drawing.as_bytes().to_vec());
    let types = text(&made, "[Content_Types].xml").replace("</Types>", "<Default Extension=\"vml\" ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/><Override PartName=\"/xl/comments.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml\"/></Types>");
    made.insert("[Content_Types].xml".to_owned(), types.into_bytes());
    made
}

#[actix_web::test]
async fn notes_that_two_sheets_share_become_notes_of_each() {
    let school = School::empty().await;
    let (_, bytes, report) = sent_in(&school, "?mode=validate", XLSX, package(&with_shared_notes()), "en").await;
    assert_eq!(report["counts"]["rejected"], 2, "{report}");
    assert_eq!(sheet_names(&bytes)[0], "To mend");
    let after = parts(&bytes);
    assert_eq!(text(&after, "xl/comments.xml"), text(&with_shared_notes(), "xl/comments.xml"));
    let mut seen = Vec::new();
    for number in [1, 2] {
        let relations = text(&after, &format!("xl/worksheets/_rels/sheet{number}.xml.rels"));
        assert!(relations.contains("https://example.vn/\" TargetMode=\"External\""), "{relations}");
        let target = |kind: &str| {
            let (before, _) = relations.split_once(kind).map(|(_, rest)| rest.split_once("\"/>").unwrap()).unwrap();
            before.rsplit('"').next().unwrap().trim_start_matches('/').to_owned()
        };
        let (notes, drawing) = (target("/comments\""), target("/vmlDrawing\""));
        assert!(text(&after, &notes).contains("Luồng") && text(&after, &notes).contains("School Gateway:"));
        assert!(text(&after, &drawing).contains("<v:shape id=\"_x0000_s2049\"><br></v:shape>"));
        seen.extend([notes, drawing]);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4, "{seen:?}");
}
