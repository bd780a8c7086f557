//! What runs by itself: submissions from the body to the report, parked records, single writes, retention.

pub mod body_reader; // a body as far as it has come
pub mod attempts; // how often a submission was begun
pub mod checked; // a dry run, sent for good
pub mod chunk_store; // the chunks of a submission in the database
pub mod claim; // a submission until its body is stored
pub mod counts; // what a report counts
pub mod disclosure; // what of issues and parked records may be seen by whom
pub mod dry_run; // a submission that is judged and not kept
pub mod file_store; // the file of a sheet as it was sent
pub mod group_commit; // single writes, sharing transactions
pub mod issue_groups; // the issues of a submission by cause
pub mod issue_query;
pub mod issue_store; // issues and progress of a submission
pub mod lease; // bodies on their way in, and who is at them
pub mod official_code; // the official code of a person
pub mod offline; // files checked without a database
pub mod options; // what a request for a submission asked for
pub mod parallel; // the first pass over a submission, two steps at a time
pub mod parked; // records that wait for a parent
pub mod pieces; // records as they were cut from a body
pub mod prepare; // chunks → batches, ahead of the database
pub mod receive; // a body on its way into the database
pub mod release; // what accepted writes mean for the parked
pub mod repeated; // keys that stand more than once
pub mod replacement; // a whole set of a school's records
pub mod retries; // records deferred, tried again
pub mod row; // the row of a submission
pub mod run; // one submission from its first step to its report
pub mod school_locks; // the schools of a submission that is one transaction
pub mod schools; // the schools of a submission
pub mod sheet_file; // where a sheet waits for its end
pub mod sheet_layouts; // layouts of sheets that administrators added
pub mod sheet_store; // a sheet that has come, into the database
pub mod sheets; // sheets on their way in
pub mod source_map; // where the records of sheets stood
pub mod upload; // the file that a person sent
pub mod waiting; // what parked records wait for

use crate::access::Area;
use crate::clock;
use crate::config::Config;
use crate::error::Result;
use crate::merge::batch::{Disposition, Outcome};
use crate::model::lists::Lists;
use crate::model::moment::day_of;
use crate::store::Pools;
use crate::store::table::Table;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::PgConnection;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

/// What all work shares.
pub struct Work {
    /// Whose work it is.
    tenant: Arc<str>,
    /// Connections.
    pub pools: Pools,
    /// Settings.
    pub config: Arc<Config>,
    /// The area of a client now; `None`: it is gone.
    pub scopes: Box<dyn Fn(Uuid) -> Option<Area> + Send + Sync>,
    /// The code lists in force.
    pub reference: crate::store::reference::Current,
    /// The bodies that this gateway receives.
    pub leases: Arc<lease::Leases>,
    /// Threads for bodies on their way in.
    pub turns: receive::StorageTurns,
    stopping: AtomicBool,
}

impl Work {
    /// For this tenant, with its connections, settings and clients.
    pub fn new(
        tenant: Arc<str>,
        pools: Pools,
        config: Arc<Config>,
        scopes: Box<dyn Fn(Uuid) -> Option<Area> + Send + Sync>,
    ) -> Self {
        Self {
            tenant,
            pools,
            config,
            scopes,
            reference: crate::store::reference::Current::default(),
            leases: Arc::default(),
            turns: receive::StorageTurns::default(),
            stopping: AtomicBool::new(false),
        }
    }
    /// The name of the tenant, for the metrics.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }
    /// The area of a client; nothing for one that is gone.
    pub fn scope(&self, client: Uuid) -> Area {
        (self.scopes)(client).unwrap_or_default()
    }
    /// Has the client access still?
    pub fn has_access(&self, client: Uuid) -> bool {
        (self.scopes)(client).is_some()
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
        day_of(clock::now())
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
pub fn outcome_word(action: Disposition) -> &'static str {
    match action {
        Disposition::Created => "created",
        Disposition::Updated => "updated",
        Disposition::Unchanged => "unchanged",
        Disposition::Deleted => "deleted",
        Disposition::Missing => "parked",
        Disposition::Rejected | Disposition::PreconditionFailed => "rejected",
    }
}
