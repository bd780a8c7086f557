//! Clients as they are stored: made, listed, revoked, given another secret or other grants. Every change is audited in
//! its transaction.

use crate::access::area::Area;
use crate::access::audit;
use crate::access::audit::Actor;
use crate::access::kind::ClientKind;
use crate::access::{SENSITIVE_READ, Scope, secrets};
use crate::error::{BAD_REQUEST, Error, NOT_FOUND, Result};
use crate::model::lists::SameCommunes;
use crate::model::messages::message;
use crate::store::reference;
use crate::store::schema::{client_grants, clients};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

/// A client to be made.
#[derive(Debug, Clone)]
pub struct NewClient {
    name: String,
    kind: ClientKind,
    area: Area,
    scopes: Vec<String>,
}

impl NewClient {
    /// Checks what was asked for.
    ///
    /// # Errors
    /// A 400 that says what is wrong with the name or the scopes.
    pub fn new(name: &str, kind: ClientKind, area: Area, mut scopes: Vec<String>) -> Result<Self> {
        let name = name.trim();
        let length = name.chars().count();
        if !(1..=200).contains(&length) || name.chars().any(char::is_control) {
            return Err(Error::new(BAD_REQUEST, message("client-name-malformed")));
        }
        if let Some(unknown) = scopes.iter().find(|scope| *scope != SENSITIVE_READ) {
            return Err(Error::new(
                BAD_REQUEST,
                message("scope-unknown").with("value", unknown.escape_debug()).with("known", SENSITIVE_READ),
            ));
        }
        scopes.dedup();
        Ok(Self { name: name.to_owned(), kind, area, scopes })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = clients)]
struct Row {
    id: Uuid,
    name: String,
    kind: String,
    secret_hash: String,
    secret_digest: Option<Vec<u8>>,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
}

/// A client.
#[derive(Debug, Clone)]
pub struct Client {
    /// UUID v7; the `client_id` of OAuth.
    pub id: Uuid,
    /// For people.
    pub name: String,
    /// What it is.
    pub kind: ClientKind,
    /// Scopes it may ask for.
    pub scopes: Vec<String>,
    /// Its grants.
    pub area: Area,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it lost its access.
    pub revoked_at: Option<DateTime<Utc>>,
    /// argon2id, PHC string; never shown.
    pub(super) secret_hash: String,
    /// Its fast digest; never shown.
    pub(super) secret_digest: Option<Vec<u8>>,
}

/// The schools that a client is concerned with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Grants {
    /// Every school.
    pub all_schools: bool,
    /// Codes of single schools; they need not exist yet.
    pub schools: Vec<String>,
    /// Codes of communes, for all their schools.
    pub communes: Vec<String>,
}

/// A client.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Client)]
pub struct ClientSummary {
    /// Its id.
    pub client_id: Uuid,
    /// For people; need not be unique.
    pub name: String,
    /// What it is.
    pub kind: ClientKind,
    /// Scopes that it may ask for.
    #[schema(value_type = Vec<Scope>)]
    pub scopes: Vec<String>,
    /// The schools that it is concerned with.
    pub grants: Grants,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it lost its access.
    #[schema(format = DateTime, required = true)]
    pub revoked_at: Option<String>,
}

impl Client {
    fn new(row: Row, area: Area) -> Result<Self> {
        let kind = ClientKind::parse(&row.kind).map_err(Error::internal)?;
        let Row { id, name, secret_hash, secret_digest, scopes, created_at, revoked_at, .. } = row;
        Ok(Self { id, name, kind, scopes, area, created_at, revoked_at, secret_hash, secret_digest })
    }
    /// As the API and the command line show it.
    pub fn summary(&self) -> ClientSummary {
        let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
        ClientSummary {
            client_id: self.id,
            name: self.name.clone(),
            kind: self.kind,
            scopes: self.scopes.clone(),
            grants: self.grants(),
            created_at: instant(self.created_at),
            revoked_at: self.revoked_at.map(instant),
        }
    }
    /// Its grants alone.
    pub fn grants(&self) -> Grants {
        let codes = |codes: &BTreeSet<String>| codes.iter().cloned().collect();
        Grants {
            all_schools: self.area.all(),
            schools: codes(self.area.schools()),
            communes: codes(self.area.granted_communes()),
        }
    }
}

