//! What runs by itself: submissions from the body to the report, parked records, single writes, retention.

pub mod apply; // one batch into the database: retries, and halving when a row is refused
pub mod asked; // what a request for a submission asked for
pub mod chunk; // a chunk of a body: frames, compressed
pub mod chunks; // the chunks of a submission in the database
pub mod counts; // what a report counts
pub mod echo; // what accepted writes mean for the parked
pub mod findings; // whole-school checks: schools due, what stands open
pub mod frame; // a record in a chunk
pub mod groups; // the issues of a submission by cause
pub mod identify; // the official code of a person
pub mod journal; // issues and progress of a submission
pub mod lanes; // the first pass over a submission, in two lanes
pub mod notes; // what was said of a row while its record was made
pub mod offline; // files checked without a database
pub mod parked; // records that wait for a parent
pub mod places; // where the records of sheets stood
pub mod prepare; // chunks → batches, ahead of the database
pub mod queue; // the threads that take submissions
pub mod replace; // a submission that is a whole set
pub mod retention; // what is removed in time
pub mod rounds; // records set aside, tried again
pub mod run; // one submission from its first step to its report
mod schools; // the schools of a submission
pub mod sheets; // sheets on their way in
pub mod single; // single writes, sharing transactions
pub mod sniff; // what the bytes of a file are
pub mod split; // bytes → records
pub mod spool; // a body on its way into the database
pub mod submission; // the row of a submission
pub mod waiting; // what parked records wait for

use crate::access::Area;
use crate::config::Config;
use crate::engine::batch::{Action, Outcome};
use crate::engine::table::Table;
use crate::error::Result;
use crate::model::lists::Lists;
pub use crate::model::moment::day_of;
use crate::store::Pool;
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use diesel::PgConnection;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

/// What all work shares.
pub struct Work {
    /// Connections.
    pub pool: Pool,
    /// Settings.
    pub config: Arc<Config>,
    /// The area of a client now; `None`: it is gone.
    pub scopes: Box<dyn Fn(Uuid) -> Option<Area> + Send + Sync>,
    /// The code lists in force.
    pub reference: crate::store::reference::Current,
    /// Tells this run of the gateway from others on the same database.
    pub gateway: Uuid,
    stopping: AtomicBool,
}

impl Work {
    /// For these connections, settings and clients.
    pub fn new(pool: Pool, config: Arc<Config>, scopes: Box<dyn Fn(Uuid) -> Option<Area> + Send + Sync>) -> Self {
        Self {
            pool,
            config,
            scopes,
            reference: crate::store::reference::Current::default(),
            gateway: Uuid::now_v7(),
            stopping: AtomicBool::new(false),
        }
    }
    /// The area of a client; nothing for one that is gone.
    pub fn scope(&self, client: Uuid) -> Area {
        (self.scopes)(client).unwrap_or_default()
    }
    /// The code lists in force.
    pub fn lists(&self, connection: &mut PgConnection) -> Result<Arc<Lists>> {
        self.reference.current(connection)
    }
    /// The code lists last seen in force, and their version.
    pub fn known_lists(&self) -> (i64, Arc<Lists>) {
        self.reference.known()
    }
    /// The day in Vietnam.
    pub fn today(&self) -> NaiveDate {
        day_of(Utc::now())
    }
    /// When a record parked now is given up.
    pub fn parked_until(&self) -> DateTime<Utc> {
        parked::until(self.config.parked_days)
    }
    /// Is the gateway on its way out?
    pub fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
    /// Tells all work to stop at the next step.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

/// Now, in the microseconds that PostgreSQL keeps.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// Counts outcomes of one resource in the metrics.
pub fn record_metrics<'o>(table: Option<&Table>, outcomes: impl Iterator<Item = &'o Outcome>) {
    let (mut words, mut rules): (BTreeMap<&str, u64>, BTreeMap<&str, u64>) = Default::default();
    for outcome in outcomes {
        *words.entry(outcome_word(outcome.action)).or_default() += 1;
        outcome.issues.iter().for_each(|issue| *rules.entry(issue.rule.code).or_default() += 1);
    }
    let resource = table.map_or("none", |table| table.spec.name);
    words.into_iter().for_each(|(word, count)| crate::metrics::record_outcome(resource, word, count));
    rules.into_iter().for_each(|(code, count)| crate::metrics::rule_hit(code, count));
}

/// The word of an outcome.
pub fn outcome_word(action: Action) -> &'static str {
    match action {
        Action::Created => "created",
        Action::Updated => "updated",
        Action::Unchanged => "unchanged",
        Action::Deleted => "deleted",
        Action::Missing => "parked",
        Action::Rejected | Action::PreconditionFailed => "rejected",
    }
}
