//! The demonstration, as a newcomer runs it.

use crate::common::{Folder, program, signal};
use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Stdio},
};

fn start(folder: &Folder, arguments: &[&str]) -> Child {
    let mut command = program();
    command.args(["demo", "--schools", "1", "--data-dir"]).arg(folder.folder().join("data")).args(arguments);
    command.env("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Reads what it prints up to and including the line that holds `last`; fails at its end.
fn until(child: &mut Child, last: &str) -> String {
    let mut output = String::new();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap());
    while !output.contains(last) {
        if lines.read_line(&mut output).unwrap() == 0 {
            let mut error = String::new();
            child.stderr.as_mut().unwrap().read_to_string(&mut error).unwrap();
            panic!("the demonstration ended without “{last}”:\n{output}{error}");
        }
    }
    output
}

#[test]
fn once_it_makes_the_round_trip_and_leaves_nothing_running() {
    let folder = Folder::new();
    let output = start(&folder, &["--once", "--listen", "127.0.0.1:0"]).wait_with_output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    for expected in [
        "created",
        "nothing was written",
        "ID-008",
        "citizenId    ***",
        "clientSecret sgs_",
        "All went as it should. Stopping",
    ] {
        assert!(told.contains(expected), "no “{expected}” in:\n{told}");
    }
    let longest = told.lines().filter(|line| line.starts_with("  ")).map(|line| line.chars().count()).max();
    assert!(longest <= Some(80), "a line of {longest:?} characters does not fit a terminal:\n{told}");
    assert!(!folder.folder().join("data/postgres/postmaster.pid").exists(), "the private PostgreSQL still runs");
}

#[test]
fn else_it_goes_on_serving_at_a_free_port_and_finds_its_schools_again() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    for created in [true, false] {
        let mut demo = start(&folder, &["--listen", &listen]);
        folder.started(demo.id());
        let told = until(&mut demo, "Serving on");
        assert!(told.contains("a free port is used instead"), "{told}");
        assert_eq!(told.contains("  created           0\n"), !created, "{told}");
        signal("TERM", demo.id());
        assert!(demo.wait().unwrap().success());
        folder.ended(demo.id());
    }
}
