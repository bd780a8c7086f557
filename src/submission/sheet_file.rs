//! Where a sheet waits for its end, so that it can be read more than once.

use crate::error::{Error, Result};
use crate::submission::body_reader::too_large;
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::Path;
use tempfile::SpooledTempFile;

/// Up to this size in memory, a longer one in a file without a name.
const IN_MEMORY: usize = 1 << 20;
/// Bytes read at once.
const PART: usize = 1 << 16;

/// An empty file in this folder.
pub fn waiting_file(scratch: &Path) -> SpooledTempFile {
    tempfile::spooled_tempfile_in(IN_MEMORY, scratch)
}

/// A sheet as far as it comes, and whether it was cut.
///
/// # Errors
/// It holds more than `limit` bytes.
pub fn whole(source: &mut dyn Read, scratch: &Path, limit: u64) -> Result<(SpooledTempFile, bool)> {
    let (mut file, mut length, mut part) = (waiting_file(scratch), 0, vec![0; PART]);
    loop {
        match source.read(&mut part) {
            Ok(0) => return Ok((file, false)),
            Ok(count) => {
                length += count as u64;
                if length > limit {
                    return Err(too_large(limit));
                }
                file.write_all(&part[..count]).map_err(Error::internal)?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(_) => return Ok((file, true)),
        }
    }
}

/// The file from its beginning.
///
/// # Errors
/// The system cannot read it.
pub fn again(file: &mut SpooledTempFile, is_cut: bool) -> Result<Waited<'_>> {
    file.rewind().map_err(Error::internal)?;
    Ok(Waited { file, is_cut })
}

/// A body that has come as far as it will; where it was cut, reading past its end says so.
pub struct Waited<'f> {
    file: &'f mut SpooledTempFile,
    is_cut: bool,
}

impl Read for Waited<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        match self.file.read(out) {
            Ok(0) if self.is_cut && !out.is_empty() => Err(ErrorKind::ConnectionAborted.into()),
            read => read,
        }
    }
}
