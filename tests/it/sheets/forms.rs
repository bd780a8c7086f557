//! What is no sheet at all, comes in pieces, or is larger than it looks.

use super::fixture::{Cell, School, XLSX, csv, said, table, workbook};
use super::legacy_file::compound;
use crate::common::records::{counts, example};
use serde_json::json;
use std::io::Write;

#[actix_web::test]
async fn requests_that_are_no_sheet_are_told_why() {
    let school = School::empty().await;
    let students = table(&[example("students")]);
    let encoded: Vec<u8> = b"M\xE3 h\xF2\xE7c sinh;H\xF2 t\xEAn\n1;\xD2\n".to_vec();
    let refused: Vec<(&str, &str, Vec<u8>, u16, &str)> = vec![
        ("", "text/csv", csv(&students, b','), 400, "kết quả môn học"),
        ("?resource=pupils", "text/csv", csv(&students, b','), 400, "“pupils”"),
        ("?resource=students", "application/x-ndjson", b"{}".to_vec(), 400, "“resource”"),
        ("?resource=students", "text/csv", b"a,b\n1,2\n".to_vec(), 400, "“Mã học sinh”"),
        ("?resource=students", "text/csv", encoded, 400, "UTF-8"),
        ("?resource=students", "text/csv", csv(&students[..1], b','), 400, "không có bản ghi"),
        ("?resource=students", "text/csv", Vec::new(), 400, "“Mã học sinh”"),
        ("", XLSX, b"\x00\x01 no workbook".to_vec(), 400, "không phải là tệp .xlsx hay .xls"),
        ("", XLSX, Vec::new(), 400, "không phải là tệp .xlsx hay .xls"),
        ("", XLSX, b"not a workbook".to_vec(), 400, "Không có trang tính"),
        ("", XLSX, compound("EncryptedPackage", &[0; 600]), 400, "mật khẩu"),
        ("", XLSX, workbook(&[("Sheet1", vec![vec![Cell::from("a"), Cell::from("b")]])]), 400, "Không có trang tính"),
        ("", "application/pdf", b"x".to_vec(), 415, "XLSX"),
    ];
    for (query, media, body, status, words) in refused {
        let (got, problem) = school.send(query, media, body).await;
        assert_eq!(got, status, "{query} {media}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{query} {media}: {problem}");
    }
    let (_, list) = school.gateway.get("/v1/submissions", &school.token).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(0), "nothing of them stays: {list}");
}

#[actix_web::test]
async fn lines_that_are_no_utf8_or_too_long_are_rejected_alone() {
    let school = School::filled().await;
    let mut body = csv(&table(&[example("students")]), b',');
    body.extend_from_slice(b"3100012346,\xC3\x28,x\n");
    body.extend_from_slice(format!("{}\n", "y".repeat(300_000)).as_bytes());
    let (status, report) = school.send_csv("students", body).await;
    assert_eq!(
        (status, report["counts"]["unchanged"].as_u64(), report["counts"]["rejected"].as_u64()),
        (200, Some(1), Some(2)),
        "{report}"
    );
    assert_eq!(said(&report), ["TX-002  - 3 -", "PT-008  - 4 -"]);
}

#[actix_web::test]
async fn utf16_as_spreadsheets_save_unicode_text() {
    let school = School::filled().await;
    let text = String::from_utf8(csv(&table(&[example("students")]), b'\t')).unwrap();
    let units: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (status, report) = school.send_csv("students", units).await;
    assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(1)), "{report}");
}

#[actix_web::test]
async fn a_compressed_sheet_is_one_too() {
    let school = School::filled().await;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&csv(&table(&[example("students")]), b',')).unwrap();
    let request = school
        .gateway
        .request("POST", "/v1/submissions?resource=students", &school.token)
        .header("content-type", "text/csv");
    let (status, report) =
        crate::common::answer(request.header("content-encoding", "gzip").body(encoder.finish().unwrap())).await;
    assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(1)), "{report}");
}

