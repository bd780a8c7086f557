//! Reference data into its tables: what a file covers is replaced, set-wise.

use crate::error::{Error, Result};
use crate::model::lists::{ListEntry, Lists, Unit, UnitLevel};
use crate::store::reference::read::ReferenceContent;
use chrono::NaiveDate;
use diesel::sql_types::{Array, Date, Nullable, Text};
use diesel::{PgConnection, QueryResult, RunQueryDsl, sql_query};
use std::collections::BTreeSet;

/// A time that holds whatever `$n` (first day) and `$m` (last day) may leave open.
const WITHIN: &str = "coalesce(valid_from, '-infinity') >= coalesce($2, '-infinity'::date) AND coalesce(valid_to, 'infinity') <= coalesce($3, 'infinity'::date)";

/// Puts the content in the place of what it covers.
///
/// # Errors
/// Those of the database.
pub fn write(connection: &mut PgConnection, content: &ReferenceContent) -> Result<()> {
    match content {
        ReferenceContent::List { name, from: None, to: None, entries } => {
            sql_query("DELETE FROM code_list_values WHERE list = $1").bind::<Text, _>(name).execute(connection)?;
            insert_entries(connection, name, entries)?;
        }
        ReferenceContent::List { name, from, to, entries } => {
            make_room(connection, name, *from, *to)?;
            insert_entries(connection, name, entries)?;
        }
        ReferenceContent::Provinces { from, entries } => {
            let delete = "DELETE FROM code_list_values WHERE list = 'provinces' AND valid_from IS NOT DISTINCT FROM $1";
            sql_query(delete).bind::<Nullable<Date>, _>(from).execute(connection)?;
            insert_entries(connection, "provinces", entries)?;
        }
        ReferenceContent::Units(units) => {
            let delete = "DELETE FROM administrative_units WHERE province = ANY($1)";
            sql_query(delete).bind::<Array<Text>, _>(provinces(units)).execute(connection)?;
            insert_units(connection, units)?;
        }
        ReferenceContent::Communes { from, to, units } => communes(connection, *from, *to, units)?,
        ReferenceContent::Crosswalk { ended_on, rows } => crosswalk(connection, *ended_on, rows)?,
    }
    Ok(())
}

/// Lets running gateways know. Locks the row, so that loads follow each other.
///
/// # Errors
/// Those of the database.
pub fn raise_version(connection: &mut PgConnection) -> Result<()> {
    sql_query("UPDATE reference_version SET version = version + 1, changed_at = now()").execute(connection)?;
    Ok(())
}

