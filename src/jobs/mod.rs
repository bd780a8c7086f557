//! What runs by itself, beside the requests: the threads that take submissions and single writes, the readers of
//! the change log, whole-school checks, housekeeping. Each tenant has its own threads; how many submissions are at work
//! at the same time is bounded over all of them.

pub mod activity; // whether a tenant is asked for anything
mod claim; // which submission is worked on next
pub mod consumers; // the readers of the change log
pub mod housekeeping; // what is removed in time
pub mod queue; // the threads that take submissions
pub mod rota; // the threads in which the jobs of all tenants take turns
pub mod supervisor; // keeps all of it running
pub mod watchers; // who watches submissions come along

use crate::checks;
use crate::error::Result;
use crate::store::turnstile::Turnstile;
use crate::submission::Work;
use crate::submission::group_commit::SingleWriter;
use consumers::Runner;
use housekeeping::Housekeeping;
use queue::Queue;
use std::sync::Arc;
use std::time::{Duration, Instant};
use supervisor::{Next, OnDemand, Supervisor, Turn};
use watchers::Watchers;

/// How often open findings are counted for the metrics.
const COUNT_EVERY: Duration = Duration::from_secs(30);
/// How often it is looked for new blocks of the change log.
const READ_EVERY: Duration = Duration::from_millis(250);

/// Starts what runs by itself under one supervisor.
///
/// # Errors
/// A thread that cannot be started.
pub fn start(supervisor: &Supervisor, work: &Arc<Work>, workers: Arc<Turnstile>) -> Result<Arc<Queue>> {
    let queue = Queue::start(work.clone(), supervisor, workers)?;
    let mut house = Housekeeping::new(work.clone());
    supervisor.keep_turns("housekeeping", move || house.turn());
    let (readers, mut runner) = (work.clone(), Runner::default());
    supervisor.keep_turns("consumers", move || {
        let more = runner.turn(&readers, &mut *readers.pools.work.get()?)?;
        Ok(if more { Next::Now } else { Next::After(READ_EVERY) })
    });
    let (work, mut counted) = (work.clone(), None);
    supervisor.keep_turns("findings", move || judge_schools(&work, &mut counted));
    Ok(queue)
}

/// What runs by itself from the first single write, body or watcher on: the writing, the leases of bodies on their way
/// in, the word to those who watch submissions.
pub fn on_demand(
    supervisor: &Supervisor,
    work: &Arc<Work>,
    writers: Vec<SingleWriter>,
    watchers: Arc<Watchers>,
) -> OnDemand {
    let writing = writers.into_iter().enumerate().map(|(number, mut writer)| {
        let turn: Turn = Box::new(move || Ok(if writer.turn() { Next::Now } else { Next::Nothing }));
        (format!("single-writes-{number}"), turn)
    });
    let mut jobs: Vec<(String, Turn)> = writing.collect();
    let (leases, watched) = (work.clone(), work.clone());
    jobs.push(("leases".to_owned(), Box::new(move || leases.leases.turn(&leases).map(Next::After))));
    jobs.push(("watchers".to_owned(), Box::new(move || watchers.turn(&watched).map(Next::After))));
    OnDemand::new(supervisor, jobs)
}

/// Whole-school checks of the schools that are due.
fn judge_schools(work: &Work, counted: &mut Option<Instant>) -> Result<Next> {
    let mut connection = work.pools.work.get()?;
    if counted.is_none_or(|at| at.elapsed() > COUNT_EVERY) {
        checks::count(work.tenant(), &mut connection)?;
        *counted = Some(Instant::now());
    }
    let more = checks::turn(work.tenant(), &work.reference, &mut connection)?;
    Ok(if more { Next::Now } else { Next::After(Duration::from_secs(1)) })
}
