//! `sample`: invented schools as NDJSON, to try software against the gateway.

use std::{
    io::{ErrorKind, Write, stdout},
    process::ExitCode,
};

use clap::Args;

use crate::error::{Error, Result};
use crate::sample;
use crate::sample::{Plan, SampleYear};

/// What to invent.
#[derive(Debug, Clone, Args)]
pub struct SampleArguments {
    /// How many schools, of some 9,000 records each
    #[arg(long, env = "SCHOOLS", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100_000), value_name = "N")]
    schools: u64,
    /// The same seed gives the same bytes; another one other schools
    #[arg(long, env = "SEED", default_value_t = 1, value_name = "S")]
    seed: u64,
    /// The school year
    #[arg(long, env = "SCHOOL_YEAR", default_value = sample::DEFAULT_YEAR, value_name = "YEAR")]
    school_year: SampleYear,
}

/// Writes the schools to standard output, one after the other.
pub(super) fn write(arguments: &SampleArguments) -> Result<ExitCode> {
    let plan = Plan { schools: arguments.schools, seed: arguments.seed, school_year: arguments.school_year };
    let mut out = stdout().lock();
    for school in sample::schools(&plan) {
        match out.write_all(school.ndjson.as_bytes()).and_then(|()| out.flush()) {
            // Whoever reads has seen enough, as `head` does.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
            written => written.map_err(Error::internal)?,
        }
    }
    Ok(ExitCode::SUCCESS)
}
