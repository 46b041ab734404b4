//! Refreshed tokens. A participant that stays longer than its token is valid gets new ones, so that it can resume and
//! rejoin.
//!
//! The node does not have the secret of its clients' API keys. It signs with its own `media` key and names the key on
//! whose behalf (`dtelFor`): such a token is good at this daemon alone, and only as long as that key is.

use super::{encode_key, mint::sign, Access, CLOCK_SKEW};
use ed25519_dalek::SigningKey;
use serde_json::json;

/// Signs refreshed tokens.
#[derive(Clone)]
pub struct Refresher {
	key: SigningKey,
}

impl std::fmt::Debug for Refresher {
	fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		f.write_str("Refresher")
	}
}

impl Refresher {
	/// One that signs with this daemon's `media` key.
	pub fn new(key: SigningKey) -> Self {
		Self { key }
	}

	/// A token with the present rights and data of a participant, valid from `now` (Unix seconds) for `ttl` seconds.
	pub fn token(&self, access: &Access, now: u64, ttl: u64) -> String {
		let sources: Vec<_> =
			access.can_publish_sources.iter().map(|s| super::source_name(*s)).collect();
		let claims = json!({
			"iss": encode_key(&self.key.verifying_key().to_bytes()),
			"dtelFor": encode_key(&access.issuer),
			"sub": access.identity,
			"name": access.name,
			"metadata": access.metadata,
			"attributes": access.attributes,
			"webHookURL": access.web_hook_url,
			"nbf": now.saturating_sub(CLOCK_SKEW),
			"dtelAt": now,
			"exp": now.saturating_add(ttl),
			"video": {
				"roomJoin": true,
				"room": access.room,
				"canPublish": access.can_publish,
				"canSubscribe": access.can_subscribe,
				"canPublishData": access.can_publish_data,
				"canPublishSources": sources,
				"canUpdateOwnMetadata": access.can_update_own_metadata,
				"hidden": access.hidden,
			},
		});
		sign(&self.key, r#"{"alg":"EdDSA","typ":"JWT"}"#, &claims.to_string())
	}
}
