//! Whole results: one snapshot, in constant memory, as NDJSON and as CSV.

use super::fixture::{ROWS, bare, filled, filled_with, insert, items, rows, text};
use crate::common::{Gateway, answer, eventually, so};
use school_gateway::model::{all, find};
use serde_json::{Value, json};

async fn whole(gateway: &Gateway, token: &str, path: &str, media: &str) -> String {
    let response = gateway.request("GET", path, token).header("accept", media).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with(media));
    response.text().await.unwrap()
}

#[tokio::test]
async fn ndjson_gives_what_the_pages_give() {
    let (gateway, token) = filled().await;
    for spec in all() {
        for query in ["", "?sort=-schoolCode", "?schoolCode=01000002", "?fields=schoolCode,meta", "?limit=2"] {
            let path = format!("/v1/{}{query}", spec.name);
            let lines = whole(&gateway, &token, &path, "application/x-ndjson").await;
            let lines: Vec<Value> = lines.lines().map(|line| bare(serde_json::from_str(line).unwrap())).collect();
            let mut paged = items(&gateway, &token, &path).await;
            paged.truncate(if query == "?limit=2" { 2 } else { usize::MAX });
            assert_eq!(lines, paged, "{path}");
        }
    }
    let empty = whole(&gateway, &token, "/v1/students?schoolCode=99999999", "application/x-ndjson").await;
    assert_eq!(empty, "");
}

#[tokio::test]
async fn csv_holds_every_member_of_every_record() {
    let (gateway, token) = filled().await;
    for spec in all() {
        let path = format!("/v1/{}", spec.name);
        let text_of = whole(&gateway, &token, &path, "text/csv").await;
        assert!(text_of.starts_with('\u{feff}') && text_of.ends_with("\r\n"), "{path}");
        let mut reader = csv::Reader::from_reader(text_of.trim_start_matches('\u{feff}').as_bytes());
        let heading: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let members: Vec<&str> = spec.fields.iter().map(|field| field.json).collect();
        assert_eq!(heading, members, "{path}");
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let expected = items(&gateway, &token, &path).await;
        assert_eq!(records.len(), ROWS, "{path}");
        for (record, item) in records.iter().zip(&expected) {
            for (cell, member) in record.iter().zip(&members) {
                assert!(same(cell, &item[*member]), "{path} {member}: {cell} is not {}", item[*member]);
            }
        }
    }
}

/// Does the cell say what the member says?
fn same(cell: &str, member: &Value) -> bool {
    match member {
        Value::Null => cell.is_empty(),
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            let parts: Vec<&str> = cell.split('|').collect();
            parts.len() == items.len() && parts.iter().zip(items).all(|(part, item)| same(part, item))
        }
        Value::Array(_) | Value::Object(_) => serde_json::from_str::<Value>(cell).is_ok_and(|parsed| parsed == *member),
        Value::Number(number) => cell.parse::<f64>().is_ok_and(|parsed| Some(parsed) == number.as_f64()),
        other => cell == text(other),
    }
}

#[tokio::test]
async fn no_cell_of_a_csv_is_a_formula() {
    let (gateway, token) = filled().await;
    let spec = find("students").unwrap();
    let mut record = rows(spec).remove(0);
    record["citizenId"] = Value::Null;
    for (code, name) in [("f1", "=1+1"), ("f2", "+84"), ("f3", "-x"), ("f4", "@x"), ("f5", "a,\"b\"\r\nc")] {
        record["studentCode"] = code.into();
        record["fullName"] = name.into();
        insert(&gateway, spec, &[record.clone()]);
    }
    let text = whole(&gateway, &token, "/v1/students?studentCode[in]=f1,f2,f3,f4,f5&fields=fullName", "text/csv").await;
    assert_eq!(text, "\u{feff}fullName\r\n'=1+1\r\n'+84\r\n'-x\r\n'@x\r\n\"a,\"\"b\"\"\r\nc\"\r\n");
}

