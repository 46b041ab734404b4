//! A webhook's body and its signature.

use crate::{engine::Hook, token::mint_claims};
use base64::{engine::general_purpose::STANDARD, Engine};
use ed25519_dalek::SigningKey;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds for which a signature is good.
const TTL: u64 = 300;

/// A request's body and the value of its `Authorization` header.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signed {
	/// JSON.
	pub body: String,
	/// A token, without `Bearer`, as receivers expect it.
	pub authorization: String,
}

/// An event as a signed message; nothing if it cannot be written as JSON.
pub fn sign(key: &SigningKey, hook: &Hook) -> Option<Signed> {
	let body = body(hook)?;
	let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
	let claims = json!({
		"nbf": now,
		"exp": now.saturating_add(TTL),
		"sha256": STANDARD.encode(Sha256::digest(&body)),
	});
	Some(Signed { body, authorization: mint_claims(key, claims) })
}

/// LiveKit's `WebhookEvent` as JSON. `@dtelecom/server-sdk-js` reads the API key of the room at `room.key`, which
/// LiveKit's message does not have and its receivers ignore.
fn body(hook: &Hook) -> Option<String> {
	let mut event = serde_json::to_value(&hook.event).ok()?;
	if let Some(room) = event.get_mut("room").and_then(Value::as_object_mut) {
		room.insert("key".into(), hook.key.clone().into());
	}
	serde_json::to_string(&event).ok()
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::token;
	use base64::engine::general_purpose::URL_SAFE_NO_PAD;
	use ed25519_dalek::{Signature, VerifyingKey};
	use livekit_protocol as proto;

	fn hook() -> Hook {
		let room =
			proto::Room { name: "r ü \"x\"".into(), creation_time: 7, ..Default::default() };
		let participant = proto::ParticipantInfo { identity: "a".into(), ..Default::default() };
		Hook {
			url: "https://example.org/h".into(),
			key: "K".into(),
			event: proto::WebhookEvent {
				event: "participant_joined".into(),
				room: Some(room),
				participant: Some(participant),
				id: "EV_1".into(),
				created_at: 1_800_000_000,
				..Default::default()
			},
		}
	}

	/// The rule of `@dtelecom/server-sdk-js` 3.2's `WebhookReceiver`: `iss` is a node's key in base58, the token is
	/// signed by it with `EdDSA`, and the claim `sha256` is the body's in base64.
	fn verify(signed: &Signed) -> Result<[u8; 32], &'static str> {
		let parts: Vec<_> = signed.authorization.split('.').collect();
		let [header, payload, signature] = parts[..] else { return Err("three parts") };
		let json = |part| -> Value {
			serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("json")
		};
		if json(header)["alg"] != "EdDSA" {
			return Err("algorithm");
		}
		let claims = json(payload);
		let issuer = token::decode_key(claims["iss"].as_str().ok_or("iss")?).ok_or("iss")?;
		let key = VerifyingKey::from_bytes(&issuer).map_err(|_| "iss")?;
		let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "signature")?;
		let signature = Signature::from_slice(&signature).map_err(|_| "signature")?;
		key.verify_strict(format!("{header}.{payload}").as_bytes(), &signature)
			.map_err(|_| "signature")?;
		let (from, to) =
			(claims["nbf"].as_u64().ok_or("nbf")?, claims["exp"].as_u64().ok_or("exp")?);
		if to - from != TTL {
			return Err("times");
		}
		let hash = STANDARD.encode(Sha256::digest(&signed.body));
		(claims["sha256"] == hash.as_str()).then_some(issuer).ok_or("sha256")
	}

	#[test]
	fn receivers_of_the_sdk_can_verify_it() {
		let key = SigningKey::from_bytes(&[5; 32]);
		let signed = sign(&key, &hook()).expect("signed");
		assert_eq!(verify(&signed), Ok(key.verifying_key().to_bytes()));
		let other = Signed { body: signed.body.replace("joined", "left"), ..signed.clone() };
		assert_eq!(verify(&other), Err("sha256"));
		let mut forged = signed.clone();
		forged.authorization = forged.authorization.replace('.', ".e").replacen(".e", ".", 1);
		assert!(verify(&forged).is_err());
	}

	#[test]
	fn the_body_is_livekits() {
		let body: Value = serde_json::from_str(&body(&hook()).expect("json")).expect("json");
		assert_eq!(
			body,
			json!({
				"event": "participant_joined",
				"room": { "name": "r ü \"x\"", "creationTime": "7", "key": "K" },
				"participant": { "identity": "a" },
				"id": "EV_1",
				"createdAt": "1800000000",
			})
		);
		let event: proto::WebhookEvent = serde_json::from_value(body).expect("the message");
		assert_eq!(event, hook().event);
	}
}
