//! The chunks of a submission as the database keeps them.

use crate::error::Result;
use crate::intake::chunk::Chunk;
use crate::store::engine::Engine;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::prepare::{ChunkRef, Step};
use diesel::prelude::*;
use uuid::Uuid;

/// Reads a chunk of a submission.
pub fn load(connection: &mut PgConnection, id: Uuid, place: &ChunkRef) -> Result<Chunk> {
    let sql = "SELECT data FROM submission_chunks WHERE submission_id = $1 AND number = $2::bigint";
    let found =
        Statement::with(sql, vec![Argument::Uuid(id), Argument::Integer(place.number)]).first_row(connection)?;
    Chunk::open(found.as_ref().and_then(|cells| cells.get(0)).unwrap_or_default(), place.first_index)
}

/// Where the chunks of a submission stand.
pub fn chunk_places(connection: &mut PgConnection, id: Uuid) -> Result<Vec<ChunkRef>> {
    chunk_refs(connection, id).map(|(places, _)| places)
}

/// Where they stand, and the hashes of their records' keys.
pub(crate) fn chunk_refs(connection: &mut PgConnection, id: Uuid) -> Result<(Vec<ChunkRef>, Vec<Vec<u8>>)> {
    let (mut places, mut hashes) = (Vec::new(), Vec::new());
    let sql = "SELECT number::bigint, first_index, parts, done, hashes FROM submission_chunks WHERE submission_id = $1 ORDER BY number";
    Statement::with(sql, vec![Argument::Uuid(id)]).each(connection, |cells| {
        if let [Some(number), Some(first), Some(parts), Some(done)] = [0, 1, 2, 3].map(|at| cells.integer(at)) {
            places.push(ChunkRef { number, first_index: first as u64, parts: parts as u64, done: done as u64 });
            hashes.push(cells.get(4).unwrap_or_default().to_vec());
        }
        Ok(())
    })?;
    Ok((places, hashes))
}

/// Notes that a step is done; part of its transaction. The commit of one that `wrote` no record need not wait for the
/// disk: the commit that closes the submission does, and where the database crashes before, the step is done again.
pub(crate) fn done(
    connection: &mut PgConnection,
    id: Uuid,
    place: &ChunkRef,
    step: Step,
    wrote: bool,
) -> QueryResult<()> {
    let sql = format!(
        "UPDATE submission_chunks SET done = done | $1 WHERE submission_id = $2 AND number = $3::bigint AND ($4 OR {})",
        Engine::of(connection)?.in_haste()
    );
    let arguments = vec![
        Argument::Integer(step.bit() as i64),
        Argument::Uuid(id),
        Argument::Integer(place.number),
        Argument::Boolean(wrote),
    ];
    Statement::with(&sql, arguments).run(connection).map(|_| ())
}
