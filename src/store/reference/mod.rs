//! Reference data that an operator loads (code lists and administrative units), what administrators set (crosswalks and
//! reporting periods), and the snapshot of all of it that is in force.

pub mod crosswalks;
mod offline;
mod read;
pub mod reporting;
mod write;

use crate::error::Result;
use crate::model::lists::{ListEntry, Lists, Unit, UnitLevel, Units};
use crate::store::pg::statement::Statement;
use chrono::NaiveDate;
use diesel::sql_types::{Date, Jsonb, Nullable, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
pub use offline::lists_of;
use read::ReferenceContent;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

/// A file to be loaded.
#[derive(Debug, Clone)]
pub struct ReferenceFile {
    /// Name without folders; it says the list's name or the validity where columns do not.
    pub name: String,
    /// CSV, UTF-8.
    pub bytes: Vec<u8>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = LoadedFile)]
pub struct Loaded {
    /// Its name.
    pub file: String,
    /// The list's name, or `administrative-units`, `communes`, `crosswalk`, `provinces`.
    pub content: String,
    /// Rows that were loaded.
    pub rows: usize,
}

/// Loads files in one transaction: all of them, or none.
///
/// # Errors
/// The first file that cannot be read, with its line and what was expected; those of the database.
pub fn load(connection: &mut PgConnection, files: &[ReferenceFile]) -> Result<Vec<Loaded>> {
    let contents: Vec<ReferenceContent> =
        files.iter().map(|file| read::read(&file.name, &file.bytes)).collect::<Result<_>>()?;
    connection.transaction(|connection| {
        write::raise_version(connection)?;
        contents.iter().try_for_each(|content| write::write(connection, content))
    })?;
    Ok(files.iter().zip(&contents).map(|(file, content)| loaded(file, content)).collect())
}

fn loaded(file: &ReferenceFile, content: &ReferenceContent) -> Loaded {
    let (content, rows) = match content {
        ReferenceContent::List { name, entries, .. } => (name.as_str(), entries.len()),
        ReferenceContent::Provinces { entries, .. } => ("provinces", entries.len()),
        ReferenceContent::Units(units) => ("administrative-units", units.len()),
        ReferenceContent::Communes { units, .. } => ("communes", units.len()),
        ReferenceContent::Crosswalk { rows, .. } => ("crosswalk", rows.len()),
    };
    Loaded { file: file.name.clone(), content: content.to_owned(), rows }
}

/// The snapshot in force, shared by all that judge records. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Current(Arc<RwLock<Snapshot>>);

#[derive(Debug, Default)]
struct Snapshot {
    version: i64,
    lists: Arc<Lists>,
}

/// One `bigint`: the version of the lists that are stored.
pub const VERSION: &str = "(SELECT version::bigint FROM reference_version)";

impl Current {
    /// The lists that were in force when somebody last looked, with their version. Whoever judges by them must hold
    /// that against [`VERSION`].
    pub fn known(&self) -> (i64, Arc<Lists>) {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (known.version, known.lists.clone())
    }
    /// The lists in force now, also when another process has loaded some. Costs one short query; the tables are read
    /// only when something changed.
    ///
    /// # Errors
    /// Those of the database.
    pub fn current(&self, connection: &mut PgConnection) -> Result<Arc<Lists>> {
        let stored = version(connection)?;
        {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if known.version == stored {
                return Ok(known.lists.clone());
            }
        }
        let (version, lists) = snapshot(connection)?;
        let lists = Arc::new(lists);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.version != version {
            *known = Snapshot { version, lists: lists.clone() };
        }
        Ok(lists)
    }
}

/// The units in memory.
static UNITS: Mutex<Vec<Weak<Units>>> = Mutex::new(Vec::new());

/// The same units once, however many tenants have them.
fn shared(units: Units) -> Arc<Units> {
    let mut known = UNITS.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|other| other.strong_count() > 0);
    if let Some(same) = known.iter().filter_map(Weak::upgrade).find(|other| **other == units) {
        return same;
    }
    let units = Arc::new(units);
    known.push(Arc::downgrade(&units));
    units
}

/// The version of what is stored; it rises with every change.
///
/// # Errors
/// Those of the database.
pub fn version(connection: &mut PgConnection) -> Result<i64> {
    let row = Statement::new(format!("SELECT {VERSION}")).first_row(connection)?;
    Ok(row.and_then(|cells| cells.integer(0)).unwrap_or_default())
}

