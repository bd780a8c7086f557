//! The primary is killed in mid-push and its synchronous standby takes its place: the gateway finds it by itself, and
//! nothing that was acknowledged is lost.

use crate::common::records::{SCHOOL, counts, example, path, pupils, roomy_school, with};
use crate::common::{Folder, Gateway, answer, eventually, signal, skipped_on_given_database, so};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use school_gateway::store::private::{Server, ServerSettings};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

const SETTINGS: ServerSettings = ServerSettings { connections: 60, durable: true };
const PUPILS: usize = 2_000;

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    answer: String,
}

/// Runs a query of one text in the database of this URL.
fn ask(url: &str, query: &str) -> String {
    let mut connection = PgConnection::establish(url).unwrap();
    let rows: Vec<Answer> = sql_query(format!("SELECT ({query})::text AS answer")).load(&mut connection).unwrap();
    rows.into_iter().map(|row| row.answer).collect()
}

fn execute(url: &str, statement: &str) {
    sql_query(statement).execute(&mut PgConnection::establish(url).unwrap()).unwrap();
}

/// Every process of the PostgreSQL in the folder, with its program.
fn processes(folder: &Path) -> Vec<(u32, PathBuf)> {
    let folder = folder.canonicalize().unwrap();
    let ids = std::fs::read_dir("/proc").unwrap().flatten();
    let ids = ids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|pid| std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == folder))
        .filter_map(|pid| Some((pid, std::fs::read_link(format!("/proc/{pid}/exe")).ok()?)))
        .collect()
}

/// A copy of the running primary that follows it; `None` where the system lacks the program that makes one.
fn standby(primary: &Path, url: &str) -> Option<Server> {
    let copier = processes(primary)[0].1.with_file_name("pg_basebackup");
    if !copier.exists() {
        println!("skipped: there is no {}", copier.display());
        return None;
    }
    let folder = primary.with_file_name("standby");
    let options = ["--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream", "--pgdata"];
    let copied = Command::new(copier).args(options).arg(&folder).args(["--dbname", url]).status().unwrap();
    assert!(copied.success(), "pg_basebackup");
    // The mark of the primary's socket, which stands in its folder.
    std::fs::remove_file(folder.join(".s.PGSQL.5432.lock")).unwrap();
    // Run by root, it belongs to root.
    let owned = Command::new("chown").args(["-R", "--reference"]).args([primary, &folder]).status().unwrap();
    assert!(owned.success(), "chown");
    Some(Server::start(&folder, &SETTINGS).unwrap())
}

/// Two servers of which the second stands by, and a gateway that knows both.
struct Pair {
    gateway: Gateway,
    token: String,
    /// URL of the second.
    standby: String,
    /// Folder of the first.
    primary: PathBuf,
    servers: [Server; 2],
    _folder: Folder,
}

impl Pair {
    async fn start() -> Option<Self> {
        let folder = Folder::new();
        // Run by root, PostgreSQL has another identity, and the standby has to walk to the socket of the primary.
        std::fs::set_permissions(folder.folder(), std::fs::Permissions::from_mode(0o711)).unwrap();
        let primary = folder.folder().join("primary");
        let first = Server::start(&primary, &SETTINGS).unwrap();
        let url = first.address().gateway().reveal().to_owned();
        let second = standby(&primary, &url)?;
        execute(&url, "ALTER SYSTEM SET synchronous_standby_names = '*'");
        execute(&url, "SELECT pg_reload_conf()");
        let state = "SELECT string_agg(sync_state, ' ') FROM pg_stat_replication";
        eventually("a synchronous standby", async || {
            so(ask(&url, &format!("SELECT coalesce(({state}), '')")) == "sync", state)
        })
        .await;
        let hosts = ["primary", "standby"].map(|name| folder.folder().join(name).display().to_string());
        let both = format!(
            "host='{}' port=5432,5432 user=gateway dbname=gateway target_session_attrs=read-write",
            hosts.join(",")
        );
        let gateway = Gateway::at(&both, folder.folder(), &[]);
        let create = ["client", "create", "--name", "Test", "--kind", "school-software", "--school", SCHOOL];
        let output = crate::common::program().args(create).args(["--database-url", &both]).output().unwrap();
        let token = gateway.token(&serde_json::from_slice(&output.stdout).unwrap()).await;
        let standby = second.address().gateway().reveal().to_owned();
        Some(Self { gateway, token, standby, primary, servers: [first, second], _folder: folder })
    }

    /// Kills every process of the first, then makes the second take its place.
    fn fail_over(&self) {
        processes(&self.primary).into_iter().for_each(|(pid, _)| signal("KILL", pid));
        execute(&self.standby, "SELECT pg_promote()");
    }

    async fn put(&self, number: usize) -> u16 {
        let campus = campus(number);
        self.gateway.put(&path("campuses", &campus), &self.token, &campus).await.0
    }
}

fn campus(number: usize) -> Value {
    with(
        &example("campuses"),
        json!({ "campusCode": format!("D{number}"), "name": format!("Điểm {number}"), "main": false }),
    )
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_a_standby_takes_over() {
    if skipped_on_given_database() {
        return;
    }
    let Some(pair) = Pair::start().await else { return };
    let report = pair.gateway.submit("", &pair.token, &roomy_school()).await.1;
    assert_eq!(report["counts"]["rejected"], 0, "{report}");
    let body: String = pupils(PUPILS).iter().map(|record| format!("{record}\n")).collect();
    let push = pair.gateway.request("POST", "/v1/submissions", &pair.token).header("prefer", "respond-async");
    let (status, report) = answer(push.header("content-type", "application/x-ndjson").body(body)).await;
    assert_eq!(status, 202, "{report}");
    let submission = report["links"]["self"].as_str().unwrap();
    let sent = AtomicUsize::new(0);
    // Single writes go on all the while; each that is acknowledged is remembered.
    let (acknowledged, ()) = tokio::join!(
        async {
            let mut acknowledged = Vec::new();
            let mut after = 0;
            while after < 5 {
                let number = sent.fetch_add(1, Ordering::Relaxed);
                if matches!(pair.put(number).await, 200 | 201) {
                    acknowledged.push(number);
                    after += usize::from(processes(&pair.primary).is_empty());
                }
            }
            acknowledged
        },
        async {
            let some = "SELECT count(*) > 0 FROM students";
            let primary = pair.servers[0].address().gateway().reveal().to_owned();
            eventually("some of the push", async || so(ask(&primary, some) == "true", "none")).await;
            eventually("single writes", async || so(sent.load(Ordering::Relaxed) > 5, "few")).await;
            pair.fail_over();
        }
    );
    let report = pair.gateway.finished(&pair.token, submission).await;
    // What was committed before is found unchanged when its step is done again.
    let kept = ["created", "unchanged"].map(|outcome| report["counts"][outcome].as_i64().unwrap());
    assert_eq!(kept.iter().sum::<i64>(), 3 * PUPILS as i64, "{}", counts(&report));
    assert_eq!(
        ask(&pair.standby, "SELECT count(*) FROM students WHERE student_code LIKE '31001%'"),
        PUPILS.to_string()
    );
    for number in acknowledged {
        let (status, found) = pair.gateway.get(&path("campuses", &campus(number)), &pair.token).await;
        assert_eq!((status, &found["name"]), (200, &campus(number)["name"]), "{number}: {found}");
    }
}
