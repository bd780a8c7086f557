//! Crosswalks into and out of their table.

use crate::error::Result;
use crate::model::lists::{Crosswalk, CrosswalkLine, Crosswalks};
use crate::store::reference::write::raise_version;
use crate::store::schema::{client_crosswalks as table, clients};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// PostgreSQL takes 65,535 parameters a statement; a line has six.
const ROWS: usize = 10_000;

/// Client and its name, list, and a line.
type Stored = (Uuid, String, String, (String, String, Option<NaiveDate>, Option<NaiveDate>));

/// The crosswalks of all clients.
pub(crate) fn all(connection: &mut PgConnection) -> Result<HashMap<Uuid, Crosswalks>> {
    let line = (table::foreign_code, table::code, table::valid_from, table::valid_to);
    let query = table::table.inner_join(clients::table).order(table::id).select((
        table::client_id,
        clients::name,
        table::list,
        line,
    ));
    let mut found: HashMap<Uuid, (String, BTreeMap<String, Vec<CrosswalkLine>>)> = HashMap::new();
    for (client, name, list, (foreign_code, code, valid_from, valid_to)) in query.load::<Stored>(connection)? {
        let (_, lists) = found.entry(client).or_insert_with(|| (format!("{name} ({client})"), BTreeMap::new()));
        lists.entry(list).or_default().push(CrosswalkLine { foreign_code, code, valid_from, valid_to });
    }
    let crosswalks = |(client, lists): (String, BTreeMap<String, Vec<CrosswalkLine>>)| Crosswalks {
        client,
        lists: lists.into_iter().map(|(list, lines)| (list, Crosswalk::new(lines))).collect(),
    };
    Ok(found.into_iter().map(|(client, found)| (client, crosswalks(found))).collect())
}

/// Puts lines in the place of a client's crosswalk of a list. Belongs into the transaction of its audit.
///
/// # Errors
/// Those of the database.
pub fn replace(connection: &mut PgConnection, client: Uuid, list: &str, lines: &[CrosswalkLine]) -> Result<()> {
    remove(connection, client, list)?;
    let row = |line: &CrosswalkLine| {
        (
            table::client_id.eq(client),
            table::list.eq(list.to_owned()),
            table::foreign_code.eq(line.foreign_code.clone()),
            table::code.eq(line.code.clone()),
            table::valid_from.eq(line.valid_from),
            table::valid_to.eq(line.valid_to),
        )
    };
    for lines in lines.chunks(ROWS) {
        diesel::insert_into(table::table).values(lines.iter().map(row).collect::<Vec<_>>()).execute(connection)?;
    }
    Ok(())
}

/// Ends a client's crosswalk of a list; `false`: there was none. Belongs into the transaction of its audit.
///
/// # Errors
/// Those of the database.
pub fn remove(connection: &mut PgConnection, client: Uuid, list: &str) -> Result<bool> {
    raise_version(connection)?;
    let gone = diesel::delete(table::table.filter(table::client_id.eq(client).and(table::list.eq(list))))
        .execute(connection)?;
    Ok(gone > 0)
}
