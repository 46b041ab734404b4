//! Access tokens: JSON Web Tokens signed with Ed25519 (`EdDSA`, RFC 8037), as `@dtelecom/server-sdk-js` 3.2 makes them.
//!
//! - The header names exactly `EdDSA`; every other algorithm is refused before a key is looked at, so that no
//!   token can choose how it is checked.
//! - `iss` is the issuer's Ed25519 public key in base58, and the signature must be that key's.
//! - The issuer must stand on chain: either as a client's API key ([`Issuer::Client`]) or as the `media` key of a
//!   registered node ([`Issuer::Node`]).
//! - `exp` is required, `nbf` is honoured, both with [`CLOCK_SKEW`] seconds of tolerance.
//! - The video grant must allow joining one named room.
//!
//! **Probe rooms.** A node's key may join only rooms named `probe-<that key>-<this daemon's media key>-…`, keys in
//! base58, and a client's key may join none of the rooms beginning with `probe-`: verifiers cannot disturb calls,
//! nobody else can enter a probe, and a token for a probe of one node is refused by every other one, so that a
//! target cannot hand the connection on to a better node.

mod api;
mod mint;
#[cfg(test)]
mod tests;

pub use api::ApiAccess;
pub use mint::{mint, mint_claims, probe_room, Grant};

use base64::{engine::general_purpose::URL_SAFE_NO_PAD as B64, Engine};
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;
use std::collections::HashMap;
use thiserror::Error;

/// Tolerated difference between the issuer's clock and ours, in seconds.
pub const CLOCK_SKEW: u64 = 60;
/// Prefix of the rooms in which verifiers measure.
pub const PROBE_PREFIX: &str = "probe-";
/// Longest token that is looked at.
pub const MAX_TOKEN: usize = 8 * 1024;
/// Longest room name and identity, in bytes.
pub const MAX_NAME: usize = 256;
/// Longest participant metadata, in bytes.
pub const MAX_METADATA: usize = 4 * 1024;
/// Longest webhook URL, in bytes; longer ones are left out.
pub const MAX_URL: usize = 2 * 1024;

/// Why a token was refused.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum TokenError {
	/// Not three base64url parts of JSON with the claims of an access token.
	#[error("malformed token")]
	Malformed,
	/// The header names an algorithm other than `EdDSA`.
	#[error("token algorithm not allowed")]
	Algorithm,
	/// `iss` is not a base58 Ed25519 public key.
	#[error("token issuer is not a key")]
	IssuerFormat,
	/// The signature is not the issuer's.
	#[error("token signature invalid")]
	Signature,
	/// The issuer is not registered on chain, or no longer valid there.
	#[error("token issuer not registered")]
	UnknownIssuer,
	/// `exp` lies in the past.
	#[error("token expired")]
	Expired,
	/// `nbf` lies in the future.
	#[error("token not valid yet")]
	NotYetValid,
	/// The grant does not allow joining a room, or names none.
	#[error("token does not allow joining a room")]
	NoJoinGrant,
	/// This issuer may not join that room.
	#[error("token does not allow joining this room")]
	WrongRoom,
	/// Identity, room or metadata is empty or longer than allowed.
	#[error("token field empty or too long")]
	FieldLength,
}

/// What the chain says about an issuer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Issuer {
	/// A client's API key, valid now.
	Client,
	/// The `media` key of a registered node: its probes.
	Node,
	/// Neither.
	Unknown,
}

/// What a participant may do, taken from a token that was accepted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Access {
	/// Key that signed the token.
	pub issuer: [u8; 32],
	/// The participant's identity, unique in its room.
	pub identity: String,
	/// Display name.
	pub name: String,
	/// Opaque metadata of the participant.
	pub metadata: String,
	/// The participant's attributes.
	pub attributes: HashMap<String, String>,
	/// Where the app wants to hear of the call; not checked yet.
	pub web_hook_url: Option<String>,
	/// Room that may be joined.
	pub room: String,
	/// May publish tracks.
	pub can_publish: bool,
	/// May receive other participants' tracks.
	pub can_subscribe: bool,
	/// May send data messages.
	pub can_publish_data: bool,
	/// Is not shown to others.
	pub hidden: bool,
	/// The call is a verifier's probe.
	pub probe: bool,
}

#[derive(Deserialize)]
struct Header {
	alg: String,
	#[serde(default)]
	typ: Option<String>,
	#[serde(default)]
	crit: Option<serde_json::Value>,
}