/// The lists as they are stored. The version is read first: a load in between is seen by the next look at the version.
fn snapshot(connection: &mut PgConnection) -> Result<(i64, Lists)> {
    let version = version(connection)?;
    let lists = Lists::overlaid(entries(connection)?, shared(units(connection)?));
    Ok((version, lists.governed(crosswalks::all(connection)?, reporting::all(connection)?)))
}

/// The program's lists, overlaid by what is stored.
///
/// # Errors
/// Those of the database.
pub fn lists(connection: &mut PgConnection) -> Result<Lists> {
    Ok(snapshot(connection)?.1)
}

#[derive(QueryableByName)]
struct EntryRow {
    #[diesel(sql_type = Text)]
    list: String,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    name_vi: String,
    #[diesel(sql_type = Text)]
    name_en: String,
    #[diesel(sql_type = Nullable<Date>)]
    valid_from: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    valid_to: Option<NaiveDate>,
    #[diesel(sql_type = Jsonb)]
    columns: serde_json::Value,
}

fn entries(connection: &mut PgConnection) -> Result<BTreeMap<String, Vec<ListEntry>>> {
    let query = "SELECT list, code, name_vi, name_en, valid_from, valid_to, columns FROM code_list_values ORDER BY id";
    let mut lists: BTreeMap<String, Vec<ListEntry>> = BTreeMap::new();
    for row in sql_query(query).load::<EntryRow>(connection)? {
        let EntryRow { list, code, name_vi, name_en, valid_from, valid_to, columns } = row;
        let columns = serde_json::from_value(columns).unwrap_or_default();
        lists.entry(list).or_default().push(ListEntry { code, name_vi, name_en, valid_from, valid_to, columns });
    }
    Ok(lists)
}

#[derive(QueryableByName)]
struct UnitRow {
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    level: String,
    #[diesel(sql_type = Text)]
    province: String,
    #[diesel(sql_type = Nullable<Date>)]
    valid_from: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    valid_to: Option<NaiveDate>,
    #[diesel(sql_type = Text)]
    successors: String,
}

#[derive(QueryableByName)]
struct SuccessionRow {
    #[diesel(sql_type = Date)]
    ended_on: NaiveDate,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    successor: String,
}

/// The units, each with the successors that it names itself and those of the crosswalk.
///
/// # Errors
/// Those of the database.
pub fn units(connection: &mut PgConnection) -> Result<Units> {
    let successions =
        "SELECT ended_on, code, successor FROM administrative_successions ORDER BY ended_on, code, successor";
    let mut crosswalk: HashMap<(NaiveDate, String), Vec<String>> = HashMap::new();
    for row in sql_query(successions).load::<SuccessionRow>(connection)? {
        crosswalk.entry((row.ended_on, row.code)).or_default().push(row.successor);
    }
    let query =
        "SELECT code, name, level, province, valid_from, valid_to, successors FROM administrative_units ORDER BY id";
    let rows: Vec<UnitRow> = sql_query(query).load(connection)?;
    Ok(Units::new(rows.into_iter().map(|row| unit(row, &crosswalk))))
}

fn unit(row: UnitRow, crosswalk: &HashMap<(NaiveDate, String), Vec<String>>) -> Unit {
    let level = match row.level.as_str() {
        "province" => UnitLevel::Province,
        "district" => UnitLevel::District,
        _ => UnitLevel::Commune,
    };
    let successors = row.successors.split_whitespace().map(str::to_owned).collect();
    let UnitRow { code, name, province, valid_from, valid_to, .. } = row;
    with_successors(Unit { code, name, level, province, valid_from, valid_to, successors }, crosswalk)
}

/// The unit with those successors too that the crosswalk names.
fn with_successors(mut unit: Unit, crosswalk: &HashMap<(NaiveDate, String), Vec<String>>) -> Unit {
    let taken_over =
        unit.valid_to.and_then(|ended_on| crosswalk.get(&(ended_on, unit.code.clone()))).into_iter().flatten();
    for code in taken_over {
        if !unit.successors.contains(code) {
            unit.successors.push(code.clone());
        }
    }
    unit
}
