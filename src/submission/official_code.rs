//! The sector has given a person his code: his records, and all that name him, move from the provisional one to it, in
//! one transaction.

use crate::access::Area;
use crate::change::block::Author;
use crate::error;
use crate::error::{Error, Result};
use crate::intake::gate::Gate;
use crate::intake::record::{Incoming, RecordOperation};
use crate::merge::alias;
use crate::merge::batch::{OnMissing, WriteContext};
use crate::merge::locks::{lock_schools, visible_schools};
use crate::merge::rename;
use crate::merge::rename::Renaming;
use crate::merge::retry::{TRIES, is_lost_to_another, is_race};
use crate::model::lists::Lists;
use crate::model::messages::{Message, message};
use crate::model::rules::identity::is_provisional;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table;
use crate::store::table::{Table, quoted};
use crate::submission::Work;
use diesel::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// Who asks for which code.
pub struct Request<'a> {
    /// The resource of the person; its key is the code alone.
    pub table: &'static Table,
    /// The provisional code.
    pub old: &'a str,
    /// The official one.
    pub new: &'a str,
    /// The client.
    pub client: Uuid,
    /// The id of its request.
    pub request_id: &'a str,
    /// Its area.
    pub area: &'a Area,
}

/// What ended a try.
enum Ended {
    /// Somebody was quicker, or the person has records at a school that was not locked: to be tried again.
    Overtaken,
    Failed(Error),
}

impl From<diesel::result::Error> for Ended {
    fn from(error: diesel::result::Error) -> Self {
        if is_race(&error) || is_lost_to_another(&error) { Self::Overtaken } else { Self::Failed(error.into()) }
    }
}

/// Puts the official code in the place of the provisional one. Saying it twice is no fault.
///
/// # Errors
/// 404 for a record that is not there or that the client does not manage, 409 for a code that is no provisional one,
/// that gave way to another, or when there is a record under the official code.
pub fn identify(work: &Work, connection: &mut PgConnection, request: &Request) -> Result<()> {
    let lists = work.lists(connection)?;
    for _ in 0..=TRIES {
        let schools = rename::schools(connection, renaming(request))?;
        match connection.transaction(|connection| try_once(work, connection, request, &schools, &lists)) {
            Ok(()) => return Ok(()),
            Err(Ended::Overtaken) => {}
            Err(Ended::Failed(error)) => return Err(error),
        }
    }
    Err(Error::new(error::UNAVAILABLE, message("person-written-all-the-time")).retry_after(2))
}

fn renaming<'a>(request: &Request<'a>) -> Renaming<'a> {
    Renaming { table: request.table, old: request.old, new: request.new, request: request.request_id }
}

fn try_once(
    work: &Work,
    connection: &mut PgConnection,
    request: &Request,
    schools: &BTreeSet<String>,
    lists: &Arc<Lists>,
) -> Result<(), Ended> {
    // A stranger is refused before anything is locked.
    match owner(connection, request.table, request.old, "")? {
        Some(school) if !sees_school(connection, request.area, &school)? => return Err(unseen()),
        _ => lock_schools(connection, schools.iter().map(String::as_str))?,
    }
    if !is_open(connection, request)? {
        return Ok(());
    }
    // Whoever begins to refer to the person locks his record first: from here on nobody does.
    if !rename::schools(connection, renaming(request))?.is_subset(schools) {
        return Err(Ended::Overtaken);
    }
    let writer = WriteContext {
        author: Author { client: request.client, ..Author::default() },
        scope: request.area,
        received: work.today(),
        received_at: crate::model::moment::now(),
        lists,
        endings: None,
        on_missing: OnMissing::Reject,
        status_seen: None,
    };
    let block = rename::rename(connection, renaming(request), &writer)?;
    remember(connection, request, block)?;
    wake_parked(work, connection, request, lists)?;
    Ok(())
}

/// Locks the record and says whether there is anything to do; else why not.
fn is_open(connection: &mut PgConnection, request: &Request) -> Result<bool, Ended> {
    let (old, new) = (request.old, request.new);
    let conflict = |detail: Message| Ended::Failed(Error::new(error::CONFLICT, detail));
    let Some(owner) = owner(connection, request.table, request.old, " FOR UPDATE")? else {
        let code = (request.table.spec.name, request.old.to_owned());
        return match alias::official(connection, &BTreeSet::from([code.clone()]))?.get(&code) {
            Some(other) if other == new => Ok(false),
            Some(other) if sees(connection, request, other)? => {
                Err(conflict(message("code-gave-way").with("old", old).with("other", other)))
            }
            _ => Err(unseen()),
        };
    };
    if !sees_school(connection, request.area, &owner)? {
        return Err(unseen());
    }
    if !is_provisional(request.old) {
        let detail = message("code-is-official").with("old", old);
        return Err(conflict(detail));
    }
    match self::owner(connection, request.table, new, "")? {
        Some(owner) if sees_school(connection, request.area, &owner)? => {
            Err(conflict(message("code-taken").with("new", new).with("old", old)))
        }
        // That it is taken has to be said; by whom, is nobody's business.
        Some(_) => Err(conflict(message("code-of-another-school").with("new", new))),
        None => Ok(true),
    }
}

