//! Who refers to a record that is to be deleted, with the accepted records laid over what is stored.

use crate::intake::record::parts;
use crate::merge::delete;
use crate::merge::dry_run::DryRun;
use crate::merge::stored::arrays;
use crate::merge::target::{KeySlice, Referrers};
use crate::model::spec::{Reference, Spec};
use crate::store::pg::statement::Statement;
use crate::store::table;
use crate::store::table::{Table, equal, quoted};
use diesel::QueryResult;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// So many are counted at most.
const MOST: i64 = 1_000;

impl DryRun<'_> {
    /// Counts the records of one resource that refer to those of `going`.
    pub(super) fn laid_referrers(
        &mut self,
        table: &'static Table,
        (other, reference): (&'static Spec, &'static Reference),
        going: &[&KeySlice],
        known: Option<&BTreeSet<String>>,
        each: &mut dyn FnMut(Referrers),
    ) -> QueryResult<()> {
        let Some(from) = table::find(other.name).filter(|from| self.overlay.touches(from)) else {
            return delete::count_referrers(self.database, table, (other, reference), going, known, each);
        };
        let mut counts = vec![(0, 0); going.len()];
        let places: HashMap<&KeySlice, usize> = going.iter().enumerate().map(|(at, key)| (*key, at)).collect();
        let goes = |key: &KeySlice| from.number == table.number && places.contains_key(key);
        let mut count = |at: usize, key: &KeySlice, school: Option<&str>| {
            let (own, others) = &mut counts[at];
            if !goes(key) && *own + *others < MOST {
                let is_own = known.is_none_or(|known| school.is_some_and(|school| known.contains(school)));
                *if is_own { own } else { others } += 1;
            }
        };
        let (sql, overlay) = (stored_referrers(from, reference), &*self.overlay);
        Statement::with(&sql, arrays(going, reference.fields.len())).each_as_it_comes(self.database, |cells| {
            let key: Vec<Cow<str>> =
                (0..from.key.len()).map(|part| cells.text(part + 2).unwrap_or_default().into()).collect();
            if overlay.state(from, &key).is_none() {
                count(cells.integer(0).unwrap_or_default() as usize - 1, &key, cells.text(1));
            }
            Ok(())
        })?;
        let fields: Vec<usize> = reference.fields.iter().filter_map(|name| other.position(name)).collect();
        for row in overlay.rows.rows_of(from) {
            let named = parts(&row, &fields).and_then(|named| places.get(named.as_slice()).copied());
            if let Some((at, key)) = named.zip(parts(&row, &from.key)) {
                count(at, &key, row.text(from.owner));
            }
        }
        let found = counts.iter().enumerate().filter(|(_, (own, others))| own + others > 0);
        found.for_each(|(at, (own, others))| each(Referrers { at, by: other, own: *own, others: *others }));
        Ok(())
    }
}

/// Each stored record that refers to one of the keys: the key's place, its school, its own key.
fn stored_referrers(from: &Table, reference: &Reference) -> String {
    let columns: Vec<usize> = reference.fields.iter().filter_map(|name| from.spec.position(name)).collect();
    let key: Vec<String> = from.spec.key.iter().map(|name| format!("t.{}::text", quoted(name))).collect();
    format!(
        "SELECT g.o, t.\"school_code\", {} FROM {} JOIN LATERAL (SELECT * FROM {} t WHERE {} OFFSET 0) t ON true",
        key.join(", "),
        table::keys("g", 1, columns.len()),
        quoted(from.spec.table),
        equal(from.spec, &columns, "g")
    )
}
