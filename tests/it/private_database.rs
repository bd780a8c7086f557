//! The private PostgreSQL: started, kept, found again, shared, refused and stopped. Run as root too, in folders that
//! other users cannot enter.

use std::{
    fs,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use crate::common::{Folder, Gateway, program, signal, skipped_on_given_database};
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use school_gateway::store::private::SocketAddress;

fn postmaster(data_dir: &Path) -> Option<u32> {
    let text = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok()
}

/// Runs, and is not merely waiting to be reaped by a lazy init.
fn runs(pid: u32) -> bool {
    if !Path::new("/proc/self/stat").exists() {
        return Command::new("/bin/sh").args(["-c", &format!("kill -0 {pid}")]).status().unwrap().success();
    }
    let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    state.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

fn execute(data_dir: &Path, statement: &str) -> usize {
    let address = SocketAddress::of(&data_dir.join("postgres")).unwrap();
    sql_query(statement).execute(&mut PgConnection::establish(address.gateway().reveal()).unwrap()).unwrap()
}

fn command(data_dir: &Path, arguments: &[&str]) -> std::process::Output {
    program().args(arguments).arg("--data-dir").arg(data_dir).output().unwrap()
}

#[test]
fn data_are_kept_between_runs_and_nothing_runs_on() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    for (name, statement, rows) in
        [("TERM", "CREATE TABLE kept AS SELECT 1 AS one", 1), ("INT", "UPDATE kept SET one = 2 WHERE one = 1", 1)]
    {
        let mut gateway = Gateway::private(&data_dir, &[]);
        let pid = postmaster(&data_dir).unwrap();
        assert_eq!(execute(&data_dir, statement), rows);
        signal(name, gateway.pid());
        assert!(gateway.wait().success(), "after SIG{name}: {}", gateway.log());
        assert!(!runs(pid), "PostgreSQL outlives the gateway after SIG{name}");
    }
}

#[test]
fn only_a_socket_in_a_closed_folder_leads_to_it() {
    if skipped_on_given_database() {
        return;
    }
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    let _gateway = Gateway::private(&data_dir, &[]);
    let mode = fs::metadata(data_dir.join("postgres")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "others may enter the data folder");
    let pid_file = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).unwrap();
    assert_eq!(pid_file.lines().nth(5), Some(""), "it listens on the network: {pid_file}");
}

#[test]
fn a_killed_gateway_leaves_a_database_that_the_next_one_takes_over() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    let mut killed = Gateway::private(&data_dir, &[]);
    execute(&data_dir, "CREATE TABLE kept AS SELECT 1 AS one");
    let left = postmaster(&data_dir).unwrap();
    killed.kill();
    assert!(runs(left), "kill -9 cannot stop PostgreSQL too, or this test tests nothing");
    let mut next = Gateway::private(&data_dir, &[]);
    assert!(!runs(left) && runs(postmaster(&data_dir).unwrap()), "there must be one PostgreSQL, not two");
    assert_eq!(execute(&data_dir, "DELETE FROM kept"), 1);
    assert!(next.terminate().success());
    assert_eq!(postmaster(&data_dir), None);
}

#[test]
fn a_database_killed_with_its_gateway_recovers() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    let mut killed = Gateway::private(&data_dir, &[]);
    execute(&data_dir, "CREATE TABLE kept AS SELECT 1 AS one");
    let left = postmaster(&data_dir).unwrap();
    killed.kill();
    signal("KILL", left);
    while runs(left) {
        std::thread::sleep(Duration::from_millis(20));
    }
    // Its number now belongs to somebody else, as after a restart of the machine.
    let pid_file = data_dir.join("postgres/postmaster.pid");
    let text = fs::read_to_string(&pid_file).unwrap();
    let ours = std::process::id().to_string();
    fs::write(&pid_file, text.replacen(&left.to_string(), &ours, 1)).unwrap();
    let _next = Gateway::private(&data_dir, &[]);
    assert_eq!(execute(&data_dir, "DELETE FROM kept"), 1);
}

#[test]
fn a_second_gateway_on_the_same_folder_is_refused_in_one_sentence() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    let _first = Gateway::private(&data_dir, &[]);
    let second = command(&data_dir, &["serve", "--listen", "127.0.0.1:0"]);
    let words = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success() && words.contains("Another gateway uses the data folder"), "{words}");
    assert_eq!(words.trim().lines().count(), 1, "{words}");
    assert_eq!(execute(&data_dir, "CREATE TABLE still_here (one int)"), 0, "the first goes on");
}

#[test]
fn commands_work_beside_a_running_gateway_and_alone() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    let both = std::thread::scope(|scope| {
        let two = [(), ()].map(|()| scope.spawn(|| command(&data_dir, &["migrate"])));
        two.map(|thread| thread.join().unwrap().status.success())
    });
    assert_eq!(both, [true, true], "two at once wait for each other");
    assert_eq!(postmaster(&data_dir), None, "a command alone stops what it started");
    let _gateway = Gateway::private(&data_dir, &[]);
    let pid = postmaster(&data_dir).unwrap();
    assert!(command(&data_dir, &["migrate"]).status.success());
    assert_eq!(postmaster(&data_dir), Some(pid), "a command beside a gateway leaves its database alone");
}

