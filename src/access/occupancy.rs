//! How many of a kind are at work, in all and of each holder.

use std::collections::HashMap;
use std::hash::Hash;

/// Counts of those who are in.
#[derive(Debug)]
pub struct Occupancy<K> {
    all: usize,
    /// Holders that have any in.
    by_holder: HashMap<K, usize>,
}

impl<K> Default for Occupancy<K> {
    fn default() -> Self {
        Self { all: 0, by_holder: HashMap::new() }
    }
}

impl<K: Eq + Hash> Occupancy<K> {
    /// All who are in.
    pub fn all(&self) -> usize {
        self.all
    }
    /// Those of one holder.
    pub fn of(&self, holder: &K) -> usize {
        self.by_holder.get(holder).copied().unwrap_or_default()
    }
    /// One more is in.
    pub fn enter(&mut self, holder: K) {
        self.all += 1;
        *self.by_holder.entry(holder).or_default() += 1;
    }
    /// One is out again.
    pub fn leave(&mut self, holder: &K) {
        let Some(own) = self.by_holder.get_mut(holder) else { return };
        self.all -= 1;
        *own -= 1;
        if *own == 0 {
            self.by_holder.remove(holder);
        }
    }
    /// Is nobody in, and nothing remembered of anybody?
    pub fn is_empty(&self) -> bool {
        self.all == 0 && self.by_holder.is_empty()
    }
}
