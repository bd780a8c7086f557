//! Bodies that are broken, by accident or on purpose: each gets a clear answer, the rest of the body is not lost, and
//! memory stays bounded.

use crate::common::records::{SCHOOL, counts, example, issues, lines, pupils, small_school, upsert, with};
use crate::common::{Gateway, answer};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Resident memory that the gateway never needs, in KiB.
const BOUND: u64 = 300 * 1024;

/// The most memory that was resident, in KiB.
fn most_memory(gateway: &Gateway) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", gateway.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

async fn push(gateway: &Gateway, token: &str, media: &str, encoding: &str, body: Vec<u8>) -> (u16, Value) {
    let request = gateway.request("POST", "/v1/submissions", token).header("content-type", media).body(body);
    answer(if encoding.is_empty() { request } else { request.header("content-encoding", encoding) }).await
}

/// A pupil of a key of its own, with further members.
fn student(members: &str) -> Vec<u8> {
    static COUNT: AtomicUsize = AtomicUsize::new(10);
    let own = json!({ "studentCode": format!("31000400{:02}", COUNT.fetch_add(1, Ordering::Relaxed)), "citizenId": null, "heightCm": null, "contacts": null });
    let data = with(&example("students"), own).to_string();
    format!("{{\"resource\":\"students\",\"data\":{}{members}}}}}", &data[..data.len() - 1]).into_bytes()
}

/// Lines that are no good record, and what is said of each.
fn broken_lines() -> Vec<(Vec<u8>, &'static str)> {
    let text = |text: &str| text.as_bytes().to_vec();
    let deep = |open: &str, close: &str| {
        format!("{{\"resource\":\"students\",\"data\":{{\"note\":{}1{}}}}}", open.repeat(10_000), close.repeat(10_000))
    };
    vec![
        (student(",\"fulName\":\"x\""), "PT-004 /fulName"),
        (student(",\"a/b~c\":1"), "PT-004 /a~1b~0c"),
        (student(",\"a\\u0000b\":1"), "PT-004 *"),
        (student(",\"sex\":\"male\""), "PT-009 /sex"),
        (
            student(
                ",\"contacts\":[{\"relationship\":\"mother\",\"fullName\":\"Lê Thị Hoa\",\"fullName\":\"Lê Thị Hoa\"}]",
            ),
            "PT-009 /contacts/0/fullName",
        ),
        (student(",\"note\":\"a\\u0000b\""), "TX-008 /note"),
        (student(",\"note\":\"a\\ud800b\""), "PT-006 "),
        (student(",\"note\":\"a\\udc00\\ud800b\""), "PT-006 "),
        (student(",\"heightCm\":1e400"), "PT-018 /heightCm"),
        (student(&format!(",\"heightCm\":{}", "9".repeat(5_000))), "PT-018 /heightCm"),
        (student(",\"heightCm\":-1e-1"), "PT-018 /heightCm"),
        (student(",\"note\":{\"a\":[1]}"), "PT-013 /note"),
        (text("{\"resource\":\"students\",\"data\":{\"studentCode\":\"31\\u000012345\"}}"), "TX-008 /studentCode"),
        (text("{\"resource\":\"students\\u0000\",\"data\":{}}"), "PT-007 *"),
        (text("{\"resource\":\"students\",\"operation\":\"\\u0000\",\"data\":{}}"), "PT-007 *"),
        (text("{\"resource\":\"students\",\"da\\u0000ta\":{},\"data\":{}}"), "PT-004 *"),
        (text("{\"resource\":\"students\",\"data\":{}"), "PT-006 "),
        (text("{\"resource\":\"students\",\"data\":{}} x"), "PT-006 "),
        (text("nonsense"), "PT-006 "),
        (text("[1,2]"), "PT-006 "),
        (text("null"), "PT-006 "),
        (text("\"students\""), "PT-006 "),
        (text("{\"resource\":\"students\",\"data\":null}"), "PT-006 "),
        (text("{\"resource\":7,\"data\":{}}"), "PT-007 *"),
        (text("{\"resource\":\"pupils\",\"data\":{}}"), "PT-007 *"),
        (text("{\"resource\":\"students\",\"operation\":\"merge\",\"data\":{}}"), "PT-007 *"),
        (text("{\"resource\":\"students\",\"resource\":\"students\",\"data\":{}}"), "PT-009 *"),
        (b"{\"resource\":\"students\",\"data\":{\"note\":\"\xff\xfe\"}}".to_vec(), "TX-002 "),
        (b"\x00\x01\x02".to_vec(), "PT-006 "),
        (deep("[", "]").into_bytes(), "PT-008 "),
        (deep("{\"a\":", "}").into_bytes(), "PT-008 "),
        ("[".repeat(200_000).into_bytes(), "PT-008 "),
        (student(&format!(",\"note\":\"{}\"", "x".repeat(2 << 20))), "PT-008 "),
        (vec![b'x'; 2 << 20], "PT-008 "),
        (student(&format!(",\"note\":\"{}\"", "x".repeat(100_000))), "PT-017 /note"),
    ]
}

