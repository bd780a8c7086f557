//! The locks of the schools whose records a submission writes.

use crate::error::Result;
use crate::intake::chunk::{Chunk, Frame};
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::locks::{NamedSchools, lock_granted, lock_schools};
use crate::merge::stored;
use crate::model::schools::managing_commune;
use crate::store::table::Table;
use crate::submission::chunk_store;
use crate::submission::prepare;
use crate::submission::prepare::Step;
use crate::submission::run::Run;
use diesel::prelude::*;
use std::borrow::Cow;

impl Run<'_> {
    /// Locks all schools of the submission at once and in order: it would else take those of its steps one after the
    /// other, and wait for another that does the same the other way round.
    pub(crate) fn lock_all(&self, connection: &mut PgConnection) -> Result<()> {
        let (mut schools, mut last) = (NamedSchools::default(), None);
        for step in prepare::steps(&self.places, true) {
            let is_deletion = step.part.is_some_and(|(operation, _)| operation == RecordOperation::Delete);
            if last == Some(step.chunk) && !is_deletion {
                continue;
            }
            let chunk = chunk_store::load(connection, self.submission.id, &self.places[step.chunk])?;
            if last.replace(step.chunk) != Some(step.chunk) {
                chunk.frames().for_each(|frame| self.name(&frame, &mut schools));
            }
            if is_deletion {
                self.name_owners(connection, &chunk, step, &mut schools)?;
            }
        }
        let granted = schools.granted(connection, &self.scope)?;
        lock_schools(connection, granted.iter().map(String::as_str))?;
        Ok(())
    }

    /// Locks the schools of these records that the client may write, all at once and in order, so that two batches never
    /// wait for each other. A dry run locks none.
    pub(crate) fn lock<'r>(
        &self,
        connection: &mut PgConnection,
        records: impl Iterator<Item = (&'static Table, &'r Incoming)>,
    ) -> QueryResult<()> {
        if self.laid.is_some() { Ok(()) } else { lock_granted(connection, records, &self.scope) }
    }

    /// Adds the school that the data of a record names, read as far as that.
    fn name(&self, frame: &Frame, schools: &mut NamedSchools) {
        let (Some(table), Ok(said)) = (frame.table, serde_json::from_str::<Said>(frame.data())) else { return };
        schools.add(table, &said.school, said.managing_commune(), &self.scope);
    }

    /// Adds the schools of what is to be deleted, which the deletions need not name.
    fn name_owners(
        &self,
        connection: &mut PgConnection,
        chunk: &Chunk,
        step: Step,
        schools: &mut NamedSchools,
    ) -> Result<()> {
        let deletions = prepare::prepare(chunk, &[], step, &self.repeated, self.gate(), None)?;
        for (table, batch) in &deletions.batches {
            let keys: Vec<_> = batch.iter().filter_map(|record| record.key(table)).collect();
            let found = stored::fetch(connection, table, &keys)?;
            let owners = found.iter().flatten().filter_map(|stored| stored.row.text(table.owner));
            owners.for_each(|school| schools.add(table, school, None, &self.scope));
        }
        Ok(())
    }
}

/// What the data of a record says of its school.
#[derive(serde::Deserialize)]
struct Said<'a> {
    #[serde(rename = "schoolCode", borrow)]
    school: Cow<'a, str>,
    /// Of a school, where it stands.
    #[serde(default, rename = "communeCode", borrow)]
    commune: Option<Cow<'a, str>>,
    /// Of a school, what it teaches.
    #[serde(default, borrow)]
    level: Option<Cow<'a, str>>,
    /// Of a school, who manages it.
    #[serde(default, rename = "managingAuthority", borrow)]
    authority: Option<Cow<'a, str>>,
}

impl Said<'_> {
    /// Of a school, the commune that manages it.
    fn managing_commune(&self) -> Option<&str> {
        managing_commune(self.authority.as_deref(), self.level.as_deref(), self.commune.as_deref())
    }
}
