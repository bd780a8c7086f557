//! Places that tenants share. What one leaves goes to the tenant that holds the fewest, so that a flood in one waits
//! behind itself; where there are several, none ever holds all of them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The places.
#[derive(Debug)]
pub struct Turnstile {
    capacity: usize,
    /// Are there several tenants?
    shared: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Places that each tenant holds; none stands for none.
    held: HashMap<Arc<str>, usize>,
    taken: usize,
    /// Since when all are taken without one coming back.
    full_since: Option<Instant>,
    /// Those who wait, in the order they came.
    waiting: Vec<Arc<Waiter>>,
}

#[derive(Debug)]
struct Waiter {
    tenant: Arc<str>,
    /// It has a place; guarded by the state's lock.
    called: AtomicBool,
    call: Condvar,
}

/// A place, free again when it is dropped.
#[derive(Debug)]
pub struct SharedPlace {
    turnstile: Arc<Turnstile>,
    tenant: Arc<str>,
}

impl Turnstile {
    /// With so many places.
    pub fn new(capacity: usize) -> Arc<Self> {
        Arc::new(Self { capacity: capacity.max(1), shared: AtomicBool::new(false), state: Mutex::default() })
    }

    /// From now on there are several tenants, or one.
    pub fn share(&self, shared: bool) {
        self.shared.store(shared, Ordering::Relaxed);
        self.hand_on(&mut self.lock());
    }

    /// A place for this tenant; `None`: none came free in time.
    pub fn enter(self: &Arc<Self>, tenant: &Arc<str>, patience: Duration) -> Option<SharedPlace> {
        let mut state = self.lock();
        if self.may_enter(&state, tenant) {
            return Some(self.take(&mut state, tenant));
        }
        let waiter = Arc::new(Waiter { tenant: tenant.clone(), called: AtomicBool::new(false), call: Condvar::new() });
        state.waiting.push(waiter.clone());
        let uncalled = |_: &mut State| !waiter.called.load(Ordering::Relaxed);
        let waited = waiter.call.wait_timeout_while(state, patience, uncalled);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if waiter.called.load(Ordering::Relaxed) {
            return Some(SharedPlace { turnstile: self.clone(), tenant: tenant.clone() });
        }
        state.waiting.retain(|other| !Arc::ptr_eq(other, &waiter));
        None
    }

    /// A place that nobody waits for.
    pub fn try_enter(self: &Arc<Self>, tenant: &Arc<str>) -> Option<SharedPlace> {
        let mut state = self.lock();
        (state.waiting.is_empty() && self.may_enter(&state, tenant)).then(|| self.take(&mut state, tenant))
    }

    /// Places that are taken.
    pub fn taken(&self) -> usize {
        self.lock().taken
    }

    /// How long all places have been taken without one coming back.
    pub fn full_for(&self) -> Duration {
        self.lock().full_since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Who waits could not enter either: whatever comes free is handed on at once.
    fn may_enter(&self, state: &State, tenant: &str) -> bool {
        state.taken < self.capacity && state.held.get(tenant).copied().unwrap_or_default() < self.of_one_tenant()
    }

    /// Places that a tenant holds at most.
    fn of_one_tenant(&self) -> usize {
        if self.shared.load(Ordering::Relaxed) { (self.capacity * 3 / 4).max(1) } else { self.capacity }
    }

    fn take(self: &Arc<Self>, state: &mut State, tenant: &Arc<str>) -> SharedPlace {
        self.count(state, tenant);
        SharedPlace { turnstile: self.clone(), tenant: tenant.clone() }
    }

    fn count(&self, state: &mut State, tenant: &Arc<str>) {
        state.taken += 1;
        *state.held.entry(tenant.clone()).or_default() += 1;
        state.full_since = (state.taken >= self.capacity).then(Instant::now);
    }

    fn leave(&self, tenant: &Arc<str>) {
        let mut state = self.lock();
        state.taken -= 1;
        state.full_since = None;
        if let Some(held) = state.held.get_mut(tenant) {
            *held -= 1;
            if *held == 0 {
                state.held.remove(tenant);
            }
        }
        self.hand_on(&mut state);
    }

    /// Gives what is free to those who wait: first to the tenant that holds the fewest.
    fn hand_on(&self, state: &mut State) {
        loop {
            let held = |waiter: &Waiter| state.held.get(&waiter.tenant).copied().unwrap_or_default();
            let may = state.waiting.iter().enumerate().filter(|(_, waiter)| self.may_enter(state, &waiter.tenant));
            let Some(next) = may.min_by_key(|(_, waiter)| held(waiter)).map(|(place, _)| place) else { return };
            let waiter = state.waiting.remove(next);
            self.count(state, &waiter.tenant);
            waiter.called.store(true, Ordering::Relaxed);
            waiter.call.notify_one();
        }
    }

    /// Numbers are sound whoever died holding them.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SharedPlace {
    fn drop(&mut self) {
        self.turnstile.leave(&self.tenant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    const LONG: Duration = Duration::from_secs(30);

    fn tenant(name: &str) -> Arc<str> {
        name.into()
    }

    /// Waits until so many wait.
    fn until_waiting(turnstile: &Turnstile, count: usize) {
        while turnstile.lock().waiting.len() < count {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn one_tenant_may_hold_all_and_several_may_not() {
        let (turnstile, flood) = (Turnstile::new(4), tenant("flood"));
        let held: Vec<_> = (0..4).filter_map(|_| turnstile.try_enter(&flood)).collect();
        assert_eq!((held.len(), turnstile.try_enter(&flood).is_some()), (4, false));
        drop(held);
        turnstile.share(true);
        let held: Vec<_> = (0..4).filter_map(|_| turnstile.try_enter(&flood)).collect();
        assert_eq!((held.len(), turnstile.taken()), (3, 3));
        assert!(turnstile.try_enter(&tenant("quiet")).is_some());
    }

    #[test]
    fn a_place_that_comes_free_goes_to_the_tenant_that_holds_the_fewest() {
        let turnstile = Turnstile::new(2);
        turnstile.share(true);
        let (flood, quiet) = (tenant("flood"), tenant("quiet"));
        let first = turnstile.try_enter(&flood);
        let other = turnstile.try_enter(&quiet);
        let (sender, order) = channel();
        for (number, tenant) in [flood.clone(), flood.clone(), quiet.clone()].into_iter().enumerate() {
            let (turnstile, sender) = (turnstile.clone(), sender.clone());
            let waiting = turnstile.clone();
            std::thread::spawn(move || {
                let place = turnstile.enter(&tenant, LONG);
                sender.send((tenant, place)).unwrap();
            });
            until_waiting(&waiting, number + 1);
        }
        drop(other);
        let (next, held) = order.recv_timeout(LONG).unwrap();
        assert_eq!(&*next, "quiet", "flood waited before, but holds one");
        assert!(held.is_some());
        drop(first);
        let (next, held) = order.recv_timeout(LONG).unwrap();
        assert_eq!((&*next, held.is_some()), ("flood", true));
    }

    #[test]
    fn who_waited_too_long_leaves_no_trace() {
        let (turnstile, one) = (Turnstile::new(1), tenant("one"));
        let held = turnstile.try_enter(&one);
        assert!(turnstile.enter(&one, Duration::from_millis(5)).is_none());
        assert!(turnstile.full_for() > Duration::ZERO);
        drop(held);
        assert_eq!((turnstile.taken(), turnstile.lock().waiting.len()), (0, 0));
        assert!(turnstile.try_enter(&one).is_some());
    }
}
