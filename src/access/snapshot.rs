//! All clients and keys in memory, so that a request costs no look into the database; read again within half a second
//! of a change by any process, and at once after one of our own.

use crate::access::audit;
use crate::access::clients;
use crate::access::clients::Client;
use crate::access::issuers;
use crate::access::keys;
use crate::access::keys::SigningKey;
use crate::access::limits::Limits;
use crate::access::proof::{Proof, Stranger};
use crate::access::secrets;
use crate::access::sessions::Session;
use crate::access::tokens;
use crate::access::tokens::{TokenSubject, Tokens, Trusted};
use crate::access::watch::Waker;
use crate::access::{ClientKind, SENSITIVE_READ, permissions};
use crate::clock;
use crate::error::{Error, Result, UNAUTHENTICATED, UNAVAILABLE};
use crate::model::messages::message;
use crate::model::moment::day_of;
use crate::store::Pool;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::watch::{Sender, channel};
use uuid::Uuid;

/// Unconfirmed for so long, the snapshot lets nobody in: a revoked client must not live on because the database is out
/// of reach.
const STALE: Duration = Duration::from_secs(10);
/// What is configured.
#[derive(Debug, Clone)]
pub struct AccessSettings {
    /// Whose clients they are.
    pub tenant: Arc<str>,
    /// `iss` of tokens: the address clients know.
    pub issuer: String,
    /// How long a token lives.
    pub token_lifetime: TimeDelta,
    /// How long a key signs.
    pub key_rotation: TimeDelta,
    /// Requests a second and client; 0: no limit.
    pub rate: u32,
    /// Requests of a client at once.
    pub burst: u32,
}

struct Snapshot {
    version: i64,
    /// The day in Vietnam: communes of a grant are those of a day.
    day: NaiveDate,
    clients: HashMap<Uuid, Arc<Client>>,
    keys: Vec<SigningKey>,
    retired: Vec<Jwk>,
    issuers: HashSet<String>,
}

impl Snapshot {
    fn signing(&self, now: DateTime<Utc>) -> Result<&SigningKey> {
        keys::current(&self.keys, now).ok_or_else(|| Error::internal("there is no signing key"))
    }
}

/// Who a token belongs to.
#[derive(Debug, Clone)]
pub struct ClientIdentity {
    /// The client as it is granted now.
    pub client: Arc<Client>,
    /// May it see sensitive fields with this token?
    pub sensitive: bool,
}

/// Who comes in, with which token.
pub struct Access {
    /// What is configured.
    pub settings: AccessSettings,
    /// What each client may ask for.
    pub limits: Limits,
    tokens: Tokens,
    snapshot: RwLock<Arc<Snapshot>>,
    started: Instant,
    /// How long after the start the look began that last confirmed the snapshot.
    confirmed: Sender<Duration>,
    waker: Waker,
}

impl Access {
    /// Reads clients and keys, and makes the first key where there is none. What is read stays true only while the
    /// [`Watch`](crate::access::watch::Watch) that it can wake is given turns.
    ///
    /// # Errors
    /// Those of the database.
    pub fn open(pool: &Pool, settings: AccessSettings, waker: Waker) -> Result<Arc<Self>> {
        let mut connection = pool.get()?;
        keys::maintain(&mut connection, settings.key_rotation, settings.token_lifetime)?;
        issuers::register(&mut connection, &settings.issuer)?;
        Ok(Arc::new(Self {
            limits: Limits::new(settings.rate, settings.burst),
            settings,
            tokens: Tokens::default(),
            snapshot: RwLock::new(Arc::new(read(&mut connection)?)),
            started: Instant::now(),
            confirmed: channel(Duration::ZERO).0,
            waker,
        }))
    }

    fn current(&self) -> Arc<Snapshot> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads clients and keys again if anything changed. To be called after a change of our own.
    ///
    /// # Errors
    /// Those of the database.
    pub fn refresh(&self, connection: &mut PgConnection) -> Result<()> {
        let asked_at = Instant::now();
        if self.is_behind(audit::version(connection)?) {
            self.read_again(connection)?;
        }
        self.confirm(asked_at);
        Ok(())
    }