fn says(found: &[String], index: usize, expected: &str) -> bool {
    let (code, pointer) = expected.split_once(' ').unwrap();
    let fits = |pattern: &str, text: &str| {
        pattern.split_once('*').map_or(pattern == text, |(start, _)| text.starts_with(start))
    };
    found.iter().any(|issue| {
        let parts: Vec<&str> = issue.splitn(3, ' ').collect();
        parts[0] == index.to_string() && fits(code, parts[1]) && fits(pointer, parts[2])
    })
}

#[tokio::test]
async fn a_broken_line_is_one_rejected_record() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let broken = broken_lines();
    let mut body = Vec::new();
    for ((line, _), good) in broken.iter().zip(pupils(20).iter().chain(&small_school())) {
        body.extend_from_slice(line);
        body.extend_from_slice(format!("\n{good}\n").as_bytes());
    }
    let good: Vec<Value> = [pupils(20), small_school()].concat().into_iter().skip(broken.len()).collect();
    body.extend(good.iter().flat_map(|record| format!("{record}\n").into_bytes()));
    let (status, report) = push(&gateway, &token, "application/x-ndjson", "", body).await;
    assert_eq!(
        (status, counts(&report)),
        (200, format!("created 71, rejected {}, warnings {}", broken.len(), report["counts"]["warnings"])),
        "{:?}",
        issues(&report)
    );
    let found = issues(&report);
    for (at, (line, expected)) in broken.iter().enumerate() {
        let start = String::from_utf8_lossy(&line[..line.len().min(90)]).into_owned();
        assert!(says(&found, at * 2, expected), "{expected} is not said of {start}: {found:?}");
    }
    let link = report["links"]["rejected"].as_str().unwrap();
    let returned = gateway.request("GET", link, &token).send().await.unwrap().bytes().await.unwrap();
    let mut kept =
        broken.iter().filter(|(line, _)| line.len() <= 256 << 10).map(|(line, _)| [line, &b"\n"[..]].concat());
    assert!(returned.ends_with(&kept.next_back().unwrap()), "the rejected come back as they were sent");
    assert!(most_memory(&gateway) < BOUND, "{} KiB", most_memory(&gateway));
}

