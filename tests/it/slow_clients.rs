//! Clients that read or send slowly, or not at all: what they hold is theirs, and everybody else is served.

use crate::common::records::{SCHOOL, example, lines, small_school, upsert, with};
use crate::common::{Gateway, answer, eventually, served, so};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Rejected records whose issues are more than any socket's buffers take.
const REJECTED: usize = 6_000;

/// Each lacks all that a pupil needs.
fn bad_records(count: usize) -> Vec<Value> {
    (0..count)
        .map(|number| {
            upsert("students", &json!({ "studentCode": format!("31{number:08}"), "note": "x".repeat(1_500) }))
        })
        .collect()
}

/// Sends the head of a request and nothing more.
fn connect(gateway: &Gateway, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(gateway.url.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// Asks for results, reads their statuses and nothing more.
fn stalled_readers(gateway: &Gateway, token: &str, asked: &[(&str, &str)]) -> Vec<(u16, TcpStream)> {
    let head = |path: &str, media: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {token}\r\nAccept: {media}\r\n\r\n")
    };
    let streams: Vec<TcpStream> = asked.iter().map(|(path, media)| connect(gateway, &head(path, media))).collect();
    let status = |stream: TcpStream| {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut first = [0; 12];
        (&stream).read_exact(&mut first).unwrap();
        (std::str::from_utf8(&first[9..12]).unwrap().parse().unwrap(), stream)
    };
    streams.into_iter().map(status).collect()
}

/// Does the other side hold this connection open?
fn is_held(stream: &TcpStream) -> bool {
    let (own, other) = (stream.local_addr().unwrap().port(), stream.peer_addr().unwrap().port());
    // The state 01 is ESTABLISHED.
    let held = format!("0100007F:{other:04X} 0100007F:{own:04X} 01 ");
    std::fs::read_to_string("/proc/net/tcp").unwrap().contains(&held)
}

/// GET, PUT and list of a school, each answered in time with 200.
async fn assert_served(gateway: &Gateway, token: &str, school: &str) {
    let path = format!("/v1/schools/{school}");
    let data = with(&example("schools"), json!({ "schoolCode": school, "name": "Trường khác" }));
    let requests = [
        ("PUT", gateway.request("PUT", &path, token).json(&data)),
        ("GET", gateway.request("GET", &path, token)),
        ("list", gateway.request("GET", "/v1/schools?limit=5", token)),
    ];
    for (method, request) in requests {
        let (status, body) = served(request).await;
        assert!(matches!(status, 200 | 201), "{method}: {status} {body}");
    }
}

fn threads(gateway: &Gateway) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", gateway.pid())).unwrap();
    let threads = status.lines().find_map(|line| line.strip_prefix("Threads:")).unwrap().trim().parse().unwrap();
    println!("{threads} threads");
    threads
}

#[tokio::test]
async fn readers_that_do_not_read_keep_nobody_waiting() {
    let gateway = Gateway::start_with(&["--stall-seconds", "3"]);
    let (token, other) = (gateway.software(SCHOOL).await, gateway.software("31000599").await);
    let report = gateway.submit("", &token, &[small_school(), bad_records(REJECTED)].concat()).await.1;
    let (issues, rejected) =
        (report["links"]["issues"].as_str().unwrap(), report["links"]["rejected"].as_str().unwrap());
    assert_served(&gateway, &other, "31000599").await;
    let asked = [(issues, "application/x-ndjson"), (rejected, "application/x-ndjson"), (issues, "text/csv")];
    let mut readers = stalled_readers(&gateway, &token, &asked.repeat(16));
    assert_served(&gateway, &other, "31000599").await;
    assert!(
        readers.iter().any(|(status, _)| *status == 200)
            && readers.iter().all(|(status, _)| matches!(status, 200 | 429)),
        "{readers:?}"
    );
    assert!(threads(&gateway) < 100, "{} threads", threads(&gateway));
    // Given up, they leave their places to who reads.
    eventually("a place", async || {
        let status = stalled_readers(&gateway, &token, &asked[..1])[0].0;
        so(status == 200, status)
    })
    .await;
    // What was broken off cannot be taken for the whole: its last chunk is missing.
    readers.retain(|(status, _)| *status == 200);
    let stream = readers.swap_remove(0).1;
    eventually("the end of a connection", async || so(!is_held(&stream), "it is held")).await;
    let mut rest = Vec::new();
    let _ = BufReader::new(stream).read_to_end(&mut rest);
    assert!(!rest.ends_with(b"0\r\n\r\n"), "a result broken off ends as if it were whole");
}

