//! Whether a tenant is asked for anything, by which its jobs look for work often or seldom.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Of a tenant that was asked for something so lately, the jobs look for work as often as they can …
const AWAKE: Duration = Duration::from_secs(30);
/// … of others so many times more seldom …
const SELDOM: u32 = 8;
/// … and so seldom at most.
const SELDOMEST: Duration = Duration::from_secs(4);

/// Whether anything was asked of a tenant lately. Where there are several, the jobs of one that rests look for work more
/// seldom: what other gateways leave behind is found a little later then. Cheap to clone.
#[derive(Clone)]
pub struct Activity(Arc<LastAsked>);

struct LastAsked {
    began: Instant,
    /// Milliseconds after that.
    asked: AtomicU64,
    sparing: AtomicBool,
}

impl Default for Activity {
    fn default() -> Self {
        let (asked, sparing) = (AtomicU64::new(0), AtomicBool::new(false));
        Self(Arc::new(LastAsked { began: Instant::now(), asked, sparing }))
    }
}

impl Activity {
    /// From now on there are several tenants, or one.
    pub fn share(&self, shared: bool) {
        self.0.sparing.store(shared, Ordering::Relaxed);
    }
    /// Something is asked.
    pub fn note(&self) {
        self.0.asked.store(self.0.began.elapsed().as_millis() as u64, Ordering::Relaxed);
    }
    /// How long to rest where a busy tenant's job would rest so long.
    pub(super) fn rest(&self, pause: Duration) -> Duration {
        let asked = Duration::from_millis(self.0.asked.load(Ordering::Relaxed));
        let rests = self.0.sparing.load(Ordering::Relaxed) && self.0.began.elapsed().saturating_sub(asked) > AWAKE;
        if rests { (pause * SELDOM).min(SELDOMEST).max(pause) } else { pause }
    }
}
