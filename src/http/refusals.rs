//! Refusals that cost next to nothing: where they come in floods, each is answered a little later. Who is let in waits for
//! nothing, and who floods with so many connections sends no more than they carry.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// So many a second are answered at once: people and programs that have made a mistake.
const FREE: u32 = 50;
/// How much later the others are answered.
const PAUSE: Duration = Duration::from_millis(250);

/// Counts the refusals of this second.
#[derive(Debug, Default)]
pub struct Refusals {
    second: Mutex<Option<(Instant, u32)>>,
}

impl Refusals {
    /// A request is refused before any work: how long until it is told.
    pub fn pause(&self) -> Option<Duration> {
        let mut second = self.second.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match second.as_mut().filter(|(began, _)| began.elapsed() < Duration::from_secs(1)) {
            Some((_, count)) => {
                *count += 1;
                (*count > FREE).then_some(PAUSE)
            }
            None => {
                *second = Some((Instant::now(), 1));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_second_are_told_at_once() {
        let refusals = Refusals::default();
        assert_eq!((0..80).filter(|_| refusals.pause().is_none()).count(), FREE as usize);
    }
}
