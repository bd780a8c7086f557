//! How fast a body or a result moves while its client is waited for: nobody may hold a place by sending or reading a
//! byte now and then.

use std::time::Duration;

/// The pace of one client's stream.
#[derive(Debug)]
pub struct Pace {
    /// Bytes a second.
    least: u64,
    /// The time over which it is judged.
    window: Duration,
    moved: u64,
    waited: Duration,
}

impl Pace {
    /// At least so many bytes a second, on the mean of each `window` of waiting.
    pub fn new(least: u64, window: Duration) -> Self {
        Self { least, window, moved: 0, waited: Duration::ZERO }
    }

    /// So many bytes moved after the client was waited for so long. `false`: it is too slow. The gateway's own time
    /// does not count.
    pub fn keeps(&mut self, bytes: usize, waited: Duration) -> bool {
        self.moved += bytes as u64;
        self.waited += waited;
        if self.waited < self.window {
            return true;
        }
        let kept = u128::from(self.moved) * 1_000 >= u128::from(self.least) * self.waited.as_millis();
        (self.moved, self.waited) = (0, Duration::ZERO);
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_begin_does_not_pay_for_a_slow_end() {
        let mut pace = Pace::new(100, Duration::from_secs(10));
        assert!(pace.keeps(1_000_000, Duration::from_secs(10)));
        assert!(pace.keeps(1, Duration::from_secs(9)), "the window is not over");
        assert!(!pace.keeps(1, Duration::from_secs(1)));
    }

    #[test]
    fn a_pause_is_made_good_by_what_comes_after_it() {
        let mut pace = Pace::new(100, Duration::from_secs(10));
        assert!(pace.keeps(8_000, Duration::from_secs(80)));
        assert!(!pace.keeps(7_999, Duration::from_secs(80)));
    }
}