#[test]
fn only_serve_and_migrate_make_a_database() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    let create = ["client", "create", "--name", "Test", "--kind", "admin"];
    for arguments in [&create[..], &["client", "list"], &["keys", "rotate"]] {
        let output = command(&data_dir, arguments);
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && words.contains("--data-dir") && words.contains("migrate"), "{words}");
        assert!(!data_dir.exists(), "{arguments:?} made a folder");
    }
    // A folder of other things is no gateway's either.
    std::fs::create_dir(&data_dir).unwrap();
    assert!(!command(&data_dir, &create).status.success());
    assert!(!data_dir.join("postgres").exists());
    assert!(command(&data_dir, &["migrate"]).status.success());
    let made = command(&data_dir, &create);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[test]
fn a_start_that_fails_leaves_nothing_behind() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    assert!(command(&data_dir, &["migrate"]).status.success());
    fs::write(data_dir.join("postgres/postgresql.auto.conf"), "no_such_setting = 1\n").unwrap();
    let failed = command(&data_dir, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(!failed.status.success() && String::from_utf8_lossy(&failed.stderr).contains("does not start"));
    assert_eq!(postmaster(&data_dir), None);
    fs::write(data_dir.join("postgres/postgresql.auto.conf"), "").unwrap();
    assert!(command(&data_dir, &["migrate"]).status.success(), "the lock is free again");
}

#[test]
fn a_path_too_long_for_a_socket_works_all_the_same() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let parent = folder.folder().join("a-folder-with-a-rather-long-name".repeat(3));
    fs::create_dir(&parent).unwrap();
    let data_dir = parent.join("and 'another' \\ one");
    let mut gateway = Gateway::private(&data_dir, &[]);
    assert_eq!(execute(&data_dir, "CREATE TABLE kept AS SELECT 1 AS one"), 1);
    assert!(gateway.terminate().success());
}

#[test]
fn told_to_stop_while_it_starts_it_leaves_nothing_behind() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    for (run, delay) in [100, 400, 150].into_iter().enumerate() {
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&data_dir);
        let mut gateway = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        folder.started(gateway.id());
        std::thread::sleep(Duration::from_millis(delay));
        signal("TERM", gateway.id());
        let status = gateway.wait().unwrap();
        // On a busy machine the signal may come before the program listens for it, and before it has started anything.
        assert!(status.success() || status.signal() == Some(15), "run {run}: {status}");
        folder.ended(gateway.id());
        assert_eq!(postmaster(&data_dir), None, "run {run}");
    }
    assert!(command(&data_dir, &["migrate"]).status.success());
}

#[test]
fn commands_wait_for_the_very_first_start() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    std::thread::scope(|scope| {
        let gateway = scope.spawn(|| Gateway::private(&data_dir, &[]));
        while !data_dir.join("lock").exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let create = |number: u64| {
            // Spread over the first moments of the database, of which some are wrong ones to come in.
            std::thread::sleep(Duration::from_millis(9 * number));
            command(&data_dir, &["client", "create", "--name", "Early", "--kind", "consumer"])
        };
        let commands: Vec<_> = (0..8).map(|number| scope.spawn(move || create(number))).collect();
        for output in commands.into_iter().map(|command| command.join().unwrap()) {
            let words = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && output.stdout.starts_with(b"{"), "{words}");
        }
        drop(gateway.join().unwrap());
    });
}

#[test]
fn what_the_environment_says_of_other_databases_is_not_heard() {
    if skipped_on_given_database() {
        return;
    }
    let folder = Folder::new();
    let data_dir = folder.folder().join("data");
    let foreign = [
        ("PGDATA", "/nowhere"),
        ("PGHOST", "/nowhere"),
        ("PGPORT", "1"),
        ("PGUSER", "somebody"),
        ("PGDATABASE", "another"),
        ("PGOPTIONS", "-c default_transaction_read_only=on -c search_path=nowhere"),
        ("PGSERVICE", "another"),
        ("PGCLIENTENCODING", "LATIN1"),
        ("PGTZ", "Asia/Tokyo"),
        ("LC_ALL", "tr_TR.UTF-8"),
    ];
    for arguments in [&["migrate"][..], &["client", "create", "--name", "a", "--kind", "admin"]] {
        let mut command = program();
        command.args(arguments).arg("--data-dir").arg(&data_dir).envs(foreign);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let _gateway = Gateway::private(&data_dir, &[]);
    assert_eq!(execute(&data_dir, "UPDATE clients SET name = 'b' WHERE name = 'a'"), 1);
}