    pub(super) fn read_again(&self, connection: &mut PgConnection) -> Result<()> {
        self.replace(read(connection)?);
        Ok(())
    }

    /// Has what is known changed since, if the database is at this version?
    pub(super) fn is_behind(&self, version: i64) -> bool {
        let known = self.current();
        version > known.version || known.day != day_of(clock::now())
    }

    /// What is known was true when the database was asked.
    pub(super) fn confirm(&self, asked_at: Instant) {
        let asked_at = asked_at.saturating_duration_since(self.started);
        self.confirmed.send_if_modified(|confirmed| {
            let later = asked_at > *confirmed;
            *confirmed = asked_at.max(*confirmed);
            later
        });
    }

    /// Two readers may overtake each other: the newer stands.
    fn replace(&self, snapshot: Snapshot) {
        let mut current = self.snapshot.write().unwrap_or_else(PoisonError::into_inner);
        if (snapshot.version, snapshot.day) > (current.version, current.day) {
            *current = Arc::new(snapshot);
        }
    }

    /// Was the snapshot confirmed by the database lately?
    pub fn is_fresh(&self) -> bool {
        let confirmed = *self.confirmed.borrow();
        self.started.elapsed().saturating_sub(confirmed) < STALE
    }

    /// Waits until all that was changed before now, by any process, is known here; a second at most. Many may wait for
    /// one look.
    pub async fn settle(&self) {
        let (now, mut confirmed) = (self.started.elapsed(), self.confirmed.subscribe());
        self.waker.wake();
        let _ = tokio::time::timeout(Duration::from_secs(1), confirmed.wait_for(|confirmed| *confirmed >= now)).await;
    }

    /// Who a token belongs to. Costs no look into the database, and a signature check the first time only.
    ///
    /// # Errors
    /// A 401 for a token that is not valid or whose client was revoked, a 503 when that cannot be told.
    pub fn identify(&self, token: &str) -> Result<ClientIdentity, Stranger> {
        let snapshot = self.current();
        let trusted = Trusted { tenant: &self.settings.tenant, keys: &snapshot.keys, issuers: &snapshot.issuers };
        let verified = self.tokens.verify(token, &trusted, clock::now()).map_err(Stranger::of)?;
        self.granted(&snapshot, verified.client, &verified.scope, |_| true)
    }

    /// Who signed in, with all that the client may ask for; a session ends with the secret that opened it.
    ///
    /// # Errors
    /// As of [`Access::identify`].
    pub fn identify_session(&self, session: &Session) -> Result<ClientIdentity, Stranger> {
        let is_same = |client: &Client| client.secret_mark() == session.secret_mark;
        self.granted(&self.current(), session.client, SENSITIVE_READ, is_same)
    }

    fn granted(
        &self,
        snapshot: &Snapshot,
        id: Uuid,
        scope: &str,
        holds: impl Fn(&Client) -> bool,
    ) -> Result<ClientIdentity, Stranger> {
        if !self.is_fresh() {
            return Err(Stranger::Refused(Error::new(UNAVAILABLE, message("access-unknown")).retry_after(5)));
        }
        let lost = || Error::new(UNAUTHENTICATED, message("client-lost-access"));
        let client = snapshot.clients.get(&id).ok_or_else(|| Stranger::Unknown(lost()))?;
        if client.revoked_at.is_some() || !holds(client) {
            return Err(Stranger::Refused(lost()));
        }
        let scope = has_scope(&client.scopes, scope);
        Ok(ClientIdentity { sensitive: permissions::sees_sensitive(client.kind, scope), client: client.clone() })
    }

    /// Is there, or was there, such a client?
    pub fn knows(&self, id: Uuid) -> bool {
        self.current().clients.contains_key(&id)
    }

    /// Takes one token from the client's budget.
    ///
    /// # Errors
    /// A 429 with the seconds to wait.
    pub fn take_token(&self, id: Uuid) -> Result<()> {
        self.limits.token(id)
    }

