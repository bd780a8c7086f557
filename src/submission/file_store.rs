//! The file of a sheet as it was sent: kept beside its records until they are removed, so that its sender gets it back
//! with what is to be mended.

use crate::error::{Error, Result};
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::{Work, receive};
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::io::{Read, Seek, Write};
use uuid::Uuid;

/// Bytes of a part, before it is compressed.
const PART: u64 = 1 << 20;
/// How hard it is compressed: workbooks are compressed already.
const LEVEL: i32 = 1;

/// Keeps a file, as long as the body is still this gateway's; the commit that ends the body makes it durable.
///
/// # Errors
/// Those of the database; a 503 when the body was given up meanwhile.
pub fn store(work: &Work, id: Uuid, file: &mut (impl Read + Seek)) -> Result<()> {
    file.rewind().map_err(Error::internal)?;
    for number in 0.. {
        let mut part = Vec::new();
        file.by_ref().take(PART).read_to_end(&mut part).map_err(Error::internal)?;
        if part.is_empty() {
            break;
        }
        let data = zstd::bulk::compress(&part, LEVEL).map_err(Error::internal)?;
        let sql = "INSERT INTO submission_files (submission_id, number, data) SELECT id, $1::bigint, $2 FROM submissions \
             WHERE id = $3 AND status = 'receiving' FOR SHARE";
        let arguments = vec![Argument::Integer(number), Argument::Bytes(data.into()), Argument::Uuid(id)];
        let mut connection = work.pools.work.get()?;
        let stored = connection.transaction::<_, Error, _>(|connection| {
            connection.batch_execute("SET LOCAL synchronous_commit = off")?;
            Ok(Statement::with(sql, arguments).run(connection)?)
        })?;
        if stored == 0 {
            return Err(receive::lost());
        }
    }
    file.rewind().map_err(Error::internal)
}

/// Is the file of this submission kept?
///
/// # Errors
/// Those of the database.
pub fn is_kept(connection: &mut PgConnection, id: Uuid) -> QueryResult<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM submission_files WHERE submission_id = $1)";
    let found = Statement::with(sql, vec![Argument::Uuid(id)]).first_row(connection)?;
    Ok(found.and_then(|cells| cells.boolean(0)) == Some(true))
}

/// Appends a part of the file; `false`: there are no more.
///
/// # Errors
/// Those of the database and of what takes it.
pub fn load(connection: &mut PgConnection, id: Uuid, number: i64, out: &mut impl Write) -> Result<bool> {
    let sql = "SELECT data FROM submission_files WHERE submission_id = $1 AND number = $2::bigint";
    let found = Statement::with(sql, vec![Argument::Uuid(id), Argument::Integer(number)]).first_row(connection)?;
    let Some(data) = found.as_ref().and_then(|cells| cells.get(0)) else { return Ok(false) };
    let part = zstd::bulk::decompress(data, PART as usize).map_err(Error::internal)?;
    out.write_all(&part).map_err(Error::internal)?;
    Ok(true)
}

/// The resources of the sheets that were read, each once.
///
/// # Errors
/// Those of the database.
pub fn resources(connection: &mut PgConnection, id: Uuid) -> QueryResult<Vec<String>> {
    let sql =
        "SELECT DISTINCT resource FROM submission_sheets WHERE submission_id = $1 AND resource <> '' ORDER BY resource";
    let mut found = Vec::new();
    Statement::with(sql, vec![Argument::Uuid(id)]).each(connection, |cells| {
        found.extend(cells.text(0).map(str::to_owned));
        Ok(())
    })?;
    Ok(found)
}
