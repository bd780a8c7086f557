//! Who has what another school sends, and what the school is told from which a person was taken over.

use crate::access::Area;
use crate::intake::record::Incoming;
use crate::merge::batch::WriteContext;
use crate::merge::stored::Stored;
use crate::merge::target::{KnownSchool, MergeTarget, TakenPerson};
use crate::model::rules::Holder;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::Table;
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// The school that has a record which another one sends.
#[derive(Debug, Clone)]
pub(crate) struct RecordHolder {
    /// Its code.
    pub school: String,
    /// Acts the sender for it as well?
    pub acts: bool,
    /// The school that took its place, if it ended, and those that took the place of that one.
    successors: Vec<String>,
}

/// Schools that took each other's place, one after the other, are followed so far.
const LONGEST_LINE: usize = 8;

impl RecordHolder {
    /// As rules look at it.
    pub fn holder(&self) -> Holder<'_> {
        Holder { acts: self.acts, successors: &self.successors }
    }
}

/// Those of the records that another school has than the one that sends them, by their place. Asks only where there are
/// such.
pub(crate) fn holders<'r>(
    target: &mut dyn MergeTarget,
    table: &Table,
    records: impl Iterator<Item = (&'r Incoming, Option<&'r Stored>)>,
    scope: &Area,
) -> QueryResult<Vec<Option<RecordHolder>>> {
    let elsewhere = |(record, stored): (&'r Incoming, Option<&'r Stored>)| {
        stored?.row.text(table.owner).filter(|school| record.school(table) != Some(school))
    };
    let holding: Vec<Option<&str>> = records.map(elsewhere).collect();
    let known = with_successors(target, holding.iter().copied().flatten().collect())?;
    let held = |school: &str| {
        let managed_by = known.get(school).and_then(|known| known.managed_by.as_deref());
        let next = |school: &String| known.get(school)?.successor.clone();
        let successors = std::iter::successors(next(&school.to_owned()), next).take(LONGEST_LINE).collect();
        RecordHolder { school: school.to_owned(), acts: scope.allows(school, managed_by), successors }
    };
    Ok(holding.into_iter().map(|school| school.map(held)).collect())
}

/// These schools, and those that took their place.
fn with_successors(target: &mut dyn MergeTarget, codes: BTreeSet<&str>) -> QueryResult<HashMap<String, KnownSchool>> {
    let mut known = target.schools(&codes)?;
    for _ in 0..LONGEST_LINE {
        let next = known.values().filter_map(|school| school.successor.clone());
        let next: BTreeSet<String> = next.filter(|school| !known.contains_key(school)).collect();
        if next.is_empty() {
            break;
        }
        let found = target.schools(&next.iter().map(String::as_str).collect())?;
        known.extend(next.into_iter().map(|school| (school, KnownSchool::default())));
        known.extend(found);
    }
    Ok(known)
}

/// Keeps for the schools that had them which people others took over: code, from which school, to which.
pub(crate) fn note_takeovers(
    connection: &mut PgConnection,
    table: &Table,
    taken: &[TakenPerson],
    writer: &WriteContext,
) -> QueryResult<()> {
    if taken.is_empty() {
        return Ok(());
    }
    let sql = "WITH n AS (SELECT $1::text AS resource, clock_timestamp() AS at, $2::uuid AS client) \
         INSERT INTO takeovers (resource, code, from_school, to_school, taken_at, client_id) \
         SELECT n.resource, x.c, x.f, x.t, n.at, n.client FROM n, unnest($3::text[], $4::text[], $5::text[]) x(c, f, t) \
         ON CONFLICT (from_school, resource, code) DO UPDATE SET to_school = excluded.to_school, \
         taken_at = excluded.taken_at, client_id = excluded.client_id";
    let texts = |part: fn(&(&str, &str, &str)) -> String| {
        Argument::Texts(taken.iter().map(|one| Cow::Owned(part(one))).collect())
    };
    let arguments = vec![
        Argument::Text(table.spec.name.into()),
        Argument::Uuid(writer.author.client),
        texts(|one| one.0.to_owned()),
        texts(|one| one.1.to_owned()),
        texts(|one| one.2.to_owned()),
    ];
    Statement::with(sql, arguments).run(connection).map(|_| ())
}
