//! Workbooks against the same records as NDJSON, and what a large one takes.

use crate::rows::{self, Result as Row};
use crate::server::Server;
use crate::{Result, line};
use rust_xlsxwriter::Workbook;
use std::time::Instant;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// A school of 1,000 pupils in a term.
const RESULTS: usize = 12_000;
/// Rows of the large workbook: as many as make 100 MB with the texts below.
const LARGE: usize = 1_040_000;
const HEADINGS: [&str; 14] = [
    "Mã trường",
    "Năm học",
    "Kỳ",
    "Mã học sinh",
    "Mã môn học",
    "Mã lớp",
    "ĐĐGtx 1",
    "ĐĐGtx 2",
    "ĐĐGtx 3",
    "ĐĐGtx 4",
    "ĐĐGgk",
    "ĐĐGck",
    "ĐTBmhk",
    "Nhận xét",
];

/// `texts`: every row gets a remark that hardly compresses.
fn workbook(results: &[Row], texts: bool) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name("Kết quả môn học")?;
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write_string(0, column, heading)?;
    }
    let mut seed = 0x9E37_79B9_7F4A_7C15u64;
    for (row, result) in (1..).zip(results) {
        let codes =
            [result.school.as_str(), "2025-2026", result.period, &result.student, result.subject, &result.class];
        for (column, code) in (0..).zip(codes) {
            sheet.write_string(row, column, code)?;
        }
        for (column, mark) in (6..).zip(&result.regular) {
            sheet.write_number(row, column, f64::from(*mark) / 10.0)?;
        }
        for (column, mark) in (10..).zip([result.midterm, result.r#final, result.average()]) {
            sheet.write_number(row, column, f64::from(mark) / 10.0)?;
        }
        if texts {
            let remark: String = (0..64)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    char::from(b'a' + (seed >> 40) as u8 % 26)
                })
                .collect();
            sheet.write_string(row, 13, remark)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

pub fn run(server: &Server, prepared: usize, repeat: usize) -> Result<()> {
    let count = RESULTS.min(prepared);
    let results = rows::results(count);
    let (ndjson, sheet) = (rows::ndjson(results.iter()), workbook(&results, false)?);
    let (mut sheets, mut lines) = (Vec::new(), Vec::new());
    for number in 0..repeat.max(3) {
        for side in [number % 2, (number + 1) % 2] {
            server.psql("TRUNCATE subject_results, history")?;
            let start = Instant::now();
            let counts = if side == 0 { server.push_as(XLSX, &sheet)? } else { server.push(&ndjson)? };
            let rate = count as f64 / start.elapsed().as_secs_f64();
            assert_eq!(counts["created"], count, "{counts}");
            if side == 0 { &mut sheets } else { &mut lines }.push(rate);
        }
    }
    println!("{:<34} {:>30} {:>30}", "rows/s", "workbook", "NDJSON");
    line(&format!("{count} results, {} kB as XLSX", sheet.len() / 1000), "/s", &sheets, &lines);
    large(server)
}

/// The memory of the gateway while it takes in a workbook of 100 MB.
fn large(server: &Server) -> Result<()> {
    server.push(rows::parents(LARGE).as_bytes())?;
    let sheet = workbook(&rows::results(LARGE), true)?;
    server.forget_peak();
    let start = Instant::now();
    let counts = server.push_as(XLSX, &sheet)?;
    println!(
        "a workbook of {} MB, {LARGE} results: {:.0} s, {}; peak resident memory of the gateway {} MB",
        sheet.len() / 1_000_000,
        start.elapsed().as_secs_f64(),
        counts,
        server.peak_memory()
    );
    Ok(())
}
