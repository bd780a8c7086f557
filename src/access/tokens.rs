//! Access tokens: signed JWTs, verified once and then remembered until they expire.

use crate::access::keys;
use crate::access::keys::SigningKey;
use crate::config::DEFAULT_TENANT;
use crate::error::{Error, Result, UNAUTHENTICATED};
use crate::model::messages::message;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Validation, decode, decode_header};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use uuid::Uuid;

/// Whom tokens are for.
pub const AUDIENCE: &str = "school-gateway";
/// Tokens remembered at most (some 100 bytes each); more are verified anew each time.
const REMEMBERED: usize = 100_000;
/// How far the clocks of two gateways may be apart.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(5);

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    client_id: Uuid,
    iat: i64,
    /// Not before; tokens from before it was written have none.
    nbf: Option<i64>,
    exp: i64,
    jti: Uuid,
    scope: String,
    /// The tenant that the client belongs to; tokens from before there were several have none.
    #[serde(default = "of_default")]
    tenant: String,
}

fn of_default() -> String {
    DEFAULT_TENANT.to_owned()
}

/// Whom a token is given to, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct TokenSubject<'s> {
    /// The gateway's address.
    pub issuer: &'s str,
    /// The tenant that the client belongs to.
    pub tenant: &'s str,
    /// The client.
    pub client: Uuid,
    /// Scopes, space between.
    pub scope: &'s str,
}

/// What a token says of its tenant, before anything of it is verified: by the keys of that tenant it must be.
pub fn tenant_of(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        tenant: Option<String>,
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Named>(&claims).ok()?.tenant
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
pub fn issue(key: &SigningKey, subject: &TokenSubject, now: DateTime<Utc>, lifetime: TimeDelta) -> Result<String> {
    let claims = Claims {
        iss: subject.issuer.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: subject.client,
        client_id: subject.client,
        iat: now.timestamp(),
        nbf: Some(now.timestamp()),
        exp: (now + lifetime).timestamp(),
        jti: Uuid::now_v7(),
        scope: subject.scope.to_owned(),
        tenant: subject.tenant.to_owned(),
    };
    keys::sign(key, "at+jwt", &claims)
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is none of ours, now and for ever.
    Forged,
    /// It was one.
    Expired,
    /// It will be one.
    Early,
    /// Its key, issuer or client is not known, or not yet: another process may have made it a moment ago.
    Unknown,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let detail = match refusal {
            Refusal::Forged | Refusal::Unknown => message("token-unknown"),
            Refusal::Expired => message("token-expired"),
            Refusal::Early => message("token-not-yet-valid"),
        };
        Self::new(UNAUTHENTICATED, detail)
    }
}

/// What a token must agree with.
pub struct Trusted<'t> {
    /// Whose they are.
    pub tenant: &'t str,
    /// Keys that sign.
    pub keys: &'t [SigningKey],
    /// Addresses under which tokens are given.
    pub issuers: &'t HashSet<String>,
}

type Digest32 = [u8; 32];

/// Tokens seen before, by their digest: a good one is verified once, and a bad one is refused for good without looking
/// at its signature again.
#[derive(Debug, Default)]
pub struct Tokens {
    verified: RwLock<HashMap<Digest32, Verified>>,
    refused: RwLock<HashMap<Digest32, Refusal>>,
}

impl Tokens {
    /// Verifies a token; one seen before costs a look only.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify(&self, token: &str, trusted: &Trusted, now: DateTime<Utc>) -> Result<Verified, Refusal> {
        let digest: Digest32 = Sha256::digest(token.as_bytes()).into();
        if let Some(refusal) = read(&self.refused).get(&digest) {
            return Err(*refusal);
        }
        let known = read(&self.verified).get(&digest).cloned();
        let verified = match known {
            Some(verified) if trusted.keys.iter().any(|key| key.kid == verified.kid) => verified,
            _ => match check(token, trusted, now) {
                Ok(verified) => self.remember(digest, verified, now),
                Err(refusal) => return Err(self.refuse(digest, refusal)),
            },
        };
        if verified.expires <= now.timestamp() {
            return Err(self.refuse(digest, Refusal::Expired));
        }
        Ok(verified)
    }

    fn remember(&self, digest: Digest32, verified: Verified, now: DateTime<Utc>) -> Verified {
        let mut known = write(&self.verified);
        if known.len() >= REMEMBERED {
            known.retain(|_, verified| verified.expires > now.timestamp());
        }
        if known.len() < REMEMBERED {
            known.insert(digest, verified.clone());
        }
        verified
    }

    /// Remembers what will never be right.
    fn refuse(&self, digest: Digest32, refusal: Refusal) -> Refusal {
        if matches!(refusal, Refusal::Forged | Refusal::Expired) {
            let mut refused = write(&self.refused);
            if refused.len() >= REMEMBERED {
                refused.clear();
            }
            refused.insert(digest, refusal);
        }
        refusal
    }

    /// Forgets what has expired, and what was refused.
    pub fn sweep(&self, now: DateTime<Utc>) {
        write(&self.verified).retain(|_, verified| verified.expires > now.timestamp());
        write(&self.refused).clear();
    }
}

fn read<T>(memory: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    memory.read().unwrap_or_else(PoisonError::into_inner)
}
fn write<T>(memory: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    memory.write().unwrap_or_else(PoisonError::into_inner)
}

