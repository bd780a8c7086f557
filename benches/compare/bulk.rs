//! Bulk pushes against the reference merge.

use crate::rows::{self, Result as Row};
use crate::server::Server;
use crate::{Result, line, spread};
use std::path::{Path, PathBuf};
use std::time::Instant;

const TABLES: &str = "
CREATE TABLE reference_results (school_code text NOT NULL, school_year text NOT NULL, period text NOT NULL, student_code text NOT NULL, subject_code text NOT NULL,
  class_code text NOT NULL, regular_marks numeric(3,1)[], midterm_mark numeric(3,1), final_mark numeric(3,1), average numeric(3,1),
  changed_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (school_code, school_year, period, student_code, subject_code));
CREATE INDEX ON reference_results (changed_at);
CREATE UNLOGGED TABLE reference_staging (LIKE reference_results);
ALTER TABLE reference_staging DROP COLUMN changed_at;";

const MERGE: &str = "
INSERT INTO reference_results AS t (school_code, school_year, period, student_code, subject_code, class_code, regular_marks, midterm_mark, final_mark, average)
SELECT school_code, school_year, period, student_code, subject_code, class_code, regular_marks, midterm_mark, final_mark, average FROM reference_staging
ON CONFLICT (school_code, school_year, period, student_code, subject_code) DO UPDATE SET class_code = EXCLUDED.class_code, regular_marks = EXCLUDED.regular_marks,
  midterm_mark = EXCLUDED.midterm_mark, final_mark = EXCLUDED.final_mark, average = EXCLUDED.average, changed_at = now()
WHERE (t.class_code, t.regular_marks, t.midterm_mark, t.final_mark, t.average) IS DISTINCT FROM
  (EXCLUDED.class_code, EXCLUDED.regular_marks, EXCLUDED.midterm_mark, EXCLUDED.final_mark, EXCLUDED.average);";

/// Rates of the four pushes, of one side.
#[derive(Default)]
struct Rates {
    first: Vec<f64>,
    unchanged: Vec<f64>,
    one_percent: Vec<f64>,
    all: Vec<f64>,
}

/// A version of the rows, as each side takes it.
struct Version {
    ndjson: Vec<u8>,
    copy: PathBuf,
}

fn version(server: &Server, name: &str, results: &[Row]) -> Result<Version> {
    let copy = server.folder().join(name);
    std::fs::write(&copy, rows::copy(results))?;
    Ok(Version { ndjson: rows::ndjson(results.iter()), copy })
}

/// The reference's tables, and schools, classes and pupils.
pub fn prepare(server: &Server, count: usize) -> Result<()> {
    server.psql(TABLES)?;
    server.push(rows::parents(count).as_bytes())?;
    Ok(())
}

/// The results on both sides, for what comes after.
pub fn fill(server: &Server, count: usize) -> Result<()> {
    let first = version(server, "first.tsv", &rows::results(count))?;
    server.push(&first.ndjson)?;
    merge(server, &first.copy)
}

pub fn run(server: &Server, count: usize, repeat: usize) -> Result<()> {
    let mut results = rows::results(count);
    let first = version(server, "first.tsv", &results)?;
    results.iter_mut().step_by(100).for_each(|result| result.midterm = (result.midterm + 7) % 101);
    let one_percent = version(server, "one-percent.tsv", &results)?;
    results.iter_mut().for_each(|result| result.r#final = (result.r#final + 5) % 101);
    let all = version(server, "all.tsv", &results)?;
    let (mut gateway, mut reference) = (Rates::default(), Rates::default());
    let (mut judging, mut judging_processor) = (Vec::new(), Vec::new());
    let mut judged = server.settle()?;
    for number in 0..repeat {
        server
            .psql("TRUNCATE subject_results, history, reference_results; CHECKPOINT;")
            .or_else(|_| server.psql("TRUNCATE subject_results, history, reference_results"))?;
        for (push, version) in [(0, &first), (1, &first), (2, &one_percent), (3, &all)] {
            // Who goes first changes with each repetition.
            for side in [number % 2, (number + 1) % 2] {
                let (idle, start) = (server.processor(), Instant::now());
                if side == 0 {
                    drop(server.push(&version.ndjson)?)
                } else {
                    merge(server, &version.copy)?
                };
                let (seconds, pushed) = (start.elapsed().as_secs_f64(), server.processor());
                let rates = if side == 0 { &mut gateway } else { &mut reference };
                [&mut rates.first, &mut rates.unchanged, &mut rates.one_percent, &mut rates.all][push]
                    .push(count as f64 / seconds);
                // The schools are judged as a whole after the push: not beside the other side, and for what it costs,
                // beside the push itself.
                let before = std::mem::replace(&mut judged, server.settle()?);
                if side == 0 && push == 0 {
                    judging.push((judged - before) / seconds);
                    judging_processor.push((server.processor() - pushed) / (pushed - idle));
                }
            }
        }
    }
    println!("{:<34} {:>30} {:>30}", "rows/s", "gateway", "reference merge");
    line("first push", "/s", &gateway.first, &reference.first);
    line("unchanged push", "/s", &gateway.unchanged, &reference.unchanged);
    line("1 % changed", "/s", &gateway.one_percent, &reference.one_percent);
    line("all changed", "/s", &gateway.all, &reference.all);
    let (time, processor) = (spread(&judging, ""), spread(&judging_processor, ""));
    println!(
        "judging the schools of the first push as a whole: {time} of the time of the push, {processor} of its processor time"
    );
    Ok(())
}

/// The reference: what a database administrator would write; the rows lie ready in a file of COPY's format.
fn merge(server: &Server, file: &Path) -> Result<()> {
    let script = format!(
        "BEGIN;\nTRUNCATE reference_staging;\n\\copy reference_staging from '{}'\n{MERGE}\nCOMMIT;\n",
        file.display()
    );
    server.script(&script)
}