#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", default)]
struct VideoGrant {
	room_create: bool,
	room_list: bool,
	room_admin: bool,
	room_join: bool,
	room: String,
	can_publish: Option<bool>,
	can_subscribe: Option<bool>,
	can_publish_data: Option<bool>,
	hidden: bool,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
struct Claims {
	iss: String,
	/// Tokens for the server API name nobody.
	#[serde(default)]
	sub: String,
	exp: u64,
	#[serde(default)]
	nbf: Option<u64>,
	#[serde(default)]
	attributes: HashMap<String, String>,
	#[serde(default, rename = "webHookURL")]
	web_hook_url: Option<String>,
	#[serde(default)]
	name: String,
	#[serde(default)]
	metadata: String,
	#[serde(default)]
	video: VideoGrant,
}

/// A token whose signature has been checked against the key that it names. It grants nothing yet: see
/// [`SignedToken::authorise`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedToken {
	issuer: [u8; 32],
	claims: Claims,
}

/// Parses a token and checks its signature.
pub fn check_signature(token: &str) -> Result<SignedToken, TokenError> {
	if token.len() > MAX_TOKEN {
		return Err(TokenError::Malformed);
	}
	let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
	let (header, payload) = signed.split_once('.').ok_or(TokenError::Malformed)?;
	let header: Header = decode_json(header)?;
	if header.alg != "EdDSA" {
		return Err(TokenError::Algorithm);
	}
	let typed = header.typ.as_deref().is_none_or(|t| t.eq_ignore_ascii_case("JWT"));
	if !typed || header.crit.is_some() {
		return Err(TokenError::Malformed);
	}
	let claims: Claims = decode_json(payload)?;
	let issuer = decode_key(&claims.iss).ok_or(TokenError::IssuerFormat)?;
	let key = VerifyingKey::from_bytes(&issuer).map_err(|_| TokenError::IssuerFormat)?;
	let signature = B64.decode(signature).map_err(|_| TokenError::Malformed)?;
	let signature = Signature::from_slice(&signature).map_err(|_| TokenError::Signature)?;
	key.verify_strict(signed.as_bytes(), &signature).map_err(|_| TokenError::Signature)?;
	Ok(SignedToken { issuer, claims })
}

/// Decodes a base58 Ed25519 public key.
pub fn decode_key(text: &str) -> Option<[u8; 32]> {
	if text.len() > 64 {
		return None;
	}
	bs58::decode(text).into_vec().ok()?.try_into().ok()
}

/// Base58 of a public key: the API key of `@dtelecom/server-sdk-js`.
pub fn encode_key(key: &[u8; 32]) -> String {
	bs58::encode(key).into_string()
}

fn decode_json<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, TokenError> {
	let bytes = B64.decode(part).map_err(|_| TokenError::Malformed)?;
	serde_json::from_slice(&bytes).map_err(|_| TokenError::Malformed)
}

/// `exp` and `nbf`, each with the tolerated skew.
fn check_times(exp: u64, nbf: Option<u64>, now: u64) -> Result<(), TokenError> {
	if exp.saturating_add(CLOCK_SKEW) <= now {
		return Err(TokenError::Expired);
	}
	if nbf.is_some_and(|nbf| nbf > now.saturating_add(CLOCK_SKEW)) {
		return Err(TokenError::NotYetValid);
	}
	Ok(())
}

impl SignedToken {
	/// The key that signed.
	pub fn issuer(&self) -> [u8; 32] {
		self.issuer
	}

	/// Checks times and grants, given what the chain says about the issuer. `own` are the `media` keys of this daemon,
	/// `now` is Unix time in seconds.
	pub fn authorise(
		self,
		issuer: Issuer,
		own: &[[u8; 32]],
		now: u64,
	) -> Result<Access, TokenError> {
		let Claims { sub, exp, nbf, name, metadata, video, web_hook_url, attributes, .. } =
			self.claims;
		if issuer == Issuer::Unknown {
			return Err(TokenError::UnknownIssuer);
		}
		check_times(exp, nbf, now)?;
		if !video.room_join || video.room.is_empty() {
			return Err(TokenError::NoJoinGrant);
		}
		let bounded = |s: &str| s.len() <= MAX_NAME;
		let fits = !sub.is_empty() && bounded(&sub) && bounded(&name) && bounded(&video.room);
		if !fits || metadata.len() > MAX_METADATA {
			return Err(TokenError::FieldLength);
		}
		let probe = issuer == Issuer::Node;
		let names = |own: &[u8; 32]| video.room.starts_with(&probe_room(&self.issuer, own, ""));
		let own_probe_room = || own.iter().any(names);
		let allowed = if probe { own_probe_room() } else { !video.room.starts_with(PROBE_PREFIX) };
		if !allowed {
			return Err(TokenError::WrongRoom);
		}
		let can_publish = video.can_publish.unwrap_or(true);
		Ok(Access {
			issuer: self.issuer,
			identity: sub,
			name,
			metadata,
			attributes,
			web_hook_url: web_hook_url.filter(|url| url.len() <= MAX_URL && !url.is_empty()),
			room: video.room,
			can_publish,
			can_subscribe: video.can_subscribe.unwrap_or(true),
			can_publish_data: video.can_publish_data.unwrap_or(can_publish),
			hidden: video.hidden,
			probe,
		})
	}
}
