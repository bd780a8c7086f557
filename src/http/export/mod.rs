//! Whole results on their way out. What a client takes its time to read holds a place and memory for a page, but no
//! thread; and no connection, except where one snapshot is promised.

pub mod annotated_workbook; // a sheet given back with its issues
pub mod issues; // all issues of a submission
mod outlet; // the parts of a result on their way to one client
pub mod records; // a list of records as one snapshot
pub mod rejected; // the rejected records as sent
pub mod workbook; // workbooks, row by row

use self::outlet::{Inlet, Outlet, SendingLimits};
use self::workbook::Book;
use crate::config::Config;
use crate::error::{Error, Result, UNAVAILABLE};
use crate::http::pace::Pace;
use crate::http::permits::{StreamPermit, StreamPermits};
use crate::http::request::caller::Caller;
use crate::http::state::State;
use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web;
use diesel::PgConnection;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Bytes read at once of a workbook that is done.
const READ: u64 = 256 << 10;
/// How often a page is asked for again, when the database was too busy for it.
const TRIES: u32 = 5;

/// The places of results that are sent as streams.
pub struct Exports {
    streams: StreamPermits,
    /// Those that hold a connection for their snapshot, as long as their client reads.
    snapshots: StreamPermits,
    /// Workbooks in the making: each keeps a core busy.
    making: Arc<Semaphore>,
}

impl Exports {
    /// As configured; so many `snapshots` may hold a connection.
    pub fn new(config: &Config, snapshots: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            streams: StreamPermits::new("exports", config.exports, config.exports_per_client, config.pool_wait()),
            snapshots: StreamPermits::new("snapshots", snapshots, (snapshots / 2).max(1), config.pool_wait()),
            making: Arc::new(Semaphore::new(cores)),
        }
    }
}

/// A result that is about to be sent to one client. Its place is held until all is sent, or given up.
pub struct Export {
    state: web::Data<State>,
    client: Uuid,
    permits: Vec<StreamPermit>,
}

impl Export {
    /// Takes a place.
    ///
    /// # Errors
    /// A 429 when the client has too many under way, a 503 when all places are taken.
    pub async fn begin(state: &web::Data<State>, caller: &Caller) -> Result<Self> {
        let permit = state.exports.streams.enter(caller.client_id).await?;
        Ok(Self { state: state.clone(), client: caller.client_id, permits: vec![permit] })
    }

    /// Sends what `next` gives, page by page, until it gives none. A page has a connection only while it is read.
    ///
    /// # Errors
    /// Those of the first page. What fails later breaks the body off.
    pub async fn pages<N>(self, media: &'static str, next: N) -> Result<HttpResponse>
    where
        N: FnMut(&mut PgConnection) -> Result<Option<Vec<u8>>> + Send + 'static,
    {
        let (state, client, next) = (self.state.clone(), self.client, Arc::new(Mutex::new(next)));
        let first = page(&state, client, &next).await?;
        let (outlet, inlet) = self.open();
        actix_web::rt::spawn(send_pages(outlet, state, client, next, first));
        Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, media)).streaming(inlet.body()))
    }

    /// Makes a workbook, then sends it under this file name. Nobody waits for the client while it is made.
    ///
    /// # Errors
    /// Those of the making.
    pub async fn workbook<M>(self, file_name: &str, make: M) -> Result<HttpResponse>
    where
        M: FnOnce(&Pages, &mut Book) -> Result<()> + Send + 'static,
    {
        let make = |pages: &Pages, folder: &Path| {
            let mut book = Book::new(folder)?;
            make(pages, &mut book)?;
            book.into_file(folder).map(Some)
        };
        self.file(file_name, make).await?.ok_or_else(|| Error::internal("a workbook was not made"))
    }

    /// Has the file of a workbook made, then sends it under this name; `None`: there is none to be made.
    ///
    /// # Errors
    /// Those of the making.
    pub async fn file<M>(self, file_name: &str, make: M) -> Result<Option<HttpResponse>>
    where
        M: FnOnce(&Pages, &Path) -> Result<Option<File>> + Send + 'static,
    {
        let place = self.state.exports.making.clone().acquire_owned().await.map_err(Error::internal)?;
        let pages = Pages { state: self.state.clone(), client: self.client, runtime: Handle::current() };
        let made = web::block(move || {
            let (_place, folder) = (place, pages.state.config.scratch());
            make(&pages, &folder)
        });
        let Some(file) = made.await.map_err(Error::internal)?? else { return Ok(None) };
        let length = file.metadata().map_err(Error::internal)?.len();
        let (outlet, inlet) = self.open();
        actix_web::rt::spawn(send_file(outlet, file));
        let mut response = HttpResponse::Ok();
        response.insert_header((CONTENT_TYPE, workbook::MEDIA_TYPE));
        response.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{file_name}\"")));
        Ok(Some(response.body(SizedStream::new(length, inlet.body()))))
    }

    /// Sends what `read` gives of one snapshot: it holds a connection and a thread for as long as the client reads, so
    /// there are few such places.
    ///
    /// # Errors
    /// What fails before the first part. What fails later breaks the body off.
    pub async fn snapshot<R>(mut self, media: &'static str, read: R) -> Result<HttpResponse>
    where
        R: FnOnce(&mut PgConnection, TakePart<'_>) -> Result<bool> + Send + 'static,
    {
        self.permits.push(self.state.exports.snapshots.enter(self.client).await?);
        let (state, runtime) = (self.state.clone(), Handle::current());
        let (mut outlet, mut inlet) = self.open();
        actix_web::rt::task::spawn_blocking(move || {
            let mut send = |bytes: Vec<u8>| runtime.block_on(outlet.send(bytes.into()));
            match state.snapshot_here(|connection| read(connection, &mut send)) {
                Ok(true) => outlet.complete(),
                Ok(false) => {}
                Err(error) => outlet.failed(error),
            }
        });
        inlet.begun().await?;
        Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, media)).streaming(inlet.body()))
    }

    fn open(self) -> (Outlet, Inlet) {
        let config = &self.state.config;
        let stall = Duration::from_secs(config.stall_seconds);
        outlet::open(SendingLimits {
            access: self.state.access.clone(),
            client: self.client,
            pace: Pace::new(config.least_rate, stall),
            stall,
            until: Instant::now() + Duration::from_secs(config.export_seconds),
            _permits: self.permits,
        })
    }
}

