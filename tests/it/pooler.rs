//! A gateway behind PgBouncer: by session it works as without, by transaction it does not begin.

use crate::common::records::{SCHOOL, counts, small_school};
use crate::common::{Client, Folder, Gateway, eventually, program, skipped_on_given_database, so};
use diesel::{Connection, PgConnection};
use school_gateway::store::private::{Server, ServerSettings};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A PgBouncer in front of the PostgreSQL whose socket is in the folder; ended when dropped.
struct Pooler {
    child: Child,
    url: String,
}

impl Pooler {
    /// `None` where the system has no PgBouncer.
    async fn start(folder: &Path, mode: &str) -> Option<Self> {
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].into_iter().find(|path| Path::new(path).exists());
        let Some(program) = program else {
            println!("skipped: there is no pgbouncer");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = folder.join(format!("{mode}.ini"));
        let socket = folder.join("postgres");
        let text = format!(
            "[databases]\n* = host={} port=5432\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = any\npool_mode = {mode}\ndefault_pool_size = 60\nmax_client_conn = 200\n",
            socket.display()
        );
        // With any user's name, which is not passed on.
        let text = text.replace("port=5432\n", "port=5432 user=gateway\n");
        std::fs::write(&settings, text).unwrap();
        // It does not run as root; the socket belongs to whom PostgreSQL runs as.
        let owner = std::fs::metadata(&socket).unwrap();
        let mut command = Command::new("setpriv");
        let (user, group) = (std::os::unix::fs::MetadataExt::uid(&owner), std::os::unix::fs::MetadataExt::gid(&owner));
        command.args([&format!("--reuid={user}"), &format!("--regid={group}"), "--clear-groups", program]);
        let child = command.arg(&settings).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let pooler = Self { child: child.unwrap(), url: format!("postgresql://gateway@127.0.0.1:{port}/gateway") };
        eventually("the pooler", async || so(PgConnection::establish(&pooler.url).is_ok(), "no answer")).await;
        Some(pooler)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A PostgreSQL that others may reach, with its folder.
fn server() -> (Server, Folder) {
    let folder = Folder::new();
    std::fs::set_permissions(folder.folder(), std::fs::Permissions::from_mode(0o711)).unwrap();
    let server = Server::start(&folder.folder().join("postgres"), &ServerSettings { connections: 80, durable: false });
    (server.unwrap(), folder)
}

#[tokio::test]
async fn by_session_two_tenants_share_it_and_do_not_meet() {
    if skipped_on_given_database() {
        return;
    }
    let (_server, folder) = server();
    let Some(pooler) = Pooler::start(folder.folder(), "session").await else { return };
    let gateway = Gateway::at(&pooler.url, folder.folder(), &[]);
    let run = |arguments: &[&str]| {
        let output = program().args(arguments).args(["--database-url", &pooler.url]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    run(&["tenant", "create", "hai_phong"]);
    let mut tokens = Vec::new();
    for tenant in ["default", "hai_phong"] {
        let create = ["--tenant", tenant, "client", "create", "--name", "Test", "--kind", "school-software"];
        let client: Client = serde_json::from_slice(&run(&[&create[..], &["--school", SCHOOL]].concat())).unwrap();
        tokens.push(gateway.token(&client).await);
    }
    // In turns, so that connections change hands.
    for token in [&tokens[0], &tokens[1]] {
        assert_eq!(counts(&gateway.submit("", token, &small_school()).await.1), "created 11");
    }
    for token in tokens.iter().chain(&tokens) {
        assert_eq!(counts(&gateway.submit("", token, &small_school()).await.1), "unchanged 11");
    }
}

#[tokio::test]
async fn by_transaction_no_gateway_begins() {
    if skipped_on_given_database() {
        return;
    }
    let (_server, folder) = server();
    let Some(pooler) = Pooler::start(folder.folder(), "transaction").await else { return };
    for command in ["migrate", "serve"] {
        let output =
            program().args([command, "--listen", "127.0.0.1:0", "--database-url", &pooler.url]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains("pool_mode = session"), "{command}: {said}");
    }
    let direct = folder.folder().join("postgres").display().to_string();
    let mut connection = PgConnection::establish(&format!("host='{direct}' user=gateway dbname=gateway")).unwrap();
    assert!(!school_gateway::store::migrations::is_current(&mut connection).unwrap(), "something was written");
}