/// Makes a client; answers with it and its secret, which is not kept.
///
/// # Errors
/// Those of the database.
pub fn create(connection: &mut PgConnection, actor: &Actor, new: &NewClient) -> Result<(Client, String)> {
    let (id, secret) = (Uuid::now_v7(), secrets::generate());
    let hash = secrets::hash(&secret)?;
    let client = connection.transaction::<_, Error, _>(|connection| {
        diesel::insert_into(clients::table)
            .values((
                clients::id.eq(id),
                clients::name.eq(&new.name),
                clients::kind.eq(new.kind.as_str()),
                clients::secret_hash.eq(hash),
                clients::secret_digest.eq(secrets::digest(id, &secret).as_slice()),
                clients::scopes.eq(&new.scopes),
            ))
            .execute(connection)?;
        write_grants(connection, id, &new.area)?;
        audit::record(connection, actor, "client.create", &id.to_string())?;
        find(connection, id)
    })?;
    Ok((client, secret))
}

/// The client with this id.
///
/// # Errors
/// A 404, and those of the database.
pub fn find(connection: &mut PgConnection, id: Uuid) -> Result<Client> {
    let row = clients::table.find(id).select(Row::as_select()).first(connection).optional()?;
    let row = row.ok_or_else(|| unknown(id))?;
    let area = areas(connection, Some(&[id]))?.remove(&id).unwrap_or_default();
    Client::new(row, area)
}

/// What these clients are called, those included that were revoked.
///
/// # Errors
/// Those of the database.
pub fn names(connection: &mut PgConnection, ids: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, String>> {
    let ids: BTreeSet<Uuid> = ids.collect();
    let rows = clients::table.filter(clients::id.eq_any(ids)).select((clients::id, clients::name)).load(connection)?;
    Ok(rows.into_iter().collect())
}

/// Up to `limit` clients, in the order they were made, after the one with the id `after`.
///
/// # Errors
/// Those of the database.
pub fn list(connection: &mut PgConnection, after: Option<Uuid>, limit: i64) -> Result<Vec<Client>> {
    let mut query = clients::table.select(Row::as_select()).order(clients::id).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(clients::id.gt(after));
    }
    let rows: Vec<Row> = query.load(connection)?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut areas = areas(connection, Some(&ids))?;
    rows.into_iter()
        .map(|row| (areas.remove(&row.id).unwrap_or_default(), row))
        .map(|(area, row)| Client::new(row, area))
        .collect()
}

/// Every client, for the snapshot: the communes of their areas are those of this day.
pub(super) fn all(connection: &mut PgConnection, today: NaiveDate) -> Result<Vec<Client>> {
    let rows: Vec<Row> = clients::table.select(Row::as_select()).load(connection)?;
    let mut areas = areas(connection, None)?;
    if areas.values().any(|area| !area.granted_communes().is_empty()) {
        let communes = SameCommunes::on(today, &reference::units(connection)?);
        areas.values_mut().for_each(|area| area.resolve(&communes));
    }
    rows.into_iter()
        .map(|row| (areas.remove(&row.id).unwrap_or_default(), row))
        .map(|(area, row)| Client::new(row, area))
        .collect()
}

