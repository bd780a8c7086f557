//! The tenants that this gateway serves: each has a [`State`] of its own, so that nothing that is kept in memory (clients,
//! limits, lists, waiting writes, watchers) is ever another's. A request belongs to the tenant that its token or its
//! session names; one without belongs to the default.

use crate::access::Access;
use crate::access::sessions::SessionToken;
use crate::access::tokens::tenant_of;
use crate::access::watch::{Waker, Watch, Watched};
use crate::config::{Config, DEFAULT_TENANT};
use crate::error::{Error, FORBIDDEN, Result, UNAVAILABLE};
use crate::http::console::{self, cookies};
use crate::http::request::context::bearer;
use crate::http::state::{Shared, State, settings};
use crate::jobs::supervisor::Next;
use crate::model::messages::message;
use crate::store::tenants::{self, Tenant, TenantState};
use crate::store::{Pools, migrations};
use actix_web::dev::ServiceRequest;
use actix_web::web::Data;
use jsonwebtoken::jwk::JwkSet;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The tenants of a gateway.
pub struct Tenants {
    config: Arc<Config>,
    pools: Pools,
    listening: SocketAddr,
    shared: Shared,
    watched: Watched,
    waker: Waker,
    /// The one that is there from the beginning.
    default: Data<State>,
    others: RwLock<Arc<Others>>,
    /// Only one opens and closes tenants at a time.
    changing: Mutex<()>,
}

/// The other tenants, by name.
type Others = BTreeMap<Arc<str>, OtherTenant>;

/// Another tenant.
enum OtherTenant {
    /// It is served.
    Open(Data<State>),
    /// Nobody comes in, by the operator's will; its own clients are told so.
    Suspended(Arc<Access>),
    /// It could not be opened; the next start tries it again.
    Broken,
}

impl OtherTenant {
    fn open(&self) -> Option<&Data<State>> {
        match self {
            Self::Open(state) => Some(state),
            Self::Suspended(_) | Self::Broken => None,
        }
    }
}

impl Tenants {
    /// Opens every tenant there is, for a server that listens at `listening`.
    ///
    /// # Errors
    /// Those of the database, and of the default tenant; another that cannot be opened is left out.
    pub fn open(config: Arc<Config>, pools: Pools, listening: SocketAddr) -> Result<Arc<Self>> {
        let known = tenants::list(&mut *pools.work.get()?)?;
        let (shared, watched, (waker, woken)) = (Shared::new(&config)?, Watched::default(), Watch::waker());
        let own = known.iter().find(|tenant| &*tenant.name == DEFAULT_TENANT);
        let own = own.ok_or_else(|| Error::internal("there is no default tenant"))?;
        let default = State::new(own, config.clone(), pools.clone(), listening, &shared, waker.clone())?;
        watched.add(own, &default.access, &pools.work);
        let tenants = Arc::new(Self {
            config,
            pools,
            listening,
            shared,
            watched,
            waker,
            default: Data::new(default),
            others: RwLock::default(),
            changing: Mutex::default(),
        });
        tenants.follow(&known);
        tenants.watch(known, woken)?;
        Ok(tenants)
    }

    /// Has clients, keys and tenants looked for, as long as the gateway runs.
    fn watch(self: &Arc<Self>, known: Vec<Tenant>, woken: Receiver<()>) -> Result<()> {
        let tenants = self.clone();
        let changed = Box::new(move |now: &[Tenant]| tenants.follow(now));
        let mut watch = Watch::new(self.watched.clone(), self.pools.work.clone(), known, changed, woken);
        let supervisor = &self.default.supervisor;
        supervisor.keep("access", move || Ok(if watch.turn() { Next::Now } else { Next::Nothing }))
    }

