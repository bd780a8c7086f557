//! The parts of a result on their way to one client: how long each may be left unread, at what pace, for how long in
//! all. A result that is given up is broken off, so that no client takes it for the whole.

use crate::access::Access;
use crate::error::{Error, Result};
use crate::http::pace::Pace;
use crate::http::permits::StreamPermit;
use crate::metrics;
use actix_web::web::Bytes;
use futures_util::stream::{self, Stream};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;
use uuid::Uuid;

/// Bytes that are handed over at once: few enough for a slow line to take in its time.
const PART: usize = 64 << 10;
/// Parts ahead of the client.
const AHEAD: usize = 2;

/// A part, or the end of one that is broken off.
pub(super) type ExportPart = io::Result<Bytes>;
/// What the server sends.
pub(super) type ExportBody = Pin<Box<dyn Stream<Item = ExportPart>>>;

/// What bounds the sending.
pub(super) struct SendingLimits {
    /// Who reads: a client that lost its access gets no more.
    pub(super) access: Arc<Access>,
    pub(super) client: Uuid,
    pub(super) pace: Pace,
    /// How long a part may be left unread.
    pub(super) stall: Duration,
    /// When it must be over.
    pub(super) until: Instant,
    /// The places that it holds.
    pub(super) _permits: Vec<StreamPermit>,
}

/// The sending end.
pub(super) struct Outlet {
    sender: Sender<ExportPart>,
    terms: SendingLimits,
    whole: Arc<AtomicBool>,
    begun: Option<oneshot::Sender<Error>>,
}

/// The receiving end.
pub(super) struct Inlet {
    receiver: Receiver<ExportPart>,
    whole: Arc<AtomicBool>,
    begun: oneshot::Receiver<Error>,
}

/// Both ends.
pub(super) fn open(terms: SendingLimits) -> (Outlet, Inlet) {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let (fails, begun) = oneshot::channel();
    let whole = Arc::new(AtomicBool::new(false));
    (Outlet { sender, terms, whole: whole.clone(), begun: Some(fails) }, Inlet { receiver, whole, begun })
}

impl Outlet {
    /// Sends these bytes. `None`: nobody takes more; the places are free when this end is dropped.
    pub(super) async fn send(&mut self, bytes: Bytes) -> Option<()> {
        let mut left = bytes;
        while !left.is_empty() {
            let part = left.split_to(left.len().min(PART));
            if let Err(reason) = self.part(part).await {
                metrics::export_ended(reason);
                return None;
            }
        }
        Some(())
    }

    async fn part(&mut self, part: Bytes) -> Result<(), &'static str> {
        // Whoever waits for the head of the answer may send it: what fails from here on breaks the body off.
        self.begun = None;
        let (length, start) = (part.len(), Instant::now());
        if self.terms.access.area(self.terms.client).is_none() {
            return Err("revoked");
        }
        let left = self.terms.until.saturating_duration_since(start);
        match tokio::time::timeout(self.terms.stall.min(left), self.sender.send(Ok(part))).await {
            Err(_) if left < self.terms.stall => Err("too-long"),
            Err(_) => Err("stalled"),
            Ok(Err(_)) => Err("gone"),
            Ok(Ok(())) if self.terms.pace.keeps(length, start.elapsed()) => Ok(()),
            Ok(Ok(())) => Err("too-slow"),
        }
    }

    /// All is sent.
    pub(super) fn complete(self) {
        self.whole.store(true, Ordering::Release);
        metrics::export_ended("whole");
    }

    /// It cannot go on.
    pub(super) fn failed(mut self, error: Error) {
        metrics::export_ended("failed");
        if let Some(begun) = self.begun.take() {
            let _ = begun.send(error);
        }
    }
}

impl Inlet {
    /// Waits for the first part.
    ///
    /// # Errors
    /// What failed before it.
    pub(super) async fn begun(&mut self) -> Result<()> {
        match (&mut self.begun).await {
            Ok(error) => Err(error),
            Err(_) => Ok(()),
        }
    }

    /// The body: it ends in an error unless all was sent.
    pub(super) fn body(self) -> ExportBody {
        Box::pin(stream::unfold(Some((self.receiver, self.whole)), |state| async move {
            let (mut receiver, whole) = state?;
            match receiver.recv().await {
                Some(part) => Some((part, Some((receiver, whole)))),
                None if whole.load(Ordering::Acquire) => None,
                None => Some((Err(io::ErrorKind::TimedOut.into()), None)),
            }
        }))
    }
}
