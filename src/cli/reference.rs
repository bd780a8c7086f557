//! `reference`: code lists and administrative units; the same as `POST /v1/reference`, for the operator. Works beside a
//! running gateway, which uses them from the next submission on, and alone.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;
use diesel::{Connection, PgConnection};

use crate::access::audit;
use crate::access::audit::Actor;
use crate::cli::run::with_database;
use crate::config::Config;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::store::Mode;
use crate::store::reference::{Loaded, ReferenceFile, load};

/// What to do with reference data.
#[derive(Debug, Subcommand)]
pub enum ReferenceCommand {
    /// Load CSV files of code lists and administrative units, recognised by their headings; all of them or none
    Load {
        /// The files; where columns do not say it, a file's name says the list or the validity
        /// (communes-from-2025-07-01.csv)
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// Runs the command; prints a line a file.
///
/// # Errors
/// The first file that cannot be read or loaded, and what the database says.
pub(super) fn reference(config: Config, command: ReferenceCommand) -> Result<ExitCode> {
    let ReferenceCommand::Load { files } = command;
    let files: Vec<ReferenceFile> = files.iter().map(|path| file(path)).collect::<Result<_>>()?;
    with_database(config, Mode::Beside, move |_, pools| {
        for Loaded { file, content, rows } in load_all(&mut *pools.write.get()?, &files)? {
            println!("{file}: {content}, {rows} rows");
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn load_all(connection: &mut PgConnection, files: &[ReferenceFile]) -> Result<Vec<Loaded>> {
    connection.transaction(|connection| {
        for file in files {
            audit::record(connection, &Actor::default(), "reference.load", &file.name)?;
        }
        load(connection, files)
    })
}

/// Reads a file of reference data.
pub(super) fn file(path: &Path) -> Result<ReferenceFile> {
    let bytes = std::fs::read(path).map_err(|error| {
        Error::for_operator(BAD_REQUEST, format!("{}: {error}. Nothing was loaded.", path.display()))
    })?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(ReferenceFile { name, bytes })
}
