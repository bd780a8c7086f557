//! What a batch is held against and merged into: what is stored, or what would be stored (a [dry run](crate::merge::dry_run)).
//! All that a batch looks at beside itself comes through here.

use crate::change::block::ChangeIdBlock;
use crate::intake::record::Incoming;
use crate::merge::batch::{Meta, WriteContext};
use crate::merge::delete::Going;
use crate::merge::holders::note_takeovers;
use crate::merge::locks::lock_schools;
use crate::merge::source::RowSource;
use crate::merge::stored::{GroupState, Stored};
use crate::merge::write::Accepted;
use crate::merge::{delete, stored, write};
use crate::model::rules::ended::is_end;
use crate::model::schools::managing_commune;
use crate::model::spec::{Reference, Spec};
use crate::model::value::Row;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::Table;
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The parts of a record's key.
pub type KeySlice<'k> = [Cow<'k, str>];

/// The key of a school.
pub const SCHOOL_KEY: &str = "school_code";
/// The columns of [`KnownSchool`].
pub const SCHOOL: [&str; 5] = ["commune_code", "status", "successor_code", "managing_authority", "level"];

/// What is stored of a school that says who may write its records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownSchool {
    /// Where it stands.
    pub commune: Option<String>,
    /// The commune that manages it; `None`: another authority does.
    pub managed_by: Option<String>,
    /// Which school took its place, if it ended.
    pub successor: Option<String>,
}

impl KnownSchool {
    /// Of the columns [`SCHOOL`].
    pub fn of([commune, status, successor, authority, level]: [Option<String>; 5]) -> Self {
        let managed_by = managing_commune(authority.as_deref(), level.as_deref(), commune.clone());
        let has_ended = status.as_deref().is_some_and(is_end);
        Self { commune, managed_by, successor: successor.filter(|_| has_ended) }
    }
}

/// Records that refer to one that is to be deleted.
#[derive(Debug, Clone, Copy)]
pub struct Referrers {
    /// The place of that one among those that were asked for.
    pub at: usize,
    /// The resource of those that refer to it.
    pub by: &'static Spec,
    /// How many of schools that may be spoken of refer to it; 1,000 are counted at most, with the others.
    pub own: i64,
    /// How many of other schools.
    pub others: i64,
}

/// What a taken-over person's school is told: code, from which school, to which.
pub type TakenPerson<'t> = (&'t str, &'t str, &'t str);

