//! One program at a time owns a data folder: a locked file in it says which.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
};

use crate::error::{Error, INTERNAL, Result};

/// What a program does with the data folder that it owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It serves until it is stopped: others work beside it.
    Serve,
    /// A short command: others wait for it.
    Command,
}

/// Holds the data folder until it is dropped, or its process ends in whatever way.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Tries to own the folder. Otherwise tells what its owner does with it.
pub fn take(folder: &Path, purpose: Use) -> Result<Result<Lock, Use>> {
    let path = folder.join("lock");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .map_err(|error| fault(&path, &error))?;
    match file.try_lock() {
        Ok(()) => {
            write(&mut file, purpose).map_err(|error| fault(&path, &error))?;
            Ok(Ok(Lock { _file: file }))
        }
        Err(TryLockError::WouldBlock) => Ok(Err(read(&mut file))),
        Err(TryLockError::Error(error)) => Err(fault(&path, &error)),
    }
}

fn write(file: &mut File, purpose: Use) -> std::io::Result<()> {
    let word = if purpose == Use::Serve { "serve" } else { "command" };
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{word} {}", std::process::id())
}

fn read(file: &mut File) -> Use {
    let mut text = String::new();
    let _ = file.read_to_string(&mut text);
    if text.starts_with("serve") { Use::Serve } else { Use::Command }
}

fn fault(path: &Path, error: &std::io::Error) -> Error {
    Error::for_operator(
        INTERNAL,
        format!("The lock {} cannot be used: {error}. Choose another folder with --data-dir.", path.display()),
    )
}
