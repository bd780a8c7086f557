//! What time it is. Nothing else in the crate asks the machine for it (a test keeps that): school years, deadlines,
//! tokens, receipts and the time of keeping go by this clock. Durations within the process are measured by `Instant`.
//!
//! A debug build may be given a clock that is off, so that tests can stand at the end of a year or beside a gateway
//! whose machine is wrong: [`VARIABLE`] names a file with a number of milliseconds, read at each look, so that a test
//! can move the time of a gateway that runs. A release build does not know it: receipts and deadlines are evidence,
//! which nothing in a gateway's surroundings may date otherwise.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Names the file that says by how many milliseconds the clock of a debug build is ahead.
pub const VARIABLE: &str = "SCHOOL_GATEWAY_TEST_CLOCK";

/// Now, in the microseconds that PostgreSQL keeps.
pub fn now() -> DateTime<Utc> {
    (Utc::now() + ahead()).trunc_subsecs(6)
}

#[cfg(debug_assertions)]
fn ahead() -> TimeDelta {
    use std::{ffi::OsString, fs, sync::LazyLock};
    static FILE: LazyLock<Option<OsString>> = LazyLock::new(|| std::env::var_os(VARIABLE));
    let milliseconds = FILE.as_ref().and_then(|file| fs::read_to_string(file).ok()?.trim().parse().ok());
    TimeDelta::milliseconds(milliseconds.unwrap_or_default())
}

#[cfg(not(debug_assertions))]
fn ahead() -> TimeDelta {
    TimeDelta::zero()
}
