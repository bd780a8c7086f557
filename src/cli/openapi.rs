//! `openapi`: prints the document that `/openapi.json` answers.

use std::{
    io::{Write, stdout},
    process::ExitCode,
};

use crate::error::{Error, Result};
use crate::http::openapi;

/// Needs neither database nor network.
pub(super) fn openapi() -> Result<ExitCode> {
    stdout().write_all(openapi::text().as_bytes()).map_err(Error::internal)?;
    Ok(ExitCode::SUCCESS)
}
