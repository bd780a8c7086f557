//! Pages of a list and the NDJSON export against `COPY … TO STDOUT`.

use crate::http::Connection;
use crate::server::Server;
use crate::{Result, line};
use std::time::Instant;

pub fn run(server: &Server, _count: usize, repeat: usize) -> Result<()> {
    let rows: f64 = server.psql("SELECT count(*) FROM subject_results")?.parse()?;
    let (mut exports, mut pages, mut copies) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..repeat {
        exports.push(rows / export(server)?);
        pages.push(list(server, 50)?);
        let start = Instant::now();
        server.script("\\copy subject_results to '/dev/null'\n")?;
        copies.push(rows / start.elapsed().as_secs_f64());
    }
    println!("\n{:<34} {:>30} {:>30}", "rows/s", "gateway", "COPY … TO STDOUT");
    line("NDJSON export", "/s", &exports, &copies);
    line("pages of 1,000", "/s", &pages, &copies);
    Ok(())
}

fn export(server: &Server) -> Result<f64> {
    let start = Instant::now();
    let head = format!("{}Accept: application/x-ndjson\r\n\r\n", server.head("GET", "/v1/subject-results"));
    match Connection::open(&server.address)?.send_to(head.as_bytes(), b"", &mut std::io::sink())? {
        200 => Ok(start.elapsed().as_secs_f64()),
        status => Err(format!("export: {status}").into()),
    }
}

/// Rows a second over the first pages of the whole list.
fn list(server: &Server, pages: usize) -> Result<f64> {
    let mut connection = Connection::open(&server.address)?;
    let (start, mut path, mut rows) = (Instant::now(), "/v1/subject-results?limit=1000".to_owned(), 0);
    for _ in 0..pages {
        let (status, body) = connection.send(format!("{}\r\n", server.head("GET", &path)).as_bytes(), b"")?;
        let page: serde_json::Value = serde_json::from_slice(&body)?;
        if status != 200 {
            return Err(format!("list: {status} {page}").into());
        }
        rows += page["items"].as_array().map_or(0, Vec::len);
        match page["nextCursor"].as_str() {
            Some(cursor) => path = format!("/v1/subject-results?limit=1000&cursor={cursor}"),
            None => break,
        }
    }
    Ok(rows as f64 / start.elapsed().as_secs_f64())
}
