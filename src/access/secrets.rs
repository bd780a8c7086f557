//! Clients' secrets: made here, kept as argon2id hashes only.

use crate::error::{Error, Result};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::RwLock;
use uuid::Uuid;

/// A new secret: 256 random bits, URL-safe, so that it needs no quoting in a form or a shell.
pub fn generate() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    format!("sgs_{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// Hashes a secret for keeping; takes some 20 ms of a core.
///
/// # Errors
/// A fault of the service when the system gives no randomness.
pub fn hash(secret: &str) -> Result<String> {
    let hash: PasswordHash = Argon2::default().hash_password(secret.as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// Does the secret belong to the hash? Takes some 20 ms of a core.
pub fn verify(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

/// Secrets found right before, as salted digests bound to the stored hash: a client that asks for tokens often costs
/// one argon2 only, and a changed secret ends what was remembered.
#[derive(Debug)]
pub struct Proven {
    salt: [u8; 32],
    digests: RwLock<HashMap<Uuid, [u8; 32]>>,
}

impl Default for Proven {
    fn default() -> Self {
        let mut salt = [0; 32];
        rand::rng().fill_bytes(&mut salt);
        Self { salt, digests: RwLock::default() }
    }
}

impl Proven {
    fn digest(&self, secret: &str, hash: &str) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.salt);
        digest.update(Sha256::digest(hash.as_bytes()));
        digest.update(secret.as_bytes());
        digest.finalize().into()
    }
    /// Was this secret proven for this hash?
    pub fn knows(&self, client: Uuid, secret: &str, hash: &str) -> bool {
        let digests = self.digests.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        // Salted digests are compared: the time of the comparison tells nothing about the secret.
        digests.get(&client).is_some_and(|known| *known == self.digest(secret, hash))
    }
    /// Remembers it: one a client, so the memory is bounded by the clients there are.
    pub fn remember(&self, client: Uuid, secret: &str, hash: &str) {
        let digest = self.digest(secret, hash);
        self.digests.write().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(client, digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_fits_its_own_hash_only() {
        let (secret, other) = (generate(), generate());
        let stored = hash(&secret).unwrap();
        assert!(stored.starts_with("$argon2id$") && !stored.contains(&secret));
        assert!(verify(&secret, &stored) && !verify(&other, &stored) && !verify(&secret, "nonsense"));
    }

    #[test]
    fn what_was_proven_ends_with_the_hash() {
        let (proven, client) = (Proven::default(), Uuid::now_v7());
        proven.remember(client, "right", "hash");
        assert!(proven.knows(client, "right", "hash"));
        assert!(!proven.knows(client, "wrong", "hash") && !proven.knows(client, "right", "new hash"));
        assert!(!proven.knows(Uuid::now_v7(), "right", "hash"));
    }
}
