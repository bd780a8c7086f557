//! The gateway against what PostgreSQL does by itself, side by side in one run: `cargo bench --bench compare`.
//!
//! Starts its own gateway with its own private PostgreSQL (fsync on), and measures in turn
//! - bulk pushes of subject results against the reference merge (COPY into unlogged staging, then INSERT … ON CONFLICT
//!   … DO UPDATE … WHERE distinct; no feed, no
//!   history, no validation) run through psql on the same rows and cluster,
//! - single PUTs with 32 connections against pgbench doing the same upsert with 32 clients, and GETs by key against
//!   pgbench's select,
//! - workbooks of 12,000 results against the same as NDJSON, and the memory that a workbook of 100 MB takes (with
//!   `ONLY=sheets`),
//! - pages of a list and the NDJSON export against `COPY … TO STDOUT`.
//!
//! With `OTHER=/path/to/school-gateway` it measures itself against that build instead, both in turns.
//!
//! `ROWS` (300000), `REPEAT` (3) and `ONLY` (`bulk`, `singles`, `reads`, `sheets`; the first three) can be set in the
//! environment. Read ratios, not rates: the machine's noise is in both halves of each.

mod bulk;
mod http;
mod programs;
mod reads;
mod rows;
mod server;
mod sheets;
mod singles;

use server::Server;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() -> Result<()> {
    let (rows, repeat) = (setting("ROWS", 300_000), setting("REPEAT", 3));
    if let Ok(other) = std::env::var("OTHER") {
        return programs::run(&other, rows, repeat);
    }
    let server = Server::start()?;
    println!("{rows} subject results, {repeat} repetitions; median (lowest – highest)\n");
    let only = std::env::var("ONLY").unwrap_or_default();
    bulk::prepare(&server, rows)?;
    if ["", "bulk"].contains(&only.as_str()) {
        bulk::run(&server, rows, repeat)?;
    } else {
        bulk::fill(&server, rows)?;
    }
    if ["", "singles"].contains(&only.as_str()) {
        singles::run(&server, rows, repeat)?;
    }
    if ["", "reads"].contains(&only.as_str()) {
        reads::run(&server, rows, repeat)?;
    }
    if only == "sheets" {
        return sheets::run(&server, rows, repeat);
    }
    println!("\npeak resident memory of the gateway: {} MB", server.peak_memory());
    Ok(())
}

/// One line of the result: the gateway's rates, the reference's, and the ratio of each pair.
fn line(what: &str, unit: &str, gateway: &[f64], reference: &[f64]) {
    let ratios: Vec<f64> = gateway.iter().zip(reference).map(|(gateway, reference)| gateway / reference).collect();
    println!("{what:<34} {:>30} {:>30}   × {}", spread(gateway, unit), spread(reference, unit), spread(&ratios, ""));
}

fn spread(values: &[f64], unit: &str) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let show = |value: f64| if value >= 1000.0 { format!("{:.1}k", value / 1000.0) } else { format!("{value:.2}") };
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    let (low, high) = (sorted.first().copied().unwrap_or_default(), sorted.last().copied().unwrap_or_default());
    format!("{}{unit} ({}–{})", show(median), show(low), show(high))
}