#[tokio::test]
async fn exports_that_nobody_reads_leave_the_records_readable() {
    let gateway = Gateway::start();
    let (token, other) = (gateway.software(SCHOOL).await, gateway.software("31000599").await);
    gateway.submit("", &token, &small_school()).await;
    // More than the sockets take, without sending them all.
    let columns: Vec<String> = gateway.database().column(
        "SELECT quote_ident(column_name) FROM information_schema.columns WHERE table_name = 'students' AND is_generated = 'NEVER' ORDER BY ordinal_position",
    );
    let values = columns.iter().map(|name| match name.as_str() {
        "student_code" => "lpad((3200000000 + n)::text, 10, '0')".to_owned(),
        "citizen_id" => "NULL".to_owned(),
        "note" => "repeat('ghi ', 120)".to_owned(),
        name => format!("s.{name}"),
    });
    let copy = format!(
        "INSERT INTO students ({}) SELECT {} FROM students s, generate_series(1, 20000) n",
        columns.join(", "),
        values.collect::<Vec<_>>().join(", ")
    );
    assert_eq!(gateway.database().execute(&copy), 20_000);
    let readers = stalled_readers(&gateway, &token, &[("/v1/students", "application/x-ndjson"); 48]);
    assert_served(&gateway, &other, "31000599").await;
    assert!(readers.iter().any(|(status, _)| *status == 200), "{readers:?}");
}

/// Begins a push of a body of a million bytes and sends so few of them.
fn slow_upload(gateway: &Gateway, token: &str) -> TcpStream {
    let head = format!(
        "POST /v1/submissions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {token}\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n{{"
    );
    connect(gateway, &head)
}

#[tokio::test]
async fn six_hundred_slow_uploads_take_few_threads_and_keep_nobody_waiting() {
    let gateway = Gateway::start_with(&["--rate-limit", "10000", "--rate-burst", "10000"]);
    let (token, other) = (gateway.software(SCHOOL).await, gateway.software("31000599").await);
    let mut uploads: Vec<TcpStream> = (0..600).map(|_| slow_upload(&gateway, &token)).collect();
    for round in 0..3 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        // A byte now and then, as slow lines send.
        uploads.iter_mut().skip(round * 100).take(100).for_each(|upload| drop(upload.write_all(b" ")));
        assert!(threads(&gateway) < 300, "{} threads", threads(&gateway));
        assert_served(&gateway, &other, "31000599").await;
        let school = upsert("schools", &with(&example("schools"), json!({ "schoolCode": "31000599" })));
        let push = gateway.request("POST", "/v1/submissions", &other).header("content-type", "application/x-ndjson");
        let (status, report) = served(push.body(lines(&[school]))).await;
        assert_eq!(status, 200, "{report}");
    }
}

#[tokio::test]
async fn a_body_below_the_least_rate_is_cut() {
    let gateway = Gateway::start_with(&["--least-rate", "1KiB", "--stall-seconds", "2"]);
    let token = gateway.software(SCHOOL).await;
    let mut upload = slow_upload(&gateway, &token);
    eventually("the end of the upload", async || {
        let _ = upload.write_all(b" ");
        let (_, list) = gateway.get("/v1/submissions", &token).await;
        so(list["items"][0]["status"] == "failed", list)
    })
    .await;
}

#[tokio::test]
async fn a_slow_repetition_of_a_push_takes_no_thread_of_its_own() {
    let gateway = Gateway::start_with(&["--rate-limit", "10000", "--rate-burst", "10000"]);
    let token = gateway.software(SCHOOL).await;
    let body = lines(&small_school());
    let again = || gateway.request("POST", "/v1/submissions", &token).header("content-type", "application/x-ndjson");
    let first = answer(again().header("idempotency-key", "one").body(body.clone())).await;
    assert_eq!(first.0, 200);
    let before = threads(&gateway);
    let head = format!(
        "POST /v1/submissions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {token}\r\nContent-Type: application/x-ndjson\r\nIdempotency-Key: one\r\nContent-Length: {}\r\n\r\n{{",
        body.len()
    );
    let mut slow: Vec<TcpStream> = (0..30).map(|_| connect(&gateway, &head)).collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(threads(&gateway) < before + 20, "{before} threads became {}", threads(&gateway));
    let mut last = slow.pop().unwrap();
    last.write_all(&body.as_bytes()[1..]).unwrap();
    let mut replayed = String::new();
    let mut reader = BufReader::new(last);
    while replayed.lines().all(|line| !line.is_empty()) && reader.read_line(&mut replayed).unwrap() > 0 {
        if replayed.ends_with("\r\n\r\n") {
            break;
        }
    }
    assert!(
        replayed.starts_with("HTTP/1.1 200") && replayed.to_ascii_lowercase().contains("idempotency-replayed: true"),
        "{replayed}"
    );
}
