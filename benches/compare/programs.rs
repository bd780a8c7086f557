//! This program against another build of it, such as that of an earlier commit: `OTHER=/path/to/school-gateway`. Both
//! serve at once, each with a private PostgreSQL, and take turns.

use crate::rows;
use crate::server::Server;
use crate::singles::load;
use crate::{Result, line};
use std::time::{Duration, Instant};

const PUSHES: [&str; 4] = ["first push", "unchanged push", "1 % changed", "all changed"];
const REQUESTS: [(&str, bool); 2] = [("PUT one record", true), ("GET one record", false)];
/// Turns of each side in a repetition of requests.
const TURNS: usize = 3;

pub fn run(other: &str, count: usize, repeat: usize) -> Result<()> {
    let sides = [Server::start()?, Server::start_program(other)?];
    for server in &sides {
        server.push(rows::parents(count).as_bytes())?;
    }
    let mut results = rows::results(count);
    let first = rows::ndjson(results.iter());
    results.iter_mut().step_by(100).for_each(|result| result.midterm = (result.midterm + 7) % 101);
    let one_percent = rows::ndjson(results.iter());
    results.iter_mut().for_each(|result| result.r#final = (result.r#final + 5) % 101);
    let all = rows::ndjson(results.iter());
    let mut rates: Vec<[Vec<f64>; 2]> = PUSHES.iter().map(|_| Default::default()).collect();
    let mut requests: Vec<[Vec<f64>; 2]> = REQUESTS.iter().map(|_| Default::default()).collect();
    for number in 0..repeat {
        for server in &sides {
            quiet(server)?;
            server.psql("TRUNCATE subject_results, history")?;
        }
        for (rates, body) in rates.iter_mut().zip([&first, &first, &one_percent, &all]) {
            // Who goes first changes with each repetition.
            for side in [number % 2, (number + 1) % 2] {
                let start = Instant::now();
                sides[side].push(body)?;
                rates[side].push(count as f64 / start.elapsed().as_secs_f64());
                quiet(&sides[side])?;
            }
        }
        for (requests, (_, write)) in requests.iter_mut().zip(REQUESTS) {
            for turn in 0..TURNS {
                for side in [(number + turn) % 2, (number + turn + 1) % 2] {
                    requests[side].push(load(&sides[side], count / 16, write)?);
                    quiet(&sides[side])?;
                }
            }
        }
    }
    println!("{:<34} {:>30} {:>30}", "a second", "this program", "the other");
    for (name, [own, other]) in PUSHES.iter().zip(&rates) {
        line(name, "/s", own, other);
    }
    for ((name, _), [own, other]) in REQUESTS.iter().zip(&requests) {
        line(name, "/s", own, other);
    }
    Ok(())
}

/// Waits until no school has been due for a while, as the metrics of both programs say it.
fn quiet(server: &Server) -> Result<()> {
    let mut looks = 0;
    while looks < 4 {
        std::thread::sleep(Duration::from_millis(700));
        looks = if server.metric("findings_due_schools")? == 0.0 { looks + 1 } else { 0 };
    }
    Ok(())
}
