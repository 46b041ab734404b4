//! Development keys: API keys with a shared secret, whose tokens are signed with `HS256` (RFC 7518 §3.2), as
//! LiveKit's development servers and SDKs have them.
//!
//! There are none unless the operator configures them. A name that could be a chain's key is refused, so that one
//! key never has two algorithms.

use super::{decode_key, B64};
use base64::Engine;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt};
use thiserror::Error;

/// Development keys at most.
pub const MAX_DEV_KEYS: usize = 16;
/// Longest name and longest secret, in bytes.
const MAX_LENGTH: usize = 256;

/// Why a development key is refused.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum DevKeyError {
	/// Name or secret is empty or too long.
	#[error("development key {0:?}: name and secret must have 1 to 256 bytes")]
	Length(String),
	/// The name is base58 of 32 bytes: it could be a key of the chain.
	#[error("development key {0:?} looks like an Ed25519 key")]
	ChainKey(String),
	/// More than [`MAX_DEV_KEYS`].
	#[error("more than {MAX_DEV_KEYS} development keys")]
	TooMany,
}

/// Names and secrets. Nothing of the secrets is ever printed.
#[derive(Clone, Default)]
pub struct DevKeys(BTreeMap<String, Vec<u8>>);

impl fmt::Debug for DevKeys {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.debug_set().entries(self.0.keys()).finish()
	}
}

impl DevKeys {
	/// Keys of pairs of a name and a secret.
	pub fn new<'a>(
		pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
	) -> Result<Self, DevKeyError> {
		let mut keys = BTreeMap::new();
		for (name, secret) in pairs {
			let fits = |s: &str| !s.is_empty() && s.len() <= MAX_LENGTH;
			if !fits(name) || !fits(secret) {
				return Err(DevKeyError::Length(name.into()));
			}
			if decode_key(name).is_some() {
				return Err(DevKeyError::ChainKey(name.into()));
			}
			keys.insert(name.to_owned(), secret.as_bytes().to_vec());
			if keys.len() > MAX_DEV_KEYS {
				return Err(DevKeyError::TooMany);
			}
		}
		Ok(Self(keys))
	}

	/// Whether there are none.
	pub fn is_empty(&self) -> bool {
		self.0.is_empty()
	}

	/// What stands for a development key where a chain key would be: a hash of its name, which is nobody's public key.
	pub fn id(name: &str) -> [u8; 32] {
		Sha256::new()
			.chain_update(b"dtel-worker development key ")
			.chain_update(name)
			.finalize()
			.into()
	}

	/// Whether an id is that of one of these keys.
	pub fn knows(&self, id: &[u8; 32]) -> bool {
		self.0.keys().any(|name| Self::id(name) == *id)
	}

	/// Whether `name` is one of these keys, and if so, whether `tag` is its code for `signed`.
	pub(super) fn verify(&self, name: &str, signed: &[u8], tag: &[u8]) -> Option<bool> {
		let mac = self.code(name, signed)?;
		// In constant time.
		Some(mac.verify_slice(tag).is_ok())
	}

	/// Makes a token of one of these keys: for tests and tools.
	pub fn mint(&self, name: &str, claims: &Value) -> Option<String> {
		let parts = [r#"{"alg":"HS256","typ":"JWT"}"#.into(), claims.to_string()];
		let signed = parts.map(|part| B64.encode(part)).join(".");
		let tag = self.code(name, signed.as_bytes())?.finalize().into_bytes();
		Some(format!("{signed}.{}", B64.encode(tag)))
	}

	fn code(&self, name: &str, signed: &[u8]) -> Option<Hmac<Sha256>> {
		// HMAC takes keys of any length.
		let mut mac = Hmac::<Sha256>::new_from_slice(self.0.get(name)?).ok()?;
		mac.update(signed);
		Some(mac)
	}
}