fn check(token: &str, trusted: &Trusted, now: DateTime<Utc>) -> Result<Verified, Refusal> {
    let kid = decode_header(token).ok().and_then(|header| header.kid).ok_or(Refusal::Forged)?;
    let key = trusted.keys.iter().find(|key| key.kid == kid).ok_or(Refusal::Unknown)?;
    let mut validation = Validation::new(keys::ALGORITHM);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "aud", "sub", "iss"]);
    // By our own clock, below.
    validation.validate_exp = false;
    let claims = decode::<Claims>(token, &key.decoding, &validation).map_err(|_| Refusal::Forged)?.claims;
    if claims.exp <= now.timestamp() {
        return Err(Refusal::Expired);
    }
    if claims.nbf.is_some_and(|from| from > (now + CLOCKS_APART).timestamp()) {
        return Err(Refusal::Early);
    }
    if !trusted.issuers.contains(&claims.iss) {
        return Err(Refusal::Unknown);
    }
    if claims.tenant != trusted.tenant {
        return Err(Refusal::Forged);
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
        let subject = TokenSubject { issuer: ISSUER, tenant: DEFAULT_TENANT, client, scope: "sensitive.read" };
        (client, issue(key, &subject, clock::now(), lifetime).unwrap())
    }

    const ISSUER: &str = "http://127.0.0.1";

    fn verify(tokens: &Tokens, token: &str, keys: &[SigningKey], after: TimeDelta) -> Result<Verified, Refusal> {
        let issuers = HashSet::from([ISSUER.to_owned()]);
        tokens.verify(token, &Trusted { tenant: DEFAULT_TENANT, keys, issuers: &issuers }, clock::now() + after)
    }

    #[test]
    fn a_token_is_read_back_and_remembered() {
        let (keys, tokens) = ([key(TimeDelta::zero())], Tokens::default());
        let (client, token) = token(&keys[0], TimeDelta::minutes(5));
        for _ in 0..2 {
            let verified = verify(&tokens, &token, &keys, TimeDelta::zero()).unwrap();
            assert_eq!((verified.client, verified.scope.as_str()), (client, "sensitive.read"));
        }
        assert_eq!(tokens.verified.read().unwrap().len(), 1);
        let refusal = verify(&tokens, &token, &[], TimeDelta::zero()).unwrap_err();
        assert_eq!(refusal, Refusal::Unknown, "a removed key ends its remembered tokens");
        let late = verify(&tokens, &token, &keys, TimeDelta::minutes(6)).unwrap_err();
        assert_eq!(late, Refusal::Expired, "a remembered token expires too");
        tokens.sweep(clock::now() + TimeDelta::minutes(6));
        assert!(tokens.verified.read().unwrap().is_empty());
    }

    #[test]
    fn forged_and_expired_tokens_are_refused_and_remembered() {
        let (keys, tokens) = ([key(TimeDelta::zero())], Tokens::default());
        let (_, good) = token(&keys[0], TimeDelta::minutes(5));
        let (_, old) = token(&keys[0], TimeDelta::minutes(-5));
        let mut forger = key(TimeDelta::zero());
        forger.kid.clone_from(&keys[0].kid);
        let (_, forged) = token(&forger, TimeDelta::minutes(5));
        let parts: Vec<&str> = good.split('.').collect();
        let unsigned = format!("{}.{}.", parts[0], parts[1]);
        for _ in 0..2 {
            assert_eq!(verify(&tokens, &old, &keys, TimeDelta::zero()).unwrap_err(), Refusal::Expired);
            for bad in [forged.as_str(), unsigned.as_str(), "", "a.b.c", &good[..good.len() - 4]] {
                assert_eq!(verify(&tokens, bad, &keys, TimeDelta::zero()).unwrap_err(), Refusal::Forged, "{bad}");
            }
        }
        assert_eq!(tokens.refused.read().unwrap().len(), 6);
    }

    #[test]
    fn a_token_of_another_tenant_is_refused_even_under_the_right_key() {
        let (keys, tokens) = ([key(TimeDelta::zero())], Tokens::default());
        let subject = TokenSubject { issuer: ISSUER, tenant: "hai_phong", client: Uuid::now_v7(), scope: "" };
        let foreign = issue(&keys[0], &subject, clock::now(), TimeDelta::minutes(5)).unwrap();
        assert_eq!(tenant_of(&foreign).as_deref(), Some("hai_phong"));
        assert_eq!(verify(&tokens, &foreign, &keys, TimeDelta::zero()).unwrap_err(), Refusal::Forged);
        assert_eq!(tenant_of("a.b.c"), None);
    }

    #[test]
    fn tokens_of_other_issuers_and_of_tomorrow_are_refused() {
        let (keys, tokens) = ([key(TimeDelta::zero())], Tokens::default());
        let of = |issuer: &str, from: DateTime<Utc>| {
            let subject = TokenSubject { issuer, tenant: DEFAULT_TENANT, client: Uuid::now_v7(), scope: "" };
            issue(&keys[0], &subject, from, TimeDelta::days(2)).unwrap()
        };
        let (foreign, early) = (of("http://elsewhere", clock::now()), of(ISSUER, clock::now() + TimeDelta::days(1)));
        assert_eq!(verify(&tokens, &foreign, &keys, TimeDelta::zero()).unwrap_err(), Refusal::Unknown);
        assert_eq!(verify(&tokens, &early, &keys, TimeDelta::zero()).unwrap_err(), Refusal::Early);
        assert!(verify(&tokens, &early, &keys, TimeDelta::days(1)).is_ok(), "its day comes");
    }
}
