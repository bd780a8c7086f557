//! Who runs the private PostgreSQL, and how it reaches its folder.
//!
//! PostgreSQL refuses to run as root. Run by root, the gateway lends it the identity of `postgres` or `nobody`, who
//! often cannot walk to the data folder (`/root` is closed to them). So root opens the folder and hands it over as an
//! open file: `/proc/self/fd/9` needs no walk.

use std::{
    env,
    ffi::OsStr,
    fs::{self, File},
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::error::{Error, INTERNAL, Result};

/// User and group ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ids {
    user: u32,
    group: u32,
}

/// A data folder and the identity that owns it.
#[derive(Debug)]
pub struct FolderOwner {
    folder: PathBuf,
    /// Set when the gateway runs as root.
    lent: Option<Ids>,
}

/// What PostgreSQL gets of the surroundings: where programs and libraries are, where files may lie for a while, and the
/// time zone.
const KEPT: [&str; 6] = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "HOME", "TMPDIR", "TZ"];
/// Moves the folder from standard input to descriptor 9, which the program and all its children keep.
const HAND_OVER: &str = r#"exec 9<&0 </dev/null; exec "$@""#;
const HANDED_OVER: &str = "/proc/self/fd/9";

impl FolderOwner {
    /// Settles who runs PostgreSQL in `folder`, which exists, and makes the folder theirs.
    pub fn of(folder: &Path) -> Result<Self> {
        let metadata = fs::metadata(folder).map_err(|error| unusable(folder, &error))?;
        let lent = match (own_user()?, metadata.uid()) {
            (0, 0) => Some(unprivileged()?),
            (0, owner) => Some(Ids { user: owner, group: metadata.gid() }),
            _ => None,
        };
        if let Some(ids) = lent {
            chown(folder, Some(ids.user), Some(ids.group)).map_err(|error| unusable(folder, &error))?;
        }
        Self::new(folder, lent)
    }

    /// PostgreSQL's programs run elsewhere, so a path from here would not lead them to the folder.
    fn new(folder: &Path, lent: Option<Ids>) -> Result<Self> {
        Ok(Self { folder: folder.canonicalize().map_err(|error| unusable(folder, &error))?, lent })
    }

    /// A command for one of PostgreSQL's programs, in its own process group (so that Ctrl-C in a terminal reaches the
    /// gateway alone, which then stops PostgreSQL in good order), with the folder's path as `-D`.
    pub fn command(&self, program: &Path) -> Result<Command> {
        let mut command = match self.lent {
            Some(ids) if Path::new("/proc/self/fd").exists() => self.handed_over(program, ids)?,
            Some(ids) => plain(program, &self.folder, Some(ids)),
            None => plain(program, &self.folder, None),
        };
        // What the caller's PG… variables say is meant for other databases.
        command.env_clear().envs(KEPT.iter().filter_map(|name| Some((name, env::var_os(name)?)))).env("LC_ALL", "C");
        command.process_group(0).current_dir("/");
        Ok(command)
    }

    fn handed_over(&self, program: &Path, ids: Ids) -> Result<Command> {
        let folder = File::open(&self.folder).map_err(|error| unusable(&self.folder, &error))?;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", HAND_OVER, "sh"]).arg(program).arg("-D").arg(HANDED_OVER);
        command.stdin(Stdio::from(folder)).uid(ids.user).gid(ids.group);
        Ok(command)
    }
}

fn plain(program: &Path, folder: &Path, lent: Option<Ids>) -> Command {
    let mut command = Command::new(program);
    command.args([OsStr::new("-D"), folder.as_os_str()]).stdin(Stdio::null());
    if let Some(ids) = lent {
        command.uid(ids.user).gid(ids.group);
    }
    command
}

/// The user id of this process, read from a file that it makes itself: the standard library does not tell it.
fn own_user() -> Result<u32> {
    if let Ok(metadata) = fs::metadata("/proc/self") {
        return Ok(metadata.uid());
    }
    let output = Command::new("id").arg("-u").output().map_err(Error::internal)?;
    String::from_utf8_lossy(&output.stdout).trim().parse().map_err(Error::internal)
}

/// `postgres`, else `nobody`.
fn unprivileged() -> Result<Ids> {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    ["postgres", "nobody"].iter().find_map(|name| ids_of(&users, name)).ok_or_else(|| {
        Error::for_operator(
            INTERNAL,
            "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as: start the gateway as another user.",
        )
    })
}

fn ids_of(users: &str, name: &str) -> Option<Ids> {
    let mut fields = users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.first() == Some(&name))?
        .into_iter();
    Some(Ids { user: fields.nth(2)?.parse().ok()?, group: fields.next()?.parse().ok()? })
}

fn unusable(folder: &Path, error: &std::io::Error) -> Error {
    Error::for_operator(
        INTERNAL,
        format!("The data folder {} cannot be used: {error}. Choose another with --data-dir.", folder.display()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_from_here_reaches_postgresql_whole() {
        let command = FolderOwner::new(Path::new("src"), None).unwrap().command(Path::new("initdb")).unwrap();
        let folder = Path::new(command.get_args().nth(1).unwrap());
        assert!(folder.is_absolute() && folder.is_dir(), "{folder:?}");
    }

    #[test]
    fn ids_are_read_from_the_list_of_users() {
        let users = "root:x:0:0:root:/root:/bin/bash\npostgresql:x:7:8::/:/bin/sh\npostgres:x:101:104:PostgreSQL:/var/lib:/bin/bash\n";
        assert_eq!(ids_of(users, "postgres"), Some(Ids { user: 101, group: 104 }));
        assert_eq!(ids_of(users, "nobody"), None);
    }
}
