//! Clean schools that somebody else's generator made, from the specification alone: nothing is rejected, waits, or is
//! warned of.
#![allow(clippy::manual_is_multiple_of)]

mod buildings;
mod dice;
mod names;
mod primary;
mod pupils;
mod school;
mod secondary;
mod staff;
mod subjects;

use self::school::World;
use crate::common::{Gateway, answer};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The communes that the schools name: those of before July 2025, and those since.
const UNITS: &str = "code,name,level,parent,valid_from,valid_to,successor_codes
30,Tỉnh Hải Dương,province,VN,,2025-06-30,31
31,Thành phố Hải Phòng,province,VN,,,
288,Thành phố Hải Dương,district,30,,2025-06-30,
303,Quận Hồng Bàng,district,31,,2025-06-30,
10507,Phường Cẩm Thượng,commune,288,,2025-06-30,10507
10525,Phường Trần Hưng Đạo,commune,288,,2025-06-30,10525
11302,Phường Sở Dầu,commune,303,,2025-06-30,11311
11359,Phường Đằng Giang,commune,303,,2025-06-30,11359
11383,Phường Trần Nguyên Hãn,commune,303,,2025-06-30,11383
10507,Phường Thành Đông,commune,31,2025-07-01,,
10525,Phường Hải Dương,commune,31,2025-07-01,,
11311,Phường Hồng Bàng,commune,31,2025-07-01,,
11329,Phường Ngô Quyền,commune,31,2025-07-01,,
11359,Phường Gia Viên,commune,31,2025-07-01,,
11383,Phường Lê Chân,commune,31,2025-07-01,,
";

/// So many at a time are pushed.
const TOGETHER: usize = 10;

fn schools(world: &mut World, numbers: std::ops::Range<usize>) -> Vec<Value> {
    for number in numbers {
        school::add(world, number, number % 33 == 5);
    }
    let people = std::mem::take(&mut world.people);
    people.into_values().for_each(|data| world.put("students", data));
    std::mem::take(&mut world.records)
}

async fn push(gateway: &Gateway, token: &str, records: &[Value]) -> Value {
    let body: String = records.iter().map(|record| format!("{record}\n")).collect();
    let request = gateway.request("POST", "/v1/submissions", token).header("content-type", "application/x-ndjson");
    let (_, report) = answer(request.header("prefer", "respond-async").body(body)).await;
    let path = format!("/v1/submissions/{}", report["id"].as_str().unwrap_or_else(|| panic!("{report}")));
    gateway.finished(token, &path).await
}

/// How often each warning and error was told, with one that shows it.
async fn told(gateway: &Gateway, token: &str, report: &Value, records: &[Value]) -> Vec<String> {
    let mut all: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    let mut next = format!("{}?limit=1000", report["links"]["issues"].as_str().unwrap());
    loop {
        let (_, page) = gateway.get(&next, token).await;
        for issue in page["items"].as_array().unwrap().iter().filter(|issue| issue["severity"] != "info") {
            let entry =
                all.entry(format!("{} {} {}", issue["severity"], issue["code"], issue["resource"])).or_default();
            entry.0 += 1;
            if entry.1.len() < 3 {
                entry.1.push(format!(
                    "{} {} {}",
                    issue["pointer"],
                    issue["message"],
                    records[issue["index"].as_u64().unwrap() as usize]
                ));
            }
        }
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        next = format!("{}?limit=1000&cursor={cursor}", report["links"]["issues"].as_str().unwrap());
    }
    all.into_iter().map(|(name, (count, examples))| format!("{name} × {count}\n  {}", examples.join("\n  "))).collect()
}

async fn findings(gateway: &Gateway) -> Vec<String> {
    gateway.database().judged().await;
    let staff = gateway.token_for("sector-staff", &["--all-schools"]).await;
    let (_, page) = gateway.get("/v1/findings?status=all&limit=1000", &staff).await;
    let line = |item: &Value| format!("{} {} {}", item["code"], item["key"], item["message"]);
    page["items"].as_array().unwrap().iter().map(line).collect()
}

/// Taken whole, each record with this outcome, and without a word.
async fn expect(gateway: &Gateway, token: &str, records: &[Value], outcome: &str) {
    let report = push(gateway, token, records).await;
    let told = told(gateway, token, &report, records).await;
    let mut expected = json!({ "received": records.len() });
    expected[outcome] = json!(records.len());
    let counts = report["counts"].as_object().unwrap();
    let others: BTreeMap<&String, &Value> =
        counts.iter().filter(|(name, count)| **count != *expected.get(name.as_str()).unwrap_or(&json!(0))).collect();
    assert!(others.is_empty() && told.is_empty(), "{others:?} of {}\n{}", records.len(), told.join("\n"));
}

/// A gateway that knows the communes, and a client's token.
async fn gateway() -> (Gateway, String) {
    let gateway = Gateway::start_with(&["--rate-limit", "100000", "--rate-burst", "100000"]);
    let folder = crate::common::Folder::new();
    let file = folder.folder().join("admin-units-30-31.csv");
    std::fs::write(&file, UNITS).unwrap();
    gateway.run(&["reference", "load", file.to_str().unwrap()]);
    let token = gateway.software_of_all().await;
    (gateway, token)
}

#[tokio::test]
async fn a_hundred_clean_schools_are_taken_without_a_word() {
    let (gateway, token) = gateway().await;
    let mut world = World::new(20_260_901);
    for first in (0..100).step_by(TOGETHER) {
        let mut records = schools(&mut world, first..first + TOGETHER);
        world.dice.shuffle(&mut records);
        expect(&gateway, &token, &records, "created").await;
        world.dice.shuffle(&mut records);
        expect(&gateway, &token, &records, "unchanged").await;
    }
    assert_eq!(findings(&gateway).await, [""; 0]);
}

#[tokio::test]
async fn parents_before_children_or_after_them() {
    let (gateway, token) = gateway().await;
    let mut world = World::new(7);
    let place = |record: &Value| crate::common::records::ordered().position(|spec| record["resource"] == spec.name);
    for first in (0..20).step_by(TOGETHER) {
        let mut records = schools(&mut world, first..first + TOGETHER);
        records.sort_by_key(place);
        expect(&gateway, &token, &records, "created").await;
    }
    let mut records = schools(&mut world, 20..20 + TOGETHER);
    records.sort_by_key(|record| std::cmp::Reverse(place(record)));
    expect(&gateway, &token, &records, "created").await;
    assert_eq!(findings(&gateway).await, [""; 0]);
}
