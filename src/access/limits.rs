//! How much a client may ask for. Every client has a budget of its own: one that floods takes nothing from another.

use crate::error::{Error, RATE_LIMITED, Result};
use crate::metrics;
use crate::model::messages::{Message, message};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;
use uuid::Uuid;

/// Ten wrong secrets may be tried at once, then one every six seconds. A right one is never counted, so nobody is locked out.
const WRONG_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
const WRONG_EVERY: Duration = Duration::from_secs(6);

/// The budgets.
pub struct Limits {
    requests: Option<DefaultKeyedRateLimiter<Uuid>>,
    tokens: Option<DefaultKeyedRateLimiter<Uuid>>,
    wrong: Option<DefaultKeyedRateLimiter<Uuid>>,
}

impl Limits {
    /// Budgets of `per_second` requests each, `burst` at once; 0 a second: no limit.
    pub fn new(per_second: u32, burst: u32) -> Self {
        let quota = NonZeroU32::new(per_second).map(|rate| {
            let quota = Quota::per_second(rate);
            NonZeroU32::new(burst).map_or(quota, |burst| quota.allow_burst(burst))
        });
        Self {
            requests: quota.map(RateLimiter::keyed),
            tokens: quota.map(RateLimiter::keyed),
            wrong: Quota::with_period(WRONG_EVERY).map(|quota| RateLimiter::keyed(quota.allow_burst(WRONG_BURST))),
        }
    }

    /// Takes one request from the client's budget.
    ///
    /// # Errors
    /// A 429 with the seconds to wait.
    pub fn request(&self, client: Uuid) -> Result<()> {
        take(self.requests.as_ref(), client, "rate-limit", message("requests-used-up"))
    }
    /// Takes one token from the client's budget.
    ///
    /// # Errors
    /// A 429 with the seconds to wait.
    pub fn token(&self, client: Uuid) -> Result<()> {
        take(self.tokens.as_ref(), client, "token-limit", message("tokens-used-up"))
    }
    /// Takes one wrong secret.
    ///
    /// # Errors
    /// A 429 with the seconds to wait.
    pub fn wrong_secret(&self, client: Uuid) -> Result<()> {
        take(self.wrong.as_ref(), client, "secret-limit", message("secrets-used-up"))
    }
    /// Forgets the budgets that are full again, so that invented client ids do not pile up.
    pub fn sweep(&self) {
        for limiter in [&self.requests, &self.tokens, &self.wrong].into_iter().flatten() {
            limiter.retain_recent();
        }
    }
}

fn take(limiter: Option<&DefaultKeyedRateLimiter<Uuid>>, client: Uuid, reason: &str, what: Message) -> Result<()> {
    let Some(Err(refusal)) = limiter.map(|limiter| limiter.check_key(&client)) else { return Ok(()) };
    metrics::refused(reason);
    let wait = refusal.wait_time_from(DefaultClock::default().now()).as_secs_f64().ceil().max(1.0) as u64;
    Err(Error::new(RATE_LIMITED, message("budget-used").with("what", what).with("seconds", wait)).retry_after(wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_are_not_shared() {
        let (limits, greedy, modest) = (Limits::new(1, 3), Uuid::now_v7(), Uuid::now_v7());
        assert!((0..3).all(|_| limits.request(greedy).is_ok()));
        let refusal = limits.request(greedy).unwrap_err();
        assert_eq!((refusal.kind, refusal.retry_after), (RATE_LIMITED, Some(1)));
        assert!(limits.request(modest).is_ok() && limits.token(greedy).is_ok());
    }

    #[test]
    fn guessing_secrets_is_slow() {
        let (limits, client) = (Limits::new(0, 0), Uuid::now_v7());
        assert_eq!((0..20).filter(|_| limits.wrong_secret(client).is_ok()).count(), 10);
        assert!((0..1000).all(|_| limits.request(client).is_ok()), "0 means no limit");
    }
}
