//! A PostgreSQL of the gateway's own: made from the installed binaries, reached through a socket in its closed data
//! folder only.

mod binaries;
mod identity;

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::ErrorKind,
    os::{
        fd::AsRawFd,
        unix::fs::{DirBuilderExt, PermissionsExt},
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use diesel::{Connection, PgConnection};

use crate::config::Secret;
use crate::error::{Error, INTERNAL, Result};
use crate::store::private::binaries::Binaries;
use crate::store::private::identity::FolderOwner;

/// The only role and the database of a private PostgreSQL.
const NAME: &str = "gateway";
/// A socket's path may have 107 bytes; `/.s.PGSQL.5432` takes the last 14.
const LONGEST_SOCKET_FOLDER: usize = 107 - 14;
const START_LIMIT: Duration = Duration::from_secs(120);
const LARGEST_LOG: u64 = 10 * 1024 * 1024;

/// How a private PostgreSQL is to run.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Connections it allows.
    pub connections: u32,
    /// Whether commits survive a power cut. Only tests say no.
    pub durable: bool,
}

/// A running private PostgreSQL, stopped when this is dropped.
#[derive(Debug)]
pub struct Server {
    binaries: Binaries,
    owner: FolderOwner,
    child: Child,
    address: SocketAddress,
}

/// The way to the socket of the PostgreSQL in one data folder.
#[derive(Debug)]
pub struct SocketAddress {
    host: String,
    /// Keeps a folder open whose path is too long for a socket.
    _folder: Option<File>,
}

impl SocketAddress {
    /// The address of the PostgreSQL whose data are in `folder`, whether it runs or not.
    pub fn of(folder: &Path) -> Result<Self> {
        let path = folder.canonicalize().map_err(|error| fault("find", folder, &error))?;
        if path.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
            return Ok(Self { host: path.display().to_string(), _folder: None });
        }
        let open = File::open(&path).map_err(|error| fault("open", &path, &error))?;
        let host = format!("/proc/self/fd/{}", open.as_raw_fd());
        if !Path::new(&host).exists() {
            let sentence = format!(
                "The path {} is too long for a socket: choose a shorter folder with --data-dir.",
                path.display()
            );
            return Err(Error::for_operator(INTERNAL, sentence));
        }
        Ok(Self { host, _folder: Some(open) })
    }

    /// The connection string for one of its databases. It holds no secret: who may enter the folder may connect.
    pub fn url(&self, database: &str) -> Secret {
        let host = self.host.replace('\\', r"\\").replace('\'', r"\'");
        Secret::new(format!("host='{host}' port=5432 user={NAME} dbname={database}"))
    }

    /// The gateway's own database.
    pub fn gateway(&self) -> Secret {
        self.url(NAME)
    }

    /// Is the gateway's own database there? At the very first start PostgreSQL takes connections a moment earlier.
    pub fn has_database(&self) -> bool {
        PgConnection::establish(self.gateway().reveal()).is_ok()
    }

    /// Does it take connections?
    pub fn answers(&self) -> bool {
        PgConnection::establish(self.url("postgres").reveal()).is_ok()
    }
}

impl Server {
    /// Starts the PostgreSQL in `folder`, making the folder and its database first when they are not there. The caller
    /// holds the data folder's lock, so one that still runs was left by a gateway that was killed; it is stopped first.
    pub fn start(folder: &Path, settings: &ServerSettings) -> Result<Self> {
        let binaries = Binaries::find()?;
        if !is_made(folder) {
            create(&binaries, folder, settings.durable)?;
        }
        let owner = FolderOwner::of(folder)?;
        let address = SocketAddress::of(folder)?;
        clear_leftover(&binaries, &owner, folder)?;
        let child = launch(&binaries, &owner, folder, settings)?;
        let mut server = Self { binaries, owner, child, address };
        server.wait_until_ready(folder)?;
        server.create_database()?;
        Ok(server)
    }

    /// The way to it.
    pub fn address(&self) -> &SocketAddress {
        &self.address
    }

