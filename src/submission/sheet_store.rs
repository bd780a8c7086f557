//! A sheet that has come whole: its records go the way of every body, and where they stood is kept beside them.

use crate::access::Area;
use crate::checks::sheet_facts::StoredFacts;
use crate::error::{Error, Result};
use crate::intake::json::split::Piece;
use crate::intake::sheet::around::context::{Given, SheetContext};
use crate::intake::sheet::headings::columns::Columns;
use crate::intake::sheet::layouts::layout::Layout;
use crate::model::lists::Lists;
use crate::submission::pieces::{PieceBuffer, Pieces};
use crate::submission::receive::BodyFormat;
use crate::submission::sheets::{self, RecordSink, SheetTerms, Sheets};
use crate::submission::source_map::Places;
use crate::submission::{Work, file_store, row, sheet_layouts};
use diesel::PgConnection;
use std::sync::Arc;
use tempfile::SpooledTempFile;
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

/// Reads a sheet and hands its records over, a chunk at a time: how many it holds, and whether it was broken off.
///
/// # Errors
/// It is no such sheet, holds no record, or more than is taken; those of the database.
pub fn read(
    work: &Work,
    id: Uuid,
    body: BodyFormat,
    mut file: SpooledTempFile,
    broken: bool,
    chunks: Sender<Pieces>,
) -> Result<(u64, bool)> {
    if !broken {
        file_store::store(work, id, &mut file)?;
    }
    let mut connection = work.pools.work.get()?;
    let around = AroundSheets::of(work, &mut connection, id)?;
    drop(connection);
    let facts = StoredFacts::new(&work.pools.work, &around.area);
    let lists = &around.lists;
    let terms = SheetTerms {
        lists,
        crosswalks: around.client.and_then(|client| lists.crosswalks(client)),
        today: work.today(),
        largest_body: work.config.max_body_bytes,
        largest_record: work.config.max_record_bytes as usize,
        scratch: work.config.scratch(),
        context: around.context(&facts),
    };
    let buffer = PieceBuffer::new(true);
    let mut storing = Storing { buffer, chunks, work, places: Places::new(id), failed: None };
    let broken = match body {
        BodyFormat::Workbook(only) => sheets::read_file(Sheets::Workbook(only), file, broken, &terms, &mut storing),
        BodyFormat::Csv(spec) => sheets::read_file(Sheets::Csv(Some(spec)), file, broken, &terms, &mut storing),
        BodyFormat::Records(_) => Ok(broken),
    };
    if let Some(error) = storing.failed {
        return Err(error);
    }
    let broken = broken?;
    storing.places.flush(&work.pools.work)?;
    storing.hand_over(None);
    Ok((storing.buffer.records, broken))
}

/// What the sheets of a submission are read by beside their cells and what is stored.
pub struct AroundSheets {
    /// The code lists.
    pub lists: Arc<Lists>,
    /// Of the client: whose people may be named.
    pub area: Area,
    client: Option<Uuid>,
    given: Given,
    school: Option<String>,
    layouts: Vec<Layout>,
}

impl AroundSheets {
    /// Of a submission.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(work: &Work, connection: &mut PgConnection, id: Uuid) -> Result<Self> {
        let (lists, submission) = (work.lists(connection)?, row::find(connection, id)?);
        let layouts = sheet_layouts::all(connection)?;
        let client = submission.as_ref().map(|found| found.client);
        let given = submission.map(|found| found.options.given).unwrap_or_default();
        let area = client.map(|client| work.scope(client)).unwrap_or_default();
        let school = only_school(&area);
        Ok(Self { lists, area, client, given, school, layouts })
    }

    /// The same, with what is stored.
    pub fn context<'c>(&'c self, facts: &'c StoredFacts) -> SheetContext<'c> {
        SheetContext { given: &self.given, school: self.school.as_deref(), facts, layouts: &self.layouts }
    }
}

/// The one school that a client acts for, if it has one.
fn only_school(area: &Area) -> Option<String> {
    let is_one = !area.all() && area.communes().is_empty() && area.schools().len() == 1;
    area.schools().first().filter(|_| is_one).cloned()
}

/// Into the database.
struct Storing<'w> {
    buffer: PieceBuffer,
    chunks: Sender<Pieces>,
    work: &'w Work,
    places: Places,
    /// Why places could not be stored.
    failed: Option<Error>,
}

impl Storing<'_> {
    /// Hands over these, or those that are left.
    fn hand_over(&mut self, full: Option<Pieces>) {
        if let Some(pieces) = full.or_else(|| self.buffer.rest()) {
            // When storing failed nobody takes them any more; its own error is the one to tell.
            let _ = self.chunks.blocking_send(pieces);
        }
    }
}

impl RecordSink for Storing<'_> {
    fn sheet(&mut self, name: &str, parts: &[Columns]) {
        self.places.sheet(name, parts);
    }
    fn piece(&mut self, row: u64, part: usize, piece: Piece) {
        self.places.row(self.buffer.records, row, part);
        if self.places.is_full()
            && let Err(error) = self.places.flush(&self.work.pools.work)
        {
            self.failed = Some(error);
        }
        if let Some(full) = self.buffer.push(piece) {
            self.hand_over(Some(full));
        }
    }
    fn records(&self) -> u64 {
        self.buffer.records
    }
    fn wants_more(&self) -> bool {
        self.failed.is_none() && !self.chunks.is_closed()
    }
}
