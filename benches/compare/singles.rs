//! Single PUTs and GETs with 32 connections against pgbench with 32 clients.

use crate::rows;
use crate::server::Server;
use crate::{Result, line};
use futures_util::TryStreamExt;
use futures_util::stream::FuturesUnordered;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 32;
const THREADS: usize = 2;
/// How long one side runs before it is the other's turn: short, for a machine that others use as well is quick and slow
/// in turns of many seconds.
const SECONDS: u64 = 2;
/// Turns of each side in a repetition.
const TURNS: usize = 5;

const KEY: &str = "\\set n random(0, {last})
\\set school 30000 + :n / 600
\\set c :n % 15
\\set m random(40, 100)
";
const UPSERT: &str = "INSERT INTO reference_results AS t (school_code, school_year, period, student_code, subject_code, class_code, regular_marks, midterm_mark, final_mark, average)
VALUES ('313005' || lpad((:n / 600)::text, 2, '0'), '2025-2026', 'CK1', '31' || lpad(:n::text, 8, '0'), 'TOAN', '6A' || :c, ARRAY[8.0, 7.5, 6.0, 9.0]::numeric(3,1)[], :m / 10.0, 7.0, 7.0)
ON CONFLICT (school_code, school_year, period, student_code, subject_code) DO UPDATE SET class_code = EXCLUDED.class_code, regular_marks = EXCLUDED.regular_marks,
  midterm_mark = EXCLUDED.midterm_mark, final_mark = EXCLUDED.final_mark, average = EXCLUDED.average, changed_at = now()
WHERE (t.class_code, t.regular_marks, t.midterm_mark, t.final_mark, t.average) IS DISTINCT FROM
  (EXCLUDED.class_code, EXCLUDED.regular_marks, EXCLUDED.midterm_mark, EXCLUDED.final_mark, EXCLUDED.average);
";
const SELECT: &str = "SELECT * FROM reference_results WHERE school_code = '313005' || lpad((:n / 600)::text, 2, '0') AND school_year = '2025-2026' AND period = 'CK1'
  AND student_code = '31' || lpad(:n::text, 8, '0') AND subject_code = 'TOAN';
";

pub fn run(server: &Server, count: usize, repeat: usize) -> Result<()> {
    let pupils = count / 16;
    let key = KEY.replace("{last}", &(pupils - 1).to_string());
    let (mut puts, mut upserts, mut gets, mut selects) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..repeat {
        let (mut put, mut upsert, mut get, mut select) = (0.0, 0.0, 0.0, 0.0);
        for _ in 0..TURNS {
            server.settle()?;
            put += load(server, pupils, true)? / TURNS as f64;
            server.settle()?;
            upsert += server.pgbench(&format!("{key}{UPSERT}"), SECONDS as u32)? / TURNS as f64;
            get += load(server, pupils, false)? / TURNS as f64;
            select += server.pgbench(&format!("{key}{SELECT}"), SECONDS as u32)? / TURNS as f64;
        }
        puts.push(put);
        upserts.push(upsert);
        gets.push(get);
        selects.push(select);
    }
    println!("\n{:<34} {:>30} {:>30}", "32 connections, requests/s", "gateway", "pgbench");
    line("PUT one record", "/s", &puts, &upserts);
    line("GET one record", "/s", &gets, &selects);
    Ok(())
}

/// Requests a second that 32 connections get through, which two threads serve as pgbench's two threads do its clients.
pub fn load(server: &Server, pupils: usize, write: bool) -> Result<f64> {
    let (done, start) = (AtomicU64::new(0), Instant::now());
    let until = start + Duration::from_secs(SECONDS);
    let serve = |thread: usize| -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let numbers = (0..CONNECTIONS).filter(|number| number % THREADS == thread);
        let connections: FuturesUnordered<_> =
            numbers.map(|number| one(server, number, pupils, write, until, &done)).collect();
        runtime.block_on(connections.try_collect::<()>())
    };
    std::thread::scope(|threads| {
        let serve = &serve;
        let running: Vec<_> = (0..THREADS)
            .map(|thread| threads.spawn(move || serve(thread).map_err(|error| error.to_string())))
            .collect();
        running.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread failed".to_owned())?)
    })?;
    Ok(done.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}

async fn one(
    server: &Server,
    number: usize,
    pupils: usize,
    write: bool,
    until: Instant,
    done: &AtomicU64,
) -> Result<()> {
    let mut connection = Connection::open(&server.address).await?;
    let mut seed = 0x9e37_79b9_7f4a_7c15u64.wrapping_mul(number as u64 + 1);
    while Instant::now() < until {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let pupil = (seed >> 11) as usize % pupils;
        let mut row = rows::results_of(pupil, "TOAN");
        let (method, body) = if write {
            row.midterm = 40 + (seed % 61) as u32;
            ("PUT", row.data())
        } else {
            ("GET", String::new())
        };
        let head = server.head(method, &row.path());
        let request = format!("{head}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let (status, answer) = connection.send(request.as_bytes()).await?;
        if status != 200 {
            return Err(format!("{status} {}", String::from_utf8_lossy(answer)).into());
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// One of many connections that a thread serves: small requests and answers, one after the other.
struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(1 << 12) })
    }

    /// Status and body of the answer.
    async fn send(&mut self, request: &[u8]) -> Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        while self.stream.read_buf(&mut self.answer).await? > 0 {
            let mut headers = [httparse::EMPTY_HEADER; 32];
            let mut head = httparse::Response::new(&mut headers);
            let httparse::Status::Complete(begin) = head.parse(&self.answer)? else { continue };
            let length = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
            let length: usize = std::str::from_utf8(length.ok_or("an answer without length")?.value)?.parse()?;
            if self.answer.len() >= begin + length {
                return Ok((head.code.unwrap_or_default(), &self.answer[begin..]));
            }
        }
        Err("the connection was cut".into())
    }
}
