//! The sample schools, compressed as they will be sent.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::sample;
use crate::sample::{Plan, SampleYear, SchoolRecords};

/// The same schools in every demonstration.
const SEED: u64 = 1;

/// A school, ready to be sent.
#[derive(Debug)]
pub struct PreparedSchool {
    /// Eight digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many records.
    pub records: u64,
    /// How many of them are subject results.
    pub results: u64,
    /// NDJSON, compressed.
    pub gzip: Vec<u8>,
    /// One of its students, as sent.
    pub student: Value,
}

/// Invents and packs them.
pub fn schools(count: u64) -> Result<Vec<PreparedSchool>> {
    let school_year: SampleYear = sample::DEFAULT_YEAR.parse().map_err(Error::internal)?;
    sample::schools(&Plan { schools: count, seed: SEED, school_year }).map(pack).collect()
}

fn pack(school: SchoolRecords) -> Result<PreparedSchool> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(school.ndjson.as_bytes()).map_err(Error::internal)?;
    let of = |resource: &str| format!("{{\"resource\":\"{resource}\"");
    let (students, results) = (of("students"), of("subject-results"));
    let student = school.ndjson.lines().find(|line| line.starts_with(&students)).unwrap_or("null");
    Ok(PreparedSchool {
        records: school.records,
        results: school.ndjson.lines().filter(|line| line.starts_with(&results)).count() as u64,
        student: serde_json::from_str(student).map_err(Error::internal)?,
        gzip: encoder.finish().map_err(Error::internal)?,
        code: school.code,
        name: school.name,
    })
}