#[tokio::test]
async fn what_is_no_submission_at_all_is_a_problem() {
    let gateway = Gateway::start_with(&["--max-body-bytes", "8MiB"]);
    let token = gateway.software(SCHOOL).await;
    let lines = "application/x-ndjson";
    // 200 MiB of zeros: members and frames of one, two hundred times.
    let zeros = vec![0; 1 << 20];
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&zeros).unwrap();
    let gzip = gzip.finish().unwrap().repeat(200);
    let zstd = zstd::encode_all(&*zeros, 1).unwrap().repeat(200);
    let cases: Vec<(&str, &str, Vec<u8>, u16)> = vec![
        (lines, "", vec![], 400),
        (lines, "", b"\n \n\r\n".to_vec(), 400),
        ("application/json", "", vec![], 400),
        ("application/json", "", b"[]".to_vec(), 400),
        ("application/json", "", b"{\"resource\":\"students\",\"data\":{}}".to_vec(), 400),
        ("application/json", "", b"7".to_vec(), 400),
        ("application/json", "", b"{\"records\":{}}".to_vec(), 400),
        ("text/plain", "", b"{}".to_vec(), 415),
        ("", "", b"{}".to_vec(), 415),
        (lines, "br", b"{}".to_vec(), 415),
        (lines, "gzip", b"this is not gzip".to_vec(), 400),
        (lines, "zstd", b"this is not zstd".to_vec(), 400),
        (lines, "gzip", gzip, 413),
        (lines, "zstd", zstd, 413),
        (lines, "", vec![b'x'; 9 << 20], 413),
    ];
    for (at, (media, encoding, body, expected)) in cases.into_iter().enumerate() {
        let (status, problem) = push(&gateway, &token, media, encoding, body).await;
        assert_eq!((status, problem["status"].as_u64()), (expected, Some(u64::from(expected))), "case {at}: {problem}");
    }
    for query in ["?mod=commit", "?mode=dry", "?atomicity=some", "?onMissingReference=wait"] {
        assert_eq!(gateway.submit(query, &token, &small_school()).await.0, 400, "{query}");
    }
    let left = "SELECT count(*) FROM submissions";
    assert_eq!(
        (gateway.database().value(left), gateway.database().value("SELECT count(*) FROM submission_chunks")),
        ("0".into(), "0".into())
    );
    assert!(most_memory(&gateway) < BOUND, "{} KiB", most_memory(&gateway));
}

/// Sends the head of a push that promises `promised` bytes, then only `body`, and goes away.
fn cut(gateway: &Gateway, token: &str, query: &str, headers: &str, promised: usize, body: &[u8]) {
    let mut stream = TcpStream::connect(gateway.url.strip_prefix("http://").unwrap()).unwrap();
    let head = format!(
        "POST /v1/submissions{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/x-ndjson\r\n{headers}Content-Length: {promised}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    stream.flush().unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
}

async fn ended(gateway: &Gateway, token: &str) -> Value {
    let list = gateway.get("/v1/submissions?limit=1", token).await.1;
    gateway.finished(token, list["items"][0]["links"]["self"].as_str().unwrap()).await
}

#[tokio::test]
async fn of_a_cut_body_the_complete_records_stand() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let records = [small_school(), pupils(50)].concat();
    let body = lines(&records);
    let half = body.len() / 2;
    let whole = body[..half].matches('\n').count();
    cut(&gateway, &token, "?atomicity=all", "", body.len(), &body.as_bytes()[..half]);
    let report = ended(&gateway, &token).await;
    assert_eq!((counts(&report), &report["status"]), (format!("rejected {whole}"), &json!("failed")), "{report}");
    assert_eq!(gateway.database().value("SELECT count(*) FROM schools"), "0");

    cut(&gateway, &token, "", "Idempotency-Key: cut\r\n", body.len(), &body.as_bytes()[..half]);
    let report = ended(&gateway, &token).await;
    assert_eq!((counts(&report), &report["status"]), (format!("created {whole}"), &json!("failed")), "{report}");

    let again = gateway.request("POST", "/v1/submissions", &token).header("content-type", "application/x-ndjson");
    let (status, report) = answer(again.header("idempotency-key", "cut").body(body)).await;
    assert_eq!(
        (status, counts(&report)),
        (200, format!("created {}, unchanged {whole}", records.len() - whole)),
        "sending it again is safe"
    );
}

#[tokio::test]
async fn a_compressed_body_that_ends_early_is_cut() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    let body = lines(&[small_school(), pupils(400)].concat());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(body.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let (status, report) =
        push(&gateway, &token, "application/x-ndjson", "gzip", gzip[..gzip.len() / 2].to_vec()).await;
    assert_eq!(
        (status, &report["status"], &report["counts"]["rejected"]),
        (200, &json!("failed"), &json!(0)),
        "{report}"
    );
    counts(&report);
    assert!(report["counts"]["created"].as_i64().unwrap() > 100, "{}", counts(&report));
    let (_, report) = push(&gateway, &token, "application/x-ndjson", "gzip", gzip).await;
    assert_eq!((&report["status"], &report["counts"]["received"]), (&json!("completed"), &json!(1211)));
}

