//! What whoever writes a few records wants to know besides them, asked for on their way to the database and back.

use crate::change::block::ChangeIdBlock;
use crate::store::engine::Engine;
use crate::store::pg::statement::{Cells, Statement};
use crate::store::reference::VERSION;
use diesel::prelude::*;

/// As it was when the records were looked at.
#[derive(Debug, Clone, Copy)]
pub struct WriteStatus {
    /// Is anything parked?
    pub any_parked: bool,
    /// Which version of the code lists, crosswalks and reporting periods is in force.
    pub lists_version: i64,
    /// What the records may be written with.
    pub id_block: ChangeIdBlock,
}

impl WriteStatus {
    /// What a distributed database has to be asked before the rest; `None` where all is asked at once.
    pub(crate) fn ahead(connection: &mut PgConnection) -> QueryResult<Option<ChangeIdBlock>> {
        match Engine::of(connection)? {
            Engine::Single => Ok(None),
            Engine::Distributed => ChangeIdBlock::take(connection).map(Some),
        }
    }
    /// The columns to ask for, but for what was asked ahead.
    pub(crate) fn columns(ahead: Option<ChangeIdBlock>) -> String {
        let id_block = if ahead.is_some() { String::new() } else { format!(", {}", ChangeIdBlock::COLUMNS) };
        format!("EXISTS (SELECT 1 FROM parked_records), {VERSION}{id_block}")
    }
    pub(crate) fn of(cells: &Cells, ahead: Option<ChangeIdBlock>) -> Self {
        Self {
            any_parked: cells.boolean(0).unwrap_or_default(),
            lists_version: cells.integer(1).unwrap_or_default(),
            id_block: ahead.unwrap_or_else(|| ChangeIdBlock::of(cells, 2)),
        }
    }
    /// As it is now.
    pub fn now(connection: &mut PgConnection) -> QueryResult<Self> {
        let ahead = Self::ahead(connection)?;
        let found = Statement::new(format!("SELECT {}", Self::columns(ahead))).first_row(connection)?;
        Ok(Self::of(&found.unwrap_or_default(), ahead))
    }
}
