//! Access tokens: JSON Web Tokens signed with Ed25519 (`EdDSA`, RFC 8037), as `@dtelecom/server-sdk-js` 3.2 makes them.
//!
//! - The header names exactly `EdDSA`; every other algorithm is refused before a key is looked at, so that no
//!   token can choose how it is checked. Where the operator configured development keys, `HS256` is allowed, too, for
//!   those keys alone: see [`DevKeys`]. No key has two algorithms.
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
mod dev;
#[cfg(test)]
mod dev_tests;
mod mint;
mod refresh;
mod revoked;
#[cfg(test)]
mod tests;

pub use api::ApiAccess;
pub use dev::{DevKeyError, DevKeys, MAX_DEV_KEYS};
pub use mint::{mint, mint_claims, probe_room, Grant};
pub use refresh::Refresher;
pub use revoked::Revoked;

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
pub const MAX_TOKEN: usize = 16 * 1024;
/// Longest room name and identity, in bytes.
pub const MAX_NAME: usize = 256;
/// Longest participant metadata, in bytes.
pub const MAX_METADATA: usize = 4 * 1024;
/// Longest webhook URL, in bytes; longer ones are left out.
pub const MAX_URL: usize = 2 * 1024;
/// Longest attributes of a participant, names and values together, in bytes.
pub const MAX_ATTRIBUTES: usize = 4 * 1024;

/// Names of LiveKit's `TrackSource`s in tokens, by number.
const SOURCES: [&str; 5] =
	["unknown", "camera", "microphone", "screen_share", "screen_share_audio"];

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
	/// The app took the token back: see [`Revoked`].
	#[error("token revoked")]
	Revoked,
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
	/// LiveKit's `TrackSource` numbers that may be published; all of them if empty.
	pub can_publish_sources: Vec<i32>,
	/// May change its own name, metadata and attributes.
	pub can_update_own_metadata: bool,
	/// Attributes of the participant.
	pub attributes: HashMap<String, String>,
	/// What the token asks for of a room that it makes.
	pub room_config: RoomConfig,
	/// Is not shown to others.
	pub hidden: bool,
	/// Unix time from which on the token is valid (`nbf`), or at which this daemon made it; 0 if it does not say.
	pub issued: u64,
	/// The call is a verifier's probe.
	pub probe: bool,
}

impl Access {
	/// Whether a track of this source may be published.
	pub fn may_publish(&self, source: i32) -> bool {
		let sources = &self.can_publish_sources;
		self.can_publish && (sources.is_empty() || sources.contains(&source))
	}
}

/// Settings of a room in the token of the participant who makes it (`roomConfig`). What is 0 or empty is the daemon's.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct RoomConfig {
	/// Seconds that it stays if nobody comes.
	pub empty_timeout: u32,
	/// Seconds that it stays when the last one has gone.
	pub departure_timeout: u32,
	/// Participants at a time.
	pub max_participants: u32,
	/// Opaque metadata of the room.
	pub metadata: String,
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
	can_publish_sources: Vec<String>,
	can_update_own_metadata: bool,
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
	/// Of tokens that this daemon makes alone.
	#[serde(default, rename = "dtelAt")]
	made: Option<u64>,
	#[serde(default, rename = "webHookURL")]
	web_hook_url: Option<String>,
	#[serde(default)]
	name: String,
	#[serde(default)]
	metadata: String,
	#[serde(default)]
	attributes: HashMap<String, String>,
	#[serde(default)]
	video: VideoGrant,
	#[serde(default, rename = "roomConfig")]
	room_config: RoomConfig,
	#[serde(default, rename = "dtelFor")]
	on_behalf: Option<String>,
}

/// A token whose signature has been checked against the key that it names. It grants nothing yet: see
/// [`SignedToken::authorise`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedToken {
	issuer: [u8; 32],
	dev: bool,
	claims: Claims,
}

/// Parses a token and checks its signature. There are no development keys and no refreshed tokens.
pub fn check_signature(token: &str) -> Result<SignedToken, TokenError> {
	check(token, &DevKeys::default(), &[])
}

