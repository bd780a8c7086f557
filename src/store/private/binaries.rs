//! Where the installed PostgreSQL is.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::error::{Error, INTERNAL, Result};

/// The folder that holds `initdb`, `postgres` and `pg_ctl`.
#[derive(Debug, Clone)]
pub struct Binaries(PathBuf);

/// Folders of packagers; `*` stands for a version, the newest goes first.
const USUAL_FOLDERS: &[&str] = &[
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/usr/local/pgsql/bin",
    "/usr/libexec/postgresql*",
];
const OLDEST_VERSION: u32 = 13;

impl Binaries {
    /// Looks on the PATH first, then in the usual folders, newest version first.
    pub fn find() -> Result<Self> {
        let on_path = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
        Self::find_in(on_path.into_iter().chain(USUAL_FOLDERS.iter().flat_map(|pattern| expand(pattern))))
    }

    fn find_in(folders: impl IntoIterator<Item = PathBuf>) -> Result<Self> {
        folders.into_iter().find_map(complete).map(Self).ok_or_else(|| {
            Error::for_operator(
                INTERNAL,
                format!(
                    "No PostgreSQL was found: install PostgreSQL {OLDEST_VERSION} or newer (Debian and Ubuntu: apt-get install postgresql; \
                     macOS: brew install postgresql@17), or give the address of one with --database-url."
                ),
            )
        })
    }

    /// The path of one program.
    pub fn program(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// The folder with all three programs. Links in `/usr/local/bin` are followed, since the programs look for their files
/// beside themselves.
fn complete(folder: PathBuf) -> Option<PathBuf> {
    let postgres = folder.join("postgres").canonicalize().ok()?;
    let folder = postgres.parent()?.to_owned();
    ["initdb", "pg_ctl"].iter().all(|name| folder.join(name).is_file()).then_some(folder)
}

/// The existing folders that a pattern stands for, newest version first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else { return vec![PathBuf::from(pattern)] };
    let parent = Path::new(before).parent().filter(|_| !before.ends_with('/')).unwrap_or_else(|| Path::new(before));
    let prefix = before.rsplit('/').next().unwrap_or_default();
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = major(name.strip_prefix(prefix)?)?;
            (version >= OLDEST_VERSION).then(|| (version, parent.join(&name).join(after.trim_start_matches('/'))))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

fn major(version: &str) -> Option<u32> {
    let digits = version.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_postgresql_one_sentence_says_what_to_install() {
        let error = Binaries::find_in([PathBuf::from("/nonexistent")]).unwrap_err();
        assert!(error.detail().contains("install PostgreSQL") && !error.detail().contains('\n'), "{}", error.detail());
    }

    #[test]
    fn the_newest_version_goes_first() {
        let root = std::env::temp_dir().join(format!("school-gateway-binaries-{}", std::process::id()));
        for version in ["9", "14", "17", "16", "other"] {
            std::fs::create_dir_all(root.join(version).join("bin")).unwrap();
        }
        let found = expand(&format!("{}/*/bin", root.display()));
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(found, ["17", "16", "14"].map(|version| root.join(version).join("bin")));
    }
}
