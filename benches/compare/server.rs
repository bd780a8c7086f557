//! A gateway of the bench's own, its database, and a client of it.

use crate::Result;
use crate::http::Connection;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Schools that are to be judged again, and changes that nobody has looked at for that.
const UNJUDGED: &str = "SELECT (SELECT count(*) FROM recheck_queue) + (SELECT count(*) FROM change_blocks b, \
     change_consumers c WHERE c.name = 'recheck' AND (b.xid, b.id) > (c.xid, c.id))";

pub struct Server {
    process: Child,
    program: String,
    folder: PathBuf,
    pub address: String,
    metrics: String,
    pub token: String,
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_school-gateway");

impl Server {
    pub fn start() -> Result<Self> {
        Self::start_program(PROGRAM)
    }

    /// Starts this build of the program.
    pub fn start_program(program: &str) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("school-gateway-bench-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        let metrics = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let mut process = Command::new(program)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--rate-limit",
                "1000000",
                "--rate-burst",
                "1000000",
                "--log-level",
                "warn",
                "--metrics-listen",
                &metrics,
                "--data-dir",
            ])
            .arg(&folder)
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        let address = BufReader::new(output)
            .lines()
            .map_while(std::result::Result::ok)
            .find_map(|line| Some(line.rsplit_once("http://")?.1.to_owned()));
        let address = address.ok_or("the gateway did not start")?;
        let mut server = Self { process, program: program.to_owned(), folder, address, metrics, token: String::new() };
        server.token = server.new_token()?;
        Ok(server)
    }

    fn new_token(&self) -> Result<String> {
        let arguments =
            ["client", "create", "--name", "bench", "--kind", "school-software", "--all-schools", "--data-dir"];
        let made = Command::new(&self.program).args(arguments).arg(&self.folder).output()?;
        let client: serde_json::Value = serde_json::from_slice(&made.stdout)?;
        let text = |name: &str| client[name].as_str().unwrap_or_default().to_owned();
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            text("clientId"),
            text("clientSecret")
        );
        let head = format!(
            "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            form.len()
        );
        let (_, body) = Connection::open(&self.address)?.send(head.as_bytes(), form.as_bytes())?;
        let answer: serde_json::Value = serde_json::from_slice(&body)?;
        Ok(answer["access_token"].as_str().ok_or("no token")?.to_owned())
    }

    /// The head of a request of the bench's client, without length and end.
    pub fn head(&self, method: &str, path: &str) -> String {
        format!("{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n", self.token)
    }

    /// Pushes NDJSON as one submission and returns its counts.
    pub fn push(&self, body: &[u8]) -> Result<serde_json::Value> {
        self.push_as("application/x-ndjson", body)
    }

    /// Pushes a body of another form.
    pub fn push_as(&self, media: &str, body: &[u8]) -> Result<serde_json::Value> {
        let head = format!(
            "{}Content-Type: {media}\r\nContent-Length: {}\r\n\r\n",
            self.head("POST", "/v1/submissions"),
            body.len()
        );
        let (status, answer) = Connection::open(&self.address)?.send(head.as_bytes(), body)?;
        let report: serde_json::Value = serde_json::from_slice(&answer)?;
        if status != 200 || report["counts"]["rejected"] != 0 {
            return Err(format!("{status}: {} {}", report["counts"], report["issues"][0]).into());
        }
        Ok(report["counts"].clone())
    }

    fn tool(&self, name: &str) -> Command {
        let usual = PathBuf::from("/usr/lib/postgresql/15/bin").join(name);
        let mut command = Command::new(if usual.exists() { usual } else { name.into() });
        command.arg("-h").arg(self.folder.join("postgres")).args(["-U", "gateway"]);
        command
    }

    /// Runs SQL through psql; what it printed.
    pub fn psql(&self, sql: &str) -> Result<String> {
        let output = self.tool("psql").args(["-d", "gateway", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", sql]).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Runs a script of psql.
    pub fn script(&self, script: &str) -> Result<()> {
        let file = self.folder.join("script.sql");
        std::fs::write(&file, script)?;
        let status =
            self.tool("psql").args(["-d", "gateway", "-qX", "-v", "ON_ERROR_STOP=1", "-f"]).arg(&file).status()?;
        if status.success() { Ok(()) } else { Err("psql failed".into()) }
    }

    /// Transactions a second of a pgbench script with 32 clients.
    pub fn pgbench(&self, script: &str, seconds: u32) -> Result<f64> {
        let file = self.folder.join("pgbench.sql");
        std::fs::write(&file, script)?;
        let time = seconds.to_string();
        let output = self
            .tool("pgbench")
            .args(["-n", "-M", "prepared", "-c", "32", "-j", "2", "-T", &time, "-f"])
            .arg(&file)
            .arg("gateway")
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        rate.ok_or_else(|| format!("pgbench: {text} {}", String::from_utf8_lossy(&output.stderr)).into())
    }

    pub fn folder(&self) -> &PathBuf {
        &self.folder
    }

    /// Waits until every school that was written to has been judged as a whole, so that this work stands in no other
    /// figure. Seconds that the judging took in all.
    pub fn settle(&self) -> Result<f64> {
        while self.psql(UNJUDGED)? != "0" {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        self.metric("database_seconds_sum{what=\"findings\"}")
    }

    /// What a metric says, by the end of its name.
    pub fn metric(&self, name: &str) -> Result<f64> {
        let (status, metrics) =
            Connection::open(&self.metrics)?.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", b"")?;
        let metrics = String::from_utf8_lossy(&metrics);
        let line = metrics.lines().find_map(|line| line.strip_prefix("school_gateway_")?.strip_prefix(name));
        // Behind the labels, which earlier builds do not all have.
        let value = line.and_then(|rest| rest.rsplit(' ').next()?.parse().ok());
        value.ok_or_else(|| format!("{status}: no {name} in /metrics").into())
    }

    /// Seconds of processor time that the gateway and its PostgreSQL have taken.
    pub fn processor(&self) -> f64 {
        // Behind the name in brackets: state, parent, …; user and system time of the process, then of those of its
        // children that have ended, in hundredths.
        let numbers = |text: String| {
            Some(text.rsplit_once(") ")?.1.split(' ').map(|part| part.parse::<u64>().unwrap_or(0)).collect::<Vec<_>>())
        };
        let read = |entry: std::fs::DirEntry| {
            Some((
                entry.file_name().to_str()?.parse::<u64>().ok()?,
                numbers(std::fs::read_to_string(entry.path().join("stat")).ok()?)?,
            ))
        };
        let all: std::collections::HashMap<u64, Vec<u64>> =
            std::fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(read).collect();
        let own = u64::from(self.process.id());
        let is_own =
            |pid: &u64| std::iter::successors(Some(*pid), |pid| Some(all.get(pid)?[1])).take(16).any(|pid| pid == own);
        let ticks: u64 =
            all.iter().filter(|(pid, _)| is_own(pid)).map(|(_, numbers)| numbers[11..15].iter().sum::<u64>()).sum();
        ticks as f64 / 100.0
    }

    /// Peak resident memory in MB, of the gateway without PostgreSQL.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let peak =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().split(' ').next()?.parse::<u64>().ok());
        peak.unwrap_or_default() / 1024
    }
}

impl Server {
    /// Begins the peak anew.
    pub fn forget_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.process.id()), "5");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
