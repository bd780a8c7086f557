//! Which schools of what lookups found have ended, so that another took their place. Asked of the source only where
//! something of another school was found.

use crate::merge::related::Related;
use crate::merge::source::{Answer, Ask, KeyParts, RowSource, What};
use crate::model::rules::ended::successor;
use crate::model::schools::School;
use crate::store::table;
use diesel::QueryResult;
use std::collections::{BTreeSet, HashSet};

/// What the reference to the own school is called.
const SCHOOL: &str = "school";

/// Of the other schools of what was found, those that ended with a successor.
pub(super) fn replaced_schools(related: &Related, source: &mut dyn RowSource) -> QueryResult<HashSet<String>> {
    let (own, others) = (related.table, other_schools(related));
    let position = own.spec.references.iter().position(|reference| reference.name == SCHOOL);
    let schools = position.and_then(|at| Some((table::find(own.spec.references[at].to)?, own.parents.get(at)?)));
    let mut replaced = HashSet::new();
    let Some((schools, join)) = schools.filter(|_| !others.is_empty()) else { return Ok(replaced) };
    let keys: Vec<KeyParts> = others.into_iter().map(|school| vec![school.into()]).collect();
    let what = What::Rows { known: &schools.key, only: &[], any: false };
    let ask = Ask { from: schools, join, what, keys: keys.iter().collect(), lock: false };
    source.answer(&[ask], &mut |_, _, answer| match answer {
        Answer::Row(row) if successor(School(&row)).is_some() => {
            replaced.extend(row.text(schools.owner).map(str::to_owned));
        }
        _ => {}
    })?;
    Ok(replaced)
}

/// The schools of what was found for records of other schools, by the lookups whose rules ask for them.
fn other_schools<'f>(related: &'f Related) -> BTreeSet<&'f str> {
    let mut others = BTreeSet::new();
    let asking = related.table.spec.lookups.iter().zip(&related.lookups).filter(|(lookup, _)| lookup.successors);
    for (lookup, found) in asking {
        let Some(from) = table::find(lookup.from) else { continue };
        for (place, record) in related.records.iter().enumerate() {
            let rows = found.at(place).map_or(&[][..], Vec::as_slice);
            let school = |row: &'f crate::model::value::Row| row.text(from.owner);
            others.extend(rows.iter().filter_map(school).filter(|school| record.school(related.table) != Some(school)));
        }
    }
    others
}
