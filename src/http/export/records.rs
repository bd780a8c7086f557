//! A whole result on its way to the client: a thread reads it from the database as fast as the client takes it.

use crate::error::{Error, Result};
use crate::http::state::State;
use crate::query;
use crate::query::{OutputFormat, Visibility};
use crate::store::table::Table;
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_TYPE, VARY};
use actix_web::web::{self, Bytes};
use futures_util::stream::{self, Stream, StreamExt};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// How long a client may leave a part untaken: it holds a connection and a snapshot meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);

type Part = Result<Bytes>;

/// The answer that streams the result.
///
/// # Errors
/// What fails before the first part: 400, 403, 503 and those of the database. Later only a broken body can tell.
pub async fn stream(
    state: &web::Data<State>,
    table: &'static Table,
    sight: Visibility,
    parameters: Vec<(String, String)>,
    form: OutputFormat,
) -> Result<HttpResponse> {
    let permits = state.admit_export().await?;
    let (sender, mut receiver) = mpsc::channel::<Part>(2);
    let (pool, work) = (state.pool.clone(), state.work.clone());
    let outlet = Outlet {
        sender,
        runtime: Handle::current(),
        patience: PATIENCE.min(Duration::from_secs(state.config.request_timeout_seconds)),
        whole: Arc::new(AtomicBool::new(false)),
    };
    let whole = outlet.whole.clone();
    actix_web::rt::task::spawn_blocking(move || {
        let _permits = permits;
        let read = || {
            let mut connection = pool.get()?;
            let question = query::question(table, sight, &*work.lists(&mut connection)?, &parameters)?
                .official(&mut connection)?;
            query::export(&mut connection, &question, form, &|bytes| outlet.send(Ok(bytes.into())))
        };
        match read() {
            Ok(true) => outlet.whole.store(true, Ordering::Release),
            Ok(false) => {}
            Err(error) => drop(outlet.send(Err(error))),
        }
    });
    let first = receiver.recv().await.transpose()?;
    let parts = stream::iter(first.map(Ok)).chain(rest(receiver, whole));
    let media = if form == OutputFormat::Csv { "text/csv; charset=utf-8" } else { "application/x-ndjson" };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media))
        .insert_header((VARY, "Accept"))
        .streaming(Box::pin(parts)))
}

/// The thread's end of the stream.
struct Outlet {
    sender: Sender<Part>,
    runtime: Handle,
    patience: Duration,
    /// Set when all is sent.
    whole: Arc<AtomicBool>,
}

impl Outlet {
    /// `None`: the client is gone, or does not read.
    fn send(&self, part: Part) -> Option<()> {
        self.runtime.block_on(tokio::time::timeout(self.patience, self.sender.send(part))).ok()?.ok()
    }
}

/// The parts after the first. One that ends before all was sent ends in an error: no client may take it for the whole.
pub(crate) fn rest(receiver: Receiver<Part>, whole: Arc<AtomicBool>) -> impl Stream<Item = Part> {
    stream::unfold(Some((receiver, whole)), |state| async move {
        let (mut receiver, whole) = state?;
        match receiver.recv().await {
            Some(part) => Some((part, Some((receiver, whole)))),
            None if whole.load(Ordering::Acquire) => None,
            None => Some((Err(Error::internal("a whole result was not read in time or broke off")), None)),
        }
    })
}
