//! Clients' secrets: made here, kept as hashes only.

use crate::error::{Error, Result};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use sha2::{Digest, Sha256};
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

/// What tells a right secret from a wrong one at once. Secrets have 256 random bits, which nobody finds by trying,
/// however fast that is; a slow hash is for words that people think of.
pub fn digest(client: Uuid, secret: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(b"school-gateway client secret");
    digest.update(client.as_bytes());
    digest.update(secret.as_bytes());
    digest.finalize().into()
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
    fn a_digest_is_of_one_client_and_one_secret() {
        let (client, secret) = (Uuid::now_v7(), generate());
        assert_eq!(digest(client, &secret), digest(client, &secret));
        assert_ne!(digest(client, &secret), digest(client, &generate()));
        assert_ne!(digest(client, &secret), digest(Uuid::now_v7(), &secret));
    }
}
