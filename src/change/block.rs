//! The blocks of a batch: one for each school, and for each request where several share a transaction.

use super::keys::{ChangeOperation, push_line, seal};
use crate::store::change_log;
use crate::store::pg::statement::{Argument, Statement};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;
use uuid::Uuid;

/// Ids that one step of the sequence hands out; no batch has more blocks.
pub const IDS: i64 = 10_000;

/// Who changes something.
#[derive(Debug, Clone, Default)]
pub struct Author {
    /// The client.
    pub client: Uuid,
    /// The person, where one is known.
    pub actor: Option<String>,
    /// The submission; `None` for a single write.
    pub submission: Option<Uuid>,
}

/// What a batch is written with.
#[derive(Debug, Clone, Copy)]
pub struct ChangeIdBlock {
    /// The first of [`IDS`] ids of blocks.
    pub first_id: i64,
    /// The clock of the database, read while the schools of the batch were locked.
    pub at: DateTime<Utc>,
}

impl ChangeIdBlock {
    /// The columns to ask for.
    pub const COLUMNS: &'static str = "nextval('change_block'), clock_timestamp()";

    /// Of cells from `first` on.
    pub fn of(cells: &crate::store::pg::statement::Cells, first: usize) -> Self {
        Self {
            first_id: cells.integer(first).unwrap_or_default() * IDS,
            at: cells.instant(first + 1).unwrap_or_default(),
        }
    }

    /// Asks for one. The schools that will be written to are locked.
    ///
    /// # Errors
    /// Those of the database.
    pub fn take(connection: &mut PgConnection) -> QueryResult<Self> {
        let found = Statement::new(format!("SELECT {}", Self::COLUMNS)).first_row(connection)?;
        Ok(Self::of(&found.unwrap_or_default(), 0))
    }
}

/// A record that is changed.
pub struct Changed<'a> {
    /// The school that has it from now on, or had it last.
    pub school: &'a str,
    /// The request that changes it, if that is of its own.
    pub request: Option<&'a str>,
    /// What becomes of it.
    pub operation: ChangeOperation,
    /// Its version, or the number after its last.
    pub version: i64,
    /// Its key.
    pub key: Vec<Cow<'a, str>>,
    /// The key that it had.
    pub former: Option<&'a [Cow<'a, str>]>,
    /// Hash over its key and content; none of a deletion.
    pub hash: Option<(i64, i64)>,
}

/// A block that is being filled.
struct Open {
    id: i64,
    school: String,
    request: Option<String>,
    lines: String,
    sha256: Sha256,
}

/// The blocks of a batch of one resource.
pub struct Blocks<'a> {
    resource: i16,
    author: &'a Author,
    id_block: ChangeIdBlock,
    open: Vec<Open>,
    places: HashMap<(String, Option<String>), usize>,
    last: usize,
}

impl<'a> Blocks<'a> {
    /// None yet; `resource` is the number of the definition.
    pub fn new(resource: i16, author: &'a Author, id_block: ChangeIdBlock) -> Self {
        Self { resource, author, id_block, open: Vec::new(), places: HashMap::new(), last: 0 }
    }

    /// Adds a record; the id of its block.
    pub fn add(&mut self, changed: &Changed) -> i64 {
        let place = self.place(changed.school, changed.request);
        let block = &mut self.open[place];
        let start = block.lines.len();
        push_line(&mut block.lines, changed.operation, changed.version, &changed.key, changed.former);
        block.sha256.update(&block.lines.as_bytes()[start..]);
        if let Some((high, low)) = changed.hash {
            block.sha256.update(format!("\t{high:016x}{low:016x}"));
        }
        block.sha256.update("\n");
        block.lines.push('\n');
        block.id
    }

    /// Neighbours in a batch are mostly of one school.
    fn place(&mut self, school: &str, request: Option<&str>) -> usize {
        let is_same = |block: &Open| block.school == school && block.request.as_deref() == request;
        if self.open.get(self.last).is_some_and(is_same) {
            return self.last;
        }
        let next = self.open.len();
        let name = (school.to_owned(), request.map(str::to_owned));
        self.last = *self.places.entry(name).or_insert(next);
        if self.last == next {
            let id = self.id_block.first_id + next as i64;
            let sha256 = Sha256::new_with_prefix(self.head(id, school, request));
            let request = request.map(str::to_owned);
            self.open.push(Open { id, school: school.to_owned(), request, lines: String::new(), sha256 });
        }
        self.last
    }

    /// What the canonical form of a block begins with: a line for each of what it says of itself, empty where there is nothing.
    fn head(&self, id: i64, school: &str, request: Option<&str>) -> String {
        let Author { client, actor, submission } = self.author;
        let (actor, request) = (actor.as_deref().unwrap_or_default(), request.unwrap_or_default());
        let submission = submission.map(|id| id.to_string()).unwrap_or_default();
        let (at, resource) = (self.id_block.at.timestamp_micros(), self.resource);
        format!("change-block/1\n{id}\n{at}\n{school}\n{resource}\n{client}\n{actor}\n{request}\n{submission}\n")
    }

    /// The arguments of the statement that writes the blocks ([`change_log::ARGUMENTS`] of them), in the transaction of
    /// this connection.
    ///
    /// # Errors
    /// Those of the database and of the compression.
    pub fn arguments(self, connection: &mut PgConnection) -> QueryResult<Vec<Argument<'a>>> {
        let (mut ids, mut schools, mut requests, mut keys, mut sums) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for block in self.open {
            ids.push(block.id);
            schools.push(Cow::Owned(block.school));
            requests.push(block.request.map(Cow::Owned));
            keys.push(Cow::Owned(
                seal(&block.lines).map_err(|error| diesel::result::Error::SerializationError(error.into()))?,
            ));
            sums.push(Cow::Owned(block.sha256.finalize().to_vec()));
        }
        Ok(vec![
            Argument::Instant(self.id_block.at),
            Argument::MaybeUuid(self.author.submission),
            Argument::Uuid(self.author.client),
            Argument::MaybeText(self.author.actor.as_deref().map(Cow::Borrowed)),
            Argument::MaybeText(change_log::transaction(connection)?.map(Cow::Owned)),
            Argument::Integers(ids),
            Argument::Texts(schools),
            Argument::MaybeTexts(requests),
            Argument::ByteStrings(keys),
            Argument::ByteStrings(sums),
        ])
    }

    /// Writes the blocks.
    ///
    /// # Errors
    /// Those of the database.
    pub fn write(self, connection: &mut PgConnection) -> QueryResult<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        let sql = format!("WITH {} {}", change_log::ORIGIN, change_log::insertion(self.resource));
        Statement::with(&sql, self.arguments(connection)?).run(connection).map(|_| ())
    }
}
