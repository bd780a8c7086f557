//! A queue with a line for each client, served in turns: who sends much waits behind himself, not before others.

use std::collections::{HashMap, VecDeque};
use uuid::Uuid;

/// Lines of waiting items, one a client.
#[derive(Debug)]
pub struct Turns<T> {
    lines: HashMap<Uuid, VecDeque<T>>,
    /// Clients with somebody in line, in the order in which they come next.
    order: VecDeque<Uuid>,
    count: usize,
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self { lines: HashMap::new(), order: VecDeque::new(), count: 0 }
    }
}

impl<T> Turns<T> {
    /// Items in all lines.
    pub fn len(&self) -> usize {
        self.count
    }
    /// Is nobody waiting?
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
    /// Clients that wait.
    pub fn clients(&self) -> usize {
        self.order.len()
    }
    /// Items in this client's line.
    pub fn waiting(&self, client: Uuid) -> usize {
        self.lines.get(&client).map_or(0, VecDeque::len)
    }

    /// Puts an item at the end of its client's line.
    pub fn push(&mut self, client: Uuid, item: T) {
        let line = self.lines.entry(client).or_default();
        if line.is_empty() {
            self.order.push_back(client);
        }
        line.push_back(item);
        self.count += 1;
    }

    /// The next item: of the clients that `may`, in turns, and of each the oldest.
    pub fn pop(&mut self, mut may: impl FnMut(Uuid) -> bool) -> Option<(Uuid, T)> {
        let place = self.order.iter().position(|client| may(*client))?;
        let client = self.order.remove(place)?;
        let line = self.lines.get_mut(&client)?;
        let item = line.pop_front()?;
        self.count -= 1;
        if line.is_empty() {
            self.lines.remove(&client);
        } else {
            self.order.push_back(client);
        }
        Some((client, item))
    }

    /// Keeps of a client's line what is still wanted.
    pub fn retain(&mut self, client: Uuid, wanted: impl FnMut(&T) -> bool) {
        let Some(line) = self.lines.get_mut(&client) else { return };
        self.count -= line.len();
        line.retain(wanted);
        self.count += line.len();
        if line.is_empty() {
            self.lines.remove(&client);
            self.order.retain(|known| *known != client);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_come_in_turns_and_each_in_his_own_order() {
        let (greedy, modest, mut turns) = (Uuid::from_u128(1), Uuid::from_u128(2), Turns::default());
        (0..5).for_each(|number| turns.push(greedy, number));
        (5..7).for_each(|number| turns.push(modest, number));
        assert_eq!((turns.len(), turns.clients(), turns.waiting(greedy)), (7, 2, 5));
        let order: Vec<i32> = std::iter::from_fn(|| turns.pop(|_| true)).map(|(_, number)| number).collect();
        assert_eq!(order, [0, 5, 1, 6, 2, 3, 4]);
        assert!(turns.is_empty() && turns.clients() == 0);
    }

    #[test]
    fn who_may_not_keeps_his_place_and_who_left_is_gone() {
        let (first, second, mut turns) = (Uuid::from_u128(1), Uuid::from_u128(2), Turns::default());
        turns.push(first, 'a');
        turns.push(second, 'b');
        turns.push(second, 'c');
        assert_eq!(turns.pop(|client| client != first), Some((second, 'b')));
        turns.retain(second, |item| *item != 'c');
        assert_eq!((turns.len(), turns.clients()), (1, 1));
        assert_eq!(turns.pop(|_| true), Some((first, 'a')));
        assert_eq!(turns.pop(|_| true), None);
    }
}
