//! Access tokens: signed JWTs, verified once and then remembered until they expire.

use crate::access::keys;
use crate::access::keys::SigningKey;
use crate::error::{Error, Result, UNAUTHENTICATED};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Validation, decode, decode_header};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::RwLock;
use uuid::Uuid;

/// Whom tokens are for.
pub const AUDIENCE: &str = "school-gateway";
/// Tokens remembered at most (some 100 bytes each); more are verified anew each time.
const REMEMBERED: usize = 100_000;

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    client_id: Uuid,
    iat: i64,
    exp: i64,
    jti: Uuid,
    scope: String,
}

/// What a verified token says.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The client it was given to.
    pub client: Uuid,
    /// Scopes, space between.
    pub scope: String,
    kid: String,
    expires: i64,
}

/// Signs a token.
///
/// # Errors
/// A fault of the service when the key cannot sign.
pub fn issue(
    key: &SigningKey,
    issuer: &str,
    client: Uuid,
    scope: &str,
    now: DateTime<Utc>,
    lifetime: TimeDelta,
) -> Result<String> {
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: client,
        client_id: client,
        iat: now.timestamp(),
        exp: (now + lifetime).timestamp(),
        jti: Uuid::now_v7(),
        scope: scope.to_owned(),
    };
    keys::sign(key, "at+jwt", &claims)
}

/// Tokens verified before, by their digest.
#[derive(Debug, Default)]
pub struct Tokens {
    verified: RwLock<HashMap<[u8; 32], Verified>>,
}

impl Tokens {
    /// Verifies a token against the keys there are; one verified before costs a look only.
    ///
    /// # Errors
    /// A 401 that says whether it expired or is none of ours.
    pub fn verify(&self, token: &str, keys: &[SigningKey], now: DateTime<Utc>) -> Result<Verified> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let known = self.verified.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&digest).cloned();
        let verified = match known {
            Some(verified) if keys.iter().any(|key| key.kid == verified.kid) => verified,
            _ => self.remember(digest, check(token, keys, now)?, now),
        };
        if verified.expires <= now.timestamp() {
            return Err(expired());
        }
        Ok(verified)
    }

    fn remember(&self, digest: [u8; 32], verified: Verified, now: DateTime<Utc>) -> Verified {
        let mut known = self.verified.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        if known.len() >= REMEMBERED {
            known.retain(|_, verified| verified.expires > now.timestamp());
        }
        if known.len() < REMEMBERED {
            known.insert(digest, verified.clone());
        }
        verified
    }

    /// Forgets what has expired.
    pub fn sweep(&self, now: DateTime<Utc>) {
        self.verified
            .write()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .retain(|_, verified| verified.expires > now.timestamp());
    }
}

fn expired() -> Error {
    Error::new(UNAUTHENTICATED, "The access token has expired; ask /oauth/token for a new one.")
}

fn check(token: &str, keys: &[SigningKey], now: DateTime<Utc>) -> Result<Verified> {
    let none_of_ours =
        || Error::new(UNAUTHENTICATED, "The access token is none that this gateway gave; ask /oauth/token for one.");
    let kid = decode_header(token).ok().and_then(|header| header.kid).ok_or_else(none_of_ours)?;
    let key = keys.iter().find(|key| key.kid == kid).ok_or_else(none_of_ours)?;
    // The key tells the issuer: only our own are in the table, whatever address this gateway is reached by.
    let mut validation = Validation::new(keys::ALGORITHM);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "aud", "sub"]);
    // By our own clock, below.
    validation.validate_exp = false;
    let claims = decode::<Claims>(token, &key.decoding, &validation).map_err(|_| none_of_ours())?.claims;
    if claims.exp <= now.timestamp() {
        return Err(expired());
    }
    Ok(Verified { client: claims.sub, scope: claims.scope, kid, expires: claims.exp })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::keys::tests::key;
    use crate::clock;

    fn token(key: &SigningKey, lifetime: TimeDelta) -> (Uuid, String) {
        let client = Uuid::now_v7();
        (client, issue(key, "http://127.0.0.1", client, "sensitive.read", clock::now(), lifetime).unwrap())
    }

    #[test]
    fn a_token_is_read_back_and_remembered() {
        let (keys, tokens) = ([key(TimeDelta::zero())], Tokens::default());
        let (client, token) = token(&keys[0], TimeDelta::minutes(5));
        for _ in 0..2 {
            let verified = tokens.verify(&token, &keys, clock::now()).unwrap();
            assert_eq!((verified.client, verified.scope.as_str()), (client, "sensitive.read"));
        }
        assert_eq!(tokens.verified.read().unwrap().len(), 1);
        let late = tokens.verify(&token, &keys, clock::now() + TimeDelta::minutes(6)).unwrap_err();
        assert!(late.detail.contains("expired"), "a remembered token expires too");
        assert!(tokens.verify(&token, &[], clock::now()).is_err(), "a removed key ends its remembered tokens");
        tokens.sweep(clock::now() + TimeDelta::minutes(6));
        assert!(tokens.verified.read().unwrap().is_empty());
    }

    #[test]
    fn forged_and_expired_tokens_are_refused() {
        let (keys, tokens) = ([key(TimeDelta::zero())], Tokens::default());
        let (_, good) = token(&keys[0], TimeDelta::minutes(5));
        let (_, old) = token(&keys[0], TimeDelta::minutes(-5));
        assert!(tokens.verify(&old, &keys, clock::now()).unwrap_err().detail.contains("expired"));
        let mut forger = key(TimeDelta::zero());
        forger.kid.clone_from(&keys[0].kid);
        let (_, forged) = token(&forger, TimeDelta::minutes(5));
        let parts: Vec<&str> = good.split('.').collect();
        let unsigned = format!("{}.{}.", parts[0], parts[1]);
        for bad in [forged.as_str(), unsigned.as_str(), "", "a.b.c", &good[..good.len() - 4]] {
            assert_eq!(tokens.verify(bad, &keys, clock::now()).unwrap_err().kind, UNAUTHENTICATED, "{bad}");
        }
    }
}