/// Lets the values of a list hold only outside of a time. What the program brings along for the rest of time is stored,
/// since stored values stand in the place of all of it.
fn make_room(connection: &mut PgConnection, list: &str, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<()> {
    let stored = sql_query("SELECT 1 FROM code_list_values WHERE list = $1 LIMIT 1")
        .bind::<Text, _>(list)
        .execute(connection)?;
    if let Some(own) = Lists::embedded().list(list).filter(|_| stored == 0) {
        insert_entries(connection, list, &own.entries)?;
    }
    for statement in [
        format!("DELETE FROM code_list_values WHERE list = $1 AND {WITHIN}"),
        "UPDATE code_list_values SET valid_to = $2 - 1 WHERE list = $1 AND coalesce(valid_to, 'infinity') >= $2 AND $3 IS NULL".to_owned(),
        "UPDATE code_list_values SET valid_from = $3 + 1 WHERE list = $1 AND coalesce(valid_from, '-infinity') <= $3 AND $2 IS NULL"
            .to_owned(),
    ] {
        let query = sql_query(statement).bind::<Text, _>(list);
        query.bind::<Nullable<Date>, _>(from).bind::<Nullable<Date>, _>(to).execute(connection)?;
    }
    Ok(())
}

fn insert_entries(connection: &mut PgConnection, list: &str, entries: &[ListEntry]) -> Result<()> {
    let column = |get: fn(&ListEntry) -> &String| entries.iter().map(get).collect::<Vec<_>>();
    let further: Vec<String> = entries
        .iter()
        .map(|entry| serde_json::to_string(&entry.columns))
        .collect::<Result<_, _>>()
        .map_err(Error::internal)?;
    let insert = "INSERT INTO code_list_values (list, code, name_vi, name_en, valid_from, valid_to, columns) \
                  SELECT $1, code, name_vi, name_en, valid_from, valid_to, columns::jsonb \
                  FROM unnest($2, $3, $4, $5, $6, $7) AS new (code, name_vi, name_en, valid_from, valid_to, columns)";
    sql_query(insert)
        .bind::<Text, _>(list)
        .bind::<Array<Text>, _>(column(|entry| &entry.code))
        .bind::<Array<Text>, _>(column(|entry| &entry.name_vi))
        .bind::<Array<Text>, _>(column(|entry| &entry.name_en))
        .bind::<Array<Nullable<Date>>, _>(entries.iter().map(|entry| entry.valid_from).collect::<Vec<_>>())
        .bind::<Array<Nullable<Date>>, _>(entries.iter().map(|entry| entry.valid_to).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(further)
        .execute(connection)?;
    Ok(())
}

fn provinces(units: &[Unit]) -> Vec<&str> {
    let distinct: BTreeSet<&str> = units.iter().map(|unit| unit.province.as_str()).collect();
    distinct.into_iter().collect()
}

/// The word of a level in the tables.
fn word(level: UnitLevel) -> &'static str {
    match level {
        UnitLevel::Province => "province",
        UnitLevel::District => "district",
        UnitLevel::Commune => "commune",
    }
}

fn insert_units(connection: &mut PgConnection, units: &[Unit]) -> QueryResult<usize> {
    let column = |get: fn(&Unit) -> &String| units.iter().map(get).collect::<Vec<_>>();
    let insert = "INSERT INTO administrative_units (code, name, level, province, valid_from, valid_to, successors) \
                  SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)";
    sql_query(insert)
        .bind::<Array<Text>, _>(column(|unit| &unit.code))
        .bind::<Array<Text>, _>(column(|unit| &unit.name))
        .bind::<Array<Text>, _>(units.iter().map(|unit| word(unit.level)).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(column(|unit| &unit.province))
        .bind::<Array<Nullable<Date>>, _>(units.iter().map(|unit| unit.valid_from).collect::<Vec<_>>())
        .bind::<Array<Nullable<Date>>, _>(units.iter().map(|unit| unit.valid_to).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(units.iter().map(|unit| unit.successors.join(" ")).collect::<Vec<_>>())
        .execute(connection)
}

/// Communes of a time replace those of their provinces within it; one that began before or ends after it keeps its time
/// outside. The file says nothing about successors, so those that are known of a replaced commune stay.
fn communes(
    connection: &mut PgConnection,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    units: &[Unit],
) -> Result<()> {
    let provinces = provinces(units);
    let scope = "level = 'commune' AND province = ANY($1)";
    let mut of_scope = |statement: String| {
        let query = sql_query(statement).bind::<Array<Text>, _>(&provinces);
        query.bind::<Nullable<Date>, _>(from).bind::<Nullable<Date>, _>(to).execute(connection)
    };
    of_scope(format!(
        "CREATE TEMPORARY TABLE replaced ON COMMIT DROP AS SELECT code, valid_to, successors FROM administrative_units WHERE {scope} AND {WITHIN} AND successors <> ''"
    ))?;
    of_scope(format!("DELETE FROM administrative_units WHERE {scope} AND {WITHIN}"))?;
    of_scope(format!(
        "UPDATE administrative_units SET valid_to = $2 - 1 WHERE {scope} AND coalesce(valid_from, '-infinity') < $2 \
         AND coalesce(valid_to, 'infinity') >= $2 AND $3 IS NULL"
    ))?;
    of_scope(format!(
        "UPDATE administrative_units SET valid_from = $3 + 1 WHERE {scope} AND coalesce(valid_from, '-infinity') <= $3 \
         AND coalesce(valid_to, 'infinity') > $3 AND $2 IS NULL"
    ))?;
    insert_units(connection, units)?;
    sql_query(
        "UPDATE administrative_units AS unit SET successors = replaced.successors FROM replaced \
         WHERE unit.code = replaced.code AND unit.level = 'commune' AND unit.valid_to = replaced.valid_to AND unit.successors = ''",
    )
    .execute(connection)?;
    sql_query("DROP TABLE replaced").execute(connection)?;
    Ok(())
}

fn crosswalk(
    connection: &mut PgConnection,
    ended_on: NaiveDate,
    rows: &BTreeSet<(String, String, String)>,
) -> Result<()> {
    let column = |get: fn(&(String, String, String)) -> &String| rows.iter().map(get).collect::<Vec<_>>();
    let delete =
        "DELETE FROM administrative_successions WHERE ended_on = $1 AND (province = ANY($2) OR code = ANY($3))";
    let (provinces, codes) = (column(|row| &row.0), column(|row| &row.1));
    sql_query(delete)
        .bind::<Date, _>(ended_on)
        .bind::<Array<Text>, _>(&provinces)
        .bind::<Array<Text>, _>(&codes)
        .execute(connection)?;
    sql_query("INSERT INTO administrative_successions (ended_on, province, code, successor) SELECT $1, * FROM unnest($2, $3, $4)")
        .bind::<Date, _>(ended_on)
        .bind::<Array<Text>, _>(&provinces)
        .bind::<Array<Text>, _>(&codes)
        .bind::<Array<Text>, _>(column(|row| &row.2))
        .execute(connection)?;
    Ok(())
}