fn unseen() -> Ended {
    Ended::Failed(Error::new(error::NOT_FOUND, message("record-unknown")))
}

/// The school that manages the record of this code.
fn owner(connection: &mut PgConnection, table: &Table, code: &str, lock: &str) -> QueryResult<Option<String>> {
    let [key] = table.spec.key else { return Ok(None) };
    let sql =
        format!("SELECT t.\"school_code\" FROM {} t WHERE t.{} = $1{lock}", quoted(table.spec.table), quoted(key));
    let found = Statement::with(&sql, vec![Argument::Text(code.into())]).first_row(connection)?;
    Ok(found.and_then(|cells| cells.text(0).map(str::to_owned)))
}

fn sees(connection: &mut PgConnection, request: &Request, code: &str) -> QueryResult<bool> {
    match owner(connection, request.table, code, "")? {
        Some(school) => sees_school(connection, request.area, &school),
        None => Ok(false),
    }
}

fn sees_school(connection: &mut PgConnection, area: &Area, school: &str) -> QueryResult<bool> {
    Ok(area.all() || visible_schools(connection, BTreeSet::from([school]), area)?.contains(school))
}

/// From now on the old code means the new one.
fn remember(connection: &mut PgConnection, request: &Request, block: i64) -> QueryResult<()> {
    let sql = "INSERT INTO code_aliases (resource, old_code, new_code, identified_at, block, client_id, school_code) \
         VALUES ($1, $2, $3, clock_timestamp(), $4, $5, nullif($6, ''))";
    let school = owner(connection, request.table, request.new, "")?;
    let text = |text: &'static str| Argument::Text(text.into());
    let arguments = vec![
        text(request.table.spec.name),
        Argument::Text(request.old.into()),
        Argument::Text(request.new.into()),
        Argument::Integer(block),
        Argument::Uuid(request.client),
        Argument::Text(school.unwrap_or_default().into()),
    ];
    Statement::with(sql, arguments).run(connection).map(|_| ())
}

/// Parked records that name the person by either code are tried again, under the key that they have now. Those that are
/// being tried at this moment find the new code by themselves.
fn wake_parked(work: &Work, connection: &mut PgConnection, request: &Request, lists: &Lists) -> QueryResult<()> {
    let mut found = Vec::new();
    let sql = "SELECT submission_id, index, resource, data, client_id FROM parked_records WHERE strpos(data, $1) > 0 OR strpos(data, $2) > 0 FOR UPDATE SKIP LOCKED";
    let arguments = vec![Argument::Text(request.old.into()), Argument::Text(request.new.into())];
    Statement::with(sql, arguments).each(connection, |cells| {
        let table = cells.text(2).and_then(table::find);
        let place = cells.uuid(0).zip(cells.integer(1));
        if let (Some(place), Some(table), Some(data), Some(client)) = (place, table, cells.text(3), cells.uuid(4)) {
            found.push((place, table, data.to_owned(), client));
        }
        Ok(())
    })?;
    for ((submission, index), table, data, client) in found {
        let gate = Gate {
            lists,
            received: crate::model::moment::day_of(crate::model::moment::now()),
            crosswalks: lists.crosswalks(client),
            largest_record: u64::MAX,
        };
        let Ok(record) = gate.admit(table, index as u64, RecordOperation::Upsert, &data, &mut Vec::new()) else {
            continue;
        };
        let mut records: [Incoming; 1] = [record];
        alias::translate(connection, table, &mut records, &work.scope(client))?;
        let sql = "UPDATE parked_records SET ready = true, key = $1 WHERE submission_id = $2 AND index = $3";
        let key = crate::submission::parked::key_text(table, &records[0]);
        let arguments = vec![Argument::Text(key.into()), Argument::Uuid(submission), Argument::Integer(index)];
        Statement::with(sql, arguments).run(connection)?;
    }
    Ok(())
}
