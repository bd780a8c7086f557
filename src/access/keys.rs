//! The keys that sign tokens and receipts: made at the first start, kept in the database so that every gateway on it
//! signs and verifies alike, changed from time to time. An old key verifies tokens until the last one has expired; its
//! public half is served for ever, because receipts are evidence for years.

use crate::access::audit;
use crate::access::audit::Actor;
use crate::clock;
use crate::error::{Error, Result};
use crate::store::schema::{access_version, signing_keys};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use rand::Rng;
use serde::Serialize;

/// How tokens are signed: ECDSA on P-256, which every OAuth library verifies.
pub const ALGORITHM: Algorithm = Algorithm::ES256;

/// A new key signs only after this time, when every gateway on the database knows it.
const SETTLING: TimeDelta = TimeDelta::seconds(2);
/// An old key is kept this much longer than its last token lives.
const GRACE: TimeDelta = TimeDelta::minutes(5);

/// PKCS #8 of a P-256 key up to the 32 bytes of the key itself (RFC 5208, RFC 5915).
const PKCS8_P256: [u8; 35] = [
    0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
];

/// One key, ready for use.
pub struct SigningKey {
    /// Key id: the key's thumbprint (RFC 7638).
    pub kid: String,
    created_at: DateTime<Utc>,
    /// Signs.
    pub encoding: EncodingKey,
    /// Verifies.
    pub decoding: DecodingKey,
    jwk: Jwk,
}

impl SigningKey {
    fn new(private_key: &[u8], created_at: DateTime<Utc>) -> Result<Self> {
        let encoding = EncodingKey::from_ec_der(private_key);
        let mut jwk = Jwk::from_encoding_key(&encoding, ALGORITHM).map_err(Error::internal)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(Error::internal)?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let decoding = DecodingKey::from_jwk(&jwk).map_err(Error::internal)?;
        Ok(Self { kid, created_at, encoding, decoding, jwk })
    }
}

/// A new private key, PKCS #8.
fn generate() -> Vec<u8> {
    let mut scalar = [0_u8; 32];
    rand::rng().fill_bytes(&mut scalar);
    [&PKCS8_P256[..], &scalar[..]].concat()
}

/// Every key that may still verify a token, newest first.
///
/// # Errors
/// Those of the database, and a stored key that is none.
pub fn load(connection: &mut PgConnection) -> Result<Vec<SigningKey>> {
    let rows: Vec<(Option<Vec<u8>>, DateTime<Utc>)> = signing_keys::table
        .select((signing_keys::private_key, signing_keys::created_at))
        .filter(signing_keys::private_key.is_not_null())
        .order(signing_keys::created_at.desc())
        .load(connection)?;
    rows.into_iter().map(|(key, created_at)| SigningKey::new(&key.unwrap_or_default(), created_at)).collect()
}

/// The public halves of keys that verify receipts only, newest first.
///
/// # Errors
/// Those of the database.
pub fn retired(connection: &mut PgConnection) -> Result<Vec<Jwk>> {
    let rows: Vec<Option<serde_json::Value>> = signing_keys::table
        .select(signing_keys::public_key)
        .filter(signing_keys::private_key.is_null())
        .order(signing_keys::created_at.desc())
        .load(connection)?;
    Ok(rows.into_iter().flatten().filter_map(|key| serde_json::from_value(key).ok()).collect())
}

/// Signs claims as a compact JWS; `kind` is the `typ` that keeps one sort of them from being taken for another.
///
/// # Errors
/// A fault of the service when the key cannot sign.
pub fn sign(key: &SigningKey, kind: &str, claims: &impl Serialize) -> Result<String> {
    let header = Header { typ: Some(kind.to_owned()), kid: Some(key.kid.clone()), ..Header::new(ALGORITHM) };
    encode(&header, claims, &key.encoding).map_err(Error::internal)
}

/// The key to sign with: the newest that every gateway knows; right after a change the one before.
pub fn current(keys: &[SigningKey], now: DateTime<Utc>) -> Option<&SigningKey> {
    keys.iter().find(|key| key.created_at + SETTLING <= now).or_else(|| keys.last())
}

