//! The sample judged by the rules of the single record; what needs a database is judged in `tests/it/sample.rs`.
#![allow(clippy::unwrap_used)]

use crate::sample::*;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

fn plan(schools: u64, seed: u64) -> Plan {
    Plan { schools, seed, school_year: "2025-2026".parse().unwrap() }
}
fn text(schools: u64, seed: u64) -> String {
    crate::sample::schools(&plan(schools, seed)).map(|school| school.ndjson).collect()
}
fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(text(2, 1), text(2, 1));
    assert_ne!(text(1, 1), text(1, 2));
    assert!(text(3, 5).starts_with(&text(2, 5)), "further schools change nothing of the first ones");
}

#[test]
fn every_kind_of_school_has_some_nine_thousand_records_of_every_resource() {
    for school in crate::sample::schools(&plan(4, 1)) {
        assert!((8_000..=10_500).contains(&school.records), "{}: {}", school.name, school.records);
        assert_eq!(school.ndjson.lines().count() as u64, school.records);
        let mut counts = BTreeMap::new();
        for record in records(&school.ndjson) {
            *counts.entry(record["resource"].as_str().unwrap().to_owned()).or_insert(0) += 1;
        }
        let has_diplomas = !school.name.starts_with("Trường Tiểu học");
        assert_eq!(counts.len(), crate::model::ALL.len() - usize::from(!has_diplomas), "{counts:?}");
    }
}

#[test]
fn codes_and_numbers_of_two_samples_do_not_meet() {
    let (one, other) = (text(4, 1), text(4, 2));
    let mut seen = HashSet::new();
    for record in records(&one).iter().chain(&records(&other)) {
        let data = &record["data"];
        let code = match record["resource"].as_str().unwrap() {
            "schools" => &data["schoolCode"],
            "students" | "staff" => &data["citizenId"],
            "diplomas" => &data["diplomaNumber"],
            _ => continue,
        };
        assert!(seen.insert(code.to_string()), "{code} twice");
    }
}

#[test]
fn a_school_year_is_one_that_the_circulars_cover() {
    for wrong in ["2023-2024", "2025-2027", "2025", "2031-2032", "năm học"] {
        assert!(wrong.parse::<SampleYear>().is_err(), "{wrong}");
    }
    assert_eq!("2024-2025".parse::<SampleYear>().unwrap().to_string(), "2024-2025");
}
