//! The examples of `docs/vendors.md`, and the programs of `samples/` to which it leads, run as they stand; its two
//! languages say the same.

use crate::common::{Folder, Gateway, eventually, so};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document(name: &str) -> String {
    std::fs::read_to_string(repository().join("docs").join(name)).unwrap()
}

/// The blocks of a language, in order.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let fence = format!("\n```{language}\n");
    document.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

fn installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("Skipped: {program} is not installed.");
    }
    found
}

/// What the command prints when it is run as a vendor would, as a client of a school.
fn run(mut command: Command, gateway: &Gateway, school: &str, folder: &Path) -> String {
    let client = gateway.client("school-software", &["--school", school]);
    command.env("GATEWAY", &gateway.url).env("CLIENT_ID", client.client_id).env("CLIENT_SECRET", client.client_secret);
    // The program is called by its name.
    let program = Path::new(env!("CARGO_BIN_EXE_school-gateway")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", program.display())).env("SCHOOL", school);
    printed(command.env("no_proxy", "*").env("PYTHONIOENCODING", "utf-8").current_dir(folder))
}

fn printed(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (stdout, stderr) =
        (String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned());
    assert!(status.success(), "{command:?}: {status}\n{stdout}\n{stderr}");
    stdout
}

#[tokio::test]
async fn the_examples_run() {
    if !installed("curl") {
        return;
    }
    let (gateway, folder) = (Gateway::start(), Folder::new());
    let script = blocks(&document("vendors.md"), "sh").join("\n");
    let mut shell = Command::new("sh");
    shell.args(["-euc", &script]);
    let progress = run(shell, &gateway, "31000501", folder.folder());
    assert!(progress.contains("event: done"), "{progress}");
    let answer = |name: &str| std::fs::read_to_string(folder.folder().join(name)).unwrap();
    for name in ["dry-run.json", "report.json"] {
        let report: serde_json::Value = serde_json::from_str(&answer(name)).unwrap();
        assert_eq!((&report["result"], &report["counts"]["created"]), (&"accepted".into(), &4.into()), "{report}");
    }
    assert!(answer("students.json").contains("Trần Minh Khôi") && answer("classes.ndjson").contains("6A2"));
}

/// A command line that runs a sample, once it is compiled; none where its tools are not installed.
type Sample = fn(&Path) -> Option<Command>;

fn sample(name: &str) -> PathBuf {
    repository().join("samples").join(name)
}

fn interpreted(program: &str, name: &str) -> Option<Command> {
    installed(program).then(|| {
        let mut command = Command::new(program);
        command.arg(sample(name));
        command
    })
}

fn python(_: &Path) -> Option<Command> {
    interpreted("python3", "nightly.py")
}

fn php(_: &Path) -> Option<Command> {
    interpreted("php", "nightly.php")
}

fn java(folder: &Path) -> Option<Command> {
    installed("javac").then(|| {
        let sources = [sample("Nightly.java"), sample("Json.java")];
        printed(
            Command::new("javac")
                .args(["-encoding", "UTF-8", "-Xlint:all,-serial", "-Werror", "-d"])
                .arg(folder)
                .args(sources),
        );
        let mut command = Command::new("java");
        command.arg("-cp").arg(folder).arg("Nightly");
        command
    })
}

fn csharp(folder: &Path) -> Option<Command> {
    (installed("mcs") && installed("mono")).then(|| {
        let program = folder.join("Nightly.exe");
        let libraries = ["System.Net.Http", "System.Runtime.Serialization", "System.Xml.Linq"];
        let mut compiler = Command::new("mcs");
        compiler.args(libraries.map(|library| format!("-r:{library}"))).arg(format!("-out:{}", program.display()));
        printed(compiler.arg("-warnaserror").arg(sample("Nightly.cs")));
        let mut command = Command::new("mono");
        command.arg(program);
        command
    })
}

#[tokio::test]
async fn the_samples_send_mend_and_read_back() {
    let gateway = Gateway::start();
    let samples: [Sample; 4] = [python, php, java, csharp];
    for (number, sample) in samples.iter().enumerate() {
        let (folder, school) = (Folder::new(), format!("3100051{number}"));
        let Some(command) = sample(folder.folder()) else { continue };
        let told = run(command, &gateway, &school, folder.folder());
        let line = |start: &str| told.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{told}"));
        assert!(line("sent: ").contains("partial"), "{told}");
        assert!(line("mended: ").contains("accepted"), "{told}");
        assert!(line("official code: ").ends_with(&format!("31{}03", &school[2..])), "{told}");
        let stored: Vec<&str> = told.lines().filter(|line| line.starts_with("stored: ")).collect();
        assert_eq!(stored.len(), 3, "{told}");
        assert!(stored[1].ends_with("Vũ Hải Nam 2014-03-09"), "{told}");
        // What it left is there: the mended student is enrolled, and the provisional code has given way.
        let token = gateway.software_of_all().await;
        // That of the mended student waited for him, and comes soon after.
        eventually("every enrollment", async || {
            let (_, enrollments) = gateway.get(&format!("/v1/enrollments?schoolCode={school}"), &token).await;
            so(enrollments["items"].as_array().unwrap().len() == 3, &enrollments)
        })
        .await;
        // The next night, and after a crash, the same program does no harm.
        let again = sample(folder.folder()).unwrap();
        assert!(run(again, &gateway, &school, folder.folder()).contains("stored: "));
    }
}

/// What both languages share: code, the numbers of headings, the first cells of tables.
fn skeleton(document: &str) -> Vec<String> {
    let mut is_code = false;
    let mut kept = Vec::new();
    for line in document.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        }
        let words = match line {
            // Comments are translated.
            line if is_code => line.split('#').next().unwrap_or_default().trim_end().to_owned(),
            line if line.starts_with('#') => {
                let number = line.trim_start_matches('#').trim().split(' ').next().unwrap_or_default();
                let level = line.len() - line.trim_start_matches('#').len();
                format!("{level} {}", number.strip_suffix('.').unwrap_or_default())
            }
            line if line.starts_with("| `") => line.split('|').nth(1).unwrap_or_default().to_owned(),
            _ => continue,
        };
        kept.push(words);
    }
    kept
}

#[test]
fn both_languages_of_the_guide_say_the_same() {
    let (vietnamese, english) = (skeleton(&document("vendors.vi.md")), skeleton(&document("vendors.md")));
    for (place, (vietnamese, english)) in vietnamese.iter().zip(&english).enumerate() {
        assert_eq!(vietnamese, english, "line {place} of what they share");
    }
    assert_eq!(vietnamese.len(), english.len());
}