/// The public keys, as served: those in use, then the retired.
pub fn public(keys: &[SigningKey], retired: &[Jwk]) -> JwkSet {
    JwkSet { keys: keys.iter().map(|key| &key.jwk).chain(retired).cloned().collect() }
}

/// Sees to it that there is a key not older than `rotation`, and removes the private halves of those whose last token
/// has expired.
///
/// # Errors
/// Those of the database.
pub fn maintain(connection: &mut PgConnection, rotation: TimeDelta, lifetime: TimeDelta) -> Result<()> {
    let now = clock::now();
    connection.transaction(|connection| {
        // Gateways that start together make one key, not two.
        access_version::table.select(access_version::version).for_update().first::<i64>(connection)?;
        let fresh: i64 = signing_keys::table
            .filter(signing_keys::retired_at.is_null().and(signing_keys::created_at.gt(now - rotation)))
            .count()
            .get_result(connection)?;
        if fresh == 0 {
            replace(connection, &Actor::default(), now)?;
        }
        let expired: Vec<(String, Option<Vec<u8>>)> = signing_keys::table
            .select((signing_keys::kid, signing_keys::private_key))
            .filter(signing_keys::private_key.is_not_null().and(signing_keys::retired_at.lt(now - lifetime - GRACE)))
            .load(connection)?;
        for (kid, private_key) in expired {
            retire(connection, &kid, &private_key.unwrap_or_default())?;
        }
        Ok(())
    })
}

/// From now on the key verifies receipts only.
fn retire(connection: &mut PgConnection, kid: &str, private_key: &[u8]) -> Result<()> {
    let jwk = serde_json::to_value(SigningKey::new(private_key, clock::now())?.jwk).map_err(Error::internal)?;
    diesel::update(signing_keys::table.find(kid))
        .set((signing_keys::private_key.eq(None::<Vec<u8>>), signing_keys::public_key.eq(jwk)))
        .execute(connection)?;
    audit::record(connection, &Actor::default(), "key.remove", kid)
}

/// Retires the key in use and makes a new one; answers with its id.
///
/// # Errors
/// Those of the database.
pub fn rotate(connection: &mut PgConnection, actor: &Actor) -> Result<String> {
    connection.transaction(|connection| replace(connection, actor, clock::now()))
}

fn replace(connection: &mut PgConnection, actor: &Actor, now: DateTime<Utc>) -> Result<String> {
    let private_key = generate();
    let key = SigningKey::new(&private_key, now)?;
    diesel::update(signing_keys::table.filter(signing_keys::retired_at.is_null()))
        .set(signing_keys::retired_at.eq(now))
        .execute(connection)?;
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(&key.kid),
            signing_keys::private_key.eq(&private_key),
            signing_keys::created_at.eq(now),
        ))
        .execute(connection)?;
    audit::record(connection, actor, "key.create", &key.kid)?;
    Ok(key.kid)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A key made so long ago.
    pub fn key(age: TimeDelta) -> SigningKey {
        SigningKey::new(&generate(), clock::now() - age).unwrap()
    }

    #[test]
    fn a_fresh_key_waits_until_every_gateway_knows_it() {
        let keys = [key(TimeDelta::zero()), key(TimeDelta::days(9)), key(TimeDelta::days(99))];
        assert_eq!(current(&keys, clock::now()).unwrap().kid, keys[1].kid);
        assert_eq!(current(&keys, clock::now() + SETTLING).unwrap().kid, keys[0].kid);
        assert_eq!(current(&keys[..1], clock::now()).unwrap().kid, keys[0].kid, "the first of all signs at once");
    }

    #[test]
    fn the_public_set_holds_no_private_part() {
        let set = serde_json::to_value(public(&[key(TimeDelta::zero())], &[])).unwrap();
        let jwk = set["keys"][0].as_object().unwrap();
        assert_eq!(
            (jwk["kty"].as_str(), jwk["crv"].as_str(), jwk["alg"].as_str(), jwk["use"].as_str()),
            (Some("EC"), Some("P-256"), Some("ES256"), Some("sig"))
        );
        assert!(jwk.contains_key("kid") && jwk.contains_key("x") && jwk.contains_key("y") && !jwk.contains_key("d"));
    }
}
