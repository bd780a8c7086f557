//! How often and how soon something is tried again: twice as long each time, and not at the same moment as everybody
//! else.

use std::io::ErrorKind;
use std::time::Duration;

use reqwest::{Response, header::RETRY_AFTER};

use crate::cli::push::{PushFailure, PushResult};
use crate::model::issue::Language;
use crate::model::messages::{Message, message};
use crate::model::wording::number;

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
    what: Message,
    language: Language,
}

impl Patience {
    /// For one thing, such as “sending the file”, told in this language.
    pub fn new(retries: u32, what: Message, language: Language) -> Self {
        Self { left: retries, pause: FIRST, what, language }
    }

    /// Waits before the next repetition, as long as the gateway asks or longer each time.
    ///
    /// # Errors
    /// There is no repetition left.
    pub async fn wait(&mut self, asked: Option<u64>, why: &Message) -> PushResult<()> {
        let Some(left) = self.left.checked_sub(1) else {
            let given_up = message("push-given-up").with("what", self.what.clone()).with("why", why.clone());
            return Err(PushFailure::Gateway(given_up));
        };
        self.left = left;
        let own = self.pause.mul_f64(rand::random_range(0.5..1.0));
        let pause = asked.map_or(own, |seconds| Duration::from_secs(seconds.min(LONGEST_ASKED)) + own / 4);
        self.pause = (self.pause * 2).min(LONGEST);
        let left = if left == 0 { message("push-last-time") } else { message("push-times-left").with("left", left) };
        let seconds = format!("{:.1}", pause.as_secs_f64());
        let seconds = number(&seconds, self.language).into_owned();
        let again = message("push-tries-again").with("why", why.clone()).with("seconds", seconds).with("left", left);
        eprintln!("{}", again.in_language(self.language));
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

/// Seconds that an answer asks to wait.
pub fn retry_after(response: &Response) -> Option<u64> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

/// An answer that broke off.
pub fn cut(error: &reqwest::Error) -> PushFailure {
    PushFailure::Gateway(message("push-cut").with("why", broken(error)))
}

/// A request that got no answer, in a few words and without what the address may hold.
pub fn broken(error: &reqwest::Error) -> Message {
    match (error.is_connect(), error.is_timeout()) {
        (true, _) => message("push-out-of-reach").with("why", cause(error)),
        (_, true) => message("push-no-answer"),
        _ => message("push-connection-broke"),
    }
}

/// Why a connection was not made: libraries say it to programmers, and in English.
fn cause(error: &reqwest::Error) -> Message {
    let mut causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let kind = causes.clone().find_map(|cause| cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind));
    match kind {
        _ if causes.any(|cause| cause.to_string().starts_with("dns error")) => message("push-name-unknown"),
        Some(ErrorKind::ConnectionRefused) => message("push-refused"),
        // What is wrong with the other's certificate comes as invalid data.
        Some(ErrorKind::InvalidData) => message("push-certificate"),
        _ if error.is_timeout() => message("push-too-late"),
        _ => message("push-network"),
    }
}