    /// Opens those that are new or served again, and closes those that are gone or suspended.
    fn follow(&self, now: &[Tenant]) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.others();
        let mut others = Others::new();
        let is_shared = now.len() > 1;
        self.pools.share(is_shared);
        self.shared.workers.share(is_shared);
        for tenant in now.iter().filter(|tenant| &*tenant.name != DEFAULT_TENANT) {
            let state = match (tenant.state, before.get(&tenant.name)) {
                (TenantState::Suspended, Some(OtherTenant::Open(state))) => {
                    OtherTenant::Suspended(state.access.clone())
                }
                (TenantState::Suspended, Some(OtherTenant::Suspended(access))) => {
                    OtherTenant::Suspended(access.clone())
                }
                (TenantState::Suspended, _) => self.suspended(tenant),
                (TenantState::Active, Some(OtherTenant::Open(state))) => OtherTenant::Open(state.clone()),
                (TenantState::Active, _) => self.opened(tenant),
            };
            others.insert(tenant.name.clone(), state);
        }
        let is_open = |name: &Arc<str>| others.get(name).is_some_and(|other| other.open().is_some());
        let closed = before.iter().filter(|(name, _)| !is_open(name)).filter_map(|(_, other)| other.open().cloned());
        let closed: Vec<_> = closed.collect();
        self.watched.keep(now);
        let open = others.values().filter_map(OtherTenant::open).chain([&self.default]);
        open.for_each(|state| state.activity.share(is_shared));
        *self.others.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(others);
        for state in closed {
            tracing::info!(tenant = &*state.tenant.name, "a tenant is no longer served");
            std::thread::spawn(move || state.stop(Duration::from_secs(state.config.shutdown_seconds)));
        }
    }

    fn opened(&self, tenant: &Tenant) -> OtherTenant {
        let opened = self.try_open(tenant).map(|state| OtherTenant::Open(Data::new(state)));
        opened.unwrap_or_else(|error| broken(tenant, &error))
    }

    fn suspended(&self, tenant: &Tenant) -> OtherTenant {
        let pool = self.pools.of(&tenant.schema).work;
        let settings = settings(tenant, &self.config, self.default.address.clone());
        match Access::open(&pool, settings, self.waker.clone()) {
            Ok(access) => {
                self.watched.add(tenant, &access, &pool);
                OtherTenant::Suspended(access)
            }
            Err(error) => broken(tenant, &error),
        }
    }

    fn try_open(&self, tenant: &Tenant) -> Result<State> {
        let pools = self.pools.of(&tenant.schema);
        if !migrations::is_current(&mut *pools.work.get()?)? {
            return Err(Error::new(UNAVAILABLE, message("schema-older")));
        }
        let state = State::new(tenant, self.config.clone(), pools, self.listening, &self.shared, self.waker.clone())?;
        self.watched.add(tenant, &state.access, &state.pools.work);
        tracing::info!(tenant = &*tenant.name, "a tenant is served");
        Ok(state)
    }

    fn others(&self) -> Arc<Others> {
        self.others.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The default tenant's.
    pub fn default_state(&self) -> &Data<State> {
        &self.default
    }

    /// Those of all tenants that are served.
    pub fn all(&self) -> Vec<Data<State>> {
        std::iter::once(self.default.clone())
            .chain(self.others().values().filter_map(|other| other.open().cloned()))
            .collect()
    }

    /// That of the tenant that the request belongs to; `None`: the default's.
    ///
    /// # Errors
    /// A 403 when the tenant is suspended, a 503 when it cannot be served.
    pub fn of(&self, request: &ServiceRequest) -> Result<Option<Data<State>>> {
        let others = self.others();
        if others.is_empty() {
            return Ok(None);
        }
        match bearer(request.headers()) {
            Some(token) => tenant_of(token).map_or(Ok(None), |name| named(&others, &name, token)),
            None if console::holds(request.path()) => {
                let session = cookies::read(request.headers(), cookies::SESSION).and_then(SessionToken::parse);
                Ok(session.and_then(|session| of_client(&others, session.client())))
            }
            None => Ok(None),
        }
    }

    /// That of the tenant to which a client belongs; the default's where nobody knows it.
    pub async fn of_client(&self, client: Uuid) -> Data<State> {
        let others = self.others();
        let known = |others: &Others| of_client(others, client);
        if others.is_empty() || self.default.access.knows(client) {
            return self.default.clone();
        }
        if let Some(state) = known(&others) {
            return state;
        }
        // It may have been made a moment ago, and its tenant too; one look tells of all of them.
        self.default.access.settle().await;
        known(&self.others()).unwrap_or_else(|| self.default.clone())
    }

    /// The public keys of all of them: whoever holds a receipt finds the key that signed it.
    pub fn public_keys(&self) -> JwkSet {
        JwkSet { keys: self.all().iter().flat_map(|state| state.access.public_keys().keys).collect() }
    }

    /// Has everything that runs by itself end with its step, and waits for it so long at most.
    pub fn stop(&self, patience: Duration) {
        let until = Instant::now() + patience;
        let all = self.all();
        all.iter().for_each(|state| state.tell_to_stop());
        all.iter().for_each(|state| state.stop(until.saturating_duration_since(Instant::now())));
    }
}

fn broken(tenant: &Tenant, error: &Error) -> OtherTenant {
    tracing::error!(tenant = &*tenant.name, %error, "a tenant cannot be served");
    OtherTenant::Broken
}

fn named(others: &Others, name: &str, token: &str) -> Result<Option<Data<State>>> {
    match others.get(name) {
        Some(OtherTenant::Open(state)) => Ok(Some(state.clone())),
        // Whoever is none of its clients learns nothing of it.
        Some(OtherTenant::Suspended(access)) if access.identify(token).is_ok() => {
            Err(Error::new(FORBIDDEN, message("tenant-suspended")))
        }
        Some(OtherTenant::Broken) => Err(Error::new(UNAVAILABLE, message("tenant-broken")).retry_after(60)),
        // To the default such a token is worth nothing.
        Some(OtherTenant::Suspended(_)) | None => Ok(None),
    }
}

fn of_client(others: &Others, client: Uuid) -> Option<Data<State>> {
    others.values().filter_map(OtherTenant::open).find(|state| state.access.knows(client)).cloned()
}