/// What a batch is held against and merged into.
pub trait MergeTarget: RowSource {
    /// For what no record changes: codes that gave way.
    fn database(&mut self) -> &mut PgConnection;
    /// The stored versions of `keys`, in their order; `None` where nothing is stored.
    ///
    /// # Errors
    /// Those of the database, here and below.
    fn versions(&mut self, table: &'static Table, keys: &[&KeySlice]) -> QueryResult<Vec<Option<Stored>>>;
    /// The same of records of these schools, which nobody changes or begins to refer to from now on.
    fn held_versions(
        &mut self,
        table: &'static Table,
        schools: &HashSet<String>,
        keys: &[&KeySlice],
    ) -> QueryResult<Vec<Option<Stored>>>;
    /// All members that are stored under `keys`, in their order; `None` where nothing is. What a dry run laid over them is no
    /// other version of a record that comes only once.
    fn whole_rows(&mut self, table: &'static Table, keys: &[&KeySlice]) -> QueryResult<Vec<Option<Row>>>;
    /// What the digests of whole groups tell of the records.
    fn group_states(&mut self, table: &'static Table, records: &[Incoming]) -> QueryResult<Vec<GroupState>>;
    /// Those of the schools that are stored.
    fn schools(&mut self, codes: &BTreeSet<&str>) -> QueryResult<HashMap<String, KnownSchool>>;
    /// Tells of each record of `going` that others of one resource refer to, which do not go themselves. `known`: the
    /// schools that may be spoken of; `None`: all.
    fn count_referrers(
        &mut self,
        table: &'static Table,
        referrer: (&'static Spec, &'static Reference),
        going: &[&KeySlice],
        known: Option<&BTreeSet<String>>,
        each: &mut dyn FnMut(Referrers),
    ) -> QueryResult<()>;
    /// The same of every resource that may refer to them.
    fn referrers(
        &mut self,
        table: &'static Table,
        going: &[&KeySlice],
        known: Option<&BTreeSet<String>>,
        each: &mut dyn FnMut(Referrers),
    ) -> QueryResult<()> {
        table.referrers.iter().try_for_each(|referrer| self.count_referrers(table, *referrer, going, known, each))
    }
    /// Stores records: the metadata of each, in their order. `taken`: people who change their school against its will.
    fn store(
        &mut self,
        table: &'static Table,
        accepted: &[Accepted],
        taken: &[TakenPerson],
        writer: &WriteContext,
        id_block: Option<ChangeIdBlock>,
    ) -> QueryResult<Vec<Meta>>;
    /// Deletes records.
    fn remove(&mut self, table: &'static Table, going: &[Going], writer: &WriteContext) -> QueryResult<()>;
}

impl MergeTarget for PgConnection {
    fn database(&mut self) -> &mut PgConnection {
        self
    }

    fn versions(&mut self, table: &'static Table, keys: &[&KeySlice]) -> QueryResult<Vec<Option<Stored>>> {
        stored::fetch(self, table, keys)
    }

    fn held_versions(
        &mut self,
        table: &'static Table,
        schools: &HashSet<String>,
        keys: &[&KeySlice],
    ) -> QueryResult<Vec<Option<Stored>>> {
        lock_schools(self, schools.iter().map(String::as_str))?;
        let locking = table.fetch.replace("OFFSET 0", "FOR UPDATE");
        Statement::with(&locking, stored::arrays(keys, table.key.len())).each(self, |_| Ok(()))?;
        stored::fetch(self, table, keys)
    }

    fn whole_rows(&mut self, table: &'static Table, keys: &[&KeySlice]) -> QueryResult<Vec<Option<Row>>> {
        stored::whole_rows(self, table, keys)
    }

    fn group_states(&mut self, table: &'static Table, records: &[Incoming]) -> QueryResult<Vec<GroupState>> {
        stored::standings(self, table, records)
    }

    fn schools(&mut self, codes: &BTreeSet<&str>) -> QueryResult<HashMap<String, KnownSchool>> {
        let mut known = HashMap::with_capacity(codes.len());
        if codes.is_empty() {
            return Ok(known);
        }
        let sql = "SELECT school_code, commune_code, status, successor_code, managing_authority, level FROM schools \
             WHERE school_code = ANY($1::text[])";
        let codes = Argument::Texts(codes.iter().map(|code| Cow::Borrowed(*code)).collect());
        Statement::with(sql, vec![codes]).each(self, |cells| {
            let text = |at| cells.text(at).map(str::to_owned);
            known.extend(text(0).map(|code| (code, KnownSchool::of([1, 2, 3, 4, 5].map(text)))));
            Ok(())
        })?;
        Ok(known)
    }

    fn count_referrers(
        &mut self,
        table: &'static Table,
        referrer: (&'static Spec, &'static Reference),
        going: &[&KeySlice],
        known: Option<&BTreeSet<String>>,
        each: &mut dyn FnMut(Referrers),
    ) -> QueryResult<()> {
        delete::count_referrers(self, table, referrer, going, known, each)
    }

    fn store(
        &mut self,
        table: &'static Table,
        accepted: &[Accepted],
        taken: &[TakenPerson],
        writer: &WriteContext,
        id_block: Option<ChangeIdBlock>,
    ) -> QueryResult<Vec<Meta>> {
        let id_block = id_block.map_or_else(|| ChangeIdBlock::take(self), Ok)?;
        let metas = write::store(self, table, accepted, writer, id_block)?;
        note_takeovers(self, table, taken, writer)?;
        Ok(metas)
    }

    fn remove(&mut self, table: &'static Table, going: &[Going], writer: &WriteContext) -> QueryResult<()> {
        delete::remove(self, table, going, writer)
    }
}
