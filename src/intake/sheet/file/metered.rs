//! A file of which no more is read than may be.

use std::cell::Cell;
use std::io::{Error, Read, Result, Seek, SeekFrom};
use std::rc::Rc;

/// The file; of a workbook, the directory is held in memory whole.
pub(crate) struct Metered<S> {
    source: S,
    left: Rc<Cell<u64>>,
}

impl<S> Metered<S> {
    /// With so many bytes left, and the counter that says how many there are.
    pub(crate) fn new(source: S, bytes: u64) -> (Self, Rc<Cell<u64>>) {
        let left = Rc::new(Cell::new(bytes));
        (Self { source, left: left.clone() }, left)
    }
}

impl<S: Read> Read for Metered<S> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let length = self.source.read(out)?;
        let left = self.left.get().checked_sub(length as u64);
        self.left.set(left.ok_or_else(|| Error::other("more than is taken"))?);
        Ok(length)
    }
}

impl<S: Seek> Seek for Metered<S> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.source.seek(to)
    }
}
