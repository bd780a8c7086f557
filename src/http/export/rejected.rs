//! The rejected records of a submission as they were sent, one a line: mend them, and send them again.

use super::Export;
use crate::error::Result;
use crate::intake::chunk;
use crate::submission::prepare::ChunkRef;
use crate::submission::{chunk_store, issue_store};
use actix_web::HttpResponse;
use diesel::PgConnection;
use uuid::Uuid;

/// The answer that streams them, those of one chunk at a time.
///
/// # Errors
/// Those of the first page.
pub async fn answer(export: Export, id: Uuid) -> Result<HttpResponse> {
    let mut pages = RejectedPages { id, chunks: None, after: -1 };
    export.pages("application/x-ndjson", move |connection| pages.next(connection)).await
}

struct RejectedPages {
    id: Uuid,
    /// Where the chunks stand, read once.
    chunks: Option<Vec<ChunkRef>>,
    /// The last record that was given.
    after: i64,
}

impl RejectedPages {
    fn next(&mut self, connection: &mut PgConnection) -> Result<Option<Vec<u8>>> {
        let chunks = match self.chunks.take() {
            Some(known) => known,
            None => chunk_store::chunk_places(connection, self.id)?,
        };
        let chunks = self.chunks.insert(chunks);
        let indexes = issue_store::rejected(connection, self.id, self.after, chunk::RECORDS as i64)?;
        let Some(first) = indexes.first() else { return Ok(None) };
        let at = chunks.partition_point(|chunk| chunk.first_index <= *first);
        let end = chunks.get(at).map_or(u64::MAX, |next| next.first_index);
        let same = &indexes[..indexes.partition_point(|index| *index < end)];
        let Some(place) = at.checked_sub(1).and_then(|at| chunks.get(at)) else { return Ok(None) };
        let (chunk, mut lines) = (chunk_store::load(connection, self.id, place)?, Vec::new());
        let wanted = chunk.frames().filter(|frame| same.binary_search(&frame.index).is_ok());
        wanted.for_each(|frame| push_line(&mut lines, frame.bytes));
        self.after = same.last().map_or(self.after, |last| *last as i64);
        Ok(Some(lines))
    }
}

/// An element of a JSON array may hold line ends, which mean nothing between its tokens and cannot stand within its
/// strings.
fn push_line(lines: &mut Vec<u8>, record: &[u8]) {
    lines.extend(record.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
    lines.push(b'\n');
}
