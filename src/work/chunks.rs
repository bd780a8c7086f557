//! The chunks of a submission as the database keeps them.

use super::chunk::Chunk;
use super::prepare::Place;
use crate::error::Result;
use crate::store::statement::{Argument, Statement};
use diesel::prelude::*;
use uuid::Uuid;

/// Reads a chunk of a submission.
pub fn load(connection: &mut PgConnection, id: Uuid, place: &Place) -> Result<Chunk> {
    let sql = "SELECT data FROM submission_chunks WHERE submission_id = $1 AND number = $2::bigint";
    let found = Statement::with(sql, vec![Argument::Uuid(id), Argument::Integer(place.number)]).first_row(connection)?;
    Chunk::open(found.as_ref().and_then(|cells| cells.get(0)).unwrap_or_default(), place.first_index)
}

/// Where the chunks of a submission stand.
pub fn chunk_places(connection: &mut PgConnection, id: Uuid) -> Result<Vec<Place>> {
    places(connection, id).map(|(places, _)| places)
}

/// Where they stand, and the hashes of their records' keys.
pub(super) fn places(connection: &mut PgConnection, id: Uuid) -> Result<(Vec<Place>, Vec<Vec<u8>>)> {
    let (mut places, mut hashes) = (Vec::new(), Vec::new());
    let sql = "SELECT number::bigint, first_index, parts, hashes FROM submission_chunks WHERE submission_id = $1 ORDER BY number";
    Statement::with(sql, vec![Argument::Uuid(id)]).each(connection, |cells| {
        if let (Some(number), Some(first), Some(parts)) = (cells.integer(0), cells.integer(1), cells.integer(2)) {
            places.push(Place { number, first_index: first as u64, parts: parts as u64 });
            hashes.push(cells.get(3).unwrap_or_default().to_vec());
        }
        Ok(())
    })?;
    Ok((places, hashes))
}
