//! No process and no folder outlives the tests, however they end: a small shell waits for the end of its input, which
//! comes when the test process is gone, and then clears away. (Statics are not dropped, and a killed process drops
//! nothing.)

use std::{
    io::Write,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use school_gateway::store::private::closed_folder;

const CLEAR_AWAY: &str = r#"
running=" "
while read -r event pid; do
    case $event in
        started) running="$running$pid " ;;
        ended) running=$(echo "$running" | sed "s/ $pid / /") ;;
    esac
done
for pid in $running; do kill -KILL "$pid"; done
for file in $(find "$0" -name postmaster.pid); do
    read -r pid < "$file" && kill -QUIT "$pid"
    for i in 1 2 3 4 5 6 7 8 9 10; do [ -e "$file" ] && sleep 0.1; done
done
rm -rf "$0"
"#;

/// Watches over one folder, and over the processes started in its name.
pub struct Watchdog {
    folder: PathBuf,
    shell: Child,
    input: Mutex<Option<ChildStdin>>,
}

impl Watchdog {
    /// Makes a new folder that only this user enters.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("sg-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        // What an earlier process of the same number may have left.
        let _ = std::fs::remove_dir_all(&folder);
        closed_folder(&folder).unwrap();
        let mut shell = Command::new("/bin/sh")
            .args(["-c", CLEAR_AWAY])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let input = Mutex::new(shell.stdin.take());
        Self { folder, shell, input }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file in it.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A process to be killed at the end.
    pub fn started(&self, pid: u32) {
        self.tell("started", pid);
    }

    /// It has ended by itself.
    pub fn ended(&self, pid: u32) {
        self.tell("ended", pid);
    }

    fn tell(&self, event: &str, pid: u32) {
        writeln!(self.input.lock().unwrap().as_mut().unwrap(), "{event} {pid}").unwrap();
    }
}

/// Ends the watch, and waits until all is cleared away.
impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.input.lock().map(|mut input| input.take()));
        let _ = self.shell.wait();
    }
}

/// A folder of one test's own, cleared away with all that still runs in it.
pub type Folder = Watchdog;