    /// Counts a wrong secret. An invented id has no budget: it is refused anyway, and must not fill the memory.
    ///
    /// # Errors
    /// A 429 when too many wrong secrets came with this id.
    pub fn count_wrong_secret(&self, id: Uuid) -> Result<()> {
        if self.knows(id) { self.limits.wrong_secret(id) } else { Ok(()) }
    }

    /// Is this the client's secret? Costs next to nothing: a flood of wrong ones must not.
    pub fn prove(&self, id: Uuid, secret: &str) -> Proof {
        let snapshot = self.current();
        match snapshot.clients.get(&id).filter(|client| client.revoked_at.is_none()) {
            None => Proof::Wrong,
            Some(client) => match &client.secret_digest {
                // Digests are compared: the time that it takes tells nothing about the secret.
                Some(digest) if *digest == secrets::digest(id, secret) => Proof::Right(client.clone()),
                Some(_) => Proof::Wrong,
                None => Proof::Unproven(client.clone()),
            },
        }
    }

    /// Waits as [`Access::settle`] does; is anything else known of the client's secret then?
    pub async fn settle_client(&self, id: Uuid) -> bool {
        let secret = |snapshot: Arc<Snapshot>| snapshot.clients.get(&id).map(|client| client.secret_hash.clone());
        let before = secret(self.current());
        self.settle().await;
        secret(self.current()) != before
    }

    /// A token for a client.
    ///
    /// # Errors
    /// A fault of the service when there is no key that can sign.
    pub fn issue(&self, client: Uuid, scope: &str) -> Result<String> {
        let (snapshot, now) = (self.current(), clock::now());
        let (issuer, tenant) = (&self.settings.issuer, &self.settings.tenant);
        let subject = TokenSubject { issuer, tenant, client, scope };
        tokens::issue(snapshot.signing(now)?, &subject, now, self.settings.token_lifetime)
    }

    /// A statement of this gateway's, signed with the key that signs tokens now; `kind` is its `typ`.
    ///
    /// # Errors
    /// A fault of the service when there is no key that can sign.
    pub fn sign(&self, kind: &str, claims: &impl Serialize) -> Result<String> {
        keys::sign(self.current().signing(clock::now())?, kind, claims)
    }

    /// The area of a client now; none when it was revoked.
    pub fn area(&self, id: Uuid) -> Option<crate::access::Area> {
        let snapshot = self.current();
        snapshot.clients.get(&id).filter(|client| client.revoked_at.is_none()).map(|client| client.area.clone())
    }

    /// The public keys.
    pub fn public_keys(&self) -> JwkSet {
        let snapshot = self.current();
        keys::public(&snapshot.keys, &snapshot.retired)
    }

    /// How many clients of a kind have access.
    pub fn count(&self, kind: ClientKind) -> usize {
        self.current().clients.values().filter(|client| client.kind == kind && client.revoked_at.is_none()).count()
    }

    pub(super) fn upkeep(&self, connection: &mut PgConnection) -> Result<()> {
        self.limits.sweep();
        self.tokens.sweep(clock::now());
        issuers::register(connection, &self.settings.issuer)?;
        keys::maintain(connection, self.settings.key_rotation, self.settings.token_lifetime)
    }
}

/// Does the token carry the scope, and may the client still ask for it?
fn has_scope(granted: &[String], scope: &str) -> bool {
    scope.split(' ').any(|scope| scope == SENSITIVE_READ) && granted.iter().any(|scope| scope == SENSITIVE_READ)
}

fn read(connection: &mut PgConnection) -> Result<Snapshot> {
    connection.build_transaction().repeatable_read().read_only().run(|connection| {
        let (version, day) = (audit::version(connection)?, day_of(clock::now()));
        let clients = clients::all(connection, day)?.into_iter().map(|client| (client.id, Arc::new(client))).collect();
        Ok(Snapshot {
            version,
            day,
            clients,
            keys: keys::load(connection)?,
            retired: keys::retired(connection)?,
            issuers: issuers::known(connection)?,
        })
    })
}
