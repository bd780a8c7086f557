//! The examples of `docs/vendors.md` run as they stand.

use crate::common::{Folder, Gateway};
use std::path::Path;
use std::process::{Command, Output};

/// The blocks of a language, in order.
fn blocks(language: &str) -> Vec<String> {
    let guide = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/vendors.md")).unwrap();
    let fence = format!("\n```{language}\n");
    guide.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

fn installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("Skipped: {program} is not installed.");
    }
    found
}

fn run(mut command: Command, gateway: &Gateway, folder: &Path) -> String {
    let client = gateway.client("school-software", &["--school", "31000501"]);
    command.env("GATEWAY", &gateway.url).env("CLIENT_ID", client.client_id).env("CLIENT_SECRET", client.client_secret);
    // The program is called by its name.
    let program = Path::new(env!("CARGO_BIN_EXE_school-gateway")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", program.display()));
    let Output { status, stdout, stderr } =
        command.env("no_proxy", "*").env("PYTHONIOENCODING", "utf-8").current_dir(folder).output().unwrap();
    let (stdout, stderr) =
        (String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned());
    assert!(status.success(), "{status}\n{stdout}\n{stderr}");
    stdout
}

#[tokio::test]
async fn the_examples_run() {
    if !installed("curl") {
        return;
    }
    let (gateway, folder) = (Gateway::start(), Folder::new());
    let script = blocks("sh").join("\n");
    let mut shell = Command::new("sh");
    shell.args(["-euc", &script]);
    let progress = run(shell, &gateway, folder.folder());
    assert!(progress.contains("event: done"), "{progress}");
    let answer = |name: &str| std::fs::read_to_string(folder.folder().join(name)).unwrap();
    for name in ["dry-run.json", "report.json"] {
        let report: serde_json::Value = serde_json::from_str(&answer(name)).unwrap();
        assert_eq!((&report["result"], &report["counts"]["created"]), (&"accepted".into(), &4.into()), "{report}");
    }
    assert!(answer("students.json").contains("Trần Minh Khôi") && answer("classes.ndjson").contains("6A2"));
    if installed("python3") {
        let mut python = Command::new("python3");
        python.args(["-c", &blocks("python").join("\n")]);
        let told = run(python, &gateway, folder.folder());
        assert!(told.starts_with("partial") && told.contains("2 /birthDay PT-004 error"), "{told}");
    }
}
