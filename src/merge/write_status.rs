//! What whoever writes a few records wants to know besides them, asked for on their way to the database and back.

use crate::change::block::ChangeIdBlock;
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
    /// The columns to ask for.
    pub(crate) fn columns() -> String {
        format!("EXISTS (SELECT 1 FROM parked_records), {VERSION}, {}", ChangeIdBlock::COLUMNS)
    }
    pub(crate) fn of(cells: &Cells) -> Self {
        Self {
            any_parked: cells.boolean(0).unwrap_or_default(),
            lists_version: cells.integer(1).unwrap_or_default(),
            id_block: ChangeIdBlock::of(cells, 2),
        }
    }
    /// As it is now.
    pub fn now(connection: &mut PgConnection) -> QueryResult<Self> {
        let found = Statement::new(format!("SELECT {}", Self::columns())).first_row(connection)?;
        Ok(Self::of(&found.unwrap_or_default()))
    }
}