    fn wait_until_ready(&mut self, folder: &Path) -> Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        while !self.address.answers() {
            let ended = self.child.try_wait().map_err(Error::internal)?.is_some();
            if ended || Instant::now() > deadline {
                return Err(Error::for_operator(
                    INTERNAL,
                    format!("The private PostgreSQL does not start: {}", last_words(&log_path(folder))),
                ));
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn create_database(&self) -> Result<()> {
        if self.address.has_database() {
            return Ok(());
        }
        let mut connection = crate::store::migrations::connect(self.address.url("postgres").reveal())?;
        diesel::RunQueryDsl::execute(diesel::sql_query(format!("CREATE DATABASE {NAME}")), &mut connection)?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        if stop(&self.binaries, &self.owner).is_err() {
            tracing::error!(
                "the private PostgreSQL did not stop in good order; it is killed, and recovers at its next start"
            );
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// Makes the cluster aside and moves it into place, so that a half-made one is never taken for whole.
/// Is there a database cluster in `folder`?
pub fn is_made(folder: &Path) -> bool {
    folder.join("PG_VERSION").exists()
}

fn create(binaries: &Binaries, folder: &Path, durable: bool) -> Result<()> {
    let draft = folder.with_extension("new");
    if draft.exists() {
        fs::remove_dir_all(&draft).map_err(|error| fault("clear", &draft, &error))?;
    }
    closed_folder(&draft)?;
    let owner = FolderOwner::of(&draft)?;
    // Not every system has C.UTF-8; the gateway needs neither.
    if let Err(first) = initialise(binaries, &owner, "C.UTF-8", durable) {
        tracing::debug!(reason = first.detail(), "no locale C.UTF-8");
        initialise(binaries, &owner, "C", durable)?;
    }
    fs::rename(&draft, folder).map_err(|error| fault("move into place", folder, &error))
}

fn initialise(binaries: &Binaries, owner: &FolderOwner, locale: &str, durable: bool) -> Result<()> {
    let mut command = owner.command(&binaries.program("initdb"))?;
    command.args(["--username", NAME, "--auth=trust", "--encoding=UTF8", "--locale", locale, "--no-instructions"]);
    if !durable {
        command.arg("--no-sync");
    }
    run(command, "create its data folder")
}

/// A folder that only its owner enters.
pub fn closed_folder(folder: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| fault("create", folder, &error))?;
    Ok(())
}

fn clear_leftover(binaries: &Binaries, owner: &FolderOwner, folder: &Path) -> Result<()> {
    let Ok(text) = fs::read_to_string(folder.join("postmaster.pid")) else { return Ok(()) };
    let pid = text.lines().next().and_then(|line| line.trim().parse::<u32>().ok());
    if pid.is_some_and(|pid| works_in(pid, folder)) {
        tracing::warn!("a PostgreSQL left by a killed gateway still runs; it is stopped first");
        return stop(binaries, owner);
    }
    // The number may meanwhile belong to any other process, before which PostgreSQL would stand back.
    for name in ["postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432"] {
        match fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(fault("clear", &folder.join(name), &error));
            }
            _ => (),
        }
    }
    Ok(())
}

/// Is the process `pid` a PostgreSQL at work in `folder`?
fn works_in(pid: u32, folder: &Path) -> bool {
    if Path::new("/proc/self/cwd").exists() {
        let folder = folder.canonicalize().ok();
        return folder.is_some() && fs::read_link(format!("/proc/{pid}/cwd")).ok() == folder;
    }
    let listed = Command::new("ps").args(["-o", "command=", "-p", &pid.to_string()]).output();
    listed.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("postgres"))
}

fn launch(binaries: &Binaries, owner: &FolderOwner, folder: &Path, settings: &ServerSettings) -> Result<Child> {
    let log = open_log(folder)?;
    let errors = log.try_clone().map_err(|error| fault("open", folder, &error))?;
    let mut command = owner.command(&binaries.program("postgres"))?;
    command.args(options(settings).iter().flat_map(|option| ["-c", option]));
    command.stdout(log).stderr(errors);
    command.spawn().map_err(|error| Error::for_operator(INTERNAL, format!("PostgreSQL cannot be started: {error}.")))
}

fn options(settings: &ServerSettings) -> Vec<String> {
    let connections = format!("max_connections={}", settings.connections);
    let mut options: Vec<String> = FIXED_OPTIONS.iter().map(ToString::to_string).collect();
    options.push(connections);
    if !settings.durable {
        options.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(String::from));
    }
    options
}

/// The socket stands in the data folder itself, which is closed to all others. Messages carry neither statements nor
/// values of rows: they may be children's data.
const FIXED_OPTIONS: &[&str] = &[
    "listen_addresses=",
    "port=5432",
    "unix_socket_directories=.",
    "unix_socket_permissions=0700",
    "shared_buffers=256MB",
    "max_wal_size=4GB",
    "wal_compression=on",
    "checkpoint_timeout=15min",
    "random_page_cost=1.1",
    "log_min_messages=warning",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_checkpoints=off",
    "logging_collector=off",
    "log_destination=stderr",
];

fn log_path(folder: &Path) -> PathBuf {
    folder.with_extension("log")
}

fn open_log(folder: &Path) -> Result<File> {
    let path = log_path(folder);
    let fresh = fs::metadata(&path).is_ok_and(|metadata| metadata.len() > LARGEST_LOG);
    let opened = OpenOptions::new().create(true).write(true).append(!fresh).truncate(fresh).open(&path);
    let file = opened.map_err(|error| fault("write", &path, &error))?;
    file.set_permissions(fs::Permissions::from_mode(0o600)).map_err(|error| fault("write", &path, &error))?;
    Ok(file)
}

/// Fast shutdown; after a minute the immediate one, from which PostgreSQL recovers at its next start.
fn stop(binaries: &Binaries, owner: &FolderOwner) -> Result<()> {
    let attempt = |mode: &str| {
        let mut command = owner.command(&binaries.program("pg_ctl"))?;
        command.args(["stop", "--wait", "--timeout=60", "--silent", "--mode", mode]);
        run(command, "stop")
    };
    attempt("fast").or_else(|_| attempt("immediate"))
}

fn run(mut command: Command, purpose: &str) -> Result<()> {
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output();
    let output =
        output.map_err(|error| Error::for_operator(INTERNAL, format!("PostgreSQL cannot {purpose}: {error}.")))?;
    if output.status.success() {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(Error::for_operator(
        INTERNAL,
        format!("PostgreSQL cannot {purpose}: {}", reason.lines().next().unwrap_or("no reason given")),
    ))
}

fn last_words(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let line = text.lines().rev().find(|line| line.contains("FATAL") || line.contains("ERROR")).or(text.lines().last());
    format!("{} (its log: {}).", line.unwrap_or("it gives no reason"), log.display())
}

fn fault(what: &str, path: &Path, error: &std::io::Error) -> Error {
    Error::for_operator(
        INTERNAL,
        format!("The gateway cannot {what} {}: {error}. Another folder can be chosen with --data-dir.", path.display()),
    )
}
