//! API keys of HTTP requests.
//!
//! A key travels in `x-api-key`, as `Authorization: Bearer`, or as the password
//! of HTTP Basic, whichever the client can set. The function knows only
//! SHA-256 digests, several at once so that keys can be rotated. Keys are long
//! and random, so a fast digest is enough.

use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

/// The keys that are let in.
///
/// Parsed from `key-id:sha256hex` pairs separated by commas. The ids are names
/// for people and logs; they are stored with each trace.
#[derive(Clone)]
pub struct KeyRing(Vec<Key>);

#[derive(Clone)]
struct Key {
    id: String,
    digest: [u8; 32],
}

/// Why a request is not let in. Neither says anything about the keys that are.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone, Copy)]
pub enum Unauthorized {
    /// No header carries a key.
    #[error("no API key; send it as x-api-key, as a Bearer token, or as the password of HTTP Basic")]
    Missing,
    /// The key that was sent is not on the ring.
    #[error("the API key is not valid")]
    Unknown,
}

/// What is wrong with a list of key digests.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "entry {entry} is not key-id:sha256hex; make one with: printf %s \"$KEY\" | sha256sum (the id is 1-64 characters of A-Z a-z 0-9 . _ -)"
)]
pub struct KeyRingError {
    /// The entry's place in the list, from 1.
    pub entry: usize,
}

impl KeyRing {
    /// The id of the key that the request carries.
    ///
    /// Takes the same time wherever the key stands on the ring, and whether it
    /// does.
    pub fn authenticate(&self, headers: &HeaderMap) -> Result<&str, Unauthorized> {
        let secret = presented(headers).ok_or(Unauthorized::Missing)?;
        let digest: [u8; 32] = Sha256::digest(secret).into();
        let mut found = u32::MAX;
        for (place, key) in (0..).zip(&self.0) {
            let same: Choice = key.digest.ct_eq(&digest);
            found.conditional_assign(&place, same);
        }
        let key = self.0.get(found as usize).ok_or(Unauthorized::Unknown)?;
        Ok(&key.id)
    }
}

/// The secret that the request presents, from the first header that has one.
fn presented(headers: &HeaderMap) -> Option<Vec<u8>> {
    if let Some(key) = headers.get("x-api-key") {
        return Some(key.as_bytes().to_vec());
    }
    let authorization = std::str::from_utf8(headers.get(header::AUTHORIZATION)?.as_bytes()).ok()?;
    let (scheme, value) = authorization.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(value.trim().as_bytes().to_vec());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = BASE64_STANDARD.decode(value.trim()).ok()?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    Some(pair[colon + 1..].to_vec())
}

impl FromStr for KeyRing {
    type Err = KeyRingError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse =
            |(place, pair): (usize, &str)| Key::parse(pair.trim()).ok_or(KeyRingError { entry: place + 1 });
        let keys = text.split(',').enumerate().map(parse).collect::<Result<_, _>>()?;
        Ok(Self(keys))
    }
}

impl Key {
    fn parse(pair: &str) -> Option<Self> {
        let (id, hex) = pair.split_once(':')?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if id.is_empty()
            || id.len() > 64
            || !id.chars().all(allowed)
            || hex.len() != 64
            || !hex.bytes().all(|b| b.is_ascii_hexdigit())
        {
            return None;
        }
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(0..) {
            *byte = u8::from_str_radix(hex.get(pair * 2..pair * 2 + 2)?, 16).ok()?;
        }
        let id = id.to_owned();
        Some(Self { id, digest })
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

#[cfg(test)]
mod tests;
