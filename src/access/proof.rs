//! What a token or a secret proves, and what is said where it proves nothing.

use crate::access::clients::Client;
use crate::access::secrets;
use crate::access::tokens::Refusal;
use crate::error::Error;
use std::sync::Arc;

/// Why nobody can be told from a token.
#[derive(Debug)]
pub enum Stranger {
    /// Its key, issuer or client is not known here; another process may have made it a moment ago.
    Unknown(Error),
    /// It is refused.
    Refused(Error),
}

impl Stranger {
    pub(super) fn of(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unknown => Self::Unknown(refusal.into()),
            _ => Self::Refused(refusal.into()),
        }
    }
}

impl From<Stranger> for Error {
    fn from(stranger: Stranger) -> Self {
        match stranger {
            Stranger::Unknown(error) | Stranger::Refused(error) => error,
        }
    }
}

/// What is known of a secret at once.
pub enum Proof {
    /// It is the client's.
    Right(Arc<Client>),
    /// It is not, or there is no such client, or it was revoked.
    Wrong,
    /// Only the slow hash can tell: the client is older than fast digests, and its secret was not proven since.
    Unproven(Arc<Client>),
}

impl Client {
    /// Does the secret belong to its slow hash? Takes some 20 ms of a core.
    pub fn has_secret(&self, secret: &str) -> bool {
        secrets::verify(secret, &self.secret_hash)
    }
}