/// A ZIP whose parts are the given texts repeated.
fn packed(parts: &[(&str, &str, &str, usize, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, head, repeated, times, tail) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(head.as_bytes()).unwrap();
        let block = repeated.repeat(1_000);
        (0..times / 1_000).for_each(|_| zip.write_all(block.as_bytes()).unwrap());
        zip.write_all(tail.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const WORKBOOK: &str = r#"<workbook xmlns:r="r"><sheets><sheet name="students" r:id="a"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

const HEADED: &str =
    r#"<worksheet><sheetData><row><c t="str"><v>studentCode</v></c><c t="str"><v>fullName</v></c></row>"#;

/// Programs write formulas without calculating them.
#[actix_web::test]
async fn a_formula_without_its_result_is_named() {
    let school = School::filled().await;
    let row =
        r#"<row r="5"><c r="A5" t="str"><v>3100012345</v></c><c r="B5"><f>A1</f></c></row></sheetData></worksheet>"#;
    let body = packed(&[
        ("xl/workbook.xml", WORKBOOK, "", 0, ""),
        ("xl/_rels/workbook.xml.rels", RELATIONS, "", 0, ""),
        ("xl/worksheets/sheet1.xml", HEADED, "", 0, row),
    ]);
    let (status, report) = school.send("", XLSX, body).await;
    let of_name: Vec<_> =
        report["issues"].as_array().unwrap().iter().filter(|issue| issue["pointer"] == "/fullName").collect();
    assert_eq!((status, of_name.len(), &of_name[0]["code"]), (422, 1, &json!("SH-006")), "{report}");
    assert!(said(&report).contains(&"SH-006 /fullName students 5 B".to_owned()), "{report}");
}

#[actix_web::test]
async fn a_workbook_that_swells_is_stopped_at_the_limit() {
    let school =
        School { gateway: crate::common::Gateway::start_with(&["--max-body-bytes", "4000000"]), token: String::new() };
    let client = school.gateway.client("school-software", &["--school", "31000501"]);
    let school = School { token: school.gateway.token(&client).await, ..school };
    let book = [("xl/workbook.xml", WORKBOOK, "", 0, ""), ("xl/_rels/workbook.xml.rels", RELATIONS, "", 0, "")];
    let sheet = ("xl/worksheets/sheet1.xml", HEADED, "<row><c><v>1</v></c></row>", 200_000, "</sheetData></worksheet>");
    let texts =
        ("xl/sharedStrings.xml", "<sst uniqueCount=\"99999999999999999\">", "<si><t>a</t></si>", 300_000, "</sst>");
    let long = format!("{HEADED}<row><c t=\"str\"><v>");
    let token =
        ("xl/worksheets/sheet1.xml", long.as_str(), "aaaaaaaaaa", 500_000, "</v></c></row></sheetData></worksheet>");
    for part in [sheet, texts, token] {
        let body = packed(&[book[0], book[1], part]);
        assert!(body.len() < 100_000, "{}", body.len());
        let (status, problem) = school.send("", XLSX, body).await;
        assert_eq!((status, problem["code"].as_str()), (413, Some("too-large")), "{}: {problem}", part.0);
    }
    let (status, _) = school.gateway.get("/v1/submissions", &school.token).await;
    assert_eq!(status, 200, "the gateway serves on");
}

#[actix_web::test]
async fn a_body_cut_on_its_way_keeps_its_whole_lines() {
    let school = School::filled().await;
    let rows = table(&[
        example("students"),
        crate::common::records::with(&example("students"), json!({ "studentCode": "3100012399", "citizenId": null })),
    ]);
    let whole = csv(&rows, b',');
    let mut stream = std::net::TcpStream::connect(school.gateway.url.trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST /v1/submissions?resource=students HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: text/csv\r\nContent-Length: {}\r\n\r\n",
        school.token,
        whole.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&whole[..whole.len() - 20]).unwrap();
    stream.flush().unwrap();
    school.gateway.database().becomes("SELECT count(*) FROM submissions WHERE status = 'receiving'", "1").await;
    drop(stream);
    school
        .gateway
        .database()
        .becomes("SELECT status FROM submissions ORDER BY received_at DESC LIMIT 1", "failed")
        .await;
    let (_, list) = school.gateway.get("/v1/submissions", &school.token).await;
    assert_eq!(counts(&list["items"][0]), "unchanged 1", "{list}");
}