/// Parses a token and checks its signature. `own` are the `media` keys of this daemon, whose refreshed tokens are taken.
pub fn check(token: &str, dev: &DevKeys, own: &[[u8; 32]]) -> Result<SignedToken, TokenError> {
	if token.len() > MAX_TOKEN {
		return Err(TokenError::Malformed);
	}
	let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
	let (header, payload) = signed.split_once('.').ok_or(TokenError::Malformed)?;
	let header: Header = decode_json(header)?;
	// Decided before a key is looked at; from here on an algorithm sees its own kind of keys alone.
	let shared_secret = match header.alg.as_str() {
		"EdDSA" => false,
		"HS256" if !dev.is_empty() => true,
		_ => return Err(TokenError::Algorithm),
	};
	let typed = header.typ.as_deref().is_none_or(|t| t.eq_ignore_ascii_case("JWT"));
	if !typed || header.crit.is_some() {
		return Err(TokenError::Malformed);
	}
	let claims: Claims = decode_json(payload)?;
	if shared_secret {
		let tag = B64.decode(signature).map_err(|_| TokenError::Malformed)?;
		return match dev.verify(&claims.iss, signed.as_bytes(), &tag) {
			None => Err(TokenError::UnknownIssuer),
			Some(false) => Err(TokenError::Signature),
			Some(true) if claims.on_behalf.is_some() => Err(TokenError::UnknownIssuer),
			Some(true) => Ok(SignedToken { issuer: DevKeys::id(&claims.iss), dev: true, claims }),
		};
	}
	let issuer = decode_key(&claims.iss).ok_or(TokenError::IssuerFormat)?;
	let key = VerifyingKey::from_bytes(&issuer).map_err(|_| TokenError::IssuerFormat)?;
	let signature = B64.decode(signature).map_err(|_| TokenError::Malformed)?;
	let signature = Signature::from_slice(&signature).map_err(|_| TokenError::Signature)?;
	key.verify_strict(signed.as_bytes(), &signature).map_err(|_| TokenError::Signature)?;
	let Some(on_behalf) = &claims.on_behalf else {
		return Ok(SignedToken { issuer, dev: false, claims });
	};
	if !own.contains(&issuer) {
		return Err(TokenError::UnknownIssuer);
	}
	let issuer = decode_key(on_behalf).ok_or(TokenError::IssuerFormat)?;
	Ok(SignedToken { issuer, dev: dev.knows(&issuer), claims })
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

/// LiveKit's number of a track source, by its name in tokens.
fn source_number(name: &str) -> Option<i32> {
	let name = name.to_ascii_lowercase();
	SOURCES.iter().position(|s| *s == name).and_then(|n| i32::try_from(n).ok())
}

/// Name of a track source in tokens.
fn source_name(number: i32) -> &'static str {
	usize::try_from(number).ok().and_then(|n| SOURCES.get(n).copied()).unwrap_or("unknown")
}

/// Bytes of attributes, names and values together.
pub fn attributes_length<'a>(
	attributes: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> usize {
	attributes.into_iter().fold(0, |n, (k, v)| n.saturating_add(k.len()).saturating_add(v.len()))
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
	/// The key that signed, or on whose behalf this daemon did.
	pub fn issuer(&self) -> [u8; 32] {
		self.issuer
	}

	/// That key is a development key: the chain knows nothing of it.
	pub fn is_dev(&self) -> bool {
		self.dev
	}

	/// Checks times and grants, given what the chain says about the issuer. `own` are the `media` keys of this daemon,
	/// `now` is Unix time in seconds.
	pub fn authorise(
		self,
		issuer: Issuer,
		own: &[[u8; 32]],
		now: u64,
	) -> Result<Access, TokenError> {
		let Claims { sub, exp, nbf, name, metadata, attributes, video, .. } = self.claims;
		let made = self.claims.made.filter(|_| self.claims.on_behalf.is_some());
		let (web_hook_url, room_config) = (self.claims.web_hook_url, self.claims.room_config);
		if issuer == Issuer::Unknown {
			return Err(TokenError::UnknownIssuer);
		}
		check_times(exp, nbf, now)?;
		if !video.room_join || video.room.is_empty() {
			return Err(TokenError::NoJoinGrant);
		}
		let bounded = |s: &str| s.len() <= MAX_NAME;
		let fits = !sub.is_empty() && bounded(&sub) && bounded(&name) && bounded(&video.room);
		let long = metadata.len() > MAX_METADATA
			|| room_config.metadata.len() > MAX_METADATA
			|| attributes_length(&attributes) > MAX_ATTRIBUTES;
		if !fits || long {
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
		let sources = video.can_publish_sources.iter().take(SOURCES.len());
		// A name that is not known allows nothing, and does not make the list empty, which would allow all.
		let can_publish_sources = sources.map(|name| source_number(name).unwrap_or(0)).collect();
		Ok(Access {
			issuer: self.issuer,
			identity: sub,
			name,
			metadata,
			web_hook_url: web_hook_url.filter(|url| url.len() <= MAX_URL && !url.is_empty()),
			room: video.room,
			can_publish,
			can_subscribe: video.can_subscribe.unwrap_or(true),
			can_publish_data: video.can_publish_data.unwrap_or(can_publish),
			can_publish_sources,
			can_update_own_metadata: video.can_update_own_metadata,
			attributes,
			room_config,
			hidden: video.hidden,
			issued: made.or(nbf).unwrap_or(0),
			probe,
		})
	}
}
