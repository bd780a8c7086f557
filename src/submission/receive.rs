//! A body on its way into the database: decompressed, cut into records, framed in chunks, durable before the work
//! begins. Nobody waits for a slow sender but a task: threads are taken only for what has come, in turns that all
//! bodies share.

use crate::error::{BAD_REQUEST, Error, Result, UNAVAILABLE};
use crate::intake::encoding::{Decoder, Encoding, Wire, hexadecimal};
use crate::intake::json::split::Form;
use crate::model::messages::message;
use crate::model::spec::Spec;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::body_reader::{BodyReader, Progress};
use crate::submission::pieces::Pieces;
use crate::submission::{Work, sheet_store};
use bytes::Bytes;
use diesel::Connection;
use diesel::connection::SimpleConnection;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use tempfile::SpooledTempFile;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Chunks of one body that are framed and stored at the same time.
const STORING: usize = 2;

/// The parts of a body as they come; an `Err` is a connection that broke.
pub type Parts = mpsc::Receiver<std::result::Result<Bytes, ()>>;

/// What a body is.
#[derive(Debug, Clone, Copy)]
pub enum BodyFormat {
    /// Records as JSON.
    Records(Form),
    /// Rows of this resource, delimited.
    Csv(&'static Spec),
    /// A workbook; with a resource, all its sheets hold that one.
    Workbook(Option<&'static Spec>),
}

impl BodyFormat {
    /// Tells bodies of one form from those of others.
    pub fn word(&self) -> String {
        match self {
            Self::Records(form) => format!("{form:?}"),
            Self::Csv(spec) => format!("Csv {}", spec.name),
            Self::Workbook(spec) => format!("Workbook {}", spec.map_or("", |spec| spec.name)),
        }
    }
    /// Did people fill it in?
    pub fn is_sheet(&self) -> bool {
        !matches!(self, Self::Records(_))
    }
}

/// What came of receiving a body.
#[derive(Debug)]
pub struct Received {
    /// Length as sent.
    pub bytes: u64,
    /// SHA-256 of the body as sent, hexadecimal.
    pub sha256: String,
    /// The same of what was compressed: the same records compressed anew are the same.
    pub decoded_sha256: String,
    /// Records.
    pub records: u64,
    /// It ended before it was whole.
    pub cut: bool,
}

/// Whose turn it is to have a thread. All bodies share them: what comes next of each waits in the order it came.
#[derive(Debug)]
pub struct StorageTurns {
    /// To decompress and cut what has come.
    cutting: Arc<Semaphore>,
    /// To frame, compress and store a chunk; each takes a connection.
    storing: Arc<Semaphore>,
    /// To read a sheet that has come whole.
    sheets: Arc<Semaphore>,
}

impl Default for StorageTurns {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let turns = |most: usize| Arc::new(Semaphore::new(cores.clamp(2, most)));
        Self { cutting: turns(8), storing: turns(4), sheets: turns(4) }
    }
}

/// Does `work` on a thread that may block, when it is its turn.
async fn in_turn<T: Send + 'static>(turns: &Arc<Semaphore>, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let turn = turns.clone().acquire_owned().await.map_err(Error::internal)?;
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.map_err(Error::internal)
}

/// Stores a body. `Err`: it is no submission, or larger than allowed; nothing of it is to stay.
pub async fn receive(
    work: &Arc<Work>,
    id: Uuid,
    body: BodyFormat,
    encoding: Encoding,
    mut parts: Parts,
) -> Result<Received> {
    let (mut reader, mut storing) = (BodyReader::new(work, body, encoding)?, Storing::new(work, id));
    while reader.progress != Progress::Ended {
        if reader.progress == Progress::Hungry {
            more(reader.decoder.wire(), &mut parts).await;
        }
        reader = in_turn(&work.turns.cutting, move || reader.read()).await??;
        for pieces in std::mem::take(&mut reader.ready) {
            storing.add(pieces).await?;
        }
    }
    let (records, broken) = match reader.sheet() {
        Some(file) => read_sheet(&mut storing, body, file, reader.broken).await?,
        None => (reader.buffer.records, reader.broken),
    };
    storing.finish().await?;
    drain(reader.decoder.wire(), &mut parts).await;
    let decoded = reader.decoded_sha256();
    received(reader.decoder.wire(), decoded, records, broken)
}

/// SHA-256 of a body that is only compared: as it was before it was compressed.
///
/// # Errors
/// The service lacks memory.
pub async fn sum(work: &Arc<Work>, encoding: Encoding, mut parts: Parts) -> Result<String> {
    let mut summed = Summed { decoder: Decoder::new(encoding)?, hash: Sha256::new(), left: work.config.max_body_bytes };
    loop {
        more(summed.decoder.wire(), &mut parts).await;
        let is_done;
        (summed, is_done) = in_turn(&work.turns.cutting, move || summed.read()).await?;
        if is_done {
            break;
        }
    }
    drain(summed.decoder.wire(), &mut parts).await;
    Ok(hexadecimal(&summed.hash.finalize()))
}

/// A body that is only compared, as far as it has come.
struct Summed {
    decoder: Decoder,
    hash: Sha256,
    /// Bytes that are still looked at.
    left: u64,
}

