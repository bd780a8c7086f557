//! How often and how soon something is tried again: twice as long each time, and not at the same moment as everybody
//! else.

use std::time::Duration;

use reqwest::{Response, header::RETRY_AFTER};

use crate::cli::push::{PushFailure, PushResult};

/// Before the first repetition.
const FIRST: Duration = Duration::from_millis(500);
/// At most, unless the gateway asks for more.
const LONGEST: Duration = Duration::from_secs(60);
/// A gateway that asks for more than this is not waited for.
const LONGEST_ASKED: u64 = 900;

/// What is left of the repetitions of one thing.
pub struct Patience {
    left: u32,
    pause: Duration,
    what: &'static str,
}

impl Patience {
    /// For one thing, such as “sending the file”.
    pub fn new(retries: u32, what: &'static str) -> Self {
        Self { left: retries, pause: FIRST, what }
    }

    /// Waits before the next repetition, as long as the gateway asks or longer each time.
    ///
    /// # Errors
    /// There is no repetition left.
    pub async fn wait(&mut self, asked: Option<u64>, why: &str) -> PushResult<()> {
        let Some(left) = self.left.checked_sub(1) else {
            let advice = "Look whether the address is right and the gateway runs; then the same command again goes on where it stood.";
            return Err(PushFailure::Gateway(format!("Given up {}: {why}. {advice}", self.what)));
        };
        self.left = left;
        let own = self.pause.mul_f64(rand::random_range(0.5..1.0));
        let pause = asked.map_or(own, |seconds| Duration::from_secs(seconds.min(LONGEST_ASKED)) + own / 4);
        self.pause = (self.pause * 2).min(LONGEST);
        let left = if left == 0 { "for the last time".to_owned() } else { format!("{left} more after that") };
        eprintln!("{why}; trying again in {:.1} s ({left})", pause.as_secs_f64());
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

/// Seconds that an answer asks to wait.
pub fn retry_after(response: &Response) -> Option<u64> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

/// A request that got no answer, in a few words and without what the address may hold.
pub fn broken(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    match (error.is_connect(), error.is_timeout()) {
        (true, _) => format!("The gateway cannot be reached ({cause})"),
        (_, true) => "The gateway does not answer".to_owned(),
        _ => format!("The connection broke ({cause})"),
    }
}
