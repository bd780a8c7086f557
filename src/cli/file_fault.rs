//! Why a file on this machine cannot be used, in words.

use crate::model::messages::{Message, message};
use std::io::{Error, ErrorKind};

/// It cannot be read.
pub fn cannot_be_read(name: &str, error: &Error) -> Message {
    message("file-cannot-be-read").with("file", name).with("why", why(error))
}

/// It cannot be written.
pub fn cannot_be_written(name: &str, error: &Error) -> Message {
    message("file-cannot-be-written").with("file", name).with("why", why(error))
}

fn why(error: &Error) -> Message {
    match error.kind() {
        ErrorKind::NotFound => message("no-such-file"),
        ErrorKind::PermissionDenied => message("file-not-permitted"),
        ErrorKind::IsADirectory => message("file-is-a-folder"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => message("no-room-for-file"),
        ErrorKind::ReadOnlyFilesystem => message("place-is-read-only"),
        _ => message("file-unreadable"),
    }
}
