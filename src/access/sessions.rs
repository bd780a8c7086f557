//! Sessions of people, who sign in with a client's id and secret: in the database, so that every gateway on it knows
//! them, also after a restart. What the browser holds is kept as its digest only.

use crate::access::clients::Client;
use crate::access::secrets;
use crate::clock;
use crate::error::Result;
use crate::store::pg::statement::{Argument, Statement};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// A session ends after a working day, however much it is used.
pub const LONGEST: TimeDelta = TimeDelta::hours(10);
/// Sessions that a client has at the same time; of more, the oldest end.
const OF_ONE_CLIENT: i64 = 100;
/// Use is noted no more often than this.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// What a browser holds: the client's id and a secret of 256 random bits. The id alone lets nobody in, but tells an
/// invented session from one that may be there without a look into the database.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken {
    client: Uuid,
    secret: String,
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a session of {}", self.client)
    }
}

impl SessionToken {
    fn new(client: Uuid) -> Self {
        Self { client, secret: secrets::generate() }
    }
    /// Reads back what was handed out; `None`: it never was.
    pub fn parse(text: &str) -> Option<Self> {
        let (client, secret) = text.split_once('.')?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let client = Uuid::try_parse(client).ok().filter(|_| secret.len() < 100 && secret.bytes().all(is_plain))?;
        Some(Self { client, secret: secret.to_owned() })
    }
    /// As it is handed out: letters, digits, `-`, `_` and one dot.
    pub fn reveal(&self) -> String {
        format!("{}.{}", self.client.simple(), self.secret)
    }
    /// The client that it names.
    pub fn client(&self) -> Uuid {
        self.client
    }
    /// Under which it is kept.
    fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.reveal()).to_vec()
    }
}

/// A session that is open.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose.
    pub client: Uuid,
    pub(super) secret_mark: Vec<u8>,
    used_at: DateTime<Utc>,
}

impl Session {
    /// Is its use to be noted again?
    pub fn is_to_be_noted(&self) -> bool {
        clock::now() - self.used_at >= NOTED_EVERY
    }
}

impl Client {
    /// Changes with the client's secret.
    pub(super) fn secret_mark(&self) -> Vec<u8> {
        Sha256::digest(&self.secret_hash).to_vec()
    }
}

/// Opens a session for a client whose secret was proven.
///
/// # Errors
/// Those of the database.
pub fn open(connection: &mut PgConnection, client: &Client) -> Result<SessionToken> {
    let (token, now) = (SessionToken::new(client.id), clock::now());
    let sql =
        "INSERT INTO console_sessions (digest, client_id, secret_mark, opened_at, used_at) VALUES ($1, $2, $3, $4, $5)";
    let arguments = vec![
        Argument::Bytes(token.digest().into()),
        Argument::Uuid(client.id),
        Argument::Bytes(client.secret_mark().into()),
        Argument::Instant(now),
        Argument::Instant(now),
    ];
    Statement::with(sql, arguments).run(connection)?;
    let oldest = "DELETE FROM console_sessions WHERE digest IN (SELECT digest FROM console_sessions WHERE client_id = $1 \
         ORDER BY opened_at DESC, digest OFFSET $2)";
    Statement::with(oldest, vec![Argument::Uuid(client.id), Argument::Integer(OF_ONE_CLIENT)]).run(connection)?;
    Ok(token)
}

/// The session of a token, unless it was not used for `idle`, or is older than [`LONGEST`].
///
/// # Errors
/// Those of the database.
pub fn find(connection: &mut PgConnection, token: &SessionToken, idle: TimeDelta) -> Result<Option<Session>> {
    let sql = "SELECT client_id, secret_mark, used_at FROM console_sessions \
         WHERE digest = $1 AND used_at > $2 AND opened_at > $3";
    let now = clock::now();
    let arguments =
        vec![Argument::Bytes(token.digest().into()), Argument::Instant(now - idle), Argument::Instant(now - LONGEST)];
    let found = Statement::with(sql, arguments).first_row(connection)?;
    Ok(found.and_then(|cells| {
        Some(Session { client: cells.uuid(0)?, secret_mark: cells.get(1)?.to_vec(), used_at: cells.instant(2)? })
    }))
}

/// Notes that a session is used.
///
/// # Errors
/// Those of the database.
pub fn note(connection: &mut PgConnection, token: &SessionToken) -> Result<()> {
    let sql = "UPDATE console_sessions SET used_at = greatest(used_at, $1) WHERE digest = $2";
    let arguments = vec![Argument::Instant(clock::now()), Argument::Bytes(token.digest().into())];
    Statement::with(sql, arguments).run(connection)?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// Those of the database.
pub fn close(connection: &mut PgConnection, token: &SessionToken) -> Result<()> {
    let sql = "DELETE FROM console_sessions WHERE digest = $1";
    Statement::with(sql, vec![Argument::Bytes(token.digest().into())]).run(connection)?;
    Ok(())
}

/// Removes sessions that were not used since `$1`, at most `$2`.
pub const PURGE: &str = "DELETE FROM console_sessions WHERE digest = ANY(ARRAY( \
     SELECT digest FROM console_sessions WHERE used_at < $1 LIMIT $2))";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_nothing_else_is_one() {
        let token = SessionToken::new(Uuid::now_v7());
        assert_eq!(SessionToken::parse(&token.reveal()), Some(token.clone()));
        let long = format!("{}.{}", token.client.simple(), "a".repeat(100));
        for bad in ["", ".", "x.y", &token.secret, &format!("{}.", token.reveal()), &long] {
            assert_eq!(SessionToken::parse(bad), None, "{bad}");
        }
        assert_ne!(token.digest(), SessionToken::new(token.client).digest());
    }
}