/// Ends a client's access; one revoked before stays as it is.
///
/// # Errors
/// A 404, and those of the database.
pub fn revoke(connection: &mut PgConnection, actor: &Actor, id: Uuid) -> Result<Client> {
    connection.transaction(|connection| {
        let open = clients::table.filter(clients::id.eq(id).and(clients::revoked_at.is_null()));
        if diesel::update(open).set(clients::revoked_at.eq(diesel::dsl::now)).execute(connection)? > 0 {
            audit::record(connection, actor, "client.revoke", &id.to_string())?;
        }
        find(connection, id)
    })
}

/// Gives a client another secret; the one before is worth nothing from now on. Answers with the secret, which is not
/// kept.
///
/// # Errors
/// A 404, also for a revoked client, and those of the database.
pub fn rotate(connection: &mut PgConnection, actor: &Actor, id: Uuid) -> Result<String> {
    let secret = secrets::generate();
    let hash = secrets::hash(&secret)?;
    connection.transaction(|connection| {
        let open = clients::table.filter(clients::id.eq(id).and(clients::revoked_at.is_null()));
        let change = (
            clients::secret_hash.eq(hash),
            clients::secret_digest.eq(secrets::digest(id, &secret).to_vec()),
            clients::secret_changed_at.eq(diesel::dsl::now),
        );
        if diesel::update(open).set(change).execute(connection)? == 0 {
            return Err(unknown(id));
        }
        audit::record(connection, actor, "client.rotate", &id.to_string())
    })?;
    Ok(secret)
}

/// Keeps the digest of a secret that was just proven by its slow hash, unless the secret was changed meanwhile.
///
/// # Errors
/// Those of the database.
pub fn keep_digest(connection: &mut PgConnection, client: &Client, secret: &str) -> Result<()> {
    let proven = clients::table.filter(clients::id.eq(client.id).and(clients::secret_hash.eq(&client.secret_hash)));
    let digest = clients::secret_digest.eq(secrets::digest(client.id, secret).to_vec());
    connection.transaction(|connection| {
        diesel::update(proven).set(digest).execute(connection)?;
        audit::raise_version(connection)
    })
}

/// Puts other grants in the place of a client's.
///
/// # Errors
/// A 404, and those of the database.
pub fn set_grants(connection: &mut PgConnection, actor: &Actor, id: Uuid, area: &Area) -> Result<Client> {
    connection.transaction(|connection| {
        // The lock keeps two administrators' grants from mixing.
        clients::table
            .find(id)
            .select(clients::id)
            .for_update()
            .first::<Uuid>(connection)
            .optional()?
            .ok_or_else(|| unknown(id))?;
        diesel::delete(client_grants::table.filter(client_grants::client_id.eq(id))).execute(connection)?;
        write_grants(connection, id, area)?;
        audit::record(connection, actor, "client.grants", &id.to_string())?;
        find(connection, id)
    })
}

fn unknown(id: Uuid) -> Error {
    Error::new(NOT_FOUND, message("client-unknown").with("client", id))
}

fn write_grants(connection: &mut PgConnection, id: Uuid, area: &Area) -> Result<()> {
    let row =
        |(kind, code)| (client_grants::client_id.eq(id), client_grants::kind.eq(kind), client_grants::code.eq(code));
    // PostgreSQL takes 65,535 parameters a statement.
    for grants in area.grants().chunks(10_000) {
        let rows: Vec<_> = grants.iter().copied().map(row).collect();
        diesel::insert_into(client_grants::table).values(rows).execute(connection)?;
    }
    Ok(())
}

/// The areas of these clients, or of all.
fn areas(connection: &mut PgConnection, of: Option<&[Uuid]>) -> Result<HashMap<Uuid, Area>> {
    let mut query = client_grants::table.into_boxed();
    if let Some(ids) = of {
        query = query.filter(client_grants::client_id.eq_any(ids));
    }
    let rows: Vec<(Uuid, String, String)> = query.load(connection)?;
    let mut areas: HashMap<Uuid, Area> = HashMap::new();
    for (client, kind, code) in rows {
        areas.entry(client).or_default().grant(&kind, code);
    }
    Ok(areas)
}
