//! Who watches submissions come along: one look at the database a turn, however many watch.

use crate::error::Result;
use crate::submission::Work;
use crate::submission::row::{self, Submission};
use bytes::Bytes;
use std::any::Any;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{self, Receiver, Sender, error::TrySendError};
use uuid::Uuid;

/// Between two looks.
const TURN: Duration = Duration::from_millis(250);
/// Until the next look for somebody who watches, unless there is a call.
const IDLE: Duration = Duration::from_secs(1);
/// A watcher hears something so often: proxies close connections that say nothing for a minute.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Events that a watcher may leave unread.
const UNREAD: usize = 2;

/// What is told of a submission: the event, and whether it is the last.
pub type Tell = Box<dyn Fn(&Submission) -> Event + Send + Sync>;

/// An event as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The text of it.
    pub text: Bytes,
    /// Nothing comes after it.
    pub last: bool,
}

/// All who watch at this gateway.
pub struct Watchers {
    watching: Mutex<Vec<Watcher>>,
    /// When it was last looked.
    looked: Mutex<Instant>,
    tell: Tell,
    stall: Duration,
    longest: Duration,
}

/// One who watches.
struct Watcher {
    submission: Uuid,
    client: Uuid,
    sender: Sender<Bytes>,
    since: Instant,
    /// When it last took something.
    spoken: Instant,
    last_sent: Option<Bytes>,
    /// Its place, free again when it goes.
    _place: Box<dyn Any + Send>,
}

impl Watchers {
    /// None yet. Who reads nothing for `stall` beyond a sign of life is let go, and everybody after the `longest` time.
    pub fn new(tell: Tell, stall: Duration, longest: Duration) -> Self {
        Self { watching: Mutex::default(), looked: Mutex::new(Instant::now()), tell, stall, longest }
    }

    /// The events of a submission for this client, until the work is done, the client loses its access or goes away.
    pub fn watch(&self, submission: Uuid, client: Uuid, place: impl Any + Send) -> Receiver<Bytes> {
        let (sender, receiver) = mpsc::channel(UNREAD);
        let (now, place) = (Instant::now(), Box::new(place));
        let watcher = Watcher { submission, client, sender, since: now, spoken: now, last_sent: None, _place: place };
        self.lock().push(watcher);
        receiver
    }

    /// Looks, if it is time, and tells; how long until the next time.
    ///
    /// # Errors
    /// Those of the database; who watches gets a sign of life all the same.
    pub fn turn(&self, work: &Work) -> Result<Duration> {
        if self.lock().is_empty() {
            return Ok(IDLE);
        }
        let early = TURN.saturating_sub(self.looked().elapsed());
        if !early.is_zero() {
            return Ok(early);
        }
        *self.looked() = Instant::now();
        let (told, now) = (self.look(work), Instant::now());
        self.lock().retain_mut(|watcher| self.hears(watcher, work, told.as_ref().ok(), now));
        told.map(|_| TURN)
    }

    /// Lets all go.
    pub fn stop(&self) {
        self.lock().clear();
    }

    fn looked(&self) -> MutexGuard<'_, Instant> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Watcher>> {
        self.watching.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, work: &Work) -> Result<HashMap<Uuid, Event>> {
        let watched: BTreeSet<Uuid> = self.lock().iter().map(|watcher| watcher.submission).collect();
        let found = row::find_all(&mut *work.pools.work.get()?, &watched)?;
        Ok(found.iter().map(|submission| (submission.id, (self.tell)(submission))).collect())
    }

    /// Tells a watcher what it does not know. `false`: it watches no more.
    fn hears(&self, watcher: &mut Watcher, work: &Work, told: Option<&HashMap<Uuid, Event>>, now: Instant) -> bool {
        let lasts = watcher.since.elapsed() < self.longest && watcher.spoken.elapsed() < SIGN_OF_LIFE + self.stall;
        if !lasts || watcher.sender.is_closed() || !work.has_access(watcher.client) {
            return false;
        }
        let event = match told.map(|told| told.get(&watcher.submission)) {
            // One that began to watch after the look is told the next time.
            Some(None) if watcher.last_sent.is_none() && watcher.since.elapsed() < SIGN_OF_LIFE => return true,
            Some(None) => return false,
            Some(Some(event)) if watcher.last_sent.as_ref() != Some(&event.text) => Some(event),
            Some(Some(_)) | None => None,
        };
        match event {
            Some(event) => {
                let taken = watcher.say(event.text.clone(), now);
                if taken == Ok(true) {
                    watcher.last_sent = Some(event.text.clone());
                }
                taken.is_ok_and(|taken| !(taken && event.last))
            }
            None if now.duration_since(watcher.spoken) < SIGN_OF_LIFE => true,
            None => watcher.say(Bytes::from_static(b": keep-alive\n\n"), now).is_ok(),
        }
    }
}

impl Watcher {
    /// `Ok(false)`: it has not read yet what it was told before. `Err`: it is gone.
    fn say(&mut self, text: Bytes, now: Instant) -> Result<bool, ()> {
        match self.sender.try_send(text) {
            Ok(()) => {
                self.spoken = now;
                Ok(true)
            }
            Err(TrySendError::Full(_)) => Ok(false),
            Err(TrySendError::Closed(_)) => Err(()),
        }
    }
}
