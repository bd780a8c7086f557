//! Bodies that are small on the way and want much when they are read, and bodies that are refused before they are
//! sent.

use crate::common::records::{SCHOOL, counts, lines, small_school};
use crate::common::{Gateway, answer};
use serde_json::Value;
use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use zip::write::SimpleFileOptions;

/// Resident memory that the gateway never needs, in KiB.
const BOUND: u64 = 300 * 1024;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The most memory that was resident, in KiB.
fn most_memory(gateway: &Gateway) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", gateway.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// The body in zstd, whose frame asks for a window of so many bits.
fn zstd(body: &[u8], window: u32) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(window).unwrap();
    encoder.include_contentsize(false).unwrap();
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

async fn push(gateway: &Gateway, token: &str, media: &str, encoding: &str, body: Vec<u8>) -> (u16, Value) {
    let request =
        gateway.request("POST", "/v1/submissions?mode=validate", token).header("content-type", media).body(body);
    answer(if encoding.is_empty() { request } else { request.header("content-encoding", encoding) }).await
}

#[tokio::test]
async fn windows_of_zstd_are_bounded() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let body = lines(&small_school());
    let (status, report) = push(&gateway, &token, "application/x-ndjson", "zstd", zstd(body.as_bytes(), 23)).await;
    assert_eq!((status, counts(&report)), (200, "created 11".into()), "8 MiB is what RFC 9659 lets a sender take");
    let wide = zstd(body.as_bytes(), 27);
    assert!(wide.len() < 8_192, "{}", wide.len());
    let pushes = (0..30).map(|_| push(&gateway, &token, "application/x-ndjson", "zstd", wide.clone()));
    for (status, problem) in futures_util::future::join_all(pushes).await {
        assert_eq!(status, 415, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("8 MiB"), "{problem}");
    }
    assert!(most_memory(&gateway) < BOUND, "{} KiB", most_memory(&gateway));
}

#[tokio::test]
async fn decoders_at_work_are_counted() {
    let gateway = Gateway::start_with(&["--pool-wait-seconds", "1"]);
    let token = gateway.software(SCHOOL).await;
    // Half a body each, whose decoder has its window already.
    let noise: Vec<u8> = (0..1_000_000u32)
        .flat_map(|number| format!("{}\n", u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15)).into_bytes())
        .collect();
    let body = zstd(&noise, 23);
    let head = format!(
        "POST /v1/submissions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {token}\r\nContent-Type: application/x-ndjson\r\nContent-Encoding: zstd\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let uploads: Vec<TcpStream> = (0..60)
        .map(|_| {
            let mut stream = TcpStream::connect(gateway.url.strip_prefix("http://").unwrap()).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&body[..100_000]).unwrap();
            stream
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(most_memory(&gateway) < BOUND, "{} KiB", most_memory(&gateway));
    drop(uploads);
}

/// A workbook whose one sheet repeats one shared text over so many rows, with so many further parts that nobody reads.
fn repeating(text: usize, rows: usize, columns: usize, parts: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated).compression_level(Some(9));
    let mut part = |name: &str, head: &str, repeated: &str, times: usize, foot: &str| {
        zip.start_file(name, options).unwrap();
        zip.write_all(head.as_bytes()).unwrap();
        (0..times).for_each(|_| zip.write_all(repeated.as_bytes()).unwrap());
        zip.write_all(foot.as_bytes()).unwrap();
    };
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    part(
        "_rels/.rels",
        &format!(
            "<Relationships xmlns=\"{relations}\"><Relationship Id=\"r\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
        "",
        0,
        "",
    );
    part(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns:r=\"{kind}\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"
        ),
        "",
        0,
        "",
    );
    let links = format!(
        "<Relationships xmlns=\"{relations}\"><Relationship Id=\"a\" Type=\"{kind}/worksheet\" Target=\"sheet.xml\"/><Relationship Id=\"b\" Type=\"{kind}/sharedStrings\" Target=\"texts.xml\"/></Relationships>"
    );
    part("xl/_rels/workbook.xml.rels", &links, "", 0, "");
    part(
        "xl/texts.xml",
        "<sst><si><t>studentCode</t></si><si><t>note</t></si><si><t>",
        &"x".repeat(1_000),
        text / 1_000,
        "</t></si></sst>",
    );
    let row = format!("<row>{}</row>", "<c t=\"s\"><v>2</v></c>".repeat(columns));
    part(
        "xl/sheet.xml",
        "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>",
        &row,
        rows,
        "</sheetData></worksheet>",
    );
    for number in 0..parts {
        zip.start_file(format!("{number:0>200}"), options).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn what_a_workbook_expands_to_is_counted() {
    let gateway = Gateway::start_with(&["--max-body-bytes", "64MiB"]);
    let token = gateway.software(SCHOOL).await;
    let many_rows = repeating(30_000, 300_000, 2, 0);
    assert!(many_rows.len() < 200_000, "{}", many_rows.len());
    let (status, problem) = push(&gateway, &token, XLSX, "", many_rows).await;
    assert_eq!(status, 413, "{problem}");
    let wide_rows = repeating(32_000, 30, 16_000, 0);
    let (status, problem) = push(&gateway, &token, XLSX, "", wide_rows).await;
    assert_eq!(status, 413, "{problem}");
    assert_eq!(gateway.database().value("SELECT count(*) FROM submission_chunks"), "0");
    assert!(most_memory(&gateway) < BOUND, "{} KiB", most_memory(&gateway));
}

#[tokio::test]
async fn a_workbook_of_very_many_parts_is_none() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    for (parts, expected) in [(100, 422), (30_000, 400)] {
        let (status, problem) = push(&gateway, &token, XLSX, "", repeating(1_000, 1, 2, parts)).await;
        assert_eq!(status, expected, "{parts} parts: {problem}");
    }
}

/// Sends a head, and what comes back first.
fn first_line(gateway: &Gateway, head: &str) -> String {
    let mut stream = TcpStream::connect(gateway.url.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut first = [0; 1024];
    let length = stream.read(&mut first).unwrap();
    String::from_utf8_lossy(&first[..length]).into_owned()
}

#[tokio::test]
async fn a_body_that_is_too_large_by_its_length_is_refused_before_it_is_sent() {
    let gateway = Gateway::start_with(&["--max-body-bytes", "8MiB"]);
    let token = gateway.software(SCHOOL).await;
    let head = |method: &str, path: &str, length: u64, more: &str| {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n"
        )
    };
    for more in ["", "Expect: 100-continue\r\n"] {
        for (method, path, length) in [("POST", "/v1/submissions", 9 << 20), ("PUT", "/v1/schools/31000501", 2 << 20)] {
            let answer = first_line(&gateway, &head(method, path, length, more));
            assert!(answer.starts_with("HTTP/1.1 413"), "{method} {more}: {answer}");
            assert!(
                answer.contains("application/problem+json") && answer.to_lowercase().contains("x-request-id"),
                "{answer}"
            );
        }
    }
    let answer = first_line(&gateway, &head("POST", "/v1/submissions", 1 << 20, "Expect: 100-continue\r\n"));
    assert!(answer.starts_with("HTTP/1.1 100"), "a body that is taken is asked for: {answer}");
}