#[tokio::test]
async fn a_large_body_passes_through_little_memory() {
    let gateway = Gateway::start();
    let token = gateway.software(SCHOOL).await;
    gateway.submit("", &token, &small_school()).await;
    // Longest notes, compressed on the way: the gateway sees 60 MB.
    let note = "Ghi chú dài ".repeat(40);
    let line = |at: usize| {
        format!(
            "{}\n",
            upsert(
                "students",
                &with(
                    &example("students"),
                    json!({ "studentCode": format!("32{at:08}"), "citizenId": null, "note": note })
                )
            )
        )
    };
    let mut zstd = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    let (mut bytes, mut records) = (0, 0);
    while bytes < 60 << 20 {
        let line = line(records % 20_000);
        zstd.write_all(line.as_bytes()).unwrap();
        (bytes, records) = (bytes + line.len(), records + 1);
    }
    let (status, report) = push(&gateway, &token, "application/x-ndjson", "zstd", zstd.finish().unwrap()).await;
    assert_eq!(
        (status, &report["counts"]["received"], &report["counts"]["created"]),
        (200, &json!(records), &json!(20_000)),
        "{}",
        report["counts"]
    );
    counts(&report);
    assert!(most_memory(&gateway) < BOUND, "{} KiB", most_memory(&gateway));
}

/// A workbook with nothing in it, as far as anyone looks at its beginning.
fn workbook() -> Vec<u8> {
    b"PK\x03\x04\x14\x00 and so on".to_vec()
}

#[actix_web::test]
async fn a_body_that_is_no_text_is_told_what_it_is() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let line = upsert("schools", &example("schools")).to_string().into_bytes();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&line).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(line.as_slice(), 1).unwrap();
    let old_workbook = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    for (media, body, expected) in [
        ("application/x-ndjson", gzip.clone(), "Content-Encoding: gzip"),
        ("application/json", gzip.clone(), "Content-Encoding: gzip"),
        ("application/x-ndjson", zstd, "Content-Encoding: zstd"),
        ("application/x-ndjson", workbook(), "spreadsheetml.sheet"),
        ("application/x-ndjson", old_workbook, "application/vnd.ms-excel"),
    ] {
        let (status, problem) = push(&gateway, &token, media, "", body).await;
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(status == 415 && detail.contains(expected), "{media}: {problem}");
    }
    let request =
        gateway.request("POST", "/v1/submissions?resource=schools", &token).header("content-type", "text/csv");
    let (status, problem) = answer(request.body(workbook())).await;
    assert!(status == 415 && problem["detail"].as_str().unwrap().contains("spreadsheetml"), "{problem}");
    let (status, report) = push(&gateway, &token, "application/x-ndjson", "gzip", gzip).await;
    assert_eq!((status, &report["result"]), (200, &"accepted".into()), "{report}");
}

#[actix_web::test]
async fn who_takes_lines_for_an_array_or_leaves_out_the_envelope_is_told() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let array = json!([upsert("schools", &example("schools"))]).to_string();
    let bare = example("classes").to_string();
    for (line, expected) in [
        (array, "“Content-Type: application/json”"),
        (bare, "“resource” and “data” are missing"),
        ("{\"resource\":\"classes\"}".to_owned(), "“data” is missing"),
    ] {
        let request = gateway.request("POST", "/v1/submissions", &token).header("accept-language", "en");
        let (_, report) = answer(request.header("content-type", "application/x-ndjson").body(line.clone())).await;
        let issue = &report["issues"][0];
        assert_eq!((issue["code"].as_str(), &report["counts"]["rejected"]), (Some("PT-006"), &1.into()), "{report}");
        assert!(issue["message"].as_str().unwrap().contains(expected), "{line}: {issue}");
    }
}