#[tokio::test]
async fn faults_of_a_whole_result_are_told_before_it_begins() {
    let (gateway, token) = filled().await;
    let ask = |query: &str| {
        gateway.request("GET", &format!("/v1/students?{query}"), &token).header("accept", "application/x-ndjson")
    };
    for query in ["colour=red", "count=true", "cursor=abc", "sex=x"] {
        let (status, problem) = answer(ask(query)).await;
        assert_eq!((status, &problem["code"]), (400, &json!("bad-request")), "{query}");
    }
    gateway.database().execute("DROP TABLE students");
    let (status, problem) = answer(ask("")).await;
    assert_eq!((status, &problem["code"]), (500, &json!("internal")));
    assert!(!problem.to_string().contains("relation"), "{problem}");
}

/// Highest resident memory of the process, in MB.
fn peak_memory(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
}

/// 60,000 results, about 30 MB as NDJSON.
fn many(gateway: &Gateway) -> usize {
    let columns = "school_code, school_year, period, student_code, subject_code, class_code, comment, hash_high, hash_low, version, block, changed_at, submission_id, client_id";
    gateway.database().execute(&format!(
        "INSERT INTO subject_results ({columns}) SELECT '01000001', '2025-2026', 'CN', 'm' || number, 'TOAN', '6A', repeat('x', 200), 1, 1, 1, number, now(), gen_random_uuid(), gen_random_uuid() \
         FROM generate_series(1, 60000) number"
    ))
}

#[tokio::test]
async fn a_large_result_needs_no_more_memory_than_a_small_one() {
    let (gateway, token) = filled().await;
    let count = many(&gateway);
    let before = peak_memory(gateway.pid());
    let text = whole(&gateway, &token, "/v1/subject-results?classCode=6A", "application/x-ndjson").await;
    assert_eq!(text.lines().count(), count);
    let after = peak_memory(gateway.pid());
    assert!(text.len() > 25_000_000 && after - before < 25, "{} bytes, {before} MB became {after} MB", text.len());
}

#[tokio::test]
async fn a_whole_result_is_one_snapshot_and_ends_with_its_reader() {
    let (gateway, token) = filled().await;
    let count = many(&gateway);
    let ask = || {
        gateway
            .request("GET", "/v1/subject-results?classCode=6A", &token)
            .header("accept", "application/x-ndjson")
            .send()
    };
    let mut slow = ask().await.unwrap();
    let mut read = slow.chunk().await.unwrap().unwrap().to_vec();
    gateway.database().execute("DELETE FROM subject_results WHERE class_code = '6A'");
    while let Some(part) = slow.chunk().await.unwrap() {
        read.extend_from_slice(&part);
    }
    assert_eq!(read.iter().filter(|byte| **byte == b'\n').count(), count, "what was deleted meanwhile is still in it");
    many(&gateway);
    let mut left = ask().await.unwrap();
    left.chunk().await.unwrap();
    drop(left);
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    gateway.database().becomes(open, "0").await;
}

#[tokio::test]
async fn readers_who_do_not_read_are_few_and_cut_off() {
    let (gateway, token) = filled_with(&["--pool-size", "8", "--pool-wait-seconds", "1", "--stall-seconds", "5"]).await;
    many(&gateway);
    let ask =
        || gateway.request("GET", "/v1/subject-results?classCode=6A", &token).header("accept", "application/x-ndjson");
    let mut idle = ask().send().await.unwrap();
    let second = ask().send().await.unwrap();
    assert_eq!((second.status().as_u16(), second.headers().contains_key("retry-after")), (429, true));
    assert_eq!(gateway.get("/v1/schools", &token).await.0, 200, "pages have their own connections");
    eventually("the idle reader's place", async || {
        let status = ask().send().await.unwrap().status();
        so(status == 200, status)
    })
    .await;
    loop {
        match idle.chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("a part passes for the whole"),
            Err(_) => return,
        }
    }
}
