//! The real program, on a free port.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use serde_json::Value;

use super::{TestClock, TestDatabase, Watchdog, waiting};

/// What `client create` answers.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    pub client_id: String,
    pub client_secret: String,
}

/// A running gateway; killed when dropped.
pub struct Gateway {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// Its database; none when it runs a private one.
    pub database: Option<Arc<TestDatabase>>,
    /// For requests of your own.
    pub http: reqwest::Client,
    child: Child,
    _output: BufReader<ChildStdout>,
    log: PathBuf,
    watchdog: Option<&'static Watchdog>,
}

/// The program, with nothing of the surroundings' settings.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_school-gateway"));
    for variable in [
        "DATABASE_URL",
        "DATABASE_URL_FILE",
        "DATA_DIR",
        "LISTEN",
        "PUBLIC_URL",
        "METRICS_LISTEN",
        "LOG_LEVEL",
        "LOG_FORMAT",
        "GATEWAY_URL",
        "CLIENT_ID",
        "CLIENT_SECRET",
        "CLIENT_SECRET_FILE",
    ] {
        command.env_remove(variable).env_remove(format!("SCHOOL_GATEWAY_{variable}"));
    }
    command
}

/// Sends a signal, such as `TERM`.
pub fn signal(name: &str, pid: u32) {
    let status = Command::new("/bin/sh").args(["-c", &format!("kill -{name} {pid}")]).status().unwrap();
    assert!(status.success(), "kill -{name} {pid}");
}

impl Gateway {
    /// On a database of its own.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// With more arguments to `serve`.
    pub fn start_with(arguments: &[&str]) -> Self {
        Self::on(Arc::new(TestDatabase::new()), arguments)
    }

    /// On the given database, which several gateways may share, one after the other or side by side.
    pub fn on(database: Arc<TestDatabase>, arguments: &[&str]) -> Self {
        Self::in_environment(database, &[], arguments)
    }

    /// The same by a clock that the test sets.
    pub fn by_clock(database: Arc<TestDatabase>, clock: &TestClock, arguments: &[&str]) -> Self {
        let file = clock.file();
        Self::in_environment(database, &[(school_gateway::clock::VARIABLE, file.to_str().unwrap())], arguments)
    }

    /// The same with environment variables.
    pub fn in_environment(database: Arc<TestDatabase>, variables: &[(&str, &str)], arguments: &[&str]) -> Self {
        let watchdog = database.watchdog();
        let mut command = program();
        command.envs(variables.iter().copied());
        command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", &database.url]).args(arguments);
        let mut gateway = Self::spawn(command, watchdog.folder());
        watchdog.started(gateway.child.id());
        gateway.watchdog = Some(watchdog);
        gateway.database = Some(database);
        gateway
    }

    /// On the private database in `data_dir`, whose [`Watchdog`] the caller keeps.
    pub fn private(data_dir: &Path, arguments: &[&str]) -> Self {
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data_dir).args(arguments);
        Self::spawn(command, data_dir.parent().unwrap())
    }

    /// On the database of this URL, which the caller keeps; its log goes to the folder, whose [`Watchdog`] the caller
    /// keeps too.
    pub fn at(url: &str, folder: &Path, arguments: &[&str]) -> Self {
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", url]).args(arguments);
        Self::spawn(command, folder)
    }

    fn spawn(mut command: Command, folder: &Path) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let log = folder.join(format!("gateway-{}.log", COUNT.fetch_add(1, Ordering::Relaxed)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let Some(url) = line.trim().strip_prefix("School Gateway listens on ") else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the gateway did not start: {line}{}", std::fs::read_to_string(&log).unwrap_or_default());
        };
        let http = school_gateway::store::outbound::builder(url).no_proxy().build().unwrap();
        Self { url: url.to_owned(), database: None, http, child, _output: output, log, watchdog: None }
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it logged so far, a line an event.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        self.wait();
    }

    /// SIGTERM, and how it ended.
    pub fn terminate(&mut self) -> ExitStatus {
        signal("TERM", self.pid());
        self.wait()
    }

    /// Waits for its end, which comes.
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + waiting::NEVER;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "the gateway does not end");
            std::thread::sleep(waiting::PAUSE);
        };
        if let Some(watchdog) = self.watchdog.take() {
            watchdog.ended(self.child.id());
        }
        status
    }

    /// The test's database.
    pub fn database(&self) -> &TestDatabase {
        self.database.as_deref().unwrap()
    }

    /// Runs another command of the program on the same database; returns its standard output.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = program().args(arguments).args(["--database-url", &self.database().url]).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Makes a client of `kind` with further arguments of `client create`.
    pub fn client(&self, kind: &str, arguments: &[&str]) -> Client {
        let output = self.run(&[&["client", "create", "--name", "Test", "--kind", kind], arguments].concat());
        serde_json::from_str(&output).unwrap_or_else(|error| panic!("client create answered {output:?}: {error}"))
    }

    /// An access token for the client.
    pub async fn token(&self, client: &Client) -> String {
        let request = self
            .http
            .post(format!("{}/oauth/token", self.url))
            .basic_auth(&client.client_id, Some(&client.client_secret));
        let form =
            request.header("content-type", "application/x-www-form-urlencoded").body("grant_type=client_credentials");
        let answer: Value = form.send().await.unwrap().json().await.unwrap();
        answer["access_token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
    }

    /// A token of a new client of `kind`, made with further arguments of `client create`.
    pub async fn token_for(&self, kind: &str, arguments: &[&str]) -> String {
        self.token(&self.client(kind, arguments)).await
    }

    /// A token of the software of a school.
    pub async fn software(&self, school: &str) -> String {
        self.token_for("school-software", &["--school", school]).await
    }

    /// A token of software that writes for every school.
    pub async fn software_of_all(&self) -> String {
        self.token_for("school-software", &["--all-schools"]).await
    }

    /// A request to `path` with the token (none when empty), to be completed and sent.
    pub fn request(&self, method: &str, path: &str, token: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.url));
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    /// GET: status and JSON body (null when it has none).
    pub async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        answer(self.request("GET", path, token)).await
    }

    /// PUT of a JSON body: status and JSON answer.
    pub async fn put(&self, path: &str, token: &str, body: &Value) -> (u16, Value) {
        answer(self.request("PUT", path, token).json(body)).await
    }

    /// DELETE: status and JSON answer.
    pub async fn delete(&self, path: &str, token: &str) -> (u16, Value) {
        answer(self.request("DELETE", path, token)).await
    }

    /// Pushes records `{"resource", "operation", "data"}` as NDJSON with `query` (such as `?mode=validate`): status and
    /// report.
    pub async fn submit(&self, query: &str, token: &str, records: &[Value]) -> (u16, Value) {
        let body: String = records.iter().map(|record| format!("{record}\n")).collect();
        let request = self.request("POST", &format!("/v1/submissions{query}"), token);
        answer(request.header("content-type", "application/x-ndjson").body(body)).await
    }
}

/// Sends the request: status and JSON body (null when it has none).
pub async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            self.kill();
        }
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(20).collect();
            eprintln!("the gateway's last words, newest first:\n{}", tail.join("\n"));
        }
    }
}
