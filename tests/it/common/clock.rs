//! The clock of a gateway, set by a test. (Release builds of the gateway have none that can be set.)

use std::{fs, path::PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::Folder;

/// A clock that a test sets, before and while gateways go by it.
pub struct TestClock {
    folder: Folder,
}

impl TestClock {
    /// Shows this moment (RFC 3339), and goes on from there.
    pub fn at(moment: &str) -> Self {
        let clock = Self { folder: Folder::new() };
        clock.set(moment);
        clock
    }

    /// Ahead of the machine's by so much; behind it when negative.
    pub fn ahead(by: TimeDelta) -> Self {
        let clock = Self { folder: Folder::new() };
        clock.write(by);
        clock
    }

    /// Shows another moment from now on.
    pub fn set(&self, moment: &str) {
        let moment = DateTime::parse_from_rfc3339(moment).unwrap();
        self.write(moment.to_utc() - Utc::now());
    }

    fn write(&self, ahead: TimeDelta) {
        let next = self.folder.folder().join("next");
        fs::write(&next, ahead.num_milliseconds().to_string()).unwrap();
        fs::rename(next, self.file()).unwrap();
    }

    /// The file that the gateway reads.
    pub fn file(&self) -> PathBuf {
        self.folder.folder().join("clock")
    }
}