/// Takes a part of a snapshot; `None`: nobody reads any more.
pub type TakePart<'s> = &'s mut dyn FnMut(Vec<u8>) -> Option<()>;

type Next<N> = Arc<Mutex<N>>;

/// The next page; a database that is too busy for it is asked again.
async fn page<N>(state: &web::Data<State>, client: Uuid, next: &Next<N>) -> Result<Option<Vec<u8>>>
where
    N: FnMut(&mut PgConnection) -> Result<Option<Vec<u8>>> + Send + 'static,
{
    let mut tries = 0;
    loop {
        let next = next.clone();
        let read = move |connection: &mut PgConnection| {
            let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
            next(connection)
        };
        match state.search(client, "export", read).await {
            Err(error) if error.kind == UNAVAILABLE && tries < TRIES => tries += 1,
            outcome => return outcome,
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn send_pages<N>(mut outlet: Outlet, state: web::Data<State>, client: Uuid, next: Next<N>, first: Option<Vec<u8>>)
where
    N: FnMut(&mut PgConnection) -> Result<Option<Vec<u8>>> + Send + 'static,
{
    let mut ahead = Ok(first);
    while let Ok(Some(bytes)) = ahead {
        if outlet.send(bytes.into()).await.is_none() {
            return;
        }
        ahead = page(&state, client, &next).await;
    }
    match ahead {
        Ok(_) => outlet.complete(),
        Err(error) => outlet.failed(error),
    }
}

async fn send_file(mut outlet: Outlet, mut file: File) {
    loop {
        let read = web::block(move || {
            let mut bytes = Vec::new();
            let read = (&file).take(READ).read_to_end(&mut bytes);
            read.map(|_| (file, bytes))
        });
        match read.await.map_err(Error::internal).and_then(|read| read.map_err(Error::internal)) {
            Err(error) => return outlet.failed(error),
            Ok((_, bytes)) if bytes.is_empty() => return outlet.complete(),
            Ok((read, bytes)) => {
                file = read;
                if outlet.send(bytes.into()).await.is_none() {
                    return;
                }
            }
        }
    }
}

/// The database for who makes a workbook: a connection for as long as a page is read.
pub struct Pages {
    state: web::Data<State>,
    client: Uuid,
    runtime: Handle,
}

impl Pages {
    /// The settings.
    pub fn config(&self) -> &Config {
        &self.state.config
    }

    /// Reads a page.
    ///
    /// # Errors
    /// Those of the reading; a 503 when the database is too busy.
    pub fn read<T>(&self, read: impl FnOnce(&mut PgConnection) -> Result<T>) -> Result<T> {
        self.state.read_here(&self.runtime, self.client, "export", read)
    }
}

/// Pages by key as text: `read` gives the items after a position, `write` their text, which `head` precedes.
pub fn by_position<T, P: 'static>(
    head: String,
    mut read: impl FnMut(&mut PgConnection, Option<&P>) -> Result<Vec<T>>,
    position: fn(&T) -> P,
    write: impl Fn(&[T]) -> Result<Vec<u8>>,
) -> impl FnMut(&mut PgConnection) -> Result<Option<Vec<u8>>> {
    let (mut after, mut head) = (None, head.into_bytes());
    move |connection| {
        let found = read(connection, after.as_ref())?;
        let text = write(&found)?;
        let page = [std::mem::take(&mut head), text].concat();
        after = found.last().map(position).or(after.take());
        Ok((!page.is_empty()).then_some(page))
    }
}