impl Summed {
    /// Reads what has come; `true`: to its end, or as far as it can be.
    fn read(mut self) -> (Self, bool) {
        let mut bytes = vec![0; 64 << 10];
        loop {
            match self.decoder.read(&mut bytes) {
                Ok(0) => return (self, true),
                Ok(length) => {
                    self.hash.update(&bytes[..length]);
                    self.left = self.left.saturating_sub(length as u64);
                    if self.left == 0 {
                        return (self, true);
                    }
                }
                Err(fault) => return (self, fault.kind() != ErrorKind::WouldBlock),
            }
        }
    }
}

/// Waits for the next part, and takes those that wait behind it.
async fn more(wire: &mut Wire, parts: &mut Parts) {
    let mut next = parts.recv().await;
    loop {
        match next {
            Some(Ok(part)) => wire.push(part),
            Some(Err(())) => return wire.close(true),
            None => return wire.close(false),
        }
        match parts.try_recv() {
            Ok(part) => next = Some(part),
            Err(_) => return,
        }
    }
}

/// Passes over what still comes: only its length and hash are wanted.
async fn drain(wire: &mut Wire, parts: &mut Parts) {
    wire.skip();
    while !wire.has_ended() {
        more(wire, parts).await;
        wire.skip();
    }
}

fn received(wire: &Wire, decoded_sha256: String, records: u64, broken: bool) -> Result<Received> {
    if records == 0 && !wire.is_cut() {
        let detail = if broken { message("body-not-compressed-so") } else { message("body-without-records") };
        return Err(Error::new(BAD_REQUEST, detail));
    }
    let (bytes, sha256) = wire.sum();
    Ok(Received { bytes, sha256, decoded_sha256, records, cut: broken || wire.is_cut() })
}

/// Reads a sheet that has come: how many records it holds, and whether it was broken off.
async fn read_sheet(
    storing: &mut Storing,
    body: BodyFormat,
    file: SpooledTempFile,
    broken: bool,
) -> Result<(u64, bool)> {
    let (sender, mut ready) = mpsc::channel(1);
    let (work, id) = (storing.work.clone(), storing.id);
    let reading = tokio::spawn(async move {
        let turns = work.turns.sheets.clone();
        in_turn(&turns, move || sheet_store::read(&work, id, body, file, broken, sender)).await?
    });
    while let Some(pieces) = ready.recv().await {
        storing.add(pieces).await?;
    }
    reading.await.map_err(Error::internal)?
}

/// The chunks of a body on their way into the database.
struct Storing {
    work: Arc<Work>,
    id: Uuid,
    running: VecDeque<JoinHandle<Result<()>>>,
}

impl Storing {
    fn new(work: &Arc<Work>, id: Uuid) -> Self {
        Self { work: work.clone(), id, running: VecDeque::with_capacity(STORING) }
    }

    /// Begins to store these; waits when as many are stored already as may be.
    async fn add(&mut self, pieces: Pieces) -> Result<()> {
        if self.running.len() == STORING {
            self.next().await?;
        }
        let (work, id) = (self.work.clone(), self.id);
        self.running.push_back(tokio::spawn(async move {
            let turns = work.turns.storing.clone();
            in_turn(&turns, move || store(&work, id, &pieces)).await?
        }));
        Ok(())
    }

    async fn next(&mut self) -> Result<()> {
        match self.running.pop_front() {
            Some(stored) => stored.await.map_err(Error::internal)?,
            None => Ok(()),
        }
    }

    async fn finish(&mut self) -> Result<()> {
        while !self.running.is_empty() {
            self.next().await?;
        }
        Ok(())
    }
}

/// Stores a chunk, as long as the body is still this gateway's.
fn store(work: &Work, id: Uuid, pieces: &Pieces) -> Result<()> {
    let chunk = pieces.encode()?;
    let sql = "INSERT INTO submission_chunks (submission_id, number, first_index, records, parts, hashes, data) \
         SELECT id, $1::bigint, $2, $3::bigint, $4, $5, $6 FROM submissions \
         WHERE id = $7 AND status = 'receiving' FOR SHARE";
    let arguments = vec![
        Argument::Integer(pieces.number),
        Argument::Integer(pieces.first as i64),
        Argument::Integer(i64::from(chunk.records)),
        Argument::Integer(chunk.parts as i64),
        Argument::Bytes(chunk.hashes.into()),
        Argument::Bytes(chunk.data.into()),
        Argument::Uuid(id),
    ];
    let mut connection = work.pools.work.get()?;
    let stored = connection.transaction::<_, Error, _>(|connection| {
        // The commit that ends the body is the one that waits for the disk: it makes all before it durable.
        connection.batch_execute("SET LOCAL synchronous_commit = off")?;
        Ok(Statement::with(sql, arguments).run(connection)?)
    })?;
    if stored == 1 { Ok(()) } else { Err(lost()) }
}

/// Somebody ended the body, for its lease had run out.
pub fn lost() -> Error {
    Error::new(UNAVAILABLE, message("body-lost")).retry_after(5)
}
