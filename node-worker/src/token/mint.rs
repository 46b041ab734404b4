//! Making tokens: for the prober, the call bots and tests.

use super::{encode_key, B64, PROBE_PREFIX};
use base64::Engine;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::json;

/// What a minted token allows.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
	/// Room to join.
	pub room: &'a str,
	/// The participant's identity.
	pub identity: &'a str,
	/// May publish.
	pub can_publish: bool,
	/// May subscribe.
	pub can_subscribe: bool,
}

/// Signs an access token that is valid from `now` (Unix seconds) for `ttl` seconds.
pub fn mint(key: &SigningKey, grant: &Grant, now: u64, ttl: u64) -> String {
	let claims = json!({
		"iss": encode_key(&key.verifying_key().to_bytes()),
		"sub": grant.identity,
		"nbf": now,
		"exp": now.saturating_add(ttl),
		"video": {
			"roomJoin": true,
			"room": grant.room,
			"canPublish": grant.can_publish,
			"canSubscribe": grant.can_subscribe,
		},
	});
	sign(key, r#"{"alg":"EdDSA","typ":"JWT"}"#, &claims.to_string())
}

/// Name of a probe's room: only the node with the `media` key `verifier` may join it, and only at the node with the
/// `media` key `target`. Base58 has no hyphen, so that a name can be read in one way only.
pub fn probe_room(verifier: &[u8; 32], target: &[u8; 32], suffix: &str) -> String {
	format!("{PROBE_PREFIX}{}-{}-{suffix}", encode_key(verifier), encode_key(target))
}

/// Signs any claims, to which `iss` is added.
pub fn mint_claims(key: &SigningKey, mut claims: serde_json::Value) -> String {
	if let Some(claims) = claims.as_object_mut() {
		claims.insert("iss".into(), encode_key(&key.verifying_key().to_bytes()).into());
	}
	sign(key, r#"{"alg":"EdDSA","typ":"JWT"}"#, &claims.to_string())
}

pub(super) fn sign(key: &SigningKey, header: &str, claims: &str) -> String {
	let signed = format!("{}.{}", B64.encode(header), B64.encode(claims));
	let signature = key.sign(signed.as_bytes());
	format!("{signed}.{}", B64.encode(signature.to_bytes()))
}
