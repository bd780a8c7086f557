//! What a batch asks for: every distinct key once.

use crate::intake::record::{Incoming, compare, parts};
use crate::merge::source::KeyParts;
use crate::store::table::Join;
use std::collections::HashMap;

/// What one reference or lookup found for the records of a batch: every distinct key once, and which of them each
/// record names.
pub(crate) struct LookupResult<'r, T> {
    pub(crate) numbers: HashMap<KeyParts<'r>, u32>,
    pub(crate) values: Vec<T>,
    /// By the record's place in the batch; `None`: it names none.
    pub(crate) of: Vec<Option<u32>>,
}

impl<'r, T: Default> LookupResult<'r, T> {
    pub(crate) fn none() -> Self {
        Self { numbers: HashMap::new(), values: Vec::new(), of: Vec::new() }
    }
    /// Collects the keys; neighbours in a sorted batch often name the same.
    pub(crate) fn collect(join: &Join, records: &[&'r Incoming], concerns: impl Fn(usize) -> bool) -> Self {
        let mut found = Self::none();
        if !(0..records.len()).any(&concerns) {
            return found;
        }
        found.of.reserve(records.len());
        for (place, record) in records.iter().enumerate() {
            let same = || place > 0 && compare(&records[place - 1].row, &record.row, &join.fields).is_eq();
            let number = match concerns(place) {
                true if same() => found.of[place - 1].or_else(|| found.number(parts(&record.row, &join.fields))),
                true => found.number(parts(&record.row, &join.fields)),
                false => None,
            };
            found.of.push(number);
        }
        found
    }
    fn number(&mut self, key: Option<KeyParts<'r>>) -> Option<u32> {
        let (numbers, values) = (&mut self.numbers, &mut self.values);
        Some(*numbers.entry(key?).or_insert_with(|| {
            values.push(T::default());
            values.len() as u32 - 1
        }))
    }
    /// The keys in the order of their numbers.
    pub(crate) fn keys(&self) -> Vec<&KeyParts<'r>> {
        let mut keys: Vec<(&KeyParts<'r>, u32)> = self.numbers.iter().map(|(key, number)| (key, *number)).collect();
        keys.sort_by_key(|(_, number)| *number);
        keys.into_iter().map(|(key, _)| key).collect()
    }
    /// What was found for the record at this place.
    pub(crate) fn at(&self, place: usize) -> Option<&T> {
        self.values.get(self.of.get(place).copied().flatten()? as usize)
    }
    /// What was found under this key.
    pub(crate) fn under(&mut self, key: &KeyParts<'r>) -> Option<&mut T> {
        self.numbers.get(key).and_then(|number| self.values.get_mut(*number as usize))
    }
}
