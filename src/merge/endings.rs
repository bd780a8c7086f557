//! The schools that come to their end with the records of one submission. Its records are judged as before the end,
//! whatever order they come in.

use crate::merge::batch::Disposition;
use crate::merge::entry::Entry;
use crate::merge::target::SCHOOL_KEY;
use crate::model::rules::ended::{END_STATES, Ending, ending, is_end};
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::{Table, history, tables};
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Those of one submission; all lanes that work on it share them.
#[derive(Debug, Clone, Default)]
pub struct Endings(Arc<Mutex<HashMap<String, Ending>>>);

impl Endings {
    /// How the school came to its end with this submission, if it did.
    pub fn of(&self, school: &str) -> Option<Ending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(school).copied()
    }

    /// Takes note of the schools among these that were accepted as ended.
    pub(crate) fn note(&self, table: &Table, entries: &[Entry]) {
        if table.spec.key != [SCHOOL_KEY] {
            return;
        }
        for entry in entries.iter().filter(|entry| is_accepted(entry)) {
            let ending = ending(entry.stored.as_ref().map(|stored| &stored.row), &entry.record.row);
            if let Some((school, ending)) = entry.record.school(table).zip(ending) {
                self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(school.to_owned(), ending);
            }
        }
    }

    /// Those that an earlier run of the submission stored.
    ///
    /// # Errors
    /// Those of the database.
    pub fn stored(connection: &mut PgConnection, submission: Uuid) -> QueryResult<Self> {
        let endings = Self::default();
        let Some(table) = tables().iter().find(|table| table.spec.key == [SCHOOL_KEY]) else { return Ok(endings) };
        let sql = format!(
            "SELECT t.school_code, h.version, h.body ->> 'status' FROM schools t LEFT JOIN LATERAL (SELECT h.version, h.body FROM history h \
             WHERE h.resource = {} AND h.key = {} AND h.version = t.version - 1 AND h.operation = 'update' LIMIT 1) h ON true \
             WHERE t.submission_id = $1 AND t.status = ANY($2::text[])",
            table.spec.number,
            history::key_text(table.spec)
        );
        let ends = Argument::Texts(END_STATES.map(Into::into).into());
        Statement::with(&sql, vec![Argument::Uuid(submission), ends]).each(connection, |cells| {
            let ending = match (cells.integer(1), cells.text(2)) {
                (None, _) => Some(Ending::KnownAsEnded),
                (Some(_), Some(status)) if is_end(status) => None,
                _ => Some(Ending::Ended),
            };
            if let Some((school, ending)) = cells.text(0).zip(ending) {
                endings.0.lock().unwrap_or_else(PoisonError::into_inner).insert(school.to_owned(), ending);
            }
            Ok(())
        })?;
        Ok(endings)
    }
}

fn is_accepted(entry: &Entry) -> bool {
    let action = entry.outcome.as_ref().map(|outcome| outcome.action);
    matches!(action, Some(Disposition::Created | Disposition::Updated))
}
